"""Objects of JSON as tables of text: a path for every value, a linked table for every list of objects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from volresearch.datasets.readers.found import Link, Note, RawTable, some
from volresearch.datasets.readers.repeats import INDEX, PARENT_INDEX, numbered
from volresearch.errors import VolResearchError, Where
from volresearch.instruments.xlsform.workbook import text_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MAX_CELLS", "MAX_COLUMNS", "MAX_DEPTH", "tables_of"]

#: Groups and repeats inside each other.
MAX_DEPTH = 24
MAX_COLUMNS = 20_000
MAX_TABLES = 256
MAX_CELLS = 100_000_000
_SYSTEM = "__system"
_NAVIGATION = "@odata.navigationLink"


@dataclass
class _Rows:
    """The rows of one table on the way: its path, and the row above each."""

    path: str
    parent: str | None
    rows: list[dict[str, str]] = field(default_factory=list)
    above: list[int] = field(default_factory=list)
    columns: dict[str, None] = field(default_factory=dict)


def tables_of(
    objects: Iterable[Any], name: str, where: Where
) -> tuple[tuple[RawTable, ...], tuple[Note, ...]]:
    """Return submissions as tables: the main one first, repeats linked by row numbers.

    Parameters
    ----------
    objects : iterable of dict
        Submissions. Keys are paths (``group/question``), or groups are objects themselves.
    name : str
        Of the main table.
    where : Where
        The file, for errors.

    Returns
    -------
    tuple of RawTable, tuple of Note
        Values as text; ``null`` and empty text are NA; lists and objects that are no repeats and no groups (files,
        places on a map) are JSON text.

    Raises
    ------
    VolResearchError
        ``read.format`` for what is no object, ``read.limit`` for more than memory holds.
    """
    reading = _Reading(where)
    for number, one in enumerate(objects, start=1):
        if not isinstance(one, Mapping):
            raise VolResearchError(
                "read.format",
                "This is no list of submissions.",
                where=Where(file=where.file, row=number),
                expected="an object for each: {...}",
                got=text_of(one)[:60],
            )
        reading.row("", one, 0, 0)
    return reading.tables(name), tuple(reading.notes())


class _Reading:
    """Collects rows, table by table, and stops at what no file of submissions has."""

    def __init__(self, where: Where) -> None:
        self.where = where
        self.found = {"": _Rows("", None)}
        self.empty = 0
        self.elsewhere: dict[str, None] = {}

    def row(self, path: str, given: Mapping[str, Any], above: int, depth: int) -> None:
        """Add an object as a row of the table of a path, and the repeats inside it as rows of theirs."""
        table = self.found[path]
        cells: dict[str, str] = {}
        table.rows.append(cells)
        table.above.append(above)
        number = len(table.rows)
        for header, value in self._flat(path, given, depth):
            if isinstance(value, list):
                self._repeat(header, value, path, number, depth)
            elif value is not None and (text := _text(value)):
                while header in cells or header in {INDEX, PARENT_INDEX}:
                    header += "_2"
                cells[header] = text
            table.columns.setdefault(header) if not isinstance(value, list) else None
        self._bound(len(table.columns), MAX_COLUMNS, "columns")
        self._bound(len(table.columns) * number, MAX_CELLS, "cells")

    def _repeat(self, path: str, values: list[Any], parent: str, above: int, depth: int) -> None:
        if not values:
            return
        table = self.found.setdefault(path, _Rows(path, parent))
        self._bound(len(self.found), MAX_TABLES, "repeats")
        if table.parent != parent:
            path = f"{path}_2"
            self.found.setdefault(path, _Rows(path, parent))
        for one in values:
            if one:
                self.row(path, one, above, depth + 1)
            else:
                self.empty += 1

    def _flat(self, prefix: str, given: Mapping[str, Any], depth: int) -> Iterator[tuple[str, Any]]:
        """Yield every value with its path; groups that are objects are walked into."""
        self._bound(depth, MAX_DEPTH, "groups inside each other")
        for key, value in given.items():
            if key.endswith(_NAVIGATION):
                self.elsewhere.setdefault(key.removesuffix(_NAVIGATION))
                continue
            header = _header(prefix, str(key))
            if _is_group(key, value):
                yield from self._flat(header, value, depth + 1)
            elif _is_repeat(key, value) or not isinstance(value, list | Mapping):
                yield header, value
            elif value or key.startswith("_"):
                yield header, json.dumps(value, ensure_ascii=False)

    def tables(self, name: str) -> tuple[RawTable, ...]:
        names = _names(self.found, name)
        parents = {table.parent for table in self.found.values()}
        return tuple(self._table(table, names, table.path in parents) for table in self.found.values())

    def _table(self, table: _Rows, names: Mapping[str, str], is_parent: bool) -> RawTable:
        frame = _frame(table)
        hidden = set()
        link = None
        if is_parent or table.parent is not None:
            frame[INDEX] = numbered(range(1, len(frame) + 1), False)
            hidden.add(INDEX)
        if table.parent is not None:
            frame[PARENT_INDEX] = numbered(table.above, False)
            hidden.add(PARENT_INDEX)
            link = Link(names[table.parent], INDEX, PARENT_INDEX)
        return RawTable(names[table.path], frame, link=link, hidden=frozenset(hidden))

    def notes(self) -> Iterator[Note]:
        if self.empty:
            yield Note(f"{self.empty} empty rows of repeats were passed over.", self.where)
        if self.elsewhere:
            shown = some(self.elsewhere, 10)
            yield Note(
                f"Tables that stand elsewhere, under a link: {shown}. Fetch them with $expand=*.", self.where
            )

    def _bound(self, value: int, most: int, what: str) -> None:
        if value > most:
            raise VolResearchError(
                "read.limit",
                f"This file has more than {most:,} {what}.",
                where=self.where,
                expected=f"at most {most:,}",
            )


def _header(prefix: str, key: str) -> str:
    """Return the path of a key: some tools repeat the whole path on every key inside a repeat."""
    if not prefix or key.startswith((f"{prefix}/", "__")):
        return key
    return f"{prefix}/{key}"


def _is_group(key: str, value: Any) -> bool:
    if not isinstance(value, Mapping) or not value:
        return False
    return key == _SYSTEM or not (key.startswith("_") or {"type", "coordinates"} <= set(value))


def _is_repeat(key: str, value: Any) -> bool:
    # Lists of what the server adds (_attachments, _notes) are no answers.
    rows = isinstance(value, list) and all(isinstance(one, Mapping) for one in value)
    return rows and not key.rpartition("/")[2].startswith("_")


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else text_of(value)


def _names(paths: Iterable[str], main: str) -> dict[str, str]:
    """Return a name for each table: the last step of its path where no other ends so."""
    tails = [path.rpartition("/")[2] for path in paths]
    out: dict[str, str] = {}
    for path, tail in zip(paths, tails, strict=True):
        new = (tail if tails.count(tail) == 1 and tail != main else path.replace("/", "_")) if path else main
        while new in out.values():
            new += "_2"
        out[path] = new
    return out


def _frame(table: _Rows) -> pd.DataFrame:
    import pandas as pd

    columns = {name: pd.array([row.get(name) for row in table.rows], dtype="str") for name in table.columns}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(table.rows)))
