"""What typing has to say, told once for many columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from volresearch.datasets.readers.found import Note, RawTable, some
from volresearch.errors import Where

__all__ = ["gathered", "marks_of", "summary_of"]

_EACH = 20
_SHOWN = 10


def gathered(told: Sequence[tuple[str, str, str]], file: str, table: str) -> list[Note]:
    """Return notes of (kind, variable, sentence): empty columns in one note, many of a kind bounded."""
    place = f" of the table {table}" if table else ""
    out: list[Note] = []
    empty = [name for kind, name, _ in told if kind == "empty"]
    if empty:
        out.append(
            Note(f"Columns without any answer{place}, kept as text: {some(empty, _SHOWN)}.", Where(file=file))
        )
    count: Counter[str] = Counter()
    left: dict[str, list[str]] = {}
    for kind, name, said in told:
        count[kind] += kind != "empty"
        if kind == "empty":
            continue
        if count[kind] > _EACH:
            left.setdefault(kind, []).append(name)
        else:
            out.append(
                Note(f"{said[0].upper()}{said[1:]}.", Where(file=file, sheet=table or None, variable=name))
            )
    firsts = {kind: said for kind, _, said in reversed(told)}
    for kind, names in left.items():
        out.append(
            Note(
                f"The same as before ({firsts[kind]}) in more columns{place}: {some(names, _SHOWN)}.",
                Where(file=file),
            )
        )
    return out


def marks_of(table: RawTable, told: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    """Return which decimal marks and orders of dates were found, and where, for the provenance."""
    out = {}
    commas = [name for kind, name, _ in told if kind == "comma"]
    points = [name for name, one in table.variables.items() if one.type == "number" and name not in commas]
    if commas:
        out["decimal mark"] = f"comma in {some(commas, _SHOWN)}{'; point in the others' if points else ''}"
    elif points:
        out["decimal mark"] = "point"
    orders = [f"{name}: {said}" for kind, name, said in told if kind == "dates"]
    if orders:
        out["dates"] = some(orders, _SHOWN)
    return out


def summary_of(table: RawTable) -> str:
    """Return one sentence of what types the columns of a table have now."""
    types = Counter(variable.type for variable in table.variables.values())
    shown = ", ".join(f"{count} {type}" for type, count in sorted(types.items()))
    return f"typed the columns of {table.name}: {shown or 'none'}"
