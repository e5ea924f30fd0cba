"""Two-way tables of survey data and tests of independence (Rao and Scott 1981, 1984; Koch et al. 1975)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from volresearch.errors import VolResearchError, near
from volresearch.models.quadratic import exact_tail, saddlepoint_tail
from volresearch.models.sample import Complete, complete_rows, make_result
from volresearch.results import Result
from volresearch.survey.intervals import student_interval
from volresearch.survey.record import Sample, labels_for

__all__ = ["STATISTICS", "crosstab"]

Floats = npt.NDArray[np.float64]

#: Statistic -> what it is.
STATISTICS: dict[str, str] = {
    "F": "Pearson X2 with the second-order Rao-Scott correction, referred to F",
    "Chisq": "Pearson X2 with the first-order Rao-Scott correction",
    "Wald": "Wald test of the differences from independence (Koch et al. 1975)",
    "adjWald": "Wald test with the correction for few sampling units",
    "lincom": "Pearson X2 against its exact asymptotic mixture of chi-squared variables",
    "saddlepoint": "Pearson X2 against that mixture by saddlepoint approximation",
}


@dataclass(frozen=True)
class Cells:
    """Estimated table: rows vary fastest within columns.

    Attributes
    ----------
    rows, columns : tuple
        Codes of the two variables.
    share : array of shape (cells,)
    total : array of shape (cells,)
    covariance, covariance_of_totals : arrays of shape (cells, cells)
    n : array of shape (cells,)
        Sample rows in each cell.
    """

    rows: tuple[Any, ...]
    columns: tuple[Any, ...]
    share: Floats
    total: Floats
    covariance: Floats
    covariance_of_totals: Floats
    n: Floats

    @property
    def margins(self) -> tuple[Floats, Floats]:
        """Indicator matrices of the row and of the column categories, shapes (categories, cells)."""
        r, c = len(self.rows), len(self.columns)
        return np.tile(np.eye(r), (1, c)), np.repeat(np.eye(c), r, axis=1)


def crosstab(
    sample: Sample,
    row: str,
    column: str,
    *,
    statistic: str = "F",
    where: str | None = None,
    confidence: float = 0.95,
) -> Result:
    """Estimate a two-way table and test independence; see `Survey.crosstab`."""
    if statistic not in STATISTICS:
        raise VolResearchError(
            "survey.option", f'There is no statistic "{statistic}".', hint=near(statistic, STATISTICS)
        )
    complete = complete_rows(sample, [row, column], where)
    cells = _cells(complete, row, column)
    if len(cells.rows) < 2 or len(cells.columns) < 2:
        few = row if len(cells.rows) < 2 else column
        raise VolResearchError(
            "survey.domain",
            f'"{few}" has one value only in this domain: there is nothing to cross.',
            hint="Widen the domain.",
        )
    df = complete.degrees_of_freedom
    test = _test(cells, statistic, df, len(complete.frame))
    table = _table(cells, row, column, df, confidence)
    last = {
        row: None,
        column: None,
        "variable": f"{row} x {column}",
        "statistic": statistic,
        "n": float(len(complete.frame)),
    }
    last |= {"n_cell": float(cells.n.min()), "n_weighted": float(complete.weight.sum()), **test, "flag": ""}
    table = pd.concat([table, pd.DataFrame([last])], ignore_index=True)
    covariance = np.full((len(table), len(table)), np.nan)
    covariance[:-1, :-1] = cells.covariance
    words = {"row": row, "column": column, "statistic": statistic, "where": where}
    made = make_result(
        complete,
        table,
        (row, column),
        "crosstab",
        words,
        confidence=confidence,
        covariance=covariance,
        notes=[f"{statistic}: {STATISTICS[statistic]}.", *_sparse(cells)],
    )
    return Result(
        made.table,
        made.by,
        made.facts,
        labels=labels_for(sample, (row, column)),
        titles=made.titles,
        covariance=covariance,
        evidence=made.evidence,
    )


def _sparse(cells: Cells) -> list[str]:
    few = int((cells.n < 5).sum())
    return [f"{few} cells hold fewer than 5 rows; the reference distribution is rough there."] if few else []


def _cells(complete: Complete, row: str, column: str) -> Cells:
    frame = complete.frame
    rows, columns = _codes(frame[row]), _codes(frame[column])
    first = np.array([rows.index(code) for code in frame[row]])
    second = np.array([columns.index(code) for code in frame[column]])
    cell = second * len(rows) + first
    count = len(rows) * len(columns)
    indicator = (cell[:, None] == np.arange(count)).astype(np.float64)
    total = indicator.T @ complete.weight
    size = total.sum()
    share = total / size
    design: Any = complete.sample.design
    if design.replicated:
        many = indicator.T @ complete.replicate_weights()
        shares = (many / many.sum(axis=0)).T
        covariance = design.covariance_of_replicates(shares, share)
        of_totals = design.covariance_of_replicates(many.T, total)
    else:
        weighted = indicator * complete.weight[:, None]
        of_totals = design.covariance_of_scores(weighted, complete.rows)
        residual = (indicator - share) * (complete.weight / size)[:, None]
        covariance = design.covariance_of_scores(residual, complete.rows)
    return Cells(tuple(rows), tuple(columns), share, total, covariance, of_totals, indicator.sum(axis=0))


def _codes(series: Any) -> list[Any]:
    if isinstance(series.dtype, pd.CategoricalDtype):
        present = set(series.unique())
        return [code for code in series.cat.categories if code in present]
    values = series.unique().tolist()
    try:
        return sorted(values)
    except TypeError:
        return sorted(values, key=str)


def _table(cells: Cells, row: str, column: str, df: float, confidence: float) -> pd.DataFrame:
    se = np.sqrt(np.maximum(np.diag(cells.covariance), 0))
    low, high = student_interval(cells.share, se, np.full(len(se), df), confidence)
    r = len(cells.rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        wide = se / cells.share > 0.25
    flags = [
        " ".join(["few"] * bool(n < 10) + ["wide"] * bool(w)) for n, w in zip(cells.n, wide, strict=True)
    ]
    return pd.DataFrame(
        {
            row: [cells.rows[i % r] for i in range(len(cells.share))],
            column: [cells.columns[i // r] for i in range(len(cells.share))],
            "variable": f"{row} x {column}",
            "statistic": "proportion",
            "estimate": cells.share,
            "se": se,
            "ci_low": low,
            "ci_high": high,
            "df": df,
            "n": cells.n.sum(),
            "n_cell": cells.n,
            "n_weighted": cells.total,
            "flag": flags,
        }
    )


def _test(cells: Cells, statistic: str, df: float, n: int) -> dict[str, float]:
    if not df > 0:
        raise VolResearchError(
            "survey.domain", "The domain leaves no degree of freedom for a test.", got=f"{df:g}"
        )
    if statistic in {"Wald", "adjWald"}:
        return _wald(cells, df, adjusted=statistic == "adjWald")
    pearson, weights = _pearson(cells, n)
    free = len(weights)
    sum_of = weights.sum()
    satterthwaite = float(sum_of**2 / (weights**2).sum())
    if statistic == "F":
        value, df1, df2 = pearson / sum_of, satterthwaite, satterthwaite * df
        return {"test": value, "df": df1, "df2": df2, "p_value": float(stats.f.sf(value, df1, df2))}
    if statistic == "Chisq":
        p = float(stats.chi2.sf(pearson / (sum_of / free), free))
        return {"test": pearson, "df": float(free), "df2": float("nan"), "p_value": p}
    if statistic == "lincom":
        p = exact_tail(pearson, weights.tolist(), satterthwaite * df)
    else:
        # R takes whole degrees of freedom in the denominator's sum while it keeps the fraction in its scale
        whole = float(np.floor(satterthwaite * df))
        p = saddlepoint_tail(pearson * whole / (satterthwaite * df), weights.tolist(), whole)
    return {"test": pearson, "df": float(free), "df2": satterthwaite * df, "p_value": p}


def _pearson(cells: Cells, n: int) -> tuple[float, Floats]:
    """Pearson's X2 and the generalized design effects of the interaction contrasts."""
    by_row, by_column = cells.margins
    row_share, column_share = by_row @ cells.share, by_column @ cells.share
    expected = (by_row.T @ row_share) * (by_column.T @ column_share)
    statistic = n * float(np.sum((cells.share - expected) ** 2 / expected))
    mains = np.column_stack([np.ones(len(cells.share)), by_row[1:].T, by_column[1:].T])
    both = np.column_stack([a * b for a in by_row[1:] for b in by_column[1:]])
    weight = cells.share[:, None]
    contrast = both - mains @ np.linalg.solve(mains.T @ (mains * weight), mains.T @ (both * weight))
    plain = (np.diag(cells.share) - np.outer(cells.share, cells.share)) / n
    if (cells.share == 0).any():
        used = cells.share > 0
        contrast, plain = contrast[used], plain[np.ix_(used, used)]
        covariance = cells.covariance[np.ix_(used, used)]
    else:
        covariance = cells.covariance
    effects = np.linalg.lstsq(contrast.T @ plain @ contrast, contrast.T @ covariance @ contrast, rcond=None)[
        0
    ]
    return statistic, np.asarray(np.linalg.eigvals(effects).real, dtype=np.float64)


def _wald(cells: Cells, df: float, *, adjusted: bool) -> dict[str, float]:
    by_row, by_column = cells.margins
    size = cells.total.sum()
    row_total, column_total = by_row @ cells.total, by_column @ cells.total
    difference, slope = [], []
    r = len(cells.rows)
    for j in range(len(cells.columns) - 1):
        for i in range(r - 1):
            at = j * r + i
            difference.append(cells.total[at] - row_total[i] * column_total[j] / size)
            unit = np.zeros(len(cells.total))
            unit[at] = 1
            slope.append(
                unit
                - by_row[i] * column_total[j] / size
                - by_column[j] * row_total[i] / size
                + row_total[i] * column_total[j] / size**2
            )
    d, g = np.array(difference), np.array(slope)
    k = len(d)
    value = float(d @ np.linalg.solve(g @ cells.covariance_of_totals @ g.T, d)) / k
    df2 = df
    if adjusted:
        value, df2 = value * (df - k + 1) / df, df - k + 1
    return {
        "test": value,
        "df": float(k),
        "df2": df2,
        "p_value": float(stats.f.sf(value, k, df2)) if df2 > 0 else float("nan"),
    }
