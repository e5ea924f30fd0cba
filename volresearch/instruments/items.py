"""What a questionnaire is made of: answers to choose from, items, blocks and repeats, scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import Discriminator, Tag, model_validator

from volresearch.declare import Code, Declared, FrozenMap, MissingReason, TextField
from volresearch.instruments.formula import FormulaField
from volresearch.text import Text

__all__ = [
    "CHOOSING",
    "SENSITIVE_TYPES",
    "SILENT",
    "TYPES",
    "Block",
    "Choice",
    "Entry",
    "Item",
    "ItemType",
    "Named",
    "OtherSpecify",
    "Scale",
    "Score",
    "Translation",
    "walk",
]

ItemType = Literal[
    "one", "several", "ranking", "integer", "decimal", "range", "text", "date", "time", "datetime",
    "consent", "roster", "geopoint", "geotrace", "geoshape", "image", "audio", "video", "file", "barcode",
    "note", "calculate", "hidden", "metadata", "external", "other",
]  # fmt: skip

#: All types of items.
TYPES: tuple[str, ...] = get_args(ItemType)
#: Types whose answers are codes of a scale.
CHOOSING = frozenset({"one", "several", "ranking", "roster"})
#: Types that ask nothing.
SILENT = frozenset({"note", "calculate", "hidden", "metadata", "external"})
#: Types that identify a person by their nature.
SENSITIVE_TYPES = frozenset({"geopoint", "geotrace", "geoshape", "image", "audio", "video", "file"})


class Named(Declared):
    """A side (host, sender, volunteer) or a wave (before, after) by name, with its label."""

    name: str
    label: TextField = Text()


class Translation(Declared):
    """How far one language of a questionnaire is.

    ``original`` is the language it was written in; ``draft`` was not reviewed by a native speaker and does
    not go to the field; ``reviewed`` says by whom and when. ``name`` is how a foreign form calls the
    language (``English (en)``), so that it goes back out under that name.
    """

    status: Literal["original", "draft", "reviewed"] = "draft"
    reviewed_by: str = ""
    date: str = ""
    name: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _says_by_whom(self) -> Translation:
        if self.status == "reviewed" and not self.reviewed_by:
            raise ValueError("a reviewed translation says by whom: the key reviewed_by is missing")
        return self


class Choice(Declared):
    """One answer to choose from.

    ``missing`` says that this answer is no answer (don't know, refused); ``value`` is what it counts in a
    score where that is not the code itself; ``media`` maps image, audio, video to a file per language;
    ``extras`` keeps further columns of a foreign form, which a choice filter may name.
    """

    code: Code
    label: TextField = Text()
    missing: MissingReason | None = None
    value: float | None = None
    media: Mapping[str, TextField] = FrozenMap()
    extras: Mapping[str, str] = FrozenMap()

    @property
    def number(self) -> float | None:
        """What the answer counts in a score; None for kinds of missing and for codes that are words."""
        if self.missing or self.value is not None:
            return None if self.missing else self.value
        try:
            return float(self.code)
        except ValueError:
            return None


class Scale(Declared):
    """A list of answers that several items share.

    ``external`` marks a list that a form keeps in a sheet or file of its own; then ``file`` may name it.
    """

    name: str
    choices: tuple[Choice, ...] = ()
    external: bool = False
    file: str = ""
    extras: Mapping[str, str] = FrozenMap()

    @property
    def valid(self) -> tuple[Choice, ...]:
        """The answers that are answers: without kinds of missing."""
        return tuple(choice for choice in self.choices if not choice.missing)


class OtherSpecify(Declared):
    """ "Other, please specify": the code that opens a field of text, and the text of that field.

    The answer is stored as ``<item>_other``.
    """

    code: Code = "other"
    text: TextField = Text()


class Item(Declared):
    """One question, note or calculation.

    Parameters
    ----------
    name : str
        The variable. Within the parsed formulas of an instrument it is known by this name alone.
    type : str
        One of `TYPES`. ``metadata`` (start, deviceid, today ...) says which in ``parameters["source"]``;
        ``other`` keeps what is unknown here, with the foreign type in ``extras``.
    text, hint, guidance : Text
        What is asked, what is shown below it, what only the interviewer sees.
    wording : mapping of side to Text
        The text for one side, where the sides are asked the same thing in other words.
    sides, waves : tuple of str
        Who is asked and when; empty for all.
    scale, choices : str, tuple of Choice
        A shared scale by name, or answers of the item's own.
    choices_file : str
        A file of answers outside of the form.
    other_specify : OtherSpecify
        An answer that asks for words.
    ask_if, constraint, required, read_only, calculation, choice_filter : Formula
        See `Formula`; ``required`` and ``read_only`` are also true or false.
    default : str
        The answer that stands there before anyone answers, word for word.
    reference_period : str
        The time that the question is about, such as ``4 weeks``: another one breaks comparability.
    coded_to : str
        The classification that a text is coded to afterwards, such as ``ISCO-08``.
    sensitive : bool
        Whether the answer may identify or harm a person.
    media, parameters, extras : mapping
        Files shown with the text; settings of the type (``start``, ``end``, ``step`` of a range, all as
        text); further columns of a foreign form by their header.
    """

    name: str
    type: ItemType
    text: TextField = Text()
    hint: TextField = Text()
    guidance: TextField = Text()
    wording: Mapping[str, TextField] = FrozenMap()
    sides: tuple[str, ...] = ()
    waves: tuple[str, ...] = ()
    scale: str = ""
    choices: tuple[Choice, ...] = ()
    choices_file: str = ""
    other_specify: OtherSpecify | None = None
    ask_if: FormulaField | None = None
    constraint: FormulaField | None = None
    constraint_message: TextField = Text()
    required: bool | FormulaField = False
    required_message: TextField = Text()
    read_only: bool | FormulaField = False
    default: str = ""
    calculation: FormulaField | None = None
    trigger: str = ""
    choice_filter: FormulaField | None = None
    appearance: str = ""
    unit: str = ""
    reference_period: str = ""
    coded_to: str = ""
    measures: str = ""
    sensitive: bool = False
    media: Mapping[str, TextField] = FrozenMap()
    parameters: Mapping[str, str] = FrozenMap()
    extras: Mapping[str, str] = FrozenMap()

    @model_validator(mode="after")
    def _has_answers(self) -> Item:
        if self.scale and self.choices:
            raise ValueError("an item has a scale or choices, not both")
        if self.type in CHOOSING and not (self.scale or self.choices or self.choices_file or self.extras):
            raise ValueError(f"an item of type {self.type} needs a scale, choices or choices_file")
        if self.type == "calculate" and not (self.calculation or self.default or self.extras):
            raise ValueError('an item of type calculate needs the key "calculation"')
        return self

    @property
    def asks(self) -> bool:
        """Whether somebody answers it."""
        return self.type not in SILENT

    @property
    def identifying(self) -> bool:
        """Whether its answers stay in the private folder: declared so, or by its type."""
        return self.sensitive or self.type in SENSITIVE_TYPES

    def text_for(self, side: str | None = None) -> Text:
        """Return the text that a side reads."""
        return self.wording.get(side, self.text) if side else self.text


class Block(Declared):
    """Items that belong together; a ``repeat`` is answered several times (a loop over activities).

    ``count`` says how many times, where that is known beforehand; ``at_most`` bounds it. ``extras`` keeps
    further columns of a foreign form; ``closing`` those of the row that ends the group there.
    """

    name: str
    text: TextField = Text()
    hint: TextField = Text()
    kind: Literal["group", "repeat", "loop"] = "group"
    items: tuple[Entry, ...]
    sides: tuple[str, ...] = ()
    waves: tuple[str, ...] = ()
    ask_if: FormulaField | None = None
    count: FormulaField | None = None
    at_most: int | None = None
    scale: str = ""
    appearance: str = ""
    media: Mapping[str, TextField] = FrozenMap()
    extras: Mapping[str, str] = FrozenMap()
    closing: Mapping[str, str] = FrozenMap()


def _kind(value: Any) -> str:
    nested = "items" in value if isinstance(value, Mapping) else isinstance(value, Block)
    return "block" if nested else "item"


#: An item, or a block of them.
Entry = Annotated[
    Annotated[Item, Tag("item")] | Annotated[Block, Tag("block")],
    Discriminator(_kind),
]

Block.model_rebuild()


class Score(Declared):
    """A number made of several answers.

    ``reverse`` names the items that count the other way round; ``minimum_answered`` is how many answers it
    takes (all of them where it is left out); ``percent_of_maximum`` runs from 0 to 100.
    """

    name: str
    title: TextField = Text()
    items: tuple[str, ...]
    reverse: tuple[str, ...] = ()
    method: Literal["mean", "sum", "percent_of_maximum"] = "mean"
    minimum_answered: int | None = None
    note: TextField = Text()


def walk(
    entries: tuple[Item | Block, ...], inside: tuple[Block, ...] = ()
) -> Iterator[tuple[Item | Block, tuple[Block, ...]]]:
    """Yield every entry in the order of the form, with the blocks around it, outermost first."""
    for entry in entries:
        yield entry, inside
        if isinstance(entry, Block):
            yield from walk(entry.items, (*inside, entry))
