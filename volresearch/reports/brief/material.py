"""The figures of one area, read once for all sections of a brief."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from volresearch.datasets.facts import Check, Figure
from volresearch.datasets.measurement import MeasurementKey
from volresearch.errors import VolResearchError
from volresearch.release import Release
from volresearch.results import Result, SourceRef
from volresearch.show.markup import esc, said, source_marks
from volresearch.show.rows import Row, read, value_words
from volresearch.text import LANGUAGES, Text, direction, tr

__all__ = ["Item", "Material", "part_of"]

#: Indicators in the order in which a reader asks for them, and what stands for them where there are none.
_RANK = {
    "core.V02": 0,
    "core.V18": 1,
    "core.V01": 2,
    "core.V03": 4,
    "core.V15": 3,
    "core.V16": 3,
    "core.V06": 5,
    "core.V08": 6,
    "core.V07": 7,
    "core.V09": 8,
    "core.V17": 9,
    "core.V04": 10,
    "core.S01": 11,
    "core.V05": 14,
    "core.V10": 15,
}
_UNSAID = frozenset({"", "unknown", "not_applicable"})
_KIND_RANK = {"stock": 12, "flow": 13, "amount": 16, "rate": 17, "project_output": 18}


@dataclass(frozen=True)
class Item:
    """One figure with its words."""

    row: Row
    figure: Figure
    order: int

    @property
    def id(self) -> str:
        """Id of the figure."""
        return self.figure.id

    @property
    def is_total(self) -> bool:
        """Whether it counts the whole, no group."""
        return self.figure.subgroup in {"", "total"}

    @property
    def rank(self) -> float:
        """How early a reader asks for it."""
        variant = self.figure.variant
        if variant.indicator in _RANK:
            # A part (through organizations only) follows the whole; a share of something follows the amount.
            part = 0.5 if variant.key.volunteering in {"organization", "direct"} else 0.0
            share = 8 if variant.kind == "rate" and variant.unit.startswith("fte") else 0
            return _RANK[variant.indicator] + part + share
        if variant.kind == "stock" and variant.key.volunteering == "registered":
            return 1 if variant.unit == "persons" else 12
        return _KIND_RANK.get(variant.kind, 19) + (20 if variant.indicator == "context" else 0)


class Material:
    """What the sections of a brief share: figures with words, the numbering of sources, the language.

    Parameters
    ----------
    release : Release
        Published figures of one area.
    lang : str
        Language of the page. `words` is the language its own words come in: English where the interface
        does not speak `lang`.

    Raises
    ------
    VolResearchError
        ``release.required`` for anything that did not pass disclosure control.
    """

    def __init__(self, release: Release, lang: str = "en", others: Release | None = None) -> None:
        for given in (release, others):
            if given is not None and not isinstance(given, Release):
                raise VolResearchError(
                    "release.required",
                    f"A report section takes a Release, not a {type(given).__name__}.",
                    hint="Call .release() first.",
                )
        self.release = release = _worded(release)
        self.others = others
        self.lang = lang
        self.words = lang if lang.split("-")[0] in LANGUAGES else "en"
        self.items = tuple(items_of(release, lang))
        self.numbers: dict[str, int] = {}
        self._sources: dict[str, SourceRef] = {}
        self.cite(release, [source.id for source in release.facts.sources])

    def tr(self, message: str, **values: Any) -> str:
        """Say one of the brief's own sentences in the language of its words."""
        return tr(message, self.words, **values)

    def cite(self, release: Release, sources: Iterable[str]) -> None:
        """Give sources of `release` the next numbers."""
        known = {source.id: source for source in release.facts.sources}
        for name in sources:
            if name in known and name not in self.numbers:
                self.numbers[name] = len(self.numbers) + 1
                self._sources[name] = known[name]

    @property
    def sources(self) -> tuple[SourceRef, ...]:
        """Numbered sources, in order."""
        return tuple(self._sources.values())

    def marks(self, items: Iterable[Item]) -> str:
        """Return the source marks of `items` as HTML."""
        return source_marks((item.row.source for item in items), self.numbers, "s", self.words)

    @cached_property
    def area(self) -> str:
        """Name of the area in `lang`."""
        return self.items[0].row.words["area"].text

    @property
    def title(self) -> str:
        """Title of the brief; a name in another script than the words around it is kept apart from them."""
        area = self.area if self.words == self.lang else f"\u2068{self.area}\u2069"
        return self.tr("{area}: volunteering in figures", area=area)

    @cached_property
    def area_code(self) -> str:
        """Code of the area."""
        return self.items[0].figure.area

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """Checks that touch a figure of the area."""
        own = {item.id for item in self.items}
        checks: Sequence[Check] = self.release.facts.extra.get("checks", ())
        return tuple(check for check in checks if own.intersection(check.fact_ids))

    def notes(self, item: Item) -> list[str]:
        """Return what must be said beside a figure: the source's note, and sums that do not add up."""
        said = [item.figure.note] if item.figure.note else []
        return said + [check.said for check in self.checks if not check.ok and item.id in check.fact_ids]

    def years(self, items: Iterable[Item] | None = None) -> tuple[int, int]:
        """Return first and last year of the figures."""
        from volresearch.text.formats import parse_period

        ends = [parse_period(item.row.codes["period"]) for item in (items or self.items)]
        return min(first.year for first, _ in ends), max(last.year for _, last in ends)

    def span(self, first: int, last: int) -> str:
        """Return years in words: "2010 to 2014"."""
        return str(first) if first == last else self.tr("{start} to {end}", start=first, end=last)

    def part(self, items: Iterable[Item]) -> Release:
        """Return the Release of some figures only."""
        return part_of(self.release, [item.id for item in items])

    def section(self, inner: str, name: str) -> str:
        """Wrap finished HTML as a section that says which language its words are in."""
        mark = f' lang="{self.words}" dir="{direction(self.words)}"' if self.words != self.lang else ""
        return f'<section data-section="{esc(name)}"{mark}>{inner}</section>'

    def say(self, item: Item, name: str) -> str:
        """Return a label of `item` as HTML."""
        return said(item.row.words[name], self.words)

    def value(self, item: Item, *, unit: bool = True) -> str:
        """Return the value of `item` in words (plain text), with its bound."""
        return value_words(item.row, self.lang, with_unit=unit)


def items_of(release: Release, lang: str) -> Iterable[Item]:
    """Yield the figures of `release` with their words."""
    figures = release.facts.extra["figures"]
    for order, row in enumerate(read(release, lang).rows):
        yield Item(row, figures[row.fact], order)


def _worded(release: Release) -> Release:
    """Give every variant words by which a reader knows it: its vintage, else how people were asked, else who published it."""
    whole = release.result
    publishers: dict[str, set[str]] = {}
    names = {source.id: source.publisher for source in release.facts.sources}
    figures = {figure.variant.id: figure.variant for figure in release.facts.extra["figures"].values()}
    for figure in release.facts.extra["figures"].values():
        publishers.setdefault(figure.variant.id, set()).add(names.get(figure.source_id, ""))
    words = {id: Text({"en": _variant_words(variant.key, publishers[id])}) for id, variant in figures.items()}
    labels = whole.labels | {"variant": words}
    return Result(whole.table, whole.by, whole.facts, labels=labels, titles=whole.titles).release()


def _variant_words(key: MeasurementKey, publishers: set[str]) -> str:
    if key.vintage not in _UNSAID:
        return key.vintage
    if key.mode not in {*_UNSAID, "administrative"}:
        return {"online_paper": "online or paper"}.get(key.mode, key.mode.replace("_", " "))
    return publishers.pop() if len(publishers) == 1 else "several publishers"


def part_of(release: Release, ids: Sequence[str]) -> Release:
    """Return a Release of the figures `ids`, in this order; checked again like any other result."""
    whole = release.result
    table = whole.table
    chosen = table.set_index("fact_id", drop=False).loc[list(dict.fromkeys(ids))]
    used = set(chosen["source_id"])
    facts = replace(
        whole.facts,
        notes=(),
        sources=tuple(source for source in whole.facts.sources if source.id in used),
    )
    return Result(chosen, whole.by, facts, labels=whole.labels, titles=whole.titles).release()
