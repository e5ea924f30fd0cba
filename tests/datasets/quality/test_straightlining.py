"""Blocks of items with one scale."""

from __future__ import annotations

import pytest

from volresearch.datasets import Variable

SCALE = {"1": "Never", "2": "Seldom", "3": "Often", "9": "No answer"}


def items(names: str, **more) -> list[Variable]:
    return [
        Variable(name=name, type="code", labels=SCALE, missing={"9": "refused"}, **more) for name in names
    ]


@pytest.mark.parametrize("lazy", [False, True])
def test_straightlining__block__is_counted_of_those_who_answered_four(make, lazy) -> None:
    columns = {
        "a": ["1", "2", "9", "3", None],
        "b": ["1", "1", "2", "3", None],
        "c": ["1", "2", "2", "3", "1"],
        "d": ["1", "2", "2", "3", "1"],
        "e": ["1", "2", "2", "9", "1"],
    }
    quality = make(columns, items("abcde"), lazy=lazy).check()
    # Rows 1, 3 and 4 do not vary; row 5 has three answers only.
    (found,) = [one for one in quality.findings if one.topic == "straightlining"]
    assert (
        found.said()
        == "Same answer to all items of the block a to e (5 items): 3 of 4 who answered four or more (75.0%)"
    )
    assert quality.value("straightlining", "a … e") == 0.75
    assert found.level == "warning"


def test_straightlining__three_items_or_two_answers__are_no_block(make) -> None:
    yes = [Variable(name=name, type="code", labels={"y": "Yes", "n": "No"}) for name in "wxyz"]
    columns = {**{name: ["1"] for name in "abc"}, **{name: ["y"] for name in "wxyz"}}
    assert make(columns, [*items("abc"), *yes]).check().measures["topic"].eq("straightlining").sum() == 0


def test_straightlining__another_item_between__ends_the_block(make) -> None:
    columns = {name: ["1"] for name in ("a", "b", "c", "x", "d", "e", "f", "g")}
    quality = make(columns, [*items("abc"), Variable(name="x"), *items("defg")]).check()
    assert [one.variable for one in quality.numbers if one.topic == "straightlining"] == ["d … g"]
