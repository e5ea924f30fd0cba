"""Rows of a text file one by one, for all that is odd: rows of several lengths, stray returns, quotes left open."""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from volresearch.datasets.readers.encoding import Decoded
from volresearch.datasets.readers.found import Note
from volresearch.datasets.readers.text_layout import MAX_CELL, MAX_COLUMNS, Layout
from volresearch.errors import VolResearchError, Where

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Lengths", "frame_of_rows", "rows_of"]

_BATCH_CELLS = 400_000
_SHOWN = 5
_LIMIT = threading.Lock()


@dataclass
class Lengths:
    """Rows that are longer or shorter than the header."""

    short: int = 0
    long: int = 0
    first_short: list[int] = field(default_factory=list)
    first_long: list[int] = field(default_factory=list)

    def count(self, row: int, cells: int, width: int) -> None:
        """Count a row, by its number from 1."""
        if cells < width:
            self.short += 1
            if len(self.first_short) < _SHOWN:
                self.first_short.append(row)
        elif cells > width:
            self.long += 1
            if len(self.first_long) < _SHOWN:
                self.first_long.append(row)

    def notes(self, where: Where, width: int) -> tuple[Note, ...]:
        """Return what a person should know of short rows."""
        if not self.short:
            return ()
        told = rows_told(self.first_short, self.short)
        have = "row has" if self.short == 1 else "rows have"
        said = f"{self.short:,} {have} fewer than {width} cells: {told}. What is not there is missing."
        return (Note(said, Where(file=where.file, row=self.first_short[0])),)


def rows_told(first: list[int], count: int) -> str:
    """Return row numbers as words: ``rows 3, 4 and others``."""
    shown = ", ".join(str(row) for row in first)
    return f"row{'s' if count > 1 else ''} {shown}{' and others' if count > len(first) else ''}"


def rows_of(text: Decoded, layout: Layout, where: Where) -> Iterator[list[str]]:
    """Return the rows below the header, each as long as it is.

    Blank lines are no rows, but in a file of one column, where a blank line is an empty cell (at the end it is none).

    Raises
    ------
    VolResearchError
        ``read.limit`` for a cell of more than 16 MB or a row of more than 100,000 cells; ``read.file`` for a
        quote that is never closed.
    """
    with _large_cells(), text.path.open(encoding="utf-8-sig", newline="") as stream:
        for _ in range(layout.skipped):
            stream.readline()
        reader = csv.reader(
            _bounded(stream, where),
            delimiter=layout.delimiter,
            quoting=csv.QUOTE_MINIMAL if layout.quoting else csv.QUOTE_NONE,
        )
        try:
            rows = _filled(reader) if layout.width > 1 else _single(reader)
            next(rows, None)  # the header
            for row in rows:
                if len(row) > MAX_COLUMNS:
                    raise _too_long(reader.line_num, where)
                yield row
        except csv.Error as error:
            raise VolResearchError(
                "read.limit" if "limit" in str(error) else "read.file",
                f"This line cannot be read: {error}.",
                where=Where(file=where.file, line=reader.line_num + layout.skipped),
                expected=f"cells of at most {MAX_CELL >> 20} MB",
            ) from None


def frame_of_rows(text: Decoded, layout: Layout, where: Where) -> tuple[pd.DataFrame, Lengths]:
    """Return the rows as a frame of text with columns 0, 1, 2, ..., an empty cell as NA."""
    import pandas as pd

    lengths, width = Lengths(), layout.width
    frames: list[pd.DataFrame] = []
    batch: list[list[str]] = []
    size = max(1, _BATCH_CELLS // width)
    for number, row in enumerate(rows_of(text, layout, where), 1):
        lengths.count(number, len(row), width)
        batch.append(row)
        if len(batch) >= size:
            frames.append(_frame(batch, width))
            batch = []
    frames.append(_frame(batch, width))
    frame = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    return frame.astype("str") if frame.dtypes.eq("object").any() else frame, lengths


def _frame(rows: list[list[str]], width: int) -> pd.DataFrame:
    import pandas as pd

    width = max(width, max(map(len, rows), default=0))
    columns = zip(*(row + [""] * (width - len(row)) for row in rows), strict=True) if rows else [()] * width
    cells = {at: pd.array([one or None for one in column], dtype="str") for at, column in enumerate(columns)}
    return pd.DataFrame(cells)


def _filled(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    return (row for row in reader if row)


def _single(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """Give rows of one cell; blank lines count only where another row follows."""
    blank, started = 0, False
    for row in reader:
        if row:
            yield from ([""] for _ in range(blank if started else 0))
            blank, started = 0, True
            yield row
        else:
            blank += 1


def _bounded(stream: TextIO, where: Where) -> Iterator[str]:
    """Give the lines; one that is longer than two cells may be is not held in memory."""
    number = 0
    while line := stream.readline(2 * MAX_CELL):
        number += 1
        if len(line) >= 2 * MAX_CELL:
            raise VolResearchError(
                "read.limit",
                f"This line is longer than {2 * MAX_CELL >> 20} MB.",
                where=Where(file=where.file, line=number),
                hint="Is a quote left open, or is this no text file?",
            )
        yield line


def _too_long(line: int, where: Where) -> VolResearchError:
    return VolResearchError(
        "read.limit",
        f"This row has more than {MAX_COLUMNS:,} cells.",
        where=Where(file=where.file, line=line),
        expected=f"at most {MAX_COLUMNS:,} columns",
    )


@contextmanager
def _large_cells() -> Iterator[None]:
    """Let the csv module read cells of our limit; its own limit is one for the whole program."""
    with _LIMIT:
        before = csv.field_size_limit(MAX_CELL)
    try:
        yield
    finally:
        with _LIMIT:
            csv.field_size_limit(before)
