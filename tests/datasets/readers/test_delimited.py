"""Text files as tables: whatever the delimiter, nothing lost, nothing shifted, everything said."""

from __future__ import annotations

import csv
import gzip
import io
import sys

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from volresearch.datasets.provenance import Source
from volresearch.datasets.readers import delimited, text_rows
from volresearch.datasets.readers.delimited import read_delimited
from volresearch.datasets.readers.found import Asked
from volresearch.errors import VolResearchError

ENGINES = ("pandas", "duckdb")


def found_in(tmp_path, content: bytes | str, name: str = "people.csv", **options):
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_delimited(Asked(file, **options), Source(name, "", 0))


def cells(found) -> dict[str, list[str | None]]:
    frame = found.main.frame
    if hasattr(frame, "df"):
        return dict(zip(frame.columns, map(list, zip(*frame.fetchall(), strict=True)), strict=False)) or {
            name: [] for name in frame.columns
        }
    assert set(map(str, frame.dtypes)) == {"str"}
    return {name: [one if isinstance(one, str) else None for one in frame[name]] for name in frame}


def notes(found) -> str:
    return "\n".join(map(str, found.notes))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("sign", "word"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "pipe")])
def test_read_delimited__each_delimiter__is_found_and_told_with_its_reason(tmp_path, engine, sign, word):
    text = "name,hours\nAna,3\nLuis,\n".replace(",", sign)
    found = found_in(tmp_path, text, engine=engine)
    assert cells(found) == {"name": ["Ana", "Luis"], "hours": ["3", None]}
    assert found.options["delimiter"] == f"{word} (2 cells in 2 of the first 2 rows, 2 in the header)"
    assert found.notes == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__semicolons_with_decimal_commas__are_not_parted_at_the_commas(tmp_path, engine):
    found = found_in(tmp_path, "a;b;c\n1,5;2,5;3,5\n1,0;2,0;3,0\n", engine=engine)
    assert cells(found) == {"a": ["1,5", "1,0"], "b": ["2,5", "2,0"], "c": ["3,5", "3,0"]}


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__the_sep_line_of_excel__names_the_delimiter(tmp_path, engine):
    found = found_in(tmp_path, "sep=;\r\na;b\r\n1,2;3\r\n", engine=engine)
    assert cells(found) == {"a": ["1,2"], "b": ["3"]}
    assert "sep=" in found.options["delimiter"]


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__quoted_delimiters_and_line_ends__stay_in_their_cells(tmp_path, engine):
    found = found_in(tmp_path, 'a,b\n"x, y","one\ntwo"\n"say ""hi""",\n', engine=engine)
    assert cells(found) == {"a": ["x, y", 'say "hi"'], "b": ["one\ntwo", None]}


@pytest.mark.parametrize("engine", ENGINES)
def test_trap_23__a_byte_order_mark__is_no_part_of_the_first_name(tmp_path, engine):
    found = found_in(tmp_path, "\ufeffstart,end\n1,2\n".encode(), engine=engine)
    assert list(cells(found)) == ["start", "end"]


@pytest.mark.parametrize("engine", ENGINES)
def test_trap_23__windows_1252__is_read_by_both_engines(tmp_path, engine):
    found = found_in(tmp_path, "año,región\n1,Áncash\n".encode("cp1252"), engine=engine)
    assert cells(found) == {"año": ["1"], "región": ["Áncash"]}
    assert "windows-1252" in found.options["encoding"]


@pytest.mark.parametrize("engine", ENGINES)
def test_trap_20__texts_that_look_missing__stay_texts(tmp_path, engine):
    words = ["NA", "n/a", "null", "---", "None", "NaN", "Nei", ""]
    found = found_in(
        tmp_path, "id,x\n" + "".join(f"{at},{word}\n" for at, word in enumerate(words)), engine=engine
    )
    assert cells(found)["x"] == [*words[:-1], None]


@pytest.mark.parametrize("engine", ENGINES)
def test_trap_21__an_empty_cell_more_in_every_row__is_left_out_and_told(tmp_path, engine):
    found = found_in(tmp_path, "a,b\n1,2,\n3,4,\n", engine=engine)
    assert cells(found) == {"a": ["1", "3"], "b": ["2", "4"]}
    assert "1 cell more than the header" in notes(found)


@pytest.mark.parametrize("engine", ENGINES)
def test_trap_21__a_filled_cell_more__is_kept_beside_and_shifts_nothing(tmp_path, engine):
    found = found_in(tmp_path, "a,b\n1,2\n3,4,x,y\n5,6\n7,8,z\n", engine=engine)
    assert cells(found) == {
        "a": ["1", "3", "5", "7"],
        "b": ["2", "4", "6", "8"],
        "extra_1": [None, "x", None, "z"],
        "extra_2": [None, "y", None, None],
    }
    assert "extra_1: rows 2, 4" in notes(found)
    assert "extra_2: row 2" in notes(found)


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__short_rows__are_filled_up_and_told_with_their_rows(tmp_path, engine):
    found = found_in(tmp_path, "a,b,c\n1,2,3\n4,5\n6\n7,8,9\n1,1,1\n", engine=engine)
    assert cells(found)["c"] == ["3", None, None, "9", "1"]
    assert "2 rows have fewer than 3 cells: rows 2, 3" in notes(found)


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__a_doubled_header__gets_a_number_and_a_note(tmp_path, engine):
    found = found_in(tmp_path, "a,b,a,a_2,a\n1,2,3,4,5\n", engine=engine)
    assert cells(found) == {"a": ["1"], "b": ["2"], "a_3": ["3"], "a_2": ["4"], "a_4": ["5"]}
    assert 'the later "a" is "a_3" here' in notes(found)


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__columns_without_a_name__are_named_or_left_out_where_empty(tmp_path, engine):
    found = found_in(tmp_path, "a,,b, \n1,x,2,\n3,,4,\n", engine=engine)
    assert cells(found) == {"a": ["1", "3"], "column_2": ["x", None], "b": ["2", "4"]}
    assert "called column_2" in notes(found)
    assert "1 columns have no name and hold nothing" in notes(found)


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__row_names_of_r__are_structure(tmp_path, engine):
    found = found_in(tmp_path, '"","sex"\n"1","f"\n"2","m"\n', engine=engine)
    assert cells(found) == {"row_name": ["1", "2"], "sex": ["f", "m"]}
    assert found.main.hidden == {"row_name"}
    assert found.tool == "r"


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__row_names_of_r_that_say_something__are_a_column(tmp_path, engine):
    found = found_in(tmp_path, '"","sex"\n"Ana","f"\n"Luis","m"\n', engine=engine)
    assert cells(found)["row_name"] == ["Ana", "Luis"]
    assert found.main.hidden == frozenset()


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__row_names_of_r_without_a_header__shift_nothing(tmp_path, engine):
    found = found_in(tmp_path, '"age" "sex"\n"1" 31 "f"\n"2" 40 "m"\n'.replace(" ", "\t"), engine=engine)
    assert cells(found) == {"row_name": ["1", "2"], "age": ["31", "40"], "sex": ["f", "m"]}
    assert found.main.hidden == {"row_name"}


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__a_header_only__is_a_table_without_rows_and_a_note(tmp_path, engine):
    found = found_in(tmp_path, "a,b,c\n", engine=engine)
    assert cells(found) == {"a": [], "b": [], "c": []}
    assert "a header and no rows" in notes(found)


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__ten_thousand_columns__are_read(tmp_path, engine):
    names = [f"column{number}" for number in range(10_000)]
    found = found_in(tmp_path, ",".join(names) + "\n" + ",".join("1" * 10_000) + "\n", engine=engine)
    assert list(found.main.frame.columns) == names


def test_read_delimited__more_columns_than_allowed__is_refused(tmp_path):
    with pytest.raises(VolResearchError) as caught:
        found_in(tmp_path, "a," * 100_001 + "b\n")
    assert caught.value.code == "read.limit"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("content", [b"", b"\n", b"\r\n", b"\xef\xbb\xbf", b" \t \n\n"])
def test_trap_32__an_empty_file_or_a_line_break__holds_no_table(tmp_path, engine, content):
    with pytest.raises(VolResearchError) as caught:
        found_in(tmp_path, content, engine=engine)
    assert caught.value.code == "read.file"
    assert "holds no table" in caught.value.message


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__only_delimiters__holds_no_table(tmp_path, engine):
    with pytest.raises(VolResearchError) as caught:
        found_in(tmp_path, ";;;\n;;;\n;;;\n", engine=engine)
    assert (caught.value.code, "only delimiters" in caught.value.message) == ("read.file", True)


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__a_byte_0__names_its_line(tmp_path, engine):
    with pytest.raises(VolResearchError) as caught:
        found_in(tmp_path, b"a,b\n1,2\n3,\x004\n", engine=engine)
    assert (caught.value.code, caught.value.where.line) == ("read.file", 3)


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__one_line_of_50_mb__is_refused_without_being_held(tmp_path, engine):
    with pytest.raises(VolResearchError) as caught:
        found_in(tmp_path, b"a" * 50_000_000, engine=engine)
    assert caught.value.code == "read.limit"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("line", [b"a" * 50_000_000, b"a," * 17_000_000])
def test_read_delimited__a_line_of_50_mb_further_down__is_refused(tmp_path, engine, line):
    with pytest.raises(VolResearchError) as caught:
        found_in(tmp_path, b"a,b\n1,2\n" + line + b"\n", engine=engine)
    assert caught.value.code == "read.limit"


def test_read_delimited__running_text__is_no_table(tmp_path):
    text = (
        "Volunteers came from many towns, and some from abroad.\nThey stayed, on average, for two weeks; most\n"
        "helped in schools, others in clinics, and a few in gardens.\nNobody was paid.\n"
    )
    with pytest.raises(VolResearchError) as caught:
        found_in(tmp_path, text)
    assert caught.value.code == "read.file"
    assert "running text" in caught.value.message


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__one_column__keeps_blank_lines_between_rows(tmp_path, engine):
    found = found_in(tmp_path, "village\nPuno\n\nCusco\n\n\n", engine=engine)
    assert cells(found) == {"village": ["Puno", None, "Cusco"]}


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__mixed_line_ends__are_line_ends(tmp_path, engine):
    found = found_in(tmp_path, b"a,b\r\n1,2\n3,4\r5,6\r\n\r\n7,8", engine=engine)
    assert cells(found) == {"a": ["1", "3", "5", "7"], "b": ["2", "4", "6", "8"]}


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__a_quote_that_is_never_closed__says_that_the_file_is_cut(tmp_path, engine):
    with pytest.raises(VolResearchError) as caught:
        found_in(tmp_path, 'id,a,b\n1,2,3\n3,"cut off in the mid', engine=engine)
    assert caught.value.code == "read.file"
    assert "never closed" in caught.value.message


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__quotes_that_enclose_nothing__are_letters(tmp_path, engine):
    found = found_in(tmp_path, 'id\ttext\n1\t"Ana said\n2\tno\n', engine=engine)
    assert cells(found) == {"id": ["1", "2"], "text": ['"Ana said', "no"]}
    assert "quotes" in found.options


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("cell", ['"', '""', 'x"', '"x', "\n", ' "x" '])
def test_read_delimited__a_last_cell_of_quotes__is_read_as_written(tmp_path, engine, cell):
    out = io.StringIO()
    csv.writer(out).writerows([["a", "b"], ["1", cell]])
    found = found_in(tmp_path, out.getvalue().removesuffix("\r\n"), engine=engine)
    assert cells(found) == {"a": ["1"], "b": [cell]}


@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__a_gzipped_file__is_read(tmp_path, engine):
    found = found_in(tmp_path, gzip.compress(b"a,b\n1,2\n"), "people.csv.gz", engine=engine)
    assert cells(found) == {"a": ["1"], "b": ["2"]}
    assert found.options["packed"] == "gzip"
    assert found.main.name == "people"


def test_read_delimited__a_dictionary_of_redcap__is_read_with_a_hint(tmp_path):
    found = found_in(tmp_path, '"Variable / Field Name","Form Name"\nage,a\n')
    assert "instrument=" in notes(found)


def test_read_delimited__without_pyarrow__reads_the_same(tmp_path, monkeypatch):
    text = 'a,b\n1,"x\ny"\n,"2"\n'
    with_it = cells(found_in(tmp_path, text))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.csv", None)
    assert cells(found_in(tmp_path, text)) == with_it


def test_read_delimited__the_limit_of_the_csv_module__is_left_as_it_was(tmp_path):
    before = csv.field_size_limit()
    found_in(tmp_path, "a,b\n1,2\n3\n4,5,6\n")
    assert csv.field_size_limit() == before


def test_read_delimited__many_batches_with_late_extras__keep_every_row(tmp_path, monkeypatch):
    monkeypatch.setattr(text_rows, "_BATCH_CELLS", 4)
    found = found_in(tmp_path, "a,b\n" + "1,2\n" * 7 + "3,4,late\n" + "5,6\n")
    assert cells(found)["extra_1"] == [None] * 7 + ["late", None]
    assert len(found.main.frame) == 9


SIGNS = st.sampled_from([",", ";", "\t", "|"])
TEXTS = st.text(
    st.one_of(
        st.sampled_from(list(',;\t|"\n\r ab1')),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=6,
)

#: The csv module leaves a lone return unquoted where it ends lines by "\n": that cannot be read back by anybody.
DIALECTS = [(csv.QUOTE_MINIMAL, "\r\n"), (csv.QUOTE_ALL, "\n"), (csv.QUOTE_ALL, "\r\n")]


@st.composite
def tables(draw):
    width = draw(st.integers(2, 5))
    return draw(st.lists(st.lists(TEXTS, min_size=width, max_size=width), min_size=1, max_size=8))


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=tables(), sign=SIGNS, dialect=st.sampled_from(DIALECTS))
def test_read_delimited__any_table_of_texts__reads_back_cell_for_cell(tmp_path, engine, rows, sign, dialect):
    quoting, end = dialect
    header = [f"name{place}" for place in range(len(rows[0]))]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=sign, quoting=quoting, lineterminator=end).writerows([header, *rows])
    found = found_in(tmp_path, out.getvalue(), engine=engine)
    read = list(map(list, zip(*cells(found).values(), strict=True)))
    assert read == [[cell or None for cell in row] for row in rows]


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=60), st.text(st.sampled_from(list('ab1,;"\n\r \t')), max_size=40).map(str.encode)
    )
)
def test_read_delimited__any_bytes__are_a_table_or_a_clear_error(tmp_path, engine, content):
    names, error = _names_or_error(tmp_path, engine, content)
    if error is None:
        assert len(set(names)) == len(names) > 0
    else:
        assert error.code in {"read.file", "read.encoding", "read.limit"}
        assert error.where.file


def _names_or_error(tmp_path, engine, content):
    try:
        return list(found_in(tmp_path, content, engine=engine).main.frame.columns), None
    except VolResearchError as error:
        return [], error


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.sampled_from(list('ab,"\n\r ')), max_size=30))
def test_read_delimited__the_fast_and_the_slow_way__agree_on_any_text(tmp_path, text):
    content = "name,other\n" + text
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(delimited, "_by_arrow", lambda *_: None)
        slow = _told(tmp_path, content)
    assert _told(tmp_path, content) == slow


def _told(tmp_path, content):
    try:
        found = found_in(tmp_path, content)
    except VolResearchError as error:
        return error.code, error.message
    return cells(found), [str(note) for note in found.notes]


@pytest.mark.real
@pytest.mark.parametrize("engine", ENGINES)
def test_read_delimited__outside_files__have_the_shape_that_their_source_gives(shared, engine):
    folder = shared / "real"
    with (folder / "SOURCE.csv").open(encoding="utf-8") as stream:
        listed = [row for row in csv.DictReader(stream) if row["name"].endswith((".csv", ".csv.gz", ".txt"))]
    seen = 0
    for row in listed:
        if "x" not in row["shape"] or row["cat"].startswith("xlsform"):
            continue
        file = folder / row["cat"] / row["name"]
        frame = read_delimited(Asked(file, engine=engine), Source(file.name, "", 0)).main.frame
        rows = len(frame) if engine == "pandas" else frame.aggregate("count(*)").fetchall()[0][0]
        assert f"{rows}x{len(frame.columns)}" == row["shape"], file.name
        seen += 1
    assert seen > 40


def test_read_delimited__a_line_end_in_a_cell_far_below__is_found_by_the_number_of_lines(tmp_path):
    rows = [f'{at},"a, b"' for at in range(60_000)]
    rows[59_000] = '59000,"one\ntwo"'
    found = found_in(tmp_path, "id,text\n" + "\n".join(rows) + "\n")
    assert len(found.main.frame) == 60_000
    assert found.main.frame["text"].iloc[59_000] == "one\ntwo"


@pytest.mark.parametrize("size", [1 << 10, 1 << 12])
def test_read_delimited__line_ends_in_cells_at_any_border_of_pieces__shift_nothing(
    tmp_path, monkeypatch, size
):
    monkeypatch.setattr(delimited, "_BLOCKS", (size, 32 << 20))
    plain = [f'{at},"{"x" * (at % 50)}"' for at in range(20_000)]
    rows = [f'{at},"{at}\n{at}"' if at > 15_000 and at % 7 == 0 else row for at, row in enumerate(plain)]
    found = found_in(tmp_path, "id,text\n" + "\n".join(rows))
    assert found.main.frame["id"].tolist() == [str(at) for at in range(20_000)]


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])
def test_text__without_any_delimiter__is_one_column_and_asks_whether_it_is_a_table(
    tmp_path, engine: str
) -> None:
    import volresearch as vr

    (tmp_path / "notes.txt").write_text("Field notes\nWe met the group at the river\nNobody was away\n")
    data = vr.read(tmp_path / "notes.txt", engine=engine)
    assert len(data) == 2
    assert any("each line is one cell" in note for note in data.notes)
