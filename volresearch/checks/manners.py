"""V2: a plugin is imported without loading much, writing, printing, or calling anybody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from volresearch.checks.findings import Finding, error, place
from volresearch.checks.subject import Subject
from volresearch.errors import Where
from volresearch.plugins import KINDS, FolderPlugin, PluginInfo

__all__ = ["HEAVY", "Probe", "check_manners", "known", "probe", "unimported"]

#: Modules that no plugin may load when it is imported: listing plugins must stay quick.
HEAVY = (
    "IPython", "altair", "duckdb", "geopandas", "great_tables", "ipywidgets", "jupyter_client", "matplotlib",
    "nbconvert", "nbformat", "networkx", "numpy", "openpyxl", "pandas", "polars", "pyarrow", "pydantic",
    "pyreadstat", "pytest", "requests", "scipy", "sklearn", "statsmodels", "torch", "yaml",
)  # fmt: skip

_SECONDS = 60
_TOLD = {
    "writes": "changes files",
    "network": "uses the network",
    "program": "starts a program",
}


@dataclass(frozen=True)
class Probe:
    """What an interpreter of its own saw while it imported a plugin."""

    answer: dict[str, Any]
    printed: str = ""
    ended: str = ""


def probe(subject: Subject) -> Probe:
    """Import the plugin in a fresh interpreter, in an empty folder, and return what happened.

    Parameters
    ----------
    subject : Subject
        The plugin; its folder goes first on the search path.
    """
    with tempfile.TemporaryDirectory(prefix="volresearch-check-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        (folder / "empty").mkdir()
        order = {
            "path": _search_path(),
            "folder": str(_import_root(subject)),
            "name": subject.name,
            "target": subject.target,
            "heavy": HEAVY,
            "answer": str(folder / "answer.json"),
        }
        (folder / "order.json").write_text(json.dumps(order), encoding="utf-8")
        return _run(folder)


def _run(folder: Path) -> Probe:
    script = Path(__file__).with_name("probe.py")
    try:
        done = subprocess.run(  # noqa: S603 - our own script; the plugin's code runs there and not here
            [sys.executable, "-I", "-B", "-X", "utf8", str(script), str(folder / "order.json")],
            cwd=folder / "empty",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Probe({}, ended=f"It was not imported within {_SECONDS} seconds.")
    printed = done.stdout.decode("utf-8", errors="replace").strip()
    answer = folder / "answer.json"
    if not answer.is_file():
        return Probe({}, printed, f"Importing it ends the interpreter (exit code {done.returncode}).")
    try:
        said = json.loads(answer.read_text(encoding="utf-8"))
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return Probe({}, printed, "What happened cannot be read: it meddles with the check.")
    return Probe(said, printed)


def known(subject: Subject, seen: Probe) -> Subject:
    """Return the subject with what the plugin said about itself."""
    said = seen.answer.get("info")
    if not said:
        return subject
    records = {
        kind: tuple(KINDS[kind](name, Path(path) if path else None, target) for name, path, target in rows)
        for kind, rows in seen.answer["records"].items()
    }
    return replace(subject, info=PluginInfo(**said), records=records)


def unimported(subject: Subject) -> Subject:
    """Return the subject with the records that lie in the usual folders, without running any of its code."""
    plugin = FolderPlugin(subject.name, root=subject.package)
    records = {kind: tuple(getattr(plugin, f"volresearch_{kind}")()) for kind in KINDS}
    return replace(subject, records=records)


def check_manners(subject: Subject, seen: Probe) -> Iterator[Finding]:
    """Yield what the plugin did while it was imported and should not have done."""
    where = place(subject.package / "__init__.py")
    if seen.ended:
        yield error("V2", seen.ended, where)
    noted = seen.answer.get("noted", [])
    for kind, event, detail in dict.fromkeys(tuple(item) for item in noted):
        yield error("V2", f"When it is imported it {_TOLD[kind]}: {event} {detail}".rstrip(), where)
    cause = seen.answer.get("cause")
    if cause and not noted:
        file, line = seen.answer["where"]
        yield error("V2", cause, Where(file, line) if file else where, seen.answer["hint"])
    if seen.answer.get("heavy"):
        names = ", ".join(seen.answer["heavy"])
        yield error(
            "V2", f"When it is imported it loads {names}.", where, "Import inside the function that uses it."
        )
    if seen.printed:
        first = seen.printed.splitlines()[0][:120]
        yield error("V2", f'When it is imported it prints "{first}".', where)


def _import_root(subject: Subject) -> Path:
    module = subject.target.partition(":")[0]
    return subject.package.resolve().parents[module.count(".")]


def _search_path() -> list[str]:
    """Return the search path for the fresh interpreter: that of this one, with volresearch on it."""
    own = str(Path(__file__).resolve().parents[2])
    return list(dict.fromkeys([own, *(str(Path(item or os.curdir).resolve()) for item in sys.path)]))
