"""The plugin's figures reach the union of all figures as the sources state them."""

import pytest

import volresearch as vr

FIGURES = [
    ("F0022", "uk_local.partnership_examples", 3, "exact"),
    ("F0289", "core.annual_organization_based_volunteer_rate", 41, "exact"),
    ("F0295", "core.annual_organization_based_volunteer_rate", 45, "exact"),
    ("F0306", "core.annual_volunteer_rate", 55, "exact"),
    ("F0313", "core.volunteering_minutes_per_day", 11.3, "exact"),
]


@pytest.mark.parametrize(("fact", "series", "value", "bound"), FIGURES)
def test_figures__of_the_programme__are_found_with_value_bound_and_source(fact, series, value, bound):
    result = vr.facts(series=series)
    row = result.table.set_index("fact_id").loc[fact]
    assert (row["estimate"], row["bound"]) == (value, bound)
    assert row["source_id"] in {source.id for source in result.facts.sources}


def test_dataset__opens__with_all_its_figures():
    assert len(vr.dataset("uk_local.facts").tables["facts"]) == 32


def test_compare__two_modes_of_one_year__are_refused_with_the_mode():
    comparison = vr.compare(
        vr.facts(series="core.annual_organization_based_volunteer_rate", area="GB-ENG", period="2013/2014")
    )
    assert comparison.verdict == "not_comparable"
    assert "mode" in {reason.key for reason in comparison.reasons if reason.effect == "not_comparable"}


def test_compare__one_mode_over_years__is_not_refused():
    assert vr.compare(["F0295", "F0300", "F0305"]).verdict in {"comparable", "caution"}


def test_claims__without_a_figure__have_none():
    notes = vr.facts(area="GB-ENG", period="2014").table["measure"]
    assert not notes.str.contains("offend|wellbeing", case=False).any()
