"""Kinds of missing by variable and by row: held to `Dataset.missing`, which works row by row."""

from __future__ import annotations

import pandas as pd
import pytest

from volresearch.datasets import Variable


@pytest.mark.parametrize("lazy", [False, True])
def test_missing__every_kind__is_counted_as_row_by_row(make, lazy) -> None:
    columns = {
        "age": [31.0, 99, None, None, None, None, 20, 98],
        "age__why": pd.Series([None, None, ".a", "not_asked", "about 40", None, None, None], dtype="str"),
        "sex": ["f", "8", None, "m", None, "f", "9", "m"],
        "skills": ["a b", "", None, "a", "8", None, "b", "a"],
        "day": pd.to_datetime(["2020-01-01", None, None, "2020-01-02", None, None, None, None]),
    }
    variables = [
        Variable(
            name="age", type="number", missing={"99": "refused", "98": "dont_know", ".a": "not_applicable"}
        ),
        Variable(
            name="sex", type="code", labels={"f": "F", "m": "M"}, missing={"8": "dont_know", "9": "refused"}
        ),
        Variable(
            name="skills",
            type="multiple",
            labels={"a": "A", "b": "B"},
            missing={"8": "refused"},
            blank="not_asked",
        ),
        Variable(name="day", type="date", blank="not_in_version"),
    ]
    data = make(columns, variables, lazy=lazy)
    counted = data.check().missing.set_index(["variable", "reason"])["n"].to_dict()
    by_row = {
        (name, reason): n
        for name in ("age", "sex", "skills", "day")
        for reason, n in data.missing(name).value_counts().items()
    }
    assert counted == by_row
    assert counted["age", "invalid"] == 1
    assert counted["age", "not_applicable"] == 1


def test_missing__rate__leaves_out_who_was_not_asked(make) -> None:
    columns = {"hours": [1.0, None, None, None, None], "hours__why": pd.Series([None, "not_asked", "not_asked", "refused", None], dtype="str")}  # fmt: skip
    quality = make(columns, [Variable(name="hours", type="number")]).check()
    # Three were due; one refused, one left it empty.
    assert quality.value("item_nonresponse", "hours") == pytest.approx(2 / 3)
    assert "Not answered though asked: 2 of 3 (66.7%)" in [one.said() for one in quality.warnings]


def test_missing__text_that_is_no_number__is_a_warning(make) -> None:
    columns = {"age": [1.0, None], "age__why": pd.Series([None, "old"], dtype="str")}
    quality = make(columns, [Variable(name="age", type="number")]).check()
    assert next(one.said() for one in quality.warnings if one.variable == "age") == "Cells whose content does not fit the type: 1 (50.0%)"  # fmt: skip
    assert "old" not in quality.html()


def test_missing__rows_more_than_half_empty__are_counted_of_what_was_due(make) -> None:
    columns = {
        "a": ["1", None, None, None],
        "b": ["1", "1", None, None],
        "c": ["1", None, None, "1"],
        "d": [None, None, None, None],  # nobody was asked
    }
    variables = [Variable(name="d", type="code", blank="not_asked")]
    quality = make(columns, variables).check()
    # Row 2 lacks 2 of 3, row 3 all 3, row 4 lacks 2 of 3.
    assert quality.value("rows_half_missing") == 3
    assert quality.value("rows_empty") == 1


def test_missing__linked_table__is_told_by_its_name(make) -> None:
    children = {"parent": ["k1", "k1"], "age": [None, 3.0]}
    links = {"children": {"parent": "main", "key": "id", "parent_key": "parent"}}
    data = make({"id": ["k1", "k2"]}, [Variable(name="age", type="number", table="children")], linked={"children": children}, links=links)  # fmt: skip
    assert data.check().missing.to_dict("records") == [
        {"table": "children", "variable": "age", "reason": "no_answer", "n": 1, "share": 0.5}
    ]
