"""Exact methods against textbook values, and refusals in plain words."""

from __future__ import annotations

import pandas as pd
import pytest

import volresearch as vr
from volresearch.errors import VolResearchError
from volresearch.survey.small import binomial_interval, poisson_interval


def census(**columns) -> vr.Survey:
    return vr.Survey(pd.DataFrame(columns), census=True)


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(0, 10, 0.0, 0.3085), (4, 20, 0.0573, 0.4366), (10, 10, 0.6915, 1.0), (81, 263, 0.2527, 0.3676)],
)
def test_binomial_interval__known_tables__agree(count, n, low, high):
    # Clopper and Pearson; 81 of 263 is Newcombe's (1998) example.
    assert binomial_interval(count, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.6889), (1, 0.0253, 5.5716), (10, 4.7954, 18.3904), (100, 81.3639, 121.6272)],
)
def test_poisson_interval__known_tables__agree(count, low, high):
    assert poisson_interval(count) == pytest.approx((low, high), abs=1e-3)


def test_exact_proportion__groups__each_has_its_own_interval():
    survey = census(done=["y"] * 3 + ["n"] * 7 + ["y"] * 4 + ["n"] * 16, city=["a"] * 10 + ["b"] * 20)
    table = survey.exact_proportion("done", by="city").table.query("level == 'y'")
    assert table[["city", "estimate", "n", "n_cell"]].values.tolist() == [
        ["a", 0.3, 10, 3],
        ["b", 0.2, 20, 4],
    ]
    assert table["ci_low"].tolist() == pytest.approx([0.0667, 0.0573], abs=5e-5)
    assert table["ci_high"].tolist() == pytest.approx([0.6525, 0.4366], abs=5e-5)


def test_exact_proportion__group_of_one__has_no_interval_and_says_so():
    result = census(done=["y", "n", "y"], city=["a", "a", "b"]).exact_proportion("done", by="city")
    alone = result.table.query("city == 'b'")
    assert alone["ci_low"].isna().all()
    assert (alone["flag"].str.contains("no_interval")).all()
    assert any(note.startswith("b: one row") for note in result.facts.notes)


def test_exact_rate__events_over_time__divides_the_garwood_interval():
    row = census(visits=[4, 6], years=[2.0, 3.0]).exact_rate("visits", "years").table.iloc[0]
    assert row["estimate"] == 2.0
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((4.7954 / 5, 18.3904 / 5), abs=1e-4)


def test_sign_test__nine_rose_one_fell__has_the_binomial_p():
    before = [0] * 12
    after = [1] * 9 + [-1] + [0, 0]
    result = census(before=before, after=after).exact_sign_test("after", "before")
    row = result.table.iloc[0]
    assert row["p_value"] == pytest.approx(2 * (1 + 10) / 2**10)
    assert (row["estimate"], row["n"]) == (0.9, 10)
    assert any("2 units without a change" in note for note in result.facts.notes)


def test_permutation_test__six_values_parted__counts_every_way():
    survey = census(score=[1.0, 2, 3, 4, 5, 6], side=["h", "h", "h", "s", "s", "s"])
    row = survey.exact_permutation_test("score", "side").table.iloc[0]
    assert row["estimate"] == 3.0
    assert row["p_value"] == pytest.approx(2 / 20)  # of 20 ways, the one seen and its mirror lie as far out


def test_permutation_test__ties_and_unequal_sizes__agree_with_scipy():
    from scipy import stats

    a, b = [3.0, 3, 5, 8], [1.0, 2, 3]
    expected = stats.permutation_test(
        (a, b),
        lambda x, y, axis=-1: x.mean(axis=axis) - y.mean(axis=axis),
        vectorized=True,
        n_resamples=10**6,
    )
    survey = census(score=a + b, side=["z"] * 4 + ["a"] * 3)
    row = survey.exact_permutation_test("score", "side").table.iloc[0]
    assert row["estimate"] == pytest.approx(expected.statistic)
    # Ours counts ways by their distance from the middle; with unequal sizes scipy doubles the smaller tail.
    assert 0 < row["p_value"] <= expected.pvalue + 1e-12


FRAME = pd.DataFrame({"w": [1.0, 1, 1, 2], "s": [1, 1, 2, 2], "p": [1, 2, 3, 4], "y": ["a", "b", "a", "b"]})


@pytest.mark.parametrize(
    ("design", "code", "said"),
    [
        ({"psu": "p"}, "survey.exact", "clustered"),
        ({"strata": "s"}, "survey.exact", "stratified"),
        ({"weights": "w"}, "survey.exact", "weights differ"),
        ({"nonprobability": True}, "survey.nonprobability", 'assume="srs"'),
    ],
)
def test_design__not_of_equal_draws__is_refused_with_the_reason(design, code, said):
    with pytest.raises(VolResearchError) as caught:
        vr.Survey(FRAME, **design).exact_proportion("y")
    assert caught.value.code == code
    assert said in str(caught.value)


def test_nonprobability__assume_srs__repeats_the_assumption():
    result = vr.Survey(FRAME, nonprobability=True, assume="srs").exact_proportion("y")
    assert any("assume a simple random sample" in said for said in result.facts.assumptions)
    assert result.table["ci_low"].notna().all()


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: census(y=["a"]).exact_proportion("y"), "one row shows no variation"),
        (lambda: census(y=["a", None]).exact_proportion("y"), "one row shows no variation"),
        (lambda: census(a=[1, 1, 2], b=[1, 1, 1]).exact_sign_test("a", "b"), "1 of 3 units changed"),
        (lambda: census(y=[1.0, 2], g=["a", "a"]).exact_permutation_test("y", "g"), "has 1 groups"),
        (lambda: census(y=[1.0] * 40, g=["a", "b"] * 20).exact_permutation_test("y", "g"), "too many"),
    ],
)
def test_too_little__any_verb__refuses_in_plain_words(ask, said):
    with pytest.raises(VolResearchError) as caught:
        ask()
    assert caught.value.code == "survey.domain"
    assert said in str(caught.value)
