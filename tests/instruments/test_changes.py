"""What changed between two versions, and what breaks comparability."""

from __future__ import annotations

from typing import Any

import pytest

import volresearch as vr
from volresearch.instruments import Block, Choice, Formula, Instrument, Item, Score, compare_instruments
from volresearch.text import Text

ASKED = Text({"en": "In the last four weeks, did you help?", "es": "En las últimas cuatro semanas, ¿ayudó?"})
CODES = (Choice(code="1", label=Text({"en": "Yes"})), Choice(code="2", label=Text({"en": "No"})))


def form(**changes: Any) -> Instrument:
    helped = {
        "name": "helped",
        "type": "one",
        "text": ASKED,
        "choices": CODES,
        "hint": Text({"en": "Shopping"}),
    }
    return Instrument(
        id="t.a",
        title=Text("A"),
        items=(
            Item(name="age", type="integer"),
            Block(
                name="g",
                ask_if=Formula("age >= 15"),
                items=(Item(**{**helped, **changes}),),  # type: ignore[arg-type]
            ),
        ),
        scores=(Score(name="s", items=(changes.get("name", "helped"),), method="sum"),),
    )


@pytest.mark.parametrize(
    ("change", "kind", "effect", "lang"),
    [
        ({"hint": Text({"en": "Repairs"})}, "hint", "none", "en"),
        (
            {"text": Text({**ASKED, "en": "In the last four weeks, did you give help?"})},
            "wording",
            "caution",
            "en",
        ),
        (
            {"text": Text({**ASKED, "en": "In the last twelve months, did you help?"})},
            "period",
            "breaks",
            "en",
        ),
        ({"text": Text({**ASKED, "es": "En los últimos doce meses, ¿ayudó?"})}, "period", "breaks", "es"),
        (
            {"text": Text({**ASKED, "en": "In the past four weeks, did you help?"})},
            "wording",
            "caution",
            "en",
        ),
        ({"reference_period": "12 months"}, "period", "breaks", ""),
        ({"choices": (*CODES, Choice(code="3"))}, "codes", "breaks", ""),
        ({"choices": CODES[::-1]}, "order of codes", "caution", ""),
        ({"choices": (CODES[0], Choice(code="2", label=Text({"en": "Never"})))}, "label", "caution", "en"),
        (
            {"choices": (CODES[0], Choice(code="2", label=CODES[1].label, missing="refused"))},
            "missing",
            "breaks",
            "",
        ),
        ({"ask_if": Formula("age < 65")}, "routing", "breaks", ""),
        ({"type": "several"}, "type", "breaks", ""),
        ({"required": True}, "required", "caution", ""),
        ({"constraint": Formula("helped != '2'")}, "constraint", "caution", ""),
        ({"sides": ("host",)}, "sides", "breaks", ""),
    ],
)
def test_diff__one_change__found_with_its_effect(
    change: dict[str, Any], kind: str, effect: str, lang: str
) -> None:
    found = vr.diff(form(), form(**change))
    assert [(one.item, one.kind, one.effect, one.lang) for one in found] == [("helped", kind, effect, lang)]
    assert found.comparable is (effect != "breaks")


def test_diff__condition_written_otherwise__is_no_change() -> None:
    old = form(ask_if=Formula("age<65"))
    new = form(ask_if=Formula("(age < 65)"))
    assert len(vr.diff(old, new)) == 0


def test_diff__condition_of_the_block__changes_its_items() -> None:
    new = form()
    moved = new.model_copy(update={"items": (new.items[0], new.items[1].items[0])})
    assert [
        (one.item, one.kind)
        for one in compare_instruments(
            new, Instrument(**{k: getattr(moved, k) for k in new.model_fields_set})
        )
    ] == [("helped", "routing")]


def test_diff__another_name__same_question_is_matched() -> None:
    found = vr.diff(form(), form(name="gave_help"))
    assert [(one.item, one.kind) for one in found] == [("gave_help", "renamed"), ("s", "score")]


def test_diff__item_gone_and_another_come__one_breaks() -> None:
    old, new = form(), form(name="other", text=Text({"en": "Did you rest?"}))
    assert [(one.item, one.kind, one.effect) for one in vr.diff(old, new)][:2] == [
        ("helped", "removed", "breaks"),
        ("other", "added", "none"),
    ]


def test_diff__lines_and_page__say_why_and_escape() -> None:
    found = vr.diff(form(), form(text=Text({**ASKED, "en": "In the last four weeks, <b>did</b> you help?"})))
    assert "other words may be understood otherwise" in found.lines()[0]
    assert "<b>" not in found.html()
    assert "&lt;b&gt;" in found.html()
