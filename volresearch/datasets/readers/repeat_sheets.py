"""Tables that name the table above them, linked: sheets of Kobo by row numbers, tables of ODK by keys."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.readers.found import Link, Note, RawTable
from volresearch.datasets.readers.repeats import INDEX, PARENT, PARENT_INDEX, numbered
from volresearch.errors import Where

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STRUCTURE", "beside", "linked"]

#: Columns that say how tables hang together, and nothing else.
STRUCTURE = frozenset({INDEX, PARENT, PARENT_INDEX})
_IDS = ("_submission__id", "_submission__uuid")
_OWN = {"_submission__id": "_id", "_submission__uuid": "_uuid"}
_KEY, _PARENT_KEY = "KEY", "PARENT_KEY"
#: Excel cuts the names of sheets.
_SHEET = 31


def linked(tables: Sequence[RawTable], file: str) -> tuple[tuple[RawTable, ...], tuple[Note, ...]]:
    """Return tables with their links, by what each says of the table above it.

    Row numbers count where they are unique and agree with the numbers of the submissions; else tables are joined by the
    submission (row numbers restart in every export), and numbered anew.

    Parameters
    ----------
    tables : sequence of RawTable
        In memory, of one file.
    file : str
        For notes.
    """
    notes: list[Note] = []
    parents = {table.name: _parent_of(table, tables) for table in tables if table.link is None}
    below: dict[str, list[RawTable]] = {}
    for table in tables:
        parent = parents.get(table.name)
        if parent is not None:
            below.setdefault(parent.name, []).append(table)
    new: dict[str, dict[str, Any]] = {}
    links: dict[str, Link] = {}
    for parent in tables:
        children = below.get(parent.name, [])
        if children:
            _link(parent, children, new, links, notes, file)
    out = []
    for table in tables:
        frame = table.frame.assign(**new.get(table.name, {}))
        hidden = table.hidden | (STRUCTURE & set(frame.columns) if table.link is None else set())
        out.append(table.with_(frame=frame, link=links.get(table.name, table.link), hidden=frozenset(hidden)))
    return tuple(out), tuple(notes)


def _parent_of(table: RawTable, tables: Sequence[RawTable]) -> RawTable | None:
    """Return the table that a table says is above it."""
    others = [one for one in tables if one is not table]
    if PARENT in table.frame.columns:
        for name in map(str, table.frame[PARENT].dropna().unique()[:_SHEET]):
            for one in others:
                if one.name == name or (
                    len(name) > _SHEET and name.startswith(one.name) and len(one.name) >= _SHEET - 1
                ):
                    return one
    if _PARENT_KEY in table.frame.columns:
        wanted = set(table.frame[_PARENT_KEY].dropna())
        fits = {
            one.name: len(wanted & set(one.frame[_KEY].dropna()))
            for one in others
            if _KEY in one.frame.columns
        }
        best = max(fits, key=lambda name: fits[name], default=None)
        return next((one for one in others if one.name == best and fits[one.name]), None)
    return None


def _link(
    parent: RawTable,
    children: Sequence[RawTable],
    new: dict[str, dict[str, Any]],
    links: dict[str, Link],
    notes: list[Note],
    file: str,
) -> None:
    """Link the children of one table: by its row numbers as they are, where that is right for all of them."""
    if all(_by_index(parent, child) for child in children):
        for child in children:
            links[child.name] = Link(parent.name, INDEX, PARENT_INDEX)
            _note_orphans(child, child.frame[PARENT_INDEX].isin(parent.frame[INDEX]), notes, file)
        return
    mapped = {child.name: _by_keys(parent, child) for child in children}
    if all(found is None for found in mapped.values()):
        notes += [_unlinked(parent, child, file) for child in children]
        return
    new.setdefault(parent.name, {})[INDEX] = numbered(range(1, len(parent.frame) + 1), parent.typed)
    for child in children:
        found = mapped[child.name]
        if found is None:
            notes.append(_unlinked(parent, child, file))
            continue
        rows, key = found
        numbers = _column(rows, child)
        new.setdefault(child.name, {})[PARENT_INDEX] = numbers
        links[child.name] = Link(parent.name, INDEX, PARENT_INDEX)
        if key != _PARENT_KEY:
            told = f'Row numbers of "{parent.name}" are not unique or do not fit; joined by {key}, and numbered anew.'
            notes.append(Note(told, Where(file=file, sheet=child.name)))
        _note_orphans(child, rows >= 0, notes, file)


def _by_index(parent: RawTable, child: RawTable) -> bool:
    """Whether the row numbers of a child lead to rows of its own submission, each to one."""
    if INDEX not in parent.frame.columns or PARENT_INDEX not in child.frame.columns:
        return False
    index = parent.frame[INDEX]
    if index.isna().any() or index.duplicated().any():
        return False
    for name in _IDS:
        own = name if name in parent.frame.columns else _OWN[name]
        if own in parent.frame.columns and name in child.frame.columns:
            reached = child.frame[PARENT_INDEX].map(dict(zip(index, parent.frame[own], strict=True)))
            known = reached.notna() & child.frame[name].notna()
            if (reached[known] != child.frame[name][known]).any():
                return False
    return True


def _by_keys(parent: RawTable, child: RawTable) -> tuple[pd.Series, str] | None:
    """Return which row of the parent each row of a child belongs to (-1: none), and by which key."""
    pairs: list[tuple[dict[str, str], str]] = []
    for name in _IDS:
        own = name if name in parent.frame.columns else _OWN[name]
        if own != name:  # a submission stands once in the main table, in a repeat as often as it likes
            pairs.append(({own: name}, name))
        pairs.append(({own: name, INDEX: PARENT_INDEX}, f"{name} and {PARENT_INDEX}"))
    pairs.append(({_KEY: _PARENT_KEY}, _PARENT_KEY))
    for keys, told in pairs:
        if set(keys) <= set(parent.frame.columns) and set(keys.values()) <= set(child.frame.columns):
            rows = _reached(parent.frame[list(keys)], child.frame[list(keys.values())])
            if rows is not None and (rows >= 0).any():
                return rows, told
    return None


def _reached(above: pd.DataFrame, below: pd.DataFrame) -> pd.Series | None:
    """Return the place of each row of `below` in `above`, None where the keys of `above` are not unique."""
    import pandas as pd

    known = above.notna().all(axis=1)
    if above[known].duplicated().any():
        return None
    places = {
        tuple(key): at for at, key in zip(known.to_numpy().nonzero()[0], above[known].to_numpy(), strict=True)
    }
    found = [places.get(tuple(key), -1) for key in below.to_numpy()]
    return pd.Series(found, index=below.index, dtype="int64")


def _column(rows: pd.Series, child: RawTable) -> Any:
    """Return places as row numbers from 1, NA where there is none."""
    import pandas as pd

    numbers = pd.Series([at + 1 if at >= 0 else None for at in rows], index=rows.index, dtype="Int64")
    return numbers if child.typed else numbers.astype("str")


def _note_orphans(child: RawTable, found: pd.Series, notes: list[Note], file: str) -> None:
    lost = int((~found).sum())
    if lost:
        told = f"{lost} rows belong to no row of the table above."
        notes.append(Note(told, Where(file=file, sheet=child.name)))


def _unlinked(parent: RawTable, child: RawTable, file: str) -> Note:
    told = f'It could not be linked to "{parent.name}": neither row numbers nor keys fit.'
    return Note(told, Where(file=file, sheet=child.name))


def beside(table: RawTable, path: Path, where: Where) -> tuple[Note, ...]:
    """Tell of a repeat that came alone in a file, and of the file with the table above it where it lies beside."""
    if table.link is not None or PARENT not in table.frame.columns or PARENT_INDEX not in table.frame.columns:
        return ()
    names = [str(name) for name in table.frame[PARENT].dropna().unique()]
    if not names:
        return ()
    plain = names[0].replace("/", "_")
    near = [
        one.name for one in sorted(path.parent.glob(f"*{path.suffix}"))[:1000] if _is_called(one.stem, plain)
    ]
    place = f" That table may stand in {near[0]}, beside this file." if near and near[0] != path.name else ""
    keys = _keys_to(table.frame.columns)
    return (Note(f'This is a repeat of the table "{names[0]}", which is read apart.{place}{keys}', where),)


def _is_called(stem: str, name: str) -> bool:
    return stem == name or stem.endswith((f"_{name}", f"-{name}", f" {name}"))


def _keys_to(columns: Any) -> str:
    shared = [name for name in _IDS if name in set(columns)]
    return f" Join them by {shared[0]}." if shared else f" Join them by {PARENT_INDEX}, of one export only."
