"""When is a page still current? A key over everything it was made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["folder_digest", "page_key", "package_digest"]

_LEFT_OUT = {"__pycache__", ".ipynb_checkpoints"}


def page_key(
    report: Path,
    values: Mapping[str, Any],
    data: Iterable[tuple[str, str, str]],
    software: Iterable[str],
) -> str:
    """Return the key of one page: template folder + parameters + data (id, version, sha256) + software.

    The package's own files count too, because a checkout changes without a new version number.
    """
    made_of = {
        "report": folder_digest(report),
        "values": dict(values),
        "data": sorted(data),
        "software": sorted(software),
        "package": package_digest(),
    }
    return hashlib.sha256(json.dumps(made_of, sort_keys=True, default=str).encode()).hexdigest()


def folder_digest(folder: Path) -> str:
    """Return a digest over names and bytes of all files in `folder`."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _LEFT_OUT.intersection(path.parts):
            total.update(path.relative_to(folder).as_posix().encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


@cache
def package_digest() -> str:
    """Return the digest of this package's own code and texts."""
    return folder_digest(Path(__file__).resolve().parents[1])
