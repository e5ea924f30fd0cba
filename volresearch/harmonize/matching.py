"""What the cells of a crosswalk say: which values of the source, and what becomes of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from volresearch.datasets.codebook import MISSING_REASONS
from volresearch.errors import Where, near
from volresearch.harmonize.units import Conversion, conversion

__all__ = ["Match", "Outcome", "match_of", "outcome_of", "overlap"]

_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"(?P<low>{_NUMBER})?\s*\.\.\s*(?P<high>{_NUMBER})?\Z", re.ASCII)
_COPY = frozenset({"=", "copy"})


@dataclass(frozen=True)
class Match:
    """Which values a row is about.

    ``code`` is one code, ``range`` from low to high, ``rest`` any other valid value, ``reason`` a kind of missing
    (``""``: any that no other row names).
    """

    kind: Literal["code", "range", "rest", "reason"]
    code: str = ""
    low: float | None = None
    high: float | None = None

    def holds(self, number: float) -> bool:
        """Whether a range holds a number."""
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)


@dataclass(frozen=True)
class Outcome:
    """What becomes of a value: a ``code``, a kind of ``missing``, the value itself (``copy``) or in another ``unit``."""

    kind: Literal["code", "missing", "copy", "unit"]
    code: str = ""
    conversion: Conversion | None = None

    def __str__(self) -> str:
        if self.kind == "missing":
            return f"missing:{self.code}"
        return self.code if self.kind == "code" else str(self.conversion) if self.conversion else "="


def match_of(text: str) -> Match:
    """Read a cell ``source_code``.

    Raises
    ------
    ValueError
        In words: a range that ends before it begins, or a word that is no kind of missing.

    Examples
    --------
    >>> match_of("18..24").high, match_of("missing:refused").code, match_of("*").kind
    (24.0, 'refused', 'rest')
    """
    if text == "*":
        return Match("rest")
    if text == "missing" or text.startswith("missing:"):
        return Match("reason", _reason(text))
    found = _RANGE.match(text)
    if found and (found["low"] or found["high"]):
        low, high = (float(part) if part else None for part in found.group("low", "high"))
        if low is not None and high is not None and low > high:
            raise ValueError(f'The range "{text}" ends before it begins.')
        return Match("range", low=low, high=high)
    return Match("code", text)


def outcome_of(text: str, unit_rule: str = "", where: Where | None = None) -> Outcome:
    """Read a cell ``target_code``, with the unit rule beside it.

    Raises
    ------
    ValueError
        In words.
    VolResearchError
        ``harmonize.unit``.
    """
    if unit_rule:
        if text and text not in _COPY:
            raise ValueError(f'A row with a unit rule copies values: its target_code is "=", not "{text}".')
        return Outcome("unit", conversion=conversion(unit_rule, where))
    if text in _COPY:
        return Outcome("copy")
    if text == "missing":
        raise ValueError(
            f"missing of which kind? One of {', '.join(f'missing:{one}' for one in MISSING_REASONS)}."
        )
    if text.startswith("missing:"):
        return Outcome("missing", _reason(text))
    return Outcome("code", " ".join(text.split()))


def overlap(one: Match, two: Match) -> bool:
    """Whether two ranges share a number."""
    if one.kind != "range" or two.kind != "range":
        return False
    lows = [match.low for match in (one, two) if match.low is not None]
    highs = [match.high for match in (one, two) if match.high is not None]
    return not lows or not highs or max(lows) <= min(highs)


def _reason(text: str) -> str:
    reason = text.partition(":")[2].strip()
    if text != "missing" and reason not in MISSING_REASONS:
        raise ValueError(f'"{reason}" is no kind of missing. {near(reason, MISSING_REASONS)}')
    return reason
