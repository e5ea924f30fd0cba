"""From a dataset with a declared design to a `Survey`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from volresearch.datasets.declaration import (
    CensusDesign,
    NonprobabilityDesign,
    ProbabilityDesign,
    ReplicateWeights,
)
from volresearch.errors import VolResearchError

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset
    from volresearch.survey import Survey

__all__ = ["survey_of"]


def survey_of(dataset: Dataset) -> Survey:
    """Return `dataset` as a `Survey`; see `Dataset.survey`."""
    from volresearch.survey import Survey

    if dataset.kind == "facts":
        raise VolResearchError(
            "dataset.kind",
            f'"{dataset.id}" holds published figures: there are no respondents to estimate from.',
            expected="a dataset of kind survey, register or dyads",
            hint="Select figures with vr.facts().",
        )
    return Survey(
        dataset.frame,
        codebook=dataset.codebook,
        dataset=dataset,
        unit=dataset.unit,
        synthetic=dataset.synthetic,
        **_options(dataset),
    )


def _options(dataset: Dataset) -> dict[str, Any]:
    design = dataset.design
    if isinstance(design, ProbabilityDesign):
        given = {name: getattr(design, name) for name in ("weights", "strata", "psu", "fpc", "nest")}
        return given | _replicates(dataset, design.replicate_weights)
    if isinstance(design, NonprobabilityDesign):
        return {"nonprobability": True, "weights": design.weights}
    if isinstance(design, CensusDesign):
        return {"census": True, "weights": design.weights}
    raise VolResearchError(
        "survey.no_design",
        f'The dataset "{dataset.id}" does not say how its rows were chosen.',
        expected="design: {kind: probability, weights: ...}, {kind: census} or {kind: nonprobability}",
        hint="Nonprobability covers everybody who was easy to reach: online forms, snowball, quota.",
    )


def _replicates(dataset: Dataset, declared: ReplicateWeights | None) -> dict[str, Any]:
    if declared is None:
        return {}
    names = [str(name) for name in dataset.frame.columns]
    columns = declared.columns or tuple(name for name in names if name.startswith(declared.prefix))
    given: dict[str, Any] = {"replicate_weights": columns, "method": declared.method, "mse": declared.mse}
    given |= {"scale": declared.scale} if declared.scale is not None else {}
    return given | ({"rscales": declared.rscales} if declared.rscales else {})
