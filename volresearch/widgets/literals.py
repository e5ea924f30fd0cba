"""Texts as Python code writes them, for the code that a panel shows to be copied."""

from __future__ import annotations

import json

__all__ = ["quoted"]


def quoted(text: str) -> str:
    """Return a text as a literal of Python, on one line whatever stands in it.

    >>> print(quoted('a "b" c'), quoted("años\\n"))
    "a \\"b\\" c" "años\\n"
    """
    return json.dumps(text, ensure_ascii=False)
