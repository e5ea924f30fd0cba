"""The expression language: meaning, printing, bounds, and the same meaning on frames."""

from __future__ import annotations

import narwhals as nw
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from volresearch.errors import VolResearchError
from volresearch.expressions import (
    Arithmetic,
    Call,
    Compare,
    Expression,
    Literal,
    Logic,
    Member,
    Name,
    Negative,
    Not,
    parse,
)
from volresearch.survey.conditions import condition
from volresearch.survey.engine import Engine

ANSWERS = {"age": 20, "sex": "f", "skills": "cook drive", "gone": None, "hours": 2.5}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("age >= 18", True),
        ("age + 1 == 21 and hours * 2 < 6", True),
        ("sex in ['f', 'x'] or gone == 1", True),
        ("sex == 'm' and gone == 1", False),
        ("sex == 'f' and gone == 1", None),
        ("not gone == 1", None),
        ("is_missing(gone) and not is_missing(age)", True),
        ("selected(skills, 'cook')", True),
        ("selected(skills, 'coo')", False),
        ("selected(gone, 'cook')", None),
        ("age not in [20, 21]", False),
        ("-age < -10 - 5", True),
        ("hours / 0 == 1", None),
        ("(age - 10) / 2 == 5", True),
    ],
)
def test_evaluate__answers__follow_three_valued_logic(text, value):
    assert parse(text).evaluate(ANSWERS) is value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("age >", "expression.syntax"),
        ("age = 3", "expression.syntax"),
        ("age >= 3 3", "expression.syntax"),
        ("__import__('os')", "expression.unknown_name"),
        ("selected(age)", "expression.syntax"),
        ("is_missing(age + 1)", "expression.syntax"),
        ("(" * 200 + "age" + ")" * 200, "expression.limit"),
        ("not " * 200 + "age == 1", "expression.limit"),
        ("age" + " + 1" * 500 + " == 1", "expression.limit"),
        ("a" * 5000, "expression.limit"),
        ("age == 'x", "expression.syntax"),
        ("", "expression.syntax"),
    ],
)
def test_parse__wrong_text__is_refused_with_its_code(text, code):
    with pytest.raises(VolResearchError) as caught:
        parse(text)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["age == '20'", "sex == 1", "sex + 1 == 2", "age and sex == 'f'"])
def test_evaluate__unlike_things__are_refused(text):
    with pytest.raises(VolResearchError) as caught:
        parse(text).evaluate(ANSWERS)
    assert caught.value.code == "expression.type"


numbers = st.one_of(st.integers(0, 99), st.floats(0.25, 9, allow_nan=False)).map(Literal)
values = st.recursive(
    st.one_of(numbers, st.sampled_from(["age", "hours", "a b"]).map(Name)),
    lambda inner: st.one_of(
        st.builds(Arithmetic, st.sampled_from("+-*/"), inner, inner),
        st.builds(lambda x: Negative(Name("age")), inner),
    ),
    max_leaves=5,
)
conditions = st.recursive(
    st.one_of(
        st.builds(Compare, st.sampled_from(["==", "!=", "<", ">="]), values, values),
        st.builds(
            Member,
            st.just(Name("sex")),
            st.lists(st.text(max_size=4).map(Literal), min_size=1, max_size=3).map(tuple),
            st.booleans(),
        ),
        st.just(Call("is_missing", (Name("gone"),))),
    ),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(lambda a, b: Logic("and", (a, b)), inner, inner),
        st.builds(lambda a, b: Logic("or", (a, b)), inner, inner),
    ),
    max_leaves=6,
)


def flat(node):
    """Nested and/or of one kind read back as one."""
    return str(parse(str(Expression(node))))


@settings(max_examples=150, deadline=None)
@given(conditions)
def test_print__then_parse__gives_the_same_text(node):
    text = str(Expression(node))
    assert str(parse(text)) == text == flat(node)


FRAME = pd.DataFrame(
    {
        "age": [20, 15, None, 40, 33],
        "sex": ["f", "m", "f", None, "m"],
        "skills": ["cook", "", "drive cook", None, "x"],
        "hours": [1.0, None, 2.5, 0.0, 4.0],
        "yes": [True, False, True, False, True],
    }
)
TEXTS = [
    "age >= 18",
    "not age >= 18",
    "age >= 18 and sex == 'f'",
    "age >= 18 or sex == 'f'",
    "sex in ['f'] and not is_missing(hours)",
    "sex not in ['f']",
    "selected(skills, 'cook')",
    "10 / hours > 3 or is_missing(age)",
    "-hours + 1 < 0",
    "15 < age",
    "not (sex == 'm' or hours > 2)",
    "log(hours) > 0",
    "yes and age > 15",
]


def engines(frame: pd.DataFrame):
    import duckdb
    import polars

    return {"pandas": frame, "polars": polars.from_pandas(frame).lazy(), "duckdb": duckdb.from_df(frame)}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("name", ["pandas", "polars", "duckdb"])
def test_condition__on_every_engine__means_what_one_answer_set_means(text, name):
    engine = Engine(engines(FRAME)[name])
    asked = condition(engine, text)
    flag = {
        key: nw.when(expr).then(1).otherwise(0)
        for key, expr in (("true", asked.true), ("unknown", asked.unknown))
    }
    found = engine.selected(flag)
    for i, row in enumerate(FRAME.to_dict("records")):
        row = {key: None if value is None or value != value else value for key, value in row.items()}
        expected = parse(text).evaluate(row)
        assert (found["true"][i] == 1) == (expected is True), (text, row)
        assert (found["unknown"][i] == 1) == (expected is None), (text, row)


@pytest.mark.parametrize(
    "text", ["sex == 1", "age == '1'", "1 == 1", "age", "sex > 1", "age in ['a']", "age + sex == 1"]
)
def test_condition__unlike_things__are_refused(text):
    with pytest.raises(VolResearchError) as caught:
        condition(Engine(FRAME), text)
    assert caught.value.code == "expression.type"
