"""Regression on survey data: generalized linear and ordinal models, their tests of terms."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from volresearch.errors import VolResearchError, near
from volresearch.models.fit import Fit, check_rank, fit_glm, fit_ordinal
from volresearch.models.formula import Formula, Matrix, code_text, parse_formula
from volresearch.models.quadratic import saddlepoint_tail
from volresearch.models.sample import Complete, complete_rows, make_result, refitted, sandwich
from volresearch.results import Result
from volresearch.survey.record import Sample

__all__ = ["Model", "ordinal", "regression"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """What stands behind a model's table."""

    complete: Complete
    formula: Formula
    matrix: Matrix
    fit: Fit
    covariance: Floats
    confidence: float
    degrees_of_freedom: float
    replicates: Floats | None = None
    outcome_levels: tuple[Any, ...] = ()


class Model(Result):
    """A fitted model: a `Result` with one row for each coefficient, and tests of its terms."""

    fitted: Fitted

    def term_test(self, term: str | None = None, method: str = "wald") -> Result:
        """Test that all coefficients of a term are zero.

        Parameters
        ----------
        term : str, optional
            ``"skill"``, ``"sex:skill"``; all terms where left out.
        method : str
            ``wald``: F test on the design-based covariance; ``lrt``: working likelihood ratio against its Rao-Scott
            reference distribution (Lumley and Scott 2014), by saddlepoint.

        Returns
        -------
        Result
            ``test`` holds F or the likelihood ratio, ``df`` and ``df2`` the degrees of freedom.
        """
        if method not in {"wald", "lrt"}:
            raise VolResearchError("survey.option", f'There is no method "{method}".', expected="wald or lrt")
        terms = self.fitted.formula.term_names if term is None else (term,)
        if method == "lrt" and self.fitted.fit.family == "ordinal":
            raise VolResearchError(
                "survey.option", "The likelihood ratio is not offered for ordinal models.", expected="wald"
            )
        test = _wald if method == "wald" else _likelihood_ratio
        rows, lambdas = [], {}
        for name in terms:
            row, weights = test(self.fitted, name)
            rows.append(row)
            lambdas[name] = weights
        words = {"formula": self.fitted.formula.text, "term": list(terms), "method": method}
        return make_result(
            self.fitted.complete,
            pd.DataFrame(rows),
            (),
            "term_test",
            words,
            confidence=self.fitted.confidence,
            extra={"lambda": lambdas} if method == "lrt" else {},
        )


def _wald(fitted: Fitted, term: str) -> tuple[dict[str, Any], list[float]]:
    at = fitted.matrix.of_term(term)
    b = fitted.fit.coefficients[at]
    block = fitted.covariance[np.ix_(at, at)]
    statistic = float(b @ np.linalg.solve(block, b)) / len(at)
    df2 = fitted.degrees_of_freedom
    return _test_row(
        fitted, "Wald F", term, statistic, len(at), df2, float(stats.f.sf(statistic, len(at), df2))
    ), []


def _likelihood_ratio(fitted: Fitted, term: str) -> tuple[dict[str, Any], list[float]]:
    at = fitted.matrix.of_term(term)
    smaller = fitted.formula.without(term)
    matrix = smaller.matrix(fitted.complete.frame, fitted.matrix.levels)
    y = np.asarray(smaller.response(fitted.complete.frame), dtype=np.float64)
    offset = smaller.offset_of(fitted.complete.frame)
    fit = fit_glm(y, matrix.values, fitted.complete.weight, fitted.fit.family, fitted.fit.link, offset)
    statistic = fit.deviance - fitted.fit.deviance
    naive = fitted.fit.inverse_information[np.ix_(at, at)]
    weights = np.linalg.eigvals(np.linalg.solve(naive, fitted.covariance[np.ix_(at, at)])).real
    df2 = fitted.degrees_of_freedom
    p = saddlepoint_tail(statistic, weights.tolist(), df2)
    row = _test_row(fitted, "working likelihood ratio", term, statistic, len(at), df2, p)
    return row, sorted(weights.tolist(), reverse=True)


def _test_row(
    fitted: Fitted, statistic: str, term: str, value: float, df1: float, df2: float, p: float
) -> dict[str, Any]:
    return {
        "variable": fitted.formula.outcome,
        "statistic": statistic,
        "term": term,
        "level": "",
        "estimate": float("nan"),
        "test": value,
        "df": float(df1),
        "df2": df2,
        "p_value": p,
    }


def _positive(df: float, coefficients: int) -> float:
    if df > 0:
        return df
    raise VolResearchError(
        "model.fit",
        f"{coefficients} coefficients leave no degree of freedom: the design has too few sampling units.",
        got=f"{df:g} degrees of freedom",
        hint="Use fewer terms; a design with few sampling units carries few coefficients.",
    )


def _table(fitted: Fitted, names: Sequence[tuple[str, str]]) -> pd.DataFrame:
    estimate = fitted.fit.coefficients
    se = np.sqrt(np.diag(fitted.covariance))
    df = fitted.degrees_of_freedom
    half = stats.t.ppf((1 + fitted.confidence) / 2, df) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        t = estimate / se
    return pd.DataFrame(
        {
            "variable": fitted.formula.outcome,
            "statistic": "coefficient",
            "term": [term for term, _ in names],
            "level": [level for _, level in names],
            "estimate": estimate,
            "se": se,
            "ci_low": estimate - half,
            "ci_high": estimate + half,
            "df": df,
            "test": t,
            "p_value": 2 * stats.t.sf(np.abs(t), df),
            "flag": "",
        }
    )


def _model(fitted: Fitted, names: Sequence[tuple[str, str]], verb: str, words: dict[str, Any]) -> Model:
    made = make_result(
        fitted.complete,
        _table(fitted, names),
        (),
        verb,
        words,
        confidence=fitted.confidence,
        covariance=fitted.covariance,
        extra={"deviance": fitted.fit.deviance, "dispersion": fitted.fit.dispersion},
        method="weighted fit, design-based covariance"
        + (" from replicates" if fitted.complete.sample.design.replicated else " by linearization"),
        kind=Model,
    )
    assert isinstance(made, Model)
    made.fitted = fitted
    return made


def regression(
    sample: Sample,
    formula: str,
    *,
    family: str = "gaussian",
    link: str | None = None,
    where: str | None = None,
    confidence: float = 0.95,
    levels: dict[str, Sequence[Any]] | None = None,
) -> Model:
    """Fit a generalized linear model; see `Survey.regression`."""
    parsed = parse_formula(formula)
    complete = complete_rows(sample, parsed.variables, where)
    y, coded = _outcome(parsed, complete, family)
    matrix = parsed.matrix(complete.frame, levels)
    offset = parsed.offset_of(complete.frame)
    _finite(parsed, matrix, y, offset)
    check_rank(matrix.values, [column.name for column in matrix.columns])
    fit = fit_glm(y, matrix.values, complete.weight, family, link, offset)

    def refit(weights: Floats, start: Floats) -> Floats:
        used = weights > 0
        part = None if offset is None else offset[used]
        return fit_glm(y[used], matrix.values[used], weights[used], family, link, part, start).coefficients

    df = _positive(complete.degrees_of_freedom + 1 - len(fit.coefficients), len(fit.coefficients))
    replicates = refitted(complete, fit, refit)
    covariance = sandwich(complete, fit, replicates)
    fitted = Fitted(complete, parsed, matrix, fit, covariance, confidence, df, replicates, coded)
    names = [(column.term, column.level) for column in matrix.columns]
    words = {"formula": formula, "family": family, "link": fit.link, "where": where}
    return _model(fitted, names, "regression", words)


def _finite(formula: Formula, matrix: Matrix, y: Floats, offset: Floats | None) -> None:
    for name, values in (("outcome", y), ("model matrix", matrix.values), ("offset", offset)):
        if values is not None and not np.isfinite(values).all():
            raise VolResearchError(
                "model.formula",
                f'The {name} of "{formula.text}" has values that are not finite.',
                hint="A logarithm or a root of a value that is zero or negative? Restrict the domain with where=.",
            )


def _outcome(formula: Formula, complete: Complete, family: str) -> tuple[Floats, tuple[Any, ...]]:
    """The outcome as numbers; of two codes the second (in order) is 1 in binomial models."""
    series = formula.response(complete.frame)
    if pd.api.types.is_numeric_dtype(series.dtype) or pd.api.types.is_bool_dtype(series.dtype):
        return np.asarray(series, dtype=np.float64), ()
    codes = sorted(series.unique(), key=str)
    if family.removeprefix("quasi") == "binomial" and len(codes) == 2:
        return np.asarray(series == codes[1], dtype=np.float64), tuple(codes)
    raise VolResearchError(
        "model.formula",
        f'"{formula.outcome}" holds codes, not numbers.',
        got=", ".join(map(str, codes[:6])),
        hint=f"Say which code counts: I({formula.outcome} == '{codes[-1]}') ~ ..., or use ordinal().",
    )


def ordinal(
    sample: Sample,
    formula: str,
    *,
    link: str = "logit",
    order: Sequence[Any] | None = None,
    where: str | None = None,
    confidence: float = 0.95,
    levels: dict[str, Sequence[Any]] | None = None,
) -> Model:
    """Fit a cumulative link model to an ordered outcome; see `Survey.ordinal`."""
    parsed = parse_formula(formula)
    complete = complete_rows(sample, parsed.variables, where)
    series = parsed.response(complete.frame)
    codes = _ordered_codes(series, order)
    y = np.array([codes.index(code) for code in series], dtype=np.int64)
    full = parsed.matrix(complete.frame, levels)
    keep = [i for i, column in enumerate(full.columns) if column.term != "(Intercept)"]
    matrix = Matrix(full.values[:, keep], tuple(full.columns[i] for i in keep), full.levels)
    check_rank(
        np.column_stack([np.ones(len(y)), matrix.values]), ["(Intercept)", *(c.name for c in matrix.columns)]
    )
    fit = fit_ordinal(y, matrix.values, complete.weight, link)

    def refit(weights: Floats, start: Floats) -> Floats:
        used = weights > 0
        return fit_ordinal(y[used], matrix.values[used], weights[used], link).coefficients

    df = _positive(complete.degrees_of_freedom + 1 - len(fit.coefficients), len(fit.coefficients))
    replicates = refitted(complete, fit, refit)
    covariance = sandwich(complete, fit, replicates)
    fitted = Fitted(complete, parsed, matrix, fit, covariance, confidence, df, replicates, tuple(codes))
    names = [(column.term, column.level) for column in matrix.columns]
    names += [("threshold", f"{code_text(low)}|{code_text(high)}") for low, high in itertools.pairwise(codes)]
    words = {"formula": formula, "link": link, "order": [str(code) for code in codes], "where": where}
    return _model(fitted, names, "ordinal", words)


def _ordered_codes(series: Any, order: Sequence[Any] | None) -> list[Any]:
    present = list(series.unique())
    if order is not None:
        unknown = [code for code in present if code not in list(order)]
        if unknown:
            raise VolResearchError(
                "survey.option",
                f'The order leaves out "{unknown[0]}".',
                hint=near(str(unknown[0]), map(str, order)),
            )
        return [code for code in order if code in present]
    if isinstance(series.dtype, pd.CategoricalDtype):
        return [code for code in series.cat.categories if code in present]
    if not pd.api.types.is_numeric_dtype(series.dtype):
        raise VolResearchError(
            "survey.option",
            "The order of the outcome's codes is not declared.",
            got=", ".join(sorted(map(str, present))),
            hint="Give it from low to high: order=[...].",
        )
    return sorted(present)
