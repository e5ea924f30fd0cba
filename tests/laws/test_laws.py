"""Laws that every design obeys, whatever the data."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from volresearch.survey import Survey

NUMBERS = ("estimate", "se", "ci_low", "ci_high", "df", "n", "n_cell", "n_weighted")


def sample(seed: int, *, missing: bool = True) -> pd.DataFrame:
    """A seeded design of 3 to 6 strata with 2 to 5 units of 1 to 9 rows."""
    random = np.random.default_rng(seed)
    rows = []
    for stratum in range(int(random.integers(3, 7))):
        for unit in range(int(random.integers(2, 6))):
            level = random.normal(0, 2)
            for _ in range(int(random.integers(1, 10))):
                rows.append(
                    (
                        stratum,
                        unit,
                        random.gamma(2, 20),
                        10 + level + random.normal(0, 3),
                        random.integers(0, 3),
                    )
                )
    frame = pd.DataFrame(rows, columns=["stratum", "unit", "w", "y", "g"])
    frame["x"] = np.abs(frame["y"] + random.normal(0, 1, len(frame))) + 1
    frame["f"] = np.array(["a", "b", "c"])[random.integers(0, 3, len(frame))]
    frame["N"] = 50 + frame["stratum"]
    if missing:
        frame.loc[random.random(len(frame)) < 0.1, "y"] = np.nan
    return frame


def survey(frame: Any, **more: Any) -> Survey:
    return Survey(frame, weights="w", strata="stratum", psu="unit", nest=True, **more)


def results(of: Survey) -> list[pd.DataFrame]:
    where = "x > 3 and not f == 'c'"
    return [
        of.mean(["y", "x"], by=[[], ["g", "f"]], where=where, deff=True).table,
        of.total("y", by="f").table,
        of.ratio("y", "x", by="g").table,
        of.proportion("f", by="g").table,
        of.count(by="f").table,
        of.variance(["y", "x"]).table,
        of.quantile("y", by="g").table,
    ]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_engines__one_sample__agree_to_1e12(seed):
    frame = sample(seed)
    first = results(survey(frame, fpc="N"))
    for other in (polars.from_pandas(frame), polars.from_pandas(frame).lazy(), duckdb.from_df(frame)):
        for ours, theirs in zip(first, results(survey(other, fpc="N")), strict=True):
            scale = np.maximum(ours["estimate"].abs(), ours["se"].fillna(0)).to_numpy()
            for name in NUMBERS:
                a, b = ours[name].to_numpy(float), theirs[name].to_numpy(float)
                assert (np.isnan(a) == np.isnan(b)).all(), name
                near = np.abs(a - b) <= 1e-12 * np.maximum(scale, np.abs(a)) + (
                    0 if name != "se" else 1e-12 * scale
                )
                assert (near | np.isnan(a)).all(), (name, a, b)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(1e-3, 1e3))
def test_weights__scaled__change_no_mean(seed, factor):
    frame = sample(seed)
    one = survey(frame).mean("y", by="g").table
    other = survey(frame.assign(w=frame["w"] * factor)).mean("y", by="g").table
    np.testing.assert_allclose(one["estimate"], other["estimate"], rtol=1e-12)
    np.testing.assert_allclose(one["se"], other["se"], rtol=1e-9, atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_domain__split_and_put_together__is_the_whole(seed):
    frame = sample(seed)
    design = survey(frame)
    whole, parts = design.total("y"), design.total("y", by="f")
    together = design.contrast(parts, {"whole": [1.0] * len(parts)}).table
    assert together["estimate"][0] == pytest.approx(whole.table["estimate"][0], rel=1e-12)
    assert together["se"][0] == pytest.approx(whole.table["se"][0], rel=1e-9)
    mean = design.mean("y").table["estimate"][0]
    cells = design.mean("y", by="f").table
    assert np.average(cells["estimate"], weights=cells["n_weighted"]) == pytest.approx(mean, rel=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_rows__in_another_order__change_nothing(seed):
    frame = sample(seed)
    mixed = frame.sample(frac=1, random_state=seed)
    for one, other in zip(results(survey(frame)), results(survey(mixed)), strict=True):
        np.testing.assert_allclose(one["estimate"], other["estimate"], rtol=1e-11)
        np.testing.assert_allclose(one["se"], other["se"], rtol=1e-9, atol=1e-11)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_covariance__diagonal__is_the_variance(seed):
    frame = sample(seed)
    for rule in ("adjust", "average", "certainty"):
        result = survey(frame, lone_psu=rule, lone_in_domains=True).mean("y", by=["g", "f"])
        np.testing.assert_allclose(
            np.sqrt(np.diag(result.covariance)), result.table["se"], rtol=1e-9, atol=1e-12
        )


DESIGNS = {
    "simple random": {"strata": 1, "units": 60, "rows": 1},
    "stratified elements": {"strata": 8, "units": 12, "rows": 1},
    "clusters": {"strata": 1, "units": 40, "rows": 8},
    "strata and clusters": {"strata": 15, "units": 3, "rows": 6},
}


@pytest.mark.parametrize("name", DESIGNS)
def test_interval__2000_samples_of_a_design_with_30_df__covers_as_it_says(name):
    covered, df = coverage(**DESIGNS[name], samples=2000, seed=20261122)
    assert df >= 30
    assert 0.93 <= covered <= 0.97, f"{covered:.3f} with {df:g} df"


def coverage(strata: int, units: int, rows: int, samples: int, seed: int) -> tuple[float, float]:
    """Share of 95 % intervals of a mean that hold the truth, over many samples drawn at once.

    Many samples are estimated in one call: each is a domain of one survey, whose strata and units are its own.
    """
    random = np.random.default_rng(seed)
    per = strata * units * rows
    stratum = np.repeat(np.arange(strata), units * rows)
    unit = np.repeat(np.arange(strata * units), rows)
    level = np.linspace(-1, 1, strata)[stratum]
    hit, df, done, block = 0, 0.0, 0, 250
    while done < samples:
        many = np.repeat(np.arange(block), per)
        spread = random.normal(0, 0.6, (block, strata * units))[:, unit]
        y = 5 + level + spread + random.normal(0, 1.5, (block, per))
        frame = pd.DataFrame(
            {
                "sample": many,
                "stratum": np.tile(stratum, block) + many * strata,
                "unit": np.tile(unit, block) + many * strata * units,
                "w": np.tile(1.0 + stratum % 3, block),
                "y": y.ravel(),
            }
        )
        table = Survey(frame, weights="w", strata="stratum", psu="unit").mean("y", by="sample").table
        truth = 5 + np.average(np.linspace(-1, 1, strata), weights=1.0 + np.arange(strata) % 3)
        hit += int(((table["ci_low"] <= truth) & (truth <= table["ci_high"])).sum())
        df, done = float(table["df"].iloc[0]), done + block
    return hit / samples, df
