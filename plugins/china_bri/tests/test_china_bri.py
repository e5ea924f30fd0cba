"""The plugin's figures reach the union of all figures as the sources state them."""

import pytest

import volresearch as vr

FIGURES = [
    ("F0001", "china_bri.connections", 83, "exact"),
    ("F0002", "china_bri.connection_countries", 52, "exact"),
    ("F0003", "china_bri.visits_hosted", 20, "exact"),
    ("F0004", "china_bri.delegates_hosted", 420, "exact"),
    ("F0005", "china_bri.experts_sent", 33, "exact"),
    ("F0006", "china_bri.conference_organizations", 126, "exact"),
    ("F0007", "china_bri.volunteers_trained", 60, "exact"),
    ("F0008", "china_bri.field_trips", 6, "exact"),
    ("F0009", "china_bri.team_building", 5, "exact"),
    ("F0010", "china_bri.seminar_participants", 100, "exact"),
    ("F0011", "china_bri.volunteers_deployed", 10, "exact"),
    ("F0014", "china_bri.fund_invested", 3500000000, "up_to"),
    ("F0228", "core.registered_volunteers", 217000000, "exact"),
    ("F0234", "core.registered_volunteers", 1000000, "about"),
]


@pytest.mark.parametrize(("fact", "series", "value", "bound"), FIGURES)
def test_figures__of_the_programme__are_found_with_value_bound_and_source(fact, series, value, bound):
    result = vr.facts(series=series)
    row = result.table.set_index("fact_id").loc[fact]
    assert (row["estimate"], row["bound"]) == (value, bound)
    assert row["source_id"] in {source.id for source in result.facts.sources}


def test_dataset__opens__with_all_its_figures():
    assert len(vr.dataset("china_bri.facts").tables["facts"]) == 42


def test_compare__registered_volunteers_of_two_compilers__asks_for_caution():
    assert vr.compare(["F0218", "F0221"]).verdict == "caution"


def test_compare__registered_volunteers_beside_volunteers_of_a_survey__is_refused():
    comparison = vr.compare(["F0228", "F0145"])
    assert comparison.verdict == "not_comparable"
    assert "kind" in {reason.key for reason in comparison.reasons}


def test_notes__increase_that_does_not_add_up__is_noted_at_the_figure():
    table = vr.facts(series="china_bri.registered_increase").table
    assert "does not add up" in table["note"].item()
