"""Data files that a codebook or a descriptor describes: text with a declared delimiter, and fixed-width records."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import code_text
from volresearch.datasets.readers.found import Note
from volresearch.datasets.readers.packed import head_of, plain_file
from volresearch.errors import VolResearchError, Where, short_path
from volresearch.instruments.xml import child

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Dialect",
    "Place",
    "delimited_text",
    "encoding_known",
    "encoding_of",
    "fixed_text",
    "has_header",
    "inside",
    "number_code",
    "places_of",
    "with_point",
]

_BLOCK = 64 << 20
_MAX_PLACE = 10_000_000


@dataclass(frozen=True)
class Dialect:
    """How a text file is written."""

    delimiter: str = ","
    quote: str = '"'
    double: bool = True
    escape: str = ""
    encoding: str = "utf-8"
    header: bool = True
    comment: str = ""
    skip_space: bool = False


@dataclass(frozen=True)
class Place:
    """Where a variable stands in a fixed-width record: first column (from 1), width, implied decimals, record of the case."""

    name: str
    start: int
    width: int
    decimals: int = 0
    segment: int = 1


def inside(folder: Path, name: str, where: Where) -> Path:
    """Return the path of a file that a stranger's file names, refusing what leaves its folder.

    Raises
    ------
    VolResearchError
        ``read.format``.
    """
    plain = name.replace("\\", "/")
    path = folder / plain
    leaves = plain.startswith("/") or ":" in plain or ".." in plain.split("/") or "\0" in plain
    if leaves or not path.resolve().is_relative_to(folder.resolve()):
        raise VolResearchError(
            "read.format",
            f'It names the data file "{name[:120]}", which is not in its folder.',
            where=where,
            expected="a path inside the folder, without .. and without an address",
            hint="Download the data file, put it beside, and name it there.",
        )
    return path


def encoding_known(name: str) -> bool:
    """Whether Python decodes an encoding of text by this name."""
    try:
        return not name or bool(getattr(codecs.lookup(name), "_is_text_encoding", True))
    except (LookupError, ValueError):
        return False


def delimited_text(path: Path, dialect: Dialect) -> pd.DataFrame | None:
    """Read a delimited file as it is declared; None where it is not written so.

    Returns
    -------
    pandas.DataFrame or None
        Columns are 0, 1, 2, ...; every cell is text, an empty one is NA; the header is the first row.
        None where rows differ in length, or the text has another encoding.
    """
    with plain_file(path) as plain:
        if dialect.comment or dialect.escape or dialect.skip_space or len(dialect.delimiter) != 1:
            return _by_hand(plain, dialect)
        try:
            return _by_arrow(plain, dialect)
        except ImportError:
            return _by_hand(plain, dialect)


def _by_arrow(path: Path, dialect: Dialect) -> pd.DataFrame | None:
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    width = _width(path, dialect)
    if not width:
        return None
    names = [str(place) for place in range(width)]
    try:
        table = arrow_csv.read_csv(
            path,
            read_options=arrow_csv.ReadOptions(
                column_names=names, block_size=_BLOCK, encoding=dialect.encoding
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote or False,
                double_quote=dialect.double,
                newlines_in_values=True,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError, pa.ArrowCapacityError, UnicodeDecodeError):
        return None
    from volresearch.datasets.readers.delimited import as_text

    frame = as_text(table)
    return frame.set_axis(range(width), axis=1)


def _width(path: Path, dialect: Dialect) -> int:
    with path.open(encoding=_with_mark(dialect.encoding), newline="") as stream:
        try:
            return len(next(_rows(stream, dialect), []))
        except (csv.Error, UnicodeDecodeError):
            return 0


def _by_hand(path: Path, dialect: Dialect) -> pd.DataFrame | None:
    import pandas as pd

    try:
        with path.open(encoding=_with_mark(dialect.encoding), newline="") as stream:
            rows = [row for row in _rows(stream, dialect) if row]
    except (csv.Error, UnicodeDecodeError):
        return None
    if dialect.comment:
        rows = [row for row in rows if not row[0].startswith(dialect.comment)]
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        return None
    return pd.DataFrame(rows, dtype="str").replace("", pd.NA)


def _rows(stream: Any, dialect: Dialect) -> Any:
    return csv.reader(
        stream,
        delimiter=dialect.delimiter if len(dialect.delimiter) == 1 else ",",
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        doublequote=dialect.double,
        escapechar=dialect.escape or None,
        skipinitialspace=dialect.skip_space,
    )


def _with_mark(encoding: str) -> str:
    return "utf-8-sig" if encoding.lower().replace("_", "-") in {"utf-8", "utf8"} else encoding


def fixed_text(
    path: Path, places: Sequence[Place], encoding: str, notes: list[Note], *, segments: int = 1
) -> pd.DataFrame:
    """Read fixed-width records.

    Parameters
    ----------
    path : Path
        Plain or gzipped.
    places : sequence of Place
    encoding : str
        Columns are counted in bytes, as statistical packages do.
    notes : list of Note
        Gets one for records that are shorter than the codebook says.
    segments : int
        Records of one case.

    Returns
    -------
    pandas.DataFrame
        Text without the spaces around it, NA where there is nothing; implied decimal points are put in.

    Raises
    ------
    VolResearchError
        ``read.file`` where the records are no whole number of cases; ``read.limit`` for an endless record.
    """
    import numpy as np
    import pandas as pd

    where = Where(file=short_path(path))
    with plain_file(path) as plain:
        lines = _records(plain.read_bytes(), where)
    if len(lines) % segments:
        raise VolResearchError(
            "read.file",
            f"The file has {len(lines):,} records, which is no multiple of the {segments} of one case.",
            where=where,
            hint="Is the file cut off, or does the codebook belong to another one?",
        )
    _tell_short(lines, places, segments, notes, where)
    longest = max((place.start + place.width - 1 for place in places), default=1)
    if longest * len(lines) > 4 * sum(map(len, lines)) + _BLOCK:
        raise VolResearchError(
            "read.limit",
            f"The codebook asks for records of {longest:,} columns, and those of the file are far shorter.",
            where=where,
            hint="Does the codebook belong to another file?",
        )
    signs = np.array(lines, dtype=f"S{longest}").view(np.uint8).reshape(len(lines), longest)
    out = {place.name: _column(signs[place.segment - 1 :: segments], place, encoding) for place in places}
    return pd.DataFrame(out, dtype="str")


def _records(data: bytes, where: Where) -> list[bytes]:
    if b"\x00" in data[: 1 << 16]:
        raise VolResearchError(
            "read.file", "This is no fixed-width text: a byte 0 stands in it.", where=where
        )
    lines = data.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n").split(b"\n")
    while lines and not lines[-1].strip(b"\r\x1a"):
        lines.pop()
    return lines


def _tell_short(
    lines: Sequence[bytes], places: Sequence[Place], segments: int, notes: list[Note], where: Where
) -> None:
    ends = {place.segment: 0 for place in places}
    for place in places:
        ends[place.segment] = max(ends[place.segment], place.start + place.width - 1)
    short = [number for number, line in enumerate(lines) if len(line) < ends.get(number % segments + 1, 0)]
    if short:
        told = f"{len(short):,} records are shorter than the codebook says: what is not there is empty."
        notes.append(Note(told, Where(file=where.file, line=short[0] + 1)))


def _column(signs: Any, place: Place, encoding: str) -> pd.Series:
    import numpy as np
    import pandas as pd

    cut = np.ascontiguousarray(signs[:, place.start - 1 : place.start - 1 + place.width])
    cells: Any = np.char.decode(cut.view(f"S{cut.shape[1]}").ravel(), encoding, "replace") if len(cut) else []
    texts = pd.Series(cells, dtype="str").str.strip()
    texts = texts.mask(texts == "")
    implied = place.decimals and not texts.str.contains(".", regex=False).any()
    return with_point(texts, place.decimals) if implied else texts


def with_point(texts: pd.Series, decimals: int) -> pd.Series:
    """Put the decimal point into numbers that are written without: ``001234`` with 2 decimals is ``0012.34``."""
    whole = texts.str.fullmatch(r"[+-]?[0-9]+").fillna(False).astype(bool)
    sign = texts.str.extract(r"^([+-]?)", expand=False).fillna("")
    digits = texts.str.removeprefix("+").str.removeprefix("-").str.zfill(decimals + 1)
    pointed = sign + digits.str.slice(stop=-decimals) + "." + digits.str.slice(start=-decimals)
    return texts.mask(whole, pointed)


def number_code(code: str, decimals: int = 0) -> str:
    """Return a code of numbers as the column shows it: with its implied decimals, without leading zeros.

    >>> number_code("0099", 2), number_code("099")
    ('0.99', '99')
    """
    if not re.fullmatch(r"[+-]?[0-9]+", code):
        return code
    number = int(code)
    if not decimals:
        return str(number)
    value = number / 10**decimals
    return code_text(value)


def places_of(vars: Iterable[Any]) -> Iterator[Place]:
    """Yield where variables stand in a record; those that say so wrongly, or not at all, stand nowhere."""
    for var in vars:
        location = child(var, "location")
        start, end, width = (_whole(location, name) for name in ("StartPos", "EndPos", "width"))
        if start and not width and end:
            width = end - start + 1
        if start and width > 0 and start + width < _MAX_PLACE and var.get("name"):
            decimals = _whole(var, "dcml")
            segment = _whole(location, "RecSegNo") or 1
            yield Place(var.get("name"), start, width, decimals if decimals < 16 else 0, min(segment, 1000))


def has_header(path: Path, names: Collection[str]) -> bool:
    """Whether the first line names variables: a delimited copy of what the codebook describes as fixed-width."""
    first = head_of(path, 1 << 16).decode("utf-8", "replace").lstrip("\ufeff").partition("\n")[0]
    words = {one.strip(' "\r').lower() for sign in ",\t;|" for one in first.split(sign)}
    return len(words & {name.lower() for name in names}) * 2 > len(names)


def encoding_of(path: Path) -> str:
    """Return ``utf-8`` where the beginning of a file is, else ``latin-1``, which decodes anything."""
    try:
        head_of(path, 1 << 20)[:-4].decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8" if error.start > (1 << 20) - 16 else "latin-1"
    return "utf-8"


def _whole(element: Any, name: str) -> int:
    given = element.get(name, "").strip() if element is not None else ""
    return int(given) if given.isdecimal() and len(given) < 10 else 0
