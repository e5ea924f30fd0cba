"""The sample behind estimates, and what every result says of itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import pandas as pd

from volresearch.results import DatasetRef, Evidence, EvidenceRow, ResultFacts
from volresearch.survey.codes import labels_of, title_of
from volresearch.survey.design import Design
from volresearch.survey.engine import Engine
from volresearch.survey.totals import CellTotals, Request, Rows
from volresearch.survey.variance import Floats

__all__ = ["Asked", "Sample", "evidence_of", "facts_of", "labels_for"]

#: Sentences that every output repeats.
RESPONDENTS_ONLY = "Describes respondents only: the sample was not drawn at random."
ASSUMED_SRS = (
    "Intervals and tests assume a simple random sample; the sample was not drawn at random, so they hold only as far "
    "as that assumption does."
)
COMPLETE = "A complete count: there is no sampling error."


@dataclass(frozen=True)
class Sample:
    """A frame with its design: everything that an estimator needs."""

    engine: Engine
    design: Design
    dataset: DatasetRef | None = None
    unit: str = "person"
    synthetic: bool = False
    measurement: Any = None

    def titles(self, names: Sequence[str]) -> dict[str, Any]:
        """Return labels of variables, where the codebook has them."""
        found = {name: title_of(self.engine.codebook, name) for name in names}
        return {name: title for name, title in found.items() if title is not None}

    def totals(self, request: Request) -> tuple[CellTotals, ...]:
        """Make the one pass."""
        from volresearch.survey.totals import read_totals

        reader = getattr(self.design, "read_totals", read_totals)
        return tuple(reader(self.engine, self.design, request))

    def rows(self, columns: Sequence[str], where: Any = None) -> Rows:
        """Bring rows of a domain into memory."""
        from volresearch.survey.totals import read_rows

        return read_rows(self.engine, self.design, columns, where)


@dataclass(frozen=True)
class Asked:
    """A question: the verb, its words, the confidence and the domain."""

    verb: str
    words: dict[str, Any]
    confidence: float = 0.95
    where: str | None = None
    unknown: int = 0
    unplaced: tuple[tuple[str, int], ...] = ()
    method: str = "Taylor linearization"


def _software() -> tuple[str, ...]:
    names = ("volresearch", "numpy", "pandas", "scipy", "narwhals")
    out = []
    for name in names:
        try:
            out.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return tuple(out)


def assumptions(design: Design) -> tuple[str, ...]:
    """Return the sentences that the design obliges every output to repeat."""
    rule = design.declaration
    adjusted = tuple(getattr(design, "adjustments", ()))
    if rule.kind == "census":
        return (COMPLETE,)
    if rule.kind == "nonprobability":
        return (RESPONDENTS_ONLY, *((ASSUMED_SRS,) if rule.assume == "srs" else ()), *adjusted)
    lone = design.lone_strata
    if lone and rule.lone_psu != "refuse":
        said = f'{len(lone)} strata have one sampling unit; they are treated by lone_psu="{rule.lone_psu}".'
        return (said, *adjusted)
    return adjusted


def facts_of(sample: Sample, asked: Asked, policy: str) -> ResultFacts:
    """Make the record of a result."""
    notes = [f"Flags: {policy}."]
    if asked.unknown:
        notes.append(
            f"{asked.unknown} rows are outside the domain because its condition is unknown for them."
        )
    for names, count in asked.unplaced:
        notes.append(f"{count} rows have no code in {names} and are in none of its groups.")
    infers = sample.design.declaration.infers
    return ResultFacts(
        question={"verb": asked.verb, **asked.words},
        unit=sample.unit,
        method=asked.method if infers else "description of the rows",
        confidence=asked.confidence if infers else None,
        domain=asked.where or "",
        assumptions=assumptions(sample.design),
        datasets=(sample.dataset,) if sample.dataset else (),
        software=_software(),
        synthetic=sample.synthetic,
        notes=tuple(notes),
        extra={"unknown": asked.unknown, "unplaced": dict(asked.unplaced), "flag_policy": policy},
    )


def labels_for(sample: Sample, names: Sequence[str]) -> dict[str, dict[Any, Any]]:
    """Return the labels of codes of the named columns, where the codebook has them."""
    found = {name: labels_of(sample.engine.codebook, name) for name in names}
    return {name: labels for name, labels in found.items() if labels}


def evidence_of(
    sample: Sample,
    table: pd.DataFrame,
    psu: Floats,
    largest: Callable[[], list[tuple[float, ...]]] | None,
) -> Evidence:
    """Return what disclosure rules need of every row."""
    sums = largest() if largest is not None else [()] * len(table)
    rows = [
        EvidenceRow(_whole(n), _whole(cell), _whole(units), tuple(top))
        for n, cell, units, top in zip(table["n"], table["n_cell"], psu, sums, strict=True)
    ]
    return Evidence(sample.unit, tuple(rows))


def _whole(value: Any) -> int | None:
    return None if value is None or not np.isfinite(value) else int(value)
