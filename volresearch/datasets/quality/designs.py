"""Design columns: strata and sampling units as variance estimation needs them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from volresearch.datasets.declaration import ProbabilityDesign, column_names
from volresearch.datasets.quality.findings import Finding, Measure
from volresearch.datasets.quality.rows import Ask, Rows
from volresearch.datasets.quality.scope import Scope
from volresearch.text import mark

__all__ = ["check_design"]

_NONE = mark(
    "No sampling design is declared: nothing can be estimated before it is. Declare it with dataset.declared(design=...)."
)
_LACKING = mark("The declared column {variable} is no column of the data")
_EMPTY = mark("Rows without a value in the design column {variable}: {n} of {base} ({share})")
_LONE = mark("Strata with one sampling unit only: {n} of {base}. Their variance cannot be estimated.")
_NESTED = mark("Sampling units that stand in several strata: {n} of {base}. If codes repeat from stratum to stratum, declare nest: true.")  # fmt: skip
_FEW = mark("Strata with a population size ({variable}) smaller than the number of units in the sample: {n}")
_UNSTEADY = mark("Strata with more than one population size ({variable}): {n}")


def check_design(scope: Scope) -> Iterator[Finding | Measure]:
    """Check strata, sampling units and population sizes of a probability sample."""
    design, rows = scope.dataset.design, scope.main
    if design is None:
        if scope.dataset.kind == "survey":
            yield Finding("note", "design", _NONE)
        return
    if not isinstance(design, ProbabilityDesign):
        return
    strata, units, sizes = column_names(design.strata), column_names(design.psu), column_names(design.fpc)
    lacking = [name for name in (*strata, *units, *sizes) if name not in rows]
    for name in dict.fromkeys(lacking):
        yield Finding("error", "design", _LACKING, "", name)
    if lacking or not rows.n:
        return
    yield from _empty(rows, (*strata, *units, *sizes))
    if strata or units:
        yield from _counts(rows, strata, units[:1], nest=design.nest)
    if sizes:
        yield from _sizes(rows, strata, units[:1], sizes[0])


def _empty(rows: Rows, names: tuple[str, ...]) -> Iterator[Finding | Measure]:
    unique = list(dict.fromkeys(names))
    found = rows.ask({name: Ask(f"count(*) FILTER (WHERE {rows.present(name)} IS NULL)", rows.reads(name)) for name in unique})  # fmt: skip
    for name, n in found.items():
        yield Measure("design", "", name, "missing", int(n), rows.n)
        if n:
            yield Finding("error", "design", _EMPTY, "", name, int(n), n / rows.n, {"base": rows.n})


def _key(rows: Rows, names: tuple[str, ...]) -> str:
    """Return the SQL of columns that together name a stratum or a unit."""
    return f"[{', '.join(rows.present(name) for name in names)}]"


def _there(rows: Rows, names: tuple[str, ...]) -> str:
    return " AND ".join(f"{rows.present(name)} IS NOT NULL" for name in names) or "true"


def _counts(
    rows: Rows, strata: tuple[str, ...], units: tuple[str, ...], *, nest: bool
) -> Iterator[Finding | Measure]:
    there = rows.relation(rows.reads(*strata, *units)).filter(_there(rows, (*strata, *units)))
    keys = there.project(f"{_key(rows, strata)} AS s, {_key(rows, units)} AS u")
    pairs = keys.aggregate("s, u, count(*) AS c", "s, u")
    if strata:
        # Without sampling units every row is one.
        by_stratum = pairs.aggregate(f"s, {'count(*)' if units else 'sum(c)'} AS units", "s")
        counted = by_stratum.aggregate("count(*), count(*) FILTER (WHERE units = 1), min(units)")
        n, lone, fewest = counted.fetchall()[0]
        yield Measure("design", "", strata[0], "strata", int(n), rows.n)
        yield Measure("design", "", strata[0], "lone_units", int(lone), int(n))
        yield Measure("design", "", strata[0], "fewest_units_in_stratum", float(fewest or 0), int(n))
        if lone:
            yield Finding("warning", "design", _LONE, "", strata[0], int(lone), lone / n, {"base": int(n)})
    if units:
        yield from _nested(rows, units[0], pairs.aggregate("u, count(*) AS strata", "u"), nest=nest)


def _nested(rows: Rows, unit: str, by_unit: Any, *, nest: bool) -> Iterator[Finding | Measure]:
    counted = by_unit.aggregate("count(*), count(*) FILTER (WHERE strata > 1), coalesce(sum(strata), 0)")
    n, several, standing = (int(one) for one in counted.fetchall()[0])
    yield Measure("design", "", unit, "sampling_units", standing if nest else n, rows.n)
    yield Measure("design", "", unit, "units_in_several_strata", several, n)
    if several and not nest:
        yield Finding("error", "design", _NESTED, "", unit, several, several / n, {"base": n})


def _sizes(
    rows: Rows, strata: tuple[str, ...], units: tuple[str, ...], size: str
) -> Iterator[Finding | Measure]:
    there = rows.relation(rows.reads(*strata, *units, size)).filter(_there(rows, (*strata, *units)))
    keys = there.project(
        f"{_key(rows, strata)} AS s, {_key(rows, units)} AS u, {rows.measured(size)} AS size"
    )
    counted = "count(DISTINCT u)" if units else "count(*)"
    by_stratum = keys.aggregate(f"s, min(size) AS low, max(size) AS high, {counted} AS units", "s")
    few, unsteady, highest = by_stratum.aggregate(
        "count(*) FILTER (WHERE low < units), count(*) FILTER (WHERE low <> high), max(high)"
    ).fetchall()[0]
    # Where all are at most 1 they are sampling fractions: there is no number of units to compare with.
    fractions = highest is not None and highest <= 1
    yield Measure("design", "", size, "strata_with_too_small_size", 0 if fractions else int(few), rows.n)
    if few and not fractions:
        yield Finding("error", "design", _FEW, "", size, int(few))
    if unsteady:
        yield Finding("error", "design", _UNSTEADY, "", size, int(unsteady))
