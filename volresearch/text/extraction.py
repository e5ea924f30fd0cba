"""How ``make messages`` finds the interface words: through the syntax tree.

Babel's own reader of Python passes over calls inside f-strings before Python 3.12, and so over words that pages use.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

__all__ = ["ARGUMENTS", "extract"]

#: Function -> how many of its first arguments are messages.
ARGUMENTS = {"tr": 1, "ntr": 2, "mark": 1}

Found = tuple[int, str, str | tuple[str, ...], list[str]]


def extract(
    fileobj: IO[bytes],
    keywords: Mapping[str, object],
    comment_tags: Sequence[str],
    options: Mapping[str, object],
) -> Iterator[Found]:
    """Yield line, function, message and comments of every call of `ARGUMENTS`: an extraction method of Babel.

    Methods of these names count too; calls whose arguments are no literals do not.

    Examples
    --------
    >>> import io
    >>> source = io.BytesIO(b'page = f"{tr(\\'Sources\\')}"; ntr("{n} area", "{n} areas", 2)')
    >>> [found[1:3] for found in extract(source, {}, (), {})]
    [('tr', 'Sources'), ('ntr', ('{n} area', '{n} areas'))]
    """
    calls = [node for node in ast.walk(ast.parse(fileobj.read())) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        messages = _literals(node.args[: ARGUMENTS.get(name, 0)])
        if messages and len(messages) == ARGUMENTS[name]:
            yield node.lineno, name, messages if len(messages) > 1 else messages[0], []


def _literals(arguments: Sequence[ast.expr]) -> tuple[str, ...]:
    constants = [item.value for item in arguments if isinstance(item, ast.Constant)]
    return tuple(value for value in constants if isinstance(value, str))
