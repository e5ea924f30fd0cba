"""Headers matched to the items of a form."""

from __future__ import annotations

import time

from volresearch.datasets.readers.form_names import Columns, folded, home_of, parted
from volresearch.datasets.readers.form_slots import identifier, slots_of
from volresearch.datasets.readers.form_versions import Place, places_of
from volresearch.instruments import Block, Choice, Instrument, Item, OtherSpecify
from volresearch.text import Text


def places(*items: Item | Block) -> tuple[Place, ...]:
    return places_of([Instrument(id="t.form", title=Text("T"), items=items)])


def found(
    given: tuple[Place, ...], *headers: str, home: tuple[str, ...] = ()
) -> dict[str, tuple[str, str, str]]:
    matched = Columns(given).match({header: header for header in headers}, home)
    return {column: (one.place.name, one.part, one.code) for column, one in matched.columns.items()}


def text(name: str, said: str = "") -> Item:
    return Item(name=name, type="text", text=Text({"en": said}) if said else Text())


def group(name: str, *items: Item | Block, kind: str = "group", said: str = "") -> Block:
    return Block(name=name, items=items, kind=kind, text=Text({"en": said}) if said else Text())  # type: ignore[arg-type]


def test_parted__mixed_separators__are_one_path() -> None:
    assert parted("a/b.c[1]/d___e") == ("a", "b", "c", "1", "d", "e")


def test_match__name_with_a_dot_inside__is_one_item() -> None:
    given = places(group("tel", text("tel.office"), text("tel.mobile")))

    assert found(given, "tel/tel.office", "tel.mobile") == {
        "tel/tel.office": ("tel_office", "answer", ""),
        "tel.mobile": ("tel_mobile", "answer", ""),
    }


def test_match__whole_path_beats_tail__and_the_other_is_told() -> None:
    given = places(group("a", text("x")))
    matched = Columns(given).match({"x": "x", "a/x": "a/x"}, ())

    assert list(matched.columns) == ["a/x"]
    assert matched.twice == {"x": "a/x"}


def test_match__case_differs__is_taken_where_nothing_fits_exactly() -> None:
    given = places(text("Age"), text("name"))

    assert found(given, "AGE", "name") == {"AGE": ("Age", "answer", ""), "name": ("name", "answer", "")}


def test_match__explicit_item_for_other__is_not_ambiguous_with_the_added_one() -> None:
    sex = Item(
        name="sex", type="one", choices=(Choice(code="f"), Choice(code="other")), other_specify=OtherSpecify()
    )

    assert found(places(sex, text("sex_other")), "sex_other") == {"sex_other": ("sex_other", "answer", "")}
    assert found(places(sex), "sex_other") == {"sex_other": ("sex", "other", "")}


def test_match__coordinates_and_media__belong_to_their_item() -> None:
    given = places(group("g", Item(name="gps", type="geopoint"), Item(name="photo", type="image")))

    assert found(given, "g/gps", "g/_gps_latitude", "_gps_longitude", "g/photo", "g/photo_URL") == {
        "g/gps": ("gps", "answer", ""),
        "g/_gps_latitude": ("gps", "latitude", ""),
        "_gps_longitude": ("gps", "longitude", ""),
        "g/photo": ("photo", "answer", ""),
        "g/photo_URL": ("photo", "file", ""),
    }


def test_match__option_that_the_form_does_not_list__stands_beside_those_it_does() -> None:
    given = places(Item(name="q", type="several", choices=(Choice(code="a"),)), text("free"))

    assert found(given, "q/a", "q/new", "free/x") == {
        "q/a": ("q", "option", "a"),
        "q/new": ("q", "option", "new"),
    }


def test_match__codes_that_names_cannot_hold__are_found_mangled() -> None:
    given = places(Item(name="q", type="several", choices=(Choice(code="-1"), Choice(code="A B"))))

    assert found(given, "q____1", "q___a_b") == {
        "q____1": ("q", "option", "-1"),
        "q___a_b": ("q", "option", "A B"),
    }


def test_match__label_of_two_questions__goes_by_order_where_both_are_there() -> None:
    given = places(text("a", "Why?"), text("b", "Why?"))
    both = Columns(given).match({"Why?": "Why?", "Why?_2": "Why?"}, ())
    lone = Columns(given).match({"Why?": "Why?"}, ())

    assert {column: one.place.name for column, one in both.columns.items()} == {"Why?": "a", "Why?_2": "b"}
    assert lone.columns == {}
    assert lone.ambiguous == {"Why?": ("a", "b")}


def test_match__label_with_a_slash_and_a_group__is_whole() -> None:
    given = places(group("g", text("x", "Yes/No. Which?"), said="About you"))

    assert found(given, "About you/Yes/No. Which?") == {"About you/Yes/No. Which?": ("x", "answer", "")}
    assert found(given, "  YES/no.  Which? ") == {"  YES/no.  Which? ": ("x", "answer", "")}


def test_match__item_of_a_repeat_in_a_flat_file__only_by_its_whole_path() -> None:
    given = places(text("name"), group("kids", text("age"), kind="repeat"))

    assert found(given, "name", "kids/age", "age") == {
        "name": ("name", "answer", ""),
        "kids/age": ("age", "answer", ""),
    }


def test_home_of__name_path_or_headers__tell_the_repeat() -> None:
    given = places(
        text("name"),
        group("hh", group("kids", text("name"), group("toys", text("name"), kind="repeat"), kind="repeat")),
    )

    assert home_of("kids", ["name"], given, False) == ("hh", "kids")
    assert home_of("hh/kids/toys", ["name"], given, False) == ("hh", "kids", "toys")
    assert home_of("hh_kids_toys", ["name"], given, False) == ("hh", "kids", "toys")
    assert home_of("Sheet2", ["hh/kids/name", "_index"], given, False) == ("hh", "kids")
    assert home_of("export", ["hh/kids/name", "_index"], given, True) == ("hh", "kids")
    assert home_of("export", ["name", "hh/kids/name"], given, True) == ()


def test_folded__markup_curls_and_case__are_the_same() -> None:
    assert folded("**Don\u2019t**  <i>know</i>") == folded("don't know")


def test_slots_of__same_name_in_two_groups__takes_as_much_path_as_needed() -> None:
    form = Instrument(
        id="t.f",
        title=Text("T"),
        items=(text("name"), group("a", text("name")), group("b", text("name"), text("age"))),
    )

    assert [slot.name for slot in slots_of(form)] == ["name", "a_name", "b_name", "age"]


def test_identifier__other_scripts__stay() -> None:
    assert identifier("ნახევარი დღე") == "ნახევარი_დღე"


def test_match__ten_thousand_columns__in_seconds() -> None:
    given = places(
        *(
            Item(name=f"q{n}", type="several", choices=tuple(Choice(code=f"o{k}") for k in range(20)))
            for n in range(500)
        )
    )
    headers = [f"q{n}/o{k}" for n in range(500) for k in range(20)]
    began = time.perf_counter()

    assert len(found(given, *headers)) == 10_000
    assert time.perf_counter() - began < 20


def test_trap_15__labels_for_names__what_forms_add_is_found_too() -> None:
    given = places(
        group(
            "g",
            Item(
                name="q",
                type="one",
                text=Text({"en": "Which?"}),
                choices=(Choice(code="a"), Choice(code="other")),
                other_specify=OtherSpecify(),
            ),
            Item(name="photo", type="image", text=Text({"en": "Photo"})),
            said="Group",
        )
    )
    assert found(given, "Group/Which?", "Group/Specify other.", "Photo", "Photo_URL") == {
        "Group/Which?": ("q", "answer", ""),
        "Group/Specify other.": ("q", "other", ""),
        "Photo": ("photo", "answer", ""),
        "Photo_URL": ("photo", "file", ""),
    }


def test_trap_15__words_that_two_questions_share__settled_by_their_order() -> None:
    given = places(text("a", "Same words"), text("b", "Same words"), text("same_2"))
    assert found(given, "Same words", "Same words_2", "same_2") == {
        "Same words": ("a", "answer", ""),
        "Same words_2": ("b", "answer", ""),
        "same_2": ("same_2", "answer", ""),
    }
