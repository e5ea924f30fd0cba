"""Means, totals, ratios, proportions, counts and population variances: what follows from totals alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import narwhals as nw
import numpy as np

from volresearch.results import Result
from volresearch.survey import checks
from volresearch.survey.estimate import Part, assemble, part_of
from volresearch.survey.intervals import PROPORTION_INTERVALS
from volresearch.survey.largest import largest_shares
from volresearch.survey.record import Asked, Sample
from volresearch.survey.statistics import Ratios, Totals, Variances
from volresearch.survey.totals import CellTotals, Condition, Moment, Request
from volresearch.survey.variance import Floats
from volresearch.survey.wide import levels_wide

__all__ = ["count", "mean", "proportion", "ratio", "total", "variance"]

BySets = tuple[tuple[str, ...], ...]


def _asked(
    verb: str, words: dict[str, Any], passes: Sequence[CellTotals], confidence: float, where: Condition | None
) -> Asked:
    checks.confidence(confidence)
    unplaced = tuple((", ".join(one.by), one.unplaced) for one in passes if one.by and one.unplaced)
    return Asked(
        verb,
        words,
        confidence,
        None if where is None else where.text,
        passes[0].unknown if passes else 0,
        unplaced,
    )


def centres(sample: Sample, names: Sequence[str]) -> dict[str, float]:
    """Return rough means, taken off before squares are summed."""
    engine = sample.engine
    columns = {}
    for name in names:
        columns[name] = nw.when(engine.present(name)).then(engine.number(name)).otherwise(0.0)
        columns[f"_n_{name}"] = nw.when(engine.present(name)).then(1.0).otherwise(0.0)
    sums = engine.grouped({}, columns)
    return {name: float(sums[name].iloc[0]) / max(float(sums[f"_n_{name}"].iloc[0]), 1.0) for name in names}


def _plain_variance(
    weight: Floats, first: Floats, second: Floats, n: Floats, deff: str, *, of_total: bool
) -> Floats:
    """Variance under simple random sampling of the same size (without or with replacement)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (second / weight - (first / weight) ** 2) * n / (n - 1)
        out = spread / n
        if deff == "wor":
            out = out * (weight - n) / weight
        if of_total:
            out = out * weight**2
    return np.asarray(out)


def _deff(given: bool | str) -> str:
    if given is False or given is None:
        return ""
    name = "wor" if given is True else str(given)
    checks.option("deff", name, ["wor", "wr"])
    return name


def mean(
    sample: Sample,
    variables: Sequence[str],
    by: BySets,
    where: Condition | None,
    *,
    confidence: float,
    df: str,
    deff: bool | str,
) -> Result:
    """Means of variables by domain."""
    return _means_or_totals(sample, "mean", variables, by, where, confidence=confidence, df=df, deff=deff)


def total(
    sample: Sample,
    variables: Sequence[str],
    by: BySets,
    where: Condition | None,
    *,
    confidence: float,
    df: str,
    deff: bool | str,
) -> Result:
    """Totals of variables by domain."""
    return _means_or_totals(sample, "total", variables, by, where, confidence=confidence, df=df, deff=deff)


def _means_or_totals(
    sample: Sample,
    verb: str,
    variables: Sequence[str],
    by: BySets,
    where: Condition | None,
    *,
    confidence: float,
    df: str,
    deff: bool | str,
) -> Result:
    effect = _deff(deff)
    moments = [Moment(factors, (name,)) for name in variables for factors in ((), (name,))]
    shift: dict[str, float] = {}
    if effect:
        moments += [Moment((name, name), (name,)) for name in variables]
    passes = sample.totals(Request(tuple(moments), by, None, where, shift))
    parts = []
    for totals in passes:
        for name in variables:
            w, y = totals.at((), (name,)), totals.at((name,), (name,))
            n, weight = totals.n_at(name), totals.totals[:, w]
            plain = None
            if effect:
                second = totals.totals[:, totals.at((name, name), (name,))]
                plain = _plain_variance(
                    weight, totals.totals[:, y], second, n, effect, of_total=verb == "total"
                )
            statistic = Ratios((y,), (w,)) if verb == "mean" else Totals((y,))
            parts.append(
                part_of(
                    sample,
                    totals,
                    statistic,
                    variable=name,
                    name=verb,
                    needs=(name,),
                    weight=weight,
                    deff_srs=plain,
                )
            )
    words = {
        "variable": list(variables),
        "by": [list(names) for names in by],
        "where": where.text if where else None,
    }
    asked = _asked(verb, words, passes, confidence, where)
    return assemble(sample, parts, asked, df=df, evidence=_top(sample, verb, variables, by, where))


def _top(
    sample: Sample, verb: str, variables: Sequence[str], by: BySets, where: Condition | None
) -> Callable[[], list[tuple[float, ...]]]:
    return lambda: largest_shares(sample, variables, by, where, sums=verb in {"total", "mean", "ratio"})


def ratio(
    sample: Sample, above: str, below: str, by: BySets, where: Condition | None, *, confidence: float, df: str
) -> Result:
    """Ratio of two totals by domain, over rows in which both variables are present."""
    both = (above, below)
    moments = (Moment((), both), Moment((above,), both), Moment((below,), both))
    passes = sample.totals(Request(moments, by, None, where))
    parts = []
    for totals in passes:
        statistic = Ratios((totals.at((above,), both),), (totals.at((below,), both),))
        weight = totals.totals[:, totals.at((), both)]
        parts.append(
            part_of(
                sample,
                totals,
                statistic,
                variable=f"{above}/{below}",
                name="ratio",
                needs=both,
                weight=weight,
            )
        )
    words = {
        "variable": above,
        "denominator": below,
        "by": [list(names) for names in by],
        "where": where.text if where else None,
    }
    asked = _asked("ratio", words, passes, confidence, where)
    return assemble(sample, parts, asked, df=df, evidence=_top(sample, "ratio", [above], by, where))


def count(sample: Sample, by: BySets, where: Condition | None, *, confidence: float, df: str) -> Result:
    """Estimated number of units in the population, by domain."""
    passes = sample.totals(Request((Moment(),), by, None, where))
    parts = []
    for totals in passes:
        weight = totals.totals[:, 0]
        parts.append(part_of(sample, totals, Totals((0,)), variable="", name="count", weight=weight))
    words = {"by": [list(names) for names in by], "where": where.text if where else None}
    return assemble(sample, parts, _asked("count", words, passes, confidence, where), df=df)


def proportion(
    sample: Sample,
    variables: Sequence[str],
    by: BySets,
    where: Condition | None,
    *,
    interval: str,
    confidence: float,
    df: str,
    deff: bool | str,
    counts: bool = False,
) -> Result:
    """Shares of the values of variables (or, with `counts`, their estimated numbers), by domain."""
    checks.option("interval", interval, PROPORTION_INTERVALS)
    effect = _deff(deff)
    parts: list[Part] = []
    first: list[CellTotals] = []
    for name in variables:
        sample.engine.require([name], "variable")
        narrow = sample.totals(Request((Moment((), (name,)),), by, name, where))
        for totals in narrow:
            parts += _shares(sample, totals, name, effect, counts=counts)
        first += narrow
    words = {
        "variable": list(variables),
        "by": [list(names) for names in by],
        "where": where.text if where else None,
        "interval": interval,
    }
    asked = _asked(
        "count" if counts else "proportion", words, _missing_level_is_no_loss(first), confidence, where
    )
    return assemble(sample, parts, asked, interval="t" if counts else interval, df=df)


def _missing_level_is_no_loss(passes: Sequence[CellTotals]) -> list[CellTotals]:
    """Rows without an outcome count as missing outcomes, not as rows without a group."""
    from dataclasses import replace

    return [replace(one, unplaced=0) for one in passes]


def _shares(sample: Sample, totals: CellTotals, name: str, effect: str, *, counts: bool) -> list[Part]:
    wide, levels, cells = levels_wide(totals, name)
    if not levels:
        return []
    width = len(levels)
    moments = tuple(range(1, width + 1))
    weight = wide.totals[:, 0]
    statistic: Any = Totals(moments) if counts else Ratios(moments, (0,) * width)
    plain = None
    if effect:
        each = wide.totals[:, 1:]
        plain = _plain_variance(
            weight[:, None], each, each, wide.n[:, 0][:, None], effect, of_total=counts
        ).ravel()
    return [
        part_of(
            sample,
            wide,
            statistic,
            variable=name,
            name="count" if counts else "proportion",
            needs=(name,),
            weight=weight,
            levels=levels,
            n_cell=cells,
            deff_srs=plain,
        )
    ]


def variance(
    sample: Sample,
    variables: Sequence[str],
    by: BySets,
    where: Condition | None,
    *,
    confidence: float,
    df: str,
) -> Result:
    """Population variances (one variable) or the covariance matrix (several), divisor n - 1."""
    needs = tuple(variables)
    pairs = [(a, b) for i, a in enumerate(needs) for b in needs[i:]]
    moments = [
        Moment((), needs),
        *(Moment((name,), needs) for name in needs),
        *(Moment(pair, needs) for pair in pairs),
    ]
    shift = centres(sample, needs)
    passes = sample.totals(Request(tuple(moments), by, None, where, shift))
    parts = []
    for totals in passes:
        for a, b in pairs:
            place = (
                totals.at((), needs),
                totals.at((a,), needs),
                totals.at((b,), needs),
                totals.at((a, b), needs),
            )
            statistic = Variances(
                (place,), totals.size
            )  # as R: rows of the domain, with or without an outcome
            weight = totals.totals[:, place[0]]
            variable = a if a == b else f"{a}:{b}"
            parts.append(
                part_of(
                    sample, totals, statistic, variable=variable, name="variance", needs=needs, weight=weight
                )
            )
    words = {
        "variable": list(variables),
        "by": [list(names) for names in by],
        "where": where.text if where else None,
    }
    return assemble(sample, parts, _asked("variance", words, passes, confidence, where), df=df)
