"""Exports of REDCap with and without their dictionary."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest

from volresearch.datasets import Dataset
from volresearch.datasets.readers import read
from volresearch.datasets.readers.form_files import opened_forms
from volresearch.datasets.readers.forms import lay_forms, sensitive_names
from volresearch.datasets.readers.found import Asked, Found, RawTable
from volresearch.datasets.readers.redcap import from_logic, status_variables
from volresearch.datasets.readers.routing import routed
from volresearch.datasets.typed import reasons_of

HEAD = ["Variable / Field Name", "Form Name", "Field Type", "Field Label", "Choices, Calculations, OR Slider Labels",
        "Text Validation Type OR Show Slider Number", "Identifier?", "Branching Logic (Show field only if...)"]  # fmt: skip


def dictionary(path: Path, *rows: Sequence[str]) -> Path:
    """Write a dictionary: each row gives its first cells."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    writer.writerows([*row, *[""] * (len(HEAD) - len(row))] for row in rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def table(columns: Mapping[str, Sequence[str | None]]) -> RawTable:
    frame = pd.DataFrame({name: pd.array(list(cells), dtype="str") for name, cells in columns.items()})
    return RawTable("data", frame)


def laid(form: Path | None, columns: Mapping[str, Sequence[str | None]]) -> tuple[Found, Asked]:
    opened = opened_forms(form)
    asked = Asked(Path("data.csv"), forms=opened.forms, form_sources=opened.sources)
    return lay_forms(Found("csv", (table(columns),), tool="redcap"), asked), asked


def cells(found: Found, name: str) -> list[str | None]:
    return [None if pd.isna(cell) else cell for cell in found.main.frame[name]]


def reasons(found: Found, name: str) -> list[str | None]:
    return [None if pd.isna(one) else one for one in reasons_of(found.main.frame, found.main.variables[name])]


def test_lay_forms__checkbox__all_zero_is_nothing_chosen_and_all_empty_is_missing(tmp_path: Path) -> None:
    form = dictionary(
        tmp_path / "d.csv",
        ("id", "f", "text", "Id"),
        ("check", "f", "checkbox", "Check", "1, One | -9, Unknown | c, C"),
    )

    found, _ = laid(
        form,
        {
            "id": ["1", "2", "3"],
            "check___1": ["1", "0", None],
            "check____9": ["1", "0", None],
            "check___c": ["0", "0", None],
        },
    )

    assert cells(found, "check") == ["1 -9", "", None]
    assert list(found.main.variables["check"].labels) == ["1", "-9", "c"]


def test_lay_forms__boxes_joined_before_the_form_is_known__have_the_codes_of_the_form(tmp_path: Path) -> None:
    form = dictionary(
        tmp_path / "d.csv",
        ("id", "f", "text", "Id"),
        ("check", "f", "checkbox", "Check", "A-1, One | 2, Two"),
    )

    found, _ = laid(form, {"id": ["1", "2"], "check": ["a_1 2", "2"]})

    assert cells(found, "check") == ["A-1 2", "2"]


def test_lay_forms__boxes_of_a_form_that_holds_nothing_else__are_told(tmp_path: Path) -> None:
    form = dictionary(
        tmp_path / "d.csv",
        ("id", "f", "text", "Id"),
        ("check", "g", "checkbox", "Check", "1, One | 2, Two"),
        ("why", "g", "text", "Why"),
    )

    found, _ = laid(
        form,
        {
            "id": ["1", "2", "3"],
            "check___1": ["0", "0", "0"],
            "check___2": ["0"] * 3,
            "why": [None, "so", None],
            "g_complete": ["0", "0", "2"],
        },
    )

    assert cells(found, "check") == ["", "", ""]
    assert "these rows hold nothing else of the form and count as nothing chosen: g (1 rows: check)" in str(
        found.notes[-1]
    )


def test_lay_forms__checkbox_column_of_a_missing_data_code__is_kept_as_a_code(tmp_path: Path) -> None:
    form = dictionary(
        tmp_path / "d.csv", ("id", "f", "text", "Id"), ("check", "f", "checkbox", "Check", "1, One | 2, Two")
    )

    found, _ = laid(
        form, {"id": ["1", "2"], "check___1": ["0", "1"], "check___2": ["0", "0"], "check___unk": ["1", "0"]}
    )

    assert cells(found, "check") == ["unk", "1"]


def test_lay_forms__decimal_comma_by_validation__is_read_beside_points(tmp_path: Path) -> None:
    form = dictionary(
        tmp_path / "d.csv",
        ("id", "f", "text", "Id"),
        ("dot", "f", "text", "Dot", "", "number"),
        ("comma", "f", "text", "Comma", "", "number_comma_decimal"),
    )

    found, _ = laid(form, {"id": ["1", "2"], "dot": ["1.5", "2"], "comma": ["1,5", None]})

    assert cells(found, "comma") == ["1.5", None]
    assert {found.main.variables[name].type for name in ("dot", "comma")} == {"number"}
    assert any("decimal comma" in str(note) and "comma" in str(note) for note in found.notes)


def test_lay_forms__text_without_validation__is_typed_by_content_but_ids_and_names_are_not(
    tmp_path: Path,
) -> None:
    form = dictionary(
        tmp_path / "d.csv",
        ("id", "f", "text", "Id"),
        ("age", "f", "text", "Age"),
        ("story", "f", "notes", "Story"),
        ("surname", "f", "text", "Surname", "", "", "y"),
        ("bmi", "f", "calc", "BMI", "round([w]/2,1)"),
    )

    found, _ = laid(form, {"id": ["1"], "age": ["31"], "story": ["1"], "surname": ["1"], "bmi": ["20.1"]})

    assert found.main.guess == {"age", "bmi"}


def test_lay_forms__status_and_timestamp__have_labels_and_a_reason(tmp_path: Path) -> None:
    form = dictionary(tmp_path / "d.csv", ("id", "intake", "text", "Id"))

    found, _ = laid(
        form,
        {
            "id": ["1"],
            "intake_complete": ["2"],
            "intake_timestamp": ["[not completed]"],
            "tea_complete": ["yes"],
        },
    )

    status = found.main.variables["intake_complete"]
    assert {code: label.get_in("en") for code, label in status.labels.items()} == {
        "0": "Incomplete",
        "1": "Unverified",
        "2": "Complete",
    }
    assert set(status.label) == {"en", "es", "fr", "zh"}
    assert dict(found.main.variables["intake_timestamp"].missing) == {"[not completed]": "no_answer"}
    assert found.main.variables["intake_timestamp"].type == "datetime"
    assert "tea_complete" not in found.main.variables


def test_status_variables__without_dictionary__only_where_the_column_holds_a_status() -> None:
    given = table({"survey_complete": ["0", "2", None], "task_complete": ["yes", "no", None]})

    assert list(status_variables(given)) == ["survey_complete"]


def test_sensitive_names__identifiers_of_the_dictionary__with_their_kind(tmp_path: Path) -> None:
    form = dictionary(
        tmp_path / "d.csv",
        ("id", "f", "text", "Id"),
        ("first_name", "f", "text", "First name", "", "", "y"),
        ("telephone_1", "f", "text", "Call", "", "phone", "y"),
        ("contact", "f", "text", "Write", "", "email", "y"),
        ("dob", "f", "text", "Born", "", "date_ymd", "y"),
        ("scan", "f", "file", "Scan"),
        ("age", "f", "text", "Age"),
    )

    assert sensitive_names(opened_forms(form).forms) == {
        "first_name": "name", "telephone_1": "phone", "contact": "email", "dob": "identifier", "scan": "media", "scan_file": "media",
    }  # fmt: skip


KINDS = {"sex": "code", "age": "integer", "bmi": "number", "gym": "multiple", "name": "text"}


@pytest.mark.parametrize(
    ("logic", "said"),
    [
        ("[sex] = '1'", "sex == '1'"),
        ('[sex] = "1"', "sex == '1'"),
        ("[sex] <> 1", "sex != '1'"),
        ("[age] >= 18 and [bmi] < 2.5", "age >= 18 and bmi < 2.5"),
        ("[age] = '18'", "age == 18"),
        ("[gym(2)] = '1'", "selected(gym, '2')"),
        ("[gym(2)] = 0", "not selected(gym, '2')"),
        ("[gym(2)] <> '1'", "not selected(gym, '2')"),
        ("[sex]=''", "is_missing(sex)"),
        ('[name] != ""', "not is_missing(name)"),
        ("([sex] = '1' OR [sex] = '2') AND [age] > 3", "(sex == '1' or sex == '2') and age > 3"),
        ("[sex] = \u20181\u2019", "sex == '1'"),
        ("not ([sex] = '1')", "not sex == '1'"),
    ],
)
def test_from_logic__simple_branching__is_an_expression(logic: str, said: str) -> None:
    assert str(from_logic(logic, KINDS)) == said


@pytest.mark.parametrize(
    "logic",
    ["[event_1_arm_1][sex] = '1'", "datediff([dob], 'today', 'y') > 18", "[sex] = [name]", "[age] + 1 > 3", "[nobody] = '1'", "[sex] =",
     "[gym] = '1'", "[gym(2)] > '1'", "[age] = 'x'", "[sex] > ''", "[current-instance] > 1", "(" * 200 + "[sex] = '1'" + ")" * 200, ""],
)  # fmt: skip
def test_from_logic__anything_more__is_left(logic: str) -> None:
    assert from_logic(logic, KINDS) is None


def test_routed__branching_logic__tells_not_asked_from_no_answer(tmp_path: Path) -> None:
    form = dictionary(
        tmp_path / "d.csv",
        ("id", "f", "text", "Id"),
        ("sex", "f", "radio", "Sex", "0, Female | 1, Male"),
        ("born", "f", "yesno", "Given birth?", "", "", "", '[sex] = "0"'),
        ("odd", "f", "text", "Odd", "", "", "", "datediff([id],'today','y') > 1"),
    )

    found, asked = laid(
        form,
        {"id": ["1", "2", "3"], "sex": ["0", "1", "0"], "born": ["1", None, None], "odd": [None, None, None]},
    )
    out = routed(found, asked)

    assert reasons(out, "born") == [None, "not_asked", "no_answer"]
    assert reasons(out, "odd") == ["not_asked"] * 3
    assert any("word for word" in str(note) and "odd" in str(note) for note in out.notes)


def test_routed__rows_of_an_event_without_the_form__were_not_asked(tmp_path: Path) -> None:
    form = dictionary(
        tmp_path / "d.csv",
        ("id", "intake", "text", "Id"),
        ("age", "intake", "text", "Age", "", "integer"),
        ("mood", "visit", "radio", "Mood", "1, Good"),
    )

    found, asked = laid(
        form,
        {
            "id": ["1", "1"], "redcap_event_name": ["a_arm_1", "b_arm_1"], "age": [None, None], "intake_complete": ["0", None],
            "mood": [None, None], "visit_complete": [None, "2"],
        },
    )  # fmt: skip
    out = routed(found, asked)

    assert reasons(out, "age") == ["no_answer", "not_asked"]
    assert reasons(out, "mood") == ["not_asked", "no_answer"]
    assert reasons(out, "id") == [None, None]


# real exports with their dictionaries


def real(shared: Path, name: str) -> Dataset:
    folder = shared / "real" / "redcap"
    return read(folder / f"{name}_data.csv", folder / f"{name}_dictionary.csv", personal="keep")


def given(dataset: Dataset, name: str, table: str | None = None) -> list[object]:
    return [None if pd.isna(value) else value for value in dataset.values(name, table)]


@pytest.mark.real
def test_read__checkboxes__are_one_column_each(shared: Path) -> None:
    dataset = real(shared, "checkboxes-1")

    assert given(dataset, "check_one") == ["1", "", "1 2 3 4", ""]
    assert given(dataset, "check_two") == ["a c", "b d", "", ""]
    assert dataset.labels("check_two").tolist()[0] == "A; C"
    assert given(dataset, "form_2_complete") == ["2", "0", "2", "0"]
    assert dataset.labels("form_2_complete", "es").notna().all()


@pytest.mark.real
def test_trap_23__decimal_comma_and_point_in_one_file__are_the_same_numbers(shared: Path) -> None:
    dataset = real(shared, "decimal-comma-and-dot")

    assert given(dataset, "height_comma") == given(dataset, "height_dot") == [1.54, 1.84, 1.95, 1.61]
    assert given(dataset, "weight_comma") == [52.3, 92.3, 123.4, 45.9]
    assert given(dataset, "bmi") == [22.1, 27.3, 32.5, 17.7]


@pytest.mark.real
def test_read__events__ask_only_the_forms_that_belong_to_them(shared: Path) -> None:
    dataset = real(shared, "longitudinal")
    enrolled = dataset.frame["redcap_event_name"].str.startswith("enrollment")

    assert len(dataset) == 18
    assert dataset.missing("first_name")[~enrolled].dropna().unique().tolist() == ["not_asked"]
    # all but the men were asked whether they gave birth
    women = (dataset.frame["sex"] == "0") & enrolled
    assert dataset.missing("given_birth")[enrolled & ~women].unique().tolist() == ["not_asked"]
    assert not (dataset.missing("given_birth")[women] == "not_asked").any()
    assert dataset.codebook["race"].labels["4"].get_in("en") == "White"


@pytest.mark.real
def test_read__repeated_form__is_labelled_in_its_own_table(shared: Path) -> None:
    dataset = real(shared, "repeating-instruments")

    table = next(
        name for name, frame in dataset.tables.items() if "bp_systolic" in frame and name != dataset.main
    )
    assert given(dataset, "bp_systolic", table) == [110, 111, 112, 114]
    assert given(dataset, "sex") == ["0", "1"]


@pytest.mark.real
def test_read__survey_not_completed__is_missing_and_no_moment(shared: Path) -> None:
    dataset = real(shared, "survey")

    assert dataset.codebook["participant_morale_questionnaire_timestamp"].type == "datetime"
    assert given(dataset, "participant_morale_questionnaire_timestamp") == [None, None]
    assert given(dataset, "has_diabetes") == ["1", "0"]
    assert dataset.labels("has_diabetes").tolist() == ["True", "False"]
    assert given(dataset, "consent") == ["1", ""]


@pytest.mark.real
def test_read__without_dictionary__status_has_labels(shared: Path) -> None:
    dataset = read(shared / "real" / "redcap" / "russian_data.csv", personal="keep")

    assert dataset.codebook["screening_complete"].labels["2"].get_in("en") == "Complete"


def test_lay_forms__options_1_and_minus_1_of_a_checkbox__each_has_its_column(tmp_path: Path) -> None:
    form = dictionary(
        tmp_path / "d.csv",
        ("id", "f", "text", "Id"),
        ("check", "f", "checkbox", "Check", "1, One | -1, None"),
    )
    found, _ = laid(form, {"id": ["1", "2"], "check___1": ["1", "0"], "check____1": ["0", "1"]})
    assert cells(found, "check") == ["1", "-1"]
    assert "check____1" not in found.main.frame


def test_trap_15__checkbox_with_labels_as_headings__its_options_are_found(tmp_path: Path) -> None:
    form = dictionary(
        tmp_path / "d.csv",
        ("id", "f", "text", "Id"),
        ("check", "f", "checkbox", "What, do you do?", "1, Teach, or help | -1, None"),
    )
    found, _ = laid(
        form,
        {
            "Id": ["1", "2"],
            "What, do you do? (choice=Teach, or help)": ["Checked", "Unchecked"],
            "What, do you do? (choice=None)": ["Unchecked", "Unchecked"],
        },
    )
    assert cells(found, "check") == ["1", ""]
