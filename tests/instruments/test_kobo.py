"""KoboToolbox forms in JSON."""

from __future__ import annotations

import json

import pytest

from volresearch.errors import VolResearchError
from volresearch.instruments.kobo import read, read_versions, read_with_notes
from volresearch.instruments.xlsform import read as read_xlsform
from volresearch.instruments.xlsform import written

ASSET = {
    "name": "Visits",
    "uid": "aXy",
    "version_id": "v7",
    "content": {
        "survey": [
            {"type": "start", "name": "start", "$kuid": "k0"},
            {"type": "begin_repeat", "name": "visit", "label": ["Visit", "Visita"]},
            {
                "type": "select_one",
                "select_from_list_name": "yn",
                "$autoname": "ok",
                "label": ["OK?", None],
                "required": True,
                "$kuid": "k1",
            },
            {"type": "integer", "name": "n", "label": ["N", "N"], "relevant": "${ok} = 'y'"},
            {"type": "end_repeat"},
        ],
        "choices": [{"list_name": "yn", "name": "y", "label": ["Yes", "Sí"]}],
        "settings": {"style": "pages"},
        "translations": ["English (en)", None],
    },
}


def _bytes(document):
    return json.dumps(document).encode()


def test_asset__with_two_translations__is_an_instrument():
    instrument = read(_bytes(ASSET))
    assert (str(instrument.title), instrument.version, instrument.settings["form_id"]) == (
        "Visits",
        "v7",
        "aXy",
    )
    assert instrument.settings["style"] == "pages"
    assert [(block.kind, dict(block.text)) for block in instrument.blocks] == [
        ("repeat", {"en": "Visit", "und": "Visita"})
    ]
    assert instrument.item("ok").required is True
    assert dict(instrument.item("ok").text) == {"en": "OK?"}
    assert str(instrument.item("n").ask_if) == "ok == 'y'"


def test_asset__written_as_xlsform__comes_back_equal(tmp_path):
    instrument = read(_bytes(ASSET))
    (tmp_path / "a.xlsx").write_bytes(written(instrument)[0])
    assert read_xlsform(tmp_path / "a.xlsx") == instrument


def test_versions__in_a_list__are_read_in_their_order():
    first = {"version": "1", "survey": [{"type": "text", "name": "q"}]}
    second = {
        "version": "2",
        "content": {
            "survey": [{"type": "select_one yn", "name": "q"}],
            "choices": [{"list_name": "yn", "name": "y"}],
        },
    }
    found = read_versions(_bytes([first, second]))
    assert [one.instrument.item("q").type for one in found] == ["text", "one"]
    assert read(_bytes({"versions": [first, second]})).version == "2"


def test_or_other__of_an_asset__opens_a_text():
    row = {"type": "select_one", "select_from_list_name": "yn", "_or_other": True, "name": "q"}
    document = {"survey": [row], "choices": [{"list_name": "yn", "name": "y"}]}
    assert read(_bytes(document)).item("q").other_specify is not None


def test_unknown_type__of_an_asset__is_kept_and_noted():
    found = read_with_notes(_bytes({"survey": [{"type": "begin_kobomatrix", "name": "m"}]}))
    assert found.instrument.item("m").extras["type"] == "begin_kobomatrix"
    assert len(found.notes) == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"results": []}', b'{"content": {"survey": 3}}', b'{"survey": [1]}', b"[" * 100_000,
     _bytes({"survey": [{"type": "text", "name": "q", "label": "x" * 1_000_000}]})],
)  # fmt: skip
def test_file__that_is_no_form__is_told(data):
    with pytest.raises(VolResearchError) as caught:
        read(data)
    assert caught.value.code in {"instrument.format", "instrument.limit"}


@pytest.mark.real
def test_forms__of_formpack__are_read(shared):
    found = {path.stem: read(path) for path in (shared / "real" / "exports").glob("formpack_*_v*.json")}
    assert [len(one.all_items) for _, one in sorted(found.items())] == [4, 6, 2, 1, 1]
    assert found["formpack_or_other_v1"].tags == ("en", "eo")
