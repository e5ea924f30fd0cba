"""Periods of published figures: a year, a month, a day, a span of these, or about a year."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache

from volresearch.text import formats

__all__ = ["Period", "parse_period"]


@dataclass(frozen=True, order=True)
class Period:
    """First and last day of a period, and how it was written.

    >>> parse_period("2016-12").overlaps(parse_period("2016/2019"))
    True
    """

    start: datetime.date
    end: datetime.date
    text: str

    @property
    def about(self) -> bool:
        """Whether the source gives the time as about this."""
        return self.text.endswith("~")

    def overlaps(self, other: Period) -> bool:
        """Whether the two share a day."""
        return self.start <= other.end and other.start <= self.end

    def __str__(self) -> str:
        return self.text


@cache
def parse_period(text: str) -> Period:
    """Read a period: ``2016``, ``2016-12``, ``2021-10-30``, ``2016/2019``, ``2017-07/2018-10``, ``2000~``.

    Raises
    ------
    VolResearchError
        ``facts.period``.

    Examples
    --------
    >>> period = parse_period("2000~")
    >>> period.start.year, period.about
    (2000, True)
    """
    start, end = formats.parse_period(text)
    return Period(start, end, text)
