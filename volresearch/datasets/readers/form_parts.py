"""What comes along with an item: coordinates, comments, addresses of files; and what several headers share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from volresearch.datasets.codebook import Variable
from volresearch.datasets.readers.form_slots import identifier
from volresearch.datasets.readers.form_versions import Place
from volresearch.text import LANGUAGES, Text, in_all_languages, mark, tr

__all__ = ["part_of", "stem_of"]

_PARTS = {
    "latitude": mark("latitude"), "longitude": mark("longitude"), "altitude": mark("altitude"),
    "precision": mark("precision"), "comment": mark("comment"), "file": mark("address of the file"),
    "count": mark("number of files"),
}  # fmt: skip
_PERSONAL = mark("This identifies a person or a place: personal data.")
_POSITION = frozenset({"latitude", "longitude", "altitude", "precision"})
_SPLIT = re.compile(r"([/.\[\]]|___+)")


def part_of(place: Place, part: str, code: str) -> Variable:
    """Return the variable of what belongs to an item: a coordinate, a comment, the address of a file."""
    ending = f"{identifier(code)}_{part}" if code else part
    label = place.variable.label if place.variable else Text(place.name)
    said = {
        tag: f"{words} ({tr(_PARTS[part], tag if tag in LANGUAGES else 'en')})"
        for tag, words in label.items()
    }
    personal = in_all_languages(_PERSONAL) if part in {*_POSITION, "file"} else None
    return Variable(
        name=f"{place.name}_{ending}",
        type="number" if part in _POSITION else "integer" if part == "count" else "text",
        label=Text(said) if said else Text(place.name),
        blank=place.variable.blank if place.variable else "no_answer",
        note=personal,
    )


def stem_of(headers: Sequence[str]) -> str:
    """Return what the headers of several options begin with: the header of their question.

    >>> stem_of(["hh/tools/saw", "hh/tools/spade"]), stem_of(["check___1", "check___2"]), stem_of(["Q1[SQ001]", "Q1[SQ002]"])
    ('hh/tools', 'check', 'Q1')
    """
    parts = [_SPLIT.split(header) for header in headers]
    if len(headers) == 1:
        return headers[0]
    alike = takewhile(lambda column: len(set(column)) == 1, zip(*parts, strict=False))
    return "".join(column[0] for column in alike).rstrip("/.[_")
