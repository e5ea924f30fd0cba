"""Units that are brought to one footing by a factor that everybody can check.

A rule is written with its factor, ``hours_per_week -> hours_4_weeks * 4``, so that who reads the crosswalk sees the
number; a factor that is not the right one is refused. Quantities (hours, minutes, days, times) never become one
another except hours and minutes: how many hours a "day" of help has is not known. Money is refused: it needs a year, an
exchange rate and a reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from volresearch.errors import VolResearchError, Where, near

__all__ = ["Conversion", "conversion", "known_units"]

#: Period -> how many of it make four weeks, and why.
_PERIODS = {
    "day": (Fraction(28), "28 days make four weeks"),
    "week": (Fraction(4), "4 weeks make four weeks"),
    "4_weeks": (Fraction(1), "four weeks as they are"),
    "month": (Fraction(12, 13), "13 periods of four weeks make 12 months, a year of 52 weeks"),
    "year": (Fraction(1, 13), "13 periods of four weeks make a year of 52 weeks"),
}
_QUANTITIES = ("hours", "minutes", "days", "times")
#: Amounts without a period, in terms of one basic unit each.
_AMOUNTS = {
    "hours": ("hours", Fraction(1)),
    "minutes": ("hours", Fraction(1, 60)),
    "days": ("days", Fraction(1)),
    "weeks": ("days", Fraction(7)),
    "years": ("years", Fraction(1)),
    "months": ("years", Fraction(1, 12)),
    "percent": ("share", Fraction(1, 100)),
    "share": ("share", Fraction(1)),
}
_MONEY = re.compile(
    r"[A-Z]{3}\Z|.*(usd|eur|gbp|cny|pen|khr|xof|dollar|euro|pound|sol(es)?\b|peso|riel|franc|yuan|rupee|currency|money)",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*(?P<source>\S+)\s*->\s*(?P<target>[^\s*]+)\s*(?:\*\s*(?P<factor>\S+)\s*)?\Z")
_WORDS = {
    "4_weeks": "in four weeks",
    "day": "per day",
    "week": "per week",
    "month": "per month",
    "year": "per year",
}


@dataclass(frozen=True)
class Conversion:
    """One unit turned into another by a factor.

    Attributes
    ----------
    source, target : str
        Names of the units.
    factor : Fraction
        What a value is multiplied by, exactly.
    why : str
        What the factor rests on, in words.
    """

    source: str
    target: str
    factor: Fraction
    why: str

    def __call__(self, value: float) -> float:
        """Return `value` in the other unit."""
        return value * self.factor.numerator / self.factor.denominator

    def __str__(self) -> str:
        return f"{self.source} -> {self.target} * {self.factor}"

    @property
    def unit(self) -> str:
        """The unit of the result in words."""
        quantity, period = _parted(self.target)
        return f"{quantity} {_WORDS[period]}" if period else quantity


def conversion(rule: str, where: Where | None = None) -> Conversion:
    """Return the conversion that a rule states, after checking its factor.

    Parameters
    ----------
    rule : str
        ``<unit> -> <unit> * <factor>``; the factor is a whole number, a decimal or a fraction (``12/13``).
    where : Where, optional
        The place of the rule, for messages.

    Raises
    ------
    VolResearchError
        ``harmonize.unit`` for an unknown unit (known ones are listed), for units that measure different things, for
        money, and for a factor that is missing or wrong (the right one is told).

    Examples
    --------
    >>> conversion("hours_per_week -> hours_4_weeks * 4")(2.5)
    10.0
    >>> conversion("hours_per_month -> hours_4_weeks * 12/13").why
    '13 periods of four weeks make 12 months, a year of 52 weeks'
    """
    place = where or Where()
    found = _RULE.match(rule)
    if not found:
        raise _fault(
            f'"{rule}" is no unit rule.',
            place,
            expected="hours_per_week -> hours_4_weeks * 4, the factor stated",
        )
    source, target = found["source"], found["target"]
    factor, why = _factor(source, target, place)
    stated = _number(found["factor"])
    if stated != factor:
        said = "states no factor" if found["factor"] is None else f'states the factor "{found["factor"]}"'
        raise _fault(
            f'The unit rule "{rule}" {said}.', place, expected=f"{source} -> {target} * {factor} ({why})"
        )
    return Conversion(source, target, factor, why)


def known_units() -> tuple[str, ...]:
    """Return the names of all units that can be converted.

    >>> "hours_per_week" in known_units()
    True
    """
    periods = [
        f"{quantity}_{'4_weeks' if period == '4_weeks' else f'per_{period}'}"
        for quantity in _QUANTITIES
        for period in _PERIODS
    ]
    return (*periods, *_AMOUNTS)


def _parted(unit: str) -> tuple[str, str]:
    """Return quantity and period of a unit; no period for a plain amount."""
    quantity, _, rest = unit.partition("_")
    period = rest.removeprefix("per_")
    return (quantity, period) if rest else (unit, "")


def _factor(source: str, target: str, place: Where) -> tuple[Fraction, str]:
    for unit in (source, target):
        if unit not in known_units():
            if _MONEY.match(unit):
                raise _fault(
                    f'"{unit}" looks like money, and money is not converted here.', place,
                    hint="Keep the national currency as it is, or convert it before with a stated rate and year.",
                )  # fmt: skip
            known = ", ".join(known_units())
            hint = near(unit, known_units())
            raise _fault(f'There is no unit "{unit}".', place, expected=f"one of {known}", hint=hint)
    (one, first), (two, second) = _parted(source), _parted(target)
    basic, size = _AMOUNTS.get(one, (one, Fraction(1)))
    other, unit_size = _AMOUNTS.get(two, (two, Fraction(1)))
    if basic != other or bool(first) != bool(second):
        raise _fault(
            f'"{source}" cannot become "{target}": they measure different things.', place,
            hint="How many hours a day of help has, for instance, is not known from the data.",
        )  # fmt: skip
    factor = size / unit_size
    why = "60 minutes make an hour" if factor != 1 and basic == "hours" else "the same unit"
    if not first:
        return factor, why if basic == "hours" or factor == 1 else f"1 {one} is {factor} {two}"
    periods = [_PERIODS[period] for period in (first, second)]
    reasons = [
        reason for period, (_, reason) in zip((first, second), periods, strict=True) if period != "4_weeks"
    ]
    reasons = list(dict.fromkeys([*reasons, *([why] if factor != 1 else [])])) if first != second else [why]
    return factor * periods[0][0] / periods[1][0], "; ".join(reasons)


def _number(text: str | None) -> Fraction | None:
    try:
        return Fraction(text) if text is not None else None
    except (ValueError, ZeroDivisionError):
        return None


def _fault(said: str, where: Where, *, expected: str = "", hint: str = "") -> VolResearchError:
    return VolResearchError("harmonize.unit", said, where=where, expected=expected, hint=hint)
