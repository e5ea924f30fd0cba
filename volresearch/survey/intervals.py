"""Confidence intervals of proportions (Korn and Graubard 1998; Dean and Pagano 2015) and of other estimates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import optimize, stats

from volresearch.survey.variance import Floats

__all__ = ["PROPORTION_INTERVALS", "proportion_interval", "student_interval", "t_quantile"]


def t_quantile(confidence: float, df: Floats) -> Floats:
    """Return the two-sided Student quantile; NaN where no degree of freedom is left."""
    df = np.asarray(df, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.asarray(
            np.where(df > 0, stats.t.ppf(0.5 + confidence / 2, np.where(df > 0, df, 1)), np.nan)
        )


def student_interval(estimate: Floats, se: Floats, df: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Return estimate -/+ t * se."""
    half = t_quantile(confidence, df) * se
    return estimate - half, estimate + half


def _effective_or_all(p: Floats, se: Floats, n: Floats) -> Floats:
    """Effective sample size; where all rows agree, which shows no spread, their number (Korn and Graubard 1998)."""
    return np.where((p <= 0) | (p >= 1), n, _effective(p, se))


def _effective(p: Floats, se: Floats) -> Floats:
    """Effective sample size p(1-p)/se^2."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return p * (1 - p) / se**2


def _logit(p: Floats, se: Floats, t: Floats, n: Floats, confidence: float) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        centre, half = np.log(p / (1 - p)), t * se / (p * (1 - p))
        return 1 / (1 + np.exp(-(centre - half))), 1 / (1 + np.exp(-(centre + half)))


def _asin(p: Floats, se: Floats, t: Floats, n: Floats, confidence: float) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        centre, half = np.arcsin(np.sqrt(p)), t * se / (2 * np.sqrt(p * (1 - p)))
    low, high = np.clip(centre - half, 0, np.pi / 2), np.clip(centre + half, 0, np.pi / 2)
    return np.sin(low) ** 2, np.sin(high) ** 2


def _beta(p: Floats, se: Floats, t: Floats, n: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Clopper-Pearson at the effective sample size, corrected for degrees of freedom (Korn and Graubard 1998)."""
    tail = (1 - confidence) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        size = _effective_or_all(p, se, n) * (stats.t.ppf(tail, n - 1) / t) ** 2
        low = stats.beta.ppf(tail, size * p, size * (1 - p) + 1)
        high = stats.beta.ppf(1 - tail, size * p + 1, size * (1 - p))
    known = np.isfinite(size)
    low, high = np.where(known & (p <= 0), 0.0, low), np.where(known & (p >= 1), 1.0, high)
    return np.asarray(low), np.asarray(high)


def _mean(p: Floats, se: Floats, t: Floats, n: Floats, confidence: float) -> tuple[Floats, Floats]:
    return p - t * se, p + t * se


def _wilson(p: Floats, se: Floats, t: Floats, n: Floats, confidence: float) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        size = _effective_or_all(p, se, n)
        centre = (p + t**2 / (2 * size)) / (1 + t**2 / size)
        half = t * np.sqrt(p * (1 - p) / size + t**2 / (4 * size**2)) / (1 + t**2 / size)
    return centre - half, centre + half


def _likelihood(p: Floats, se: Floats, t: Floats, n: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Working likelihood ratio at the effective sample size, against t^2 (Rao and Scott 1984).

    The variance of the working model has the divisor n - 1, which the effective size inherits.
    """
    size = _effective(p, se) * (n - 1) / n
    pairs = [_likelihood_one(float(a), float(b), float(c)) for a, b, c in zip(p, size, t, strict=True)]
    out = np.array(pairs, dtype=np.float64).reshape(len(pairs), 2)
    return out[:, 0], out[:, 1]


def _likelihood_one(p: float, size: float, t: float) -> tuple[float, float]:
    if not (0 < p < 1 and np.isfinite(size) and np.isfinite(t)):
        return np.nan, np.nan

    def excess(logit: float) -> float:
        other = 1 / (1 + np.exp(-logit))
        return float(2 * size * (p * np.log(p / other) + (1 - p) * np.log((1 - p) / (1 - other))) - t**2)

    centre, reach = np.log(p / (1 - p)), 1.0
    while excess(centre - reach) < 0 or excess(centre + reach) < 0:
        reach *= 2
        if reach > 30:
            return np.nan, np.nan
    low = optimize.brentq(excess, centre - reach, centre, xtol=1e-14, rtol=1e-14)
    high = optimize.brentq(excess, centre, centre + reach, xtol=1e-14, rtol=1e-14)
    return 1 / (1 + np.exp(-low)), 1 / (1 + np.exp(-high))


_Method = Callable[[Floats, Floats, Floats, Floats, float], tuple[Floats, Floats]]

#: Interval of a proportion by name; all but ``wilson`` mean what R's ``svyciprop(method=)`` means by the name.
PROPORTION_INTERVALS: dict[str, _Method] = {
    "logit": _logit,
    "wilson": _wilson,
    "beta": _beta,
    "likelihood": _likelihood,
    "asin": _asin,
    "mean": _mean,
    "xlogit": _logit,
}


def proportion_interval(
    method: str, p: Floats, se: Floats, df: Floats, n: Floats, confidence: float
) -> tuple[Floats, Floats]:
    """Return the interval of proportions.

    Parameters
    ----------
    method : str
        A key of `PROPORTION_INTERVALS`.
    p, se, df, n : arrays of one shape
        Proportion, its standard error, design degrees of freedom, rows.

    Returns
    -------
    low, high : arrays
        NaN where the method says nothing: a share of exactly 0 or 1 has no standard error.
    """
    return PROPORTION_INTERVALS[method](p, se, t_quantile(confidence, df), n, confidence)
