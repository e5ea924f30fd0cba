"""The figures behind an explorer: what may be chosen, and what a choice gives."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from volresearch.text import Text, formats, tr

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.datasets import Comparison
    from volresearch.results import Result

__all__ = ["CatalogFigures", "Choices", "Figures", "Selection", "Series"]

#: What a subgroup is called that holds everybody.
TOTAL = "total"

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Selection:
    """What is chosen. An empty tuple means everything."""

    series: str
    areas: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    subgroups: tuple[str, ...] = ()


class Figures(Protocol):
    """What an explorer needs of its figures."""

    def select(self, selection: Selection | None = None) -> Result:
        """Return the figures of a selection, or all."""

    def compare(self, result: Result) -> Comparison:
        """Judge whether the figures of a result may be compared."""

    def area(self, said: str) -> str:
        """Return the code of an area that is named by code or name."""


class CatalogFigures:
    """The figures of every plugin, as `volresearch.catalog` unites them."""

    def select(self, selection: Selection | None = None) -> Result:
        """Return the figures of a selection, or all."""
        from volresearch.catalog import default_catalog

        facts = default_catalog().facts()
        if selection is None:
            return facts.select()
        return facts.select(
            series=selection.series,
            area=selection.areas or None,
            period=selection.periods or None,
            subgroup=selection.subgroups or None,
        )

    def compare(self, result: Result) -> Comparison:
        """Judge whether the figures of a result may be compared."""
        from volresearch.catalog import default_catalog

        return default_catalog().facts().compare(result)

    def area(self, said: str) -> str:
        """Return the code of an area that is named by code or name, in any language."""
        from volresearch.catalog import default_catalog

        return default_catalog().facts().area(said).code


@dataclass(frozen=True)
class Series:
    """One series as a list shows it."""

    id: str
    title: Text
    count: int
    haystack: str


class Choices:
    """What may be chosen among the figures of one result, in words.

    Parameters
    ----------
    result : Result
        All figures, with the by-columns ``series, area, period, subgroup``.
    """

    def __init__(self, result: Result) -> None:
        self._labels = result.labels
        self._table = result.table

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """Every series, the largest first; those of one size by title."""
        found = [self._one(str(name), rows) for name, rows in self._table.groupby("series", sort=False)]
        return tuple(sorted(found, key=lambda item: (-item.count, item.title.get_in("en", item.id))))

    def _one(self, name: str, rows: pd.DataFrame) -> Series:
        title = self._labels.get("series", {}).get(name, Text({"en": name}))
        areas = self._labels.get("area", {})
        words = [name, *title.values(), *(str(measure) for measure in rows.get("measure", ()))]
        for code in rows["area"].unique():
            words += [str(code), *areas[code].values()] if code in areas else [str(code)]
        words += [str(period) for period in rows["period"].unique()]
        return Series(name, title, len(rows), _folded(" ".join(dict.fromkeys(words))))

    def find(self, words: str) -> tuple[Series, ...]:
        """Return the series whose title, measure, areas or periods hold every one of `words`."""
        wanted = _folded(words).split()
        return tuple(item for item in self.series if all(word in item.haystack for word in wanted))

    def title(self, series: str, lang: str) -> str:
        """Return the title of a series."""
        return self._label("series", series, lang)

    def areas(self, series: str, lang: str) -> Options:
        """Return (name, code) of the areas of a series, by name."""
        codes = self._of(series)["area"].unique()
        return tuple(sorted(((self._label("area", c, lang), str(c)) for c in codes), key=_by_name))

    def periods(self, series: str, areas: Sequence[str], lang: str) -> Options:
        """Return (words, code) of the periods of a series in some areas, the latest first."""
        rows = self._of(series, areas)
        codes = sorted(map(str, rows["period"].unique()), key=formats.parse_period, reverse=True)
        return tuple((formats.period(code, lang), code) for code in codes)

    def subgroups(self, series: str, areas: Sequence[str], lang: str) -> Options:
        """Return (label, code) of the subgroups of a series in some areas, everybody first."""
        codes = [str(code) for code in self._of(series, areas)["subgroup"].unique()]
        codes.sort(key=lambda code: code not in {"", TOTAL})
        return tuple((self._group(code, lang), code) for code in codes)

    def _group(self, code: str, lang: str) -> str:
        return tr("Everybody", lang) if code in {"", TOTAL} else self._label("subgroup", code, lang)

    def _of(self, series: str, areas: Sequence[str] = ()) -> pd.DataFrame:
        rows = self._table[self._table["series"] == series]
        return rows[rows["area"].isin(areas)] if areas else rows

    def _label(self, column: str, code: str, lang: str) -> str:
        text = self._labels.get(column, {}).get(code)
        return code.replace("_", " ") if text is None else text.get_in(lang, code)


def largest_areas(result: Result, number: int) -> tuple[str, ...]:
    """Return the areas with the largest value in their latest period, at most `number` of them."""
    table = result.table[["area", "period", "estimate"]]
    ends = table["period"].map(lambda period: formats.parse_period(str(period))[1])
    latest = table.assign(end=ends).sort_values(["end", "estimate"], kind="stable").groupby("area").tail(1)
    ranked = latest.sort_values("estimate", ascending=False, kind="stable")["area"]
    return tuple(str(area) for area in ranked.head(number))


def as_codes(value: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return one code or several as a tuple.

    >>> as_codes("BRA"), as_codes(["BRA", "ZAF"]), as_codes(None)
    (('BRA',), ('BRA', 'ZAF'), ())
    """
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _folded(words: str) -> str:
    """Small letters without accents, so that "peru" finds Perú."""
    parts = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _by_name(option: tuple[str, str]) -> str:
    return _folded(option[0])
