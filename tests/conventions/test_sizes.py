"""Modules and functions stay small, and what is public is documented."""

from __future__ import annotations

import ast
import statistics

LINES_OF_MODULE = 400
LINES_OF_FUNCTION = 80
MEDIAN_OF_FUNCTIONS = 12


def _functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _length(function) -> int:
    """Lines of a function without its docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function, clean=False) is not None:
        first = function.body[0]
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def test_modules__all__stay_under_the_limit(root, sources):
    lengths = {path: len((root / path).read_text(encoding="utf-8").splitlines()) for path in sources}
    assert {path: n for path, n in lengths.items() if n > LINES_OF_MODULE} == {}


def test_functions__all__stay_under_the_limit(sources):
    long = {
        f"{path}:{node.lineno} {node.name}": _length(node)
        for path, tree in sources.items()
        for node in _functions(tree)
        if _length(node) > LINES_OF_FUNCTION
    }
    assert long == {}


def test_functions__half_of_them__are_short(sources):
    lengths = [_length(node) for tree in sources.values() for node in _functions(tree)]
    assert statistics.median(lengths) <= MEDIAN_OF_FUNCTIONS


def test_public_functions__all__have_a_docstring(sources):
    silent = []
    for path, tree in sources.items():
        for node in tree.body:
            members = node.body if isinstance(node, ast.ClassDef) else [node]
            if isinstance(node, ast.ClassDef) and node.name.startswith("_"):
                continue
            silent += [
                f"{path}:{member.lineno} {member.name}"
                for member in members
                if isinstance(member, ast.FunctionDef | ast.ClassDef)
                and not member.name.startswith("_")
                and ast.get_docstring(member) is None
                and not any(
                    ast.unparse(mark).endswith(("overload", ".setter")) for mark in member.decorator_list
                )
            ]
    assert silent == []
