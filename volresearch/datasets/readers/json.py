"""Submissions in JSON, as the servers of KoboToolbox, Ona and ODK give them; with their form where it stands beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from volresearch.datasets.provenance import Source
from volresearch.datasets.readers.found import Asked, Found, Note
from volresearch.datasets.readers.json_tables import tables_of
from volresearch.datasets.readers.packed import plain_file
from volresearch.errors import VolResearchError, Where, short_path
from volresearch.instruments import kobo

__all__ = ["MAX_BYTES", "read_json"]

#: A file of this size takes ten times as much memory.
MAX_BYTES = 512 << 20
#: Keys under which submissions stand; one of them is a slip of the pen that made its way into files.
_LISTS = ("submissions", "subissions", "results", "value", "data")
_FORM = ("content", "survey", "versions")
#: Keys that tell a single submission from any other object.
_SUBMISSION = frozenset(
    {"_uuid", "_id", "_submission_time", "meta/instanceID", "instanceID", "__id", "_xform_id_string"}
)


def read_json(asked: Asked, source: Source) -> Found:
    """Read submissions: a list of objects, one under a key, or one object a line.

    Parameters
    ----------
    asked : Asked
    source : Source

    Returns
    -------
    Found
        Paths of questions as headers, repeats as linked tables. ``forms`` holds the versions of the form where they stand
        in the same file.

    Raises
    ------
    VolResearchError
        ``read.file`` for text that is no JSON, ``read.format`` for JSON that is no submissions, ``read.encoding``,
        ``read.limit``.
    """
    where = Where(file=short_path(asked.path))
    text, encoding = _content(asked, where)
    document, lines = _parsed(text, where)
    del text
    objects, layout = (document, "one object a line") if lines else _submissions(document, where)
    forms, form_notes = ((), ()) if lines else _forms(document, where)
    tables, notes = tables_of(objects, asked.path.name.split(".")[0] or "data", where)
    if not objects:
        raise VolResearchError("read.file", "There are no submissions in this file.", where=where)
    return Found(
        "json",
        tables,
        options={"layout": layout, "encoding": encoding},
        notes=(*_pages(document, where), *form_notes, *notes),
        sources=(source,),
        forms=forms,
    )


def _content(asked: Asked, where: Where) -> tuple[str, str]:
    with plain_file(asked.path, limit=MAX_BYTES) as path:
        data = _bytes(path, where)
    encoding = asked.encoding or json.detect_encoding(data)
    try:
        return data.decode(encoding), encoding
    except (UnicodeDecodeError, LookupError) as error:
        raise VolResearchError(
            "read.encoding",
            f"The text cannot be decoded as {encoding}: {error}.",
            where=where,
            hint='Say which it is: encoding="windows-1252".',
        ) from error


def _bytes(path: Path, where: Where) -> bytes:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise VolResearchError(
            "read.limit",
            f"The file has {size:,} bytes.",
            where=where,
            expected=f"at most {MAX_BYTES:,} bytes of JSON",
            hint="Export it as CSV, which needs less memory.",
        )
    return path.read_bytes()


def _parsed(text: str, where: Where) -> tuple[Any, bool]:
    """Return the document, and whether it is one object a line."""
    try:
        return json.loads(text, parse_constant=str), False
    except RecursionError:
        raise _deep(where) from None
    except ValueError as error:
        if isinstance(error, json.JSONDecodeError) and error.msg == "Extra data" and error.lineno > 1:
            return _lines(text, where), True
        raise _broken(error, where, getattr(error, "lineno", None)) from None


def _lines(text: str, where: Where) -> list[Any]:
    out = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                out.append(json.loads(line, parse_constant=str))
            except RecursionError:
                raise _deep(where) from None
            except ValueError as error:
                raise _broken(error, where, number) from None
    return out


def _broken(error: ValueError, where: Where, line: int | None) -> VolResearchError:
    return VolResearchError(
        "read.file",
        f"This is no whole JSON: {error}.",
        where=Where(file=where.file, line=line),
        hint="Download or export it again.",
    )


def _deep(where: Where) -> VolResearchError:
    return VolResearchError("read.limit", "Objects stand too deep inside each other.", where=where)


def _submissions(document: Any, where: Where) -> tuple[list[Any], str]:
    """Return the list of submissions, and how they stand in the file."""
    if isinstance(document, list):
        inside = [one for one in document if isinstance(one, Mapping) and _has_form(one)]
        if inside and len(inside) == len(document):  # versions of a form, each with its submissions
            return [
                row for one in inside for row in _listed(one)[0]
            ], "submissions beside versions of their form"
        return document, "list of submissions"
    if isinstance(document, Mapping):
        rows, key = _listed(document)
        if key:
            return rows, f'submissions under "{key}"'
        if not _has_form(document) and _SUBMISSION & set(document):
            return [document], "one submission"
    form = isinstance(document, Mapping) and _has_form(document)
    raise VolResearchError(
        "read.format",
        "This JSON is a form without submissions." if form else "This JSON holds no submissions.",
        where=where,
        expected='a list of objects, or one under "results", "value" or "submissions"',
        hint="Give it as the form of a data file: vr.read(data, instrument=form)." if form else "",
    )


def _listed(document: Mapping[str, Any]) -> tuple[list[Any], str]:
    for key in _LISTS:
        rows = document.get(key)
        if isinstance(rows, list) and all(isinstance(one, Mapping) for one in rows):
            return rows, key
    return [], ""


def _has_form(document: Mapping[str, Any]) -> bool:
    return any(isinstance(document.get(key), list | Mapping) for key in _FORM)


def _forms(document: Any, where: Where) -> tuple[tuple[Any, ...], tuple[Note, ...]]:
    """Return the versions of the form that stand beside the submissions."""
    documents = document if isinstance(document, list) else [document]
    kept = [
        {key: value for key, value in one.items() if key not in _LISTS}
        for one in documents
        if isinstance(one, Mapping) and _has_form(one)
    ]
    if not kept or len(kept) != len(documents):
        return (), ()
    try:
        read_in = kobo.read_versions(json.dumps(kept).encode())
    except VolResearchError as error:
        return (), (Note(f"The form in this file was passed over: {error.message}", where),)
    notes = [Note(f"The form in this file: {note}", where) for one in read_in for note in one.notes]
    return tuple(one.instrument for one in read_in), tuple(notes)


def _pages(document: Any, where: Where) -> tuple[Note, ...]:
    """Tell where the server gave one page of several."""
    if not isinstance(document, Mapping):
        return ()
    following = document.get("next") or document.get("@odata.nextLink")
    if not following:
        return ()
    rows, _ = _listed(document)
    count = document.get("count") or document.get("@odata.count") or "more"
    return (Note(f"This is one page of several: {len(rows)} of {count} submissions.", where),)
