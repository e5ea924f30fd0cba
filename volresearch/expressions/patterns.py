"""Patterns of texts: the part of regular expressions that Python, pandas, polars and DuckDB understand alike.

Literals, ``.``, classes, ``\\d \\w \\s`` (ASCII), groups, ``|`` and the quantifiers. Refused: look-around, references,
flags, and a repetition inside a repetition, which some engines answer in exponential time.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from volresearch.errors import VolResearchError

__all__ = ["checked_pattern", "matches"]

_MAX_LENGTH = 300
_MAX_REPEAT = 200
_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": " \\t\\n\\r"}
_PART = re.compile(
    r"""(?P<escape>\\.) | (?P<class>\[\^?\]?(?:\\.|[^\]\\])*\]) | (?P<open>\((?:\?:)?) | (?P<close>\))
      | (?P<repeat>[*+?]\??|\{\d{1,4}(?:,\d{0,4})?\}\??) | (?P<plain>[^\\\[\]()*+?{}])""",
    re.VERBOSE | re.DOTALL,
)


def matches(text: str, pattern: str) -> bool:
    """Return whether the whole text has the form of the pattern; a text that ends with a line break has none.

    >>> matches("2026-11", r"\\d{4}-\\d{2}"), matches("x2026-11", r"\\d{4}-\\d{2}")
    (True, False)
    """
    return not text.endswith("\n") and _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=200)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(checked_pattern(pattern))


def checked_pattern(pattern: Any) -> str:
    """Return the pattern in the spelling that all engines share, without its anchors.

    Raises
    ------
    VolResearchError
        ``expression.syntax`` where it goes beyond that.
    """
    if not isinstance(pattern, str) or len(pattern) > _MAX_LENGTH:
        raise _refused(str(pattern)[:60])
    text = pattern.removeprefix("^")
    if text.endswith("$") and not text.endswith("\\$"):
        text = text[:-1]
    out, at, last = [], 0, ""
    nested = [False]  # of each open group: whether it holds a repetition without end
    while at < len(text):
        found = _PART.match(text, at)
        if found is None or (found["plain"] and found["plain"] in "^$"):
            raise _refused(pattern)
        out.append(_part(found, pattern))
        last = _counted(found, last, nested, pattern)
        at = found.end()
    spelled = "".join(out)
    try:
        re.compile(spelled)
    except re.error:
        raise _refused(pattern) from None
    if len(nested) != 1:
        raise _refused(pattern)
    return spelled


def _counted(found: re.Match[str], last: str, nested: list[bool], pattern: str) -> str:
    """Follow groups and repetitions; return what a repetition that comes next would repeat."""
    if found["open"]:
        nested.append(False)
        return "open"
    if found["close"]:
        if len(nested) < 2:
            raise _refused(pattern)
        holds = nested.pop()
        nested[-1] = nested[-1] or holds
        return "repeating group" if holds else "group"
    if found["repeat"]:
        endless = found["repeat"][0] in "*+" or re.fullmatch(r"\{\d+,\}\??", found["repeat"]) is not None
        many = [int(number) for number in re.findall(r"\d+", found["repeat"])]
        several = endless or max(many, default=1) > 1
        if (
            last in {"open", "repeat", ""}
            or (last == "repeating group" and several)
            or max(many, default=0) > _MAX_REPEAT
        ):
            raise _refused(pattern)
        nested[-1] = nested[-1] or endless or (len(many) == 2 and many[0] != many[1])
        return "repeat"
    return "one"


def _part(found: re.Match[str], pattern: str) -> str:
    token = found.group()
    if found["escape"]:
        return _escape(token[1], pattern)
    if found["class"]:
        return _class(token, pattern)
    if found["open"]:
        return "(?:"
    return token


def _escape(letter: str, pattern: str) -> str:
    if letter in _CLASSES:
        return f"[{_CLASSES[letter]}]"
    if letter.upper() == letter and letter.lower() in _CLASSES:
        return f"[^{_CLASSES[letter.lower()]}]"
    if letter in "tnr":
        return f"\\{letter}"
    if letter.isalnum():
        raise _refused(pattern)
    return f"\\{letter}" if letter.isascii() and not letter.isspace() else letter


def _class(token: str, pattern: str) -> str:
    if "[:" in token or re.search(r"\[|&&|--|~~", token[1:].replace("\\[", "")):
        raise _refused(pattern)

    def inner(found: re.Match[str]) -> str:
        letter = found[1]
        if letter in _CLASSES:
            return _CLASSES[letter]
        if letter.isalnum() and letter not in "tnr":
            raise _refused(pattern)
        return f"\\{letter}"

    return re.sub(r"\\(.)", inner, token, flags=re.DOTALL)


def _refused(pattern: str) -> VolResearchError:
    return VolResearchError(
        "expression.syntax",
        "This pattern is not one that every engine reads alike.",
        expected="literals, classes, groups, | and quantifiers, no repetition inside a repetition",
        got=pattern,
    )
