"""What kind of file this is, told by its bytes."""

from __future__ import annotations

import json
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from volresearch.datasets.readers.packed import check_archive, head_of, is_packed, plain_file
from volresearch.datasets.readers.text_kinds import REFUSED, of_markup, of_text
from volresearch.errors import VolResearchError, Where, short_path

__all__ = ["detect"]

_HEAD = 65_536
_MAX_DESCRIPTOR = 50 << 20
_SAS = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", "parquet"),
    (b"$FL2", "sav"),
    (b"$FL3", "zsav"),
    (b"<stata_dta>", "dta"),
    (_SAS, "sas7bdat"),
    (b"HEADER RECORD*******LIB", "xpt"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_XLS = (
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x08\x00",
    b"\x09\x08\x10\x00",
)
#: Streams in the directory of an OLE file -> what it is.
_OLE_KINDS = (
    ("EncryptedPackage", "locked"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("WordDocument", "word"),
    ("PowerPoint Document", "slides"),
)


def detect(path: Path) -> str:
    """Return the format of a file, a key of `reading.FORMATS`.

    Parameters
    ----------
    path : Path
        The file; where it is gzipped, what is inside counts. Its name plays no part.

    Returns
    -------
    str
        ``csv`` for any text that is nothing else, an empty file too: the reader of CSV says what is wrong with it.

    Raises
    ------
    VolResearchError
        ``read.format`` for what is no data file, or a form; the hint says what to do with it.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "people.sav"
    >>> _ = file.write_text("age,sex\\n31,f\\n")
    >>> detect(file)
    'csv'
    """
    head = head_of(path, _HEAD)
    found = (
        _of_start(head)
        or _of_container(head, path)
        or of_markup(head)
        or _of_json(head, path)
        or of_text(head)
    )
    if found in REFUSED:
        said, remedy = REFUSED[found]
        raise VolResearchError(
            "read.format", f"This is {said}, no data file.", where=Where(file=short_path(path)), hint=remedy
        )
    return found


def _of_start(head: bytes) -> str:
    for start, format in _STARTS:
        if head.startswith(start):
            return format
    if re.match(rb"[\x66-\x73][\x01\x02]\x01\x00", head) and len(head) >= 60:
        return "dta"
    if b"SPSSPORT" in re.sub(rb"[\r\n]", b"", head[:1200]):
        return "por"
    return "xls" if head.startswith(_OLD_XLS) else ""


#: What unpacking a damaged or encrypted member raises.
_DAMAGED = (KeyError, OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error)


def _of_container(head: bytes, path: Path) -> str:
    """Tell a file that holds files: a ZIP by its names, an OLE file by its directory."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        with plain_file(path) as file:
            return _of_zip(file)
    if head.startswith(_OLE):
        with plain_file(path) as file:
            return _of_ole(file)
    return ""


def _of_zip(path: Path) -> str:
    names = set(check_archive(path))
    if "xl/workbook.xml" in names or (
        "[Content_Types].xml" in names and any(one.startswith("xl/") for one in names)
    ):
        if "xl/workbook.bin" in names:
            return "xlsb"
        return "xlsform" if _is_xlsform(path) else "xlsx"
    for member, kind in (
        ("xl/workbook.bin", "xlsb"),
        ("word/document.xml", "word"),
        ("ppt/presentation.xml", "slides"),
    ):
        if member in names:
            return kind
    if "mimetype" in names:
        return _of_mimetype(path)
    return "zip"


def _of_mimetype(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive, archive.open("mimetype") as stream:
            said = stream.read(200)
    except _DAMAGED:
        return "zip"
    return "ods" if b"opendocument.spreadsheet" in said else "word" if b"opendocument" in said else "zip"


def _is_xlsform(path: Path) -> bool:
    """Whether a workbook holds a form: a sheet ``survey`` whose header names ``type`` and ``name``."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as stream:
            sheets = re.findall(rb"<(?:\w+:)?sheet [^>]*?name=\"([^\"]*)\"", stream.read(_HEAD * 16))
    except _DAMAGED:
        return False  # its reader says what is wrong
    names = {one.decode("utf-8", "replace").strip().lower() for one in sheets}
    return "survey" in names and _is_form(_first_rows(path), names)


def _first_rows(path: Path) -> list[set[str]]:
    """Return the cells of the first rows of the sheet ``survey``; none without openpyxl."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book: Any = load_workbook(path, read_only=True)
            try:
                sheet = next(one for one in book.worksheets if one.title.strip().lower() == "survey")
                rows = sheet.iter_rows(max_row=5, max_col=60, values_only=True)
                return [_words(row) for row in rows]
            finally:
                book.close()
    except Exception:  # noqa: BLE001 - whatever is wrong with the workbook, its reader says so
        return []


def _words(row: Iterable[Any]) -> set[str]:
    return {str(cell).strip().lower() for cell in row if cell is not None}


def _is_form(rows: list[set[str]], sheets: set[str]) -> bool:
    """Whether a header names ``type`` and ``name``, and either labels stand beside them or a sheet of a form."""
    heads = [row for row in rows if {"type", "name"} <= row]
    labelled = any(cell.startswith("label") for row in heads for cell in row)
    return bool(heads) and (labelled or bool(sheets & {"choices", "settings"}))


def _of_ole(path: Path) -> str:
    """Tell an OLE file by the names in its directory, without following its chains: names stand in UTF-16."""
    with path.open("rb") as stream:
        header = stream.read(512)
        if len(header) < 512:
            return "cut"
        (power,) = struct.unpack_from("<H", header, 30)
        (first,) = struct.unpack_from("<I", header, 48)
        size = 1 << power if power in (9, 12) else 512
        stream.seek((first + 1) * size)
        directory = stream.read(size)
        names = _entries(directory)
        if not names:
            return "cut"
        stream.seek(0)
        while not (found := _ole_kind(names)) and (more := stream.read(1 << 20)):
            names |= {name for name, _ in _OLE_KINDS if name.encode("utf-16-le") + b"\0\0" in more}
    return _old_form(path) if found == "xls" else found or "ole"


def _entries(directory: bytes) -> set[str]:
    out = set()
    for start in range(0, len(directory) - 127, 128):
        (length,) = struct.unpack_from("<H", directory, start + 64)
        if 2 <= length <= 64:
            out.add(directory[start : start + length - 2].decode("utf-16-le", "replace"))
    return out


def _ole_kind(names: set[str]) -> str:
    return next((kind for name, kind in _OLE_KINDS if name in names), "")


def _old_form(path: Path) -> str:
    """Return ``xls``, or ``xlsform`` for a form in an old workbook."""
    try:
        import xlrd
    except ImportError:
        return "xls"
    try:
        with path.open("rb") as stream:
            content = stream.read(20 << 20)
        book = xlrd.open_workbook(file_contents=content, on_demand=True)
        names = {name.strip().lower(): name for name in book.sheet_names()}
        if "survey" not in names:
            return "xls"
        sheet = book.sheet_by_name(names["survey"])
        rows = [_words(sheet.row_values(row)) for row in range(min(5, sheet.nrows))]
    except Exception:  # noqa: BLE001 - whatever is wrong with the workbook, its reader says so
        return "xls"
    return "xlsform" if _is_form(rows, set(names)) else "xls"


def _of_json(head: bytes, path: Path) -> str:
    text = (
        head.decode("utf-16", "ignore")
        if head[:2] in (b"\xff\xfe", b"\xfe\xff")
        else head.decode("utf-8-sig", "ignore")
    )
    start = text.lstrip()[:200]
    if not re.match(r"\{\s*(\"|\}|$)|\[\s*([\[{\"\]]|-?\d|true|false|null|$)", start):
        return ""
    return "datapackage" if start.startswith("{") and _has_resources(path) else "json"


def _has_resources(path: Path) -> bool:
    """Whether a JSON object has ``resources`` at its top: a Data Package."""
    if is_packed(path) or path.stat().st_size > _MAX_DESCRIPTOR:
        return False
    content = path.read_bytes()
    if b'"resources"' not in content:
        return False
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(given, dict) and isinstance(given.get("resources"), list)
