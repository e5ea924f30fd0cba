"""How long interviews took."""

from __future__ import annotations

import pandas as pd
import pytest

from volresearch.datasets import Variable
from volresearch.errors import VolResearchError


def measured(quality) -> dict[str, float]:
    return {one.measure: one.value for one in quality.numbers if one.topic == "speed"}


@pytest.mark.parametrize("lazy", [False, True])
def test_speed__minutes__are_compared_with_the_median_of_what_can_be(make, lazy) -> None:
    minutes = [30.0, 36, 24, 9, 10.5, -1, 1441, None]
    quality = make(
        {"interview_minutes": minutes}, [Variable(name="interview_minutes", type="number")], lazy=lazy
    ).check()
    # 9, 10.5, 24, 30, 36: median 24, a third of it 8; nobody is below.
    assert measured(quality) == {
        "median_minutes": 24,
        "below_third_of_median": 0,
        "negative": 1,
        "over_24_hours": 1,
    }
    assert "Interviews without a length: 1 of 8 (12.5%)" in [one.said() for one in quality.findings]


def test_speed__start_and_end__are_subtracted(make) -> None:
    start = pd.to_datetime(["2021-05-01 10:00", "2021-05-01 11:00", "2021-05-01 12:00", "2021-05-01 13:00"])
    end = start + pd.to_timedelta([30, 40, 5, 32], unit="min")
    columns = {"start": start, "end": end}
    variables = [Variable(name=name, type="datetime") for name in columns]
    quality = make(columns, variables).check()
    assert measured(quality)["median_minutes"] == 31
    assert "Interviews shorter than a third of the median (31 minutes): 1 of 4 (25.0%)" in [one.said() for one in quality.findings]  # fmt: skip


def test_speed__two_columns_named__are_taken(make) -> None:
    columns = {"t0": ["2021-05-01T10:00:00"], "t1": ["2021-05-01T10:12:00"]}
    assert measured(make(columns).check(minutes=("t0", "t1")))["median_minutes"] == 12


def test_speed__three_columns_named__are_refused(make) -> None:
    with pytest.raises(VolResearchError, match="one column, or start and end"):
        make({"a": ["1"]}).check(minutes=("a", "a", "a"))


def test_speed__no_length__is_not_checked(make) -> None:
    quality = make({"a": ["1"]}).check()
    assert measured(quality) == {}
    assert "Length of interviews" in quality.html().split("Not checked")[1]
