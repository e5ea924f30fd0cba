"""The crosswalk: a CSV that says which code of a source becomes which code of a target, so that reviewers can read it."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from volresearch.errors import Fault, VolResearchError, Where, fault, near, short_path
from volresearch.harmonize.matching import Match, match_of, outcome_of, overlap
from volresearch.text import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "Crosswalk", "Rule", "guarded", "read_crosswalk", "unguarded"]

_NEEDED = ("source_variable", "source_code", "target_variable", "target_code")
#: Columns of a crosswalk. ``target_label_<language>`` is read too.
COLUMNS = (
    "source_dataset", "source_table", *_NEEDED, "unit_rule", "target_type", "priority", "note", "reviewer",
    "source_label", "target_label", "n",
)  # fmt: skip
_LABEL = re.compile(r"target_label_([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\Z")
_IDENTIFIER = re.compile(r"[^\W\d]\w*\Z")
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_HARMLESS = re.compile(r"=\Z|[-+]?\d+(\.\d+)?\Z|-?\d*(\.\d+)?\.\.-?\d*(\.\d+)?\Z", re.ASCII)
_TYPES = ("code", "multiple", "number", "integer", "text", "date", "datetime", "time")
_LIMIT = 20_000_000


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
        return bool(self.target_variable and (self.target_code or self.unit_rule))

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

        return pd.DataFrame([_cells(rule) for rule in self.rules], columns=list(COLUMNS[:-1]), dtype="str")

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
        return write_rows(Path(path), COLUMNS[:-1], [_cells(rule) for rule in self.rules])


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
        ranges that overlap, several sources of one target without ``priority``, a target that is read as a source too;
        ``harmonize.unit`` for unit rules.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "sex.csv"
    >>> _ = file.write_text("source_variable,source_code,target_variable,target_code\\nsexo,1,sex,m\\nsexo,2,sex,f\\n")
    >>> len(read_crosswalk(file))
    2
    """
    path = Path(path)
    content = _bytes(path)
    rules: list[Rule] = []
    faults: list[Fault] = []
    for line, row in _rows(content, path):
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
    for read in (lambda: match_of(rule.source_code), lambda: outcome_of(rule.target_code, rule.unit_rule, where)):
        try:
            read()
        except ValueError as error:
            yield _fault(str(error), where)
        except VolResearchError as error:
            yield from error.faults
    if rule.target_type and rule.target_type not in _TYPES:
        yield _fault(f'"{rule.target_type}" is no type.', where, hint=near(rule.target_type, _TYPES))
    if not _IDENTIFIER.match(rule.target_variable):
        yield _fault(
            f'"{rule.target_variable}" cannot be the name of a variable.', where,
            expected="letters, digits and _, not starting with a digit",
        )  # fmt: skip


def _among(crosswalk: Crosswalk, rules: tuple[Rule, ...]) -> Iterator[Fault]:
    """Yield what is wrong between the rules that act on one dataset."""
    sources = {(rule.source_table, rule.source_variable) for rule in rules}
    feeding: dict[tuple[str, str], dict[str, list[Rule]]] = {}
    for rule in rules:
        if (rule.source_table, rule.target_variable) in sources:
            said = f'"{rule.target_variable}" is made here and read as a source elsewhere: the names go in a circle.'
            yield _fault(said, crosswalk.where(rule), hint="Harmonize in two steps, or give it another name.")
        place = (rule.source_table, rule.target_variable)
        feeding.setdefault(place, {}).setdefault(rule.source_variable, []).append(rule)
    for (_, target), by_source in feeding.items():
        yield from _priorities(crosswalk, target, by_source)
        for many in by_source.values():
            yield from _doubled(crosswalk, many)


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
            yield _fault(f'"{source}" and "{given[number]}" have one priority for "{target}".', first)  # type: ignore[index]
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
    labels = {found[1]: cell for name, cell in row.items() if (found := _LABEL.match(name)) and cell}
    if cells["target_label"]:
        labels = {"und": cells["target_label"], **labels} if not labels else labels
    names = ("source_variable", "source_code", "target_variable", "target_code", "source_dataset", "source_table",
             "unit_rule", "target_type", "note", "reviewer", "source_label")  # fmt: skip
    return Rule(
        **{name: cells[name] for name in names},  # type: ignore[arg-type]
        priority=int(priority) if priority else None,
        target_label=Text(labels),
        line=line,
    )


def _bytes(path: Path) -> bytes:
    where = Where(file=short_path(path))
    try:
        if path.stat().st_size > _LIMIT:
            raise VolResearchError("harmonize.crosswalk", "This is too large to be a crosswalk.", where=where)
        return path.read_bytes()
    except OSError as error:
        said = f"The crosswalk cannot be opened: {error.strerror or error}."
        raise VolResearchError("harmonize.crosswalk", said, where=where) from error


def _rows(content: bytes, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line and cells of every row; the header is checked first."""
    file = short_path(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise VolResearchError(
            "harmonize.crosswalk", "The crosswalk is not UTF-8 text.", where=Where(file=file, line=line),
            hint='Save it as "CSV UTF-8".',
        ) from error  # fmt: skip
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _check_header(header, Where(file=file, line=1))
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                said = f"This row has {len(cells)} cells, the header {len(header)}."
                raise VolResearchError("harmonize.crosswalk", said, where=Where(file=file, line=line))
            yield line, dict(zip(header, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        said = f"The CSV cannot be read: {error}."
        raise VolResearchError(
            "harmonize.crosswalk", said, where=Where(file=file, line=reader.line_num)
        ) from error


def _check_header(header: list[str], where: Where) -> None:
    faults = [
        _fault(f'The crosswalk lacks the column "{name}".', where, hint=near(name, header))
        for name in _NEEDED
        if name not in header
    ]
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            faults.append(_fault(f'The column "{name}" stands twice.', where))
        if name not in COLUMNS and not _LABEL.match(name):
            faults.append(_fault(f'There is no column "{name}" in a crosswalk.', where, hint=near(name, COLUMNS)))
    if faults:
        raise VolResearchError.of(faults)


def _cells(rule: Rule) -> dict[str, str]:
    cells = {name: str(getattr(rule, name)) for name in COLUMNS[:-1] if name != "priority"}
    return cells | {"priority": "" if rule.priority is None else str(rule.priority)}


def guarded(text: str) -> str:
    """Return a cell so that a spreadsheet shows it and does not run it; codes, ranges and a lone ``=`` stay.

    >>> guarded("=HYPERLINK(1)"), guarded("-99"), guarded("..17"), guarded("=")
    ("'=HYPERLINK(1)", '-99', '..17', '=')
    """
    return f"'{text}" if text.startswith(_RISKY) and not _HARMLESS.match(text) else text


def unguarded(text: str) -> str:
    """Return a cell as it was before `guarded`."""
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text


def write_rows(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> Path:
    """Write a CSV that a spreadsheet opens and runs nothing of; a file that is there already stays."""
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, list(columns), lineterminator="\n")
            writer.writeheader()
            writer.writerows({name: guarded(cell) for name, cell in row.items()} for row in rows)
    except FileExistsError:
        raise VolResearchError(
            "export.exists", "This file is there already, and may hold what somebody filled in.",
            where=Where(file=short_path(path)), hint="Choose another name.",
        ) from None  # fmt: skip
    except OSError as error:
        said = f"The file cannot be written: {error.strerror or error}."
        raise VolResearchError("export.failed", said, where=Where(file=short_path(path))) from error
    return path


def _fault(said: str, where: Where, *, expected: str = "", got: str = "", hint: str = "") -> Fault:
    return fault("harmonize.crosswalk", said, where=where, expected=expected, got=got, hint=hint)
