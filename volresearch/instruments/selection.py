"""Parts of an instrument: some of its languages, one of its sides or waves; and the mark of a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from volresearch.errors import VolResearchError, near
from volresearch.instruments.items import Block, Item
from volresearch.instruments.model import Instrument
from volresearch.text import Text, language_name, mark, tr

__all__ = ["for_side", "for_wave", "in_languages", "marked_as_draft"]

T = TypeVar("T")

_DRAFT = mark("Draft")
_NOT_REVIEWED = mark("Draft translation: not reviewed by a native speaker, not for the field.")
_OTHERS = mark("Draft: not reviewed by a native speaker in {languages}; not for the field.")


def in_languages(instrument: Instrument, languages: tuple[str, ...]) -> Instrument:
    """Return the instrument with the wordings of some languages only.

    Raises
    ------
    VolResearchError
        ``text.language`` for one that it does not have.
    """
    for lang in (lang for lang in languages if lang not in instrument.tags):
        raise VolResearchError(
            "text.language",
            f'The instrument "{instrument.id}" has no "{lang}".',
            hint=near(lang, instrument.tags),
        )
    kept = _with_texts(instrument, lambda text: _kept(text, languages))
    declared = {tag: one for tag, one in instrument.languages.items() if tag in languages}
    default = instrument.default_language if instrument.default_language in languages else ""
    return changed(kept, languages=declared, default_language=default)


def for_side(instrument: Instrument, side: str) -> Instrument:
    """Return what one side is asked, in its own wording.

    Raises
    ------
    VolResearchError
        ``instrument.item`` for an unknown side.
    """
    _known(side, [one.name for one in instrument.sides], "side")

    def asked(entry: Item | Block) -> Item | Block | None:
        if entry.sides and side not in entry.sides:
            return None
        if isinstance(entry, Item):
            return changed(entry, text=entry.text_for(side), wording={}, sides=())
        return changed(entry, sides=())

    sides = tuple(one for one in instrument.sides if one.name == side)
    return changed(instrument, items=_filtered(instrument.items, asked), sides=sides)


def for_wave(instrument: Instrument, wave: str) -> Instrument:
    """Return what is asked in one wave.

    Raises
    ------
    VolResearchError
        ``instrument.item`` for an unknown wave.
    """
    _known(wave, [one.name for one in instrument.waves], "wave")

    def asked(entry: Item | Block) -> Item | Block | None:
        return None if entry.waves and wave not in entry.waves else entry

    return changed(instrument, items=_filtered(instrument.items, asked))


def marked_as_draft(instrument: Instrument) -> Instrument:
    """Return the instrument with "Draft" in title, version and first item, in all its languages.

    A form shows its title on every page.
    """
    drafts = ", ".join(language_name(tag) for tag in instrument.drafts)
    title = {tag: f"[{tr(_DRAFT, tag)}] {wording}" for tag, wording in instrument.title.items()}
    said = Text(
        {
            tag: tr(_NOT_REVIEWED, tag) if tag in instrument.drafts else tr(_OTHERS, tag, languages=drafts)
            for tag in instrument.tags
        }
    )
    name = "draft_notice"
    while name in instrument.names:
        name += "_"
    notice = Item(name=name, type="note", text=said)
    return changed(
        instrument,
        title=Text(title),
        version=f"{instrument.version}-draft",
        items=(notice, *instrument.items),
    )


def changed(model: T, **values: Any) -> T:
    """Return a model with some fields changed, validated anew; nothing computed is carried over."""
    assert isinstance(model, BaseModel)
    now = {name: getattr(model, name) for name in model.model_fields_set}
    return type(model)(**{**now, **values})


def _known(name: str, known: list[str], what: str) -> None:
    if name not in known:
        raise VolResearchError("instrument.item", f'There is no {what} "{name}".', hint=near(name, known))


def _filtered(
    entries: tuple[Item | Block, ...], asked: Callable[[Item | Block], Item | Block | None]
) -> tuple[Item | Block, ...]:
    out = []
    for entry in entries:
        kept = asked(entry)
        if isinstance(kept, Block):
            inner = _filtered(kept.items, asked)
            kept = changed(kept, items=inner) if inner else None
        if kept is not None:
            out.append(kept)
    return tuple(out)


def _kept(text: Text, languages: tuple[str, ...]) -> Text:
    wordings = {tag: wording for tag, wording in text.items() if tag in languages or tag == "und"}
    return Text(wordings)


def _with_texts(value: T, change: Callable[[Text], Text]) -> T:
    """Return the same thing with every text in it changed."""
    made: Any = value
    if isinstance(value, Text):
        made = change(value)
    elif isinstance(value, BaseModel):
        fields = {name: getattr(value, name) for name in value.model_fields_set}
        made = type(value)(**{name: _with_texts(one, change) for name, one in fields.items()})
    elif isinstance(value, tuple):
        made = tuple(_with_texts(one, change) for one in value)
    elif isinstance(value, Mapping):
        made = {name: _with_texts(one, change) for name, one in value.items()}
    return made  # type: ignore[no-any-return]
