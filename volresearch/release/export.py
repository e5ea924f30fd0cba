"""Writing releases: CSV with its sources and record beside it, or one workbook with three sheets.

Text cells that a spreadsheet would run as a formula are disarmed; numbers stay numbers. Files appear whole or
not at all, and nothing is overwritten unless asked.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.private import refuse_private
from volresearch.errors import VolResearchError, Where, short_path
from volresearch.release.record import record_lines, record_of
from volresearch.release.sheet import Cell, Sheet, figures_sheet, sources_sheet
from volresearch.text.escaping import FORMULA_SIGNS

if TYPE_CHECKING:
    from volresearch.release.control import Release

__all__ = ["disarmed", "write_csv", "write_excel"]

#: What one sheet of an Excel workbook holds.
ROW_LIMIT = 1_048_576
TEXT_LIMIT = 32_767

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?\Z", re.ASCII)


def disarmed(text: str) -> str:
    """Return `text` so that a spreadsheet shows it and does not run it; numbers are left alone.

    >>> disarmed("=1+1"), disarmed("-5.2"), disarmed("Hours - total")
    ("'=1+1", '-5.2', 'Hours - total')
    """
    if text.startswith(FORMULA_SIGNS) and not _NUMBER.match(text):
        return f"'{text}"
    return text


def write_csv(release: Release, path: Path, *, lang: str = "en", overwrite: bool = False) -> Path:
    """Write ``<name>.csv``, ``<name>.sources.csv`` and ``<name>.record.json``; see `Release.to_csv`.

    The CSV files are UTF-8 with a byte order mark, without which Excel garbles all but English.
    """
    path = _named(path, ".csv")
    record = json.dumps(record_of(release), ensure_ascii=False, indent=2) + "\n"
    _write(
        {
            path: _csv(figures_sheet(release, lang)),
            path.with_suffix(".sources.csv"): _csv(sources_sheet(release, lang)),
            path.with_suffix(".record.json"): record.encode(),
        },
        overwrite,
    )
    return path


def write_excel(release: Release, path: Path, *, lang: str = "en", overwrite: bool = False) -> Path:
    """Write one workbook with the sheets table, sources and record; see `Release.to_excel`."""
    path = _named(path, ".xlsx")
    sheets = (figures_sheet(release, lang), sources_sheet(release, lang), record_lines(release, lang))
    _write({path: _workbook(sheets, release)}, overwrite)
    return path


def _named(path: Path, suffix: str) -> Path:
    if not path.suffix:
        return path.with_name(path.name + suffix)
    if path.suffix.lower() != suffix:
        raise VolResearchError(
            "export.format",
            f'"{path.name}" does not end in {suffix}.',
            hint="to_csv writes .csv, to_excel writes .xlsx.",
        )
    return path


def _csv(sheet: Sheet) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([disarmed(name) for name in sheet.columns])
    for row in sheet.rows:
        writer.writerow([disarmed(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _workbook(sheets: Iterable[Sheet], release: Release) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": release.facts.method, "comments": release.record.rule})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for sheet in sheets:
            _check_size(sheet)
            _fill(book.add_worksheet(sheet.name[:31]), sheet, head)
    return out.getvalue()


def _fill(worksheet: Any, sheet: Sheet, head: Any) -> None:
    for column, name in enumerate(sheet.columns):
        worksheet.write_string(0, column, name, head)
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            _put(worksheet, number, column, cell)
    worksheet.freeze_panes(1, 0)
    for column, width in enumerate(_widths(sheet)):
        worksheet.set_column(column, column, width)


def _put(worksheet: Any, row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, str):
        worksheet.write_string(row, column, cell)
    else:
        worksheet.write_number(row, column, cell)


def _widths(sheet: Sheet) -> list[int]:
    rows: Sequence[Sequence[Cell]] = [sheet.columns, *sheet.rows[:200]]
    return [min(60, 2 + max(len(str(row[column])) for row in rows)) for column in range(len(sheet.columns))]


def _check_size(sheet: Sheet) -> None:
    if len(sheet.rows) >= ROW_LIMIT:
        raise VolResearchError(
            "export.spreadsheet",
            f"{len(sheet.rows):,} rows do not fit into one sheet of a workbook.",
            hint="Write CSV instead: release.to_csv(...).",
        )
    for number, row in enumerate(sheet.rows, start=2):
        for name, cell in zip(sheet.columns, row, strict=True):
            if isinstance(cell, str) and len(cell) > TEXT_LIMIT:
                raise VolResearchError(
                    "export.spreadsheet",
                    f"A text of {len(cell):,} signs does not fit into one cell.",
                    where=Where(sheet=sheet.name, row=number, path=name),
                    hint="Write CSV instead: release.to_csv(...).",
                )


def _write(files: Mapping[Path, bytes], overwrite: bool) -> None:
    for path in files:
        refuse_private(path, "released")  # a release is for others; nothing in there is
    there = [short_path(path) for path in files if path.exists()]
    if there and not overwrite:
        raise VolResearchError(
            "export.exists",
            f"There is already {', '.join(there)}.",
            hint="Choose another name, or say overwrite=True.",
        )
    staged: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            staged[path] = _stage(path, content)
        for path, temporary in staged.items():
            temporary.replace(path)
    except OSError as error:
        raise VolResearchError(
            "export.failed",
            f"The file cannot be written: {error.strerror or error}.",
            where=Where(file=short_path(error.filename2 or error.filename or next(iter(files)))),
            hint="Close it where it is open (a spreadsheet locks it), or choose another folder.",
        ) from error
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)


def _stage(path: Path, content: bytes) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    Path(name).chmod(0o644)
    return Path(name)
