"""The one pass: totals by domain and sampling unit of weights, weighted outcomes and what else is asked.

A `Moment` is a product of variables, summed with the weights over rows where all of its variables are present:
``Moment(("y",), ("y",))`` is sum of w*y, ``Moment((), ("y",))`` the sum of w where y is present.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from volresearch.survey.variance import Floats, Ints, added, distinct, numbered

if TYPE_CHECKING:
    from volresearch.survey.design import Design
    from volresearch.survey.engine import Engine

__all__ = [
    "CellTotals",
    "Condition",
    "Floats",
    "Ints",
    "Moment",
    "Request",
    "Rows",
    "cells_of",
    "distinct_per_cell",
    "read_rows",
    "read_totals",
]


@dataclass(frozen=True)
class Moment:
    """A weighted sum of a product of variables over rows where `present` variables are there."""

    factors: tuple[str, ...] = ()
    present: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """Variables that must be present, sorted."""
        return tuple(sorted({*self.factors, *self.present}))


@dataclass(frozen=True)
class Condition:
    """A domain: where it is true, and where it cannot be known."""

    text: str
    true: nw.Expr
    unknown: nw.Expr


@dataclass(frozen=True)
class Request:
    """What one pass is to bring back.

    Attributes
    ----------
    moments : tuple of Moment
        Weighted sums wanted.
    by_sets : tuple of tuples of str
        Groupings; the empty one is the whole domain.
    level : str, optional
        A variable whose values split every cell once more (shares of a factor).
    where : Condition, optional
    shift : dict
        Constants taken off variables before they are multiplied (squares lose digits otherwise).
    """

    moments: tuple[Moment, ...]
    by_sets: tuple[tuple[str, ...], ...] = ((),)
    level: str | None = None
    where: Condition | None = None
    shift: dict[str, float] = field(default_factory=dict)

    @property
    def presences(self) -> tuple[tuple[str, ...], ...]:
        """Distinct sets of variables that must be present."""
        return tuple(dict.fromkeys(moment.needs for moment in self.moments))


@dataclass(frozen=True)
class CellTotals:
    """Totals of one grouping, in long form by cell and sampling unit.

    Attributes
    ----------
    keys : pandas.DataFrame of shape (cells, by-columns)
        Codes of the cells.
    cell, stratum, psu, ssu, row : int arrays of shape (entries,)
        Which cell and which unit an entry belongs to (positions in the design's tables).
    values : array of shape (entries, moments)
        Weighted totals.
    rows : array of shape (entries, presences)
        Rows of positive weight in which the variables are present.
    reach : array of shape (entries, presences)
        The same with rows of zero weight: a unit seen only through them still is one of the domain's units.
    members : array of shape (entries,)
        Rows of positive weight in the cell, whether or not an outcome is there.
    replicates : array of shape (replicates, cells, moments), optional
        The totals of cells under every replicate weight.
    unknown, unplaced : int
        Rows for which the condition, or a by-column, is unknown: outside every domain.
    """

    request: Request
    by: tuple[str, ...]
    keys: pd.DataFrame
    cell: Ints
    stratum: Ints
    psu: Ints
    values: Floats
    rows: Floats
    reach: Floats
    members: Floats
    ssu: Ints | None = None
    row: Ints | None = None
    replicates: Floats | None = None
    unknown: int = 0
    unplaced: int = 0

    @property
    def cells(self) -> int:
        """Number of cells."""
        return len(self.keys)

    @cached_property
    def totals(self) -> Floats:
        """Totals by cell, shape (cells, moments)."""
        return _by_cell(self.cell, self.values, self.cells)

    @cached_property
    def n(self) -> Floats:
        """Rows with the variables present, by cell, shape (cells, presences)."""
        return _by_cell(self.cell, self.rows, self.cells)

    @cached_property
    def drawn(self) -> Floats:
        """The same with rows of zero weight."""
        return _by_cell(self.cell, self.reach, self.cells)

    @cached_property
    def size(self) -> Floats:
        """Rows of positive weight by cell."""
        return added(self.cell, self.members, self.cells)

    @cached_property
    def psu_count(self) -> Ints:
        """First-stage units that each cell reaches."""
        return distinct_per_cell(self.cell, self.psu, self.members > 0, self.cells)

    @cached_property
    def degrees_of_freedom(self) -> Floats:
        """First-stage units that each cell reaches, less their strata."""
        strata = distinct_per_cell(self.cell, self.stratum, self.members > 0, self.cells)
        return (self.psu_count - strata).astype(np.float64)

    def at(self, factors: Sequence[str] = (), present: Sequence[str] = ()) -> int:
        """Return the column of a moment."""
        return self.request.moments.index(Moment(tuple(factors), tuple(present)))

    def presence(self, *needs: str) -> int:
        """Return the column of `rows` in which all of `needs` are present."""
        return self.request.presences.index(tuple(sorted(set(needs))))

    def n_at(self, *needs: str) -> Floats:
        """Return the rows by cell in which all of `needs` are present."""
        return np.asarray(self.n[:, self.presence(*needs)])


@dataclass(frozen=True)
class Rows:
    """Rows of a domain in memory, with their place in the design.

    Attributes
    ----------
    frame : pandas.DataFrame
        The columns asked for, missing values as NaN or None.
    weight, stratum, psu, ssu, row : arrays of shape (rows,)
    """

    frame: pd.DataFrame
    weight: Floats
    stratum: Ints
    psu: Ints
    ssu: Ints | None
    row: Ints
    unknown: int = 0

    def take(self, keep: npt.NDArray[Any]) -> Rows:
        """Return some of the rows: a mask, or positions."""
        at = np.flatnonzero(keep) if keep.dtype == bool else keep
        return Rows(
            self.frame.iloc[at].reset_index(drop=True),
            self.weight[at],
            self.stratum[at],
            self.psu[at],
            None if self.ssu is None else self.ssu[at],
            self.row[at],
            self.unknown,
        )


def _by_cell(cell: Ints, values: Floats, cells: int) -> Floats:
    out = np.empty((cells, values.shape[1]))
    for j in range(values.shape[1]):
        out[:, j] = added(cell, values[:, j], cells)
    return out


def distinct_per_cell(cell: Ints, unit: Ints, keep: npt.NDArray[np.bool_], cells: int) -> Ints:
    """Return how many different units each cell has, among entries to keep."""
    span = int(unit.max(initial=0)) + 1
    pairs = distinct(cell[keep] * span + unit[keep])
    return np.bincount(pairs // span, minlength=cells)


def _weight(engine: Engine, design: Design) -> nw.Expr:
    name = design.declaration.weights
    if name is not None:
        return engine.number(name)
    anchor = nw.col(engine.columns[0]).is_null()
    return nw.when(anchor).then(1.0).otherwise(1.0)


def _sums(engine: Engine, design: Design, request: Request) -> dict[str, nw.Expr]:
    """Columns whose sums by cell and unit are the totals."""
    weight = _weight(engine, design)
    inside = weight > 0 if request.where is None else (weight > 0) & request.where.true
    zeros = design.n_positive < design.n
    reached = weight >= 0 if request.where is None else request.where.true
    out = {"_members": nw.when(inside).then(1.0).otherwise(0.0)}
    if request.where is not None:
        out["_unknown"] = nw.when(request.where.unknown).then(1.0).otherwise(0.0)
    there = {}
    for i, needs in enumerate(request.presences):
        there[needs], seen = inside, reached
        for name in needs:
            there[needs], seen = there[needs] & engine.present(name), seen & engine.present(name)
        out[f"_rows{i}"] = nw.when(there[needs]).then(1.0).otherwise(0.0)
        if zeros:
            out[f"_reach{i}"] = nw.when(seen).then(1.0).otherwise(0.0)
    for i, moment in enumerate(request.moments):
        value = weight
        for name in moment.factors:
            shift = request.shift.get(name, 0.0)
            value = value * (engine.number(name) - shift if shift else engine.number(name))
        out[f"_sum{i}"] = nw.when(there[moment.needs]).then(value).otherwise(0.0)
    return out


def read_totals(engine: Engine, design: Design, request: Request) -> tuple[CellTotals, ...]:
    """Make the one pass and return the totals of every grouping of the request."""
    split = [request.level] if request.level else []
    by = list(dict.fromkeys([*(name for names in request.by_sets for name in names), *split]))
    engine.require(by, "by")
    places = [name for name in design.key_columns() if name not in by]
    keys = {name: engine.clean(name) for name in (*by, *places)}
    sums = _sums(engine, design, request)
    where = None if request.where is None else request.where.true | request.where.unknown
    if design.psu is None or design.row_level:
        frame = engine.selected({**keys, **sums}, where)
    else:
        frame = engine.grouped(keys, sums, where)
    return split_totals(design, request, frame)


def split_totals(design: Design, request: Request, frame: pd.DataFrame) -> tuple[CellTotals, ...]:
    """Turn aggregated rows (or single rows) into the totals of every grouping."""
    stratum, psu, ssu = design.locate(frame)
    values = frame[[f"_sum{i}" for i in range(len(request.moments))]].to_numpy(np.float64)
    if design.unit_weight is not None:
        unit = stratum if design.psu is None else psu
        values = values * design.unit_weight[unit][:, None]
    rows = frame[[f"_rows{i}" for i in range(len(request.presences))]].to_numpy(np.float64)
    reach = rows
    if request.presences and "_reach0" in frame.columns:
        reach = frame[[f"_reach{i}" for i in range(len(request.presences))]].to_numpy(np.float64)
    members = frame["_members"].to_numpy(np.float64)
    unknown = int(frame["_unknown"].sum()) if "_unknown" in frame.columns else 0
    out = []
    for names in request.by_sets:
        split = (*names, request.level) if request.level and request.level not in names else names
        keys, cell = cells_of(frame, split)
        keep = cell >= 0
        out.append(
            CellTotals(
                request,
                names,
                keys,
                cell[keep],
                stratum[keep],
                psu[keep],
                values[keep],
                rows[keep],
                reach[keep],
                members[keep],
                None if ssu is None else ssu[keep],
                np.flatnonzero(keep) if design.row_level else None,
                None,
                unknown,
                int(members[~keep].sum()),
            )
        )
    return tuple(out)


def cells_of(frame: pd.DataFrame, names: Sequence[str]) -> tuple[pd.DataFrame, Ints]:
    """Return the table of cells (sorted by code) and the cell of each row; -1 where a code is missing."""
    if not names:
        return pd.DataFrame(index=range(1)), np.zeros(len(frame), np.int64)
    codes: list[Any] = []
    levels: list[Any] = []
    for name in names:
        code, level = pd.factorize(frame[name], sort=False)
        order = _sorted_positions(level)
        codes.append(np.where(code < 0, -1, order[code]))
        levels.append(np.asarray(level, dtype=object)[np.argsort(order)])
    key = np.zeros(len(frame), np.int64)
    for code, level in zip(codes, levels, strict=True):
        key = np.where((code < 0) | (key < 0), -1, key * max(len(level), 1) + code)
    cells, inverse = numbered(key[key >= 0])
    cell = np.full(len(frame), -1, np.int64)
    cell[key >= 0] = inverse
    table, rest = {}, cells.copy()
    for name, level in zip(reversed(list(names)), reversed(levels), strict=True):
        table[name] = level[rest % max(len(level), 1)] if len(level) else np.zeros(0, dtype=object)
        rest = rest // max(len(level), 1)
    return pd.DataFrame({name: table[name] for name in names}), cell


def _sorted_positions(level: Any) -> Ints:
    """Rank of each code: numbers by size, text by letters, mixtures by their text."""
    values = np.asarray(level, dtype=object)
    try:
        order = sorted(range(len(values)), key=lambda i: values[i])
    except TypeError:
        order = sorted(range(len(values)), key=lambda i: str(values[i]))
    rank = np.empty(len(values), np.int64)
    rank[order] = np.arange(len(values))
    return rank


def read_rows(engine: Engine, design: Design, columns: Sequence[str], where: Condition | None = None) -> Rows:
    """Bring the rows of a domain into memory (for fits and ranks, which need single rows)."""
    engine.require(columns, "variable")
    wanted = {name: engine.clean(name) for name in dict.fromkeys([*columns, *design.key_columns()])}
    wanted["_weight"] = _weight(engine, design)
    if where is not None:
        wanted["_true"] = nw.when(where.true).then(1).otherwise(0)
        wanted["_unknown"] = nw.when(where.unknown).then(1).otherwise(0)
    frame = engine.selected(wanted)
    stratum, psu, ssu = design.locate(frame)
    weight = frame["_weight"].to_numpy(np.float64)
    if design.unit_weight is not None:
        weight = weight * design.unit_weight[stratum if design.psu is None else psu]
    unknown = 0 if where is None else int(frame["_unknown"].sum())
    rows = Rows(frame[list(columns)], weight, stratum, psu, ssu, np.arange(len(frame)), unknown)
    return rows if where is None else rows.take(frame["_true"].to_numpy() == 1)
