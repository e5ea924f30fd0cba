"""The codebook of the data that a questionnaire gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from volresearch.datasets.codebook import Codebook, Variable
from volresearch.errors import VolResearchError, near
from volresearch.expressions import Arithmetic, Compare, Logic, Member, Negative, Not
from volresearch.instruments import Block, Choice, Instrument, Item
from volresearch.text import LANGUAGES, Text, mark, tr

__all__ = ["codebook_of", "variables_of"]

_TYPES = {
    "one": "code", "consent": "code", "several": "multiple", "ranking": "multiple", "roster": "multiple",
    "integer": "integer", "decimal": "number", "range": "number", "date": "date",
}  # fmt: skip

_ASKED_IF = mark("Asked if {condition}.")
_ASKED_OF = mark("Asked of: {sides}.")


def codebook_of(instrument: Instrument, *, repeat: str | None = None, side: str | None = None) -> Codebook:
    """Return the codebook of a questionnaire's data.

    Parameters
    ----------
    instrument : Instrument
    repeat : str, optional
        Name of a repeat: the variables of its table, one row an iteration. Left out: the main table.
    side : str, optional
        Only what this side is asked, in its wording.

    Returns
    -------
    Codebook
        Labels of variables and codes in every language of the questionnaire; codes that are no answers with
        their reason; an empty cell of an item with routing counts as ``not_asked``.

    Raises
    ------
    VolResearchError
        ``instrument.item`` for an unknown repeat or side.

    Examples
    --------
    >>> from volresearch.text import Text
    >>> item = Item(name="sex", type="one", choices=(Choice(code="f"), Choice(code="8", missing="refused")))
    >>> book = codebook_of(Instrument(id="t.a", title=Text("A"), items=(item,)))
    >>> book["sex"].type, dict(book["sex"].missing)
    ('code', {'8': 'refused'})
    """
    form = instrument.for_side(side) if side else instrument
    repeats = [block.name for block in form.blocks if block.kind == "repeat"]
    if repeat is not None and repeat not in repeats:
        raise VolResearchError(
            "instrument.item", f'There is no repeat "{repeat}".', hint=near(repeat, repeats)
        )
    variables: dict[str, Variable] = {}
    for entry, around in form.walk():
        inside = [block.name for block in around if block.kind == "repeat"]
        if isinstance(entry, Item) and (inside[-1] if inside else None) == repeat:
            for variable in variables_of(form, entry, around):
                variables.setdefault(variable.name, variable)
    return Codebook(variables=tuple(variables.values()))


def variables_of(form: Instrument, item: Item, around: tuple[Block, ...]) -> Iterator[Variable]:
    """Yield the variables that one item makes: its own, and that of "other, please specify"; a note makes none.

    Parameters
    ----------
    form : Instrument
        Whose scales and sides the item uses.
    item : Item
    around : tuple of Block
        The blocks around it, outermost first.
    """
    if item.type == "note":
        return
    choices = {choice.code: choice for choice in form.choices_of(item)}
    kind: Any = _kind(item, bool(choices))
    routed = bool(
        item.ask_if or item.sides or item.waves or any(b.ask_if or b.sides or b.waves for b in around)
    )
    coded = kind in {"code", "multiple"}
    yield Variable(
        name=item.name,
        type=kind,
        label=item.text or Text(item.name),
        labels={code: choice.label or Text(code) for code, choice in choices.items()} if coded else {},
        missing=_missing(choices) if coded else {},
        blank="not_asked" if routed else "no_answer",
        unit=item.unit if kind in {"integer", "number"} else "",
        question=item.text or None,
        note=_note(form, item, around),
    )
    if item.other_specify:
        text = item.other_specify.text or item.text or Text(item.name)
        yield Variable(name=f"{item.name}_other", label=text, question=text, blank="not_asked")


def _missing(choices: dict[str, Choice]) -> dict[str, Any]:
    return {code: choice.missing for code, choice in choices.items() if choice.missing}


def _kind(item: Item, listed: bool) -> str:
    if item.type != "calculate":
        return _TYPES.get(item.type, "text")
    if listed:
        return "code"
    expression = item.calculation.expression if item.calculation else None
    if expression is None:
        return "text"
    if isinstance(expression.node, Compare | Member | Logic | Not):
        return "code"
    return "number" if isinstance(expression.node, Arithmetic | Negative) or item.unit else "text"


def _note(form: Instrument, item: Item, around: tuple[Block, ...]) -> Text | None:
    conditions = [block.ask_if for block in around if block.ask_if] + ([item.ask_if] if item.ask_if else [])
    condition = " and ".join(f"({one})" if len(conditions) > 1 else str(one) for one in conditions)
    labels = {side.name: side.label for side in form.sides}
    tags = form.tags or LANGUAGES
    words = {}
    for tag in tags:
        sides = ", ".join(labels[name].get_in(tag) or name for name in item.sides if name in labels)
        parts = (
            tr(_ASKED_IF, tag, condition=condition) if condition else "",
            tr(_ASKED_OF, tag, sides=sides) if sides else "",
        )
        said = " ".join(part for part in parts if part)
        if said:
            words[tag] = said
    return Text(words) if words else None
