from __future__ import annotations

import duckdb
import pandas as pd

from volresearch.datasets.columns import brought, has_column, in_memory, names_of, quoted, rows_in


def lazy():
    return duckdb.connect().sql(
        "SELECT * FROM (VALUES (1, 'f', NULL::VARCHAR), (2, NULL, NULL)) AS t(\"a b\", sex, empty)"
    )


def test_relation__columns_and_rows__are_told_without_its_rows():
    frame = lazy()
    assert (names_of(frame), rows_in(frame)) == (["a b", "sex", "empty"], 2)
    assert has_column(frame, "a b")
    assert not has_column(frame, "b")


def test_relation__brought_into_memory__text_is_text_even_where_all_is_empty():
    frame = in_memory(lazy())
    assert {name: str(kind) for name, kind in frame.dtypes.items() if name != "a b"} == {
        "sex": "str",
        "empty": "str",
    }
    assert frame["empty"].isna().all()
    assert brought(lazy(), ["a b"])["a b"].tolist() == [1, 2]


def test_frame__in_memory_already__stays_itself():
    frame = pd.DataFrame({"a": [1]})
    assert in_memory(frame) is frame
    assert rows_in(frame) == 1


def test_name__with_quotes__is_quoted_for_sql():
    assert quoted('a"b') == '"a""b"'
