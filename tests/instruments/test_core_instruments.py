"""The instruments that come with the core."""

from __future__ import annotations

import pytest

import volresearch as vr
from volresearch.instruments.wording import missing_wordings

CORE = [id for id in vr.list_instruments()["id"] if id.startswith("core.")]


@pytest.mark.parametrize("id", CORE)
def test_core__each__is_complete_in_four_languages_and_says_which_are_drafts(id: str) -> None:
    form = vr.instrument(id)
    assert form.tags == ("en", "es", "fr", "zh")
    assert {tag: missing_wordings(form, tag) for tag in form.tags} == dict.fromkeys(form.tags, ())
    assert form.drafts == ("es", "fr", "zh")
    assert form.purpose
    assert form.what_not_to_claim
    assert form.standard
    assert not form.verbatim


def test_partner_health__items_and_scores__as_specified() -> None:
    form = vr.instrument("core.partner_health")
    assert len(form.questions) == 34
    assert [len(block.items) for block in form.blocks] == [5, 5, 5, 5, 5, 5, 4]
    assert {item.scale for item in form.questions} == {"agreement"}
    assert [side.name for side in form.sides] == ["host", "sender"]
    reverse = next(score for score in form.scores if score.name == "total_percent").reverse
    assert len(reverse) == 7


def test_list_instruments__in_spanish__titles_languages_and_items() -> None:
    row = vr.list_instruments("es").set_index("id").loc["core.partner_health"]
    assert row["title"] == "Chequeo de la alianza"
    assert row["languages"] == "en, es, fr, zh"
    assert row["items"] == 34
    assert row["status"] == "ok"
