"""`Dataset.describe`: what stands in each variable, counted where the rows are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import Variable
from volresearch.datasets.quality.rows import Ask, Rows
from volresearch.datasets.typed import WHY

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.datasets.dataset import Dataset

__all__ = ["described", "places", "rows_of"]

_COLUMNS = ("variable", "type", "label", "unit", "n", "missing", "distinct", "smallest", "largest", "table")

#: A variable, its table, what the codebook says of it (None where it says nothing).
Place = tuple[str, str, Variable | None]


def described(dataset: Dataset, lang: str = "en", wanted: Sequence[Place] | None = None) -> pd.DataFrame:
    """Return one row a variable: type, label, rows with a value, missing, distinct, smallest, largest, table.

    Parameters
    ----------
    dataset : Dataset
        Of a lazy one the rows stay where they are: one query for some sixty variables.
    lang : str
        Language of labels.
    wanted : sequence of place, optional
        Some of `places`; all unless given.

    Returns
    -------
    pandas.DataFrame
        ``table`` is empty for the main table.
    """
    import pandas as pd

    some = tuple(places(dataset) if wanted is None else wanted)
    by_table: dict[str, list[Place]] = {}
    for place in some:
        by_table.setdefault(place[1], []).append(place)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for table, many in by_table.items():
        rows = rows_of(dataset, table, many)
        counted = _counted(rows, [name for name, _, _ in many])
        found |= {(table, name): counted[name] for name, _, _ in many}
    owner = dataset.main
    lines = [_line(place, found[place[1], place[0]], owner, lang) for place in some]
    return pd.DataFrame(lines, columns=list(_COLUMNS))


def places(dataset: Dataset) -> Iterator[Place]:
    """Yield every variable with its table; without a codebook, every column of the main table."""
    tables, main = dataset.tables, dataset.main
    columns = {name: frozenset(str(one) for one in table.columns) for name, table in tables.items()}
    if not len(dataset.codebook):
        for name in tables[main].columns:
            if not str(name).endswith(WHY):
                yield str(name), main, None
        return
    for variable in dataset.codebook:
        owner = variable.table or (main if variable.name in columns[main] else "")
        table = owner or next((name for name, own in columns.items() if variable.name in own), main)
        if variable.name in columns.get(table, ()):
            yield variable.name, table, variable


def rows_of(dataset: Dataset, table: str, many: Sequence[Place]) -> Rows:
    """Return a table with the variables of some places."""
    return Rows(dataset.tables[table], [variable for _, _, variable in many if variable], table)


def _counted(rows: Rows, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    asks: dict[tuple[str, str], Ask] = {}
    for name in names:
        value, columns = _value(rows, name), rows.reads(name)
        asks[name, "n"] = Ask(f"count({value})", columns)
        asks[name, "distinct"] = Ask(f"count(DISTINCT {value})", columns)
        if rows.calculable(name):
            asks[name, "smallest"] = Ask(f"min({value})", columns)
            asks[name, "largest"] = Ask(f"max({value})", columns)
    out: dict[str, dict[str, Any]] = {name: {"missing": rows.n} for name in names}
    for (name, what), value in rows.ask(asks).items():
        out[name][what] = value
    for one in out.values():
        one["missing"] = rows.n - int(one["n"])
    return out


def _value(rows: Rows, name: str) -> str:
    variable = rows.variables.get(name)
    return rows.value(variable) if variable else rows.raw(name)


def _line(place: Place, found: dict[str, Any], main: str, lang: str) -> dict[str, Any]:
    name, table, variable = place
    numeric = "smallest" in found
    return {
        "variable": name,
        "type": variable.type if variable else "number" if numeric else "text",
        "label": variable.label.get_in(lang) if variable else "",
        "unit": variable.unit if variable else "",
        "n": int(found["n"]),
        "missing": int(found["missing"]),
        "distinct": int(found["distinct"]),
        "smallest": found.get("smallest"),
        "largest": found.get("largest"),
        "table": "" if table == main else table,
    }
