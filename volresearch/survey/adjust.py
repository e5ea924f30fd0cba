"""Adjusted weights: post-stratification, raking, calibration, trimming. Arithmetic on rows, no frames.

Every function returns the new weights; `volresearch.survey.calibration` puts them into a design that remembers them.
(Deville and Särndal 1992; Deville, Särndal and Sautory 1993; Potter 1990 for trimming.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from volresearch.errors import VolResearchError, near

__all__ = ["DISTANCES", "calibrated", "raked", "trimmed"]

Floats = npt.NDArray[np.float64]

_RELATIVE = 1e-11


@dataclass(frozen=True)
class Distance:
    """The adjustment factor as a function of the linear predictor, with its derivative."""

    factor: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


def _linear(low: float, high: float) -> Distance:
    return Distance(
        lambda u: np.clip(1 + u, low, high), lambda u: np.where((1 + u >= low) & (1 + u <= high), 1.0, 0.0)
    )


def _raking(low: float, high: float) -> Distance:
    def factor(u: Floats) -> Floats:
        return np.asarray(np.clip(np.exp(np.minimum(u, 700)), low, high))

    return Distance(factor, lambda u: np.where((np.exp(u) >= low) & (np.exp(u) <= high), np.exp(u), 0.0))


def _logit(low: float, high: float) -> Distance:
    if not (np.isfinite(low) and np.isfinite(high)):
        raise VolResearchError(
            "survey.calibration", "The logit method needs both bounds.", expected="bounds=(0.5, 2)"
        )
    rate = (high - low) / ((1 - low) * (high - 1))

    def factor(u: Floats) -> Floats:
        e = np.exp(np.clip(rate * u, -700, 700))
        return np.asarray((low * (high - 1) + high * (1 - low) * e) / (high - 1 + (1 - low) * e))

    def slope(u: Floats) -> Floats:
        e = np.exp(np.clip(rate * u, -350, 350))
        below = high - 1 + (1 - low) * e
        return np.asarray((1 - low) * (high - 1) * (high - low) * rate * e / below**2)

    return Distance(factor, slope)


#: Method -> its distance, given the bounds of the factor.
DISTANCES: dict[str, Callable[[float, float], Distance]] = {
    "linear": _linear,
    "raking": _raking,
    "logit": _logit,
}


def _bounds(bounds: tuple[float, float] | None) -> tuple[float, float]:
    low, high = bounds or (-np.inf, np.inf)
    if not low < 1 < high:
        raise VolResearchError(
            "survey.calibration",
            "The bounds of the adjustment factor must enclose 1.",
            got=f"({low:g}, {high:g})",
        )
    return low, high


def calibrated(
    weights: Floats,
    x: Floats,
    targets: Floats,
    method: str = "linear",
    bounds: tuple[float, float] | None = None,
    names: Sequence[str] = (),
) -> Floats:
    """Calibrate weights so that the weighted totals of `x` hit the targets.

    Parameters
    ----------
    weights : array of shape (rows,)
    x : array of shape (rows, p)
        Auxiliary variables, with a column of ones where the population size is a target.
    targets : array of shape (p,)
        Population totals.
    method : str
        ``linear`` (generalized regression), ``raking`` (exponential) or ``logit`` (bounded).
    bounds : pair of float, optional
        Least and largest factor.

    Returns
    -------
    array of shape (rows,)

    Raises
    ------
    VolResearchError
        ``survey.calibration`` where the targets cannot be reached, naming the worst.

    Examples
    --------
    >>> calibrated(np.ones(4), np.array([[1.0, 0], [1, 0], [1, 1], [1, 1]]), np.array([10.0, 6.0])).round(6).tolist()
    [2.0, 2.0, 3.0, 3.0]
    """
    if method not in DISTANCES:
        raise VolResearchError(
            "survey.option", f'There is no method "{method}".', hint=near(method, DISTANCES)
        )
    distance = DISTANCES[method](*_bounds(bounds))
    solution = np.zeros(x.shape[1])
    scale = np.maximum(np.abs(targets), 1e-8 * np.abs(targets).max(initial=1.0))
    gap = targets - x.T @ (weights * distance.factor(x @ solution))
    for _ in range(200):
        worst = float(np.max(np.abs(gap) / scale))
        if worst < _RELATIVE:
            break
        jacobian = x.T @ (x * (weights * distance.slope(x @ solution))[:, None])
        step = np.asarray(np.linalg.lstsq(jacobian, gap, rcond=1e-13)[0], dtype=np.float64)
        moved = _damped(weights, x, targets, scale, distance, solution, step, worst)
        if moved is None:
            break
        solution, gap = moved
    worst = float(np.max(np.abs(gap) / scale))
    if worst > 1e-7:
        at = int(np.argmax(np.abs(gap) / scale))
        name = names[at] if at < len(names) else f"column {at + 1}"
        raise VolResearchError(
            "survey.calibration",
            f'The population total of "{name}" cannot be reached within the bounds.'
            if bounds
            else f'The population total of "{name}" cannot be reached.',
            expected=f"{targets[at]:g}",
            got=f"{targets[at] - gap[at]:g}",
            hint="Widen the bounds, use another method, or look for targets that contradict one another.",
        )
    return np.asarray(weights * distance.factor(x @ solution))


def _damped(
    weights: Floats,
    x: Floats,
    targets: Floats,
    scale: Floats,
    distance: Distance,
    solution: Floats,
    step: Floats,
    worst: float,
) -> tuple[Floats, Floats] | None:
    """Take the Newton step, halved until it improves; None where it cannot."""
    for halving in range(40):
        tried = solution + step / 2**halving
        gap = targets - x.T @ (weights * distance.factor(x @ tried))
        if np.isfinite(gap).all() and float(np.max(np.abs(gap) / scale)) < worst:
            return tried, gap
    return None


def raked(
    weights: Floats,
    cells: Sequence[npt.NDArray[np.int64]],
    targets: Sequence[Floats],
    names: Sequence[str] = (),
    iterations: int = 1000,
) -> Floats:
    """Rake weights to several margins by iterative proportional fitting (Deming and Stephan 1940).

    Parameters
    ----------
    weights : array of shape (rows,)
    cells : sequence of int arrays of shape (rows,)
        Category of each row on each margin.
    targets : sequence of arrays
        Population counts by category.

    Examples
    --------
    >>> raked(np.ones(4), [np.array([0, 0, 1, 1])], [np.array([6.0, 10.0])]).tolist()
    [3.0, 3.0, 5.0, 5.0]
    """
    out = weights.astype(np.float64)
    for _ in range(iterations):
        for cell, target in zip(cells, targets, strict=True):
            now = np.bincount(cell, weights=out, minlength=len(target))
            with np.errstate(divide="ignore", invalid="ignore"):
                out = out * np.where(now > 0, target / now, 0.0)[cell]
        gaps = [
            float(
                np.max(
                    np.abs(np.bincount(c, weights=out, minlength=len(t)) - t) / np.maximum(t, 1e-8 * t.sum())
                )
            )
            for c, t in zip(cells, targets, strict=True)
        ]
        if max(gaps) < _RELATIVE:
            return out
    if max(gaps) < 1e-7:
        return out
    at = int(np.argmax(gaps))
    raise VolResearchError(
        "survey.calibration",
        f"Raking did not settle in {iterations} rounds.",
        got=f'margin "{names[at] if at < len(names) else at + 1}" is off by a share of {max(gaps):.2g}',
        hint="Look for margins with different totals, or for empty cells in the sample.",
    )


def trimmed(
    weights: Floats, lower: float | None = None, upper: float | None = None, *, strict: bool = True
) -> Floats:
    """Trim weights to a range and hand what was cut to the weights within, in equal parts.

    With `strict`, it is repeated until no weight lies outside (R: ``trimWeights``).

    >>> trimmed(np.array([1.0, 2, 9]), upper=6).tolist()
    [2.5, 3.5, 6.0]
    """
    low, high = (-np.inf if lower is None else lower), (np.inf if upper is None else upper)
    if not low < high:
        raise VolResearchError("survey.calibration", "The lower bound of weights must be below the upper.")
    out = weights.astype(np.float64)
    used = weights > 0
    total = out.sum()
    for _ in range(10_000 if strict else 1):
        outside = used & ((out < low) | (out > high))
        if not outside.any():
            return out
        cut = np.where(outside, np.clip(out, low, high), out)
        within = used & ~outside & (cut < high) & (cut > low)
        if not within.any():
            break
        out = cut + np.where(within, (total - cut.sum()) / within.sum(), 0.0)
    if strict and (used & ((out < low - 1e-9) | (out > high + 1e-9))).any():
        raise VolResearchError(
            "survey.calibration",
            "The weights cannot be trimmed to this range without changing their sum.",
            got=f"mean weight {total / used.sum():g}, range {low:g} to {high:g}",
        )
    return out
