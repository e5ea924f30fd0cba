"""Reads Parquet: columns with their types, whatever wrote them; nested ones as JSON text."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import Variable
from volresearch.datasets.provenance import Source
from volresearch.datasets.readers.found import Asked, Found, Note, RawTable, some
from volresearch.datasets.readers.packed import bare_name, is_packed, kept_file, plain_file
from volresearch.datasets.readers.text_headers import ROW_NAME, unique
from volresearch.datasets.readers.text_names import label_of
from volresearch.datasets.readers.typing_numbers import MAX_SAFE
from volresearch.errors import VolResearchError, Where, short_path
from volresearch.text import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NOTES", "read_parquet"]

_MARK = b"PAR1"
_INDEX = "__index_level_"
_LABELS = (b"label", b"description", b"comment")

#: Kind of what was read in its own way -> what is said of such columns.
NOTES = {
    "nested": "lists and structures are kept as JSON text",
    "zone": "moments with a time zone were converted to UTC",
    "binary": "bytes that are no text are written as hexadecimal digits",
    "large": "whole numbers beyond 9,007,199,254,740,992 would not be exact: kept as text",
    "duration": "durations are read as seconds",
    "decimal": "decimal numbers of more than 15 digits are rounded to what a floating number holds",
    "twice": "the name stands in the file twice: the later has a number behind it",
}


def read_parquet(asked: Asked, source: Source) -> Found:
    """Read a Parquet file.

    Parameters
    ----------
    asked : Asked
        ``engine="duckdb"`` gives a lazy frame over the file.
    source : Source
        The file, as the provenance names it.

    Returns
    -------
    Found
        One typed table: categories (dictionaries) and truth values are codes, moments with a zone are UTC, nested
        columns are JSON text; an index that pandas or R stored is a column, hidden where it only counts.

    Raises
    ------
    VolResearchError
        ``read.file`` for a file that is cut off or damaged; ``tool.missing`` without pyarrow.
    """
    where = Where(file=short_path(asked.path))
    if asked.engine == "duckdb":
        from volresearch.datasets.readers.parquet_lazy import read_parquet_lazily

        path = kept_file(asked.path)
        _check_ends(path, where)
        return read_parquet_lazily(asked, source, path)
    with plain_file(asked.path) as plain:
        _check_ends(plain, where)
        table = _opened(plain, where)
    columns = {}
    named, twice = unique(table.column_names)
    notes = [(("twice"), new) for _, new in twice]
    for place, name in enumerate(named):
        columns[name] = _Column(name, table.schema.field(place), table.column(place))
        notes += [(kind, name) for kind in columns[name].notes]
    frame = _frame({name: one.values for name, one in columns.items()}, table.num_rows)
    variables = {name: one.variable for name, one in columns.items()}
    return found_parquet(asked, source, frame, variables, notes, table.num_rows, _counting(frame, named))


def found_parquet(
    asked: Asked,
    source: Source,
    frame: Any,
    variables: dict[str, Variable],
    notes: list[tuple[str, str]],
    rows: int,
    counting: frozenset[str],
) -> Found:
    """Return what was found in a Parquet file; `notes` are pairs of a kind of `NOTES` and a column."""
    where = Where(file=short_path(asked.path))
    said = [
        Note(f"{_capital(NOTES[kind])}: {some((name for one, name in notes if one == kind), 10)}.", where)
        for kind in dict.fromkeys(kind for kind, _ in notes)
    ]
    if rows == 0:
        said.append(Note("The file holds columns and no rows.", where))
    kept = {name: variable for name, variable in variables.items() if name not in counting}
    table = RawTable(bare_name(asked.path), frame, kept, typed=True, hidden=counting)
    options = {"packed": "gzip"} if is_packed(asked.path) else {}
    return Found("parquet", (table,), options=options, notes=tuple(said), sources=(source,))


def _check_ends(path: Path, where: Where) -> None:
    """Refuse a file that does not end as Parquet does: it was cut off."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - 4))
        if size < 12 or stream.read(4) != _MARK:
            raise _damaged(where, "it does not end as Parquet does")


def _damaged(where: Where, said: str) -> VolResearchError:
    return VolResearchError(
        "read.file",
        f"This Parquet file is cut off or damaged: {said[:200]}.",
        where=where,
        hint="Download or write it again.",
    )


def _opened(path: Path, where: Where) -> Any:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise VolResearchError(
            "tool.missing",
            "Reading Parquet into memory needs pyarrow.",
            where=where,
            hint='Install it: pip install "volresearch[files]"; or read it with engine="duckdb".',
        ) from None
    try:
        with pq.ParquetFile(path) as file:
            return file.read()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(where, str(error).splitlines()[0]) from None


class _Column:
    """One column: its values, its variable, and kinds of what there is to say."""

    def __init__(self, name: str, field: Any, values: Any) -> None:
        self.notes: list[str] = []
        self.unit = ""
        self.values, type = self._read(values)
        words = next((field.metadata[key] for key in _LABELS if key in (field.metadata or {})), b"")
        label = Text(words.decode("utf-8", "replace")) if words else label_of(name)
        self.variable = Variable(name=name, type=type, label=label, unit=self.unit)

    def _read(self, values: Any) -> tuple[Any, Any]:
        import pyarrow as pa

        types = pa.types
        kind = values.type
        if types.is_dictionary(kind):
            return self._coded(values)
        if types.is_boolean(kind):
            return _as_text(values), "code"
        if types.is_integer(kind):
            return self._whole(values)
        if types.is_floating(kind) or types.is_decimal(kind):
            if types.is_decimal(kind) and kind.precision > 15:
                self.notes.append("decimal")
            return values.cast(pa.float64(), safe=False), "number"
        if types.is_date(kind) or types.is_timestamp(kind):
            return self._moments(values)
        return self._rest(values)

    def _rest(self, values: Any) -> tuple[Any, Any]:
        import pyarrow as pa
        import pyarrow.compute as pc

        types, kind = pa.types, values.type
        if types.is_time(kind):
            whole = pc.replace_substring_regex(_as_text(values), r"\.0+$", "")
            return pc.replace_substring_regex(whole, r"(\.[0-9]*[1-9])0+$", r"\1"), "time"
        if types.is_duration(kind):
            self.notes.append("duration")
            self.unit = "s"
            micro = values.cast(pa.duration("us"), safe=False).cast(pa.int64()).cast(pa.float64(), safe=False)
            return pc.divide(micro, 1e6), "number"
        if types.is_nested(kind):
            self.notes.append("nested")
            cells = [None if one is None else json_text(one) for one in values.to_pylist()]
            return pa.chunked_array([pa.array(cells, pa.large_string())]), "text"
        if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
            return self._bytes(values), "text"
        return _as_text(values), "text"

    def _coded(self, values: Any) -> tuple[Any, Any]:
        """Return the categories of a column as codes; those of moments and numbers with decimals stay what they are."""
        import pyarrow as pa

        plain = values.cast(values.type.value_type)
        if pa.types.is_floating(plain.type) or pa.types.is_temporal(plain.type):
            return self._read(plain)
        return _as_text(plain), "code"

    def _whole(self, values: Any) -> tuple[Any, Any]:
        import pyarrow as pa
        import pyarrow.compute as pc

        if values.type.bit_width == 64:
            ends = pc.min_max(values).as_py()
            if max(abs(ends["min"] or 0), abs(ends["max"] or 0)) > MAX_SAFE:
                self.notes.append("large")
                return _as_text(values), "text"
        return values.cast(pa.float64() if values.null_count else pa.int64(), safe=False), "integer"

    def _moments(self, values: Any) -> tuple[Any, Any]:
        import pyarrow as pa

        if pa.types.is_date(values.type):
            return values.cast(pa.timestamp("us"), safe=False), "date"
        if values.type.tz is not None:
            self.notes.append("zone")
        # The inside of a moment with a zone is UTC: taking the zone away leaves it so.
        return values.cast(pa.timestamp(values.type.unit)), "datetime"

    def _bytes(self, values: Any) -> Any:
        import pyarrow as pa

        try:
            return values.cast(pa.large_binary()).cast(pa.large_string())
        except pa.ArrowInvalid:
            self.notes.append("binary")
            cells = [None if one is None else one.hex() for one in values.to_pylist()]
            return pa.chunked_array([pa.array(cells, pa.large_string())])


def json_text(value: Any) -> str:
    """Return a nested value as JSON; what JSON has no sign for is written as text."""
    return json.dumps(_plain(value), ensure_ascii=False, default=str, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _as_text(values: Any) -> Any:
    import pyarrow as pa

    return values.cast(pa.large_string())


def _frame(columns: dict[str, Any], rows: int) -> pd.DataFrame:
    """Return arrow columns as a frame: numbers and moments of numpy, text without a copy."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    text = pd.StringDtype(na_value=np.nan)
    out: dict[str, Any] = {}
    for name, values in columns.items():
        if pa.types.is_large_string(values.type):
            out[name] = values.to_pandas(types_mapper=lambda _: text)
        else:
            out[name] = (
                values.to_numpy(zero_copy_only=False) if hasattr(values, "num_chunks") else values.to_numpy()
            )
    return pd.DataFrame(out, index=pd.RangeIndex(rows), copy=False)


def _counting(frame: pd.DataFrame, names: list[str]) -> frozenset[str]:
    """Return stored indexes that only count the rows."""
    found = [name for name in names if name.startswith(_INDEX) or name == ROW_NAME]
    count = range(len(frame))
    return frozenset(
        name
        for name in found
        if frame[name].tolist() in (list(count), [one + 1 for one in count], [str(one + 1) for one in count])
    )


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
