"""How often every code of a variable stands in the data, wherever the rows are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import code_text
from volresearch.datasets.columns import brought, is_lazy, quoted

if TYPE_CHECKING:
    from volresearch.datasets import Variable

__all__ = ["counts_of", "filled"]


def counts_of(frame: Any, variable: Variable) -> dict[str, int]:
    """Return code -> rows of a column; of a variable with several answers code -> choices. Empty cells are not counted."""
    name = variable.name
    if is_lazy(frame):
        found = frame.aggregate(f"{quoted(name)} AS k, count(*) AS n", quoted(name)).fetchall()
    else:
        found = [(key, n) for key, n in brought(frame, [name])[name].value_counts(dropna=True).items()]
    out: dict[str, int] = {}
    for value, n in found:
        if value is None or value != value:
            continue
        text = code_text(value) if isinstance(value, int | float) else str(value)
        for code in text.split() if variable.type == "multiple" else [text]:
            out[code] = out.get(code, 0) + int(n)
    return out


def filled(frame: Any, variable: Variable) -> int:
    """Return the number of cells that hold anything."""
    name = variable.name
    if is_lazy(frame):
        return int(frame.aggregate(f"count({quoted(name)}) AS n").fetchall()[0][0])
    return int(frame[name].notna().sum())
