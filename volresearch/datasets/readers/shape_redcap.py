"""Repeated forms of REDCap: rows of another kind in one file become linked tables."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from volresearch.datasets.readers.found import Link, Note, RawTable
from volresearch.datasets.readers.repeats import INDEX, PARENT_INDEX, numbered
from volresearch.errors import Where

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["instruments_apart"]

_INSTRUMENT, _INSTANCE, _EVENT = "redcap_repeat_instrument", "redcap_repeat_instance", "redcap_event_name"
_SHARED = (_EVENT, _INSTANCE, "redcap_data_access_group")


def instruments_apart(
    table: RawTable, blanks: Collection[str], where: Where
) -> tuple[tuple[RawTable, ...], tuple[Note, ...]]:
    """Return a table with the rows of every repeated form as a linked table.

    A row that repeats a form hangs below the row of the same record (and event) that repeats none. The record's
    number stays in both; columns that only rows of the repeated form fill leave the main table.

    Parameters
    ----------
    table : RawTable
        In memory; its first column is the number of the record.
    blanks : collection of str
        Texts that stand for an empty cell.
    where : Where
        The file, for notes.
    """
    frame = table.frame
    if _INSTRUMENT not in frame.columns:
        return (table,), ()
    repeated = frame[_INSTRUMENT].notna() & ~frame[_INSTRUMENT].isin([*blanks, ""])
    if not repeated.any():
        return (table,), ()
    record = str(frame.columns[0])
    main = frame[~repeated].reset_index(drop=True)
    above, orphans = _above(main, frame[repeated], record)
    blocks = _blocks([str(name) for name in frame.columns])
    children, moved = [], set[str]()
    for instrument in dict.fromkeys(frame[_INSTRUMENT][repeated]):
        rows = frame[repeated][frame[_INSTRUMENT][repeated] == instrument]
        child, own = _child(
            table, rows, above, record, blocks.get(_plain(str(instrument)), ()), str(instrument)
        )
        children.append(child)
        moved |= {name for name in [*own, _INSTANCE] if name in main.columns and main[name].isna().all()}
    if len(main):
        left = main[[name for name in main.columns if name not in moved and name != _INSTRUMENT]]
    else:
        left = main
    left = left.assign(**{INDEX: numbered(range(1, len(left) + 1), table.typed)})
    top = table.with_(
        frame=left,
        hidden=(table.hidden & set(left.columns)) | {INDEX},
        guess=table.guess & set(left.columns),
        variables={name: one for name, one in table.variables.items() if name in left.columns},
    )
    told = ", ".join(f"{child.name} ({len(child.frame)} rows)" for child in children)
    notes = [Note(f"Rows of repeated forms became linked tables: {told}.", where)]
    if orphans:
        notes.append(
            Note(f"{orphans} rows of repeated forms belong to a record that has no row of its own.", where)
        )
    return (top, *children), tuple(notes)


def _above(main: pd.DataFrame, rows: pd.DataFrame, record: str) -> tuple[pd.Series, int]:
    """Return the row number in the main table for each repeated row, NA where there is none; and how many have none."""
    import pandas as pd

    keys = [record, _EVENT] if _EVENT in main.columns else [record]
    exact = _places(main, keys)
    loose = _places(main, [record])
    found = []
    for key, alone in zip(rows[keys].itertuples(index=False, name=None), rows[record], strict=True):
        # A form may repeat in an event that has no row of its own: then the record's first row is above it.
        found.append(exact.get(key, loose.get((alone,))))
    out = pd.Series(found, index=rows.index, dtype="Int64")
    return out, int(out.isna().sum())


def _places(main: pd.DataFrame, keys: Sequence[str]) -> dict[tuple[object, ...], int]:
    out: dict[tuple[object, ...], int] = {}
    for number, key in enumerate(main[list(keys)].itertuples(index=False, name=None), start=1):
        out.setdefault(key, number)
    return out


def _child(
    table: RawTable, rows: pd.DataFrame, above: pd.Series, record: str, block: Sequence[str], instrument: str
) -> tuple[RawTable, list[str]]:
    """Return the table of one repeated form, and the columns that are its own."""
    shared = [record, *(name for name in _SHARED if name in rows.columns and name != record)]
    filled = {str(name) for name in rows.columns if rows[name].notna().any()}
    own = [
        str(name)
        for name in rows.columns
        if (name in filled or name in block) and name not in shared and name != _INSTRUMENT
    ]
    frame = rows[[*shared, *own]].reset_index(drop=True)
    numbers = above[rows.index].reset_index(drop=True)
    frame = frame.assign(
        **{
            INDEX: numbered(range(1, len(frame) + 1), table.typed),
            PARENT_INDEX: numbers if table.typed else numbers.astype("str"),
        }
    )
    known = {name: one for name, one in table.variables.items() if name in frame.columns}
    name = instrument if instrument != table.name else f"{instrument}_repeated"
    link = Link(table.name, INDEX, PARENT_INDEX)
    structure = frozenset({INDEX, PARENT_INDEX})
    return RawTable(name, frame, known, table.typed, link, structure, table.guess & set(known)), own


def _blocks(headers: Sequence[str]) -> dict[str, list[str]]:
    """Return the columns of each form: REDCap writes form by form, the status of a form last."""
    out: dict[str, list[str]] = {}
    block: list[str] = []
    for header in headers[1:]:
        if header.startswith("redcap_"):
            continue
        block.append(header)
        if header.endswith("_complete"):
            out[header.removesuffix("_complete")] = block
            block = []
    return out


def _plain(instrument: str) -> str:
    return instrument.strip().lower().replace(" ", "_")
