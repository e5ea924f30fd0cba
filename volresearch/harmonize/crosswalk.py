"""The crosswalk: a CSV that says which code of a source becomes which code of a target, so that reviewers can read it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from volresearch.errors import Fault, VolResearchError, Where, fault, near, short_path
from volresearch.harmonize.matching import Match, match_of, outcome_of, overlap
from volresearch.harmonize.sheets import COLUMNS, LABEL, content_of, rows_of, unguarded, write_rows
from volresearch.text import Text
from volresearch.text.names import is_name

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "Crosswalk", "Rule", "circles", "faults_of", "read_crosswalk"]

_TYPES = ("code", "multiple", "number", "integer", "text", "date", "datetime", "time")


@dataclass(frozen=True)
class Rule:
    """One row of a crosswalk.

    Attributes
    ----------
    source_dataset : str
        Id of the dataset that it is about; empty or ``*``: of any.
    source_table : str
        Linked table of the source, empty for the main one.
    source_code : str
        A code, a range (``18..24``, ``..17``, ``65..``, both ends counted), ``*`` (any other valid value),
        ``missing`` or ``missing:refused``.
    target_code : str
        A code, several codes with spaces between for a target that takes several, ``=`` or ``copy`` (the value as it
        is), ``missing:not_applicable`` and its like. Empty: the row is not filled in and does nothing.
    target_type : str
        Type of the target where no codebook declares it: ``code, multiple, number, integer, text, date``.
    priority : int or None
        Where several sources feed one target: 1 is asked first.
    line : int
        Line of the file.
    """

    source_variable: str
    source_code: str
    target_variable: str
    target_code: str
    source_dataset: str = ""
    source_table: str = ""
    unit_rule: str = ""
    target_type: str = ""
    priority: int | None = None
    note: str = ""
    reviewer: str = ""
    source_label: str = ""
    target_label: Text = field(default_factory=Text)
    line: int = 0

    @property
    def active(self) -> bool:
        """Whether it is filled in."""
        return bool(self.source_variable and self.target_variable and (self.target_code or self.unit_rule))

    @property
    def match(self) -> Match:
        """What of the source it is about."""
        return match_of(self.source_code)


@dataclass(frozen=True)
class Crosswalk:
    """The rules of one crosswalk, with the file they came from.

    Examples
    --------
    >>> sex = Crosswalk((Rule("sexo", "1", "sex", "m"), Rule("sexo", "2", "sex", "f")))
    >>> sex.targets
    ('sex',)
    """

    rules: tuple[Rule, ...]
    name: str = "crosswalk"
    sha256: str = ""
    size: int = 0
    path: Path | None = field(default=None, compare=False)

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the variables that it makes."""
        return tuple(dict.fromkeys(rule.target_variable for rule in self.rules if rule.active))

    @property
    def datasets(self) -> tuple[str, ...]:
        """Ids of the datasets that it names."""
        named = (rule.source_dataset for rule in self.rules)
        return tuple(dict.fromkeys(one for one in named if one not in {"", "*"}))

    def rules_for(self, dataset: str) -> tuple[Rule, ...]:
        """Return the filled-in rules about a dataset (by id, or by the part after its dot)."""
        names = {"", "*", dataset, dataset.partition(".")[2]}
        return tuple(rule for rule in self.rules if rule.active and rule.source_dataset in names)

    def where(self, rule: Rule) -> Where:
        """Return the place of a rule."""
        file = short_path(self.path) if self.path else self.name
        return Where(file=file, line=rule.line or None, variable=rule.source_variable)

    @property
    def table(self) -> pd.DataFrame:
        """The rules as a table, one row each."""
        import pandas as pd

        return pd.DataFrame([_cells(rule) for rule in self.rules], columns=list(self._columns()), dtype="str")

    def __len__(self) -> int:
        return len(self.rules)

    def __repr__(self) -> str:
        return f"<Crosswalk {self.name}: {len(self.rules)} rules for {', '.join(self.targets)}>"

    def to_csv(self, path: str | Path) -> Path:
        """Write it as CSV (UTF-8); cells that a spreadsheet would run as a formula are disarmed.

        Raises
        ------
        VolResearchError
            ``export.exists`` where the file is there already.
        """
        return write_rows(Path(path), self._columns(), [_cells(rule) for rule in self.rules])

    def _columns(self) -> tuple[str, ...]:
        """Its columns: one for the labels of each language that there is."""
        tags = dict.fromkeys(tag for rule in self.rules for tag in rule.target_label if tag != "und")
        plain = [name for name in COLUMNS if name not in {"variable_label", "n"}]
        return (*plain, *(f"target_label_{tag}" for tag in tags))


def read_crosswalk(path: str | Path) -> Crosswalk:
    """Read a crosswalk; every fault is told at once, with file and line.

    Parameters
    ----------
    path : path
        CSV in UTF-8 with a header; comma, semicolon or tab between cells. Columns ``source_variable, source_code,
        target_variable, target_code`` are needed; see `COLUMNS` for the others.

    Returns
    -------
    Crosswalk

    Raises
    ------
    VolResearchError
        ``harmonize.crosswalk`` with every fault: unknown columns, codes that cannot be read, rules that stand twice,
        ranges that overlap, several sources of one target without ``priority``; ``harmonize.unit`` for unit rules.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "sex.csv"
    >>> _ = file.write_text("source_variable,source_code,target_variable,target_code\\nsexo,1,sex,m\\nsexo,2,sex,f\\n")
    >>> len(read_crosswalk(file))
    2
    """
    path = Path(path)
    content = content_of(path)
    rules: list[Rule] = []
    faults: list[Fault] = []
    for line, row in rows_of(content, path):
        if any(cell for name, cell in row.items() if name in COLUMNS):
            rule = _rule(line, row, Where(file=short_path(path), line=line), faults)
            rules.append(rule)
    crosswalk = Crosswalk(tuple(rules), path.name, hashlib.sha256(content).hexdigest(), len(content), path)
    faults += faults_of(crosswalk)
    if not rules:
        faults.append(_fault("The crosswalk has no rows.", Where(file=short_path(path))))
    if faults:
        raise VolResearchError.of(sorted(faults, key=lambda one: one.where.line or 0))
    return crosswalk


def faults_of(crosswalk: Crosswalk) -> Iterator[Fault]:
    """Yield what is wrong with the rules of a crosswalk, before any dataset is looked at."""
    for rule in crosswalk.rules:
        if rule.active:
            yield from _faults_of_one(crosswalk, rule)
    seen: set[tuple[int, ...]] = set()
    for dataset in crosswalk.datasets or ("",):
        rules = crosswalk.rules_for(dataset)
        for one in _among(crosswalk, rules):
            key = (one.where.line or 0, hash(one.message))
            if key not in seen:
                seen.add(key)
                yield one


def _faults_of_one(crosswalk: Crosswalk, rule: Rule) -> Iterator[Fault]:
    where = crosswalk.where(rule)
    for read in (
        lambda: match_of(rule.source_code),
        lambda: outcome_of(rule.target_code, rule.unit_rule, where),
    ):
        try:
            read()
        except ValueError as error:
            yield _fault(str(error), where)
        except VolResearchError as error:
            yield from error.faults
    if rule.target_type and rule.target_type not in _TYPES:
        yield _fault(f'"{rule.target_type}" is no type.', where, hint=near(rule.target_type, _TYPES))
    if not is_name(rule.target_variable):
        yield _fault(
            f'"{rule.target_variable}" cannot be the name of a variable.', where,
            expected="letters, digits and _, not starting with a digit",
        )  # fmt: skip


def _among(crosswalk: Crosswalk, rules: tuple[Rule, ...]) -> Iterator[Fault]:
    """Yield what is wrong between the rules that act on one dataset."""
    feeding: dict[tuple[str, str], dict[str, list[Rule]]] = {}
    for rule in rules:
        place = (rule.source_table, rule.target_variable)
        feeding.setdefault(place, {}).setdefault(rule.source_variable, []).append(rule)
    for (_, target), by_source in feeding.items():
        yield from _priorities(crosswalk, target, by_source)
        for many in by_source.values():
            yield from _doubled(crosswalk, many)


def circles(crosswalk: Crosswalk, rules: tuple[Rule, ...], suffix: str = "") -> Iterator[Fault]:
    """Yield a fault for every variable that is made by one rule and read as a source by another."""
    sources = {(rule.source_table, rule.source_variable) for rule in rules}
    for rule in rules:
        name = f"{rule.target_variable}{suffix}"
        if (rule.source_table, name) in sources and name != rule.source_variable:
            said = f'"{name}" is made here and read as a source elsewhere: the names go in a circle.'
            hint = 'Harmonize in two steps, or say suffix="_h": new names then end so.'
            yield _fault(said, crosswalk.where(rule), hint=hint)


def _priorities(crosswalk: Crosswalk, target: str, by_source: Mapping[str, list[Rule]]) -> Iterator[Fault]:
    given: dict[int, str] = {}
    for source, rules in by_source.items():
        numbers = {rule.priority for rule in rules}
        first = crosswalk.where(rules[0])
        if len(numbers) > 1:
            yield _fault(f'The rules from "{source}" to "{target}" have several priorities.', first)
        elif len(by_source) > 1 and None in numbers:
            others = ", ".join(name for name in by_source if name != source)
            yield _fault(
                f'"{target}" is made of several variables: "{source}" and {others}.', first,
                expected="a column priority that says which is asked first: 1, 2, ...",
            )  # fmt: skip
        elif len(by_source) > 1 and (number := next(iter(numbers))) in given:
            yield _fault(f'"{source}" and "{given[number]}" have one priority for "{target}".', first)
        given.setdefault(next(iter(numbers)) or 0, source)


def _doubled(crosswalk: Crosswalk, rules: list[Rule]) -> Iterator[Fault]:
    matches: list[tuple[Match, Rule]] = []
    for rule in rules:
        try:
            match = rule.match
        except ValueError:
            continue
        for other, earlier in matches:
            if match == other:
                yield _fault(
                    f'The code "{rule.source_code}" of "{rule.source_variable}" stands twice for "{rule.target_variable}".',
                    crosswalk.where(rule), got=f"also in line {earlier.line}",
                )  # fmt: skip
            elif overlap(match, other):
                yield _fault(
                    f'The ranges {earlier.source_code} and {rule.source_code} of "{rule.source_variable}" overlap.',
                    crosswalk.where(rule), got=f"the other is in line {earlier.line}",
                )  # fmt: skip
        matches.append((match, rule))


def _rule(line: int, row: Mapping[str, str], where: Where, faults: list[Fault]) -> Rule:
    cells = {name: unguarded(row.get(name, "")) for name in COLUMNS}
    if not cells["source_variable"]:
        faults.append(_fault("This row names no source_variable.", where))
    if not cells["source_code"] and (cells["target_code"] or cells["unit_rule"]):
        faults.append(_fault("This row names no source_code.", where, hint="* stands for any valid value."))
    if bool(cells["target_variable"]) < bool(cells["target_code"] or cells["unit_rule"]):
        faults.append(_fault("This row names no target_variable.", where))
    priority = cells["priority"]
    if priority and not (priority.isascii() and priority.isdigit() and int(priority) > 0):
        faults.append(_fault(f'The priority "{priority}" is no whole number from 1.', where))
        priority = ""
    labels = {found[1]: cell for name, cell in row.items() if (found := LABEL.match(name)) and cell}
    if cells["target_label"]:
        labels = labels or {"und": cells["target_label"]}
    names = ("source_variable", "source_code", "target_variable", "target_code", "source_dataset", "source_table",
             "unit_rule", "target_type", "note", "reviewer", "source_label")  # fmt: skip
    return Rule(
        **{name: cells[name] for name in names},
        priority=int(priority) if priority else None,
        target_label=Text(labels),
        line=line,
    )


def _cells(rule: Rule) -> dict[str, str]:
    labels = {f"target_label_{tag}": word for tag, word in rule.target_label.items() if tag != "und"}
    cells = {name: str(getattr(rule, name)) for name in COLUMNS if name not in {"variable_label", "n"}}
    return {
        **cells,
        "priority": "" if rule.priority is None else str(rule.priority),
        "target_label": rule.target_label.get("und", ""),
        **labels,
    }


def _fault(said: str, where: Where, *, expected: str = "", got: str = "", hint: str = "") -> Fault:
    return fault("harmonize.crosswalk", said, where=where, expected=expected, got=got, hint=hint)
