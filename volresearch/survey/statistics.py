"""Statistics as smooth functions of totals, with their derivatives: all that linearization needs.

A statistic maps the totals of one cell (moments) to one or several numbers. Its linearized total in a sampling unit
is the derivative times the unit's own totals (Binder 1983; Woodruff 1971); under replicate weights the same function
is evaluated at the replicate totals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from volresearch.survey.variance import Floats

__all__ = ["Ratios", "Statistic", "Totals", "Variances"]


class Statistic(Protocol):
    """A function of the moments of a cell, with its derivative."""

    @property
    def width(self) -> int:
        """How many numbers it gives."""
        ...

    def point(self, totals: Floats) -> Floats:
        """Return values of shape (..., width) from totals of shape (..., moments)."""
        ...

    def derivative(self, totals: Floats) -> Floats:
        """Return derivatives of shape (cells, width, moments) at totals of shape (cells, moments)."""
        ...


def _divided(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below == 0, np.nan, above / below)


@dataclass(frozen=True)
class Totals:
    """Totals themselves."""

    columns: tuple[int, ...]

    @property
    def width(self) -> int:
        """How many numbers it gives."""
        return len(self.columns)

    def point(self, totals: Floats) -> Floats:
        """Return the totals asked for."""
        return totals[..., list(self.columns)]

    def derivative(self, totals: Floats) -> Floats:
        """Return ones in their places."""
        out = np.zeros((len(totals), self.width, totals.shape[1]))
        for j, column in enumerate(self.columns):
            out[:, j, column] = 1.0
        return out


@dataclass(frozen=True)
class Ratios:
    """Ratios of two totals: means, ratios, shares."""

    above: tuple[int, ...]
    below: tuple[int, ...]

    @property
    def width(self) -> int:
        """How many numbers it gives."""
        return len(self.above)

    def point(self, totals: Floats) -> Floats:
        """Return the ratios."""
        return _divided(totals[..., list(self.above)], totals[..., list(self.below)])

    def derivative(self, totals: Floats) -> Floats:
        """Return 1/W for the total above, -R/W for the one below."""
        out = np.zeros((len(totals), self.width, totals.shape[1]))
        ratio = self.point(totals)
        for j, (above, below) in enumerate(zip(self.above, self.below, strict=True)):
            inverse = _divided(np.ones(len(totals)), totals[:, below])
            out[:, j, above] += inverse
            out[:, j, below] -= ratio[:, j] * inverse
        return out


@dataclass(frozen=True)
class Variances:
    """Population (co)variances with the divisor n - 1: s_xy = n/(n-1) (T_xy/W - T_x T_y / W^2).

    ``columns`` holds (W, x, y, xy) for each; ``n`` the rows of each cell.
    """

    columns: tuple[tuple[int, int, int, int], ...]
    n: Floats

    @property
    def width(self) -> int:
        """How many numbers it gives."""
        return len(self.columns)

    def _bessel(self) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.n > 1, self.n / (self.n - 1), np.nan)

    def point(self, totals: Floats) -> Floats:
        """Return the (co)variances."""
        out = []
        for w, x, y, xy in self.columns:
            weight = totals[..., w]
            out.append(
                _divided(totals[..., xy], weight)
                - _divided(totals[..., x], weight) * _divided(totals[..., y], weight)
            )
        return np.stack(out, axis=-1) * self._bessel()[:, None]

    def derivative(self, totals: Floats) -> Floats:
        """Return the derivatives with respect to W, x, y and xy."""
        out = np.zeros((len(totals), self.width, totals.shape[1]))
        for j, (w, x, y, xy) in enumerate(self.columns):
            weight = totals[:, w]
            inverse = _divided(np.ones(len(totals)), weight)
            mean_x, mean_y = totals[:, x] * inverse, totals[:, y] * inverse
            out[:, j, xy] += inverse
            out[:, j, x] -= mean_y * inverse
            out[:, j, y] -= mean_x * inverse
            out[:, j, w] += (2 * mean_x * mean_y - totals[:, xy] * inverse) * inverse
        return out * self._bessel()[:, None, None]
