"""One column of text becomes a typed one: by its variable, or, where nothing says what it is, by all its cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import Variable, number_of
from volresearch.datasets.readers.text_cells import TextCells
from volresearch.datasets.readers.typing_numbers import (
    COMMA,
    DRESSED,
    LOOSE,
    MARKS,
    MAX_SAFE,
    NUMBER,
    POINT,
    SLASHED,
    THOUSANDS,
    Holdings,
    kind_of,
    order_of,
)

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = [
    "DOUBTS", "TYPES", "TypedColumn", "as_text", "as_type", "by_content", "by_variable", "code_map", "order_note", "told_dressed", "told_odd",
]  # fmt: skip

#: More unfit cells than this, and than this share of the filled ones, and the column stays text.
_FEW, _SHARE = 3, 0.05
_SERIALS = (1, 80_000)
_EPOCH = "1899-12-30"
_SHOWN = 5

#: Why a column that looks like numbers or dates stays text.
DOUBTS = {
    "large": "whole numbers beyond 9,007,199,254,740,992 would not be exact: kept as text",
    "thousands": 'cells such as "{first}" may part thousands or decimals: kept as text; write them without the comma, or declare the variable',
    "mixed": "decimal commas and decimal points stand in one column: kept as text",
    "order": 'dates such as "{first}" may begin with the day or the month: kept as text; write them as 2018-07-16',
    "calendar": "cells look like dates, and some are on no calendar: kept as text",
}
_DRESSED = "numbers with marks for thousands, per cent or money: kept as text; write them plainly (1234.56) to count with them"
#: What `kind_of` found -> type of the variable.
TYPES = {
    "integer": "integer", "number": "number", "comma": "number", "truth": "code", "text": "text",
}  # fmt: skip


@dataclass
class TypedColumn:
    """A column in its type, the raw text of what the type cannot hold, and what there is to say.

    `notes` are pairs of a kind and a sentence; `lost` marks the cells whose raw text goes into the companion column.
    """

    values: pd.Series
    variable: Variable
    lost: np.ndarray | None = None
    notes: list[tuple[str, str]] = field(default_factory=list)


def by_content(cells: TextCells, variable: Variable) -> TypedColumn:
    """Type a column by all its cells; the variable says all but the type."""
    words = _unfit_codes(cells, variable)
    if words is not None:
        rest = by_content(TextCells(cells.column.mask(words)), variable)
        if rest.variable.numeric or rest.variable.type in {"date", "datetime"}:
            rest.lost = words
            return rest
        rest.values = cells.column
        return rest
    if not cells.filled:
        return TypedColumn(cells.column, as_type(variable, "text"), notes=[("empty", "")])
    kind, doubt = kind_of(cells)
    notes: list[tuple[str, str]] = []
    if doubt:
        notes.append((doubt, DOUBTS[doubt].format(first=_example(cells, doubt))))
    if kind in {"moment", "day_first", "month_first"}:
        return _moments(cells, variable, kind, notes)
    if kind == "comma":
        notes.append(("comma", "decimal commas, read as such"))
        return TypedColumn(cells.commas(), as_type(variable, "number"), notes=notes)
    if kind in {"integer", "number"}:
        typed = as_type(variable, kind)
        values = cells.numbers if kind == "integer" else cells.numbers.astype("float64")
        return TypedColumn(values if typed.numeric else cells.column, typed, notes=notes)
    if kind == "text" and not doubt:
        notes += _odd(cells)
    return TypedColumn(cells.column, as_type(variable, TYPES[kind]), notes=notes)


def by_variable(cells: TextCells, variable: Variable) -> TypedColumn:
    """Bring a column into the type of its variable."""
    if variable.type in {"code", "multiple"}:
        return _codes(cells, variable)
    if variable.numeric:
        return _numbers(cells, variable)
    if variable.type in {"date", "datetime"}:
        return _dates(cells, variable)
    return TypedColumn(cells.column, variable)


def code_map(texts: Any, variable: Variable) -> dict[str, str]:
    """Return cells that say a code of the codebook in another way: ``1.0`` and `` 1`` for ``1``."""
    codes = {*variable.labels, *variable.missing}
    if not codes:
        return {}
    out = {}
    for text in texts:
        if not isinstance(text, str):
            continue
        parts = text.split() if variable.type == "multiple" else [text]
        new = " ".join(_code(part, codes) for part in parts)
        if new != text:
            out[text] = new
    return out


def _code(text: str, codes: set[str]) -> str:
    if text in codes:
        return text
    plain = text.strip()
    if plain in codes:
        return plain
    whole = re.fullmatch(r"(-?\d+)\.0*", plain)
    return whole[1] if whole and whole[1] in codes else text


def _codes(cells: TextCells, variable: Variable) -> TypedColumn:
    known = {**variable.labels, **variable.missing}
    if not known or (
        variable.type == "code" and int(cells.among(dict.fromkeys(known, "")).sum()) == cells.filled
    ):
        return TypedColumn(cells.column, variable)
    mapping = code_map(cells.column.unique(), variable)
    if not mapping:
        return TypedColumn(cells.column, variable)
    values = cells.column.replace(mapping)
    old, new = next(iter(mapping.items()))
    told = f'codes written in another way were read as those of the codebook, such as "{old}" as "{new}"'
    return TypedColumn(values.astype("str"), variable, notes=[("codes", told)])


def _numbers(cells: TextCells, variable: Variable) -> TypedColumn:
    notes: list[tuple[str, str]] = []
    values, lost = _read_numbers(cells, notes)
    special = _unfit_codes(cells, variable)
    stays = _stays_text(cells, variable, lost if special is None else lost & ~special, notes, "numbers")
    if stays is not None:
        return stays
    large = values.abs() > MAX_SAFE
    if variable.type == "integer" and large.any():
        notes.append(("large", DOUBTS["large"]))
        return TypedColumn(cells.column, as_text(variable), notes=notes)
    if variable.type == "integer" and bool((values.dropna() % 1 != 0).any()):
        notes.append(
            ("fractions", "declared as whole numbers, and some are not: read as numbers with decimals")
        )
        variable = variable.model_copy(update={"type": "number"})
    if variable.type == "integer" and not values.isna().any():
        values = values.astype("int64")
    elif variable.type == "number" or values.isna().any():
        values = values.astype("float64")
    return TypedColumn(values, variable, lost if lost.any() else None, notes)


def _read_numbers(cells: TextCells, notes: list[tuple[str, str]]) -> tuple[pd.Series, np.ndarray]:
    """Read numbers with a point or a comma; return which filled cells are none."""
    values = cells.numbers
    filled = cells.column.notna().to_numpy()
    lost = filled & values.isna().to_numpy()
    if not lost.any():
        return values, lost
    commas = cells.mask(COMMA) & lost
    thousands = cells.mask(THOUSANDS)
    if commas.any():
        sure = (commas & ~thousands).any() and not cells.any_is(f"({NUMBER})") | (
            cells.mask(POINT) & ~lost
        ).any()
        readable = commas if sure else commas & ~thousands
        if readable.any():
            notes.append(("comma", "decimal commas, read as such"))
            values = values.astype("float64").mask(readable, cells.commas())
    return values, filled & values.isna().to_numpy()


def _dates(cells: TextCells, variable: Variable) -> TypedColumn:
    import pandas as pd

    notes: list[tuple[str, str]] = []
    order = order_of(cells) if cells.any_is(SLASHED) else None
    slashed = cells.mask(SLASHED)
    if slashed.any() and order is None:
        notes.append(("order", DOUBTS["order"].format(first=cells.column[slashed].iloc[0])))
        return TypedColumn(cells.column, as_text(variable), notes=notes)
    values = cells.moments(order)
    if slashed.any():
        notes.append(order_note(bool(order), str(cells.column[slashed].iloc[0])))
    filled = cells.column.notna().to_numpy()
    serial = filled & values.isna().to_numpy() & cells.mask(LOOSE)
    if serial.any():
        numbers = pd.to_numeric(cells.column.where(serial), errors="coerce")
        serial &= numbers.between(*_SERIALS).to_numpy()
        days = pd.to_datetime(numbers.where(serial), unit="D", origin=_EPOCH).dt.round("s")
        values = values.fillna(days.astype("datetime64[us]"))
        if serial.any():
            notes.append(("serials", f"{int(serial.sum())} day numbers of a spreadsheet, read as dates"))
    lost = filled & values.isna().to_numpy()
    special = _unfit_codes(cells, variable)
    stays = _stays_text(cells, variable, lost if special is None else lost & ~special, notes, "dates")
    if stays is not None:
        return stays
    notes += _zone_note(cells)
    if variable.type == "date" and cells.timed:
        notes += _clock_note(values)
        variable = variable.model_copy(update={"type": "datetime"}) if _has_clock(values) else variable
    return TypedColumn(values, variable, lost if lost.any() else None, notes)


def _moments(cells: TextCells, variable: Variable, kind: str, notes: list[tuple[str, str]]) -> TypedColumn:
    first = None if kind == "moment" else kind == "day_first"
    values = cells.moments(first)
    timed = cells.timed
    if first is not None:
        notes.append(order_note(first, str(cells.column[cells.mask(SLASHED)].iloc[0])))
    notes += _zone_note(cells)
    return TypedColumn(values, as_type(variable, "datetime" if timed else "date"), notes=notes)


def order_note(day_first: bool, example: str) -> tuple[str, str]:
    """Return the note on which of day and month stands first."""
    named = "day, month, year" if day_first else "month, day, year"
    return "dates", f'dates such as "{example}" are read as {named}: another order would not fit all cells'


def _zone_note(cells: TextCells) -> list[tuple[str, str]]:
    zoned = cells.zoned
    if not zoned:
        return []
    rest = cells.filled - zoned
    more = f"; {rest:,} cells without a zone stand as they are" if rest else ""
    return [("zone", f"moments with a time zone were converted to UTC{more}")]


def _clock_note(values: pd.Series) -> list[tuple[str, str]]:
    return (
        [("clock", "declared as dates, and times of day stand beside them: read as datetime")]
        if _has_clock(values)
        else []
    )


def _has_clock(values: pd.Series) -> bool:
    there = values.dropna()
    return bool((there != there.dt.normalize()).any())


def _unfit_codes(cells: TextCells, variable: Variable) -> np.ndarray | None:
    """Return where a declared missing code stands that numbers and dates cannot hold; None where there is none."""
    words = {code: "" for code in variable.missing if number_of(code) is None}
    if not words or not cells.filled:
        return None
    found = cells.among(words)
    return found if found.any() else None


def _stays_text(
    cells: TextCells, variable: Variable, lost: np.ndarray, notes: list[tuple[str, str]], what: str
) -> TypedColumn | None:
    """Return the column as text where too many cells do not fit; else note those that do not."""
    count = int(lost.sum())
    if not count:
        return None
    rows = [int(row) + 1 for row in lost.nonzero()[0][:_SHOWN]]
    example = str(cells.column[lost].iloc[0])[:40]
    where = f"{', '.join(map(str, rows))}{' and others' if count > len(rows) else ''}"
    if count > _FEW and count > _SHARE * cells.filled:
        said = f'declared as {what}, and {count:,} of {cells.filled:,} filled cells are none, such as "{example}" (rows {where}): kept as text'
        return TypedColumn(cells.column, as_text(variable), notes=[*notes, ("unfit", said)])
    notes.append(
        (
            "invalid",
            f'{count:,} cells are no {what}, such as "{example}" (rows {where}): missing as invalid, their text is kept',
        )
    )
    return None


def as_text(variable: Variable) -> Variable:
    """Return the variable of a column that stays text: codes where it has labels."""
    return variable.model_copy(update={"type": "code" if variable.labels else "text"})


def as_type(variable: Variable, type: str) -> Variable:
    """Return the variable in a type that its labels allow."""
    if variable.labels and type not in {"integer", "number", "code"}:
        type = "code"
    words = any(number_of(code) is None and code not in variable.missing for code in variable.labels)
    if words and type in {"integer", "number"}:
        type = "code"
    return variable.model_copy(update={"type": type})


def _example(cells: TextCells, doubt: str) -> str:
    pattern = {"thousands": THOUSANDS, "order": SLASHED}.get(doubt)
    if pattern is None:
        return ""
    return str(cells.column[cells.mask(pattern)].iloc[0])


def _odd(cells: TextCells) -> list[tuple[str, str]]:
    """Tell where one text stands among numbers, or where numbers are dressed: neither is read as what it may be."""
    if dressed := told_dressed(cells):
        return dressed
    column = cells.column
    if not re.fullmatch(NUMBER, cells.first):
        other = column.notna().to_numpy() & ~cells.among({cells.first: ""})
        at = int(other.argmax())
        if not other[at] or not re.fullmatch(NUMBER, str(column.iloc[at])):
            return []
        if not TextCells(column[other]).all_are(NUMBER):
            return []
        return [told_odd(cells.first, cells.filled - int(other.sum()))]
    others = column[~cells.mask(NUMBER) & column.notna().to_numpy()]
    if others.nunique() != 1:
        return []
    return [told_odd(str(others.iloc[0]), len(others))]


def told_dressed(cells: Holdings) -> list[tuple[str, str]]:
    """Return the note on numbers with marks that no number has."""
    return [("dressed", _DRESSED)] if cells.all_are(DRESSED) and cells.any_is(MARKS) else []


def told_odd(text: str, count: int) -> tuple[str, str]:
    """Return the note on one text among numbers."""
    cells = "cell" if count == 1 else "cells"
    return (
        "odd",
        f'"{text}" in {count:,} {cells}, whose other cells are numbers: say missing=["{text}"] to read them as missing',
    )
