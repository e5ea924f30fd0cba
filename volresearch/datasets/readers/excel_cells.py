"""Workbooks opened within bounds: sheets as rows of text, formulas as the values that were stored with them."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from volresearch.datasets.readers.found import Note
from volresearch.datasets.readers.packed import check_archive
from volresearch.errors import VolResearchError, Where, short_path
from volresearch.instruments.exchange import tool_missing
from volresearch.instruments.xlsform.workbook import text_of, xls_value

__all__ = ["ERRORS", "MAX_CELLS", "MAX_ROWS", "MAX_SHEETS", "Sheet", "open_sheets"]

#: Rows of one sheet: what a spreadsheet program can hold.
MAX_ROWS = 1_048_576
#: Cells of all sheets together, the empty ones between filled ones counted.
MAX_CELLS = 100_000_000
MAX_SHEETS = 256
#: What a spreadsheet shows where a formula failed.
ERRORS = frozenset({"#N/A", "#DIV/0!", "#REF!", "#NAME?", "#NULL!", "#NUM!", "#VALUE!", "#SPILL!", "#CALC!"})

_ZIP = b"PK\x03\x04"
_MAX_PART = 50 << 20
_MAX_STRINGS = 600 << 20
_PROLOG = 65_536
_CHUNK = 1 << 20
#: What may stand before the first element of an XML document and declares nothing.
_BEFORE = re.compile(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_CELL = re.compile(
    rb"<(?:\w+:)?c\b(?P<head>[^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3}[0-9]{1,7})"')

Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Sheet:
    """A sheet: its rows that hold something come one by one, each with its number (from 1)."""

    name: str
    rows: Iterator[Row]
    shown: bool = True
    notes: tuple[Note, ...] = ()


@dataclass
class _Count:
    """Counts what was read, and stops at what no workbook of data has."""

    file: str
    cells: int = 0
    sheets: int = 0

    def sheet(self, title: str) -> None:
        self.sheets += 1
        self._bound(self.sheets, MAX_SHEETS, "sheets", None, None)

    def row(self, title: str, number: int, cells: int) -> None:
        self.cells += cells
        self._bound(number, MAX_ROWS, "rows", title, number)
        self._bound(self.cells, MAX_CELLS, "cells", title, number)

    def _bound(self, value: int, most: int, what: str, title: str | None, number: int | None) -> None:
        if value > most:
            raise VolResearchError(
                "read.limit",
                f"This workbook is too large: it has more than {most:,} {what}.",
                where=Where(file=self.file, sheet=title, row=number),
                hint="Save the sheet as CSV and read that.",
            )


@contextmanager
def open_sheets(path: Path) -> Iterator[Iterator[Sheet]]:
    """Give the sheets of an .xlsx or .xls file, told apart by its bytes; the rows of one are read before the next.

    Raises
    ------
    VolResearchError
        ``read.file``: no workbook, or a damaged one; ``read.limit``: larger than any of data, told before
        anything is unpacked; ``read.format``: a workbook that leaves its folder or declares XML entities;
        ``tool.missing``.
    """
    name = short_path(path)
    with path.open("rb") as stream:
        packed = stream.read(4) == _ZIP
    if packed:
        _check_parts(path, check_archive(path))
    opened: Callable[[Path, _Count, ExitStack], Iterator[Sheet]] = _xlsx if packed else _xls
    with ExitStack() as stack:
        with _guarded(name):
            sheets = opened(path, _Count(name), stack)
        with _guarded(name):
            yield sheets


@contextmanager
def _guarded(name: str) -> Iterator[None]:
    """Tell any failure of the libraries as a damaged file: what they raise on hostile bytes is anything."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of headers, footers and extensions, which no data need
            yield
    except (VolResearchError, MemoryError, GeneratorExit):
        raise
    except Exception as error:
        locked = "encrypt" in str(error).lower() or "password" in str(error).lower()
        raise VolResearchError(
            "read.file",
            "The workbook is locked by a password." if locked else f"The workbook is damaged: {error}.",
            where=Where(file=name),
            hint="Open it in a spreadsheet program and save it again, without a password.",
        ) from error


def _check_parts(path: Path, names: Iterable[str]) -> None:
    """Refuse parts that are too large to be what they are, and XML that declares entities."""
    where = Where(file=short_path(path))
    with _guarded(where.file or ""), zipfile.ZipFile(path) as archive:
        for name in names:
            if not name.endswith((".xml", ".rels", ".vml")):
                continue
            size = archive.getinfo(name).file_size
            strings = name.lower().endswith("sharedstrings.xml")
            most = _MAX_STRINGS if strings else _MAX_PART
            if size > most and not name.startswith(("xl/worksheets/", "xl/pivotCache/")):
                raise VolResearchError(
                    "read.limit",
                    f'The part "{name[:80]}" of the workbook would unpack to {size:,} bytes.',
                    where=where,
                    expected=f"at most {most:,} bytes",
                )
            with archive.open(name) as part:
                head = part.read(_PROLOG).replace(b"\x00", b"")
            rest = head[_BEFORE.match(head).end() :]  # type: ignore[union-attr]
            if rest.startswith(b"<!") or (not rest and len(head) > _PROLOG // 4):
                raise VolResearchError("read.format", "The workbook declares XML entities.", where=where)


def _xlsx(path: Path, count: _Count, stack: ExitStack) -> Iterator[Sheet]:
    try:
        import openpyxl
    except ImportError:
        tool_missing("openpyxl")
    stream = stack.enter_context(path.open("rb"))  # given a path, openpyxl believes the name
    book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    stack.callback(book.close)
    if not book.worksheets:
        raise VolResearchError(
            "read.format",
            "This is no workbook of sheets that can be read.",
            where=Where(file=count.file),
            hint="Save it as an Excel workbook (.xlsx).",
        )

    def sheets() -> Iterator[Sheet]:
        for sheet in book.worksheets:
            count.sheet(sheet.title)
            sheet.reset_dimensions()  # what a file says of its size is not believed
            rows = _rows(sheet.title, sheet.iter_rows(values_only=True), count)
            part = str(getattr(sheet, "_worksheet_path", ""))
            notes = tuple(_unstored(path, part, Where(file=count.file, sheet=sheet.title)))
            yield Sheet(sheet.title, rows, sheet.sheet_state == "visible", notes)

    return sheets()


def _xls(path: Path, count: _Count, stack: ExitStack) -> Iterator[Sheet]:
    try:
        import xlrd
    except ImportError:
        tool_missing("xlrd")
    book = xlrd.open_workbook(str(path), on_demand=True, ragged_rows=True, logfile=io.StringIO())
    stack.callback(book.release_resources)

    def sheets() -> Iterator[Sheet]:
        for name in book.sheet_names():
            count.sheet(name)
            sheet = book.sheet_by_name(name)
            rows = (
                [_moment(cell, book.datemode) for cell in sheet.row(number)] for number in range(sheet.nrows)
            )
            yield Sheet(name, _rows(name, rows, count), sheet.visibility == 0)
            book.unload_sheet(name)

    return sheets()


def _moment(cell: Any, datemode: int) -> Any:
    """Return the value of a cell; a moment of day zero is a time of the day."""
    value = xls_value(cell, datemode)
    if cell.ctype == 3 and 0 <= cell.value < 1 and hasattr(value, "time"):
        return value.time()
    return value


def _rows(title: str, rows: Iterable[Iterable[Any]], count: _Count) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        cells = [_shown(value) for value in row]
        count.row(title, number, len(cells))
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


def _shown(value: Any) -> str:
    """Return a cell as text, nothing but space as nothing."""
    if value is None:
        return ""
    if isinstance(value, timedelta):  # a cell that counts hours on, beyond a day
        seconds = round(value.total_seconds())
        hours, rest = divmod(abs(seconds), 3600)
        return f"{'-' if seconds < 0 else ''}{hours}:{rest // 60:02}:{rest % 60:02}"
    text = text_of(value)
    return text if not text or text.strip() else ""


def _unstored(path: Path, part: str, where: Where) -> Iterator[Note]:
    """Tell of formulas without a stored value: nothing here computes them, the cells are empty."""
    number, first = 0, ""
    for match in _formulas(path, part):
        head = match["head"]
        if b't="str"' in head:  # a formula whose value is the empty text
            continue
        number += 1
        place = _PLACE.search(head)
        first = first or (place[1].decode() if place else "")
    if number:
        yield Note(
            f"{number} formulas have no stored value (the first: {first or 'unknown'}); their cells are empty. "
            "Open and save the file in a spreadsheet program to store them.",
            where,
        )


def _formulas(path: Path, part: str) -> Iterator[re.Match[bytes]]:
    """Yield the cells of a sheet that hold a formula and no value, reading it piece by piece."""
    with zipfile.ZipFile(path) as archive:
        if not part or part not in archive.namelist():
            return
        with archive.open(part) as stream:
            rest = b""
            while piece := stream.read(_CHUNK):
                text = rest + piece
                if b"f>" in text or b"<f" in text or b":f " in text:
                    yield from _CELL.finditer(text)
                cut = text.rfind(b"c>") + 2  # a prefix may stand before it: </x:c>
                rest = text[cut:] if cut > 1 else text[-4096:]
