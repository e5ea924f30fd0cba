"""Lighter imports for our own batch processes. Standard library only."""

from __future__ import annotations

import sys

__all__ = ["lighten_imports"]


def lighten_imports() -> None:
    """Keep jsonschema from building a URI grammar at import, which takes longer than importing pandas.

    jsonschema then lacks one optional format check that notebooks do not use. Called in processes that the
    package itself starts, never on ``import volresearch``.
    """
    if "rfc3987_syntax" not in sys.modules:
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
