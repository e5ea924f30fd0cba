"""Domains are not row filters; missing is one thing; what is outside is counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from volresearch.errors import VolResearchError
from volresearch.survey import Survey

FRAME = pd.DataFrame(
    {
        "h": [1, 1, 1, 1, 2, 2, 2, 2],
        "p": [1, 1, 2, 2, 3, 3, 4, 4],
        "w": [2.0, 2, 3, 3, 1, 1, 4, 4],
        "age": [20, 30, None, 17, 40, 16, 99, 25],
        "y": [1.0, 2, 3, 4, 5, 6, 7, 8],
        "g": ["a", "b", "a", "a", None, "b", "a", "a"],
    }
)
SURVEY = Survey(FRAME, weights="w", strata="h", psu="p")


def by_hand(u: list[float]) -> float:
    """Variance of PSU totals u of 2 strata with 2 units each."""
    return float(np.sqrt((u[0] - u[1]) ** 2 + (u[2] - u[3]) ** 2))


def test_mean__domain__keeps_units_that_it_does_not_reach():
    table = SURVEY.mean("y", where="y <= 2").table
    mean = (2 * 1 + 2 * 2) / 4
    u = [(2 * (1 - mean) + 2 * (2 - mean)) / 4, 0, 0, 0]
    assert table["estimate"][0] == mean
    assert table["se"][0] == pytest.approx(by_hand(u), abs=1e-15)
    total = SURVEY.total("y", where="y <= 2").table
    assert total["se"][0] == pytest.approx(6.0)  # a row filter would have seen one unit and no spread


def test_mean__condition_unknown__is_outside_and_counted():
    result = SURVEY.mean("y", where="age >= 18")
    assert result.table["n"][0] == 5
    assert result.facts.extra["unknown"] == 1
    assert any("1 rows are outside the domain" in line for line in result.facts.notes)


def test_mean__declared_missing_code__is_missing_on_all_ways():
    survey = Survey(FRAME, weights="w", strata="h", psu="p", codebook={"age": {"missing": {"99": "refused"}}})
    assert survey.mean("age").table["n"][0] == 6
    assert survey.mean("y", where="is_missing(age)").table["n"][0] == 2


def test_mean__group_without_code__is_in_no_group():
    result = SURVEY.mean("y", by="g")
    assert result.table["g"].tolist() == ["a", "b"]
    assert result.table["n"].sum() == 7
    assert result.facts.extra["unplaced"] == {"g": 1}


def test_mean__domain_of_one_row__is_flagged_and_has_no_interval():
    row = SURVEY.mean("y", where="y == 5").table.iloc[0]
    assert row["estimate"] == 5
    assert "one_psu" in row["flag"]
    assert "few" in row["flag"]
    assert np.isnan(row["ci_low"])


def test_mean__several_groupings__share_names_and_covariance():
    result = SURVEY.mean(["y", "age"], by=[[], ["g"]])
    assert len(result) == 6
    assert result.covariance.shape == (6, 6)
    assert np.sqrt(np.diag(result.covariance)) == pytest.approx(result.table["se"].to_numpy(), rel=1e-12)


def test_mean__missing_outcome__does_not_remove_its_unit():
    frame = FRAME.assign(y=[None, None, *FRAME["y"][2:]])
    survey = Survey(frame, weights="w", strata="h", psu="p")
    mean = survey.mean("y").table.iloc[0]
    weights = np.array([3, 3, 1, 1, 4, 4.0])
    y = np.array([3, 4, 5, 6, 7, 8.0])
    r = weights * (y - np.average(y, weights=weights)) / weights.sum()
    assert mean["se"] == pytest.approx(by_hand([0, r[0] + r[1], r[2] + r[3], r[4] + r[5]]), rel=1e-12)
    assert mean["df"] == 2


def test_where__unknown_name__is_refused():
    with pytest.raises(VolResearchError) as caught:
        SURVEY.mean("y", where="agee > 3")
    assert caught.value.code == "expression.unknown_name"
    assert 'Did you mean "age"' in str(caught.value)


def test_proportion__levels__count_their_own_rows():
    table = SURVEY.proportion("g").table
    assert table["level"].tolist() == ["a", "b"]
    assert table["n_cell"].tolist() == [5, 2]
    assert table["estimate"].sum() == pytest.approx(1)


def test_evidence__of_total__has_units_and_largest_contributions():
    rows = SURVEY.total("y", by="g").evidence().rows
    assert [(row.n, row.psu, row.largest) for row in rows] == [(5, 3, (8.0, 7.0)), (2, 2, (6.0, 2.0))]


def test_contrast__by_name_by_numbers_by_expression__are_one():
    means = SURVEY.mean("y", by="g")
    table = SURVEY.contrast(
        means, {"x": {"a": 1, "b": -1}, "y": [1, -1], "z": "a - b", "log": "log(a) - log(b)"}
    ).table
    assert table["estimate"][0] == table["estimate"][1] == table["estimate"][2]
    assert table["se"][0] == table["se"][2]
    with pytest.raises(VolResearchError, match='no row "c"'):
        SURVEY.contrast(means, {"x": {"c": 1}})


def test_standardized_mean__cell_without_members__is_refused():
    with pytest.raises(VolResearchError, match="nobody in") as caught:
        SURVEY.standardized_mean("y", "p", {1: 1, 2: 1}, by="h")
    assert caught.value.code == "survey.domain"


def test_mean__empty_domain__is_flagged_without_a_standard_error():
    row = SURVEY.mean("y", where="y > 100").table.iloc[0]
    assert "empty" in row["flag"]
    assert np.isnan(row["estimate"])
    assert np.isnan(row["se"])


def test_proportion__all_agree__is_flagged_and_bounded_by_beta_and_wilson_only():
    frame = FRAME.assign(one=1)
    survey = Survey(frame, weights="w", strata="h", psu="p")
    row = survey.proportion("one").table.iloc[0]
    assert row["se"] == 0
    assert "no_spread" in row["flag"]
    assert "no_interval" in row["flag"]
    for interval in ("beta", "wilson"):
        row = survey.proportion("one", interval=interval).table.iloc[0]
        assert 0 < row["ci_low"] < row["ci_high"] == pytest.approx(1)


def test_mean__numbers_in_a_column_of_objects__are_numbers():
    frame = FRAME.assign(y=FRAME["y"].astype(object))
    survey = Survey(frame, weights="w", strata="h", psu="p")
    assert survey.mean("y", where="y > 2").table["n"][0] == 6
