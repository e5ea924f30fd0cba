"""From nodes to text; reading the text again gives the same nodes."""

from __future__ import annotations

import re

from volresearch.expressions.nodes import (
    WORDS,
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
from volresearch.text.names import NAME_PATTERN

__all__ = ["printed"]

_RANK = {"or": 1, "and": 2, "not": 3, "compare": 4, "+": 5, "-": 5, "*": 6, "/": 6, "sign": 7, "atom": 8}


def _rank(node: Node) -> int:
    match node:
        case Logic(word, _):
            return _RANK[word]
        case Not():
            return _RANK["not"]
        case Compare() | Member():
            return _RANK["compare"]
        case Arithmetic(sign, _, _):
            return _RANK[sign]
        case Negative():
            return _RANK["sign"]
        case Literal(value):
            return _RANK["sign"] if is_number(value) and value < 0 else _RANK["atom"]  # type: ignore[operator]
        case _:
            return _RANK["atom"]


def _inside(node: Node, least: int) -> str:
    text = printed(node)
    return text if _rank(node) >= least else f"({text})"


def printed(node: Node) -> str:
    """Return the text of a node."""
    match node:
        case Literal(value):
            return _printed_literal(value)
        case Name(name):
            return (
                name
                if re.fullmatch(rf"{NAME_PATTERN}(?:\.\w+)*", name) and name not in WORDS
                else f"`{name}`"
            )
        case Negative(part):
            literal = isinstance(part, Literal)
            return f"-({printed(part)})" if literal else f"-{_inside(part, _RANK['sign'])}"
        case Arithmetic(sign, left, right):
            return f"{_inside(left, _RANK[sign])} {sign} {_inside(right, _RANK[sign] + 1)}"
        case Compare(sign, left, right):
            return f"{_inside(left, 5)} {sign} {_inside(right, 5)}"
        case Member(item, options, negated):
            listed = ", ".join(printed(option) for option in options)
            return f"{_inside(item, 5)} {'not in' if negated else 'in'} [{listed}]"
        case Logic(word, parts):
            return f" {word} ".join(_inside(part, _RANK[word] + 1) for part in parts)
        case Not(part):
            return f"not {_inside(part, _RANK['not'])}"
        case Call(function, arguments):
            return f"{function}({', '.join(printed(argument) for argument in arguments)})"


def _printed_literal(value: float | int | str | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return repr(value)
