"""The drawing of the routing."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

import volresearch as vr
from volresearch.instruments import Block, Formula, Instrument, Item
from volresearch.instruments.diagram import routing_svg
from volresearch.text import Text

SVG = "{http://www.w3.org/2000/svg}"

FORM = Instrument(
    id="t.a",
    title=Text({"en": "A & B", "ar": "أ"}),
    items=(
        Item(name="age", type="integer", text=Text({"en": "Age <now>?", "ar": "العمر؟"})),
        Block(name="plain", items=(Item(name="x", type="text"), Item(name="y", type="text"))),
        Block(
            name="work",
            ask_if=Formula("age >= 15"),
            items=(Item(name="job", type="text", ask_if=Formula("age < 65")),),
        ),
    ),
)


def drawn(form: Instrument, lang: str = "en") -> ET.Element:
    return ET.fromstring(routing_svg(form, lang))


def test_svg__rows_and_arrows__one_arrow_a_condition() -> None:
    root = drawn(FORM)
    assert len(root.findall(f"{SVG}g")) == 4
    assert len(root.findall(f"{SVG}path")) == 2
    texts = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert any("2 questions" in text for text in texts)
    assert any("← age >= 15" in text for text in texts)
    assert "Age <now>?" in texts


def test_svg__description__says_the_conditions_in_words() -> None:
    assert "work: age >= 15; job: age < 65" in (drawn(FORM).findtext(f"{SVG}desc") or "")


def test_svg__right_to_left__texts_run_so() -> None:
    ways = {text.get("direction") for text in drawn(FORM, "ar").iter(f"{SVG}text")}
    assert "rtl" in ways


@pytest.mark.parametrize("id", [id for id in vr.list_instruments()["id"] if id.startswith("core.")])
def test_svg__core_instruments__stand_alone(id: str) -> None:
    page = routing_svg(vr.instrument(id), "zh")
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    ET.fromstring(page)
