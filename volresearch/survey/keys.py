"""Tables of keys: values of one or several columns as positions 0, 1, 2 ..."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["KeyTable", "key_frame"]

Ints = npt.NDArray[np.int64]


def _index(values: Any) -> Any:
    """Values as an index in which 1, 1.0 and nothing else are one."""
    if values.dtype == object or isinstance(values.dtype, pd.StringDtype | pd.CategoricalDtype):
        return pd.Index(values.astype(object))
    return pd.Index(values)


@dataclass(frozen=True)
class KeyTable:
    """Distinct combinations of key columns, each at a position.

    >>> table = KeyTable.of(pd.DataFrame({"a": [1, 1, 2], "b": ["x", "y", "x"]}), ("a", "b"))
    >>> table.find(pd.DataFrame({"a": [2, 1], "b": ["x", "y"]})).tolist()
    [2, 1]
    """

    names: tuple[str, ...]
    values: pd.DataFrame
    levels: tuple[Any, ...]
    lookup: Ints

    @classmethod
    def of(cls, frame: pd.DataFrame, names: Sequence[str]) -> KeyTable:
        """Make a table of the combinations found in `frame`, in sorted order where values can be sorted."""
        if not names:
            return cls((), pd.DataFrame(index=range(1)), (), np.zeros(1, np.int64))
        levels = tuple(_levels(_index(frame[name])) for name in names)
        key = _combined(frame, names, levels)
        distinct, first = np.unique(key, return_index=True)
        values = frame.iloc[first][list(names)].reset_index(drop=True)
        return cls(tuple(names), values, levels, distinct)

    def __len__(self) -> int:
        return len(self.lookup)

    def find(self, frame: pd.DataFrame) -> Ints:
        """Return the position of each row's combination; -1 where it is not in the table."""
        if not self.names:
            return np.zeros(len(frame), np.int64)
        key = _combined(frame, self.names, self.levels)
        at = np.searchsorted(self.lookup, key)
        at = np.minimum(at, len(self.lookup) - 1)
        return np.where(self.lookup[at] == key, at, -1)

    def name(self, position: int) -> str:
        """Return a combination in words."""
        if not self.names:
            return "the whole sample"
        row = self.values.iloc[position]
        return ", ".join(f"{name} {row[name]}" for name in self.names)


def _levels(index: Any) -> Any:
    unique = index.unique()
    try:
        return unique.sort_values()
    except TypeError:
        return unique


def _combined(frame: pd.DataFrame, names: Sequence[str], levels: Sequence[Any]) -> Ints:
    key = np.zeros(len(frame), np.int64)
    for name, level in zip(names, levels, strict=True):
        codes = level.get_indexer(_index(frame[name]))
        key = np.where((codes < 0) | (key < 0), -1, key * len(level) + codes)
    return key


def key_frame(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the named columns with a fresh index."""
    return frame[list(names)].reset_index(drop=True)
