"""Answers that obey the routing: what was asked, what stands, and the law that constraints then hold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import volresearch as vr
from volresearch.instruments import Block, Choice, Formula, Instrument, Item, OtherSpecify
from volresearch.instruments.answers import Dropped, clean_answers, holds
from volresearch.text import Text

YES_NO = (Choice(code="1"), Choice(code="2"), Choice(code="9", missing="refused"))

FORM = Instrument(
    id="t.a",
    title=Text("A"),
    items=(
        Item(name="age", type="integer", constraint=Formula("age >= 0 and age <= 120")),
        Item(
            name="helped",
            type="one",
            choices=YES_NO,
            ask_if=Formula("age >= 15"),
            other_specify=OtherSpecify(code="2"),
        ),
        Item(name="total", type="integer", constraint=Formula("total >= 0"), ask_if=Formula("helped == '1'")),
        Item(name="double", type="calculate", calculation=Formula("total * 2")),
        Block(
            name="trips",
            kind="repeat",
            at_most=2,
            ask_if=Formula("helped == '1'"),
            items=(
                Item(name="hours", type="decimal", constraint=Formula("hours > 0 and hours <= total")),
                Item(name="paid", type="several", choices=YES_NO, ask_if=Formula("hours > 1")),
            ),
        ),
    ),
)


def test_clean__answer_to_what_was_not_asked__dropped_with_all_that_hangs_on_it() -> None:
    done = clean_answers(FORM, {"age": 10, "helped": "1", "total": 5, "trips": [{"hours": 2.0}]})
    assert done.answers == {"age": 10}
    assert [(one.name, one.reason) for one in done.dropped] == [
        ("helped", "not_asked"),
        ("total", "not_asked"),
        ("hours", "not_asked"),
    ]


def test_clean__invalid_age__nothing_after_it_is_asked() -> None:
    done = clean_answers(FORM, {"age": 500, "helped": "1"})
    assert done.answers == {}
    assert done.dropped[0] == Dropped("age", "invalid")


def test_clean__repeats__cut_at_most_and_judged_row_by_row() -> None:
    rows = [{"hours": 2.0, "paid": "1 9"}, {"hours": 9.0, "paid": "1"}, {"hours": 1.0}]
    done = clean_answers(FORM, {"age": 30, "helped": "1", "total": 4, "trips": rows})
    assert done.answers["trips"] == ({"hours": 2.0, "paid": "1 9"}, {})
    assert done.answers["double"] == 8
    assert [(one.name, one.reason, one.iteration) for one in done.dropped] == [
        ("hours", "invalid", 1),
        ("paid", "not_asked", 1),
        ("hours", "not_asked", 2),
    ]


@pytest.mark.parametrize(("answer", "stands"), [("1", False), ("2", True)])
def test_clean__other_specify__stands_with_its_code_only(answer: str, stands: bool) -> None:
    done = clean_answers(FORM, {"age": 30, "helped": answer, "helped_other": "words"})
    assert ("helped_other" in done.answers) is stands


def test_clean__code_that_is_not_offered__invalid() -> None:
    assert clean_answers(FORM, {"age": 30, "helped": "7"}).dropped == (Dropped("helped", "invalid"),)


def values(form: Instrument, item: Item) -> st.SearchStrategy[Any]:
    codes = [choice.code for choice in form.choices_of(item)]
    if item.type == "one":
        return st.none() | st.sampled_from([*codes, "nonsense"])
    if codes:
        return st.none() | st.lists(st.sampled_from([*codes, "nonsense"]), max_size=3).map(" ".join)
    if item.type in {"integer", "decimal"}:
        return st.none() | st.integers(-5, 700)
    return st.none() | st.text(max_size=3)


def answer_sets(form: Instrument) -> st.SearchStrategy[dict[str, Any]]:
    def of(entries: tuple[Item | Block, ...]) -> dict[str, st.SearchStrategy[Any]]:
        out: dict[str, st.SearchStrategy[Any]] = {}
        for entry in entries:
            if isinstance(entry, Item):
                out[entry.name] = values(form, entry)
            elif entry.kind == "repeat":
                out[entry.name] = st.lists(st.fixed_dictionaries(of(entry.items)), max_size=4)
            else:
                out |= of(entry.items)
        return out

    return st.fixed_dictionaries(of(form.items))


def broken(form: Instrument, answers: dict[str, Any]) -> list[str]:
    """Name what is answered against routing, constraint, codes or bounds, judged with all answers at hand."""
    out: list[str] = []

    def look(
        entries: tuple[Item | Block, ...], given: dict[str, Any], scope: dict[str, Any], open_: bool
    ) -> None:
        for entry in entries:
            asked = open_ and bool(holds(entry.ask_if, scope))
            if isinstance(entry, Item):
                value = given.get(entry.name)
                if value is None:
                    continue
                codes = {choice.code for choice in form.choices_of(entry)}
                allowed = not codes or set(str(value).split()) <= codes
                if not asked or not allowed or holds(entry.constraint, scope) is False:
                    out.append(entry.name)
            elif entry.kind == "repeat":
                rows = given.get(entry.name, ())
                if len(rows) > (entry.at_most or len(rows)):
                    out.append(entry.name)
                for row in rows:
                    look(entry.items, row, {**scope, **dict.fromkeys(names_below(entry)), **row}, asked)
            else:
                look(entry.items, given, scope, asked)

    look(form.items, answers, {**dict.fromkeys(form.names), **answers}, True)
    return out


def names_below(block: Block) -> list[str]:
    return [entry.name for entry in block.items]


FORMS = [FORM, *(vr.instrument(id) for id in vr.list_instruments()["id"] if id.startswith("core."))]


@pytest.mark.parametrize("form", FORMS, ids=[form.id for form in FORMS])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_law__any_answers_after_filtering__never_break_routing_or_constraints(
    form: Instrument, data: st.DataObject
) -> None:
    done = clean_answers(form, data.draw(answer_sets(form)))
    assert broken(form, dict(done.answers)) == []
    assert clean_answers(form, done.answers).answers == done.answers
