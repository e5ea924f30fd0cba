"""What is LimeSurvey's own: how it calls the columns of its questions, and boxes that are only ever ticked.

In the columns of a question with several answers LimeSurvey writes ``Y`` for what was ticked and leaves the rest empty.
A row without any tick is "nothing chosen" only where the question was surely seen: the response was submitted
(``submitdate``) and the question has no condition, or the file marks what was not shown by a declared text (``N/A``).
Anywhere else it stays missing: a respondent may have left before, and the last page says nothing of pages passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from volresearch.datasets.readers.form_names import Address, Matched
from volresearch.datasets.readers.form_slots import Slot
from volresearch.datasets.readers.form_versions import Place
from volresearch.datasets.readers.found import RawTable
from volresearch.datasets.readers.several import CHOSEN

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["addresses", "of_limesurvey", "prepared"]

_SUBMITTED = ("submitdate",)
#: Yes and no in full answers, in the languages that surveys of the field are in.
_WORDS = {
    **dict.fromkeys(("sí", "si", "oui", "sim", "ja", "ndiyo", "да", "نعم", "是", "បាទ/ចាស"), "Y"),
    **dict.fromkeys(("non", "não", "nao", "nein", "hapana", "нет", "لا", "否", "ទេ"), "N"),
}


def of_limesurvey(place: Place) -> bool:
    """Whether an item comes from a LimeSurvey structure."""
    return "limesurvey_type" in place.slot.item.extras


def addresses(slot: Slot) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield how LimeSurvey calls the columns of an item: path, part, code (see `form_names.Columns`)."""
    name, kind = slot.item.name, slot.item.extras.get("limesurvey_type", "")
    column = slot.item.extras.get("column", "")
    if column:
        yield (column,), "answer", ""
        yield from _of_scale(column, name)
    for code in slot.codes if slot.item.type == "several" else ():
        if slot.item.other_specify and code == slot.item.other_specify.code:
            continue
        yield (f"{name}_{code}",), "option", code
        if kind == "P":
            for said in (f"{name}[{code}comment]", f"{name}[{code}][comment]", f"{name}_{code}comment"):
                yield (said,), "comment", code
    if slot.item.type == "ranking":
        for number in range(1, len(slot.codes) + 1):
            yield (f"{name}_{number}",), "rank", str(number)
    if slot.other is not None:
        yield (f"{name}[other]",), "other", ""
    if kind == "O":
        yield (f"{name}[comment]",), "comment", ""
        yield (f"{name}_comment",), "comment", ""
    if slot.item.type == "file":
        yield (f"{name}[filecount]",), "count", ""
        yield (f"{name}_filecount",), "count", ""


def _of_scale(column: str, name: str) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield the other names of a row in one scale of an array: ``Q1[SQ001][1]`` is also ``Q1[SQ001_1]``."""
    stem, _, number = column.rpartition("][")
    if stem:
        at = number.rstrip("]")
        yield (f"{stem}_{at}]",), "answer", ""
        if at.isdigit():
            yield (f"{stem}#{int(at) - 1}]",), "answer", ""
            yield (f"{name.rpartition('_')[0]}#{int(at) - 1}",), "answer", ""


def prepared(
    table: RawTable, matched: Matched, blanks: Collection[str]
) -> tuple[RawTable, Matched, list[str]]:
    """Return a table whose columns of options say no where no tick means no, and the names of unsure questions.

    The column of the words of "other" says by itself whether "other" was chosen.
    """
    boxes: dict[Place, dict[str, str]] = {}
    words: dict[Place, str] = {}
    for column, address in matched.columns.items():
        if of_limesurvey(address.place) and address.place.slot.item.type == "several":
            if address.part == "option":
                boxes.setdefault(address.place, {})[column] = address.code
            elif address.part == "other":
                words[address.place] = column
    new: dict[str, pd.Series] = {}
    columns = dict(matched.columns)
    unsure = []
    for column, address in matched.columns.items():
        if (
            address.part == "answer"
            and of_limesurvey(address.place)
            and address.place.slot.item.type == "several"
        ):
            seen = _seen(table.frame, address.place, table.frame[[column]], blanks)
            if (
                seen is not None and not (table.frame[column] == "").any()
            ):  # boxes that were joined before, ticks only
                new[column] = table.frame[column].mask(table.frame[column].isna() & seen, "")
    for place, own in boxes.items():
        if place in words:
            specify = place.slot.item.other_specify
            name = f"{words[place]}\0ticked"
            new[name] = _ticked(table.frame[words[place]], blanks)
            columns[name] = Address(place, "option", specify.code if specify else "other")
            own = {**own, name: ""}
        frame = table.frame[[column for column in own if column not in new]].map(_in_english)
        new |= {column: frame[column] for column in frame}
        frame = frame.assign(**{column: new[column] for column in own if column not in frame})
        if not _only_ticks(frame, blanks):
            continue
        seen = _seen(table.frame, place, frame, blanks)
        if seen is None:
            unsure.append(place.name)
            continue
        for column in own:
            cells = frame[column]
            new[column] = cells.mask(cells.isna() & seen, "N")
    out = Matched(columns, matched.ambiguous, matched.twice, matched.by_label)
    return table.with_(frame=table.frame.assign(**new)), out, unsure


def _in_english(cell: object) -> object:
    return _WORDS.get(cell.strip().casefold(), cell) if isinstance(cell, str) else cell


def _ticked(cells: pd.Series, blanks: Collection[str]) -> pd.Series:
    """Return ``Y`` where there are words, NA where there are none; a declared blank stays."""
    return cells.mask(cells.notna() & ~cells.isin(list(blanks)), "Y")


def _only_ticks(frame: pd.DataFrame, blanks: Collection[str]) -> bool:
    found = {str(cell) for column in frame for cell in frame[column].dropna().unique()} - set(blanks)
    return all(cell.strip().casefold() in CHOSEN for cell in found)


def _seen(
    table: pd.DataFrame, place: Place, frame: pd.DataFrame, blanks: Collection[str]
) -> pd.Series | None:
    """Return in which rows the question was surely seen; None where the file cannot say."""
    submitted = next((name for name in table.columns if str(name).lower() in _SUBMITTED), None)
    if submitted is None:
        return None
    marked = frame.isin(list(blanks))
    slot = place.slot
    if (slot.item.ask_if or any(block.ask_if for block in slot.around)) and not marked.to_numpy().any():
        return None
    return table[submitted].notna() & ~marked.any(axis=1)
