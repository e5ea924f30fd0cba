"""V4: the data are what their declarations say, synthetic data say so, and nothing private is there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from volresearch.checks.declarations import loaded
from volresearch.checks.findings import Finding, error, from_error, place, warning
from volresearch.checks.subject import Subject, inside
from volresearch.errors import VolResearchError
from volresearch.plugins import Record

if TYPE_CHECKING:
    from volresearch.datasets import DatasetDeclaration

__all__ = ["check_content"]

#: Words that say in a name or title that data are invented.
_INVENTED = re.compile(
    r"(?<![a-z])(synthetic|synthetisch|example|simulated|invented|sintétic\w*|ejemplo|fictif|exemple|合成|示例)",
    re.I,
)
_INVENTED_ID = re.compile(r"(?<![a-z])(synthetic|example|simulated|invented|demo)(?![a-z])", re.I)


def check_content(subject: Subject) -> Iterator[Finding]:
    """Yield what is wrong with the data files of a plugin.

    Parameters
    ----------
    subject : Subject
        With its records.
    """
    yield from _private(subject)
    declared: set[Path] = set()
    readable = True
    for record in subject.records.get("datasets", ()):
        declaration = _declaration(subject, record)
        if declaration is None or record.path is None:
            readable = False  # V3 says why
            continue
        paths = [record.path.parent / table.path for table in declaration.tables.values()]
        declared |= {path.resolve() for path in paths}
        outside = [path for path in paths if not inside(path, subject.root)]
        for path in outside:
            yield error("V4", "A data file leads out of the folder of the plugin.", place(path))
        if not outside:
            yield from _opens(record.path)
        yield from _synthetic(declaration, record.path)
    if readable:
        yield from _undeclared(subject, declared)


def _declaration(subject: Subject, record: Record) -> DatasetDeclaration | None:
    from volresearch.datasets import DatasetDeclaration
    from volresearch.declare import check

    document = loaded(subject, record)
    try:
        return check(DatasetDeclaration, document) if document is not None else None
    except VolResearchError:
        return None


def _opens(path: Path) -> Iterator[Finding]:
    """Open the dataset as a user would: sha256, rows, types and codes are compared on the way."""
    from volresearch.datasets import open_dataset

    try:
        dataset = open_dataset(path)
        tables = dataset.tables
    except VolResearchError as raised:
        yield from from_error("V4", raised)
        return
    for name, declared in dataset.declaration.tables.items():
        if declared.rows is None:
            said = f'The table "{name}" does not say how many rows it has ({len(tables[name])}).'
            yield warning("V4", said, place(path))


def _synthetic(declaration: DatasetDeclaration, path: Path) -> Iterator[Finding]:
    marked = bool(_INVENTED_ID.search(declaration.id.replace("_", " ")))
    if marked and not declaration.synthetic:
        said = f'"{declaration.id}" is named as invented data but not marked "synthetic: true".'
        yield error("V4", said, place(path))
    if not declaration.synthetic:
        return
    if not marked:
        hint = "Put synthetic or example into the id, so that it is seen wherever the data go."
        yield error("V4", f'"{declaration.id}" is synthetic, but its id does not say so.', place(path), hint)
    silent = [
        tag
        for tag, title in declaration.title.items()
        if tag in ("en", "und") and not _INVENTED.search(title)
    ]
    if silent:
        yield error("V4", f'"{declaration.id}" is synthetic, but its title does not say so.', place(path))


def _private(subject: Subject) -> Iterator[Finding]:
    for folder, folders, files in os.walk(subject.root):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in ("build", "dist")]
        if Path(folder).name.casefold() == "private" and any(
            not name.startswith(".") for name in files + folders
        ):
            hint = "Personal data stay in the workspace's private/ folder; a plugin has none."
            yield error("V4", "There are files in a folder called private.", place(folder), hint)
            folders[:] = []


def _undeclared(subject: Subject, declared: set[Path]) -> Iterator[Finding]:
    """Name data files that no dataset declares: they would travel in the package unchecked."""
    for record in subject.records.get("datasets", ()):
        if record.path is not None and inside(record.path, subject.root):
            folder = record.path.parent / "files"
            break
    else:
        return
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith(".") and path.resolve() not in declared:
            yield warning("V4", "No dataset declares this file.", place(path))
