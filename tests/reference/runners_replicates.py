"""Replicate designs themselves: their scales, those made here, and quantiles over replicates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from reference_cases import Case, Checks, frame, replicate_survey

from volresearch.survey import Survey

#: Designs whose replicates follow from the design alone: what they were made from, and how.
MADE: dict[str, tuple[dict[str, Any], str]] = {
    "rep.clus1.JK1": ({"psu": "dnum"}, "JK1"),
    "rep.clus1.JK1_fpc": ({"psu": "dnum", "fpc": "fpc"}, "JK1"),
    "rep.strat.JKn": ({"strata": "stype"}, "JKn"),
}


def scale(case: Case) -> Checks:
    checks, theirs = Checks(), case.result
    design: Any = replicate_survey(case).design
    checks.add("replicates", [len(design.columns)], [theirs["n_rep"]])
    checks.add("scale", [design.scale], [theirs["scale"]])
    checks.add("rscales", design.rscales, theirs["rscales"])
    assert design.mse == bool(theirs["mse"])
    if case.stem in MADE:
        _made(checks, case)
    return checks


def _made(checks: Checks, case: Case) -> None:
    """Make the replicates here and compare scale and weights with R's."""
    declared, method = MADE[case.stem]
    made = Survey(frame(case.folder, case.data), weights="pw", **declared).as_replicates(method)
    design: Any = made.design
    checks.add("scale made here", [design.scale], [case.result["scale"]])
    checks.add("rscales made here", np.sort(design.rscales), np.sort(case.result["rscales"]))
    given = frame(case.folder, case.design["replicate_weights_file"].removesuffix(".csv"))
    columns = [name for name in given.columns if name.startswith("rep")]
    ours = design.weights_of(made.rows([*design.columns]).frame)
    key = lambda matrix: matrix[:, np.lexsort(np.round(matrix, 6)[::-1])]  # noqa: E731 - units in any order
    checks.add("weights made here", key(ours), key(given[columns].to_numpy(float)))


def median(case: Case) -> Checks:
    checks, theirs = Checks(), case.result
    row = replicate_survey(case).quantile("api00", 0.5, interval="replicates").table.iloc[0]
    ours = [row["estimate"], row["se"], row["ci_low"], row["ci_high"]]
    checks.add("median", ours, [theirs["estimate"], theirs["se"], theirs["lo"], theirs["hi"]])
    return checks


RUNNERS: dict[str, Callable[[Case], Checks]] = {"scale and rscales": scale, "median from replicates": median}
