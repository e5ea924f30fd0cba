"""The harmonized variables of a volunteer work module, and what the recipes derive from them row by row.

A derived column is a number where the answers settle it and missing where they do not: who said yes to one way of
helping is a volunteer whatever is missing elsewhere; who said no to one and nothing to the other is not known to be one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import narwhals as nw

from volresearch.errors import VolResearchError, near

if TYPE_CHECKING:
    from volresearch.survey.engine import Engine

__all__ = ["VARIABLES", "Columns", "Truth", "require"]

_YES_NO = "yes or no (or 1 and 0)"
#: Harmonized variable -> what it is to hold; activities are numbered 1, 2, 3.
VARIABLES: dict[str, str] = {
    "age": "age in completed years",
    "sex": "f for women, m for men",
    "organization_4w": f"volunteered through or for an organization in the last four weeks: {_YES_NO}",
    "direct_4w": f"helped persons of other households who are no relatives, directly, in the last four weeks: {_YES_NO}",
    "family_4w": f"helped relatives who live in other households in the last four weeks: {_YES_NO}",
    "organization_12m": f"as organization_4w, for the last twelve months: {_YES_NO}",
    "direct_12m": f"as direct_4w, for the last twelve months: {_YES_NO}",
    "family_12m": f"as family_4w, for the last twelve months: {_YES_NO}",
    "hours_organization": "hours through or for organizations in four weeks",
    "hours_direct": "hours of direct help in four weeks, relatives not counted",
    "hours_family": "hours of help to relatives in other households in four weeks",
    "activity1_type": "type of the first activity: organization, direct or family (activity2_, activity3_ likewise)",
    "activity1_hours": "hours of the first activity in four weeks",
    "activity1_isco": "ISCO-08 major group of the first activity: 0 to 9",
    "activity1_isic": "ISIC Rev. 4 section of the first activity: A to U",
    "categories": "categories of volunteering, several allowed: mutual_aid service participation campaigning leisure",
    "reason_not_volunteering": "main reason of those who did not volunteer",
    "diary_minutes": "minutes of volunteer work on the diary day, 0 where there was none",
}


@dataclass(frozen=True)
class Truth:
    """Where a yes-or-no is known to be true, and where it is known to be false."""

    true: nw.Expr
    false: nw.Expr

    def __and__(self, other: Truth) -> Truth:
        return Truth(self.true & other.true, self.false | other.false)

    def __or__(self, other: Truth) -> Truth:
        return Truth(self.true | other.true, self.false & other.false)

    def __invert__(self) -> Truth:
        return Truth(self.false, self.true)

    @property
    def known(self) -> nw.Expr:
        """Where it is one or the other."""
        return self.true | self.false


def require(columns: Sequence[str], needs: Iterable[str], indicator: str) -> None:
    """Refuse a survey that lacks variables, naming each and what it is to hold.

    Raises
    ------
    VolResearchError
        ``indicator.input``.
    """
    lacking = [name for name in needs if name not in columns]
    if lacking:
        raise VolResearchError(
            "indicator.input",
            f"{indicator} needs variables that the survey does not have: {', '.join(lacking)}.",
            expected="; ".join(f"{name}: {_meaning(name)}" for name in lacking),
            hint=near(lacking[0], columns).replace("Known:", "The survey has:"),
        )


def _meaning(name: str) -> str:
    if name.startswith("activity"):
        return VARIABLES[f"activity1_{name.split('_', 1)[1]}"].replace(
            "first", {"1": "first", "2": "second", "3": "third"}[name[8]]
        )
    return VARIABLES.get(name, "a column of the survey")


class Columns:
    """Columns derived from an engine's frame, each a number or missing; `frame` has them beside the others."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._made: dict[str, nw.Expr] = {}
        self._family = False

    @property
    def made(self) -> Mapping[str, nw.Expr]:
        """Name -> expression of every column added."""
        return self._made

    def has(self, name: str) -> bool:
        """Whether the survey has a variable."""
        return name in self._engine.schema

    def add(self, name: str, value: Any, present: nw.Expr) -> str:
        """Add a column that is `value` where `present`, else missing; return its name."""
        full = f"_indicator_{name}"
        self._made[full] = nw.when(present).then(value)
        return full

    def add_truth(self, name: str, truth: Truth) -> str:
        """Add 1 where true, 0 where false, missing elsewhere."""
        return self.add(name, nw.when(truth.true).then(1.0).otherwise(0.0), truth.known)

    def add_marker(self, name: str, true: nw.Expr) -> str:
        """Add 1 where true, missing elsewhere: its presence counts rows."""
        return self.add(name, 1.0, true)

    def everybody(self) -> Truth:
        """True in every row."""
        anchor = nw.col(self._engine.columns[0]).is_null()
        return Truth(anchor | ~anchor, anchor & ~anchor)

    def answered(self, name: str) -> Truth:
        """Return a yes-or-no variable: codes yes and no, 1 and 0, or a truth value."""
        present = self._engine.present(name)
        if self._engine.is_number(name):
            value = self._engine.number(name)
            yes = nw.when(present & (value == 1)).then(True).otherwise(False)
            no = nw.when(present & (value == 0)).then(True).otherwise(False)
            return Truth(yes, no)
        return Truth(self.equals(name, "yes").true, self.equals(name, "no").true)

    def equals(self, name: str, code: str) -> Truth:
        """Return whether a variable has a code."""
        present = self._engine.present(name)
        wanted: Any = code
        if self._engine.is_number(name):
            wanted = float(code)
        true = nw.when(present & (nw.col(name) == wanted)).then(True).otherwise(False)
        return Truth(true, present & ~true)

    def selects(self, name: str, code: str) -> Truth:
        """Return whether a variable with several answers, parted by spaces, holds a code."""
        present = self._engine.present(name)
        text = nw.concat_str(nw.lit(" "), nw.col(name).cast(nw.String), nw.lit(" "))
        true = nw.when(present & text.str.contains(f" {code} ", literal=True)).then(True).otherwise(False)
        return Truth(true, present & ~true)

    def present(self, name: str) -> nw.Expr:
        """Where a variable has a value."""
        return self._engine.present(name)

    def number(self, name: str) -> nw.Expr:
        """Return a variable as a number."""
        return self._engine.number(name)

    def helped(self, types: Sequence[str], period: str = "4w") -> Truth:
        """Return whether a person helped in one of the ways named."""
        return reduce(lambda a, b: a | b, (self.answered(f"{kind}_{period}") for kind in types))

    def hours(self, types: Sequence[str]) -> tuple[nw.Expr, nw.Expr]:
        """Return the hours of the types in four weeks, and where they are known: 0 for who did not do a type."""
        values, known = [], []
        for kind in types:
            did, name = self.answered(f"{kind}_4w"), f"hours_{kind}"
            stated = did.true & self.present(name)
            values.append(nw.when(stated).then(self.number(name)).otherwise(0.0))
            known.append(did.false | stated)
        return reduce(lambda a, b: a + b, values), reduce(lambda a, b: a & b, known)
