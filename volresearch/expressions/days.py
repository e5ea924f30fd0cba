"""Days: the only kind of time that the language knows. A moment counts as its day."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

__all__ = ["as_day"]

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def as_day(value: Any) -> date | None:
    """Return a day from a date, a moment or ISO text; None where it is none of them.

    >>> as_day("2026-01-31"), as_day("31/01/2026")
    (datetime.date(2026, 1, 31), None)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _ISO.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
