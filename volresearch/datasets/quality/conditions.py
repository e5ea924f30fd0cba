"""Conditions of a form counted over the rows, where they are; what cannot be evaluated is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from volresearch.datasets.quality.findings import Finding, Measure
from volresearch.datasets.quality.rows import Ask, Rows
from volresearch.datasets.quality.scope import Scope
from volresearch.errors import VolResearchError
from volresearch.text import mark

if TYPE_CHECKING:
    from volresearch.instruments import Formula

__all__ = ["Condition", "broken", "counted"]

_UNCHECKED = mark("Conditions of the form that cannot be checked on these data: {n}. Variables: {variables}")
_NAMED = 8


@dataclass(frozen=True)
class Condition:
    """What must not be: a text of the house language that is true where an answer is wrong; None cannot be evaluated."""

    rows: Rows
    variable: str
    wrong: str | None
    shown: str


def broken(name: str, formulas: Iterable[Formula | None]) -> str | None:
    """Return the condition that `name` is answered though one of the formulas is false; unknown breaks nothing."""
    texts = [None if formula is None or formula.verbatim else formula.text for formula in formulas]
    if not texts or None in texts:
        return None
    return f"not is_missing({name}) and not ({' and '.join(f'({text})' for text in texts)})"


def counted(
    scope: Scope, topic: str, measure: str, message: str, conditions: Iterable[Condition]
) -> Iterator[Finding | Measure]:
    """Count each condition; yield a measure each, a finding where it is true, and one for what cannot be counted."""
    unchecked = []
    for one in conditions:
        rows, name = one.rows, one.variable
        n = _true(one)
        if n is None:
            unchecked.append(name)
            continue
        base = int(rows.ask({0: Ask(f"count({rows.value(rows.variables[name])})", rows.reads(name))})[0])
        yield Measure(topic, scope.owner(rows), name, measure, n, base)
        if n:
            values = {"base": base, "constraint": one.shown}
            yield Finding(
                "warning", topic, message, scope.owner(rows), name, n, n / base if base else None, values
            )
    if unchecked:
        named = ", ".join(unchecked[:_NAMED]) + (" ..." if len(unchecked) > _NAMED else "")
        yield Finding("note", topic, _UNCHECKED, n=len(unchecked), values={"variables": named})


def _true(condition: Condition) -> int | None:
    """Return in how many rows a condition is true; None where it names what the table has not, or compares unlike things."""
    from volresearch.expressions import parse

    if condition.wrong is None:
        return None
    rows = condition.rows
    try:
        expression = parse(condition.wrong)
        if not set(expression.names) <= set(rows.variables):
            return None
        missing = {
            name: {**rows.variables[name].missing, "": rows.variables[name].blank}
            for name in expression.names
        }
        column = expression.on(rows.typed(expression.names), missing)
    except VolResearchError:
        return None
    return int(column.aggregate("count(*) FILTER (WHERE value)").fetchall()[0][0])
