"""A form laid over a table: what becomes of columns, cells, names and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest

from volresearch.datasets import Dataset
from volresearch.datasets.codebook import Variable
from volresearch.datasets.provenance import Source
from volresearch.datasets.readers import read
from volresearch.datasets.readers.forms import forms_of, lay_forms, sensitive_names
from volresearch.datasets.readers.found import Asked, Found, Link, RawTable
from volresearch.errors import VolResearchError
from volresearch.instruments import Block, Choice, Formula, Instrument, Item, OtherSpecify
from volresearch.text import Text


def form_of(*items: Item | Block, **more: object) -> Instrument:
    return Instrument(id="t.form", title=Text({"en": "T"}), items=items, **more)  # type: ignore[arg-type]


def table(columns: Mapping[str, Sequence[str | None]], name: str = "main", **more: object) -> RawTable:
    frame = pd.DataFrame({key: pd.array(list(cells), dtype="str") for key, cells in columns.items()})
    return RawTable(name, frame, **more)  # type: ignore[arg-type]


def laid(given: RawTable | Mapping[str, Sequence[str | None]], *forms: Instrument, **more: object) -> Found:
    one = given if isinstance(given, RawTable) else table(given)
    found = Found("csv", (one,), **more)  # type: ignore[arg-type]
    return lay_forms(
        found, Asked(Path("data.csv"), forms=forms, form_sources=(Source("form.xlsx", "0" * 64, 1, "form"),))
    )


def cells(found: Found, name: str) -> list[str | None]:
    return [None if pd.isna(cell) else cell for cell in found.main.frame[name]]


def notes(found: Found) -> str:
    return "\n".join(str(note) for note in found.notes)


SEX = Item(
    name="sex",
    type="one",
    text=Text({"en": "Sex?", "es": "¿Sexo?"}),
    choices=(
        Choice(code="f", label=Text({"en": "Woman", "es": "Mujer"})),
        Choice(code="9", missing="refused"),
    ),
)
TOOLS = Item(name="tools", type="several", choices=(Choice(code="saw"), Choice(code="axe")))
AGE = Item(name="age", type="integer")


def test_lay_forms__variable__has_labels_of_all_languages_missing_codes_and_source() -> None:
    found = laid({"g/sex": ["f", "9"]}, form_of(Block(name="g", items=(SEX,))))

    variable = found.main.variables["sex"]
    assert (variable.type, variable.source) == ("code", "g/sex")
    assert variable.labels["f"].get_in("es") == "Mujer"
    assert dict(variable.missing) == {"9": "refused"}
    assert variable.question is not None


def test_lay_forms__items_and_columns_without_partner__are_told_in_one_note_each() -> None:
    found = laid(
        {"sex": ["f"], "extra one": ["x"], "extra two": ["y"], "_uuid": ["u"]}, form_of(SEX, AGE, TOOLS)
    )

    assert "Items of the form that have no column in the file: age, tools." in notes(found)
    assert "Columns that the form does not know; they stay: extra one, extra two." in notes(found)
    assert cells(found, "extra one") == ["x"]
    assert len(found.notes) == 2


def test_lay_forms__no_column_in_common__is_an_error_with_both_sides() -> None:
    with pytest.raises(VolResearchError) as caught:
        laid({"x": ["1"], "y": ["2"]}, form_of(SEX, AGE))

    assert caught.value.code == "read.form"
    assert "sex, age" in caught.value.expected
    assert "x, y" in caught.value.got


def test_lay_forms__blank_of_the_tool__stays_for_the_typing_and_is_no_unknown_code() -> None:
    found = laid(
        {"sex": ["n/a", "f"], "tools/saw": ["n/a", "True"], "tools/axe": ["n/a", "False"]},
        form_of(SEX, TOOLS),
        blanks={"n/a": "no_answer"},
    )

    assert cells(found, "sex") == ["n/a", "f"]
    assert cells(found, "tools") == ["n/a", "saw"]
    assert notes(found) == ""


def test_lay_forms__cells_outside_the_list__stay_with_a_note() -> None:
    found = laid({"sex": ["f", "x", "x"]}, form_of(SEX))

    assert cells(found, "sex") == ["f", "x", "x"]
    assert 'no code of the list stay as they are: sex: "x" (2)' in notes(found)


def test_lay_forms__note_without_content__is_left_out_and_one_with_content_stays() -> None:
    note = Item(name="hello", type="note", text=Text("Hello"))

    empty = laid({"sex": ["f"], "hello": [None]}, form_of(SEX, note))
    filled = laid({"sex": ["f"], "hello": ["seen"]}, form_of(SEX, note))

    assert list(empty.main.frame) == ["sex"]
    assert cells(filled, "hello") == ["seen"]
    assert "notes that ask nothing were left out: hello" in notes(empty)


def test_lay_forms__geopoint_and_its_columns__are_variables_that_say_personal() -> None:
    found = laid(
        {"gps": ["1 2 3 4"], "_gps_latitude": ["1"], "_gps_precision": ["4"]},
        form_of(Item(name="gps", type="geopoint", text=Text({"en": "Where?"}))),
    )

    variable = found.main.variables["gps_latitude"]
    assert (variable.type, variable.source, variable.label.get_in("en")) == (
        "number",
        "_gps_latitude",
        "Where? (latitude)",
    )
    assert variable.note is not None
    assert "personal" in variable.note.get_in("en")


def test_lay_forms__coordinates_under_the_words_of_their_question__are_matched() -> None:
    found = laid(
        {"Where?": ["1 2 3 4"], "_Where?_latitude": ["1"]},
        form_of(Item(name="gps", type="geopoint", text=Text({"en": "Where?"}))),
    )

    assert list(found.main.variables) == ["gps", "gps_latitude"]


def test_trap_20__na_that_r_wrote_beside_true_and_false__is_empty_unless_it_is_a_code() -> None:
    columns = {
        "tools": ["saw", "NA", "NA"],
        "tools.saw": ["TRUE", "FALSE", "NA"],
        "tools.axe": ["FALSE", "FALSE", "NA"],
    }
    countries = Item(name="tools", type="several", choices=(Choice(code="saw"), Choice(code="NA")))

    assert cells(laid(columns, form_of(TOOLS)), "tools") == ["saw", "", None]
    assert cells(laid(columns, form_of(countries)), "tools") == ["saw", "NA", "NA"]


def test_lay_forms__calculate_without_a_known_kind__is_typed_by_content() -> None:
    total = Item(name="total", type="calculate", calculation=Formula.kept("sum(${x})", "xpath"))
    adult = Item(name="adult", type="calculate", calculation=Formula("age + 1"))

    found = laid({"total": ["12"], "adult": ["3"]}, form_of(AGE, total, adult))

    assert found.main.guess == {"total"}
    assert found.main.variables["adult"].type == "number"


def test_lay_forms__column_of_a_name_that_an_item_takes__is_called_otherwise() -> None:
    form = form_of(Block(name="a", items=(AGE,)), Block(name="b", items=(Item(name="x", type="text"),)))

    found = laid({"a/age": ["1"], "age": ["2"]}, form)

    assert cells(found, "age") == ["1"]
    assert cells(found, "age_2") == ["2"]
    assert found.main.variables["age_2"].source == "age"


def test_lay_forms__metadata_that_is_known_already__keeps_its_variable() -> None:
    start = Item(name="start", type="metadata", parameters={"source": "start"})
    known = Variable(name="start", type="datetime", label=Text({"en": "Start of the interview"}))

    found = laid(
        table({"start": ["2024-01-01T10:00:00"], "sex": ["f"]}, variables={"start": known}),
        form_of(start, SEX),
    )

    assert found.main.variables["start"] == known


def test_lay_forms__metadata_whose_type_is_a_guess__has_the_type_of_the_form_and_the_label_of_the_tool() -> (
    None
):
    start = Item(name="start", type="metadata", parameters={"source": "start"})
    known = Variable(name="start", label=Text({"en": "Start of the interview"}))
    given = table({"start": ["x"], "sex": ["f"]}, variables={"start": known}, guess=frozenset({"start"}))

    found = laid(given, form_of(start, SEX))

    assert found.main.variables["start"].type == "datetime"
    assert found.main.variables["start"].label.get_in("en") == "Start of the interview"
    assert found.main.guess == frozenset()


def test_lay_forms__links__follow_the_names_of_their_columns() -> None:
    ids = Item(name="person id", type="text")
    form = form_of(ids, Block(name="kids", kind="repeat", items=(AGE,)))
    main, kids = (
        table({"person id": ["1"]}),
        table({"up": ["1"], "age": ["7"]}, "kids", link=Link("main", "person id", "up")),
    )

    found = lay_forms(Found("csv", (main, kids)), Asked(Path("data.csv"), forms=(form,)))

    assert found.tables[1].link == Link("main", "person_id", "up")


def test_lay_forms__hidden_columns__are_no_answers() -> None:
    form = form_of(SEX, Item(name="_index", type="integer"))

    found = laid(table({"sex": ["f"], "_index": ["1"]}, hidden=frozenset({"_index"})), form)

    assert "_index" not in found.main.variables


def test_lay_forms__typed_table__codes_become_text_and_numbers_stay() -> None:
    frame = pd.DataFrame({"sex": [1.0, 2.0, None], "age": [31.0, None, 7.0], "tools": ["saw axe", None, ""]})
    form = form_of(Item(name="sex", type="one", choices=(Choice(code="1"), Choice(code="2"))), AGE, TOOLS)
    given = RawTable(
        "main",
        frame,
        typed=True,
        variables={"age": Variable(name="age", type="number", missing={"99": "refused"})},
    )

    found = laid(given, form)

    assert cells(found, "sex") == ["1", "2", None]
    assert found.main.frame["age"].tolist()[0] == 31.0
    assert dict(found.main.variables["age"].missing) == {"99": "refused"}
    assert found.main.typed


def test_lay_forms__duckdb__names_and_variables_without_bringing_rows() -> None:
    import duckdb

    relation = duckdb.connect().sql("select 'f' as \"g/sex\", 7 as age, 1 as \"tools/saw\", 'x' as other")
    form = form_of(Block(name="g", items=(SEX,)), AGE, TOOLS)

    found = laid(RawTable("main", relation), form)

    assert found.main.frame.columns == ["sex", "age", "tools/saw", "other"]
    assert found.main.variables["sex"].source == "g/sex"
    assert "Columns of options are not joined where rows stay on disk; they stay: tools/saw" in notes(found)


def test_lay_forms__step__names_the_form_and_counts() -> None:
    found = laid({"sex": ["Woman"], "x": ["1"]}, form_of(SEX, AGE))

    step = found.steps[-1]
    assert step.kind == "form"
    assert "1 of its 2 items have a column, 1 columns of labels became codes" in step.text
    assert step.used[0].name == "form.xlsx"
    assert found.languages == ("en", "es")


def test_lay_forms__form_inside_the_file__is_used_where_none_is_given() -> None:
    inside, given = form_of(SEX), form_of(AGE)

    assert forms_of(Found("json", (), forms=(inside,)), Asked(Path("x"))) == (inside,)
    assert forms_of(Found("json", (), forms=(inside,)), Asked(Path("x"), forms=(given,))) == (given,)
    assert laid({"sex": ["f"]}, forms=(inside,)).main.variables["sex"].type == "code"


def test_lay_forms__without_any_form__changes_nothing() -> None:
    found = Found("csv", (table({"a": ["1"]}),))

    assert lay_forms(found, Asked(Path("data.csv"))) is found


def test_lay_forms__frame_of_the_reader__is_not_changed() -> None:
    given = table({"sex": ["Woman"], "tools/saw": ["1"], "tools/axe": ["0"]})
    before = given.frame.copy()

    laid(given, form_of(SEX, TOOLS))

    pd.testing.assert_frame_equal(given.frame, before)


def test_sensitive_names__declared_typed_and_metadata__with_what_comes_along() -> None:
    form = form_of(
        Item(name="gps", type="geopoint"),
        Item(name="photo", type="image"),
        Item(name="full_name", type="text", sensitive=True),
        Item(
            name="illness",
            type="one",
            sensitive=True,
            choices=(Choice(code="a"), Choice(code="other")),
            other_specify=OtherSpecify(),
        ),
        Item(name="dev", type="metadata", parameters={"source": "deviceid"}),
        AGE,
    )

    assert sensitive_names([form]) == {
        **dict.fromkeys(["gps", "gps_latitude", "gps_longitude", "gps_altitude", "gps_precision"], "position"),
        **dict.fromkeys(["photo", "photo_file"], "media"),
        "full_name": "name", "illness": "identifier", "illness_other": "identifier", "dev": "device",
    }  # fmt: skip


# real exports with the forms that they were collected with


def given(dataset: Dataset, name: str, table: str | None = None) -> list[object]:
    """Return the values of a variable, None for what is missing."""
    return [None if pd.isna(value) else value for value in dataset.values(name, table)]


def reasons(dataset: Dataset, name: str, table: str | None = None) -> list[str | None]:
    return [None if pd.isna(reason) else reason for reason in dataset.missing(name, table)]


def holding(dataset: Dataset, name: str) -> str:
    """Return the linked table that has a variable."""
    return next(table for table, frame in dataset.tables.items() if name in frame and table != dataset.main)


@pytest.mark.real
def test_read__kobo_survey_with_its_form__has_types_and_keeps_leading_zeros(shared: Path) -> None:
    real = shared / "real"

    dataset = read(
        real / "exports" / "kobo_childrens_survey.csv",
        real / "xlsform" / "kpi_childrens_survey.xls",
        personal="keep",
    )

    assert given(dataset, "age") == [35, None]
    assert given(dataset, "tel_office") == ["020123456", None]
    assert dataset.codebook["tel_office"].source == "tel/tel.office"


@pytest.mark.real
def test_read__repeat_in_a_file_of_its_own__is_told_by_its_headers(shared: Path) -> None:
    real = shared / "real"

    dataset = read(
        real / "exports" / "kobo_children.csv", real / "xlsform" / "kpi_childrens_survey.xls", personal="keep"
    )

    assert given(dataset, "name") == ["Mike", "John", "Imora"]
    assert given(dataset, "fav_colors") == ["red blue", None, None]
    assert given(dataset, "ice_creams") == ["vanilla chocolate", None, None]
    assert dataset.codebook["name"].label.get_in("en") == "3.1 Childs name"


@pytest.mark.real
def test_read__spss_export_of_kobo_with_its_form__has_the_names_and_labels_of_the_form(shared: Path) -> None:
    real = shared / "real"

    dataset = read(
        real / "exports" / "kobo_children.sav", real / "xlsform" / "kpi_childrens_survey.xls", personal="keep"
    )

    assert given(dataset, "age") == [5, 2, 3]
    assert given(dataset, "fav_colors")[0] == "red blue"
    assert dataset.labels("fav_colors").tolist()[0] == "Red; Blue"


def test_read__sensitive_item_of_a_form_inside_the_file__is_set_aside(tmp_path: Path) -> None:
    import json

    survey = [{"type": "geopoint", "name": "where"}, {"type": "integer", "name": "age"}]
    path = tmp_path / "data.json"
    path.write_text(
        json.dumps(
            {"content": {"survey": survey}, "version": "1", "submissions": [{"where": "x", "age": "31"}]}
        ),
        encoding="utf-8",
    )

    dataset = read(path)

    assert [(one.variable, one.kind) for one in dataset.set_aside] == [("where", "position")]
    assert list(dataset.frame) == ["age"]


@pytest.mark.real
def test_read__nested_repeats_with_their_form__are_linked_and_labelled(shared: Path) -> None:
    real = shared / "real"

    dataset = read(
        real / "exports" / "nested_repeats.csv", real / "xlsform" / "kpi_nested_repeats.xls", personal="keep"
    )
    kids, shots = holding(dataset, "kids_name"), holding(dataset, "immunization_info")

    assert given(dataset, "kids_name", kids) == ["Hansel", "Gretel", "Tom", "Dick", "Harry"]
    assert given(dataset, "kids_age", kids) == [2, 1, 8, 5, 3]
    assert sorted(map(str, given(dataset, "immunization_info", shots))) == sorted(
        [
            "Polio",
            "Measles",
            "Malaria",
            "TB",
            "Rickets",
            "Berry Berry",
            "Scurvy",
            "Measles",
            "Flu",
            "Anemia",
            "Polio 2",
        ]
    )
    assert given(dataset, "web_browsers") == ["ie safari", "firefox chrome ie"]
    assert dataset.labels("has_kids").tolist() == ["yes", "yes"]


@pytest.mark.real
def test_read__flat_repeats_with_their_form__have_its_labels(shared: Path) -> None:
    real = shared / "real"

    dataset = read(
        real / "exports" / "tutorial_w_repeats.csv",
        real / "xlsform" / "kpi_tutorial_w_repeats.xls",
        personal="keep",
    )

    assert given(dataset, "childs_age", holding(dataset, "childs_age")) == [12, 5]
    assert given(dataset, "web_browsers") == [None]
    assert reasons(dataset, "web_browsers") == ["no_answer"]


@pytest.mark.real
def test_read__loop_over_chosen_options__tells_what_was_not_asked(shared: Path) -> None:
    real = shared / "real"

    dataset = read(
        real / "exports" / "transportation.csv", real / "xlsform" / "kpi_transportation.xls", personal="keep"
    )

    types = "available_transportation_types_to_referral_facility"
    assert given(dataset, types) == ["", "ambulance bicycle", "ambulance", "taxi other"]
    assert given(dataset, "ambulance_frequency_to_referral_facility") == [None, "daily", "weekly", None]
    assert reasons(dataset, "ambulance_frequency_to_referral_facility") == [
        "not_asked",
        None,
        None,
        "not_asked",
    ]
    assert reasons(dataset, f"{types}_other") == ["not_asked"] * 3 + [None]
    assert given(dataset, f"{types}_other")[3] == "camel"


@pytest.mark.real
def test_read__workbook_with_a_sheet_for_each_repeat__is_matched_sheet_by_sheet(shared: Path) -> None:
    real = shared / "real" / "xlsform"

    dataset = read(
        real / "kobocruncher_data.xlsx", real / "kobocruncher_sample_xlsform.xlsx", personal="keep"
    )
    members = holding(dataset, "sex")

    assert dataset.labels("country").tolist() == [
        "Venezuela",
        "Honduras",
        "El Salvador",
        "El Salvador",
        "Colombia",
    ]
    assert given(dataset, "reason")[2] == "education reunification"
    assert given(dataset, "age", members)[:3] == [56, 2, 3]
    assert dataset.labels("sex", table=members).value_counts().to_dict() == {"Male": 7, "Female": 5}


@pytest.mark.real
def test_read__form_and_submissions_in_one_json__need_no_other_form(shared: Path) -> None:
    exports = shared / "real" / "exports"

    emperors = read(exports / "formpack_or_other_v1.json", personal="keep")
    cells = read(exports / "formpack_grouped_translated_v1.json", personal="keep")

    assert given(emperors, "fav_emperors") == ["caligula other", "julius tiberius", "julius augustus"]
    assert reasons(emperors, "fav_emperors_other") == [None, "not_asked", "not_asked"]
    assert emperors.codebook["fav_emperor"].label.get_in("eo").startswith("Kiu")
    assert (
        cells.labels("What_kind_of_symmetry_do_you_have", "es").tolist()[0] == "Esférico; Radial; Bilateral"
    )


@pytest.mark.real
def test_read__submissions_of_three_versions__hold_the_values_of_all(shared: Path) -> None:
    exports = shared / "real" / "exports"
    forms = [
        exports / f"formpack_selectone_to_multiple_{version}.json"
        for version in ("v2_selectone", "v3_selectmultiple")
    ]

    dataset = read(exports / "formpack_selectone_to_multiple_submissions.json", forms, personal="keep")

    assert dataset.codebook["q1"].type == "multiple"
    assert given(dataset, "q1") == [
        "Response_1", "Response_2", "opt1", "opt2", "opt1", "opt1", "opt1 opt2", "opt1 opt3", "opt2 opt3",
    ]  # fmt: skip
    assert any("none of those given" in note for note in dataset.notes)
