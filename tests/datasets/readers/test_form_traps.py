"""Traps of forms in the field, each on a tiny workbook or table of its own, told by the number that they go by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from volresearch.datasets.readers.form_files import opened_forms
from volresearch.datasets.readers.forms import lay_forms
from volresearch.datasets.readers.found import Asked, Found, RawTable
from volresearch.instruments import Instrument
from volresearch.instruments.forms import export_form, read_form

Rows = Sequence[Sequence[str | float]]


def workbook(path: Path, **sheets: Rows) -> Path:
    """Write a workbook with these sheets."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write(at, column, cell)
    return path


def found_in(columns: Mapping[str, Sequence[str | None]], **more: object) -> Found:
    """Return a table of texts as a reader of files hands it on."""
    frame = pd.DataFrame({name: pd.array(list(cells), dtype="str") for name, cells in columns.items()})
    return Found("csv", (RawTable("main", frame),), **more)  # type: ignore[arg-type]


def laid(
    form: Path | Instrument, columns: Mapping[str, Sequence[str | None]], labels: str = "auto", **more: object
) -> Found:
    """Lay a form over a table."""
    opened = opened_forms(form)
    asked = Asked(
        Path("data.csv"),
        forms=opened.forms,
        form_sources=opened.sources,
        form_notes=opened.notes,
        labels=labels,
    )
    return lay_forms(found_in(columns, **more), asked)


def cells(found: Found, name: str) -> list[str | None]:
    """Return a column of the main table, None for what is missing."""
    return [None if pd.isna(cell) else cell for cell in found.main.frame[name]]


def notes(found: Found) -> str:
    return "\n".join(str(note) for note in found.notes)


SURVEY = ("type", "name", "label")
CHOICES = ("list_name", "name", "label")


def test_trap_01__xlsform_named_csv__is_told_by_its_bytes(tmp_path: Path) -> None:
    path = workbook(tmp_path / "form.xlsx", survey=[SURVEY, ("integer", "age", "Age")])
    renamed = path.rename(tmp_path / "form.csv")

    assert [item.name for item in opened_forms(renamed).forms[0].all_items] == ["age"]


def test_trap_03__numeric_choice_names__are_whole_in_form_and_data(tmp_path: Path) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        survey=[SURVEY, ("select_one yn", "helps", "Helps?"), ("select_multiple yn", "both", "Both?")],
        choices=[CHOICES, ("yn", 1.0, "Yes"), ("yn", 0.0, "No")],
    )

    found = laid(form, {"helps": ["1.0", "0.0", "1", None], "both": ["1", "1 0", None, "0"]})

    assert list(found.main.variables["helps"].labels) == ["1", "0"]
    assert cells(found, "helps") == ["1", "0", "1", None]
    assert cells(found, "both") == ["1", "1 0", None, "0"]


def test_trap_04__spellings_of_list_and_languages__are_one_form(tmp_path: Path) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        survey=[
            ("type", "name", "label", "Label::Español (es)", "label::English (en)"),
            ("select_one s", "sex", "Sexo?", "¿Sexo?", "Sex?"),
        ],
        choices=[("list name", "name", "label:fr", "label::English (en)"), ("s", "f", "Femme", "Woman")],
    )

    variable = laid(form, {"sex": ["f"]}).main.variables["sex"]

    assert (variable.label.get_in("es"), variable.label.get_in("en"), variable.label["und"]) == (
        "¿Sexo?",
        "Sex?",
        "Sexo?",
    )
    assert (variable.labels["f"].get_in("fr"), variable.labels["f"].get_in("en")) == ("Femme", "Woman")


def test_trap_05__case_blank_rows_and_trailing_spaces__are_read(tmp_path: Path) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        SURVEY=[("Type ", " NAME", "Label"), ("", "", ""), ("integer", "age ", "Age")],
        Choices=[("List_Name", "Name", "LABEL")],
    )

    found = laid(form, {"age": ["31"]})

    assert found.main.variables["age"].type == "integer"


def test_trap_05__two_columns_that_differ__are_reported(tmp_path: Path) -> None:
    from volresearch.errors import VolResearchError

    form = workbook(tmp_path / "form.xlsx", survey=[(*SURVEY, "label"), ("text", "q", "One", "Two")])

    with pytest.raises(VolResearchError, match='mean "label" and differ') as caught:
        opened_forms(form)

    assert caught.value.where.sheet == "survey"
    assert caught.value.hint


def test_trap_06__code_twice_in_a_cascade__has_the_first_label_and_a_note(tmp_path: Path) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        survey=[(*SURVEY, "choice_filter"), ("select_one ward", "ward", "Ward", "district=${d}")],
        choices=[
            (*CHOICES, "district"),
            ("ward", "1", "Market", "a"),
            ("ward", "1", "Harbour", "b"),
            ("ward", "2", "Hill", "a"),
        ],
    )

    found = laid(form, {"ward": ["1", "2"]})
    decoded = laid(form, {"ward": ["Harbour", "Hill"]})

    assert found.main.variables["ward"].labels["1"].get_in("en") == "Market"
    assert (
        "stand twice in a list under different labels (a cascade); the first label stands: ward (1)"
        in notes(found)
    )
    assert cells(decoded, "ward") == ["1", "2"]


def test_trap_07__choice_names_with_spaces__longest_match_first(tmp_path: Path) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        survey=[SURVEY, ("select_multiple s", "skills", "Skills")],
        choices=[CHOICES, ("s", "first", "First"), ("s", "first aid", "First aid"), ("s", "aid", "Aid")],
    )

    found = laid(form, {"skills": ["first aid", "aid first", "first first aid", None]})

    assert cells(found, "skills") == ["first_aid", "aid first", "first first_aid", None]
    assert "first_aid" in found.main.variables["skills"].labels
    assert 'written with "_"' in notes(found)


def test_trap_08__old_and_unknown_types__are_read_or_kept_with_a_note(tmp_path: Path) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        survey=[
            SURVEY,
            ("add integer prompt", "age", "Age"),
            ("add select one prompt using yn", "helps", "Helps?"),
            ("hologram", "odd", "Odd"),
        ],
        choices=[CHOICES, ("yn", "y", "Yes")],
    )

    found = laid(form, {"age": ["3"], "helps": ["y"], "odd": ["x"]})

    assert {name: found.main.variables[name].type for name in ("age", "helps", "odd")} == {
        "age": "integer", "helps": "code", "odd": "text",
    }  # fmt: skip
    assert 'The type "hologram" is unknown here and kept' in notes(found)


def test_trap_09__or_other__gives_the_words_a_variable(tmp_path: Path) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        survey=[
            SURVEY,
            ("begin group", "g", "G"),
            ("select_one s or_other", "sex", "Sex?"),
            ("end group", "", ""),
        ],
        choices=[CHOICES, ("s", "f", "Woman")],
    )

    found = laid(form, {"g/sex": ["f", "other"], "g/sex_other": [None, "both"]})

    assert list(found.main.variables["sex"].labels) == ["f", "other"]
    assert found.main.variables["sex_other"].blank == "not_asked"
    assert cells(found, "sex_other") == [None, "both"]


def test_trap_10__begin_loop__gives_a_variable_for_each_option(tmp_path: Path) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        survey=[
            (*SURVEY, "relevant"),
            ("select_multiple t", "types", "Which?", ""),
            ("begin loop over t", "each", "", ""),
            ("integer", "number", "How many %(label)s?", "selected(${types}, '%(name)s')"),
            ("end loop", "", "", ""),
        ],
        choices=[CHOICES, ("t", "pit", "Pits"), ("t", "bucket", "Buckets")],
    )

    found = laid(form, {"types": ["pit"], "each/pit/number": ["2"], "each/bucket/number": [None]})

    assert cells(found, "pit_number") == ["2"]
    assert found.main.variables["pit_number"].label.get_in("en") == "How many Pits?"
    assert found.main.variables["bucket_number"].source == "each/bucket/number"


def test_trap_11__choices_in_a_file_outside__are_noted_and_cells_stay(tmp_path: Path) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        survey=[
            SURVEY,
            ("select_one_from_file villages.csv", "village", "Village"),
            ("select_multiple_from_file x.csv", "near", "Near"),
        ],
    )

    found = laid(form, {"village": ["v12"], "near/a": ["1"], "near/b": ["0"]})

    assert cells(found, "village") == ["v12"]
    assert cells(found, "near") == ["a"]
    assert "choices stand in a file outside of the form" in notes(found)


def test_trap_12__missing_translation__falls_back_to_the_code(tmp_path: Path) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        survey=[("type", "name", "label::en", "label::es"), ("select_one s", "sex", "Sex?", "")],
        choices=[
            ("list_name", "name", "label::en", "label::es"),
            ("s", "f", "Woman", ""),
            ("s", "x", "", ""),
        ],
    )

    variable = laid(form, {"sex": ["f"]}).main.variables["sex"]

    assert variable.labels["f"].get_in("es") == "Woman"
    assert variable.labels["x"].get_in("es") == "x"


@pytest.mark.parametrize(
    ("question", "answer"),
    [("ما جنسك؟", "أنثى"), ("מה המין?", "נקבה"), ("మీ లింగం?", "స్త్రీ"), ("អ្នកជាភេទអ្វី?", "ស្រី")],
)
def test_trap_13__right_to_left_and_combining_scripts__match_as_labels(
    tmp_path: Path, question: str, answer: str
) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        survey=[SURVEY, ("select_one s", "sex", question)],
        choices=[CHOICES, ("s", "f", answer), ("s", "m", "?")],
    )

    found = laid(form, {question: [answer, None]})

    assert cells(found, "sex") == ["f", None]
    assert found.main.variables["sex"].source == question


def test_trap_14__extra_analysis_columns__survive_a_round_trip(tmp_path: Path) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        survey=[(*SURVEY, "disaggregation", "chapter"), ("integer", "age", "Age", "yes", "1. People")],
        choices=[(*CHOICES, "order"), ("s", "f", "Woman", "2")],
    )

    export_form(read_form(form), "xlsform", tmp_path / "again.xlsx", allow_draft=True)
    again = read_form(tmp_path / "again.xlsx")

    assert dict(again.item("age").extras) == {"disaggregation": "yes", "chapter": "1. People"}
    assert dict(again.scales[0].choices[0].extras) == {"order": "2"}
    assert laid(tmp_path / "again.xlsx", {"age": ["3"]}).main.variables["age"].type == "integer"


LANGUAGES = [("type", "name", "label::English (en)", "label::Español (es)")]


def test_trap_15__headers_and_cells_are_labels_of_one_language__become_names_and_codes(
    tmp_path: Path,
) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        survey=[
            *LANGUAGES,
            ("begin group", "g", "About you", "Sobre usted"),
            ("select_one yn", "helps", "Do you help?", "¿Ayuda?"),
            ("select_multiple t", "tools", "Which tools?", "¿Qué herramientas?"),
            ("end group", "", "", ""),
        ],
        choices=[
            ("list_name", "name", *LANGUAGES[0][2:]), ("yn", "1", "Yes", "Sí"), ("yn", "0", "No", "No"),
            ("t", "saw", "Saw", "Sierra"), ("t", "axe", "Axe", "Hacha"),
        ],
    )  # fmt: skip

    found = laid(
        form,
        {
            "Sobre usted/¿Ayuda?": ["Sí", "No", None],
            "Sobre usted/¿Qué herramientas?": ["Sierra Hacha", "Hacha", None],
            "Sobre usted/¿Qué herramientas?/Sierra": ["1", "0", None],
            "Sobre usted/¿Qué herramientas?/Hacha": ["1", "1", None],
        },
    )

    assert list(found.main.frame) == ["helps", "tools"]
    assert cells(found, "helps") == ["1", "0", None]
    assert cells(found, "tools") == ["saw axe", "axe", None]
    assert "Cells held labels and were read as codes: helps, tools" in notes(found)


def test_trap_15__label_that_two_codes_share__is_kept_with_a_note(tmp_path: Path) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        survey=[SURVEY, ("select_one s", "place", "Place")],
        choices=[CHOICES, ("s", "a1", "North"), ("s", "b1", "North"), ("s", "c", "South")],
    )

    found = laid(form, {"place": ["South", "North", "South"]})

    assert cells(found, "place") == ["c", "North", "c"]
    assert 'Labels that two codes share stay as they are: place: "North" (1)' in notes(found)


def test_trap_15__labels_asked_for__win_over_codes_of_the_same_words(tmp_path: Path) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        survey=[SURVEY, ("select_one s", "n", "Number")],
        choices=[CHOICES, ("s", "1", "2"), ("s", "2", "1")],
    )

    assert cells(laid(form, {"n": ["1", "2"]}, labels="labels"), "n") == ["2", "1"]
    assert cells(laid(form, {"n": ["1", "2"]}, labels="codes"), "n") == ["1", "2"]
    assert cells(laid(form, {"n": ["1", "2"]}), "n") == ["1", "2"]


GROUPED = [SURVEY, ("begin group", "hh", "Household"), ("begin group", "head", "Head"), ("integer", "age", "Age"),
           ("end group", "", ""), ("end group", "", ""), ("text", "village", "Village")]  # fmt: skip


@pytest.mark.parametrize(
    "header",
    ["hh/head/age", "head/age", "age", "data/hh/head/age", "hh.head.age", "head___age", "hh-head-age"],
)
def test_trap_16__group_prefix_whole_part_or_none__is_matched(tmp_path: Path, header: str) -> None:
    form = workbook(tmp_path / "form.xlsx", survey=GROUPED)

    found = laid(form, {header: ["7"], "village": ["x"]})

    assert list(found.main.frame) == ["age", "village"]
    assert found.main.variables["age"].source == ("" if header == "age" else header)


def test_trap_16__tail_of_two_items__is_left_alone_with_a_note(tmp_path: Path) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        survey=[SURVEY, ("begin group", "host", ""), ("text", "name", "N"), ("end group", "", ""), ("begin group", "guest", ""),
                ("text", "name", "N"), ("end group", "", ""), ("integer", "n", "")],
    )  # fmt: skip

    found = laid(form, {"name": ["Ana"], "n": ["1"]})
    whole = laid(form, {"host/name": ["Ana"], "guest/name": ["Bo"]})

    assert "name" not in found.main.variables
    assert cells(found, "name") == ["Ana"]
    assert (
        "could be several items of the form; they stay as they are: name (host/name or guest/name)"
        in notes(found)
    )
    assert cells(whole, "host_name") == ["Ana"]
    assert cells(whole, "guest_name") == ["Bo"]


def test_trap_16__child_and_repeat_with_the_same_name__are_told_apart_by_table(tmp_path: Path) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        survey=[SURVEY, ("text", "name", "Your name"), ("begin repeat", "children", "Children"), ("text", "name", "Name of the child"),
                ("end repeat", "", "")],
    )  # fmt: skip
    opened = opened_forms(form)
    main = pd.DataFrame({"name": pd.array(["Ana"], dtype="str")})
    children = pd.DataFrame({"name": pd.array(["Bo"], dtype="str")})
    found = Found("csv", (RawTable("main", main), RawTable("children", children)))

    out = lay_forms(found, Asked(Path("data.csv"), forms=opened.forms))

    assert out.tables[0].variables["name"].label.get_in("en") == "Your name"
    assert out.tables[1].variables["name"].label.get_in("en") == "Name of the child"


@pytest.mark.parametrize("mark", ["/{}", ".{}", "___{}", "[{}]"])
def test_trap_17__separators_of_options__are_matched(tmp_path: Path, mark: str) -> None:
    form = workbook(
        tmp_path / "form.xlsx",
        survey=[SURVEY, ("select_multiple t", "tools", "Tools")],
        choices=[CHOICES, ("t", "saw", "Saw"), ("t", "axe", "Axe")],
    )

    found = laid(
        form, {f"tools{mark.format('saw')}": ["1", "0", None], f"tools{mark.format('axe')}": ["0", "0", None]}
    )

    assert cells(found, "tools") == ["saw", "", None]


def test_trap_22__text_then_one_then_several__holds_all_values(tmp_path: Path) -> None:
    versions = []
    for number, kind in enumerate(("text", "select_one o", "select_multiple o"), start=1):
        versions.append(
            workbook(
                tmp_path / f"v{number}.xlsx",
                survey=[SURVEY, (kind, "q1", f"Question in version {number}")],
                choices=[CHOICES, ("o", "a", "A"), ("o", "b", f"B of {number}")],
                settings=[("form_id", "version"), ("f", f"v{number}")],
            )
        )
    opened = opened_forms(versions)
    columns = {"__version__": ["v1", "v2", "v3", "v3"], "q1": ["my own words", "a", "a b", None]}

    found = lay_forms(found_in(columns), Asked(Path("data.csv"), forms=opened.forms))

    variable = found.main.variables["q1"]
    assert variable.type == "multiple"
    assert variable.label.get_in("en") == "Question in version 3"
    assert variable.labels["b"].get_in("en") == "B of 3"
    assert cells(found, "q1") == ["my_own_words", "a", "a b", None]
    assert "q1 (text -> code -> multiple)" in notes(found)
    assert "Labels of codes differ between versions of the form; the newest stand: q1 (b)" in notes(found)


def test_trap_33__commas_pipes_markup_and_curly_quotes_of_redcap__stay_in_the_label(tmp_path: Path) -> None:
    dictionary = tmp_path / "dictionary.csv"
    dictionary.write_text(
        'Variable / Field Name,Form Name,Field Type,Field Label,"Choices, Calculations, OR Slider Labels"\n'
        "id,f,text,Id,\n"
        'often,f,radio,"<b>How</b> often, \u201cusually\u201d?","1, Daily, or more | 2, Weekly|monthly | 3, Don\u2019t <i>know</i>"\n',
        encoding="utf-8",
    )

    variable = laid(dictionary, {"id": ["1"], "often": ["2"]}).main.variables["often"]

    assert str(variable.label) == "How often, \u201cusually\u201d?"
    assert {code: str(label) for code, label in variable.labels.items()} == {
        "1": "Daily, or more", "2": "Weekly|monthly", "3": "Don\u2019t know",
    }  # fmt: skip
