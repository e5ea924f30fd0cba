"""One way to every frame: pandas, polars, DuckDB, PySpark and Dask frames and Parquet files, through narwhals.

Nothing here knows statistics. `Engine.grouped` is the only thing that touches rows on most calls; what it brings
back are aggregated rows. NULL, NaN and declared missing codes become one thing, missing, before anything else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from volresearch.errors import VolResearchError, Where, near
from volresearch.survey.codes import missing_codes

__all__ = ["Engine"]

_FRAMES = "a pandas, polars, DuckDB, PySpark or Dask frame, or the path of a Parquet file"


class Engine:
    """A frame of any kind, seen as named columns with missing values.

    Parameters
    ----------
    frame : native frame, str or Path
        pandas, polars (eager or lazy), DuckDB relation, PySpark or Dask frame, or the path of a Parquet file
        (read by DuckDB, never whole).
    codebook : object, optional
        Declares missing codes; see `volresearch.survey.codes`.
    """

    def __init__(self, frame: Any, codebook: Any = None) -> None:
        self.native = _numbers_as_such(_opened(frame))
        self.codebook = codebook
        try:
            self.frame: Any = nw.from_native(self.native)
        except TypeError:
            raise VolResearchError(
                "survey.frame",
                "This is not a frame that can be estimated from.",
                expected=_FRAMES,
                got=type(frame).__name__,
            ) from None
        self.schema: dict[str, Any] = dict(self.frame.collect_schema())

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return list(self.schema)

    def require(self, names: Sequence[str], role: str) -> None:
        """Refuse names that the frame does not have."""
        for name in names:
            if name not in self.schema:
                raise VolResearchError(
                    "survey.variable",
                    f'There is no column "{name}", named as {role}.',
                    where=Where(variable=name),
                    hint=near(name, self.columns),
                )

    def is_number(self, name: str) -> bool:
        """Whether the column's type is a number or a truth value."""
        kind = self.schema[name]
        return bool(kind.is_numeric() or kind == nw.Boolean)

    def is_float(self, name: str) -> bool:
        """Whether the column can hold NaN."""
        return bool(self.schema[name].is_float())

    def missing(self, name: str) -> tuple[Any, ...]:
        """Return the declared missing codes of a column, in the column's own type."""
        codes = missing_codes(self.codebook, name)
        if not codes:
            return ()
        if not self.is_number(name):
            return tuple(str(code) for code in codes)
        numbers = [number for number in map(_number, codes) if number is not None]
        if self.schema[name].is_integer():
            return tuple(int(number) for number in numbers if float(number).is_integer())
        return tuple(numbers)

    def present(self, name: str) -> nw.Expr:
        """Return whether a value is there: neither NULL nor NaN nor a declared missing code."""
        column = nw.col(name)
        there = ~column.is_null()
        if self.is_float(name):
            there = there & ~column.is_nan()
        codes = self.missing(name)
        if codes:
            there = there & ~column.is_in(codes)
        return there

    def clean(self, name: str) -> nw.Expr:
        """Return the column with everything missing as NULL."""
        if not self.is_float(name) and not self.missing(name):
            return nw.col(name)
        return nw.when(self.present(name)).then(nw.col(name))

    def number(self, name: str) -> nw.Expr:
        """Return a column as 64-bit numbers; text is refused."""
        if self.is_number(name):
            return nw.col(name).cast(nw.Float64)
        if self.schema[name] == nw.Object or str(self.schema[name]).startswith("Decimal"):
            return nw.col(name).cast(nw.Float64)
        raise VolResearchError(
            "survey.variable",
            f'"{name}" holds text; a number is needed here.',
            where=Where(variable=name),
            expected="a numeric column",
            got=str(self.schema[name]),
            hint=f'For shares of its values ask proportion("{name}").',
        )

    def selected(self, columns: Mapping[str, nw.Expr], where: nw.Expr | None = None) -> pd.DataFrame:
        """Return the rows (of a domain) with the given columns, as pandas."""
        frame = self.frame if where is None else self.frame.filter(where)
        return _collected(frame.select(**columns))

    def grouped(
        self, keys: Mapping[str, nw.Expr], sums: Mapping[str, nw.Expr], where: nw.Expr | None = None
    ) -> pd.DataFrame:
        """Return the sums by the keys (NULL is a key): the one pass over the rows.

        Parameters
        ----------
        keys, sums : mapping of str to narwhals.Expr
            New column name -> how it is computed in a row.
        where : narwhals.Expr, optional
            Rows that count.
        """
        frame = self.frame if where is None else self.frame.filter(where)
        frame = frame.select(**keys, **sums)
        totals = [nw.col(name).sum() for name in sums]
        if not keys:
            return _collected(frame.select(*totals))
        return _collected(frame.group_by(*keys, drop_null_keys=False).agg(*totals))

    def aggregated(
        self, keys: Mapping[str, nw.Expr], columns: Mapping[str, nw.Expr], aggregates: Sequence[nw.Expr]
    ) -> pd.DataFrame:
        """Return other aggregates than sums by the keys."""
        frame = self.frame.select(**keys, **columns)
        if not keys:
            return _collected(frame.select(*aggregates))
        return _collected(frame.group_by(*keys, drop_null_keys=False).agg(*aggregates))


def _opened(frame: Any) -> Any:
    if not isinstance(frame, str | Path):
        return frame
    path = Path(frame)
    if not path.exists() and "*" not in path.name:
        raise VolResearchError("survey.frame", f'There is no file "{path}".', expected=_FRAMES)
    import duckdb

    if path.suffix.lower() in {".parquet", ".pq"} or path.is_dir():
        return duckdb.read_parquet(str(path / "**/*.parquet") if path.is_dir() else str(path))
    raise VolResearchError("survey.frame", f'"{path.name}" is not a Parquet file.', expected=_FRAMES)


def _numbers_as_such(frame: Any) -> Any:
    """Give pandas columns of type object that hold nothing but numbers the type of numbers."""
    if not isinstance(frame, pd.DataFrame):
        return frame
    held = {"floating", "integer", "mixed-integer-float", "boolean", "decimal"}
    loose = [name for name in frame.columns if frame[name].dtype == object]
    changed = {
        name: pd.to_numeric(frame[name].where(frame[name].notna()))
        for name in loose
        if pd.api.types.infer_dtype(frame[name], skipna=True) in held
    }
    return frame.assign(**changed) if changed else frame


def _collected(frame: Any) -> pd.DataFrame:
    """Bring aggregated rows into pandas; polars without the need of pyarrow."""
    if isinstance(frame, nw.LazyFrame):
        polars = frame.implementation.is_polars()
        frame = frame.collect() if polars else frame.collect(backend="pandas")
    if frame.implementation.is_pandas():
        out: pd.DataFrame = frame.to_native()
        return out.reset_index(drop=True)
    return pd.DataFrame({name: _array(frame[name]) for name in frame.columns})


def _array(column: Any) -> Any:
    if column.dtype.is_numeric():
        return column.to_numpy()
    return np.array(column.to_list(), dtype=object)


def _number(code: Any) -> float | None:
    try:
        return float(code)
    except (TypeError, ValueError):
        return None
