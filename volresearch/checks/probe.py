"""Runs in an interpreter of its own: imports one plugin and writes down what that did.

Called as ``python -I -B probe.py ORDER``; ORDER is a JSON file with the search path, the plugin's name and
entry point, the modules that count as heavy, and where the answer goes. Writing files, opening sockets and
starting programs is refused and noted. This is a check of manners, not a prison: whoever wants to harm can.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

_NETWORK = ("socket.", "urllib.", "http.client.", "ftplib.", "smtplib.")
_PROGRAMS = (
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.fork",
    "pty.",
    "webbrowser.",
)
_CHANGES = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.utime", "shutil.", "tempfile.", "sqlite3.connect", "winreg.")  # fmt: skip
_QUIET = ("socket.gethostname", "shutil.which")


class Manners:
    """An audit hook that notes and refuses what a plugin has no business to do while it is imported."""

    def __init__(self) -> None:
        self.noted: list[list[str]] = []
        self.on = False

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        """Judge one event of the interpreter."""
        if not self.on or event in _QUIET:
            return
        kind = self._kind(event, args)
        if kind:
            self.noted.append([kind, event, str(args[0] if args else "")[:200]])
            raise PermissionError(f"refused while a plugin is checked: {event}")

    def _kind(self, event: str, args: tuple[Any, ...]) -> str:
        if event == "open":
            return "writes" if _writes(*args[:3]) else ""
        if event.startswith(_NETWORK):
            return "network"
        if event.startswith(_PROGRAMS):
            return "program"
        return "writes" if event.startswith(_CHANGES) else ""


def _writes(path: Any, mode: Any, flags: Any) -> bool:
    if path in (os.devnull, os.devnull.encode()):
        return False
    if isinstance(mode, str) and any(sign in mode for sign in "wax+"):
        return True
    changing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    return isinstance(flags, int) and bool(flags & changing)


def run(order: dict[str, Any]) -> dict[str, Any]:
    """Import the plugin, ask its hooks, and return what happened as plain data."""
    sys.path[:] = order["path"]
    from volresearch.errors import VolResearchError
    from volresearch.plugins.discovery import Candidate
    from volresearch.plugins.walls import examine, import_plugin

    sys.path.insert(0, order["folder"])  # not earlier: a folder could bring a "volresearch" of its own
    before = set(sys.modules)
    manners = Manners()
    sys.addaudithook(manners)
    answer: dict[str, Any] = {"cause": "", "hint": "", "where": [None, None], "info": None, "records": {}}
    manners.on = True
    try:
        candidate = Candidate(order["name"], order["target"], order["name"], "")
        plugin = import_plugin(candidate)
        heavy = _heavy(before, order["heavy"])
        info, records = examine(order["name"], plugin)
        answer["info"] = {
            "name": info.name,
            "title": dict(info.title),
            "version": info.version,
            "api": list(info.api),
            "maintainer": info.maintainer,
            "languages": list(info.languages),
            "summary": dict(info.summary),
        }
        answer["records"] = {
            kind: [[item.id, str(item.path) if item.path else None, item.target] for item in many]
            for kind, many in records.items()
        }
    except VolResearchError as error:
        heavy = _heavy(before, order["heavy"])
        answer.update(cause=error.message, hint=error.hint, where=[error.where.file, error.where.line])
    finally:
        manners.on = False
    return {**answer, "noted": manners.noted, "heavy": heavy}


def _heavy(before: set[str], heavy: list[str]) -> list[str]:
    return sorted(name for name in heavy if name in sys.modules and name not in before)


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    answer_file = Path(given["answer"])
    answer_file.write_text(json.dumps(run(given), default=str), encoding="utf-8")
