"""A pytest plugin: every Survey made of a pandas frame sees it as a frame of another engine.

``pytest -p frames_as --engine dask tests/reference`` runs the one table of cases on that engine. `make test-engines`
does so for Dask and PySpark, in an environment of its own.
"""

from __future__ import annotations

import pandas as pd
import pytest


def _polars(frame: pd.DataFrame):
    import polars

    return polars.from_pandas(frame).lazy()


def _duckdb(frame: pd.DataFrame):
    import duckdb

    return duckdb.from_df(frame)


def _dask(frame: pd.DataFrame):
    import dask.dataframe

    return dask.dataframe.from_pandas(frame, npartitions=3)


def _pyspark(frame: pd.DataFrame):
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.ansi.enabled", "false")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    return session.createDataFrame(frame.astype(object).where(frame.notna(), None), schema=_schema(frame))


def _schema(frame: pd.DataFrame):
    from pyspark.sql import types

    def kind(column: pd.Series):
        if pd.api.types.is_integer_dtype(column):
            return types.LongType()
        return types.DoubleType() if pd.api.types.is_numeric_dtype(column) else types.StringType()

    return types.StructType([types.StructField(str(name), kind(frame[name])) for name in frame.columns])


ENGINES = {"polars": _polars, "duckdb": _duckdb, "dask": _dask, "pyspark": _pyspark}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--engine``."""
    parser.addoption("--engine", choices=sorted(ENGINES), required=True, help="engine that holds the frames")


def pytest_configure(config: pytest.Config) -> None:
    """Put the engine's frame in the place of the pandas frame, in every Survey."""
    from volresearch.survey import Survey

    convert, original, seen = ENGINES[config.getoption("--engine")], Survey.__init__, {}

    def init(self, frame, **more):
        if isinstance(frame, pd.DataFrame):
            # The cases share a few frames; a frame is kept beside its id, so that no id is used twice.
            if id(frame) not in seen:
                seen[id(frame)] = (frame, convert(frame))
            frame = seen[id(frame)][1]
        original(self, frame, **more)

    Survey.__init__ = init
