"""The sampling designs of several datasets as one: strata and units are told apart by dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import Variable
from volresearch.datasets.columns import brought
from volresearch.datasets.declaration import (
    CensusDesign,
    Design,
    NonprobabilityDesign,
    ProbabilityDesign,
    column_names,
)
from volresearch.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.datasets.dataset import Dataset

__all__ = ["Combined", "combined_design"]

_LABELS = {
    "weight": Text({"en": "Weight"}),
    "stratum": Text({"en": "Stratum"}),
    "psu": Text({"en": "Sampling unit"}),
}


@dataclass(frozen=True)
class Combined:
    """One design for all: its columns for each dataset, and what had to be left out."""

    design: Design | None
    columns: tuple[dict[str, Any], ...]
    notes: tuple[str, ...] = ()
    names: tuple[str, ...] = field(default=())

    @property
    def variables(self) -> tuple[Variable, ...]:
        """What its columns are."""
        kinds = {"weight": "number"}
        return tuple(
            Variable(name=name, type=kinds.get(name, "text"), label=_LABELS[name])  # type: ignore[arg-type]
            for name in self.names
        )


def combined_design(many: Sequence[Dataset]) -> Combined:
    """Return the designs of datasets as one.

    All probability: weights as they are, every stratum and unit with the id of its dataset before it (a dataset without
    strata is one stratum). All nonprobability, or all censuses: the same, with weights where all have them. Otherwise
    there is none, and a note says why.
    """
    designs = [one.design for one in many]
    empty: tuple[dict[str, Any], ...] = tuple({} for _ in many)
    kinds = {type(one) for one in designs}
    if len(kinds) > 1 or None in designs:
        said = ", ".join(f"{one.id}: {one.design.kind if one.design else 'none declared'}" for one in many)
        return Combined(None, empty, (f"No design is declared for the stacked data: they differ ({said}).",))
    weights = [one.weights for one in designs if one is not None]
    if kinds == {ProbabilityDesign}:
        return _probability(many)
    weighted = all(weights)
    columns = tuple(
        {"weight": _column(one, name)} if weighted and name else {}
        for one, name in zip(many, weights, strict=True)
    )
    names = ("weight",) if weighted else ()
    lost = [one.id for one, name in zip(many, weights, strict=True) if name] if not weighted else []
    notes = (f"Weights are left out: only {', '.join(lost)} has them.",) if lost else ()
    design: Design
    if kinds == {CensusDesign}:
        design = CensusDesign(kind="census", weights="weight" if weighted else None)
    else:
        ways = {one.how for one in designs if isinstance(one, NonprobabilityDesign)}
        how = ways.pop() if len(ways) == 1 else "other"
        design = NonprobabilityDesign(kind="nonprobability", how=how, weights="weight" if weighted else None)
    return Combined(design, columns, notes, names)


def _probability(many: Sequence[Dataset]) -> Combined:
    pairs = [(one, one.design) for one in many if isinstance(one.design, ProbabilityDesign)]
    empty: tuple[dict[str, Any], ...] = tuple({} for _ in many)
    for one, design in pairs:
        if design.replicate_weights is not None or not design.weights:
            why = "replicate weights" if design.replicate_weights is not None else "no weights"
            said = f"No design is declared for the stacked data: {one.id} has {why}."
            return Combined(None, empty, (said,))
    notes = [
        f"{one.id}: the finite population correction is left out." for one, design in pairs if design.fpc
    ]
    clustered = any(design.psu for _, design in pairs)
    columns = []
    for one, design in pairs:
        strata = column_names(design.strata)
        units = column_names(design.psu)
        if len(units) > 1:
            notes.append(f"{one.id}: of {len(units)} stages of sampling the first is kept.")
        own: dict[str, Any] = {"weight": _column(one, str(design.weights)), "stratum": _joined(one, strata)}
        if clustered:
            nested = (*strata, *units[:1]) if design.nest else units[:1]
            own["psu"] = _joined(one, nested) if units else [f"{one.id}:row {row}" for row in range(len(one))]
        columns.append(own)
    names = ("weight", "stratum", "psu") if clustered else ("weight", "stratum")
    design = ProbabilityDesign(
        kind="probability", weights="weight", strata="stratum", psu="psu" if clustered else None
    )
    return Combined(design, tuple(columns), tuple(notes), names)


def _column(dataset: Dataset, name: str) -> pd.Series:
    return brought(dataset.frame, [name])[name].reset_index(drop=True)


def _joined(dataset: Dataset, names: Sequence[str]) -> pd.Series:
    """Return the id of the dataset and the codes of the columns as one text."""
    import pandas as pd

    out = pd.Series([dataset.id] * len(dataset), dtype="str")
    for name in names:
        codes = _column(dataset, name)
        out = out + ":" + codes.astype("str")
    return out
