"""What an SPSS file says in its header and nobody hands on: the variable that its cases are weighted by."""

from __future__ import annotations

import re
import struct
from pathlib import Path

__all__ = ["OURS", "weight_of"]

#: How the note begins that marks an SPSS file of ours: its measurement levels then tell the types of variables.
OURS = "Written by volresearch"
_HEADER = 176
_LONGEST = 16 << 20  # a dictionary beyond this is not searched


def weight_of(file: Path) -> str:
    """Return the name of the variable that weights the cases of a .sav or .zsav file, an empty text for none."""
    with file.open("rb") as stream:
        content = stream.read(_LONGEST)
    if len(content) < _HEADER:
        return ""
    order = "<" if struct.unpack_from("<i", content, 64)[0] in (2, 3) else ">"
    (place,) = struct.unpack_from(f"{order}i", content, 76)
    if place <= 0:
        return ""
    try:
        short = _short_name(content, order, place)
    except struct.error:
        return ""
    return _long_names(content, order).get(short.upper(), short) if short else ""


def _short_name(content: bytes, order: str, place: int) -> str:
    """Return the 8-byte name of the `place`-th variable record; continuations of texts count as records."""
    at = _HEADER
    for number in range(1, place + 1):
        record, _, labelled, missing = struct.unpack_from(f"{order}4i", content, at)
        if record != 2:
            return ""
        name = content[at + 24 : at + 32]
        at += 32
        if labelled:
            (length,) = struct.unpack_from(f"{order}i", content, at)
            at += 4 + (length + 3) // 4 * 4
        at += 8 * abs(missing)
        if number == place:
            return name.decode("utf-8", "replace").strip()
    return ""


def _long_names(content: bytes, order: str) -> dict[str, str]:
    """Return long names by short ones: the record 7, subtype 13 holds ``SHORT=long`` with tabs between."""
    mark = struct.pack(f"{order}3i", 7, 13, 1)
    at = content.find(mark)
    if at < 0 or at + 16 > len(content):
        return {}
    (length,) = struct.unpack_from(f"{order}i", content, at + 12)
    text = content[at + 16 : at + 16 + max(length, 0)].decode("utf-8", "replace")
    return {short.upper(): long for short, long in re.findall(r"([^=\t]+)=([^=\t]+)", text)}
