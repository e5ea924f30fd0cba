from __future__ import annotations

from datetime import date

import pytest

from volresearch.datasets import parse_period
from volresearch.errors import VolResearchError


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2016", date(2016, 1, 1), date(2016, 12, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2021-10-30", date(2021, 10, 30), date(2021, 10, 30)),
        ("2016/2019", date(2016, 1, 1), date(2019, 12, 31)),
        ("2017-07/2018-10", date(2017, 7, 1), date(2018, 10, 31)),
        ("2000~", date(2000, 1, 1), date(2000, 12, 31)),
    ],
)
def test_parse__each_form__gives_first_and_last_day(text: str, start: date, end: date) -> None:
    period = parse_period(text)
    assert (period.start, period.end, str(period)) == (start, end, text)
    assert period.about is text.endswith("~")


@pytest.mark.parametrize("text", ["", "16", "2016-13", "2019/2016", "2016-02-30", "2016/", "about 2000"])
def test_parse__what_is_no_period__is_refused(text: str) -> None:
    with pytest.raises(VolResearchError) as caught:
        parse_period(text)
    assert caught.value.code == "facts.period"


def test_periods__sorted__by_time() -> None:
    texts = ["2017", "2016-12", "2016", "2000~"]
    assert [str(one) for one in sorted(map(parse_period, texts))] == ["2000~", "2016", "2016-12", "2017"]


def test_overlaps__sharing_a_day__or_not() -> None:
    assert parse_period("2016").overlaps(parse_period("2016/2019"))
    assert not parse_period("2016").overlaps(parse_period("2017"))
