"""The expression language on one answer set and on small frames."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from volresearch.errors import VolResearchError
from volresearch.expressions import parse

TRUTH = {"t": True, "f": False, "u": None}


def _value(text, **answers):
    return parse(text).evaluate(answers)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("and", "tt:t tf:f tu:u ff:f fu:f uu:u"),
        ("or", "tt:t tf:t tu:t ff:f fu:u uu:u"),
    ],
)
def test_logic__each_pair_of_truths__follows_the_table_on_answers_and_frames(text, row):
    for case in row.split():
        pair, wanted = case.split(":")
        for a, b in {(pair[0], pair[1]), (pair[1], pair[0])}:
            expression = parse(f"a {text} b")
            frame = pd.DataFrame({"a": [TRUTH[a]], "b": [TRUTH[b]]}, dtype="boolean")
            assert expression.evaluate({"a": TRUTH[a], "b": TRUTH[b]}) is TRUTH[wanted]
            found = expression.on(frame)["value"][0]
            assert (None if pd.isna(found) else bool(found)) is TRUTH[wanted]


@pytest.mark.parametrize(("answer", "wanted"), [(True, False), (False, True), (None, None)])
def test_not__each_truth__is_turned(answer, wanted):
    assert _value("not a", a=answer) is wanted


@pytest.mark.parametrize(
    ("text", "answers", "wanted"),
    [
        ("age >= 15", {"age": None}, None),
        ("age in [15, 16]", {"age": 16}, True),
        ("age not in [15, 16]", {"age": None}, None),
        ("selected(s, 'a')", {"s": "b a"}, True),
        ("selected(s, 'a')", {"s": ["ab"]}, False),
        ("selected(s, 'a')", {"s": None}, None),
        ("count_selected(s)", {"s": "b  a "}, 2),
        ("count_selected(s)", {"s": ""}, 0),
        ("if(a > 1, 'x', 'y')", {"a": 2}, "x"),
        ("if(a > 1, 'x', 'y')", {"a": None}, None),
        ("coalesce(a, b, 0)", {"a": None, "b": 3}, 3),
        ("mod(a, 3)", {"a": -7}, -1),
        ("int(a)", {"a": -1.5}, -1),
        ("round(a)", {"a": 2.5}, 3),
        ("a / 0", {"a": 2}, None),
        ("length(concat(a, 'é'))", {"a": "x"}, 2),
        ("born < '2000-01-01'", {"born": date(1999, 12, 31)}, True),
        ("date('2026-03-01') - born", {"born": date(2026, 2, 1)}, 28),
        ("year(born) * 100 + month(born)", {"born": date(2026, 2, 1)}, 202602),
        ("matches(phone, '[0-9]{3}-[0-9]{2}')", {"phone": "123-45"}, True),
        ("matches(phone, '^\\\\d{3}$')", {"phone": "1234"}, False),
        ("-(5) + 7", {}, 2),
    ],
)
def test_functions__tiny_answer_sets__have_the_stated_value(text, answers, wanted):
    assert parse(text).evaluate(answers) == wanted
    assert parse(str(parse(text))) == parse(text)


def test_today__a_given_day__stands_for_it():
    assert parse("today() - born").evaluate({"born": date(2026, 11, 1)}, today=date(2026, 11, 22)) == 21


def test_reason__each_kind_of_missing__is_told_apart():
    missing = {"age": {"99": "refused", "": "not_asked"}}
    expression = parse("reason(age)")
    assert expression.evaluate({"age": 99}, missing) == "refused"
    assert expression.evaluate({"age": None}, missing) == "not_asked"
    assert expression.evaluate({"age": None, "age__why": "dont_know"}, missing) == "dont_know"
    assert expression.evaluate({"age": 20}, missing) == ""
    frame = pd.DataFrame({"age": [99, None, 20]})
    assert list(expression.on(frame, missing)["value"]) == ["refused", "not_asked", ""]


def test_missing_code__in_a_comparison__is_unknown():
    assert parse("age > 15").evaluate({"age": 99}, {"age": {"99": "refused"}}) is None
    found = parse("age > 15").on(pd.DataFrame({"age": [99, 20]}), {"age": {"99": "refused"}})["value"]
    assert pd.isna(found[0])
    assert bool(found[1]) is True


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a ==", "expression.syntax"),
        ("a = 1", "expression.syntax"),
        ("selected(a + 1, 'x')", "expression.syntax"),
        ("selected(a)", "expression.syntax"),
        ("today(1)", "expression.syntax"),
        ("date('31/01/2026')", "expression.syntax"),
        ("matches(a, '(x+)+')", "expression.syntax"),
        ("matches(a, '(?=x)')", "expression.syntax"),
        ("1e999 > a", "expression.syntax"),
        ("__import__('os')", "expression.unknown_name"),
        ("a" * 5000, "expression.limit"),
        ("(" * 100 + "a" + ")" * 100, "expression.limit"),
        ("not " * 100 + "a", "expression.limit"),
    ],
)
def test_reading__what_is_no_expression__is_refused(text, code):
    with pytest.raises(VolResearchError) as caught:
        parse(text)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["a == 1", "a + 1", "a and b == 1", "length(b) == 1", "year(a) == 1"])
def test_unlike_things__in_answers_and_frames__are_refused(text):
    for evaluate in (
        lambda: parse(text).evaluate({"a": "x", "b": 1}),
        lambda: parse(text).on(pd.DataFrame({"a": ["x"], "b": [1]})),
    ):
        with pytest.raises(VolResearchError) as caught:
            evaluate()
        assert caught.value.code == "expression.type"


def test_names__that_no_frame_has__are_told_with_the_nearest():
    with pytest.raises(VolResearchError) as caught:
        parse("agee > 1").on(pd.DataFrame({"age": [1]}))
    assert "age" in caught.value.hint


def test_if__whole_numbers_that_may_be_missing_beside_a_fraction__gives_fractions():
    frame = pd.DataFrame({"age": pd.array([3, None], dtype="Int64")})
    shown = parse("if(is_missing(age), 0.5, age)").on(frame)["value"]
    assert shown.astype(float).tolist() == [3.0, 0.5]
