"""Regressions, their tests of terms, ordinal models."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from reference_cases import OWN, Case, Checks, frame, own_survey, survey_of

from volresearch.models.regression import Model
from volresearch.survey import Survey

ITERATIVE: dict[str, Any] = {"tolerance": 1e-7, "reason": "both sides iterate"}
_LINK = {"binomial_probit": "probit", "binomial_cloglog": "cloglog", "gamma_log": "log"}


def name_of(row: pd.Series) -> str:
    """Our term and level under R's name for the coefficient."""
    if row["term"] == "threshold":
        return str(row["level"])
    return f"{row['term']}{row['level']}"


def fit_of(case: Case) -> Model:
    """Fit the model that R's call describes."""
    call = case.r_call.replace("api.stu", "api_stu").replace("comp.imp", "comp_imp")
    found = re.search(r"svyglm\(([^,]+),", call)
    assert found is not None, case.r_call
    formula = found.group(1).strip().replace("sch.wide", "sch_wide")
    family, link = _family(case)
    where = "comp_imp == 'Yes'" if "subset(" in call else None
    survey = survey_of(case)
    levels = {name: values for name, values in own_levels().items() if name in formula} if case.own else None
    return survey.regression(formula, family=family, link=link, where=where, levels=levels)


def _family(case: Case) -> tuple[str, str | None]:
    kind = re.search(r"glm_([a-z_]+?)(_termtest|_lrt)?$", case.id)
    assert kind is not None
    name = {"domain": "gaussian", "offset": "quasipoisson"}.get(kind.group(1), kind.group(1))
    if name in _LINK:
        return name.split("_")[0], _LINK[name]
    return name, None


def own_levels() -> dict[str, list[Any]]:
    """The order of codes that R was told for our own data."""
    data = frame(OWN, "synthetic")
    return {
        "country": list(data["country"].unique()),
        "agegroup": ["15-17", "18-24", "25-34", "35-49", "50-64", "65+"],
        "skill": ["none", "basic", "advanced"],
    }


def regression(case: Case) -> Checks:
    checks, model, theirs = Checks(), fit_of(case), case.result
    table = model.table
    names = [name_of(row) for _, row in table.iterrows()]
    assert names == theirs["names"]
    how = ITERATIVE if model.fitted.fit.link != "identity" else {}
    if _family(case)[1] is not None:
        how = {
            "tolerance": 1e-6,
            "reason": "R stops at a change of 1e-14 of the deviance, for links that are not canonical near 1e-7",
        }
    se = np.asarray(theirs["se"])
    checks.add("estimate", table["estimate"], theirs["estimate"], scale=se, **how)
    checks.add("se", table["se"], theirs["se"], **how)
    if "vcov" in theirs:
        checks.add("vcov", model.covariance, theirs["vcov"], scale=np.outer(se, se).ravel(), **how)
    if "t" in theirs:
        checks.add("t", table["test"], theirs["t"], scale=1.0, **how)
        tail = (
            {"tolerance": 1e-6, "reason": "tail probabilities multiply relative error"}
            if how
            else {"tolerance": 1e-9, "reason": "tail probabilities multiply relative error"}
        )
        checks.add("p", table["p_value"], theirs["p"], scale=1e-6, **tail)
    checks.add("residual df", table["df"].iloc[:1], [theirs["df_residual"]])
    if "deviance" in theirs:
        # R's weights average 1 over all rows of the design, ours over those of the model: a scale, no more
        design = model.fitted.complete.sample.design
        scale = model.fitted.complete.weight.mean() / (design.sum_of_weights / design.n)
        scale = 1.0 if "subset(" in case.r_call else scale
        checks.add("deviance", [model.facts.extra["deviance"] * scale], [theirs["deviance"]], **how)
        checks.add(
            "dispersion",
            [model.facts.extra["dispersion"] * scale * share_of_zero_weights(case, model)],
            [theirs["dispersion"]],
            **how,
        )
    return checks


def share_of_zero_weights(case: Case, model: Model) -> float:
    """Rows of the model over complete rows, those of weight zero among them: they lower R's mean weight."""
    if not case.own:
        return 1.0
    complete = frame(case.folder, case.data)[list(model.fitted.formula.variables)].dropna()
    return len(model.fitted.complete.frame) / len(complete)


def term_test(case: Case) -> Checks:
    checks, theirs = Checks(), case.result
    term = re.search(r"~(\w+)", case.r_call)
    assert term is not None
    lrt = case.id.endswith("_lrt")
    result = _with_model_call(case).term_test(term.group(1), "lrt" if lrt else "wald")
    row = result.table.iloc[0]
    checks.add("statistic", [row["test"]], [theirs["chisq" if lrt else "F"]], **ITERATIVE)
    checks.add("df", [row["df"], row["df2"]], [theirs["df"], theirs["ddf"]])
    checks.add(
        "p",
        [row["p_value"]],
        [theirs["p"]],
        tolerance=1e-6,
        reason="tail of an iterated statistic",
        scale=1e-12,
    )
    if lrt:
        lambdas = result.facts.extra["lambda"][term.group(1)]
        checks.add("lambda", lambdas, sorted(theirs["lambda"], reverse=True), **ITERATIVE)
    return checks


def _with_model_call(case: Case) -> Model:
    """Fit the model of a term test; its own call names the term only."""
    kind = re.sub(r"_(termtest|lrt)$", "", case.id.rsplit("glm_", 1)[1])
    outcome = {"gaussian": "api00", "gamma_log": "api00", "quasipoisson": "api_stu"}.get(kind, "aw")
    family, link = _family(case)
    return survey_of(case).regression(f"{outcome} ~ ell + meals + stype", family=family, link=link)


def replicated(case: Case) -> Checks:
    return regression(case)


def ordinal(case: Case) -> Checks:
    checks, theirs = Checks(), case.result
    model = _ordinal_model(case)
    table = model.table
    reason = "R's optimizer stops at a relative change of 1e-8 of the deviance and takes a numerical Hessian; ours is at the maximum"
    order = [[name_of(row) for _, row in table.iterrows()].index(name) for name in theirs["names"]]
    ours = table.iloc[order]
    checks.add(
        "estimate",
        ours["estimate"],
        theirs["estimate"],
        tolerance=5e-3,
        reason=reason,
        scale=np.asarray(theirs["se"]),
    )
    checks.add("se", ours["se"], theirs["se"], tolerance=5e-3, reason=reason)
    deviance = model.facts.extra["deviance"]
    checks.add("deviance", [deviance], [theirs["deviance"]], tolerance=1e-6, reason=reason)
    assert deviance <= theirs["deviance"] + 1e-9, "R's fit would be better than ours"
    return checks


def _ordinal_model(case: Case) -> Model:
    if case.own:
        link = "probit" if case.id.endswith("probit") else "logit"
        data = frame(OWN, "synthetic")
        survey = own_survey(case, data)
        levels = {name: own_levels()[name] for name in ("skill",)}
        return survey.ordinal("satisfaction ~ sex + skill", link=link, levels=levels)
    data = frame(case.folder, case.data)
    cut = pd.cut(data["ell"], [-1, 10, 30, 101], labels=["low", "mid", "high"]).astype(str)
    design = {name: case.design.get(name) for name in ("weights", "strata", "psu", "fpc")}
    if design["weights"] == "from fpc":
        design["weights"] = None
    survey = Survey(data.assign(ell10=cut), **design)
    return survey.ordinal("ell10 ~ meals + mobility", order=["low", "mid", "high"])


RUNNERS: dict[str, Callable[[Case], Checks]] = {
    "svyglm gaussian": regression,
    "svyglm quasibinomial": regression,
    "svyglm binomial_probit": regression,
    "svyglm binomial_cloglog": regression,
    "svyglm quasipoisson": regression,
    "svyglm gamma_log": regression,
    "glm_gaussian": regression,
    "glm_quasibinomial": regression,
    "glm_quasipoisson": regression,
    "gaussian model in a subpopulation": regression,
    "quasipoisson with offset": regression,
    "linear regression, replicates": replicated,
    "logistic regression, replicates": replicated,
    "Wald F test of a term": term_test,
    "Rao-Scott working LRT of a term": term_test,
    "survey-weighted ordinal regression": ordinal,
}
