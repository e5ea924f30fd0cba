"""Versions of one form brought together."""

from __future__ import annotations

import pandas as pd
import pytest

from volresearch.datasets.readers.form_versions import places_of, version_column, versions_in, widest
from volresearch.instruments import Block, Choice, Instrument, Item
from volresearch.text import Text


def form(version: str, *items: Item | Block, setting: str = "") -> Instrument:
    settings = {"version": setting} if setting else {}
    return Instrument(id="t.form", title=Text("T"), version=version, items=items, settings=settings)


def test_places_of__moved_group__is_the_same_item_with_both_paths() -> None:
    item = Item(name="age", type="integer")
    places = places_of([form("1", Block(name="a", items=(item,))), form("2", Block(name="b", items=(item,)))])

    assert len(places) == 1
    assert [slot.path for slot in places[0].slots.values()] == [("a", "age"), ("b", "age")]


def test_places_of__item_left_out_later__stands_at_the_end() -> None:
    a, b = Item(name="a", type="text"), Item(name="b", type="text")

    assert [(place.name, sorted(place.slots)) for place in places_of([form("1", a, b), form("2", b)])] == [
        ("b", [0, 1]),
        ("a", [0]),
    ]


def test_places_of__labels_of_all_versions__newest_wins_and_old_codes_stay() -> None:
    old = Item(
        name="q",
        type="one",
        text=Text({"en": "Old"}),
        choices=(Choice(code="a", label=Text({"en": "A", "es": "Á"})), Choice(code="z")),
    )
    new = Item(
        name="q", type="one", text=Text({"en": "New"}), choices=(Choice(code="a", label=Text({"en": "A!"})),)
    )

    (place,) = places_of([form("1", old), form("2", new)])

    assert place.variable is not None
    assert dict(place.variable.labels) == {"a": Text({"en": "A!", "es": "Á"}), "z": Text("z")}
    assert place.variable.label.get_in("en") == "New"
    assert place.differ == ("a",)


def test_places_of__same_name_in_two_repeats__are_two() -> None:
    item = Item(name="name", type="text")
    places = places_of([form("1", item, Block(name="kids", kind="repeat", items=(item,)))])

    assert [(place.name, place.repeat) for place in places] == [("name", ()), ("name", ("kids",))]


@pytest.mark.parametrize(
    ("types", "wide"),
    [(["code", "multiple"], "multiple"), (["multiple", "code"], "multiple"), (["date", "datetime"], "datetime"), (["code", "text"], "code"),
     (["code", "integer"], "text"), (["multiple", "number"], "text"), ([], "text")],
)  # fmt: skip
def test_widest__holds_the_values_of_all(types: list[str], wide: str) -> None:
    assert widest(types) == wide


@pytest.mark.parametrize(
    "header", ["__version__", "_version_", "meta/versionID", "formhub/version", "version", "data.__version__"]
)
def test_version_column__every_spelling__is_found(header: str) -> None:
    assert version_column({"q1": "q1", "x": header}) == "x"
    assert version_column({"q1": "q1", "conversion": "conversion"}) is None


def test_versions_in__numbers_settings_and_strangers__are_told_apart() -> None:
    forms = [form("2024010101"), form("1", setting="vB")]
    cells = pd.Series([2024010101.0, None], dtype="float64")

    assert versions_in(cells, forms).tolist() == [0, -1]
    assert versions_in(pd.Series(["vB", "x", None, "1"], dtype="str"), forms).tolist() == [1, -1, -1, 1]
