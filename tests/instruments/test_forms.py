"""What may go to the field, and the table of formats."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from volresearch.errors import VolResearchError
from volresearch.instruments import Instrument, Item, Named, Translation, read_instrument
from volresearch.instruments.forms import export_form, read_form
from volresearch.text import Text

FORM = Instrument(
    id="t.a",
    title=Text({"en": "Hours", "es": "Horas"}),
    languages={"en": Translation(status="original"), "es": Translation(status="draft")},
    sides=(Named(name="host"), Named(name="sender")),
    items=(
        Item(
            name="a",
            type="integer",
            text=Text({"en": "A?", "es": "¿A?"}),
            wording={"host": Text({"en": "You: A?"})},
        ),
        Item(name="b", type="integer", text=Text({"en": "B?", "es": "¿B?"}), sides=("sender",)),
    ),
)


def test_export__draft_language__refused_unless_allowed(tmp_path: Path) -> None:
    with pytest.raises(VolResearchError, match="Not reviewed by a native speaker: es"):
        export_form(FORM, "json", tmp_path / "a.json")
    assert not (tmp_path / "a.json").exists()
    export_form(FORM, "json", tmp_path / "a.json", allow_draft=True)
    data = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert data["title"]["en"] == "[Draft] Hours"
    assert "español" in data["items"][0]["text"]["en"]
    assert data["title"]["es"] != "Horas"
    assert data["title"]["es"].endswith("] Horas")
    assert data["version"] == "1-draft"
    assert data["items"][0]["name"] == "draft_notice"


def test_export__reviewed_language_only__goes_out_unmarked(tmp_path: Path) -> None:
    export_form(FORM, "yaml", tmp_path / "a.yaml", languages=("en",))
    back = read_instrument(tmp_path / "a.yaml")
    assert back == FORM.in_languages("en")
    assert back.tags == ("en",)
    assert back.item("a").text == Text({"en": "A?"})


def test_export__file_there__refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("mine", encoding="utf-8")
    with pytest.raises(VolResearchError, match="there already"):
        export_form(FORM, "json", tmp_path / "a.json", allow_draft=True)
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == "mine"


def test_for_side__each_side__reads_its_own_wording() -> None:
    host, sender = FORM.for_side("host"), FORM.for_side("sender")
    assert host.names == ("a",)
    assert host.item("a").text.get_in("en") == "You: A?"
    assert sender.names == ("a", "b")
    assert sender.item("a").text.get_in("en") == "A?"


@pytest.mark.parametrize("word", ["xlsfrom", "limesurvey"])
def test_export__format_not_written__told(tmp_path: Path, word: str) -> None:
    with pytest.raises(VolResearchError) as caught:
        export_form(FORM, word, tmp_path / "a", allow_draft=True)
    assert caught.value.code == "instrument.format"


def test_read_form__unknown_suffix__told(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_text("x", encoding="utf-8")
    with pytest.raises(VolResearchError, match="no form that is known here"):
        read_form(tmp_path / "a.doc")
    with pytest.raises(VolResearchError, match="no such file"):
        read_form(tmp_path / "b.xlsx")
