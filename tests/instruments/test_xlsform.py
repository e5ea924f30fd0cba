"""XLSForm in and out: each rule on a tiny form of its own."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from volresearch.errors import VolResearchError
from volresearch.instruments import Block, Choice, Formula, Instrument, Item, Scale, Translation
from volresearch.instruments.items import OtherSpecify
from volresearch.instruments.xlsform import read, read_with_notes, write, written
from volresearch.instruments.xlsform.words import question_type, read_header
from volresearch.text import Text

YES_NO = [["list_name", "name", "label"], ["yn", "1", "Yes"], ["yn", "2", "No"]]


@pytest.fixture
def form(tmp_path):
    """Write a workbook of the given sheets and return its path."""

    def made(survey, choices=None, settings=None, name="form.xlsx", **others):
        book = openpyxl.Workbook()
        book.remove(book.active)
        sheets = {"survey": survey, "choices": choices, "settings": settings, **others}
        for title, rows in sheets.items():
            if rows:
                sheet = book.create_sheet(title)
                for row in rows:
                    sheet.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return made


def _again(instrument, folder: Path):
    path = folder / "again.xlsx"
    path.write_bytes(written(instrument)[0])
    return read(path)


@pytest.mark.parametrize(
    ("written_type", "type", "list_name"),
    [
        ("select_one yn", "one", "yn"),
        ("select one from yn", "one", "yn"),
        ("select one yn", "one", "yn"),
        ("add select one prompt using yn", "one", "yn"),
        ("Select_One yn", "one", "yn"),
        ("select_multiple yn", "several", "yn"),
        ("select all that apply from yn", "several", "yn"),
        ("add select multiple prompt using yn", "several", "yn"),
        ("rank yn", "ranking", "yn"),
        ("select_one_external yn", "one", "yn"),
        ("add integer prompt", "integer", ""),
        ("int", "integer", ""),
        ("string", "text", ""),
        ("q image", "image", ""),
        ("gps", "geopoint", ""),
        ("dateTime", "datetime", ""),
        ("acknowledge", "consent", ""),
        ("get device id", "metadata", ""),
        ("csv-external", "external", ""),
        ("something new", "other", ""),
    ],
)
def test_type__each_spelling__is_understood(written_type, type, list_name):
    found = question_type(written_type)
    assert (found.type, found.list_name) == (type, list_name)


@pytest.mark.parametrize(
    ("written_header", "key", "language"),
    [
        ("label::English (en)", "label", "English (en)"),
        ("Label::English", "label", "English"),
        ("label:en", "label", "en"),
        ("label : en", "label", "en"),
        ("hint::fr", "hint", "fr"),
        ("media::image::French", "image", "French"),
        ("image::French", "image", "French"),
        ("bind::jr:constraintMsg::fr", "constraint_message", "fr"),
        ("Constraint Message", "constraint_message", ""),
        ("required_message::es", "required_message", "es"),
        ("bind:relevant", "relevant", ""),
        ("Relevance", "relevant", ""),
        ("read only", "readonly", ""),
        ("guidance hint::es", "guidance_hint", "es"),
        ("bind::oc:itemgroup", "", ""),
        ("my notes", "", ""),
    ],
)
def test_header__each_spelling__is_understood(written_header, key, language):
    found = read_header(written_header, "survey")
    assert (found.key, found.language) == (key, language)


def test_languages__in_headers__become_tags_and_go_out_under_their_names(form, tmp_path):
    path = form(
        [
            ["type", "name", "label::English (en)", "label::Español", "label::Tigrigna language"],
            ["text", "a", "A", "Á", "x"],
        ]
    )
    instrument = read(path)
    assert dict(instrument.item("a").text) == {"en": "A", "es": "Á", "qaa-tigrigna-language": "x"}
    assert instrument.languages["es"].name == "Español"
    again = _again(instrument, tmp_path)
    assert again == instrument


def test_label__bare_beside_translated__keeps_both(form, tmp_path):
    instrument = read(form([["type", "name", "label", "label::French"], ["text", "a", "bare", "fr"]]))
    assert dict(instrument.item("a").text) == {"und": "bare", "fr": "fr"}
    assert _again(instrument, tmp_path) == instrument


def test_numeric_names__stored_as_floats__are_codes(form):
    choices = [["list name", "name", "label"], ["yn", 1.0, "Yes"], ["yn", 2.5, "No"], ["yn", True, "Maybe"]]
    instrument = read(form([["type", "name"], ["select_one yn", "a"]], choices))
    assert [choice.code for choice in instrument.choices_of("a")] == ["1", "2.5", "TRUE"]


def test_sheets_and_columns__in_capitals_with_spaces__are_found(form):
    path = form([["Type ", " NAME", "Label"], ["text", "a", "A"]], None, None, **{"Choices ": YES_NO})
    book = openpyxl.load_workbook(path)
    book["survey"].title = "form"
    book["form"].title = "SURVEY"
    book.save(path)
    instrument = read(path)
    assert instrument.names == ("a",)
    assert instrument.scale("yn") is not None


def test_duplicate_choice_names__with_a_filter__are_all_kept(form, tmp_path):
    choices = [
        ["list_name", "name", "label", "state"],
        ["town", "x", "X of A", "a"],
        ["town", "x", "X of B", "b"],
    ]
    survey = [
        ["type", "name", "choice_filter"],
        ["text", "state", None],
        ["select_one town", "t", "state=${state}"],
    ]
    instrument = read(form(survey, choices))
    assert [choice.extras["state"] for choice in instrument.choices_of("t")] == ["a", "b"]
    assert instrument.item("t").choice_filter == Formula.kept("state=${state}", "xpath")
    assert _again(instrument, tmp_path) == instrument


def test_routing__of_codes__is_read_into_the_house_language_and_back(form, tmp_path):
    survey = [
        ["type", "name", "relevant", "constraint", "required"],
        ["select_one yn", "q1", None, None, "yes"],
        ["integer", "age", "${q1} = 1", ". >= 0 and . < 120", "${q1} = '1'"],
    ]
    instrument = read(form(survey, YES_NO))
    age = instrument.item("age")
    assert (str(age.ask_if), str(age.constraint), str(age.required)) == (
        "q1 == '1'",
        "age >= 0 and age < 120",
        "q1 == '1'",
    )
    assert instrument.item("q1").required is True
    assert _again(instrument, tmp_path) == instrument


def test_formula__that_the_language_lacks__stays_word_for_word_and_is_listed(form, tmp_path):
    instrument = read(
        form(
            [
                ["type", "name", "calculation"],
                ["calculate", "c", "once(random())"],
                ["calculate", "d", "1 + 1"],
            ]
        )
    )
    assert instrument.verbatim == (("c", "calculation", "once(random())"),)
    assert str(instrument.item("d").calculation) == "1 + 1"
    assert _again(instrument, tmp_path) == instrument


def test_repeats_and_loops__nested__keep_their_shape(form, tmp_path):
    survey = [
        ["type", "name", "label", "repeat_count"],
        ["begin repeat", "visits", "Visits", "3"],
        ["begin_group", "g", "G", None],
        ["text", "a", "A", None],
        ["end_group", "g", None, None],
        ["end repeat", None, None, None],
        ["begin loop over yn", "l", None, None],
        ["integer", "count", "Count", None],
        ["end loop", None, None, None],
    ]
    instrument = read(form(survey, YES_NO))
    assert [(block.kind, block.name) for block in instrument.blocks] == [
        ("repeat", "visits"),
        ("group", "g"),
        ("loop", "l"),
    ]
    assert str(instrument.blocks[0].count) == "3"
    assert instrument.blocks[1].closing == {"name": "g"}
    assert instrument.blocks[2].scale == "yn"
    assert _again(instrument, tmp_path) == instrument


def test_or_other__in_each_spelling__opens_a_text(form, tmp_path):
    survey = [["type", "name"], ["select_one yn or_other", "a"], ["select_multiple yn or specify other", "b"]]
    instrument = read(form(survey, YES_NO))
    assert instrument.item("a").other_specify == OtherSpecify()
    assert [choice.code for choice in instrument.choices_of("b")] == ["1", "2", "other"]
    assert instrument.faults() == ()
    again = _again(instrument, tmp_path)
    assert again == instrument
    assert len(openpyxl.load_workbook(tmp_path / "again.xlsx")["choices"]["A"]) == 3


def test_unknown_columns_and_sheets__survive(form, tmp_path):
    survey = [["type", "name", "analysis plan", "empty", "bind::custom"], ["text", "a", "mean", None, "x"]]
    choices = [["list_name", "name", "label", "weight"], ["yn", "1", "Yes", 2]]
    instrument = read(form(survey, choices, None, notes=[["who", "what"], ["me", "+said"]]))
    assert instrument.item("a").extras == {"analysis plan": "mean", "bind::custom": "x"}
    again = _again(instrument, tmp_path)
    assert again == instrument
    head = [cell.value for cell in openpyxl.load_workbook(tmp_path / "again.xlsx")["survey"][1]]
    assert {"analysis plan", "empty", "bind::custom"} <= set(head)


def test_settings__known_and_unknown__survive(form, tmp_path):
    settings = [
        ["form_title", "form_id", "version", "style", "default_language"],
        ["Visits", "v1", "2026", "pages", "French (fr)"],
    ]
    instrument = read(form([["type", "name", "label::French (fr)"], ["text", "a", "A"]], None, settings))
    assert (instrument.id, str(instrument.title), instrument.version) == ("form.v1", "Visits", "2026")
    assert instrument.default_language == "fr"
    assert instrument.settings["style"] == "pages"
    assert _again(instrument, tmp_path) == instrument


def test_lists__external_and_from_file__are_told_apart(form, tmp_path):
    survey = [
        ["type", "name", "choice_filter"],
        ["select_one_external town", "t", "state=${s}"],
        ["select_one_from_file list.csv", "f", None],
    ]
    instrument = read(
        form(survey, None, None, external_choices=[["list_name", "name", "state"], ["town", "x", "a"]])
    )
    assert instrument.scale("town").external
    assert instrument.item("f").choices_file == "list.csv"
    assert _again(instrument, tmp_path) == instrument


def test_parameters__of_range_and_others__are_read(form, tmp_path):
    survey = [
        ["type", "name", "parameters"],
        ["range", "r", "start=0 end=10 step=1"],
        ["image", "i", "max-pixels = 640"],
        ["text", "t", "rows is 3"],
    ]
    instrument = read(form(survey))
    assert instrument.item("r").parameters == {"start": "0", "end": "10", "step": "1"}
    assert instrument.item("i").parameters == {"max-pixels": "640"}
    assert instrument.item("t").extras == {"parameters": "rows is 3"}
    assert _again(instrument, tmp_path) == instrument


def test_unknown_type_and_comment_row__are_kept_or_noted(form):
    found = read_with_notes(
        form([["type", "name", "label"], ["hologram", "h", "H"], [None, None, "a remark"]])
    )
    assert found.instrument.item("h").extras == {"type": "hologram"}
    assert [note.where.row for note in found.notes] == [2, 3]


@pytest.mark.parametrize(
    ("rows", "row", "said"),
    [
        ([["type", "name"], ["begin group", "g"], ["text", "a"]], 2, "never ended"),
        ([["type", "name"], ["text", "a"], ["end group", None]], 3, "no group is open"),
        (
            [["type", "name"], ["begin repeat", "g"], ["text", "a"], ["end group", None]],
            4,
            "a repeat is open since row 2",
        ),
        ([["type", "name"], ["calculate", "c"]], 2, "calculates nothing"),
        ([["type", "name"], [None, "c"]], 2, "has no type"),
        ([["type", "name", "label", "Label"], ["text", "a", "x", "y"]], 2, "differ"),
    ],
)
def test_survey__broken__is_told_with_sheet_and_row(form, rows, row, said):
    with pytest.raises(VolResearchError, match=said) as caught:
        read(form(rows))
    assert (caught.value.where.sheet, caught.value.where.row) == ("survey", row)


def test_workbook__without_survey__names_its_sheets(form):
    with pytest.raises(VolResearchError) as caught:
        read(form(None, None, None, data=[["a"], ["b"]]))
    assert caught.value.got == '"data"'


def test_same_columns_twice__saying_the_same__are_one(form):
    assert (
        str(read(form([["type", "name", "label", "Label"], ["text", "a", "x", "x"]])).item("a").text) == "x"
    )


def _own() -> Instrument:
    items = (
        Item(name="helped", type="one", scale="yn", text=Text({"en": "=Helped?", "es": "¿Ayudó?"}), required=True),
        Item(
            name="kind", type="several", text=Text({"en": "Which?", "es": "¿Cuál?"}), ask_if=Formula.of("helped in ['1', '3']"),
            choices=(Choice(code="a", label=Text({"en": "A", "es": "A"})), Choice(code="other", label=Text({"en": "Other", "es": "Otro"}))),
            other_specify=OtherSpecify(),
        ),
        Block(name="loop", kind="repeat", items=(Item(name="hours", type="integer", text=Text({"en": "Hours", "es": "Horas"}), unit="hours"),)),
        Item(name="why", type="text", text=Text({"en": "Why", "es": "Por qué"}), ask_if=Formula.of("reason(helped) == 'refused'")),
    )  # fmt: skip
    scale = Scale(
        name="yn",
        choices=(
            Choice(code="1", label=Text({"en": "Yes", "es": "Sí"})),
            Choice(code="9", label=Text({"en": "No answer", "es": "No contesta"}), missing="refused"),
        ),
    )
    languages = {"en": Translation(status="original"), "es": Translation()}
    return Instrument(
        id="t.own",
        title=Text({"en": "Own", "es": "Propio"}),
        languages=languages,
        scales=(scale,),
        items=items,
    )


def test_own_instrument__written__comes_back_with_codes_and_missing(tmp_path):
    losses = write(_own(), tmp_path / "own.xlsx")
    again = read(tmp_path / "own.xlsx")
    assert "XLSForm has no reason()" in losses[0]
    assert str(again.item("kind").ask_if) == "helped in ['1', '3']"
    assert again.item("helped").text == _own().item("helped").text
    assert [choice.missing for choice in again.choices_of("helped")] == [None, "refused"]
    assert again.item("hours").unit == "hours"
    assert str(again.item("kind_other").ask_if) == "selected(kind, 'other')"


def test_text__that_begins_like_a_formula__is_written_as_text(tmp_path):
    write(_own(), tmp_path / "own.xlsx")
    cells = [
        cell for row in openpyxl.load_workbook(tmp_path / "own.xlsx")["survey"].iter_rows() for cell in row
    ]
    guarded = [cell for cell in cells if cell.value == "=Helped?"]
    assert [(cell.data_type, cell.quotePrefix) for cell in guarded] == [("s", True)]


def test_writing__over_a_file__is_refused(tmp_path):
    (tmp_path / "own.xlsx").write_bytes(b"mine")
    with pytest.raises(VolResearchError) as caught:
        write(_own(), tmp_path / "own.xlsx")
    assert caught.value.code == "export.exists"


def test_text__longer_than_a_cell__is_refused():
    instrument = Instrument(
        id="t.long", title=Text("x"), items=(Item(name="a", type="note", text=Text("x" * 40_000)),)
    )
    with pytest.raises(VolResearchError) as caught:
        written(instrument)
    assert caught.value.code == "export.spreadsheet"
