"""What a column of text holds, told from all its cells: numbers, moments, truth values, or text.

The patterns are plain enough to mean the same to Python, pyarrow and DuckDB; `kind_of` decides for both engines.
"""

from __future__ import annotations

import math
from typing import Protocol

__all__ = [
    "COMMA", "DAY_FIRST", "DOTTED", "INTEGER", "ISO", "LOOSE", "MARKS", "MAX_SAFE", "MONTH_FIRST", "NUMBER", "POINT", "SLASHED",
    "DRESSED", "THOUSANDS", "TIMED", "TRUTH", "ZONED", "Holdings", "kind_of",
]  # fmt: skip

#: Whole numbers beyond this are not exact as floating numbers: they are identifiers, kept as text.
MAX_SAFE = 2**53

INTEGER = r" *(-?[1-9][0-9]*|0) *"
#: With a decimal point, as programs write it: no leading zeros ("08" is a code), no plus ("+51" is a phone).
NUMBER = r" *-?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][+-][0-9]+)? *"
POINT = r"[^.]*\.[^.]*"
#: What is read as a number where the codebook says that it is one.
LOOSE = r" *[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)? *"
COMMA = r" *-?(0|[1-9][0-9]*),[0-9]+ *"
#: ... of a form that may as well part thousands.
THOUSANDS = r" *-?[1-9][0-9]{0,2}(,[0-9]{3})+ *"
#: A number as people write it: thousands parted, per cent, money. With the marks that tell it from a code.
DRESSED = (
    r" *-?([$€£¥₹៛]|[A-Z]{2,3}\$?|S/\.?)? ?-?([0-9]{1,3}([., ’"
    + "\u00a0\u202f"
    + r"][0-9]{3})+|[0-9]+)([.,][0-9]+)?"
    r" ?(%|[$€£¥₹៛]|[A-Z]{3})? *"
)
MARKS = r".*[^0-9.\-].*|.*\..*\..*"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[T ][0-9]{2}(:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?)?"
_ZONE = r" ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
ISO = rf" *{_DAY}({_CLOCK}({_ZONE})?)? *"
TIMED = rf" *{_DAY}{_CLOCK}({_ZONE})? *"
ZONED = rf" *{_DAY}{_CLOCK}{_ZONE} *"
_TIME = r"( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?"
SLASHED = rf" *([0-9]{{1,2}}/[0-9]{{1,2}}|[0-9]{{1,2}}-[0-9]{{1,2}}|[0-9]{{1,2}}\.[0-9]{{1,2}})[/.-][0-9]{{4}}{_TIME} *"
#: Dates with points name the day first wherever they are written.
DOTTED = rf" *[0-9]{{1,2}}\.[0-9]{{1,2}}\.[0-9]{{4}}{_TIME} *"
DAY_FIRST = r" *(1[3-9]|2[0-9]|3[01])[/.-].*"
MONTH_FIRST = r" *[0-9]{1,2}[/.-](1[3-9]|2[0-9]|3[01])[/.-].*"
TRUTH = r"(True|False|TRUE|FALSE|true|false)"


class Holdings(Protocol):
    """What must be known of a column, from all its filled cells."""

    def all_are(self, *patterns: str) -> bool:
        """Whether every filled cell fits one of the patterns as a whole."""

    def any_is(self, pattern: str) -> bool:
        """Whether a filled cell fits the pattern as a whole."""

    def largest(self) -> float:
        """Return the largest number without its sign, of a column of numbers."""

    def are_moments(self, day_first: bool | None) -> bool:
        """Whether every filled cell is a moment that the calendar has."""


def kind_of(cells: Holdings) -> tuple[str, str]:
    """Return what a column with at least one filled cell holds, and why it is not what it looks like.

    Returns
    -------
    kind : str
        ``integer, number, comma, moment, day_first, month_first, truth`` or ``text``.
    doubt : str
        ``""``, ``large`` (numbers too large to be exact), ``thousands`` (every comma may part thousands),
        ``mixed`` (commas and points), ``order`` (day or month first), ``calendar`` (no such day).
    """
    if cells.all_are(NUMBER):
        if math.isinf(cells.largest()):
            return "text", ""
        if not cells.all_are(INTEGER):
            return "number", ""
        return ("integer", "") if cells.largest() <= MAX_SAFE else ("text", "large")
    if cells.all_are(NUMBER, COMMA, THOUSANDS):
        return _with_commas(cells)
    if cells.all_are(ISO, SLASHED):
        return _with_moments(cells)
    return ("truth", "") if cells.all_are(TRUTH) else ("text", "")


def _with_commas(cells: Holdings) -> tuple[str, str]:
    if cells.all_are(INTEGER, THOUSANDS):
        return "text", "thousands"
    return ("comma", "") if cells.all_are(INTEGER, COMMA) else ("text", "mixed")


def _with_moments(cells: Holdings) -> tuple[str, str]:
    kind = "moment"
    if cells.any_is(SLASHED):
        order = order_of(cells)
        if order is None:
            return "text", "order"
        kind = "day_first" if order else "month_first"
    possible = cells.are_moments(None if kind == "moment" else kind == "day_first")
    return (kind, "") if possible else ("text", "calendar")


def order_of(cells: Holdings) -> bool | None:
    """Return whether days stand before months in a column of dates, None where it does not tell."""
    day = cells.any_is(DAY_FIRST) or cells.any_is(DOTTED)
    month = cells.any_is(MONTH_FIRST)
    return day if day != month else None
