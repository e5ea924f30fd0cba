"""Designs given by replicate weights: the spread of an estimate over the replicates is its sampling error."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from volresearch.errors import VolResearchError, Where, near
from volresearch.survey.design import Declaration, Design
from volresearch.survey.engine import Engine
from volresearch.survey.keys import KeyTable
from volresearch.survey.resampling import METHODS
from volresearch.survey.totals import CellTotals, Floats, Request, read_totals
from volresearch.survey.variance import Stage

__all__ = ["ReplicateDesign", "rank_of", "read_replicate_design"]

#: How many sums one pass over the rows computes; more are asked for in several passes.
_AT_ONCE = 90


@dataclass(frozen=True)
class ReplicateTotals(CellTotals):
    """Totals under replicate weights; `ranks` (by the codes of a cell) give the degrees of freedom of domains."""

    ranks: dict[tuple[Any, ...], int] = field(default_factory=dict)

    @cached_property
    def degrees_of_freedom(self) -> Floats:
        """Rank of the replicate weights of each cell's rows less one."""
        codes = self.keys[list(self.by)].itertuples(index=False, name=None) if self.by else [()] * self.cells
        return np.array([float(self.ranks.get(tuple(row), 0) - 1) for row in codes])


@dataclass(frozen=True)
class ReplicateDesign(Design):
    """A design known by its replicate weights.

    The covariance of estimates is ``scale * sum_r rscales[r] (t_r - c)(t_r - c)'``; the centre c is the full-sample
    estimate where `mse` is true, else the mean over the replicates (R: ``svrVar``).

    Attributes
    ----------
    columns : tuple of str
        Columns of replicate weights (or factors, where not `combined`).
    rank : int
        Rank of the matrix of replicate weights; degrees of freedom are one less.
    """

    columns: tuple[str, ...] = ()
    scale: float = 1.0
    rscales: Floats = field(default_factory=lambda: np.ones(0))
    mse: bool = False
    combined: bool = True
    rank: int = 0
    method: str = ""
    words: tuple[str, ...] = ()

    @property
    def adjustments(self) -> tuple[str, ...]:
        """One sentence for each adjustment of the weights."""
        return self.words

    @property
    def degrees_of_freedom(self) -> float:
        """Rank of the replicate weights less one."""
        return float(self.rank - 1)

    def refuse_lone_psu(self) -> None:
        """Replicates were made for every stratum: nothing is to be refused."""

    def replicate_weight(self, engine: Engine, name: str) -> nw.Expr:
        """Return a replicate weight as an expression."""
        value = engine.number(name)
        base = self.declaration.weights
        return value if self.combined or base is None else value * engine.number(base)

    def weights_of(self, frame: pd.DataFrame) -> Floats:
        """Return the replicate weights of rows, shape (rows, replicates)."""
        values = frame[list(self.columns)].to_numpy(np.float64)
        base = self.declaration.weights
        return values if self.combined or base is None else values * frame[base].to_numpy(np.float64)[:, None]

    def covariance_of_replicates(self, replicates: Floats, estimate: Floats) -> Floats:
        """Return the covariance of estimates from their replicate values.

        Parameters
        ----------
        replicates : array of shape (replicates, k)
            An estimate that a replicate cannot give (an empty domain) is NaN and drops out of the centre and the sum.
        estimate : array of shape (k,)
            Full-sample estimates.
        """
        used = np.isfinite(replicates) & (self.rscales > 0)[:, None]
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(used, replicates, 0.0).sum(axis=0) / used.sum(axis=0)
        centre = estimate if self.mse else mean
        deviation = np.where(np.isfinite(replicates), replicates - centre, 0.0)
        out = self.scale * (deviation * self.rscales[:, None]).T @ deviation
        lost = ~np.isfinite(replicates).any(axis=0)
        out[lost, :] = np.nan
        out[:, lost] = np.nan
        return np.asarray(out)

    def read_totals(self, engine: Engine, design: Design, request: Request) -> tuple[CellTotals, ...]:
        """Make the pass, with the totals of every cell under every replicate weight."""
        passes = read_totals(engine, replace(self, replicated=False), request)
        return tuple(self._with_replicates(engine, request, one) for one in passes)

    def _with_replicates(self, engine: Engine, request: Request, totals: CellTotals) -> ReplicateTotals:
        values = {item.name: getattr(totals, item.name) for item in fields(CellTotals)}
        values["replicates"] = self._under_replicates(engine, request, totals)
        return ReplicateTotals(**values, ranks=self._ranks(engine, request, totals.by))

    def _ranks(self, engine: Engine, request: Request, by: Sequence[str]) -> dict[tuple[Any, ...], int]:
        """Rank of the replicate weights of each cell's rows, by its codes."""
        if not by and request.where is None:
            return {(): self.rank}
        weights = self.declaration.weights
        columns = {name: engine.clean(name) for name in by}
        columns |= {f"_r{r}": self.replicate_weight(engine, name) for r, name in enumerate(self.columns)}
        inside = engine.number(weights) > 0 if weights else None
        if request.where is not None:
            inside = request.where.true if inside is None else inside & request.where.true
        frame = engine.selected(columns, inside)
        values = frame[[f"_r{r}" for r in range(len(self.columns))]].to_numpy(np.float64)
        if not by:
            return {(): rank_of(values)}
        groups = frame.groupby(list(by), sort=False, dropna=True).indices
        return {key if isinstance(key, tuple) else (key,): rank_of(values[at]) for key, at in groups.items()}

    def _under_replicates(self, engine: Engine, request: Request, totals: CellTotals) -> Floats:
        split = (*totals.by, request.level) if request.level and request.level not in totals.by else totals.by
        sums = self._sums(engine, request)
        keys = {name: engine.clean(name) for name in split}
        names, pieces = list(sums), []
        for start in range(0, len(names), _AT_ONCE):
            some = {name: sums[name] for name in names[start : start + _AT_ONCE]}
            frame = engine.grouped(keys, some, None if request.where is None else request.where.true)
            pieces.append(_in_order(frame, split, totals.keys, list(some)))
        values = np.concatenate(pieces, axis=1) if pieces else np.zeros((totals.cells, 0))
        return values.reshape(totals.cells, len(self.columns), len(request.moments)).transpose(1, 0, 2)

    def _sums(self, engine: Engine, request: Request) -> dict[str, nw.Expr]:
        weights = self.declaration.weights
        inside = engine.number(weights) > 0 if weights else nw.col(engine.columns[0]).is_null() | True
        out: dict[str, nw.Expr] = {}
        for r, column in enumerate(self.columns):
            weight = self.replicate_weight(engine, column)
            for m, moment in enumerate(request.moments):
                value, there = weight, inside
                for name in moment.factors:
                    value = value * (engine.number(name) - request.shift.get(name, 0.0))
                for name in moment.needs:
                    there = there & engine.present(name)
                out[f"_r{r}_{m}"] = nw.when(there).then(value).otherwise(0.0)
        return out


def _in_order(frame: pd.DataFrame, split: Sequence[str], keys: pd.DataFrame, names: Sequence[str]) -> Floats:
    """Bring aggregated rows into the order of the cells."""
    if not split:
        return np.asarray(frame[list(names)].to_numpy(np.float64)[:1])
    place = {tuple(row): i for i, row in enumerate(keys.itertuples(index=False, name=None))}
    out = np.zeros((len(keys), len(names)))
    values = frame[list(names)].to_numpy(np.float64)
    for i, row in enumerate(frame[list(split)].itertuples(index=False, name=None)):
        at = place.get(tuple(row))
        if at is not None:
            out[at] = values[i]
    return out


def read_replicate_design(
    engine: Engine,
    weights: str | None,
    replicate_weights: str | Sequence[str],
    method: str | None,
    scale: float | None,
    rscales: float | Sequence[float] | None,
    *,
    combined: bool = True,
    mse: bool = False,
    rho: float | None = None,
) -> ReplicateDesign:
    """Read a design given by replicate weights, refusing a missing or contradictory scale.

    Parameters
    ----------
    engine : Engine
    weights : str, optional
        Column of full-sample weights.
    replicate_weights : str or sequence of str
        Columns, or a pattern with ``*`` (``"rw_*"``); in the order of their numbers.
    method : str
        How they were made, a key of `volresearch.survey.resampling.METHODS`, or ``"other"``. Only where the method
        itself fixes the scale (JK1, BRR, SDR, Fay with rho) may `scale` be left out.
    scale, rscales : float, sequence of float
        See `ReplicateDesign`.
    combined : bool
        The columns hold weights, not factors.
    mse : bool
        Centre on the full-sample estimate.
    """
    columns = _columns(engine, replicate_weights)
    if weights is None:
        raise VolResearchError(
            "survey.weights",
            "Replicate weights need the full-sample weights beside them.",
            hint='Name them: weights="w".',
        )
    engine.require([weights], "weights")
    found_scale, found_rscales = _scales(method, scale, rscales, len(columns), rho)
    read = engine.selected({name: engine.number(name) for name in dict.fromkeys((weights, *columns))})
    values = read[list(columns)].to_numpy(np.float64)
    base = read[weights].to_numpy(np.float64)
    _check(weights, base, columns, values, combined=combined)
    full = values if combined else values * base[:, None]
    rows = len(read)
    every = KeyTable.of(pd.DataFrame({"_": np.zeros(1)}), ())
    return ReplicateDesign(
        Declaration("probability", weights),
        every,
        None,
        np.zeros(0, np.int64),
        np.zeros(0, dtype=bool),
        np.array([float(rows)]),
        Stage(np.array([float(rows)]), np.ones(1), "certainty"),
        None,
        None,
        rows,
        int((base > 0).sum()),
        float(base.sum()),
        1,
        replicated=True,
        columns=columns,
        scale=found_scale,
        rscales=found_rscales,
        mse=mse or method == "SDR",
        combined=combined,
        rank=rank_of(full),
        method=method or "other",
    )


def rank_of(values: Floats) -> int:
    """Return the rank of the matrix of replicate weights (singular values above 1e-5 of the largest count)."""
    unique = np.unique(values, axis=0) if len(values) > 20_000 else values
    singular = (
        np.linalg.svd(unique, compute_uv=False)
        if len(unique) < 20_000
        else np.sqrt(np.maximum(np.linalg.eigvalsh(unique.T @ unique)[::-1], 0))
    )
    return int((singular > 1e-5 * singular[0]).sum())


def _columns(engine: Engine, given: str | Sequence[str]) -> tuple[str, ...]:
    if isinstance(given, str) and "*" in given:
        pattern = re.compile("(.*)".join(re.escape(part) for part in given.split("*")))
        found = [name for name in engine.columns if pattern.fullmatch(name)]
        if not found:
            raise VolResearchError(
                "survey.replicates",
                f'No column fits "{given}".',
                hint=near(given.replace("*", "1"), engine.columns),
            )
        return tuple(
            sorted(found, key=lambda name: [int(p) if p.isdigit() else p for p in re.split(r"(\d+)", name)])
        )
    columns = (given,) if isinstance(given, str) else tuple(given)
    engine.require(columns, "replicate_weights")
    if len(columns) < 2:
        raise VolResearchError(
            "survey.replicates", "One replicate weight gives no spread.", expected="two or more columns"
        )
    return columns


def _scales(
    method: str | None,
    scale: float | None,
    rscales: float | Sequence[float] | None,
    count: int,
    rho: float | None,
) -> tuple[float, Floats]:
    names = [*METHODS, "other"]
    if method not in names:
        raise VolResearchError(
            "survey.replicates",
            "How were the replicate weights made?" if method is None else f'There is no method "{method}".',
            expected=f"method= one of {', '.join(names)}",
            hint="The method fixes the scale of the variance; it is never guessed.",
        )
    fixed = {"JK1": (count - 1) / count, "BRR": 1 / count, "SDR": 4 / count}
    if method == "Fay" and rho is not None:
        fixed["Fay"] = 1 / (count * (1 - rho) ** 2)
    expected = fixed.get(method)
    if scale is None and method == "JKn" and rscales is not None:
        scale = 1.0
    if scale is None and expected is None:
        raise VolResearchError(
            "survey.replicates",
            f"{method} replicates need their scale, which these columns do not tell.",
            expected="scale= and, for JKn, rscales= (one for each replicate: (n_h - 1) / n_h)",
            hint="Look for it in the survey's documentation; a guessed scale gives wrong standard errors silently.",
        )
    if method == "JKn" and rscales is None:
        raise VolResearchError(
            "survey.replicates",
            "JKn replicates need rscales, one for each replicate.",
            expected="rscales=[(n_h - 1) / n_h of the replicate's stratum, ...]",
        )
    value = float(expected if scale is None else scale)  # type: ignore[arg-type]
    if not value > 0:
        raise VolResearchError("survey.replicates", "The scale must be positive.", got=f"{value:g}")
    if expected is not None and method != "JK1" and abs(value - expected) > 1e-6 * expected:
        raise VolResearchError(
            "survey.replicates",
            f"The scale {value:g} contradicts {count} replicates by {method}.",
            expected=f"{expected:g}",
            hint='If it is right, say method="other".',
        )
    many = (
        np.broadcast_to(np.asarray(1.0 if rscales is None else rscales, dtype=np.float64), (count,))
        if (rscales is None or np.ndim(rscales) == 0 or len(np.atleast_1d(rscales)) == count)
        else None
    )
    if many is None or (many < 0).any():
        raise VolResearchError(
            "survey.replicates",
            "rscales must be one number, or one for each replicate, none negative.",
            expected=str(count),
        )
    return value, many.copy()


def _check(weights: str, base: Floats, columns: Sequence[str], values: Floats, *, combined: bool) -> None:
    bad = [name for name, column in zip(columns, values.T, strict=True) if not np.isfinite(column).all()]
    if bad:
        raise VolResearchError(
            "survey.replicates",
            f"{len(bad)} replicate weights have missing values, the first is {bad[0]}.",
            where=Where(variable=bad[0]),
        )
    if not np.isfinite(base).all() or (base < 0).any():
        raise VolResearchError(
            "survey.weights",
            "The full-sample weights are missing or negative in some rows.",
            where=Where(variable=weights),
        )
    if (values < 0).any() and combined is False:
        raise VolResearchError("survey.replicates", "Replicate factors must not be negative.")
    middle, around = float(np.median(values[values > 0])), float(np.median(base[base > 0]))
    if combined and around > 5 and 0 < middle < around / 20:
        raise VolResearchError(
            "survey.replicates",
            "The replicate columns are far smaller than the weights: they look like factors.",
            got=f"medians {middle:g} and {around:g}",
            hint="Say combined=False.",
        )
