"""The catalogue of error codes and the sources say the same."""

from __future__ import annotations

import ast
import re

from volresearch.errors import CODES

_MAKERS = {"VolResearchError", "fault", "Fault"}


def _code_arguments(tree):
    """The first argument, or ``code=``, of every call that makes an error or a fault."""
    for node in ast.walk(tree):
        # A method that is called `fault` is something else.
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _MAKERS:
            named = [word.value for word in node.keywords if word.arg == "code"]
            yield from node.args[:1] or named


def _pattern(node: ast.JoinedStr) -> str:
    parts = [re.escape(part.value) if isinstance(part, ast.Constant) else r"[a-z_]+" for part in node.values]
    return "".join(parts)


def _strings(tree) -> set[str]:
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_codes__raised_in_the_sources__stand_in_the_catalogue(sources):
    raised = {
        f"{path}:{node.lineno}": node.value
        for path, tree in sources.items()
        for node in _code_arguments(tree)
        if isinstance(node, ast.Constant)
    }
    assert raised
    assert {place: code for place, code in raised.items() if code not in CODES} == {}


def test_codes__of_the_catalogue__are_all_used(sources):
    used: set[str] = set()
    patterns: set[str] = set()
    for path, tree in sources.items():
        if path == "volresearch/errors.py":
            continue
        used |= _strings(tree)
        patterns |= {_pattern(node) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)}
    # f"{kind}.unknown" makes codes; f"{plugin}.{name}" makes ids.
    patterns = {pattern for pattern in patterns if re.fullmatch(r"\[a-z_\]\+\\\.[a-z_]+", pattern)}
    made = {code for code in CODES for pattern in patterns if re.fullmatch(pattern, code)}
    assert sorted(set(CODES) - used - made) == []


def test_codes__all__have_the_form_topic_dot_fault():
    assert [code for code in CODES if not re.fullmatch(r"[a-z]+\.[a-z_]+", code)] == []
    assert [code for code, meaning in CODES.items() if not meaning or meaning[0].isupper()] == []
