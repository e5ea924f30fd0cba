"""Dates, moments and times of SPSS, Stata and SAS: numbers that count from an origin, told by the format of a variable.

An impossible date never spoils its file: it becomes NA with the number of the file as its reason, ``invalid``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["Moments", "moment_of", "moments", "since_origin"]

#: Days from the origin of each family of files to 1 January 1970.
ORIGIN = {"spss": 141_428, "stata": 3_653, "sas": 3_653}
_DAY = 86_400
_MICRO = 1_000_000
_FIRST, _LAST = -719_162, 2_932_896  # days of 0001-01-01 and 9999-12-31, counted from 1970

_SPSS = {
    "date": r"A?DATE|EDATE|JDATE|SDATE|QYR|MOYR|WKYR",
    "datetime": r"DATETIME|YMDHMS",
    "time": r"D?TIME|MTIME",
}
_SAS = {
    "date": r"DATE|DAY|DOWNAME|(DDMMYY|MMDDYY|YYMMDD)[BCDNPS]?|(MMYY|YYMM|YYQR?)[CDNPS]?|MONYY|YYMON|MONNAME|MONTH|"
            r"JULIAN|JULDAY|QTRR?|YEAR|WEEKDATX?|WEEKDATE|WEEKDAY|WORDDAT[EX]|(IS|E|B)8601DA|NLDATE\w*|WEEK[UVW]|MINGUO",
    "datetime": r"DATETIME|DATEAMPM|MDYAMPM|(IS|E|B)8601D[TNZ]|DT(DATE|MONYY|WKDATX|YEAR|YYQC)|NLDATM\w*|TOD_?DT",
    "time": r"TIME|TIMEAMPM|TOD|HHMM|MMSS|(IS|E|B)8601TM|NLTI?ME?\w*",
}  # fmt: skip
_STATA = {
    "d": "date",
    "c": "datetime",
    "C": "datetime",
    "w": "week",
    "m": "month",
    "q": "quarter",
    "h": "half",
}
_MONTHS = {"month": 1, "quarter": 3, "half": 6}


@dataclass(frozen=True)
class Moments:
    """A column of dates, moments or times, with what could not be one.

    Attributes
    ----------
    column : pandas.Series
        ``datetime64[us]``, or text ``HH:MM:SS`` for times.
    type : str
        ``date``, ``datetime``, ``time``, or ``text`` for durations of a day and more.
    lost : numpy.ndarray of bool
        Where the file has a number that is no date.
    said : str
        What was read in its own way; often empty.
    """

    column: pd.Series
    type: str
    lost: np.ndarray[Any, Any]
    said: str = ""


def moment_of(format: str, family: str) -> str:
    """Return what the numbers of a variable are by its display format: ``date``, ``datetime``, ``time``,
    ``week``, ``month``, ``quarter``, ``half``, or an empty text for numbers.

    >>> moment_of("DATE11", "spss"), moment_of("%tcHH:MM", "stata"), moment_of("YYMMDD10", "sas"), moment_of("F8.2", "spss")
    ('date', 'time', 'date', '')
    """
    if family == "stata":
        return _of_stata(format)
    word = re.sub(r"[\d.]+\Z", "", format.upper())
    kinds = _SPSS if family == "spss" else _SAS
    return next((kind for kind, words in kinds.items() if re.fullmatch(words, word)), "")


def _of_stata(format: str) -> str:
    found = re.match(r"%-?(?:t([A-Za-z])|(d))(.*)", format)
    if not found:
        return ""
    kind = _STATA.get(found[1] or "d", "")
    shown = found[3].replace("MM", "mm")  # minutes; months are NN, Mon, Month
    # A moment shown without any part of a date is the time of a day.
    clock = re.search(r"[Hh]|mm|SS", shown) and not re.search(r"[CYNnDdJjLlWwM]|mon", shown)
    return "time" if kind == "datetime" and clock else kind


def moments(values: np.ndarray[Any, Any], kind: str, family: str) -> Moments:
    """Return numbers of a file as dates, moments or times.

    Parameters
    ----------
    values : numpy.ndarray of float
        As the file counts them: seconds (SPSS, moments of SAS), days (dates of SAS and Stata), milliseconds
        (moments of Stata); NaN where there is none.
    kind : str
        What `moment_of` told.
    family : str
        ``spss``, ``stata`` or ``sas``.
    """
    if kind == "time":
        return _times(values / 1000 if family == "stata" else values)
    if kind in _MONTHS or kind == "week":
        return _periods(values, kind)
    return _dates(values, kind, family)


def since_origin(column: pd.Series, kind: str, family: str) -> np.ndarray[Any, Any]:
    """Return dates or moments as numbers of a file: the reverse of `moments`."""
    import numpy as np

    micros = column.to_numpy(dtype="datetime64[us]").astype("int64")
    seconds = micros / _MICRO + ORIGIN[family] * _DAY
    unit = 1.0 if family == "spss" or (family == "sas" and kind == "datetime") else float(_DAY)
    out = seconds * 1000 if family == "stata" and kind == "datetime" else seconds / unit
    return np.where(column.isna().to_numpy(), np.nan, out)


def _dates(values: np.ndarray[Any, Any], kind: str, family: str) -> Moments:
    import numpy as np

    there = np.isfinite(values)
    days, seconds = _split(np.where(there, values, 0.0), kind, family)
    good = there & (days >= _FIRST) & (days <= _LAST)
    whole = np.where(good, days, 0.0).astype("int64") * _DAY * _MICRO
    # A second since 1582 is held to about 2 microseconds: what is smaller than 10 is noise.
    step = 10 if family == "spss" else 1
    parts = np.round(np.where(good, seconds, 0.0) * (_MICRO // step)).astype("int64") * step
    if kind == "date" and parts.any():
        return Moments(
            _stamps(whole + parts, good), "datetime", there & ~good, "has dates with a time of day"
        )
    return Moments(_stamps(whole + parts, good), kind, there & ~good)


def _split(values: np.ndarray[Any, Any], kind: str, family: str) -> tuple[Any, Any]:
    """Return whole days since 1970 and the seconds beyond."""
    import numpy as np

    if kind == "date" and family != "spss":
        return np.floor(values) - ORIGIN[family], np.zeros(len(values))
    per_day = _DAY * (1000.0 if family == "stata" else 1.0)
    days = np.floor(values / per_day)
    return days - ORIGIN[family], (values - days * per_day) * (_DAY / per_day)


def _stamps(micros: np.ndarray[Any, Any], good: np.ndarray[Any, Any]) -> pd.Series:
    import numpy as np
    import pandas as pd

    stamps = micros.astype("datetime64[us]")
    stamps[~good] = np.datetime64("NaT")
    return pd.Series(stamps)


def _periods(values: np.ndarray[Any, Any], kind: str) -> Moments:
    """Weeks, months, quarters, half-years of Stata, as their first day."""
    import numpy as np

    there = np.isfinite(values)
    whole = np.floor(np.where(there, values, 0.0))
    good = there & (np.abs(whole) < 52 * 1_900)
    number = np.where(good, whole, 0.0).astype("int64")
    if kind == "week":
        years = (number // 52 - 10).astype("datetime64[Y]").astype("datetime64[D]")
        first = years + (number % 52) * 7
    else:
        first = (number * _MONTHS[kind] - 120).astype("datetime64[M]").astype("datetime64[D]")
    return Moments(
        _stamps(first.astype("datetime64[us]").astype("int64"), good),
        "date",
        there & ~good,
        f"counts in units of a {kind if kind != 'half' else 'half-year'}: each is shown as its first day",
    )


def _times(seconds: np.ndarray[Any, Any]) -> Moments:
    import numpy as np
    import pandas as pd

    there = np.isfinite(seconds)
    good = there & (np.abs(seconds) < 1e12)
    shown = [_clock(one) if fine else None for one, fine in zip(seconds, good, strict=True)]
    texts = pd.Series(shown, dtype="str")
    within = bool(((seconds[good] >= 0) & (seconds[good] < _DAY)).all())
    said = "" if within else "holds durations, not times of a day: they are text"
    return Moments(texts, "time" if within else "text", there & ~good, said)


def _clock(seconds: float) -> str:
    micros = round(abs(seconds) * _MICRO)
    whole, part = divmod(micros, _MICRO)
    shown = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    fraction = f".{part:06d}".rstrip("0") if part else ""
    return f"{'-' if seconds < 0 and micros else ''}{shown}{fraction}"
