"""From text to typed columns."""

from __future__ import annotations

from volresearch.datasets.readers.found import Asked, Found

__all__ = ["typed"]


def typed(found: Found, asked: Asked) -> Found:
    """Return what was found with every column in its type."""
    return found
