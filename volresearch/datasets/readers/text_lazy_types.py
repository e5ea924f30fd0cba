"""How SQL sees one column of text: its counts for the decisions of `typing_numbers`, and its expression when typed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from volresearch.datasets.codebook import Variable, number_of
from volresearch.datasets.columns import literal
from volresearch.datasets.readers.text_convert import (
    DOUBTS,
    TYPES,
    as_text,
    as_type,
    code_map,
    order_note,
    told_dressed,
    told_odd,
)
from volresearch.datasets.readers.typing_numbers import (
    COMMA,
    INTEGER,
    ISO,
    LOOSE,
    MAX_SAFE,
    NUMBER,
    POINT,
    SLASHED,
    THOUSANDS,
    ZONED,
    kind_of,
    order_of,
)

if TYPE_CHECKING:
    from volresearch.datasets.readers.text_lazy import Facts

__all__ = ["LazyColumn", "lazily_by_content", "lazily_by_variable"]

_FEW, _SHARE = 3, 0.05
_SHOWN = 5
_MAX_CODES = 10_000
_ZONE_AT_END = r" ?(Z|[+-][0-9]{2}(:?[0-9]{2})?) *$"
_TIME_OF_DAY = r".*[0-9][T :][0-9].*"


@dataclass
class LazyColumn:
    """A column as SQL: its expression, its variable, where its raw text is kept, why it is missing, and notes."""

    sql: str
    variable: Variable
    lost: str = ""
    why: str | None = None
    notes: list[tuple[str, str]] = field(default_factory=list)


class LazyCells:
    """The cells of one column, of which facts are asked."""

    def __init__(self, cell: str, facts: Facts) -> None:
        self.cell, self.facts = cell, facts

    @property
    def filled(self) -> int:
        """How many cells are filled."""
        return int(self.facts.of(f"count({self.cell})", f"any_value({self.cell})"))

    @property
    def some(self) -> str:
        """One of the filled cells; what it does not fit, the column is not."""
        return str(self.facts.of(f"any_value({self.cell})", f"count({self.cell})") or "")

    def fits(self, *patterns: str) -> str:
        """Return the condition that a cell fits one of the patterns as a whole."""
        one = patterns[0] if len(patterns) == 1 else "|".join(f"({pattern})" for pattern in patterns)
        return f"regexp_full_match({self.cell}, '{one}')"

    def counted(self, *patterns: str) -> str:
        """Return the question how many cells fit."""
        return f"count(*) FILTER ({self.fits(*patterns)})"

    def count(self, condition: str) -> int:
        """Return how many rows fulfil a condition."""
        return int(self.facts.of(f"count(*) FILTER ({condition})"))

    def all_are(self, *patterns: str) -> bool:
        """Whether every filled cell fits one of the patterns as a whole."""
        if not any(re.fullmatch(pattern, self.some) for pattern in patterns):
            return False
        return int(self.facts.of(self.counted(*patterns), *self._next(patterns))) == self.filled

    def _next(self, patterns: tuple[str, ...]) -> list[str]:
        """Return what will be asked next where all cells fit: counted in the same go."""
        if patterns == (NUMBER,):
            return [self.counted(INTEGER), self._largest, f"count(*) FILTER (({self.cell}) IS NULL)"]
        if ISO in patterns:
            moments = [] if re.fullmatch(SLASHED, self.some) else [f"count({self.moment(None)})"]
            return [self.counted(SLASHED), self.counted(_TIME_OF_DAY), self.counted(ZONED), *moments]
        return []

    @property
    def _largest(self) -> str:
        return f"max(abs(try_cast({self.cell} AS DOUBLE)))"

    def any_is(self, pattern: str) -> bool:
        """Whether a filled cell fits the pattern as a whole."""
        return bool(self.facts.of(self.counted(pattern)))

    def largest(self) -> float:
        """Return the largest number without its sign."""
        return float(self.facts.of(self._largest) or 0.0)

    def are_moments(self, day_first: bool | None) -> bool:
        """Whether every filled cell is a moment that the calendar has."""
        return int(self.facts.of(f"count({self.moment(day_first)})")) == self.filled

    def moment(self, day_first: bool | None) -> str:
        """Return the cell as TIMESTAMP in UTC, NULL for what is no moment."""
        plain = f"replace(trim({self.cell}), ',', '.')"
        zone = f"regexp_extract({plain}, '{_ZONE_AT_END}', 1)"
        naive = f"regexp_replace({plain}, '([T ][0-9].*?){_ZONE_AT_END}', '\\1')"
        naive = f"regexp_replace({naive}, '([T ][0-9]{{2}})$', '\\1:00')"
        digits = f"replace({zone}, ':', '')"
        minutes = (
            f"CASE WHEN length({digits}) < 3 THEN 0 ELSE "
            f"(CAST(substr({digits}, 2, 2) AS INTEGER) * 60 + CAST(concat('0', substr({digits}, 4, 2)) AS INTEGER)) "
            f"* CASE WHEN {digits}[1] = '-' THEN -1 ELSE 1 END END"
        )
        iso = f"try_cast({naive} AS TIMESTAMP) - CASE WHEN {self.fits(ZONED)} THEN to_minutes({minutes}) ELSE to_minutes(0) END"
        if day_first is None:
            return f"CASE WHEN {self.fits(ISO)} THEN {iso} END"
        dashed = f"regexp_replace(trim({self.cell}), '[/.]', '-', 'g')"
        order = "'%d-%m-%Y'" if day_first else "'%m-%d-%Y'"
        formats = ", ".join(f"{order[:-1]}{clock}'" for clock in ("", " %H:%M", " %H:%M:%S"))
        dotted = formats.replace("%m-%d", "%d-%m")
        return (
            f"CASE WHEN {self.fits(ISO)} THEN {iso} "
            f"WHEN regexp_full_match({self.cell}, '.*[0-9]\\.[0-9].*') THEN try_strptime({dashed}, [{dotted}]) "
            f"WHEN {self.fits(SLASHED)} THEN try_strptime({dashed}, [{formats}]) END"
        )

    def example(self, condition: str) -> str:
        """Return the first cell that fulfils a condition."""
        found = self.facts.rows(condition, self.cell, 1)
        return found[0][1] if found else ""


def lazily_by_content(cell: str, variable: Variable, facts: Facts) -> LazyColumn:
    """Type a column by all its cells; the variable says all but the type."""
    words = [code for code in variable.missing if number_of(code) is None]
    if words:
        listed = ", ".join(literal(word) for word in words)
        if LazyCells(cell, facts).count(f"{cell} IN ({listed})"):
            plain = variable.model_copy(update={"missing": {}})
            rest = lazily_by_content(
                f"CASE WHEN {cell} IN ({listed}) THEN NULL ELSE {cell} END", plain, facts
            )
            rest.variable = rest.variable.model_copy(update={"missing": variable.missing})
            typed = rest.variable.type in {"integer", "number", "date", "datetime"}
            rest.sql, rest.lost = (rest.sql, f"{cell} IN ({listed})") if typed else (cell, "")
            return rest
    cells = LazyCells(cell, facts)
    if not cells.filled:
        return LazyColumn(cell, as_type(variable, "text"), notes=[("empty", "")])
    kind, doubt = kind_of(cells)
    out = LazyColumn(cell, as_type(variable, TYPES.get(kind, "text")))
    if doubt:
        pattern = {"thousands": THOUSANDS, "order": SLASHED}.get(doubt)
        out.notes.append(
            (doubt, DOUBTS[doubt].format(first=cells.example(cells.fits(pattern)) if pattern else ""))
        )
    elif kind in {"moment", "day_first", "month_first"}:
        _moments(out, cells, kind)
    elif kind == "comma":
        out.sql = f"CAST(replace(trim({cell}), ',', '.') AS DOUBLE)"
        out.notes.append(("comma", "decimal commas, read as such"))
    elif kind in {"integer", "number"} and out.variable.numeric:
        whole = kind == "integer" and not cells.count(f"({cell}) IS NULL")
        out.sql = f"CAST(trim({cell}) AS {'BIGINT' if whole else 'DOUBLE'})"
    elif kind == "text":
        out.notes += _odd(cells)
    return out


def lazily_by_variable(cell: str, variable: Variable, facts: Facts) -> LazyColumn:
    """Bring a column into the type of its variable."""
    if variable.type in {"code", "multiple"}:
        return _codes(cell, variable, facts)
    if variable.numeric:
        return _numbers(LazyCells(cell, facts), variable)
    if variable.type in {"date", "datetime"}:
        return _dates(LazyCells(cell, facts), variable)
    return LazyColumn(cell, variable)


def _moments(out: LazyColumn, cells: LazyCells, kind: str) -> None:
    first = None if kind == "moment" else kind == "day_first"
    timed, zoned = cells.any_is(_TIME_OF_DAY), cells.count(cells.fits(ZONED))
    out.sql = cells.moment(first)
    out.variable = as_type(out.variable, "datetime" if timed else "date")
    if first is not None:
        out.notes.append(order_note(first, cells.example(cells.fits(SLASHED))))
    out.notes += _zone_note(cells, zoned)


def _zone_note(cells: LazyCells, zoned: int) -> list[tuple[str, str]]:
    if not zoned:
        return []
    rest = cells.filled - zoned
    more = f"; {rest:,} cells without a zone stand as they are" if rest else ""
    return [("zone", f"moments with a time zone were converted to UTC{more}")]


def _odd(cells: LazyCells) -> list[tuple[str, str]]:
    if dressed := told_dressed(cells):
        return dressed
    if not cells.count(cells.fits(NUMBER)):
        return []
    other = f"{cells.cell}) FILTER (NOT {cells.fits(NUMBER)}"
    lowest, highest = f"min({other})", f"max({other})"
    cells.facts.of(lowest, highest)
    text = cells.facts.of(lowest)
    if text is None or text != cells.facts.of(highest):
        return []
    return [told_odd(str(text), cells.filled - cells.count(cells.fits(NUMBER)))]


def _codes(cell: str, variable: Variable, facts: Facts) -> LazyColumn:
    known = [*variable.labels, *variable.missing]
    if not known:
        return LazyColumn(cell, variable)
    listed = ", ".join(literal(code) for code in known)
    others = f"{cell} NOT IN ({listed})"
    if not LazyCells(cell, facts).count(others):
        return LazyColumn(cell, variable)
    found = facts.relation.filter(others).project(f"{cell} AS cell").distinct().limit(_MAX_CODES).fetchall()
    firsts = facts.rows(others, cell, 1)
    mapping = code_map(sorted((text for (text,) in found), key=lambda text: text != firsts[0][1]), variable)
    if not mapping:
        return LazyColumn(cell, variable)
    cases = " ".join(f"WHEN {literal(old)} THEN {literal(new)}" for old, new in mapping.items())
    old, new = next(iter(mapping.items()))
    told = f'codes written in another way were read as those of the codebook, such as "{old}" as "{new}"'
    return LazyColumn(f"CASE {cell} {cases} ELSE {cell} END", variable, notes=[("codes", told)])


def _numbers(cells: LazyCells, variable: Variable) -> LazyColumn:
    out = LazyColumn("", variable)
    cell = cells.cell
    value = f"CASE WHEN {cells.fits(LOOSE)} THEN try_cast(trim({cell}) AS DOUBLE) END"
    if cells.count(cells.fits(LOOSE)) < cells.filled and cells.count(cells.fits(COMMA)):
        sure = cells.count(f"{cells.fits(COMMA)} AND NOT {cells.fits(THOUSANDS)}")
        points = cells.count(f"{cells.fits(POINT)} AND {cells.fits(LOOSE)}")
        readable = cells.fits(COMMA) + ("" if sure and not points else f" AND NOT {cells.fits(THOUSANDS)}")
        if cells.count(readable):
            out.notes.append(("comma", "decimal commas, read as such"))
            comma = f"try_cast(replace(trim({cell}), ',', '.') AS DOUBLE)"
            value = f"CASE WHEN {readable} THEN {comma} ELSE {value} END"
    lost = f"({cell} IS NOT NULL AND ({value}) IS NULL)"
    if _unfit(out, cells, lost, variable, "numbers"):
        return out
    if variable.type == "integer":
        if float(cells.facts.of(f"max(abs({value}))") or 0) > MAX_SAFE:
            return LazyColumn(cell, as_text(variable), notes=[*out.notes, ("large", DOUBTS["large"])])
        if cells.count(f"({value}) % 1 <> 0"):
            told = "declared as whole numbers, and some are not: read as numbers with decimals"
            out.notes.append(("fractions", told))
            out.variable = variable.model_copy(update={"type": "number"})
        elif not cells.count(f"({value}) IS NULL"):
            value = f"CAST({value} AS BIGINT)"
    out.sql = value
    return out


def _dates(cells: LazyCells, variable: Variable) -> LazyColumn:
    out = LazyColumn("", variable)
    order = None
    if cells.any_is(SLASHED):
        order = order_of(cells)
        example = cells.example(cells.fits(SLASHED))
        if order is None:
            told = ("order", DOUBTS["order"].format(first=example))
            return LazyColumn(cells.cell, as_text(variable), notes=[told])
        out.notes.append(order_note(order, example))
    value = cells.moment(order)
    number = f"CASE WHEN {cells.fits(LOOSE)} THEN try_cast(trim({cells.cell}) AS DOUBLE) END"
    serial = f"({number}) BETWEEN 1 AND 80000"
    if serials := cells.count(f"({value}) IS NULL AND {serial}"):
        out.notes.append(("serials", f"{serials} day numbers of a spreadsheet, read as dates"))
        day = f"TIMESTAMP '1899-12-30' + to_seconds(CAST(round(({number}) * 86400) AS BIGINT))"
        value = f"coalesce({value}, CASE WHEN {serial} THEN {day} END)"
    lost = f"({cells.cell} IS NOT NULL AND ({value}) IS NULL)"
    if _unfit(out, cells, lost, variable, "dates"):
        return out
    out.notes += _zone_note(cells, cells.count(cells.fits(ZONED)))
    if variable.type == "date" and cells.count(f"({value}) <> date_trunc('day', {value})"):
        out.notes.append(("clock", "declared as dates, and times of day stand beside them: read as datetime"))
        out.variable = variable.model_copy(update={"type": "datetime"})
    out.sql = value
    return out


def _unfit(out: LazyColumn, cells: LazyCells, lost: str, variable: Variable, what: str) -> bool:
    """Note cells that do not fit, and return whether they are so many that the column stays text."""
    words = [code for code in variable.missing if number_of(code) is None]
    listed = ", ".join(literal(word) for word in words)
    invalid = f"{lost} AND {cells.cell} NOT IN ({listed})" if words else lost
    count = cells.count(invalid)
    if cells.count(lost):
        out.lost = lost
    if not count:
        return False
    first = cells.facts.rows(invalid, cells.cell, _SHOWN)
    rows = f"{', '.join(str(row) for row, _ in first)}{' and others' if count > len(first) else ''}"
    example = first[0][1][:40]
    if count > _FEW and count > _SHARE * cells.filled:
        said = f'declared as {what}, and {count:,} of {cells.filled:,} filled cells are none, such as "{example}" (rows {rows}): kept as text'
        out.sql, out.variable, out.lost = cells.cell, as_text(variable), ""
        out.notes.append(("unfit", said))
        return True
    out.notes.append(
        (
            "invalid",
            f'{count:,} cells are no {what}, such as "{example}" (rows {rows}): missing as invalid, their text is kept',
        )
    )
    return False
