"""How commands print: aligned columns for people, JSON for programs."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

__all__ = ["as_json", "clean", "columns", "counted", "print_json", "width"]

F = TypeVar("F", bound=Callable[..., Any])


def as_json(command: F) -> F:
    """Give a command the option ``--json``."""
    import click

    option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
    return option(command)


def print_json(value: object) -> None:
    """Print `value` as JSON: in the writing of its language where the output can carry it."""
    import json

    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "")
    print(json.dumps(value, ensure_ascii=encoding != "utf8", indent=2, default=str))


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes.

    >>> width("Hours"), width("时间")
    (5, 4)
    """
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def clean(cell: object) -> str:
    """Return one line without control characters: texts of plugins may not steer a terminal.

    >>> clean("a\\x1b[2Jb")
    'a [2Jb'
    """
    text = "" if cell is None else str(cell)
    return "".join(sign if sign.isprintable() else " " for sign in text)


def columns(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows in aligned columns; the last column is cut at the edge of the terminal.

    >>> print(columns(["id", "title"], [["core.facts", "Published figures"]]))
    id          title
    core.facts  Published figures
    """
    lines = [list(head), *([clean(cell) for cell in row] for row in rows)]
    widths = [max(width(line[i]) for line in lines) for i in range(len(head))]
    edge = shutil.get_terminal_size((160, 24)).columns if sys.stdout.isatty() else 0
    return "\n".join(_cut(_padded(line, widths), edge) for line in lines)


def counted(numbers: Mapping[str, int]) -> str:
    """Return counts in words, without the zeros.

    >>> counted({"datasets": 2, "policies": 0, "reports": 1})
    '2 datasets, 1 report'
    """
    singular = {"policies": "policy"}
    words = [
        f"{number} {kind if number > 1 else singular.get(kind, kind[:-1])}"
        for kind, number in numbers.items()
        if number
    ]
    return ", ".join(words)


def _padded(line: Sequence[str], widths: Sequence[int]) -> str:
    cells = [cell + " " * (most - width(cell)) for cell, most in zip(line, widths, strict=True)]
    return "  ".join(cells).rstrip()


def _cut(line: str, edge: int) -> str:
    if not edge or width(line) <= edge:
        return line
    while width(line) > edge - 1:
        line = line[:-1]
    return f"{line}…"
