"""The cases: numbers that R's survey package gave, and the frames and designs they were made from."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from volresearch.survey import Survey

OWN = Path(__file__).parent / "own"


@dataclass(frozen=True)
class Case:
    """One call in R with its numbers."""

    id: str
    data: str
    design: dict[str, Any]
    statistic: str
    r_call: str
    result: dict[str, Any]
    folder: Path
    warnings: tuple[str, ...] = ()

    @property
    def own(self) -> bool:
        return self.folder == OWN

    @property
    def stem(self) -> str:
        """The id without its last part: what the cases of one design share."""
        return self.id.rsplit(".", 1)[0]

    def variables(self) -> list[list[str]]:
        """Variables of each one-sided formula in the call, in R's order; I(x==1) is x."""
        call = re.sub(r"I\((\w[\w.]*)==1\)", r"\1", self.r_call)
        found = re.findall(r"~\s*([\w.]+(?:\s*\+\s*[\w.]+)*)", call)
        return [[name.strip().replace(".", "_") for name in one.split("+")] for one in found]


@dataclass
class Checks:
    """Numbers of ours beside R's, with how near they must be and, where that is not 1e-10, why."""

    rows: list[tuple[str, np.ndarray, np.ndarray, float, str]] = field(default_factory=list)

    def add(
        self, name: str, ours: Any, theirs: Any, tolerance: float = 1e-10, reason: str = "", scale: Any = 0.0
    ) -> None:
        """Compare `ours` with `theirs`, relative to the larger of |theirs| and `scale`."""
        a = np.asarray(_numbers(ours), dtype=float).ravel()
        b = np.asarray(_numbers(theirs), dtype=float).ravel()
        assert a.shape == b.shape, f"{name}: {a.shape[0]} numbers against {b.shape[0]}"
        floor = (
            np.broadcast_to(np.asarray(scale, dtype=float).ravel(), b.shape)
            if np.ndim(scale)
            else np.full(b.shape, scale)
        )
        known = np.isfinite(b)
        assert (np.isfinite(a) == known).all(), f"{name}: {a} against {b}"
        same = b[~known & ~np.isnan(b)]
        assert (a[~known & ~np.isnan(b)] == same).all(), f"{name}: {a} against {b}"
        size = np.maximum(np.abs(b[known]), floor[known])
        off = np.abs(a[known] - b[known])
        worst = float((off / np.where(size == 0, 1, size)).max(initial=0.0))
        self.rows.append((name, a, b, tolerance, reason))
        assert worst <= tolerance, (
            f"{name}: off by {worst:.2e}, allowed {tolerance:g} ({reason or 'linear'})\nours {a}\nR    {b}"
        )


def _numbers(value: Any) -> Any:
    if isinstance(value, list | tuple | np.ndarray | pd.Series):
        return [_numbers(one) for one in value]
    if value is None or value == "NA":
        return np.nan
    return float(str(value).replace("Inf", "inf"))


def load(folder: Path) -> list[Case]:
    """Read all cases of a folder."""
    content = json.loads((folder / "reference.json").read_text(encoding="utf-8"))
    return [
        Case(
            one["id"],
            one["data"],
            one["design"],
            one["statistic"],
            one["r_call"],
            one["result"],
            folder,
            tuple(np.atleast_1d(one.get("r_warnings", [])).tolist()),
        )
        for one in content["cases"]
    ]


@functools.cache
def frame(folder: Path, stem: str) -> pd.DataFrame:
    """Read one data file of a folder."""
    return pd.read_csv(folder / f"{stem}.csv", encoding="utf-8", keep_default_na=False, na_values=[""])


@functools.cache
def _scales(folder: Path) -> dict[str, dict[str, Any]]:
    return {case.stem: case.result for case in load(folder) if case.id.endswith(".scale")}


def survey_of(case: Case) -> Survey:
    """Build the design of a case."""
    if case.own:
        return own_survey(case)
    if "replicate_weights_file" in case.design:
        return replicate_survey(case)
    data = frame(case.folder, case.data)
    declared = {name: case.design.get(name) for name in ("weights", "strata", "psu", "fpc")}
    if declared["weights"] == "from fpc":
        declared["weights"] = None
    return Survey(data, **declared, nest="nest=TRUE" in case.design.get("r", ""))


def own_survey(case: Case, data: pd.DataFrame | None = None) -> Survey:
    """Build the design of a case of our own data; the id says how lone units are treated."""
    design = case.design
    rule = case.id.split(".")[1]
    lone = (
        rule.removesuffix("_domain")
        if rule.split("_")[0] in {"remove", "certainty", "adjust", "average"}
        else "certainty"
    )
    return Survey(
        frame(OWN, "synthetic") if data is None else data,
        weights=design["weights"],
        strata=design["strata"],
        psu=design["psu"],
        fpc=design.get("fpc"),
        lone_psu=lone,
        lone_in_domains=rule.endswith("_domain"),
    )


def replicate_survey(case: Case) -> Survey:
    """Build a design of given replicate weights, with the scales that R reports."""
    rule = _scales(case.folder)[case.stem]
    data = frame(case.folder, case.data)
    given = frame(case.folder, case.design["replicate_weights_file"].removesuffix(".csv"))
    columns = [name for name in given.columns if name.startswith("rep")]
    together = pd.concat([data, given[columns].astype(float).add_prefix("rw_")], axis=1)
    method = {"JK1_fpc": "JK1", "JK1_mse": "JK1", "successive-difference": "SDR"}.get(
        case.design.get("type", case.stem.split(".")[2]), case.design.get("type", case.stem.split(".")[2])
    )
    return Survey(
        together,
        weights="pw",
        replicate_weights="rw_*",
        method=method,
        scale=rule["scale"],
        rscales=rule["rscales"],
        combined=True,
        mse=bool(rule["mse"]),
    )
