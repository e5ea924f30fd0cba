from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from volresearch.errors import VolResearchError
from volresearch.survey import Survey


def frame() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    out = pd.DataFrame(
        {
            "w": rng.uniform(5, 9, 120),
            "stratum": np.repeat([1, 2], 60),
            "village": np.arange(120) // 6,
            "sex": rng.choice(["f", "m"], 120),
            "region": rng.choice(["n", "s", "e"], 120),
            "age": rng.uniform(15, 60, 120),
        }
    )
    return out.assign(y=out["age"] / 10 + (out["sex"] == "f") + rng.normal(0, 0.3, 120))


@pytest.fixture(scope="module")
def survey() -> Survey:
    return Survey(frame(), weights="w", strata="stratum", psu="village")


SEX = {"f": 480.0, "m": 400.0}
REGION = {"n": 300.0, "s": 280.0, "e": 300.0}


def test_poststratify__counts__are_hit_and_known_without_error(survey: Survey) -> None:
    counted = survey.poststratify("sex", SEX).count("sex").table.set_index("level")
    assert counted.loc["f", "estimate"] == pytest.approx(480)
    assert (counted["se"] < 1e-9 * counted["estimate"]).all()


def test_rake__margins__are_hit(survey: Survey) -> None:
    raked = survey.rake({"sex": SEX, "region": REGION})
    for name, target in (("sex", SEX), ("region", REGION)):
        found = raked.count(name).table.set_index("level")["estimate"]
        assert found.to_dict() == pytest.approx(target, rel=1e-9)


def test_calibrate__a_total__is_hit_without_error_and_helps_what_goes_with_it(survey: Survey) -> None:
    made = survey.calibrate("~ age", {"(Intercept)": 880, "age": 880 * 37})
    age = made.total("age").table.iloc[0]
    assert age["estimate"] == pytest.approx(880 * 37, rel=1e-9)
    assert age["se"] < 1e-6 * age["estimate"]
    assert made.mean("y").table["se"].iloc[0] < 0.6 * survey.mean("y").table["se"].iloc[0]


def test_calibrate__raking_and_rake__give_the_same_weights(survey: Survey) -> None:
    a = survey.rake({"sex": SEX, "region": REGION}).rows([]).weight
    b = survey.calibrate("~ sex + region", {"sex": SEX, "region": REGION}, method="raking").rows([]).weight
    assert np.allclose(a, b, rtol=1e-8)


def test_calibrate__bounds__are_kept(survey: Survey) -> None:
    for method in ("linear", "raking", "logit"):
        made = survey.calibrate("~ sex", {"sex": SEX}, method=method, bounds=(0.8, 1.3))
        factor = made.rows([]).weight / frame()["w"].to_numpy()
        assert factor.min() >= 0.8 - 1e-12
        assert factor.max() <= 1.3 + 1e-12


def test_calibrate__out_of_reach__names_the_target(survey: Survey) -> None:
    with pytest.raises(VolResearchError, match="cannot be reached") as refused:
        survey.calibrate("~ sex", {"sex": {"f": 4800.0, "m": 400.0}}, bounds=(0.8, 1.3))
    assert refused.value.code == "survey.calibration"


def test_poststratify__code_without_count__is_named(survey: Survey) -> None:
    with pytest.raises(VolResearchError, match="no count for e"):
        survey.poststratify("region", {"n": 300, "s": 280})


def test_poststratify__count_without_row__is_named(survey: Survey) -> None:
    with pytest.raises(VolResearchError, match="no row for w"):
        survey.poststratify("region", {**REGION, "w": 12})


def test_rake__margins_of_other_sizes__are_refused(survey: Survey) -> None:
    with pytest.raises(VolResearchError, match="different population sizes"):
        survey.rake({"sex": SEX, "region": {"n": 1, "s": 1, "e": 1}})


def test_adjustments__are_said_in_every_result(survey: Survey) -> None:
    said = survey.poststratify("sex", SEX).trim(upper=12).mean("y").facts.assumptions
    assert [line.split()[1] for line in said] == ["post-stratified", "trimmed"]


def test_adjusted__domain_and_condition__are_those_of_the_rows(survey: Survey) -> None:
    made = survey.poststratify("sex", SEX)
    by = made.mean("y", by="region").table.set_index("region")
    one = made.mean("y", where="region == 's'").table.iloc[0]
    assert one["estimate"] == pytest.approx(by.loc["s", "estimate"], rel=1e-12)
    assert one["se"] == pytest.approx(by.loc["s", "se"], rel=1e-10)


def test_adjusted__covariance__has_the_variances_on_its_diagonal(survey: Survey) -> None:
    result = survey.rake({"sex": SEX, "region": REGION}).mean("y", by="region")
    assert result.covariance is not None
    assert np.allclose(np.sqrt(np.diag(result.covariance)), result.table["se"], rtol=1e-10)


def test_adjusted__two_stages__take_residuals_at_both() -> None:
    data = frame()
    data["n_village"], data["n_person"] = 40, 30
    data["row"] = np.arange(len(data))
    two = Survey(data, weights="w", strata="stratum", psu=["village", "row"], fpc=["n_village", "n_person"])
    assert two.poststratify("sex", SEX).count("sex").table["se"].max() < 1e-6
    assert two.poststratify("sex", SEX).mean("y").table["se"].iloc[0] > 0


def test_adjust__nonprobability_sample__is_refused() -> None:
    with pytest.raises(VolResearchError) as refused:
        Survey(frame(), nonprobability=True).rake({"sex": SEX})
    assert refused.value.code == "survey.nonprobability"


def test_trim__weights__keep_their_sum(survey: Survey) -> None:
    weight = survey.trim(lower=5.5, upper=8.5).rows([]).weight
    assert weight.sum() == pytest.approx(frame()["w"].sum())
    assert weight.min() >= 5.5 - 1e-9
    assert weight.max() <= 8.5 + 1e-9


def test_replicates__adjusted__know_the_counts(survey: Survey) -> None:
    made = survey.as_replicates("JKn").poststratify("sex", SEX)
    assert made.count("sex").table["se"].max() < 1e-9
    linear = survey.poststratify("sex", SEX).mean("y").table["se"].iloc[0]
    assert made.mean("y").table["se"].iloc[0] == pytest.approx(linear, rel=0.1)


def test_replicates__made_after_adjusting__are_refused(survey: Survey) -> None:
    with pytest.raises(VolResearchError, match="before weights are adjusted"):
        survey.poststratify("sex", SEX).as_replicates("JKn")
