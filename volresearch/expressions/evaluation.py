"""The value of an expression for one answer set, in three-valued logic."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from volresearch.errors import VolResearchError, near
from volresearch.expressions.days import as_day
from volresearch.expressions.nodes import (
    Arithmetic,
    Call,
    Compare,
    Literal,
    Logic,
    Member,
    Name,
    Negative,
    Node,
    Not,
    is_number,
)
from volresearch.expressions.patterns import matches
from volresearch.expressions.printing import printed

__all__ = ["BLANK", "Answers", "compared", "either", "evaluated", "opposite", "type_fault"]

#: The reason that an empty answer stands for where nothing else is known.
BLANK = "no_answer"

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_NUMERIC: dict[str, Callable[[Any], Any]] = {
    "log": lambda x: math.log(x) if x > 0 else None,
    "exp": lambda x: math.exp(x) if x < 709 else math.inf,
    "sqrt": lambda x: math.sqrt(x) if x >= 0 else None,
    "abs": abs,
    "round": lambda x: math.floor(x + 0.5),
    "int": math.trunc,
}
_TEXTUAL: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "matches": matches,
}


@dataclass(frozen=True)
class Answers:
    """One answer set: values by name, declared missing codes with their reasons, and the day of evaluation.

    A companion ``<name>__why`` among the values gives the reason of a value that is missing, or its declared code.
    """

    values: Mapping[str, Any]
    missing: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    today: date | None = None

    def value(self, name: str) -> Any:
        """Return an answer, None where it is missing."""
        raw = self.raw(name)
        return None if raw is None or str(raw) in self.missing.get(name, ()) else raw

    def raw(self, name: str) -> Any:
        """Return an answer with its declared missing codes; a moment as its day."""
        if name not in self.values:
            raise VolResearchError(
                "expression.unknown_name", f'There is no variable "{name}".', hint=near(name, self.values)
            )
        value = self.values[name]
        if hasattr(value, "item") and not isinstance(value, str):
            value = value.item()
        if value is None or value != value or type(value).__name__ == "NAType":
            return None
        return as_day(value) if isinstance(value, date) else value

    def reason(self, name: str) -> str:
        """Return why an answer is missing, '' where it is not."""
        raw, why = self.raw(name), self.values.get(f"{name}__why")
        codes = self.missing.get(name, {})
        if raw is not None:
            return codes.get(str(raw), "")
        return codes.get(why, why) if isinstance(why, str) and why else codes.get("", BLANK)


def evaluated(node: Node, answers: Answers) -> Any:
    """Return the value of a node; None is unknown."""
    match node:
        case Literal(value):
            return value
        case Name(name):
            return answers.value(name)
        case Negative(part):
            value = _number(part, answers)
            return None if value is None else -value
        case Arithmetic(sign, left, right):
            return _computed(node, sign, evaluated(left, answers), evaluated(right, answers))
        case Compare(sign, left, right):
            return compared(sign, *_days_alike(left, right, answers))
        case Member(item, options, negated):
            found = either(compared("==", *_days_alike(item, option, answers)) for option in options)
            return opposite(found) if negated else found
        case Logic(word, parts):
            truths = (_truth(part, answers) for part in parts)
            return either(truths) if word == "or" else opposite(either(opposite(truth) for truth in truths))
        case Not(part):
            return opposite(_truth(part, answers))
        case Call(function, arguments):
            return _called(function, arguments, answers)


def _days_alike(left: Node, right: Node, answers: Answers) -> tuple[Any, Any]:
    """Evaluate two sides; a day written as text beside a day is a day."""
    a, b = evaluated(left, answers), evaluated(right, answers)
    if isinstance(a, date) and isinstance(right, Literal):
        b = as_day(b) or b
    if isinstance(b, date) and isinstance(left, Literal):
        a = as_day(a) or a
    return a, b


def _number(node: Node, answers: Answers) -> Any:
    return _as_number(node, evaluated(node, answers))


def _as_number(node: Node, value: Any) -> Any:
    if value is not None and not is_number(value):
        raise type_fault(f"{printed(node)} is {value!r}, not a number", "numbers on both sides of + - * /")
    return value


def _truth(node: Node, answers: Answers) -> bool | None:
    value = evaluated(node, answers)
    if value is not None and not isinstance(value, bool):
        raise type_fault(f"{printed(node)} is {value!r}, not a condition", "a comparison such as x == 1")
    return value


def _text(node: Node, answers: Answers) -> str | None:
    value = evaluated(node, answers)
    if value is not None and not isinstance(value, str):
        raise type_fault(f"{printed(node)} is {value!r}, not a text", "a text")
    return value


def _day(node: Node, answers: Answers) -> date | None:
    value = evaluated(node, answers)
    if isinstance(node, Literal):
        value = as_day(value)
    if value is not None and not isinstance(value, date):
        raise type_fault(f"{printed(node)} is {value!r}, not a day", "a date, such as date('2026-01-31')")
    return value


def _computed(node: Arithmetic, sign: str, left: Any, right: Any) -> Any:
    if sign == "-" and isinstance(left, date) and isinstance(right, date):
        return (left - right).days
    if left is None or right is None:
        return None
    left, right = _as_number(node.left, left), _as_number(node.right, right)
    if sign == "/" and right == 0:
        return None
    done = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
    try:
        return done[sign](left, right)
    except OverflowError:
        return math.inf


def compared(sign: str, left: Any, right: Any) -> bool | None:
    """Compare two values; unknown where one is missing; unlike things are never compared."""
    if left is None or right is None:
        return None
    if _kind(left) != _kind(right):
        raise type_fault(
            f"{left!r} and {right!r} are of different types", "both numbers, or both texts in quotes"
        )
    return bool(_COMPARE[sign](left, right))


def _kind(value: Any) -> str:
    kinds = {"truth": bool, "number": (int, float), "text": str, "day": date}
    return next((kind for kind, types in kinds.items() if isinstance(value, types)), type(value).__name__)  # type: ignore[arg-type]


def opposite(truth: bool | None) -> bool | None:
    """Three-valued ``not``."""
    return None if truth is None else not truth


def either(truths: Iterator[bool | None]) -> bool | None:
    """Three-valued ``or``."""
    seen = list(truths)
    return True if True in seen else None if None in seen else False


def _called(function: str, arguments: tuple[Node, ...], answers: Answers) -> Any:
    if function in _NUMERIC:
        number = _number(arguments[0], answers)
        return None if number is None or math.isinf(number) else _NUMERIC[function](number)
    if function in _TEXTUAL:
        text = _text(arguments[0], answers)
        return None if text is None else _TEXTUAL[function](text, str(evaluated(arguments[1], answers)))
    return _OTHERS[function](arguments, answers)


def _name(node: Node) -> str:
    assert isinstance(node, Name)  # the parser lets nothing else through
    return node.name


def _chosen(value: Any) -> list[str]:
    many = value if isinstance(value, list | tuple | set | frozenset) else str(value).split(" ")
    return [str(one) for one in many if str(one)]


def _selected(arguments: tuple[Node, ...], answers: Answers) -> bool | None:
    value, code = evaluated(arguments[0], answers), str(evaluated(arguments[1], answers))
    if value is None:
        return None
    if isinstance(value, str):
        return bool(code) and f" {code} " in f" {value} "  # a code may hold a space itself
    return code in _chosen(value)


def _count_selected(arguments: tuple[Node, ...], answers: Answers) -> int | None:
    value = evaluated(arguments[0], answers)
    return None if value is None else len(_chosen(value))


def _if(arguments: tuple[Node, ...], answers: Answers) -> Any:
    truth = _truth(arguments[0], answers)
    return None if truth is None else evaluated(arguments[1 if truth else 2], answers)


def _coalesce(arguments: tuple[Node, ...], answers: Answers) -> Any:
    values = (evaluated(argument, answers) for argument in arguments)
    return next((value for value in values if value is not None), None)


def _mod(arguments: tuple[Node, ...], answers: Answers) -> Any:
    a, b = (_number(argument, answers) for argument in arguments)
    return None if a is None or b is None or b == 0 else a - b * math.trunc(a / b)


def _concat(arguments: tuple[Node, ...], answers: Answers) -> str | None:
    texts = [_text(argument, answers) for argument in arguments]
    return None if None in texts else "".join(text for text in texts if text is not None)


def _length(arguments: tuple[Node, ...], answers: Answers) -> int | None:
    text = _text(arguments[0], answers)
    return None if text is None else len(text)


def _part_of_day(part: str) -> Callable[[tuple[Node, ...], Answers], int | None]:
    def found(arguments: tuple[Node, ...], answers: Answers) -> int | None:
        day = _day(arguments[0], answers)
        return None if day is None else int(getattr(day, part))

    return found


_OTHERS: dict[str, Callable[[tuple[Node, ...], Answers], Any]] = {
    "is_missing": lambda arguments, answers: evaluated(arguments[0], answers) is None,
    "reason": lambda arguments, answers: answers.reason(_name(arguments[0])),
    "selected": _selected,
    "count_selected": _count_selected,
    "if": _if,
    "coalesce": _coalesce,
    "mod": _mod,
    "concat": _concat,
    "length": _length,
    "date": lambda arguments, answers: _day(arguments[0], answers),
    "today": lambda arguments, answers: answers.today or date.today(),
    "year": _part_of_day("year"),
    "month": _part_of_day("month"),
    "day": _part_of_day("day"),
}


def type_fault(message: str, expected: str) -> VolResearchError:
    """Return the error of unlike things."""
    return VolResearchError("expression.type", message + ".", expected=expected)
