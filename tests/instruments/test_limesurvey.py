"""LimeSurvey structures in."""

from __future__ import annotations

import pytest

from volresearch.errors import VolResearchError
from volresearch.instruments import Formula
from volresearch.instruments.limesurvey import read, read_with_notes

HEAD = [
    "class",
    "type/scale",
    "name",
    "relevance",
    "text",
    "help",
    "language",
    "validation",
    "mandatory",
    "other",
]
START = [{"class": "S", "name": "language", "text": "en"}, {"class": "SL", "name": "surveyls_title", "text": "A survey", "language": "en"},
         {"class": "G", "type/scale": "1", "name": "First", "relevance": "1", "language": "en"}]  # fmt: skip


def _tabbed(*rows):
    lines = ["\t".join(HEAD)]
    lines += ["\t".join(row.get(key, "") for key in HEAD) for row in [*START, *rows]]
    return "\n".join(lines).encode()


def _q(name, kind, text="Text", language="en", **more):
    return {
        "class": "Q",
        "type/scale": kind,
        "name": name,
        "text": text,
        "language": language,
        "relevance": "1",
        **more,
    }


def _part(kind, name, text, scale="", language="en"):
    return {"class": kind, "name": name, "text": text, "type/scale": scale, "language": language}


@pytest.mark.parametrize(
    ("kind", "type"),
    [("S", "text"), ("T", "text"), ("U", "text"), ("N", "decimal"), ("D", "datetime"), ("X", "note"), ("*", "calculate"),
     ("|", "file"), ("I", "metadata"), ("Y", "one"), ("G", "one"), ("5", "one"), ("?", "other")],
)  # fmt: skip
def test_type__each_letter__is_understood(kind, type):
    assert read(_tabbed(_q("a", kind))).item("a").type == type


def test_choices__of_lists_and_multiple__are_codes_in_each_language():
    instrument = read(
        _tabbed(
            _q("one", "L", other="Y"), _part("A", "y", "Yes"), _q("one", "L", "Texto", "es"), _part("A", "y", "Sí", language="es"),
            _q("many", "M"), _part("SQ", "a", "A"), _part("SQ", "b", "B"),
        )
    )  # fmt: skip
    assert [choice.code for choice in instrument.item("one").choices] == ["y", "-oth-"]
    assert dict(instrument.item("one").choices[0].label) == {"en": "Yes", "es": "Sí"}
    assert dict(instrument.item("one").text) == {"en": "Text", "es": "Texto"}
    assert (instrument.item("many").type, len(instrument.item("many").choices)) == ("several", 2)


def test_array__of_rows__is_an_item_for_each_with_shared_answers():
    instrument = read(
        _tabbed(
            _q("m", "F", "How?"), _part("SQ", "r1", "Row"), _part("SQ", "r2", "Two"), _part("A", "1", "Good")
        )
    )
    items = instrument.all_items
    assert [item.name for item in items] == ["m_r1", "m_r2"]
    assert [item.extras["column"] for item in items] == ["m[r1]", "m[r2]"]
    assert str(items[0].text) == "How? - Row"
    assert instrument.scale("m") is not None


def test_array__of_two_scales__has_an_item_for_each_cell():
    parts = [_part("SQ", "r", "Row"), _part("A", "1", "Much", "0"), _part("A", "2", "Often", "1")]
    instrument = read(_tabbed(_q("d", "1"), *parts))
    assert [(item.name, item.extras["column"]) for item in instrument.all_items] == [
        ("d_r_0", "d[r][1]"),
        ("d_r_1", "d[r][2]"),
    ]


def test_array__of_numbers__has_an_item_for_each_cell():
    instrument = read(_tabbed(_q("g", ":"), _part("SQ", "r", "Row", "0"), _part("SQ", "c", "Column", "1")))
    assert [(item.name, item.type, item.extras["column"]) for item in instrument.all_items] == [
        ("g_r_c", "decimal", "g[r_c]")
    ]


def test_conditions__and_validation__stay_in_their_language():
    instrument = read(
        _tabbed(_q("a", "N", relevance="b.NAOK == 'Y'", validation="/^[0-9]+$/", mandatory="Y"))
    )
    assert instrument.item("a").ask_if == Formula.kept("b.NAOK == 'Y'", "limesurvey")
    assert instrument.item("a").required is True
    assert {key for _, key, _ in instrument.verbatim} == {"ask_if", "constraint"}


def test_formatting__in_texts__is_left_out_and_noted():
    found = read_with_notes(_tabbed(_q("a", "S", "<p>One &amp; <b>two</b></p>")))
    assert str(found.instrument.item("a").text) == "One & two"
    assert "HTML" in found.notes[0].message


OLD = """<?xml version="1.0"?><document><LimeSurveyDocType>Survey</LimeSurveyDocType>
<groups><rows><row><gid>1</gid><group_name>Main</group_name><group_order>0</group_order><language>en</language></row></rows></groups>
<questions><rows>
<row><qid>1</qid><parent_qid>0</parent_qid><gid>1</gid><type>F</type><title>q1</title><question>How</question><language>en</language></row>
<row><qid>1</qid><parent_qid>0</parent_qid><gid>1</gid><type>F</type><title>q1</title><question>Cómo</question><language>es</language></row></rows></questions>
<subquestions><rows><row><qid>2</qid><parent_qid>1</parent_qid><gid>1</gid><type>F</type><title>s1</title><question>Row</question><language>en</language></row></rows></subquestions>
<answers><rows><row><qid>1</qid><code>A1</code><answer>Good</answer><language>en</language><scale_id>0</scale_id></row>
<row><qid>1</qid><code>A1</code><answer>Bien</answer><language>es</language><scale_id>0</scale_id></row></rows></answers>
<surveys><rows><row><sid>77</sid><language>en</language></row></rows></surveys></document>"""


def test_structure__of_an_older_version__is_read_with_its_languages():
    instrument = read(OLD.encode())
    assert [item.name for item in instrument.all_items] == ["q1_s1"]
    assert dict(instrument.scale("q1").choices[0].label) == {"en": "Good", "es": "Bien"}
    assert instrument.default_language == "en"


def test_entities__declared__are_refused():
    bomb = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa">]><document><LimeSurveyDocType>&a;</LimeSurveyDocType></document>'
    with pytest.raises(VolResearchError, match="entities"):
        read(bomb.encode())


@pytest.mark.parametrize("data", [b"", b"<document/>", b"<broken", b"a\tb\n", b"\x00\x01"])
def test_file__that_is_no_structure__is_told(data):
    with pytest.raises(VolResearchError) as caught:
        read(data)
    assert caught.value.code == "instrument.format"


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "items"),
    [
        ("all_types_survey.tsv", 32),
        ("basic_survey.tsv", 4),
        ("citric_limesurvey_survey_432535.lss", 2),
        ("citric_survey.lss", 4),
    ],
)
def test_structures__from_surveys__are_read_whole(shared, name, items):
    instrument = read(shared / "real" / "limesurvey" / name)
    assert len(instrument.all_items) == items
    assert instrument.faults() == ()
