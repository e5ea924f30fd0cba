"""Marginal means and effects of a fitted model, with errors by the delta method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from volresearch.errors import VolResearchError, near
from volresearch.models.fit import link_of, ordinal_probabilities
from volresearch.models.formula import code_text
from volresearch.models.sample import make_result
from volresearch.results import Result

if TYPE_CHECKING:
    from volresearch.models.regression import Fitted, Model

__all__ = ["margins"]

Floats = npt.NDArray[np.float64]

_STEP = 1e-5


@dataclass(frozen=True)
class _Prediction:
    """Predictions of all rows for one setting of the variable.

    Attributes
    ----------
    values : array of shape (rows, classes)
    slopes : array of shape (classes, p)
        Derivative of the weighted mean prediction by the coefficients.
    """

    values: Floats
    slopes: Floats


def margins(
    model: Model,
    variable: str,
    *,
    at: Sequence[Any] | None = None,
    covariates: str = "sampled",
    confidence: float | None = None,
) -> Result:
    """Average predictions over the sample with one variable set to each of its values; see `Survey.margins`.

    For a numeric variable without `at`, the average marginal effect (slope) is given. With ``covariates="sampled"``
    the other variables' distribution counts as estimated from the sample, as it was (Graubard and Korn 1999; R's
    ``svypredmeans``); with ``"fixed"`` as known, so that errors are those of the coefficients alone.
    """
    fitted = model.fitted
    if covariates not in {"sampled", "fixed"}:
        raise VolResearchError(
            "survey.option", f'There is no option "{covariates}".', expected="sampled or fixed"
        )
    values = _settings(fitted, variable, at)
    if values:
        predictions = [_predicted(fitted, _set(fitted, variable, value)) for value in values]
        labels = [label for value in values for label in _labels(fitted, code_text(value))]
        statistic = "marginal mean"
    else:
        predictions, labels = [_effect(fitted, variable)], _labels(fitted, "")
        statistic = "average marginal effect"
    estimates = np.concatenate([fitted.complete.weight @ one.values for one in predictions])
    estimates = estimates / fitted.complete.weight.sum()
    covariance = _covariance(fitted, variable, values, predictions, estimates, covariates)
    return _result(model, variable, values, statistic, labels, estimates, covariance, confidence)


def _settings(fitted: Fitted, variable: str, at: Sequence[Any] | None) -> list[Any]:
    """Check the variable and return the values it is to be set to; none for a slope."""
    if variable not in fitted.formula.variables or variable == fitted.formula.outcome:
        names = [name for name in fitted.formula.variables if name != fitted.formula.outcome]
        raise VolResearchError(
            "model.formula", f'The model has no variable "{variable}".', hint=near(variable, names)
        )
    levels = fitted.matrix.levels.get(variable)
    values = list(at) if at is not None else list(levels or [])
    unknown = [] if levels is None else [value for value in values if value not in levels]
    if unknown:
        raise VolResearchError(
            "survey.option",
            f'"{variable}" has no value "{unknown[0]}".',
            hint=near(str(unknown[0]), map(str, levels or ())),
        )
    return values


def _covariance(
    fitted: Fitted,
    variable: str,
    values: Sequence[Any],
    predictions: Sequence[_Prediction],
    estimates: Floats,
    covariates: str,
) -> Floats:
    slopes = np.concatenate([one.slopes for one in predictions])
    if covariates == "fixed":
        return np.asarray(slopes @ fitted.covariance @ slopes.T)
    design: Any = fitted.complete.sample.design
    if fitted.replicates is not None:
        many = [
            _means_under(fitted, variable, values, theta, weights)
            for theta, weights in zip(fitted.replicates, fitted.complete.replicate_weights().T, strict=True)
        ]
        return np.asarray(design.covariance_of_replicates(np.stack(many), estimates))
    share = (fitted.complete.weight / fitted.complete.weight.sum())[:, None]
    around = np.concatenate([one.values for one in predictions], axis=1) - estimates
    influence = share * around + fitted.fit.scores @ fitted.fit.inverse_information @ slopes.T
    return np.asarray(design.covariance_of_scores(influence, fitted.complete.rows))


def _means_under(
    fitted: Fitted, variable: str, values: Sequence[Any], theta: Floats, weights: Floats
) -> Floats:
    """Mean predictions with a replicate's coefficients and weights."""
    other = replace(fitted, fit=replace(fitted.fit, coefficients=theta))
    if values:
        parts = [_predicted(other, _set(fitted, variable, value)).values for value in values]
    else:
        parts = [_effect(other, variable).values]
    return np.asarray(np.concatenate([weights @ part for part in parts]) / weights.sum(), dtype=np.float64)


def _set(fitted: Fitted, variable: str, value: Any) -> pd.DataFrame:
    return fitted.complete.frame.assign(**{variable: value})


def _labels(fitted: Fitted, setting: str) -> list[str]:
    codes = [code_text(code) for code in fitted.outcome_levels] if fitted.fit.family == "ordinal" else [""]
    return [": ".join(part for part in (setting, code) if part) for code in codes]


def _result(
    model: Model,
    variable: str,
    values: Sequence[Any],
    statistic: str,
    labels: Sequence[str],
    estimates: Floats,
    covariance: Floats,
    confidence: float | None,
) -> Result:
    fitted = model.fitted
    level = confidence or fitted.confidence
    se = np.sqrt(np.maximum(np.diag(covariance), 0))
    half = stats.t.ppf((1 + level) / 2, fitted.degrees_of_freedom) * se
    table = pd.DataFrame(
        {
            "variable": fitted.formula.outcome,
            "statistic": statistic,
            "term": variable,
            "level": labels,
            "estimate": estimates,
            "se": se,
            "ci_low": estimates - half,
            "ci_high": estimates + half,
            "df": fitted.degrees_of_freedom,
            "flag": "",
        }
    )
    words = {"formula": fitted.formula.text, "variable": variable, "at": [str(value) for value in values]}
    return make_result(
        fitted.complete,
        table,
        (),
        "margins",
        words,
        confidence=level,
        covariance=covariance,
        method="delta method",
    )


def _design_matrix(fitted: Fitted, frame: pd.DataFrame) -> tuple[Floats, Floats | None]:
    matrix = fitted.formula.matrix(frame, fitted.matrix.levels).values
    if fitted.fit.family == "ordinal":
        full = fitted.formula.matrix(frame, fitted.matrix.levels)
        matrix = full.values[:, [i for i, c in enumerate(full.columns) if c.term != "(Intercept)"]]
    return matrix, fitted.formula.offset_of(frame)


def _predicted(fitted: Fitted, frame: pd.DataFrame) -> _Prediction:
    """Predict all rows, with the derivative of their weighted mean by the coefficients."""
    weight = fitted.complete.weight / fitted.complete.weight.sum()
    x, offset = _design_matrix(fitted, frame)
    b = fitted.fit.coefficients
    if fitted.fit.family == "ordinal":
        classes, link = len(fitted.outcome_levels), fitted.fit.link
        steps = np.eye(len(b)) * _STEP
        ahead = [weight @ ordinal_probabilities(b + step, x, classes, link) for step in steps]
        back = [weight @ ordinal_probabilities(b - step, x, classes, link) for step in steps]
        slopes = (np.stack(ahead, axis=1) - np.stack(back, axis=1)) / (2 * _STEP)
        return _Prediction(ordinal_probabilities(b, x, classes, link), slopes)
    link_function = link_of(fitted.fit.family, fitted.fit.link)
    prediction = np.asarray(
        link_function.inverse(x @ b + (0.0 if offset is None else offset)), dtype=np.float64
    )
    slope = weight / link_function.deriv(prediction)
    return _Prediction(prediction[:, None], np.asarray(slope @ x)[None, :])


def _effect(fitted: Fitted, variable: str) -> _Prediction:
    """Slope of the prediction of all rows in a numeric variable, by central differences."""
    column = fitted.complete.frame[variable].to_numpy(np.float64)
    width = max(float(np.std(column)), 1e-6) * _STEP * 10
    above = _predicted(fitted, _set(fitted, variable, column + width))
    below = _predicted(fitted, _set(fitted, variable, column - width))
    return _Prediction(
        (above.values - below.values) / (2 * width), (above.slopes - below.slopes) / (2 * width)
    )
