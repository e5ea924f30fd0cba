"""The committed indicators: all there, translated, tied to the series that instance them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from volresearch.indicators import read_indicator
from volresearch.indicators.recipes import RECIPES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "volresearch/core/indicators"


@pytest.fixture(scope="module")
def indicators():
    return {path.stem: read_indicator(path) for path in sorted(FOLDER.glob("*.yaml"))}


def test_indicators__folder__holds_sixty_named_after_their_files(indicators):
    assert len(indicators) == 60
    assert all(one.id == f"core.{stem}" for stem, one in indicators.items())


def test_indicators__words__are_there_in_four_languages(indicators):
    for one in indicators.values():
        for text in filter(None, (one.title, one.definition, one.trap)):
            assert set(text) == {"en", "es", "fr", "zh"}, one.id
        for text in filter(None, (one.definition, one.trap)):
            assert all(text[lang].endswith("。" if lang == "zh" else ".") for lang in text), one.id


def test_indicators__against_the_outside_list__keep_name_formula_and_level(indicators, shared):
    with (shared / "domain/indicators.csv").open(encoding="utf-8", newline="") as file:
        outside = {row["id"]: row for row in csv.DictReader(file)}
    assert set(outside) == set(indicators)
    for id, row in outside.items():
        one = indicators[id]
        said = (one.title["en"], one.formula, one.unit, one.level)
        assert said == tuple(row[key] for key in ("name", "formula", "unit", "level"))
        assert bool(one.trap) == bool(row["trap"])
        if "[K]" in row["source_standard"]:
            assert "general knowledge of the field, not re-checked" in one.source_standard


def test_indicators__series__are_those_whose_variants_instance_them(indicators):
    files = [*ROOT.glob("datasets/files/*series.csv")]
    files += ROOT.glob("plugins/*/volresearch_*/datasets/files/series.csv")
    named: dict[str, set[str]] = {}
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["indicator"] != "context":
                    named.setdefault(row["indicator"], set()).add(row["series"])
    assert named == {one.id: set(one.series) for one in indicators.values() if one.series}


def test_indicators__computable__are_those_with_a_recipe(indicators):
    assert {stem for stem, one in indicators.items() if one.computable} == set(RECIPES)
