"""Random expressions that are well typed, with random answers: what the laws of the language are tried on."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from volresearch.expressions import Arithmetic, Call, Compare, Literal, Logic, Member, Name, Negative, Not

NUMBERS = ("age", "hours")
TEXTS = ("sex", "skills")
DAYS = ("born",)
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
CODES = ("f", "m", "a b", "first_aid", "", "f m")

answers = st.fixed_dictionaries(
    {
        "age": st.none() | st.integers(-3, 99),
        "hours": st.none() | st.sampled_from([0.0, 0.5, -1.5, 2.5, 40.0]),
        "sex": st.none() | st.sampled_from(CODES),
        "skills": st.none() | st.sampled_from(["a b", "first_aid a", "b  a", "", "x"]),
        "born": st.none() | st.dates(date(1960, 1, 1), date(2026, 12, 31)),
        "member": st.none() | st.booleans(),
    }
)
number_literals = st.integers(-20, 100).map(Literal) | st.sampled_from([0.5, 2.5, -1.25]).map(Literal)
text_literals = st.sampled_from([code for code in CODES if code]).map(Literal)
day_literals = st.dates(date(1960, 1, 1), date(2026, 12, 31)).map(lambda day: Literal(day.isoformat()))


def call(name, *parts):
    """A strategy for a call with the given argument strategies."""
    return st.tuples(*parts).map(lambda arguments: Call(name, arguments))


days = (
    st.sampled_from(DAYS).map(Name)
    | call("date", day_literals)
    | call("date", st.sampled_from(DAYS).map(Name))
    | st.just(Call("today", ()))
)


def _numbers_of(inner):
    arithmetic = st.builds(Arithmetic, st.sampled_from("+-*/"), inner, inner)
    return (
        arithmetic
        | st.builds(Negative, inner)
        | st.builds(
            lambda name, part: Call(name, (part,)), st.sampled_from(["abs", "round", "int", "sqrt"]), inner
        )
        | call("mod", inner, inner)
        | call("coalesce", inner, inner)
    )


numbers = st.recursive(
    number_literals
    | st.sampled_from(NUMBERS).map(Name)
    | call("count_selected", st.sampled_from(TEXTS).map(Name))
    | call("length", st.sampled_from(TEXTS).map(Name))
    | st.builds(lambda part, day: Call(part, (day,)), st.sampled_from(["year", "month", "day"]), days)
    | st.builds(Arithmetic, st.just("-"), days, days),
    _numbers_of,
    max_leaves=3,
)
texts = st.recursive(
    text_literals | st.sampled_from(TEXTS).map(Name),
    lambda inner: call("concat", inner, inner) | call("coalesce", inner, inner),
    max_leaves=3,
)
variables = st.sampled_from([*NUMBERS, *TEXTS, *DAYS]).map(Name)
signs = st.sampled_from(COMPARISONS)
_simple = (
    st.builds(Compare, signs, numbers, numbers)
    | st.builds(Compare, signs, texts, texts)
    | st.builds(Compare, signs, days, days | day_literals)
    | st.builds(Member, numbers, st.lists(number_literals, min_size=1, max_size=3).map(tuple), st.booleans())
    | st.builds(Member, texts, st.lists(text_literals, min_size=1, max_size=3).map(tuple), st.booleans())
    | call("is_missing", variables)
    | call("selected", st.sampled_from(TEXTS).map(Name), text_literals)
    | call("contains", texts, text_literals)
    | call("starts_with", texts, text_literals)
    | call("matches", texts, st.sampled_from(["[a-z]", "f|m", "\\w+( \\w+)?", "^.{1,3}$"]).map(Literal))
    | st.builds(
        Compare, st.sampled_from(["==", "!="]), call("reason", variables),
        st.sampled_from(["refused", "no_answer", ""]).map(Literal),
    )
    | st.just(Name("member"))
)  # fmt: skip


def _conditions_of(inner):
    many = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return (
        st.builds(Logic, st.sampled_from(["and", "or"]), many)
        | st.builds(Not, inner)
        | call("if", inner, inner, inner)
    )


conditions = st.recursive(_simple, _conditions_of, max_leaves=3)
values = numbers | texts | st.builds(lambda c, a, b: Call("if", (c, a, b)), conditions, numbers, numbers)
