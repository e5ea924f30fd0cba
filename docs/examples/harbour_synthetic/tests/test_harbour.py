"""The plugin passes the checks, and its figures say what they should."""

from pathlib import Path

from volresearch_harbour_synthetic import plugin

from volresearch.catalog import Catalog
from volresearch.checks import check_plugin
from volresearch.plugins import Host

FOLDER = Path(__file__).resolve().parents[1]


def test_plugin__all_checks__pass():
    verdict = check_plugin(FOLDER)
    assert verdict.passed(strict=True), "\n".join(verdict.lines())


def test_figures__of_two_surveys__are_not_compared():
    catalog = Catalog(Host.of({"harbour_synthetic": plugin}, core=True))
    rates = catalog.facts().select(series="harbour_synthetic.volunteer_rate", subgroup="total")
    assert list(rates.table["estimate"]) == [12.5, 15.0]
    comparison = catalog.facts().compare(rates)
    assert comparison.verdict == "not_comparable"
    assert "12 months" in comparison.sentence("en")
