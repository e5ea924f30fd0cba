"""Excel workbooks, .xlsx and .xls: every sheet that holds something as a table of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.provenance import Source
from volresearch.datasets.readers.excel_cells import ERRORS, Sheet, open_sheets
from volresearch.datasets.readers.found import Asked, Found, Note, RawTable
from volresearch.datasets.readers.packed import plain_file
from volresearch.datasets.readers.text_headers import unique
from volresearch.errors import VolResearchError, Where, near, short_path

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["header_at", "read_excel", "unique_headers"]

#: Rows that are looked at to find the header.
_HEAD = 50
#: Rows that become columns at once: so many are in memory as Python texts.
_CHUNK = 20_000
_PARENT = "_parent_table_name"


def read_excel(asked: Asked, source: Source) -> Found:
    """Read a workbook: every sheet a table of text, the main one first.

    The main sheet is the one that was asked for, else the one that the others call their parent, else the first
    that is not hidden. With `asked.sheet` only this sheet and those that hang below it are read.

    Parameters
    ----------
    asked : Asked
    source : Source

    Returns
    -------
    Found
        ``format`` ``xlsx`` or ``xls``; cells as a person sees them: 1.0 is ``1``, days are ISO dates, booleans
        ``TRUE`` and ``FALSE``, formulas the values that were stored with them; empty cells are NA.

    Raises
    ------
    VolResearchError
        ``read.file``, ``read.format``, ``read.limit``, ``tool.missing`` (see `excel_cells.open_sheets`);
        ``read.option`` for a sheet that is not there.
    """
    file = short_path(asked.path)
    notes: list[Note] = []
    options: dict[str, str] = {}
    with plain_file(asked.path) as path:
        format = "xlsx" if _packed(path) else "xls"
        with open_sheets(path) as sheets:
            read_in = [(sheet.name, sheet.shown, _table(sheet, file, notes, options)) for sheet in sheets]
    names = [name for name, _, _ in read_in]
    tables = [table for _, _, table in read_in if table is not None]
    if asked.sheet is not None:
        tables = _asked_for(asked.sheet, names, tables, file, notes)
    if not tables:
        raise VolResearchError(
            "read.file", "No sheet of this workbook holds anything.", where=Where(file=file)
        )
    hidden = {name for name, shown, _ in read_in if not shown}
    main = tables[0] if asked.sheet is not None else _main(tables, hidden)
    if len(names) > 1:
        why = "asked for" if asked.sheet is not None else _why(main, tables, hidden)
        options["sheet"] = f'"{main.name}" of {len(names)} ({why})'
    ordered = (main, *(table for table in tables if table is not main))
    if not len(main.frame):
        notes.append(Note("The sheet holds a header and no rows.", Where(file=file, sheet=main.name)))
    return Found(format, ordered, options=options, notes=tuple(notes), sources=(source,))


def _packed(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == b"PK"


def header_at(rows: Sequence[Sequence[str]]) -> int:
    """Return which of the first rows is the header: the first that is at least half as full as the fullest.

    What stands above it are titles; a header of several columns has two cells at least.

    >>> header_at([["Survey of 2024"], ["name", "age", "sex"], ["Ana", "31", ""]])
    1
    """
    filled = [sum(1 for cell in row if cell) for row in rows]
    widest = max(filled, default=0)
    need = max(min(2, widest), (widest + 1) // 2)
    return next((at for at, number in enumerate(filled) if number >= need), 0)


def unique_headers(cells: Sequence[str], width: int) -> tuple[list[str], dict[int, str]]:
    """Return a name for every column, each once, and what was changed: place to the old text.

    >>> unique_headers(["age", "age", ""], 4)
    (['age', 'age_2', 'column_C', 'column_D'], {1: 'age', 2: '', 3: ''})
    """
    given = [cells[at].strip() if at < len(cells) else "" for at in range(width)]
    names, _ = unique([name or f"column_{_letter(at)}" for at, name in enumerate(given)])
    pairs = enumerate(zip(given, names, strict=True))
    return names, {at: old for at, (old, new) in pairs if old != new}


def _letter(at: int) -> str:
    out = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        out = chr(65 + rest) + out
    return out


def _table(sheet: Sheet, file: str, notes: list[Note], options: dict[str, str]) -> RawTable | None:
    """Return a sheet as a table, None where it holds nothing."""
    where = Where(file=file, sheet=sheet.name)
    first = list(islice(sheet.rows, _HEAD))
    if not first:
        notes.append(Note("The sheet is empty and was passed over.", where))
        return None
    at = header_at([cells for _, cells in first])
    number, header = first[at]
    _about_header(first[:at], number, sheet.name, where, notes, options)
    gaps = _Gaps(number)
    frame = _frame(header, gaps.watched(chain(first[at + 1 :], sheet.rows)), where, notes)
    if gaps.rows:
        notes.append(Note(f"{gaps.rows} empty rows between filled ones were passed over.", where))
    notes.extend(sheet.notes)
    _note_errors(frame, where, notes)
    return RawTable(sheet.name, frame)


def _about_header(
    above: list[tuple[int, list[str]]],
    number: int,
    name: str,
    where: Where,
    notes: list[Note],
    options: dict[str, str],
) -> None:
    if number > 1:
        options[f'header of "{name}"'] = f"row {number}"
    if above:
        said = "; ".join(" ".join(cell for cell in cells if cell)[:60] for _, cells in above[:3])
        notes.append(Note(f"Rows above the header (row {number}) were passed over: {said}.", where))


class _Gaps:
    """Counts the empty rows between filled ones, which the sheet does not hand on."""

    def __init__(self, last: int) -> None:
        self.last, self.rows = last, 0

    def watched(self, rows: Iterator[tuple[int, list[str]]]) -> Iterator[list[str]]:
        for number, cells in rows:
            self.rows += number - self.last - 1
            self.last = number
            yield cells


def _frame(header: list[str], rows: Iterator[list[str]], where: Where, notes: list[Note]) -> pd.DataFrame:
    """Return rows as columns of text; a chunk of them at a time is in memory as Python objects."""
    import pandas as pd

    chunks: list[dict[int, Any]] = []
    lengths: list[int] = []
    width = len(header)
    while piece := list(islice(rows, _CHUNK)):
        width = max(width, *(len(row) for row in piece))
        chunks.append(_columns(piece))
        lengths.append(len(piece))
    names, changed = unique_headers(header, width)
    used = set().union(*chunks) if chunks else set()
    columns: dict[str, Any] = {}
    for at, name in enumerate(names):
        if changed.get(at) == "" and at not in used:
            del changed[at]  # neither header nor cells: no column
            continue
        parts = [chunk.get(at) for chunk in chunks]
        columns[name] = _column(parts, lengths)
    _about_names(names, changed, where, notes)
    return pd.DataFrame(columns, index=pd.RangeIndex(sum(lengths)))


def _columns(piece: list[list[str]]) -> dict[int, Any]:
    """Return the columns of some rows that hold anything: one far cell does not make thousands of columns."""
    import pandas as pd

    used = sorted({at for row in piece for at, cell in enumerate(row) if cell})
    return {
        at: pd.array([row[at] or None if at < len(row) else None for row in piece], dtype="str")
        for at in used
    }


def _column(parts: list[Any], lengths: list[int]) -> pd.Series:
    import pandas as pd

    filled = [
        pd.Series(part if part is not None else pd.array([None] * length, dtype="str"))
        for part, length in zip(parts, lengths, strict=True)
    ]
    return pd.concat(filled, ignore_index=True) if filled else pd.Series([], dtype="str")


def _about_names(names: list[str], changed: dict[int, str], where: Where, notes: list[Note]) -> None:
    empty = [names[at] for at, old in changed.items() if not old]
    twice = [f'"{old}" (now {names[at]})' for at, old in changed.items() if old]
    if empty:
        notes.append(Note(f"Columns without a header were named: {', '.join(empty[:10])}.", where))
    if twice:
        notes.append(Note(f"Headers stand more than once: {', '.join(twice[:10])}.", where))


def _note_errors(frame: pd.DataFrame, where: Where, notes: list[Note]) -> None:
    counts = {name: int(frame[name].isin(list(ERRORS)).sum()) for name in frame.columns}
    shown = [f"{name} ({count})" for name, count in counts.items() if count]
    if shown:
        notes.append(
            Note(
                f"Cells hold the error of a formula (such as #N/A), kept as text: {', '.join(shown[:10])}.",
                where,
            )
        )


def _asked_for(
    wanted: str, names: list[str], tables: list[RawTable], file: str, notes: list[Note]
) -> list[RawTable]:
    """Return the sheet that was asked for, and those that hang below it."""
    exact = [table for table in tables if table.name == wanted]
    loose = [table for table in tables if table.name.strip().casefold() == wanted.strip().casefold()]
    main = next(iter(exact or loose), None)
    if main is None:
        empty = wanted in names
        raise VolResearchError(
            "read.option",
            f'The sheet "{wanted}" is empty.' if empty else f'There is no sheet "{wanted}".',
            where=Where(file=file),
            hint="" if empty else near(wanted, names),
        )
    kept = [main]
    for table in kept:
        kept += [one for one in tables if one not in kept and table.name in _parents(one)]
    others = [table.name for table in tables if not any(table is one for one in kept)]
    if others:
        notes.append(Note(f"Other sheets were passed over: {', '.join(others[:10])}.", Where(file=file)))
    return kept


def _parents(table: RawTable) -> set[str]:
    if _PARENT not in table.frame.columns:
        return set()
    return {str(name) for name in table.frame[_PARENT].dropna().unique()}


def _main(tables: list[RawTable], hidden: set[str]) -> RawTable:
    """Return the table that others call their parent and that hangs below none, else the first that is shown."""
    names = {table.name for table in tables}
    parents = set().union(*(_parents(table) for table in tables)) & names
    tops = [table for table in tables if table.name in parents and not _parents(table) & names - {table.name}]
    shown = [table for table in tables if table.name not in hidden]
    return (tops or shown or tables)[0]


def _why(main: RawTable, tables: list[RawTable], hidden: set[str]) -> str:
    if any(main.name in _parents(table) for table in tables if table is not main):
        return "the others call it their parent"
    return "the first that is not hidden" if hidden else "the first"
