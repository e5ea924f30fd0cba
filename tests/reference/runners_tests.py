"""Tests of independence, t tests, rank tests, and the combination of imputations."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from reference_cases import OWN, Case, Checks, frame, own_survey, survey_of

from volresearch.models.combine import combine
from volresearch.results import Result
from volresearch.survey import Survey

_ITERATED: dict[str, Any] = {"tolerance": 1e-7, "reason": "both sides iterate"}


def independence(case: Case) -> Checks:
    checks, theirs = Checks(), case.result
    names = case.variables()[0]
    asked = re.search(r"statistic='(\w+)'", case.r_call)
    statistic = asked.group(1) if asked else "F"
    row = survey_of(case).crosstab(names[0], names[1], statistic=statistic).table.iloc[-1]
    checks.add("statistic", [row["test"]], theirs["statistic"])
    if theirs["parameter"]:
        df = [row["df"], row["df2"]][: len(np.atleast_1d(theirs["parameter"]))]
        checks.add("df", df, theirs["parameter"])
    how: dict[str, Any] = {"tolerance": 1e-9, "reason": "tail probabilities multiply relative error"}
    if statistic == "lincom":
        near = survey_of(case).crosstab(names[0], names[1], statistic="saddlepoint").table.iloc[-1]["p_value"]
        checks.add(
            "saddlepoint", [near], [theirs["p"]], 1e-6, "R had no exact method and gave the saddlepoint value"
        )
        how = {
            "tolerance": 0.2,
            "reason": "ours is exact, R's the saddlepoint value, which is off by as much here",
        }
    if statistic == "saddlepoint":
        how = {"tolerance": 1e-6, "reason": "both sides search the saddlepoint"}
    checks.add("p", [row["p_value"]], [theirs["p"]], scale=1e-12, **how)
    return checks


def t_test(case: Case) -> Checks:
    checks, theirs = Checks(), case.result
    survey = survey_of(case)
    if case.own:
        result = survey.ttest("hours", by="sex")
    elif "~0" in case.r_call:
        inside = re.search(r"I\((\w+)-(\w+)\)", case.r_call.replace(".", "_"))
        assert inside is not None
        result = survey.ttest(f"I({inside.group(1)}-{inside.group(2)})")
    else:
        outcome = re.search(r"svyttest\((\w[\w.]*)~I\((\w+)==1\)", case.r_call)
        assert outcome is not None
        result = survey.ttest(outcome.group(1).replace(".", "_"), by=outcome.group(2))
    _one_row(checks, result, theirs, theirs.get("ci95") or theirs.get("ci"))
    return checks


def rank_test(case: Case) -> Checks:
    checks = Checks()
    found = re.search(r"svyranktest\(([\w.]+)~([\w.]+),.*test='(\w+)'", case.r_call)
    assert found is not None
    variable, by = (found.group(i).replace(".", "_") for i in (1, 2))
    _one_row(checks, survey_of(case).ranktest(variable, by, test=found.group(3)), case.result, None)
    return checks


def _one_row(checks: Checks, result: Result, theirs: dict[str, Any], interval: list[float] | None) -> None:
    row = result.table.iloc[0]
    checks.add("estimate", [row["estimate"]], theirs["estimate"])
    checks.add("statistic", [row["test"]], theirs["statistic"])
    checks.add("df", [row["df"]], theirs["parameter"])
    tail = {"tolerance": 1e-9, "reason": "tail probabilities multiply relative error"}
    checks.add("p", [row["p_value"]], [theirs["p"]], scale=1e-12, **tail)
    if interval is not None:
        checks.add("interval", [row["ci_low"], row["ci_high"]], interval, scale=abs(row["estimate"]))


def imputations(case: Case) -> Checks:
    checks, theirs = Checks(), case.result
    surveys = _imputed(case)
    call = case.r_call
    if "svyglm" in call:
        results: list[Result] = [_model(case, one) for one in surveys]
        names = [f"{row['term']}{row['level']}" for _, row in results[0].table.iterrows()]
        how = _ITERATED if case.own else {}
    elif "svyby" in call:
        variable, by = case.variables()[0][0], ("country" if case.own else "sch_wide")
        results = [one.mean(variable, by=by) for one in surveys]
        names, how = [str(code) for code in results[0].table[by]], {}
    else:
        results = [one.mean(["hours", "volunteer"] if case.own else ["api00", "api99"]) for one in surveys]
        names, how = list(results[0].table["variable"]), {}
    complete = 197 if "df.complete" in call or "dfcomplete" in case.id else None
    made = combine(results, df_complete=complete)
    order = [names.index(str(name)) for name in theirs["names"]]
    table = made.table.iloc[order]
    checks.add("estimate", table["estimate"], theirs["estimate"], scale=table["se"].to_numpy(), **how)
    checks.add("se", table["se"], theirs["se"], **how)
    loose = {
        "tolerance": 1e-6,
        "reason": "degrees of freedom go with the inverse square of a small difference",
    }
    checks.add("df", np.minimum(table["df"], 1e12), np.minimum(_finite(theirs["df"]), 1e12), **loose)
    checks.add("missing information", table["missing_information"], theirs["missinfo"], scale=1e-6, **loose)
    if "vcov" in theirs:
        spread = np.outer(table["se"], table["se"]).ravel()
        checks.add("vcov", made.covariance[np.ix_(order, order)], theirs["vcov"], scale=spread, **how)
    return checks


def _finite(values: list[Any]) -> np.ndarray:
    return np.array([float(str(value).replace("Inf", "inf")) for value in values])


def _imputed(case: Case) -> list[Survey]:
    if not case.own:
        data = frame(case.folder, case.data)
        parts = [part.reset_index(drop=True) for _, part in data.groupby("imp")]
        return [Survey(part, weights="pw", strata="stype", fpc="fpc") for part in parts]
    data, rows = frame(OWN, "synthetic"), frame(OWN, "synthetic_imputed_rows")
    out = []
    for _, part in rows.groupby("imp"):
        filled = data.set_index("id")
        filled[["hours", "volunteer"]] = filled[["hours", "volunteer"]].astype(float)
        filled.loc[part["id"], ["hours", "volunteer"]] = part[["hours", "volunteer"]].to_numpy(float)
        out.append(own_survey(case, filled.reset_index()))
    return out


def _model(case: Case, survey: Survey) -> Result:
    if case.own:
        levels = {"skill": ["none", "basic", "advanced"]}
        return survey.regression("volunteer ~ sex + skill", family="quasibinomial", levels=levels)
    found = re.search(r"svyglm\(([^)]+)\)", case.r_call)
    assert found is not None
    return survey.regression(found.group(1).split(",")[0].replace("~", " ~ "))


RUNNERS: dict[str, Callable[[Case], Checks]] = {
    **{
        f"Rao-Scott / Wald test, {name}": independence
        for name in ("F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint")
    },
    **{f"chi-square with replicates, {name}": independence for name in ("F", "Chisq", "Wald", "adjWald")},
    "chisq": independence,
    "two-group t test": t_test,
    "one-sample t test": t_test,
    "ttest": t_test,
    **{
        f"design-based rank test {name}": rank_test
        for name in ("wilcoxon", "vanderWaerden", "median", "KruskalWallis")
    },
    "Rubin combination": imputations,
    "Rubin combination, mean": imputations,
    "Rubin combination, domain mean": imputations,
    "Rubin combination, domains": imputations,
    "Rubin combination, regression": imputations,
    "Rubin combination, logistic": imputations,
    "Rubin combination with complete-data df": imputations,
}
