"""From a dataset with a declared design to a `Survey`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from volresearch.datasets.declaration import CensusDesign, NonprobabilityDesign, ProbabilityDesign
from volresearch.errors import VolResearchError

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset
    from volresearch.survey import Survey

__all__ = ["survey_of"]


def survey_of(dataset: Dataset) -> Survey:
    """Return `dataset` as a `Survey`; see `Dataset.survey`."""
    from volresearch.results import DatasetRef
    from volresearch.survey import Survey

    if dataset.kind == "facts":
        raise VolResearchError(
            "dataset.kind",
            f'"{dataset.id}" holds published figures: there are no respondents to estimate from.',
            expected="a dataset of kind survey, register or dyads",
            hint="Select figures with vr.facts().",
        )
    reference = DatasetRef(dataset.id, dataset.version, dataset.sha256)
    options = _options(dataset)
    return Survey(dataset.frame, codebook=dataset.codebook, dataset=reference, unit=dataset.unit, **options)


def _options(dataset: Dataset) -> dict[str, Any]:
    design = dataset.design
    if isinstance(design, ProbabilityDesign):
        names = ("weights", "strata", "psu", "fpc", "nest", "replicate_weights")
        return {name: getattr(design, name) for name in names}
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
