"""Numbers, percentages, dates and periods as the reader's language writes them (Unicode CLDR, by Babel).

Digits are Western in every language, so that tables of several languages can be read side by side.
Numbers are as exact as they were given, never more.
"""

from __future__ import annotations

import copy
import datetime
import math
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError, dates
from babel.numbers import NumberPattern, parse_pattern

from volresearch.errors import VolResearchError
from volresearch.text.languages import LANGUAGES
from volresearch.text.translate import tr

__all__ = [
    "MISSING",
    "compact_words",
    "date",
    "enumerated",
    "labelled",
    "number",
    "parse_period",
    "percent",
    "period",
    "quantity",
]

#: Shown where a value is not stated or not available: a cell is never blank.
MISSING = "[x]"
_SPACE = "\N{NO-BREAK SPACE}"

Value = float | int | Decimal | str | None


@cache
def _locale(lang: str) -> Locale:
    # Dates of international English put the day first.
    tag = "en_GB" if lang in {"en", "und", ""} else lang.replace("-", "_")
    for candidate in (tag, tag.split("_")[0]):
        try:
            return Locale.parse(candidate)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en_GB")


def _exact(value: Value) -> Decimal | None:
    """Return `value` with the digits it was given with; a whole float has no decimals."""
    if value is None or str(value) in {"", "<NA>", "nan", "NaT"}:
        return None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        if value == int(value):
            return Decimal(int(value))
    exact = Decimal(str(value))
    return exact if exact.is_finite() else None


def _decimals_of(exact: Decimal) -> int:
    exponent = exact.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _rounded(exact: Decimal, decimals: int) -> Decimal:
    # Halves go away from zero, as readers of printed tables expect; Python's own rule sends 0.25 to 0.2.
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _apply(pattern: NumberPattern, exact: Decimal, decimals: int, locale: Locale) -> str:
    own = copy.copy(pattern)
    own.frac_prec = (decimals, decimals)
    return str(own.apply(exact, locale))


def number(value: Value, lang: str = "en", decimals: int | None = None) -> str:
    """Return `value` in the number format of `lang`.

    Parameters
    ----------
    value : number, Decimal, or text of a number
        Text and Decimal keep their closing zeros. None, NaN and NA give ``"[x]"``.
    decimals : int, optional
        Decimals to round to (halves away from zero); without it, as many as `value` has.

    Examples
    --------
    >>> number(12345.5), number(12345.5, "es"), number("5.80"), number(2.25, decimals=1)
    ('12,345.5', '12.345,5', '5.80', '2.3')
    """
    exact = _exact(value)
    if exact is None:
        return MISSING
    places = _decimals_of(exact) if decimals is None else decimals
    locale = _locale(lang)
    return _apply(locale.decimal_formats[None], _rounded(exact, places), places, locale)


def percent(value: Value, lang: str = "en", decimals: int | None = 1) -> str:
    """Return `value`, which is in percent already, with the percent sign as `lang` sets it.

    ``decimals=None`` keeps the decimals that `value` has.

    Examples
    --------
    >>> percent(5.8), percent(41, decimals=None), percent(5.8, "zh")
    ('5.8%', '41%', '5.8%')
    >>> percent(5.8, "es").replace(chr(160), " ")
    '5,8 %'
    """
    exact = _exact(value)
    if exact is None:
        return MISSING
    places = _decimals_of(exact) if decimals is None else decimals
    locale = _locale(lang)
    # The pattern multiplies by a hundred.
    return _apply(locale.percent_formats[None], _rounded(exact, places) / 100, places, locale)


def _compact_parts(exact: Decimal, locale: Locale) -> tuple[Decimal, str] | None:
    formats: Any = locale.compact_decimal_formats
    # Chinese, for one, has the same words in both and the long table left out.
    table: dict[str, dict[str, Any]] = formats.get("long") or formats["short"]
    for magnitude in sorted((int(key) for key in table["other"]), reverse=True):
        if abs(exact) >= magnitude >= 1_000_000:
            zeros = str(table["other"][str(magnitude)].pattern).count("0")
            return exact / (magnitude // 10 ** (zeros - 1)), str(magnitude)
    return None


def compact_words(value: Value, lang: str = "en", decimals: int | None = None) -> str:
    """Return a large number with its million or billion spelled out, a smaller one in full.

    Up to three decimals that `value` has are kept; a longer tail is rounded to one. Under a million the
    number is written in full.

    Examples
    --------
    >>> compact_words(2_200_000), compact_words(1_193_000), compact_words(2_152_345), compact_words(642_000)
    ('2.2 million', '1.193 million', '2.2 million', '642,000')
    >>> compact_words(3_500_000_000, "es"), compact_words(1_300_000, "fr").replace(chr(160), " ")
    ('3,5 mil millones', '1,3 million')
    """
    exact = _exact(value)
    if exact is None:
        return MISSING
    locale = _locale(lang)
    parts = _compact_parts(exact, locale)
    if parts is None:
        return number(exact, lang, decimals)
    scaled, magnitude = parts
    scaled = scaled.normalize()
    if decimals is None:
        decimals = _decimals_of(scaled) if _decimals_of(scaled) <= 3 else 1
    scaled = _rounded(scaled, decimals)
    formats: Any = locale.compact_decimal_formats
    table = formats.get("long") or formats["short"]
    plural = locale.plural_form(abs(scaled))
    words = table.get(plural, table["other"]).get(magnitude) or table["other"][magnitude]
    pattern = parse_pattern(re.sub("0+", "#,##0", words.pattern.split(";")[0], count=1))
    return _apply(pattern, scaled, decimals, locale)


def quantity(value: Value, scale: str, short: str, lang: str = "en", decimals: int | None = None) -> str:
    """Return `value` with its unit.

    Parameters
    ----------
    scale : {"percent", "count", "money", "hours", "other"}
        What kind of unit it is (column ``scale`` of a units table).
    short : str
        The unit's short name in `lang`; not shown for ``percent``, placed by the language for ``money``.

    Examples
    --------
    >>> quantity(5.8, "percent", "%"), quantity(3_500_000_000, "money", "US$")
    ('5.8%', 'US$3.5 billion')
    >>> quantity(12, "count", "partners").replace(chr(160), " ")
    '12 partners'
    """
    if scale == "percent":
        return percent(value, lang, decimals)
    words = compact_words(value, lang, decimals)
    if not short or words == MISSING:
        return words
    language = lang.split("-")[0]
    if scale == "money" and language in {"en", "es"}:
        return f"{short}{'' if language == 'en' and not short[-1].isalpha() else _SPACE}{words}"
    if language in {"es", "fr", "pt"} and words[-1].isalpha():
        return f"{words} de{_SPACE}{short}"  # "2,2 millones de personas"
    return f"{words}{'' if language == 'zh' else _SPACE}{short}"


def date(day: datetime.date | datetime.datetime | str, lang: str = "en") -> str:
    """Return a day in words; a string is read as ISO 8601.

    >>> date("2016-12-03"), date("2016-12-03", "es"), date("2016-12-03", "zh")
    ('3 December 2016', '3 de diciembre de 2016', '2016年12月3日')
    """
    if isinstance(day, str):
        day = datetime.date.fromisoformat(day[:10])
    return str(dates.format_date(day, "long", locale=_locale(lang)))


_POINT = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def parse_period(text: str) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day of a period.

    Parameters
    ----------
    text : str
        ``2016``, ``2016-12``, ``2021-10-30``, two of these with ``/`` between, or ``2000~`` (about 2000).

    Raises
    ------
    VolResearchError
        ``facts.period``.

    Examples
    --------
    >>> [str(day) for day in parse_period("2017-07/2018-10")]
    ['2017-07-01', '2018-10-31']
    """
    first, slash, last = text.removesuffix("~").partition("/")
    try:
        begin, end = _span(first)[0], _span(last if slash else first)[1]
        if begin > end:
            raise ValueError("the end lies before the start")
    except ValueError as problem:
        raise VolResearchError(
            "facts.period",
            f'The period "{text}" cannot be read.',
            expected="2016, 2016-12, 2021-10-30, 2016/2019 or 2000~",
            got=str(problem) if "lies before" in str(problem) else text,
        ) from None
    return begin, end


def _span(point: str) -> tuple[datetime.date, datetime.date]:
    found = _POINT.fullmatch(point)
    if not found:
        raise ValueError(point)
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    if day is not None:
        only = datetime.date(year, month or 1, day)
        return only, only
    if month is None:
        return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return datetime.date(year, month, 1), following - datetime.timedelta(days=1)


def _point_words(point: str, lang: str) -> str:
    begin = _span(point)[0]
    locale = _locale(lang)
    if len(point) == 10:
        return date(begin, lang)
    skeleton = "yMMMM" if len(point) == 7 else "y"
    return str(dates.format_skeleton(skeleton, begin, locale=locale))


def period(text: str, lang: str = "en") -> str:
    """Return a period in words; see `parse_period` for what can be read.

    Examples
    --------
    >>> period("2016-12"), period("2016/2019"), period("2000~"), period("2016/2019", "km")
    ('December 2016', '2016 to 2019', 'about 2000', '2016–2019')
    """
    parse_period(text)
    first, _, last = text.removesuffix("~").partition("/")
    words = _point_words(first, lang)
    # Without words of our own in this language, signs are better than English in the middle.
    spoken = lang.split("-")[0] in LANGUAGES
    if last:
        end = _point_words(last, lang)
        words = tr("{start} to {end}", lang, start=words, end=end) if spoken else f"{words}–{end}"
    if text.endswith("~"):
        words = tr("about {period}", lang, period=words) if spoken else f"~{words}"
    return words


def enumerated(parts: Iterable[str], lang: str = "en") -> str:
    """Return parts one after another, with the comma that `lang` sets between them.

    Examples
    --------
    >>> enumerated(["a", "b", "c"]), enumerated(["a", "b"], "zh")
    ('a, b, c', 'a、b')
    """
    return tr("{one}, {two}", lang, one="", two="").join(parts)


def labelled(label: str, said: str, lang: str = "en") -> str:
    """Return what is said under a label, with the colon that `lang` sets.

    Examples
    --------
    >>> labelled("Errors", "2"), labelled("Errors", "2", "zh")
    ('Errors: 2', 'Errors：2')
    """
    return tr("{subject}: {values}", lang, subject=label, values=said)
