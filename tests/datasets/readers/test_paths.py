"""Headers as paths."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from volresearch.datasets.readers.paths import (
    LONGER,
    TAIL,
    WHOLE,
    indexed,
    match,
    matched,
    parts,
    separator_of,
    tails,
)


def test_trap_17__names_with_dots_beside_slashes__the_dot_is_part_of_the_name() -> None:
    assert separator_of(["children/ice.creams", "tel/tel.office", "age"]) == "/"
    assert parts("children/ice.creams/vanilla", "/") == ("children", "ice.creams", "vanilla")
    assert parts("ice.creams", "/") == ("ice.creams",)


def test_trap_17__hyphens_of_central__are_separators_only_there() -> None:
    assert separator_of(["SubmissionDate", "meta-instanceID", "house-age"]) == "-"
    assert separator_of(["e-mail", "age"]) == ""


def test_separator__words_with_a_slash_between_spaces__none() -> None:
    assert separator_of(["Age", "Yes / no"]) == ""


def test_indexed__nested_repeats__paths_and_numbers() -> None:
    assert indexed("a/b[10]/c/d[2]/e") == (("a/b", "a/b/c/d"), (10, 2))
    assert indexed("b[1].c") == (("b",), (1,))
    assert indexed("Q1[1]") == ((), ())


def test_tails__a_path__longest_first() -> None:
    assert tails("a/b[1]/c") == ("a/b/c", "b/c", "c")


def test_match__separators_of_every_tool__the_same_question() -> None:
    for header in ("tel/tel.office", "tel.tel.office", "tel-tel.office", "tel___tel.office"):
        assert match(header, "tel/tel.office") == WHOLE
    assert match("tel.office", "tel/tel.office") == TAIL
    assert match("office", "tel/tel.office") == 0
    assert match("data/tel/tel.office", "tel/tel.office") == LONGER


def test_trap_16__prefix_absent_or_partly_stripped__matched_by_tail_then_path() -> None:
    found = matched(
        ["sub/name", "age", "group/sub/sex"], ["group/sub/name", "group/sub/age", "group/sub/sex"]
    )
    assert found.pairs == {
        "sub/name": "group/sub/name",
        "age": "group/sub/age",
        "group/sub/sex": "group/sub/sex",
    }
    assert not found.ambiguous


def test_trap_16__child_and_repeat_with_one_name__told_as_ambiguous() -> None:
    found = matched(["child"], ["child/child", "other/child"])
    assert found.pairs == {}
    assert found.ambiguous == {"child": ("child/child", "other/child")}


def test_trap_16__whole_path_before_tail__the_exact_question_is_taken() -> None:
    found = matched(["name"], ["name", "child/name"])
    assert found.pairs == {"name": "name"}
    assert not found.ambiguous


def test_matched__two_headers_for_one_question__the_second_is_told() -> None:
    found = matched(["a/q", "b/q"], ["q"])
    assert found.pairs == {"a/q": "q"}
    assert found.twice == {"q": ("a/q", "b/q")}


@given(st.lists(st.text(alphabet="ab[1]/.-_", min_size=1, max_size=12), max_size=6, unique=True))
def test_matched__any_headers__no_path_given_twice(headers: list[str]) -> None:
    found = matched(headers, ["a/b", "b", "a/a.b"])
    assert len(set(found.pairs.values())) == len(found.pairs)
