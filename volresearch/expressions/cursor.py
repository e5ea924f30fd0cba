"""A place in a list of tokens: what both readers of expressions, ours and that of XPath, walk with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

__all__ = ["Cursor"]


Token = TypeVar("Token", bound=tuple[str, str] | tuple[str, str, int])


class Cursor(Generic[Token]):
    """Tokens as (kind, text) or (kind, text, place), the position in them, and how deep the reader stands."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self.tokens = list(tokens)
        self.at = 0
        self.level = 0

    @property
    def kind(self) -> str:
        """Kind of the token at hand."""
        return self.tokens[self.at][0]

    @property
    def token(self) -> str:
        """Text of the token at hand."""
        return self.tokens[self.at][1]

    def next(self) -> str:
        """Go on by one and return the text of the token left behind."""
        self.at += 1
        return self.tokens[self.at - 1][1]
