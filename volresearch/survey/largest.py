"""The largest single contributions to sums: what dominance rules of disclosure control need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from volresearch.survey.record import Sample
from volresearch.survey.totals import Condition

__all__ = ["largest_shares"]


def largest_shares(
    sample: Sample,
    variables: Sequence[str],
    by: tuple[tuple[str, ...], ...],
    where: Condition | None,
    *,
    sums: bool,
) -> list[tuple[float, ...]]:
    """Return, for each row of a result in its order, the two largest absolute outcomes of one unit."""
    names = list(dict.fromkeys([*variables, *(name for group in by for name in group)]))
    rows = sample.rows(names, where)
    rows = rows.take(rows.weight > 0)
    out: list[tuple[float, ...]] = []
    for group in by:
        for variable in variables:
            values = rows.frame[variable].astype(float).abs()
            if not group:
                out.append(_two(values.to_numpy()))
                continue
            placed = rows.frame[list(group)].notna().all(axis=1)
            grouped = values[placed].groupby([rows.frame.loc[placed, name] for name in group], sort=True)
            out += [_two(part.to_numpy()) for _, part in grouped]
    return out


def _two(values: Any) -> tuple[float, ...]:
    kept = np.sort(values[~np.isnan(values)])[::-1]
    return tuple(float(value) for value in kept[:2])
