"""The recipes of indicators V01 to V17: each a small function from harmonized variables to measures.

``RECIPES`` is the registry. A recipe says which variables it needs, which options it takes and how it is measured; its
function adds derived columns and returns what is to be estimated of them. Definitions follow the ILO manual of 2011,
the resolution of the 19th ICLS (2013) and the ILO guide of 2021; see each indicator's declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import narwhals as nw

from volresearch.indicators.measures import Measure, gap, ratio, total
from volresearch.indicators.variables import Columns, Truth
from volresearch.indicators.wages import Wages

__all__ = ["CATEGORIES", "FAMILY_HELP", "RECIPES", "Asked", "Plan", "Recipe", "types_of"]

#: Rule on help to relatives in other households -> what it says.
FAMILY_HELP: dict[str, str] = {
    "2011": "included",  # ILO Manual on the Measurement of Volunteer Work, 2011
    "2013": "excluded",  # 19th ICLS, resolution I, paragraph 37
}
CATEGORIES = ("mutual_aid", "service", "participation", "campaigning", "leisure")
_ISCO = tuple("0123456789")
_ISIC = tuple("ABCDEFGHIJKLMNOPQRSTU")


@dataclass(frozen=True)
class Asked:
    """The options of a call, complete, and the codes that the codebook declares."""

    options: Mapping[str, Any]
    codes: Callable[[str], Sequence[str]]

    def __getitem__(self, name: str) -> Any:
        return self.options[name]


@dataclass(frozen=True)
class Plan:
    """What a recipe asks for.

    ``labels_of`` names the variable whose labels the levels have, ``within`` a column that must be 1 (medians).
    """

    measures: tuple[Measure, ...] = ()
    labels_of: str = ""
    median: tuple[str, str, str] | None = None
    drop_empty: bool = False


@dataclass(frozen=True)
class Recipe:
    """How an indicator is computed.

    Attributes
    ----------
    build : callable
        Adds columns and returns the plan.
    needs : callable
        The variables needed under the options.
    options : mapping
        Names and defaults of the options beside ``family_help`` and ``working_age``.
    volunteering, period, kind
        Parts of the measurement key: type of volunteering, reference period, kind of number.
    family : bool
        Whether the rule on help to relatives matters.
    says : callable
        Sentences on the assumptions made, in English.
    """

    build: Callable[[Columns, Asked], Plan]
    needs: Callable[[Asked], Sequence[str]]
    options: Mapping[str, Any] = field(default_factory=dict)
    volunteering: str = "any"
    period: str = "4 weeks"
    kind: str = "rate"
    family: bool = True
    says: Callable[[Asked], Sequence[str]] = lambda asked: ()


def types_of(rule: str, wanted: str = "any") -> tuple[str, ...]:
    """Return the ways of helping that count.

    >>> types_of("2013"), types_of("2011", "direct")
    (('organization', 'direct'), ('direct', 'family'))
    """
    if wanted == "organization":
        return ("organization",)
    direct = ("direct", "family") if FAMILY_HELP[rule] == "included" else ("direct",)
    return direct if wanted == "direct" else ("organization", *direct)


def _types(asked: Asked, wanted: str = "any") -> tuple[str, ...]:
    return types_of(asked["family_help"], wanted)


def _screening(wanted: str = "any", period: str = "4w") -> Callable[[Asked], Sequence[str]]:
    return lambda asked: [f"{kind}_{period}" for kind in _types(asked, wanted)]


def _with_hours(asked: Asked) -> Sequence[str]:
    types = _types(asked)
    return [*(f"{kind}_4w" for kind in types), *(f"hours_{kind}" for kind in types)]


def _with_activities(code: str) -> Callable[[Asked], Sequence[str]]:
    names = [
        f"activity{k}_{part}" for k in (1, 2, 3) for part in ("type", "hours", *([code] if code else []))
    ]
    return lambda asked: [*_screening()(asked), *names]


def _rate(columns: Columns, truth: Truth, among: Truth | None = None, **more: Any) -> Measure:
    """The share of those of whom `truth` is true among those of whom `among` is (everybody unless given)."""
    base = among or columns.everybody()
    level = more.get("level", "")
    known = base.false | (base.true & truth.known)
    above = columns.add(f"above{level}", nw.when(base.true & truth.true).then(1.0).otherwise(0.0), known)
    below = columns.add(f"below{level}", nw.when(base.true).then(1.0).otherwise(0.0), known)
    asked_of = columns.add_marker(f"base{level}", base.true)
    cell = columns.add_marker(f"cell{level}", base.true & truth.true)
    more.setdefault("unit", "percent")
    return ratio("rate", above, below, asked_of, cell, factor=100.0, interval="logit", **more)


def _v01(columns: Columns, asked: Asked) -> Plan:
    return Plan((_rate(columns, columns.helped(_types(asked))),))


def _v02(columns: Columns, asked: Asked) -> Plan:
    helped = columns.helped(_types(asked))
    cell = columns.add_marker("cell", helped.true)
    return Plan((total(columns.add_truth("volunteer", helped), cell, "persons"),))


def _v03(columns: Columns, asked: Asked) -> Plan:
    return Plan((_rate(columns, columns.helped(("organization",))),))


def _v04(columns: Columns, asked: Asked) -> Plan:
    return Plan((_rate(columns, columns.helped(_types(asked, "direct"))),))


def _v05(columns: Columns, asked: Asked) -> Plan:
    both = columns.helped(("organization",)) & columns.helped(_types(asked, "direct"))
    return Plan((_rate(columns, both, columns.helped(_types(asked)), unit="percent_of_volunteers"),))


def _v06(columns: Columns, asked: Asked) -> Plan:
    types = _types(asked)
    helped = columns.helped(types)
    hours, known = columns.hours(types)
    valid = known & helped.known
    above = columns.add("hours", hours, valid)
    below = columns.add("volunteer", nw.when(helped.true).then(1.0).otherwise(0.0), valid)
    cell = columns.add_marker("cell", helped.true)
    if asked["statistic"] == "median":
        return Plan(median=(above, below, "hours_per_person"))
    return Plan((ratio("mean", above, below, cell, cell, "hours_per_person"),))


def _hours_total(unit: str, factor: Callable[[Asked], float]) -> Callable[[Columns, Asked], Plan]:
    def build(columns: Columns, asked: Asked) -> Plan:
        hours, known = columns.hours(_types(asked))
        cell = columns.add_marker("cell", known & (hours > 0))
        return Plan((total(columns.add("hours", hours, known), cell, unit, factor=factor(asked)),))

    return build


def _activity_hours(
    columns: Columns, asked: Asked, code: str, group: str
) -> tuple[nw.Expr, nw.Expr, nw.Expr]:
    """Return the hours of activities coded `group`, of all that have a code, and where both are known.

    Only activities of the types that count take part; one whose hours are not stated leaves the row out.
    """
    types = _types(asked)
    part, whole, valid = [], [], [columns.helped(types).known]
    for k in (1, 2, 3):
        kind = f"activity{k}_type"
        own = reduce(lambda a, b: a | b, (columns.equals(kind, one).true for one in types))
        coded = own & columns.present(f"activity{k}_{code}")
        stated = columns.present(f"activity{k}_hours")
        hours = columns.number(f"activity{k}_hours")
        whole.append(nw.when(coded & stated).then(hours).otherwise(0.0))
        part.append(
            nw.when(coded & stated & columns.equals(f"activity{k}_{code}", group).true)
            .then(hours)
            .otherwise(0.0)
        )
        valid.append(~own | stated)
    return (*(reduce(lambda a, b: a + b, sums) for sums in (part, whole)), reduce(lambda a, b: a & b, valid))  # type: ignore[return-value]


def _profile(code: str, known: Sequence[str]) -> Callable[[Columns, Asked], Plan]:
    variable = f"activity1_{code}"

    def build(columns: Columns, asked: Asked) -> Plan:
        measures = []
        for group in asked.codes(variable) or known:
            part, whole, valid = _activity_hours(columns, asked, code, group)
            above, below = columns.add(f"part{group}", part, valid), columns.add("whole", whole, valid)
            base = columns.add_marker("base", valid & (whole > 0))
            cell = columns.add_marker(f"cell{group}", valid & (part > 0))
            measures.append(ratio("rate", above, below, base, cell, "percent_of_hours", factor=100.0, interval="logit", level=group, sums=above))  # fmt: skip
        return Plan(tuple(measures), variable, drop_empty=True)

    return build


def _value(columns: Columns, asked: Asked) -> list[tuple[str, str, str]]:
    """Add the value of the hours of four weeks under each wage assumption: name, column, marker."""
    wages: Wages = asked["wages"]
    out = []
    types = _types(asked)
    hours, known = columns.hours(types)
    for number, name in enumerate(wages.names):
        if not wages.by_occupation(name):
            value = wages.of_person(name, columns) * hours
            valid = known & (wages.covers_person(name, columns) | (hours == 0))
        else:
            value, valid = wages.of_activities(name, columns, types), known & columns.helped(types).known
            valid = valid & wages.covered(name, columns, types)
        column = columns.add(f"value{number}", value, valid)
        out.append((name, column, columns.add_marker(f"cell{number}", valid & (hours > 0))))
    return out


def _v09(columns: Columns, asked: Asked) -> Plan:
    factor, unit = float(asked["annual_factor"]), asked["currency"] or "currency"
    return Plan(
        tuple(
            total(column, cell, unit, factor=factor, term=name)
            for name, column, cell in _value(columns, asked)
        )
    )


def _v10(columns: Columns, asked: Asked) -> Plan:
    factor = 100 * float(asked["annual_factor"]) / float(asked["gdp"])
    return Plan(
        tuple(
            total(column, cell, "percent_of_gdp", factor=factor, term=name)
            for name, column, cell in _value(columns, asked)
        )
    )


def _wage_needs(asked: Asked) -> Sequence[str]:
    wages: Wages = asked["wages"]
    activities = _with_activities("isco")(asked) if any(map(wages.by_occupation, wages.names)) else []
    return [*_with_hours(asked), *activities, *wages.columns]


def _v13(columns: Columns, asked: Asked) -> Plan:
    helped = columns.helped(_types(asked))
    measures = [
        _rate(columns, columns.selects("categories", code), helped, level=code, unit="percent_of_volunteers")
        for code in asked.codes("categories") or CATEGORIES
    ]
    return Plan(tuple(measures), "categories")


def _v14(columns: Columns, asked: Asked) -> Plan:
    helped = columns.helped(_types(asked, asked["type"]))
    names, cells = [], []
    for code in ("f", "m"):
        sex = columns.equals("sex", str(asked["women" if code == "f" else "men"]))
        known = helped.known & sex.known
        names.append(
            columns.add(f"helped_{code}", nw.when(sex.true & helped.true).then(1.0).otherwise(0.0), known)
        )
        names.append(columns.add(f"all_{code}", nw.when(sex.true).then(1.0).otherwise(0.0), known))
        cells.append(columns.add_marker(f"cell_{code}", sex.true & helped.true))
    four, marks = (names[0], names[1], names[2], names[3]), tuple(cells)
    difference = gap(four, names[0], marks, "percentage_points", relative=False, factor=100.0)
    return Plan((difference, gap(four, names[0], marks, "ratio", relative=True, interval="log")))


def _v15(columns: Columns, asked: Asked) -> Plan:
    return Plan((_rate(columns, columns.helped(_types(asked), "12m")),))


def _v16(columns: Columns, asked: Asked) -> Plan:
    name = "reason_not_volunteering"
    present = columns.present(name)
    stated = Truth(present, ~present)
    measures = [_rate(columns, columns.equals(name, code), stated, level=code) for code in asked.codes(name)]
    return Plan(tuple(measures), name)


def _v17(columns: Columns, asked: Asked) -> Plan:
    present, minutes = columns.present("diary_minutes"), columns.number("diary_minutes")
    active = Truth(present & (minutes > 0), present & (minutes <= 0))
    share = _rate(columns, active, term="participation")
    all_minutes = columns.add("minutes", minutes, present)
    ones = columns.add("asked", 1.0, present)
    took_part, cell = columns.add_truth("active", active), columns.add_marker("took_part", active.true)
    per_participant = ratio(
        "mean", all_minutes, took_part, cell, cell, "minutes_per_day", term="minutes of participants"
    )
    of_all = ratio("mean", all_minutes, ones, ones, cell, "minutes_per_day", term="minutes of all")
    return Plan((share, per_participant, of_all))


def _says_annual(asked: Asked) -> list[str]:
    return [
        f"Hours of four weeks times {asked['annual_factor']:g} make a year; seasons are not accounted for."
    ]


def _says_fte(asked: Asked) -> list[str]:
    return [*_says_annual(asked), f"A full-time equivalent is {asked['fte_basis']:,g} hours a year."]


def _says_value(asked: Asked) -> list[str]:
    return [*_says_annual(asked), *asked["wages"].sentences(asked["social_charges"], asked["currency"])]


def _says_gdp(asked: Asked) -> list[str]:
    said = "The value is set against GDP, which does not contain it: say equivalent to, not part of."
    return [*_says_value(asked), said]


_ANNUAL: dict[str, Any] = {"annual_factor": 13}
_WAGES: dict[str, Any] = {**_ANNUAL, "wages": None, "social_charges": None, "currency": ""}
_PROFILE = "Hours of activities without a code are in neither part of the share."

#: Id within the core -> its recipe.
RECIPES: dict[str, Recipe] = {
    "V01": Recipe(_v01, _screening()),
    "V02": Recipe(_v02, _screening(), kind="flow"),
    "V03": Recipe(_v03, _screening("organization"), volunteering="organization", family=False),
    "V04": Recipe(_v04, _screening("direct"), volunteering="direct"),
    "V05": Recipe(_v05, _screening()),
    "V06": Recipe(_v06, _with_hours, {"statistic": "mean"}),
    "V07": Recipe(_hours_total("hours", lambda a: float(a["annual_factor"])), _with_hours, _ANNUAL, kind="amount", says=_says_annual),
    "V08": Recipe(
        _hours_total("fte", lambda a: a["annual_factor"] / a["fte_basis"]), _with_hours, {**_ANNUAL, "fte_basis": 2080}, kind="amount", says=_says_fte,
    ),
    "V09": Recipe(_v09, _wage_needs, _WAGES, kind="amount", says=_says_value),
    "V10": Recipe(_v10, _wage_needs, {**_WAGES, "gdp": None}, says=_says_gdp),
    "V11": Recipe(_profile("isco", _ISCO), _with_activities("isco"), says=lambda _: [_PROFILE]),
    "V12": Recipe(_profile("isic", _ISIC), _with_activities("isic"), says=lambda _: [_PROFILE]),
    "V13": Recipe(_v13, lambda a: [*_screening()(a), "categories"], says=lambda _: ["Several categories may be named: shares add up to more than 100."]),
    "V14": Recipe(_v14, lambda a: ["sex", *_screening(a["type"])(a)], {"type": "any", "women": "f", "men": "m"}),
    "V15": Recipe(_v15, _screening(period="12m"), period="12 months"),
    "V16": Recipe(_v16, lambda _: ["reason_not_volunteering"], volunteering="not_applicable", period="12 months", family=False),
    "V17": Recipe(_v17, lambda _: ["diary_minutes"], volunteering="unknown", period="1 day", family=False),
}  # fmt: skip
