"""Quantiles by twelve rules, with intervals by inverting the distribution function (Woodruff 1952).

Rules ``hf1`` .. ``hf9`` are those of Hyndman and Fan (1996) with cumulated weights in the place of ranks; ``math`` and
``school`` are other names of hf1 and hf2. ``shahvaish`` is what R's survey package computes under that name, which
takes the weights unscaled and so depends on their sum; ``shahvaish_scaled`` is the rule of Shah and Vaish (2006).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from volresearch.errors import VolResearchError
from volresearch.results import Result
from volresearch.survey import checks
from volresearch.survey.estimate import FLAG_POLICY, flags
from volresearch.survey.intervals import proportion_interval, t_quantile
from volresearch.survey.record import Asked, Sample, evidence_of, facts_of, labels_for
from volresearch.survey.totals import Condition, Rows, cells_of, distinct_per_cell
from volresearch.survey.variance import Floats, Ints, entries_of_rows

__all__ = ["QUANTILE_INTERVALS", "QUANTILE_RULES", "inverse", "quantile"]

#: How the bounds of the share below a quantile are found; ``nominal`` centres them on the share asked for
#: (R before survey 4.1), ``score`` keeps the values that a test of the share does not refuse, ``replicates`` takes the
#: spread of the quantile over the replicate weights (valid for BRR and bootstraps, not for the jackknife).
QUANTILE_INTERVALS = ("mean", "beta", "xlogit", "asin", "score", "nominal", "replicates")
_NEAR = 1e-12


def _interpolated(position: Callable[[Floats, Floats], Floats]) -> Callable[[Floats, Floats, Floats], Floats]:
    def rule(x: Floats, w: Floats, p: Floats) -> Floats:
        return np.asarray(np.interp(p, position(np.cumsum(w), w), x))

    return rule


def _lower(x: Floats, w: Floats, p: Floats) -> Floats:
    share = np.cumsum(w) / w.sum()
    return np.asarray(x[np.minimum(np.searchsorted(share, p - _NEAR), len(x) - 1)])


def _at_steps(choose: Callable[[Ints, Floats], Floats]) -> Callable[[Floats, Floats, Floats], Floats]:
    """Rules that differ from the lower one only where the share is reached exactly."""

    def rule(x: Floats, w: Floats, p: Floats) -> Floats:
        values, place = np.unique(x, return_inverse=True)
        share = np.cumsum(np.bincount(place, weights=w)) / w.sum()
        k = np.minimum(np.searchsorted(share, p - _NEAR), len(values) - 1)
        exact = (np.abs(share[k] - p) <= _NEAR) & (k + 1 < len(values))
        return np.where(exact, choose(k, values), values[k])

    return rule


def _middle(k: Ints, x: Floats) -> Floats:
    return (x[k] + x[np.minimum(k + 1, len(x) - 1)]) / 2


def _even(k: Ints, x: Floats) -> Floats:
    return np.where((k + 1) % 2 == 0, x[k], x[np.minimum(k + 1, len(x) - 1)])


def _shah_vaish(x: Floats, w: Floats, p: Floats, own: Floats) -> Floats:
    scaled = w / w.mean()
    share = (np.cumsum(scaled) + 0.5 - own / 2) / (len(x) + 1)
    steps, inverse_ = np.unique(share, return_inverse=True)
    value = np.bincount(inverse_, weights=x) / np.bincount(inverse_)
    k = np.searchsorted(steps, p, side="right") - 1
    return np.asarray(value[np.clip(k, 0, len(steps) - 1)])


#: Rule -> inverse of the distribution function, given sorted values, their weights and shares.
QUANTILE_RULES: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "math": _lower,
    "school": _at_steps(_middle),
    "shahvaish": lambda x, w, p: _shah_vaish(x, w, p, w),
    "shahvaish_scaled": lambda x, w, p: _shah_vaish(x, w, p, w / w.mean()),
    "hf1": _lower,
    "hf2": _at_steps(_middle),
    "hf3": _at_steps(_even),
    "hf4": _interpolated(lambda c, w: c / c[-1]),
    "hf5": _interpolated(lambda c, w: (c - w / 2) / c[-1]),
    "hf6": _interpolated(lambda c, w: c / (c[-1] + w[-1])),
    "hf7": _interpolated(lambda c, w: np.r_[0.0, c[:-1]] / (c[-2] if len(c) > 1 else 1.0)),
    "hf8": _interpolated(lambda c, w: (c - w / 3) / (c[-1] + w[-1] / 3)),
    "hf9": _interpolated(lambda c, w: (c - 3 * w / 8) / (c[-1] + w[-1] / 4)),
}


def inverse(rule: str, x: Floats, w: Floats, p: Floats) -> Floats:
    """Return weighted quantiles of values in any order.

    >>> inverse("school", np.array([3.0, 1, 2, 4]), np.ones(4), np.array([0.5])).tolist()
    [2.5]
    """
    order = np.argsort(x, kind="stable")
    return QUANTILE_RULES[rule](x[order], w[order], np.asarray(p, dtype=np.float64))


@dataclass(frozen=True)
class _Group:
    """The rows of one domain with a value, sorted by it."""

    sample: Sample
    rows: Rows
    x: Floats
    df: float
    n: int
    psu: int

    @property
    def w(self) -> Floats:
        return self.rows.weight

    def shares(self, values: Floats) -> tuple[Floats, Floats]:
        """Return the share at or below each value, and its standard error."""
        below = (self.x[:, None] <= values[None, :]).astype(np.float64)
        total = self.w.sum()
        share = self.w @ below / total
        design: Any = self.sample.design
        if design.replicated:
            many = design.weights_of(self.rows.frame)
            replicates = (many.T @ below) / many.sum(axis=0)[:, None]
            return share, np.sqrt(np.diag(design.covariance_of_replicates(replicates, share)))
        if not design.declaration.infers:
            return share, np.full(len(values), np.nan)
        scores = self.w[:, None] * (below - share) / total
        entries = entries_of_rows(scores, self.rows.stratum, self.rows.psu, self.rows.ssu, self.rows.row)
        return share, np.sqrt(design.variances(entries))


def quantile(
    sample: Sample,
    variables: Sequence[str],
    q: Sequence[float],
    by: tuple[tuple[str, ...], ...],
    where: Condition | None,
    *,
    rule: str = "math",
    interval: str = "mean",
    confidence: float = 0.95,
    df: str = "domain",
) -> Result:
    """Quantiles of variables by domain; see `volresearch.survey.Survey.quantile`."""
    checks.option("rule", rule, QUANTILE_RULES)
    checks.option("interval", interval, QUANTILE_INTERVALS)
    checks.confidence(confidence)
    shares = np.asarray(q, dtype=np.float64).ravel()
    if not ((shares >= 0) & (shares <= 1)).all():
        raise VolResearchError(
            "survey.option", "Quantiles are asked for by shares.", expected="numbers from 0 to 1"
        )
    for name in variables:
        sample.engine.require([name], "variable")
        sample.engine.number(name)
    columns = getattr(sample.design, "columns", ())
    names = dict.fromkeys([*variables, *(name for names in by for name in names), *columns])
    weights = [sample.design.declaration.weights] if sample.design.declaration.weights else []
    rows = sample.rows(list(dict.fromkeys([*names, *weights])), where)
    rows = rows if interval == "beta" else rows.take(rows.weight > 0)
    tables: list[pd.DataFrame] = []
    units: list[Floats] = []
    for group in by:
        for name in variables:
            table, psu = _of_grouping(sample, rows, name, group, shares, rule, interval, confidence, df)
            tables.append(table)
            units.append(psu)
    words = {
        "variable": list(variables),
        "q": shares.tolist(),
        "by": [list(group) for group in by],
        "where": where.text if where else None,
        "rule": rule,
        "interval": interval,
    }
    asked = Asked(
        "quantile", words, confidence, where.text if where else None, rows.unknown, (), "Woodruff intervals"
    )
    return _result(sample, tables, units, by, asked)


def _result(
    sample: Sample,
    tables: list[pd.DataFrame],
    units: list[Floats],
    by: tuple[tuple[str, ...], ...],
    asked: Asked,
) -> Result:
    names = tuple(dict.fromkeys(name for group in by for name in group))
    columns = [*names, *(name for name in tables[0].columns if name not in names)]
    table: pd.DataFrame = pd.concat([one.reindex(columns=columns) for one in tables], ignore_index=True)
    infers = sample.design.declaration.infers
    estimate, se, cell, df = (table[name].to_numpy(np.float64) for name in ("estimate", "se", "n_cell", "df"))
    bounds = (table["ci_low"] + table["ci_high"]).to_numpy(np.float64)
    table["flag"] = flags(estimate, se, cell, df, infers, bounds)
    if not infers:
        table["df"] = np.nan
    psu = np.concatenate(units)
    return Result(
        table,
        names,
        facts_of(sample, asked, FLAG_POLICY),
        labels=labels_for(sample, names),
        titles=sample.titles([*names, *table["variable"].unique()]),
        evidence=lambda: evidence_of(sample, table, psu, None),
    )


def _of_grouping(
    sample: Sample,
    rows: Rows,
    name: str,
    group: tuple[str, ...],
    shares: Floats,
    rule: str,
    interval: str,
    confidence: float,
    df: str,
) -> tuple[pd.DataFrame, Floats]:
    keys, cell = cells_of(rows.frame, group)
    inside = rows.weight > 0
    units = distinct_per_cell(cell, rows.psu, inside & (cell >= 0), len(keys))
    strata = distinct_per_cell(cell, rows.stratum, inside & (cell >= 0), len(keys))
    out, psu = [], []
    for i in range(len(keys)):
        freedom = sample.design.degrees_of_freedom if df == "design" else float(units[i] - strata[i])
        if sample.design.replicated:
            freedom = sample.design.degrees_of_freedom
        picked = _group(sample, rows, cell == i, name, freedom, int(units[i]))
        if picked.n == 0:
            continue
        table = _estimates(picked, shares, rule, interval, confidence)
        for key in group:
            table[key] = [keys[key].iloc[i]] * len(table)
        table["variable"] = name
        out.append(table)
        psu.append(np.full(len(table), float(units[i])))
    if not out:
        raise VolResearchError("survey.domain", f'No row of the domain has a value of "{name}".')
    return pd.concat(out, ignore_index=True), np.concatenate(psu)


def _group(
    sample: Sample, rows: Rows, member: npt.NDArray[np.bool_], name: str, df: float, psu: int
) -> _Group:
    values = rows.frame[name].to_numpy(np.float64, na_value=np.nan)
    keep = np.flatnonzero(member & ~np.isnan(values))
    keep = keep[np.argsort(values[keep], kind="stable")]
    some = rows.take(keep)
    return _Group(sample, some, values[keep], df, int((some.weight > 0).sum()), psu)


def _estimates(group: _Group, shares: Floats, rule: str, interval: str, confidence: float) -> pd.DataFrame:
    invert = QUANTILE_RULES[rule]
    estimate = invert(group.x, group.w, shares)
    t = float(t_quantile(confidence, np.array([group.df]))[0])
    if interval == "score":
        low, high = _score(group, shares, t)
    elif interval == "replicates":
        low, high = _replicated(group, estimate, shares, rule, t)
    else:
        low, high = _woodruff(group, estimate, shares, invert, interval, confidence)
    return pd.DataFrame(
        {
            "statistic": "quantile",
            "term": [f"{share:g}" for share in shares],
            "estimate": estimate,
            "se": (high - low) / (2 * t),
            "ci_low": low,
            "ci_high": high,
            "df": group.df,
            "n": float(group.n),
            "n_cell": float(group.n),
            "n_weighted": group.w.sum(),
        }
    )


def _woodruff(
    group: _Group,
    estimate: Floats,
    shares: Floats,
    invert: Callable[[Floats, Floats, Floats], Floats],
    interval: str,
    confidence: float,
) -> tuple[Floats, Floats]:
    if not group.sample.design.declaration.infers:
        return np.full(len(shares), np.nan), np.full(len(shares), np.nan)
    below, se = group.shares(estimate)
    centre = shares if interval == "nominal" else below
    method = "mean" if interval == "nominal" else interval
    df = np.full(len(shares), group.df)
    low, high = proportion_interval(
        method, centre, se, df, np.full(len(shares), float(len(group.x))), confidence
    )
    return _inverted(group, low, invert), _inverted(group, high, invert)


def _replicated(
    group: _Group, estimate: Floats, shares: Floats, rule: str, t: float
) -> tuple[Floats, Floats]:
    design: Any = group.sample.design
    if not design.replicated:
        raise VolResearchError(
            "survey.replicates",
            "Only a survey with replicate weights has quantiles under each of them.",
            hint='Use interval="mean", or as_replicates(...) first.',
        )
    many = design.weights_of(group.rows.frame)
    values = np.stack([inverse(rule, group.x[w > 0], w[w > 0], shares) for w in many.T])
    half = t * np.sqrt(np.diag(design.covariance_of_replicates(values, estimate)))
    return estimate - half, estimate + half


def _inverted(group: _Group, shares: Floats, invert: Callable[[Floats, Floats, Floats], Floats]) -> Floats:
    """Values at shares; NaN where a bound lies outside 0 .. 1: the data show no such value."""
    inside = (shares >= 0) & (shares <= 1)
    return np.where(inside, invert(group.x, group.w, np.where(inside, shares, 0.5)), np.nan)


def _score(group: _Group, shares: Floats, t: float) -> tuple[Floats, Floats]:
    """Bounds of the values whose share a test does not tell from the one asked for."""
    values = np.unique(group.x)
    low, high = np.full(len(shares), np.nan), np.full(len(shares), np.nan)
    if not group.sample.design.declaration.infers:
        return low, high
    for j, share in enumerate(shares.tolist()):
        low[j] = values[_first(group, values, share, -t)]
        high[j] = values[_first(group, values, share, t)]
    return low, high


def _first(group: _Group, values: Floats, share: float, t: float) -> int:
    """Return the first position from which on the share exceeds the one asked for by t standard errors."""
    below, above = 0, len(values) - 1
    while below < above:
        middle = (below + above) // 2
        found, se = group.shares(values[middle : middle + 1])
        over = found[0] - share - t * se[0]
        if over > 0 or (t < 0 and over == 0):
            above = middle
        else:
            below = middle + 1
    return below
