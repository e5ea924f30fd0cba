from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from volresearch.errors import VolResearchError
from volresearch.survey import Survey


def people(n: int = 240, seed: int = 4) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "w": rng.uniform(1, 5, n).round(3),
            "stratum": np.repeat([1, 2, 3, 4], n // 4),
            "village": np.arange(n) // 10,
            "sex": rng.choice(["f", "m"], n),
            "skill": rng.choice(["none", "some", "much"], n),
            "age": rng.integers(15, 70, n).astype(float),
        }
    )
    frame["hours"] = 2 + 0.05 * frame["age"] + (frame["sex"] == "f") + rng.normal(0, 1, n)
    frame["volunteer"] = (rng.uniform(0, 1, n) < 1 / (1 + np.exp(-(frame["age"] - 40) / 15))).astype(float)
    frame["sat"] = pd.cut(frame["hours"], [-10, 3.5, 5, 20], labels=False) + 1
    return frame


@pytest.fixture(scope="module")
def survey() -> Survey:
    return Survey(people(), weights="w", strata="stratum", psu="village")


def test_regression__one_group_indicator__equals_the_difference_of_means(survey: Survey) -> None:
    model = survey.regression("hours ~ sex").table
    means = survey.mean("hours", by="sex")
    table = means.table.set_index("sex")["estimate"]
    assert model["estimate"].iloc[1] == pytest.approx(table["m"] - table["f"], rel=1e-12)
    v = means.covariance
    assert v is not None
    assert model["se"].iloc[1] == pytest.approx(np.sqrt(v[0, 0] + v[1, 1] - 2 * v[0, 1]), rel=1e-10)


def test_regression__intercept_only_logit__is_the_logit_of_the_share(survey: Survey) -> None:
    model = survey.regression("volunteer ~ 1", family="binomial").table.iloc[0]
    share = survey.mean("volunteer").table.iloc[0]
    p = share["estimate"]
    assert model["estimate"] == pytest.approx(np.log(p / (1 - p)), rel=1e-10)
    assert model["se"] == pytest.approx(share["se"] / (p * (1 - p)), rel=1e-9)


def test_regression__scaled_weights__change_nothing(survey: Survey) -> None:
    scaled = people().assign(w=lambda frame: frame["w"] * 1000)
    other = Survey(scaled, weights="w", strata="stratum", psu="village")
    for formula, family in (("hours ~ sex + age", "gaussian"), ("volunteer ~ age", "binomial")):
        a, b = survey.regression(formula, family=family).table, other.regression(formula, family=family).table
        assert np.allclose(a[["estimate", "se"]], b[["estimate", "se"]], rtol=1e-9)


def test_regression__domain__keeps_the_design(survey: Survey) -> None:
    asked = survey.regression("hours ~ age", where="sex == 'f'")
    assert asked.table["n"].iloc[0] == (people()["sex"] == "f").sum()
    assert asked.facts.domain == "sex == 'f'"


def test_regression__separated_outcome__is_refused_with_a_remedy() -> None:
    frame = people().assign(volunteer=lambda f: (f["age"] > 40).astype(float))
    with pytest.raises(VolResearchError, match="separation") as refused:
        Survey(frame, weights="w", psu="village").regression("volunteer ~ age", family="binomial")
    assert refused.value.code == "model.fit"


def test_regression__aliased_column__is_named(survey: Survey) -> None:
    frame = people().assign(twice=lambda f: 2 * f["age"])
    with pytest.raises(VolResearchError, match=r"twice|age"):
        Survey(frame, weights="w", psu="village").regression("hours ~ age + twice")


def test_regression__too_few_sampling_units__is_refused() -> None:
    frame = people(40).assign(village=lambda f: np.arange(len(f)) // 20)
    with pytest.raises(VolResearchError, match="sampling units"):
        Survey(frame, weights="w", psu="village").regression("hours ~ age + sex")


def test_regression__not_finite__says_what(survey: Survey) -> None:
    frame = people().assign(age=0.0)
    with pytest.raises(VolResearchError, match="not finite"):
        Survey(frame, weights="w", psu="village").regression("hours ~ log(age) + sex")


def test_regression__codes_as_outcome__asks_for_one(survey: Survey) -> None:
    with pytest.raises(VolResearchError, match="holds codes"):
        survey.regression("skill ~ age")


def test_regression__missing_values__are_left_out_and_counted() -> None:
    frame = people()
    frame.loc[:4, "age"] = np.nan
    model = Survey(frame, weights="w", psu="village").regression("hours ~ age")
    assert any("5 rows" in note for note in model.facts.notes)
    assert model.table["n"].iloc[0] == len(frame) - 5


def test_regression__nonprobability__is_refused() -> None:
    with pytest.raises(VolResearchError) as refused:
        Survey(people(), nonprobability=True).regression("hours ~ age")
    assert refused.value.code == "survey.nonprobability"


def test_term_test__one_coefficient__is_its_t_squared(survey: Survey) -> None:
    model = survey.regression("hours ~ sex + age")
    row = model.term_test("age").table.iloc[0]
    t = model.table.set_index("term").loc["age", "test"]
    assert row["test"] == pytest.approx(t**2, rel=1e-12)


def test_term_test__likelihood_ratio__tells_the_same_story(survey: Survey) -> None:
    model = survey.regression("volunteer ~ age + sex", family="binomial")
    assert model.term_test("age", "lrt").table["p_value"].iloc[0] < 1e-3
    assert model.term_test("sex", "lrt").table["p_value"].iloc[0] > 0.05


def test_margins__saturated_model__gives_the_group_means(survey: Survey) -> None:
    model = survey.regression("hours ~ sex")
    margins = survey.margins(model, "sex").table
    means = survey.mean("hours", by="sex").table
    assert np.allclose(margins["estimate"], means["estimate"], rtol=1e-10)


def test_margins__sampled_covariates__add_their_error(survey: Survey) -> None:
    model = survey.regression("hours ~ sex + age")
    fixed = survey.margins(model, "sex", covariates="fixed").table["se"]
    sampled = survey.margins(model, "sex").table["se"]
    assert not np.allclose(fixed, sampled, rtol=1e-3)
    replicated = survey.as_replicates("JKn")
    again = replicated.margins(replicated.regression("hours ~ sex + age"), "sex").table["se"]
    assert np.allclose(again, sampled, rtol=0.05)


def test_margins__linear_slope__is_the_coefficient(survey: Survey) -> None:
    model = survey.regression("hours ~ sex + age")
    effect = survey.margins(model, "age", covariates="fixed").table.iloc[0]
    row = model.table.set_index("term").loc["age"]
    assert effect["estimate"] == pytest.approx(row["estimate"], rel=1e-6)
    assert effect["se"] == pytest.approx(row["se"], rel=1e-6)


def test_ordinal__two_categories__is_logistic_regression(survey: Survey) -> None:
    ordered = survey.ordinal("volunteer ~ age").table
    logistic = survey.regression("volunteer ~ age", family="binomial").table
    assert ordered["estimate"].iloc[0] == pytest.approx(logistic["estimate"].iloc[1], rel=1e-7)
    assert ordered["estimate"].iloc[1] == pytest.approx(-logistic["estimate"].iloc[0], rel=1e-7)
    assert ordered["se"].iloc[0] == pytest.approx(logistic["se"].iloc[1], rel=1e-6)


def test_ordinal__margins__are_shares_that_add_up(survey: Survey) -> None:
    model = survey.ordinal("sat ~ sex + age")
    table = survey.margins(model, "sex").table
    assert table["estimate"].sum() == pytest.approx(2, rel=1e-9)
    assert (table["se"] > 0).all()


def test_ordinal__codes_without_order__are_refused(survey: Survey) -> None:
    with pytest.raises(VolResearchError, match="order"):
        survey.ordinal("skill ~ age")
    assert len(survey.ordinal("skill ~ age", order=["none", "some", "much"])) == 3


def test_replicates__jackknife__is_near_linearization(survey: Survey) -> None:
    jackknife = survey.as_replicates("JKn").regression("hours ~ sex + age").table
    assert np.allclose(jackknife["se"], survey.regression("hours ~ sex + age").table["se"], rtol=0.05)
