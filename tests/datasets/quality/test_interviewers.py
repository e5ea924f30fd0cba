"""Interviewer effects: the analysis of variance done anew with numpy and scipy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from volresearch.datasets import Variable
from volresearch.datasets.quality.interviewers import anova_icc


def by_hand(who: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """ICC of a one-way analysis of variance with unequal groups, and p by scipy."""
    from scipy.stats import f_oneway

    groups = [y[who == one] for one in np.unique(who)]
    sizes = np.array([len(one) for one in groups])
    between = sum(len(one) * (one.mean() - y.mean()) ** 2 for one in groups) / (len(groups) - 1)
    within = sum(((one - one.mean()) ** 2).sum() for one in groups) / (len(y) - len(groups))
    n0 = (len(y) - (sizes**2).sum() / len(y)) / (len(groups) - 1)
    return (between - within) / (between + (n0 - 1) * within), float(f_oneway(*groups).pvalue)


@pytest.mark.parametrize("lazy", [False, True])
def test_icc__unequal_loads_and_missing_answers__is_that_of_numpy(make, lazy) -> None:
    rng = np.random.default_rng(11)
    who = rng.choice([f"e{n}" for n in range(7)], 300, p=[0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1])
    y = rng.normal(0, 1, 300) + pd.Series(who).str[1:].astype(int).to_numpy() * 0.4
    y[:20] = -9
    data = make(
        {"enumerator": who, "y": y}, [Variable(name="y", type="number", missing={"-9": "refused"})], lazy=lazy
    )
    quality = data.check()
    icc, p = by_hand(who[20:], y[20:])
    assert quality.value("icc", "y") == pytest.approx(icc)
    assert quality.value("icc_p", "y") == pytest.approx(p, rel=1e-6)
    found = next(one for one in quality.findings if one.topic == "interviewers")
    assert found.said().startswith(
        f"Answers go with the interviewer: {round(icc, 3)} of the variance of y lies between 7"
    )


def test_icc__textbook_of_three_groups__is_worked_out_by_hand() -> None:
    # Groups 1 2 3, 2 3 4, 6 7 8: means 2, 3, 7, grand mean 4; MSB = 3 (4 + 1 + 9) / 2 = 21, MSW = 6 / 6 = 1.
    icc, f, p = anova_icc([3, 3, 3], [2, 3, 7], [2 / 3] * 3)
    assert f == pytest.approx(21)
    assert icc == pytest.approx((21 - 1) / (21 + 2 * 1))
    assert p == pytest.approx(1 / 512)  # with 2 and 6 degrees of freedom: (1 + 2 F / 6) ** -3


def test_icc__no_effect__is_no_finding(make) -> None:
    rng = np.random.default_rng(2)
    data = make({"interviewer": rng.integers(0, 5, 400).astype(str), "y": rng.normal(size=400)}, [Variable(name="y", type="number")])  # fmt: skip
    quality = data.check()
    assert abs(quality.value("icc", "y")) < 0.05
    assert [one for one in quality.findings if one.topic == "interviewers"] == []


def test_icc__two_codes_and_scales__are_numbers_and_names_are_not(make) -> None:
    rng = np.random.default_rng(4)
    who = np.repeat(["a", "b"], 50)
    columns = {
        "interviewer": who,
        "yes": np.where(rng.random(100) < np.where(who == "a", 0.9, 0.2), "y", "n"),
        "scale": rng.choice(["1", "2", "3"], 100),
        "colour": rng.choice(["red", "blue", "green"], 100),
    }
    variables = [
        Variable(name="yes", type="code", labels={"y": "Yes", "n": "No"}),
        Variable(name="scale", type="code", labels={"1": "a", "2": "b", "3": "c"}),
        Variable(name="colour", type="code", labels={"red": "r", "blue": "b", "green": "g"}),
    ]
    quality = make(columns, variables).check()
    assert quality.value("icc", "yes") == pytest.approx(by_hand(who, (columns["yes"] == "y") * 1.0)[0])
    assert quality.value("icc", "scale") == pytest.approx(by_hand(who, columns["scale"].astype(float))[0])
    assert quality.value("icc", "colour") is None


def test_interviewers__one_who_records_the_same_always__is_found(make) -> None:
    who = np.repeat(["a", "b", "c"], 20)
    answers = np.r_[np.full(20, 3.0), np.tile([1.0, 2, 3, 4, 5], 8)]
    quality = make({"interviewer": who, "y": answers}, [Variable(name="y", type="number")]).check()
    # Of 60 answers 28 are a 3: (28 / 60) ** 20 is far below one in a thousand.
    assert quality.value("interviewers_without_variance", "y") == 1
    assert any(
        "Interviewers who recorded one and the same answer to y" in one.said() for one in quality.findings
    )


def test_interviewers__loads__are_counted(make) -> None:
    who = ["a"] * 30 + ["b"] * 3 + ["c"] * 2 + ["d"] * 2 + ["e"] + [None]
    quality = make({"interviewer": who, "y": np.arange(39.0)}, [Variable(name="y", type="number")]).check()
    told = {one.measure: one.value for one in quality.numbers if one.variable == "interviewer"}
    assert told["interviewers"] == 5
    assert (told["most_interviews"], told["median_interviews"], told["fewest_interviews"]) == (30, 2, 1)
    said = [one.said() for one in quality.findings if one.topic == "interviewers"]
    assert "One interviewer made 30 of 38 interviews (78.9%)" in said
    assert "Interviews without an interviewer: 1 of 39 (2.6%)" in said


def test_interviewers__column_of_keys__is_no_interviewer(make) -> None:
    quality = make({"interviewer": [f"i{n}" for n in range(20)], "y": np.arange(20.0)}, [Variable(name="y", type="number")]).check()  # fmt: skip
    assert quality.value("icc", "y") is None
    assert any("20 different values in 20 rows" in one.said() for one in quality.findings)
