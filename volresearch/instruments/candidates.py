"""The answers worth trying: for each question, enough values to make every condition on it true and false.

A condition on codes looks at the codes that it names and at no other, so those and one more stand for all; a
comparison of numbers changes at the number beside it, so that number and its neighbours stand for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from volresearch.errors import VolResearchError
from volresearch.expressions import Arithmetic, Call, Compare, Expression, Literal, Member, Name, Node
from volresearch.expressions.nodes import children, is_number, names_in
from volresearch.instruments.items import Item
from volresearch.instruments.model import Instrument

__all__ = ["Candidates", "tried_out"]

_NUMBERS = frozenset({"integer", "decimal", "range"})
_MOST_CODES = 12
#: Functions that look at nothing but whether codes are there.
_SIMPLE = frozenset({"selected", "is_missing", "reason", "if", "coalesce", "count_selected"})


class Candidates:
    """What to try for each item of one instrument."""

    def __init__(self, instrument: Instrument) -> None:
        self.form = instrument
        self.formulas = [one.expression.node for _, _, one in instrument.formulas() if one.expression]
        self.about: dict[str, list[Node]] = {}
        for node in self.formulas:
            for name in dict.fromkeys(names_in(node)):
                self.about.setdefault(name, []).append(node)

    def of(self, item: Item, state: Mapping[str, Any]) -> list[Any]:
        """Return answers to try, given the answers before; no answer is not among them."""
        codes = [choice.code for choice in self.form.choices_of(item)]
        if codes:
            return self._codes(item, codes)
        if item.type in _NUMBERS:
            return self._numbers(item, state)
        if item.type == "consent":
            return ["OK"]
        texts = [value for value in self._beside(item.name, state) if isinstance(value, str)]
        return list(dict.fromkeys([*texts, "2020-06-15" if item.type == "date" else "words"]))

    def unknown(self, item: Item, state: Mapping[str, Any]) -> list[Any]:
        """Return what a calculation may give that nothing here evaluates: what it is compared with, or nothing."""
        values = [value for value in self._beside(item.name, state) if value is not None]
        return [*dict.fromkeys(value for value in values if isinstance(value, type(values[0]))), None]

    def exact(self, item: Item) -> bool:
        """Whether the tried answers stand for all: where none is allowed, none is."""
        if item.type in {"one", "ranking", "consent"}:
            return True
        node = item.constraint.expression.node if item.constraint and item.constraint.expression else None
        return item.type in _NUMBERS and node is not None and all(self._plain(item.name, node))

    def _plain(self, name: str, node: Node) -> Iterator[bool]:
        if isinstance(node, Compare):
            yield Name(name) in (node.left, node.right)
        elif isinstance(node, Member):
            yield node.item == Name(name)
        else:
            below = children(node)
            yield bool(below)
            for child in below:
                yield from self._plain(name, child)

    def _codes(self, item: Item, codes: list[str]) -> list[Any]:
        literals = {str(one) for node in self.about.get(item.name, ()) for one in _literals(node)}
        named = [code for code in codes if code in literals]
        rest = [code for code in codes if code not in literals]
        if any(_ordered(node, item.name) for node in self.about.get(item.name, ())):
            named, rest = codes[:_MOST_CODES], []
        if item.type == "one":
            return [*named, *rest[:1]]
        singles = [*named, *rest[:2]]
        pairs = [f"{a} {b}" for i, a in enumerate(singles) for b in singles[i + 1 :]]
        return [*singles, *pairs[:_MOST_CODES], " ".join(codes)]

    def _numbers(self, item: Item, state: Mapping[str, Any]) -> list[Any]:
        beside = [value for value in self._beside(item.name, state) if is_number(value)]
        step = (0.0, 1.0, -1.0) if item.type == "integer" else (0.0, 1.0, -1.0, 0.5, -0.5)
        tried = [value + add for value in (*beside, 0, 1) for add in step]
        if item.type == "integer":
            return list(dict.fromkeys(int(value) for value in tried if value == int(value)))
        return list(dict.fromkeys(float(value) for value in tried))

    def _beside(self, name: str, state: Mapping[str, Any]) -> Iterator[Any]:
        """Yield what the item is compared with, calculated from the answers before."""
        for node in self.about.get(name, ()):
            for one in _below(node):
                if isinstance(one, Compare) and Name(name) in (one.left, one.right):
                    yield _value(one.right if one.left == Name(name) else one.left, state)
                elif isinstance(one, Literal):
                    yield one.value


def tried_out(node: Node) -> bool:
    """Whether the answers that are tried make a formula take every value that it can take."""
    for one in _below(node):
        if isinstance(one, Call) and one.function not in _SIMPLE:
            return False
        if isinstance(one, Arithmetic) and next(names_in(one), None) is not None:
            return False
    return True


def _value(node: Node, state: Mapping[str, Any]) -> Any:
    try:
        return Expression(node).evaluate(state)
    except VolResearchError:
        return None


def _below(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _below(child)


def _literals(node: Node) -> Iterator[Any]:
    return (one.value for one in _below(node) if isinstance(one, Literal))


def _ordered(node: Node, name: str) -> bool:
    """Whether a condition looks at more than whether the answer equals a code that it names."""
    for one in _below(node):
        if isinstance(one, Compare) and Name(name) in (one.left, one.right):
            other = one.right if one.left == Name(name) else one.left
            if one.sign not in {"==", "!="} or not isinstance(other, Literal):
                return True
    return False
