"""The plugin's figures reach the union of all figures as the sources state them."""

import pytest

import volresearch as vr

FIGURES = [
    ("F0018", "eu_share.mentor_members", 3, "exact"),
    ("F0019", "eu_share.learning_members", 3, "exact"),
    ("F0020", "eu_share.exchange_visits", 2, "exact"),
    ("F0021", "eu_share.expert_seminars", 1, "exact"),
    ("F0023", "eu_share.stakeholders", 3000, "exact"),
    ("F0026", "eu_share.conference_participants", 140, "exact"),
]


@pytest.mark.parametrize(("fact", "series", "value", "bound"), FIGURES)
def test_figures__of_the_programme__are_found_with_value_bound_and_source(fact, series, value, bound):
    result = vr.facts(series=series)
    row = result.table.set_index("fact_id").loc[fact]
    assert (row["estimate"], row["bound"]) == (value, bound)
    assert row["source_id"] in {source.id for source in result.facts.sources}


def test_dataset__opens__with_all_its_figures():
    assert len(vr.dataset("eu_share.facts").tables["facts"]) == 9


def test_area__of_the_mentoring_pilot__is_a_partnership_and_no_territory():
    result = vr.facts(area="MAASTRICHT_TAMPERE")
    assert sorted(result.table["fact_id"]) == ["F0018", "F0019", "F0020", "F0021"]
    assert set(result.table["evidence"]) == {"D"}
