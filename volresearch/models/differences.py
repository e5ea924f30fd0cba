"""Design-based t tests and rank tests (Lumley and Scott 2013), as regressions on the group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from volresearch.errors import VolResearchError, near
from volresearch.models.fit import fit_glm
from volresearch.models.formula import parse_formula
from volresearch.models.sample import Complete, complete_rows, make_result, refitted, sandwich
from volresearch.results import Result
from volresearch.survey.record import Sample

__all__ = ["RANK_TESTS", "ranktest", "ttest"]

Floats = npt.NDArray[np.float64]

#: Rank test -> score of a rank between 0 and 1.
RANK_TESTS: dict[str, Callable[[Floats], Floats]] = {
    "wilcoxon": lambda rank: rank,
    "vanderWaerden": lambda rank: np.asarray(stats.norm.ppf(rank)),
    "median": lambda rank: (rank > 0.5).astype(np.float64),
    "KruskalWallis": lambda rank: rank,
}


def _groups(complete: Complete, by: str) -> tuple[list[Any], Floats]:
    """Codes of the groups in order, and indicators of all but the first, shape (rows, groups - 1)."""
    formula = parse_formula(f"outcome ~ C({by})" if by.isidentifier() else f"outcome ~ C(`{by}`)")
    matrix = formula.matrix(complete.frame)
    codes = list(matrix.levels[by])
    if len(codes) < 2:
        raise VolResearchError(
            "survey.domain", f'"{by}" has one value only in this domain.', hint="Widen the domain."
        )
    return codes, matrix.values[:, 1:]


def _linear(complete: Complete, y: Floats, x: Floats) -> tuple[Floats, Floats]:
    fit = fit_glm(y, x, complete.weight)
    replicates = refitted(complete, fit, lambda weights, start: fit_glm(y, x, weights).coefficients)
    return fit.coefficients, sandwich(complete, fit, replicates)


def _freedom(complete: Complete, less: int) -> float:
    df = complete.degrees_of_freedom - less
    if not df > 0:
        raise VolResearchError(
            "survey.domain",
            "The design leaves no degree of freedom for a test.",
            got=f"{complete.psu} sampling units in the domain",
            hint="Nothing can be said with a test; give the estimates with their number of rows.",
        )
    return df


def ttest(
    sample: Sample,
    variable: str,
    by: str | None = None,
    *,
    null: float = 0.0,
    where: str | None = None,
    confidence: float = 0.95,
) -> Result:
    """Test a mean, or the difference of two means; see `Survey.ttest`."""
    formula = parse_formula(f"{variable} ~ 1")
    names = [*formula.variables, *([by] if by else [])]
    complete = complete_rows(sample, names, where)
    y = np.asarray(formula.response(complete.frame), dtype=np.float64)
    x = np.ones((len(y), 1))
    groups: list[Any] = []
    if by is not None:
        groups, indicators = _groups(complete, by)
        if len(groups) != 2:
            raise VolResearchError(
                "survey.domain",
                f'"{by}" has {len(groups)} groups; a t test compares two.',
                got=", ".join(map(str, groups[:6])),
                hint=f'Restrict the domain with where=, or use regression("{variable} ~ {by}").term_test().',
            )
        x = np.column_stack([x, indicators])
    coefficients, covariance = _linear(complete, y, x)
    df = _freedom(complete, 1)
    estimate, se = float(coefficients[-1]), float(np.sqrt(covariance[-1, -1]))
    t = (estimate - null) / se if se > 0 else float("nan")
    half = float(stats.t.ppf((1 + confidence) / 2, df)) * se
    row = {
        "variable": variable,
        "statistic": "difference of means" if by else "mean",
        "term": by or "",
        "level": f"{groups[1]} - {groups[0]}" if by else "",
        "estimate": estimate,
        "se": se,
        "ci_low": estimate - half,
        "ci_high": estimate + half,
        "test": t,
        "df": df,
        "p_value": 2 * float(stats.t.sf(abs(t), df)),
    }
    words = {"variable": variable, "by": by, "null": null, "where": where}
    return make_result(
        complete,
        pd.DataFrame([row]),
        (),
        "ttest",
        words,
        confidence=confidence,
        covariance=covariance[-1:, -1:],
    )


def _ranks(y: Floats, weights: Floats) -> Floats:
    """Estimated population mid-ranks between 0 and 1; ties share their mean, rows in the frame's order (as in R)."""
    order = np.argsort(y, kind="stable")
    rank = np.empty(len(y))
    rank[order] = np.cumsum(weights[order]) - weights[order] / 2
    _, tied = np.unique(y, return_inverse=True)
    mean = np.bincount(tied, weights=rank) / np.bincount(tied)
    return np.asarray(mean[tied] / weights.sum())


def ranktest(
    sample: Sample,
    variable: str,
    by: str,
    *,
    test: str = "wilcoxon",
    where: str | None = None,
    confidence: float = 0.95,
) -> Result:
    """Compare the distribution of a variable between groups by ranks; see `Survey.ranktest`."""
    if test not in RANK_TESTS:
        raise VolResearchError(
            "survey.option", f'There is no rank test "{test}".', hint=near(test, RANK_TESTS)
        )
    formula = parse_formula(f"{variable} ~ 1")
    complete = complete_rows(sample, [*formula.variables, by], where)
    y = np.asarray(formula.response(complete.frame), dtype=np.float64)
    groups, indicators = _groups(complete, by)
    score = RANK_TESTS[test](_ranks(y, complete.weight))
    coefficients, covariance = _linear(complete, score, np.column_stack([np.ones(len(y)), indicators]))
    b, block = coefficients[1:], covariance[1:, 1:]
    row: dict[str, Any] = {"variable": variable, "statistic": test, "term": by, "level": ""}
    if len(groups) == 2:
        df = _freedom(complete, 1)
        estimate, se = float(b[0]), float(np.sqrt(block[0, 0]))
        half = float(stats.t.ppf((1 + confidence) / 2, df)) * se
        row |= {"level": f"{groups[1]} - {groups[0]}", "estimate": estimate, "se": se}
        row |= {"ci_low": estimate - half, "ci_high": estimate + half}
        row |= {"test": estimate / se, "df": df, "p_value": 2 * float(stats.t.sf(abs(estimate / se), df))}
    else:
        k = len(b)
        df2 = _freedom(complete, k)
        value = float(b @ np.linalg.solve(block, b)) / k
        row |= {"estimate": float("nan"), "test": value, "df": float(k), "df2": df2}
        row["p_value"] = float(stats.f.sf(value, k, df2))
    words = {"variable": variable, "by": by, "test": test, "where": where}
    return make_result(complete, pd.DataFrame([row]), (), "ranktest", words, confidence=confidence)
