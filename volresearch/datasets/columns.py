"""Columns of a frame, whether it is in memory (pandas) or lazy (a DuckDB relation): only what is asked for is brought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["brought", "has_column", "in_memory", "is_lazy", "literal", "names_of", "quoted", "rows_in"]


def is_lazy(frame: Any) -> bool:
    """Whether the rows of a frame are not in memory."""
    return type(frame).__name__ == "DuckDBPyRelation"


def names_of(frame: Any) -> list[str]:
    """Return the names of the columns."""
    return [str(name) for name in frame.columns]


def has_column(frame: Any, name: str) -> bool:
    """Whether a frame has a column: found by its hash where there are thousands."""
    return name in frame.columns


def rows_in(frame: Any) -> int:
    """Return the number of rows; of a lazy frame they are counted where they are."""
    if is_lazy(frame):
        return int(frame.aggregate("count(*)").fetchall()[0][0])
    return len(frame)


def brought(frame: Any, names: Sequence[str]) -> pd.DataFrame:
    """Return some columns in memory; of a frame in memory, its own rows."""
    if not is_lazy(frame):
        return frame[list(names)]  # type: ignore[no-any-return]
    return in_memory(frame.project(", ".join(quoted(name) for name in names)))


def in_memory(frame: Any) -> pd.DataFrame:
    """Return a frame as pandas, all its rows."""
    if not is_lazy(frame):
        return frame  # type: ignore[no-any-return]
    out = frame.df()
    # A column of text that is empty in every row comes as objects.
    texts = [name for name, kind in zip(frame.columns, frame.types, strict=True) if str(kind) == "VARCHAR"]
    return out.astype(dict.fromkeys(texts, "str"))  # type: ignore[no-any-return]


def quoted(name: str) -> str:
    """Return a name as SQL writes it.

    >>> print(quoted('a "b" c'))
    "a ""b"" c"
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL writes it.

    >>> literal("don't know")
    "'don''t know'"
    """
    return "'" + text.replace("'", "''") + "'"
