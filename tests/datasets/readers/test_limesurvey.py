"""Responses of LimeSurvey with the structure of the survey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest

from volresearch.datasets.readers.form_files import opened_forms
from volresearch.datasets.readers.forms import lay_forms
from volresearch.datasets.readers.found import Asked, Found, RawTable

HEAD = ("class", "type/scale", "name", "relevance", "text", "language", "other")


def structure(path: Path, *rows: Sequence[str]) -> Path:
    """Write a tab-separated structure with one group."""
    every = [
        HEAD,
        ("G", "0", "Page", "", "", "en", ""),
        *(tuple(row) + ("",) * (len(HEAD) - len(row)) for row in rows),
    ]
    path.write_text("\n".join("\t".join(row) for row in every) + "\n", encoding="utf-8")
    return path


def laid(
    form: Path, columns: Mapping[str, Sequence[str | None]], missing: Mapping[str, str] | None = None
) -> Found:
    opened = opened_forms(form)
    frame = pd.DataFrame({name: pd.array(list(cells), dtype="str") for name, cells in columns.items()})
    asked = Asked(Path("data.csv"), forms=opened.forms, missing=missing or {})
    return lay_forms(Found("csv", (RawTable("data", frame),), tool="limesurvey"), asked)


def cells(found: Found, name: str) -> list[str | None]:
    return [None if pd.isna(cell) else cell for cell in found.main.frame[name]]


def notes(found: Found) -> str:
    return "\n".join(str(note) for note in found.notes)


TOOLS = (
    ("Q", "M", "tools", "1", "Which tools?", "en", "Y"),
    ("SQ", "0", "saw", "", "Saw", "en"),
    ("SQ", "0", "axe", "", "Axe", "en"),
)


def test_lay_forms__ticks__empty_is_no_where_the_response_was_submitted(tmp_path: Path) -> None:
    form = structure(tmp_path / "s.tsv", *TOOLS)

    found = laid(
        form,
        {
            "id": ["1", "2", "3", "4"], "submitdate": ["2024-01-01 10:00:00", "2024-01-02 10:00:00", None, None],
            "tools[saw]": ["Y", None, None, "Y"], "tools[axe]": [None, None, None, None], "tools[other]": [None, None, None, "drill"],
        },
    )  # fmt: skip

    # row 3 was never submitted: the question may not have been seen
    assert cells(found, "tools") == ["saw", "", None, "saw other"]
    assert cells(found, "tools_other") == [None, None, None, "drill"]
    assert list(found.main.frame) == ["id", "submitdate", "tools", "tools_other"]


def test_lay_forms__ticks_that_were_joined_before__are_read_the_same(tmp_path: Path) -> None:
    form = structure(tmp_path / "s.tsv", *TOOLS)

    found = laid(form, {"submitdate": ["2024-01-01", "2024-01-01", None], "tools": ["saw", None, None]})

    assert cells(found, "tools") == ["saw", "", None]


def test_lay_forms__ticks_without_submitdate__stay_missing_with_a_note(tmp_path: Path) -> None:
    form = structure(tmp_path / "s.tsv", *TOOLS)

    found = laid(form, {"tools_saw": ["Y", None], "tools_axe": ["Y", None]})

    assert cells(found, "tools") == ["saw axe", None]
    assert "Boxes without a tick are missing" in notes(found)


def test_lay_forms__question_with_a_condition__only_a_declared_text_tells_what_was_seen(
    tmp_path: Path,
) -> None:
    asked_if = [("Q", "M", "tools", 'helps == "Y"', "Which tools?", "en"), *TOOLS[1:]]
    form = structure(tmp_path / "s.tsv", *asked_if)
    submitted = {"submitdate": ["2024-01-01", "2024-01-01", "2024-01-01"]}

    unsaid = laid(form, {**submitted, "tools[saw]": ["Y", None, None], "tools[axe]": [None, None, None]})
    said = laid(
        form,
        {**submitted, "tools[saw]": ["Y", None, "N/A"], "tools[axe]": [None, None, "N/A"]},
        missing={"N/A": "not_asked"},
    )

    assert cells(unsaid, "tools") == ["saw", None, None]
    assert cells(said, "tools") == ["saw", "", "N/A"]  # typing reads the declared text


@pytest.mark.parametrize(("yes", "no"), [("Yes", "No"), ("Sí", "No"), ("Oui", "Non"), ("是", "否")])
def test_lay_forms__full_answers__yes_and_no_are_read(tmp_path: Path, yes: str, no: str) -> None:
    form = structure(tmp_path / "s.tsv", *TOOLS)

    found = laid(form, {"tools[saw]": [yes, no], "tools[axe]": [no, no]})

    assert cells(found, "tools") == ["saw", ""]


def test_lay_forms__list_with_other__code_and_words(tmp_path: Path) -> None:
    form = structure(
        tmp_path / "s.tsv",
        ("Q", "L", "job", "1", "Job", "en", "Y"),
        ("A", "0", "A1", "", "Cook", "en"),
        ("A", "0", "A2", "", "Nurse", "en"),
    )

    codes = laid(form, {"job": ["A1", "-oth-", None], "job[other]": [None, "Poet", None]})
    labels = laid(form, {"job": ["Cook", "Nurse", None]})

    assert cells(codes, "job") == ["A1", "-oth-", None]
    assert cells(codes, "job_other") == [None, "Poet", None]
    assert cells(labels, "job") == ["A1", "A2", None]


@pytest.mark.parametrize("header", ["like[SQ1]", "like_SQ1"])
def test_lay_forms__row_of_an_array__is_a_variable_with_its_labels(tmp_path: Path, header: str) -> None:
    form = structure(
        tmp_path / "s.tsv",
        ("Q", "F", "like", "1", "How do you like", "en"),
        ("SQ", "0", "SQ1", "", "tea", "en"),
        ("A", "0", "1", "", "Well", "en"),
        ("A", "0", "2", "", "Badly", "en"),
    )

    found = laid(form, {header: ["Well", "Badly"]})

    assert cells(found, "like_SQ1") == ["1", "2"]
    assert found.main.variables["like_SQ1"].label.get_in("en") == "How do you like - tea"


@pytest.mark.parametrize(
    "headers",
    [("d[SQ1][1]", "d[SQ1][2]"), ("d[SQ1_1]", "d[SQ1_2]"), ("d[SQ1#0]", "d[SQ1#1]"), ("d_SQ1_0", "d_SQ1_1")],
)
def test_lay_forms__two_scales_of_an_array__are_two_variables(
    tmp_path: Path, headers: tuple[str, str]
) -> None:
    form = structure(
        tmp_path / "s.tsv",
        ("Q", "1", "d", "1", "Rate", "en"),
        ("SQ", "0", "SQ1", "", "tea", "en"),
        ("A", "0", "a", "", "Good", "en"),
        ("A", "1", "b", "", "Cheap", "en"),
    )

    found = laid(form, {headers[0]: ["a"], headers[1]: ["b"]})

    assert [name for name in found.main.frame if name in found.main.variables] == ["d_SQ1_0", "d_SQ1_1"]
    assert list(found.main.variables["d_SQ1_1"].labels) == ["b"]


@pytest.mark.parametrize("header", ["why[saw][comment]", "why[sawcomment]", "why_sawcomment"])
def test_lay_forms__comments_of_ticks__are_texts(tmp_path: Path, header: str) -> None:
    form = structure(tmp_path / "s.tsv", ("Q", "P", "why", "1", "Why?", "en"), *TOOLS[1:])

    found = laid(form, {"why[saw]": ["Y"], "why[axe]": ["Y"], header: ["it is sharp"]})

    assert cells(found, "why") == ["saw axe"]
    assert cells(found, "why_saw_comment") == ["it is sharp"]


def test_lay_forms__ranks__are_joined_in_their_order(tmp_path: Path) -> None:
    form = structure(
        tmp_path / "s.tsv",
        ("Q", "R", "best", "1", "Best first", "en"),
        ("A", "0", "x", "", "X", "en"),
        ("A", "0", "y", "", "Y", "en"),
        ("A", "0", "z", "", "Z", "en"),
    )

    found = laid(
        form, {"best[1]": ["z", "x", None], "best[2]": ["x", None, None], "best[3]": ["y", None, None]}
    )

    assert cells(found, "best") == ["z x y", "x", None]


def test_lay_forms__code_and_words_in_one_header__is_the_question(tmp_path: Path) -> None:
    form = structure(tmp_path / "s.tsv", *TOOLS, ("Q", "N", "age", "1", "How old?", "en"))

    found = laid(form, {"age. How old? In years.": ["7"], "tools[saw]. Which tools? [Saw]": ["Y"]})

    assert cells(found, "age") == ["7"]
    assert cells(found, "tools") == ["saw"]


def test_lay_forms__files__have_a_count(tmp_path: Path) -> None:
    form = structure(tmp_path / "s.tsv", ("Q", "|", "cv", "1", "Your CV", "en"))

    found = laid(form, {"cv": ["[]"], "cv[filecount]": ["0"]})

    assert found.main.variables["cv_count"].type == "integer"
