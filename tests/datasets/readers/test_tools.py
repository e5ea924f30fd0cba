"""The tool of an export, by its headers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volresearch.datasets.readers.tools import (
    METADATA,
    Tool,
    metadata_of,
    metadata_variable,
    position_of,
    recognized,
    unmangled,
)


@pytest.mark.parametrize(
    ("headers", "tool"),
    [
        (["name", "meta/instanceID"], Tool("kobo", True)),
        (["name", "meta.instanceID", "_uuid"], Tool("kobo", True)),
        (["SubmissionDate", "name", "meta-instanceID", "KEY"], Tool("kobo", True)),
        (["name", "PARENT_KEY", "KEY"], Tool("kobo", True)),
        (["_id", "_uuid", "_submission_time", "name"], Tool("kobo", True)),
        (
            ["members.age", "_index", "_parent_table_name", "_parent_index", "_submission__id"],
            Tool("kobo", True),
        ),
        (["X_uuid", "X7states", "name"], Tool("r", False, True)),
        (["X.U.FEFF.start", "X_uuid", "X_submission_time"], Tool("r", True, True)),
        (["record_id", "redcap_event_name", "age"], Tool("redcap")),
        (["record_id", "a___1", "a___2", "form_complete"], Tool("redcap")),
        (["id", "submitdate", "lastpage", "startlanguage", "Q1", "Q2[SQ001]"], Tool("limesurvey")),
        (
            ["id. Response ID", "submitdate. Date submitted", "lastpage. Last page", "Q1. Age?"],
            Tool("limesurvey"),
        ),
        (["name", "age", "_uuid"], Tool()),
        (["id", "start", "end", "X1", "X2", "project_complete"], Tool()),
        ([], Tool()),
    ],
)
def test_recognized__headers_of_a_tool__its_name(headers: Sequence[str], tool: Tool) -> None:
    assert recognized(headers) == tool


def test_recognized__paths_in_labels__kobo() -> None:
    assert recognized(["var1", "var2"], ["name", "meta/instanceID"]) == Tool("kobo", True)


def test_unmangled__names_that_would_be_one__stay_apart() -> None:
    assert unmangled(["X_uuid", "_uuid", "X_id"]) == ["X_uuid", "_uuid", "_id"]


def test_unmangled__no_sign_of_kobo__stays() -> None:
    assert unmangled(["X1", "X2", "X7states"]) == ["X1", "X2", "X7states"]


@given(st.lists(st.text(max_size=8), max_size=5))
def test_unmangled__any_headers__as_many_come_back(headers: list[str]) -> None:
    assert len(unmangled(headers)) == len(headers)


def test_metadata__of_a_plain_table__is_none() -> None:
    for name in METADATA:
        assert metadata_of(name, Tool()) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("start", "time"), ("meta/instanceID", "key"), ("meta.instanceID", "key"), ("meta-instanceID", "key"),
        ("formhub/uuid", "form"), ("deviceid", "device"), ("__system/submitterName", "user"), ("_submitted_by", "user"),
    ],
)  # fmt: skip
def test_metadata__with_or_without_groups__known(name: str, kind: str) -> None:
    found = metadata_of(name, Tool("kobo", True))
    assert found is not None
    assert found.kind == kind


def test_metadata__a_question_in_a_group__is_none() -> None:
    assert metadata_of("work/start", Tool("kobo", True)) is None
    assert metadata_of("id", Tool("kobo", True)) is None
    assert metadata_of("id", Tool("limesurvey")) is not None


def test_metadata__its_variable__is_labelled_in_every_language() -> None:
    found = metadata_of("_status", Tool("kobo", True))
    assert found is not None
    variable = metadata_variable("_status", found, "x/_status")
    assert (variable.type, variable.source) == ("code", "x/_status")
    assert variable.label.get_in("en") == "Status"
    assert set(variable.label) >= {"en", "es"}


def test_position__coordinates_of_a_question__of_it_only() -> None:
    assert position_of("geo/_place_latitude", ["geo/place"]) == ("geo/place", "Latitude")
    assert position_of("_place_latitude", ["other"]) is None
