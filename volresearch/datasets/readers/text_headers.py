"""Names of columns from a header as people write it: empty, doubled, one short; nothing is shifted, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from volresearch.datasets.readers.found import Note
from volresearch.datasets.readers.text_rows import rows_told
from volresearch.errors import Where

__all__ = ["ROW_NAME", "Cells", "Columns", "columns_of", "unique"]

#: Column of the row names that R writes; a structure of the file, where it only counts.
ROW_NAME = "row_name"
_NUMBER = re.compile(r"[+-]?[\d.,]*\d")
_SHOWN = 5


class Cells(Protocol):
    """What must be known of the cells below a header; columns are counted from 0, rows from 1."""

    def filled(self, column: int) -> tuple[int, list[int]]:
        """Return how many cells of a column are filled, and the first rows of these."""

    def counts(self, column: int) -> bool:
        """Whether a column holds 1, 2, 3, ... and nothing else."""


@dataclass(frozen=True)
class Columns:
    """Which columns are kept, by their place, how they are called, and whether the first holds row names that only count."""

    places: tuple[int, ...]
    names: tuple[str, ...]
    notes: tuple[Note, ...] = ()
    row_names: bool = False


def columns_of(header: Sequence[str], width: int, cells: Cells, where: Where) -> Columns:
    """Return the columns of a table.

    Parameters
    ----------
    header : sequence of str
        Cells of the first row.
    width : int
        Columns that there are, more than the header has where rows are longer.
    cells : Cells
        What is below.
    where : Where
        The file.
    """
    names: list[str | None] = [name.strip("\ufeff \t\r\n") for name in header]
    if width == len(header) + 1 and cells.filled(width - 1)[0] and cells.counts(0):
        told = "The rows have one cell more than the header, and the first is 1, 2, 3, ...: row names of R."
        named = columns_of(["", *header], width, cells, where)
        return Columns(named.places, named.names, (Note(told, where), *named.notes[1:]), row_names=True)
    notes: list[Note] = []
    numbers = [name for name in names if name and _NUMBER.fullmatch(name)]
    if numbers and len(numbers) == len(names):
        notes.append(
            Note(
                "The first line holds numbers only; it was taken as the header.",
                Where(file=where.file, line=1),
            )
        )
    row_names = bool(names) and not names[0] and cells.counts(0)
    if row_names:
        notes.insert(0, Note("The first column has no name and is 1, 2, 3, ...: row names of R.", where))
    names += _extra(len(header), width, cells, notes, where)
    names = _nameless(names, len(header), cells, notes, where, row_names)
    kept = [(place, name) for place, name in enumerate(names) if name is not None]
    called, twice = unique([name for _, name in kept])
    if twice:
        shown = ", ".join(f'"{old}" is "{new}" here' for old, new in twice[:_SHOWN])
        more = f", and {len(twice) - _SHOWN} others" if len(twice) > _SHOWN else ""
        notes.append(Note(f"Names that stand in the header twice: the later {shown}{more}.", where))
    return Columns(tuple(place for place, _ in kept), tuple(called), tuple(notes), row_names)


def _extra(start: int, width: int, cells: Cells, notes: list[Note], where: Where) -> list[str | None]:
    """Name what stands beyond the header: what is empty in all rows is left out, the rest is kept."""
    out: list[str | None] = []
    empty = 0
    for place in range(start, width):
        count, first = cells.filled(place)
        if not count:
            empty += 1
            out.append(None)
            continue
        out.append(f"extra_{place - start + 1}")
        told = f"Cells beyond the header ({start} columns) are kept in the column {out[-1]}: {rows_told(first, count)}."
        if len(notes) < 4 * _SHOWN:
            notes.append(Note(told, Where(file=where.file, row=first[0])))
    if empty:
        cell = "cell" if empty == 1 else "cells"
        told = f"Rows have {empty} {cell} more than the header ({start} columns), empty in all of them: left out."
        notes.append(Note(told, where))
    return out


def _nameless(
    names: list[str | None], headed: int, cells: Cells, notes: list[Note], where: Where, row_names: bool
) -> list[str | None]:
    """Name columns whose header is empty; those that hold nothing either are left out."""
    out: list[str | None] = []
    given, dropped = [], 0
    for place, name in enumerate(names):
        if name != "" or place >= headed:
            out.append(name)
        elif place == 0 and row_names:
            out.append(ROW_NAME)
        elif not cells.filled(place)[0]:
            dropped += 1
            out.append(None)
        else:
            given.append(ROW_NAME if place == 0 else f"column_{place + 1}")
            out.append(given[-1])
    if dropped:
        notes.append(Note(f"{dropped} columns have no name and hold nothing: left out.", where))
    if given:
        shown = ", ".join(given[:_SHOWN]) + (" and others" if len(given) > _SHOWN else "")
        notes.append(Note(f"Columns without a name in the header are called {shown} here.", where))
    return out


def unique(names: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the names with a number behind those that came before, and which were changed to what.

    >>> unique(["a", "b", "a", "a_2"])
    (['a', 'b', 'a_3', 'a_2'], [('a', 'a_3')])
    """
    taken, seen = set(names), set[str]()
    last: dict[str, int] = {}
    out, changed = [], []
    for name in names:
        new = name
        if name in seen:
            number = last.get(name, 1) + 1
            while f"{name}_{number}" in taken:
                number += 1
            last[name] = number
            new = f"{name}_{number}"
            taken.add(new)
            changed.append((name, new))
        seen.add(new)
        out.append(new)
    return out, changed
