"""How wide text is, which script it is in, and where ticks stand: plain arithmetic for the charts."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from functools import cache

from volresearch.text import direction, fonts

__all__ = ["families", "isolated", "lines_of", "script_runs", "text_width", "ticks", "ticks_within"]

# Width of one character in em: generous, so that labels never run into marks.
_WIDTHS = {"Latn": 0.58, "Arab": 0.5, "Khmr": 0.72, "Hans": 1.0, "Mymr": 0.75, "Deva": 0.62, "Ethi": 0.75}
# The family of the style sheet, and a language by which the others are found.
_FAMILIES = {
    "Latn": ("Noto Sans", "en"),
    "Arab": ("Noto Sans Arabic", "ar"),
    "Khmr": ("Noto Sans Khmer", "km"),
    "Hans": ("Noto Sans CJK SC", "zh"),
    "Mymr": ("Noto Sans Myanmar", "my"),
    "Deva": ("Noto Sans Devanagari", "ne"),
    "Ethi": ("Noto Sans Ethiopic", "am"),
}
_BLOCKS = (
    (0x0600, 0x08FF, "Arab"),
    (0xFB50, 0xFDFF, "Arab"),
    (0xFE70, 0xFEFF, "Arab"),
    (0x0900, 0x097F, "Deva"),
    (0x1000, 0x109F, "Mymr"),
    (0xA9E0, 0xAA7F, "Mymr"),
    (0x1200, 0x139F, "Ethi"),
    (0x1780, 0x17FF, "Khmr"),
    (0x19E0, 0x19FF, "Khmr"),
    (0x2E80, 0x9FFF, "Hans"),
    (0xAC00, 0xD7A3, "Hans"),
    (0xF900, 0xFAFF, "Hans"),
    (0xFF00, 0xFFEF, "Hans"),
    (0x20000, 0x3FFFF, "Hans"),
)


@cache
def _script(character: str) -> str:
    """Return the script of a character, or "" for spaces and rare signs, which go with any."""
    code = ord(character)
    for low, high, script in _BLOCKS:
        if low <= code <= high:
            return script
    # Many fonts of other scripts hold no digits and no Latin signs.
    return "Latn" if character.isalnum() or "!" <= character <= "~" else ""


def script_runs(text: str, script: str = "Latn") -> Iterator[tuple[str, str]]:
    """Split text into runs of one script each; signs go with the run before them.

    A renderer that finds one run in two scripts may draw empty boxes for all of it.

    >>> list(script_runs("តំបន់ A"))
    [('Khmr', 'តំបន់ '), ('Latn', 'A')]
    """
    run, now = "", ""
    for character in text:
        found = _script(character)
        if script == "Hans" and not character.isalpha():
            found = ""  # Chinese fonts hold digits and signs, and set them better than a mixture.
        if found and now and found != now:
            yield now, run
            run, now = "", found
        now = now or found
        run += character
    if run:
        yield now or script, run


def families(script: str) -> str:
    """Return the font families of a script as SVG wants them.

    >>> families("Khmr").split(", ")[0]
    'Noto Sans Khmer'
    """
    own, lang = _FAMILIES.get(script, _FAMILIES["Latn"])
    return ", ".join(dict.fromkeys([own, *fonts.families(lang)]))


def isolated(text: str, lang: str) -> str:
    """Return a text that keeps its own order of words in a picture, whose base order is left to right.

    >>> isolated("Area A", "en"), len(isolated("المنطقة A", "ar"))
    ('Area A', 11)
    """
    if direction(lang) == "ltr" or not any(_script(c) == "Arab" for c in text):
        return text
    return f"\u2067{text}\u2069"


def _em(character: str, kind: str) -> float:
    if kind == "Zs" or character in ".,:;'|ilI()[]-":
        return 0.34
    if character in "mwMW@%":
        return 0.92
    return 0.68 if kind == "Lu" else _WIDTHS[_script(character) or "Latn"]


def text_width(text: str, size: float = 12.0, *, bold: bool = False) -> float:
    """Estimate the width of a text in pixels, never much too small.

    >>> text_width("Area A") < text_width("Area A", bold=True)
    True
    """
    total = 0.0
    for character in text:
        kind = unicodedata.category(character)
        if kind in {"Mn", "Cf"}:
            continue
        total += _em(character, kind)
    return total * size * (1.08 if bold else 1.0)


def lines_of(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines that fit; text without spaces is broken between characters.

    >>> lines_of("one two three", 60, 12)
    ['one two', 'three']
    """
    spaced = " " in text
    pieces = text.split(" ") if spaced else list(text)
    lines, line = [], ""
    for piece in pieces:
        tried = f"{line} {piece}" if line and spaced else line + piece
        if line and text_width(tried, size, bold=bold) > width and not unicodedata.combining(piece[0]):
            lines.append(line)
            line = piece
        else:
            line = tried
    return [*lines, line] if line else lines


def ticks(top: float, most: int = 5) -> list[float]:
    """Return at most `most` round tick values from zero that reach at least `top`.

    >>> ticks(4.3), ticks(65.4, 3), ticks(0)
    ([0.0, 2.0, 4.0, 6.0], [0.0, 50.0, 100.0], [0.0, 1.0])
    """
    if top <= 0:
        return [0.0, 1.0]
    power = 10.0 ** math.floor(math.log10(top / (most - 1)))
    for factor in (1, 2, 2.5, 5, 10, 20, 25, 50):
        step = factor * power
        count = math.ceil(round(top / step, 9))
        if count <= most - 1:
            return [round(step * number, 12) for number in range(count + 1)]
    return [0.0, top]


def ticks_within(top: float, most: int = 5) -> list[float]:
    """Return at most `most` round tick values from zero that do not pass `top`.

    >>> ticks_within(2.2, 3), ticks_within(610.4, 3)
    ([0.0, 1.0, 2.0], [0.0, 250.0, 500.0])
    """
    if top <= 0:
        return [0.0]
    power = 10.0 ** math.floor(math.log10(top / most))
    for factor in (1, 2, 2.5, 5, 10, 20, 25, 50):
        step = factor * power
        count = math.floor(round(top / step, 9))
        if count <= most - 1:
            return [round(step * number, 12) for number in range(count + 1)]
    return [0.0]
