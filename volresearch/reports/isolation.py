"""The surroundings of one report: own folder, own random state, own memory limit."""

from __future__ import annotations

import os
import random
import sys
import tempfile
from pathlib import Path

__all__ = ["environment", "limit_memory", "prepare", "reseed"]


def environment(work: Path) -> dict[str, str]:
    """Return the variables that keep a report's traces inside `work`.

    The hash seed is fixed so that sets have one order in every engine and on every run.
    """
    folders = {"TMPDIR": "tmp", "TEMP": "tmp", "TMP": "tmp", "IPYTHONDIR": "ipython"}
    for name in set(folders.values()):
        (work / name).mkdir(parents=True, exist_ok=True)
    return {key: str(work / name) for key, name in folders.items()} | {
        "PYTHONHASHSEED": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def reseed(seed: int) -> None:
    """Set the global random states; a forked child would otherwise repeat its sisters' numbers."""
    random.seed(seed)
    if "numpy" in sys.modules or _has_numpy():
        import numpy as np

        np.random.seed(seed % 2**32)


def limit_memory(megabytes: int) -> None:
    """Limit writable memory where the system can (Linux); address space that is only reserved is free."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    amount = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (amount, amount))


def prepare(work: str | Path, seed: int, memory_mb: int) -> None:
    """Make the running process a report's own: folders, temporary files, random state, memory limit."""
    folder = Path(work)
    os.environ.update(environment(folder))
    tempfile.tempdir = None
    os.chdir(folder / "tmp")
    limit_memory(memory_mb)
    reseed(seed)


def _has_numpy() -> bool:
    import importlib.util

    return importlib.util.find_spec("numpy") is not None
