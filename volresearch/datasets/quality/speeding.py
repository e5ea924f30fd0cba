"""How long interviews took: too short to have been read, negative, longer than a day."""

from __future__ import annotations

from collections.abc import Iterator

from volresearch.datasets.quality.findings import Finding, Measure
from volresearch.datasets.quality.rows import Ask
from volresearch.datasets.quality.scope import Scope
from volresearch.text import mark

__all__ = ["check_speed"]

#: Part of the median below which an interview counts as rushed.
_FAST = 1 / 3
_DAY = 24 * 60

_RUSHED = mark("Interviews shorter than a third of the median ({median} minutes): {n} of {base} ({share})")
_NEGATIVE = mark("Interviews that end before they start: {n} of {base} ({share})")
_LONG = mark("Interviews longer than 24 hours: {n} of {base} ({share})")
_UNTIMED = mark("Interviews without a length: {n} of {base} ({share})")


def check_speed(scope: Scope) -> Iterator[Finding | Measure]:
    """Find rushed, negative and endless interviews, where their length is in the data."""
    rows, length = scope.main, _minutes(scope)
    if length is None or not rows.n:
        return
    minutes, columns, variable = length
    within = f"{minutes} BETWEEN 0 AND {_DAY}"
    found = rows.ask(
        {
            "n": Ask(f"count({minutes})", columns),
            "negative": Ask(f"count(*) FILTER (WHERE {minutes} < 0)", columns),
            "over_24_hours": Ask(f"count(*) FILTER (WHERE {minutes} > {_DAY})", columns),
            "median_minutes": Ask(f"median({minutes}) FILTER (WHERE {within})", columns),
        }
    )
    base, median = int(found["n"]), found["median_minutes"]
    if not base:
        return
    fast = f"count(*) FILTER (WHERE {within} AND {minutes} < {float(median or 0) * _FAST!r})"
    found["below_third_of_median"] = rows.ask({0: Ask(fast, columns)})[0]
    for name in ("median_minutes", "below_third_of_median", "negative", "over_24_hours"):
        yield Measure("speed", "", variable, name, float(found[name] or 0), base)
    values = {"median": round(float(median or 0), 1), "base": base}
    for name, said in (("below_third_of_median", _RUSHED), ("negative", _NEGATIVE), ("over_24_hours", _LONG)):
        n = int(found[name])
        if n:
            yield Finding("warning", "speed", said, "", variable, n, n / base, values)
    if base < rows.n:
        lacking = rows.n - base
        yield Finding("note", "speed", _UNTIMED, "", variable, lacking, lacking / rows.n, {"base": rows.n})


def _minutes(scope: Scope) -> tuple[str, tuple[str, ...], str] | None:
    """Return the SQL of the length in minutes, the columns it reads, and the variable it is told of."""
    rows = scope.main
    if scope.length:
        return rows.measured(scope.length), rows.reads(scope.length), scope.length
    if scope.times is None:
        return None
    start, end = (_moment(rows.raw(name), rows.kind(name)) for name in scope.times)
    return f"(epoch({end}) - epoch({start})) / 60", rows.reads(*scope.times), scope.times[1]


def _moment(column: str, kind: str) -> str:
    return column if kind.startswith("TIMESTAMP") else f"TRY_CAST(CAST({column} AS VARCHAR) AS TIMESTAMP)"
