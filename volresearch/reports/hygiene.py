"""Lighter imports for our own batch processes. Standard library only."""

from __future__ import annotations

import sys

__all__ = ["lighten_imports", "trust_charts"]


def lighten_imports() -> None:
    """Keep jsonschema from building a URI grammar at import, which takes longer than importing pandas.

    jsonschema then lacks one optional format check that notebooks do not use. Called in processes that the
    package itself starts, never on ``import volresearch``.
    """
    if "rfc3987_syntax" not in sys.modules:
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]


def trust_charts() -> None:
    """Leave out altair's check of every part of a chart against its schema, where altair is loaded.

    Our own charts are checked by tests; the check takes longer than all the rest of a page. Called in
    processes that the package itself starts.
    """
    module = sys.modules.get("altair.utils.schemapi")
    if module is not None:
        module.DEBUG_MODE = False  # type: ignore[attr-defined]
