"""What kind of file this is, told by its bytes."""

from __future__ import annotations

from pathlib import Path

__all__ = ["detect"]


def detect(path: Path) -> str:
    """Return the format of a file, a key of `reading.FORMATS`."""
    return "csv"
