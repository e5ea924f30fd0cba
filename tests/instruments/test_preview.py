"""The preview of a questionnaire."""

from __future__ import annotations

import volresearch as vr
from volresearch.instruments import Formula, Instrument, Item, Translation
from volresearch.text import Text

FORM = Instrument(
    id="t.a",
    title=Text({"en": "Hours & <b>days</b>", "ar": "ساعات"}),
    languages={"en": Translation(status="original"), "ar": Translation()},
    items=(
        Item(
            name="hours",
            type="decimal",
            text=Text({"en": "Hours <script>?", "ar": "كم ساعة؟"}),
            ask_if=Formula("hours < 3"),
        ),
    ),
)


def test_preview__markup_in_texts__is_escaped() -> None:
    page = FORM.html()
    assert "<script>" not in page
    assert "<b>days" not in page
    assert "hours &lt; 3" in page


def test_preview__arabic__runs_from_right_to_left_and_says_draft() -> None:
    page = FORM.html("ar")
    assert 'dir="rtl"' in page
    assert "كم ساعة؟" in page
    assert "[" in page.split("</h3>")[0]
    assert 'dir="ltr"' in FORM.html("en").split(">")[0]
    assert "[Draft]" not in FORM.html("en")


def test_preview__core_instrument__every_item_in_its_language() -> None:
    form = vr.instrument("core.partner_health")
    page = form.html("zh")
    assert all(item.text.get_in("zh") in page for item in form.questions)
    assert "[" in page.split("</h3>")[0]
