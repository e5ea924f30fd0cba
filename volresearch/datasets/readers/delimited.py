"""Reads CSV and its kin: whatever the delimiter and the encoding, nothing lost, nothing shifted, everything said."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.provenance import Source
from volresearch.datasets.readers.encoding import Decoded, decoded
from volresearch.datasets.readers.found import Asked, Found, Note, RawTable
from volresearch.datasets.readers.packed import bare_name, is_packed, plain_file
from volresearch.datasets.readers.text_headers import Columns, columns_of
from volresearch.datasets.readers.text_layout import Layout, laid_out, no_table
from volresearch.datasets.readers.text_rows import Lengths, frame_of_rows
from volresearch.errors import VolResearchError, Where, short_path

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["checked", "found_in", "is_open", "never_closed", "read_delimited"]

#: Pieces that pyarrow parses at once: small ones stay in the processor's cache; large ones take long rows.
_BLOCKS = (2 << 20, 32 << 20)
#: Headers of files that describe a form, not answers to it.
_FORMS = (
    ("variable / field name", "a REDCap data dictionary"),
    ("type/scale", "the structure of a LimeSurvey survey"),
)


def read_delimited(asked: Asked, source: Source) -> Found:
    """Read a text file with one row per line.

    Parameters
    ----------
    asked : Asked
        ``encoding`` overrides what the bytes say; ``engine="duckdb"`` gives a lazy frame.
    source : Source
        The file, as the provenance names it.

    Returns
    -------
    Found
        One table of text: an empty cell is NA, nothing else is. ``options`` says which encoding and delimiter were
        found and why; notes say what was left out, named, or filled up.

    Raises
    ------
    VolResearchError
        ``read.file`` for an empty file, running text or binary data; ``read.encoding``; ``read.limit``.
    """
    if asked.engine == "duckdb":
        from volresearch.datasets.readers.delimited_lazy import read_lazily

        return read_lazily(asked, source)
    where = Where(file=short_path(asked.path))
    with plain_file(asked.path) as plain, tempfile.TemporaryDirectory(prefix="volresearch-") as folder:
        text = checked(decoded(plain, asked.encoding, Path(folder), where), where)
        layout = laid_out(text, where)
        frame, layout, lengths = _frame(text, layout, where)
    columns = columns_of(layout.header, frame.shape[1], _InMemory(frame), where)
    frame = frame.iloc[:, list(columns.places)].set_axis(list(columns.names), axis=1)
    return found_in(asked, source, text, layout, columns, lengths, frame, len(frame))


def checked(text: Decoded, where: Where) -> Decoded:
    """Return a text that may hold a table.

    Raises
    ------
    VolResearchError
        ``read.file`` for an empty file, or one with a byte that no text has.
    """
    if not text.filled:
        raise no_table(where)
    if text.nul_line:
        raise VolResearchError(
            "read.file",
            "This is no text: a byte 0 stands in it.",
            where=Where(file=where.file, line=text.nul_line),
            hint="Export it again as CSV (UTF-8), or as a workbook.",
        )
    return text


def found_in(
    asked: Asked,
    source: Source,
    text: Decoded,
    layout: Layout,
    columns: Columns,
    lengths: Lengths,
    frame: Any,
    rows: int,
) -> Found:
    """Return what was found in a text file, with what a person should know of it."""
    where = Where(file=short_path(asked.path))
    if not columns.names:
        raise VolResearchError("read.file", "The file holds no table: only delimiters.", where=where)
    notes = [*text.notes, *columns.notes, *lengths.notes(where, layout.width)]
    if rows == 0:
        notes.append(Note("The file holds a header and no rows.", where))
    elif layout.width == 1:
        notes.append(Note("No delimiter was found: each line is one cell. Is this a table?", where))
    first = [name.lower() for name in columns.names]
    notes += [
        Note(f"This looks like {what}. With the data, give it as instrument=.", where)
        for name, what in _FORMS
        if name in first
    ]
    hidden = frozenset(columns.names[:1]) if columns.row_names else frozenset[str]()
    options = {"encoding": text.why, "delimiter": layout.why}
    if not layout.quoting:
        options["quotes"] = 'none (a " is left open where it would enclose a cell)'
    if is_packed(asked.path):
        options["packed"] = "gzip"
    return Found(
        format="csv",
        tool="r" if columns.row_names else "",
        tables=(RawTable(bare_name(asked.path), frame, hidden=hidden),),
        options=options,
        notes=tuple(notes),
        sources=(source,),
    )


def _frame(text: Decoded, layout: Layout, where: Where) -> tuple[pd.DataFrame, Layout, Lengths]:
    """Read the rows: fast where all is regular, one by one where it is not."""
    fast = _by_arrow(text, layout)
    if fast is not None and not is_open(text, layout, _last(fast)):
        return fast, layout, Lengths()
    frame, lengths = frame_of_rows(text, layout, where)
    if not is_open(text, layout, _last(frame)):
        return frame, layout, lengths
    return _unquoted(text, layout, where)


def _unquoted(text: Decoded, layout: Layout, where: Where) -> tuple[pd.DataFrame, Layout, Lengths]:
    """Read a text whose last quote is never closed: where quotes enclose nothing, as letters; else it is cut off."""
    plain = replace(layout, quoting=False)
    frame, lengths = frame_of_rows(text, plain, where)
    if lengths.short or lengths.long or frame.shape[1] != layout.width:
        raise never_closed(where)
    return frame, plain, lengths


def never_closed(where: Where) -> VolResearchError:
    """Return the error for a quote that is never closed, in a text whose quotes enclose cells."""
    return VolResearchError(
        "read.file",
        'A cell that begins with " is never closed.',
        where=where,
        expected='a second " at the end of the cell',
        hint="Is the file cut off? Export it again.",
    )


def _by_arrow(text: Decoded, layout: Layout) -> pd.DataFrame | None:
    """Read a regular text with pyarrow; None where it is not installed, or the rows are not all alike."""
    try:
        import pyarrow.csv  # noqa: F401 - without it the rows are read one by one
    except ImportError:
        return None
    if text.lone_returns or not layout.simple or layout.width < 2 or text.quotes % 2:
        return None
    # Looking for line ends inside of cells takes a third more time; whether there were any, the lines tell afterwards.
    ways = (True,) if layout.wrapped else (False, True) if text.quotes else (False,)
    for wrapped in ways:
        table = _parsed(text, layout, wrapped)
        if table is not None and (
            wrapped or not text.quotes or len(table) == text.lines - layout.skipped - 1
        ):
            return as_text(table)
    return None


def _parsed(text: Decoded, layout: Layout, wrapped: bool) -> Any:
    """Return the cells as pyarrow parses them; None where the rows are not all alike."""
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    names = [str(place) for place in range(layout.width)]
    for block in _BLOCKS:
        try:
            return arrow_csv.read_csv(
                text.path,
                # Its own pool asks for pages of 2 MB, which a busy system may be long in finding.
                memory_pool=pa.system_memory_pool(),
                read_options=arrow_csv.ReadOptions(
                    column_names=names, skip_rows=layout.skipped, skip_rows_after_names=1, block_size=block
                ),
                parse_options=arrow_csv.ParseOptions(delimiter=layout.delimiter, newlines_in_values=wrapped),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.large_string()),
                    strings_can_be_null=True,
                    null_values=[""],
                    check_utf8=False,  # every byte was looked at before
                ),
            )
        except (pa.ArrowInvalid, pa.ArrowKeyError, pa.ArrowCapacityError) as error:
            if "straddl" not in str(error):
                return None
    return None


def as_text(table: Any) -> pd.DataFrame:
    """Return a table of strings as a frame of text, without a copy; columns are 0, 1, 2, ..."""
    import numpy as np
    import pandas as pd

    text = pd.StringDtype(na_value=np.nan)
    frame: pd.DataFrame = table.to_pandas(types_mapper=lambda _: text)
    return frame.set_axis(range(frame.shape[1]), axis=1)


def _last(frame: pd.DataFrame) -> str:
    cell = frame.iloc[-1].dropna() if len(frame) else None
    return str(cell.iloc[-1]) if cell is not None and len(cell) else ""


def is_open(text: Decoded, layout: Layout, last: str) -> bool:
    """Whether the last cell begins with a quote that is never closed: the end of the file is then its content.

    `last` is the last cell that is filled.
    """
    if not last or not text.quotes or not layout.quoting:
        return False
    doubled = last.replace('"', '""')
    ends = tuple(f'{mark}"{doubled}'.encode() for mark in (layout.delimiter, "\n", "\r"))
    with text.path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - len(ends[0])))
        return stream.read().endswith(ends)


class _InMemory:
    """Cells of a frame of text."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame

    def filled(self, column: int) -> tuple[int, list[int]]:
        """Return how many cells of a column are filled, and the first rows of these."""
        filled = self.frame.iloc[:, column].notna().to_numpy()
        return int(filled.sum()), [int(row) + 1 for row in filled.nonzero()[0][:5]]

    def counts(self, column: int) -> bool:
        """Whether a column holds 1, 2, 3, ... and nothing else."""
        cells = self.frame.iloc[:, column]
        if not len(cells) or cells.iloc[0] != "1" or cells.iloc[-1] != str(len(cells)):
            return False
        return cells.tolist() == [str(number) for number in range(1, len(cells) + 1)]
