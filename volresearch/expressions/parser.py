"""From text to nodes: a tokenizer and a recursive descent parser, bounded in length and depth."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

from volresearch.errors import VolResearchError, near
from volresearch.expressions.cursor import Cursor
from volresearch.expressions.days import as_day
from volresearch.expressions.nodes import (
    FUNCTIONS,
    OF_VARIABLE,
    WITH_LITERAL,
    WORDS,
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
from volresearch.expressions.patterns import checked_pattern
from volresearch.text.names import NAME_PATTERN

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "checked_call", "parse_node"]

MAX_LENGTH = 4000
MAX_DEPTH = 60

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)
    | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<quoted>`[^`]+`)
    | (?P<name>NAME(?:\.\w+)*)
    | (?P<mark>==|!=|<=|>=|[-+*/<>()\[\],])
    )""".replace("NAME", NAME_PATTERN),
    re.VERBOSE,
)
_COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")


def parse_node(text: str) -> Node:
    """Read an expression.

    Parameters
    ----------
    text : str
        At most `MAX_LENGTH` characters, at most `MAX_DEPTH` levels deep.

    Raises
    ------
    VolResearchError
        ``expression.syntax`` with the place, ``expression.limit``.
    """
    if len(text) > MAX_LENGTH:
        raise VolResearchError(
            "expression.limit",
            f"The expression has {len(text)} characters.",
            expected=f"at most {MAX_LENGTH}",
        )
    parser = _Parser(text)
    node = parser.condition()
    parser.finish()
    if depth(node) > MAX_DEPTH:
        raise parser.too_deep()
    return node


class _Parser(Cursor[tuple[str, str, int]]):
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str) -> None:
        super().__init__(_tokens(text))
        self.text = text

    def is_mark(self, *marks: str) -> bool:
        return self.kind in {"mark", "word"} and self.token in marks

    def expect(self, mark: str) -> None:
        if not self.is_mark(mark):
            raise self.fault(f'"{mark}"')
        self.next()

    def fault(self, expected: str) -> VolResearchError:
        place = self.tokens[self.at][2]
        got = f'"{self.token}"' if self.token else "the end"
        hint = ""
        if self.token in {"&", "|", "=", "&&", "||", "~", "!"}:
            hint = "Write == for equality and the words and, or, not."
        return VolResearchError(
            "expression.syntax",
            f"The expression cannot be read at character {place + 1}: {_marked(self.text, place)}",
            expected=expected,
            got=got,
            hint=hint,
        )

    def too_deep(self) -> VolResearchError:
        return VolResearchError(
            "expression.limit", "The expression is too deeply nested.", expected=f"at most {MAX_DEPTH} levels"
        )

    def finish(self) -> None:
        if self.kind != "end":
            raise self.fault("an operator or the end")

    def deeper(self, inner: Callable[[], Node]) -> Node:
        self.level += 1
        if self.level > MAX_DEPTH:
            raise self.too_deep()
        node = inner()
        self.level -= 1
        return node

    def condition(self) -> Node:
        return self._logic("or", lambda: self._logic("and", self.negation))

    def _logic(self, word: str, inner: Callable[[], Node]) -> Node:
        parts = [inner()]
        while self.is_mark(word):
            self.next()
            parts.append(inner())
        return parts[0] if len(parts) == 1 else Logic(word, tuple(parts))

    def negation(self) -> Node:
        if self.is_mark("not"):
            self.next()
            return Not(self.deeper(self.negation))
        return self.comparison()

    def comparison(self) -> Node:
        left = self.sum()
        if self.is_mark(*_COMPARISONS):
            return Compare(self.next(), left, self.sum())
        negated = self.is_mark("not") and self.tokens[self.at + 1][:2] == ("word", "in")
        if negated:
            self.next()
        if self.is_mark("in"):
            self.next()
            return Member(left, self.options(), negated)
        return left

    def options(self) -> tuple[Literal, ...]:
        close = {"[": "]", "(": ")"}.get(self.token)
        if close is None or self.kind != "mark":
            raise self.fault("a list such as ['a', 'b']")
        self.next()
        out = [self.literal()]
        while self.is_mark(","):
            self.next()
            out.append(self.literal())
        self.expect(close)
        return tuple(out)

    def literal(self) -> Literal:
        sign = -1 if self.is_mark("-") else 1
        if sign < 0:
            self.next()
        node = self.atom()
        if not isinstance(node, Literal) or (sign < 0 and not is_number(node.value)):
            self.at -= 1
            raise self.fault("a number or a text in quotes")
        return node if sign > 0 else Literal(-node.value)  # type: ignore[operator]

    def sum(self) -> Node:
        return self._chain(("+", "-"), lambda: self._chain(("*", "/"), self.sign))

    def _chain(self, marks: tuple[str, ...], inner: Callable[[], Node]) -> Node:
        left = inner()
        while self.is_mark(*marks):
            left = Arithmetic(self.next(), left, inner())
        return left

    def sign(self) -> Node:
        if self.is_mark("-"):
            self.next()
            if self.kind == "number":
                return Literal(-self.atom().value)  # type: ignore[union-attr, operator]
            return Negative(self.deeper(self.sign))
        return self.atom()

    def atom(self) -> Node:
        kind, token, _ = self.tokens[self.at]
        if kind == "number":
            return Literal(self.number(token))
        if kind == "text":
            self.next()
            return Literal(re.sub(r"\\(.)", r"\1", token[1:-1]))
        if self.is_mark("true", "false"):
            return Literal(self.next() == "true")
        if kind == "quoted":
            self.next()
            return Name(token[1:-1])
        if kind == "name":
            self.next()
            return self.call(token) if self.is_mark("(") else Name(token)
        if self.is_mark("("):
            self.next()
            node = self.deeper(self.condition)
            self.expect(")")
            return node
        raise self.fault("a variable, a number or a text in quotes")

    def number(self, token: str) -> float | int:
        value = int(token) if token.isdigit() and len(token) < 19 else float(token)
        if math.isinf(value):
            raise self.fault("a smaller number")
        self.next()
        return value

    def call(self, name: str) -> Node:
        if name not in FUNCTIONS:
            raise VolResearchError(
                "expression.unknown_name", f'There is no function "{name}".', hint=near(name, FUNCTIONS)
            )
        self.next()
        arguments: list[Node] = [] if self.is_mark(")") else [self.deeper(self.condition)]
        while arguments and self.is_mark(","):
            self.next()
            arguments.append(self.deeper(self.condition))
        self.expect(")")
        checked_call(name, arguments)
        return Call(name, tuple(arguments))


def checked_call(name: str, arguments: list[Node]) -> None:
    """Refuse what cannot be meant, before anything is evaluated."""
    function = FUNCTIONS[name]
    wrong = not function.least <= len(arguments) <= function.most
    wrong = wrong or (name in OF_VARIABLE and not isinstance(arguments[0], Name))
    wrong = wrong or (name in WITH_LITERAL and not isinstance(arguments[1], Literal))
    if wrong:
        raise VolResearchError("expression.syntax", f"{name} is written otherwise.", expected=function.usage)
    if name == "matches":
        checked_pattern(arguments[1].value)  # type: ignore[union-attr]
    if name == "date" and isinstance(arguments[0], Literal) and as_day(arguments[0].value) is None:
        got = repr(arguments[0].value)
        raise VolResearchError("expression.syntax", "A day cannot be read.", expected="YYYY-MM-DD", got=got)


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            start = at + len(text[at:]) - len(text[at:].lstrip())
            if start < len(text):
                yield "bad", text[start], start
            break
        kind = found.lastgroup or "bad"
        token, start = found.group(kind), found.start(kind)
        yield ("word" if kind == "name" and token in WORDS else kind), token, start
        at = found.end()
    yield "end", "", len(text)


def _marked(text: str, place: int) -> str:
    start = max(place - 30, 0)
    return f"{text[start:place]}>>>{text[place : place + 30]}"
