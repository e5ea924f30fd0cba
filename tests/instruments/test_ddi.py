"""DDI codebooks in and out."""

from __future__ import annotations

import time

import pytest

from volresearch.errors import VolResearchError
from volresearch.instruments import Block, Choice, Formula, Instrument, Item, Translation
from volresearch.instruments.ddi import read, read_with_notes, write
from volresearch.text import Text

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def _book(variables, namespace="ddi:codebook:2_5", before="", **attributes):
    more = "".join(f' {key.replace("_", ":")}="{value}"' for key, value in attributes.items())
    return f'{HEAD}<codeBook xmlns="{namespace}"{more}>{before}<dataDscr>{variables}</dataDscr></codeBook>'.encode()


def _own():
    items = (
        Block(
            name="main",
            text=Text({"en": "Main", "es": "Principal"}),
            items=(
                Item(name="helped", type="one", text=Text({"en": "Helped?", "es": "¿Ayudó?"}), hint=Text({"en": "Aided."}),
                     choices=(Choice(code="1", label=Text({"en": "Yes & no", "es": "Sí"})), Choice(code="9", label=Text({"en": "Refused"}), missing="refused"))),
                Item(name="hours", type="integer", text=Text({"en": "Hours"}), unit="hours", guidance=Text({"en": "Round."}),
                     ask_if=Formula.of("helped == '1'"), measures="V05"),
                Item(name="paid", type="decimal", text=Text({"en": "Paid"})),
                Item(name="when", type="date", text=Text({"en": "When"})),
                Item(name="many", type="several", text=Text({"en": "Many"}), choices=(Choice(code="a", label=Text({"en": "A"})), Choice(code="b", label=Text({"en": "A"})))),
            ),
        ),
    )  # fmt: skip
    languages = {"en": Translation(status="original"), "es": Translation()}
    return Instrument(id="t.own", title=Text({"en": "Own", "es": "Propio"}), description=Text({"en": "What it is"}), version="2", languages=languages, items=items)  # fmt: skip


def test_own_instrument__written__comes_back(tmp_path):
    assert write(_own(), tmp_path / "own.xml") == ()
    again = read(tmp_path / "own.xml")
    assert (str(again.title), again.version, again.settings["IDNo"]) == ("Own", "2", "t.own")
    items = {item.name: item for item in again.items}
    assert [item.type for item in items.values()] == ["one", "integer", "decimal", "date", "several"]
    assert items["helped"].text == Text({"en": "Helped?", "es": "¿Ayudó?"})
    assert items["helped"].hint == Text({"en": "Aided."})
    assert [choice.missing for choice in items["helped"].choices] == [None, "no_answer"]
    assert items["hours"].ask_if == Formula.kept("helped == '1'", "ddi")
    assert (items["hours"].unit, items["hours"].measures) == ("hours", "V05")


@pytest.mark.real
def test_own_instrument__written__is_valid_by_the_schema(tmp_path, shared):
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(str(shared / "real" / "ddi" / "xsd-2.5" / "codebook.xsd")))
    write(_own(), tmp_path / "own.xml")
    schema.assertValid(etree.parse(str(tmp_path / "own.xml")))


@pytest.mark.real
def test_codebooks__of_archives__are_read_written_and_valid(tmp_path, shared):
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(str(shared / "real" / "ddi" / "xsd-2.5" / "codebook.xsd")))
    for path in sorted((shared / "real" / "ddi").glob("*.xml")):
        first = read(path)
        write(first, tmp_path / path.name)
        schema.assertValid(etree.parse(str(tmp_path / path.name)))
        assert read(tmp_path / path.name).items == first.items, path.name


@pytest.mark.parametrize("namespace", ["ddi:codebook:2_5", "http://www.icpsr.umich.edu/DDI", "", "x:y"])
def test_namespace__any_or_none__is_read(namespace):
    assert [item.name for item in read(_book('<var name="A"/>', namespace)).items] == ["A"]


def test_elements__in_any_order__are_read():
    var = '<var name="A"><catgry><labl>Yes</labl><catValu> 01 </catValu></catgry><varFormat type="numeric"/><labl>Said</labl></var>'
    item = read(_book(var)).items[0]
    assert (item.type, str(item.text), item.choices[0].code) == ("one", "Said", "01")


def test_labels__twice_the_same__stay_two_codes():
    many = "".join(f"<catgry><catValu>{code}</catValu><labl>Other</labl></catgry>" for code in "12")
    assert [choice.code for choice in read(_book(f'<var name="A">{many}</var>')).items[0].choices] == [
        "1",
        "2",
    ]


def test_codes__hidden_in_the_instructions__are_found_and_noted():
    var = '<var name="A" intrvl="discrete"><codInstr>Codes\n01 = Yes\n02 = No, never\n99  Refused</codInstr></var>'
    found = read_with_notes(_book(var))
    assert [(one.code, str(one.label)) for one in found.instrument.items[0].choices] == [
        ("01", "Yes"),
        ("02", "No, never"),
        ("99", "Refused"),
    ]
    assert "coding instructions" in found.notes[0].message


def test_instructions__of_a_measured_variable__give_no_codes():
    var = '<var name="A" intrvl="contin" dcml="2"><codInstr>0 = none\n1 = one</codInstr></var>'
    item = read(_book(var)).items[0]
    assert (item.type, item.choices, item.extras["dcml"]) == ("decimal", (), "2")


def test_languages__on_labels__are_kept():
    var = '<var name="A"><labl xml:lang="es">Uno</labl><labl>One</labl></var>'
    assert dict(read(_book(var, xml_lang="en")).items[0].text) == {"es": "Uno", "en": "One"}


def test_label_beside_question__are_both_kept(tmp_path):
    var = '<var name="A"><labl>Short</labl><qstn><qstnLit>The whole question?</qstnLit></qstn></var>'
    first = read(_book(var))
    write(first, tmp_path / "a.xml")
    assert read(tmp_path / "a.xml").items == first.items
    assert first.items[0].extras == {"labl::und": "Short"}


def test_entities__declared__are_refused_in_no_time():
    bomb = '<?xml version="1.0"?><!DOCTYPE c [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><codeBook>&b;</codeBook>'
    with pytest.raises(VolResearchError, match="entities"):
        read(bomb.encode())


def test_external_entity__in_utf_16__is_refused():
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE c [<!ENTITY a SYSTEM "file:///etc/passwd">]><codeBook>&a;</codeBook>'
    with pytest.raises(VolResearchError, match="entities"):
        read(text.encode("utf-16"))


@pytest.mark.parametrize("data", [b"", b"<codeBook>", b"<html/>", b"type,name", b"<a>" * 100_000])
def test_file__that_is_no_codebook__is_told(data):
    with pytest.raises(VolResearchError) as caught:
        read(data)
    assert caught.value.code == "instrument.format"


def test_names__that_are_no_identifiers__are_written_once_each(tmp_path):
    items = (Item(name="a b", type="text", text=Text("x")), Item(name="a/b", type="text", text=Text("y")))
    write(Instrument(id="t.names", title=Text("x"), items=items), tmp_path / "a.xml")
    assert [item.name for item in read(tmp_path / "a.xml").items] == ["a b", "a/b"]


def test_instructions__of_endless_spaces__are_read_in_no_time():
    started = time.monotonic()
    lines = ("1" + " " * 450 + "\n") * 2000 + "9" * 100_000 + " " * 100_000
    assert read(_book(f'<var name="A"><codInstr>{lines}</codInstr></var>')).items[0].choices == ()
    assert time.monotonic() - started < 10
