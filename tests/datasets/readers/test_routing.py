"""Why cells are empty: every expectation is worked out by hand from the condition and the row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from volresearch.datasets.readers.forms import lay_forms
from volresearch.datasets.readers.found import Asked, Found, Link, RawTable
from volresearch.datasets.readers.routing import routed
from volresearch.datasets.typed import reasons_of
from volresearch.instruments import Block, Choice, Formula, Instrument, Item, OtherSpecify
from volresearch.text import Text

YESNO = (Choice(code="1"), Choice(code="0"), Choice(code="9", missing="refused"))


def form_of(*items: Item | Block, version: str = "1") -> Instrument:
    return Instrument(id="t.form", title=Text("T"), items=items, version=version)


def frame_of(columns: Mapping[str, Sequence[str | None]]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.array(list(cells), dtype="str") for name, cells in columns.items()})


def laid_and_routed(tables: Sequence[RawTable], *forms: Instrument) -> Found:
    """Lay forms over tables, give numbers their type, and tell why cells are empty."""
    asked = Asked(Path("data.csv"), forms=forms)
    found = lay_forms(Found("csv", tuple(tables)), asked)
    numeric = tuple(
        table.with_(
            frame=table.frame.assign(
                **{
                    name: pd.to_numeric(table.frame[name])
                    for name, one in table.variables.items()
                    if one.numeric
                }
            )
        )
        for table in found.tables
    )
    return routed(found.with_(tables=numeric), asked)


def one(columns: Mapping[str, Sequence[str | None]], *forms: Instrument) -> Found:
    return laid_and_routed([RawTable("main", frame_of(columns))], *forms)


def reasons(found: Found, name: str, table: int = 0) -> list[str | None]:
    """Return why each cell is missing, None for answers."""
    place = found.tables[table]
    out = reasons_of(place.frame, place.variables[name])
    return [None if pd.isna(reason) else reason for reason in out]


def notes(found: Found) -> str:
    return "\n".join(str(note) for note in found.notes)


HELPS = Item(name="helps", type="one", choices=YESNO)
HOURS = Item(name="hours", type="integer", ask_if=Formula("helps == '1'"))


def test_routed__condition_true_false_unknown__tells_three_kinds_of_empty() -> None:
    found = one(
        {"helps": ["1", "1", "0", None, "9", "0"], "hours": ["5", None, None, None, None, "3"]},
        form_of(HELPS, HOURS),
    )

    # refused (9) makes the condition unknown: not asked
    assert reasons(found, "hours") == [None, "no_answer", "not_asked", "not_asked", "not_asked", None]
    assert reasons(found, "helps") == [None, None, None, "no_answer", "refused", None]
    assert "Answers where the form asks nothing are kept: hours (1)" in notes(found)
    assert found.main.frame["hours"][5] == 3


def test_routed__one_reason_for_all__stands_in_the_variable_and_needs_no_companion() -> None:
    asked = one({"helps": ["1", "1"], "hours": ["5", None]}, form_of(HELPS, HOURS))
    skipped = one({"helps": ["0", "0"], "hours": [None, None]}, form_of(HELPS, HOURS))

    assert list(asked.main.frame) == list(skipped.main.frame) == ["helps", "hours"]
    assert asked.main.variables["hours"].blank == "no_answer"
    assert skipped.main.variables["hours"].blank == "not_asked"


def test_routed__companion__stands_beside_its_column() -> None:
    found = one({"helps": ["1", "0"], "hours": [None, None], "x": ["a", "b"]}, form_of(HELPS, HOURS))

    assert list(found.main.frame) == ["helps", "hours", "hours__why", "x"]
    assert found.main.frame["hours__why"].tolist() == ["no_answer", "not_asked"]


def test_routed__block_around__counts_with_the_items_own_condition() -> None:
    block = Block(name="b", ask_if=Formula("age >= 15"), items=(HELPS, HOURS))
    form = form_of(Item(name="age", type="integer"), block)

    found = one(
        {"age": ["20", "9", "15", None], "helps": ["1", None, None, None], "hours": [None, None, None, None]},
        form,
    )

    assert reasons(found, "helps") == [None, "not_asked", "no_answer", "not_asked"]
    assert reasons(found, "hours") == ["no_answer", "not_asked", "not_asked", "not_asked"]


def test_routed__words_of_other__are_asked_of_those_who_chose_it() -> None:
    one_of = Item(
        name="sex", type="one", choices=(Choice(code="f"), Choice(code="other")), other_specify=OtherSpecify()
    )
    many = Item(
        name="how",
        type="several",
        choices=(Choice(code="a"), Choice(code="other")),
        other_specify=OtherSpecify(),
    )

    found = one(
        {
            "sex": ["f", "other", "other"], "sex_other": [None, "x", None],
            "how": ["a other", "a", None], "how_other": [None, None, None],
        },
        form_of(one_of, many),
    )  # fmt: skip

    assert reasons(found, "sex_other") == ["not_asked", None, "no_answer"]
    assert reasons(found, "how_other") == ["no_answer", "not_asked", "not_asked"]


def test_routed__repeat__sees_the_rows_above_it() -> None:
    inner = Item(name="school", type="text", ask_if=Formula("age >= 6 and helps == '1'"))
    form = form_of(HELPS, Block(name="kids", kind="repeat", items=(Item(name="age", type="integer"), inner)))
    main = RawTable(
        "main", frame_of({"_index": ["1", "2", "3"], "helps": ["1", "0", "1"]}), hidden=frozenset({"_index"})
    )
    kids = RawTable(
        "kids",
        frame_of(
            {
                "_parent_index": ["1", "1", "2", "9"],
                "age": ["7", "3", "8", "9"],
                "school": [None, None, None, None],
            }
        ),
        link=Link("main", "_index", "_parent_index"),
        hidden=frozenset({"_parent_index"}),
    )

    found = laid_and_routed([main, kids], form)

    # rows: 7 of a helper; 3 of a helper; 8 of no helper; 9 of a parent who is not in the file
    assert reasons(found, "school", table=1) == ["no_answer", "not_asked", "not_asked", "not_asked"]


def test_routed__several_answers__condition_on_a_chosen_code() -> None:
    tools = Item(name="tools", type="several", choices=(Choice(code="saw"), Choice(code="axe")))
    size = Item(name="size", type="integer", ask_if=Formula("selected(tools, 'saw')"))

    found = one(
        {"tools": ["saw axe", "axe", "", None], "size": [None, None, None, None]}, form_of(tools, size)
    )

    assert reasons(found, "size") == ["no_answer", "not_asked", "not_asked", "not_asked"]


def test_routed__condition_kept_word_for_word__is_named_in_one_note() -> None:
    odd = Item(name="odd", type="text", ask_if=Formula.kept("once(random()) > 0.5", "xpath"))
    even = Item(name="even", type="text", ask_if=Formula.kept("jr:choice-name(1)", "xpath"))

    found = one({"odd": ["x", None], "even": [None, None]}, form_of(odd, even))

    assert reasons(found, "odd") == [None, "not_asked"]
    assert (
        "kept word for word and are not tried here, so that an empty cell counts as not asked: odd, even"
        in notes(found)
    )


def test_routed__condition_names_what_is_not_in_the_file__is_told_apart() -> None:
    found = one({"hours": ["1", None]}, form_of(HELPS, HOURS))

    assert reasons(found, "hours") == [None, "not_asked"]
    assert "Their conditions name what is not in the file or is of another type" in notes(found)


def test_routed__reason_that_is_known_already__stays() -> None:
    table = RawTable(
        "main",
        frame_of(
            {
                "helps": ["1", "0", "0"],
                "hours": [None, None, None],
                "hours__why": ["refused", "no_answer", None],
            }
        ),
    )

    found = laid_and_routed([table], form_of(HELPS, HOURS))

    # "refused" was declared; "no_answer" says no more than empty, and the form knows better
    assert reasons(found, "hours") == ["refused", "not_asked", "not_asked"]


def test_routed__reason_that_every_empty_cell_was_declared_to_have__stays() -> None:
    form = form_of(HELPS, HOURS)
    asked = Asked(Path("data.csv"), forms=(form,))
    found = lay_forms(
        Found("csv", (RawTable("main", frame_of({"helps": ["1", "0"], "hours": [None, None]})),)), asked
    )
    declared = found.main.variables["hours"].model_copy(update={"blank": "refused"})
    table = found.main.with_(variables={**found.main.variables, "hours": declared})

    assert reasons(routed(found.with_(tables=(table,)), asked), "hours") == ["refused", "refused"]


def test_routed__file_that_marks_what_was_not_asked__says_by_empty_that_it_was() -> None:
    odd = Item(name="odd", type="text", ask_if=Formula.kept("!is_empty(q)", "limesurvey"))
    asked = Asked(Path("data.csv"), forms=(form_of(odd),), missing={"N/A": "not_asked"})

    found = lay_forms(Found("csv", (RawTable("main", frame_of({"odd": ["N/A", None, "x"]})),)), asked)
    frame = found.main.frame.assign(odd=[None, None, "x"], odd__why=["not_asked", None, None]).astype("str")
    out = routed(found.with_(tables=(found.main.with_(frame=frame),)), asked)

    assert reasons(out, "odd") == ["not_asked", "no_answer", None]


def test_routed__steps__count_every_reason() -> None:
    found = one({"helps": ["1", "0", "0", None], "hours": [None, None, None, None]}, form_of(HELPS, HOURS))

    step = found.steps[-1]
    assert step.kind == "routed"
    assert dict(step.details["reasons"]) == {"no_answer": 2, "not_asked": 3}


def test_routed__sides_and_waves__are_left_as_the_form_says() -> None:
    item = Item(name="training", type="text", sides=("host",))
    form = Instrument(id="t.f", title=Text("T"), items=(HELPS, item), sides=({"name": "host"},))  # type: ignore[arg-type]

    found = one({"helps": ["1"], "training": [None]}, form)

    assert reasons(found, "training") == ["not_asked"]


def test_trap_22__item_that_a_version_does_not_have__is_not_in_version() -> None:
    first = form_of(HELPS, version="v1")
    second = form_of(HELPS, HOURS, version="v2")

    found = one(
        {
            "__version__": ["v1", "v1", "v2", "v2", "v0"],
            "helps": ["1", "0", "1", "0", "1"],
            "hours": [None] * 5,
        },
        first,
        second,
    )

    # v0 is no version that was given: it is read as the newest
    assert reasons(found, "hours") == [
        "not_in_version",
        "not_in_version",
        "no_answer",
        "not_asked",
        "no_answer",
    ]
    assert "none of those given; they are read as the newest: 1 rows" in notes(found)


def test_trap_22__condition_that_changed__is_tried_in_the_version_of_the_row() -> None:
    first = form_of(HELPS, HOURS, version="v1")
    second = form_of(HELPS, HOURS.model_copy(update={"ask_if": None}), version="v2")

    found = one({"version": ["v1", "v2"], "helps": ["0", "0"], "hours": [None, None]}, first, second)

    assert reasons(found, "hours") == ["not_asked", "no_answer"]


def test_trap_22__version_of_the_parent__counts_in_a_repeat() -> None:
    name, age = Item(name="name", type="text"), Item(name="age", type="integer")
    first = form_of(HELPS, Block(name="kids", kind="repeat", items=(name,)), version="1")
    second = form_of(HELPS, Block(name="kids", kind="repeat", items=(name, age)), version="2")
    main = RawTable(
        "main",
        frame_of({"_index": ["1", "2"], "_version_": ["1", "2"], "helps": ["1", "1"]}),
        hidden=frozenset({"_index", "_version_"}),
    )
    kids = RawTable(
        "kids", frame_of({"_parent_index": ["1", "2"], "name": ["A", "B"], "age": [None, None]}),
        link=Link("main", "_index", "_parent_index"), hidden=frozenset({"_parent_index"}),
    )  # fmt: skip

    found = laid_and_routed([main, kids], first, second)

    assert reasons(found, "age", table=1) == ["not_in_version", "no_answer"]


def test_routed__nothing_chosen_where_nothing_was_asked__is_not_asked() -> None:
    tools = Item(
        name="tools",
        type="several",
        choices=(Choice(code="saw"), Choice(code="axe")),
        ask_if=Formula("helps == '1'"),
    )

    found = one(
        {
            "helps": ["1", "0", "0", "1"],
            "tools/saw": ["False", "False", "True", None],
            "tools/axe": ["False", "False", "False", None],
        },
        form_of(HELPS, tools),
    )

    assert reasons(found, "tools") == [None, "not_asked", None, "no_answer"]
    assert found.main.frame["tools"].isna().tolist() == [False, True, False, True]
    assert "Nothing chosen where nothing was asked is no answer and counts as not asked: tools (1)" in notes(
        found
    )
    assert "Answers where the form asks nothing are kept: tools (1)" in notes(found)


def test_routed__item_of_a_repeat_with_the_name_of_a_main_item__leaves_the_main_one_alone() -> None:
    inner = Item(name="age", type="integer", ask_if=Formula("helps == '0'"))
    form = form_of(HELPS, Item(name="age", type="integer"), Block(name="kids", kind="repeat", items=(inner,)))

    found = one({"helps": ["1"], "age": [None]}, form)

    assert reasons(found, "age") == ["no_answer"]


def test_routed__flat_file__answers_of_the_repeat_have_their_condition() -> None:
    inner = Item(name="school", type="text", ask_if=Formula("helps == '1'"))

    found = one(
        {"helps": ["1", "0"], "kids/school": [None, None]},
        form_of(HELPS, Block(name="kids", kind="repeat", items=(inner,))),
    )

    assert reasons(found, "school") == ["no_answer", "not_asked"]


def test_routed__condition_that_names_nothing__holds_in_every_row_or_in_none() -> None:
    always, never = (
        Item(name=word, type="text", ask_if=Formula(f"1 == {n}")) for word, n in (("always", 1), ("never", 2))
    )

    found = one({"always": [None], "never": [None]}, form_of(always, never))

    assert (reasons(found, "always"), reasons(found, "never")) == (["no_answer"], ["not_asked"])


def test_routed__without_a_form__changes_nothing() -> None:
    found = Found("csv", (RawTable("main", frame_of({"a": [None, "1"]})),))

    assert routed(found, Asked(Path("data.csv"))) is found


def test_routed__many_rows__are_judged_in_columns() -> None:
    n = 200_000
    rows: dict[str, Any] = {"helps": ["1", "0"] * (n // 2), "hours": [None] * n}

    found = one(rows, form_of(HELPS, HOURS))

    assert dict(found.steps[-1].details["reasons"]) == {"no_answer": n // 2, "not_asked": n // 2}
