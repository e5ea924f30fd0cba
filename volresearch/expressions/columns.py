"""What columns of a frame are to the language: values that are there or not, conditions with three outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import reduce
from typing import Any

import narwhals as nw

from volresearch.expressions.days import as_day
from volresearch.expressions.evaluation import type_fault
from volresearch.expressions.nodes import Literal, Name, Node

__all__ = [
    "Frame",
    "Truth",
    "Value",
    "both",
    "column_of",
    "compared",
    "conjunction",
    "constant",
    "day_of",
    "disjunction",
    "plain",
    "presence",
    "split",
]


class Frame:
    """The columns of a frame, with declared missing codes and their reasons."""

    def __init__(self, frame: Any, missing: Mapping[str, Mapping[str, str]]) -> None:
        self.schema: dict[str, Any] = dict(frame.collect_schema())
        self.missing = missing

    def there(self, name: str) -> nw.Expr:
        """Return whether anything stands there, a declared missing code counted."""
        column = nw.col(name)
        there = ~column.is_null()
        return there & ~column.is_nan() if self.schema[name].is_float() else there

    def coded(self, name: str) -> list[tuple[nw.Expr, str]]:
        """Return where each declared missing code stands, and what it means."""
        kind, column, out = self.schema[name], nw.col(name), []
        for code, reason in self.missing.get(name, {}).items():
            if kind.is_numeric():
                number = _number(str(code))
                if number is not None and (number.is_integer() or not kind.is_integer()):
                    out.append((column == (int(number) if kind.is_integer() else number), reason))
            elif not (kind == nw.Boolean or kind.is_temporal() or kind.is_nested()):
                out.append(((column if kind == nw.String else column.cast(nw.String)) == str(code), reason))
        return out

    def present(self, name: str) -> nw.Expr:
        """Return whether a valid value stands there."""
        return reduce(lambda there, one: there & ~one[0], self.coded(name), self.there(name))


def _number(code: str) -> float | None:
    try:
        return float(code)
    except ValueError:
        return None


@dataclass(frozen=True)
class Truth:
    """Where a condition is true and where it is false; elsewhere it is unknown."""

    true: nw.Expr
    false: nw.Expr


@dataclass(frozen=True)
class Value:
    """What stands in each row, and whether it is there (None: always); `constant` where all rows have the same."""

    expr: Any
    present: nw.Expr | None
    kind: str
    constant: bool = False


def moment(day: date) -> datetime:
    """Return the first moment of a day: how days stand in columns."""
    return datetime.combine(day, time())


def both(*present: nw.Expr | None) -> nw.Expr | None:
    """Return where all are there; None is always."""
    there = [one for one in present if one is not None]
    return reduce(lambda a, b: a & b, there) if there else None


def split(present: nw.Expr | None, holds: nw.Expr) -> Truth:
    """Return the outcomes of a condition on values that may be missing."""
    true = nw.when(holds if present is None else present & holds).then(True).otherwise(False)
    return Truth(true, ~true if present is None else present & ~true)


_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def plain(node: Node) -> str:
    """Return the name of a variable."""
    assert isinstance(node, Name)  # the parser lets nothing else through
    return node.name


def constant(value: Any) -> Value:
    """Return a value that is the same in every row."""
    if value is None:
        return Value(None, nw.lit(False), "nothing", True)
    if isinstance(value, date):
        return Value(moment(value), None, "day", True)
    kind = "truth" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"
    return Value(value, None, kind, True)


def day_of(literal: Node, value: Value) -> Value:
    """Return a day written as text as a day, anything else as it is."""
    day = as_day(literal.value) if isinstance(literal, Literal) else None
    return constant(day) if day else value


def column_of(value: Value, kind: str = "") -> Any:
    """Return a value as a narwhals expression, a constant too."""
    if value.kind == "nothing":
        empty: dict[str, Any] = {"number": 0, "text": ""}
        return nw.lit(empty.get(kind, moment(date(1970, 1, 1))))
    return nw.lit(value.expr) if value.constant else value.expr


def presence(value: Value) -> nw.Expr:
    """Return where a value is there, as an expression in any case."""
    return nw.lit(True) if value.present is None else value.present


def compared(sign: str, left: Value, right: Value) -> Truth:
    """Return the outcomes of a comparison; unlike things are never compared."""
    if "nothing" in (left.kind, right.kind):
        return Truth(nw.lit(False), nw.lit(False))
    if left.kind != right.kind:
        raise type_fault(
            f"A {left.kind} is compared with a {right.kind}",
            "both numbers, or both texts in quotes; codes of a text column stand in quotes",
        )
    if left.constant:
        left, right, sign = right, left, _MIRRORED.get(sign, sign)
    return split(both(left.present, right.present), _COMPARE[sign](left.expr, right.expr))


def conjunction(a: Truth, b: Truth) -> Truth:
    """Three-valued ``and``."""
    return Truth(a.true & b.true, a.false | b.false)


def disjunction(a: Truth, b: Truth) -> Truth:
    """Three-valued ``or``."""
    return Truth(a.true | b.true, a.false & b.false)
