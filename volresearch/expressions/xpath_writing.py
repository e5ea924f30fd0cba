"""Our expressions in the language of XLSForm."""

from __future__ import annotations

from volresearch.expressions.nodes import (
    Arithmetic,
    Call,
    Compare,
    Literal,
    Logic,
    Member,
    Name,
    Negative,
    Node,
    Not,
)

__all__ = ["to_xpath"]

_SIGNS = {"==": "=", "/": "div"}
_RANK = {
    "or": 1,
    "and": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
}
_ATOM = 9
_FUNCTIONS = {
    "selected": "selected",
    "count_selected": "count-selected",
    "if": "if",
    "coalesce": "coalesce",
    "length": "string-length",
    "concat": "concat",
    "contains": "contains",
    "starts_with": "starts-with",
    "ends_with": "ends-with",
    "matches": "regex",
    "int": "int",
    "round": "round",
    "abs": "abs",
    "log": "log",
    "exp": "exp",
    "sqrt": "sqrt",
    "today": "today",
    "date": "date",
}


def to_xpath(node: Node, own: str | None = None) -> str:
    """Return a node of ours as XPath; `own` is the item that ``.`` means.

    Raises
    ------
    ValueError
        What XPath does not have, in words.

    Examples
    --------
    >>> from volresearch.expressions import parse
    >>> to_xpath(parse("age in [1, 2] and not is_missing(sex)").node, own="age")
    "(. = 1 or . = 2) and ${sex} != ''"
    """
    match node:
        case Literal(value):
            return _literal(value)
        case Name(name):
            return "." if name == own else f"${{{name}}}"
        case Negative(part):
            return f"-{_inside(part, 7, own)}"
        case Arithmetic(sign, left, right) | Compare(sign, left, right):
            spelled = f" {_SIGNS.get(sign, sign)} "
            return _inside(left, _left_rank(sign), own) + spelled + _inside(right, _RANK[sign] + 1, own)
        case Member(item, options, negated):
            listed = [Compare("==", item, option) for option in options]
            text = to_xpath(listed[0] if len(listed) == 1 else Logic("or", tuple(listed)), own)
            return f"not({text})" if negated else text
        case Logic(word, parts):
            return f" {word} ".join(_inside(part, _RANK[word] + 1, own) for part in parts)
        case Not(Call("is_missing", (variable,))):
            return f"{to_xpath(variable, own)} != ''"
        case Not(part):
            return f"not({to_xpath(part, own)})"
        case Call(function, arguments):
            return _call(function, arguments, own)


def _left_rank(sign: str) -> int:
    return _RANK[sign] if sign in "+-*/" else _RANK[sign] + 1


def _rank(node: Node) -> int:
    match node:
        case Logic(word, _):
            return _RANK[word]
        case Arithmetic(sign, _, _) | Compare(sign, _, _):
            return _RANK[sign]
        case Member(_, options, negated) if not negated:
            return _RANK["or"] if len(options) > 1 else 3
        case Call("is_missing", _) | Not(Call("is_missing", _)):
            return 3
        case Call("mod", _):
            return 6
    return _ATOM


def _inside(node: Node, least: int, own: str | None) -> str:
    text = to_xpath(node, own)
    return text if _rank(node) >= least else f"({text})"


def _literal(value: float | int | str | bool) -> str:
    if isinstance(value, bool):
        return "true()" if value else "false()"
    if not isinstance(value, str):
        text = repr(value)
        return text if "e" not in text else f"{value:.20f}".rstrip("0")
    if "'" not in value:
        return f"'{value}'"
    if '"' in value:
        raise ValueError("a text that holds both kinds of quotes")
    return f'"{value}"'


def _call(function: str, arguments: tuple[Node, ...], own: str | None) -> str:
    if function == "is_missing":
        return f"{to_xpath(arguments[0], own)} = ''"
    if function == "mod":
        return f"{_inside(arguments[0], 6, own)} mod {_inside(arguments[1], 7, own)}"
    if function not in _FUNCTIONS:
        raise ValueError(f"{function}()")
    return f"{_FUNCTIONS[function]}({', '.join(to_xpath(argument, own) for argument in arguments)})"
