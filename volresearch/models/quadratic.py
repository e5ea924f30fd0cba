"""Tail probabilities of weighted sums of chi-squared variables, the null distribution of Rao-Scott statistics.

``sum_i a_i X_i`` with X_i chi-squared on 1 degree of freedom; with a finite denominator the statistic is
compared with ``x * Y / df2``, Y chi-squared on df2, that is the tail at 0 of ``sum a_i X_i - (x / df2) Y``.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import integrate, optimize, stats

__all__ = ["exact_tail", "saddlepoint_tail", "satterthwaite_tail"]

Floats = npt.NDArray[np.float64]


def _terms(x: float, weights: Sequence[float], df2: float | None) -> tuple[Floats, Floats, float]:
    lam = np.asarray(weights, dtype=np.float64)
    count = np.ones(len(lam))
    if df2 is not None and np.isfinite(df2):
        return np.append(lam, -x / df2), np.append(count, df2), 0.0
    return lam, count, x


def satterthwaite_tail(x: float, weights: Sequence[float], df2: float | None = None) -> float:
    """Return the tail at `x` by matching two moments (Satterthwaite 1946; Rao and Scott 1984).

    >>> round(satterthwaite_tail(3.841459, [1.0]), 6)
    0.05
    """
    lam = np.asarray(weights, dtype=np.float64)
    df1 = lam.sum() ** 2 / (lam**2).sum()
    scaled = x / lam.sum()
    if df2 is None or not np.isfinite(df2):
        return float(stats.chi2.sf(scaled * df1, df1))
    return float(stats.f.sf(scaled, df1, df1 * df2))


def saddlepoint_tail(x: float, weights: Sequence[float], df2: float | None = None) -> float:
    """Return the tail at `x` by the saddlepoint approximation (Kuonen 1999, Biometrika 86, 929-935).

    Parameters
    ----------
    x : float
        The statistic.
    weights : sequence of float
        The a_i, eigenvalues of the generalized design effect matrix, all positive.
    df2 : float, optional
        Denominator degrees of freedom; none means infinite.

    Examples
    --------
    >>> round(saddlepoint_tail(10.0, [1.0, 1.0, 1.0]), 3)  # chi-squared on 3: 0.0186
    0.019
    """
    lam, count, x = _terms(float(x), weights, df2)
    scale = float(np.max(np.abs(lam)))
    lam, x = lam / scale, x / scale

    def first(z: float) -> float:
        return float(np.sum(count * lam / (1 - 2 * z * lam)) - x)

    high = (1 - 1e-12) / (2 * lam.max())
    if (lam < 0).any():
        low = (1 - 1e-12) / (2 * lam.min())
    else:
        low = min(-0.01, -float(count.sum()) / (2 * max(x, 1e-300)))
    z = float(optimize.brentq(first, low, high, xtol=1e-15, rtol=8.9e-16, maxiter=500))
    if abs(z) < 1e-5:  # the formula is 0/0 at the mean; two moments are exact enough there
        return _near_mean(x, lam, count)
    cumulant = -0.5 * float(np.sum(count * np.log1p(-2 * z * lam)))
    curvature = 2 * float(np.sum(count * lam**2 / (1 - 2 * z * lam) ** 2))
    w = float(np.sign(z)) * np.sqrt(2 * (z * x - cumulant))
    v = z * np.sqrt(curvature)
    return float(stats.norm.sf(w + np.log(v / w) / w))


def _near_mean(x: float, lam: Floats, count: Floats) -> float:
    """Normal tail with the skewness term of the expansion at the mean."""
    variance = 2 * float(np.sum(count * lam**2))
    third = 8 * float(np.sum(count * lam**3))
    mean = float(np.sum(count * lam))
    z = (x - mean) / np.sqrt(variance)
    skew = third / variance**1.5
    return float(stats.norm.sf(z + skew * (1 - z**2) / 6))


def _ruben(x: float, lam: Floats) -> float | None:
    """Tail by Ruben's series in central chi-squared tails (1962, Ann. Math. Stat. 33, 542-570); None if slow."""
    beta = float(lam.min())
    ratio = 1 - beta / lam
    coefficients = [float(np.prod(np.sqrt(beta / lam)))]
    powers: list[float] = []
    remaining, power = 1 - coefficients[0], ratio.copy()
    while remaining > 1e-13:
        if len(coefficients) > 4000:
            return None
        powers.append(float(power.sum()))
        power = power * ratio
        k = len(coefficients)
        term = float(np.dot(powers[::-1], coefficients)) / (2 * k)
        coefficients.append(term)
        remaining -= term
    tails = stats.chi2.sf(x / beta, len(lam) + 2 * np.arange(len(coefficients)))
    return float(np.dot(coefficients, tails) + max(remaining, 0.0))


def _imhof(lam: Floats, count: Floats) -> float:
    """Tail at 0 of a sum with weights of both signs (Imhof 1961, Biometrika 48, 419-426)."""

    def integrand(t: float) -> float:
        u = t / (1 - t)
        theta = 0.5 * float(np.sum(count * np.arctan(lam * u)))
        log_rho = 0.25 * float(np.sum(count * np.log1p((lam * u) ** 2)))
        return float(np.sin(theta) / u * np.exp(-log_rho) / (1 - t) ** 2)

    edges = np.concatenate([[1e-14], 1 - 1 / (1 + np.geomspace(1e-3, 1e9, 61))])
    value = 0.0
    for low, high in itertools.pairwise(edges):
        value += integrate.quad(integrand, low, high, limit=400, epsabs=1e-13, epsrel=1e-11)[0]
    return float(min(max(0.5 + value / np.pi, 0.0), 1.0))


def exact_tail(x: float, weights: Sequence[float], df2: float | None = None) -> float:
    """Return the tail at `x` by a convergent series or numerical inversion, accurate to about 1e-10.

    With a denominator, tails below 1e-8 are beyond the inversion's absolute accuracy: there the saddlepoint
    value, whose *relative* error stays small, is returned.

    Examples
    --------
    >>> round(exact_tail(10.0, [1.0, 1.0, 1.0]), 6)
    0.018566
    """
    lam = np.asarray(weights, dtype=np.float64)
    if df2 is None or not np.isfinite(df2):
        series = _ruben(float(x), lam)
        return saddlepoint_tail(x, weights) if series is None else series
    rough = saddlepoint_tail(x, weights, df2)
    if rough < 1e-8:
        return rough
    both, count, _ = _terms(float(x), weights, df2)
    return _imhof(both / float(np.max(np.abs(both))), count)
