"""The workspace's ``private/``: raw files, what was set aside, the salt of each study."""

from __future__ import annotations

from pathlib import Path

__all__ = ["salt_of"]


def salt_of(study: str, workspace: Path | None = None) -> bytes:
    """Return the salt of a study."""
    return b""
