"""Marginal means and effects of a fitted model, with errors by the delta method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from volresearch.errors import VolResearchError, near
from volresearch.models.fit import link_of, ordinal_probabilities
from volresearch.models.sample import make_result
from volresearch.results import Result

if TYPE_CHECKING:
    from volresearch.models.regression import Fitted, Model

__all__ = ["margins"]

Floats = npt.NDArray[np.float64]

_STEP = 1e-5


def margins(
    model: Model, variable: str, *, at: Sequence[Any] | None = None, confidence: float | None = None
) -> Result:
    """Average predictions over the sample with one variable set to each of its values; see `Survey.margins`.

    For a numeric variable without `at`, the average marginal effect (slope) is given. The distribution of the other
    variables is that of the sample, with its weights, and counts as known: errors are those of the coefficients.
    """
    fitted = model.fitted
    if variable not in fitted.formula.variables or variable == fitted.formula.outcome:
        names = [name for name in fitted.formula.variables if name != fitted.formula.outcome]
        raise VolResearchError(
            "model.formula", f'The model has no variable "{variable}".', hint=near(variable, names)
        )
    levels = fitted.matrix.levels.get(variable)
    values = list(at) if at is not None else list(levels or [])
    if levels is not None:
        unknown = [value for value in values if value not in levels]
        if unknown:
            raise VolResearchError(
                "survey.option",
                f'"{variable}" has no value "{unknown[0]}".',
                hint=near(str(unknown[0]), map(str, levels)),
            )
    if values:
        estimates, slopes, labels = _at_values(fitted, variable, values)
        statistic = "marginal mean"
    else:
        estimates, slopes, labels = _effect(fitted, variable)
        statistic = "average marginal effect"
    covariance = slopes @ fitted.covariance @ slopes.T
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


def _predicted(fitted: Fitted, frame: pd.DataFrame) -> tuple[Floats, Floats]:
    """Weighted mean prediction (one, or one for each category) and its derivative by the coefficients."""
    weight = fitted.complete.weight / fitted.complete.weight.sum()
    x, offset = _design_matrix(fitted, frame)
    b = fitted.fit.coefficients
    if fitted.fit.family == "ordinal":

        def mean(theta: Floats) -> Floats:
            return np.asarray(
                weight @ ordinal_probabilities(theta, x, len(fitted.outcome_levels), fitted.fit.link)
            )

        slopes = np.stack(
            [(mean(b + step) - mean(b - step)) / (2 * _STEP) for step in np.eye(len(b)) * _STEP], axis=1
        )
        return mean(b), slopes
    link = link_of(fitted.fit.family, fitted.fit.link)
    prediction = link.inverse(x @ b + (0.0 if offset is None else offset))
    slope = weight / link.deriv(prediction)
    return np.array([weight @ prediction]), (slope @ x)[None, :]


def _at_values(fitted: Fitted, variable: str, values: Sequence[Any]) -> tuple[Floats, Floats, list[str]]:
    estimates, slopes, labels = [], [], []
    for value in values:
        frame = fitted.complete.frame.assign(**{variable: value})
        mean, slope = _predicted(fitted, frame)
        estimates.append(mean)
        slopes.append(slope)
        classes = fitted.outcome_levels if len(mean) > 1 else ("",)
        labels += [f"{value}" if code == "" else f"{value}: {code}" for code in classes]
    return np.concatenate(estimates), np.concatenate(slopes), labels


def _effect(fitted: Fitted, variable: str) -> tuple[Floats, Floats, list[str]]:
    column = fitted.complete.frame[variable].to_numpy(np.float64)
    width = max(float(np.std(column)), 1e-6) * _STEP * 10
    above, slope_above = _predicted(fitted, fitted.complete.frame.assign(**{variable: column + width}))
    below, slope_below = _predicted(fitted, fitted.complete.frame.assign(**{variable: column - width}))
    labels = [str(code) for code in fitted.outcome_levels] if len(above) > 1 else [""]
    return (above - below) / (2 * width), (slope_above - slope_below) / (2 * width), labels
