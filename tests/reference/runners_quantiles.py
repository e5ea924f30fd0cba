"""Quantiles by twelve rules and six intervals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from reference_cases import Case, Checks, survey_of

from volresearch.results import Result


def compare(checks: Checks, result: Result, case: Case) -> Checks:
    table, theirs = result.table, case.result
    size = table["estimate"].abs().to_numpy()
    checks.add("estimate", table["estimate"], theirs["estimate"])
    checks.add("low", table["ci_low"], theirs["lo"])
    checks.add("high", table["ci_high"], theirs["hi"])
    checks.add("se", table["se"], theirs["se"], scale=size)
    return checks


def rule(case: Case) -> Checks:
    name = case.id.rsplit("_", 1)[1]
    survey = survey_of(case)
    result = survey.quantile(case.variables()[0], case.result["p"], rule=name, df="design")
    return compare(Checks(), result, case)


def interval(case: Case) -> Checks:
    name = case.id.rsplit("_", 1)[1]
    survey = survey_of(case)
    result = survey.quantile(case.variables()[0], case.result["p"], interval=name, df="design")
    return compare(Checks(), result, case)


def own(case: Case) -> Checks:
    survey = survey_of(case)
    result = survey.quantile(case.variables()[0], [0.1, 0.25, 0.5, 0.75, 0.9], df="design")
    return compare(Checks(), result, case)


def before_4_1(case: Case) -> Checks:
    checks, survey = Checks(), survey_of(case)
    table = survey.quantile(
        case.variables()[0], [0.25, 0.5, 0.75], rule="hf4", interval="nominal", df="design"
    ).table
    checks.add("estimate", table["estimate"], case.result["estimate"])
    checks.add("interval", table[["ci_low", "ci_high"]].to_numpy(), case.result["ci"])
    checks.add("se", table["se"], case.result["se"])
    return checks


def score(case: Case) -> Checks:
    """R 4.1-1 carries the bounds of its score interval over by *unweighted* shares, so its bounds are others than those

    of the test wherever weights differ; and its root finder stops on either side of a step. Here: R's bounds are what
    our bounds (or the values next to them) become under that detour, and R's standard error is the width over 2 t.
    """
    checks, survey = Checks(), survey_of(case)
    (variable,) = case.variables()[0]
    table = survey.quantile(variable, case.result["p"], interval="score", df="design").table
    checks.add("estimate", table["estimate"], case.result["estimate"])
    rows = survey.rows(variable)
    x = rows.frame[variable].to_numpy(float)
    order = np.argsort(x, kind="stable")
    x, w = x[order], rows.weight[order]
    values = np.unique(x)
    for side, theirs in (("ci_low", case.result["lo"]), ("ci_high", case.result["hi"])):
        for ours, bound in zip(table[side], theirs, strict=True):
            at = np.searchsorted(values, ours)
            near = values[max(at - 2, 0) : at + 2]
            shares = np.array([(x <= value).mean() for value in near])
            places = np.concatenate(
                [np.searchsorted(np.cumsum(w) / w.sum(), shares + tiny) for tiny in (-1e-9, 1e-9)]
            )
            assert bound in x[np.minimum(places, len(x) - 1)], (
                f"{side}: {ours} becomes {x[places]}, R {bound}"
            )
    half = (np.array(case.result["hi"]) - np.array(case.result["lo"])) / 2
    t = (table["ci_high"] - table["ci_low"]) / 2 / table["se"]
    checks.add("se", half / t, case.result["se"])
    return checks


def domain_median(case: Case) -> Checks:
    checks, survey = Checks(), survey_of(case)
    (variable,), (by,) = case.variables()[:2]
    table = survey.quantile(variable, 0.5, by=by).table.set_index(by)
    names = list(case.result)
    theirs = pd.DataFrame(case.result).set_index(names[0])
    mine = table.loc[theirs.index]
    for ours, column in zip(("estimate", "se", "ci_low", "ci_high"), _columns(names), strict=True):
        checks.add(ours, mine[ours], theirs[column])
    return checks


def _columns(names: list[str]) -> list[str]:
    return [names[1], next(name for name in names if name.startswith("se")), "ci_l", "ci_u"]


RUNNERS: dict[str, Callable[[Case], Checks]] = {
    **{
        f"quantiles, rule {name}": rule
        for name in ("math", "school", "shahvaish", *(f"hf{i}" for i in range(1, 10)))
    },
    **{f"quantile CI {name}": interval for name in ("beta", "xlogit", "asin")},
    "quantile CI score": score,
    "quantiles (rule used before survey 4.1)": before_4_1,
    "quant": own,
    "domain median": domain_median,
}
