"""REDCap data dictionaries in and out."""

from __future__ import annotations

import csv

import pytest

from volresearch.errors import VolResearchError
from volresearch.instruments import Block, Choice, Formula, Instrument, Item, Translation
from volresearch.instruments.redcap import COLUMNS, read, read_with_notes, write
from volresearch.text import Text

HEAD = ",".join(f'"{column}"' for column in COLUMNS)


def _dictionary(*rows):
    lines = [HEAD]
    for row in rows:
        cells = {"Form Name": "visit", **row}
        lines.append(",".join('"' + cells.get(column, "").replace('"', '""') + '"' for column in COLUMNS))
    return "\n".join(lines).encode()


def _row(name, kind, **more):
    keys = {"choices": "Choices, Calculations, OR Slider Labels", "validation": "Text Validation Type OR Show Slider Number",
            "label": "Field Label", "asked": "Branching Logic (Show field only if...)", "required": "Required Field?",
            "form": "Form Name", "identifier": "Identifier?", "section": "Section Header"}  # fmt: skip
    return {
        "Variable / Field Name": name,
        "Field Type": kind,
        **{keys[key]: value for key, value in more.items()},
    }


def test_choices__with_commas_and_tight_pipes__are_read():
    instrument = read(_dictionary(_row("a", "radio", choices="1, Yes, often|2, No")))
    assert [(choice.code, str(choice.label)) for choice in instrument.item("a").choices] == [
        ("1", "Yes, often"),
        ("2", "No"),
    ]


@pytest.mark.parametrize(
    ("kind", "validation", "type"),
    [("text", "", "text"), ("text", "integer", "integer"), ("text", "number_comma_decimal", "decimal"), ("text", "date_dmy", "date"),
     ("text", "datetime_seconds_ymd", "datetime"), ("text", "email", "text"), ("notes", "", "text"), ("yesno", "", "one"),
     ("truefalse", "", "one"), ("slider", "", "range"), ("descriptive", "", "note"), ("sql", "", "other")],
)  # fmt: skip
def test_type__each_field_type__is_understood(kind, validation, type):
    assert read(_dictionary(_row("a", kind, validation=validation))).item("a").type == type


def test_yesno__without_listed_choices__has_its_fixed_ones():
    assert [choice.code for choice in read(_dictionary(_row("a", "yesno"))).item("a").choices] == ["1", "0"]


def test_forms__of_a_dictionary__are_blocks():
    instrument = read(_dictionary(_row("a", "text"), _row("b", "text", form="second")))
    assert [(block.name, len(block.items)) for block in instrument.blocks] == [("visit", 1), ("second", 1)]


def test_dictionary__in_and_out__is_the_same(tmp_path):
    rows = [
        _row("a", "radio", choices="1, Yes | 2, No", label="A", required="y", section="Start"),
        _row("b", "text", validation="date_dmy", identifier="y", asked="[a] = '1'"),
        _row("c", "calc", choices="round([b]*2,1)"),
        _row("d", "slider", choices="low | mid | high"),
        _row("e", "yesno"),
    ]
    first = read(_dictionary(*rows))
    assert first.verbatim == (("b", "ask_if", "[a] = '1'"), ("c", "calculation", "round([b]*2,1)"))
    assert write(first, tmp_path / "form.csv") == ()
    again = read(tmp_path / "form.csv")
    assert again.items == first.items


def test_own_instrument__written__says_routing_and_losses(tmp_path):
    instrument = Instrument(
        id="t.own", title=Text({"en": "Own"}), languages={"en": Translation(status="original"), "es": Translation()},
        items=(
            Block(name="Main", items=(
                Item(name="Skills", type="several", text=Text({"en": "=Skills", "es": "x"}), choices=(Choice(code="a", label=Text({"en": "A|B"})),)),
                Item(name="hours", type="integer", ask_if=Formula.of("selected(Skills, 'a') and not is_missing(age)"), sensitive=True),
                Item(name="why", type="text", ask_if=Formula.of("reason(hours) == 'refused'")),
            )),
        ),
    )  # fmt: skip
    losses = write(instrument, tmp_path / "own.csv")
    with (tmp_path / "own.csv").open(newline="", encoding="utf-8") as file:
        rows = {row[COLUMNS[0]]: row for row in csv.DictReader(file)}
    assert rows["skills"]["Field Label"] == " =Skills"
    assert rows["skills"][COLUMNS[5]] == "a, A/B"
    assert rows["hours"][COLUMNS[11]] == "([skills(a)] = '1' and not([age] = ''))"
    assert rows["hours"]["Identifier?"] == "y"
    assert any("reason()" in loss for loss in losses)
    assert any("es left out" in loss for loss in losses)


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00"])
def test_file__that_is_no_dictionary__is_told(data):
    with pytest.raises(VolResearchError) as caught:
        read(data)
    assert caught.value.code == "instrument.format"


def test_field__without_name_or_calculation__is_told_with_its_row():
    with pytest.raises(VolResearchError) as caught:
        read(_dictionary(_row("a", "text"), _row("", "text")))
    assert caught.value.where.row == 3


@pytest.mark.real
def test_dictionaries__from_projects__come_back_equal(shared, tmp_path):
    found = sorted((shared / "real" / "redcap").glob("*_dictionary.csv"))
    assert found
    for path in found:
        first = read_with_notes(path).instrument
        write(first, tmp_path / path.name)
        assert read(tmp_path / path.name).items == first.items
