"""Codes that the codebook does not name."""

from __future__ import annotations

import pytest

from volresearch.datasets import Variable
from volresearch.datasets.quality.codes import shown_code

SEX = Variable(name="sex", type="code", labels={"f": "Women", "m": "Men"}, missing={"9": "refused"})


@pytest.mark.parametrize("lazy", [False, True])
def test_codes__undeclared__are_listed_with_counts_most_frequent_first(make, lazy) -> None:
    column = ["f", "m", "9", None, "3", "3", "x", *["other"] * 4, "4", "5", "6", "7"]
    quality = make({"sex": column}, [SEX], lazy=lazy).check()
    (found,) = [one for one in quality.findings if one.topic == "codes"]
    assert (found.n, found.level, found.variable) == (11, "warning", "sex")
    assert found.said().endswith("11 (73.3%). Codes: other (4), 3 (2), 4 (1), 5 (1), 6 (1) and 2 more")


def test_codes__several_in_one_cell__are_counted_each(make) -> None:
    skills = Variable(name="skills", type="multiple", labels={"a": "A", "b": "B"}, missing={"8": "refused"})
    quality = make({"skills": ["a b", "", None, "c  a", "c d", "8"]}, [skills]).check()
    assert quality.value("undeclared", "skills") == 3
    (found,) = [one for one in quality.findings if one.topic == "codes"]
    assert found.said().endswith("3. Codes: c (2), d (1)")
    assert found.share is None


def test_codes__numbers_of_a_file__are_compared_as_codes(make) -> None:
    variable = Variable(name="q", type="code", labels={"1": "a", "2": "b"})
    assert make({"q": [1.0, 2.0, None]}, [variable], lazy=True).check().value("undeclared", "q") == 0
    assert make({"q": [1.0, 2.5, 3.0]}, [variable], lazy=True).check().value("undeclared", "q") == 2


@pytest.mark.parametrize(
    "code, n, shown",
    [("77", 1, "77"), ("-8", 1, "-8"), ("q12", 1, "q12"), (".a", 1, ".a"), ("Rosa", 2, 4), ("other", 3, "other"),
     ("0712345678", 50, 10), ("rosa@example.org", 9, 16), ("two words", 9, 9), ("", 1, 0)],
)  # fmt: skip
def test_shown_code__own_words_of_a_person__are_told_by_length(code, n, shown) -> None:
    assert shown_code(code, n) == shown
