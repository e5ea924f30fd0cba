"""What a survey refuses, and that every refusal names its remedy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from volresearch.errors import VolResearchError
from volresearch.survey import Survey

FRAME = pd.DataFrame(
    {
        "region": ["n", "n", "n", "n", "s", "s", "s", "s"],
        "village": [1, 1, 2, 2, 3, 3, 4, 4],
        "w": [2.0, 2, 3, 3, 1, 1, 4, 4],
        "size": [10, 10, 10, 10, 8, 8, 8, 8],
        "hours": [1.0, 2, 3, np.nan, 5, 6, 7, 8],
        "sex": ["f", "m", "f", "m", "f", "m", "f", "f"],
    }
)
DESIGN = {"weights": "w", "strata": "region", "psu": "village"}


def refused(code: str, make) -> str:
    with pytest.raises(VolResearchError) as caught:
        make()
    assert caught.value.code == code
    return str(caught.value)


def test_survey__without_design__names_the_three_choices():
    text = refused("survey.no_design", lambda: Survey(FRAME))
    assert "weights=" in text
    assert "census=True" in text
    assert "nonprobability=True" in text


def test_survey__weight_missing__is_refused():
    frame = FRAME.assign(w=[None, *FRAME["w"][1:]])
    assert "1 of 8 rows have a missing weight" in refused(
        "survey.weights", lambda: Survey(frame, weights="w")
    )


def test_survey__weight_negative__is_refused():
    frame = FRAME.assign(w=-FRAME["w"])
    assert "negative" in refused("survey.weights", lambda: Survey(frame, weights="w"))


def test_survey__weights_all_zero__are_refused():
    refused("survey.weights", lambda: Survey(FRAME.assign(w=0.0), weights="w"))


def test_survey__declared_missing_stratum__is_refused():
    codebook = {"region": {"missing": {"s": "refused"}}}
    text = refused("survey.strata", lambda: Survey(FRAME, **DESIGN, codebook=codebook))
    assert "4 rows have no stratum code" in text


def test_survey__psu_codes_reused__asks_for_nest():
    frame = FRAME.assign(village=[1, 1, 2, 2, 1, 1, 2, 2])
    assert "nest=True" in refused("survey.psu", lambda: Survey(frame, **DESIGN))
    nested = Survey(frame, **DESIGN, nest=True).mean("hours").table
    plain = Survey(FRAME, **DESIGN).mean("hours").table
    pd.testing.assert_frame_equal(nested, plain)


def test_survey__population_sizes_differ_in_stratum__are_refused():
    frame = FRAME.assign(size=range(10, 18))
    assert "differ within one stratum" in refused("survey.fpc", lambda: Survey(frame, **DESIGN, fpc="size"))


def test_survey__more_units_than_population__is_refused():
    refused("survey.fpc", lambda: Survey(FRAME.assign(size=1.5), **DESIGN, fpc="size"))


def test_survey__lone_psu__counts_strata_and_names_remedies_with_r_names():
    frame = pd.DataFrame({"w": 1.0, "h": range(8), "p": range(8), "y": range(8)})
    text = refused("survey.lone_psu", lambda: Survey(frame, weights="w", strata="h", psu="p").mean("y"))
    assert text.startswith("8 strata have one sampling unit only: h 0; h 1; h 2; h 3; h 4; ...")
    for word in ("certainty", "remove", "adjust", "average", "survey.lonely.psu"):
        assert word in text


def test_survey__lone_psu_that_is_the_whole_stratum__is_no_fault():
    frame = pd.DataFrame({"w": 1.0, "h": [1, 1, 2], "p": [1, 2, 3], "N": [5, 5, 1], "y": [1.0, 2, 3]})
    assert np.isfinite(Survey(frame, weights="w", strata="h", psu="p", fpc="N").mean("y").table["se"][0])


def test_survey__unknown_column__says_which_is_near():
    assert 'Did you mean "region"' in refused(
        "survey.variable", lambda: Survey(FRAME, weights="w", strata="regoin")
    )


def test_mean__of_text__points_to_proportion():
    assert 'proportion("sex")' in refused("survey.variable", lambda: Survey(FRAME, **DESIGN).mean("sex"))


def test_mean__unknown_option__is_refused():
    refused("survey.option", lambda: Survey(FRAME, **DESIGN).mean("hours", df="guess"))
    refused("survey.option", lambda: Survey(FRAME, **DESIGN).mean("hours", confidence=95))
    refused("survey.option", lambda: Survey(FRAME, **DESIGN, lone_psu="skip"))
    refused("survey.option", lambda: Survey(FRAME, **DESIGN).proportion("sex", interval="wald"))
    refused("survey.option", lambda: Survey(FRAME, **DESIGN).quantile("hours", 50))


def test_survey__not_a_frame__is_refused():
    refused("survey.frame", lambda: Survey({"w": [1]}, weights="w"))
    refused("survey.frame", lambda: Survey("nowhere.parquet", weights="w"))


def test_nonprobability__without_assumption__describes_only():
    result = Survey(FRAME, nonprobability=True).mean("hours")
    assert result.table[["se", "ci_low", "ci_high", "df"]].isna().all(axis=None)
    assert any("respondents only" in line for line in result.facts.assumptions)


def test_nonprobability__assume_srs__repeats_the_assumption():
    result = Survey(FRAME, nonprobability=True, assume="srs").mean("hours")
    assert np.isfinite(result.table["se"][0])
    assert any("assume a simple random sample" in line for line in result.facts.assumptions)


def test_nonprobability__with_strata__is_contradictory():
    refused("survey.no_design", lambda: Survey(FRAME, nonprobability=True, strata="region"))


def test_census__has_no_sampling_error():
    result = Survey(FRAME, census=True).total("hours")
    assert result.table["estimate"][0] == 32
    assert result.table["se"].isna().all()
    assert any("complete count" in line for line in result.facts.assumptions)
