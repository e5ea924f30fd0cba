"""What is refused before anything is computed, each with its remedy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from volresearch.errors import VolResearchError, Where, near

if TYPE_CHECKING:
    from volresearch.survey.design import Declaration
    from volresearch.survey.engine import Engine

__all__ = [
    "confidence",
    "constant_fpc",
    "declaration",
    "lone_psu",
    "missing_codes",
    "nested",
    "option",
    "weights",
]

_CHOICES = (
    "one of three: a probability sample (weights=, strata=, psu=, fpc= or replicate_weights=), census=True, "
    "or nonprobability=True"
)


def option(name: str, given: Any, known: Iterable[str]) -> None:
    """Refuse a value that is not offered."""
    names = list(known)
    if given not in names:
        raise VolResearchError(
            "survey.option",
            f"{name}={given!r} is not offered.",
            expected=" | ".join(names),
            hint=near(str(given), names),
        )


def confidence(given: float) -> None:
    """Refuse a confidence outside 0 .. 1."""
    if not 0 < given < 1:
        raise VolResearchError(
            "survey.option",
            f"confidence={given!r} is not a share.",
            expected="a number between 0 and 1, such as 0.95",
        )


def declaration(rule: Declaration, *, declared: bool) -> None:
    """Refuse a design that is not declared, or contradicts itself."""
    from volresearch.survey.variance import LONE_PSU

    option("lone_psu", rule.lone_psu, LONE_PSU)
    if rule.kind == "probability" and not declared:
        raise VolResearchError(
            "survey.no_design",
            "No sampling design is declared.",
            expected=_CHOICES,
            hint="Convenience, quota, snowball and online samples are nonprobability=True: counts and shares, no intervals.",
        )
    if rule.assume is not None:
        option("assume", rule.assume, ["srs"])
        if rule.kind != "nonprobability":
            raise VolResearchError(
                "survey.no_design", 'assume="srs" goes with nonprobability=True only.', expected=_CHOICES
            )
    if rule.kind != "probability" and (rule.strata or rule.psu or rule.fpc):
        raise VolResearchError(
            "survey.no_design",
            f"A {rule.kind} has no strata, sampling units or population sizes.",
            expected=_CHOICES,
            hint="If the units were drawn at random, leave nonprobability= and census= out.",
        )
    if len(rule.psu) > 2 or len(rule.fpc) > max(len(rule.psu), 1):
        raise VolResearchError(
            "survey.fpc",
            f"{len(rule.psu)} stages of sampling units and {len(rule.fpc)} population sizes are declared.",
            expected="one or two stages, and at most one population size for each",
            hint="Stages below the second add next to nothing to the variance; declare the first two.",
        )


def weights(name: str | None, table: pd.DataFrame) -> None:
    """Refuse weights that are missing, negative or all zero."""
    if name is None:
        return
    where = Where(variable=name)
    for column, word in (("_negative", "negative"), ("_none", "missing")):
        count = int(table[column].sum())
        if count:
            raise VolResearchError(
                "survey.weights",
                f"{count} of {int(table['_n'].sum())} rows have a {word} weight.",
                where=where,
                expected="a weight of 0 or more in every row",
                hint="A row outside the sample has weight 0; drop rows that were never sampled before declaring the design.",
            )
    if not table["_w"].sum() > 0:
        raise VolResearchError(
            "survey.weights", "All weights are zero.", where=where, expected="some positive weights"
        )


def missing_codes(engine: Engine, rule: Declaration, table: pd.DataFrame) -> None:
    """Refuse strata and sampling units without a code."""
    for code, names, what in (
        ("survey.strata", rule.strata, "stratum"),
        ("survey.psu", rule.psu, "sampling unit"),
    ):
        for name in names:
            count = int(table.loc[table[name].isna(), "_n"].sum())
            if count:
                raise VolResearchError(
                    code,
                    f"{count} rows have no {what} code.",
                    where=Where(variable=name),
                    expected=f"the {what} of every row that was sampled",
                    hint="Find the codes in the sampling frame; rows cannot be left out without changing the design.",
                )


def nested(rule: Declaration, table: pd.DataFrame) -> None:
    """Refuse codes of sampling units that occur in several strata, unless they are declared nested."""
    if rule.nest or not rule.strata:
        return
    pairs = table[[*rule.strata, rule.psu[0]]].drop_duplicates()
    twice = pairs[rule.psu[0]].value_counts()
    twice = twice[twice > 1]
    if len(twice):
        shown = ", ".join(str(code) for code in sorted(twice.index[:5], key=str))
        raise VolResearchError(
            "survey.psu",
            f"{len(twice)} sampling unit codes occur in more than one stratum (for instance {shown}).",
            where=Where(variable=rule.psu[0]),
            expected="each sampling unit in one stratum",
            hint="If codes are reused from stratum to stratum, say nest=True; else a unit is filed under the wrong stratum.",
        )


def constant_fpc(rule: Declaration, table: pd.DataFrame) -> None:
    """Refuse population sizes that are missing or differ within a stratum (or first-stage unit)."""
    for i, name in enumerate(rule.fpc):
        low, high = table[f"_low{i}"], table[f"_high{i}"]
        keys = [*rule.strata, *rule.psu[:i]] if i else list(rule.strata)
        bad = low.isna() | (low <= 0)
        if not bad.any():
            spread = high.groupby([table[key] for key in keys]).max() if keys else pd.Series([high.max()])
            floor = low.groupby([table[key] for key in keys]).min() if keys else pd.Series([low.min()])
            if np.allclose(spread, floor, rtol=1e-12):
                continue
        raise VolResearchError(
            "survey.fpc",
            "Population sizes are missing or not positive."
            if bad.any()
            else "Population sizes differ within one stratum.",
            where=Where(variable=name),
            expected="one number for all rows of a stratum (second stage: of a first-stage unit)",
        )


def lone_psu(strata: list[str], second: int) -> None:
    """Refuse strata with a single sampling unit, with the remedies named."""
    if not strata and not second:
        return
    shown = "; ".join(strata[:5]) + ("; ..." if len(strata) > 5 else "")
    what = (
        f"{len(strata)} {'stratum has' if len(strata) == 1 else 'strata have'} one sampling unit only: {shown}."
        if strata
        else f"{second} first-stage units have one second-stage unit only."
    )
    raise VolResearchError(
        "survey.lone_psu",
        what,
        expected="two or more sampling units in a stratum; one unit shows no variation",
        hint=(
            'Best: join such strata with similar ones. Or say how to count them: lone_psu="certainty" (the unit was sure to be in: '
            'no variance), "remove" (the same number), "adjust" (distance from zero instead of the stratum mean, cautious), '
            '"average" (as the other strata on average). R: options(survey.lonely.psu = "certainty", "remove", "adjust", "average"; '
            'its "fail" is our "refuse").'
        ),
    )
