from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volresearch.datasets import Figure, MeasurementKey, Variant, judge, parse_period
from volresearch.datasets.compare import VERDICTS
from volresearch.datasets.facts import Check
from volresearch.errors import VolResearchError
from volresearch.text import Text

KEY = MeasurementKey("15+", "4 weeks", "any", "excluded", "face_to_face", "1", "lfs")


def figure(id: str, *, series: str = "t.rate", indicator: str = "core.V01", kind: str = "rate", unit: str = "percent",
           bound: str = "exact", **key: str) -> Figure:  # fmt: skip
    own = replace(KEY, **key)
    variant = Variant(f"{series}.{kind}.{unit}.{own}", series, "m", indicator, kind, unit, bound, own)
    return Figure(
        id, series, "PER", parse_period("2016"), "total", 1.0, bound, unit, "s", "S", "m", "", variant
    )


def test_judge__same_key__is_comparable() -> None:
    comparison = judge([figure("a"), figure("b")])
    assert (comparison.verdict, comparison.reasons) == ("comparable", ())
    assert comparison.sentence() == "These 2 figures are comparable."


@pytest.mark.parametrize(
    ("change", "verdict", "key"),
    [
        ({"kind": "stock"}, "not_comparable", "kind"),
        ({"unit": "persons"}, "not_comparable", "unit"),
        ({"reference_period": "12 months"}, "not_comparable", "reference_period"),
        ({"volunteering": "organization"}, "not_comparable", "volunteering"),
        ({"mode": "online"}, "not_comparable", "mode"),
        ({"vintage": "2"}, "not_comparable", "vintage"),
        ({"reference_period": "1 month"}, "caution", "reference_period"),
        ({"age": "16+"}, "caution", "age"),
        ({"family_help": "included"}, "caution", "family_help"),
        ({"survey": "other"}, "caution", "survey"),
        ({"age": "unknown"}, "caution", "age"),
        ({"mode": "unknown"}, "caution", "mode"),
        ({"survey": "unknown"}, "caution", "survey"),
        ({"bound": "at_least"}, "caution", "bound"),
        ({"series": "t.other", "indicator": "context"}, "not_comparable", "series"),
        ({"series": "t.other"}, "caution", "series"),
    ],
)
def test_judge__one_thing_differs__verdict_and_reason(change: dict[str, str], verdict: str, key: str) -> None:
    comparison = judge([figure("a"), figure("b", **change)])
    assert comparison.verdict == verdict
    assert [reason.key for reason in comparison.reasons] == [key]
    assert comparison.reasons[0].effect == verdict


def test_judge__vintages_of_different_surveys__do_not_part_them() -> None:
    comparison = judge([figure("a"), figure("b", survey="other", vintage="2")])
    assert [reason.key for reason in comparison.reasons] == ["survey"]


def test_judge__both_unknown__is_never_plainly_comparable() -> None:
    assert judge([figure("a", mode="unknown"), figure("b", mode="unknown")]).verdict == "caution"


def test_judge__both_not_applicable__is_no_reason() -> None:
    assert (
        judge([figure("a", age="not_applicable"), figure("b", age="not_applicable")]).verdict == "comparable"
    )


def test_judge__break_marked_between_two__is_not_comparable_with_its_comment() -> None:
    checks = (Check("C1", "x", "a vs b", False, "new tools", ("a", "b"), breaks=True),)
    comparison = judge([figure("a"), figure("b"), figure("c")], checks)
    assert {(pair.a, pair.b): pair.verdict for pair in comparison.pairs} == {
        ("a", "b"): "not_comparable", ("a", "c"): "comparable", ("b", "c"): "comparable"
    }  # fmt: skip
    assert "new tools" in comparison.sentence()


def test_judge__sum_that_does_not_add_up__is_no_break() -> None:
    checks = (Check("C1", "x", "a + b", False, "38 more", ("a", "b")),)
    assert judge([figure("a"), figure("b")], checks).verdict == "comparable"


def test_judge__several__every_pair_is_judged_and_the_worst_counts() -> None:
    comparison = judge([figure("a"), figure("b", age="16+"), figure("c", mode="online")])
    assert len(comparison.pairs) == 3
    assert comparison.verdict == "not_comparable"
    assert comparison.reasons[0].effect == "not_comparable"


@pytest.mark.parametrize("figures", [[], ["a"], ["a", "a"]])
def test_judge__fewer_than_two__is_refused(figures: list[str]) -> None:
    with pytest.raises(VolResearchError) as caught:
        judge([figure(id) for id in figures])
    assert caught.value.code == "facts.compare"


def test_sentence__a_refused_comparison__names_both_values() -> None:
    said = judge([figure("a"), figure("b", mode="online")]).sentence()
    assert "face to face" in said
    assert "online" in said


def test_reasons__same_pair_of_values_both_ways__is_said_once() -> None:
    figures = [figure("a"), figure("b", mode="online"), figure("c"), figure("d", mode="online")]
    assert [reason.key for reason in judge(figures).reasons] == ["mode"]


def test_sentence__many_reasons__names_the_gravest_and_counts_the_rest() -> None:
    figures = [figure(str(n), age=f"{n}+") for n in range(10, 20)] + [figure("x", mode="online")]
    comparison = judge(figures)
    said = comparison.reason_sentences(most=3)
    assert "mode" in said[0]
    assert said[-1] == f"There are {len(comparison.reasons) - 3} further reasons."


def test_sentence__series_differ__names_their_titles() -> None:
    a, b = figure("a"), figure("b", series="t.other", indicator="context")
    a, b = replace(a, series_title=Text({"es": "Tasa"})), replace(b, series_title=Text({"es": "Personas"}))
    assert "Tasa" in judge([a, b]).sentence("es")


def test_repr_html__comment_with_markup__is_escaped() -> None:
    checks = (Check("C1", "x", "r", False, "<script>", ("a", "b"), breaks=True),)
    html = judge([figure("a"), figure("b")], checks)._repr_html_()
    assert "&lt;script&gt;" in html


FIELDS = st.fixed_dictionaries(
    {
        "age": st.sampled_from(["15+", "16+", "unknown"]),
        "mode": st.sampled_from(["online", "face_to_face", "unknown", "not_applicable"]),
        "vintage": st.sampled_from(["1", "2"]),
        "survey": st.sampled_from(["lfs", "other", "unknown"]),
        "reference_period": st.sampled_from(["4 weeks", "1 month", "12 months"]),
    }
)


@given(FIELDS, FIELDS)
def test_judge__order_of_figures__does_not_matter(one: dict[str, str], two: dict[str, str]) -> None:
    figures = [figure("a", **one), figure("b", **two)]
    verdicts = {judge(order).verdict for order in permutations(figures)}
    assert len(verdicts) == 1


@given(FIELDS, FIELDS, FIELDS)
def test_judge__one_more_figure__never_improves_the_verdict(
    one: dict[str, str], two: dict[str, str], three: dict[str, str]
) -> None:
    figures = [figure("a", **one), figure("b", **two), figure("c", **three)]
    fewer, more = judge(figures[:2]).verdict, judge(figures).verdict
    assert VERDICTS.index(more) >= VERDICTS.index(fewer)
