"""Files of statistical packages: SPSS (.sav, .zsav, .por), Stata (.dta), SAS (.sas7bdat, .xpt), with all they declare."""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.readers.detect import detect
from volresearch.datasets.readers.found import Asked, Found, Note, RawTable
from volresearch.datasets.readers.packed import bare_name, is_packed, plain_file
from volresearch.datasets.readers.statfiles_columns import About, Converted, converted
from volresearch.datasets.readers.statfiles_spss import OURS, weight_of
from volresearch.datasets.readers.text_names import identifiers_of
from volresearch.datasets.typed import WHY
from volresearch.errors import VolResearchError, Where, short_path
from volresearch.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.datasets.provenance import Source

__all__ = ["read_statfile"]

_FAMILIES = {"sav": "spss", "zsav": "spss", "por": "spss", "dta": "stata", "sas7bdat": "sas", "xpt": "sas"}
_PARSERS = {"sav": "sav/zsav", "zsav": "sav/zsav", "xpt": "xport"}
_NAMES = {"spss": "SPSS", "stata": "Stata", "sas": "SAS"}
#: Cells that a byte of a file can stand for, at most: more is a header that lies, or a file made to fill the memory.
_CELLS_A_BYTE = {"sav": 8, "dta": 1, "zsav": 1_100, "sas7bdat": 2_000}
_MAX_CELLS = 1_000_000_000
_FALLBACK = "windows-1252"
_NOTES_SHOWN = 20


@dataclass(frozen=True)
class _Opened:
    """What pyreadstat gave: frame and metadata, the encoding that worked, what it warned of."""

    frame: pd.DataFrame
    meta: Any
    encoding: str
    said: tuple[str, ...]


def read_statfile(asked: Asked, source: Source) -> Found:
    """Read a file of SPSS, Stata or SAS.

    Parameters
    ----------
    asked : Asked
        `Asked.encoding` is tried first where it is given, then what the file says, then windows-1252 with a note.
    source : Source

    Returns
    -------
    Found
        One typed table. Values that the file declares missing stay in the column, with their reason in
        `Variable.missing`; special missing values (``.a``) are NA, with the letter in ``<name>__why``. Numbers are
        codes where every valid value has a label, else numbers with labels.

    Raises
    ------
    VolResearchError
        ``read.file`` for a damaged file, ``read.encoding``, ``read.limit``; ``tool.missing`` without pyreadstat.
    """
    format = detect(asked.path)
    where = Where(file=short_path(asked.path))
    if format not in _FAMILIES:
        raise VolResearchError(
            "read.format", "This is no file of SPSS, Stata or SAS.", where=where, got=format
        )
    with plain_file(asked.path) as file:
        _refuse_cut(file, format, where)
        opened = _opened(file, format, asked)
        weight = weight_of(file) if format in {"sav", "zsav"} else ""
        release = _release(file) if format == "dta" else ""
    frame, variables, notes = _table(opened, _FAMILIES[format], where)
    options = {"encoding": _encoding_told(opened, release, asked)}
    if weight:
        options["weight variable"] = weight
    if is_packed(asked.path):
        options["packed"] = "gzip"
    return Found(
        format=format,
        tables=(RawTable(bare_name(asked.path), frame, variables, typed=True),),
        title=_title(opened.meta),
        options=options,
        notes=(*_encoding_notes(opened, asked, where), *notes, *_file_notes(opened.meta, where)),
        sources=(source,),
    )


def _title(meta: Any) -> Text:
    """Return the file's label; what a program writes there of its own accord names a user, no study."""
    label = (meta.file_label or "").strip()
    return Text() if not label or label.lower().startswith("file created by user") else Text(label)


# --- opening ---------------------------------------------------------------------------------------------------------


def _opened(file: Path, format: str, asked: Asked) -> _Opened:
    where = Where(file=short_path(asked.path))
    parse, errors = _parser(format, where)
    tried = [asked.encoding, None] if asked.encoding else [None]
    with warnings.catch_warnings(record=True) as heard, _damage(where, format, errors):
        warnings.simplefilter("always")
        for encoding in (*tried, _FALLBACK):
            try:
                _, meta = parse(file, metadataonly=True, encoding=encoding)
                _refuse_size(meta, file.stat().st_size, format, where)
                frame, meta = parse(file, encoding=encoding)
            except Exception as error:
                if encoding == _FALLBACK or not _is_encoding(error):
                    raise
                continue
            said = tuple(dict.fromkeys(str(one.message) for one in heard if "duplicated" in str(one.message)))
            _refuse_short(meta, frame, where)
            return _Opened(frame, meta, encoding or "", said)
    raise AssertionError("the last encoding returns or raises")


def _parser(format: str, where: Where) -> tuple[Any, tuple[type[Exception], ...]]:
    """Return a function that reads a file of this format with all that is declared missing, and what it raises."""
    try:
        import pandas  # noqa: F401
        import pyarrow  # noqa: F401
        import pyreadstat
        from pyreadstat import _readstat_parser as parser
    except ImportError as error:
        raise VolResearchError(
            "tool.missing",
            "Reading files of SPSS, Stata and SAS needs pyreadstat and pyarrow.",
            where=where,
            hint='pip install "volresearch[files]"',
        ) from error

    def parse(file: Path, *, metadataonly: bool = False, encoding: str | None = None) -> tuple[Any, Any]:
        # The public functions for .por and .xpt make declared missing values NaN; their common entry does not.
        return parser.parser_entry_point(  # type: ignore[no-any-return]
            str(file),
            parser_format=_PARSERS.get(format, format),
            metadataonly=metadataonly,
            encoding=encoding,
            user_missing=True,
            disable_datetime_conversion=True,
        )

    return parse, (pyreadstat.ReadstatError, pyreadstat.PyreadstatError)


@contextlib.contextmanager
def _damage(where: Where, format: str, errors: tuple[type[Exception], ...]) -> Iterator[None]:
    """Turn what the parser raises for a bad file into one sentence."""
    try:
        yield
    except VolResearchError:
        raise
    except MemoryError as error:
        raise VolResearchError("read.limit", "The file does not fit into memory.", where=where) from error
    except Exception as error:
        if not isinstance(error, (*errors, ValueError, OverflowError, OSError)):
            raise
        if _is_encoding(error):
            raise VolResearchError(
                "read.encoding",
                "The text of this file cannot be decoded.",
                where=where,
                got=_told(error),
                hint='Name its encoding: encoding="gb18030", "windows-1256", "cp850".',
            ) from error
        raise VolResearchError(
            "read.file",
            f"This {_NAMES[_FAMILIES[format]]} file ({format}) is damaged or cut off.",
            where=where,
            got=_told(error),
            hint="Export it again, or copy it again from where it came.",
        ) from error


def _told(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error))[:200]


def _is_encoding(error: Exception) -> bool:
    words = str(error).lower()
    return (
        isinstance(error, UnicodeError)
        or "encoding" in words
        or "character set" in words
        or "convert string" in words
    )


def _refuse_cut(file: Path, format: str, where: Where) -> None:
    """Refuse what the parser takes although its end is missing: records of 80 bytes, a closing mark."""
    with file.open("rb") as stream:
        tagged = format == "dta" and stream.read(11) == b"<stata_dta>"
        size = stream.seek(0, 2)
        stream.seek(max(0, size - 16))
        end = stream.read()
    if (format == "xpt" and size % 80) or (tagged and b"</stata_dta>" not in end):
        raise VolResearchError(
            "read.file",
            f"This {_NAMES[_FAMILIES[format]]} file ({format}) is cut off: its end is missing.",
            where=where,
            hint="Export it again, or copy it again from where it came.",
        )


def _refuse_size(meta: Any, size: int, format: str, where: Where) -> None:
    rows, columns = meta.number_rows, meta.number_columns
    if not rows or not columns:
        return
    cells = rows * columns
    if cells > size * _CELLS_A_BYTE.get(format, 1):
        raise VolResearchError(
            "read.file",
            f"The header promises {rows:,} rows of {columns:,} variables, more than a file of {size:,} bytes can hold.",
            where=where,
            hint="The file is damaged or cut off: export it again.",
        )
    if cells > _MAX_CELLS:
        raise VolResearchError(
            "read.limit",
            f"The file has {rows:,} rows of {columns:,} variables, more than can be read into memory.",
            where=where,
            expected=f"at most {_MAX_CELLS:,} cells",
        )


def _refuse_short(meta: Any, frame: pd.DataFrame, where: Where) -> None:
    if not len(frame.columns):
        raise VolResearchError("read.file", "The file has no variables.", where=where)
    if meta.number_rows is not None and meta.number_rows != len(frame):
        raise VolResearchError(
            "read.file",
            "The file is cut off.",
            where=where,
            expected=f"{meta.number_rows:,} rows, as its header says",
            got=f"{len(frame):,}",
        )


def _release(file: Path) -> str:
    with file.open("rb") as stream:
        head = stream.read(80)
    tagged = re.search(rb"<release>(\d+)</release>", head)
    return tagged[1].decode() if tagged else str(head[0])


# --- the table -------------------------------------------------------------------------------------------------------


def _table(opened: _Opened, family: str, where: Where) -> tuple[pd.DataFrame, dict[str, Any], list[Note]]:
    import pandas as pd

    frame, meta = opened.frame, opened.meta
    names = identifiers_of(frame.columns)
    ours = any(line.startswith(OURS) for line in meta.notes or ())
    columns: dict[str, pd.Series] = {}
    variables: dict[str, Any] = {}
    notes: list[Note] = []
    beside = _companions(meta)
    for header in map(str, frame.columns):
        if header in beside:
            continue
        name = names[header]
        column = converted(frame[header], _about(header, name, meta, family, ours))
        written = frame.get(f"{header}{WHY}") if f"{header}{WHY}" in beside else None
        column = column if written is None else _with_companion(column, written, ours)
        columns[name] = column.column
        if column.why is not None:
            columns[f"{name}{WHY}"] = column.why.rename(f"{name}{WHY}")
        variables[name] = column.variable
        notes += [Note(f"{said}.", Where(file=where.file, variable=name)) for said in column.said]
    return pd.DataFrame(columns, copy=False), variables, notes


def _companions(meta: Any) -> set[str]:
    """Return the text columns that say why another one has no value, as our own writers leave them."""
    return {
        name
        for name in meta.column_names
        if name.endswith(WHY)
        and name.removesuffix(WHY) in meta.column_names
        and meta.readstat_variable_types[name] == "string"
    }


def _about(header: str, name: str, meta: Any, family: str, ours: bool) -> About:
    return About(
        name=name,
        source="" if header == name else header,
        label=meta.column_names_to_labels.get(header) or "",
        format=meta.original_variable_types.get(header) or "",
        measure=meta.variable_measure.get(header) or "",
        family=family,
        text=meta.readstat_variable_types[header] == "string",
        labels=meta.variable_value_labels.get(header) or {},
        ranges=meta.missing_ranges.get(header) or (),
        ours=ours,
    )


def _with_companion(column: Converted, written: pd.Series, ours: bool) -> Converted:
    """Return a column with the words that a writer of ours put beside it."""
    words = written.astype("str").str.rstrip(" ")
    words = words.mask(words == "")
    values = column.column
    if ours and column.variable.type == "multiple":
        # Text files cannot tell nothing chosen from no answer: where no word says why, nothing was chosen.
        values = values.mask(values.isna() & words.isna(), "")
    why = words if column.why is None else column.why.fillna(words)
    why = why.where(values.isna())
    return Converted(values, why if why.notna().any() else None, column.variable, column.said)


# --- what a person should know ---------------------------------------------------------------------------------------


def _encoding_told(opened: _Opened, release: str, asked: Asked) -> str:
    stated = opened.meta.file_encoding
    if opened.encoding:
        why = "as asked" if opened.encoding == asked.encoding else "what the file states does not decode it"
        return f"{opened.encoding} ({why})"
    if release:
        new = int(release) >= 118
        return f"{'UTF-8' if new else _FALLBACK} (release {release}{'' if new else ' states none'})"
    return f"{stated} (as the file says)" if stated else "not stated"


def _encoding_notes(opened: _Opened, asked: Asked, where: Where) -> list[Note]:
    notes = [Note(f"{said}.", where) for said in opened.said]
    if asked.encoding and opened.encoding != asked.encoding:
        notes.append(
            Note(f"The encoding {asked.encoding} does not decode this file: another was used.", where)
        )
    if opened.encoding == _FALLBACK != asked.encoding:
        notes.append(Note(f"Texts were read as {_FALLBACK}, since they are not what the file says they are. "
                          "Where letters look wrong, name the encoding.", where))  # fmt: skip
    return notes


def _file_notes(meta: Any, where: Where) -> list[Note]:
    """Return what the file holds beyond its table: sets of multiple responses, documents."""
    sets: Mapping[str, Any] = meta.mr_sets or {}
    notes = []
    for name, one in sets.items():
        label = f' "{one["label"]}"' if one.get("label") else ""
        kind = f"marked by {one['counted_value']}" if one.get("is_dichotomy") else "categories"
        members = ", ".join(one["variable_list"])
        notes.append(Note(f"Multiple response set {name}{label} ({kind}): {members}.", where))
    lines = [line.strip() for line in meta.notes or () if line.strip() and not line.startswith(OURS)]
    if lines:
        more = f" (and {len(lines) - _NOTES_SHOWN} more lines)" if len(lines) > _NOTES_SHOWN else ""
        notes.append(Note(f"The file says: {' '.join(lines[:_NOTES_SHOWN])}{more}", where))
    return notes
