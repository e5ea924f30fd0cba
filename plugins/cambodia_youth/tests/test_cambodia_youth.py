"""The plugin's figures reach the union of all figures as the sources state them."""

import pytest

import volresearch as vr

FIGURES = [
    ("F0269", "cambodia_youth.population_under_25", 52.2, "exact"),
    ("F0271", "cambodia_youth.labour_market_entrants", 300000, "exact"),
    ("F0272", "cambodia_youth.online_responses", 300, "exact"),
    ("F0277", "cambodia_youth.organizations_interviewed", 180, "exact"),
    ("F0281", "cambodia_youth.other_volunteers", 1438, "exact"),
    ("F0283", "cambodia_youth.participants_reached", 15792, "exact"),
    ("F0284", "cambodia_youth.project_length", 22, "exact"),
]


@pytest.mark.parametrize(("fact", "series", "value", "bound"), FIGURES)
def test_figures__of_the_programme__are_found_with_value_bound_and_source(fact, series, value, bound):
    result = vr.facts(series=series)
    row = result.table.set_index("fact_id").loc[fact]
    assert (row["estimate"], row["bound"]) == (value, bound)
    assert row["source_id"] in {source.id for source in result.facts.sources}


def test_dataset__opens__with_all_its_figures():
    assert len(vr.dataset("cambodia_youth.facts").tables["facts"]) == 16


def test_title__in_khmer__is_in_khmer_script():
    title = vr.dataset("cambodia_youth.facts").title.get_in("km")
    assert all("\u1780" <= letter <= "\u17ff" or letter in " \u200b" for letter in title)
