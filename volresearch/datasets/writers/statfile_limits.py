"""What files of SPSS and Stata can hold: lengths of names, labels and texts. Nothing is cut without saying so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from volresearch.errors import Fault, VolResearchError, Where, fault

__all__ = ["SPSS", "STATA", "Limits", "Told", "cut", "size_of", "written_names"]

Unit = Literal["bytes", "letters"]
_WHY_ROOM = len("__why")
_SHOWN = 60


@dataclass(frozen=True)
class Limits:
    """What one format can hold; sizes in bytes of UTF-8, or in letters where `unit` says so."""

    format: str
    name: int
    begins: str
    reserved: frozenset[str]
    cases_differ: bool
    unit: Unit
    label: int
    value_label: int
    text: int
    title: int
    largest: float


SPSS = Limits(
    format="SPSS",
    name=64,
    begins=r"[^\W\d_]",
    reserved=frozenset({"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"}),
    cases_differ=False,
    unit="bytes",
    label=256,
    value_label=120,
    text=32_767,
    title=64,
    largest=1.79e308,  # the numbers beyond mean something to SPSS
)
STATA = Limits(
    format="Stata",
    name=32,
    begins=r"[^\W\d]",
    reserved=frozenset(
        [
            "_all",
            "_b",
            "_coef",
            "_cons",
            "_n",
            "_N",
            "_pi",
            "_pred",
            "_rc",
            "_skip",
            "aggregate",
            "array",
            "boolean",
            "break",
            "byte",
            "case",
            "catch",
            "class",
            "colvector",
            "complex",
            "const",
            "continue",
            "default",
            "delegate",
            "delete",
            "do",
            "double",
            "else",
            "eltypedef",
            "end",
            "enum",
            "explicit",
            "export",
            "external",
            "float",
            "for",
            "friend",
            "function",
            "global",
            "goto",
            "if",
            "in",
            "inline",
            "int",
            "local",
            "long",
            "NULL",
            "pragma",
            "private",
            "protected",
            "quad",
            "rowvector",
            "short",
            "strL",
            "typedef",
            "typename",
            "using",
            "virtual",
            "with",
        ]
    ),
    cases_differ=True,
    unit="letters",
    label=80,
    value_label=32_000,
    text=2_000_000_000,
    title=80,
    largest=8.9e307,
)


@dataclass
class Told:
    """What a writer has to say: losses, a sentence each, and what it refuses unless it may shorten."""

    limits: Limits
    shorten: bool
    losses: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def say(self, sentence: str) -> None:
        """Add a loss."""
        self.losses.append(sentence)

    def fitted(self, text: str, most: int, what: str, variable: str, unit: Unit | None = None) -> str:
        """Return a text that fits; a longer one is cut and told, or becomes a fault."""
        unit = unit or self.limits.unit
        size = size_of(text, unit)
        if size <= most:
            return text
        said = f"{what} of {variable} has {size:,} {unit}, and {self.limits.format} holds {most:,}"
        start = text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")
        if self.shorten:
            self.say(f'{said}: "{start}" was cut.')
            return cut(text, most, unit)
        self.faults.append(
            fault(
                "write.limit",
                f"{said}.",
                where=Where(variable=variable),
                got=f'"{start}"',
                hint="Shorten it, or say shorten=True: it is cut, and told.",
            )
        )
        return text

    def done(self) -> None:
        """Refuse what does not fit, all at once.

        Raises
        ------
        VolResearchError
            ``write.limit``.
        """
        if self.faults:
            raise VolResearchError.of(self.faults)


def size_of(text: str, unit: Unit) -> int:
    """Return the size of a text in bytes of UTF-8, or in letters."""
    return len(text.encode("utf-8", "replace")) if unit == "bytes" else len(text)


def cut(text: str, most: int, unit: Unit, ending: str = "…") -> str:
    """Return a text of at most `most` bytes or letters, cut where a letter with its marks ends.

    >>> cut("Volunteering", 9, "bytes"), cut("年龄年龄", 9, "bytes")
    ('Volunt…', '年龄…')
    """
    if size_of(text, unit) <= most:
        return text
    room = most - size_of(ending, unit)
    taken, used = 0, 0
    for taken, sign in enumerate(text):  # noqa: B007 - its last value is where to cut
        used += size_of(sign, unit)
        if used > room:
            break
    while 0 < taken < len(text) and (_hangs(text[taken]) or _joins(text[taken - 1])):
        taken -= 1
    return text[:taken].rstrip() + ending


def _hangs(sign: str) -> bool:
    """Whether a sign belongs to the one before it: vowels and accents above and below, joiners."""
    return unicodedata.category(sign)[0] == "M" or sign in "\u200d\u200c"


def _joins(sign: str) -> bool:
    """Whether a sign takes the next one to itself: what puts a consonant below another (class 9), a joiner."""
    return unicodedata.combining(sign) == 9 or sign == "\u200d"


def written_names(names: Iterable[str], limits: Limits, beside: Iterable[str] = ()) -> dict[str, str]:
    """Return the name in the file for each name; those in `beside` leave room for a companion column.

    >>> written_names(["_uuid", "age", "Age"], SPSS)
    {'_uuid': 'v_uuid', 'age': 'age', 'Age': 'Age_2'}
    """
    companions = set(beside)
    taken: set[str] = set()
    out = {}
    for name in names:
        room = limits.name - (_WHY_ROOM if name in companions else 0)
        out[name] = _free(_legal(name, limits), room, limits, taken)
        taken.add(_key(out[name], limits))
    return out


def _legal(name: str, limits: Limits) -> str:
    plain = re.sub(r"[^\w]+", "_", name) or "v"
    if not re.match(limits.begins, plain):
        plain = f"v{'' if plain.startswith('_') else '_'}{plain}"
    reserved = plain in limits.reserved if limits.cases_differ else plain.upper() in limits.reserved
    if reserved or (limits.cases_differ and re.fullmatch(r"str\d+", plain)):
        plain = f"{plain}_v"
    return plain


def _free(name: str, room: int, limits: Limits, taken: set[str]) -> str:
    short = cut(name, room, "bytes", "")
    number = 1
    while _key(short, limits) in taken:
        number += 1
        short = cut(name, room - len(str(number)) - 1, "bytes", "") + f"_{number}"
    return short


def _key(name: str, limits: Limits) -> str:
    return name if limits.cases_differ else name.upper()
