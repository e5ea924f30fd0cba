"""Measures: totals, ratios and differences of ratios over derived columns, estimated by the design.

Every measure is a smooth function of totals over the whole domain, so that the variance of a ratio within a group
counts that the size of the group is estimated too (Taylor linearization, or the replicate weights of the design).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from volresearch.results import Result
from volresearch.survey.estimate import Part, assemble, flags, part_of
from volresearch.survey.intervals import proportion_interval, t_quantile
from volresearch.survey.largest import largest_shares
from volresearch.survey.record import Asked, Sample
from volresearch.survey.statistics import Ratios, Statistic, Totals
from volresearch.survey.totals import CellTotals, Condition, Moment, Request
from volresearch.survey.variance import Floats

__all__ = ["Gap", "Measure", "estimate", "gap", "ratio", "total"]

BySets = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Gap:
    """One ratio of totals less another (or over another): columns above, below, above, below."""

    columns: tuple[int, int, int, int]
    relative: bool = False

    @property
    def width(self) -> int:
        """How many numbers it gives."""
        return 1

    def point(self, totals: Floats) -> Floats:
        """Return the difference or the quotient."""
        first, second = self._rates(totals)
        with np.errstate(divide="ignore", invalid="ignore"):
            made = np.asarray((first / second if self.relative else first - second)[..., None])
        return np.where(np.isfinite(made), made, np.nan)

    def derivative(self, totals: Floats) -> Floats:
        """Return the derivatives by the four totals."""
        out = np.zeros((len(totals), 1, totals.shape[1]))
        a, b, c, d = self.columns
        first, second = self._rates(totals)
        with np.errstate(divide="ignore", invalid="ignore"):
            outer = (
                (1 / second, -first / second**2)
                if self.relative
                else (np.ones_like(first), -np.ones_like(first))
            )
            for slope, rate, above, below in ((outer[0], first, a, b), (outer[1], second, c, d)):
                out[:, 0, above] += slope / totals[:, below]
                out[:, 0, below] -= slope * rate / totals[:, below]
        return np.where(np.isfinite(out), out, np.nan)

    def _rates(self, totals: Floats) -> tuple[Floats, Floats]:
        a, b, c, d = self.columns
        with np.errstate(divide="ignore", invalid="ignore"):
            return totals[..., a] / totals[..., b], totals[..., c] / totals[..., d]


@dataclass(frozen=True)
class Measure:
    """One number for each group.

    Attributes
    ----------
    statistic : str
        Its name in the result: ``rate``, ``mean``, ``total``, ``difference``, ``ratio``.
    columns : tuple of str
        Derived columns whose totals it is a function of; rows lacking one of them are left out.
    make : callable
        Makes the statistic of the positions of these totals.
    base, cells : str, tuple of str
        Columns whose presence counts the rows asked and the rows behind the number (the least of several).
    weight : str
        The column whose weighted total is `n_weighted`; empty: the sum of weights.
    interval : str
        ``logit`` for shares, ``log`` for quotients, ``t``.
    factor : float
        What the estimate is multiplied with.
    """

    statistic: str
    columns: tuple[str, ...]
    make: Callable[[tuple[int, ...]], Statistic]
    base: str
    cells: tuple[str, ...]
    unit: str
    weight: str = ""
    interval: str = "t"
    factor: float = 1.0
    term: str = ""
    level: str = ""
    sums: str = ""  # the column whose largest single values disclosure rules look at


def total(column: str, cell: str, unit: str, **more: Any) -> Measure:
    """Return the measure of a total."""
    return Measure("total", (column,), lambda at: Totals(at), column, (cell,), unit, sums=column, **more)


def ratio(statistic: str, above: str, below: str, base: str, cell: str, unit: str, **more: Any) -> Measure:
    """Return the measure of one total over another."""
    return Measure(
        statistic,
        (above, below),
        lambda at: Ratios((at[0],), (at[1],)),
        base,
        (cell,),
        unit,
        weight=below,
        **more,
    )


def gap(columns: tuple[str, str, str, str], base: str, cells: tuple[str, ...], unit: str, *, relative: bool, **more: Any) -> Measure:  # fmt: skip
    """Return the measure of one ratio less (or over) another."""
    name = "ratio" if relative else "difference"
    return Measure(
        name,
        columns,
        lambda at: Gap((at[0], at[1], at[2], at[3]), relative),
        base,
        cells,
        unit,
        term=name,
        **more,
    )


def _moments(measure: Measure) -> list[Moment]:
    needs = measure.columns
    sums = [Moment((name,), needs) for name in needs]
    return [
        *sums,
        Moment((), needs),
        *(Moment((), (*needs, mark)) for mark in (measure.base, *measure.cells)),
    ]


def _part(sample: Sample, totals: CellTotals, measure: Measure, variable: str) -> Part:
    needs = measure.columns
    places = tuple(totals.at((name,), needs) for name in needs)
    weight = totals.totals[:, totals.at((measure.weight,) if measure.weight else (), needs)]
    behind = [totals.n_at(*needs, mark) for mark in measure.cells]
    part = part_of(
        sample,
        totals,
        measure.make(places),
        variable=variable,
        name=measure.statistic,
        needs=needs,
        weight=weight,
        n_cell=np.min(behind, axis=0),
    )
    from dataclasses import replace

    rows = len(part)
    extra = {"unit": measure.unit}
    return replace(
        part,
        n=totals.n_at(*needs, measure.base),
        term=[measure.term] * rows,
        level=[measure.level] * rows,
        extra=extra,
    )


def estimate(
    sample: Sample,
    measures: Sequence[Measure],
    by: BySets,
    where: Condition | None,
    *,
    variable: str,
    asked: Callable[[int, tuple[tuple[str, int], ...]], Asked],
    confidence: float,
    df: str = "domain",
) -> Result:
    """Estimate measures in one pass, by domain; the covariance of all rows comes with the result.

    Parameters
    ----------
    sample : Sample
        With the derived columns in its frame.
    measures : sequence of Measure
    by, where, confidence, df
        As the verbs of `Survey` take them.
    variable : str
        What stands in the column of that name.
    asked : callable
        Makes the question of the numbers of rows outside the domain and outside every group.
    """
    moments = tuple(dict.fromkeys(moment for measure in measures for moment in _moments(measure)))
    passes = sample.totals(Request(moments, by, None, where))
    parts = [_part(sample, totals, measure, variable) for totals in passes for measure in measures]
    kept = [measure for _ in passes for measure in measures]
    unplaced = tuple((", ".join(one.by), one.unplaced) for one in passes if one.by and one.unplaced)
    made = assemble(
        sample,
        parts,
        asked(passes[0].unknown, unplaced),
        df=df,
        evidence=lambda: _largest(sample, parts, kept, by, where),
    )
    rows = [measure for part, measure in zip(parts, kept, strict=True) for _ in range(len(part))]
    table = _intervals(made.table, rows, confidence, infers=sample.design.declaration.infers)
    factor = np.array([measure.factor for measure in rows])
    unknown = table["estimate"].isna()  # nobody to divide by: there is no error to speak of either
    table.loc[unknown, ["se", "ci_low", "ci_high"]] = np.nan
    for name in ("estimate", "se", "ci_low", "ci_high"):
        table[name] = table[name].to_numpy(np.float64) * factor
    known = sample.design.declaration.infers
    return Result(
        table,
        made.by,
        made.facts,
        labels=made.labels,
        titles=made.titles,
        covariance=(lambda: _scaled(made, factor)) if known else None,
        evidence=made.evidence,
    )


def _scaled(made: Result, factor: Floats) -> Floats:
    matrix = made.covariance
    assert matrix is not None
    return np.asarray(matrix * np.outer(factor, factor))


def _largest(
    sample: Sample, parts: Sequence[Part], measures: Sequence[Measure], by: BySets, where: Condition | None
) -> list[tuple[float, ...]]:
    summed = [measure.sums for measure in measures[: len(parts) // len(by)]]
    if not any(summed):
        return [()] * sum(len(part) for part in parts)
    names = [name or measures[i].columns[0] for i, name in enumerate(summed)]
    found = largest_shares(sample, names, by, where, sums=True)
    at = 0
    out: list[tuple[float, ...]] = []
    for part, measure in zip(parts, measures, strict=True):
        own = found[at : at + len(part)]
        at += len(part)
        out += own if measure.sums else [()] * len(part)
    return out


def _intervals(
    table: pd.DataFrame, rows: Sequence[Measure], confidence: float, *, infers: bool
) -> pd.DataFrame:
    """Put the intervals of shares and quotients in the place of the symmetric ones, and mark rows anew."""
    if not infers:
        return table
    point, se, df, n = (table[name].to_numpy(np.float64) for name in ("estimate", "se", "df", "n"))
    low, high = table["ci_low"].to_numpy(np.float64).copy(), table["ci_high"].to_numpy(np.float64).copy()
    shares = np.array([measure.interval == "logit" for measure in rows], dtype=bool)
    quotients = np.array([measure.interval == "log" for measure in rows], dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        bounds = proportion_interval("logit", point, se, df, n, confidence)
        reach = np.exp(t_quantile(confidence, df) * se / point)
        for end, share, quotient in ((low, bounds[0], point / reach), (high, bounds[1], point * reach)):
            end[shares] = share[shares]
            end[quotients] = quotient[quotients]
    table["ci_low"], table["ci_high"] = low, high
    table["flag"] = flags(point, se, table["n_cell"].to_numpy(np.float64), df, infers, low + high)
    return table
