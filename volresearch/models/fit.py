"""Weighted point fits: what the design needs of a fit are its coefficients, scores and information matrix."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import linalg

from volresearch.errors import VolResearchError, near

__all__ = ["FAMILIES", "Fit", "check_rank", "fit_glm", "fit_ordinal", "link_of", "ordinal_probabilities"]

Floats = npt.NDArray[np.float64]

#: Family -> its default link. The quasi families differ from the plain ones in name only: the covariance
#: comes from the design, so no dispersion enters it.
FAMILIES: dict[str, str] = {
    "gaussian": "identity",
    "binomial": "logit",
    "quasibinomial": "logit",
    "poisson": "log",
    "quasipoisson": "log",
    "gamma": "inverse",
}
_LINKS = {
    "identity": "Identity",
    "logit": "Logit",
    "probit": "Probit",
    "cloglog": "CLogLog",
    "log": "Log",
    "inverse": "InversePower",
    "sqrt": "Sqrt",
}
_MODEL = {"binomial": "Binomial", "poisson": "Poisson", "gamma": "Gamma", "gaussian": "Gaussian"}


@dataclass(frozen=True)
class Fit:
    """A weighted fit.

    Attributes
    ----------
    coefficients : array of shape (p,)
    scores : array of shape (rows, p)
        Weighted score of each row; they sum to zero.
    inverse_information : array of shape (p, p)
    deviance : float
        With weights scaled to mean 1.
    fitted : array of shape (rows,) or (rows, classes)
    family, link : str
    derivative : array of shape (rows,)
        d mean / d linear predictor, for marginal effects (empty for ordinal models).
    dispersion : float
        Weighted variance of the Pearson residuals (generalized linear models).
    """

    coefficients: Floats
    scores: Floats
    inverse_information: Floats
    deviance: float
    fitted: Floats
    family: str
    link: str
    derivative: Floats
    dispersion: float = float("nan")


def check_rank(matrix: Floats, names: list[str]) -> None:
    """Refuse a model matrix whose columns depend on one another, naming the first that does."""
    if matrix.shape[0] < matrix.shape[1]:
        raise VolResearchError(
            "model.fit",
            f"The model has {matrix.shape[1]} coefficients and {matrix.shape[0]} complete rows.",
            hint="Use fewer terms, or join categories.",
        )
    scale = np.sqrt((matrix**2).sum(axis=0))
    scaled = matrix / np.where(scale > 0, scale, 1)
    _, r, pivot = linalg.qr(
        scaled.T @ scaled if matrix.shape[0] > 100_000 else scaled, mode="economic", pivoting=True
    )
    diagonal = np.abs(np.diag(r))
    limit = 1e-14 if matrix.shape[0] > 100_000 else 1e-7
    if (scale == 0).any() or diagonal[-1] < limit * diagonal[0]:
        dropped = [names[i] for i in np.flatnonzero(scale == 0)] or [names[pivot[-1]]]
        raise VolResearchError(
            "model.fit",
            f"The column {', '.join(dropped)} of the model matrix is a combination of others, or empty.",
            hint="Leave out a term, or join a category that has no rows.",
        )


def _family(family: str, link: str | None) -> tuple[Any, str]:
    import statsmodels.genmod.families as sm

    if family not in FAMILIES:
        raise VolResearchError(
            "survey.option", f'There is no family "{family}".', hint=near(family, FAMILIES)
        )
    link = link or FAMILIES[family]
    if link not in _LINKS:
        raise VolResearchError("survey.option", f'There is no link "{link}".', hint=near(link, _LINKS))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels warns of uncommon links; the choice is the user's
        made = getattr(sm, _MODEL[family.removeprefix("quasi")])(getattr(sm.links, _LINKS[link])())
    return made, link


def link_of(family: str, link: str) -> Any:
    """Return the link function (with ``inverse`` and ``deriv``) of a fitted model."""
    return _family(family, link)[0].link


def fit_glm(
    y: Floats,
    x: Floats,
    weights: Floats,
    family: str = "gaussian",
    link: str | None = None,
    offset: Floats | None = None,
    start: Floats | None = None,
) -> Fit:
    """Fit a weighted generalized linear model to full convergence.

    Parameters
    ----------
    y : array of shape (rows,)
    x : array of shape (rows, p)
    weights : array of shape (rows,)
        Sampling weights; their scale does not matter.
    family, link : str
        A key of `FAMILIES`, and identity, logit, probit, cloglog, log, inverse or sqrt.
    offset, start : arrays, optional

    Returns
    -------
    Fit

    Examples
    --------
    >>> x = np.column_stack([np.ones(4), [0.0, 1, 2, 3]])
    >>> fit_glm(np.array([1.0, 3, 5, 7]), x, np.ones(4)).coefficients.round(6).tolist()
    [1.0, 2.0]
    """
    _check_outcome(y, family)
    model, link = _family(family, link)
    scaled = weights / weights.mean()
    if family == "gaussian" and link == "identity":
        target = y if offset is None else y - offset
        root = np.sqrt(scaled)
        params = linalg.lstsq(x * root[:, None], target * root, lapack_driver="gelsy")[0]
    else:
        params = _iterated(y, x, scaled, model, offset, start)
    return _finished(y, x, scaled, model, offset, np.asarray(params, dtype=np.float64), family, link)


def _iterated(
    y: Floats, x: Floats, w: Floats, model: Any, offset: Floats | None, start: Floats | None
) -> Floats:
    import statsmodels.genmod.generalized_linear_model as glm

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # separation and non-convergence are judged below, not by warnings
        try:
            made = glm.GLM(y, x, family=model, var_weights=w, offset=offset)
            fitted = made.fit(maxiter=200, tol=1e-6, start_params=start, attach_wls=False)
        except (np.linalg.LinAlgError, ValueError, FloatingPointError) as problem:
            raise VolResearchError("model.fit", f"The fit broke off: {problem}.", hint=_ADVICE) from None
    if not np.isfinite(fitted.params).all() or not fitted.converged:
        raise VolResearchError("model.fit", "The fit does not settle.", hint=_ADVICE)
    return _polished(y, x, w, model, offset, np.asarray(fitted.params, dtype=np.float64))


def _polished(y: Floats, x: Floats, w: Floats, model: Any, offset: Floats | None, params: Floats) -> Floats:
    """Take scoring steps to full convergence: they are cheap beside the iterations of the fit."""
    for _ in range(100):
        with np.errstate(over="ignore"):  # a separated outcome runs away; it is refused below
            mean, slope, working = _working(y, x, w, model, offset, params)
        try:
            step = np.linalg.solve(x.T @ (x * (working * slope)[:, None]), x.T @ (working * (y - mean)))
        except np.linalg.LinAlgError:
            raise VolResearchError("model.fit", "The information matrix is singular.", hint=_ADVICE) from None
        params = params + step
        size = float(np.max(np.abs(step) / np.maximum(np.abs(params), 1.0)))
        if not np.isfinite(size):
            break
        if size < 1e-11:
            return params
    raise VolResearchError("model.fit", "The fit does not settle.", hint=_ADVICE)


def _working(
    y: Floats, x: Floats, w: Floats, model: Any, offset: Floats | None, params: Floats
) -> tuple[Floats, Floats, Floats]:
    """Mean, its slope by the linear predictor, and the working weight over the slope."""
    mean = model.link.inverse(x @ params + (0.0 if offset is None else offset))
    slope = 1 / model.link.deriv(mean)
    return mean, slope, w * slope / model.variance(mean)


_ADVICE = (
    "Look for a category in which the outcome is always the same (perfect separation), and join or drop it."
)


def _check_outcome(y: Floats, family: str) -> None:
    kind = family.removeprefix("quasi")
    if kind == "binomial" and (y.min() < 0 or y.max() > 1):
        raise VolResearchError(
            "model.fit",
            "A binomial outcome must lie between 0 and 1.",
            got=f"values from {y.min():g} to {y.max():g}",
        )
    if kind == "poisson" and y.min() < 0:
        raise VolResearchError("model.fit", "A Poisson outcome must not be negative.", got=f"{y.min():g}")
    if kind == "gamma" and y.min() <= 0:
        raise VolResearchError("model.fit", "A gamma outcome must be positive.", got=f"{y.min():g}")


def _finished(
    y: Floats, x: Floats, w: Floats, model: Any, offset: Floats | None, params: Floats, family: str, link: str
) -> Fit:
    mean, slope, working = _working(y, x, w, model, offset, params)
    if family.removeprefix("quasi") == "binomial":
        _refuse_separation(mean, y, params)
    information = x.T @ (x * (working * slope)[:, None])
    try:
        inverse = np.asarray(np.linalg.inv(information), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise VolResearchError("model.fit", "The information matrix is singular.", hint=_ADVICE) from None
    pearson = (y - mean) / np.sqrt(model.variance(mean))
    centre = np.average(pearson, weights=w)
    rows = len(y)
    dispersion = float(np.average((pearson - centre) ** 2, weights=w)) * rows / max(rows - 1, 1)
    return Fit(
        params,
        x * (working * (y - mean))[:, None],
        inverse,
        float(model.deviance(y, mean, var_weights=w)),
        mean,
        family,
        link,
        slope,
        dispersion,
    )


def _refuse_separation(mean: Floats, y: Floats, params: Floats) -> None:
    extreme = (mean < 1e-8) | (mean > 1 - 1e-8)
    if extreme.any() and np.abs(params).max() > 12 and np.abs(mean - y)[extreme].max() < 1e-7:
        raise VolResearchError(
            "model.fit",
            f"The outcome is predicted perfectly for {int(extreme.sum())} rows; a coefficient grows without bound.",
            hint=_ADVICE,
        )


def fit_ordinal(y: npt.NDArray[np.int64], x: Floats, weights: Floats, link: str = "logit") -> Fit:
    """Fit a weighted cumulative link model: P(Y <= k) = F(threshold_k - x beta) (McCullagh 1980).

    Parameters
    ----------
    y : int array of shape (rows,)
        Category 0 .. K-1.
    x : array of shape (rows, p)
        Without intercept: the thresholds take its place.
    weights : array of shape (rows,)
    link : str
        ``logit`` (proportional odds) or ``probit``.

    Returns
    -------
    Fit
        Coefficients first, then the K-1 thresholds; ``fitted`` holds the K probabilities of each row.
    """
    density = _ordinal_link(link)
    classes = int(y.max()) + 1
    if classes < 2 or len(np.unique(y)) < classes:
        raise VolResearchError(
            "model.fit", "An ordinal outcome needs at least two categories, all with rows."
        )
    w = weights / weights.mean()
    share = np.cumsum(np.bincount(y, w, minlength=classes))[:-1] / w.sum()
    theta = np.concatenate([np.zeros(x.shape[1]), density.quantile(share)])
    likelihood = -np.inf
    for _ in range(200):
        probability, score, hessian = _ordinal_parts(theta, y, x, w, density)
        step = np.linalg.solve(-hessian, (w[:, None] * score).sum(axis=0))
        theta, likelihood = _line_search(theta, step, y, x, w, density, likelihood)
        if np.max(np.abs(step)) < 1e-11 * max(1.0, float(np.max(np.abs(theta)))):
            break
    else:
        raise VolResearchError("model.fit", "The fit does not settle.", hint=_ADVICE)
    probability, score, hessian = _ordinal_parts(theta, y, x, w, density)
    deviance = -2 * float(np.sum(w * np.log(probability)))
    fitted = ordinal_probabilities(theta, x, classes, link)
    return Fit(
        theta,
        w[:, None] * score,
        np.asarray(np.linalg.inv(-hessian), dtype=np.float64),
        deviance,
        fitted,
        "ordinal",
        link,
        np.zeros(0),
    )


@dataclass(frozen=True)
class _Density:
    cdf: Any
    pdf: Any
    slope: Any
    quantile: Any


def _ordinal_link(link: str) -> _Density:
    from scipy import stats

    if link == "logit":
        pdf = stats.logistic.pdf
        return _Density(
            stats.logistic.cdf, pdf, lambda v: pdf(v) * (1 - 2 * stats.logistic.cdf(v)), stats.logistic.ppf
        )
    if link == "probit":
        return _Density(stats.norm.cdf, stats.norm.pdf, lambda v: -v * stats.norm.pdf(v), stats.norm.ppf)
    raise VolResearchError(
        "survey.option", f'There is no link "{link}" for ordinal models.', expected="logit or probit"
    )


def _bounds(theta: Floats, y: npt.NDArray[np.int64], x: Floats) -> tuple[Floats, Floats]:
    p = x.shape[1]
    cut = np.concatenate([[-np.inf], theta[p:], [np.inf]])
    eta = x @ theta[:p]
    return cut[y + 1] - eta, cut[y] - eta


def _ordinal_parts(
    theta: Floats, y: npt.NDArray[np.int64], x: Floats, w: Floats, density: _Density
) -> tuple[Floats, Floats, Floats]:
    """Probability of the observed category, score per row (unweighted), weighted Hessian."""
    upper, lower = _bounds(theta, y, x)
    k = len(theta) - x.shape[1]
    at_upper, at_lower = np.isfinite(upper), np.isfinite(lower)
    probability = density.cdf(upper) - density.cdf(lower)
    probability = np.maximum(probability, 1e-300)
    pdf_u, pdf_l = np.where(at_upper, density.pdf(upper), 0), np.where(at_lower, density.pdf(lower), 0)
    with np.errstate(invalid="ignore"):
        slope_u = np.where(at_upper, density.slope(np.where(at_upper, upper, 0)), 0)
        slope_l = np.where(at_lower, density.slope(np.where(at_lower, lower, 0)), 0)
    grid = np.arange(k)
    towards_u = np.concatenate([-x, (y[:, None] == grid).astype(np.float64)], axis=1)
    towards_l = np.concatenate([-x, (y[:, None] == grid + 1).astype(np.float64)], axis=1)
    score = (pdf_u[:, None] * towards_u - pdf_l[:, None] * towards_l) / probability[:, None]
    hessian = (
        (towards_u * (w * slope_u / probability)[:, None]).T @ towards_u
        - (towards_l * (w * slope_l / probability)[:, None]).T @ towards_l
        - (score * w[:, None]).T @ score
    )
    return probability, score, hessian


def _line_search(
    theta: Floats, step: Floats, y: Any, x: Floats, w: Floats, density: _Density, before: float
) -> tuple[Floats, float]:
    for halving in range(30):
        tried = theta + step / 2**halving
        if (np.diff(tried[x.shape[1] :]) > 0).all():
            upper, lower = _bounds(tried, y, x)
            after = float(np.sum(w * np.log(np.maximum(density.cdf(upper) - density.cdf(lower), 1e-300))))
            if after >= before - 1e-9 * (1 + abs(before)):
                return tried, after
    raise VolResearchError("model.fit", "The fit does not settle.", hint=_ADVICE)


def ordinal_probabilities(theta: Floats, x: Floats, classes: int, link: str) -> Floats:
    """Return the probability of each category for each row, shape (rows, classes)."""
    p = x.shape[1]
    cumulative = _ordinal_link(link).cdf(theta[p:][None, :] - (x @ theta[:p])[:, None])
    edges = np.concatenate([np.zeros((len(x), 1)), cumulative, np.ones((len(x), 1))], axis=1)
    return np.asarray(np.diff(edges, axis=1)[:, :classes])
