"""The instrument: a questionnaire, written once, as its YAML declares it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import model_validator

from volresearch.declare import Declared, FrozenMap, TextField
from volresearch.errors import Fault, VolResearchError, near
from volresearch.instruments.formula import Formula
from volresearch.instruments.items import Block, Choice, Entry, Item, Named, Scale, Score, Translation, walk
from volresearch.text import Text

if TYPE_CHECKING:
    from volresearch.datasets import Codebook

__all__ = ["Instrument"]


class Instrument(Declared):
    """A questionnaire.

    Parameters
    ----------
    id, version : str
        ``plugin.name`` and the version of this wording.
    title, description, purpose, what_not_to_claim : Text
        What it is, what it is for, and what its answers do not show.
    languages : mapping of language tag to Translation
        How far each language is; see `Translation`.
    standard, citation, licence : str
        What it follows, how to cite it, who may use it.
    unit : str
        Whom one filled form is about: person, organization, partnership.
    sides, waves : tuple of Named
        Who answers (host, sender, volunteer) and when (before, after).
    scales : tuple of Scale
        Lists of answers by name.
    items : tuple of Item and Block
        The questions in their order; blocks and repeats hold further items.
    scores : tuple of Score
        Numbers made of several answers.
    settings : mapping of str to str
        Settings of a form (``form_id``, ``style`` ...), word for word.
    default_language : str
        Language tag that a form opens in; empty for the first.
    extras : mapping
        What a foreign form has beyond this model, by a name of the reader's choice (sheets as tuples of
        rows), so that it can be written out again.

    Notes
    -----
    A reader of foreign forms builds it from Python: ``Instrument(id=..., title=Text(...), items=(Item(...),))``;
    sequences are tuples, texts are `Text`, formulas are `Formula`. Names may stand twice in foreign forms and
    lists may repeat a code; `faults` tells such things, building does not refuse them.

    Examples
    --------
    >>> form = Instrument(id="kenya.short", title=Text("Short form"), items=(Item(name="age", type="integer"),))
    >>> [item.name for item in form.questions]
    ['age']
    """

    id: str
    version: str = "1"
    title: TextField
    description: TextField = Text()
    purpose: TextField = Text()
    what_not_to_claim: TextField = Text()
    languages: Mapping[str, Translation] = FrozenMap()
    default_language: str = ""
    standard: str = ""
    citation: str = ""
    licence: str = ""
    unit: str = "person"
    minutes: str = ""
    sides: tuple[Named, ...] = ()
    waves: tuple[Named, ...] = ()
    scales: tuple[Scale, ...] = ()
    items: tuple[Entry, ...] = ()
    scores: tuple[Score, ...] = ()
    settings: Mapping[str, str] = FrozenMap()
    extras: Mapping[str, Any] = FrozenMap()

    @model_validator(mode="after")
    def _scales_differ(self) -> Instrument:
        names = [scale.name for scale in self.scales]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"scales declared twice: {', '.join(twice)}")
        return self

    def walk(self) -> Iterator[tuple[Item | Block, tuple[Block, ...]]]:
        """Yield every item and block in the order of the form, with the blocks around it."""
        return walk(self.items)

    @cached_property
    def all_items(self) -> tuple[Item, ...]:
        """Every item, at any depth, in order."""
        return tuple(entry for entry, _ in self.walk() if isinstance(entry, Item))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Every block and repeat, at any depth, in order."""
        return tuple(entry for entry, _ in self.walk() if isinstance(entry, Block))

    @property
    def questions(self) -> tuple[Item, ...]:
        """The items that somebody answers."""
        return tuple(item for item in self.all_items if item.asks)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of all items, each once, in order."""
        return tuple(dict.fromkeys(item.name for item in self.all_items))

    def item(self, name: str) -> Item:
        """Return an item by name.

        Raises
        ------
        VolResearchError
            ``instrument.item`` with the nearest names.
        """
        for item in self.all_items:
            if item.name == name:
                return item
        said = f'The instrument "{self.id}" has no item "{name}".'
        raise VolResearchError("instrument.item", said, hint=near(name, self.names))

    def around(self, name: str) -> tuple[Block, ...]:
        """Return the blocks around an item, outermost first."""
        return next(
            (blocks for entry, blocks in self.walk() if isinstance(entry, Item) and entry.name == name), ()
        )

    def scale(self, name: str) -> Scale | None:
        """Return a scale by name, None where there is none."""
        return next((scale for scale in self.scales if scale.name == name), None)

    def choices_of(self, item: Item | str) -> tuple[Choice, ...]:
        """Return the answers that an item offers; empty for what is not chosen from a list."""
        one = self.item(item) if isinstance(item, str) else item
        scale = self.scale(one.scale) if one.scale else None
        return scale.choices if scale else one.choices

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """Language tags: the declared ones, else all that the texts use."""
        if self.languages:
            return tuple(self.languages)
        return tuple(dict.fromkeys(tag for _, text in self.texts() for tag in text if tag != "und"))

    @property
    def drafts(self) -> tuple[str, ...]:
        """Languages whose translation no native speaker reviewed."""
        return tuple(tag for tag, one in self.languages.items() if one.status == "draft")

    def formulas(self) -> Iterator[tuple[str, str, Formula]]:
        """Yield every formula as name of item or block, key, formula."""
        for entry, _ in self.walk():
            for key in type(entry).model_fields:
                value = getattr(entry, key)
                if isinstance(value, Formula):
                    yield entry.name, key, value

    @property
    def verbatim(self) -> tuple[tuple[str, str, str], ...]:
        """What is kept in a foreign language and evaluated by nothing here: item, key, text."""
        return tuple((name, key, formula.text) for name, key, formula in self.formulas() if formula.verbatim)

    def texts(self) -> Iterator[tuple[str, Text]]:
        """Yield every multilingual text with its place, such as ``items.age.text``."""
        from volresearch.instruments.wording import texts_of

        return texts_of(self)

    def in_languages(self, *languages: str) -> Instrument:
        """Return it with the wordings of some languages only."""
        from volresearch.instruments.selection import in_languages

        return in_languages(self, languages)

    def for_side(self, side: str) -> Instrument:
        """Return what one side is asked, in its own wording."""
        from volresearch.instruments.selection import for_side

        return for_side(self, side)

    def for_wave(self, wave: str) -> Instrument:
        """Return what is asked in one wave."""
        from volresearch.instruments.selection import for_wave

        return for_wave(self, wave)

    def codebook(self, *, repeat: str | None = None, side: str | None = None) -> Codebook:
        """Return the codebook of its data: labels, kinds of missing and routing in every language.

        Parameters
        ----------
        repeat : str, optional
            Name of a repeat, whose answers are a table of their own; left out: the main table.
        side : str, optional
            Only what this side is asked.
        """
        from volresearch.datasets.from_instrument import codebook_of

        return codebook_of(self, repeat=repeat, side=side)

    def html(self, lang: str = "en", side: str | None = None) -> str:
        """Return a preview in one of its languages, from right to left where the language is written so."""
        from volresearch.instruments.preview import preview

        return preview(self, lang, side)

    def _repr_html_(self) -> str:
        return self.html(self.default_language or "en")

    def faults(self) -> tuple[Fault, ...]:
        """Return what is wrong with it beyond its form: unknown names, scales, sides; names that stand twice."""
        from volresearch.instruments.faults import faults_of

        return faults_of(self)

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data (dict, list, str, int, float, bool) without what is left at its default."""
        from volresearch.instruments.writing import as_data

        return as_data(self)

    def to_yaml(self) -> str:
        """Return it as the YAML of a declaration; reading that gives an equal instrument."""
        from volresearch.instruments.writing import to_yaml

        return to_yaml(self)

    def save(self, path: str | Path) -> Path:
        """Write it as YAML, in UTF-8 with LF; a file that is there is not overwritten.

        Raises
        ------
        VolResearchError
            ``export.exists``.
        """
        from volresearch.instruments.writing import save

        return save(self, Path(path))
