"""The language of XLSForm (a part of XPath) in and out.

Three differences are bridged. In XPath an empty text is a missing answer: ``${a} = ''`` is ``is_missing(a)``. Codes
are text here, so a number beside a variable of codes is put in quotes. A comparison with a missing answer is false
there and unknown here: both leave the row out, but ``not(${a} = 'x')`` of an unanswered question holds there only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from volresearch.errors import VolResearchError
from volresearch.expressions import Expression
from volresearch.expressions.cursor import Cursor
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
    depth,
    is_number,
)
from volresearch.expressions.parser import MAX_DEPTH, MAX_LENGTH, checked_call

__all__ = ["Verbatim", "from_xpath"]

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<variable>\$\{\s*[^{}\s][^{}]*\})
    | (?P<text>'[^']*'|"[^"]*")
    | (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<name>[^\W\d][\w.:-]*(?<![.:-]))
    | (?P<path>\.\.[/\w.*@\[\]-]*|/[/\w.*@-]+)
    | (?P<self>\.)
    | (?P<mark>!=|<=|>=|[-+*=<>(),|])
    )""",
    re.VERBOSE,
)
_CURLY = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "})
_COMPARE = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_FUNCTIONS = {
    "selected": "selected",
    "count-selected": "count_selected",
    "if": "if",
    "coalesce": "coalesce",
    "string-length": "length",
    "concat": "concat",
    "contains": "contains",
    "starts-with": "starts_with",
    "ends-with": "ends_with",
    "regex": "matches",
    "int": "int",
    "abs": "abs",
    "log": "log",
    "exp": "exp",
    "sqrt": "sqrt",
    "today": "today",
    "date": "date",
}


@dataclass(frozen=True)
class Verbatim:
    """An expression that the language does not have, word for word, and what it lacks for it."""

    text: str
    reason: str


class _CannotError(Exception):
    """The language has no word for this."""


def from_xpath(
    text: str, own: str | None = None, kinds: Mapping[str, str] | None = None
) -> Expression | Verbatim:
    """Read an expression of an XLSForm.

    Parameters
    ----------
    text : str
        As it stands in ``relevant``, ``constraint``, ``calculation`` and their like.
    own : str, optional
        The item that ``.`` means.
    kinds : mapping of str to str, optional
        What each variable holds: ``"number"``, ``"text"`` (codes and words), ``"day"``.

    Returns
    -------
    Expression or Verbatim
        Never an error: what cannot be expressed is kept.

    References
    ----------
    ODK XForms specification, "XPath functions".

    Examples
    --------
    >>> str(from_xpath("${age} >= 15 and not(selected(${skills}, 'a'))"))
    "age >= 15 and not selected(skills, 'a')"
    >>> str(from_xpath("${sex} = 1", kinds={"sex": "text"}))
    "sex == '1'"
    >>> from_xpath("once(random())").reason
    'once()'
    """
    if len(text) > MAX_LENGTH:
        return Verbatim(text, "its length")
    try:
        parser = _Parser(text.translate(_CURLY), own, kinds or {})
        node = parser.whole()
        if depth(node) > MAX_DEPTH:
            raise _CannotError("its depth")
        return Expression(node)
    except _CannotError as reason:
        return Verbatim(text, str(reason))
    except VolResearchError as error:
        return Verbatim(text, error.message)


class _Parser(Cursor[tuple[str, str]]):
    """Recursive descent over XPath tokens."""

    def __init__(self, text: str, own: str | None, kinds: Mapping[str, str]) -> None:
        super().__init__(_tokens(text))
        self.own = own
        self.kinds = kinds

    def takes(self, *tokens: str) -> str:
        """Take the next token where it is one of these marks or words."""
        if self.kind in {"mark", "name"} and self.token in tokens:
            return self.next()
        return ""

    def expect(self, mark: str) -> None:
        if not self.takes(mark):
            raise _CannotError(f'"{mark}" is missing before "{self.token}"')

    def whole(self) -> Node:
        node = self.condition()
        if self.kind != "end":
            raise _CannotError(f'"{self.token}"')
        return node

    def deeper(self, inner: Callable[[], Node]) -> Node:
        self.level += 1
        if self.level > MAX_DEPTH:
            raise _CannotError("its depth")
        node = inner()
        self.level -= 1
        return node

    def condition(self) -> Node:
        return self.logic("or", lambda: self.logic("and", self.equality))

    def logic(self, word: str, inner: Callable[[], Node]) -> Node:
        parts = [inner()]
        while self.takes(word):
            parts.append(inner())
        if len(parts) == 1:
            return parts[0]
        return _listed(parts) if word == "or" and _listed(parts) else Logic(word, tuple(parts))  # type: ignore[return-value]

    def equality(self) -> Node:
        left = self.sum()
        sign = self.takes(*_COMPARE)
        if not sign:
            return left
        node = self.compared(_COMPARE[sign], left, self.sum())
        if self.kind == "mark" and self.token in _COMPARE:
            raise _CannotError("a comparison of a comparison")
        return node

    def compared(self, sign: str, left: Node, right: Node) -> Node:
        for one, other in ((left, right), (right, left)):
            if one == Literal("") and sign in {"==", "!="}:
                if not isinstance(other, Name):
                    raise _CannotError("a comparison with nothing")
                empty = Call("is_missing", (other,))
                return empty if sign == "==" else Not(empty)
        return Compare(sign, self.alike(left, right), self.alike(right, left))

    def alike(self, node: Node, beside: Node) -> Node:
        """Return a literal in the type of what it is compared with."""
        kind = self.kind_of(beside)
        if not isinstance(node, Literal) or isinstance(node.value, bool):
            return node
        if kind == "text" and is_number(node.value):
            return Literal(_shown(node.value))
        if kind == "number" and isinstance(node.value, str):
            return Literal(_number(node.value))
        return node

    def kind_of(self, node: Node) -> str:
        match node:
            case Name(name):
                return self.kinds.get(name, "")
            case Call("count_selected" | "length" | "int" | "abs" | "round", _) | Arithmetic() | Negative():
                return "number"
            case Call("concat", _):
                return "text"
        return ""

    def sum(self) -> Node:
        return self.chain({"+": "+", "-": "-"}, self.product)

    def product(self) -> Node:
        return self.chain({"*": "*", "div": "/", "mod": "mod"}, self.sign)

    def chain(self, signs: Mapping[str, str], inner: Callable[[], Node]) -> Node:
        left = inner()
        while sign := self.takes(*signs):
            right = inner()
            both = self.alike_numbers(left), self.alike_numbers(right)
            left = Call("mod", both) if sign == "mod" else Arithmetic(signs[sign], *both)
        return left

    def alike_numbers(self, node: Node) -> Node:
        if isinstance(node, Literal) and isinstance(node.value, str):
            return Literal(_number(node.value))
        if self.kind_of(node) == "text":
            raise _CannotError("a calculation with codes")
        return node

    def sign(self) -> Node:
        if self.takes("-"):
            part = self.deeper(self.sign)
            if isinstance(part, Literal) and is_number(part.value) and part.value > 0:  # type: ignore[operator]
                return Literal(-part.value)  # type: ignore[operator]
            return Negative(part)
        return self.atom()

    def atom(self) -> Node:
        kind, token = self.tokens[self.at]
        if self.takes("("):
            node = self.deeper(self.condition)
            self.expect(")")
            return node
        if kind == "end":
            raise _CannotError("its end")
        self.next()
        if kind == "variable":
            return Name(token[2:-1].strip())
        if kind == "self" and self.own:
            return Name(self.own)
        if kind == "text":
            return Literal(token[1:-1])
        if kind == "number":
            return Literal(_number(token))
        if kind == "name" and self.takes("("):
            return self.call(token)
        raise _CannotError(f'"{token}"')

    def call(self, name: str) -> Node:
        if name not in {*_FUNCTIONS, "true", "false", "not", "round"}:
            raise _CannotError(f"{name}()")
        arguments: list[Node] = []
        if not self.takes(")"):
            arguments.append(self.deeper(self.condition))
            while self.takes(","):
                arguments.append(self.deeper(self.condition))
            self.expect(")")
        return self.called(name, arguments)

    def called(self, name: str, arguments: list[Node]) -> Node:
        if name in {"true", "false"} and not arguments:
            return Literal(name == "true")
        if name == "not" and len(arguments) == 1:
            inner = arguments[0]
            return (
                Member(inner.item, inner.options, True)
                if isinstance(inner, Member) and not inner.negated
                else Not(inner)
            )
        if name == "round" and len(arguments) == 1:
            return Call("round", tuple(arguments))
        if name not in _FUNCTIONS:
            raise _CannotError(f"{name}() written so")
        if name == "selected" and len(arguments) == 2 and isinstance(arguments[1], Literal):
            arguments[1] = Literal(_shown(arguments[1].value))
        if name in {"coalesce", "if"} and Literal("") in arguments:
            raise _CannotError(f"{name}() that gives nothing")
        checked_call(_FUNCTIONS[name], arguments)
        return Call(_FUNCTIONS[name], tuple(arguments))


def _listed(parts: list[Node]) -> Member | None:
    """Return ``x in [...]`` for comparisons of one variable that are joined by or."""
    literals = []
    for part in parts:
        if not (isinstance(part, Compare) and part.sign == "==" and isinstance(part.right, Literal)):
            return None
        literals.append(part.right)
    item = parts[0].left  # type: ignore[union-attr]
    same = isinstance(item, Name) and all(part.left == item for part in parts)  # type: ignore[union-attr]
    kinds = {isinstance(literal.value, str) for literal in literals}
    return Member(item, tuple(literals), False) if same and len(kinds) == 1 else None


def _shown(value: float | int | str | bool) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _number(text: str) -> float | int:
    try:
        value = float(text)
    except ValueError:
        raise _CannotError(f'"{text}" as a number') from None
    if not abs(value) < 1e300:
        raise _CannotError("its size")
    return int(value) if re.fullmatch(r"\s*\d{1,15}\s*", text) else value


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            rest = text[at:].strip()
            if rest:
                yield "bad", rest[:20]
            break
        kind = found.lastgroup or "bad"
        yield kind, found.group(kind)
        at = found.end()
    yield "end", ""
