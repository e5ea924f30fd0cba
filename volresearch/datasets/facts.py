"""Published figures: the files of a facts dataset, read and checked row by row.

A *series* is a concept (the volunteer rate); a *variant* is that concept as one source measured it, and
carries the measurement key. The format of the files is described in the plugin author's guide.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from volresearch.datasets.areas import Area, wordings
from volresearch.datasets.dataset import combined_sha256
from volresearch.datasets.declaration import DatasetDeclaration
from volresearch.datasets.files import read_verified, rows_from
from volresearch.datasets.measurement import MeasurementKey
from volresearch.datasets.periods import Period, parse_period
from volresearch.declare import read
from volresearch.errors import Fault, VolResearchError, Where, fault, near, short_path
from volresearch.text import Text

__all__ = ["BOUNDS", "KINDS", "Check", "FactFiles", "Figure", "Variant", "open_facts"]

#: How a figure bounds the truth.
BOUNDS = ("exact", "at_least", "up_to", "about")
#: What kind of number a series is; shares and means are rates.
KINDS = ("rate", "stock", "flow", "amount", "project_output")
#: S seen in the public source, S2 seen second-hand, D derived by arithmetic, M measured or computed by us.
EVIDENCE = ("S", "S2", "D", "M")

_FACTS = (
    "fact_id", "series", "variant", "area", "period", "period_text", "subgroup", "value", "bound", "unit",
    "source_id", "evidence", "measure", "note",
)  # fmt: skip
_KEY = ("age", "reference_period", "volunteering", "family_help", "mode", "vintage", "survey")
_COLUMNS: dict[str, tuple[str, ...]] = {
    "facts": _FACTS,
    "series": ("variant", "series", "measure", "indicator", "kind", "unit", "bound", *_KEY, "note"),
    "series_titles": ("series", "title_en"),
    "subgroups": ("subgroup", "label_en", "dimension"),
    "units": ("unit", "label_en", "scale"),
    "areas": ("area", "kind", "name_en"),
    "sources": ("source_id", "title", "publisher", "year", "address", "licence", "shortened"),
    "checks": ("check_id", "rule", "verdict", "comment", "fact_ids", "marks_break"),
}

Row = dict[str, str]


@dataclass(frozen=True)
class Variant:
    """A series as one source measured it; ``label`` tells it from the other variants of the series."""

    id: str
    series: str
    measure: str
    indicator: str
    kind: str
    unit: str
    bound: str
    key: MeasurementKey
    note: str = ""
    label: Text = field(default_factory=Text)

    @property
    def concept(self) -> str:
        """What is measured: the indicator that the series instances, else the series itself."""
        return self.series if self.indicator in {"", "context"} else self.indicator


@dataclass(frozen=True)
class Figure:
    """One published number with everything that is known about it."""

    id: str
    series: str
    area: str
    period: Period
    subgroup: str
    value: float
    bound: str
    unit: str
    source_id: str
    evidence: str
    measure: str
    note: str
    variant: Variant
    period_text: str = ""
    series_title: Text = field(default_factory=Text)
    unit_label: Text = field(default_factory=Text)
    synthetic: bool = False


@dataclass(frozen=True)
class Check:
    """A sum or a comparison of published figures that was tried.

    ``breaks`` when it marks a break: the figures it names may not be compared with each other.
    """

    id: str
    where: str
    rule: str
    ok: bool
    comment: str
    fact_ids: tuple[str, ...]
    breaks: bool = False

    @property
    def said(self) -> str:
        """The check in one sentence."""
        verdict = "agrees" if self.ok else "marks a break" if self.breaks else "does not add up"
        return f"{self.where}: {self.rule} {verdict}{f': {self.comment}' if self.comment else ''}"


@dataclass(frozen=True)
class FactFiles:
    """The files of one facts dataset as rows of text, with the declaration they belong to."""

    declaration: DatasetDeclaration
    sha256: str
    rows: Mapping[str, tuple[Row, ...]]
    folder: Path = field(default=Path(), repr=False)

    def table(self, name: str) -> tuple[Row, ...]:
        """Return the rows of a file, none where the dataset does not have it."""
        return self.rows.get(name, ())

    def place(self, name: str, row: int) -> Where:
        """Return the place of a row (counted from 0) in its file."""
        declared = self.declaration.tables[name]
        return Where(file=short_path(self.folder / declared.path), line=row + 2)


def open_facts(path: str | Path, declaration: DatasetDeclaration | None = None) -> FactFiles:
    """Open a facts dataset by the path of its YAML.

    Raises
    ------
    VolResearchError
        ``dataset.kind`` for another kind, ``dataset.changed``, ``facts.invalid`` with every missing column.
    """
    path = Path(path)
    declaration = declaration or read(DatasetDeclaration, path)
    if declaration.kind != "facts":
        said = f'"{declaration.id}" is a dataset of kind {declaration.kind}.'
        raise VolResearchError("dataset.kind", said, expected="kind: facts")
    rows = {}
    for name, table in declaration.tables.items():
        content = read_verified(path.parent, table)
        rows[name] = tuple(rows_from(content, path.parent / table.path))
        header = content.splitlines()[0].decode("utf-8-sig").split(",") if content else []
        lacking = [column for column in _COLUMNS.get(name, ()) if column not in header]
        if lacking:
            raise VolResearchError(
                "facts.invalid",
                f"The file lacks the columns {', '.join(lacking)}.",
                where=Where(file=short_path(path.parent / table.path), line=1),
            )
    return FactFiles(declaration, combined_sha256(declaration), rows, path.parent)


@dataclass(frozen=True)
class Unit:
    """A unit of measurement: its words, its short words and the kind of scale (percent, count, money ...)."""

    code: str
    label: Text
    short: Text
    scale: str


@dataclass
class Vocabulary:
    """The codes that a figure may use, gathered from all facts datasets; the first definition counts."""

    variants: dict[str, Variant] = field(default_factory=dict)
    titles: dict[str, Text] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    subgroups: dict[str, Text] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    sources: dict[str, Row] = field(default_factory=dict)

    def add(self, files: FactFiles) -> None:
        """Add what `files` define; nothing of it when a row is wrong, and then every wrong row is told."""
        faults: list[Fault] = []
        variants: dict[str, Variant] = {}
        for number, row in enumerate(files.table("series")):
            faults += [
                _wrong(files, "series", number, *item)
                for item in _series_faults(row, self.variants | variants)
            ]
            variants[row["variant"]] = _variant(row)
        for number, row in enumerate(files.table("sources")):
            known = self.sources.get(row["source_id"], row)
            if known["title"] != row["title"]:
                said = f'the source "{row["source_id"]}" has another title elsewhere'
                faults.append(_wrong(files, "sources", number, said, "", ()))
        if faults:
            raise VolResearchError.of(faults)
        self.variants |= variants
        self._add_words(files)

    def _add_words(self, files: FactFiles) -> None:
        for row in files.table("series_titles"):
            self.titles.setdefault(row["series"], wordings(row, "title"))
        for row in files.table("areas"):
            self.areas.setdefault(row["area"], Area.of(row))
        for row in files.table("subgroups"):
            self.subgroups.setdefault(row["subgroup"], wordings(row, "label"))
        for row in files.table("units"):
            unit = Unit(row["unit"], wordings(row, "label"), wordings(row, "short"), row["scale"])
            self.units.setdefault(unit.code, unit)
        for row in files.table("sources"):
            self.sources.setdefault(row["source_id"], row)


def figures_of(files: FactFiles, known: Vocabulary) -> tuple[Figure, ...]:
    """Return the figures of one dataset.

    Raises
    ------
    VolResearchError
        ``facts.invalid`` with every row and cell that breaks the format.
    """
    faults: list[Fault] = []
    out: list[Figure] = []
    for number, row in enumerate(files.table("facts")):
        wrong = list(_figure_faults(row, known))
        faults += [_wrong(files, "facts", number, *item) for item in wrong]
        if not wrong:
            out.append(_figure(row, known))
    if faults:
        raise VolResearchError.of(faults)
    return tuple(out)


def checks_of(files: FactFiles) -> tuple[Check, ...]:
    """Return the checks of one dataset."""
    return tuple(
        Check(
            row["check_id"],
            row.get("where", ""),
            row["rule"],
            row["verdict"].casefold() == "ok",
            row["comment"],
            tuple(row["fact_ids"].split()),
            row["marks_break"] == "true",
        )
        for row in files.table("checks")
    )


def _variant(row: Row) -> Variant:
    key = MeasurementKey(**{name: row[name] or "unknown" for name in _KEY})
    names = ("series", "measure", "indicator", "kind", "unit", "bound", "note")
    words = {name: row[name] for name in names}
    return Variant(row["variant"], key=key, label=wordings(row, "label"), **words)


def _figure(row: Row, known: Vocabulary) -> Figure:
    return Figure(
        id=row["fact_id"],
        series=row["series"],
        area=row["area"],
        period=parse_period(row["period"]),
        subgroup=row["subgroup"] or "total",
        value=float(row["value"]),
        bound=row["bound"] or "exact",
        unit=row["unit"],
        source_id=row["source_id"],
        evidence=row["evidence"],
        measure=row["measure"],
        note=row["note"],
        variant=known.variants[row["variant"]],
        period_text=row["period_text"],
        series_title=known.titles.get(row["series"], Text(row["series"])),
        unit_label=known.units[row["unit"]].label,
    )


Problem = tuple[str, str, Iterable[str]]


def _series_faults(row: Row, variants: Mapping[str, Variant]) -> Iterable[Problem]:
    if row["variant"] in variants:
        yield f'the variant "{row["variant"]}" is there already', "", ()
    if row["kind"] not in KINDS:
        yield f'"{row["kind"]}" is no kind of series', row["kind"], KINDS
    if row["bound"] and row["bound"] not in BOUNDS:
        yield f'"{row["bound"]}" is no bound', row["bound"], BOUNDS


def _figure_faults(row: Row, known: Vocabulary) -> Iterable[Problem]:
    variant = known.variants.get(row["variant"])
    if variant is None:
        yield f'no series.csv has the variant "{row["variant"]}"', row["variant"], known.variants
    elif variant.series != row["series"]:
        yield f'the variant "{variant.id}" belongs to the series "{variant.series}"', "", ()
    pools: tuple[tuple[str, Collection[str]], ...] = (
        ("area", known.areas),
        ("subgroup", {"", "total", *known.subgroups}),
        ("unit", known.units),
        ("source_id", known.sources),
    )
    for column, codes in pools:
        if row[column] not in codes:
            yield f'no {column} has the code "{row[column]}"', row[column], codes
    if row["bound"] and row["bound"] not in BOUNDS:
        yield f'"{row["bound"]}" is no bound', row["bound"], BOUNDS
    if row["evidence"] not in EVIDENCE:
        yield f'"{row["evidence"]}" is no mark of evidence', row["evidence"], EVIDENCE
    if not _is_number(row["value"]):
        yield f'the value "{row["value"]}" is no number', "", ()
    try:
        parse_period(row["period"])
    except VolResearchError as error:
        yield error.message.rstrip("."), "", ()


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False


def _wrong(files: FactFiles, name: str, row: int, said: str, got: str, known: Iterable[str]) -> Fault:
    identity = files.table(name)[row].get("fact_id") or files.table(name)[row].get("variant", "")
    hint = near(got, known) if got else ""
    hint = hint if hint.startswith("Did you mean") or len(set(known)) < 10 else ""
    return fault("facts.invalid", f"{identity}: {said}.", where=files.place(name, row), hint=hint)
