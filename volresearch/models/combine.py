"""Multiple imputation: results of several imputed data sets made one (Rubin 1987; Barnard and Rubin 1999)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import stats

from volresearch.errors import VolResearchError
from volresearch.results import Result

__all__ = ["combine"]


def combine(
    results: Sequence[Result], *, confidence: float | None = None, df_complete: float | None = None
) -> Result:
    """Combine the same result from several imputed data sets by Rubin's rules.

    Parameters
    ----------
    results : sequence of Result
        Two or more results of one question, the same rows in the same order.
    confidence : float, optional
        Of the intervals; that of the results where left out.
    df_complete : float, optional
        Degrees of freedom that the complete data would have had, for the small-sample rule of Barnard and Rubin;
        infinite where left out, as in R's ``MIcombine``.

    Returns
    -------
    Result
        ``se`` within and between imputations together, ``df`` by the rule, and a column ``missing_information``.

    Raises
    ------
    VolResearchError
        ``combine.mismatch`` where the results do not belong together.

    Examples
    --------
    >>> import pandas as pd
    >>> from volresearch.survey import Survey
    >>> def imputed(value):
    ...     return Survey(pd.DataFrame({"w": [1.0] * 4, "y": [1.0, 2.0, 3.0, value]}), weights="w").mean("y")
    >>> combine([imputed(2.0), imputed(4.0), imputed(6.0)]).table["estimate"].tolist()
    [2.5]
    """
    _check(results)
    first = results[0]
    m = len(results)
    estimates = np.stack([result.table["estimate"].to_numpy(np.float64) for result in results])
    within_all = [_covariance(result) for result in results]
    within = np.mean(within_all, axis=0)
    between = np.atleast_2d(np.cov(estimates, rowvar=False, ddof=1))
    total = within + (1 + 1 / m) * between
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (1 + 1 / m) * np.diag(between) / np.diag(within)
        df = (m - 1) * (1 + 1 / ratio) ** 2
        if df_complete is not None and np.isfinite(df_complete):
            share = np.diag(within) / (np.diag(within) + np.diag(between))  # as MIcombine: without 1 + 1/m
            observed = (df_complete + 1) / (df_complete + 3) * df_complete * share
            df = np.where(np.isfinite(df), 1 / (1 / observed + 1 / df), observed)
        missing = np.where(np.isinf(df), 0.0, (ratio + 2 / (df + 3)) / (ratio + 1))
    level = confidence or first.facts.confidence or 0.95
    table = first.table
    estimate, se = estimates.mean(axis=0), np.sqrt(np.diag(total))
    half = np.where(np.isinf(df), stats.norm.ppf((1 + level) / 2), stats.t.ppf((1 + level) / 2, df)) * se
    table["estimate"], table["se"], table["df"] = estimate, se, df
    table["ci_low"], table["ci_high"] = estimate - half, estimate + half
    table["n"] = np.mean([result.table["n"].to_numpy(np.float64) for result in results], axis=0)
    table["n_cell"] = np.min([result.table["n_cell"].to_numpy(np.float64) for result in results], axis=0)
    tested = table["test"].notna().to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        table["test"] = np.where(tested, estimate / se, np.nan)
        table["p_value"] = np.where(tested, 2 * stats.t.sf(np.abs(estimate / se), df), np.nan)
    table["deff"] = np.nan
    table["missing_information"] = missing
    facts = replace(
        first.facts,
        question={"verb": "combine", "of": first.facts.question, "imputations": m},
        confidence=level,
        method=f"{first.facts.method}; {m} imputations combined by Rubin's rules",
    )
    return Result(
        table,
        first.by,
        facts,
        labels=first.labels,
        titles=first.titles,
        covariance=total,
        evidence=first.evidence,
    )


def _covariance(result: Result) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    matrix = result.covariance
    if matrix is None:
        se = result.table["se"].to_numpy(np.float64)
        return np.diag(se**2)
    return np.asarray(matrix)


def _check(results: Sequence[Result]) -> None:
    if len(results) < 2:
        raise VolResearchError(
            "combine.mismatch", "There must be results of two or more imputations.", got=str(len(results))
        )
    first = results[0]
    names = [*first.by, "variable", "statistic", "term", "level"]
    key = first.table[names].astype(str)
    for position, result in enumerate(results[1:], start=2):
        if (
            result.by != first.by
            or len(result) != len(first)
            or not result.table[names].astype(str).equals(key)
        ):
            raise VolResearchError(
                "combine.mismatch",
                f"Result {position} has other rows than the first.",
                expected=f"{len(first)} rows by {', '.join(first.by) or 'nothing'}",
                got=f"{len(result)} rows by {', '.join(result.by) or 'nothing'}",
                hint="Ask every imputed data set the same question; a code that one of them lacks must be declared.",
            )
        if result.facts.question != first.facts.question:
            raise VolResearchError(
                "combine.mismatch", f"Result {position} answers another question than the first."
            )
    if not np.isfinite(first.table["se"].to_numpy(np.float64)).any():
        raise VolResearchError(
            "combine.mismatch",
            "The results carry no standard errors, so they cannot be combined.",
            hint="Declare the design.",
        )
