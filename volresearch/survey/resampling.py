"""Replicate factors of sampling units: jackknife, balanced repeated replication, bootstrap, successive differences.

A replicate weight is the sampling weight times the factor of the row's first-stage unit. Every method returns the
factors together with the scale that its variance formula needs, so that the two cannot part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from volresearch.errors import VolResearchError, near

__all__ = ["METHODS", "Factors", "hadamard", "replicate_factors"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Factors:
    """Factors of the first-stage units and their scale.

    The variance of an estimate is ``scale * sum_r rscales[r] * (estimate_r - centre) ** 2``; the centre is the
    full-sample estimate where `mse` is true, else the mean of the replicate estimates.

    Attributes
    ----------
    values : array of shape (units, replicates)
    scale : float
    rscales : array of shape (replicates,)
    mse : bool
    method : str
    """

    values: Floats
    scale: float
    rscales: Floats
    mse: bool
    method: str


def hadamard(order: int) -> Floats:
    """Return a Hadamard matrix whose order is the smallest this module can build that is at least `order`.

    Sylvester's doubling and Paley's first construction (prime q = 3 modulo 4) give orders 1, 2, 4, 8, 12, 16, 20,
    24, 32, ... (Hedayat and Wallis 1978). The first column is all ones, so the others sum to zero.

    >>> matrix = hadamard(10)
    >>> matrix.shape, bool((matrix @ matrix.T == 12 * np.eye(12)).all())
    ((12, 12), True)
    """
    best: tuple[int, int, int] | None = None
    for base in (1, *(q + 1 for q in range(3, 2 * order + 8, 4) if _prime(q))):
        doublings = 0
        while base * 2**doublings < order:
            doublings += 1
        size = base * 2**doublings
        if best is None or size < best[0]:
            best = (size, base, doublings)
    assert best is not None
    _, base, doublings = best
    matrix = np.ones((1, 1)) if base == 1 else _paley(base - 1)
    for _ in range(doublings):
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix * matrix[:, :1]


def _prime(q: int) -> bool:
    return q > 1 and all(q % d for d in range(2, int(q**0.5) + 1))


def _paley(q: int) -> Floats:
    squares = {(i * i) % q for i in range(1, q)}
    character = np.array([0, *(1 if i in squares else -1 for i in range(1, q))], dtype=np.float64)
    jacobsthal = character[(np.arange(q)[:, None] - np.arange(q)[None, :]) % q]
    top = np.ones((1, q))
    skew = np.block([[np.zeros((1, 1)), top], [-top.T, jacobsthal]])
    return np.asarray(skew + np.eye(q + 1))


def _jk1(stratum: Ints, fraction: Floats, rng: np.random.Generator, replicates: int, rho: float) -> Factors:
    if len(np.unique(stratum)) > 1:
        raise VolResearchError(
            "survey.replicates",
            "JK1 is for samples without strata.",
            hint='Use "JKn" for a stratified sample.',
        )
    n = len(stratum)
    values = np.full((n, n), n / (n - 1))
    np.fill_diagonal(values, 0.0)
    return Factors(values, (n - 1) / n * (1 - float(fraction[0])), np.ones(n), False, "JK1")


def _jkn(stratum: Ints, fraction: Floats, rng: np.random.Generator, replicates: int, rho: float) -> Factors:
    n = len(stratum)
    units = np.bincount(stratum)[stratum].astype(np.float64)
    same = stratum[:, None] == stratum[None, :]
    values = np.where(same, (units / np.maximum(units - 1, 1))[None, :], 1.0)
    np.fill_diagonal(values, 0.0)
    rscales = (units - 1) / units * (1 - fraction[stratum])
    return Factors(values[:, :n], 1.0, rscales, False, "JKn")


def _two_per_stratum(stratum: Ints, name: str) -> tuple[Ints, Floats]:
    units = np.bincount(stratum)
    if not (units == 2).all():
        wrong = int((units != 2).sum())
        raise VolResearchError(
            "survey.replicates",
            f"{name} needs two sampling units in every stratum; {wrong} strata have another number.",
            hint='Use "JKn" or "bootstrap", or join strata.',
        )
    order = np.argsort(stratum, kind="stable")
    second = np.zeros(len(stratum))
    second[order[1::2]] = 1.0
    return stratum, second


def _balanced(stratum: Ints, rho: float, name: str) -> Factors:
    stratum, second = _two_per_stratum(stratum, name)
    matrix = hadamard(int(stratum.max()) + 2)
    sign = matrix[:, 1 : int(stratum.max()) + 2].T[stratum]
    chosen = np.where(second[:, None] == 1, -sign, sign) > 0
    values = np.where(chosen, 2 - rho, rho)
    count = values.shape[1]
    return Factors(values, 1 / (count * (1 - rho) ** 2), np.ones(count), False, name)


def _brr(stratum: Ints, fraction: Floats, rng: np.random.Generator, replicates: int, rho: float) -> Factors:
    return _balanced(stratum, 0.0, "BRR")


def _fay(stratum: Ints, fraction: Floats, rng: np.random.Generator, replicates: int, rho: float) -> Factors:
    if not 0 < rho < 1:
        raise VolResearchError("survey.replicates", "Fay's rho lies between 0 and 1.", got=f"{rho:g}")
    return _balanced(stratum, rho, "Fay")


def _resampled(stratum: Ints, rng: np.random.Generator, replicates: int, less: int) -> Floats:
    """Times each unit is drawn when n_h - less units are drawn with replacement in each stratum."""
    counts = np.zeros((len(stratum), replicates))
    for h in np.unique(stratum):
        members = np.flatnonzero(stratum == h)
        size = len(members) - less
        counts[members] = rng.multinomial(size, np.full(len(members), 1 / len(members)), size=replicates).T
    return counts


def _bootstrap(
    stratum: Ints, fraction: Floats, rng: np.random.Generator, replicates: int, rho: float
) -> Factors:
    """Draw n_h of n_h units; the factor n_h / (n_h - 1) of the variance goes into the factors (Canty and Davison 1999)."""
    units = np.bincount(stratum)[stratum].astype(np.float64)
    counts = _resampled(stratum, rng, replicates, 0)
    stretch = np.sqrt(units / np.maximum(units - 1, 1) * (1 - fraction[stratum]))[:, None]
    return Factors(1 + stretch * (counts - 1), 1 / (replicates - 1), np.ones(replicates), False, "bootstrap")


def _subbootstrap(
    stratum: Ints, fraction: Floats, rng: np.random.Generator, replicates: int, rho: float
) -> Factors:
    """Draw n_h - 1 of n_h units and rescale (Rao and Wu 1988)."""
    units = np.bincount(stratum)[stratum].astype(np.float64)
    counts = _resampled(stratum, rng, replicates, 1)
    full = counts * (units / np.maximum(units - 1, 1))[:, None]
    stretch = np.sqrt(1 - fraction[stratum])[:, None]
    return Factors(1 + stretch * (full - 1), 1 / (replicates - 1), np.ones(replicates), False, "subbootstrap")


def _sdr(stratum: Ints, fraction: Floats, rng: np.random.Generator, replicates: int, rho: float) -> Factors:
    """Successive differences in the order of the units (Fay and Train 1995)."""
    matrix = hadamard(len(stratum) + 1)
    n = len(stratum)
    ahead = np.arange(1, n + 1)
    ahead[-1] = 0
    values = 1 + 2**-1.5 * (matrix[:n] - matrix[ahead])
    return Factors(values, 4 / matrix.shape[1], np.ones(matrix.shape[1]), True, "SDR")


#: Method -> how it makes its factors.
METHODS: dict[str, Callable[[Ints, Floats, np.random.Generator, int, float], Factors]] = {
    "JK1": _jk1,
    "JKn": _jkn,
    "BRR": _brr,
    "Fay": _fay,
    "bootstrap": _bootstrap,
    "subbootstrap": _subbootstrap,
    "SDR": _sdr,
}


def replicate_factors(
    method: str,
    stratum: Ints,
    fraction: Floats,
    *,
    replicates: int = 500,
    rho: float = 0.3,
    seed: int | None = None,
) -> Factors:
    """Make replicate factors for the first-stage units of a design.

    Parameters
    ----------
    method : str
        A key of `METHODS`. The bootstraps are of Canty-Davison (``bootstrap``) and Rao-Wu (``subbootstrap``).
    stratum : int array of shape (units,)
        Stratum of each unit, 0 ..; for ``SDR`` the order of the units is the order of the sample.
    fraction : array of shape (strata,)
        Sampling fractions; zero without finite population correction. BRR, Fay and SDR take none.
    replicates, seed : int
        Number of bootstrap replicates and their seed (required for the bootstraps, so that a result can be repeated).
    rho : float
        Fay's factor.

    Returns
    -------
    Factors

    Examples
    --------
    >>> made = replicate_factors("JKn", np.array([0, 0, 1, 1, 1]), np.zeros(2))
    >>> made.values[:, 0].tolist(), made.rscales.round(3).tolist()
    ([0.0, 2.0, 1.0, 1.0, 1.0], [0.5, 0.5, 0.667, 0.667, 0.667])
    """
    if method not in METHODS:
        raise VolResearchError(
            "survey.replicates", f'There is no method "{method}".', hint=near(method, METHODS)
        )
    if method in {"bootstrap", "subbootstrap"}:
        if seed is None:
            raise VolResearchError(
                "survey.replicates", "A bootstrap needs a seed, so that it can be repeated."
            )
        if replicates < 2:
            raise VolResearchError("survey.replicates", "A bootstrap needs at least two replicates.")
    lone = int((np.bincount(stratum) == 1).sum())
    if lone and method not in {"SDR"}:
        raise VolResearchError(
            "survey.replicates",
            f"{lone} strata have one sampling unit only; replicates cannot be made for them.",
            hint="Join these strata with their neighbours first.",
        )
    return METHODS[method](stratum, fraction, np.random.default_rng(seed), replicates, rho)
