"""Writes a new plugin from the template: complete, small, and passing every check from its first minute."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from string import Template

from volresearch import __version__
from volresearch.errors import VolResearchError, Where, short_path
from volresearch.plugins import API
from volresearch.plugins.discovery import CORE, NONE, discover
from volresearch.plugins.walls import NAME
from volresearch.text import check_tag

__all__ = ["TEMPLATE", "write_plugin"]

#: Folder of the template; every file ends in ``.tmpl``.
TEMPLATE = Path(__file__).parent / "templates" / "plugin"

_HIDDEN = {"gitattributes": ".gitattributes", "gitignore": ".gitignore"}
_UNFIT = re.compile(r'["\\\x00-\x1f\x7f]')


def write_plugin(
    name: str,
    languages: Iterable[str] = ("en",),
    *,
    folder: str | Path = ".",
    title: str = "",
    maintainer: str = "",
) -> Path:
    """Write a new plugin into ``folder/name``.

    Parameters
    ----------
    name : str
        Name of the plugin: lower-case letters, digits and underscores.
    languages : iterable of str
        Language tags that it promises; English is added where it is missing.
    folder : path
        Where the folder of the plugin is made.
    title : str
        English title; made of the name where it is left out.
    maintainer : str
        Whom to write to.

    Returns
    -------
    Path
        The folder of the plugin.

    Raises
    ------
    VolResearchError
        ``plugin.name``, ``text.language``, or ``export.exists`` where the folder holds files already.
    """
    check_name(name)
    tags = tuple(dict.fromkeys(["en", *(check_tag(tag.strip()) for tag in languages if tag.strip())]))
    target = Path(folder) / name
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        hint = "Choose another name, or another folder with --dir."
        raise VolResearchError("export.exists", f"{short_path(target)} is there already.", hint=hint)
    values = _values(
        name,
        tags,
        _fit(title or name.replace("_", " ").capitalize()),
        _fit(maintainer or f"The makers of {name}"),
    )
    files = {_target_name(path, values): _filled(path, values) for path in sorted(TEMPLATE.rglob("*.tmpl"))}
    files = {path: Template(text).safe_substitute(tables=_tables(files)) for path, text in files.items()}
    for path, text in files.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(text.encode())
    return target


def check_name(name: str) -> None:
    """Refuse a name that no plugin may have, or that one has already.

    >>> check_name("kenya")
    """
    wrong = ""
    if not NAME.fullmatch(name):
        wrong = "A name has lower-case letters, digits and underscores, and begins with a letter."
    elif name in (CORE, NONE, "volresearch"):
        wrong = "This name has a meaning of its own; choose another."
    else:
        owner = next((str(item) for item in discover() if item.name == name), "")
        wrong = f"It is the name of an installed plugin: {owner}." if owner else ""
    if wrong:
        raise VolResearchError("plugin.name", f'A new plugin cannot be called "{name}".', hint=wrong)


def _fit(text: str) -> str:
    if _UNFIT.search(text):
        raise VolResearchError(
            "plugin.name",
            "Title and maintainer are one line each, without quotation marks and backslashes.",
            where=Where(path=repr(text)),
        )
    return text.replace("$", "$$")


def _values(name: str, tags: tuple[str, ...], title: str, maintainer: str) -> dict[str, str]:
    return {
        "name": name,
        "package": f"volresearch_{name}",
        "distribution": f"volresearch-{name.replace('_', '-')}",
        "title": title,
        "maintainer": maintainer,
        "core": ".".join(__version__.split(".")[:2]),
        "api": ", ".join(map(str, API)),
        "year": str(date.today().year),
        "languages": ", ".join(tags),
        "languages_tuple": ", ".join(f'"{tag}"' for tag in tags) + ("," if len(tags) == 1 else ""),
        "title_map": f'"en": "{title}"',
        "todo": "".join(f"  # {tag}: ...\n" for tag in tags[1:]),
        "title_columns": ",".join(f"title_{tag}" for tag in tags),
        "name_columns": ",".join(f"name_{tag}" for tag in tags),
        "empty_cells": "," * (len(tags) - 1),
    }


def _target_name(path: Path, values: dict[str, str]) -> str:
    parts = list(path.relative_to(TEMPLATE).parts)
    parts[0] = values["package"] if parts[0] == "package" else parts[0]
    parts[-1] = parts[-1].removesuffix(".tmpl")
    parts[-1] = _HIDDEN.get(parts[-1], parts[-1])
    return "/".join(parts)


def _filled(path: Path, values: dict[str, str]) -> str:
    text = path.read_text(encoding="utf-8")
    return Template(text).safe_substitute(values) if "${" in text else text


def _tables(files: dict[str, str]) -> str:
    """Return the lines of the YAML that declare the tables, with hashes of the bytes as they are written."""
    lines = []
    for path, text in files.items():
        if path.endswith(".csv"):
            file = path.rpartition("/")[2]
            digest = hashlib.sha256(text.encode()).hexdigest()
            rows = text.count("\n") - 1
            lines.append(
                f"  {file.removesuffix('.csv')}: {{path: files/{file}, sha256: {digest}, rows: {rows}}}"
            )
    return "\n".join(lines)
