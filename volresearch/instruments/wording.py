"""Every text of a questionnaire, with its place: for coverage, comparison and the choice of languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pydantic import BaseModel

from volresearch.text import Text

if TYPE_CHECKING:
    from volresearch.instruments.model import Instrument

__all__ = ["missing_wordings", "texts_of"]


def texts_of(instrument: Instrument) -> Iterator[tuple[str, Text]]:
    """Yield every text that is there, as place and text; see `Instrument.texts`."""
    return _texts("", instrument)


def missing_wordings(instrument: Instrument, lang: str) -> tuple[str, ...]:
    """Return the places whose text has no wording in `lang`; a text without language counts for all."""
    return tuple(place for place, text in instrument.texts() if lang not in text and "und" not in text)


def _texts(place: str, value: object) -> Iterator[tuple[str, Text]]:
    if isinstance(value, Text):
        if value:
            yield place, value
    elif isinstance(value, BaseModel):
        for key in type(value).model_fields:
            if key not in {"extras", "closing", "settings"}:
                yield from _texts(f"{place}.{key}" if place else key, getattr(value, key))
    elif isinstance(value, tuple):
        for number, one in enumerate(value):
            name = getattr(one, "name", None) or getattr(one, "code", None) or str(number)
            yield from _texts(f"{place}.{name}", one)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _texts(f"{place}.{name}", one)
