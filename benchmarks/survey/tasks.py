"""One measured task in a process of its own: prints the seconds of the work (imports and loading apart) and peak memory.

Usage: python tasks.py ENGINE TASK PARQUET SMALL_PARQUET; engines that are not installed here run in an environment of their own.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

OUTCOMES = [f"y{k}" for k in range(5)]
CELLS = ["country", "age"]


def peak() -> float:
    """Peak memory of this process in MiB; NaN where the system does not tell."""
    try:
        import resource
    except ImportError:
        return float("nan")
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1024 if sys.platform != "darwin" else 1024**2)


def ours(task: str, path: str, *, lazy: bool) -> Callable[[], Any]:
    """Return the task on our estimator: Parquet through DuckDB, or a pandas frame in memory."""
    from volresearch.survey import Survey

    if task == "logit":
        import pandas as pd

        frame: Any = pd.read_parquet(path, columns=["stratum", "psu", "w", "age", "y0", "b"])
        survey = Survey(frame, weights="w", strata="stratum", psu="psu")
        return lambda: survey.regression("b ~ age + y0", family="binomial").table
    if lazy:
        import duckdb

        duckdb.sql("SET threads TO 2; SET memory_limit = '2GB'")
        frame = path
    else:
        import pandas as pd

        frame = pd.read_parquet(path)
    variables = OUTCOMES if task == "five" else ["y0"]
    declared: dict[str, Any] = {"weights": "w", "strata": "stratum", "psu": "psu"}

    def run() -> Any:  # reading the design is part of the work
        return Survey(frame, **declared).mean(variables, by=[[], CELLS]).table

    return run


def bare(task: str, path: str) -> Callable[[], Any]:
    """Return the group-bys alone, in SQL: what cannot be undercut."""
    import duckdb

    duckdb.sql("SET threads TO 2; SET memory_limit = '2GB'")
    variables = OUTCOMES if task == "five" else ["y0"]
    sums = ", ".join(
        f"sum(CASE WHEN {y} IS NOT NULL THEN w END) AS w_{y}, sum(w*{y}) AS t_{y}, count({y}) AS n_{y}"
        for y in variables
    )
    design = f"SELECT stratum, psu, count(*), sum(w), sum((w>0)::INT) FROM '{path}' GROUP BY ALL"
    cells = f"SELECT country, age, stratum, psu, {sums} FROM '{path}' GROUP BY ALL"
    return lambda: (duckdb.sql(design).fetchnumpy(), duckdb.sql(cells).fetchnumpy())


def statsmodels(task: str, path: str) -> Callable[[], Any]:
    """Return statsmodels' own weighted logistic fit, without any design."""
    import numpy as np
    import pandas as pd
    import statsmodels.api as sm

    frame = pd.read_parquet(path, columns=["w", "age", "y0", "b"])

    def run() -> Any:
        used = frame.dropna()
        x = np.column_stack([np.ones(len(used)), used["age"], used["y0"]])
        model = sm.GLM(
            used["b"].to_numpy(), x, family=sm.families.Binomial(), var_weights=used["w"].to_numpy()
        )
        return model.fit().params

    return run


def svy(task: str, path: str) -> Callable[[], Any]:
    """Return the task on svy (polars); one call for the whole and one for the cells."""
    import polars as pl
    import svy as package

    frame = pl.read_parquet(path)
    sample = package.Sample(data=frame, design=package.Design(stratum="stratum", psu="psu", wgt="w"))
    if task == "logit":
        return lambda: sample.glm.fit(y="b", x=["age", "y0"], family="binomial")

    def run() -> Any:
        for y in OUTCOMES if task == "five" else ["y0"]:
            sample.estimation.mean(y, drop_nulls=True)
            sample.estimation.mean(y, by=CELLS, drop_nulls=True)

    return run


ENGINES: dict[str, Callable[[str, str], Callable[[], Any]]] = {
    "duckdb": lambda task, path: ours(task, path, lazy=True),
    "pandas": lambda task, path: ours(task, path, lazy=False),
    "bare": bare,
    "statsmodels": statsmodels,
    "svy": svy,
}


def main() -> None:
    """Run one task once, after a small one that loads what it needs."""
    engine, task, path, small = sys.argv[1:5]
    ENGINES[engine](task, small)()  # modules that load on first use are not the work
    work = ENGINES[engine](task, path)
    started = time.perf_counter()
    work()
    print(json.dumps({"seconds": time.perf_counter() - started, "peak": peak()}))


if __name__ == "__main__":
    main()
