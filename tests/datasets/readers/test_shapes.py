"""The shape that a tool gives its exports, from the table of text to linked tables with names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from volresearch.datasets.codebook import Variable
from volresearch.datasets.provenance import Source
from volresearch.datasets.readers.found import Asked, Found, RawTable
from volresearch.datasets.readers.shape_names import renamed, short_names
from volresearch.datasets.readers.shapes import shaped
from volresearch.errors import VolResearchError
from volresearch.text import Text

Cells = Mapping[str, Sequence[Any]]
KOBO = {"_uuid": ["u1", "u2", "u3"], "_submission_time": ["2024-01-01T10:00:00"] * 3}


def shape(columns: Cells, *, format: str = "csv", name: str = "data", **options: Any) -> Found:
    frame = pd.DataFrame(dict(columns), dtype="str")
    tables = (RawTable(name, frame), *options.pop("more", ()))
    found = Found(format, tables, tool=options.pop("tool", ""), sources=(Source("f", "0" * 64, 1),))
    return shaped(found, replace(Asked(Path(f"{name}.{format}")), **options))


def said(found: Found) -> str:
    return "\n".join(str(note) for note in found.notes)


def names(table: RawTable) -> list[str]:
    return [str(name) for name in table.frame.columns]


# --- names without a form ---


def test_trap_16__group_prefixes__stripped_where_the_rest_is_unique() -> None:
    found = shape(
        {"home/age": ["1", "2", "3"], "home/kid/age": ["4", "5", "6"], "home/town": ["a", "b", "c"], **KOBO}
    )
    assert names(found.main)[:3] == ["home_age", "home_kid_age", "town"]
    sources = {name: one.source for name, one in found.main.variables.items()}
    assert sources["home_kid_age"] == "home/kid/age"
    assert sources["town"] == "home/town"
    assert "town" in found.main.guess


def test_trap_16__a_question_called_like_a_tail__both_keep_their_own_name() -> None:
    found = shape({"age": ["1", "2", "3"], "kid/age": ["4", "5", "6"], **KOBO})
    assert names(found.main)[:2] == ["age", "kid_age"]


def test_trap_16__prefixes_of_a_plain_table__stay_parts_of_the_name() -> None:
    found = shape({"male/female": ["1"], "v1.1": ["2"]})
    assert names(found.main) == ["male/female", "v1.1"]
    assert not found.main.variables


@pytest.mark.parametrize("mark", ["/", "."])
def test_trap_17__either_separator__gives_the_same_names(mark: str) -> None:
    found = shape({f"home{mark}age": ["1", "2", "3"], f"home{mark}work{mark}hours": ["4", "5", "6"], **KOBO})
    assert names(found.main)[:2] == ["age", "hours"]


def test_trap_17__dots_in_names__are_no_separator_beside_slashes() -> None:
    found = shape({"tel/tel.office": ["1", "2", "3"], "ice.creams": ["a", "b", "c"], **KOBO})
    assert names(found.main)[:2] == ["tel_office", "ice_creams"]


def test_trap_17__hyphens_of_central__separate() -> None:
    found = shape(
        {"SubmissionDate": ["1"], "home-age": ["2"], "meta-instanceID": ["uuid:1"], "KEY": ["uuid:1"]}
    )
    assert names(found.main) == ["SubmissionDate", "age", "instanceID", "KEY"]
    assert found.tool == "kobo"
    assert not found.blanks


def test_trap_17__every_way_to_write_options__one_question() -> None:
    for columns in (
        {"q/red": ["True", "False", None], "q/blue": ["True", "True", None], **KOBO},
        {"q.red": ["TRUE", "FALSE", None], "q.blue": ["TRUE", "TRUE", None]},
        {
            "q___red": ["1", "0", None],
            "q___blue": ["1", "1", None],
            "record_id": ["1", "2", "3"],
            "f_complete": ["2"] * 3,
        },
        {
            "q[red]": ["Y", None, None],
            "q[blue]": ["Y", "Y", None],
            "submitdate": [None] * 3,
            "lastpage": ["1"] * 3,
        },
    ):
        found = shape(columns)
        values = found.main.frame["q"]
        assert values.tolist()[:2] == ["red blue", "blue"]
        assert values.isna()[2]
        variable = found.main.variables["q"]
        assert variable.type == "multiple"
        assert list(variable.labels) == ["red", "blue"]
        assert "q" not in found.main.guess
        assert not set(columns) & {"q/red", "q.red"} & set(found.main.frame.columns)


def test_trap_18__words_of_yes_and_no_beside_a_joined_column__are_options() -> None:
    found = shape(
        {"q": ["red", "red blue", None], "q/red": ["yes", "yes", None], "q/blue": ["no", "yes", None], **KOBO}
    )
    assert found.main.frame["q"].tolist()[:2] == ["red", "red blue"]
    assert names(found.main)[0] == "q"
    assert "q/red" not in names(found.main)


def test_trap_18__all_options_empty__missing() -> None:
    found = shape({"q": ["red", None, None], "q/red": ["1", None, "0"], "q/blue": ["0", None, "0"], **KOBO})
    values = found.main.frame["q"]
    assert values.isna().tolist() == [False, True, False]
    assert values[2] == ""


def test_trap_19__split_and_joined_disagree__joined_wins_and_the_rows_are_told() -> None:
    found = shape(
        {"g/q": ["red", "blue", "red"], "g/q/red": ["1", "1", "1"], "g/q/blue": ["0", "0", "0"], **KOBO}
    )
    assert found.main.frame["q"].tolist() == ["red", "blue", "red"]
    assert "disagree in 1 rows (2)" in said(found)


def test_options__a_group_of_questions_with_yes_and_no__stays() -> None:
    for columns in (
        {"health/water": ["yes", "no", "yes"], "health/food": ["no", "no", "yes"], **KOBO},
        {"health/water": ["1", "0", None], "health/food": [None, "0", "1"], **KOBO},
        {"income.2020": ["1", "0"], "income.2021": ["0", "1"]},
        {"health/water": ["True", "5", "2"], "health/food": ["False", "True", "True"], **KOBO},
        {
            "Q1[SQ1]": ["Y", "N", None],
            "Q1[SQ2]": ["N", "Y", "Y"],
            "submitdate": [None] * 3,
            "lastpage": ["1"] * 3,
        },
    ):
        found = shape(columns)
        assert not [one for one in found.main.variables.values() if one.type == "multiple"]
        assert len(names(found.main)) == len(columns)


def test_options__columns_that_only_look_so_beside_their_stem__stay() -> None:
    found = shape({"age": ["31", "40"], "age.1": ["1", "0"], "age.2": ["0", "1"]})
    assert names(found.main) == ["age", "age.1", "age.2"]


def test_options__words_of_other__a_column_of_their_own() -> None:
    found = shape({
        "q/red": ["True", "False", "False"], "q/other": ["False", "True", "False"], "q_other": [None, "green", None], **KOBO,
    })  # fmt: skip
    assert found.main.frame["q"].tolist() == ["red", "other", ""]
    assert found.main.frame["q_other"].tolist()[1] == "green"


def test_options__other_holds_words__counts_as_chosen() -> None:
    found = shape({
        "Q1[SQ1]": ["Y", None, None], "Q1[SQ2]": [None, "Y", None], "Q1[other]": [None, "green", "blue"],
        "submitdate": [None] * 3, "lastpage": ["1"] * 3,
    })  # fmt: skip
    assert found.main.frame["Q1"].tolist() == ["SQ1", "SQ2 other", "other"]
    assert found.main.frame["Q1[other]"].tolist()[1:] == ["green", "blue"]


def test_options__headers_of_words__their_words_are_labels() -> None:
    found = shape({
        "Q1[SQ1]. What do you do? [Teach children]": ["Y", None], "Q1[SQ2]. What do you do? [Cook]": ["Y", "Y"],
        "submitdate. Date": [None] * 2, "lastpage. Last": ["1"] * 2,
    })  # fmt: skip
    variable = found.main.variables["Q1"]
    assert {code: str(text) for code, text in variable.labels.items()} == {
        "SQ1": "Teach children",
        "SQ2": "Cook",
    }


def test_options__spaces_in_them__become_underscores_and_are_told() -> None:
    found = shape({"q/first aid": ["True", "False", None], "q/teach": ["True", "True", None], **KOBO})
    assert found.main.frame["q"].tolist()[:2] == ["first_aid teach", "teach"]
    assert str(found.main.variables["q"].labels["first_aid"]) == "first aid"
    assert "first aid" in said(found)


def test_options__codes_only_the_joined_column_has__are_codes_too() -> None:
    found = shape(
        {"q": ["none", "red", "red blue"], "q/red": ["0", "1", "1"], "q/blue": ["0", "0", "1"], **KOBO}
    )
    assert set(found.main.variables["q"].labels) == {"red", "blue", "none"}
    assert "disagree" not in said(found)


def test_options__negative_codes_of_redcap__keep_their_sign() -> None:
    found = shape({"record_id": ["1"], "q___1": ["1"], "q____99": ["1"], "f_complete": ["2"]})
    assert found.main.frame["q"].tolist() == ["1 -99"]


# --- tools ---


def test_trap_20__old_exports_of_kobo__declare_what_they_write_for_empty() -> None:
    assert shape({"q": ["n/a", "1", "2"], **KOBO}).blanks == {"n/a": "no_answer"}
    assert not shape({"q": ["n/a", "1", "2"], "_index": ["1", "2", "3"], **KOBO}).blanks
    assert not shape({"q": ["n/a", "1", "2"]}).blanks


def test_trap_20__na_that_r_wrote__stays_and_is_told() -> None:
    found = shape({"X_uuid": ["1", "2"], "country": ["NA", "NO"], "X7states": ["1", None]})
    assert found.tool == "r"
    assert found.main.frame["country"].tolist() == ["NA", "NO"]
    assert 'missing={"NA": "no_answer"}' in said(found)
    declared = shape({"X_uuid": ["1"], "country": ["NA"]}, missing={"NA": "not_asked"})
    assert "missing=" not in said(declared)


def test_r__headers__are_undone_and_keep_their_source() -> None:
    found = shape(
        {"X.U.FEFF.start": ["1"], "X_uuid": ["2"], "X7states": ["3"], "q.a": ["TRUE"], "q.b": ["NA"]}
    )
    assert names(found.main) == ["start", "_uuid", "7states", "q"]
    assert found.main.variables["start"].source == "X.U.FEFF.start"
    assert found.main.variables["7states"].source == "X7states"
    assert found.main.frame["q"].tolist() == ["a"]
    assert "NA in columns of options" in said(found)


def test_spss__paths_in_the_labels__are_the_headers() -> None:
    frame = pd.DataFrame({
        "var1": ["x", "None"], "var2": [3.0, None], "var3": ["True", "None"], "var4": ["False", "None"], "var5": ["u", "v"],
    })  # fmt: skip
    paths = ["kid/name", "kid/age", "kid/likes/red", "kid/likes/blue", "meta/instanceID"]
    variables = {
        f"var{at}": Variable(name=f"var{at}", type="number" if at == 2 else "text", label=Text(path))
        for at, path in enumerate(paths, start=1)
    }
    table = RawTable("kid", frame, variables, typed=True)
    found = shaped(Found("sav", (table,), sources=(Source("f", "0" * 64, 1),)), Asked(Path("kid.sav")))
    assert names(found.main) == ["name", "age", "likes", "instanceID"]
    assert found.main.variables["age"].source == "var2"
    assert not found.main.variables["age"].label
    assert found.main.variables["age"].type == "number"
    assert found.main.frame["likes"].tolist()[0] == "red"
    assert found.main.frame[["name", "likes"]].isna().sum().tolist() == [1, 1]
    assert "3 cells hold the text None" in said(found)


def test_metadata__of_kobo__is_labelled_and_typed() -> None:
    found = shape(
        {
            "start": ["x"] * 3,
            "deviceid": ["0123"] * 3,
            "_status": ["a"] * 3,
            "_gps_latitude": ["1"] * 3,
            "gps": ["1 2"] * 3,
            **KOBO,
        }
    )
    known = found.main.variables
    assert known["deviceid"].type == "text"
    assert "deviceid" not in found.main.guess
    assert "start" in found.main.guess
    assert known["_status"].type == "code"
    assert known["_gps_latitude"].label.get_in("en") == "gps: Latitude"
    assert {"en", "es"} <= set(known["start"].label)


def test_metadata__of_a_plain_table__is_none() -> None:
    assert not shape({"start": ["x"], "id": ["1"], "status": ["a"]}).main.variables


# --- repeats ---


def test_repeats__wide__linked_and_named() -> None:
    found = shape({
        "home/kid[1]/name": ["a", "b", "n/a"], "home/kid[2]/name": ["c", "n/a", "n/a"],
        "home/kid[1]/likes/red": ["True", "False", "n/a"], "home/kid[1]/likes/blue": ["True", "False", "n/a"],
        "home/kid[2]/likes/red": ["True", "n/a", "n/a"], "home/kid[2]/likes/blue": ["False", "n/a", "n/a"], **KOBO,
    })  # fmt: skip
    kid = found.tables[1]
    assert (kid.name, names(kid)) == ("kid", ["name", "likes", "_index", "_parent_index"])
    assert kid.frame["name"].tolist() == ["a", "c", "b"]
    assert kid.frame["likes"].tolist() == ["red blue", "red", ""]
    assert kid.variables["name"].source == "home/kid/name"
    assert [step.kind for step in found.steps] == ["shaped"]


def test_repeats__with_a_form__keep_whole_paths_and_options() -> None:
    form: Any = SimpleNamespace()
    found = shape(
        {"home/kid[1]/name": ["a", "b", "c"], "q/red": ["True"] * 3, "q/blue": ["True"] * 3, **KOBO},
        forms=(form,),
    )
    assert names(found.main)[:2] == ["q/red", "q/blue"]
    assert names(found.tables[1])[0] == "home/kid/name"


def test_repeats__a_name_that_two_tables_would_have__both_are_kept() -> None:
    more = RawTable("kid", pd.DataFrame({"x": ["1"]}, dtype="str"))
    found = shape({"kid[1]/toy[1]/x": ["a", "b", "c"], **KOBO}, more=(more,))
    assert len({table.name for table in found.tables}) == 4
    for table in found.tables:
        assert table.link is None or table.link.parent in {one.name for one in found.tables}


def test_tables__without_anything_to_shape__come_back_equal() -> None:
    found = shape({"name": ["Ana"], "age": ["3"]})
    assert (found.tool, found.notes, found.steps, found.blanks) == ("", (), (), {})
    assert found.main.frame.to_dict("list") == {"name": ["Ana"], "age": ["3"]}


# --- lazy frames ---


def test_lazy__names_and_structure__by_projection() -> None:
    duckdb = pytest.importorskip("duckdb")
    relation = duckdb.sql("SELECT '1' AS \"home/age\", 'u' AS _uuid, 't' AS _submission_time, '1' AS _index")
    found = shaped(
        Found("csv", (RawTable("d", relation),), sources=(Source("f", "0" * 64, 1),)),
        Asked(Path("d.csv"), engine="duckdb"),
    )
    assert list(found.main.frame.columns) == ["age", "_uuid", "_submission_time", "_index"]
    assert found.main.hidden == {"_index"}
    assert type(found.main.frame).__name__ == "DuckDBPyRelation"


def test_lazy__repeats_in_columns__refused_with_a_remedy() -> None:
    duckdb = pytest.importorskip("duckdb")
    relation = duckdb.sql("SELECT '1' AS \"kid[1]/age\", 'u' AS _uuid, 't' AS _submission_time")
    with pytest.raises(VolResearchError) as caught:
        shaped(Found("csv", (RawTable("d", relation),)), Asked(Path("d.csv"), engine="duckdb"))
    assert caught.value.code == "read.option"
    assert "pandas" in caught.value.hint


# --- laws ---

HEADERS = st.lists(
    st.text(alphabet="abAB/._-[]1 é", min_size=1, max_size=10) | st.sampled_from(["_uuid", "meta/instanceID", "X_uuid", "a[1]/b", "a/b"]),
    min_size=1, max_size=7, unique=True,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(HEADERS, st.data())
def test_any_table__columns_are_unique_and_variables_stand_in_them(
    headers: list[str], data: st.DataObject
) -> None:
    cells = st.lists(
        st.sampled_from(["True", "False", "1", "0", "n/a", "NA", "x", None]), min_size=3, max_size=3
    )
    columns = {header: data.draw(cells) for header in headers}
    found = shape(columns)
    for table in found.tables:
        own = names(table)
        assert len(set(own)) == len(own)
        assert set(table.variables) <= set(own)
        assert table.guess <= set(table.variables)
        assert table.hidden <= set(own)
        assert not table.hidden & set(table.variables)
        assert all(name == one.name for name, one in table.variables.items())


def test_renamed__names_that_change_places__keep_their_variables() -> None:
    frame = pd.DataFrame({"a": ["1"], "b": ["2"], "c": ["3"]}, dtype="str")
    done = renamed(RawTable("t", frame, {"a": Variable(name="a", label=Text("A"))}), {"a": "b", "b": "a"})
    assert done.frame.iloc[0].to_dict() == {"b": "1", "a": "2", "c": "3"}
    assert (str(done.variables["b"].label), done.variables["b"].source) == ("A", "a")
    assert done.variables["a"].source == "b"
    assert done.guess == {"a"}


@given(
    st.lists(st.text(alphabet="aB/.é 1", min_size=1, max_size=8), unique=True, max_size=8),
    st.sampled_from(["/", ".", ""]),
)
def test_short_names__any_headers__a_name_for_each(headers: list[str], separator: str) -> None:
    made = short_names(headers, separator)
    assert set(made) == set(headers)
    assert len(set(made.values())) == len(headers)


# --- real files ---


def real(path: Path) -> Found:
    """Read and shape a file, without a form."""
    asked, source = Asked(path), Source(path.name, "0" * 64, path.stat().st_size)
    if path.suffix in {".xlsx", ".xls"}:
        from volresearch.datasets.readers.excel import read_excel as reader
    elif path.suffix == ".sav":
        from volresearch.datasets.readers.statfiles import read_statfile as reader
    else:
        from volresearch.datasets.readers.delimited import read_delimited as reader
    return shaped(reader(asked, source), asked)


def sizes(found: Found) -> dict[str, tuple[int, int]]:
    """Rows and columns of every table, without the structure."""
    return {one.name: (len(one.frame), len(set(names(one)) - one.hidden)) for one in found.tables}


@pytest.mark.real
@pytest.mark.parametrize(
    ("file", "shapes"),
    [
        # 9 x 30; six options are one question.
        ("exports/bulk_import_good.csv", {"bulk_import_good": (9, 25)}),
        # 1 x 7; three columns of names hang in two repeats.
        ("exports/double_repeat_export.csv", {"double_repeat_export": (1, 4), "bed_net": (2, 0), "member": (3, 1)}),
        # 3 x 18; three are structure, two questions have three options and a joined column each.
        ("exports/kobo_children.csv", {"kobo_children": (3, 9)}),
        ("exports/kobo_children.sav", {"kobo_children": (3, 9)}),
        # 4 x 10, 2 x 10 and 2 x 18; three columns are structure.
        ("exports/kobo_children_cartoons.csv", {"kobo_children_cartoons": (4, 7)}),
        ("exports/kobo_children_cartoons.sav", {"kobo_children_cartoons": (4, 7)}),
        ("exports/kobo_children_cartoons_characters.csv", {"kobo_children_cartoons_characters": (2, 7)}),
        ("exports/kobo_children_cartoons_characters.sav", {"kobo_children_cartoons_characters": (2, 7)}),
        ("exports/kobo_childrens_survey.csv", {"kobo_childrens_survey": (2, 15)}),
        ("exports/kobo_childrens_survey.sav", {"kobo_childrens_survey": (2, 15)}),
        # 2 x 30; 13 columns hang in two repeats, four options are one question.
        ("exports/nested_repeats.csv", {"nested_repeats": (2, 14), "kids_details": (5, 2), "kids_immunization": (11, 1)}),
        # 4 x 23 and a cell more in every row; ten options are one question.
        ("exports/transportation.csv", {"transportation": (4, 14)}),
        # 4 x 30; the same, three columns are structure, and the joined column is there.
        ("exports/transportation_export.xlsx", {"transportation_2011_07_25": (4, 17)}),
        # 1 x 21; four columns are two children. No option was ever chosen or not: nothing says that they are options.
        ("exports/tutorial_w_repeats.csv", {"tutorial_w_repeats": (1, 17), "children": (2, 2)}),
        # 2 x 16: two rows are one submission with two children.
        ("exports/tutorial_w_repeats_flattened.csv", {"tutorial_w_repeats_flattened": (1, 14), "children": (2, 2)}),
        # 5 x 25 and 12 x 13; nine options are one question, structure: one and three columns.
        ("xlsform/kobocruncher_data.xlsx", {"Sample Dataset KoboloadeR": (5, 15), "members": (12, 10)}),
        # 4 x 13; nine boxes are two questions.
        ("redcap/checkboxes-1_data.csv", {"checkboxes-1_data": (4, 6)}),
        ("redcap/decimal-comma-and-dot_data.csv", {"decimal-comma-and-dot_data": (4, 9)}),
        # 18 x 125; 25 boxes are five questions.
        ("redcap/longitudinal_data.csv", {"longitudinal_data": (18, 105)}),
        # 6 x 15; four rows repeat a form of four columns; which form repeats is the name of its table.
        ("redcap/repeating-instruments_data.csv", {"repeating-instruments_data": (2, 9), "bp": (4, 6)}),
    ],
)  # fmt: skip
def test_real__exports__every_table_and_column(
    shared: Path, file: str, shapes: dict[str, tuple[int, int]]
) -> None:
    assert sizes(real(shared / "real" / file)) == shapes


@pytest.mark.real
def test_real__nested_repeats__children_below_their_parents(shared: Path) -> None:
    main, kids, shots = real(shared / "real/exports/nested_repeats.csv").tables
    assert main.frame["web_browsers"].tolist() == ["ie safari", "firefox chrome ie"]
    assert kids.frame["kids_name"].tolist() == ["Hansel", "Gretel", "Tom", "Dick", "Harry"]
    assert kids.frame["_parent_index"].tolist() == ["1", "1", "2", "2", "2"]
    hansel = shots.frame["immunization_info"][shots.frame["_parent_index"] == "1"]
    assert hansel.tolist() == ["Polio", "Measles", "Malaria"]


@pytest.mark.real
def test_real__transportation__csv_and_workbook_say_the_same(shared: Path) -> None:
    csv = real(shared / "real/exports/transportation.csv").main
    book = real(shared / "real/exports/transportation_export.xlsx").main
    question = "available_transportation_types_to_referral_facility"
    assert csv.frame[question].tolist() == ["", "ambulance bicycle", "ambulance", "taxi other"]
    # Only the joined column knows of "none", which has no column of its own.
    assert book.frame[question].tolist() == ["none", "ambulance bicycle", "ambulance", "taxi other"]
    assert csv.frame[f"{question}_other"].tolist()[3] == "camel"
    loops = [name for name in names(csv) if name.startswith("transport_loop")]
    assert len(loops) == 9
    assert csv.variables[loops[0]].source.count("/") == 3


@pytest.mark.real
def test_real__children__two_questions_and_names_with_dots(shared: Path) -> None:
    assert real(shared / "real/exports/kobo_children.sav").main.frame["fav_colors"].isna().tolist() == [
        False,
        True,
        True,
    ]
    found = real(shared / "real/exports/kobo_children.csv")
    assert found.main.frame["fav_colors"].tolist()[0] == "red blue"
    assert found.main.frame["ice_creams"].isna().tolist() == [False, True, True]
    assert "kobo_childrens_survey.csv" in said(found)
    assert {"tel_office", "tel_mobile"} <= set(
        names(real(shared / "real/exports/kobo_childrens_survey.csv").main)
    )


@pytest.mark.real
def test_real__russian__written_by_r(shared: Path) -> None:
    found = real(shared / "real/redcap/russian_data.csv")
    assert found.tool == "redcap"
    assert found.main.hidden == {"row_name"}
    assert 'missing={"NA": "no_answer"}' in said(found)


@pytest.mark.real
def test_real__kobocruncher__members_below_households(shared: Path) -> None:
    main, members = real(shared / "real/xlsform/kobocruncher_data.xlsx").tables
    sizes_of = members.frame["_parent_index"].value_counts()
    assert sizes_of.sort_index().tolist() == main.frame["HHSize"].astype(int).tolist()
    assert main.frame["reason"].tolist()[2] == "education reunification"


# --- what LimeSurvey writes where nothing was shown ---

LIME = {"id": ["1", "2"], "submitdate": ["2025-01-01 10:00:00", None], "lastpage": ["3", "1"]}


def test_trap_20__not_shown_in_limesurvey__is_not_asked_and_told() -> None:
    found = shape({**LIME, "Q1": ["A1", "N/A"], "Q2[SQ001]": ["5", "N/A"]})
    assert found.blanks == {"N/A": "not_asked"}
    assert "not shown" in said(found)


def test_trap_20__one_cell_of_words_in_limesurvey__stays_what_somebody_typed() -> None:
    found = shape({**LIME, "Q1": ["A1", "N/A"], "Q2[SQ001]": ["5", None]})
    assert not found.blanks


def test_shaped__limesurvey_with_words_as_headings__recognized() -> None:
    found = shape(
        {
            "Response ID": ["1"],
            "Date submitted": ["2025-01-01 10:00:00"],
            "Last page": ["3"],
            "Start language": ["es"],
        }
    )
    assert found.tool == "limesurvey"
