"""Rows that are there twice."""

from __future__ import annotations

import pytest

from volresearch.datasets import Variable


def said(quality) -> dict[str, str]:
    return {one.said(): one.level for one in quality.findings if one.topic == "duplicates"}


@pytest.mark.parametrize("lazy", [False, True])
def test_duplicates__long_interviews_that_agree__are_a_warning(make, lazy) -> None:
    columns = {f"q{number}": ["1", "2", "1", "1", None] for number in range(16)}
    quality = make({"id": list("abcde"), **columns}, lazy=lazy).check()
    assert said(quality) == {
        "Rows with the same answers as an earlier row: 2 of 5 (40.0%), in 2 of them 15 answers or more": "warning"
    }
    assert quality.value("identical_rows") == 2


def test_duplicates__short_interviews_that_agree__are_a_note(make) -> None:
    quality = make({"id": ["1", "2", "3"], "sex": ["f", "f", "m"]}).check()
    assert said(quality) == {
        "Rows with the same answers as an earlier row: 1 of 3 (33.3%). None has 15 answers: it may be chance.": "note"
    }


def test_duplicates__key_twice_or_empty__is_an_error(make) -> None:
    quality = make({"_uuid": ["a", "b", "a", "a", "b", None, ""], "q": list("1234567")}).check()
    assert said(quality) == {
        "Keys that stand in several rows: 2, in 5 rows. A key names one row.": "error",
        "Rows without a key: 2 of 7 (28.6%)": "warning",
    }


def test_duplicates__key_named_by_the_caller__is_the_one_checked(make) -> None:
    data = make({"id": ["1", "2"], "household": ["h", "h"], "q": ["1", "2"]})
    assert data.check().value("doubled_keys") == 0
    assert data.check(id="household").value("doubled_keys") == 1


def test_duplicates__no_key_known__says_how_to_name_it(make) -> None:
    assert said(make({"q": ["1", "2"]}).check()) == {
        "No column is known to name each row once. Name it with id=.": "note"
    }


@pytest.mark.parametrize("lazy", [False, True])
def test_duplicates__rows_without_a_parent__are_an_error(make, lazy) -> None:
    links = {"children": {"parent": "main", "key": "key", "parent_key": "above"}}
    children = {"above": ["a", "a", "z", None], "age": [1.0, 2, 3, 4]}
    data = make({"key": ["a", "b"]}, [Variable(name="age", type="number", table="children")], linked={"children": children}, links=links, lazy=lazy)  # fmt: skip
    assert said(data.check())["Rows without a row above them in the table main: 2 of 4 (50.0%)"] == "error"


def test_duplicates__column_of_keys_that_is_empty__is_no_key(make) -> None:
    quality = make({"_uuid": [None, None], "_id": ["7", "7"]}).check()
    assert [one.variable for one in quality.errors] == ["_id"]
