"""What a check of data says: findings for people, measures for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from volresearch.declare import frozen
from volresearch.text import formats, mark, ntr, tr

__all__ = ["LEVELS", "TOPICS", "Codes", "Finding", "Level", "Measure", "Probability", "Share"]

Level = Literal["error", "warning", "note"]

#: Levels with their words: what breaks estimates, what should be looked at, what should be known.
LEVELS: dict[str, str] = {"error": mark("Errors"), "warning": mark("Warnings"), "note": mark("Notes")}

#: Topics with their words, in the order of the report.
TOPICS: dict[str, str] = {
    "duplicates": mark("Duplicates and keys"),
    "range": mark("Out of range"),
    "codes": mark("Undeclared codes"),
    "missing": mark("Missing answers"),
    "routing": mark("Routing"),
    "straightlining": mark("Straight-lining"),
    "speed": mark("Length of interviews"),
    "interviewers": mark("Interviewers"),
    "weights": mark("Weights"),
    "design": mark("Sampling design"),
    "response": mark("Response and eligibility"),
}

_TEXT = mark("a text of {length} characters")
_MORE = mark("and {n} more")
_FEWER = mark("fewer than {least}")
#: Values of messages that count rows or cells.
_COUNTS = ("n", "rows", "long")


class Share(float):
    """A part of 1, shown in percent."""


class Probability(float):
    """A p-value, shown with its sign: ``= 0.012``, or ``< 0.001``."""


@dataclass(frozen=True)
class Codes:
    """Some codes with their counts; of what may be somebody's own words the length stands there, and nothing else."""

    counted: tuple[tuple[str | int, int], ...]
    more: int = 0

    def said(self, lang: str, least: int = 0) -> str:
        """Return them in words; those with counts below `least` are only counted as more."""
        kept = [(code, n) for code, n in self.counted if n >= least]
        more = self.more + len(self.counted) - len(kept)
        shown = [
            f"{tr(_TEXT, lang, length=code) if isinstance(code, int) else code} ({formats.number(n, lang)})"
            for code, n in kept
        ]
        rest = tr(_MORE, lang, n=more) if kept else ntr("{n} rare one", "{n} rare ones", more, lang)
        return formats.enumerated(shown, lang) + (f"{' ' if kept else ''}{rest}" if more else "")


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    Attributes
    ----------
    level : str
        ``error`` (estimates would be wrong or cannot be made), ``warning`` (look at it before analysis), ``note``.
    topic : str
        A key of `TOPICS`.
    message : str
        What was found, in English, with ``{name}`` where a value stands: a message of the catalogue of words.
    table, variable : str
        Where; empty where it is about the main table, or about no single variable.
    n : int
        Rows, cells or units that it is about.
    share : float or None
        `n` as a part (0 to 1) of what could be.
    values : mapping
        What stands at the names of the message; ``n``, ``share`` and ``variable`` stand there by themselves.

    Examples
    --------
    >>> found = Finding("warning", "codes", "Cells with other codes: {n} ({share})", n=2, share=0.25)
    >>> found.said()
    'Cells with other codes: 2 (25.0%)'
    """

    level: Level
    topic: str
    message: str
    table: str = ""
    variable: str = ""
    n: int = 0
    share: float | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", frozen(self.values))

    def said(self, lang: str = "en") -> str:
        """Return the message in `lang`, with its numbers as the language writes them."""
        return tr(self.message, lang, **{name: _shown(one, lang) for name, one in self._all_values().items()})

    def told(self, lang: str = "en", least: int = 10) -> str:
        """Return the message for a page that leaves: no count below `least`, no share of one, no code so rare."""
        few = tr(_FEWER, lang, least=formats.number(least, lang))
        values = self._all_values()
        shown = {name: _shown(one, lang) for name, one in values.items()}
        shown |= {
            name: few for name in _COUNTS if isinstance(values.get(name), int) and 0 < values[name] < least
        }
        if 0 < self.n < least:
            shown["share"] = "–"
        shown |= {name: one.said(lang, least) for name, one in values.items() if isinstance(one, Codes)}
        return tr(self.message, lang, **shown)

    def _all_values(self) -> dict[str, Any]:
        share = "" if self.share is None else Share(self.share)
        return {"n": self.n, "share": share, "variable": self.variable, **self.values}


@dataclass(frozen=True)
class Measure:
    """One number that a check computed, found worth a finding or not.

    Attributes
    ----------
    topic, table, variable : str
        As of a `Finding`; a block of items is named by its first and last item.
    measure : str
        What it is: a kind of missing, ``icc``, ``kish_deff``, ``RR1``, ...
    value : float
        The number.
    n : int
        Rows, cells or units that it was computed of.
    """

    topic: str
    table: str
    variable: str
    measure: str
    value: float
    n: int


def _shown(value: Any, lang: str) -> str:
    if isinstance(value, Codes):
        return value.said(lang)
    if isinstance(value, Share):
        return formats.percent(float(value) * 100, lang)
    if isinstance(value, Probability):
        sign, shown = ("<", 0.001) if value < 0.001 else ("=", float(value))
        return f"{sign} {formats.number(shown, lang, 3)}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return formats.number(value, lang)
