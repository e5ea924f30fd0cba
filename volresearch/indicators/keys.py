"""The measurement key of a computed indicator, and its rows as figures that can be set against published ones."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from volresearch.datasets.facts import Figure, Variant
from volresearch.datasets.measurement import NOT_APPLICABLE, UNKNOWN, MeasurementKey
from volresearch.datasets.periods import Period
from volresearch.indicators.recipes import FAMILY_HELP, Asked, Recipe
from volresearch.text import Text, in_all_languages

if TYPE_CHECKING:
    from volresearch.indicators.model import Indicator
    from volresearch.results import Result

__all__ = ["figures_of", "key_of"]

_AGES = re.compile(r"(?P<low>\d+)(?P<rest>\+|-\d+)\Z")


def key_of(measurement: MeasurementKey | None, recipe: Recipe, asked: Asked) -> MeasurementKey:
    """Return how an indicator was measured: the dataset's key, with what recipe and options decide put in."""
    key = measurement or MeasurementKey()
    family = FAMILY_HELP[asked["family_help"]] if recipe.family else NOT_APPLICABLE
    volunteering = str(asked.options.get("type", recipe.volunteering))
    if volunteering == "organization":
        family = NOT_APPLICABLE
    return replace(
        key,
        age=_age(key.age, asked["working_age"]),
        reference_period=recipe.period,
        volunteering=volunteering,
        family_help=family,
    )


def _age(stated: str, working_age: Any) -> str:
    """Return the age range of those who count: the dataset's, cut off below at the working age.

    >>> _age("10+", 15), _age("16-64", 15), _age("unknown", 15)
    ('15+', '16-64', 'unknown')
    """
    found = _AGES.match(stated)
    if found is None or working_age is None:
        return stated
    return f"{max(int(found['low']), int(working_age))}{found['rest']}"


def figures_of(
    made: Result,
    indicator: Indicator,
    recipe: Recipe,
    key: MeasurementKey,
    *,
    synthetic: bool,
    words: Mapping[str, str],
) -> tuple[Figure, ...]:
    """Return the rows of a result as figures, so that the rule for published ones can judge them."""
    series = indicator.series[0] if indicator.series else indicator.id
    units = {
        unit: in_all_languages(words[unit]) if unit in words else Text(unit)
        for unit in set(made.table["unit"])
    }
    said = repr((key, made.facts.domain, made.by, made.facts.datasets, made.table["estimate"].tolist()))
    token = hashlib.sha256(said.encode()).hexdigest()[:8]  # two computations of one indicator are two things
    when = Period(datetime.date.min, datetime.date.max, UNKNOWN)
    out = []
    for number, row in enumerate(made.table.to_dict("records"), 1):
        unit = str(row["unit"])
        variant = Variant(
            f"computed.{indicator.id}.{token}",
            series,
            indicator.title.get_in("en"),
            indicator.id,
            recipe.kind,
            unit,
            "exact",
            key,
        )
        out.append(
            Figure(
                id=f"computed {indicator.id} {token} row {number}",
                series=series,
                area=str(row.get("area", "")),
                period=when,
                subgroup=", ".join(str(row[name]) for name in made.by) or "total",
                value=float(row["estimate"]),
                bound="exact",
                unit=unit,
                source_id="",
                evidence="M",
                measure=indicator.title.get_in("en"),
                note="",
                variant=variant,
                series_title=indicator.title,
                unit_label=units[unit],
                synthetic=synthetic,
            )
        )
    return tuple(out)
