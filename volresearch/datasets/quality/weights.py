"""Weights: their sum and range, zeros and gaps, what they cost in precision (Kish)."""

from __future__ import annotations

import math
from collections.abc import Iterator

from volresearch.datasets.quality.findings import Finding, Measure
from volresearch.datasets.quality.rows import Ask, Rows
from volresearch.datasets.quality.scope import Scope
from volresearch.text import mark

__all__ = ["check_weights"]

#: Design effect of weighting, and weight as a multiple of the mean, above which it is worth a look.
_DEFF, _TIMES = 2.0, 10.0

_LACKING = mark("The declared weights {variable} are no column of the data")
_MISSING = mark("Rows without a weight: {n} of {base} ({share})")
_NEGATIVE = mark("Negative weights: {n} of {base} ({share})")
_ZERO = mark("Weights of zero: {n} of {base} ({share}). These rows count nowhere.")
_NO_SUM = mark("The weights sum to nothing")
_DESIGN_EFFECT = mark(
    "Weights vary much: design effect {deff} (Kish), {n} rows are worth {effective} of equal weight"
)
_LARGE = mark("The largest weight is {times} times the mean and makes {share} of the sum")


def check_weights(scope: Scope) -> Iterator[Finding | Measure]:
    """Measure the declared weights."""
    design, rows = scope.dataset.design, scope.main
    if design is None or not design.weights:
        return
    if design.weights not in rows:
        yield Finding("error", "weights", _LACKING, "", design.weights)
        return
    yield from _weights(rows, design.weights)


def _weights(rows: Rows, name: str) -> Iterator[Finding | Measure]:
    found = rows.ask(_asks(rows, name))
    n, base = int(found["n"]), rows.n
    for key, level, said in (
        ("missing", "error", _MISSING),
        ("negative", "error", _NEGATIVE),
        ("zero", "note", _ZERO),
    ):
        count = int(found[key])
        yield Measure("weights", "", name, key, count, base)
        if count:
            yield Finding(level, "weights", said, "", name, count, count / base, {"base": base})  # type: ignore[arg-type]
    summed, squares = float(found["sum"] or 0), float(found["squares"] or 0)
    if summed <= 0:
        yield Finding("error", "weights", _NO_SUM, "", name, n)
        return
    # The variation of weights is that of the rows that have one; 1 + cv^2 is n sum(w^2) / (sum w)^2.
    deff = n * squares / summed**2
    largest = float(found["largest"])
    told = {
        "sum": summed, "mean": summed / n, "smallest": float(found["smallest"]), "largest": largest,
        "coefficient_of_variation": math.sqrt(max(deff - 1, 0.0)), "kish_deff": deff,
        "effective_n": n / deff, "largest_share": largest / summed,
    }  # fmt: skip
    for measure, value in told.items():
        yield Measure("weights", "", name, measure, value, n)
    if deff > _DEFF:
        values = {"deff": round(deff, 2), "effective": round(n / deff)}
        yield Finding("warning", "weights", _DESIGN_EFFECT, "", name, n, None, values)
    times = largest * n / summed
    if times > _TIMES:
        values = {"times": round(times, 1)}
        yield Finding("warning", "weights", _LARGE, "", name, n, largest / summed, values)


def _asks(rows: Rows, name: str) -> dict[str, Ask]:
    weight, columns = rows.measured(name), rows.reads(name)
    told = {
        "n": f"count({weight})",
        "missing": f"count(*) FILTER (WHERE {weight} IS NULL)",
        "negative": f"count(*) FILTER (WHERE {weight} < 0)",
        "zero": f"count(*) FILTER (WHERE {weight} = 0)",
        "sum": f"fsum({weight})",
        "squares": f"fsum(({weight}) * ({weight}))",
        "smallest": f"min({weight})",
        "largest": f"max({weight})",
    }
    return {key: Ask(sql, columns) for key, sql in told.items()}
