"""A workspace: a folder of the user's with copies of the notebooks, in which nobody's work is overwritten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from volresearch.errors import VolResearchError, Where, short_path

__all__ = ["Copied", "copy_notebooks", "notebook_faults", "refuse_private"]

#: Where a workspace remembers what was copied into it: notebook name -> sha256 of the copy.
LEDGER = Path(".volresearch") / "notebooks.json"


@dataclass(frozen=True)
class Copied:
    """What became of one notebook.

    ``action`` is ``copied``, ``updated``, ``unchanged``, ``kept`` (the user's own version stands) or
    ``beside`` (the user's version stands and ours lies at ``other``).
    """

    name: str
    path: Path
    action: str
    other: Path | None = None

    def __str__(self) -> str:
        if self.action == "beside" and self.other is not None:
            return f"{self.name}: changed by you, kept; ours lies beside it as {self.other.name}"
        words = {
            "copied": "copied",
            "updated": "brought up to date",
            "unchanged": "up to date",
            "kept": "yours, kept",
        }
        return f"{self.name}: {words[self.action]}"


def copy_notebooks(folder: Path, notebooks: Iterable[tuple[str, Path]]) -> list[Copied]:
    """Copy notebooks into a workspace; a file that its user changed is never overwritten.

    Parameters
    ----------
    folder : Path
        The workspace; made if it is not there.
    notebooks : iterable of (str, Path)
        Name inside the workspace (``"explore.ipynb"``, ``"peru_soyvoluntario/tour.ipynb"``) and source.

    Returns
    -------
    list of Copied
        What became of each. A file that is byte for byte what was copied last time is brought up to
        date. A file whose cells are still ours but which was run stays as it is while it is current.
        Anything else is the user's: it stays, and ours is laid beside it as ``NAME.new.ipynb``.
    """
    refuse_private(folder)
    folder.mkdir(parents=True, exist_ok=True)
    ledger = _read_ledger(folder)
    done = [_copy_one(folder, name, source, ledger) for name, source in notebooks]
    target = folder / LEDGER
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(ledger, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return done


def _copy_one(folder: Path, name: str, source: Path, ledger: dict[str, str]) -> Copied:
    target, content = folder / name, source.read_bytes()
    if not target.exists():
        return _write(target, content, name, "copied", ledger)
    present = target.read_bytes()
    if present == content:
        ledger[name] = _sha256(content)
        return Copied(name, target, "unchanged")
    if ledger.get(name) == _sha256(present):
        return _write(target, content, name, "updated", ledger)
    if _cells(present) == _cells(content):
        return Copied(name, target, "kept")
    return Copied(name, target, "beside", _lay_beside(target, content))


def _write(target: Path, content: bytes, name: str, action: str, ledger: dict[str, str]) -> Copied:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    ledger[name] = _sha256(content)
    return Copied(name, target, action)


def _lay_beside(target: Path, content: bytes) -> Path:
    number = 1
    while True:
        ending = ".new" if number == 1 else f".new-{number}"
        other = target.with_name(f"{target.stem}{ending}{target.suffix}")
        if not other.exists():
            other.write_bytes(content)
            return other
        if other.read_bytes() == content:
            return other
        number += 1


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _cells(content: bytes) -> list[tuple[str, str]] | None:
    """What a person wrote: kind and text of every cell. Outputs and counters are left by running."""
    try:
        cells = json.loads(content)["cells"]
        return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    except (ValueError, KeyError, TypeError):
        return None


def _read_ledger(folder: Path) -> dict[str, str]:
    path = folder / LEDGER
    if not path.is_file():
        return {}
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): str(digest) for name, digest in read.items()}
    except (ValueError, AttributeError):
        return {}  # an unreadable ledger only means that every file counts as the user's own


def refuse_private(path: Path) -> None:
    """Refuse a place in a ``private/`` folder: what lies there is never served and never copied into."""
    from volresearch.datasets.private import in_private  # here: the help of commands loads no datasets

    if in_private(path):
        raise VolResearchError(
            "dataset.private",
            f"{short_path(path)} lies in a private folder, and nothing in there is served.",
            hint="Choose a folder or notebook outside of private/.",
        )


def notebook_faults(path: Path) -> list[str]:
    """Return what keeps a notebook from being shipped: outputs, counters, no tagged parameters cell.

    Raises `VolResearchError` (``declare.syntax``) where the file is no notebook.
    """
    notebook = _read_notebook(path)
    code = [cell for cell in notebook["cells"] if cell.get("cell_type") == "code"]
    faults = []
    if any(cell.get("outputs") for cell in code):
        faults.append("it holds outputs: clear them before it is shared")
    if any(cell.get("execution_count") for cell in code):
        faults.append("it holds execution counts: clear the outputs before it is shared")
    if "widgets" in notebook.get("metadata", {}):
        faults.append("it holds the state of widgets: clear it before it is shared")
    tagged = sum("parameters" in cell.get("metadata", {}).get("tags", []) for cell in code)
    if tagged != 1:
        faults.append(f"one code cell must carry the tag 'parameters'; {tagged} do")
    return faults


def _read_notebook(path: Path) -> dict[str, Any]:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = notebook["cells"]
    except OSError as error:
        raise VolResearchError("notebook.unknown", f"There is no notebook {short_path(path)}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise VolResearchError(
            "declare.syntax", "This is no notebook.", where=Where(file=short_path(path)), got=str(error)
        ) from error
    if not isinstance(cells, list):
        raise VolResearchError("declare.syntax", "This is no notebook.", where=Where(file=short_path(path)))
    return dict(notebook)
