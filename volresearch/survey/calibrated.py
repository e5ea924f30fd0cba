"""Designs whose weights were adjusted: their variance is that of residuals.

A calibrated estimator has the variance of its residuals: the linearized value of a row loses what the auxiliary
variables of each adjustment explain of it, in the order in which the adjustments were made, as R's survey package
does it (Deville and Särndal 1992; Särndal 2007).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import narwhals as nw
import numpy as np

from volresearch.errors import VolResearchError
from volresearch.survey.design import Design
from volresearch.survey.engine import Engine
from volresearch.survey.totals import CellTotals, Floats, Ints, Request, read_totals
from volresearch.survey.variance import Entries, covariance, variances

__all__ = ["Adjustment", "CalibratedDesign"]

_BLOCK = 4_000_000


@dataclass(frozen=True)
class Adjustment:
    """One adjustment: what it used, the weights before it, and a sentence for the record.

    Attributes
    ----------
    x : array of shape (rows, p)
        Auxiliary variables in the order of the frame's rows.
    before : array of shape (rows,)
        Weights of the regression on `x`: those before the adjustment. After raking they are equal, as R's
        ``rake`` averages residuals within margins; ``calibrate(method="raking")`` gives the same weights and keeps
        the sampling weights here.
    after : array of shape (rows,)
        Weights after the adjustment.
    """

    x: Floats
    before: Floats
    after: Floats
    words: str

    @classmethod
    def of(cls, x: Floats, before: Floats, after: Floats, words: str) -> Adjustment:
        """Make an adjustment with columns of like size: their span counts, not their units."""
        scale = np.sqrt((x**2).sum(axis=0))
        return cls(x / np.where(scale > 0, scale, 1.0), before, after, words)

    @cached_property
    def inverse(self) -> Floats:
        """Generalized inverse of x' diag(before) x, shape (p, p)."""
        return np.asarray(
            np.linalg.pinv(self.x.T @ (self.x * self.before[:, None]), rcond=1e-12, hermitian=True)
        )


@dataclass(frozen=True)
class CalibratedDesign(Design):
    """A design whose weights were adjusted; its variance takes the residuals of all adjustments."""

    steps: tuple[Adjustment, ...] = ()
    weight: Floats = field(default_factory=lambda: np.zeros(0))
    atoms: tuple[Ints, Ints, Ints, Ints | None] | None = None
    words: tuple[str, ...] = ()

    @property
    def adjustments(self) -> tuple[str, ...]:
        """One sentence for each adjustment."""
        return self.words

    def read_totals(self, engine: Engine, design: Design, request: Request) -> tuple[CellTotals, ...]:
        """Read single rows, keeping their positions in the whole frame."""
        passes = read_totals(engine, self, request)
        if request.where is None:
            return passes
        inside = engine.selected({"_in": _flag(request.where.true | request.where.unknown)})["_in"].to_numpy(
            np.float64
        )
        positions = np.flatnonzero(inside == 1)
        return tuple(replace(one, row=positions[one.row] if one.row is not None else None) for one in passes)

    @cached_property
    def _totals_of_x(self) -> list[Floats]:
        """Totals of weight * x by sampling unit, for each adjustment."""
        if self.atoms is None:
            raise VolResearchError("survey.calibration", "The design lost its sampling units.")
        atom = self.atoms[0]
        count = int(atom.max(initial=-1)) + 1
        out: list[Floats] = []
        for step in self.steps:
            weighted = step.x * step.after[:, None]
            columns = [np.bincount(atom, weights=column, minlength=count) for column in weighted.T]
            out.append(np.asarray(np.column_stack(columns), dtype=np.float64))
        return out

    def _slopes(self, entries: Entries) -> list[Floats]:
        """Regression coefficients of the linearized values on each adjustment's variables, the first one first."""
        if entries.row is None:
            raise VolResearchError("survey.calibration", "Calibrated designs need single rows.")
        row = entries.row
        slopes: list[Floats] = []
        for step in self.steps:
            share = _divided(step.before, step.after)
            value = entries.value * share[row]
            moment: Floats = np.array(
                [
                    np.bincount(entries.column, weights=x[row] * value, minlength=entries.width)
                    for x in step.x.T
                ],
                dtype=np.float64,
            )
            for earlier, slope in zip(self.steps, slopes, strict=False):
                moment = moment - step.x.T @ (earlier.x * (share * earlier.after)[:, None]) @ slope
            slopes.append(step.inverse @ moment)
        return slopes

    def _residual(self, entries: Entries, keep: slice) -> Entries:
        """Entries of the residuals for some of the columns."""
        start, stop, _ = keep.indices(entries.width)
        width = stop - start
        some = (entries.column >= start) & (entries.column < stop)
        part = Entries(
            entries.stratum[some],
            entries.psu[some],
            entries.column[some] - start,
            entries.value[some],
            width,
            None if entries.ssu is None else entries.ssu[some],
            None if entries.row is None else entries.row[some],
        )
        explained = sum(g @ b for g, b in zip(self._totals_of_x, self._slopes(part), strict=True))
        assert self.atoms is not None
        _, stratum, psu, ssu = self.atoms
        units = len(stratum)
        column = np.tile(np.arange(width), units)
        return Entries(
            np.concatenate([part.stratum, np.repeat(stratum, width)]),
            np.concatenate([part.psu, np.repeat(psu, width)]),
            np.concatenate([part.column, column]),
            np.concatenate([part.value, -np.asarray(explained).ravel()]),
            width,
            None if ssu is None or part.ssu is None else np.concatenate([part.ssu, np.repeat(ssu, width)]),
        )

    def variances(self, entries: Entries) -> Floats:
        """Return the variance of each estimate from its residuals."""
        self.refuse_lone_psu()
        assert self.atoms is not None
        at_once = max(_BLOCK // max(len(self.atoms[1]), 1), 1)
        pieces = [
            variances(self._residual(entries, slice(start, start + at_once)), self.first, self.second)
            for start in range(0, entries.width, at_once)
        ]
        return np.concatenate(pieces) if pieces else np.zeros(0)

    def covariance(self, entries: Entries) -> Floats:
        """Return the covariance of the estimates from their residuals."""
        self.refuse_lone_psu()
        return covariance(self._residual(entries, slice(None)), self.first, self.second)


def _divided(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, 0.0)


def _flag(condition: Any) -> Any:
    return nw.when(condition).then(1.0).otherwise(0.0)
