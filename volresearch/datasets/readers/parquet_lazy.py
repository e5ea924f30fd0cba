"""Parquet that stays on disk: a DuckDB relation over the file, with the types that reading it into memory gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from volresearch.datasets.codebook import Variable
from volresearch.datasets.columns import literal, quoted
from volresearch.datasets.provenance import Source
from volresearch.datasets.readers.found import Asked, Found
from volresearch.datasets.readers.parquet import found_parquet
from volresearch.datasets.readers.text_headers import ROW_NAME
from volresearch.datasets.readers.text_names import label_of
from volresearch.datasets.readers.typing_numbers import MAX_SAFE
from volresearch.errors import VolResearchError, Where, short_path
from volresearch.text import Text

__all__ = ["read_parquet_lazily"]

_WHOLE = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT"}
)
_FLOATS = frozenset({"FLOAT", "DOUBLE"})
_LARGE = frozenset({"BIGINT", "UBIGINT", "HUGEINT"})
_INDEX = "__index_level_"


def read_parquet_lazily(asked: Asked, source: Source, path: Path) -> Found:
    """Return a Parquet file as a lazy frame; see `read_parquet`.

    Parameters
    ----------
    asked, source
        As `read_parquet` takes them.
    path : Path
        The plain file: that of `asked`, or its unpacked copy.
    """
    import duckdb

    where = Where(file=short_path(asked.path))
    try:
        query = "".join(["SELECT * FROM read_parquet(", literal(str(path.resolve())), ")"])
        relation = duckdb.connect(":memory:").sql(query)
        kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
        facts = _facts(relation, kinds)
    except duckdb.Error as error:
        raise VolResearchError(
            "read.file", f"DuckDB cannot read this file: {str(error)[:200]}", where=where
        ) from None
    told = _told_by_schema(path)
    columns, notes = {}, list[tuple[str, str]]()
    for name, kind in kinds.items():
        sql, type, note = _typed(name, kind, facts.get(name, (0, 0)), facts[""][0])
        if name in told.coded and type == "text":
            type = "code"
        if name in told.durations:
            sql, type, note = f"CAST({quoted(name)} AS DOUBLE) / {told.durations[name]}", "number", "duration"
        note = "zone" if name in told.zoned else note
        notes += [(note, name)] if note else []
        unit = "s" if note == "duration" else ""
        label = Text(told.labels[name]) if name in told.labels else label_of(name)
        columns[name] = (sql, Variable(name=name, type=type, label=label, unit=unit))
    frame = relation.project(", ".join(f"{sql} AS {quoted(name)}" for name, (sql, _) in columns.items()))
    variables = {name: variable for name, (_, variable) in columns.items()}
    counting = frozenset(name for name in kinds if _is_index(name) and _counts(relation, name))
    return found_parquet(asked, source, frame, variables, notes, facts[""][0], counting)


def _facts(relation: Any, kinds: dict[str, str]) -> dict[str, tuple[int, int]]:
    """Return of whole numbers how many cells are filled and the largest without its sign; of "" how many rows."""
    whole = [name for name, kind in kinds.items() if kind in _WHOLE or kind == "BLOB"]
    asked = ["count(*)"]
    for name in whole:
        column = quoted(name)
        lowest, highest = (f"abs(CAST({end}({column}) AS HUGEINT))" for end in ("min", "max"))
        # Of bytes: how many are text.
        second = (
            f"count(try(decode({column})))" if kinds[name] == "BLOB" else f"greatest({lowest}, {highest})"
        )
        asked += [f"count({column})", second]
    told = relation.aggregate(", ".join(asked)).fetchall()[0]
    out = {name: (int(told[2 * at + 1]), int(told[2 * at + 2] or 0)) for at, name in enumerate(whole)}
    return {**out, "": (int(told[0]), 0)}


def _typed(name: str, kind: str, facts: tuple[int, int], rows: int) -> tuple[str, Any, str]:
    """Return the expression, the type and the kind of note of a column."""
    column = quoted(name)
    if kind in _WHOLE:
        if kind in _LARGE and facts[1] > MAX_SAFE:
            return f"CAST({column} AS VARCHAR)", "text", "large"
        return f"CAST({column} AS {'BIGINT' if facts[0] == rows else 'DOUBLE'})", "integer", ""
    if kind in _FLOATS or kind.startswith("DECIMAL"):
        digits = int(kind[8:].split(",")[0]) if kind.startswith("DECIMAL(") else 0
        return f"CAST({column} AS DOUBLE)", "number", "decimal" if digits > 15 else ""
    if kind == "BOOLEAN":
        return f"CASE {column} WHEN true THEN 'true' WHEN false THEN 'false' END", "code", ""
    if kind.startswith("TIMESTAMP WITH"):
        return f"make_timestamp(epoch_us({column}))", "datetime", "zone"
    if kind.startswith("TIMESTAMP"):
        return column, "datetime", ""
    if kind == "DATE":
        return f"CAST({column} AS TIMESTAMP)", "date", ""
    if kind == "BLOB" and facts[0] == facts[1]:
        return f"decode({column})", "text", ""
    return _rest(column, kind)


def _rest(column: str, kind: str) -> tuple[str, Any, str]:
    if kind == "VARCHAR":
        return column, "text", ""
    if kind.startswith("TIME"):
        return f"CAST({column} AS VARCHAR)", "time", ""
    if kind == "INTERVAL":
        return f"epoch({column})", "number", "duration"
    if kind == "BLOB":
        return f"lower(hex({column}))", "text", "binary"
    if kind.startswith("ENUM"):
        return f"CAST({column} AS VARCHAR)", "code", ""
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return f"CAST(to_json({column}) AS VARCHAR)", "text", "nested"
    return f"CAST({column} AS VARCHAR)", "text", ""


@dataclass
class _Schema:
    """What pyarrow knows of a file and DuckDB does not: categories, zones, durations (with parts of a second), labels."""

    coded: set[str] = field(default_factory=set)
    zoned: set[str] = field(default_factory=set)
    durations: dict[str, int] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)


def _told_by_schema(path: Path) -> _Schema:
    """Return what the schema of Arrow in the file says; without pyarrow nothing."""
    out = _Schema()
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        return out
    for one in pq.read_schema(path):
        given = one.metadata or {}
        words = next((given[key] for key in (b"label", b"description", b"comment") if key in given), b"")
        if words:
            out.labels[one.name] = words.decode("utf-8", "replace")
        if pa.types.is_dictionary(one.type):
            out.coded.add(one.name)
        if pa.types.is_timestamp(one.type) and one.type.tz is not None:
            out.zoned.add(one.name)
        if pa.types.is_duration(one.type):
            out.durations[one.name] = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[one.type.unit]
    return out


def _is_index(name: str) -> bool:
    return name.startswith(_INDEX) or name == ROW_NAME


def _counts(relation: Any, name: str) -> bool:
    """Whether a column holds the numbers of the rows, from 0 or from 1."""
    cell = f"try_cast({quoted(name)} AS BIGINT)"
    numbered = relation.project(f"row_number() OVER () AS row, {cell} AS cell")
    told = numbered.aggregate("count(*), count(cell), min(row - cell), max(row - cell)").fetchall()[0]
    return bool(told[0]) and told[0] == told[1] and told[2] == told[3] and told[2] in (0, 1)
