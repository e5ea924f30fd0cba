"""Does the routing reach every item, and does it end? Decided by trying answers, with the counter-example told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from volresearch.errors import Fault, VolResearchError, Where, fault
from volresearch.instruments.answers import holds
from volresearch.instruments.candidates import Candidates, tried_out
from volresearch.instruments.formula import Formula
from volresearch.instruments.items import Block, Item
from volresearch.instruments.model import Instrument

__all__ = ["TRIED_AT_MOST", "Routing", "check_routing", "routing_faults"]

#: Answer sets that are tried for one item; beyond, the question is left open and named.
TRIED_AT_MOST = 20_000
_LOOKED_FURTHER = 3_000
_UNKNOWABLE = frozenset({"metadata", "external", "hidden", "other"})


@dataclass
class _Search:
    """What the search for one item found."""

    reached: bool = False
    tried: int = 0
    over: bool = False
    dead_end: dict[str, Any] | None = None
    nearest: dict[str, Any] = field(default_factory=dict)
    refused: str = ""
    true: int = -1
    unlike: str = ""


@dataclass(frozen=True)
class Routing:
    """What a check of the routing found: faults, and the items for which trying answers was given up."""

    faults: tuple[Fault, ...]
    undecided: tuple[str, ...]


def routing_faults(instrument: Instrument) -> tuple[Fault, ...]:
    """Return the faults that `check_routing` finds."""
    return check_routing(instrument).faults


def check_routing(instrument: Instrument) -> Routing:
    """Find items that no answers reach, dead ends, and routing that goes in circles.

    Each fault tells the answers that show it. Formulas kept verbatim count as true.

    Examples
    --------
    >>> from volresearch.text import Text
    >>> items = (
    ...     Item(name="age", type="integer", constraint=Formula("age >= 15")),
    ...     Item(name="school", type="text", ask_if=Formula("age < 12")),
    ... )
    >>> print(check_routing(Instrument(id="t.a", title=Text("A"), items=items)).faults[0].message)
    No answers lead to "school": it is asked if age < 12, which is false for age = 15.
    """
    found = list(_checked(instrument))
    faults = tuple(one for one, _ in found if one is not None)
    return Routing(faults, tuple(name for one, name in found if one is None))


def _checked(instrument: Instrument) -> Iterator[tuple[Fault | None, str]]:
    circles = list(_circles(instrument))
    for one in circles:
        yield one, ""
    if circles:
        return
    work = _Work(instrument)
    for item in instrument.all_items:
        conditions = work.conditions[item.name]
        if not conditions and not item.constraint:
            continue
        found = work.search(item)
        if not found.reached and (found.over or not work.exact(item)):
            yield None, item.name
        elif found.unlike:
            yield _fault(item.name, found.unlike), item.name
        elif not found.reached:
            asked = " and ".join(formula.text for formula in conditions)
            said = f'No answers lead to "{item.name}": it is asked if {asked}'
            why = f", which is false for {_told(found.nearest)}" if found.nearest else ""
            if found.refused != asked and why:
                why = f"; for {_told(found.nearest)}, {found.refused} is false"
            yield _fault(item.name, f"{said}{why}."), item.name
        if found.dead_end is not None and work.exact(item):
            said = f'"{item.name}" must be answered, but its constraint {item.constraint} allows no answer'
            yield _fault(item.name, f"{said} for {_told(found.dead_end) or 'anybody'}."), item.name


def _fault(name: str, message: str) -> Fault:
    return fault("instrument.routing", message, where=Where(path=f"items.{name}"))


def _told(state: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value!r}" for name, value in state.items() if value is not None)


def _circles(instrument: Instrument) -> Iterator[Fault]:
    """Yield conditions that wait for a later answer, counts that their own repeat gives, circular calculations."""
    order = {item.name: number for number, item in reversed(list(enumerate(instrument.all_items)))}
    items = {item.name: item for item in reversed(instrument.all_items)}

    def answers(names: tuple[str, ...], seen: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the questions that a formula waits for, calculations followed."""
        for name in names:
            item = items.get(name)
            if name in seen:
                yield name, (*seen, name)
            elif item is not None and item.type == "calculate" and item.calculation:
                yield from answers(item.calculation.names, (*seen, name))
            elif item is not None:
                yield name, (*seen, name)

    for entry, _ in instrument.walk():
        first = _first(entry, order)
        for key, formula in _steering(entry):
            for name, way in answers(formula.names, (entry.name,) if key == "calculation" else ()):
                steps = " -> ".join(way)
                if name in way[:-1]:
                    yield _fault(entry.name, f'The calculation of "{entry.name}" goes in a circle: {steps}.')
                elif key in {"ask_if", "count"} and order[name] >= first:
                    said = f'Whether "{entry.name}" is asked depends on "{name}", which is not answered before it'
                    if key == "count":
                        said = f'How often "{entry.name}" is repeated depends on "{name}", which is not answered before it'
                    yield _fault(entry.name, f"{said} ({key}: {formula.text}).")
                elif key == "constraint" and order[name] > first:
                    said = f'The constraint of "{entry.name}" looks ahead to "{name}" ({formula.text}).'
                    yield _fault(entry.name, said)


def _first(entry: Item | Block, order: Mapping[str, int]) -> int:
    while isinstance(entry, Block):
        if not entry.items:
            return len(order)
        entry = entry.items[0]
    return order[entry.name]


def _steering(entry: Item | Block) -> Iterator[tuple[str, Formula]]:
    for key in ("ask_if", "count", "constraint", "calculation"):
        formula = getattr(entry, key, None)
        if formula is not None:
            yield key, formula


class _Work:
    """The search for the items of one instrument."""

    def __init__(self, instrument: Instrument) -> None:
        self.form = instrument
        self.items: dict[str, Item] = {}
        self.conditions: dict[str, list[Formula]] = {}
        for entry, around in instrument.walk():
            if isinstance(entry, Item) and entry.name not in self.items:
                self.items[entry.name] = entry
                way: tuple[Item | Block, ...] = (*around, entry)
                found = [one.ask_if for one in way if one.ask_if is not None]
                self.conditions[entry.name] = list(dict.fromkeys(found))
        self.order = {name: number for number, name in enumerate(self.items)}
        self.candidates = Candidates(instrument)
        self.blank: dict[str, Any] = dict.fromkeys(self.items)
        self.blank |= {block.name: None for block in instrument.blocks}
        self.blank |= {f"{name}_other": None for name, item in self.items.items() if item.other_specify}

    def search(self, item: Item) -> _Search:
        """Try the answers before `item` until it is reached; a required one with a constraint is tried on."""
        found = _Search()
        before = self._needed(item)
        strict = bool(item.required) and item.constraint is not None and self.candidates.exact(item)
        alone = item.constraint is None or set(item.constraint.names) <= {item.name}
        limit = TRIED_AT_MOST
        try:
            for state in self._states(before, found):
                self._judge(item, before, state, found, strict)
                if found.reached and (not strict or alone or found.dead_end is not None):
                    break
                limit = (
                    min(limit, found.tried + _LOOKED_FURTHER)
                    if found.reached and limit == TRIED_AT_MOST
                    else limit
                )
                if found.tried >= limit:
                    break
        except VolResearchError as error:
            found.unlike = f"{error.message} (routing of {item.name})"
        return found

    def exact(self, item: Item) -> bool:
        """Whether trying answers decides: a pattern, a sum or what a device records cannot be tried out."""
        names = [*self._needed(item), item.name]
        if any(self._unknowable(self.items[name]) for name in names):
            return False
        formulas = [formula for name in names for formula in self._about(self.items[name])]
        return all(tried_out(formula.expression.node) for formula in formulas if formula.expression)

    def _unknowable(self, item: Item) -> bool:
        known = item.calculation is not None and item.calculation.expression is not None
        looped = any(block.kind == "loop" for block in self.form.around(item.name))
        return looped or item.type in _UNKNOWABLE or (item.type == "calculate" and not known)

    def _judge(
        self, item: Item, before: list[str], state: dict[str, Any], found: _Search, strict: bool
    ) -> None:
        truths = [(formula, holds(formula, state)) for formula in self.conditions[item.name]]
        true = sum(truth is True for _, truth in truths)
        if true < len(truths):
            if true > found.true:
                found.true, found.nearest = true, {name: state[name] for name in before}
                found.refused = next(formula.text for formula, truth in truths if truth is not True)
            return
        found.reached = True
        if strict and not self._allowed(item, state):
            found.dead_end = {name: value for name, value in state.items() if value is not None}

    def _needed(self, item: Item) -> list[str]:
        """Return the items whose answers decide about `item`, in the order of the form."""
        needed: set[str] = set()
        waiting = {name for formula in self._about(item) for name in formula.names}
        while waiting:
            name = waiting.pop()
            if name in self.items and name not in needed and name != item.name:
                needed.add(name)
                waiting |= {one for formula in self._about(self.items[name]) for one in formula.names}
        return sorted(needed, key=self.order.__getitem__)

    def _about(self, item: Item) -> list[Formula]:
        own = [one for one in (item.constraint, item.calculation) if one is not None]
        return [*self.conditions[item.name], *own]

    def _states(self, names: list[str], found: _Search) -> Iterator[dict[str, Any]]:
        """Yield sets of answers to `names`, obeying routing and constraints on the way, without recursion."""
        open_states: list[tuple[int, dict[str, Any]]] = [(0, dict(self.blank))]
        while open_states:
            at, state = open_states.pop()
            found.tried += 1
            if found.tried > TRIED_AT_MOST:
                found.over = True
                return
            if at == len(names):
                yield state
                continue
            item = self.items[names[at]]
            values = list(self._values(item, state))
            # the last one in is tried first: keep the order of the candidates
            open_states += [(at + 1, {**state, item.name: value}) for value in reversed(values)]

    def _values(self, item: Item, state: dict[str, Any]) -> Iterator[Any]:
        if not all(holds(formula, state) for formula in self.conditions[item.name]):
            yield None
        elif item.type == "calculate":
            known = item.calculation.expression if item.calculation else None
            yield from [known.evaluate(state)] if known else self.candidates.unknown(item, state)
        else:
            allowed = self._allowed(item, state)
            yield from allowed
            if item.required is not True or not allowed:
                yield None

    def _allowed(self, item: Item, state: dict[str, Any]) -> list[Any]:
        tried = self.candidates.of(item, state)
        return [value for value in tried if holds(item.constraint, {**state, item.name: value}) is not False]
