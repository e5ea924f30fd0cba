"""Estimates straight from a survey, shown: assumptions are repeated, flags become marks."""

import pandas as pd
import pytest

from volresearch import Survey
from volresearch.show import figure, finding_title, sentence, table


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "area": ["A", "B"] * 12,
            "volunteer": ["yes"] * 6 + ["no"] * 18,
            "hours": [float(n) for n in range(24)],
            "weight": [1.0, 2.0, 3.0] * 8,
        }
    )


def test_estimates__nonprobability__repeat_that_they_describe_respondents_only(frame):
    result = Survey(frame, nonprobability=True).mean("hours", by="area")
    words = "Describes respondents only"
    assert words in table(result).html
    assert words in figure(result).html
    assert words in figure(result).svg
    assert words in sentence(result)
    assert not any(row.has_interval for row in figure(result).reading.rows)


def test_estimates__assumed_random__draw_intervals_and_say_the_assumption(frame):
    result = Survey(frame, nonprobability=True, assume="srs").mean("hours", by="area")
    drawn = figure(result)
    assert drawn.kind == "dots"
    assert "assume a simple random sample" in drawn.html


def test_estimates__few_behind_a_share__are_marked(frame):
    result = Survey(frame, weights="weight").proportion("volunteer")
    html = table(result).html
    assert "▲" in html
    assert "fewer than 10" in html


def test_estimates__shares__are_in_percent_and_totals_without_decimals(frame):
    survey = Survey(frame, weights="weight")
    shares = figure(survey.proportion("volunteer")).reading
    assert [row.scale for row in shares.rows] == ["percent", "percent"]
    assert sum(row.value for row in shares.rows) == pytest.approx(100)
    assert figure(survey.total("hours", by="area")).reading.rows[0].decimals == 0


def test_finding_title__levels_of_one_question__are_no_groups_that_differ(frame):
    result = Survey(frame, weights="weight").proportion("volunteer", by="area")
    assert "intervals" not in finding_title(result)


@pytest.mark.parametrize(
    ("verb", "words"),
    [("mean", "Mean of hours"), ("total", "Total of hours"), ("variance", "Variance of hours")],
)
def test_sentence__each_statistic__is_named(frame, verb, words):
    assert sentence(getattr(Survey(frame, weights="weight"), verb)("hours")).startswith(words)
