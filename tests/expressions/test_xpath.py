"""XLSForm's language in and out."""

from __future__ import annotations

import pytest

from volresearch.expressions import parse
from volresearch.expressions.xpath import Verbatim, from_xpath
from volresearch.expressions.xpath_writing import to_xpath

KINDS = {"q1": "text", "age": "number", "skills": "text", "born": "day", "mobile": "text"}


@pytest.mark.parametrize(
    ("xpath", "ours"),
    [
        ("${q1} = 'a' and not(selected(${skills}, 'b'))", "q1 == 'a' and not selected(skills, 'b')"),
        ("${q1}='a' or ${q1}= 'b'", "q1 in ['a', 'b']"),
        ("not(${q1}='a' or ${q1}= 'b')", "q1 not in ['a', 'b']"),
        ("${q1} = 1", "q1 == '1'"),
        ("${age} > '17'", "age > 17"),
        (". >= 0 and . <= 120", "age >= 0 and age <= 120"),
        ("${q1} != ''", "not is_missing(q1)"),
        ("${q1} = \"\"", "is_missing(q1)"),
        ("${ q1 } = \u2018a\u2019", "q1 == 'a'"),
        ("${age} div 2 + ${age} mod 3 * -1", "age / 2 + mod(age, 3) * -1"),
        ("if(${age} > 17, 'adult', 'minor')", "if(age > 17, 'adult', 'minor')"),
        ("coalesce(${age}, 0)", "coalesce(age, 0)"),
        ("string-length(${q1}) < 5", "length(q1) < 5"),
        ("count-selected(${skills}) <= 3", "count_selected(skills) <= 3"),
        ("regex(${mobile}, '^[0-9]{9}$')", "matches(mobile, '^[0-9]{9}$')"),
        ("${born} <= today()", "born <= today()"),
        ("(today() - ${born}) div 365.25", "(today() - born) / 365.25"),
        ("selected(${skills}, 3)", "selected(skills, '3')"),
        ("true() or false()", "true or false"),
    ],
)  # fmt: skip
def test_reading__what_the_language_has__means_the_same(xpath, ours):
    expression = from_xpath(xpath, own="age", kinds=KINDS)
    assert str(expression) == ours
    assert from_xpath(to_xpath(expression.node, own="age"), own="age", kinds=KINDS) == expression


@pytest.mark.parametrize(
    ("xpath", "reason"),
    [
        ("once(random())", "once()"),
        ("position(..)", "position()"),
        ("indexed-repeat(${age}, ${members}, 1)", "indexed-repeat()"),
        ("now()", "now()"),
        ("../age > 3", '"../age"'),
        ("pulldata('x', 'y', 'z', ${q1})", "pulldata()"),
        ("instance('x')/top/item[name=${q1}]/label", "instance()"),
        ("state = ${q1}", '"state"'),
        ("${q1} = ", "its end"),
        ("${age} = 1 = 2", "a comparison of a comparison"),
        ("format-date(today(), '%Y')", "format-date()"),
        ("regex(., '(a+)+')", "This pattern is not one that every engine reads alike."),
        ("${q1} + 1", "a calculation with codes"),
        ("(" * 200 + "1" + ")" * 200, "its depth"),
        ("1 + " * 2000 + "1", "its length"),
    ],
)
def test_reading__what_the_language_lacks__is_kept_word_for_word(xpath, reason):
    found = from_xpath(xpath, own="age", kinds=KINDS)
    assert isinstance(found, Verbatim)
    assert (found.text, found.reason) == (xpath, reason)


@pytest.mark.parametrize(
    ("ours", "xpath"),
    [
        ("not (a == 1 and b == 2)", "not(${a} = 1 and ${b} = 2)"),
        ("(a or b) and c", "(${a} or ${b}) and ${c}"),
        ("a - (b - 1)", "${a} - (${b} - 1)"),
        ("is_missing(a)", "${a} = ''"),
        ("a == 'it\\'s'", '${a} = "it\'s"'),
        ("a not in ['x']", "not(${a} = 'x')"),
        ("a > 0.00001", "${a} > 0.00001"),
    ],
)
def test_writing__our_language__is_xpath(ours, xpath):
    assert to_xpath(parse(ours).node) == xpath


@pytest.mark.parametrize("ours", ["reason(a) == 'refused'", "year(a) > 2000"])
def test_writing__what_xpath_lacks__is_said(ours):
    with pytest.raises(ValueError, match=r"\(\)"):
        to_xpath(parse(ours).node)
