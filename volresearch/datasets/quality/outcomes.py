"""Outcome rates of a sample by the Standard Definitions of AAPOR (10th edition, 2023)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from volresearch.errors import VolResearchError, near
from volresearch.text import mark

__all__ = ["OUTCOMES", "outcome_of", "outcome_rates"]

#: Outcome of a case -> its words.
OUTCOMES: dict[str, str] = {
    "I": mark("Complete interview"),
    "P": mark("Partial interview"),
    "R": mark("Refusal or break-off"),
    "NC": mark("Non-contact"),
    "O": mark("Other non-response of an eligible case"),
    "UH": mark("Unknown whether there is a household or person"),
    "UO": mark("Unknown, other"),
    "NE": mark("Not eligible"),
}

# Final disposition codes of AAPOR: 1.1 or 110, 2.11 or 211, ...
_CODES = (
    (re.compile(r"11\d?\Z"), "I"), (re.compile(r"12\d?\Z"), "P"), (re.compile(r"1\Z"), "I"), (re.compile(r"10+\Z"), "I"),
    (re.compile(r"21\d*\Z"), "R"), (re.compile(r"22\d*\Z"), "NC"), (re.compile(r"23\d*\Z"), "O"),
    (re.compile(r"31\d*\Z"), "UH"), (re.compile(r"32\d*\Z|39\d*\Z"), "UO"), (re.compile(r"4\d*\Z"), "NE"),
)  # fmt: skip


def outcome_of(code: str) -> str | None:
    """Return the outcome of a disposition code: a letter of `OUTCOMES` itself, or a final code of AAPOR; None otherwise.

    Examples
    --------
    >>> outcome_of("1.1"), outcome_of("211"), outcome_of("nc"), outcome_of("4.7"), outcome_of("done")
    ('I', 'R', 'NC', 'NE', None)
    """
    word = code.strip().upper()
    if word in OUTCOMES:
        return word
    digits = word.replace(".", "", 1)
    return next((outcome for pattern, outcome in _CODES if pattern.match(digits)), None)


def outcome_rates(cases: Mapping[str, int], eligible_share: float | None = None) -> dict[str, float]:
    """Return the outcome rates of AAPOR.

    Parameters
    ----------
    cases : mapping of outcome to int
        Number of cases by `OUTCOMES`: I, P, R, NC, O, UH, UO, NE; what is left out is 0.
    eligible_share : float, optional
        *e*, the share (0 to 1) of cases of unknown eligibility that is eligible. Without it the proportional
        (CASRO) estimate: eligible among cases of known eligibility.

    Returns
    -------
    dict of str to float
        ``RR1`` to ``RR6``, ``COOP1`` to ``COOP4``, ``REF1`` to ``REF3``, ``CON1`` to ``CON3`` and ``e``, each from 0 to
        1; a rate without a denominator is left out.

    Raises
    ------
    VolResearchError
        ``survey.option`` for an unknown outcome, a negative number, or a share outside of 0 to 1.

    Notes
    -----
    The American Association for Public Opinion Research. 2023. Standard Definitions: Final Dispositions of Case
    Codes and Outcome Rates for Surveys. 10th edition.

    Examples
    --------
    >>> rates = outcome_rates({"I": 50, "P": 10, "R": 20, "NC": 15, "O": 5, "UH": 20, "NE": 100})
    >>> rates["e"], round(rates["RR1"], 4), round(rates["RR3"], 4), rates["RR5"]
    (0.5, 0.4167, 0.4545, 0.5)
    """
    _checked(cases, eligible_share)
    interviews, partial, refused, uncontacted, other, household, unknown, ineligible = (
        float(cases.get(name, 0)) for name in OUTCOMES
    )
    answered = interviews + partial
    eligible = answered + refused + uncontacted + other
    undecided = household + unknown
    known = eligible + ineligible
    e = eligible_share if eligible_share is not None else eligible / known if known else 1.0
    contacted = answered + refused + other
    asked = answered + refused
    rates = {
        "RR1": (interviews, eligible + undecided), "RR2": (answered, eligible + undecided),
        "RR3": (interviews, eligible + e * undecided), "RR4": (answered, eligible + e * undecided),
        "RR5": (interviews, eligible), "RR6": (answered, eligible),
        "COOP1": (interviews, contacted), "COOP2": (answered, contacted),
        "COOP3": (interviews, asked), "COOP4": (answered, asked),
        "REF1": (refused, eligible + undecided), "REF2": (refused, eligible + e * undecided), "REF3": (refused, eligible),
        "CON1": (contacted, eligible + undecided), "CON2": (contacted, eligible + e * undecided), "CON3": (contacted, eligible),
    }  # fmt: skip
    return {**{name: above / below for name, (above, below) in rates.items() if below > 0}, "e": e}


def _checked(cases: Mapping[str, int], eligible_share: float | None) -> None:
    unknown = _first(name for name in cases if name not in OUTCOMES)
    if unknown is not None:
        raise VolResearchError("survey.option", f'"{unknown}" is no outcome.', hint=near(unknown, OUTCOMES))
    negative = _first(name for name, n in cases.items() if not n >= 0)
    if negative is not None:
        raise VolResearchError("survey.option", f"The number of cases of {negative} is negative.")
    if eligible_share is not None and not 0 <= eligible_share <= 1:
        raise VolResearchError(
            "survey.option",
            "The eligible share is a part of 1.",
            expected="0 to 1",
            got=f"{eligible_share:g}",
        )


def _first(names: Iterable[str]) -> str | None:
    return next(iter(names), None)
