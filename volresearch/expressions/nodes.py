"""The nodes of a parsed expression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

__all__ = [
    "FUNCTIONS",
    "WORDS",
    "Arithmetic",
    "Call",
    "Compare",
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

#: Functions by name: how many arguments, and what they say.
FUNCTIONS: dict[str, tuple[int, str]] = {
    "is_missing": (1, "the variable has no valid answer"),
    "selected": (2, "the code is among the answers of a multiple choice"),
    "log": (1, "natural logarithm"),
    "exp": (1, "exponential"),
    "sqrt": (1, "square root"),
    "abs": (1, "absolute value"),
}
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
    """``+ - * /`` of two numbers."""

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
