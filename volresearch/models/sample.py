"""Complete rows of a model with their place in the design, and the covariance of what is fitted to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from volresearch.errors import VolResearchError
from volresearch.models.fit import Fit
from volresearch.results import Result
from volresearch.survey.conditions import condition
from volresearch.survey.estimate import FLAG_POLICY
from volresearch.survey.record import Asked, Sample, evidence_of, facts_of
from volresearch.survey.totals import Rows

if TYPE_CHECKING:
    from volresearch.survey.replicates import ReplicateDesign

__all__ = ["Complete", "complete_rows", "make_result", "refitted", "sandwich"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Complete:
    """Rows of a domain in which no variable of a model is missing and the weight is positive.

    Attributes
    ----------
    sample : Sample
    rows : Rows
    dropped : int
        Rows of the domain left out because a variable is missing.
    where : str or None
    """

    sample: Sample
    rows: Rows
    dropped: int
    where: str | None

    @property
    def frame(self) -> pd.DataFrame:
        """The variables."""
        return self.rows.frame

    @property
    def weight(self) -> Floats:
        """Sampling weights, shape (rows,)."""
        return self.rows.weight

    @property
    def degrees_of_freedom(self) -> float:
        """Sampling units that the rows reach less their strata (replicates: rank less one)."""
        if self.sample.design.replicated:
            return self.sample.design.degrees_of_freedom
        return float(len(np.unique(self.rows.psu)) - len(np.unique(self.rows.stratum)))

    @property
    def psu(self) -> int:
        """Sampling units that the rows reach."""
        return len(np.unique(self.rows.psu))

    def replicate_weights(self) -> Floats:
        """Return the replicate weights of the rows, shape (rows, replicates)."""
        design: Any = self.sample.design
        return np.asarray(design.weights_of(self.rows.frame), dtype=np.float64)


def complete_rows(sample: Sample, variables: Sequence[str], where: str | None) -> Complete:
    """Bring the complete rows of a domain into memory."""
    design = sample.design
    if not design.declaration.infers or design.declaration.kind == "census":
        raise VolResearchError(
            "survey.nonprobability",
            "Tests and models need a probability sample; this one describes respondents only."
            if design.declaration.kind == "nonprobability"
            else "A complete count has no sampling error to test against.",
            hint='Describe it with mean, proportion or count; or state the assumption with assume="srs".',
        )
    columns = list(dict.fromkeys(variables))
    more: list[str] = []
    if design.replicated:
        replicated: ReplicateDesign = design  # type: ignore[assignment]
        base = [design.declaration.weights] if design.declaration.weights else []
        more = [name for name in (*replicated.columns, *base) if name not in columns]
    rows = sample.rows([*columns, *more], condition(sample.engine, where))
    there = rows.frame[columns].notna().all(axis=1).to_numpy() & (rows.weight > 0)
    if not there.any():
        raise VolResearchError(
            "survey.domain",
            "No row of the domain has all the variables.",
            got=", ".join(columns),
            hint="Look at .count().",
        )
    kept = rows.take(there)
    return Complete(sample, kept, int((rows.weight > 0).sum() - there.sum()), where)


def refitted(complete: Complete, fit: Fit, refit: Callable[[Floats, Floats], Floats]) -> Floats | None:
    """Return the coefficients under every replicate weight, shape (replicates, p), or None without replicates."""
    if not complete.sample.design.replicated:
        return None
    return np.stack(
        [refit(np.asarray(column), fit.coefficients) for column in complete.replicate_weights().T]
    )


def sandwich(complete: Complete, fit: Fit, replicates: Floats | None) -> Floats:
    """Return the design-based covariance of a fit's coefficients.

    The scores of the rows go to the design; the inverse information stands on both sides (Binder 1983). Under
    replicate weights the model is fitted again for each.

    Parameters
    ----------
    complete : Complete
    fit : Fit
    replicates : array of shape (replicates, p), optional
        From `refitted`.
    """
    design: Any = complete.sample.design
    if replicates is not None:
        return np.asarray(design.covariance_of_replicates(replicates, fit.coefficients))
    meat = design.covariance_of_scores(fit.scores, complete.rows)
    return np.asarray(fit.inverse_information @ meat @ fit.inverse_information)


def make_result(
    complete: Complete,
    table: pd.DataFrame,
    by: Sequence[str],
    verb: str,
    words: dict[str, Any],
    *,
    confidence: float = 0.95,
    method: str = "",
    covariance: Floats | None = None,
    notes: Sequence[str] = (),
    extra: dict[str, Any] | None = None,
    kind: type[Result] = Result,
) -> Result:
    """Make the result of a model or test, with the record and the evidence that every result carries."""
    from dataclasses import replace

    asked = Asked(
        verb, words, confidence, complete.where, complete.rows.unknown, (), method or "Taylor linearization"
    )
    facts = facts_of(complete.sample, asked, FLAG_POLICY)
    said = list(notes)
    if complete.dropped:
        said.append(
            f"{complete.dropped} rows of the domain are left out because a variable of the model is missing."
        )
    facts = replace(facts, notes=(*facts.notes, *said), extra={**facts.extra, **(extra or {})})
    table = table.copy()
    for name in ("n", "n_cell"):
        if name not in table.columns:
            table[name] = float(len(complete.frame))
    if "n_weighted" not in table.columns:
        table["n_weighted"] = float(complete.weight.sum())
    units = np.full(len(table), float(complete.psu))
    return kind(
        table,
        by,
        facts,
        titles=complete.sample.titles([str(name) for name in table["variable"].unique()]),
        covariance=covariance,
        evidence=lambda: evidence_of(complete.sample, table, units, None),
    )
