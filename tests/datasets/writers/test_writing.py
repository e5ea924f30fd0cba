"""`write`: purpose, names, what is told, nothing half-written."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path

import pandas as pd
import pytest

from volresearch.datasets.codebook import Variable
from volresearch.datasets.readers import read
from volresearch.datasets.writers import FORMATS, write, writing, written
from volresearch.errors import VolResearchError, Where
from volresearch.text import Text

_spec = importlib.util.spec_from_file_location("datasets_made", Path(__file__).with_name("datasets_made.py"))
made = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made)


@pytest.fixture
def people():
    frame = pd.DataFrame({"age": [31.0, None], "age__why": pd.Series([None, "refused"], dtype="str")})
    return made.made({"people": frame}, [Variable(name="age", type="integer", label=Text({"en": "Age"}))])


def _refused(code, *arguments, **options):
    with pytest.raises(VolResearchError) as error:
        write(*arguments, **options)
    assert error.value.code == code
    return error.value


@pytest.mark.parametrize("format", FORMATS)
def test_write__persons_outside_of_private_without_purpose__is_refused_with_both_remedies(
    people, tmp_path, format
):
    error = _refused("write.purpose", people, tmp_path / "people", format)
    assert "private/" in error.hint
    assert "purpose=" in error.hint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("purpose", ["", "  "])
def test_write__an_empty_purpose__is_none(people, tmp_path, purpose):
    _refused("write.purpose", people, tmp_path / "people", "csv", purpose=purpose)


@pytest.mark.parametrize("unit", ["organization", "partnership"])
def test_write__organizations_and_partnerships__need_a_purpose_too(tmp_path, unit):
    dataset = made.made({"p": pd.DataFrame({"a": [1]})}, [Variable(name="a", type="integer")], unit=unit)
    _refused("write.purpose", dataset, tmp_path / "p", "csv")


def test_write__in_private__needs_no_purpose_and_keeps_its_name(people, tmp_path):
    path = write(people, "private/out/people.xml", "ddi", workspace=tmp_path)
    assert path == tmp_path / "private" / "out" / "people.xml"
    assert sorted(one.name for one in path.parent.iterdir()) == [
        "people.csv",
        "people.xml",
        "people.xml.about.json",
    ]
    if os.name != "nt":
        assert path.stat().st_mode & 0o077 == 0
        assert (tmp_path / "private").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("given", "format", "name"),
    [
        ("youth.xml", "ddi", "youth.personal.xml"),
        ("youth", "ddi", "youth.personal.xml"),
        ("youth.personal.xml", "ddi", "youth.personal.xml"),
        ("youth", "csv", "youth.personal"),
        ("youth.2024", "parquet", "youth.2024.personal"),
    ],
)
def test_write__persons_with_a_purpose__are_called_personal(people, tmp_path, given, format, name):
    assert write(people, tmp_path / given, format, purpose="analysis by the team").name == name


def test_write__published_figures__need_no_purpose(write_facts, tmp_path):
    from volresearch.datasets import open_dataset

    facts = open_dataset(write_facts(tmp_path))
    said = written(facts, tmp_path / "facts.xml", "ddi")
    assert said.path.name == "facts.xml"
    about = json.loads(said.about.read_text(encoding="utf-8"))
    assert about["personal"] is False
    assert "note" not in about
    back = read(said.path, personal="keep")
    pd.testing.assert_frame_equal(back.frame, facts.frame)
    assert back.kind == "facts"


def test_written__about__says_what_from_what_and_why(people, tmp_path):
    said = written(people, tmp_path / "people.xml", "ddi", purpose="analysis by the team")
    about = json.loads(said.about.read_text(encoding="utf-8"))
    assert about["note"] == "Personal data, not for release"
    assert about["purpose"] == "analysis by the team"
    assert about["dataset"]["id"] == "t.people"
    assert about["provenance"] == ["made"]
    assert about["losses"] == []
    assert [one["name"] for one in about["files"]] == ["people.personal.csv", "people.personal.xml"]
    assert all((tmp_path / one["name"]).stat().st_size == one["bytes"] for one in about["files"])
    assert said.files[-1] == said.about


def test_write__a_file_that_is_there__is_refused_unless_told(people, tmp_path):
    path = write(people, tmp_path / "people.xml", "ddi", purpose="x")
    before = path.read_bytes()
    _refused("export.exists", people, tmp_path / "people.xml", "ddi", purpose="x")
    assert path.read_bytes() == before
    assert write(people, tmp_path / "people.xml", "ddi", purpose="y", overwrite=True) == path


def test_write__a_folder_of_ours__is_replaced_whole(people, tmp_path):
    folder = write(people, tmp_path / "people", "csv", purpose="x")
    again = write(people, tmp_path / "people", "csv", purpose="y", overwrite=True)
    assert again == folder
    assert json.loads((folder / "about.json").read_text(encoding="utf-8"))["purpose"] == "y"
    assert [one.name for one in tmp_path.iterdir()] == ["people.personal"]


def test_write__a_folder_with_files_of_somebody_else__is_never_replaced(people, tmp_path):
    folder = write(people, tmp_path / "people", "csv", purpose="x")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    _refused("export.exists", people, tmp_path / "people", "csv", purpose="x", overwrite=True)
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("format", ["csv", "ddi", "parquet"])
def test_write__stopped_half_way__leaves_nothing_new_and_the_old(people, tmp_path, monkeypatch, format):
    path = write(people, tmp_path / "people", format, purpose="x")
    before = {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}

    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "_about", full)
    error = _refused("export.failed", people, tmp_path / "people", format, purpose="x", overwrite=True)
    assert "No space left" in error.message
    _refused("export.failed", people, tmp_path / "other", format, purpose="x")
    assert path.exists()
    assert {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()} == before


def test_write__into_a_folder_that_is_not_there__is_told(people, tmp_path):
    _refused("export.failed", people, tmp_path / "nowhere" / "people.xml", "ddi", purpose="x")


def test_write__another_ending_than_the_format_has__is_told(people, tmp_path):
    error = _refused("export.format", people, tmp_path / "people.csv", "ddi", purpose="x")
    assert error.expected == ".xml"


def test_write__an_unknown_format__names_the_nearest(people, tmp_path):
    assert "parquet" in _refused("export.format", people, tmp_path / "p", "parquett", purpose="x").hint


def test_write__a_lazy_dataset_of_many_rows_into_memory__is_refused_with_a_remedy(
    people, tmp_path, monkeypatch
):
    duckdb = pytest.importorskip("duckdb")
    lazy = made.made(
        {"p": duckdb.connect(":memory:").sql("SELECT 1 AS a UNION ALL SELECT 2")},
        [Variable(name="a", type="integer")],
    )
    monkeypatch.setattr(writing, "MAX_ROWS", 1)
    error = _refused("write.limit", lazy, tmp_path / "p.sav", "spss", purpose="x")
    assert "Parquet" in error.hint
    assert write(lazy, tmp_path / "p", "csv", purpose="x").exists()


def test_write__what_was_set_aside__is_written_nowhere(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("phone,age\n+855 12 345 678,31\n+855 12 345 679,40\n", encoding="utf-8")
    dataset = read(source)
    assert [one.variable for one in dataset.set_aside] == ["phone"]
    for format in ("csv", "ddi"):
        said = written(dataset, tmp_path / f"out_{format}", format, purpose="x")
        assert all(b"855" not in one.read_bytes() for one in said.files)


def test_write__one_dataset_in_several_formats__lies_in_one_folder(people, tmp_path):
    pytest.importorskip("pyreadstat")
    for format in FORMATS:
        said = written(
            people,
            tmp_path / f"people_{format}" if format in {"csv", "parquet"} else tmp_path / "people",
            format,
            purpose="x",
        )
        assert all(one.is_file() for one in said.files)
        assert said.about.name == ("about.json" if said.path.is_dir() else f"{said.path.name}.about.json")


def test_write__spss_and_stata__say_in_their_label_that_these_are_personal_data(people, tmp_path):
    pytest.importorskip("pyreadstat")
    for format in ("spss", "stata"):
        path = write(people, tmp_path / "people", format, purpose="x", lang="es")
        assert (
            read(path, personal="keep")
            .title.get_in("es")
            .startswith("Datos personales, no destinados a publicarse")
        )


def test_write__what_a_format_refuses__is_told_with_the_place_that_was_asked_for(
    people, tmp_path, monkeypatch
):
    from volresearch.datasets.writers import csv_package

    def refused(dataset, folder, **options):
        raise VolResearchError("export.failed", "No.", where=Where(file=str(folder / "people.csv")))

    monkeypatch.setattr(csv_package, "write_package", refused)
    error = _refused("export.failed", people, tmp_path / "people", "csv", purpose="x")
    assert error.where.file == str(tmp_path / "people.personal" / "people.csv")
