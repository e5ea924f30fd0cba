"""V1: the package data are complete, so that others may use, cite and repair the plugin."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from volresearch.checks.findings import Finding, error, place, warning
from volresearch.checks.subject import Subject, inside
from volresearch.errors import VolResearchError

__all__ = ["check_package"]

_README_LEAST = 200
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*(.*)")
_UPPER = re.compile(r"(?<![!=<>~])(<=?|===?|~=)")
_CITATION_KEYS = ("cff-version", "message", "title", "authors", "version")


def check_package(subject: Subject) -> Iterator[Finding]:
    """Yield what is missing from the package data of a plugin.

    An installed plugin without its sources is judged by its metadata; files that a wheel does not carry
    are then not asked for.

    Parameters
    ----------
    subject : Subject
        From `volresearch.checks.subject.locate`.
    """
    yield from _people(subject)
    yield from _dependencies(subject)
    if subject.project is None:
        yield from _metadata_only(subject)
        return
    yield from _links(subject.project)
    yield from _file(subject, "LICENSE", 100, "Say under which terms others may use this.")
    yield from _file(subject, "README.md", _README_LEAST, "Tell the programme's story and what the data are.")
    yield from _file(subject, "CHANGELOG.md", 1, "Say what changed in each version.")
    yield from _licence(subject)
    yield from _changelog(subject)
    yield from _citation(subject)


def _pyproject(subject: Subject) -> Any:
    return place(subject.project / "pyproject.toml") if subject.project else None


def _people(subject: Subject) -> Iterator[Finding]:
    people = [*subject.metadata.get("maintainers", []), *subject.metadata.get("authors", [])]
    if not any(isinstance(one, dict) and (one.get("name") or one.get("email")) for one in people):
        hint = 'maintainers = [{ name = "...", email = "..." }]'
        yield error("V1", "The project names no maintainer.", _pyproject(subject), hint)
    if subject.info and not subject.info.maintainer.strip():
        hint = "Messages about faults of the plugin say whom to write to."
        yield error(
            "V1", "The plugin object names no maintainer.", place(subject.package / "__init__.py"), hint
        )


def _dependencies(subject: Subject) -> Iterator[Finding]:
    names = set()
    extras = subject.metadata.get("optional-dependencies", {})
    needed = subject.metadata.get("dependencies", [])
    for text in [*needed, *(item for group in extras.values() for item in group)]:
        match = _REQUIREMENT.match(str(text))
        name, rest = (match[1], match[3]) if match else (str(text), "")
        names.add(re.sub(r"[-_.]+", "-", name).lower())
        if rest.startswith("@"):
            yield error("V1", f'The dependency "{text}" is bound to an address.', _pyproject(subject))
        elif _UPPER.search(rest.partition(";")[0]):
            hint = "State the lowest version only (>=): upper pins block other packages."
            yield error("V1", f'The dependency "{text}" has an upper pin.', _pyproject(subject), hint)
    if "volresearch" not in names and subject.name != "core":
        yield error("V1", 'The project does not depend on "volresearch".', _pyproject(subject))
    if _UPPER.search(str(subject.metadata.get("requires-python", ""))):
        yield error("V1", "requires-python has an upper pin.", _pyproject(subject), "Write >=3.11 or later.")


def _metadata_only(subject: Subject) -> Iterator[Finding]:
    if not subject.metadata.get("license"):
        yield error("V1", "The installed package names no licence.")
    if len(str(subject.metadata.get("readme", "")).strip()) < _README_LEAST:
        yield error("V1", "The installed package carries no README.")


def _links(project: Path) -> Iterator[Finding]:
    """Refuse links that lead out: what is checked must be what is there."""
    for folder, folders, files in os.walk(project):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(folder, name) for name in sorted([*folders, *files])):
            if path.is_symlink() and not inside(path, project):
                yield error("V1", "A symbolic link leads out of the folder.", place(path))


def _read(subject: Subject, name: str) -> str | None:
    assert subject.project is not None
    path = subject.project / name
    if not path.is_file() or not inside(path, subject.project):
        return None
    return path.read_text(encoding="utf-8", errors="replace")


def _file(subject: Subject, name: str, least: int, hint: str) -> Iterator[Finding]:
    text = _read(subject, name)
    where = place(subject.root / name)
    if text is None:
        yield error("V1", f"There is no {name}.", where, hint)
    elif len(text.strip()) < least:
        yield error("V1", f"{name} is nearly empty.", where, hint)


def _licence(subject: Subject) -> Iterator[Finding]:
    if not subject.metadata.get("license"):
        yield error("V1", "The project names no licence.", _pyproject(subject), 'license = "BSD-3-Clause"')


def _changelog(subject: Subject) -> Iterator[Finding]:
    version = str(subject.metadata.get("version", ""))
    text = _read(subject, "CHANGELOG.md")
    if not version and "version" not in subject.metadata.get("dynamic", []):
        yield error("V1", "The project has no version.", _pyproject(subject))
    elif version and text is not None and version not in text:
        where = place(subject.root / "CHANGELOG.md")
        yield warning("V1", f"The changelog does not mention version {version}.", where)


def _citation(subject: Subject) -> Iterator[Finding]:
    from volresearch.declare import loads

    where = place(subject.root / "CITATION.cff")
    text = _read(subject, "CITATION.cff")
    if text is None:
        yield error("V1", "There is no CITATION.cff.", where, "Say how the data are to be cited.")
        return
    try:
        data = loads(text, where.file or "CITATION.cff").data
    except VolResearchError as raised:
        for item in raised.faults:
            yield error("V1", item.message, item.where)
        return
    missing = [key for key in _CITATION_KEYS if not (isinstance(data, dict) and data.get(key))]
    if missing:
        yield error("V1", f"CITATION.cff lacks: {', '.join(missing)}.", where)
    elif str(data["version"]) != str(subject.metadata.get("version", data["version"])):
        yield warning("V1", f"CITATION.cff speaks of version {data['version']}.", where)
