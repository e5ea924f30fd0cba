from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from volresearch.errors import VolResearchError
from volresearch.survey import Survey

COUNTS = np.array([[20, 30, 25], [35, 15, 25]])


def simple() -> Survey:
    rows = [(i, j) for i in range(2) for j in range(3) for _ in range(COUNTS[i, j])]
    return Survey(pd.DataFrame(rows, columns=["a", "b"]).assign(w=1.0), weights="w")


def test_crosstab__simple_random_sample__is_nearly_pearson() -> None:
    row = simple().crosstab("a", "b", statistic="Chisq").table.iloc[-1]
    pearson = stats.chi2_contingency(COUNTS, correction=False)
    assert row["test"] == pytest.approx(pearson.statistic, rel=1e-10)
    assert row["p_value"] == pytest.approx(pearson.pvalue, rel=0.05)


def test_crosstab__cells__are_the_shares() -> None:
    table = simple().crosstab("a", "b").table.iloc[:-1]
    shares = COUNTS / COUNTS.sum()
    assert all(row["estimate"] == pytest.approx(shares[row["a"], row["b"]]) for _, row in table.iterrows())
    assert table["n_cell"].sum() == COUNTS.sum()


@pytest.mark.parametrize("statistic", ["F", "Wald", "adjWald", "lincom", "saddlepoint"])
def test_crosstab__every_statistic__gives_a_like_answer(statistic: str) -> None:
    p = simple().crosstab("a", "b", statistic=statistic).table["p_value"].iloc[-1]
    assert 0.001 < p < 0.03


def test_crosstab__unknown_statistic__suggests() -> None:
    with pytest.raises(VolResearchError, match="Wald"):
        simple().crosstab("a", "b", statistic="wald")


def test_crosstab__one_value__is_refused() -> None:
    with pytest.raises(VolResearchError, match="one value only"):
        simple().crosstab("a", "b", where="a == 1")


def test_ttest__unweighted__is_close_to_the_classical_test() -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {"w": 1.0, "g": np.repeat([0, 1], 150), "y": rng.normal(0, 1, 300) + np.repeat([0, 0.4], 150)}
    )
    row = Survey(frame, weights="w").ttest("y", by="g").table.iloc[0]
    classical = stats.ttest_ind(frame["y"][150:], frame["y"][:150], equal_var=False)
    assert row["test"] == pytest.approx(classical.statistic, rel=0.01)
    assert row["p_value"] == pytest.approx(classical.pvalue, rel=0.1)


def test_ttest__three_groups__names_the_remedy() -> None:
    with pytest.raises(VolResearchError, match="term_test"):
        simple().ttest("a", by="b")


def test_ttest__null__shifts_the_test_not_the_estimate() -> None:
    plain, shifted = simple().ttest("b").table.iloc[0], simple().ttest("b", null=1.0).table.iloc[0]
    assert plain["estimate"] == shifted["estimate"]
    assert shifted["test"] == pytest.approx((plain["estimate"] - 1) / plain["se"])


def test_ranktest__monotone_change__leaves_the_ranks() -> None:
    rng = np.random.default_rng(8)
    frame = pd.DataFrame(
        {"w": rng.uniform(1, 3, 120), "g": np.repeat(["a", "b"], 60), "y": rng.exponential(1, 120)}
    )
    survey = Survey(frame.assign(z=np.exp(frame["y"])), weights="w")
    for test in ("wilcoxon", "vanderWaerden", "median", "KruskalWallis"):
        a = survey.ranktest("y", "g", test=test).table.iloc[0]
        b = survey.ranktest("z", "g", test=test).table.iloc[0]
        assert a["test"] == pytest.approx(b["test"], rel=1e-9)


def test_ranktest__three_groups__is_an_f_test() -> None:
    row = simple().ranktest("a", "b", test="KruskalWallis").table.iloc[0]
    assert row["df"] == 2
    assert 0 < row["p_value"] < 0.05
