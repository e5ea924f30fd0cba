"""All published figures of all plugins: selection and comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from volresearch import __version__
from volresearch.catalog.figures import BY, labels_of, sources_of, table_of, titles_of
from volresearch.datasets.areas import Area, Areas
from volresearch.datasets.compare import Comparison, judge
from volresearch.datasets.declaration import DatasetDeclaration
from volresearch.datasets.facts import (
    Check,
    FactFiles,
    Figure,
    Variant,
    Vocabulary,
    checks_of,
    figures_of,
    open_facts,
)
from volresearch.datasets.periods import Period, parse_period
from volresearch.declare import check, load
from volresearch.errors import VolResearchError, near
from volresearch.results import DatasetRef, Result, ResultFacts
from volresearch.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    from volresearch.catalog.catalog import Catalog

__all__ = ["FactBase"]

#: One code, several, or None for all.
Choice = str | Iterable[str] | None


class FactBase:
    """The union of all facts datasets.

    Parameters
    ----------
    files : iterable of FactFiles
        Opened facts datasets; together they must define every code they use.

    Raises
    ------
    VolResearchError
        ``facts.invalid`` for rows that break the format. `FactBase.of` walls such datasets off instead.
    """

    def __init__(self, files: Iterable[FactFiles] = ()) -> None:
        self.problems: tuple[VolResearchError, ...] = ()
        self._words = Vocabulary()
        self._datasets: dict[str, DatasetRef] = {}
        self._synthetic: set[str] = set()
        self._origin: dict[str, str] = {}
        self._figures: dict[str, Figure] = {}
        self._checks: tuple[Check, ...] = ()
        many = tuple(files)
        for one in many:
            self._words.add(one)
        for one in many:
            self._take(one)

    @classmethod
    def of(cls, catalog: Catalog) -> FactBase:
        """Read the facts datasets of all working plugins; one that is broken is named and left out."""
        base = cls()
        problems: list[VolResearchError] = []
        opened = []
        for record in catalog.records("datasets"):
            if record.path is None:  # a function makes microdata, never published figures
                continue
            try:
                files = catalog.open(record, _facts_or_none)
                if files is not None:
                    with catalog.blaming(record):
                        base._words.add(files)
                    opened.append((record, files))
            except VolResearchError as error:
                problems.append(error)
        for record, files in opened:
            try:
                with catalog.blaming(record):
                    base._take(files)
            except VolResearchError as error:
                problems.append(error)
        base.problems = tuple(problems)
        return base

    def _take(self, files: FactFiles) -> None:
        figures = {figure.id: figure for figure in figures_of(files, self._words)}
        twice = sorted(set(figures) & set(self._figures))
        if twice or len(figures) != len(files.table("facts")):
            said = f"Figures have an id twice: {', '.join(twice[:5]) or 'inside one file'}"
            others = ", ".join(sorted({self._origin[name] for name in twice}))
            where = files.place("facts", 0)
            raise VolResearchError(
                "facts.invalid", f"{said}{f' (also in {others})' if others else ''}.", where=where
            )
        declared = files.declaration
        self._datasets[declared.id] = DatasetRef(declared.id, declared.version, files.sha256)
        self._origin |= dict.fromkeys(figures, declared.id)
        self._synthetic |= {declared.id} if declared.synthetic else set()
        self._figures |= figures
        self._checks += checks_of(files)

    @property
    def datasets(self) -> tuple[DatasetRef, ...]:
        """The datasets the figures come from, with version and SHA-256."""
        return tuple(self._datasets.values())

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every published number, in the order of datasets and rows."""
        return tuple(self._figures.values())

    @cached_property
    def areas(self) -> Areas:
        """All known areas."""
        return Areas.of(self._words.areas.values())

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Every series as each source measured it."""
        return tuple(self._words.variants.values())

    @property
    def checks(self) -> tuple[Check, ...]:
        """Sums and comparisons of published figures that were tried."""
        return self._checks

    def series(self) -> dict[str, int]:
        """Return series id -> number of figures, the largest first."""
        counts: dict[str, int] = defaultdict(int)
        for figure in self._figures.values():
            counts[figure.series] += 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def title(self, series: str) -> Text:
        """Return the title of a series in every language."""
        return self._words.titles.get(series, Text(series))

    def areas_with_figures(self) -> dict[str, int]:
        """Return area code -> number of figures, the largest first."""
        counts: dict[str, int] = defaultdict(int)
        for figure in self._figures.values():
            counts[figure.area] += 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def area(self, said: str) -> Area:
        """Return an area by code or name; see `Areas.find`."""
        return self.areas.find(said)

    def select(
        self,
        series: Choice = None,
        area: Choice = None,
        period: str | Period | Iterable[str | Period] | None = None,
        subgroup: Choice = None,
    ) -> Result:
        """Select figures.

        Parameters
        ----------
        series : str or iterable of str, optional
            Ids of series.
        area : str or iterable of str, optional
            Codes (``PER``, ``GB-ENG``, ``WORLD``) or names of areas.
        period : str, Period or iterable of these, optional
            Figures whose period shares a day with one of these; ``"2016"`` finds ``2016-12`` and ``2016/2019``.
        subgroup : str or iterable of str, optional
            Codes of subgroups; ``total`` for the whole.

        Returns
        -------
        Result
            One row a figure, unit ``published figure``; every figure keeps its source, evidence and bound.

        Raises
        ------
        VolResearchError
            ``facts.unknown_series``, ``facts.unknown_area``, ``facts.unknown_subgroup``, ``facts.period``, or
            ``facts.none`` when nothing fits.
        """
        question = {
            "series": self._known_series(_listed(series)),
            "area": tuple(self.areas.find(said).code for said in _listed(area)),
            "period": tuple(
                str(item) for item in ((period,) if isinstance(period, Period) else _listed(period))
            ),
            "subgroup": self._known_subgroups(_listed(subgroup)),
        }
        periods = [parse_period(text) for text in question["period"]]
        chosen = [
            figure
            for figure in self._figures.values()
            if (not question["series"] or figure.series in question["series"])
            and (not question["area"] or figure.area in question["area"])
            and (not question["subgroup"] or figure.subgroup in question["subgroup"])
            and (not periods or any(figure.period.overlaps(one) for one in periods))
        ]
        asked = {key: codes for key, codes in question.items() if codes}
        if not chosen:
            raise self._none(asked)
        return self.result(chosen, {"verb": "facts", **asked})

    def result(self, figures: Iterable[Figure], question: Mapping[str, Any] | None = None) -> Result:
        """Return figures as a `Result` with sources, notes, labels and measurement keys."""
        many = tuple(figures)
        notes = self._notes(many)
        facts = ResultFacts(
            question=dict(question or {"verb": "facts"}),
            unit="published figure",
            method="published figures as their sources state them; nothing is computed",
            datasets=self._refs(many),
            sources=sources_of(many, self._words),
            synthetic=any(self._origin[figure.id] in self._synthetic for figure in many),
            notes=(*(one.said for one in self._failed_checks(many)), *self._troubles()),
            software=(f"volresearch {__version__}",),
            extra={
                "figures": {figure.id: figure for figure in many},
                "keys": {figure.variant.id: figure.variant.key for figure in many},
                "checks": self._checks,
                "unit_scales": {unit.code: unit.scale for unit in self._words.units.values()},
            },
        )
        return Result(
            table_of(many, notes),
            BY,
            facts,
            labels=labels_of(many, self._words),
            titles=titles_of(many, self._words),
        )

    def figure(self, id: str) -> Figure:
        """Return one figure by its id."""
        if id not in self._figures:
            raise VolResearchError(
                "facts.unknown_figure", f'There is no figure "{id}".', hint=near(id, self._figures)
            )
        return self._figures[id]

    def compare(self, *things: Result | Figure | str | Iterable[Figure | str]) -> Comparison:
        """Judge whether figures may be set side by side.

        Parameters
        ----------
        *things : Result, Figure, figure id, or iterables of these
            At least two figures in all.
        """
        figures = [figure for thing in things for figure in self._figures_of(thing)]
        return judge(figures, self._checks)

    def _figures_of(self, thing: Result | Figure | str | Iterable[Figure | str]) -> list[Figure]:
        if isinstance(thing, Figure):
            return [thing]
        if isinstance(thing, str):
            return [self.figure(thing)]
        if not isinstance(thing, Result):
            return [figure for item in thing for figure in self._figures_of(item)]
        if "measured" in thing.facts.extra:
            return list(thing.facts.extra["measured"])
        if "fact_id" not in thing.table.columns:
            said = "Only published figures have measurement keys to compare."
            raise VolResearchError("facts.compare", said, hint="Select figures with vr.facts().")
        return [self.figure(id) for id in thing.table["fact_id"]]

    def _known_series(self, asked: tuple[str, ...]) -> tuple[str, ...]:
        known = self.series()
        for name in asked:
            if name not in known:
                raise VolResearchError(
                    "facts.unknown_series", f'No figure belongs to a series "{name}".', hint=near(name, known)
                )
        return asked

    def _known_subgroups(self, asked: tuple[str, ...]) -> tuple[str, ...]:
        known = {"total", *self._words.subgroups}
        for name in asked:
            if name not in known:
                raise VolResearchError(
                    "facts.unknown_subgroup", f'There is no subgroup "{name}".', hint=near(name, known)
                )
        return asked

    def _none(self, asked: Mapping[str, tuple[str, ...]]) -> VolResearchError:
        said = "; ".join(f"{key}: {', '.join(codes)}" for key, codes in asked.items())
        broken = (
            f" {len(self.problems)} datasets could not be read: see vr.list_datasets()."
            if self.problems
            else ""
        )
        return VolResearchError(
            "facts.none", f"No figure fits this selection ({said}).", hint=f"Leave one condition out.{broken}"
        )

    def _notes(self, figures: tuple[Figure, ...]) -> dict[str, tuple[str, ...]]:
        notes: dict[str, tuple[str, ...]] = {one.id: (one.note,) if one.note else () for one in figures}
        for one in self._failed_checks(figures):
            for id in one.fact_ids:
                if id in notes:
                    notes[id] = (*notes[id], one.said)
        return notes

    def _failed_checks(self, figures: tuple[Figure, ...]) -> list[Check]:
        shown = {figure.id for figure in figures}
        return [one for one in self._checks if not one.ok and shown.intersection(one.fact_ids)]

    def _troubles(self) -> list[str]:
        return [
            f"Left out, because it cannot be read: {error.where} {error.message} {error.hint} ({len(error.faults)} faults)"
            for error in self.problems
        ]

    def _refs(self, figures: tuple[Figure, ...]) -> tuple[DatasetRef, ...]:
        used = {self._origin[figure.id] for figure in figures}
        return tuple(reference for name, reference in self._datasets.items() if name in used)

    def __repr__(self) -> str:
        broken = f", {len(self.problems)} datasets cannot be read" if self.problems else ""
        return f"<FactBase: {len(self._figures)} figures of {len(self._datasets)} datasets{broken}>"


def _facts_or_none(path: Path) -> FactFiles | None:
    loaded = load(path)
    if not isinstance(loaded.data, dict) or loaded.data.get("kind") != "facts":
        return None
    return open_facts(path, check(DatasetDeclaration, loaded))


def _listed(choice: Any) -> tuple[Any, ...]:
    if choice is None:
        return ()
    return (choice,) if isinstance(choice, str) else tuple(choice)
