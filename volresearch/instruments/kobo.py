"""KoboToolbox forms in JSON: assets, and the several versions of one form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from volresearch.errors import VolResearchError, Where
from volresearch.instruments.exchange import Imported, file_bytes
from volresearch.instruments.model import Instrument
from volresearch.instruments.xlsform.reader import read_sheets
from volresearch.instruments.xlsform.workbook import MAX_CELL, Sheet

__all__ = ["read", "read_versions", "read_with_notes"]

_MAX_ROWS = 100_000
_FORM_KEYS = ("survey", "content")


def read(source: str | Path | bytes) -> Instrument:
    """Read the newest version; see `read_with_notes`."""
    return read_with_notes(source).instrument


def read_with_notes(source: str | Path | bytes) -> Imported:
    """Read a form, the last version of it where there are several.

    Parameters
    ----------
    source : path or bytes
        JSON of an asset (as the API gives it), of its content, or a list of versions in their order.

    Raises
    ------
    VolResearchError
        ``instrument.format``, ``instrument.limit``.
    """
    return read_versions(source)[-1]


def read_versions(source: str | Path | bytes) -> tuple[Imported, ...]:
    """Read every version of a form, oldest first; see `read_with_notes`."""
    data, name = file_bytes(source)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise _fault("This is no JSON.", name) from None
    found = [
        _version(one, f"{name}, version {number}" if number > 1 else name, name)
        for number, one in enumerate(_versions(document), start=1)
    ]
    if not found:
        raise _fault("There is no form in this JSON.", name)
    return tuple(found)


def _fault(message: str, name: str) -> VolResearchError:
    return VolResearchError(
        "instrument.format",
        message,
        where=Where(file=name),
        expected='an asset of KoboToolbox: {"content": {"survey": [...], "choices": [...]}}',
    )


def _versions(document: Any) -> Iterator[dict[str, Any]]:
    """Yield what looks like a form: itself, in a list, or under ``versions``."""
    if isinstance(document, list):
        for one in document:
            yield from _versions(one)
    elif isinstance(document, dict):
        if any(key in document for key in _FORM_KEYS):
            yield document
        elif "versions" in document:
            yield from _versions(document["versions"])


def _version(document: Mapping[str, Any], place: str, file: str) -> Imported:
    content = document.get("content", document)
    if not isinstance(content, dict) or not isinstance(content.get("survey"), list):
        raise _fault("This version has no survey.", place)
    translations = content.get("translations") or [None]
    sheets = [
        _sheet("survey", [_row(row, translations, place) for row in _rows(content, "survey", place)]),
        _sheet("choices", [_row(row, translations, place) for row in _rows(content, "choices", place)]),
        _sheet("settings", [_settings(document, content, Path(file).stem)]),
    ]
    return read_sheets(tuple(sheets), place)


def _rows(content: Mapping[str, Any], key: str, place: str) -> list[Any]:
    rows = content.get(key) or []
    if not isinstance(rows, list) or any(not isinstance(row, dict) for row in rows):
        raise _fault(f'"{key}" is no list of rows.', place)
    if len(rows) > _MAX_ROWS:
        raise VolResearchError(
            "instrument.limit", f"There are more than {_MAX_ROWS:,} rows.", where=Where(file=place)
        )
    return rows


def _settings(document: Mapping[str, Any], content: Mapping[str, Any], stem: str) -> dict[str, str]:
    given = content.get("settings") or {}
    rows = given if isinstance(given, list) else [given]
    settings = {
        str(key): _text(value) for row in rows[:1] if isinstance(row, dict) for key, value in row.items()
    }
    settings.setdefault("form_title", _text(document.get("name") or document.get("title") or stem))
    settings.setdefault("form_id", _text(document.get("uid") or document.get("id_string") or stem))
    version = document.get("version") or document.get("version_id")
    if version:
        settings.setdefault("version", _text(version))
    return settings


def _row(row: Mapping[str, Any], translations: list[Any], place: str) -> dict[str, str]:
    out: dict[str, str] = {}
    for key, value in row.items():
        if key.startswith("$") or key in {"select_from_list_name", "_or_other"} or value is None:
            continue
        if isinstance(value, list):
            for language, words in zip(translations, value, strict=False):
                if words is not None:
                    out[f"{key}::{language}" if language else key] = _text(words)
        elif isinstance(value, dict):
            out[key] = json.dumps(value, ensure_ascii=False)
        else:
            out[key] = _text(value)
    if "name" not in out and row.get("$autoname") and "type" in out and not out["type"].startswith("end"):
        out["name"] = _text(row["$autoname"])
    listed = row.get("select_from_list_name")
    if listed:
        out["type"] = f"{out.get('type', '')} {listed}" + (" or_other" if row.get("_or_other") else "")
    if any(len(cell) > MAX_CELL for cell in out.values()):
        raise VolResearchError(
            "instrument.limit", f"A text has more than {MAX_CELL:,} characters.", where=Where(file=place)
        )
    return out


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sheet(name: str, rows: list[dict[str, str]]) -> Sheet:
    head = list(dict.fromkeys(key for row in rows for key in row))
    cells = [tuple(head), *(tuple(row.get(key, "") for key in head) for row in rows)]
    return Sheet(name, tuple(enumerate(cells, start=1)) if head else ())
