"""Sheets of an .xlsx or .xls file as rows of text, within bounds; told apart by their bytes, not by the name."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from volresearch.errors import VolResearchError, Where
from volresearch.instruments.exchange import tool_missing
from volresearch.text.escaping import CONTROL

__all__ = ["MAX_CELL", "Sheet", "read_workbook", "text_of", "xls_value"]

#: What a spreadsheet cell can hold.
MAX_CELL = 32_767
_MAX_ROWS = 100_000
_MAX_CELLS = 3_000_000
_MAX_SHEETS = 200
_MAX_UNPACKED = 200_000_000
_MAX_MEMBERS = 2_000


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name and its rows that hold something, each with its number (from 1) and its cells."""

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_workbook(data: bytes, name: str) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook; formulas count as the values that were stored with them.

    Raises
    ------
    VolResearchError
        ``instrument.format``: no workbook, or a damaged one; ``instrument.limit``; ``tool.missing``.
    """
    if data.startswith(b"PK\x03\x04"):
        _check_archive(data, name)
        return _guarded(_xlsx, data, name)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _guarded(_xls, data, name)
    raise VolResearchError(
        "instrument.format", "This is no workbook.", where=Where(file=name), expected="an .xlsx or .xls file"
    )


def _guarded(reader: Any, data: bytes, name: str) -> tuple[Sheet, ...]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of headers, footers and extensions, which no form needs
            return tuple(reader(data, name))
    except (VolResearchError, MemoryError):
        raise
    except Exception as error:
        raise VolResearchError(
            "instrument.format", f"The workbook is damaged: {error}.", where=Where(file=name)
        ) from error


def _check_archive(data: bytes, name: str) -> None:
    """Refuse by the sizes that an archive declares, before anything is unpacked, and by what its XML opens with."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            size = sum(member.file_size for member in members)
            if len(members) > _MAX_MEMBERS or size > _MAX_UNPACKED:
                raise VolResearchError(
                    "instrument.limit",
                    f"The workbook would unpack to {size:,} bytes in {len(members):,} parts.",
                    where=Where(file=name),
                    expected=f"at most {_MAX_UNPACKED:,} bytes",
                )
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as part:
                        head = part.read(2048).replace(b"\x00", b"")
                    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                        raise VolResearchError(
                            "instrument.format", "The workbook declares XML entities.", where=Where(file=name)
                        )
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
        raise VolResearchError(
            "instrument.format", f"The workbook is damaged: {error}.", where=Where(file=name)
        ) from error


def _xlsx(data: bytes, name: str) -> Iterator[Sheet]:
    try:
        import openpyxl
    except ImportError:
        tool_missing("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    formulas = _formulas(data)
    count = _Counter(name)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        count.sheet(sheet.title)
        yield Sheet(sheet.title, tuple(_rows(sheet.title, sheet.iter_rows(values_only=True), count)))
    book.close()
    if formulas:
        _refuse_unstored(data, name)


def _formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [one for one in archive.namelist() if one.startswith("xl/worksheets/")]
        return any(re.search(rb"<(\w+:)?f[ >/]", archive.read(one)) for one in sheets)


def _refuse_unstored(data: bytes, name: str) -> None:
    """Refuse a formula without a stored value: nothing here computes it."""
    import openpyxl

    books = [
        openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=stored, keep_links=False)
        for stored in (False, True)
    ]
    for formulas, values in zip(books[0].worksheets, books[1].worksheets, strict=True):
        rows = zip(formulas.iter_rows(), values.iter_rows(values_only=True), strict=False)
        for number, (cells, stored) in enumerate(rows, start=1):
            for cell, value in zip(cells, stored, strict=False):
                if cell.data_type == "f" and value is None:
                    raise VolResearchError(
                        "instrument.format",
                        "A formula has no stored value.",
                        where=Where(file=name, sheet=formulas.title, row=number),
                        hint="Open and save the file in a spreadsheet program, or write the value itself.",
                    )


def _xls(data: bytes, name: str) -> Iterator[Sheet]:
    try:
        import xlrd
    except ImportError:
        tool_missing("xlrd")
    book = xlrd.open_workbook(file_contents=data, on_demand=True, logfile=io.StringIO())
    count = _Counter(name)
    for sheet_name in book.sheet_names():
        count.sheet(sheet_name)
        sheet = book.sheet_by_name(sheet_name)
        rows = (
            [xls_value(cell, book.datemode) for cell in sheet.row(number)] for number in range(sheet.nrows)
        )
        yield Sheet(sheet_name, tuple(_rows(sheet_name, rows, count)))
        book.unload_sheet(sheet_name)


def xls_value(cell: Any, datemode: int) -> Any:
    """Return the value of a cell of xlrd: a moment where it is one, an error as its text."""
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, datemode)
        except (ValueError, OverflowError):
            return cell.value
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#ERROR")
    return cell.value


class _Counter:
    """Counts what was read, and stops at what no form has."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows = self.cells = self.sheets = 0

    def sheet(self, title: str) -> None:
        self.sheets += 1
        self._bound(self.sheets, _MAX_SHEETS, "sheets", title, None)

    def row(self, title: str, number: int, cells: int, filled: bool) -> None:
        self.rows += filled
        self.cells += cells
        self._bound(self.rows, _MAX_ROWS, "rows", title, number)
        self._bound(self.cells, _MAX_CELLS, "cells", title, number)

    def cell(self, title: str, number: int, text: str) -> None:
        self._bound(len(text), MAX_CELL, "characters in one cell", title, number)

    def _bound(self, value: int, most: int, what: str, title: str, number: int | None) -> None:
        if value > most:
            raise VolResearchError(
                "instrument.limit",
                f"This form is too large: it has more than {most:,} {what}.",
                where=Where(file=self.name, sheet=title, row=number),
            )


def _rows(
    title: str, rows: Iterable[Iterable[Any]], count: _Counter
) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, row in enumerate(rows, start=1):
        cells = [text_of(value) for value in row]
        for cell in cells:
            count.cell(title, number, cell)
        while cells and not cells[-1].strip():
            cells.pop()
        count.row(title, number, len(cells), bool(cells))
        if cells:
            yield number, tuple(cells)


def text_of(value: Any) -> str:
    """Return a cell as the text that a person sees: 1.0 is 1."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return CONTROL.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n"))
