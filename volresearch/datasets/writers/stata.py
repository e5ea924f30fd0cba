"""Stata files (.dta, release 118): labels of one language, every reason a special missing value .a to .z."""

from __future__ import annotations

from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import Variable, number_of
from volresearch.datasets.readers.statfiles_columns import CODE_FORMAT, NUMBER_FORMAT
from volresearch.datasets.writers.statfile_columns import (
    Column,
    labelled,
    options_of,
    raw_beside,
    reasons_beside,
    take_large,
)
from volresearch.datasets.writers.statfile_files import frame_of, write_tables
from volresearch.datasets.writers.statfile_limits import STATA, Told
from volresearch.declare import MISSING_REASONS

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.datasets.dataset import Dataset

__all__ = ["write_stata"]

_VERSION = 14  # of pyreadstat: release 118, which every Stata since 14 opens
_FORMATS = {"date": "%td", "datetime": "%tc", "code": CODE_FORMAT}
_LOOKED_AT = 100  # rows by which pyreadstat tells what a column of objects holds
_LABELLED = 2_147_483_620  # Stata labels whole numbers up to here
#: Letters that other programmes read in the same way, where they are free.
_USUAL = {"dont_know": "d", "refused": "r", "no_answer": "n", "not_applicable": "i", "not_in_version": "y"}


def write_stata(
    dataset: Dataset, path: Path, *, lang: str = "en", shorten: bool = False, overwrite: bool = False
) -> tuple[str, ...]:
    """Write a dataset as Stata files; linked tables go into files beside it.

    Parameters
    ----------
    dataset : Dataset
    path : Path
        Ends in ``.dta``.
    lang : str
        Language of all labels: one file holds one.
    shorten : bool
        Whether labels that are too long may be cut (value labels 32,000 letters, labels of variables 80).
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
        dataset,
        path,
        STATA,
        lang=lang,
        shorten=shorten,
        overwrite=overwrite,
        settle=_settle,
        write=_write,
        make=_beside,
    )


def _beside(column: Column, lang: str, told: Told) -> list[Column]:
    """Return columns of 0 and 1, or, for codes that are words, a column of numbers with their labels."""
    if column.variable.type != "code" or column.numeric or not column.labels:
        return options_of(column, lang, told)
    answered, words = reasons_beside(column)
    found = column.values[answered].unique()
    codes = [code for code in dict.fromkeys([*column.labels, *found]) if code not in column.variable.missing]
    numbers = {str(code): float(number) for number, code in enumerate(codes, 1)}
    values = column.values.where(answered).map(numbers, na_action="ignore").astype("float64")
    name = f"{column.variable.name}_labelled"
    labels = {str(number): column.labels.get(code) or code for number, code in enumerate(codes, 1)}
    told.say(
        f"{column.variable.name} has codes that are words, which Stata does not label: {name} has the same "
        "as numbers with labels."
    )
    return [Column(Variable(name=name, type="code"), column.label, values, words, labels, made=True)]


def _settle(column: Column, told: Told) -> None:
    """Give reasons letters where the column holds numbers, a companion column where it holds text."""
    if column.numeric:
        _settle_numbers(column, told)
    else:
        _settle_texts(column, told)


def _settle_numbers(column: Column, told: Told) -> None:
    import numpy as np

    name, missing = column.variable.name, column.variable.missing
    take_large(column, told)
    raw = raw_beside(column, told)
    texts = {float(code): code for code in column.held}
    held = column.values.isin(list(texts))
    words = column.words.fillna(column.values.where(held).map(texts, na_action="ignore").astype("str"))
    wanted = [word for word in dict.fromkeys([*missing, *column.kinds()]) if word not in raw]
    letters = _lettered(wanted, {word: missing.get(word, word) for word in wanted})
    changed = {word: f".{letter}" for word, letter in letters.items() if word != f".{letter}"}
    if changed:
        listed = ", ".join(f"{word} is {letter}" for word, letter in changed.items())
        told.say(f"{name}: missing values of Stata are letters: {listed}.")
    if column.variable.missing_ranges:
        told.say(f"{name}: Stata declares no ranges; the codes that were found in it are letters.")
    if len(set(letters.values())) < len(letters):
        told.say(
            f"{name} has {len(letters)} missing codes, and Stata 26 letters: some share that of their reason."
        )
    column.values = column.values.mask(held, np.nan)
    column.words = words.map(letters, na_action="ignore").astype("str")
    column.labels = _labels(column, letters, told)
    column.declared = sorted(set(letters.values()))


def _lettered(words: list[str], reasons: dict[str, str]) -> dict[str, str]:
    """Return a letter for each word: its own, that of its reason, a free one; too many share one by reason."""
    own = {
        word: word[1] for word in words if len(word) == 2 and word[0] == "." and word[1] in ascii_lowercase
    }
    others = [word for word in words if word not in own]
    usual = set(_USUAL.values())
    free = [letter for letter in ascii_lowercase if letter not in own.values() and letter not in usual]
    out, shared = dict(own), dict[str, str]()
    kept = len(MISSING_REASONS) if len(words) > len(ascii_lowercase) else 0
    for word in others:
        reason = reasons[word]
        letter = _USUAL.get(reason, "")
        if letter and letter not in out.values():
            out[word] = shared[reason] = letter
        elif len(free) > kept:
            out[word] = free.pop(0)
        else:
            if reason not in shared:
                shared[reason] = free.pop(0) if free else next(iter(out.values()))
            out[word] = shared[reason]
    return out


def _labels(column: Column, letters: dict[str, str], told: Told) -> dict[Any, str]:
    """Return labels by value; those of letters so that they tell their reason."""
    missing = column.variable.missing
    out: dict[Any, str] = {}
    odd = []
    for code, label in column.labels.items():
        number = number_of(code)
        if code in letters or number is None or not label:
            continue
        if number != int(number) or abs(number) > _LABELLED:
            odd.append(code)
        else:
            out[int(number)] = labelled(column, code, label, "", told)
    if odd:
        told.say(
            f"{column.variable.name}: Stata labels whole numbers only; {', '.join(odd)} have no label there."
        )
    for word, letter in letters.items():
        if letter not in out:
            said = labelled(column, f".{letter}", column.labels.get(word, ""), missing.get(word, word), told)
            out |= {letter: said} if said else {}
    return out


def _settle_texts(column: Column, told: Told) -> None:
    """Put every reason into the companion column: Stata has no missing texts, and no labels on them."""
    import numpy as np

    name, missing = column.variable.name, column.variable.missing
    held = column.values.isin(list(missing))
    if held.any():
        column.words = column.words.fillna(column.values.where(held))
        column.values = column.values.mask(held, np.nan)
    if column.variable.type == "multiple" and (column.values == "").any():
        told.say(
            f"{name}: where nothing was chosen it is blank; its columns of 0 and 1 tell that from no answer."
        )
    if column.words.notna().any():
        told.say(f"{name} is text, which has no missing values in Stata: reasons stand in {name}__why.")
        column.put_beside(column.words.notna())
    column.labels = {}


def _write(columns: list[Column], title: str, told: Told, path: Path) -> None:
    import pyreadstat

    pyreadstat.write_dta(
        frame_of(columns, {column.name: _cells(column) for column in columns}),
        str(path),
        file_label=title,
        column_labels={column.name: column.label for column in columns if column.label},
        version=_VERSION,
        variable_value_labels={column.name: column.labels for column in columns if column.labels},
        missing_user_values={column.name: column.declared for column in columns if column.declared},
        variable_format={column.name: said for column in columns if (said := _format(column))},
    )


def _cells(column: Column) -> pd.Series:
    """Return texts, or numbers with letters in the place of what is missing."""
    import pandas as pd

    if not column.numeric:
        return column.values.fillna("")
    lettered = column.words.isin(column.declared)
    if not lettered.any():
        return column.values
    cells = column.values.astype(object).where(~lettered, column.words.astype(object))
    numbers = column.values.dropna().unique().tolist()
    if not numbers or column.values.head(_LOOKED_AT).notna().any():
        return cells
    # A column of objects that begins with letters only is taken for text: as categories, its numbers come first.
    return cells.astype(pd.CategoricalDtype([*numbers, *column.declared]))


def _format(column: Column) -> str:
    kind = column.variable.type
    if not column.numeric:
        return ""
    if kind in _FORMATS:
        return _FORMATS[kind]
    return NUMBER_FORMAT if column.labels else ""
