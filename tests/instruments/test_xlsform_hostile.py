"""Forms made to do harm: bounded time and memory, and a clear error."""

from __future__ import annotations

import io
import time
import zipfile

import openpyxl
import pytest

from volresearch.errors import VolResearchError
from volresearch.instruments.xlsform import read
from volresearch.instruments.xlsform.workbook import read_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _workbook(rows):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("survey")
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _replaced(data, name, change):
    """A copy of an archive in which one member is changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            content = old.read(member)
            new.writestr(member, change(content) if member == name else content)
    return out.getvalue()


def _refused(data):
    with pytest.raises(VolResearchError) as caught:
        read(data)
    return caught.value


def test_cell__of_a_million_characters__is_refused_with_its_row():
    data = _replaced(
        _workbook([["type", "name"], ["text", "HERE"]]),
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b"HERE", b"x" * 1_000_000),
    )
    error = _refused(data)
    assert (error.code, error.where.sheet, error.where.row) == ("instrument.limit", "survey", 2)


def test_twenty_thousand_rows__are_read_in_bounded_time():
    started = time.monotonic()
    instrument = read(
        _workbook(
            [
                ["type", "name", "relevant"],
                *(["integer", f"q{n}", f"${{q{n - 1}}} > 1"] for n in range(1, 20_001)),
            ]
        )
    )
    assert len(instrument.all_items) == 20_000
    assert time.monotonic() - started < 90


def test_cells_without_end__are_refused_before_memory_is_filled():
    data = _workbook([["type", "name"]])
    wide = b"".join(
        f'<row r="{n}"><c r="XFD{n}" t="inlineStr"><is><t>x</t></is></c></row>'.encode()
        for n in range(2, 400)
    )
    error = _refused(
        _replaced(
            data,
            "xl/worksheets/sheet1.xml",
            lambda part: part.replace(b"</sheetData>", wide + b"</sheetData>"),
        )
    )
    assert error.code == "instrument.limit"


def test_archive__that_unpacks_to_gigabytes__is_refused_by_its_sizes():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * 80_000_000)
    error = _refused(out.getvalue())
    assert error.code == "instrument.limit"
    assert "unpack" in error.message


def test_entities__in_a_part__are_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>'
    data = _replaced(
        _workbook([["type", "name"]]), "xl/workbook.xml", lambda part: bomb + part.split(b"?>", 1)[-1]
    )
    assert "entities" in _refused(data).message


def test_formula__with_a_stored_value__counts_as_the_value():
    data = _workbook([["type", "name"], ["text", "=1+1"]])
    stored = _replaced(
        data,
        "xl/worksheets/sheet1.xml",
        lambda part: (
            part.replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>").replace(b"<v/>", b"<v>2</v>")
        ),
    )
    assert read(stored).names == ("2",)


def test_formula__without_a_stored_value__is_refused_with_its_row():
    error = _refused(_workbook([["type", "name"], ["text", '=HYPERLINK("http://x")']]))
    assert (error.where.sheet, error.where.row) == ("survey", 2)


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04rubbish", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"type,name\ntext,a\n"],
)
def test_file__that_is_no_workbook__is_told(data):
    assert _refused(data).code == "instrument.format"


def test_groups__a_thousand_deep__are_refused():
    error = _refused(_workbook([["type", "name"], *(["begin group", f"g{n}"] for n in range(1000))]))
    assert "deep" in error.message


def test_workbook__with_an_external_link__is_read_without_it(tmp_path):
    sheets = read_workbook(_workbook([["type", "name"], ["text", "a"]]), "x")
    assert [sheet.name for sheet in sheets] == ["survey"]


def test_cells__made_to_keep_patterns_busy__are_read_in_no_time():
    started = time.monotonic()
    cells = ["${" + " " * 3900, "a" + "." * 3900, "(" * 3900, "'" * 3901, "${a}" * 900, "1 " * 1900]
    header = ["type", "name", "relevant", "label" + ":x" * 10_000]
    instrument = read(_workbook([header, *(["text", f"q{n}", cell, "x"] for n, cell in enumerate(cells))]))
    assert len(instrument.verbatim) == len(cells)
    assert time.monotonic() - started < 20


def test_languages__more_than_any_form_has__are_refused():
    error = _refused(
        _workbook([["type", "name", *(f"label::Language {n} (en)" for n in range(2000))], ["text", "a"]])
    )
    assert (error.code, error.where.row) == ("instrument.limit", 1)


def test_read__a_member_that_does_not_unpack__is_refused():
    data = _workbook([["type", "name"], ["text", "q"]])
    start = data.index(b"xl/workbook.xml") + len("xl/workbook.xml")
    broken = data[: start + 2] + b"\xff" * 20 + data[start + 22 :]
    assert _refused(broken).code == "instrument.format"
