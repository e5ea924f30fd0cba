"""Linked tables joined: every row of a repeat with what stands above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volresearch.datasets.columns import in_memory
from volresearch.errors import VolResearchError, near

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.datasets.dataset import Dataset

__all__ = ["joined"]


def joined(dataset: Dataset, table: str) -> pd.DataFrame:
    """Return the rows of a linked table, in their order, with the columns of every table above it.

    Parameters
    ----------
    dataset : Dataset
    table : str
        A linked table: one that names its ``parent``.

    Returns
    -------
    pandas.DataFrame
        One row for each row of `table`; a column whose name the lower table has too is called ``<table>.<name>``.
        A row without a parent has NA there.

    Raises
    ------
    VolResearchError
        ``dataset.variable`` for an unknown table, or one that is linked to nothing.
    """
    declared = dataset.declaration.tables
    if table not in declared or not declared[table].parent:
        linked = [name for name, one in declared.items() if one.parent]
        raise VolResearchError(
            "dataset.variable", f'"{table}" is no linked table of "{dataset.id}".', hint=near(table, linked)
        )
    out = in_memory(dataset.tables[table])
    link = declared[table]
    key = link.parent_key
    while link.parent:
        above = in_memory(dataset.tables[link.parent])
        names = {
            name: f"{link.parent}.{name}" if name in out.columns else str(name) for name in above.columns
        }
        out = out.merge(
            above.rename(columns=names),
            how="left",
            left_on=key,
            right_on=names[link.key],
            validate="many_to_one",
        )
        key = names.get(declared[link.parent].parent_key, "")
        link = declared[link.parent]
    return out
