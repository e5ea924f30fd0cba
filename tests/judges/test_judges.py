"""Our estimates held against two programs that others wrote: svy, and R's survey package, on one seeded design.

`make test-judges` installs svy in an environment of its own; R is used where it and its package are there.
"""

from __future__ import annotations

import json
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

from volresearch.survey import Survey


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """12 strata of 4 sampling units, unequal weights, a domain that not every unit has."""
    random = np.random.default_rng(20261122)
    stratum = np.repeat(np.arange(12), 4 * 9)
    psu = np.repeat(np.arange(48), 9)
    hours = random.gamma(2.0, 3.0, stratum.size) + 0.3 * stratum + random.normal(0, 1, 48)[psu]
    return pd.DataFrame(
        {
            "stratum": stratum,
            "psu": psu,
            "w": random.uniform(50, 400, stratum.size).round(3),
            "group": random.choice(["a", "b", "c"], stratum.size, p=[0.5, 0.4, 0.1]),
            "hours": hours.round(4),
            "income": random.lognormal(6, 0.5, stratum.size).round(2),
        }
    )


@pytest.fixture(scope="module")
def ours(frame) -> dict[str, list[float]]:
    survey = Survey(frame, weights="w", strata="stratum", psu="psu")
    results = {
        "mean": survey.mean("hours"),
        "total": survey.total("hours"),
        "ratio": survey.ratio("hours", "income"),
        "by": survey.mean("hours", by="group"),
    }
    return {name: [*result.table["estimate"], *result.table["se"]] for name, result in results.items()}


R_SCRIPT = """
options(digits = 17)
d <- read.csv(commandArgs(TRUE)[1])
s <- survey::svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = d)
one <- function(x) c(as.numeric(coef(x)), as.numeric(survey::SE(x)))
by <- survey::svyby(~hours, ~group, s, survey::svymean)
all <- list(mean = one(survey::svymean(~hours, s)), total = one(survey::svytotal(~hours, s)),
            ratio = one(survey::svyratio(~hours, ~income, s)), by = one(by))
text <- sapply(names(all), function(n) paste0('"', n, '": [', paste(sprintf("%.17g", all[[n]]), collapse = ", "), ']'))
cat("{", paste(text, collapse = ", "), "}")
"""


def _has_r_survey() -> bool:
    program = shutil.which("Rscript")
    asks = [program, "-e", 'quit(status = !requireNamespace("survey", quietly = TRUE))']
    return bool(program) and subprocess.run(asks, capture_output=True).returncode == 0


def test_estimates__beside_r__are_the_same(frame, ours, tmp_path):
    if not _has_r_survey():
        pytest.skip("R with its package survey is not installed")
    frame.to_csv(tmp_path / "frame.csv", index=False)
    (tmp_path / "judge.R").write_text(R_SCRIPT, encoding="utf-8")
    words = ["Rscript", "--vanilla", str(tmp_path / "judge.R"), str(tmp_path / "frame.csv")]
    theirs = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    for name, numbers in theirs.items():
        np.testing.assert_allclose(ours[name], numbers, rtol=1e-10, err_msg=name)


def test_estimates__beside_svy__are_the_same(frame, ours):
    svy = pytest.importorskip("svy", reason="svy is not installed here: make test-judges")
    import polars

    sample = svy.Sample(polars.from_pandas(frame), svy.Design(stratum="stratum", psu="psu", wgt="w"))
    estimation = sample.estimation
    theirs = {
        "mean": estimation.mean("hours"),
        "total": estimation.total("hours"),
        "ratio": estimation.ratio("hours", "income"),
        "by": estimation.mean("hours", by="group"),
    }
    for name, estimate in theirs.items():
        cells = sorted(estimate.estimates, key=lambda cell: str(cell.by_level))
        numbers = [*(cell.est for cell in cells), *(cell.se for cell in cells)]
        np.testing.assert_allclose(ours[name], numbers, rtol=1e-9, err_msg=name)
