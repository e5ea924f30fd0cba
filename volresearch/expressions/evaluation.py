"""The value of an expression for one answer set, in three-valued logic."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from volresearch.errors import VolResearchError, near
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
from volresearch.expressions.printing import printed

__all__ = ["compared", "either", "evaluated", "opposite", "type_fault"]

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPUTE: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_FUNCTION: dict[str, Callable[[Any], Any]] = {"log": math.log, "exp": math.exp, "sqrt": math.sqrt, "abs": abs}


def evaluated(node: Node, answers: Mapping[str, Any]) -> Any:
    """Return the value of a node; None is unknown."""
    match node:
        case Literal(value):
            return value
        case Name(name):
            return _answer(name, answers)
        case Negative(part):
            value = _number(part, answers)
            return None if value is None else -value
        case Arithmetic(sign, left, right):
            return _computed(sign, _number(left, answers), _number(right, answers))
        case Compare(sign, left, right):
            return compared(sign, evaluated(left, answers), evaluated(right, answers))
        case Member(item, options, negated):
            value = evaluated(item, answers)
            found = either(compared("==", value, option.value) for option in options)
            return opposite(found) if negated else found
        case Logic(word, parts):
            truths = (_truth(part, answers) for part in parts)
            return either(truths) if word == "or" else opposite(either(opposite(truth) for truth in truths))
        case Not(part):
            return opposite(_truth(part, answers))
        case Call(function, arguments):
            return _called(function, arguments, answers)


def _answer(name: str, answers: Mapping[str, Any]) -> Any:
    if name not in answers:
        raise VolResearchError(
            "expression.unknown_name", f'There is no variable "{name}".', hint=near(name, answers.keys())
        )
    value = answers[name]
    return None if value is None or (isinstance(value, float) and math.isnan(value)) else value


def _number(node: Node, answers: Mapping[str, Any]) -> Any:
    value = evaluated(node, answers)
    if value is not None and not is_number(value):
        raise type_fault(f"{printed(node)} is {value!r}, not a number", "numbers on both sides of + - * /")
    return value


def _truth(node: Node, answers: Mapping[str, Any]) -> bool | None:
    value = evaluated(node, answers)
    if value is not None and not isinstance(value, bool):
        raise type_fault(f"{printed(node)} is {value!r}, not a condition", "a comparison such as x == 1")
    return value


def _computed(sign: str, left: Any, right: Any) -> Any:
    if left is None or right is None or (sign == "/" and right == 0):
        return None
    return {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
    }[sign]()


def compared(sign: str, left: Any, right: Any) -> bool | None:
    """Compare two values; unknown where one is missing; text and numbers are never compared."""
    if left is None or right is None:
        return None
    if isinstance(left, str) != isinstance(right, str) or isinstance(left, bool) != isinstance(right, bool):
        raise type_fault(
            f"{left!r} and {right!r} are of different types", "both numbers, or both texts in quotes"
        )
    return bool(_COMPARE[sign](left, right))


def opposite(truth: bool | None) -> bool | None:
    """Three-valued ``not``."""
    return None if truth is None else not truth


def either(truths: Iterator[bool | None]) -> bool | None:
    """Three-valued ``or``."""
    seen = list(truths)
    return True if True in seen else None if None in seen else False


def _called(function: str, arguments: tuple[Node, ...], answers: Mapping[str, Any]) -> Any:
    if function == "is_missing":
        return evaluated(arguments[0], answers) is None
    if function == "selected":
        value, code = evaluated(arguments[0], answers), evaluated(arguments[1], answers)
        if value is None:
            return None
        many = value if isinstance(value, list | tuple | set | frozenset) else str(value).split()
        return str(code) in {str(one) for one in many}
    value = _number(arguments[0], answers)
    if value is None or (function == "log" and value <= 0) or (function == "sqrt" and value < 0):
        return None
    return _FUNCTION[function](value)


def type_fault(message: str, expected: str) -> VolResearchError:
    """Return the error of unlike things."""
    return VolResearchError("expression.type", message + ".", expected=expected)
