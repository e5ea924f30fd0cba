"""V5: every promised language is there, and placeholders agree between languages."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from volresearch.checks.declarations import declaration_path, loaded
from volresearch.checks.findings import Finding, error, place, warning
from volresearch.checks.subject import Subject, inside

__all__ = ["check_wording", "placeholders"]

_PLACEHOLDER = re.compile(r"(?<!\{)\{([A-Za-z_][A-Za-z0-9_.]*)(?:![rsa])?(?::[^{}]*)?\}(?!\})")
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_COLUMN = re.compile(r"(title|label|name|short)_([a-z]{2,3})")


def check_wording(subject: Subject) -> Iterator[Finding]:
    """Yield missing languages (warnings) and placeholders that differ between languages (errors).

    Parameters
    ----------
    subject : Subject
        With what the plugin says about itself, and its records.
    """
    if subject.info is not None:
        where = place(subject.package / "__init__.py")
        yield from _judge(subject, subject.info.title, where, "the plugin's title", always=True)
        yield from _judge(subject, subject.info.summary, where, "the plugin's summary")
    for record in (item for records in subject.records.values() for item in records):
        document = loaded(subject, record)
        if document is None:
            continue
        for steps, wordings in _texts(document.data, (), subject.languages):
            where = document.where(steps)
            yield from _judge(subject, wordings, where, f'"{record.id}"', _promised(document.data, subject))
        yield from _tables(subject, Path(declaration_path(record) or ""), document.data)


def placeholders(wording: str) -> frozenset[str]:
    """Return the names in braces that a wording is filled with.

    >>> sorted(placeholders("{n} of {total:,} hours, {{not this}}"))
    ['n', 'total']
    """
    return frozenset(match[1] for match in _PLACEHOLDER.finditer(wording))


def _judge(
    subject: Subject,
    wordings: Mapping[str, str],
    where: Any,
    what: str,
    languages: tuple[str, ...] | None = None,
    always: bool = False,
) -> Iterator[Finding]:
    promised = subject.languages if languages is None else languages
    missing = [tag for tag in promised if not str(wordings.get(tag, "")).strip()]
    if missing and (wordings or always):
        yield warning("V5", f"{_upper(what)} has no wording in {', '.join(missing)}.", where)
    first = next(iter(wordings), "")
    for tag, wording in wordings.items():
        if placeholders(str(wording)) != placeholders(str(wordings[first])):
            theirs = ", ".join(sorted(placeholders(str(wordings[first])))) or "none"
            ours = ", ".join(sorted(placeholders(str(wording)))) or "none"
            yield error(
                "V5", f"{_upper(what)} has the placeholders {theirs} in {first} but {ours} in {tag}.", where
            )


def _promised(data: Any, subject: Subject) -> tuple[str, ...]:
    """Return the languages that one declaration promises: its own list, else that of the plugin."""
    own = data.get("languages") if isinstance(data, dict) else None
    if isinstance(own, dict):  # an instrument says of each language how far it is
        own = tuple(own)
    if isinstance(own, tuple) and all(isinstance(tag, str) for tag in own):
        return tuple(dict.fromkeys([*own, *subject.languages]))
    return subject.languages


def _texts(
    data: Any, steps: tuple[Any, ...], languages: tuple[str, ...]
) -> Iterator[tuple[Any, dict[str, str]]]:
    """Find the multilingual texts of a declaration: maps of language tags to wordings."""
    if isinstance(data, dict):
        tags = all(isinstance(key, str) and _TAG.fullmatch(key) for key in data)
        if (
            data
            and tags
            and set(data) & {"en", *languages}
            and all(isinstance(item, str) for item in data.values())
        ):
            yield steps, data
            return
        for key, item in data.items():
            yield from _texts(item, (*steps, key), languages)
    elif isinstance(data, (list, tuple)):
        for number, item in enumerate(data):
            yield from _texts(item, (*steps, number), languages)


def _tables(subject: Subject, path: Path, data: Any) -> Iterator[Finding]:
    """Look at the CSV tables that carry titles and labels, one column a language."""
    tables = data.get("tables") if isinstance(data, dict) else None
    for table in (tables if isinstance(tables, dict) else {}).values():
        file = path.parent / str(table.get("path", "")) if isinstance(table, dict) else None
        if file and file.suffix == ".csv" and file.is_file() and inside(file, subject.root):
            yield from _columns(file, _promised(data, subject))


def _columns(file: Path, languages: tuple[str, ...]) -> Iterator[Finding]:
    with file.open(encoding="utf-8-sig", newline="", errors="replace") as stream:
        reader = csv.DictReader(stream)
        stems = {match[1] for name in reader.fieldnames or () if (match := _COLUMN.fullmatch(name or ""))}
        rows = list(reader) if stems else []
    for stem in sorted(stems):
        for tag in languages:
            column = f"{stem}_{tag}"
            empty = [
                number for number, row in enumerate(rows, start=2) if not (row.get(column) or "").strip()
            ]
            if empty:
                said = f"{len(empty)} of {len(rows)} rows have no {column}."
                yield warning("V5", said, place(file, empty[0]))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
