from dataclasses import dataclass, field

import pytest

from volresearch.show import key_table, verdict_badge, verdict_table


@dataclass
class Reason:
    key: str
    a: str
    b: str
    effect: str


@dataclass
class Comparison:
    verdict: str
    reasons: tuple = field(default=())


@pytest.mark.parametrize(
    ("verdict", "word", "shape"),
    [
        ("comparable", "Comparable", "<circle"),
        ("caution", "With caution", "M8 1.6L15"),
        ("not_comparable", "Not comparable", "M1.8 1.8H"),
    ],
)
def test_verdict_badge__each_verdict__has_shape_colour_and_word(verdict, word, shape):
    html = verdict_badge(Comparison(verdict))
    assert word in html
    assert shape in html
    assert f"vr-v-{verdict}" in html


def test_verdict_table__reasons__say_differs_or_unknown():
    reasons = (
        Reason("vintage", "2011", "2015", "not_comparable"),
        Reason("age", "15+", "unknown", "caution"),
    )
    html = verdict_table(Comparison("not_comparable", reasons)).html
    assert ">differs<" in html
    assert ">unknown<" in html
    assert "[x] not stated" in html


def test_verdict_table__hostile_values__are_escaped():
    html = verdict_table(
        Comparison("caution", (Reason("age", "<script>", "b", "caution"),)), heads=("<i>", "b")
    ).html
    assert "<script>" not in html
    assert "<i>" not in html


def test_key_table__unknown_fields__are_shown_as_x_never_guessed():
    html = key_table({"2010": {"age": "15+", "mode": "unknown"}, "2014": {}}).html
    assert html.count(">[x]<") == 13
    assert ">15+<" in html
