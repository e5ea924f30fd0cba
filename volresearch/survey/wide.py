"""Cells split by a factor's level, put side by side: one column of totals for each level."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from volresearch.survey.totals import CellTotals, Moment, Request, _sorted_positions
from volresearch.survey.variance import Floats, Ints

__all__ = ["levels_wide"]


def levels_wide(totals: CellTotals, name: str) -> tuple[CellTotals, list[Any], Floats]:
    """Return totals by the cells without the level, the levels, and rows by cell and level.

    The moments of the wide totals are: all levels together, then each level.
    """
    labels = totals.keys[name]
    codes, found = pd.factorize(labels)
    rank = _sorted_positions(found)
    level = rank[codes] if len(found) else np.zeros(0, np.int64)
    levels = [found[i] for i in np.argsort(rank)]
    cell_of, keys = _outer_cells(totals)
    width = len(levels)
    cell = cell_of[totals.cell]
    at = level[totals.cell]
    values = np.zeros((len(cell), width + 1))
    values[:, 0] = totals.values[:, 0]
    values[np.arange(len(cell)), at + 1] = totals.values[:, 0]
    counts = np.zeros((len(keys), width))
    np.add.at(counts, (cell_of, level), totals.n[:, 0])
    request = Request(
        (Moment((), (name,)), *(Moment((f"{name}={one}",), (name,)) for one in levels)),
        totals.request.by_sets,
        None,
        totals.request.where,
    )
    wide = replace(
        totals,
        request=request,
        keys=keys,
        cell=cell,
        values=values,
        rows=totals.rows[:, :1],
        reach=totals.reach[:, :1],
        replicates=_replicates(totals, cell_of, level, len(keys), width),
    )
    return wide, levels, counts


def _outer_cells(totals: CellTotals) -> tuple[Ints, pd.DataFrame]:
    """Return the outer cell of every (cell, level), and the table of outer cells, keeping their order."""
    if not totals.by:
        return np.zeros(totals.cells, np.int64), pd.DataFrame(index=range(1))
    columns = list(totals.by)
    outer = totals.keys[columns]
    first = ~outer.duplicated()
    keys = outer[first].reset_index(drop=True)
    index = pd.MultiIndex.from_frame(keys)
    return index.get_indexer(pd.MultiIndex.from_frame(outer)).astype(np.int64), keys


def _replicates(totals: CellTotals, cell_of: Ints, level: Ints, cells: int, width: int) -> Floats | None:
    if totals.replicates is None:
        return None
    out = np.zeros((len(totals.replicates), cells, width + 1))
    for i in range(totals.cells):
        out[:, cell_of[i], level[i] + 1] += totals.replicates[:, i, 0]
        out[:, cell_of[i], 0] += totals.replicates[:, i, 0]
    return out
