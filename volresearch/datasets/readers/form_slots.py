"""What a form says there is to answer: one slot for each item, in the main table or in that of its repeat."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from volresearch.datasets.codebook import Variable
from volresearch.datasets.from_instrument import variables_of
from volresearch.datasets.readers.several import code_of
from volresearch.instruments import CHOOSING, Block, Choice, Formula, Instrument, Item
from volresearch.text import Text
from volresearch.text.names import as_name, is_name

__all__ = ["MANY", "Slot", "identifier", "slots_of"]

#: Types of items whose answer is several codes.
MANY = frozenset({"several", "ranking", "roster"})
_TAG = re.compile(
    r"</?(?:a|b|big|br|center|code|div|em|font|h[1-6]|hr|i|img|label|li|ol|p|pre|s|small|span|strong|style|sub|sup|table"
    r"|tbody|td|th|tr|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_KINDS = {"datetime": "datetime", "time": "time"}
_SOURCES = {"start": "datetime", "end": "datetime", "today": "date"}


@dataclass(frozen=True)
class Slot:
    """One item of a form and the variable that its answers are.

    Attributes
    ----------
    name : str
        Of the variable: the item's name where no other item of its table has it, else with as much of the path
        before it as tells it apart.
    item, around : Item, tuple of Block
        The item (for a loop: as it is asked of one option), and the blocks around it.
    path : tuple of str
        Names of the blocks around it, options of loops, and its own name, as the form writes them.
    repeat : tuple of str
        The path of the innermost repeat; empty for the main table.
    choices : tuple of Choice
        Each code once: of codes that stand twice the first.
    variable, other : Variable
        Of the answer, and of the text of "other, please specify". A note has none.
    also : tuple of Choice
        The others of codes that stand twice in the list under different labels.
    """

    name: str
    item: Item
    around: tuple[Block, ...]
    path: tuple[str, ...]
    repeat: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    variable: Variable | None = None
    other: Variable | None = None
    also: tuple[Choice, ...] = ()

    @property
    def many(self) -> bool:
        """Whether the answer is several codes."""
        return self.item.type in MANY

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its list."""
        return tuple(choice.code for choice in self.choices)


def slots_of(form: Instrument) -> tuple[Slot, ...]:
    """Return the slots of a form, in its order; names are unique within a table.

    Examples
    --------
    >>> form = Instrument(id="t.a", title=Text("A"), items=(Block(name="g", items=(Item(name="age", type="integer"),)),))
    >>> [(slot.name, slot.path, slot.variable.type) for slot in slots_of(form)]
    [('age', ('g', 'age'), 'integer')]
    """
    slots = [
        slot
        for entry, around in form.walk()
        if isinstance(entry, Item)
        for slot in _slots(form, entry, around)
    ]
    names = _names([(slot.repeat, slot.path) for slot in slots])
    return tuple(_named(slot, name) for slot, name in zip(slots, names, strict=True))


def identifier(words: str) -> str:
    """Return words as the name of a variable: letters of any script, digits and ``_``.

    >>> identifier("ice.creams"), identifier("7 states")
    ('ice_creams', '_7_states')
    """
    out = as_name(words.strip()) or "_"
    return out if is_name(out) else f"_{out}"


def _slots(form: Instrument, item: Item, around: tuple[Block, ...]) -> Iterator[Slot]:
    """Yield the slot of an item; within loops, one for each option."""
    loops = [block for block in around if block.kind == "loop" and block.scale and _listed(form, block)]
    for options in product(*(_listed(form, block) for block in loops)):
        chosen = {block.name: option for block, option in zip(loops, options, strict=True)}
        path: list[str] = []
        repeat: tuple[str, ...] = ()
        for block in around:
            path.append(block.name)
            if block.name in chosen:
                path.append(chosen[block.name].code)
            if block.kind == "repeat":
                repeat = tuple(path)
        asked = _asked_of(item, options)
        choices, also = _each_once(form.choices_of(item))
        variables = list(variables_of(form, asked, around))
        yield Slot(
            item.name, asked, around, (*path, item.name), repeat, choices,
            _variable(variables[0], asked, choices) if variables else None,
            variables[1] if len(variables) > 1 else None, also,
        )  # fmt: skip


def _listed(form: Instrument, loop: Block) -> tuple[Choice, ...]:
    scale = form.scale(loop.scale)
    return _each_once(scale.choices)[0] if scale else ()


def _asked_of(item: Item, options: tuple[Choice, ...]) -> Item:
    """Return an item as a loop asks it of an option: ``%(name)s`` and ``%(label)s`` are filled in."""
    for option in options:
        label = option.label or Text(option.code)
        tags = dict.fromkeys([*item.text, *label])
        text = {tag: _filled(item.text.get_in(tag), option, label.get_in(tag)) for tag in tags}
        changes: dict[str, Any] = {"text": Text({tag: words for tag, words in text.items() if words})}
        if item.ask_if and not item.ask_if.verbatim:
            changes["ask_if"] = Formula.of(item.ask_if.text.replace("%(name)s", option.code.replace("'", "")))
        item = item.model_copy(update=changes)
    return item


def _filled(words: str, option: Choice, label: str) -> str:
    if "%(" in words:
        return words.replace("%(name)s", option.code).replace("%(label)s", label)
    return " - ".join(part for part in (label, words) if part)


def _each_once(choices: Iterable[Choice]) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """Return the first choice of each code, and those that say the code again under another label."""
    first: dict[str, Choice] = {}
    also = []
    for choice in choices:
        if first.setdefault(choice.code, choice).label != choice.label:
            also.append(choice)
    return tuple(first.values()), tuple(also)


def _variable(variable: Variable, item: Item, choices: tuple[Choice, ...]) -> Variable:
    """Return a variable with the types that data have, and with the labels of the first of each code."""
    kind = _KINDS.get(item.type) or _SOURCES.get(item.parameters.get("source", "")) or variable.type
    changes: dict[str, Any] = {"type": kind, "label": _plain(variable.label)}
    if variable.question:
        changes["question"] = _plain(variable.question)
    if variable.type in {"code", "multiple"} and item.type in CHOOSING | {"calculate", "consent"}:
        coded = code_of if variable.type == "multiple" else str
        changes["labels"] = {
            coded(one.code): _plain(one.label) or Text(one.code) for one in choices if one.code
        }
        changes["missing"] = {coded(one.code): one.missing for one in choices if one.missing}
    return Variable.model_validate({**dict(variable), **changes})


def _plain(text: Text) -> Text:
    """Return wordings without HTML, which REDCap and others keep in labels."""
    return Text({tag: _without_markup(words) for tag, words in text.items()})


def _without_markup(words: str) -> str:
    """Return words without HTML tags and entities; ``<`` and ``>`` of a sentence stay.

    >>> _without_markup("<b>Age</b>&nbsp;(if &lt; 5<br/>or a < b)")
    'Age (if < 5 or a < b)'
    """
    if "<" not in words and "&" not in words:
        return words
    return " ".join(html.unescape(_TAG.sub(" ", words)).split())


def _names(places: list[tuple[tuple[str, ...], tuple[str, ...]]]) -> list[str]:
    """Return a name for each (repeat, path): the shortest end of the path that no other one in its table has."""
    ends = Counter(
        (repeat, "_".join(map(identifier, path[start:])))
        for repeat, path in places
        for start in range(len(path))
    )
    taken: set[tuple[tuple[str, ...], str]] = set()
    out = []
    for repeat, path in places:
        options = ["_".join(map(identifier, path[start:])) for start in reversed(range(len(path)))]
        name = next((one for one in options if ends[repeat, one] == 1), options[-1])
        number = 2
        while (repeat, name) in taken:
            name, number = f"{options[-1]}_{number}", number + 1
        taken.add((repeat, name))
        out.append(name)
    return out


def _named(slot: Slot, name: str) -> Slot:
    """Return a slot whose variables are called by its name."""
    variable = slot.variable.model_copy(update={"name": name}) if slot.variable else None
    other = slot.other.model_copy(update={"name": f"{name}_other"}) if slot.other else None
    return replace(slot, name=name, variable=variable, other=other)
