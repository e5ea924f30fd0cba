"""What is wrong with an instrument beyond the form of its YAML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from volresearch.errors import Fault, Where, fault, near
from volresearch.instruments.items import Block, Item

if TYPE_CHECKING:
    from volresearch.instruments.model import Instrument

__all__ = ["faults_of"]


def faults_of(instrument: Instrument) -> tuple[Fault, ...]:
    """Return unknown names, scales, sides and waves, and what stands twice; see `Instrument.faults`."""
    return (
        *_twice(instrument),
        *_references(instrument),
        *_formulas(instrument),
        *_scores(instrument),
        *_languages(instrument),
    )


def _fault(place: str, message: str, hint: str = "") -> Fault:
    return fault("instrument.invalid", message, where=Where(path=place), hint=hint)


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _twice(instrument: Instrument) -> Iterator[Fault]:
    for name in _repeated(item.name for item in instrument.all_items):
        yield _fault(f"items.{name}", f'The name "{name}" stands twice.')
    for name in _repeated(score.name for score in instrument.scores):
        yield _fault(f"scores.{name}", f'The score "{name}" stands twice.')
    for scale in instrument.scales:
        for code in _repeated(choice.code for choice in scale.choices):
            yield _fault(f"scales.{scale.name}", f'The code "{code}" stands twice.')
    for item in instrument.all_items:
        for code in _repeated(choice.code for choice in item.choices):
            yield _fault(f"items.{item.name}", f'The code "{code}" stands twice.')


def _references(instrument: Instrument) -> Iterator[Fault]:
    scales = [scale.name for scale in instrument.scales]
    sides = [side.name for side in instrument.sides]
    waves = [wave.name for wave in instrument.waves]
    for entry, _ in instrument.walk():
        place = f"items.{entry.name}"
        if entry.scale and entry.scale not in scales:
            yield _fault(place, f'There is no scale "{entry.scale}".', near(entry.scale, scales))
        named = (*entry.sides, *(entry.wording if isinstance(entry, Item) else ()))
        for side in dict.fromkeys(name for name in named if name not in sides):
            yield _fault(place, f'There is no side "{side}".', near(side, sides))
        for wave in (name for name in entry.waves if name not in waves):
            yield _fault(place, f'There is no wave "{wave}".', near(wave, waves))
        if isinstance(entry, Item) and entry.other_specify:
            codes = [choice.code for choice in instrument.choices_of(entry)]
            if entry.other_specify.code not in codes:
                yield _fault(
                    place,
                    f'There is no answer "{entry.other_specify.code}" to specify.',
                    near(entry.other_specify.code, codes),
                )
        if isinstance(entry, Block) and not entry.items:
            yield _fault(place, "The block is empty.")


def _formulas(instrument: Instrument) -> Iterator[Fault]:
    known = {item.name for item in instrument.all_items} | {block.name for block in instrument.blocks}
    for item in instrument.all_items:
        if item.other_specify:
            known.add(f"{item.name}_other")
    for name, key, formula in instrument.formulas():
        columns = _columns(instrument, name) if key == "choice_filter" else set()
        for used in formula.names:
            if used not in known | columns:
                yield _fault(f"items.{name}.{key}", f'There is no item "{used}".', near(used, known))


def _columns(instrument: Instrument, name: str) -> set[str]:
    choices = instrument.choices_of(name)
    return {"name", "label", *(column for choice in choices for column in choice.extras)}


def _scores(instrument: Instrument) -> Iterator[Fault]:
    for score in instrument.scores:
        place = f"scores.{score.name}"
        for name in (name for name in score.items if name not in instrument.names):
            yield _fault(place, f'There is no item "{name}".', near(name, instrument.names))
        for name in (name for name in score.reverse if name not in score.items):
            yield _fault(place, f'"{name}" is reversed but not among the items.', near(name, score.items))
        if score.minimum_answered is not None and not 1 <= score.minimum_answered <= len(score.items):
            yield _fault(place, f"minimum_answered is not between 1 and {len(score.items)}.")
        for item in (instrument.item(name) for name in score.items if name in instrument.names):
            numbers = [choice.number for choice in instrument.choices_of(item) if not choice.missing]
            if item.type in {"one", "range", "integer", "decimal"} and None not in numbers:
                continue
            yield _fault(place, f'The answers of "{item.name}" are no numbers.')


def _languages(instrument: Instrument) -> Iterator[Fault]:
    if instrument.default_language and instrument.default_language not in instrument.tags:
        said = f'The default language "{instrument.default_language}" is not among the languages.'
        yield _fault("default_language", said, near(instrument.default_language, instrument.tags))
