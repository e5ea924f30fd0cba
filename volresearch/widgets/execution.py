"""Runs a notebook from top to bottom and keeps what it printed."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from volresearch.errors import VolResearchError, Where, short_path

__all__ = ["execute"]


def execute(source: Path, target: Path, *, seconds: int = 300) -> Path:
    """Run `source` in the folder of `target` and write it with its outputs to `target`.

    Parameters
    ----------
    source, target : Path
        The notebook, and where the executed one goes; its folder is made if it is not there.
    seconds : int
        The longest that one cell may take.

    Returns
    -------
    Path
        `target`.

    Raises
    ------
    VolResearchError
        ``report.failed`` with the cell's own error; what ran until then is written to `target` too.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(source, as_version=4)
    client = NotebookClient(
        notebook, timeout=seconds, kernel_name="python3", resources={"metadata": {"path": str(target.parent)}}
    )
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        last = str(error).strip().splitlines()[-1]
        raise VolResearchError(
            "report.failed",
            f"The notebook {source.name} stopped: {last}",
            where=Where(file=short_path(target)),
            hint="Open it: it holds what ran until then, and the error.",
        ) from error
    finally:
        nbformat.write(notebook, target)
    return target
