"""Which form is meant, told by bytes; what is no form is refused with a way out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter

from volresearch.datasets.readers.form_files import kind_of, opened_forms
from volresearch.datasets.readers.forms import open_forms
from volresearch.errors import VolResearchError
from volresearch.instruments import Instrument, Item
from volresearch.instruments.forms import export_form
from volresearch.text import Text

FORM = Instrument(id="t.form", title=Text({"en": "T"}), items=(Item(name="age", type="integer"),))
KOBO = {"content": {"survey": [{"type": "integer", "name": "age"}], "choices": []}, "version": "v1"}


def xlsform(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("survey")
        sheet.write_row(0, 0, ["type", "name", "label"])
        sheet.write_row(1, 0, ["integer", "age", "Age"])
    return path


@pytest.mark.parametrize("to", ["xlsform", "redcap", "ddi", "yaml", "json"])
def test_opened_forms__any_format_under_a_wrong_name__is_read(tmp_path: Path, to: str) -> None:
    path = tmp_path / "form.bin"
    export_form(FORM, to, path, allow_draft=True)

    opened = opened_forms(path)

    assert [item.name for item in opened.forms[0].all_items] == ["age"]
    assert (opened.sources[0].name, opened.sources[0].role, opened.sources[0].size) == (
        "form.bin",
        "form",
        path.stat().st_size,
    )
    assert len(opened.sources[0].sha256) == 64


def test_opened_forms__kobo_json_with_versions__gives_all_oldest_first(tmp_path: Path) -> None:
    path = tmp_path / "asset"
    path.write_text(json.dumps([KOBO, {**KOBO, "version": "v2"}]), encoding="utf-8")

    assert [form.version for form in opened_forms(path).forms] == ["v1", "v2"]


def test_opened_forms__limesurvey_both_kinds__are_told_apart(tmp_path: Path) -> None:
    tabbed = tmp_path / "a.csv"
    tabbed.write_text(
        "class\ttype/scale\tname\ttext\tlanguage\nG\t0\tOne\t\ten\nQ\tN\tage\tAge\ten\n", encoding="utf-8"
    )

    assert [item.name for item in opened_forms(tabbed).forms[0].all_items] == ["age"]
    assert kind_of(b'<?xml version="1.0"?><document><LimeSurveyDocType>Survey') == "limesurvey"
    assert kind_of(b"<codeBook/>") == "ddi"


def test_opened_forms__a_sequence__keeps_the_order_and_mixes_kinds(tmp_path: Path) -> None:
    opened = opened_forms([FORM, xlsform(tmp_path / "b.xlsx"), str(tmp_path / "b.xlsx")])

    assert [form.id for form in opened.forms] == ["t.form", "form.b", "form.b"]
    assert len(opened.sources) == 2


def test_opened_forms__nothing_given__is_empty() -> None:
    assert opened_forms(None).forms == ()
    assert open_forms(None) == ((), ())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "0 bytes"),
        (b"age;sex\n31;f\n", "This is no form"),
        (bytes(range(256)) * 4, "This is no form"),
        (b"PK\x03\x04 no workbook at all", ""),
        (b'{"results": []}', "no form in this JSON"),
        (b"<html><body>Log in</body></html>", ""),
    ],
)
def test_opened_forms__no_form__says_so_with_a_remedy(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(content)

    with pytest.raises(VolResearchError) as caught:
        opened_forms(path)

    assert said in caught.value.message
    assert caught.value.code in {"read.form", "instrument.format"}
    assert caught.value.hint or caught.value.expected


@pytest.mark.parametrize("given", [7, [7], Path("nowhere.xlsx")])
def test_opened_forms__neither_form_nor_file__is_an_error(given: object) -> None:
    with pytest.raises(VolResearchError) as caught:
        opened_forms(given)

    assert caught.value.code == "read.form"


def test_opened_forms__fault_inside_a_form__keeps_its_place_and_adds_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("survey")
        sheet.write_row(0, 0, ["type", "name"])
        sheet.write_row(1, 0, ["begin group", "g"])

    with pytest.raises(VolResearchError) as caught:
        opened_forms(path)

    assert (caught.value.where.sheet, caught.value.where.row) == ("survey", 2)
    assert "Mend the form" in caught.value.hint


def test_opened_forms__what_the_reader_passed_over__is_noted(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("survey")
        sheet.write_row(0, 0, ["type", "name"])
        sheet.write_row(1, 0, ["hologram", "odd"])

    assert 'hologram" is unknown here and kept' in str(opened_forms(path).notes[0])


@pytest.mark.real
def test_opened_forms__old_xls_named_xlsx__is_read(shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes((shared / "real" / "xlsform" / "tutorial.xls").read_bytes())

    assert len(opened_forms(path).forms[0].all_items) == 10


@pytest.mark.real
def test_opened_forms__every_readable_form__opens(shared: Path) -> None:
    broken = {"calculate_without_calculation.xls", "duplicate_columns.xlsx", "kobocruncher_data.xlsx"}
    files = [*(shared / "real" / "xlsform").iterdir(), *(shared / "real" / "limesurvey").iterdir()]
    files += list((shared / "real" / "redcap").glob("*_dictionary.csv"))

    assert files
    for path in files:
        if path.name in broken:
            with pytest.raises(VolResearchError) as caught:
                opened_forms(path)
            assert caught.value.hint
        else:
            assert opened_forms(path).forms[0].all_items
