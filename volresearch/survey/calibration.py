"""Surveys with adjusted weights, whose variances know every adjustment that was made.

Linearized designs become `CalibratedDesign`; under replicate weights every replicate is adjusted instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from volresearch.errors import VolResearchError, Where, near
from volresearch.survey import adjust
from volresearch.survey.calibrated import Adjustment, CalibratedDesign
from volresearch.survey.design import Design, read_design
from volresearch.survey.engine import Engine
from volresearch.survey.replicates import ReplicateDesign, rank_of
from volresearch.survey.variance import Floats, Ints

if TYPE_CHECKING:
    from volresearch.survey.survey import Survey

__all__ = [
    "base_weights",
    "calibrate",
    "in_memory",
    "poststratify",
    "rake",
    "survey_of",
    "trim",
]

_COLUMN = "weight_adjusted"


def in_memory(survey: Survey) -> pd.DataFrame:
    """Return the frame as pandas; adjusting weights needs every row at once."""
    engine = survey.sample.engine
    return engine.selected({name: nw.col(name) for name in engine.columns})


def base_weights(survey: Survey, frame: pd.DataFrame) -> Floats:
    """Return the sampling weights of the frame's rows, shape (rows,); zero where they are missing."""
    design = survey.design
    if design.declaration.weights is not None:
        return np.asarray(
            np.nan_to_num(frame[design.declaration.weights].to_numpy(np.float64)), dtype=np.float64
        )
    if design.unit_weight is None:
        return np.ones(len(frame))
    stratum, psu, _ = design.locate(frame)
    return np.asarray(design.unit_weight[stratum if design.psu is None else psu])


def _adjusted(
    survey: Survey, compute: Callable[[Floats], Floats], x: Floats | None, words: str, *, equal: bool = False
) -> Survey:
    """Return the survey under new weights, its design remembering the adjustment."""
    design = survey.design
    if not design.declaration.infers or design.declaration.kind == "census":
        raise VolResearchError(
            "survey.nonprobability" if design.declaration.kind != "census" else "survey.calibration",
            "Weights of a sample that was not drawn at random cannot be calibrated into a probability sample.",
            hint='Describe the respondents, or state the assumption with assume="srs".',
        )
    frame = in_memory(survey)
    base = base_weights(survey, frame)
    if isinstance(design, ReplicateDesign):
        return _adjusted_replicates(survey, design, frame, base, compute, words)
    weight = compute(base)
    frame = frame.assign(**{_COLUMN: weight})
    engine = Engine(frame, survey.sample.engine.codebook)
    plain = read_design(engine, replace(design.declaration, weights=_COLUMN))
    earlier = design.steps if isinstance(design, CalibratedDesign) else ()
    said = design.words if isinstance(design, CalibratedDesign) else ()
    before = (base > 0).astype(np.float64) if equal else base
    steps = earlier if x is None else (*earlier, Adjustment.of(x, before, weight, words))
    values = {item.name: getattr(plain, item.name) for item in fields(Design)}
    values |= {
        "row_level": True,
        "steps": steps,
        "weight": weight,
        "words": (*said, words),
        "atoms": _atoms(plain, frame),
    }
    return survey_of(survey, engine, CalibratedDesign(**values))


def _atoms(design: Design, frame: pd.DataFrame) -> tuple[Ints, Ints, Ints, Ints | None]:
    """The finest sampling units: the unit of each row, then stratum, first-stage and second-stage unit of each."""
    stratum, psu, ssu = design.locate(frame)
    finest = psu if ssu is None else ssu
    _, first, atom = np.unique(finest, return_index=True, return_inverse=True)
    return atom, stratum[first], psu[first], None if ssu is None else ssu[first]


def _adjusted_replicates(
    survey: Survey,
    design: ReplicateDesign,
    frame: pd.DataFrame,
    base: Floats,
    compute: Callable[[Floats], Floats],
    words: str,
) -> Survey:
    matrix = design.weights_of(frame)
    new = {_COLUMN: compute(base)}
    for name, column in zip(design.columns, matrix.T, strict=True):
        new[f"{name}_adjusted"] = compute(column)
    dropped = [name for name in new if name in frame.columns]
    frame = pd.concat([frame.drop(columns=dropped), pd.DataFrame(new, index=frame.index)], axis=1)
    engine = Engine(frame, survey.sample.engine.codebook)
    made = replace(
        design,
        declaration=replace(design.declaration, weights=_COLUMN),
        columns=tuple(name for name in new if name != _COLUMN),
        combined=True,
        rank=rank_of(np.column_stack([value for name, value in new.items() if name != _COLUMN])),
        sum_of_weights=float(new[_COLUMN].sum()),
        words=(*design.words, words),
    )
    return survey_of(survey, engine, made)


def survey_of(survey: Survey, engine: Engine, design: Design) -> Survey:
    """Return a survey of another frame and design, with the rest of its sample kept."""
    from volresearch.survey.survey import Survey as Made

    return Made.of(replace(survey.sample, engine=engine, design=design))


def _codes(survey: Survey, frame: pd.DataFrame, names: Sequence[str]) -> pd.Series[Any]:
    """Codes of one or several columns; a missing one is refused, because its row could not be adjusted."""
    engine = survey.sample.engine
    engine.require(names, "margin")
    clean = engine.selected({name: engine.clean(name) for name in names})
    lost = clean.isna().any(axis=1) & (base_weights(survey, frame) > 0)
    if lost.any():
        raise VolResearchError(
            "survey.calibration",
            f"{int(lost.sum())} rows have no code in {', '.join(names)}.",
            where=Where(row=int(np.flatnonzero(lost)[0]) + 1, variable=names[0]),
            hint="Give them a code of their own with its population count, or leave them out of the weighting frame.",
        )
    if len(names) == 1:
        return clean[names[0]]
    return pd.Series(list(clean.itertuples(index=False, name=None)), dtype=object)


def _margin(
    survey: Survey, frame: pd.DataFrame, names: Sequence[str], counts: Mapping[Any, float]
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Category of each row and population counts, refusing codes without a count and counts without rows."""
    series = _codes(survey, frame, names)
    used = base_weights(survey, frame) > 0
    keys = list(counts)
    position = {key: i for i, key in enumerate(keys)}
    if isinstance(keys[0], str) and not isinstance(next(iter(series[used]), ""), str):
        position = {type(series[used].iloc[0])(float(key)): i for i, key in enumerate(keys)}
    unknown = sorted({str(code) for code in series[used].unique() if code not in position})
    absent = [
        str(key) for key, i in position.items() if not (series[used] == key).any() and counts[keys[i]] > 0
    ]
    label = ", ".join(names)
    if unknown or absent:
        raise VolResearchError(
            "survey.calibration",
            f"The population counts of {label} do not fit the sample.",
            where=Where(variable=label),
            expected="one count for every code that the sample has, and a row for every count",
            got="; ".join(
                part
                for part in (
                    f"no count for {', '.join(unknown)}" if unknown else "",
                    f"no row for {', '.join(absent)}" if absent else "",
                )
                if part
            ),
            hint=near(unknown[0], [str(key) for key in keys])
            if unknown
            else "Join the category with a neighbour.",
        )
    cell = np.array([position.get(code, 0) for code in series], dtype=np.int64)
    return cell, np.array([float(counts[key]) for key in keys])


def _indicators(cell: npt.NDArray[np.int64], count: int) -> Floats:
    return np.asarray((cell[:, None] == np.arange(count)).astype(np.float64))


def poststratify(survey: Survey, by: str | Sequence[str], counts: Mapping[Any, float]) -> Survey:
    """Adjust weights to population counts by cell; see `Survey.poststratify`."""
    names = (by,) if isinstance(by, str) else tuple(by)
    frame = in_memory(survey)
    cell, target = _margin(survey, frame, names, counts)

    def compute(weights: Floats) -> Floats:
        now = np.bincount(cell, weights=weights, minlength=len(target))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(weights * np.where(now > 0, target / now, 0.0)[cell])

    words = f"Weights post-stratified by {', '.join(names)} to {len(target)} population counts."
    return _adjusted(survey, compute, _indicators(cell, len(target)), words)


def rake(survey: Survey, margins: Mapping[str, Mapping[Any, float]]) -> Survey:
    """Rake weights to several margins; see `Survey.rake`."""
    frame = in_memory(survey)
    found = [_margin(survey, frame, (name,), counts) for name, counts in margins.items()]
    sums = [float(target.sum()) for _, target in found]
    if max(sums) - min(sums) > 1e-6 * max(sums):
        raise VolResearchError(
            "survey.calibration",
            "The margins add up to different population sizes.",
            got=", ".join(f"{name} {total:g}" for name, total in zip(margins, sums, strict=True)),
        )
    cells, targets = [cell for cell, _ in found], [target for _, target in found]
    x = np.concatenate([_indicators(cell, len(target)) for cell, target in found], axis=1)

    def compute(weights: Floats) -> Floats:
        return adjust.raked(weights, cells, targets, list(margins))

    return _adjusted(survey, compute, x, f"Weights raked to the margins of {', '.join(margins)}.", equal=True)


def calibrate(
    survey: Survey,
    formula: str,
    totals: Mapping[str, Any],
    method: str = "linear",
    bounds: tuple[float, float] | None = None,
) -> Survey:
    """Calibrate weights to population totals; see `Survey.calibrate`."""
    from volresearch.models.formula import parse_formula

    text = formula.strip().removeprefix("~")
    parsed = parse_formula(f"{_COLUMN}__none ~ {text}")
    frame = in_memory(survey)
    engine = survey.sample.engine
    names = [name for name in parsed.variables if name != parsed.outcome]
    engine.require(names, "auxiliary variable")
    clean = engine.selected({name: engine.clean(name) for name in names})
    used = base_weights(survey, frame) > 0
    lost = clean.isna().any(axis=1).to_numpy() & used
    if lost.any():
        raise VolResearchError(
            "survey.calibration",
            f"{int(lost.sum())} rows lack an auxiliary variable.",
            where=Where(row=int(np.flatnonzero(lost)[0]) + 1),
            hint="Calibration needs every auxiliary variable for every row.",
        )
    matrix = parsed.matrix(clean, {})
    labels = [column.name for column in matrix.columns]
    target = _targets(labels, totals)
    x = np.where(used[:, None], matrix.values, 0.0)

    def compute(weights: Floats) -> Floats:
        return adjust.calibrated(weights, x, target, method, bounds, labels)

    limits = f" with factors from {bounds[0]:g} to {bounds[1]:g}" if bounds else ""
    return _adjusted(
        survey, compute, x, f"Weights calibrated ({method}{limits}) to the totals of {text.strip()}."
    )


def _targets(labels: Sequence[str], totals: Mapping[str, Any]) -> Floats:
    """Bring totals into the order of the matrix's columns; a factor may be given as level -> count."""
    flat: dict[str, float] = {}
    for name, value in totals.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}[{level}]": float(count) for level, count in value.items()}
            flat.setdefault("(Intercept)", float(sum(value.values())))
        else:
            flat[str(name)] = float(value)
    missing = [label for label in labels if label not in flat]
    if missing:
        raise VolResearchError(
            "survey.calibration",
            f'There is no population total for "{missing[0]}".',
            expected=", ".join(labels),
            got=", ".join(flat),
            hint=near(missing[0], flat),
        )
    return np.array([flat[label] for label in labels])


def trim(
    survey: Survey, lower: float | None = None, upper: float | None = None, *, strict: bool = True
) -> Survey:
    """Trim weights to a range; see `Survey.trim`."""

    def compute(weights: Floats) -> Floats:
        return adjust.trimmed(weights, lower, upper, strict=strict)

    low = "" if lower is None else f" from {lower:g}"
    high = "" if upper is None else f" up to {upper:g}"
    return _adjusted(survey, compute, None, f"Weights trimmed{low}{high}, what was cut shared out equally.")
