"""The `Result`: one tidy table of numbers that knows where they come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from volresearch.errors import VolResearchError
from volresearch.results.facts import Evidence, ResultFacts

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from volresearch.release import Release
    from volresearch.text import Text

    Matrix = np.ndarray[Any, np.dtype[np.float64]]

__all__ = ["COLUMNS", "Result"]

#: The columns that follow the by-columns in every result table, in this order.
COLUMNS: tuple[str, ...] = (
    "variable",
    "statistic",
    "term",
    "level",
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "df",
    "test",
    "df2",
    "p_value",
    "deff",
    "n",
    "n_cell",
    "n_weighted",
    "flag",
)


class Result:
    """Numbers in one tidy table: by-columns, then `COLUMNS`, then columns of its kind; one row, one number.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns of `COLUMNS` that are missing are added empty; the order is put right.
    by : sequence of str
        Names of the by-columns; they hold codes.
    facts : ResultFacts
        What was asked, of which data, how.
    labels : mapping of str to mapping of str to Text, optional
        Column name -> code -> label in every language, for `labelled`.
    titles : mapping of str to Text, optional
        Variable (or column) name -> its label.
    covariance : numpy.ndarray of shape (rows, rows), or callable that makes it, optional
        Covariance of the estimates in row order, where the estimator knows it; computed when it is asked for.
    evidence : callable, optional
        Computes the `Evidence` on demand, once, from the frame that the estimate saw.
    """

    def __init__(
        self,
        table: pd.DataFrame,
        by: Sequence[str],
        facts: ResultFacts,
        *,
        labels: Mapping[str, Mapping[str, Text]] | None = None,
        titles: Mapping[str, Text] | None = None,
        covariance: Matrix | Callable[[], Matrix] | None = None,
        evidence: Callable[[], Evidence] | None = None,
    ) -> None:
        missing = [name for name in by if name not in table.columns]
        if missing:
            raise VolResearchError("result.columns", f"The table lacks the by-columns {', '.join(missing)}.")
        self._by = tuple(by)
        self._table = _ordered(table, self._by)
        self._facts = facts
        self._labels = dict(labels or {})
        self._titles = dict(titles or {})
        self._covariance = covariance
        self._compute_evidence = evidence
        self._evidence: Evidence | None = None

    @property
    def table(self) -> pd.DataFrame:
        """A copy of the table as plain pandas."""
        return self._table.copy()

    @property
    def by(self) -> tuple[str, ...]:
        """Names of the by-columns."""
        return self._by

    @property
    def facts(self) -> ResultFacts:
        """What was asked, of which data, how."""
        return self._facts

    @property
    def labels(self) -> dict[str, Mapping[str, Text]]:
        """Column name -> code -> label in every language."""
        return dict(self._labels)

    @property
    def titles(self) -> dict[str, Text]:
        """Variable or column name -> its label in every language."""
        return dict(self._titles)

    @property
    def covariance(self) -> np.ndarray[Any, np.dtype[np.float64]] | None:
        """Covariance of the estimates in row order, or None."""
        if callable(self._covariance):
            self._covariance = self._covariance()
        if self._covariance is None:
            return None
        if self._covariance.shape != (len(self), len(self)):
            raise VolResearchError(
                "result.columns",
                "The covariance does not have one row and one column for every row of the table.",
                expected=str((len(self), len(self))),
                got=str(self._covariance.shape),
            )
        return self._covariance.copy()

    def __len__(self) -> int:
        return len(self._table)

    def labelled(self, lang: str = "en") -> pd.DataFrame:
        """Return the table with labels in the place of codes, in `lang` (nearest language where missing)."""
        out = self.table
        for column, codes in self._labels.items():
            if column in out.columns:
                words = {code: text.get_in(lang, str(code)) for code, text in codes.items()}
                out[column] = out[column].map(lambda code, words=words: words.get(code, code))
        return out

    def evidence(self) -> Evidence:
        """Return what disclosure rules need, computed once, on demand."""
        if self._evidence is None:
            if self._compute_evidence is None:
                raise VolResearchError(
                    "release.rules_missing",
                    "This result keeps no evidence for disclosure control.",
                    hint="Compute it again from the dataset; a result rebuilt by hand cannot be released.",
                )
            self._evidence = self._compute_evidence()
        return self._evidence

    def release(self, **options: Any) -> Release:
        """Pass disclosure control and return a `Release`, the only thing that may leave.

        Published figures pass with their sources and verdict. Anything computed from persons or
        organizations raises ``release.rules_missing`` until its rules exist.
        """
        from volresearch.release import release_result

        return release_result(self, **options)

    def sentence(self, lang: str = "en") -> str:
        """Return the result as one plain sentence (results of a few rows only)."""
        from volresearch.show.sentences import sentence

        return sentence(self, lang)

    def _repr_html_(self) -> str:
        from volresearch.show.tables import table

        return table(self)._repr_html_()

    def __repr__(self) -> str:
        verb = self._facts.question.get("verb", "result")
        return f"<Result {verb}: {len(self)} rows, unit {self._facts.unit}>\n{_short(self._table, self._by)}"


def _ordered(table: pd.DataFrame, by: tuple[str, ...]) -> pd.DataFrame:
    out = table.reset_index(drop=True).copy()
    for name in COLUMNS:
        if name not in out.columns:
            out[name] = "" if name in {"variable", "statistic", "term", "level", "flag"} else float("nan")
    rest = [name for name in out.columns if name not in by and name not in COLUMNS]
    return out[[*by, *COLUMNS, *rest]]


def _short(table: pd.DataFrame, by: tuple[str, ...], rows: int = 12) -> str:
    """Return the columns that say something as text; the rest is in ``.table``."""
    shown = table[[*by, *COLUMNS]].replace("", None).dropna(axis="columns", how="all")
    extra = [name for name in ("bound", "unit") if name in table.columns]
    if "series" in by:
        shown = shown.drop(columns=["variable", "statistic"], errors="ignore")
    text = shown.join(table[extra]).head(rows).fillna("").to_string(index=False)
    return text if len(table) <= rows else f"{text}\n({len(table) - rows} rows more in .table)"
