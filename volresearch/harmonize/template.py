"""The crosswalk to fill in: every variable and code of a dataset, with what the target suggests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import number_of
from volresearch.harmonize.counting import counts_of, filled
from volresearch.harmonize.sheets import COLUMNS, write_rows
from volresearch.harmonize.targets import Target, codebook_from
from volresearch.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.datasets import Codebook, Dataset, Variable

__all__ = ["crosswalk_template"]


def crosswalk_template(
    dataset: Dataset, target: Target, path: str | Path | None = None, *, lang: str = "en"
) -> pd.DataFrame:
    """Return the crosswalk to fill in, from a dataset to the variables of a target; with `path`, write it as CSV.

    Parameters
    ----------
    dataset : Dataset
    target : Codebook, Dataset, Instrument, id or path
        Whose variables the dataset is to be put into.
    path : path, optional
        Where to write it; a file that is there is never overwritten.
    lang : str
        Language of the labels.

    Returns
    -------
    pandas.DataFrame
        One row for each code, and one (``*``) for a variable of numbers or texts. ``target_variable`` and
        ``target_code`` are filled in where name and label are equal (in any language), and the note says so; where
        only one of them is equal the note says "perhaps", and the row does nothing until ``target_code`` is filled in.
        Kinds of missing go over by themselves. ``variable_label, source_label, target_label, n`` are for the reader.

    Raises
    ------
    VolResearchError
        ``export.exists``, ``export.failed``, ``dataset.unknown``.

    Examples
    --------
    >>> import volresearch as vr
    >>> people = vr.dataset("core.vol_work_synthetic")
    >>> made = crosswalk_template(people, people)
    >>> made.loc[made["source_variable"] == "sex", "target_code"].tolist()
    ['f', 'm']
    """
    import pandas as pd

    book = codebook_from(target)
    rows = [row for variable in dataset.codebook for row in _rows(dataset, variable, book, lang)]
    if path is not None:
        write_rows(Path(path), COLUMNS, rows)
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def _rows(dataset: Dataset, variable: Variable, book: Codebook, lang: str) -> Iterator[dict[str, str]]:
    frame = dataset.tables[variable.table or dataset.main]
    wanted, sure = _counterpart(variable, book)
    common = {
        **dict.fromkeys(COLUMNS, ""),
        "source_dataset": dataset.id,
        "source_table": variable.table,
        "source_variable": variable.name,
        "target_variable": wanted.name if wanted else "",
        "variable_label": variable.label.get_in(lang),
    }
    if variable.name not in frame.columns:
        return
    if not variable.labels and variable.type not in {"code", "multiple"}:
        yield {
            **common,
            **_whole(variable, wanted, sure),
            "source_code": "*",
            "n": str(filled(frame, variable)),
        }
        return
    counts = counts_of(frame, variable)
    known = {**dict.fromkeys(variable.labels), **dict.fromkeys(counts), **dict.fromkeys(variable.missing)}
    for code in sorted(known, key=lambda one: (one in variable.missing, *_in_order(one))):
        label = variable.labels.get(code, Text())
        row = {
            **common,
            "source_code": code,
            "source_label": label.get_in(lang),
            "n": str(counts.get(code, 0)),
        }
        if code in variable.missing:
            yield {
                **row,
                "target_variable": "",
                "note": f"missing: {variable.missing[code]}; goes over by itself",
            }
        else:
            yield {**row, **_coded(label, wanted, sure, lang)}


def _in_order(code: str) -> tuple[bool, float, str]:
    number = number_of(code)
    return number is None, number or 0.0, code


def _counterpart(variable: Variable, book: Codebook) -> tuple[Variable | None, bool]:
    """Return the variable of the target that a variable may become, and whether name and label are both equal."""
    named = [one for one in book if _folded(one.name) in {_folded(variable.name), _folded(variable.source)}]
    for one in named:
        if _alike(variable.label, one.label):
            return one, True
    labelled = [one for one in book if _alike(variable.label, one.label)]
    return next(iter([*named, *labelled]), None), False


def _whole(variable: Variable, wanted: Variable | None, sure: bool) -> dict[str, str]:
    """What to do with values that are not codes: copy them where type and unit are those of the target."""
    if wanted is None:
        return {}
    same = variable.type == wanted.type or (variable.numeric and wanted.type == "number")
    if sure and same and variable.unit == wanted.unit:
        return {"target_code": "copy", "note": "suggested: equal name and label"}
    if variable.unit != wanted.unit:
        return {"note": f"perhaps; units differ: {variable.unit or 'none'} and {wanted.unit or 'none'}"}
    if not same:
        return {"note": f"perhaps; types differ: {variable.type} and {wanted.type}"}
    return {"note": "perhaps: equal name or label"}


def _coded(label: Text, wanted: Variable | None, sure: bool, lang: str) -> dict[str, str]:
    if wanted is None:
        return {}
    codes = [code for code, text in wanted.labels.items() if _alike(label, text)]
    if len(codes) != 1:
        return {"note": "perhaps: equal name or label of the variable" if not sure else ""}
    shown = {"target_label": wanted.labels[codes[0]].get_in(lang)}
    if sure:
        return {**shown, "target_code": codes[0], "note": "suggested: equal name and label"}
    return {"note": f"perhaps {codes[0]}: equal label"}


def _alike(one: Text, two: Text) -> bool:
    """Whether two texts say the same in a language that both have; a text without language is held against all."""
    for tag, words in one.items():
        others: list[Any] = [two[tag]] if tag in two else []
        others += list(two.values()) if tag == "und" else [two["und"]] if "und" in two else []
        if any(_folded(words) == _folded(other) for other in others):
            return True
    return False


def _folded(words: str) -> str:
    return re.sub(r"[\s_]+", " ", words).strip(" .:?¿!¡").casefold()
