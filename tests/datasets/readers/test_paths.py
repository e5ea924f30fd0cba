"""Headers as paths."""

from __future__ import annotations

import pytest

from volresearch.datasets.readers.paths import indexed, parts, plain, separator_of


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
    assert indexed("[1]/age") == ((), ())
    assert indexed("home/[1]/age") == ((), ())


@pytest.mark.parametrize("header", ["", "/", "a//b", ".a", "a."])
def test_parts__steps_without_a_name__the_header_stays_whole(header: str) -> None:
    assert parts(header) == (header,)


def test_plain__numbers_of_repeats__are_taken_out() -> None:
    assert plain("a[1]/b[12]/c[3]") == "a/b/c[3]"
