from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from volresearch.errors import VolResearchError
from volresearch.survey import Survey
from volresearch.survey.resampling import hadamard, replicate_factors


def pairs(strata: int = 12, rows: int = 5, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    n = strata * 2 * rows
    return pd.DataFrame(
        {
            "w": rng.uniform(2, 6, n),
            "stratum": np.repeat(np.arange(strata), 2 * rows),
            "village": np.arange(n) // rows,
            "g": rng.choice(["a", "b"], n),
            "y": rng.normal(5, 1, n) + np.repeat(rng.normal(0, 1, strata * 2), rows),
        }
    )


@pytest.mark.parametrize("order", [1, 2, 4, 7, 12, 20, 28, 33, 60, 100])
def test_hadamard__any_order__is_orthogonal_and_normalized(order: int) -> None:
    matrix = hadamard(order)
    assert len(matrix) >= order
    assert (matrix @ matrix.T == len(matrix) * np.eye(len(matrix))).all()
    assert (matrix[:, 0] == 1).all()


@pytest.mark.parametrize("method", ["JKn", "BRR", "Fay"])
def test_made__variance_of_a_total__equals_linearization(method: str) -> None:
    survey = Survey(pairs(), weights="w", strata="stratum", psu="village")
    linear = survey.total("y", by="g").table["se"]
    assert np.allclose(survey.as_replicates(method).total("y", by="g").table["se"], linear, rtol=1e-10)


@pytest.mark.parametrize("method", ["bootstrap", "subbootstrap"])
def test_made__bootstrap__is_near_linearization_and_repeatable(method: str) -> None:
    survey = Survey(pairs(), weights="w", strata="stratum", psu="village")
    first = survey.as_replicates(method, replicates=2000, seed=1).mean("y").table["se"].iloc[0]
    again = survey.as_replicates(method, replicates=2000, seed=1).mean("y").table["se"].iloc[0]
    assert first == again
    assert first == pytest.approx(survey.mean("y").table["se"].iloc[0], rel=0.08)


def test_made__jackknife_with_population_sizes__takes_the_correction() -> None:
    data = pairs().assign(villages=8)
    survey = Survey(data, weights="w", strata="stratum", psu="village", fpc="villages")
    assert survey.as_replicates("JKn").total("y").table["se"].iloc[0] == pytest.approx(
        survey.total("y").table["se"].iloc[0], rel=1e-10
    )


def test_made__successive_differences__order_counts() -> None:
    rng = np.random.default_rng(9)
    data = pd.DataFrame({"w": 1.0, "y": np.sort(rng.normal(0, 1, 60))})
    made = Survey(data, weights="w").as_replicates("SDR")
    assert made.mean("y").table["se"].iloc[0] < Survey(data, weights="w").mean("y").table["se"].iloc[0]


@pytest.mark.parametrize(
    ("method", "more", "says"),
    [
        ("BRR", {}, "two sampling units"),
        ("JK1", {}, "without strata"),
        ("bootstrap", {}, "seed"),
        ("jackknife", {}, "no method"),
        ("Fay", {"rho": 1.5}, "two sampling units|rho"),
    ],
)
def test_made__design_that_does_not_fit__is_refused(method: str, more: dict[str, float], says: str) -> None:
    data = pairs().iloc[:-5].assign(village=lambda f: np.arange(len(f)) % 37)
    data["village"] = data["village"] * 100 + data["stratum"]
    survey = Survey(data, weights="w", strata="stratum", psu="village", lone_psu="certainty")
    with pytest.raises(VolResearchError, match=says) as refused:
        survey.as_replicates(method, **more)  # type: ignore[arg-type]
    assert refused.value.code == "survey.replicates"


def test_factors__stratum_of_one_unit__is_refused() -> None:
    with pytest.raises(VolResearchError, match="one sampling unit"):
        replicate_factors("JKn", np.array([0, 0, 1]), np.zeros(2))


def given(**more: object) -> Survey:
    data = pairs()
    made = Survey(data, weights="w", strata="stratum", psu="village").as_replicates("BRR")
    columns = list(made.design.columns)  # type: ignore[attr-defined]
    frame = made.rows([*data.columns, *columns]).frame.rename(
        columns={c: f"rw_{i}" for i, c in enumerate(columns, 1)}
    )
    return Survey(frame, weights="w", replicate_weights="rw_*", **more)  # type: ignore[arg-type]


def test_given__brr__finds_its_own_scale() -> None:
    survey = Survey(pairs(), weights="w", strata="stratum", psu="village")
    assert given(method="BRR").total("y").table["se"].iloc[0] == pytest.approx(
        survey.total("y").table["se"].iloc[0], rel=1e-10
    )


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({}, "How were the replicate weights made"),
        ({"method": "JKn"}, "rscales|scale"),
        ({"method": "bootstrap"}, "scale"),
        ({"method": "Fay"}, "scale"),
        ({"method": "BRR", "scale": 1.0}, "contradicts"),
        ({"method": "JKn", "scale": 1.0, "rscales": [1.0, 2.0]}, "rscales"),
        ({"method": "other", "scale": -1.0}, "positive"),
    ],
)
def test_given__missing_or_contradictory_scale__is_refused(more: dict[str, object], says: str) -> None:
    with pytest.raises(VolResearchError, match=says):
        given(**more)


def test_given__factors_called_weights__are_noticed() -> None:
    data = pairs().assign(w=lambda f: f["w"] * 100)
    for i in range(4):
        data[f"r{i}"] = 1.0 + i / 10
    with pytest.raises(VolResearchError, match="combined=False"):
        Survey(data, weights="w", replicate_weights=["r0", "r1", "r2", "r3"], method="other", scale=1.0)


def test_given__lazy_engines__agree() -> None:
    polars = pytest.importorskip("polars")
    duckdb = pytest.importorskip("duckdb")
    survey = given(method="BRR")
    frame = survey.sample.engine.native
    expected = survey.mean("y", by="g", where="y > 4").table
    for other in (polars.from_pandas(frame).lazy(), duckdb.from_df(frame)):
        asked = (
            Survey(other, weights="w", replicate_weights="rw_*", method="BRR")
            .mean("y", by="g", where="y > 4")
            .table
        )
        assert np.allclose(asked[["estimate", "se", "df"]], expected[["estimate", "se", "df"]], rtol=1e-11)
