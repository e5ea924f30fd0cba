"""Counts of what happened, and cells that hold several codes."""

from __future__ import annotations

from dataclasses import dataclass

from volresearch.harmonize.binding import Feed, Made
from volresearch.harmonize.matching import Match

__all__ = ["CARRY", "CHOICES", "UNCOVERED", "Cell", "Count", "cell_of", "choices_of"]

#: A kind of missing that no rule names goes over as itself.
CARRY = -1
#: No rule covers the value.
UNCOVERED = -2
#: A cell with several codes, each of which has a rule of its own.
CHOICES = -3


@dataclass(frozen=True)
class Count:
    """How many rows (`n`) hold a source code that one case acts on, and in how many this source decided (`used`)."""

    index: int
    key: str
    n: int
    used: int


@dataclass(frozen=True)
class Cell:
    """What becomes of one cell."""

    value: str | None
    why: str | None
    index: int


def case_of(code: str, feed: Feed, *, missing: bool = False) -> int:
    """Return the number of the case that acts on a code, `UNCOVERED` where none does."""
    rest = UNCOVERED
    for number, case in enumerate(feed.cases):
        if case.match == Match("code", code):
            return number
        if case.match.kind == "rest" and not missing:
            rest = number
    return rest


def cell_of(cell: str | None, key: str, reason: str | None, made: Made, feed: Feed, uncovered: str) -> Cell:
    """Return what becomes of a cell of a variable with several answers.

    Parameters
    ----------
    cell : str or None
        Codes with spaces between; empty where nothing was chosen; None where the cell is empty.
    key : str
        The cell in the log: its text, or why it is empty.
    reason : str or None
        The kind of missing.
    """
    if reason is not None:
        return _missing_cell(key, reason, feed)
    codes = (cell or "").split()
    if made.variable.type == "multiple":
        if not codes:
            return Cell("", None, CHOICES)
        return _union(codes, feed, uncovered)
    return _single(codes, feed, uncovered)


def _missing_cell(key: str, reason: str, feed: Feed) -> Cell:
    number = case_of(key, feed, missing=True)
    for wanted in (reason, ""):
        if number == UNCOVERED:
            hits = [i for i, case in enumerate(feed.cases) if case.match == Match("reason", wanted)]
            number = hits[0] if hits else UNCOVERED
    if number == UNCOVERED:
        return Cell(None, reason, CARRY)
    outcome = feed.cases[number].outcome
    if outcome.kind == "code":
        return Cell(outcome.code, None, number)
    return Cell(None, outcome.code if outcome.kind == "missing" else reason, number)


def _union(codes: list[str], feed: Feed, uncovered: str) -> Cell:
    """Every code has its rule; what they give is put together, each code once, in the order of the cell."""
    out: list[str] = []
    reasons: list[str] = []
    for code in codes:
        number = case_of(code, feed)
        if number == UNCOVERED:
            out += [code] if uncovered == "keep" else []
            continue
        outcome = feed.cases[number].outcome
        if outcome.kind == "missing":
            reasons.append(outcome.code)
        else:
            out += outcome.code.split() if outcome.kind == "code" else [code]
    if out:
        return Cell(" ".join(dict.fromkeys(out)), None, CHOICES)
    return Cell(None, reasons[0] if reasons else "invalid", CHOICES)


def _single(codes: list[str], feed: Feed, uncovered: str) -> Cell:
    """One code of several: who chose what a row names gets its code; ``*`` is for who chose none of these."""
    hits = {number for code in codes if (number := case_of(code, feed)) >= 0}
    named = {number for number in hits if feed.cases[number].match.kind == "code"}
    rest = [number for number, case in enumerate(feed.cases) if case.match.kind == "rest"]
    outcomes = {str(feed.cases[number].outcome): number for number in named}
    if len(outcomes) > 1 or (not named and not rest):
        return Cell(
            " ".join(codes) if uncovered == "keep" else None,
            None if uncovered == "keep" else "invalid",
            UNCOVERED,
        )
    number = min(named) if named else rest[0]
    outcome = feed.cases[number].outcome
    if outcome.kind == "missing":
        return Cell(None, outcome.code, number)
    return Cell(outcome.code if outcome.kind == "code" else " ".join(codes), None, number)


def choices_of(cell: str, feed: Feed) -> list[tuple[int, str]]:
    """Return case and code of every choice of a cell."""
    return [(case_of(code, feed), code) for code in cell.split()]
