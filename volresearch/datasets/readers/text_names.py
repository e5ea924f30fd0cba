"""Names that expressions can use, made of the words of a header."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from volresearch.datasets.readers.text_headers import unique
from volresearch.datasets.typed import WHY
from volresearch.text import Text
from volresearch.text.names import as_name, is_name

__all__ = ["identifier_of", "identifiers_of", "is_identifier", "label_of"]

_LONGEST = 64
#: Words of the expression language, which no variable may be called.
_WORDS = frozenset({"and", "or", "not", "in", "true", "false", "null"})


def is_identifier(name: str) -> bool:
    """Whether expressions can name it: letters of any script, digits and _, not beginning with a digit."""
    return is_name(name) and name.lower() not in _WORDS


def identifier_of(header: str) -> str:
    """Return a name made of a header.

    >>> identifier_of("How old are you?"), identifier_of("2020"), identifier_of("¿Años?"), identifier_of("not")
    ('How_old_are_you', '_2020', 'Años', 'not_')
    """
    plain = as_name(unicodedata.normalize("NFC", header)).strip("_") or "column"
    if header.startswith("_") and not plain.startswith("_"):
        plain = f"_{plain}"
    if len(plain) > _LONGEST:
        cut = plain[:_LONGEST]
        plain = cut.rsplit("_", 1)[0] if "_" in cut[_LONGEST // 2 :] else cut
    if not is_name(plain):
        plain = f"_{plain}"
    return f"{plain}_" if plain.lower() in _WORDS else plain


def identifiers_of(names: Iterable[str], kept: Iterable[str] = ()) -> dict[str, str]:
    """Return a name for each column, none twice; those `kept` stay as they are, companions go with their variable."""
    stay = set(kept)
    columns = [name for name in names if name not in stay]
    known = set(columns)
    own = [name for name in columns if not (name.endswith(WHY) and name.removesuffix(WHY) in known)]
    # What is a name already keeps it; those that are made must not take it.
    good = [name for name in own if is_identifier(name)]
    made = [name for name in own if not is_identifier(name)]
    called, _ = unique([*stay, *good, *(identifier_of(name) for name in made)])
    out = dict(zip([*stay, *good, *made], called, strict=True))
    for name in columns:
        if name not in out:
            out[name] = f"{out[name.removesuffix(WHY)]}{WHY}"
    return out


def label_of(header: str) -> Text:
    """Return a header that was words as a label; what was only a name is none."""
    words = header.strip()
    return Text(words) if re.search(r"\s|[^\x00-\x7f]", words) else Text()
