"""The plugin passes the checks, and its figures say what they should."""

from pathlib import Path

from volresearch.testing import PluginTests, catalog_of

FOLDER = Path(__file__).resolve().parents[1]


class TestConformance(PluginTests):
    """One test for each rule of `volresearch plugins check`."""

    folder = FOLDER
    strict = True


def test_figures__of_two_surveys__are_not_compared():
    facts = catalog_of(FOLDER).facts()
    rates = facts.select(series="harbour_synthetic.volunteer_rate", subgroup="total")
    assert list(rates.table["estimate"]) == [12.5, 15.0]
    comparison = facts.compare(rates)
    assert comparison.verdict == "not_comparable"
    assert "12 months" in comparison.sentence("en")
