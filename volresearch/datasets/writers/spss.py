"""SPSS files (.sav, .zsav): labels of one language, user-missing values and ranges, reasons as codes of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import number_of
from volresearch.datasets.readers.statfiles_spss import OURS
from volresearch.datasets.writers.statfile_columns import (
    Column,
    labelled,
    ranges_of,
    raw_beside,
    take_large,
    whole,
)
from volresearch.datasets.writers.statfile_files import frame_of, write_tables
from volresearch.datasets.writers.statfile_limits import SPSS, Told, size_of

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from volresearch.datasets.dataset import Dataset

__all__ = ["write_spss"]

_NOTE = f"{OURS}: nominal: code, ordinal text: codes, scale: number, time"
_MEASURES = {"code": "nominal", "multiple": "ordinal", "time": "scale", "number": "scale", "integer": "scale"}
_FORMATS = {"date": "DATE11", "datetime": "DATETIME23.2"}
_SHORT = 8  # bytes of a text that SPSS can declare missing
_MOST_SINGLE = 3


def write_spss(
    dataset: Dataset, path: Path, *, lang: str = "en", shorten: bool = False, overwrite: bool = False
) -> tuple[str, ...]:
    """Write a dataset as SPSS files; linked tables go into files beside it.

    Parameters
    ----------
    dataset : Dataset
    path : Path
        Ends in ``.sav``, or in ``.zsav`` for a compressed file.
    lang : str
        Language of all labels: SPSS holds one.
    shorten : bool
        Whether labels that are too long may be cut (value labels 120 bytes, labels of variables 256).
    overwrite : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    tuple of str
        What the file cannot hold or holds in another way, a sentence each.

    Raises
    ------
    VolResearchError
        ``write.limit`` with everything that is too long, ``export.exists``, ``export.failed``, ``tool.missing``.
    """
    return write_tables(
        dataset, path, SPSS, lang=lang, shorten=shorten, overwrite=overwrite, settle=_settle, write=_write
    )


@dataclass
class _Plan:
    """How a column of numbers says what is missing: code of each word, and what is declared."""

    codes: dict[str, float] = field(default_factory=dict)
    singles: list[float] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)
    left: list[float] = field(default_factory=list)


def _settle(column: Column, told: Told) -> None:
    """Give reasons codes where the column holds numbers, a companion column where it holds text."""
    if column.numeric:
        _settle_numbers(column, told)
    else:
        _settle_texts(column, told)


def _settle_numbers(column: Column, told: Told) -> None:
    import pandas as pd

    take_large(column, told)
    name, raw = column.variable.name, raw_beside(column, told)
    words = [word for word in (*column.variable.missing, *column.kinds()) if word not in {*column.held, *raw}]
    plan = _planned(column, list(dict.fromkeys(words)))
    numbers = {code: float(code) for code in column.held} | plan.codes
    column.values = column.values.fillna(
        pd.to_numeric(column.words.map(numbers, na_action="ignore")).astype("float64")
    )
    if plan.codes:
        listed = ", ".join(f"{word} is {whole(code)}" for word, code in plan.codes.items())
        told.say(f"{name}: SPSS has numbers only for what is missing: {listed}.")
    if not column.moment and set(ranges_of(column.variable)) - set(plan.spans):
        told.say(
            f"{name}: SPSS declares one range that holds no valid number; its codes are declared, its range is not."
        )
    if plan.left:
        _leave(column, plan.left, told)
    column.labels = _labels(column, plan, told)
    column.declared = [*({"lo": low, "hi": high} for low, high in plan.spans), *plan.singles]


def _leave(column: Column, left: list[float], told: Told) -> None:
    """Make blank what cannot be declared missing; the companion column says why."""
    import numpy as np

    name = column.variable.name
    listed = ", ".join(str(whole(code)) for code in left)
    told.say(
        f"{name}: SPSS declares three values, or one range and one value; {listed} are blank, "
        f"with their reason in {name}__why."
    )
    lost = column.values.isin(left)
    texts = {float(code): code for code in column.held}
    column.words = column.words.fillna(column.values.where(lost).map(texts, na_action="ignore").astype("str"))
    column.put_beside(lost)
    column.values = column.values.mask(lost, np.nan)


def _labels(column: Column, plan: _Plan, told: Told) -> dict[Any, str]:
    """Return labels by number, those of missing codes so that they tell their reason."""
    missing, held = column.variable.missing, column.held
    texts: dict[float, tuple[str, str, str]] = {}
    for code, label in {**column.labels, **{code: column.labels.get(code, "") for code in held}}.items():
        number = number_of(code)
        if number is not None and (code in held or code not in missing):
            texts[number] = (code, label, held.get(code, ""))
    for word, number in plan.codes.items():
        texts[number] = (str(whole(number)), column.labels.get(word, ""), missing.get(word, word))
    out = {number: labelled(column, *said, told) for number, said in texts.items() if number not in plan.left}
    return {number: label for number, label in out.items() if label}


def _planned(column: Column, words: list[str]) -> _Plan:
    """Find free codes for `words` so that SPSS can declare all of them, with the codes that are declared."""
    import numpy as np

    held = sorted({float(code) for code in column.held})
    present = column.values.dropna().to_numpy()
    labelled = [number for code in column.labels if (number := number_of(code)) is not None]
    valid = np.setdiff1d(np.unique(np.concatenate([present, np.array(labelled, dtype="float64")])), held)
    spans = [] if column.moment else ranges_of(column.variable)
    taken = np.concatenate([valid, held, [end for span in spans for end in span if np.isfinite(end)]])
    best: _Plan | None = None
    for first in _firsts(taken, held, len(words)):
        step = -1 if first < 0 else 1
        codes = {word: float(first + step * place) for place, word in enumerate(words)}
        plan = _declared(held, codes, spans, valid)
        if not plan.left:
            return plan
        if best is None or len(plan.left) < len(best.left):
            best = plan
    return best or _Plan()


def _firsts(taken: np.ndarray[Any, Any], held: list[float], n: int) -> Iterable[float]:
    """Return numbers at which a block of free codes may begin: -901 and on, or next to the declared codes."""
    finite = taken[abs(taken) < 1e14]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    yield next(first for power in range(2, 16) if (first := -(9 * 10.0**power + 1)) < low)
    if held and n and max(held) < 1e14:
        yield float(int(max(held)) + 1) if max(held) >= high else float(int(high) + 1)


def _declared(
    held: list[float], codes: dict[str, float], spans: list[tuple[float, float]], valid: np.ndarray[Any, Any]
) -> _Plan:
    """Choose what to declare: at most three values, or a range and a value, that hold no valid number."""
    free = set(codes.values())
    wanted = sorted({*held, *free})
    whole_spans = spans[:1] if spans and not _between(valid, *spans[0]) else []
    if whole_spans:
        low, high = whole_spans[0]
        outside = [number for number in wanted if not low <= number <= high]
        return _chosen(codes, outside, free, whole_spans, 1)
    if len(wanted) <= _MOST_SINGLE:
        return _Plan(codes, wanted)
    plans = [_chosen(codes, wanted, free, [], _MOST_SINGLE)]
    for run in _runs(wanted, valid):
        span = [(run[0], run[-1])] if len(run) > 1 else []
        rest = [number for number in wanted if number not in run]
        plans.append(_chosen(codes, rest, free, span, 1))
    return min(plans, key=lambda plan: len(plan.left))


def _chosen(
    codes: dict[str, float],
    wanted: list[float],
    free: set[float],
    spans: list[tuple[float, float]],
    most: int,
) -> _Plan:
    """Declare up to `most` single values; codes that were made for reasons come first, the others are left."""
    ordered = sorted(wanted, key=lambda number: number not in free)
    return _Plan(codes, sorted(ordered[:most]), spans, sorted(ordered[most:]))


def _runs(wanted: list[float], valid: np.ndarray[Any, Any]) -> list[list[float]]:
    """Return the longest stretches of missing codes with no valid number between."""
    runs = [[wanted[0]]]
    for before, after in pairwise(wanted):
        if _between(valid, before, after):
            runs.append([after])
        else:
            runs[-1].append(after)
    return runs


def _between(valid: np.ndarray[Any, Any], low: float, high: float) -> bool:
    import numpy as np

    return bool(np.searchsorted(valid, low, "left") < np.searchsorted(valid, high, "right"))


def _settle_texts(column: Column, told: Told) -> None:
    """Declare up to three short texts missing; every other reason goes into the companion column."""
    import numpy as np

    name, missing = column.variable.name, column.variable.missing
    used = [code for code in missing if (column.values == code).any()]
    short = [code for code in (*used, *missing) if size_of(code, "bytes") <= _SHORT and code[:1] != "."]
    declared = list(dict.fromkeys(short))[:_MOST_SINGLE]
    left = [code for code in used if code not in declared]
    if left:
        told.say(
            f"{name}: SPSS declares up to three texts of at most 8 bytes missing: {', '.join(left)} are blank, "
            f"with their reason in {name}__why."
        )
        lost = column.values.isin(left)
        column.words = column.words.mask(lost, column.values)
        column.values = column.values.mask(lost, np.nan)
    if column.words.notna().any() or (column.variable.type == "multiple" and (column.values == "").any()):
        told.say(f"{name} is text, which has no codes for reasons: they stand in {name}__why.")
        column.put_beside(column.words.notna())
    texts = {**column.labels, **{code: column.labels.get(code, "") for code in declared}}
    column.labels = {
        code: said
        for code, label in texts.items()
        if (code in declared or code not in missing)
        and (said := labelled(column, code, label, missing.get(code, ""), told))
    }
    column.declared = list(declared)


def _write(columns: list[Column], title: str, told: Told, path: Path) -> None:
    import pyreadstat

    values = {column.name: column.values if column.numeric else _wide(column) for column in columns}
    formats = {column.name: _FORMATS.get(column.moment, "F8.0") for column in columns if _is_whole(column)}
    pyreadstat.write_sav(
        frame_of(columns, values),
        str(path),
        file_label=title,
        column_labels={column.name: column.label for column in columns if column.label},
        compress=path.suffix.lower() == ".zsav",
        note=[_NOTE],
        variable_value_labels={column.name: column.labels for column in columns if column.labels},
        missing_ranges={column.name: column.declared for column in columns if column.declared},
        variable_measure={column.name: _MEASURES.get(column.variable.type, "unknown") for column in columns},
        variable_format=formats,
    )


def _is_whole(column: Column) -> bool:
    return bool(column.moment) or (column.numeric and column.variable.type != "number")


def _wide(column: Column) -> pd.Series:
    """Return texts, the first one padded so that codes of labels fit: pyreadstat sizes a column by the letters of these."""
    texts = column.values.fillna("")
    sizes = [size_of(str(code), "bytes") for code in (*column.labels, *column.declared)]
    if len(texts) and sizes:
        first = str(texts.iloc[0])
        texts.iloc[0] = first + " " * max(0, max(sizes) - size_of(first, "bytes"))
    elif sizes:
        column.labels = {code: label for code, label in column.labels.items() if str(code).isascii()}
    return texts
