"""The files of crosswalks: read strictly, written so that a spreadsheet runs nothing of them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from volresearch.errors import Fault, VolResearchError, Where, fault, near, short_path
from volresearch.text.escaping import FORMULA_SIGNS

__all__ = ["COLUMNS", "LABEL", "content_of", "guarded", "rows_of", "unguarded", "write_rows"]

_NEEDED = ("source_variable", "source_code", "target_variable", "target_code")
#: Columns of a crosswalk. ``target_label_<language>`` is read too.
COLUMNS = (
    "source_dataset", "source_table", *_NEEDED, "unit_rule", "target_type", "priority", "note", "reviewer",
    "variable_label", "source_label", "target_label", "n",
)  # fmt: skip
#: A label of a target code in one language.
LABEL = re.compile(r"target_label_([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\Z")
_HARMLESS = re.compile(r"=\Z|[-+]?\d+(\.\d+)?\Z|-?\d*(\.\d+)?\.\.-?\d*(\.\d+)?\Z", re.ASCII)
_LIMIT = 20_000_000


def content_of(path: Path) -> bytes:
    """Return the bytes of a crosswalk, which is never large."""
    where = Where(file=short_path(path))
    try:
        if path.stat().st_size > _LIMIT:
            raise VolResearchError("harmonize.crosswalk", "This is too large to be a crosswalk.", where=where)
        return path.read_bytes()
    except OSError as error:
        said = f"The crosswalk cannot be opened: {error.strerror or error}."
        raise VolResearchError("harmonize.crosswalk", said, where=where) from error


def rows_of(content: bytes, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line and cells of every row; the header is checked first."""
    file = short_path(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise VolResearchError(
            "harmonize.crosswalk", "The crosswalk is not UTF-8 text.", where=Where(file=file, line=line),
            hint='Save it as "CSV UTF-8".',
        ) from error  # fmt: skip
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _check_header(header, Where(file=file, line=1))
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                said = f"This row has {len(cells)} cells, the header {len(header)}."
                raise VolResearchError("harmonize.crosswalk", said, where=Where(file=file, line=line))
            yield line, dict(zip(header, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        said = f"The CSV cannot be read: {error}."
        raise VolResearchError(
            "harmonize.crosswalk", said, where=Where(file=file, line=reader.line_num)
        ) from error


def _check_header(header: list[str], where: Where) -> None:
    faults = [
        _fault(f'The crosswalk lacks the column "{name}".', where, hint=near(name, header))
        for name in _NEEDED
        if name not in header
    ]
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            faults.append(_fault(f'The column "{name}" stands twice.', where))
        if name not in COLUMNS and not LABEL.match(name):
            faults.append(
                _fault(f'There is no column "{name}" in a crosswalk.', where, hint=near(name, COLUMNS))
            )
    if faults:
        raise VolResearchError.of(faults)


def guarded(text: str) -> str:
    """Return a cell so that a spreadsheet shows it and does not run it; codes, ranges and a lone ``=`` stay.

    >>> guarded("=HYPERLINK(1)"), guarded("-99"), guarded("..17"), guarded("=")
    ("'=HYPERLINK(1)", '-99', '..17', '=')
    """
    return f"'{text}" if text.startswith(FORMULA_SIGNS) and not _HARMLESS.match(text) else text


def unguarded(text: str) -> str:
    """Return a cell as it was before `guarded`."""
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text


def write_rows(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> Path:
    """Write a CSV that a spreadsheet opens and runs nothing of; a file that is there already stays."""
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, list(columns), lineterminator="\n")
            writer.writeheader()
            writer.writerows({name: guarded(cell) for name, cell in row.items()} for row in rows)
    except FileExistsError:
        raise VolResearchError(
            "export.exists", "This file is there already, and may hold what somebody filled in.",
            where=Where(file=short_path(path)), hint="Choose another name.",
        ) from None  # fmt: skip
    except OSError as error:
        said = f"The file cannot be written: {error.strerror or error}."
        raise VolResearchError("export.failed", said, where=Where(file=short_path(path))) from error
    return path


def _fault(said: str, where: Where, *, expected: str = "", got: str = "", hint: str = "") -> Fault:
    return fault("harmonize.crosswalk", said, where=where, expected=expected, got=got, hint=hint)
