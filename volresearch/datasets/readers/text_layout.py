"""How a text file is laid out as a table: its delimiter, its header, and where its rows begin."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from volresearch.datasets.readers.encoding import Decoded
from volresearch.errors import VolResearchError, Where

__all__ = ["MAX_CELL", "MAX_COLUMNS", "Layout", "laid_out"]

MAX_COLUMNS = 100_000
#: Characters of one cell, and of what is looked at to find the layout.
MAX_CELL = 16 << 20
_SAMPLE = 1 << 18
_ROWS = 300
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_SEP = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """Where the cells of a text file are.

    Attributes
    ----------
    delimiter : str
    header : tuple of str
        Cells of the first row, as they stand.
    width : int
        Columns that most rows have; more than the header has, where rows are longer.
    why : str
        The delimiter, and how it was found.
    skipped : int
        Lines before the header: the ``sep=`` of Excel.
    quoting : bool
        Whether ``"`` encloses cells.
    simple : bool
        Whether the header is one line right at the start.
    wrapped : bool
        Whether a cell of the first rows holds a line end.
    """

    delimiter: str
    header: tuple[str, ...]
    width: int
    why: str
    skipped: int = 0
    quoting: bool = True
    simple: bool = True
    wrapped: bool = False


@dataclass(frozen=True)
class _Try:
    """A delimiter, tried on the first rows."""

    delimiter: str
    header: list[str]
    widths: list[int]
    wrapped: bool

    @property
    def width(self) -> int:
        """The number of cells that most rows below the header have."""
        return Counter(self.widths[1:] or self.widths).most_common(1)[0][0]

    @property
    def share(self) -> float:
        """Share of the rows with as many cells as most rows; less where the header has another number."""
        same = self.widths.count(self.width) / len(self.widths)
        return same * (
            1 if self.width == len(self.header) else 0.9 if self.width == len(self.header) + 1 else 0.5
        )

    @property
    def fits(self) -> bool:
        """Whether it makes a table: rows of one length, or none longer than a header of several cells."""
        if max(len(self.header), self.width) < 2:
            return False
        within = sum(2 <= width <= len(self.header) for width in self.widths) / len(self.widths)
        return self.share >= 0.6 or (len(self.header) >= 3 and within >= 0.9)


def laid_out(text: Decoded, where: Where) -> Layout:
    """Return the layout of a text, from its first rows.

    Raises
    ------
    VolResearchError
        ``read.file`` for running text, ``read.limit`` for more than 100,000 columns or a line of more than 16 MB.
    """
    sample, whole = _sample(text, where)
    told = _SEP.match(sample)
    if told:
        sample = sample[told.end() :]
    lines = [line for line in sample.splitlines()[:_ROWS] if line.strip()]
    if not lines:
        raise no_table(where)
    candidates = {told[1]: f'"{told[1]}"'} if told else _DELIMITERS
    tries = [_tried(sample, delimiter, whole) for delimiter in candidates]
    fitting = tries if told else [one for one in tries if one.fits]
    if not fitting:
        return _one_column(lines, tries, sample, where)
    best = max(fitting, key=lambda one: (round(one.share, 1), one.width, one.share))
    if max(best.width, len(best.header)) > MAX_COLUMNS:
        raise VolResearchError(
            "read.limit",
            f"The first line has {len(best.header):,} cells.",
            where=Where(file=where.file, line=1),
            expected=f"at most {MAX_COLUMNS:,} columns",
        )
    named = _DELIMITERS.get(best.delimiter, best.delimiter)
    rows = len(best.widths)
    why = f'{named} (the first line says "sep=")' if told else f"{named} ({_reason(best, rows)})"
    return _layout(best, why, sample, 1 if told else 0)


def no_table(where: Where) -> VolResearchError:
    """Return the error for a file without any cell."""
    return VolResearchError(
        "read.file",
        "The file holds no table: it is empty, or blank from end to end.",
        where=where,
        hint="Export it again; an export without answers often gives such a file.",
    )


def _reason(best: _Try, rows: int) -> str:
    if rows == 1:
        return f"{len(best.header)} cells in the header; there is no other row"
    same = best.widths[1:].count(best.width)
    return f"{best.width} cells in {same} of the first {rows - 1} rows, {len(best.header)} in the header"


def _layout(best: _Try, why: str, sample: str, skipped: int) -> Layout:
    header = list(best.header)
    # A header that ends in delimiters which no row has: these are no columns.
    while len(header) > best.width and not header[-1].strip() and len(best.widths) > 1:
        header.pop()
    simple = not sample.startswith(("\n", "\r")) and not any("\n" in one or "\r" in one for one in header)
    simple = simple and len(header) == len(best.header)
    return Layout(
        best.delimiter,
        tuple(header),
        max(best.width, len(header)),
        why,
        skipped,
        simple=simple,
        wrapped=best.wrapped,
    )


def _one_column(lines: list[str], tries: list[_Try], sample: str, where: Where) -> Layout:
    """Return the layout of a text without delimiters; running text is no table."""
    words = sum(len(line.split()) for line in lines) / len(lines)
    delimited = any(max(one.widths) > 1 for one in tries)
    title = len(lines[0].split())
    program = delimited and re.search(r"[{}<>=();]", lines[0])
    if program or (delimited and title > 3) or (title > 3 and words > 8) or (len(lines) == 1 and title > 5):
        raise VolResearchError(
            "read.file",
            "This reads as running text, not as a table.",
            where=where,
            expected="rows with the same number of cells, parted by comma, semicolon, tab or pipe",
            got=f'"{lines[0][:60]}"',
        )
    first = next(csv.reader(io.StringIO(sample.lstrip("\r\n"), newline=""), delimiter="\x1f"))
    why = (
        "none (one column)" if not delimited else "none (no delimiter stands in the same number in the rows)"
    )
    return Layout("\x1f", (first[0],), 1, why, simple=False)


def _sample(text: Decoded, where: Where) -> tuple[str, bool]:
    """Return the first rows, at least one whole line, and whether that is the whole file."""
    with text.path.open("rb") as stream:
        stream.seek(text.start)
        head = stream.read(_SAMPLE)
        while b"\n" not in head and b"\r" not in head and (more := stream.read(_SAMPLE)):
            head += more
            if len(head) > MAX_CELL:
                raise VolResearchError(
                    "read.limit",
                    f"The first line is longer than {MAX_CELL >> 20} MB.",
                    where=Where(file=where.file, line=1),
                    expected="a header of names, then a row for each answer",
                )
        whole = not stream.read(1)
    return head.decode("utf-8", "ignore"), whole


def _tried(sample: str, delimiter: str, whole: bool) -> _Try:
    """Part the first rows by a delimiter; the last row of a sample may be cut and is left out."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    # A cell longer than the csv module allows ends the trial: the rows before it tell enough.
    with suppress(csv.Error):
        for row in islice(reader, _ROWS):
            rows += [row] if row else []
    if 1 < len(rows) < _ROWS and not whole:
        rows.pop()
    rows = rows or [[""]]
    return _Try(
        delimiter, rows[0], [len(row) for row in rows], any("\n" in cell for row in rows for cell in row)
    )
