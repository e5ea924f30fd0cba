"""Text files that stay on disk: a DuckDB relation over the file, or over a regular copy of it where it is odd."""

from __future__ import annotations

import csv
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from volresearch.datasets.columns import literal, quoted, rows_in
from volresearch.datasets.provenance import Source
from volresearch.datasets.readers.delimited import checked, found_in, is_open, never_closed
from volresearch.datasets.readers.encoding import Decoded, decoded
from volresearch.datasets.readers.found import Asked, Found
from volresearch.datasets.readers.packed import is_packed, kept_folder, unpacked
from volresearch.datasets.readers.text_headers import columns_of
from volresearch.datasets.readers.text_layout import Layout, laid_out
from volresearch.datasets.readers.text_rows import Lengths, rows_of
from volresearch.errors import VolResearchError, Where, short_path

__all__ = ["read_lazily"]

_BLOCK = 8 << 20
_CHUNK = 1 << 20
#: Blanks between a quote and the delimiter: readers differ in what they make of it.
_LOOSE_QUOTES = r'(^|[{0}\r\n]) +"|" +([{0}\r\n]|$)'


def read_lazily(asked: Asked, source: Source) -> Found:
    """Read a text file as a lazy frame; the same names, cells and notes as in memory.

    The rows stay in the file. What DuckDB would read in another way (another encoding, gzip, rows of several
    lengths) is written once as a regular copy into a folder of its own, for its owner only, that is deleted when
    the program ends.

    Raises
    ------
    VolResearchError
        As `read_delimited`.
    """
    where = Where(file=short_path(asked.path))
    folder = kept_folder()
    plain = unpacked(asked.path, folder) if is_packed(asked.path) else asked.path
    text = checked(decoded(plain, asked.encoding, folder, where), where)
    layout = laid_out(text, where)
    lengths = Lengths()
    if _is_regular(text, layout):
        relation = _relation(text.path, layout.delimiter, layout.width, layout.skipped, where)
    else:
        copy, layout, lengths, width = _regular_copy(text, layout, folder, where)
        relation = _relation(copy, ",", width, 0, where)
    with suppress(OSError):
        folder.rmdir()  # where no copy was needed
    columns = columns_of(layout.header, len(relation.columns), _InFile(relation), where)
    kept = zip(columns.places, columns.names, strict=True)
    named = ", ".join(f"{quoted(str(place))} AS {quoted(name)}" for place, name in kept)
    frame = relation.project(named) if named else relation
    return found_in(asked, source, text, layout, columns, lengths, frame, rows_in(frame))


def _relation(path: Path, delimiter: str, width: int, skipped: int, where: Where) -> Any:
    """Return a relation of text columns 0, 1, 2, ... over a regular file, on a connection of its own."""
    import duckdb

    columns = ", ".join(f"'{place}': 'VARCHAR'" for place in range(width))
    with suppress(OSError):
        path = path.resolve()
    options = [
        literal(str(path)), f"delim={literal(delimiter)}", f"skip={skipped}", f"columns={{{columns}}}",
        "auto_detect=false", "header=true", "quote='\"'", "escape='\"'", "nullstr=''", "strict_mode=true",
        "null_padding=false",
    ]  # fmt: skip
    query = "".join(["SELECT * FROM read_csv(", ", ".join(options), ")"])
    try:
        relation = duckdb.connect(":memory:").sql(query)
        relation.limit(1).fetchall()
    except duckdb.Error as error:
        said = re.sub(r"\s+", " ", str(error))[:200]
        raise VolResearchError(
            "read.file",
            f"DuckDB cannot read this file: {said}",
            where=where,
            hint='Read it with engine="pandas".',
        ) from None
    return relation


def _is_regular(text: Decoded, layout: Layout) -> bool:
    """Whether DuckDB reads the file as everybody does: rows of one length, quotes right at the delimiters."""
    if text.lone_returns or not layout.simple or layout.width < 2 or text.quotes % 2:
        return False
    if text.quotes and _has_loose_quotes(text, layout.delimiter):
        return False
    try:
        import pyarrow as pa
        import pyarrow.csv as arrow_csv
    except ImportError:
        return False
    names = [str(place) for place in range(layout.width)]
    last = ""
    try:
        with arrow_csv.open_csv(
            text.path,
            read_options=arrow_csv.ReadOptions(
                column_names=names, skip_rows=layout.skipped, skip_rows_after_names=1, block_size=_BLOCK
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=layout.delimiter, newlines_in_values=text.quotes > 0
            ),
            convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        ) as pieces:
            for piece in pieces:
                if piece.num_rows:
                    last = piece.column(layout.width - 1)[-1].as_py() or ""
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return False
    return not is_open(text, layout, last)


def _has_loose_quotes(text: Decoded, delimiter: str) -> bool:
    pattern = re.compile(_LOOSE_QUOTES.format(re.escape(delimiter)).encode(), re.MULTILINE)
    before = b""
    with text.path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            seen = before + piece
            if (b' "' in seen or b'" ' in seen) and pattern.search(seen):
                return True
            before = piece[-64:]
    return False


def _regular_copy(
    text: Decoded, layout: Layout, folder: Path, where: Where
) -> tuple[Path, Layout, Lengths, int]:
    """Write the rows as plain CSV, all of one length; rows are gone through twice and never held together."""
    last, width, lengths = _measured(text, layout, where)
    if is_open(text, layout, last):
        layout = replace(layout, quoting=False)
        last, width, lengths = _measured(text, layout, where)
        if lengths.short or lengths.long or width != layout.width:
            raise never_closed(where)
    copy = folder / "rows.csv"
    with copy.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(range(width))
        for row in rows_of(text, layout, where):
            writer.writerow([*row, *[""] * (width - len(row))])
    return copy, layout, lengths, width


def _measured(text: Decoded, layout: Layout, where: Where) -> tuple[str, int, Lengths]:
    """Return the last filled cell, the longest row, and how many rows are of another length."""
    lengths, width = Lengths(), layout.width
    last: list[str] = []
    for number, last in enumerate(rows_of(text, layout, where), 1):
        lengths.count(number, len(last), layout.width)
        width = max(width, len(last))
    return next((cell for cell in reversed(last) if cell), ""), width, lengths


class _InFile:
    """Cells of a relation of text, asked only where the header leaves something open."""

    def __init__(self, relation: Any) -> None:
        self.relation = relation

    def filled(self, column: int) -> tuple[int, list[int]]:
        """Return how many cells of a column are filled, and the first rows of these."""
        name = quoted(str(column))
        count = int(self.relation.aggregate(f"count({name})").fetchall()[0][0])
        if not count:
            return 0, []
        numbered = self.relation.project(f"row_number() OVER () AS row, {name} AS cell")
        rows = numbered.filter("cell IS NOT NULL").project("row").limit(5).fetchall()
        return count, [int(row) for (row,) in rows]

    def counts(self, column: int) -> bool:
        """Whether a column holds 1, 2, 3, ... and nothing else."""
        numbered = self.relation.project(f"row_number() OVER () AS row, {quoted(str(column))} AS cell")
        told = numbered.aggregate("bool_and(coalesce(cell = CAST(row AS VARCHAR), false))").fetchall()
        return bool(told[0][0])
