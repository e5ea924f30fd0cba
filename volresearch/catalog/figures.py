"""Figures as the table, labels and sources of a `Result`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from volresearch.datasets.facts import BOUNDS, KINDS, Figure, Vocabulary
from volresearch.results import SourceRef
from volresearch.text import Text, in_all_languages, mark

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BY", "labels_of", "sources_of", "table_of", "titles_of"]

Figures = tuple[Figure, ...]

#: The by-columns of published figures.
BY = ("series", "area", "period", "subgroup")
_WORDS = {
    "exact": mark("exactly"),
    "at_least": mark("at least"),
    "up_to": mark("up to"),
    "about": mark("about"),
    "rate": mark("rate or share"),
    "stock": mark("stock"),
    "flow": mark("flow"),
    "amount": mark("amount"),
    "project_output": mark("project output"),
    "total": mark("Total"),
}


def table_of(figures: Figures, notes: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """Return one row a figure."""
    import pandas as pd

    return pd.DataFrame([_row(figure, notes.get(figure.id, ())) for figure in figures])


def titles_of(figures: Figures, words: Vocabulary) -> dict[str, Text]:
    """Return the titles of the series, in every language."""
    return {figure.series: words.titles.get(figure.series, Text(figure.series)) for figure in figures}


def labels_of(figures: Figures, words: Vocabulary) -> dict[str, dict[str, Text]]:
    """Return column -> code -> label in every language."""
    units = {figure.unit: words.units[figure.unit] for figure in figures}
    series = titles_of(figures, words)
    return {
        "series": series,
        "variable": series,
        "area": {figure.area: words.areas[figure.area].name for figure in figures},
        "subgroup": {"total": in_all_languages(_WORDS["total"])} | words.subgroups,
        "unit": {code: unit.label for code, unit in units.items()},
        "unit_short": {code: unit.short for code, unit in units.items() if unit.short},
        "variant": {one.variant.id: one.variant.label for one in figures if one.variant.label},
        "bound": {code: in_all_languages(_WORDS[code]) for code in BOUNDS},
        "statistic": {code: in_all_languages(_WORDS[code]) for code in KINDS},
    }


def sources_of(figures: Figures, words: Vocabulary) -> tuple[SourceRef, ...]:
    """Return the sources of figures, each once, in the order of their first figure."""
    ids = dict.fromkeys(figure.source_id for figure in figures)
    return tuple(_source(words.sources[id]) for id in ids)


def _row(figure: Figure, notes: tuple[str, ...]) -> dict[str, Any]:
    return {
        "series": figure.series,
        "area": figure.area,
        "period": figure.period.text,
        "subgroup": figure.subgroup,
        "variable": figure.series,
        "statistic": figure.variant.kind,
        "estimate": figure.value,
        "bound": figure.bound,
        "unit": figure.unit,
        "source_id": figure.source_id,
        "evidence": figure.evidence,
        "variant": figure.variant.id,
        "fact_id": figure.id,
        "measure": figure.measure,
        "note": "; ".join(notes),
    }


def _source(row: Mapping[str, str]) -> SourceRef:
    return SourceRef(
        id=row["source_id"],
        title=row["title"],
        publisher=row["publisher"],
        year=row["year"],
        address=row["address"],
        licence=row["licence"],
        shortened=row["shortened"].casefold() in {"true", "yes", "1"},
    )
