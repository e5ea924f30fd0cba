"""The plugin's figures reach the union of all figures as the sources state them."""

import pytest

import volresearch as vr

FIGURES = [
    ("F0017", "peru_soyvoluntario.network_members", 200, "at_least"),
    ("F0237", "core.annual_organization_based_volunteer_rate", 34, "exact"),
    ("F0238", "core.organization_based_fte", 26800, "exact"),
    ("F0243", "peru_soyvoluntario.persons_mobilised", 9444, "exact"),
    ("F0246", "core.registered_volunteers", 12000, "about"),
    ("F0249", "peru_soyvoluntario.games_volunteers", 20000, "at_least"),
]


@pytest.mark.parametrize(("fact", "series", "value", "bound"), FIGURES)
def test_figures__of_the_programme__are_found_with_value_bound_and_source(fact, series, value, bound):
    result = vr.facts(series=series)
    row = result.table.set_index("fact_id").loc[fact]
    assert (row["estimate"], row["bound"]) == (value, bound)
    assert row["source_id"] in {source.id for source in result.facts.sources}


def test_dataset__opens__with_all_its_figures():
    assert len(vr.dataset("peru_soyvoluntario.facts").tables["facts"]) == 14


def test_compare__head_count_beside_full_time_equivalents__is_refused_with_the_check():
    comparison = vr.compare(["F0237", "J031"])
    assert comparison.verdict == "not_comparable"
    assert "full-time equivalent" in comparison.sentence()


def test_sources__shared_with_the_core__are_found():
    source = vr.facts(series="peru_soyvoluntario.new_initiatives").facts.sources[0]
    assert (source.id, source.shortened) == ("radnac", True)
