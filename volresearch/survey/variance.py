"""The variance of totals of linearized values over strata and sampling units, at one or two stages.

With U the totals of linearized values by sampling unit, the covariance is

    V = sum_h (1 - f_h) n_h / (n_h - 1) sum_i (u_hi - mean_h)' (u_hi - mean_h)

where n_h counts every sampling unit of the design, also one that no row of the domain falls into (its u is 0).
A second stage adds, within each first-stage unit, the same expression over second-stage units times f_h.
(Cochran 1977, section 10.3; Wolter 2007, section 6.11; Binder 1983 for linearized values.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = [
    "LONE_PSU",
    "Entries",
    "Stage",
    "added",
    "covariance",
    "distinct",
    "numbered",
    "entries_of_rows",
    "variances",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: What to do with a stratum of one sampling unit; the names of R's ``options(survey.lonely.psu=)`` beside ours.
LONE_PSU: dict[str, str] = {
    "refuse": "fail",
    "remove": "remove",
    "certainty": "certainty",
    "adjust": "adjust",
    "average": "average",
}
_BLOCK = 4_000_000


@dataclass(frozen=True)
class Entries:
    """Linearized values in long form: what is not listed is zero.

    Attributes
    ----------
    stratum, psu : int arrays of shape (entries,)
        Positions in the design's tables of strata and of first-stage units.
    column : int array of shape (entries,)
        Which estimate the value belongs to, 0 .. width - 1.
    value : float array of shape (entries,)
        Weighted linearized total.
    ssu : int array of shape (entries,), optional
        Second-stage unit, any integers that are unique over the whole design.
    row : int array of shape (entries,), optional
        Row of the frame, where the entries are single rows (calibrated designs need it).
    """

    stratum: Ints
    psu: Ints
    column: Ints
    value: Floats
    width: int
    ssu: Ints | None = None
    row: Ints | None = None


@dataclass(frozen=True)
class Stage:
    """One stage of sampling, ready for arithmetic.

    Attributes
    ----------
    units : float array of shape (strata,)
        n_h, all sampling units of the design.
    factor : float array of shape (strata,)
        (1 - f_h) times what comes from the stages above.
    lone_psu : str
        A key of `LONE_PSU`.
    lone_in_domains : bool
        Treat a stratum with one unit *in the domain* by the same rule (R: ``survey.adjust.domain.lonely``).
    """

    units: Floats
    factor: Floats
    lone_psu: str = "refuse"
    lone_in_domains: bool = False


def added(index: Ints, values: Any, length: int) -> Floats:
    """Add up values by index: np.bincount, always in floating point."""
    return np.bincount(index, weights=values, minlength=length).astype(np.float64, copy=False)


def _summed(
    group: Ints, unit: Ints, column: Ints, value: Floats, width: int
) -> tuple[Ints, Ints, Ints, Floats]:
    """Add up entries of one (unit, column); in any order."""
    if len(value) == 0:
        return group, unit, column, value
    key = unit * width + column
    cells = distinct(key)
    if len(cells) == len(value):  # single rows, each a unit: nothing to add
        return group, unit, column, value
    _, inverse = numbered(key)
    of_unit = np.zeros(int(unit.max()) + 1, dtype=np.int64)
    of_unit[unit] = group
    total = added(inverse, value, len(cells))
    return of_unit[cells // width], cells // width, cells % width, total


def _cells(group: Ints, column: Ints, value: Floats, width: int) -> tuple[Ints, Ints, Ints, Floats, Floats]:
    """Return for each (column, stratum) cell present: column, stratum; and per entry its cell; count; sum."""
    key = column * (int(group.max(initial=0)) + 1) + group
    cells, inverse = numbered(key)
    count = np.bincount(inverse, minlength=len(cells)).astype(np.float64)
    total = added(inverse, value, len(cells))
    span = int(group.max(initial=0)) + 1
    return cells // span, cells % span, inverse, count, total


def distinct(key: Ints) -> Ints:
    """Return the distinct keys in order: by counting where they are dense, else by sorting (never by hashing)."""
    top = int(key.max(initial=0)) + 1
    if top <= 4 * len(key) + 1_000_000:
        seen = np.zeros(top, dtype=bool)
        seen[key] = True
        return np.flatnonzero(seen)
    ordered = np.sort(key)
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]]]


def numbered(key: Ints) -> tuple[Ints, Ints]:
    """np.unique with inverse, by counting where the keys are dense (sorting is the slow part)."""
    top = int(key.max(initial=0)) + 1
    cells = distinct(key)
    if top > 4 * len(key) + 1_000_000:
        return cells, np.searchsorted(cells, key)
    position = np.empty(top, dtype=np.int64)
    position[cells] = np.arange(len(cells))
    return cells, position[key]


def _treatment(stage: Stage, stratum: Ints, count: Floats) -> tuple[Floats, Floats]:
    """Return for each (column, stratum) cell the factor of its sum of squares, and 1 where it is centred."""
    n = stage.units[stratum]
    factor = stage.factor[stratum] * n / np.maximum(n - 1, 1)
    centred = np.ones(len(n))
    lone = n == 1
    if stage.lone_in_domains and stage.lone_psu in {"adjust", "average"}:
        lone = lone | (count == 1)
    if stage.lone_psu == "adjust":
        centred[lone] = 0.0
    else:
        factor = np.where(lone, 0.0, factor)
    return factor, centred


def _average_correction(stage: Stage, column: Ints, stratum: Ints, count: Floats, width: int) -> Floats:
    """Inflation of each column's variance so that lone strata count as the average of the others."""
    lone = stage.units[stratum] == 1
    if stage.lone_in_domains:
        lone = lone | (count == 1)
    lone &= stage.factor[stratum] > 0
    every = np.bincount(column, minlength=width).astype(np.float64)
    alone = added(column, lone, width)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(alone == 0, 1.0, every / (every - alone))


def _one_stage_variances(
    stage: Stage, group: Ints, unit: Ints, column: Ints, value: Floats, width: int
) -> Floats:
    group, _, column, value = _summed(group, unit, column, value, width)
    if len(value) == 0:
        return np.zeros(width)
    of_column, stratum, cell, count, total = _cells(group, column, value, width)
    factor, centred = _treatment(stage, stratum, count)
    n = stage.units[stratum]
    mean = centred * total / n
    squares = added(cell, (value - mean[cell]) ** 2, len(total))
    squares += (n - count) * mean**2  # units of the design that the domain does not reach
    out = added(of_column, factor * squares, width)
    if stage.lone_psu == "average":
        with np.errstate(invalid="ignore"):  # all strata lone: 0 * inf, not known
            out = out * _average_correction(stage, of_column, stratum, count, width)
    return np.asarray(out, dtype=np.float64)


def _blocks(group: Ints, width: int) -> Iterator[slice]:
    """Cut entries (sorted by stratum) into runs of whole strata of bounded dense size."""
    limit = max(_BLOCK // max(width, 1), 1)
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    begin = 0
    for end in np.r_[starts[1:], len(group)]:
        if end - begin >= limit or end == len(group):
            yield slice(begin, int(end))
            begin = int(end)


def _one_stage_covariance(
    stage: Stage, group: Ints, unit: Ints, column: Ints, value: Floats, width: int
) -> Floats:
    group, unit, column, value = _summed(group, unit, column, value, width)
    out = np.zeros((width, width))
    if len(value) == 0:
        return out
    order = np.lexsort((unit, group))
    group, unit, column, value = group[order], unit[order], column[order], value[order]
    correction = np.ones(width)
    if stage.lone_psu == "average":
        of_column, stratum, _, count, _ = _cells(group, column, value, width)
        correction = np.sqrt(_average_correction(stage, of_column, stratum, count, width))
    for piece in _blocks(group, width):
        out += _dense_block(stage, group[piece], unit[piece], column[piece], value[piece], width)
    with np.errstate(invalid="ignore"):  # all strata lone: 0 * inf, not known
        return out * np.outer(correction, correction)


def _dense_block(stage: Stage, group: Ints, unit: Ints, column: Ints, value: Floats, width: int) -> Floats:
    new = np.r_[True, (unit[1:] != unit[:-1]) | (group[1:] != group[:-1])]
    row = np.cumsum(new) - 1
    dense = np.zeros((int(row[-1]) + 1, width))
    dense[row, column] = value
    strata, inverse = np.unique(group[new], return_inverse=True)
    n = stage.units[strata]
    total = np.zeros((len(strata), width))
    np.add.at(total, inverse, dense)
    present = np.zeros((len(strata), width))
    if stage.lone_in_domains:
        np.add.at(present, inverse[row], (np.arange(width)[None, :] == column[:, None]).astype(np.float64))
    count = present if stage.lone_in_domains else np.full((len(strata), width), 2.0)
    factor, centred = np.empty_like(total), np.empty_like(total)
    for j in range(width):
        factor[:, j], centred[:, j] = _treatment(stage, strata, count[:, j])
    mean = centred * total / n[:, None]
    deviation = (dense - mean[inverse]) * np.sqrt(factor[inverse])
    absent = np.sqrt(np.maximum(n - np.bincount(inverse), 0))[:, None] * mean * np.sqrt(factor)
    return np.asarray(deviation.T @ deviation + absent.T @ absent)


def variances(entries: Entries, first: Stage, second: Stage | None = None) -> Floats:
    """Return the variance of each estimate, shape (width,).

    Parameters
    ----------
    entries : Entries
        Linearized totals.
    first, second : Stage
        The stages; `second` has first-stage units as its strata and carries f_h in its factor.
    """
    out = _one_stage_variances(
        first, entries.stratum, entries.psu, entries.column, entries.value, entries.width
    )
    if second is not None and entries.ssu is not None:
        out = out + _one_stage_variances(
            second, entries.psu, entries.ssu, entries.column, entries.value, entries.width
        )
    return out


def covariance(entries: Entries, first: Stage, second: Stage | None = None) -> Floats:
    """Return the covariance matrix of the estimates, shape (width, width)."""
    out = _one_stage_covariance(
        first, entries.stratum, entries.psu, entries.column, entries.value, entries.width
    )
    if second is not None and entries.ssu is not None:
        out = out + _one_stage_covariance(
            second, entries.psu, entries.ssu, entries.column, entries.value, entries.width
        )
    return out


def entries_of_rows(
    scores: Floats, stratum: Ints, psu: Ints, ssu: Ints | None = None, row: Ints | None = None
) -> Entries:
    """Turn a dense matrix of weighted scores, shape (rows, width), into `Entries`."""
    rows, width = scores.shape
    where: Any = np.repeat(np.arange(rows), width)
    return Entries(
        stratum[where],
        psu[where],
        np.tile(np.arange(width), rows),
        scores.ravel(),
        width,
        None if ssu is None else ssu[where],
        None if row is None else row[where],
    )
