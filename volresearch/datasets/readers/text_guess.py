"""Which of the old encodings a text is in, told by how its letters stand together; always a guess, and told as one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

__all__ = ["CANDIDATES", "guesses"]

_BAD = 0.0
_TYPOGRAPHY = frozenset("‘’“”–—…€«»¿¡°ºª·•‹›„‚№©®™ ²³½¼±×‰§")


def guesses(sample: bytes) -> list[tuple[float, str]]:
    """Return how well each encoding explains the bytes beyond ASCII, the best first: (share from 0 to 1, name).

    Parameters
    ----------
    sample : bytes
        Lines that hold such bytes.

    Examples
    --------
    >>> guesses("Región Áncash; años".encode("cp1252"))[0][1]
    'windows-1252'
    >>> guesses("Волонтёры помогают школам".encode("cp1251"))[0][1]
    'windows-1251'
    """
    found = []
    for name, score in CANDIDATES.items():
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        found.append((score(text), name))
    return sorted(found, key=lambda one: -one[0])


def _latin(text: str) -> float:
    """Accented letters stand inside words of plain letters; signs stand outside of words."""
    good = total = 0.0
    for at, sign in enumerate(text):
        if sign < "\x80":
            continue
        total += 1
        before, after = _around(text, at)
        if sign in _TYPOGRAPHY:
            good += 0.9 if not (before.isalpha() and after.isalpha()) or sign in "’·" else 0.2
        elif sign.isalpha() and "LATIN" in unicodedata.name(sign, ""):
            # Small then capital ("aÑ") is no spelling; whole words of accents ("ÐÎÑÑ") are none either.
            strange = before.islower() and sign.isupper()
            plain = (before < "\x80" and before.isalpha()) or (after < "\x80" and after.isalpha())
            good += 0.1 if strange else 1.0 if plain else 0.35
        else:
            good += 0.05
    return good / total if total else _BAD


def _script(name: str, extra: str = "") -> Callable[[str], float]:
    """Letters of one script stand in words of that script, not between plain Latin letters."""

    def score(text: str) -> float:
        good = total = 0.0
        for at, sign in enumerate(text):
            if sign < "\x80":
                continue
            total += 1
            before, after = _around(text, at)
            if name in unicodedata.name(sign, ""):
                mixed = any(one < "\x80" and one.isalpha() for one in (before, after))
                strange = before.islower() and sign.isupper() and name in unicodedata.name(before, "")
                alone = not before.isalpha() and not after.isalpha()
                good += 0.05 if mixed else 0.1 if strange else 0.3 if alone else 1.0
            elif sign in _TYPOGRAPHY or sign in extra:
                good += 0.8
        return good / total if total else _BAD

    return score


def _chinese(encoding: str, common: tuple[int, int]) -> Callable[[str], float]:
    """Everyday characters stand in the first part of the table; a wrong reading hits the rare ones."""
    low, high = common

    def score(text: str) -> float:
        good = total = 0.0
        for sign in text:
            if sign < "\x80":
                continue
            total += 1
            lead = sign.encode(encoding, "replace")[0]
            if "\u4e00" <= sign <= "\u9fff":
                good += 1.0 if low <= lead <= high else 0.2
            elif "\u3000" <= sign <= "\u303f" or "\uff00" <= sign <= "\uffef" or sign in _TYPOGRAPHY:
                good += 0.8
        return good / total if total else _BAD

    return score


#: Encoding -> how well a text that was decoded by it reads, from 0 to 1.
CANDIDATES: dict[str, Callable[[str], float]] = {
    "windows-1252": _latin,
    "windows-1251": _script("CYRILLIC"),
    "windows-1256": _script("ARABIC", "،؛؟ـ\u200c\u200d"),
    "gb18030": _chinese("gb18030", (0xB0, 0xD7)),
    "big5": _chinese("big5", (0xA4, 0xC6)),
}


def _around(text: str, at: int) -> tuple[str, str]:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return before, after


def high_lines(sample: bytes, limit: int) -> bytes:
    """Return the lines with bytes beyond ASCII, up to `limit` bytes of them."""
    lines = re.findall(rb"[^\r\n]*[\x80-\xff][^\r\n]*", sample)
    out, size = [], 0
    for line in lines:
        out.append(line[:4000])
        size += len(out[-1])
        if size > limit:
            break
    return b"\n".join(out)
