"""V3: declarations parse strictly, ids are unique and namespaced, references resolve."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.checks.findings import Finding, error, from_error, place, warning
from volresearch.checks.subject import Subject, inside
from volresearch.errors import VolResearchError, Where, near, short_path
from volresearch.plugins import KINDS, Host, PluginInfo, Record, hookimpl
from volresearch.plugins.folder import LAYOUT
from volresearch.plugins.walls import HOOKS

if TYPE_CHECKING:
    from volresearch.catalog import Catalog

__all__ = ["check_declarations", "data_catalog", "declaration_path", "loaded"]


def check_declarations(subject: Subject) -> Iterator[Finding]:
    """Yield what is wrong with the declarations of a plugin, every fault of every file.

    Parameters
    ----------
    subject : Subject
        With its records.
    """
    yield from _overlooked(subject)
    for kind, records in subject.records.items():
        seen: dict[str, Record] = {}
        for record in records:
            if record.id.casefold() in seen:
                other = seen[record.id.casefold()]
                yield error("V3", f'"{record.id}" and "{other.id}" are one id on systems that ignore case.')
            seen[record.id.casefold()] = record
            yield from _check_record(subject, kind, record)
    yield from _references(subject)


def declaration_path(record: Record) -> Path | None:
    """Return the YAML of a record; of a report, the one in its folder."""
    if record.path is None:
        return None
    return record.path / "report.yaml" if record.path.is_dir() else record.path


def loaded(subject: Subject, record: Record) -> Any:
    """Return the loaded YAML of a record, or None where it cannot be read (which V3 tells)."""
    from volresearch.declare import load

    path = declaration_path(record)
    if path is None or path.suffix != ".yaml" or not inside(path, subject.root):
        return None
    try:
        return load(path)
    except VolResearchError:
        return None


def _check_record(subject: Subject, kind: str, record: Record) -> Iterator[Finding]:
    path = declaration_path(record)
    if path is None:
        return
    if not inside(path, subject.root):
        yield error("V3", f'"{record.id}" lies outside the folder of the plugin.', place(path))
    elif path.suffix == ".csv":
        yield from _crosswalk(path)
    elif path.suffix == ".ipynb":
        yield from _notebook(path)
    else:
        yield from _yaml(kind, record, path)


def _yaml(kind: str, record: Record, path: Path) -> Iterator[Finding]:
    from volresearch.api import DECLARATIONS
    from volresearch.catalog.catalog import SINGULAR
    from volresearch.declare import check, load

    try:
        document = load(path)
        if SINGULAR[kind] in DECLARATIONS:
            module, name = DECLARATIONS[SINGULAR[kind]]
            check(getattr(import_module(module), name), document)
        declared = document.data.get("id") if isinstance(document.data, dict) else None
        if declared != record.id:
            said = f'The declared id is "{declared}"; its file name makes it "{record.id}".'
            yield error("V3", said, document.where(("id",)), "Make both the same.")
    except VolResearchError as raised:
        yield from from_error("V3", raised)


def _crosswalk(path: Path) -> Iterator[Finding]:
    from volresearch.harmonize import read_crosswalk

    try:
        read_crosswalk(path)
    except VolResearchError as raised:
        yield from from_error("V3", raised)


def _notebook(path: Path) -> Iterator[Finding]:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        dirty = any(cell.get("outputs") or cell.get("execution_count") for cell in code)
        tagged = any("parameters" in cell.get("metadata", {}).get("tags", []) for cell in code)
    except (ValueError, KeyError, TypeError, AttributeError) as failure:
        yield error("V3", f"This is no notebook: {type(failure).__name__}: {failure}.", place(path))
        return
    if dirty:
        yield error(
            "V3", "The notebook carries outputs.", place(path), "Strip them: they may hold personal data."
        )
    if not tagged:
        yield warning("V3", "No cell of the notebook has the tag parameters.", place(path))


def _overlooked(subject: Subject) -> Iterator[Finding]:
    """Name files that look like declarations but are not listed: .yml, or a kind of folder misspelt."""
    for folder in sorted(item for item in subject.package.iterdir() if item.is_dir()):
        hint = near(folder.name, KINDS)
        if folder.name not in KINDS and hint.startswith("Did you mean") and any(folder.glob("*.*")):
            yield warning("V3", f'Nothing is read from the folder "{folder.name}".', place(folder), hint)
    for kind, pattern in LAYOUT.items():
        suffix = Path(pattern).suffix
        for path in sorted((subject.package / kind).glob("*.y*ml" if suffix == ".yaml" else "*.*")):
            if path.is_file() and path.suffix != suffix and suffix != ".py":
                yield warning("V3", f"This file is not read: {kind} are {pattern}.", place(path))


class _Listed:
    """Stands in for a plugin with its records in hand: the data are opened, none of its code runs."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject

    @hookimpl
    def volresearch_plugin(self) -> PluginInfo:
        """Say who it is."""
        return self.subject.info or PluginInfo(self.subject.name)


def _hook(kind: str) -> Any:
    def hook(self: _Listed) -> tuple[Record, ...]:
        records = self.subject.records.get(kind, ())
        return tuple(record for record in records if record.path and inside(record.path, self.subject.root))

    return hookimpl(hook, specname=f"volresearch_{kind}")


for _name, _kind in HOOKS.items():
    setattr(_Listed, _name, _hook(_kind))


def data_catalog(subject: Subject) -> Catalog:
    """Return a catalog of the core and of what lies in the plugin's folder."""
    from volresearch.catalog import Catalog

    plugins = {} if subject.name == "core" else {subject.name: _Listed(subject)}
    return Catalog(Host.of(plugins, core=True))


def _references(subject: Subject) -> Iterator[Finding]:
    """Read the published figures together with those of the core: codes, sources and series must be known."""
    catalog = data_catalog(subject)
    for problem in catalog.facts().problems:
        own = [item for item in problem.faults if _is_own(item.where, subject)]
        for item in own:
            if item.code.startswith("facts."):
                yield error("V3", item.message, item.where, _first_sentence(item.hint))
    known = {record.id for record in catalog.records("indicators")} | {"context", ""}
    for record in subject.records.get("datasets", ()):
        yield from _indicators_of(subject, record, known)


def _indicators_of(subject: Subject, record: Record, known: set[str]) -> Iterator[Finding]:
    document = loaded(subject, record)
    data = document.data if document is not None else None
    table = data.get("tables", {}).get("series") if isinstance(data, dict) else None
    path = Path(record.path or "").parent / str(table.get("path", "")) if isinstance(table, dict) else None
    if path is None or not path.is_file() or not inside(path, subject.root):
        return
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            said = row.get("indicator") or ""
            if said not in known:
                where = Where(file=short_path(path), line=number)
                yield error("V3", f'There is no indicator "{said}".', where, near(said, known - {""}))


def _is_own(where: Where, subject: Subject) -> bool:
    return bool(where.file) and inside(Path(str(where.file)), subject.root)


def _first_sentence(hint: str) -> str:
    return hint.partition(" Plugin ")[0] if not hint.startswith("Plugin ") else ""
