"""Wage assumptions for the replacement cost of volunteer hours, several side by side.

An assumption is one wage an hour for everybody (a median, a minimum or a generalist wage), wages by ISCO-08 major group,
or wages that differ by another variable of the survey (the region, say). (ILO manual 2011; Salamon, Sokolowski and
Haddock 2011.)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import narwhals as nw

from volresearch.errors import VolResearchError

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.indicators.variables import Columns

__all__ = ["FEWEST", "Wage", "Wages", "wages_of"]

#: No fewer assumptions than this are shown: one wage alone would look like a fact.
FEWEST = 3
_HOW = (
    'a mapping such as {"median wage": 12.5, "minimum wage": 7, "by occupation": {"1": 30, "2": 25, ..., "9": 8}}, or a '
    "table with the columns assumption, wage and (where wages differ) isco or another variable of the survey"
)


@dataclass(frozen=True)
class Wage:
    """A wage an hour, and the codes of the variables for which it holds (none: for all hours)."""

    value: float
    codes: tuple[tuple[str, str], ...] = ()

    def code(self, name: str) -> str:
        """Return the code of a variable, empty where the wage holds for all."""
        return dict(self.codes).get(name, "")


@dataclass(frozen=True)
class Wages:
    """The assumptions by name, each with its wages."""

    assumptions: tuple[tuple[str, tuple[Wage, ...]], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the assumptions, in order."""
        return tuple(name for name, _ in self.assumptions)

    @property
    def columns(self) -> tuple[str, ...]:
        """Variables of persons (not activities) by which wages differ."""
        found = [
            name
            for _, wages in self.assumptions
            for wage in wages
            for name, _ in wage.codes
            if name != "isco"
        ]
        return tuple(dict.fromkeys(found))

    def by_occupation(self, name: str) -> bool:
        """Whether the wages of an assumption differ by occupation."""
        return any(wage.code("isco") for wage in self._of(name))

    def of_person(self, name: str, columns: Columns) -> nw.Expr:
        """Return the wage an hour of a row; 0 where none is given for it (see `covered`)."""
        return self._pick(self._of(name), columns, None)

    def covers_person(self, name: str, columns: Columns) -> nw.Expr:
        """Where a wage is given for a row."""
        return reduce(lambda a, b: a | b, self._matches(self._of(name), columns, None))

    def of_activities(self, name: str, columns: Columns, types: Sequence[str]) -> nw.Expr:
        """Return the value of the hours of up to three activities of the types that count."""
        parts = []
        for k in (1, 2, 3):
            stated = _counted(columns, k, types) & columns.present(f"activity{k}_hours")
            value = self._pick(self._of(name), columns, k) * columns.number(f"activity{k}_hours")
            parts.append(nw.when(stated).then(value).otherwise(0.0))
        return reduce(lambda a, b: a + b, parts)

    def covered(self, name: str, columns: Columns, types: Sequence[str]) -> nw.Expr:
        """Where every activity that counts has hours and a wage."""
        parts = []
        for k in (1, 2, 3):
            paid = self._matches(self._of(name), columns, k)
            there = columns.present(f"activity{k}_hours") & reduce(lambda a, b: a | b, paid)
            parts.append(~_counted(columns, k, types) | there)
        return reduce(lambda a, b: a & b, parts)

    def sentences(self, social_charges: bool | None, currency: str) -> list[str]:
        """Say in words which wages were assumed."""
        said = []
        for name, wages in self.assumptions:
            values = [wage.value for wage in wages]
            span = f"{values[0]:g}" if len(set(values)) == 1 else f"{min(values):g} to {max(values):g}"
            said.append(f"Wage assumption {name}: {span} {currency} an hour".replace("  ", " ") + ".")
        charges = {
            True: "The wages include social charges of the employer.",
            False: "The wages do not include social charges of the employer.",
            None: "It is not stated whether the wages include social charges of the employer.",
        }
        left = "Where an occupation or a wage for it is missing, the hours are left out of that assumption."
        return [*said, charges[social_charges], *([left] if any(map(self.by_occupation, self.names)) else [])]

    def record(self) -> dict[str, Any]:
        """Return the assumptions as plain values, for the facts of a result."""
        return {
            name: wages[0].value if len(wages) == 1 and not wages[0].codes
            else {" ".join(code for _, code in wage.codes) or "other": wage.value for wage in wages}
            for name, wages in self.assumptions
        }  # fmt: skip

    def _of(self, name: str) -> tuple[Wage, ...]:
        return dict(self.assumptions)[name]

    def _matches(self, wages: Sequence[Wage], columns: Columns, activity: int | None) -> list[nw.Expr]:
        everybody = columns.everybody().true
        out = []
        for wage in wages:
            holds = everybody
            for name, code in wage.codes:
                variable = f"activity{activity}_isco" if name == "isco" else name
                holds = holds & columns.equals(variable, code).true
            out.append(holds)
        return out

    def _pick(self, wages: Sequence[Wage], columns: Columns, activity: int | None) -> nw.Expr:
        """The wage of the most detailed entry that fits."""
        ordered = sorted(wages, key=lambda wage: len(wage.codes))
        value: Any = nw.lit(0.0)
        for wage, holds in zip(ordered, self._matches(ordered, columns, activity), strict=True):
            value = nw.when(holds).then(wage.value).otherwise(value)
        return value  # type: ignore[no-any-return]


def _counted(columns: Columns, k: int, types: Sequence[str]) -> nw.Expr:
    return reduce(lambda a, b: a | b, (columns.equals(f"activity{k}_type", one).true for one in types))


def wages_of(given: Any, indicator: str) -> Wages:
    """Read wage assumptions from a mapping or a table.

    Parameters
    ----------
    given : mapping or pandas.DataFrame
        Name -> wage an hour, or name -> {ISCO-08 major group: wage, "other": wage where there is no code};
        or a table with the columns ``assumption, wage`` and, where wages differ, ``isco`` or another variable.

    Raises
    ------
    VolResearchError
        ``indicator.input`` for fewer than three assumptions and for what is no positive number.
    """
    if given is None:
        raise _refused(f"{indicator} values hours at wages, and none are given.", "")
    pairs = _of_mapping(given, indicator) if isinstance(given, Mapping) else _of_table(given, indicator)
    if len(pairs) < FEWEST:
        raise _refused(
            f"{indicator} shows at least {FEWEST} wage assumptions side by side; here are {len(pairs)}.",
            ", ".join(pairs),
        )
    return Wages(tuple((name, tuple(wages)) for name, wages in pairs.items()))


def _of_mapping(given: Mapping[Any, Any], indicator: str) -> dict[str, list[Wage]]:
    out: dict[str, list[Wage]] = {}
    for name, wage in given.items():
        if isinstance(wage, Mapping):
            out[str(name)] = [
                Wage(_number(value, indicator), () if str(code) == "other" else (("isco", str(code)),))
                for code, value in wage.items()
            ]
        else:
            out[str(name)] = [Wage(_number(wage, indicator))]
    return out


def _of_table(given: pd.DataFrame, indicator: str) -> dict[str, list[Wage]]:
    names = [str(name) for name in getattr(given, "columns", ())]
    if not {"assumption", "wage"} <= set(names):
        raise _refused(f"{indicator} cannot read these wages.", ", ".join(names) or type(given).__name__)
    keys = [name for name in names if name not in {"assumption", "wage"}]
    out: dict[str, list[Wage]] = {}
    for row in given.to_dict("records"):
        codes = tuple((key, _code(row[key])) for key in keys if _code(row[key]))
        out.setdefault(str(row["assumption"]), []).append(Wage(_number(row["wage"], indicator), codes))
    return out


def _code(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    text = str(value)
    return text.removesuffix(".0") if isinstance(value, float) else "" if text in {"<NA>", "nan"} else text


def _number(value: Any, indicator: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise _refused(f"{indicator} needs wages that are positive numbers.", repr(value))
    return number


def _refused(message: str, got: str) -> VolResearchError:
    return VolResearchError("indicator.input", message, expected=_HOW, got=got, hint="Pass them as wages=.")
