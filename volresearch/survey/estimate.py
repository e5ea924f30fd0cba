"""From totals to results: estimates, standard errors, intervals, flags, and their covariance on demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from volresearch.results import Result
from volresearch.survey.design import Design
from volresearch.survey.intervals import PROPORTION_INTERVALS, proportion_interval, student_interval
from volresearch.survey.record import Asked, Sample, evidence_of, facts_of, labels_for
from volresearch.survey.statistics import Statistic
from volresearch.survey.totals import CellTotals
from volresearch.survey.variance import Entries, Floats

__all__ = ["FLAG_POLICY", "Part", "assemble", "entries_of", "flags", "part_of", "stacked"]

#: What `flag` says, printed with every result.
FLAG_POLICY = (
    "few: fewer than 10 rows behind the number; wide: relative standard error above 25 %; "
    "one_psu: no degree of freedom is left, the standard error says nothing; "
    "no_interval: the data give no bound on one side or both; "
    "no_spread: all rows agree, and a standard error of 0 is no proof of certainty; "
    "empty: no row to estimate from"
)


@dataclass(frozen=True)
class Part:
    """Some rows of a result that are computed together.

    Attributes
    ----------
    keys : pandas.DataFrame of shape (rows, by-columns)
    estimate, df, n, n_cell, n_weighted : arrays of shape (rows,)
    entries : Entries, optional
        Linearized totals; the column is the row's number. None where no sampling error is computed.
    replicates : array of shape (replicates, rows), optional
    """

    keys: pd.DataFrame
    variable: Sequence[str] | str
    statistic: str
    estimate: Floats
    df: Floats
    n: Floats
    n_cell: Floats
    n_weighted: Floats
    psu: Floats
    drawn: Floats  # n with rows of zero weight: what R counts in its "beta" and "likelihood" intervals
    entries: Entries | None = None
    replicates: Floats | None = None
    level: Sequence[Any] | str = ""
    term: Sequence[str] | str = ""
    deff_srs: Floats | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.estimate)


def entries_of(totals: CellTotals, statistic: Statistic, presence: int = 0) -> Entries:
    """Linearize a statistic: its derivative in each cell times the totals of each sampling unit."""
    derivative = statistic.derivative(totals.totals)
    width = statistic.width
    reached = totals.reach[:, presence] > 0
    cell, values = totals.cell[reached], totals.values[reached]
    scores = np.zeros((len(cell), width))
    for j in range(width):
        for m in range(values.shape[1]):
            slope = derivative[:, j, m]
            if slope.any():
                scores[:, j] += np.nan_to_num(slope)[cell] * values[:, m]
    column = (cell[:, None] * width + np.arange(width)).ravel()
    return Entries(
        np.repeat(totals.stratum[reached], width),
        np.repeat(totals.psu[reached], width),
        column,
        scores.ravel(),
        totals.cells * width,
        None if totals.ssu is None else np.repeat(totals.ssu[reached], width),
        None if totals.row is None else np.repeat(totals.row[reached], width),
    )


def stacked(parts: Sequence[Entries]) -> Entries:
    """Put the entries of several parts side by side."""
    offsets = np.cumsum([0, *(part.width for part in parts)])

    def joined(name: str) -> Any:
        pieces = [getattr(part, name) for part in parts]
        return None if any(piece is None for piece in pieces) else np.concatenate(pieces)

    column = np.concatenate([part.column + offset for part, offset in zip(parts, offsets, strict=False)])
    return Entries(
        joined("stratum"),
        joined("psu"),
        column,
        joined("value"),
        int(offsets[-1]),
        joined("ssu"),
        joined("row"),
    )


def part_of(
    sample: Sample,
    totals: CellTotals,
    statistic: Statistic,
    *,
    variable: str,
    name: str,
    needs: Sequence[str] = (),
    weight: Floats,
    levels: Sequence[Any] | None = None,
    n_cell: Floats | None = None,
    deff_srs: Floats | None = None,
) -> Part:
    """Make the rows of one statistic of one grouping; `levels` names its several numbers."""
    width = statistic.width
    keys = totals.keys.loc[totals.keys.index.repeat(width)].reset_index(drop=True)
    infers = sample.design.declaration.infers
    presence = totals.presence(*needs)
    n = totals.n[:, presence]
    replicates = None
    if totals.replicates is not None:
        replicates = statistic.point(totals.replicates).reshape(len(totals.replicates), -1)
    level = "" if levels is None else [levels[i % width] for i in range(totals.cells * width)]
    return Part(
        keys,
        variable,
        name,
        statistic.point(totals.totals).ravel(),
        np.repeat(totals.degrees_of_freedom, width),
        np.repeat(n, width),
        np.repeat(n, width) if n_cell is None else n_cell.ravel(),
        np.repeat(weight, width),
        np.repeat(totals.psu_count, width).astype(np.float64),
        np.repeat(totals.drawn[:, presence], width),
        entries_of(totals, statistic, presence) if infers and not sample.design.replicated else None,
        replicates,
        level,
        "",
        deff_srs,
    )


def _spread(design: Design, parts: Sequence[Part]) -> tuple[Floats, Callable[[], Floats] | None]:
    """Return standard errors of all rows, and what computes their covariance."""
    rows = sum(len(part) for part in parts)
    if design.replicated:
        estimate = np.concatenate([part.estimate for part in parts])
        replicates = np.concatenate(
            [part.replicates for part in parts if part.replicates is not None], axis=1
        )
        matrix = design.covariance_of_replicates(replicates, estimate)  # type: ignore[attr-defined]
        return np.sqrt(np.diag(matrix)), lambda: matrix
    if any(part.entries is None for part in parts):
        return np.full(rows, np.nan), None
    entries = stacked([part.entries for part in parts if part.entries is not None])
    return np.sqrt(design.variances(entries)), lambda: design.covariance(entries)


def flags(
    estimate: Floats, se: Floats, n_cell: Floats, df: Floats, infers: bool, bounds: Floats | None = None
) -> list[str]:
    """Mark unreliable rows by `FLAG_POLICY`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        wide = np.abs(se / estimate) > 0.25
    out = []
    bounded = np.ones(len(estimate), dtype=bool) if bounds is None else np.isfinite(bounds)
    with np.errstate(invalid="ignore"):
        still = se <= 1e-13 * np.abs(estimate)
    for i in range(len(estimate)):
        marks = (
            ["empty"] * bool(np.isnan(estimate[i]))
            + ["few"] * bool(n_cell[i] < 10)
            + ["wide"] * bool(wide[i])
        )
        if infers:
            marks += ["no_spread"] * bool(still[i] and df[i] > 0) + ["one_psu"] * bool(not df[i] > 0)
            marks += ["no_interval"] * bool(df[i] > 0 and not bounded[i])
        out.append(" ".join(marks))
    return out


def _table(parts: Sequence[Part], by: Sequence[str]) -> pd.DataFrame:
    frames = []
    for part in parts:
        frame = part.keys.reindex(columns=list(by)).astype(object)
        frame = frame.where(frame.notna(), None)
        frame.index = pd.RangeIndex(len(part))
        for name in ("variable", "statistic", "term", "level", "estimate", "df", "n", "n_cell", "n_weighted"):
            value = getattr(part, name)
            frame[name] = value if isinstance(value, str) else list(value)
        for name, value in part.extra.items():
            frame[name] = value
        frames.append(frame)
    out = pd.concat(frames, ignore_index=True)
    for name in by:
        values = out[name].infer_objects()
        out[name] = values
    return out


def assemble(
    sample: Sample,
    parts: Sequence[Part],
    asked: Asked,
    *,
    interval: str = "t",
    df: str = "domain",
    evidence: Callable[[], list[tuple[float, ...]]] | None = None,
) -> Result:
    """Make the result of the parts: one table, one covariance."""
    by = tuple(dict.fromkeys(name for part in parts for name in part.keys.columns))
    table = _table(parts, by)
    infers = sample.design.declaration.infers
    se, covariance = _spread(sample.design, parts)
    estimate = table["estimate"].to_numpy(np.float64)
    freedom = table["df"].to_numpy(np.float64)
    if df == "design":
        freedom = np.full(len(table), sample.design.degrees_of_freedom)
    table["df"] = freedom if infers else np.nan
    se = np.where(np.isnan(estimate), np.nan, se)  # of nothing there is no error, not one of 0
    table["se"] = se
    if infers:
        counts = np.concatenate([part.drawn if interval == "beta" else part.n for part in parts])
        spread = _on_logit_scale(sample.design, parts, estimate) if interval == "logit" else None
        low, high = _interval(
            interval, estimate, se if spread is None else spread, freedom, counts, asked.confidence
        )
        table["ci_low"], table["ci_high"] = low, high
    table["deff"] = _design_effect(parts, se)
    bounds = table["ci_low"].to_numpy(np.float64) + table["ci_high"].to_numpy(np.float64) if infers else None
    table["flag"] = flags(estimate, se, table["n_cell"].to_numpy(np.float64), freedom, infers, bounds)
    psu = np.concatenate([part.psu for part in parts])
    return Result(
        table,
        by,
        facts_of(sample, asked, FLAG_POLICY),
        labels=labels_for(sample, by),
        titles=sample.titles([*by, *table["variable"].unique()]),
        covariance=covariance,  # computed when it is asked for: it can be large
        evidence=lambda: evidence_of(sample, table, psu, evidence),
    )


def _on_logit_scale(design: Design, parts: Sequence[Part], p: Floats) -> Floats | None:
    """Under replicate weights the spread of the logit is seen, not derived; p(1 - p) brings it to the share's scale."""
    if not design.replicated:
        return None
    shares = np.concatenate([part.replicates for part in parts if part.replicates is not None], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        matrix = design.covariance_of_replicates(np.log(shares / (1 - shares)), np.log(p / (1 - p)))  # type: ignore[attr-defined]
    return np.asarray(np.sqrt(np.diag(matrix)) * p * (1 - p))


def _interval(
    interval: str, estimate: Floats, se: Floats, df: Floats, n: Floats, confidence: float
) -> tuple[Floats, Floats]:
    if interval in PROPORTION_INTERVALS:
        return proportion_interval(interval, estimate, se, df, n, confidence)
    return student_interval(estimate, se, df, confidence)


def _design_effect(parts: Sequence[Part], se: Floats) -> Floats:
    if all(part.deff_srs is None for part in parts):
        return np.full(len(se), np.nan)
    plain = [np.full(len(part), np.nan) if part.deff_srs is None else part.deff_srs for part in parts]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(se**2 / np.concatenate(plain))
