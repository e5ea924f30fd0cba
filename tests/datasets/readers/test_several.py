"""Questions with several answers: split and joined columns."""

from __future__ import annotations

import pandas as pd
import pytest

from volresearch.datasets.readers.several import decoded, split_codes


def table(**columns: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype="str")


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("True", "False"),
        ("TRUE", "FALSE"),
        ("1", "0"),
        ("yes", "no"),
        ("Y", None),
        ("Checked", "Unchecked"),
        ("1.0", "0.0"),
    ],
)
def test_trap_18__words_of_yes_and_no__the_same_answer(yes: str, no: str | None) -> None:
    frame = table(a=[yes, no, no], b=[yes, yes, no], c=[no, no, yes])
    values, notes = decoded(frame, "q", {"red": "a", "blue": "b", "pink": "c"})
    assert values.tolist() == ["red blue", "blue", "pink"]
    assert not notes


def test_trap_18__every_split_cell_empty__missing_and_not_nothing_chosen() -> None:
    frame = table(a=["0", None, "1"], b=["0", None, None])
    values, _ = decoded(frame, "q", {"red": "a", "blue": "b"})
    assert values.isna().tolist() == [False, True, False]
    assert values[0] == ""
    assert values[2] == "red"


def test_trap_18__every_split_cell_says_not_answered__the_text_is_kept_for_its_reason() -> None:
    frame = table(a=["n/a", "n/a", "True"], b=["n/a", "False", "n/a"])
    values, notes = decoded(frame, "q", {"red": "a", "blue": "b"}, blanks={"n/a"})
    assert values.tolist() == ["n/a", "", "red"]
    assert not notes


def test_trap_19__split_and_joined_disagree__joined_wins_with_the_rows() -> None:
    frame = table(q=["red", "red blue", "blue"], a=["1", "0", "0"], b=["0", "1", "1"])
    values, notes = decoded(frame, "q", {"red": "a", "blue": "b"}, "q")
    assert values.tolist() == ["red", "red blue", "blue"]
    assert len(notes) == 1
    assert "disagree in 1 rows (2)" in notes[0].message


def test_trap_19__joined_cell_empty__the_split_columns_count() -> None:
    frame = table(q=[None, None, None, "n/a"], a=["1", "0", None, "1"], b=["0", "0", None, "0"])
    values, notes = decoded(frame, "q", {"red": "a", "blue": "b"}, "q", blanks={"n/a"})
    assert values[0] == "red"
    assert values[1] == ""
    assert values.isna()[2]
    assert values[3] == "red"
    assert not notes


def test_trap_19__a_code_without_a_column__is_no_disagreement() -> None:
    frame = table(q=["none"], a=["False"], b=["False"])
    values, notes = decoded(frame, "q", {"red": "a", "blue": "b"}, "q", codes=["red", "blue", "none"])
    assert values.tolist() == ["none"]
    assert not notes


def test_decoded__order_of_the_joined_cell__is_kept() -> None:
    frame = table(q=["blue red"], a=["1"], b=["1"])
    assert decoded(frame, "q", {"red": "a", "blue": "b"}, "q").values.tolist() == ["blue red"]


def test_trap_07__codes_with_spaces__longest_match_and_underscore() -> None:
    frame = table(q=["first aid teach", "first", None])
    values, notes = decoded(frame, "q", {}, "q", codes=["first", "first aid", "teach"])
    assert values[0] == "first_aid teach"
    assert values[1] == "first"
    assert values.isna()[2]
    assert "first aid" in notes[0].message


def test_decoded__joined_labels__become_codes() -> None:
    frame = table(q=["First aid Teaching children"])
    values, _ = decoded(
        frame, "q", {}, "q", codes=["aid", "teach"], words={"First aid": "aid", "Teaching children": "teach"}
    )
    assert values.tolist() == ["aid teach"]


def test_decoded__text_that_is_neither_yes_nor_no__noted_with_its_count() -> None:
    frame = table(a=["1", "maybe"], b=["0", "1"])
    values, notes = decoded(frame, "q", {"red": "a", "blue": "b"})
    assert values.tolist() == ["red", "blue"]
    assert '"maybe" (1)' in notes[0].message


def test_decoded__codes_that_no_option_has__noted_and_kept() -> None:
    frame = table(q=["red green"])
    values, notes = decoded(frame, "q", {}, "q", codes=["red"])
    assert values.tolist() == ["red green"]
    assert '"green"' in notes[0].message


def test_decoded__numbers_and_booleans_of_a_typed_frame__are_read_alike() -> None:
    frame = pd.DataFrame({"a": [1.0, 0.0, None], "b": pd.array([True, False, None], dtype="boolean")})
    values, notes = decoded(frame, "q", {"red": "a", "blue": "b"})
    assert values[:2].tolist() == ["red blue", ""]
    assert values.isna()[2]
    assert not notes


def test_decoded__more_options_than_bits_in_a_number__each_is_kept() -> None:
    options = {f"o{at}": f"c{at}" for at in range(100)}
    frame = pd.DataFrame({f"c{at}": ["1" if at % 7 == 0 else "0", "0"] for at in range(100)}, dtype="str")
    values, _ = decoded(frame, "q", options)
    assert values[0].split() == [f"o{at}" for at in range(0, 100, 7)]
    assert values[1] == ""


def test_split_codes__longest_first__found() -> None:
    assert split_codes("a b c", ["a b", "c", "a"]) == ["a b", "c"]
