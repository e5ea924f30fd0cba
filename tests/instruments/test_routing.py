"""Routing reaches every item and ends, or the counter-example is told."""

from __future__ import annotations

import pytest

import volresearch as vr
from volresearch.instruments import Block, Choice, Formula, Instrument, Item
from volresearch.instruments.routing import check_routing, routing_faults
from volresearch.text import Text

YES_NO = (Choice(code="1"), Choice(code="2"), Choice(code="8", missing="dont_know"))


def form(*items: Item | Block) -> Instrument:
    return Instrument(id="t.a", title=Text("A"), items=items)


def one(name: str, ask_if: str = "", **more: object) -> Item:
    return Item(name=name, type="one", choices=YES_NO, ask_if=Formula.of(ask_if) if ask_if else None, **more)


def told(*items: Item | Block) -> list[str]:
    return [fault.message for fault in routing_faults(form(*items))]


def test_routing__reachable_chain__no_fault() -> None:
    assert (
        told(
            Item(name="age", type="integer", constraint=Formula("age >= 0 and age <= 120")),
            one("a", "age >= 15"),
            one("b", "a == '1'"),
            Item(name="n", type="calculate", calculation=Formula("age * 2")),
            one("c", "n > 60 and b != '2'"),
        )
        == []
    )


def test_routing__code_that_does_not_exist__item_unreachable() -> None:
    said = told(one("a"), one("b", "a == '3'"))
    assert said == ["""No answers lead to "b": it is asked if a == '3', which is false for a = '1'."""]


def test_routing__contradiction_across_blocks__counter_example_names_the_false_condition() -> None:
    said = told(
        Item(name="age", type="integer", required=True),
        Block(name="adults", ask_if=Formula("age >= 15"), items=(one("school", "age < 12"),)),
    )
    assert len(said) == 1
    assert 'No answers lead to "school"' in said[0]
    assert "age = " in said[0]


def test_routing__follows_an_item_that_is_never_asked__unreachable() -> None:
    said = told(one("a"), one("b", "a == '1' and a == '2'"), one("c", "b == '1'"))
    assert [message.split('"')[1] for message in said] == ["b", "c"]


def test_routing__item_waits_for_a_later_one__told() -> None:
    said = told(one("a", "b == '1'"), one("b"))
    assert said == [
        """Whether "a" is asked depends on "b", which is not answered before it (ask_if: b == '1')."""
    ]


def test_routing__through_a_calculation__later_item_told() -> None:
    said = told(
        one("a", "n == 2"),
        Item(name="b", type="integer"),
        Item(name="n", type="calculate", calculation=Formula("b + 1")),
    )
    assert 'depends on "b"' in said[0]


def test_routing__calculations_in_a_circle__told_with_the_way() -> None:
    said = told(
        Item(name="x", type="calculate", calculation=Formula("y + 1")),
        Item(name="y", type="calculate", calculation=Formula("x + 1")),
    )
    assert said[0] == 'The calculation of "x" goes in a circle: x -> y -> x.'


def test_routing__repeat_counted_by_its_own_item__told() -> None:
    said = told(
        Block(name="trips", kind="repeat", count=Formula("n"), items=(Item(name="n", type="integer"),)),
    )
    assert 'How often "trips" is repeated depends on "n"' in said[0]


def test_routing__required_answer_that_nothing_satisfies__dead_end_with_the_answers() -> None:
    said = told(
        Item(name="low", type="integer", required=True, constraint=Formula("low >= 0 and low <= 3")),
        Item(name="high", type="integer", required=True, constraint=Formula("high > low and high <= 3")),
    )
    assert said == [
        '"high" must be answered, but its constraint high > low and high <= 3 allows no answer for low = 3.'
    ]


def test_routing__verbatim_condition__counts_as_reachable() -> None:
    item = one("b")
    kept = Item(
        name="b", type="one", choices=item.choices, ask_if=Formula.kept("once(random()) > 0.5", "xpath")
    )
    assert told(one("a"), kept, one("c", "b == '1'")) == []


def test_routing__text_compared_with_number__told() -> None:
    said = told(one("a", required=True), one("b", "a == 1"))
    assert "different types" in said[0]


@pytest.mark.parametrize(
    "items",
    [
        (
            Item(name="mail", type="text"),
            Item(name="z", type="note", ask_if=Formula("matches(mail, '[a-z]+@[a-z]+')")),
        ),
        (Item(name="a", type="integer"), Item(name="z", type="note", ask_if=Formula("a * a == 1369"))),
        (
            Item(name="who", type="metadata"),
            Item(name="z", type="note", ask_if=Formula("who == 'x' and who != 'x'")),
        ),
    ],
    ids=["pattern", "arithmetic", "device"],
)
def test_routing__what_cannot_be_tried_out__undecided_not_claimed(items: tuple[Item, ...]) -> None:
    found = check_routing(form(*items))
    assert (found.faults, found.undecided) == ((), ("z",))


def test_routing__too_many_answers_to_try__named_as_undecided() -> None:
    many = [one(f"q{i}") for i in range(20)]
    never = " and ".join(f"q{i} == '1'" for i in range(20)) + " and q0 == '2'"
    built = form(*many, one("z", never))
    found = check_routing(built)
    assert (found.undecided, found.faults) == (("z",), ())


@pytest.mark.parametrize("id", [id for id in vr.list_instruments()["id"] if id.startswith("core.")])
def test_routing__core_instruments__every_item_is_reached(id: str) -> None:
    built = vr.instrument(id)
    found = check_routing(built)
    assert [fault.message for fault in found.faults] == []
    assert found.undecided == ()
