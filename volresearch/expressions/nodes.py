"""The nodes of a parsed expression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

__all__ = [
    "FUNCTIONS",
    "OF_VARIABLE",
    "WITH_LITERAL",
    "WORDS",
    "Arithmetic",
    "Call",
    "Compare",
    "Function",
    "Literal",
    "Logic",
    "Member",
    "Name",
    "Negative",
    "Node",
    "Not",
    "children",
    "depth",
    "is_number",
    "names_in",
]


class Function(NamedTuple):
    """How many arguments a function takes, how it is written, and what it says."""

    least: int
    most: int
    usage: str
    says: str


MANY = 1000

#: Functions by name.
FUNCTIONS: dict[str, Function] = {
    "is_missing": Function(1, 1, "is_missing(x)", "the variable has no valid answer"),
    "reason": Function(1, 1, "reason(x)", "why the variable has no valid answer; '' where it has one"),
    "selected": Function(2, 2, "selected(x, 'code')", "the code is among the answers of a multiple choice"),
    "count_selected": Function(1, 1, "count_selected(x)", "number of answers of a multiple choice"),
    "if": Function(3, 3, "if(condition, a, b)", "a where the condition holds, b where it does not"),
    "coalesce": Function(2, MANY, "coalesce(a, b)", "the first that is not missing"),
    "log": Function(1, 1, "log(x)", "natural logarithm"),
    "exp": Function(1, 1, "exp(x)", "exponential"),
    "sqrt": Function(1, 1, "sqrt(x)", "square root"),
    "abs": Function(1, 1, "abs(x)", "absolute value"),
    "round": Function(1, 1, "round(x)", "nearest whole number; halves go up"),
    "int": Function(1, 1, "int(x)", "whole number, the fraction cut off"),
    "mod": Function(2, 2, "mod(a, b)", "remainder of a / b, with the sign of a"),
    "length": Function(1, 1, "length(x)", "number of characters of a text"),
    "concat": Function(1, MANY, "concat(a, b)", "texts one after another"),
    "contains": Function(2, 2, "contains(x, 'part')", "the part stands somewhere in the text"),
    "starts_with": Function(2, 2, "starts_with(x, 'part')", "the text begins with the part"),
    "ends_with": Function(2, 2, "ends_with(x, 'part')", "the text ends with the part"),
    "matches": Function(2, 2, "matches(x, 'pattern')", "the whole text has the form of the pattern"),
    "date": Function(1, 1, "date('2026-01-31') or date(x)", "a day"),
    "today": Function(0, 0, "today()", "the day of evaluation"),
    "year": Function(1, 1, "year(x)", "year of a day"),
    "month": Function(1, 1, "month(x)", "month of a day, 1 to 12"),
    "day": Function(1, 1, "day(x)", "day of its month, 1 to 31"),
}
#: Functions whose first argument is a variable, and those whose second is a text or number as written.
OF_VARIABLE = {"is_missing", "reason", "selected", "count_selected"}
WITH_LITERAL = {"selected", "contains", "starts_with", "ends_with", "matches"}
#: Words that cannot be bare names.
WORDS = {"and", "or", "not", "in", "true", "false"}


@dataclass(frozen=True)
class Literal:
    """A number, a text or a truth value."""

    value: float | int | str | bool


@dataclass(frozen=True)
class Name:
    """A variable."""

    name: str


@dataclass(frozen=True)
class Negative:
    """Minus a number."""

    part: Node


@dataclass(frozen=True)
class Arithmetic:
    """``+ - * /`` of two numbers; ``-`` also of two days, which gives days."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Compare:
    """``== != < <= > >=`` of two values."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Member:
    """``in`` or ``not in`` a list of literals."""

    item: Node
    options: tuple[Literal, ...]
    negated: bool


@dataclass(frozen=True)
class Logic:
    """``and`` or ``or`` of two or more conditions."""

    word: str
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Not:
    """``not`` a condition."""

    part: Node


@dataclass(frozen=True)
class Call:
    """A function of `FUNCTIONS`."""

    function: str
    arguments: tuple[Node, ...]


Node = Literal | Name | Negative | Arithmetic | Compare | Member | Logic | Not | Call


def is_number(value: Any) -> bool:
    """Whether a value is a number, truth values not counted."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below."""
    match node:
        case Literal() | Name():
            return ()
        case Negative(part) | Not(part):
            return (part,)
        case Arithmetic(_, left, right) | Compare(_, left, right):
            return (left, right)
        case Member(item, options, _):
            return (item, *options)
        case Logic(_, parts):
            return parts
        case Call(_, arguments):
            return arguments


def depth(node: Node) -> int:
    """Depth of the tree, without recursion."""
    deepest, open_nodes = 0, [(node, 1)]
    while open_nodes:
        one, level = open_nodes.pop()
        deepest = max(deepest, level)
        open_nodes += [(child, level + 1) for child in children(one)]
    return deepest


def names_in(node: Node) -> Iterator[str]:
    """Yield the variables below a node, in their order."""
    if isinstance(node, Name):
        yield node.name
    for child in children(node):
        yield from names_in(child)
