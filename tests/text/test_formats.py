from __future__ import annotations

import datetime
import math
from decimal import Decimal

import pytest

from volresearch.errors import VolResearchError
from volresearch.text import formats

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", "-12,345.5"),
        ("es", "-12.345,5"),
        ("fr", "-12\N{NARROW NO-BREAK SPACE}345,5"),
        ("zh", "-12,345.5"),
        ("km", "-12,345.5"),
        ("pt-BR", "-12.345,5"),
    ],
)
def test_number__each_language__has_its_separators(lang, expected):
    assert formats.number(-12345.5, lang) == expected


@pytest.mark.parametrize("lang", ["ar", "ar-EG", "fa", "km", "my", "hi"])
def test_number__script_with_digits_of_its_own__keeps_western_digits(lang):
    digits = "".join(sign for sign in formats.number(9876, lang) if sign.isdigit())
    assert digits == "9876"
    assert set("22") <= set(formats.date("2026-11-22", lang))


@pytest.mark.parametrize("nothing", [None, math.nan, math.inf, Decimal("NaN"), ""])
def test_number__nothing_there__shows_the_mark_of_missing(nothing):
    assert formats.number(nothing) == formats.percent(nothing) == formats.compact_words(nothing) == "[x]"


def test_number__pandas_na__shows_the_mark_of_missing():
    import pandas as pd

    assert formats.number(pd.NA) == "[x]"


def test_number__text_with_closing_zero__keeps_it():
    assert formats.number("5.80") == "5.80"
    assert formats.number(1.0) == "1"


def test_number__half__goes_away_from_zero():
    assert [formats.number(value, decimals=1) for value in (0.25, 0.35, -0.25)] == ["0.3", "0.4", "-0.3"]


def test_number__unknown_language__falls_back_to_english():
    assert formats.number(1234.5, "xx") == "1,234.5"


@pytest.mark.parametrize(
    ("lang", "expected"), [("en", "5.8%"), ("es", f"5,8{NBSP}%"), ("km", "5.8%"), ("zh", "5.8%")]
)
def test_percent__each_language__sets_the_sign_its_way(lang, expected):
    assert formats.percent(5.8, lang) == expected


def test_percent__decimals_none__is_as_exact_as_given():
    assert formats.percent("27.90", decimals=None) == "27.90%"
    assert formats.percent(41, decimals=None) == "41%"


@pytest.mark.parametrize(
    ("value", "lang", "expected"),
    [
        (862_000_000, "en", "862 million"),
        (2_100_000_000, "en", "2.1 billion"),
        (999_999, "en", "999,999"),
        (1_000_000, "es", f"1{NBSP}millón"),
        (1_300_000, "es", f"1,3{NBSP}millones"),
        (1_300_000, "fr", f"1,3{NBSP}million"),
        (2_200_000, "fr", f"2,2{NBSP}millions"),
        (2_200_000, "zh", "220万"),
        (2_100_000_000, "zh", "21亿"),
        (-2_200_000, "en", "-2.2 million"),
        (0, "en", "0"),
    ],
)
def test_compact_words__large_numbers__spell_the_million_out(value, lang, expected):
    assert formats.compact_words(value, lang).replace(" ", NBSP) == expected.replace(" ", NBSP)


def test_compact_words__rounds_up_to_more_decimals_asked__pads():
    assert formats.compact_words(2_000_000, decimals=1) == "2.0 million"


def test_quantity__money_and_counts__stand_as_the_language_puts_them():
    assert formats.quantity(3_500_000_000, "money", "US$", "en") == "US$3.5 billion"
    assert formats.quantity(3_500_000_000, "money", "US$", "es").startswith(f"US${NBSP}3,5")
    assert formats.quantity(3_500_000_000, "money", "美元", "zh") == "35亿美元"
    assert (
        formats.quantity(2_200_000, "count", "personas", "es").replace(NBSP, " ")
        == "2,2 millones de personas"
    )
    assert formats.quantity(7, "money", "ZAR", "en") == f"ZAR{NBSP}7"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2016", "2016-01-01", "2016-12-31"),
        ("2016-12", "2016-12-01", "2016-12-31"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2021-10-30", "2021-10-30", "2021-10-30"),
        ("2013/2014", "2013-01-01", "2014-12-31"),
        ("2017-07/2018-10", "2017-07-01", "2018-10-31"),
        ("2000~", "2000-01-01", "2000-12-31"),
    ],
)
def test_parse_period__every_form__gives_first_and_last_day(text, first, last):
    assert formats.parse_period(text) == (
        datetime.date.fromisoformat(first),
        datetime.date.fromisoformat(last),
    )


@pytest.mark.parametrize(
    "text", ["", "16", "2016-13", "2016-02-30", "2019/2016", "about 2000", "2016/", "/2016", "2016~/2017"]
)
def test_parse_period__not_a_period__says_what_is_expected(text):
    with pytest.raises(VolResearchError) as caught:
        formats.parse_period(text)
    assert caught.value.code == "facts.period"
    assert "2016" in caught.value.expected


def test_period__in_words__follows_the_language():
    assert formats.period("2021-10-30") == "30 October 2021"
    assert formats.period("2016", "zh") == "2016年"
    assert formats.period("2017-07/2018-10", "ar") == "يوليو 2017–أكتوبر 2018"
