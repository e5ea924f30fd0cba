"""Exact answers for small numbers: binomial and Poisson intervals, sign and permutation tests, and plain refusals.

They hold for a simple random sample of equal weights, or (stated in words) for a complete count read as draws of a
process, as with the twelve recommendations of one city. Clustered, stratified or unequally weighted samples are refused:
their rows are not independent draws. (Clopper and Pearson 1934; Garwood 1936; Fisher 1935.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from volresearch.errors import VolResearchError, Where
from volresearch.results import Result
from volresearch.survey import checks
from volresearch.survey.conditions import condition
from volresearch.survey.record import Asked, Sample, evidence_of, facts_of, labels_for

__all__ = ["ExactVerbs", "binomial_interval", "poisson_interval"]

Names = str | Sequence[str]
#: More ways to part the rows than this are not gone through one by one.
MOST_WAYS = 500_000
_PROCESS = "A complete count, read as draws of a process that could have come out otherwise; not as a sample."
_SRS = "Exact, for a simple random sample of equal weights."


def binomial_interval(count: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a share (Clopper and Pearson 1934).

    >>> [round(end, 4) for end in binomial_interval(0, 10)], [round(end, 4) for end in binomial_interval(4, 20)]
    ([0.0, 0.3085], [0.0573, 0.4366])
    """
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else float(stats.beta.ppf(tail, count, n - count + 1))
    high = 1.0 if count == n else float(stats.beta.ppf(1 - tail, count + 1, n - count))
    return low, high


def poisson_interval(count: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of the mean of a Poisson count (Garwood 1936).

    >>> [round(end, 4) for end in poisson_interval(0)], [round(end, 4) for end in poisson_interval(10)]
    ([0.0, 3.6889], [4.7954, 18.3904])
    """
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else float(stats.chi2.ppf(tail, 2 * count) / 2)
    return low, float(stats.chi2.ppf(1 - tail, 2 * count + 2) / 2)


class ExactVerbs:
    """Exact intervals and tests for small simple samples and complete counts."""

    _sample: Sample

    def exact_proportion(
        self, variable: str, by: Names | None = None, where: str | None = None, *, confidence: float = 0.95
    ) -> Result:
        """Estimate the shares of a variable's values with exact (Clopper-Pearson) intervals.

        Parameters
        ----------
        variable, by, where, confidence
            As `Survey.proportion` takes them; one grouping.

        Returns
        -------
        Result
            One row for each group and value. A group of one row has no interval, and the notes say so.

        Raises
        ------
        VolResearchError
            ``survey.exact`` for a design whose rows are not equal independent draws, ``survey.domain`` where there are
            fewer than two rows in all.
        """
        frame, asked = _rows(self._sample, "exact_proportion", [variable], by, where, confidence)
        levels = _ordered(frame[variable])

        def of_group(part: pd.DataFrame) -> Iterator[dict[str, Any]]:
            for level in levels:
                count = int((part[variable] == level).sum())
                share = count / len(part)
                low, high = (
                    binomial_interval(count, len(part), confidence) if len(part) > 1 else (np.nan, np.nan)
                )
                se = np.sqrt(share * (1 - share) / len(part))
                yield {"variable": variable, "statistic": "proportion", "level": level, "estimate": share, "se": se,
                       "ci_low": low, "ci_high": high, "n": len(part), "n_cell": count}  # fmt: skip

        return _grouped(
            self._sample, frame, _names(by), of_group, asked, "exact binomial (Clopper-Pearson) intervals"
        )

    def exact_rate(
        self,
        events: str,
        exposure: str,
        by: Names | None = None,
        where: str | None = None,
        *,
        confidence: float = 0.95,
    ) -> Result:
        """Estimate events per unit of exposure with exact (Garwood) Poisson intervals.

        Parameters
        ----------
        events, exposure : str
            Columns: whole numbers of events, and the time or size in which they could happen.
        """
        frame, asked = _rows(self._sample, "exact_rate", [events, exposure], by, where, confidence)
        counts, time = frame[events].astype(float), frame[exposure].astype(float)
        if ((counts < 0) | (counts % 1 != 0)).any() or (time < 0).any():
            raise VolResearchError(
                "survey.variable",
                f'"{events}" and "{exposure}" do not hold counts and the exposure they belong to.',
                where=Where(variable=events),
                expected="whole numbers of 0 or more, over numbers of 0 or more",
            )

        def of_group(part: pd.DataFrame) -> Iterator[dict[str, Any]]:
            count, span = int(part[events].sum()), float(part[exposure].sum())
            ends = poisson_interval(count, confidence) if span > 0 else (np.nan, np.nan)
            rate, se = (count / span, np.sqrt(count) / span) if span > 0 else (np.nan, np.nan)
            yield {"variable": f"{events}/{exposure}", "statistic": "rate", "estimate": rate, "se": se,
                   "ci_low": ends[0] / (span or 1), "ci_high": ends[1] / (span or 1), "n": len(part), "n_cell": count}  # fmt: skip

        return _grouped(self._sample, frame, _names(by), of_group, asked, "exact Poisson (Garwood) intervals")

    def exact_sign_test(self, after: str, before: str, where: str | None = None) -> Result:
        """Test whether more units rose than fell from `before` to `after`; ties tell nothing and are left out.

        Returns
        -------
        Result
            One row: the share that rose among those that changed, with its exact interval and the two-sided p-value.
        """
        frame, asked = _rows(self._sample, "exact_sign_test", [after, before], None, where, 0.95)
        change = (frame[after].astype(float) - frame[before].astype(float)).to_numpy()
        rose, moved = int((change > 0).sum()), int((change != 0).sum())
        if moved < 2:
            raise _nothing(f"{moved} of {len(change)} units changed: a test of direction needs at least two.")
        low, high = binomial_interval(rose, moved)
        row = {"variable": f"{after} - {before}", "statistic": "proportion", "term": "rose", "estimate": rose / moved,
               "ci_low": low, "ci_high": high, "test": rose, "p_value": float(stats.binomtest(rose, moved).pvalue),
               "n": moved, "n_cell": min(rose, moved - rose)}  # fmt: skip
        note = f"{len(change) - moved} units without a change are left out."
        return _result(self._sample, [row], (), asked, "exact sign test", (note,))

    def exact_permutation_test(self, variable: str, group: str, where: str | None = None) -> Result:
        """Test a difference of two means against every way the rows could have fallen into groups of these sizes.

        Returns
        -------
        Result
            One row: the second group's mean less the first's, and the two-sided p-value.

        Raises
        ------
        VolResearchError
            ``survey.domain`` where there are not two groups, one is empty, or there are too many ways to go through.
        """
        frame, asked = _rows(self._sample, "exact_permutation_test", [variable, group], None, where, 0.95)
        codes = _ordered(frame[group])
        if len(codes) != 2:
            raise _nothing(f'"{group}" has {len(codes)} groups with an answer; the test compares two.')
        values = frame[variable].astype(float).to_numpy()
        second = (frame[group] == codes[1]).to_numpy()
        size, n = int(second.sum()), len(values)
        if comb(n, size) > MOST_WAYS:
            raise VolResearchError(
                "survey.domain",
                f"{comb(n, size):,} ways to part {n} rows are too many to go through.",
                expected=f"at most {MOST_WAYS:,}",
                hint="With this many rows ttest() says the same.",
            )
        p_value = _permutation_p(values, second)
        row = {"variable": variable, "statistic": "difference", "term": f"{codes[1]} - {codes[0]}",
               "estimate": values[second].mean() - values[~second].mean(), "p_value": p_value,
               "n": n, "n_cell": min(size, n - size)}  # fmt: skip
        return _result(
            self._sample, [row], (), asked, "exact permutation test of the difference of means", ()
        )


def _permutation_p(values: Any, second: Any) -> float:
    """Share of all ways that lie at least as far from the middle as the way that was seen."""
    size, n = int(second.sum()), len(values)
    sums = np.fromiter((values[list(way)].sum() for way in combinations(range(n), size)), np.float64)
    middle = values.sum() * size / n
    far = np.abs(sums - middle) >= abs(values[second].sum() - middle) - 1e-9 * max(1.0, np.abs(values).sum())
    return float(far.mean())


def _names(by: Names | None) -> tuple[str, ...]:
    return () if by is None else (by,) if isinstance(by, str) else tuple(by)


def _ordered(column: Any) -> list[Any]:
    return sorted(column.unique(), key=lambda code: (str(type(code)), code))


def _nothing(why: str) -> VolResearchError:
    return VolResearchError(
        "survey.domain",
        f"Nothing can be said from these numbers: {why}",
        hint="Give the counts themselves, in words, without a test or an interval.",
    )


def _refuse_design(sample: Sample) -> None:
    """Refuse designs whose rows are not equal, independent draws, with the reason."""
    design, rule = sample.design, sample.design.declaration
    why = ""
    if design.replicated:
        why = "The sample has replicate weights: its rows are not independent draws."
    elif rule.psu:
        why = f'The sample is clustered (psu="{rule.psu[0]}"): rows of one sampling unit are alike, and exact methods would count them as independent.'
    elif rule.strata:
        why = "The sample is stratified: shares of its rows are not shares of the population."
    elif rule.kind == "nonprobability" and rule.assume != "srs":
        raise VolResearchError(
            "survey.nonprobability",
            "Intervals and tests need a probability sample.",
            hint='If you insist, say assume="srs" where the survey is declared; every output will repeat it.',
        )
    if why:
        hint = 'proportion(interval="beta") and ttest() take the design into account; with few sampling units, give counts only.'
        raise VolResearchError(
            "survey.exact", why, expected="a simple random sample or a complete count", hint=hint
        )


def _rows(
    sample: Sample, verb: str, variables: list[str], by: Names | None, where: str | None, confidence: float
) -> tuple[pd.DataFrame, Asked]:
    """Return the rows of the domain in which every variable has a value."""
    checks.confidence(confidence)
    _refuse_design(sample)
    domain = condition(sample.engine, where)
    names = list(dict.fromkeys([*variables, *_names(by)]))
    rows = sample.rows(names, domain)
    rows = rows.take(rows.weight > 0)
    if len(rows.weight) and not np.allclose(rows.weight, rows.weight[0], rtol=1e-9):
        raise VolResearchError(
            "survey.exact",
            "The weights differ: rows were not drawn with equal chances, and exact methods would count them as equal.",
            expected="equal weights",
            hint='proportion(interval="beta") takes the weights into account.',
        )
    frame = rows.frame.dropna().reset_index(drop=True)
    if len(frame) < 2:
        raise _nothing(
            f"there {'is' if len(frame) == 1 else 'are'} {len(frame)} rows with an answer, and one row shows no variation."
        )
    words = {"variable": variables[0], "by": list(_names(by)), "where": where, "with": variables[1:]}
    return frame, Asked(verb, words, confidence, None if domain is None else domain.text, rows.unknown)


def _grouped(
    sample: Sample,
    frame: pd.DataFrame,
    by: tuple[str, ...],
    of_group: Callable[[pd.DataFrame], Iterator[dict[str, Any]]],
    asked: Asked,
    method: str,
) -> Result:
    groups = [((), frame)] if not by else list(frame.groupby(list(by), sort=True))
    rows, alone = [], []
    for key, part in groups:
        codes = dict(zip(by, key, strict=True)) if by else {}
        rows += [{**codes, **row} for row in of_group(part)]
        if len(part) < 2:
            alone.append(", ".join(str(code) for code in codes.values()))
    notes = tuple(f"{name}: one row, from which nothing can be said of others." for name in alone)
    return _result(sample, rows, by, asked, method, notes)


def _result(
    sample: Sample,
    rows: list[dict[str, Any]],
    by: tuple[str, ...],
    asked: Asked,
    method: str,
    notes: tuple[str, ...],
) -> Result:
    table = pd.DataFrame(rows)
    table["n_weighted"] = table["n"]
    few = np.where(table["n_cell"] < 10, "few", "")
    blank = table["ci_low"].isna() if "ci_low" in table else pd.Series(False, index=table.index)
    table["flag"] = [
        " ".join(filter(None, (one, "no_interval" if none else "")))
        for one, none in zip(few, blank, strict=True)
    ]
    facts = facts_of(sample, asked, "few: fewer than 10 rows behind the number; no_interval: one row only")
    census = sample.design.declaration.kind == "census"
    kept = () if census else facts.assumptions
    facts = replace(
        facts,
        method=method,
        confidence=asked.confidence,
        assumptions=(*kept, _PROCESS if census else _SRS),
        notes=(*facts.notes, *notes),
    )
    psu = table["n"].to_numpy(np.float64)
    titles = sample.titles([*by, *table["variable"].unique()])
    return Result(
        table,
        by,
        facts,
        labels=labels_for(sample, by),
        titles=titles,
        evidence=lambda: evidence_of(sample, table, psu, None),
    )
