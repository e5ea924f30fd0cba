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


def test_vol_work__answers__give_both_family_rules_and_up_to_three_activities() -> None:
    from volresearch.instruments.answers import clean_answers

    form = vr.instrument("core.vol_work")
    assert len(form.questions) == 21
    no = dict.fromkeys(
        ("direct_community", "direct_event", "organized_regular", "organized_event", "organized_board"), "2"
    )
    rows = [
        {"activity_work": "care", "activity_hours": 4.0, "activity_through": "1", "activity_family": "1"}
    ] * 5
    given = {
        "answered_by": "2", "age": 40, **no, "direct_person": "1", "direct_person_family": "1",
        "any_12_months": "1", "activities": 3, "activity": rows,
    }  # fmt: skip
    done = clean_answers(form, given)
    assert (done.answers["volunteer_2011"], done.answers["volunteer_2013"]) == ("1", "2")
    assert len(done.answers["activity"]) == 3
    assert {row["activity_counts_2013"] for row in done.answers["activity"]} == {"2"}
    assert "any_12_months" not in done.answers
    child = clean_answers(form, {**given, "age": 14})
    assert set(child.answers) == {"answered_by", "age"}


def test_vol_work__codebook__main_table_and_activities() -> None:
    form = vr.instrument("core.vol_work")
    assert form.codebook()["volunteer_2013"].labels["1"].get_in("fr") == "Oui"
    activities = form.codebook(repeat="activity")
    assert activities["activity_hours"].unit == "hours"
    assert "activity_through_other" in activities
    assert activities["activity_goal"].missing == {"98": "dont_know"}


def test_vol_work__somebody_who_does_not_know__is_not_counted_as_no() -> None:
    from volresearch.instruments.answers import clean_answers

    form = vr.instrument("core.vol_work")
    asked = (
        "direct_person",
        "direct_community",
        "direct_event",
        "organized_regular",
        "organized_event",
        "organized_board",
    )
    given = {"answered_by": "1", "age": 40, **dict.fromkeys(asked, "2")}
    assert clean_answers(form, given).answers["volunteer_2011"] == "2"
    done = clean_answers(form, {**given, "direct_event": "8", "any_12_months": "1"})
    assert (done.answers["volunteer_2011"], done.answers["volunteer_2013"]) == ("8", "8")
    assert done.answers["any_12_months"] == "1"
    family = clean_answers(form, {**given, "direct_person": "1", "direct_person_family": "9"})
    assert (family.answers["volunteer_2011"], family.answers["volunteer_2013"]) == ("1", "8")
    assert form.codebook()["volunteer_2013"].missing == {"8": "dont_know"}
