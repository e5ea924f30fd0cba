"""Values outside of what can be: constraints of the form, scales of the codebook, ages, hours in a period, whole numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from volresearch.datasets.codebook import Variable, number_of
from volresearch.datasets.quality.conditions import Condition, broken, counted
from volresearch.datasets.quality.findings import Finding, Measure
from volresearch.datasets.quality.rows import Ask, Rows
from volresearch.datasets.quality.scope import Scope
from volresearch.text import mark

__all__ = ["check_ranges"]

#: Nobody is older.
_OLDEST = 115
_AGES = re.compile(r"(respondent_?|resp_?|person_?|hh_?|member_?|child_?)?(age|edad|idade|alter|umri)(_(in_)?years?|_anos|_respondent)?\Z", re.IGNORECASE)  # fmt: skip
_AGE_KEY = re.compile(r"(\d+)\s*(?:\+|-\s*(\d+))\Z")
#: Hours that a period has: words of a unit -> hours.
_PERIODS = (
    (re.compile(r"hours?\b.*\b(four|4) weeks"), 672),
    (re.compile(r"hours?\b.*\bmonth"), 744),
    (re.compile(r"hours?\b.*\bweek"), 168),
    (re.compile(r"hours?\b.*\bday"), 24),
    (re.compile(r"hours?\b.*\b(year|12 months|twelve months)"), 8784),
)
#: Where more lie outside, labels name single values and no range.
_MOST_OUTSIDE = 0.2

_OUTSIDE = mark("Values outside of the codes {low} to {high}: {n} ({share})")
_AGE = mark("Ages below 0 or above {oldest}: {n} ({share})")
_AGE_OF_SURVEY = mark("Ages outside of {range}, the age range of the survey: {n} ({share})")
_HOURS = mark("More hours than the period has ({hours}), or fewer than none: {n} ({share})")
_PERCENT = mark("Percentages below 0 or above 100: {n} ({share})")
_BROKEN = mark("Numbers with decimals where whole ones are declared: {n} ({share})")
_CONSTRAINT = mark("Answers that the form does not allow ({constraint}): {n} ({share})")
_STEPS = mark("Answers outside of {low} to {high}, the range of the form: {n} ({share})")
_MEASURES = {
    _OUTSIDE: "outside_codes", _AGE: "implausible_age", _AGE_OF_SURVEY: "outside_age_of_survey",
    _HOURS: "implausible_hours", _PERCENT: "implausible_percent", _BROKEN: "decimals", _STEPS: "outside_form",
}  # fmt: skip


def check_ranges(scope: Scope) -> Iterator[Finding | Measure]:
    """Find values that the form, the codebook or common sense rules out."""
    for rows in scope.tables:
        bounds = {(one.name, said): limits for one in rows.variables.values() if one.numeric for said, limits in _bounds(scope, rows, one)}  # fmt: skip
        yield from _counted(scope, rows, bounds)
    yield from _constraints(scope)


def _bounds(
    scope: Scope, rows: Rows, variable: Variable
) -> Iterator[tuple[str, tuple[float, float, dict[str, Any]]]]:
    """Yield message and limits of what is known of a variable of numbers."""
    codes = (number_of(code) for code in variable.labels if code not in variable.missing)
    scale = [number for number in codes if number is not None]
    if len(scale) > 1:
        low, high = min(scale), max(scale)
        yield _OUTSIDE, (low, high, {"low": low, "high": high})
    if _AGES.match(variable.name):
        yield _AGE, (0, _OLDEST, {"oldest": _OLDEST})
        told = _AGE_KEY.match(scope.dataset.measurement.age)
        if (
            told
            and rows.name == scope.dataset.main
            and not variable.name.lower().startswith(("hh", "member", "child"))
        ):
            high = float(told[2]) if told[2] else math.inf
            yield _AGE_OF_SURVEY, (float(told[1]), high, {"range": scope.dataset.measurement.age})
    unit = variable.unit.lower()
    hours = next((most for pattern, most in _PERIODS if pattern.match(unit)), None)
    if hours:
        yield _HOURS, (0, hours, {"hours": hours})
    if unit in {"%", "percent"}:
        yield _PERCENT, (0, 100, {})
    if variable.type == "integer":
        yield _BROKEN, (math.nan, math.nan, {})
    yield from _steps(scope, variable)


def _steps(scope: Scope, variable: Variable) -> Iterator[tuple[str, tuple[float, float, dict[str, Any]]]]:
    item = scope.items.get(variable.name)
    if item is None or item.type != "range":
        return
    low, high = number_of(item.parameters.get("start", "")), number_of(item.parameters.get("end", ""))
    if low is not None and high is not None and low < high:
        yield _STEPS, (low, high, {"low": low, "high": high})


def _counted(
    scope: Scope, rows: Rows, bounds: dict[tuple[str, str], tuple[float, float, dict[str, Any]]]
) -> Iterator[Finding | Measure]:
    asks = {}
    for (name, said), (low, high, _) in bounds.items():
        value = rows.measured(name)
        outside = f"{value} <> trunc({value})" if said == _BROKEN else _outside(value, low, high)
        asks[name, said] = Ask(f"count(*) FILTER (WHERE {outside})", rows.reads(name))
        asks[name, "n"] = Ask(f"count({value})", rows.reads(name))
    found = rows.ask(asks)
    for (name, said), (_, _, values) in bounds.items():
        n, base = int(found[name, said]), int(found[name, "n"])
        if said == _OUTSIDE and n > base * _MOST_OUTSIDE:
            continue
        yield Measure("range", scope.owner(rows), name, _MEASURES[said], n, base)
        if n:
            level = "note" if said == _BROKEN else "warning"
            yield Finding(level, "range", said, scope.owner(rows), name, n, n / base, values)  # type: ignore[arg-type]


def _outside(value: str, low: float, high: float) -> str:
    sides = [f"{value} < {low!r}"] if math.isfinite(low) else []
    return " OR ".join([*sides, f"{value} > {high!r}"] if math.isfinite(high) else sides)


def _constraints(scope: Scope) -> Iterator[Finding | Measure]:
    asked = [
        Condition(rows, item.name, broken(item.name, [item.constraint]), str(item.constraint))
        for rows, item, _ in scope.asked
        if item.constraint and item.asks
    ]
    yield from counted(scope, "range", "not_allowed", _CONSTRAINT, asked)
