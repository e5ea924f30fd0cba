from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from volresearch.catalog.factbase import FactBase
from volresearch.datasets.facts import open_facts
from volresearch.errors import VolResearchError
from volresearch.release import Release, export
from volresearch.release.export import disarmed

FACTS = [
    {"value": "-12.5", "bound": "up_to", "note": "=HYPERLINK(1)", "measure": "@work"},
    {"fact_id": "T2", "area": "CHN", "value": "2200000"},
]


@pytest.fixture
def release(write_facts, tmp_path: Path) -> Release:
    return FactBase([open_facts(write_facts(tmp_path / "data", facts=FACTS))]).select().release()


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "-", "+inf"]
)
def test_disarmed__text_that_would_run__gets_an_apostrophe(text: str) -> None:
    assert disarmed(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "-5.25", "+1", "-1e-5", "hours", "a=b", "", "(-5)", "2016"])
def test_disarmed__number_or_plain_text__is_left_alone(text: str) -> None:
    assert disarmed(text) == text


@given(st.text(max_size=20))
def test_disarmed__any_text__never_starts_a_formula(text: str) -> None:
    shown = disarmed(text)
    assert shown == text or shown == f"'{text}"
    if shown.startswith(("=", "@", "\t", "\r")):
        raise AssertionError(shown)
    if shown.startswith(("+", "-")):
        float(shown)


def test_to_csv__published_figures__three_files_that_read_back(release: Release, tmp_path: Path) -> None:
    path = release.to_csv(tmp_path / "out" / "peru.csv")
    assert sorted(item.name for item in path.parent.iterdir()) == [
        "peru.csv",
        "peru.record.json",
        "peru.sources.csv",
    ]
    table = pd.read_csv(path)
    assert table["estimate"].tolist() == [-12.5, 2200000.0]
    assert table["area"].tolist() == ["PER", "CHN"]
    assert table["area_label"].tolist() == ["Peru", "China"]
    assert table["bound_label"].tolist() == ["up to", "exactly"]
    assert table["note"].tolist()[0] == "'=HYPERLINK(1)"
    assert table["measure"].tolist()[0] == "'@work"
    assert not {"se", "ci_low", "p_value", "level"} & set(table.columns)


def test_to_csv__sources__mark_a_shortened_address(release: Release, tmp_path: Path) -> None:
    release.to_csv(tmp_path / "peru.csv")
    sources = pd.read_csv(tmp_path / "peru.sources.csv")
    assert sources["address"].tolist() == ["example.org/a (address shortened)"]
    assert sources["title"].tolist() == ["A report"]


def test_to_csv__record__says_rule_data_command_and_software(release: Release, tmp_path: Path) -> None:
    release.to_csv(tmp_path / "peru.csv")
    record = json.loads((tmp_path / "peru.record.json").read_text(encoding="utf-8"))
    assert record["release"]["rule"] == "published figures"
    assert record["command"] == "vr.facts()"
    assert len(record["datasets"][0]["sha256"]) == 64
    assert record["software"][0].startswith("volresearch ")


def test_to_csv__excel_on_windows__sees_the_byte_order_mark(release: Release, tmp_path: Path) -> None:
    assert (
        release.to_csv(tmp_path / "peru", lang="es")
        .read_bytes()
        .startswith(b"\xef\xbb\xbfseries,series_label,")
    )


def test_to_csv__in_spanish__labels_are_spanish(release: Release, tmp_path: Path) -> None:
    table = pd.read_csv(release.to_csv(tmp_path / "peru.csv", lang="es"))
    assert table["series_label"].tolist()[0] == "Tasa de voluntariado"
    assert table["area_label"].tolist()[0] == "Perú"


def test_to_excel__three_sheets__text_is_text_and_numbers_are_numbers(
    release: Release, tmp_path: Path
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(release.to_excel(tmp_path / "peru.xlsx"))
    assert book.sheetnames == ["table", "sources", "record"]
    rows = list(book["table"].values)
    columns = {name: number for number, name in enumerate(rows[0])}
    assert rows[1][columns["estimate"]] == -12.5
    assert rows[1][columns["note"]] == "=HYPERLINK(1)"
    note = book["table"].cell(2, columns["note"] + 1)
    assert note.data_type == "s"
    assert ("Rule", "published figures") in list(book["record"].values)


def test_write__file_is_there__is_refused_and_left_alone(release: Release, tmp_path: Path) -> None:
    (tmp_path / "peru.sources.csv").write_text("mine")
    with pytest.raises(VolResearchError, match=r"peru\.sources\.csv") as caught:
        release.to_csv(tmp_path / "peru.csv")
    assert caught.value.code == "export.exists"
    assert [item.name for item in tmp_path.iterdir() if item.is_file()] == ["peru.sources.csv"]
    assert (tmp_path / "peru.sources.csv").read_text() == "mine"


def test_write__overwrite_asked__replaces(release: Release, tmp_path: Path) -> None:
    (tmp_path / "peru.csv").write_text("mine")
    assert "mine" not in release.to_csv(tmp_path / "peru.csv", overwrite=True).read_text(encoding="utf-8")


@pytest.mark.parametrize(("verb", "name"), [("to_csv", "x.xlsx"), ("to_excel", "x.csv"), ("to_csv", "x.txt")])
def test_write__wrong_ending__is_refused(release: Release, tmp_path: Path, verb: str, name: str) -> None:
    with pytest.raises(VolResearchError) as caught:
        getattr(release, verb)(tmp_path / name)
    assert caught.value.code == "export.format"


def test_write__disk_fails_half_way__nothing_is_left(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(VolResearchError, match="No space left") as caught:
        release.to_csv(tmp_path / "out" / "peru.csv")
    assert caught.value.code == "export.failed"
    assert list((tmp_path / "out").iterdir()) == []


def test_to_excel__text_too_long_for_a_cell__place_is_named(write_facts, tmp_path: Path) -> None:
    facts = [{"note": "x" * (export.TEXT_LIMIT + 1)}]
    release = FactBase([open_facts(write_facts(tmp_path / "data", facts=facts))]).select().release()
    with pytest.raises(VolResearchError) as caught:
        release.to_excel(tmp_path / "long.xlsx")
    assert caught.value.code == "export.spreadsheet"
    assert 'sheet "table", row 2 note' in str(caught.value)
    assert release.to_csv(tmp_path / "long.csv").is_file()


@pytest.mark.parametrize("verb,name", [("to_csv", "a.csv"), ("to_excel", "a.xlsx")])
def test_write__into_private__is_refused_and_nothing_is_made(
    release: Release, tmp_path: Path, verb: str, name: str
) -> None:
    with pytest.raises(VolResearchError) as caught:
        getattr(release, verb)(tmp_path / "private" / name)
    assert caught.value.code == "dataset.private"
    assert not (tmp_path / "private").exists()
