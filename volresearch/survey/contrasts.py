"""Contrasts of estimates: linear ones, and any smooth function of them by the delta method."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from volresearch.errors import VolResearchError, near
from volresearch.expressions import Arithmetic, Call, Literal, Name, Negative, Node, parse
from volresearch.results import Result
from volresearch.survey import checks
from volresearch.survey.estimate import FLAG_POLICY, flags
from volresearch.survey.intervals import student_interval
from volresearch.survey.linear import mean
from volresearch.survey.record import Asked, Sample, evidence_of, facts_of
from volresearch.survey.totals import Condition
from volresearch.survey.variance import Floats

__all__ = ["contrast", "row_names", "standardized_mean"]

Wanted = Sequence[float] | Mapping[str, float] | str


def row_names(result: Result) -> list[str]:
    """Return a name for every row of a result: what tells it from the others, joined by dots.

    Codes of the by-columns come first, then the variable (where there are several), the level and the term.
    """
    table = result.table
    columns = [
        *result.by,
        *(name for name in ("variable", "level", "term") if table[name].astype(str).nunique() > 1),
    ]
    if not columns:
        columns = ["variable"]
    names = []
    for _, row in table.iterrows():
        words = [str(row[name]) for name in columns if row[name] is not None and not _is_blank(row[name])]
        names.append(".".join(words) or "all")
    return names


def _is_blank(value: Any) -> bool:
    return value == "" or (isinstance(value, float) and math.isnan(value))


@dataclass(frozen=True)
class _Dual:
    """A value with its derivatives with respect to the estimates."""

    value: float
    slope: Floats


def contrast(
    sample: Sample, result: Result, wanted: Mapping[str, Wanted], *, confidence: float = 0.95
) -> Result:
    """Contrasts of the rows of a result.

    Parameters
    ----------
    result : Result
        With the covariance of its rows, as every estimate of one call has it.
    wanted : mapping of str to contrast
        Name -> numbers (one for each row), numbers by row name, or an expression of row names such as
        ``"women / men"`` or ``"log(a) - log(b)"``; names with spaces or signs stand in backticks.

    Returns
    -------
    Result
        One row for each contrast, with a t test of zero on the smallest degrees of freedom of the rows it uses.
    """
    checks.confidence(confidence)
    covariance = result.covariance
    if covariance is None:
        raise VolResearchError(
            "survey.option",
            "The result does not carry the covariance of its rows.",
            expected="a mean, total, ratio, proportion or regression of a design with sampling errors",
        )
    table = result.table
    estimate = table["estimate"].to_numpy(np.float64)
    names = row_names(result)
    parts = [_part(text, names, estimate) for text in wanted.values()]
    value = np.array([part.value for part in parts])
    slope = np.array([part.slope for part in parts]).reshape(len(parts), len(estimate))
    known = np.where(slope == 0, 0.0, 1.0)
    matrix = slope @ np.where(np.isfinite(covariance), covariance, 0.0) @ slope.T
    lost = (known @ np.isnan(np.diag(covariance)).astype(float)) > 0
    se = np.where(lost, np.nan, np.sqrt(np.maximum(np.diag(matrix), 0)))
    freedom = _smallest(table["df"].to_numpy(np.float64), known)
    out = _table(list(wanted), [_said(one) for one in wanted.values()], value, se, freedom, confidence)
    for name in ("n", "n_cell", "n_weighted"):
        out[name] = [float(table[name].to_numpy(np.float64)[row > 0].min(initial=np.inf)) for row in known]
    out["flag"] = flags(value, se, out["n_cell"].to_numpy(np.float64), freedom, True)
    words = {"of": result.facts.question, "contrasts": {name: _said(one) for name, one in wanted.items()}}
    asked = Asked("contrast", words, confidence, result.facts.domain or None, method=result.facts.method)
    reached = [[i for i in range(len(names)) if row[i]] for row in known]
    return Result(
        out,
        (),
        facts_of(sample, asked, FLAG_POLICY),
        covariance=matrix,
        evidence=lambda: evidence_of(sample, out, _fewest_units(result, reached), None),
    )


def _fewest_units(result: Result, reached: list[list[int]]) -> Floats:
    rows = result.evidence().rows
    return np.array([min((rows[i].psu or 0 for i in some), default=0) for some in reached], dtype=np.float64)


def _smallest(df: Floats, known: Floats) -> Floats:
    return np.array([float(df[row > 0].min(initial=np.inf)) if (row > 0).any() else np.nan for row in known])


def _said(one: Wanted) -> Any:
    return one if isinstance(one, str) else dict(one) if isinstance(one, Mapping) else [float(x) for x in one]


def _table(
    names: list[str], said: list[Any], value: Floats, se: Floats, df: Floats, confidence: float
) -> pd.DataFrame:
    low, high = student_interval(value, se, df, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = value / se
    return pd.DataFrame(
        {
            "variable": [one if isinstance(one, str) else "" for one in said],
            "statistic": "contrast",
            "term": names,
            "estimate": value,
            "se": se,
            "ci_low": low,
            "ci_high": high,
            "df": df,
            "test": t,
            "p_value": 2 * stats.t.sf(np.abs(t), df),
        }
    )


def _part(wanted: Wanted, names: list[str], estimate: Floats) -> _Dual:
    if isinstance(wanted, str):
        _refuse_doubles(names)
        return _differentiated(parse(wanted).node, names, estimate)
    if isinstance(wanted, Mapping):
        _refuse_doubles(names)
        slope = np.zeros(len(names))
        for name, number in wanted.items():
            slope[_place(str(name), names)] = number
    else:
        slope = np.asarray(list(wanted), dtype=np.float64)
        if slope.shape != estimate.shape:
            raise VolResearchError(
                "survey.option",
                f"The contrast has {len(slope)} numbers and the result {len(estimate)} rows.",
                expected=", ".join(names[:8]),
            )
    used = slope != 0
    return _Dual(float(slope[used] @ estimate[used]), slope)


def _refuse_doubles(names: list[str]) -> None:
    if len(set(names)) < len(names):
        raise VolResearchError(
            "survey.option",
            "Several rows of the result have one name.",
            hint="Give one number for each row instead, in the order of the table.",
        )


def _place(name: str, names: list[str]) -> int:
    if name not in names:
        raise VolResearchError(
            "survey.option", f'There is no row "{name}" in the result.', hint=near(name, names)
        )
    return names.index(name)


def _differentiated(node: Node, names: list[str], estimate: Floats) -> _Dual:
    """Value and derivatives of an expression, in one walk (forward differentiation)."""

    def at(part: Node) -> _Dual:
        return _differentiated(part, names, estimate)

    match node:
        case Literal(value) if isinstance(value, int | float) and not isinstance(value, bool):
            return _Dual(float(value), np.zeros(len(names)))
        case Name(name):
            place = _place(name, names)
            return _Dual(float(estimate[place]), np.eye(len(names))[place])
        case Negative(part):
            inner = at(part)
            return _Dual(-inner.value, -inner.slope)
        case Arithmetic(sign, left, right):
            return _combined(sign, at(left), at(right))
        case Call(function, arguments) if function in {"log", "exp", "sqrt", "abs"}:
            return _of_function(function, at(arguments[0]))
        case _:
            raise VolResearchError(
                "survey.option",
                "A contrast is arithmetic of rows.",
                expected="+ - * / log exp sqrt abs, and row names",
            )


def _combined(sign: str, a: _Dual, b: _Dual) -> _Dual:
    if sign == "+":
        return _Dual(a.value + b.value, a.slope + b.slope)
    if sign == "-":
        return _Dual(a.value - b.value, a.slope - b.slope)
    if sign == "*":
        return _Dual(a.value * b.value, a.slope * b.value + b.slope * a.value)
    if b.value == 0:
        raise VolResearchError("survey.option", "The contrast divides by an estimate of zero.")
    return _Dual(a.value / b.value, a.slope / b.value - b.slope * a.value / b.value**2)


def _of_function(name: str, a: _Dual) -> _Dual:
    if name in {"log", "sqrt"} and a.value <= 0:
        raise VolResearchError("survey.option", f"{name} is taken of {a.value:g}, which is not positive.")
    value, factor = {
        "log": lambda: (math.log(a.value), 1 / a.value),
        "exp": lambda: (math.exp(a.value), math.exp(a.value)),
        "sqrt": lambda: (math.sqrt(a.value), 0.5 / math.sqrt(a.value)),
        "abs": lambda: (abs(a.value), math.copysign(1.0, a.value)),
    }[name]()
    return _Dual(value, a.slope * factor)


def standardized_mean(
    sample: Sample,
    variable: str,
    over: Sequence[str],
    standard: Mapping[Any, float],
    by: tuple[str, ...],
    where: Condition | None,
    *,
    confidence: float,
) -> Result:
    """Means with the composition over `over` held at a standard; see `volresearch.survey.Survey.standardized_mean`."""
    shares = {key if isinstance(key, tuple) else (key,): float(share) for key, share in standard.items()}
    if not shares or min(shares.values()) < 0 or sum(shares.values()) <= 0:
        raise VolResearchError(
            "survey.option", "The standard needs shares of zero or more.", expected="{code: share}"
        )
    cells = mean(sample, [variable], ((*by, *over),), where, confidence=confidence, df="domain", deff=False)
    table = cells.table
    whole = sum(shares.values())
    wanted: dict[str, list[float]] = {}
    keys: list[tuple[Any, ...]] = (
        list(dict.fromkeys(zip(*(table[name] for name in by), strict=True))) if by else [()]
    )
    for key in keys:
        member = np.ones(len(table), dtype=bool)
        for name, code in zip(by, key, strict=True):
            member &= (table[name] == code).to_numpy()
        wanted[".".join(str(code) for code in key) or "all"] = _weights_of(
            table, member, over, shares, whole, key
        )
    out = contrast(sample, cells, wanted, confidence=confidence)
    return _relabelled(sample, out, cells, variable, over, shares, by, keys)


def _weights_of(
    table: pd.DataFrame,
    member: np.ndarray[Any, np.dtype[np.bool_]],
    over: Sequence[str],
    shares: Mapping[tuple[Any, ...], float],
    whole: float,
    key: tuple[Any, ...],
) -> list[float]:
    weights = np.zeros(len(table))
    for codes, share in shares.items():
        here = member.copy()
        for name, code in zip(over, codes, strict=True):
            here &= (table[name] == code).to_numpy()
        if share > 0 and not here.any():
            raise VolResearchError(
                "survey.domain",
                f"The group {key or 'all'} has nobody in {dict(zip(over, codes, strict=True))}, which the standard counts.",
                hint="Join cells of the standard until every group has members in each.",
            )
        weights[here] = share / whole
    return [float(weight) for weight in weights]


def _relabelled(
    sample: Sample,
    out: Result,
    cells: Result,
    variable: str,
    over: Sequence[str],
    shares: Mapping[tuple[Any, ...], float],
    by: tuple[str, ...],
    keys: list[tuple[Any, ...]],
) -> Result:
    table = out.table.assign(
        variable=variable, statistic="standardized mean", term="", test=np.nan, p_value=np.nan
    )
    for i, name in enumerate(by):
        table.insert(i, name, [key[i] for key in keys])
    standard = {".".join(str(code) for code in codes): share for codes, share in shares.items()}
    words = {**cells.facts.question, "verb": "standardized_mean", "over": list(over), "standard": standard}
    words.pop("verb")
    asked = Asked("standardized_mean", words, cells.facts.confidence or 0.95, cells.facts.domain or None)
    labels = {name: codes for name, codes in cells.labels.items() if name in by}
    facts = facts_of(sample, asked, FLAG_POLICY)
    return Result(
        table, by, facts, labels=labels, titles=cells.titles, covariance=out.covariance, evidence=out.evidence
    )
