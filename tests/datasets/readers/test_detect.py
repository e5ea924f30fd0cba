"""What kind of file this is, told by its bytes."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest

from volresearch.datasets.readers.detect import detect
from volresearch.datasets.readers.reading import FORMATS
from volresearch.errors import VolResearchError

SAS = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011") + bytes(200)
POR = b"ASCII SPSS PORT FILE                    " * 5 + b"0" * 256 + b"SPSSPORTA8/2023"


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in members:
            packed.writestr(name, content)
    return out.getvalue()


KINDS = {
    "csv": b"age;sex\n31;f\n",
    "sav": b"$FL2@(#) SPSS DATA FILE" + bytes(200),
    "zsav": b"$FL3@(#) SPSS DATA FILE" + bytes(200),
    "por": POR,
    "dta": b"<stata_dta><header><release>118</release>",
    "sas7bdat": SAS,
    "xpt": b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000",
    "parquet": b"PAR1" + bytes(20) + b"PAR1",
    "ddi": b'<?xml version="1.0"?><!-- a study --><codeBook xmlns="ddi:codebook:2_5"/>',
    "json": b' [{"age": 31}]',
    "datapackage": b'{"name": "x", "resources": [{"path": "x.csv"}]}',
}


@pytest.mark.parametrize("kind", KINDS)
def test_trap_01__any_kind_under_a_wrong_name__is_told_by_its_bytes(tmp_path, kind):
    file = tmp_path / "data.xlsx"
    file.write_bytes(KINDS[kind])
    assert detect(file) == kind
    assert kind in FORMATS


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind != "datapackage"]
)  # it stands beside its files
def test_detect__a_gzipped_file__is_told_by_what_is_inside(tmp_path, kind):
    file = tmp_path / "data.bin"
    file.write_bytes(gzip.compress(KINDS[kind]))
    assert detect(file) == kind


def test_trap_01__an_xls_named_xlsx__is_an_xls(tmp_path):
    file = tmp_path / "form.xlsx"
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    header[30:32] = (9).to_bytes(2, "little")
    entry = "Workbook".encode("utf-16-le").ljust(64, b"\0") + (18).to_bytes(2, "little") + bytes(62)
    file.write_bytes(bytes(header) + entry + bytes(384))
    assert detect(file) == "xls"


def test_detect__a_workbook_in_a_zip__is_an_xlsx(tmp_path):
    file = tmp_path / "data.csv"
    file.write_bytes(workbook({"answers": [["age"], [31]]}))
    assert detect(file) == "xlsx"


def test_detect__a_workbook_with_data_on_a_sheet_called_survey__is_no_form(tmp_path):
    file = tmp_path / "data.xlsx"
    file.write_bytes(workbook({"survey": [["age", "sex"], [31, "f"]], "choices": [["code"], [1]]}))
    assert detect(file) == "xlsx"


def test_detect__an_xlsform_given_as_data__says_to_give_it_as_instrument(tmp_path):
    file = tmp_path / "data.xlsx"
    file.write_bytes(
        workbook(
            {
                "survey": [["type", "name", "label"], ["integer", "age", "Age"]],
                "settings": [["form_id"], ["a"]],
            }
        )
    )
    with pytest.raises(VolResearchError) as caught:
        detect(file)
    assert caught.value.code == "read.format"
    assert "XLSForm" in caught.value.message
    assert "instrument" in str(caught.value)


@pytest.mark.parametrize("release", [b"\x69\x02", b"\x72\x01", b"\x73\x02"])
def test_detect__an_old_stata_header__is_dta(tmp_path, release):
    file = tmp_path / "a"
    file.write_bytes(release + b"\x01\x00" + bytes(100))
    assert detect(file) == "dta"


@pytest.mark.parametrize("start", ["\ufeff", "\r\n \t"])
def test_detect__marks_and_blanks_before_markup__are_passed_over(tmp_path, start):
    file = tmp_path / "a"
    file.write_text(f"{start}<ddi:codeBook xmlns:ddi='http://www.icpsr.umich.edu/DDI'>", encoding="utf-8")
    assert detect(file) == "ddi"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252"])
def test_detect__text_in_any_encoding__is_csv(tmp_path, encoding):
    file = tmp_path / "a.sav"
    file.write_bytes("nombre;edad\nJosé;31\nMaría;40\n".encode(encoding))
    assert detect(file) == "csv"


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\n"])
def test_trap_32__an_empty_file__goes_to_the_reader_of_csv(tmp_path, content):
    file = tmp_path / "a.dta"
    file.write_bytes(content)
    assert detect(file) == "csv"


REFUSED = {
    "PDF": b"%PDF-1.7 ...",
    "web page": b"  <!DOCTYPE html><html><body><table></table></body></html>",
    "image": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "ZIP": archive(("data.csv", b"a,b\n1,2\n")),
    "LimeSurvey": b"<?xml version='1.0'?><document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>",
    "XForm": b"<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='x'><h:head/></h:html>",
    ".rds": gzip.compress(b"X\n\x00\x00\x00\x03\x00\x04\x02\x01"),
    ".RData": gzip.compress(b"RDX3\nX\n\x00\x00\x00\x03"),
    "Access": b"\x00\x01\x00\x00Standard ACE DB\x00" + bytes(100),
    "SQLite": b"SQLite format 3\x00" + bytes(100),
    "OpenDocument": archive(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")),
    ".xlsb": archive(("[Content_Types].xml", b""), ("xl/workbook.bin", b"")),
    "text document": archive(("word/document.xml", b"")),
    "binary": bytes(range(1, 256)) * 20,
    "7-Zip": b"7z\xbc\xaf\x27\x1c" + bytes(20),
    "program": b"MZ\x90\x00\x03\x00\x00\x00",
    "Lifecycle": b"<DDIInstance xmlns='ddi:instance:3_3'></DDIInstance>",
    "XML": b"<iati-activities version='2.03'></iati-activities>",
    "sound": b"\x00\x00\x00\x18ftypmp42" + bytes(50),
    "2003": b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="x"></Workbook>',
}


@pytest.mark.parametrize("said", REFUSED)
def test_detect__what_is_no_data_file__says_what_it_is_and_what_to_do(tmp_path, said):
    file = tmp_path / "data.xls"
    file.write_bytes(REFUSED[said])
    with pytest.raises(VolResearchError) as caught:
        detect(file)
    assert caught.value.code == "read.format"
    assert said in caught.value.message
    assert len(str(caught.value).split("next:")[1].strip()) > 10


def test_detect__json_with_resources_further_down__is_no_data_package(tmp_path):
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"content": {"resources": []}}), encoding="utf-8")
    assert detect(file) == "json"


def test_detect__a_zip_that_is_cut_off__is_a_damaged_file(tmp_path):
    file = tmp_path / "a.xlsx"
    file.write_bytes(archive(("xl/workbook.xml", b"<workbook/>" * 100))[:200])
    with pytest.raises(VolResearchError) as caught:
        detect(file)
    assert caught.value.code == "read.file"


def test_detect__a_csv_whose_header_begins_with_a_bracket__is_csv(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("[group]age,sex\n31,f\n", encoding="utf-8")
    assert detect(file) == "csv"


@pytest.mark.real
def test_detect__every_outside_file__is_what_its_folder_says(shared):
    kinds = {"sav": "sav", "zsav": "zsav", "dta": "dta", "csv": "csv", "gz": "csv", "json": "json"}
    seen = 0
    for folder in ("microdata", "statfiles", "redcap", "exports", "country"):
        for file in sorted((shared / "real" / folder).iterdir()):
            expected = kinds.get(file.suffix[1:])
            if expected:
                assert detect(file) == expected, file.name
                seen += 1
    assert seen > 50
    for file in sorted((shared / "real" / "xlsform").iterdir()):
        if file.name != "kobocruncher_data.xlsx":
            with pytest.raises(VolResearchError):
                detect(file)


def test_detect__a_workbook_whose_parts_do_not_unpack__is_left_to_its_reader(tmp_path):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("xl/workbook.xml", b"<workbook>" + bytes(range(256)) * 20)
    whole = data.getvalue()
    start = whole.index(b"xl/workbook.xml") + len("xl/workbook.xml")
    file = tmp_path / "a.xlsx"
    file.write_bytes(whole[: start + 2] + b"\xff" * 20 + whole[start + 22 :])
    assert detect(file) == "xlsx"
