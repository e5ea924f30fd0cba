"""What is missing and why: by variable and kind of missing, and by row."""

from __future__ import annotations

from collections.abc import Iterator

from volresearch.datasets.codebook import MISSING_REASONS
from volresearch.datasets.quality.findings import Finding, Measure
from volresearch.datasets.quality.rows import Ask, Rows, total
from volresearch.datasets.quality.scope import Scope
from volresearch.text import mark

__all__ = ["NOT_DUE", "check_missing", "reasons_in"]

#: Kinds of missing of a question that was not put: no failure to answer.
NOT_DUE = frozenset({"not_asked", "not_in_version", "not_applicable"})
_MUCH, _SOME = 0.2, 0.05
#: A row with more of its due answers missing is no interview.
_HALF = 0.5

_ITEM = mark("Not answered though asked: {n} of {base} ({share})")
_NEVER = mark("No row has an answer")
_INVALID = mark("Cells whose content does not fit the type: {n} ({share})")
_UNIT = mark("Rows with more than half of the due answers missing: {n} of {base} ({share})")
_EMPTY = mark("Rows without any answer: {n} of {base} ({share})")


def check_missing(scope: Scope) -> Iterator[Finding | Measure]:
    """Count every kind of missing of every variable, and rows with more than half of what was due missing."""
    for rows in scope.tables:
        due = {one.name for one in scope.answers(rows)}
        found = reasons_in(rows)
        for name, counts in found.items():
            yield from _item(scope.owner(rows), name, counts, rows.n, due=name in due)
        yield from _units(scope, rows)


def reasons_in(rows: Rows) -> dict[str, dict[str, int]]:
    """Return variable -> kind of missing -> number of rows; kinds that do not occur are left out."""
    conditions = {(name, reason): one for name, variable in rows.variables.items() for reason, one in rows.missing(variable).items()}  # fmt: skip
    asks = {key: Ask(f"count(*) FILTER (WHERE {one})", rows.reads(key[0])) for key, one in conditions.items()}
    out: dict[str, dict[str, int]] = {name: {} for name in rows.variables}
    for (name, reason), n in rows.ask(asks).items():
        if n:
            out[name][reason] = int(n)
    return {name: {reason: counts[reason] for reason in MISSING_REASONS if reason in counts} for name, counts in out.items()}  # fmt: skip


def _item(
    table: str, name: str, counts: dict[str, int], rows: int, *, due: bool
) -> Iterator[Finding | Measure]:
    for reason, n in counts.items():
        yield Measure("missing", table, name, reason, n, rows)
    base = rows - sum(counts.get(reason, 0) for reason in NOT_DUE)
    lacking = sum(n for reason, n in counts.items() if reason not in NOT_DUE)
    yield Measure("missing", table, name, "item_nonresponse", lacking / base if base else 0.0, base)
    invalid = counts.get("invalid", 0)
    if invalid:
        yield Finding("warning", "missing", _INVALID, table, name, invalid, invalid / rows)
    if rows and sum(counts.values()) == rows:
        yield Finding("note", "missing", _NEVER, table, name, rows, 1.0)
    elif due and base and lacking / base > _SOME:
        level = "warning" if lacking / base > _MUCH else "note"
        yield Finding(level, "missing", _ITEM, table, name, lacking, lacking / base, {"base": base})  # type: ignore[arg-type]


def _units(scope: Scope, rows: Rows) -> Iterator[Finding | Measure]:
    answers = scope.answers(rows)
    if len(answers) < 2 or not rows.n:
        return
    lacking, apart = [], []
    for variable in answers:
        reasons = rows.missing(variable)
        lacking += _terms(reasons, [one for one in reasons if one not in NOT_DUE])
        apart += _terms(reasons, [one for one in reasons if one in NOT_DUE])
    due, absent = f"({len(answers)} - {total(apart)})", total(lacking)
    columns = rows.reads(*(one.name for one in answers))
    # One query over all columns: a row stands in one place only.
    sql = f"count(*) FILTER (WHERE {absent} > {_HALF} * {due}), count(*) FILTER (WHERE {due} > 0 AND {absent} = {due})"
    half, none = rows.together(sql, columns)
    owner = scope.owner(rows)
    yield Measure("missing", owner, "", "rows_half_missing", int(half), rows.n)
    yield Measure("missing", owner, "", "rows_empty", int(none), rows.n)
    if half:
        yield Finding("warning", "missing", _UNIT, owner, "", int(half), half / rows.n, {"base": rows.n})
    if none:
        yield Finding("warning", "missing", _EMPTY, owner, "", int(none), none / rows.n, {"base": rows.n})


def _terms(reasons: dict[str, str], wanted: list[str]) -> list[str]:
    conditions = [reasons[one] for one in wanted if reasons[one] != "false"]
    return [f"CAST({' OR '.join(f'({one})' for one in conditions)} AS INTEGER)"] if conditions else []
