"""Parquet with its types, in memory and on disk."""

from __future__ import annotations

import datetime as dt
import decimal
import gzip
import sys

import pandas as pd
import pytest

from volresearch.datasets.columns import names_of
from volresearch.datasets.provenance import Source
from volresearch.datasets.readers.found import Asked
from volresearch.datasets.readers.parquet import read_parquet
from volresearch.datasets.readers.typing import typed
from volresearch.datasets.typed import reasons_of
from volresearch.errors import VolResearchError

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
ENGINES = ("pandas", "duckdb")


def read_in(tmp_path, columns, engine="pandas", missing=None, name="a.parquet"):
    file = tmp_path / name
    if isinstance(columns, bytes):
        file.write_bytes(columns)
    elif isinstance(columns, pd.DataFrame):
        columns.to_parquet(file)
    else:
        pq.write_table(pa.table(columns), file)
    asked = Asked(file, engine=engine, missing=missing or {})
    return typed(read_parquet(asked, Source(name, "", 0)), asked)


def frame_of(found) -> pd.DataFrame:
    frame = found.main.frame
    return frame if isinstance(frame, pd.DataFrame) else frame.df()


COLUMNS = {
    "category": (pa.array(["a", "b", None]).dictionary_encode(), "code", ["a", "b", None]),
    "flag": (pa.array([True, None, False]), "code", ["true", None, "false"]),
    "small": (pa.array([1, None, 3], pa.int8()), "integer", [1.0, None, 3.0]),
    "whole": (pa.array([1, 2, 3]), "integer", [1, 2, 3]),
    "unsigned": (pa.array([1, 2, 3], pa.uint32()), "integer", [1, 2, 3]),
    "large": (pa.array([2**60, None, 1]), "text", [str(2**60), None, "1"]),
    "single": (pa.array([1.5, None, 2], pa.float32()), "number", [1.5, None, 2.0]),
    "money": (pa.array([decimal.Decimal("1.50"), None, None]), "number", [1.5, None, None]),
    "day": (pa.array([dt.date(2020, 1, 2), None, dt.date(1850, 1, 1)]), "date", ["2020-01-02 00:00:00", None, "1850-01-01 00:00:00"]),
    "moment": (pa.array([dt.datetime(2020, 1, 2, 5), None, None]), "datetime", ["2020-01-02 05:00:00", None, None]),
    "zoned": (
        pa.array([dt.datetime(2020, 1, 2, 5), None, None], pa.timestamp("us", tz="America/Lima")), "datetime",
        ["2020-01-02 05:00:00", None, None],
    ),
    "clock": (pa.array([dt.time(5, 2), None, dt.time(5, 2, 3, 500000)]), "time", ["05:02:00", None, "05:02:03.5"]),
    "lasting": (pa.array([dt.timedelta(seconds=90), None, None]), "number", [90.0, None, None]),
    "list": (pa.array([[1, 2], None, []]), "text", ["[1,2]", None, "[]"]),
    "structure": (pa.array([{"a": 1.5, "b": "ñ"}, None, None]), "text", ['{"a":1.5,"b":"ñ"}', None, None]),
    "bytes": (pa.array([b"ab", None, "ñ".encode()]), "text", ["ab", None, "ñ"]),
    "raw": (pa.array([b"\xff\xfe", None, b"cd"]), "text", ["fffe", None, "6364"]),
    "nothing": (pa.nulls(3), "text", [None, None, None]),
    "text": (pa.array(["x", "", None]), "text", ["x", "", None]),
}  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", COLUMNS)
def test_read_parquet__each_kind_of_column__has_its_type(tmp_path, engine, name):
    values, type, expected = COLUMNS[name]
    found = read_in(tmp_path, {name: values}, engine)
    column = frame_of(found)[name]
    shown = [None if pd.isna(one) else str(one) if type in {"date", "datetime"} else one for one in column]
    assert (shown, found.main.variables[name].type) == (expected, type)
    if name != "nothing":
        assert str(column.dtype) in {"str", "int64", "float64", "datetime64[us]"}


def test_read_parquet__both_engines__say_the_same_of_all_kinds(tmp_path):
    columns = {name: values for name, (values, _, _) in COLUMNS.items()}
    memory, lazy = (read_in(tmp_path, columns, engine) for engine in ENGINES)
    assert lazy.main.variables == memory.main.variables
    assert [str(note) for note in lazy.notes] == [str(note) for note in memory.notes]
    told = "\n".join(map(str, memory.notes))
    for word in (
        "UTC: zoned",
        "JSON text: list, structure",
        "hexadecimal digits: raw",
        "seconds: lasting",
        "exact: kept as text: large",
    ):
        assert word in told


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("index", "hidden"), [([0, 1], True), ([1, 2], True), (["x", "y"], False), ([5, 9], False)]
)
def test_read_parquet__an_index_of_pandas__is_a_column_hidden_where_it_counts(
    tmp_path, engine, index, hidden
):
    found = read_in(tmp_path, pd.DataFrame({"a": [1, 2]}, index=pd.Index(index)), engine)
    assert ("__index_level_0__" in found.main.hidden) is hidden
    assert frame_of(found)["__index_level_0__"].tolist() == index


@pytest.mark.parametrize("engine", ENGINES)
def test_read_parquet__declared_texts__are_missing_with_their_reason(tmp_path, engine):
    found = read_in(tmp_path, {"x": ["a", "NA", None]}, engine, missing={"NA": "not_asked"})
    why = reasons_of(frame_of(found), found.main.variables["x"])
    assert [one if isinstance(one, str) else None for one in why] == [None, "not_asked", "no_answer"]


@pytest.mark.parametrize("engine", ENGINES)
def test_read_parquet__headers_of_words_and_labels_in_the_schema__are_labels(tmp_path, engine):
    schema = pa.schema(
        [
            pa.field("a", pa.string(), metadata={"label": "Sex of the volunteer"}),
            pa.field("How old?", pa.int64()),
        ]
    )
    found = read_in(
        tmp_path, pa.table([["f"], [31]], schema=schema).to_pydict() and _written(tmp_path, schema), engine
    )
    assert names_of(found.main.frame) == ["a", "How_old"]
    assert str(found.main.variables["a"].label) == "Sex of the volunteer"
    assert str(found.main.variables["How_old"].label) == "How old?"


def _written(tmp_path, schema) -> bytes:
    file = tmp_path / "labelled.parquet"
    pq.write_table(pa.table([["f"], [31]], schema=schema), file)
    return file.read_bytes()


@pytest.mark.parametrize("engine", ENGINES)
def test_read_parquet__a_gzipped_file__is_read(tmp_path, engine):
    pq.write_table(pa.table({"a": [1]}), tmp_path / "b.parquet")
    packed = gzip.compress((tmp_path / "b.parquet").read_bytes())
    found = read_in(tmp_path, packed, engine, name="a.parquet.gz")
    assert frame_of(found)["a"].tolist() == [1]
    assert found.options["packed"] == "gzip"


@pytest.mark.parametrize("engine", ENGINES)
def test_read_parquet__a_file_without_rows__says_so(tmp_path, engine):
    found = read_in(tmp_path, {"a": pa.array([], pa.int64()), "b": pa.array([], pa.string())}, engine)
    assert len(frame_of(found)) == 0
    assert "no rows" in str(found.notes[0])


@pytest.mark.parametrize("engine", ENGINES)
def test_read_parquet__cut_off_or_damaged__is_a_clear_error(tmp_path, engine):
    pq.write_table(pa.table({"a": list(range(1000))}), tmp_path / "b.parquet")
    whole = (tmp_path / "b.parquet").read_bytes()
    for content in (whole[:-100], b"PAR1", b"PAR1" + bytes(100) + b"PAR1", whole[:200] + whole[-60:]):
        with pytest.raises(VolResearchError) as caught:
            read_in(tmp_path, content, engine)
        assert caught.value.code == "read.file"


def test_read_parquet__names_that_stand_twice__get_a_number(tmp_path):
    table = pa.table([[1], [2]], names=["a", "a"])
    pq.write_table(table, tmp_path / "b.parquet")
    found = read_in(tmp_path, (tmp_path / "b.parquet").read_bytes())
    assert frame_of(found).iloc[0].to_dict() == {"a": 1, "a_2": 2}
    assert "stands in the file twice" in str(found.notes[0])


def test_read_parquet__without_pyarrow__names_the_package(tmp_path, monkeypatch):
    pq.write_table(pa.table({"a": [1]}), tmp_path / "b.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(VolResearchError) as caught:
        read_in(tmp_path, (tmp_path / "b.parquet").read_bytes())
    assert caught.value.code == "tool.missing"
    assert frame_of(read_in(tmp_path, (tmp_path / "b.parquet").read_bytes(), "duckdb"))["a"].tolist() == [1]
