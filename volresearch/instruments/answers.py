"""Answers to a questionnaire: who was asked what, and which answers stand once routing and constraints are obeyed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from volresearch.instruments.formula import Formula
from volresearch.instruments.items import Block, Item
from volresearch.instruments.model import Instrument

__all__ = ["Cleaned", "Dropped", "clean_answers", "holds"]


@dataclass(frozen=True)
class Dropped:
    """An answer that does not stand: ``not_asked`` by the routing, ``invalid`` by code or constraint."""

    name: str
    reason: Literal["not_asked", "invalid"]
    iteration: int | None = None


@dataclass(frozen=True)
class Cleaned:
    """The answers that stand, with what was calculated, and those that were dropped."""

    answers: Mapping[str, Any]
    dropped: tuple[Dropped, ...]


def clean_answers(instrument: Instrument, answers: Mapping[str, Any]) -> Cleaned:
    """Return the answers that stand.

    An item whose condition is false or unknown was not asked. What depends on a dropped answer is judged
    without it. Formulas that are kept verbatim are passed over.

    Parameters
    ----------
    instrument : Instrument
    answers : mapping
        Name to value: codes as text, several codes as a tuple or with spaces between, numbers as numbers; a
        repeat has a sequence of mappings under its name.

    Examples
    --------
    >>> from volresearch.text import Text
    >>> items = (Item(name="age", type="integer"), Item(name="job", type="text", ask_if=Formula("age >= 15")))
    >>> clean_answers(Instrument(id="t.a", title=Text("A"), items=items), {"age": 9, "job": "cook"}).answers
    {'age': 9}
    """
    work = _Work(instrument)
    scope: dict[str, Any] = dict.fromkeys(instrument.names)
    scope |= {f"{item.name}_other": None for item in instrument.all_items if item.other_specify}
    out: dict[str, Any] = {}
    work.take(instrument.items, answers, scope, out, None)
    return Cleaned(out, tuple(work.dropped))


def holds(formula: Formula | None, scope: Mapping[str, Any]) -> bool | None:
    """Return whether a condition is true; None is unknown. What is not there or verbatim counts as true."""
    if formula is None or formula.expression is None:
        return True
    value = formula.expression.evaluate(scope)
    return value if value is None else bool(value)


class _Work:
    """One pass over a form."""

    def __init__(self, instrument: Instrument) -> None:
        self.form = instrument
        self.dropped: list[Dropped] = []

    def take(
        self,
        entries: Iterable[Item | Block],
        given: Mapping[str, Any],
        scope: dict[str, Any],
        out: dict[str, Any],
        iteration: int | None,
    ) -> None:
        for entry in entries:
            if isinstance(entry, Item):
                self.item(entry, given, scope, out, iteration)
            elif not holds(entry.ask_if, scope):
                self.drop(entry, given, iteration)
            elif entry.kind == "repeat":
                self.repeat(entry, given, scope, out)
            else:
                self.take(entry.items, given, scope, out, iteration)

    def repeat(
        self, block: Block, given: Mapping[str, Any], scope: dict[str, Any], out: dict[str, Any]
    ) -> None:
        rows = list(given.get(block.name) or ())
        most = [len(rows)] if block.at_most is None else [len(rows), block.at_most]
        count = block.count.expression.evaluate(scope) if block.count and block.count.expression else None
        if isinstance(count, int | float):
            most.append(max(int(count), 0))
        kept = []
        for number, row in enumerate(rows):
            if number >= min(most):
                self.drop(block, {block.name: [row]}, number)
                continue
            inner: dict[str, Any] = {}
            self.take(block.items, row, dict(scope), inner, number)
            kept.append(inner)
        if kept:
            out[block.name] = tuple(kept)

    def item(
        self,
        item: Item,
        given: Mapping[str, Any],
        scope: dict[str, Any],
        out: dict[str, Any],
        iteration: int | None,
    ) -> None:
        value = given.get(item.name)
        asked = holds(item.ask_if, scope)
        if item.type == "calculate" and item.calculation and item.calculation.expression:
            value = item.calculation.expression.evaluate(scope) if asked else None
        if value is None:
            return
        other = f"{item.name}_other"
        reason: Literal["not_asked", "invalid"] | None = None if asked else "not_asked"
        if reason is None and not self.offered(item, value):
            reason = "invalid"
        if reason is None and holds(item.constraint, {**scope, item.name: value}) is False:
            reason = "invalid"
        if reason:
            self.dropped.append(Dropped(item.name, reason, iteration))
            return
        scope[item.name] = out[item.name] = value
        if item.other_specify and given.get(other) is not None:
            if item.other_specify.code in codes_of(value):
                scope[other] = out[other] = given[other]
            else:
                self.dropped.append(Dropped(other, "not_asked", iteration))

    def offered(self, item: Item, value: Any) -> bool:
        codes = {choice.code for choice in self.form.choices_of(item)}
        return not codes or set(codes_of(value)) <= codes

    def drop(self, block: Block, given: Mapping[str, Any], iteration: int | None) -> None:
        for entry in block.items:
            if isinstance(entry, Block):
                self.drop(entry, given, iteration)
            elif given.get(entry.name) is not None:
                self.dropped.append(Dropped(entry.name, "not_asked", iteration))
        rows = given.get(block.name) if block.kind == "repeat" else None
        for number, row in enumerate(rows or ()):
            at = number if iteration is None else iteration
            names = [name for name in row if row[name] is not None]
            self.dropped += [Dropped(name, "not_asked", at) for name in names]


def codes_of(value: Any) -> tuple[str, ...]:
    """Return the codes of an answer, one or several."""
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(str(code) for code in value)
    return tuple(str(value).split()) if isinstance(value, str) else (str(value),)
