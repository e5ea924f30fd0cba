"""Exports whose header takes several rows: no row of words counts as an answer."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from volresearch.datasets.readers.reading import read
from volresearch.errors import VolResearchError

NAMES = ["StartDate", "EndDate", "Finished", "RecordedDate", "ResponseId", "Q1", "Q2_1"]
WORDS = [
    "Start Date",
    "End Date",
    "Finished",
    "Recorded Date",
    "Response ID",
    "How old\nare you?",
    "Where - Town",
]
IDS = [f'{{"ImportId":"{name}"}}' for name in NAMES]
ANSWERS = [
    ["2025-01-01 10:00:00", "2025-01-01 10:12:00", "True", "2025-01-01 10:12:01", "R_1", "25", "1"],
    ["2025-01-02 10:00:00", "2025-01-02 10:12:30", "False", "2025-01-02 10:12:31", "R_2", "31", ""],
]


def file(path: Path, *rows: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return path


@pytest.mark.parametrize("header", [[WORDS, IDS], [WORDS], [IDS]])
def test_headed__rows_of_qualtrics__words_become_labels(tmp_path: Path, header: list[list[str]]) -> None:
    data = read(file(tmp_path / "q.csv", NAMES, *header, *ANSWERS))
    assert data.frame["Q1"].tolist() == [25, 31]
    assert data.frame["interview_minutes"].tolist() == [12.0, 12.5]
    asked = "How old are you?" if WORDS in header else ""
    assert str(data.codebook.get("Q1").label) == asked
    assert any("Qualtrics" in note for note in data.notes)


def test_headed__plain_export_of_qualtrics__keeps_every_row(tmp_path: Path) -> None:
    data = read(file(tmp_path / "q.csv", NAMES, *ANSWERS))
    assert len(data) == 2
    assert not any("Qualtrics" in note for note in data.notes)


def test_headed__lazy_frame__refused_with_a_way_out(tmp_path: Path) -> None:
    path = file(tmp_path / "q.csv", NAMES, WORDS, IDS, *ANSWERS)
    with pytest.raises(VolResearchError) as raised:
        read(path, engine="duckdb")
    assert raised.value.code == "read.option"


def test_headed__options_of_surveymonkey__named_by_question_and_option(tmp_path: Path) -> None:
    data = read(
        file(
            tmp_path / "m.csv",
            ["Respondent ID", "Collector ID", "Your age?", "Which work?", "", "Happy?"],
            ["", "", "Open-Ended Response", "Teaching", "Cooking", "Response"],
            ["114001", "401", "25", "Teaching", "", "Very"],
            ["114002", "401", "31", "", "Cooking", "Not"],
        )
    )
    assert data.frame["Your_age"].tolist() == [25, 31]
    assert data.frame["Which_work_Cooking"].tolist()[1] == "Cooking"
    assert str(data.codebook.get("Which_work_Cooking").label) == "Which work? [Cooking]"
    assert data.frame["Happy"].tolist() == ["Very", "Not"]


@pytest.mark.parametrize("word", ["Total", "TOTAL:", "合计", "Total general"])
def test_told_of_sums__last_row_of_a_spreadsheet__is_told_and_kept(tmp_path: Path, word: str) -> None:
    data = read(file(tmp_path / "s.csv", ["region", "hours"], ["North", "5"], ["South", "6"], [word, "11"]))
    assert len(data) == 3
    assert any("where it is a sum" in note for note in data.notes)


def test_told_of_sums__total_that_is_no_last_row__is_an_answer(tmp_path: Path) -> None:
    data = read(file(tmp_path / "s.csv", ["how", "hours"], ["total", "5"], ["in part", "6"]))
    assert not any("where it is a sum" in note for note in data.notes)
