"""A form laid over the data: names, codes, labels, routing, versions."""

from __future__ import annotations

from typing import Any

from volresearch.datasets.provenance import Source
from volresearch.datasets.readers.found import Asked, Found

__all__ = ["lay_forms", "open_forms"]


def open_forms(given: Any) -> tuple[tuple[Any, ...], tuple[Source, ...]]:
    """Return the instruments of what `read` was given, oldest first, and the files they were read from."""
    return (), ()


def lay_forms(found: Found, asked: Asked) -> Found:
    """Return what was found with the form laid over it."""
    return found
