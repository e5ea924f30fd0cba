"""Means, totals, ratios, shares, domains, intervals of shares, design effects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from reference_cases import Case, Checks, frame, survey_of

from volresearch.errors import VolResearchError
from volresearch.results import Result
from volresearch.survey import Survey


def numbers(
    checks: Checks, result: Result, theirs: dict[str, Any], order: list[int] | None = None, **more: Any
) -> None:
    """Compare estimates, standard errors, covariance, interval and design effect, in `order` of our rows."""
    table = result.table
    rows = list(range(len(table))) if order is None else order
    ours = table.iloc[rows]
    size = np.maximum(np.abs(ours["estimate"]), ours["se"].fillna(0)).to_numpy()
    checks.add("estimate", ours["estimate"], theirs["estimate"], **more)
    if "se" in theirs:
        checks.add("se", ours["se"], theirs["se"], scale=size, **more)
    if "vcov" in theirs and result.covariance is not None:
        matrix = result.covariance[np.ix_(rows, rows)]
        spread = np.sqrt(np.outer(np.diag(matrix), np.diag(matrix)))
        checks.add(
            "vcov", matrix, theirs["vcov"], scale=np.maximum(spread, np.outer(size, size)).ravel(), **more
        )
    if "ci95_t" in theirs:
        checks.add("low", ours["ci_low"], theirs["ci95_t"]["lo"], scale=size, **more)
        checks.add("high", ours["ci_high"], theirs["ci95_t"]["hi"], scale=size, **more)
    if "deff" in theirs:
        checks.add(
            "deff",
            ours["deff"],
            theirs["deff"],
            tolerance=1e-9,
            reason="the plain variance goes through squares",
        )


def places(table: pd.DataFrame, names: list[str], label: Callable[[pd.Series], str]) -> list[int]:
    """Positions of our rows in the order of R's names."""
    at = {label(row): i for i, (_, row) in enumerate(table.iterrows())}
    return [at[name] for name in names]


def degf(case: Case) -> Checks:
    checks, survey = Checks(), survey_of(case)
    result = case.result
    checks.add("degf", [survey.degrees_of_freedom], [result["degf"]])
    checks.add("rows", [survey.design.n], [result["n"]])
    checks.add("sum of weights", [survey.design.sum_of_weights], [result["sum_w"]])
    if "n_pos" in result:
        checks.add("rows of positive weight", [survey.design.n_positive], [result["n_pos"]])
    return checks


def mean(case: Case) -> Checks:
    checks = Checks()
    names = case.variables()[0]
    effect = "wr" if "'replace'" in case.r_call else "wor" if "deff" in case.result else False
    numbers(checks, survey_of(case).mean(names, deff=effect, df="design"), case.result)
    return checks


def total(case: Case) -> Checks:
    checks = Checks()
    names = case.variables()[0]
    effect = "wor" if "deff" in case.result else False
    numbers(checks, survey_of(case).total(names, deff=effect, df="design"), case.result)
    return checks


def levels(case: Case) -> Checks:
    checks, survey = Checks(), survey_of(case)
    name = case.variables()[0][0]
    result = survey.count(name) if "svytotal" in case.r_call else survey.proportion(name, interval="mean")
    order = places(result.table, case.result["names"], lambda row: f"{name}{row['level']}")
    numbers(checks, result, case.result, order)
    return checks


def ratio(case: Case) -> Checks:
    checks = Checks()
    above, below = (one[0] for one in case.variables()[:2])
    numbers(checks, survey_of(case).ratio(above, below, df="design"), case.result)
    return checks


def variance(case: Case) -> Checks:
    checks = Checks()
    numbers(checks, survey_of(case).variance(case.variables()[0]), case.result)
    return checks


def variances(case: Case) -> Checks:
    checks = Checks()
    result = survey_of(case).variance(case.variables()[0])
    table = result.table.set_index("variable")
    a, b = case.variables()[0]
    order = [a, f"{a}:{b}", f"{a}:{b}", b]
    checks.add("matrix", table.loc[order, "estimate"], np.ravel(case.result["matrix"]))
    checks.add("se", table.loc[order, "se"], case.result["se"])
    own = table["estimate"]
    checks.add("correlation", [own[f"{a}:{b}"] / np.sqrt(own[a] * own[b])], [case.result["corr"]])
    return checks


def domain(case: Case) -> Checks:
    checks, survey = Checks(), survey_of(case)
    (variable,), by, *rest = [*case.variables()]
    if "svyratio" in case.r_call:
        result = survey.ratio(variable, rest[0][0], by=by, df="design")
    elif "prop_levels" in case.id:
        result = survey.proportion(variable, by=by, interval="mean", df="design")
    else:
        verb = survey.total if "svytotal" in case.r_call else survey.mean
        result = verb(variable, by=by, df="design", deff="wor" if "deff" in case.result else False)

    def label(row: pd.Series) -> str:
        code = ".".join(str(row[name]) for name in by)
        return f"{code}:{variable}{row['level']}" if "prop_levels" in case.id else code

    if case.id in {"syn.average.by_country_cov", "syn.average_domain.by_country_cov"}:
        return average_over_the_design(case)
    names = case.result.get("names") or case.result["domain"]
    order = places(result.table, [str(name) for name in names], label)
    numbers(checks, result, case.result, order)
    if "df_domain" in case.result:
        asked = survey.proportion if "prop_levels" in case.id else survey.mean
        checks.add(
            "domain df",
            asked(variable, by=by).table["df"].iloc[order][: len(case.result["df_domain"])],
            case.result["df_domain"],
        )
    return checks


def average_over_the_design(case: Case) -> Checks:
    """R has two numbers for "average" in domains: with covmat=TRUE it takes the average over all strata of the design.

    Ours (as R's without covmat) takes it over the strata that the domain reaches. R's other number follows from the
    variance without the 6 lone strata: times 60 strata over 54.
    """
    checks = Checks()
    (variable,), by = case.variables()[:2]
    survey = survey_of(case)
    order = places(survey.mean(variable, by=by).table, case.result["names"], lambda row: str(row[by[0]]))
    scaled(checks, survey, variable, by, order, case.result, 60 / 54)
    return checks


def scaled(
    checks: Checks,
    survey: Survey,
    variable: str,
    by: list[str],
    order: list[int],
    theirs: dict[str, Any],
    factor: float,
) -> None:
    """Compare the covariance without lone strata, times a factor."""
    sample = survey.sample
    plain = Survey.of(replace(sample, design=sample.design.with_lone_psu("certainty"))).mean(variable, by=by)
    assert plain.covariance is not None
    matrix = plain.covariance[np.ix_(order, order)] * factor
    spread = np.sqrt(np.outer(np.diag(matrix), np.diag(matrix)))
    checks.add("vcov", matrix, theirs["vcov"], scale=spread.ravel())
    checks.add("se", np.sqrt(np.diag(matrix)), theirs["se"])


def own_domain(case: Case) -> Checks:
    checks = Checks()
    names = list(case.result)
    by = case.variables()[1]
    variable = case.variables()[0][0]
    survey = survey_of(case)
    result = survey.total(variable, by=by) if case.id.endswith("_total") else survey.mean(variable, by=by)
    theirs = pd.DataFrame(case.result)
    table = result.table
    codes = [tuple(_code(row[name]) for name in by) for _, row in table.iterrows()]
    wanted = [tuple(_code(row[name]) for name in by) for _, row in theirs.iterrows()]
    order = [codes.index(one) for one in wanted]
    assert len(codes) == len(wanted)
    se = "se" if "se" in names else f"se.{variable}"
    numbers(checks, result, {"estimate": theirs[variable].tolist(), "se": case.result[se]}, order)
    return checks


def _code(value: Any) -> str:
    return str(int(float(value))) if str(value).replace(".", "").isdigit() else str(value)


def subset(case: Case) -> Checks:
    checks, survey = Checks(), survey_of(case)
    result = survey.mean("api00", where="comp_imp == 'Yes'")
    numbers(checks, result, case.result)
    checks.add("df", result.table["df"], [case.result["degf"]])
    return checks


def interval(case: Case) -> Checks:
    checks, survey = Checks(), survey_of(case)
    name, method = case.variables()[0][0], case.id.rsplit("_", 1)[1]
    table = survey.proportion(name, interval=method, df="domain").table
    row = table[table["level"].astype(float) == 1]
    how = _interval_tolerance(method)
    checks.add("estimate", row["estimate"], [case.result["estimate"]], **how)
    if "se" in case.result:
        checks.add("se", row["se"], [case.result["se"]], **how)
    bounds = case.result.get("ci95") or case.result["ci"]
    checks.add("interval", [row["ci_low"].iloc[0], row["ci_high"].iloc[0]], bounds, **how)
    return checks


def _interval_tolerance(method: str) -> dict[str, Any]:
    if method == "likelihood":
        return {
            "tolerance": 2e-5,
            "reason": "R interpolates the profile of the likelihood, ours solves for its bounds",
        }
    if method == "logit":
        return {"tolerance": 1e-7, "reason": "R fits a logistic model by iteration"}
    return {}


def domain_interval(case: Case) -> Checks:
    checks, survey = Checks(), survey_of(case)
    (variable,), (by,) = case.variables()[:2]
    table = survey.proportion(variable, by=by, interval="logit").table
    table = table[table["level"].astype(float) == 1].set_index(by)
    theirs = pd.DataFrame(
        {name: case.result[name] for name in ("domain", "estimate", "se", "lo", "hi")}
    ).set_index("domain")
    for code, row in theirs.iterrows():
        if float(row["estimate"]) < 1e-9:
            # A share of exactly 0: R's iteration stops near 3e-12 and its interval is an artefact of that.
            assert code not in table.index or table.loc[code, "estimate"] == 0
            checks.add(
                "share of zero",
                [0.0],
                [row["estimate"]],
                tolerance=1e-9,
                reason="R's fit of an empty level",
                scale=1.0,
            )
            continue
        mine = table.loc[code]
        how = {"tolerance": 1e-7, "reason": "R fits a logistic model by iteration"}
        checks.add(f"{code}", mine[["estimate", "se", "ci_low", "ci_high"]], row.to_list(), **how)
    return checks


def lone(case: Case) -> Checks:
    checks, rule = Checks(), case.id.rsplit(".", 1)[1]
    if rule == "fail":
        with pytest.raises(VolResearchError) as refused:
            survey_of(case).mean("api00")
        assert refused.value.code == "survey.lone_psu"
        assert "stype H" in str(refused.value)
        checks.add("refused", [1], [1])
        return checks
    survey = Survey(frame(case.folder, case.data), weights="pw", strata="stype", lone_psu=rule)
    for verb, name in ((survey.mean, "mean"), (survey.total, "total")):
        numbers(checks, verb("api00", df="design"), case.result[name])
    numbers(checks, survey.ratio("api00", "api99", df="design"), case.result["ratio"])
    result = survey.mean("api00", by="sch_wide", df="design")
    theirs = case.result["by"]
    order = places(result.table, theirs["names"], lambda row: str(row["sch_wide"]))
    if rule == "average":  # see average_over_the_design: 3 strata, 2 of them with several units
        scaled(checks, survey, "api00", ["sch_wide"], order, theirs, 3 / 2)
    else:
        numbers(checks, result, theirs, order)
    checks.add("degf", [survey.degrees_of_freedom], [case.result["degf"]])
    assert set(case.result) == {"mean", "total", "ratio", "by", "degf"}
    return checks


RUNNERS: dict[str, Callable[[Case], Checks]] = {
    "design degrees of freedom": degf,
    "degf": degf,
    "mean": mean,
    "mean_vol": mean,
    "mean with missing values": mean,
    "design effect, with-replacement reference": mean,
    "total": total,
    "total_na": total,
    "total with missing values": total,
    "estimated population count by level": levels,
    "proportions of a factor (Wald)": levels,
    "skill": levels,
    "ratio": ratio,
    "ratio of totals": ratio,
    "ratio with missing values": ratio,
    "population variance": variance,
    "covariance matrix of two variables": variances,
    "domain mean": domain,
    "domain total": domain,
    "domain prop_levels": domain,
    "domain ratio": domain,
    "two-way domain mean": domain,
    "domain mean with design effect": domain,
    "by_country_cov": domain,
    "by_country": own_domain,
    "by_country_age": own_domain,
    "by_country_age_total": own_domain,
    "by_rare": own_domain,
    "subpopulation mean and degf": subset,
    "domain proportion CI, logit": domain_interval,
    **{
        f"proportion CI, {name}": interval
        for name in ("logit", "likelihood", "asin", "beta", "mean", "xlogit")
    },
    **{f"ciprop_{name}": interval for name in ("logit", "likelihood", "asin", "beta", "mean", "xlogit")},
    **{f"lonely PSU option {name}": lone for name in ("fail", "remove", "certainty", "adjust", "average")},
}
