"""Repeats as linked tables: wide columns (``children[1]/age``), rows that repeat their parent, sheets with row numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from volresearch.datasets.readers.found import Link, Note, RawTable
from volresearch.datasets.readers.paths import indexed, parts, plain
from volresearch.errors import Where

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = [
    "INDEX",
    "PARENT",
    "PARENT_INDEX",
    "filled",
    "flattened",
    "is_wide",
    "numbered",
    "table_name",
    "unfolded",
]

#: The row number of a table that others hang below; that of the row above; the name of the table above.
INDEX, PARENT_INDEX, PARENT = "_index", "_parent_index", "_parent_table_name"
_KEYS = ("meta/instanceID", "meta.instanceID", "meta-instanceID", "_uuid", "instanceID", "KEY")
_SHOWN = 5

Numbers = tuple[int, ...]


def numbered(values: Iterable[int], typed: bool) -> Any:
    """Return row numbers as a column: whole numbers in a typed table, text in one of text."""
    import pandas as pd

    return (
        pd.array(list(values), dtype="int64")
        if typed
        else pd.array([str(one) for one in values], dtype="str")
    )


def filled(frame: pd.DataFrame, blanks: Collection[str]) -> np.ndarray:
    """Return which rows hold anything: a cell that is neither empty nor one of `blanks`."""
    import numpy as np

    out = np.zeros(len(frame), dtype=bool)
    for name in frame.columns:
        column = frame[name]
        out |= (column.notna() & ~column.isin(list(blanks))).to_numpy(dtype=bool)
    return out


def table_name(path: str, paths: Collection[str], main: str) -> str:
    """Return the name of a repeat's table: the last step of its path, or all of it where others end so.

    >>> table_name("home/kid", ["home/kid", "school/kid"], "survey"), table_name("kid", ["kid"], "survey")
    ('home_kid', 'kid')
    """
    tail = parts(path)[-1]
    alone = sum(parts(one)[-1] == tail for one in paths) == 1 and tail != main
    return tail if alone else "_".join(parts(path))


def is_wide(headers: Iterable[str]) -> bool:
    """Whether any header stands in a numbered repeat."""
    return any("]" in header and indexed(header)[0] for header in headers)


@dataclass
class _Repeat:
    """One repeat: the columns of each of its places, and which rows of the main table fill it."""

    path: str
    parent: str | None
    places: dict[Numbers, dict[str, str]] = field(default_factory=dict)
    kept: dict[Numbers, np.ndarray] = field(default_factory=dict)
    index: dict[Numbers, np.ndarray] = field(default_factory=dict)
    frame: Any = None


def unfolded(
    table: RawTable, blanks: Collection[str], where: Where
) -> tuple[tuple[RawTable, ...], tuple[Note, ...]]:
    """Return a table with its wide repeats as linked tables, which may hang below each other.

    A place of a repeat that holds nothing, nor anything below it, makes no row.

    Parameters
    ----------
    table : RawTable
        In memory. Its columns of repeats are named ``path[number]/name``.
    blanks : collection of str
        Texts that stand for an empty cell.
    where : Where
        The file, for notes.

    Returns
    -------
    tuple of RawTable, tuple of Note
        The table without them first; columns of repeats are called by their whole path without numbers.
    """
    repeats = _repeats(table.frame.columns)
    if not repeats:
        return (table,), ()
    _mark_kept(repeats, table.frame, blanks)
    inside = {
        column for one in repeats.values() for names in one.places.values() for column in names.values()
    }
    main = table.frame[[name for name in table.frame.columns if name not in inside]]
    main = main.assign(**{INDEX: numbered(range(1, len(main) + 1), table.typed)})
    for one in repeats.values():
        _stack(one, repeats, table)
    top = table.with_(
        frame=main,
        hidden=(table.hidden - inside) | {INDEX},
        guess=table.guess - inside,
        variables={name: one for name, one in table.variables.items() if name not in inside},
    )
    names = {path: table_name(path, repeats, table.name) for path in repeats}
    below = [
        RawTable(
            names[one.path],
            one.frame,
            typed=table.typed,
            variables=_variables(one, table),
            link=Link(names[one.parent] if one.parent else table.name, INDEX, PARENT_INDEX),
            hidden=frozenset({INDEX, PARENT_INDEX}),
            guess=frozenset(_variables(one, table)) if table.guess else frozenset(),
        )
        for one in repeats.values()
    ]
    return (top, *below), (_note_on(repeats, names, where),)


def _repeats(headers: Iterable[str]) -> dict[str, _Repeat]:
    """Return the repeats by path, outer before inner."""
    out: dict[str, _Repeat] = {}
    for header in headers:
        around, numbers = indexed(str(header)) if "]" in str(header) else ((), ())
        for depth, path in enumerate(around):
            repeat = out.setdefault(path, _Repeat(path, around[depth - 1] if depth else None))
            repeat.places.setdefault(numbers[: depth + 1], {})
        if around:
            out[around[-1]].places[numbers][plain(str(header))] = str(header)
    return dict(sorted(out.items(), key=lambda item: len(next(iter(item[1].places)))))


def _mark_kept(repeats: Mapping[str, _Repeat], frame: pd.DataFrame, blanks: Collection[str]) -> None:
    for one in reversed(list(repeats.values())):
        for numbers, columns in one.places.items():
            kept = filled(frame[list(columns.values())], blanks)
            one.kept[numbers] = kept | one.kept[numbers] if numbers in one.kept else kept
            if one.parent is not None:
                above = repeats[one.parent].kept
                outer = numbers[:-1]
                above[outer] = (
                    above[outer] | one.kept[numbers] if outer in above else one.kept[numbers].copy()
                )


def _stack(one: _Repeat, repeats: Mapping[str, _Repeat], table: RawTable) -> None:
    """Put the places of a repeat below each other: by row of the main table, then by number."""
    import numpy as np
    import pandas as pd

    pieces, rows, orders = [], [], []
    for order, numbers in enumerate(sorted(one.places)):
        at = np.flatnonzero(one.kept[numbers])
        columns = one.places[numbers]
        pieces.append(table.frame[list(columns.values())].iloc[at].set_axis(list(columns), axis=1))
        rows.append(at)
        orders.append(np.full(len(at), order))
    headers = list(dict.fromkeys(name for columns in one.places.values() for name in columns))
    at_row, at_place = np.concatenate(rows), np.concatenate(orders)
    sorting = np.lexsort((at_place, at_row))
    stacked = (
        pd.concat(pieces, ignore_index=True).reindex(columns=headers).iloc[sorting].reset_index(drop=True)
    )
    if not table.typed:
        stacked = stacked.astype("str")
    above = np.zeros(len(stacked), dtype="int64")
    for place, numbers in enumerate(sorted(one.places)):
        mine = at_place[sorting] == place
        at = at_row[sorting][mine]
        one.index[numbers] = np.zeros(len(table.frame), dtype="int64")
        one.index[numbers][at] = np.flatnonzero(mine) + 1
        above[mine] = repeats[one.parent].index[numbers[:-1]][at] if one.parent else at + 1
    one.frame = stacked.assign(
        **{
            INDEX: numbered(range(1, len(stacked) + 1), table.typed),
            PARENT_INDEX: numbered(above.tolist(), table.typed),
        }
    )


def _variables(one: _Repeat, table: RawTable) -> dict[str, Any]:
    """Return what is known of the columns of a repeat: what was known of the first place of each."""
    out: dict[str, Any] = {}
    for columns in one.places.values():
        for name, column in columns.items():
            known = table.variables.get(column)
            if known is not None and name not in out:
                out[name] = known.model_copy(update={"name": name})
    return out


def _note_on(repeats: Mapping[str, _Repeat], names: Mapping[str, str], where: Where) -> Note:
    told = []
    for path, one in repeats.items():
        rows = len(one.frame)
        empty = sum(len(kept) for kept in one.kept.values()) - rows
        told.append(f"{names[path]} ({rows} rows{f', {empty} empty places left out' if empty else ''})")
    return Note(f"Columns of repeats became linked tables: {', '.join(told)}.", where)


def flattened(
    table: RawTable, blanks: Collection[str], where: Where, separator: str
) -> tuple[tuple[RawTable, ...], tuple[Note, ...]]:
    """Return a table whose rows repeat their parent for each child as two linked tables.

    A submission that stands in several rows is one where all columns that differ stand in one group: this is the
    repeat. Where others differ too the rows stay, and a note says so.

    Parameters
    ----------
    table, blanks, where
        As `unfolded`.
    separator : str
        Between the steps of headers.
    """
    frame = table.frame
    key = next((name for name in _KEYS if name in frame.columns), None)
    if key is None or not separator or INDEX in frame.columns:
        return (table,), ()
    twice = frame[key].duplicated(keep=False) & frame[key].notna() & ~frame[key].isin(list(blanks))
    differing = _differing(frame[twice], key) if twice.any() else []
    if not differing:
        return (table,), ()
    path = _common(differing, separator)
    if not path:
        shown = ", ".join(differing[:_SHOWN])
        told = f"{int(twice.sum())} rows share their {key} with another row and differ in {shown}; all were kept."
        return (table,), (Note(told, where),)
    inside = [name for name in frame.columns if str(name).startswith(f"{path}{separator}")]
    return _two(table, key, path, inside, blanks, where)


def _two(
    table: RawTable, key: str, path: str, inside: Sequence[str], blanks: Collection[str], where: Where
) -> tuple[tuple[RawTable, ...], tuple[Note, ...]]:
    import numpy as np

    frame = table.frame
    first = ~(frame[key].duplicated() & frame[key].notna() & ~frame[key].isin(list(blanks)))
    number = np.cumsum(first.to_numpy(dtype=bool))
    # A later row of a submission hangs below its first one, wherever it stands.
    number = frame[key].map(dict(zip(frame[key][first], number[first], strict=True))).where(~first, number)
    kept = filled(frame[list(inside)], blanks)
    above = number[kept].astype("int64").tolist()
    rows = frame[list(inside)][kept].reset_index(drop=True)
    child = rows.assign(
        **{INDEX: numbered(range(1, len(rows) + 1), table.typed), PARENT_INDEX: numbered(above, table.typed)}
    )
    main = frame[[name for name in frame.columns if name not in set(inside)]][first].reset_index(drop=True)
    main = main.assign(**{INDEX: numbered(range(1, len(main) + 1), table.typed)})
    name = table_name(path, [path], table.name)
    known = {one: table.variables[one] for one in inside if one in table.variables}
    top = table.with_(
        frame=main,
        hidden=table.hidden | {INDEX},
        guess=table.guess - set(inside),
        variables={one: known for one, known in table.variables.items() if one not in set(inside)},
    )
    below = RawTable(
        name,
        child,
        known,
        table.typed,
        Link(table.name, INDEX, PARENT_INDEX),
        frozenset({INDEX, PARENT_INDEX}),
        frozenset(known) & table.guess,
    )
    told = f"{len(frame)} rows repeat {len(main)} submissions ({key}); what differs became the linked table {name} ({len(rows)} rows)."
    return (top, below), (Note(told, where),)


def _differing(frame: pd.DataFrame, key: str) -> list[str]:
    """Return the columns that differ within a key."""
    counts = frame.groupby(key, sort=False).nunique(dropna=False)
    return [str(name) for name in counts.columns if (counts[name] > 1).any()]


def _common(headers: Sequence[str], separator: str) -> str:
    """Return the group that all headers stand in, empty where there is none."""
    around = [parts(header, separator)[:-1] for header in headers]
    out: list[str] = []
    for steps in zip(*around, strict=False):
        if len(set(steps)) > 1:
            break
        out.append(steps[0])
    return separator.join(out)
