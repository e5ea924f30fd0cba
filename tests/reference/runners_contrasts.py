"""Contrasts and standardized means."""

from __future__ import annotations

from collections.abc import Callable

from reference_cases import Case, Checks, survey_of


def difference(case: Case) -> Checks:
    checks, survey = Checks(), survey_of(case)
    means = survey.mean("api00", by="sch_wide")
    for wanted in ([-1, 1], {"No": -1, "Yes": 1}, "Yes - No"):
        table = survey.contrast(means, {"gap": wanted}).table
        checks.add("estimate", table["estimate"], [case.result["estimate"]])
        checks.add("se", table["se"], [case.result["se"]])
    return checks


def nonlinear(case: Case) -> Checks:
    checks, survey = Checks(), survey_of(case)
    table = survey.contrast(survey.mean(["api00", "api99"]), {"ratio": "api00 / api99"}).table
    checks.add("estimate", table["estimate"], [case.result["estimate"]])
    checks.add("se", table["se"], [case.result["se"]])
    return checks


def standardized(case: Case) -> Checks:
    checks, survey = Checks(), survey_of(case)
    standard = {"E": 0.7, "H": 0.1, "M": 0.2}
    table = survey.standardized_mean("api00", "stype", standard, by="comp_imp").table
    assert table["comp_imp"].tolist() == case.result["domain"]
    checks.add("estimate", table["estimate"], case.result["estimate"])
    checks.add("se", table["se"], case.result["se"])
    return checks


RUNNERS: dict[str, Callable[[Case], Checks]] = {
    "difference of two domain means": difference,
    "nonlinear contrast": nonlinear,
    "directly standardised domain mean": standardized,
}
