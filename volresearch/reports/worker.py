"""Making one page in one process: fill the template, run it, lay it out, write it."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from volresearch.errors import VolResearchError
from volresearch.reports import notebooks
from volresearch.reports.jobs import Job
from volresearch.reports.notebooks import CellError

__all__ = ["lay_out", "make", "record_failure"]


def make(job: Job, work: Path, execute: Callable[[NotebookNode], NotebookNode]) -> bool:
    """Make the page of `job` in `work` and write ``outcome.json`` there; return whether it succeeded.

    Everything that goes wrong becomes part of the outcome; only the end of the process escapes.
    """
    notebook: NotebookNode | None = None
    try:
        notebook = notebooks.fill(notebooks.read(job.template), job.values)
        execute(notebook)
        lay_out(notebook, job, work)
    except CellError as failure:
        record_failure(work, failure.error, failure.number, failure.details, notebook)
        return False
    except VolResearchError as error:
        record_failure(work, str(error), None, "", notebook)
        return False
    except Exception as error:  # noqa: BLE001 - the fault of one report must not end the others
        details = traceback.format_exc()
        record_failure(work, f"{type(error).__name__}: {error}", None, details, notebook)
        return False
    return True


def lay_out(notebook: NotebookNode, job: Job, work: Path) -> None:
    """Turn the executed notebook into the page and write page and outcome into `work`."""
    from volresearch.reports.exporter import page_of

    page, warnings = page_of(notebook, dict(job.page))
    (work / "page.html").write_text(page, encoding="utf-8", newline="\n")
    _write(work, {"ok": True, "warnings": warnings})


def record_failure(
    work: Path, error: str, cell: int | None, details: str = "", notebook: NotebookNode | None = None
) -> None:
    """Write what failed, and the notebook as far as it ran, into `work`."""
    if notebook is not None:
        nbformat.write(notebook, str(work / "partial.ipynb"))
    _write(work, {"ok": False, "cell": cell, "error": error, "details": details})


def _write(work: Path, outcome: dict[str, object]) -> None:
    (work / "outcome.json").write_text(json.dumps(outcome, ensure_ascii=False), encoding="utf-8")
