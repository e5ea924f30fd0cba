"""Workbooks become tables of text, within bounds."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from volresearch.datasets.provenance import Source
from volresearch.datasets.readers import excel_cells
from volresearch.datasets.readers.excel import header_at, read_excel, unique_headers
from volresearch.datasets.readers.found import Asked, Found
from volresearch.errors import VolResearchError

openpyxl = pytest.importorskip("openpyxl")

Sheets = Mapping[str, Sequence[Sequence[Any]]]


def workbook(path: Path, sheets: Sheets) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def read(path: Path, **options: Any) -> Found:
    return read_excel(Asked(path, **options), Source(path.name, "0" * 64, path.stat().st_size))


def said(found: Found) -> str:
    return "\n".join(str(note) for note in found.notes)


def refused(path: Path, code: str, **options: Any) -> VolResearchError:
    with pytest.raises(VolResearchError) as caught:
        read(path, **options)
    assert caught.value.code == code
    return caught.value


def test_cells__of_every_kind__are_the_text_a_person_sees(tmp_path: Path) -> None:
    row = [
        1.0,
        2.5,
        True,
        date(2024, 2, 29),
        datetime(2024, 2, 29, 13, 5),
        time(7, 30),
        timedelta(hours=55, minutes=2),
        "x",
        "  ",
        None,
    ]
    file = workbook(tmp_path / "a.xlsx", {"data": [list("abcdefghij"), row]})
    frame = read(file).main.frame
    assert set(map(str, frame.dtypes)) == {"str"}
    assert frame.iloc[0].tolist()[:8] == [
        "1",
        "2.5",
        "TRUE",
        "2024-02-29",
        "2024-02-29 13:05:00",
        "07:30:00",
        "55:02:00",
        "x",
    ]
    assert frame.iloc[0].isna().tolist()[8:] == [True, True]


def test_header__below_titles_and_blank_rows__is_found_and_told(tmp_path: Path) -> None:
    rows = [
        [],
        ["Survey of volunteers 2024"],
        [],
        ["name", "age", "sex"],
        ["Ana", 31, "f"],
        [],
        ["Bo", 40, "m"],
    ]
    found = read(workbook(tmp_path / "a.xlsx", {"data": rows}))
    assert list(found.main.frame.columns) == ["name", "age", "sex"]
    assert found.main.frame["age"].tolist() == ["31", "40"]
    assert "Survey of volunteers 2024" in said(found)
    assert "1 empty rows" in said(found)
    assert found.options['header of "data"'] == "row 4"


def test_header__twice_or_empty__named_and_told(tmp_path: Path) -> None:
    rows = [["age", "age", None, None, "age_2"], [1, 2, 3, None, 4]]
    found = read(workbook(tmp_path / "a.xlsx", {"data": rows}))
    assert found.main.frame.iloc[0].to_dict() == {"age": "1", "age_3": "2", "column_C": "3", "age_2": "4"}
    assert "column_C" in said(found)
    assert '"age" (now age_3)' in said(found)


def test_header__cells_beyond_it__are_kept(tmp_path: Path) -> None:
    found = read(workbook(tmp_path / "a.xlsx", {"data": [["a", "b"], [1, 2, 3], [4, 5]]}))
    assert found.main.frame["column_C"].tolist()[0] == "3"
    assert found.main.frame["column_C"].isna().tolist() == [False, True]


def test_errors__of_formulas__kept_as_text_and_told(tmp_path: Path) -> None:
    found = read(workbook(tmp_path / "a.xlsx", {"data": [["a", "b"], ["#N/A", 1], ["#DIV/0!", 2]]}))
    assert found.main.frame["a"].tolist() == ["#N/A", "#DIV/0!"]
    assert "a (2)" in said(found)


def test_formulas__without_a_stored_value__empty_and_told(tmp_path: Path) -> None:
    found = read(workbook(tmp_path / "a.xlsx", {"data": [["a", "b"], ["=1+1", "x"], ["=2+2", "y"]]}))
    assert found.main.frame["a"].isna().all()
    assert "2 formulas have no stored value (the first: A2)" in said(found)


def test_formulas__with_stored_values__are_read(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", {"data": [["a", "b"], ["=1+1", "x"], ['=""', "y"]]})
    _rewrite(
        file,
        "xl/worksheets/sheet1.xml",
        lambda text: (
            text.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
            .replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
            .replace(b'<c r="A3"><f>', b'<c r="A3" t="str"><f>')
        ),
    )
    found = read(file)
    assert found.main.frame["a"].iloc[0] == "2"
    assert "stored" not in said(found)


def test_sheets__several__each_a_table_and_the_first_the_main_one(tmp_path: Path) -> None:
    found = read(
        workbook(tmp_path / "a.xlsx", {"one": [["a", "b"], [1, 2]], "none": [], "two": [["c", "d"], [3, 4]]})
    )
    assert [table.name for table in found.tables] == ["one", "two"]
    assert '"one" of 3 (the first)' in found.options["sheet"]
    assert 'sheet "none": The sheet is empty' in said(found)


def test_sheets__one_is_asked_for__the_main_one_with_what_hangs_below_it(tmp_path: Path) -> None:
    child = [["x", "_parent_table_name", "_parent_index"], [1, "two", 1]]
    file = workbook(
        tmp_path / "a.xlsx", {"one": [["a", "b"], [1, 2]], "two": [["c", "_index"], [3, 1]], "kids": child}
    )
    found = read(file, sheet=" TWO")
    assert [table.name for table in found.tables] == ["two", "kids"]
    assert "passed over: one" in said(found)


def test_sheets__an_unknown_one__refused_with_near_names(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", {"answers": [["a", "b"], [1, 2]], "none": []})
    assert "answers" in refused(file, "read.option", sheet="answer").hint
    assert "is empty" in refused(file, "read.option", sheet="none").message


def test_sheets__children_first__the_parent_is_the_main_one(tmp_path: Path) -> None:
    child = [["x", "_index", "_parent_table_name", "_parent_index"], [1, 1, "home", 1]]
    grandchild = [["y", "_index", "_parent_table_name", "_parent_index"], [1, 1, "kids", 1]]
    home = [["c", "_index"], [3, 1]]
    found = read(workbook(tmp_path / "a.xlsx", {"toys": grandchild, "kids": child, "home": home}))
    assert found.main.name == "home"
    assert "call it their parent" in found.options["sheet"]


def test_sheets__a_hidden_one_first__is_not_the_main_one(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", {"lists": [["a", "b"], [1, 2]], "answers": [["c", "d"], [3, 4]]})
    book = openpyxl.load_workbook(file)
    book["lists"].sheet_state = "hidden"
    book.active = 1
    book.save(file)
    assert [table.name for table in read(file).tables] == ["answers", "lists"]


def test_header__alone__a_table_without_rows(tmp_path: Path) -> None:
    found = read(workbook(tmp_path / "a.xlsx", {"d": [["a", "b"]]}))
    assert found.main.frame.shape == (0, 2)
    assert set(map(str, found.main.frame.dtypes)) == {"str"}
    assert "a header and no rows" in said(found)


def test_workbook__nothing_in_any_sheet__refused(tmp_path: Path) -> None:
    refused(workbook(tmp_path / "a.xlsx", {"one": []}), "read.file")


def test_chunks__more_rows_than_one_holds__all_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("volresearch.datasets.readers.excel._CHUNK", 7)
    rows = [[at, None if at < 60 else "late", "x"] for at in range(100)]
    frame = read(workbook(tmp_path / "a.xlsx", {"d": [["n", "late", "c"], *rows]})).main.frame
    assert frame["n"].tolist() == [str(at) for at in range(100)]
    assert frame["late"].notna().sum() == 40


def test_trap_01__an_xls_named_xlsx__read_by_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "form.xlsx"
    file.write_bytes(_xls({"d": [["code", "label"], [1.0, "one"], [2.0, "two"]]}))
    found = read(file)
    assert found.format == "xls"
    assert found.main.frame["label"].tolist() == ["one", "two"]


def test_trap_01__an_xlsx_named_xls__read_by_its_bytes(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", {"d": [["a", "b"], [1, 2]]}).rename(tmp_path / "a.xls")
    assert read(file).format == "xlsx"


def test_trap_02__an_xls__read_without_pandas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pandas as pd

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("pandas would ask for another version of xlrd")

    monkeypatch.setattr(pd, "read_excel", never)
    file = tmp_path / "a.xls"
    file.write_bytes(_xls({"d": [["a", "b"], ["x", True]]}))
    assert read(file).main.frame.iloc[0].tolist() == ["x", "TRUE"]


def test_trap_03__numeric_codes_in_an_xls__are_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.xls"
    file.write_bytes(
        _xls({"d": [["code", "hours", "day"], [1.0, 1.5, date(2024, 2, 29)], [77.0, 2.0, None]]})
    )
    frame = read(file).main.frame
    assert frame["day"].tolist()[0] == "2024-02-29"
    assert frame["code"].tolist() == ["1", "77"]
    assert frame["hours"].tolist() == ["1.5", "2"]


def test_archive__a_bomb_of_one_gigabyte__refused_before_it_is_unpacked(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", {"d": [["a", "b"], [1, 2]]})
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/x.bin", "w") as part,
    ):
        piece = bytes(1 << 20)
        for _ in range(1024):
            part.write(piece)
    refused(file, "read.limit")


def test_archive__a_part_that_leaves_the_folder__refused(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", {"d": [["a", "b"], [1, 2]]})
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("../../evil.xml", "<a/>")
    refused(file, "read.format")


@pytest.mark.parametrize("before", ["", "<!-- " + "x" * 5000 + " -->", "<?pi?>\n"])
def test_archive__xml_entities__refused_wherever_they_stand(tmp_path: Path, before: str) -> None:
    file = workbook(tmp_path / "a.xlsx", {"d": [["a", "b"], ["x", 2]]})
    bomb = f'{before}<!DOCTYPE x [<!ENTITY a "ha">]>'.encode()
    _rewrite(file, "xl/styles.xml", lambda text: bomb + text[text.index(b"<styleSheet") :])
    refused(file, "read.format")


def test_archive__a_part_larger_than_such_parts_are__refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel_cells, "_MAX_PART", 100)
    assert (
        "would unpack"
        in refused(workbook(tmp_path / "a.xlsx", {"d": [["a", "b"], [1, 2]]}), "read.limit").message
    )


def test_sheets__two_hundred__all_read(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", {f"s{at}": [["a", "b"], [at, 2]] for at in range(200)})
    assert len(read(file).tables) == 200


def test_sheets__more_than_any_workbook_has__refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel_cells, "MAX_SHEETS", 3)
    refused(workbook(tmp_path / "a.xlsx", {f"s{at}": [["a", "b"], [at, 2]] for at in range(4)}), "read.limit")


def test_cells__more_than_memory_holds__refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel_cells, "MAX_CELLS", 20_000)
    book = openpyxl.Workbook()
    for row in range(1, 4):
        book.active.cell(row, 16_384, "x")
    book.save(tmp_path / "a.xlsx")
    refused(tmp_path / "a.xlsx", "read.limit")


def test_cells__one_in_the_last_column__makes_one_column(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, 2])
    book.active.cell(2, 16_384, "far")
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").main.frame.iloc[0].to_dict() == {"a": "1", "b": "2", "column_XFD": "far"}


def test_truncated__at_any_place__a_clear_error(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a.xlsx", {"d": [["a", "b"], [1, 2]] * 30}).read_bytes()
    file = tmp_path / "cut.xlsx"
    for size in range(4, len(whole) - 1, 211):
        file.write_bytes(whole[:size])
        refused(file, "read.file")


def test_truncated__an_xls__a_clear_error(tmp_path: Path) -> None:
    whole = _xls({"d": [["a", "b"], [1.0, 2.0]]})
    file = tmp_path / "cut.xls"
    for size in range(8, len(whole) // 2, 331):
        file.write_bytes(whole[:size])
        refused(file, "read.file")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged__bytes_changed_at_random__read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    sound = tmp_path / "a.xlsx"
    if not sound.exists():  # once: a workbook holds the second it was made in
        workbook(sound, {"d": [["a", "b"], [1, "x"], ["=1", None]]})
    content = bytearray(sound.read_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    file = tmp_path / "b.xlsx"
    file.write_bytes(bytes(content))
    code = ""
    try:
        assert read(file).tables
    except VolResearchError as error:
        code = error.code
    assert code in {"", "read.file", "read.format", "read.limit"}


def test_header_at__single_column__the_first_row() -> None:
    assert header_at([["name"], ["Ana"]]) == 0
    assert header_at([["Report", ""], ["", ""], ["name", "age"]]) == 2
    assert header_at([]) == 0


@given(st.lists(st.sampled_from(["a", "a_2", "", "column_A", " a"]), max_size=8))
def test_unique_headers__any__each_once(cells: list[str]) -> None:
    names, _ = unique_headers(cells, len(cells))
    assert len(set(names)) == len(cells)
    assert all(names)


@pytest.mark.real
def test_real__transportation_export__every_cell(shared: Path) -> None:
    found = read(shared / "real/exports/transportation_export.xlsx")
    # SOURCE.csv counts the header as a row: 5 x 30.
    assert found.main.frame.shape == (4, 30)
    assert found.main.frame.iloc[0, 0] == "none"
    assert not found.notes


@pytest.mark.real
def test_real__kobocruncher_data__main_sheet_and_repeat(shared: Path) -> None:
    found = read(shared / "real/xlsform/kobocruncher_data.xlsx")
    # With their headers: 6 x 25 and 13 x 13.
    assert [table.frame.shape for table in found.tables] == [(5, 25), (12, 13)]
    assert found.main.frame["_id"].tolist()[0] == "20759478"


@pytest.mark.real
@pytest.mark.parametrize("pattern", ["*.xls", "*.xlsx"])
def test_real__every_form__its_sheets_are_tables(shared: Path, pattern: str) -> None:
    files = sorted((shared / "real/xlsform").glob(pattern))
    assert files
    for file in files:
        assert read(file).tables, file.name


def _rewrite(file: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    assert change(parts[name]) != parts[name]
    parts[name] = change(parts[name])
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, content in parts.items():
            archive.writestr(one, content)


def _xls(sheets: Sheets) -> bytes:
    """Write a workbook of the old kind: BIFF8 records in one stream of an OLE file; whole days as dates."""
    bodies = [_records(rows) for rows in sheets.values()]
    formats = b"".join(
        _record(0xE0, struct.pack("<HHHBBBBIIH", 0, key, 0, 0, 0, 0, 0, 0, 0, 0)) for key in (0, 14)
    )
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + formats
    names = [name.encode("latin-1") for name in sheets]
    at = len(head) + sum(4 + 8 + len(name) for name in names) + 4
    for name, body in zip(names, bodies, strict=True):
        head += _record(0x85, struct.pack("<IHBB", at, 0, len(name), 0) + name)
        at += len(body)
    return _ole(head + _record(0x0A, b"") + b"".join(bodies))


def _records(rows: Sequence[Sequence[Any]]) -> bytes:
    out = _record(0x809, struct.pack("<HHHHII", 0x600, 16, 0, 0, 0, 0))
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            place = struct.pack("<HHH", row, column, int(isinstance(value, date)))
            if isinstance(value, bool):
                out += _record(0x205, place + bytes([value, 0]))
            elif isinstance(value, date):
                out += _record(0x203, place + struct.pack("<d", (value - date(1899, 12, 30)).days))
            elif isinstance(value, float):
                out += _record(0x203, place + struct.pack("<d", value))
            elif value is not None:
                text = str(value).encode("utf-16-le")
                out += _record(0x204, place + struct.pack("<HB", len(str(value)), 1) + text)
    return out + _record(0x0A, b"")


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _ole(stream: bytes) -> bytes:
    """Wrap a stream into an OLE file: a header, one sector of allocation, one of the directory, the stream."""
    stream += bytes(-len(stream) % 512 + 4096)
    sectors = len(stream) // 512
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    chain = [0xFFFFFFFD, end, *range(3, 2 + sectors), end]
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    head += (
        struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
        + struct.pack("<I", 0)
        + b"\xff" * (108 * 4)
    )

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        written = (name + "\0").encode("utf-16-le")
        links = struct.pack("<BBIII", kind, 1, free, free, child)
        return (
            written.ljust(64, b"\0")
            + struct.pack("<H", len(written))
            + links
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    directory = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, len(stream))
    fat = b"".join(struct.pack("<I", one) for one in chain).ljust(512, b"\xff")
    return head + fat + directory.ljust(512, b"\0") + stream
