"""Replicate weights made from a declared design."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from volresearch.errors import VolResearchError
from volresearch.survey.calibrated import CalibratedDesign
from volresearch.survey.calibration import base_weights, in_memory, survey_of
from volresearch.survey.engine import Engine
from volresearch.survey.replicates import read_replicate_design
from volresearch.survey.resampling import replicate_factors

if TYPE_CHECKING:
    from volresearch.survey.survey import Survey

__all__ = ["as_replicates"]

_MOST_UNITS = 5000
_NAME = "replicate_weight_"


def as_replicates(
    survey: Survey, method: str, *, replicates: int = 500, rho: float = 0.3, seed: int | None = None
) -> Survey:
    """Return the survey with replicate weights in the place of its strata and sampling units."""
    design = survey.design
    if design.replicated:
        raise VolResearchError("survey.replicates", "This survey has replicate weights already.")
    if isinstance(design, CalibratedDesign):
        raise VolResearchError(
            "survey.replicates",
            "Replicates must be made before weights are adjusted, so that every replicate is adjusted too.",
            hint="Call as_replicates first, then poststratify, rake, calibrate or trim.",
        )
    if not design.declaration.infers or design.declaration.kind == "census":
        raise VolResearchError("survey.nonprobability", "Replicates need a probability sample.")
    frame = in_memory(survey)
    base = base_weights(survey, frame)
    stratum, unit, _ = design.locate(frame)
    of_unit = stratum if design.psu is None else design.psu_stratum
    if len(of_unit) > _MOST_UNITS and method not in {"bootstrap", "subbootstrap"}:
        raise VolResearchError(
            "survey.replicates",
            f"{method} would make a replicate for each of {len(of_unit)} sampling units.",
            hint='Use method="bootstrap" with a seed.',
        )
    made = replicate_factors(
        method, of_unit, 1 - design.first.factor, replicates=replicates, rho=rho, seed=seed
    )
    weights = base[:, None] * made.values[unit]
    names = [f"{_NAME}{number + 1}" for number in range(weights.shape[1])]
    full = design.declaration.weights or "weight_of_design"
    frame = pd.concat(
        [frame.assign(**{full: base}), pd.DataFrame(weights, columns=names, index=frame.index)], axis=1
    )
    engine = Engine(frame, survey.sample.engine.codebook)
    read = read_replicate_design(
        engine, full, names, "other", made.scale, made.rscales.tolist(), mse=made.mse
    )
    words = (
        f"{len(names)} replicate weights made by {method}" + ("" if seed is None else f", seed {seed}") + "."
    )
    return survey_of(survey, engine, replace(read, method=method, words=(words,)))
