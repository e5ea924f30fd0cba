"""``volresearch doctor``: what is here, what is missing, and what that disables."""

from __future__ import annotations

import importlib.metadata
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import click

from volresearch.cli.output import as_json, columns, print_json
from volresearch.plugins import Host

__all__ = ["doctor", "examine_environment"]

#: Program -> names it goes by, and what is disabled without it.
PROGRAMS: dict[str, tuple[tuple[str, ...], str]] = {
    "Chromium": (
        ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge"),
        "pictures of pages and PDF files of reports; every browser can still open and print a report",
    ),
    "pandoc": (("pandoc",), "reports as Word, ODT or LaTeX files"),
}

#: Optional package -> what is disabled without it.
OPTIONAL: dict[str, str] = {
    "jupyterlab": "volresearch lab",
    "voila": "volresearch serve",
    "openpyxl": "reading Excel files (.xlsx)",
    "xlrd": "reading old Excel files (.xls)",
    "pyreadstat": "reading SPSS, Stata and SAS files",
    "pyarrow": "reading and writing Parquet",
    "lxml": "reading XML codebooks",
}

_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
_REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@click.command()
@as_json
def doctor(as_json: bool) -> None:
    """Say what is installed, what is missing, and what that disables.

    Looks at Python, packages, plugins, fonts for each script, Chromium and pandoc. Changes nothing and asks
    nobody on the network. Send its output along when you report a problem.

    Ends with exit code 1 if something that volresearch always needs is missing.
    """
    found = examine_environment()
    if as_json:
        print_json(found)
    else:
        click.echo("\n".join(_lines(found)))
    if any(item["needed"] and not item["version"] for item in found["packages"]):
        raise click.exceptions.Exit(1)


def examine_environment() -> dict[str, Any]:
    """Return what the doctor sees, as plain data.

    Returns
    -------
    dict
        ``python``, ``packages``, ``plugins``, ``fonts``, ``programs``; what is missing says in ``disables`` what
        cannot be done without it.
    """
    from volresearch import __version__
    from volresearch.text import fonts

    return {
        "volresearch": __version__,
        "python": {
            "version": platform.python_version(),
            "system": platform.platform(),
            "program": sys.executable,
        },
        "packages": list(_packages()),
        "plugins": [
            {"name": state.name, "state": state.status, "version": state.version, "cause": state.cause}
            for state in Host.load().plugins
        ],
        "fonts": [
            {
                "script": item.name,
                "languages": list(item.languages),
                "found": list(item.found),
                "disables": "" if item.available else f"{item.name} text in pages and pictures shows boxes",
            }
            for item in fonts.status()
        ],
        "programs": [_program(name) for name in PROGRAMS],
    }


def _packages() -> Iterator[dict[str, Any]]:
    for name in _needed():
        version = _version(name)
        yield {
            "name": name,
            "version": version,
            "needed": True,
            "disables": "" if version else "volresearch itself",
        }
    for name, disables in OPTIONAL.items():
        version = _version(name)
        yield {"name": name, "version": version, "needed": False, "disables": "" if version else disables}


def _needed() -> list[str]:
    try:
        required = importlib.metadata.requires("volresearch") or []
    except importlib.metadata.PackageNotFoundError:
        required = ["click", "pandas", "pluggy", "pydantic", "pyyaml"]
    found = (_REQUIREMENT.match(text) for text in required if "extra ==" not in text)
    return sorted(match[0] for match in found if match)


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _program(name: str) -> dict[str, str]:
    names, disables = PROGRAMS[name]
    path = next(filter(None, map(shutil.which, names)), "")
    if name == "Chromium" and not path and sys.platform == "darwin":
        path = shutil.which(_MAC) or ""
    return {"name": name, "path": path, "disables": "" if path else disables}


def _lines(found: dict[str, Any]) -> Iterator[str]:
    python = found["python"]
    yield f"volresearch {found['volresearch']}, Python {python['version']} on {python['system']}"
    yield f"  {python['program']}"
    yield f"\n{columns(['package', 'version', 'without it'], [_package_row(item) for item in found['packages']])}"
    rows = [[item["name"], item["state"], item["version"], item["cause"]] for item in found["plugins"]]
    yield f"\n{columns(['plugin', 'state', 'version', 'cause'], rows)}"
    rows = [[item["script"], ", ".join(item["languages"]), _shown(item, "found")] for item in found["fonts"]]
    yield f"\n{columns(['script', 'languages', 'fonts'], rows)}"
    rows = [[item["name"], _shown(item, "path")] for item in found["programs"]]
    yield f"\n{columns(['program', 'found'], rows)}"


def _package_row(item: dict[str, Any]) -> list[str]:
    return [item["name"], item["version"] or "missing", item["disables"]]


def _shown(item: dict[str, Any], key: str) -> str:
    value = item[key]
    there = ", ".join(value) if isinstance(value, list) else value
    return there or f"none: {item['disables']}"
