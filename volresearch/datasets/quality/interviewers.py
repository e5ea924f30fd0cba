"""Interviewer effects: how much of the variation of answers goes with who asked (one-way analysis of variance)."""

from __future__ import annotations

from collections.abc import Iterator

from volresearch.datasets.codebook import Variable, number_of
from volresearch.datasets.columns import literal
from volresearch.datasets.quality.findings import Finding, Measure, Probability
from volresearch.datasets.quality.rows import Rows
from volresearch.datasets.quality.scope import Scope
from volresearch.text import mark

__all__ = ["anova_icc", "check_interviewers"]

_HIGH, _ALPHA = 0.1, 0.05
#: Interviews of one interviewer from which the same answer in all of them says something, and how unlikely it must be.
_INTERVIEWS, _UNLIKELY = 10, 0.001
#: A column with more different values, or with hardly more rows than values, names no interviewers.
_MOST = 5_000
_ITEMS_AT_ONCE = 50

_ICC = mark(
    "Answers go with the interviewer: {icc} of the variance of {variable} lies between {interviewers} interviewers "
    "with {mean} interviews each on average (p {p}). Where interviewers work in different places this may be the place."
)
_CONSTANT = mark(
    "Interviewers who recorded one and the same answer to {variable} in all of their interviews (10 or more): {n} of {base}"
)
_LOAD = mark("One interviewer made {n} of {base} interviews ({share})")
_NOT_NAMED = mark("Interviews without an interviewer: {n} of {base} ({share})")
_NO_GROUPS = mark(
    "The column {variable} has {n} different values in {base} rows: interviewer effects are not computed."
)


def check_interviewers(scope: Scope) -> Iterator[Finding | Measure]:
    """Compute the load of interviewers, the intraclass correlation of every item, and answers that never vary."""
    rows, column = scope.main, scope.interviewers
    if column is None or not rows.n:
        return
    loads = _loads(rows, column)
    if len(loads) < 2 or len(loads) > min(_MOST, rows.n / 2):
        yield Finding("note", "interviewers", _NO_GROUPS, "", column, len(loads), None, {"base": rows.n})
        return
    yield from _load(rows, column, loads)
    items = [(one.name, sql) for one in scope.answers(rows) if (sql := _as_number(rows, one))]
    for start in range(0, len(items), _ITEMS_AT_ONCE):
        yield from _items(rows, column, items[start : start + _ITEMS_AT_ONCE])


def anova_icc(counts: list[int], means: list[float], variances: list[float]) -> tuple[float, float, float]:
    """Return intraclass correlation, F and p of a one-way analysis of variance with groups of unequal size.

    Parameters
    ----------
    counts, means, variances : list
        Of each group: its number of values (1 or more), their mean, their variance (divisor n).

    Returns
    -------
    tuple of float
        ICC = (MSB - MSW) / (MSB + (n0 - 1) MSW) with n0 = (N - sum n_i^2 / N) / (k - 1); it may be negative.
        NaN where nothing varies, or with a single group.

    Examples
    --------
    >>> icc, f, p = anova_icc([3, 3], [2.0, 5.0], [2 / 3, 2 / 3])
    >>> round(icc, 4), f, round(p, 4)
    (0.8065, 13.5, 0.0213)
    """
    import numpy as np
    from scipy.special import fdtrc

    n, mean, variance = (np.asarray(one, dtype=float) for one in (counts, means, variances))
    all_n, groups = n.sum(), len(n)
    if groups < 2 or all_n <= groups:
        return float("nan"), float("nan"), float("nan")
    grand = (n * mean).sum() / all_n
    between = (n * (mean - grand) ** 2).sum() / (groups - 1)
    within = (n * variance).sum() / (all_n - groups)
    size = (all_n - (n**2).sum() / all_n) / (groups - 1)
    spread = between + (size - 1) * within
    if spread <= 0:
        return float("nan"), float("nan"), float("nan")
    f = between / within if within > 0 else float("inf")
    return float((between - within) / spread), float(f), float(fdtrc(groups - 1, all_n - groups, f))


def _loads(rows: Rows, column: str) -> list[int]:
    """Return how many interviews each interviewer made, most first."""
    who = rows.present(column)
    groups = rows.relation(rows.reads(column)).filter(f"{who} IS NOT NULL").aggregate("count(*) AS n", who)
    return [int(n) for (n,) in groups.order("n DESC").limit(_MOST + 1).fetchall()]


def _load(rows: Rows, column: str, loads: list[int]) -> Iterator[Finding | Measure]:
    from statistics import median

    named, most = sum(loads), loads[0]
    told = {"interviewers": len(loads), "fewest_interviews": loads[-1], "median_interviews": median(loads), "most_interviews": most}  # fmt: skip
    for name, value in told.items():
        yield Measure("interviewers", "", column, name, float(value), named)
    if most > 3 * named / len(loads) and most >= _INTERVIEWS:
        yield Finding("note", "interviewers", _LOAD, "", column, most, most / named, {"base": named})
    if named < rows.n:
        lacking = rows.n - named
        yield Finding(
            "warning", "interviewers", _NOT_NAMED, "", column, lacking, lacking / rows.n, {"base": rows.n}
        )


def _as_number(rows: Rows, variable: Variable) -> str:
    """Return the SQL of an item as a number: numbers, codes of a scale, one of two codes; empty for what is neither."""
    if variable.numeric:
        return rows.value(variable)
    codes = [code for code in variable.labels if code not in variable.missing]
    if variable.type != "code" or len(codes) < 2:
        return ""
    if len(codes) == 2:
        return f"CAST(({rows.value(variable)}) = {literal(codes[0])} AS INTEGER)"
    return rows.measured(variable.name) if all(number_of(code) is not None for code in codes) else ""


def _items(rows: Rows, column: str, items: list[tuple[str, str]]) -> Iterator[Finding | Measure]:
    who = rows.present(column)
    columns = rows.reads(column, *(name for name, _ in items))
    parts = [f"count({sql}), avg({sql}), var_pop({sql})" for _, sql in items]
    named = rows.relation(columns).filter(f"{who} IS NOT NULL")
    grouped = named.aggregate(", ".join(parts), who).fetchall()
    for number, (name, sql) in enumerate(items):
        cells = [row[number * 3 : number * 3 + 3] for row in grouped]
        yield from _item(
            rows, name, sql, [(int(n), float(mean), float(variance)) for n, mean, variance in cells if n]
        )


def _item(
    rows: Rows, name: str, sql: str, groups: list[tuple[int, float, float]]
) -> Iterator[Finding | Measure]:
    icc, _, p = anova_icc(
        [n for n, _, _ in groups], [mean for _, mean, _ in groups], [one for _, _, one in groups]
    )
    base = sum(n for n, _, _ in groups)
    if icc != icc:
        return
    yield Measure("interviewers", "", name, "icc", icc, base)
    yield Measure("interviewers", "", name, "icc_p", p, base)
    if icc > _HIGH and p < _ALPHA:
        values = {
            "icc": round(icc, 3),
            "interviewers": len(groups),
            "mean": round(base / len(groups), 1),
            "p": Probability(p),
        }
        yield Finding("warning", "interviewers", _ICC, "", name, base, None, values)
    steady = [n for n, _, variance in groups if n >= _INTERVIEWS and variance == 0]
    if steady:
        there = rows.relation(rows.reads(name)).filter(f"({sql}) IS NOT NULL")
        commonest = there.aggregate("count(*) AS n", sql).order("n DESC").limit(1).fetchall()[0][0]
        n = sum((int(commonest) / base) ** size < _UNLIKELY for size in steady)
        yield Measure("interviewers", "", name, "interviewers_without_variance", n, len(groups))
        if n:
            yield Finding(
                "warning", "interviewers", _CONSTANT, "", name, n, n / len(groups), {"base": len(groups)}
            )
