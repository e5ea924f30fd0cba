"""The report: findings in words, tables, the page, the section that leaves."""

from __future__ import annotations

import re

import numpy as np
import pytest

from volresearch.datasets import Variable
from volresearch.datasets.quality import LEVELS, Codes, Finding, Quality, Share, quality_section
from volresearch.datasets.quality.findings import Probability
from volresearch.text import LANGUAGES

SEX = Variable(name="sex", type="code", label="Sex <b>", labels={"f": "Women", "m": "Men"})


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture
def quality(make) -> Quality:
    columns = {
        "record_id": [f"k{number % 99}" for number in range(100)],
        "sex": ["f"] * 60 + ["x"] * 25 + ["9z"] * 4 + ["m"] * 11,
        "hours": [None] * 30 + list(np.arange(70.0)),
        "w": [1.0] * 97 + [None] * 3,
    }
    variables = [SEX, Variable(name="hours", type="number"), Variable(name="w", type="number")]
    return make(columns, variables, design={"kind": "census", "weights": "w"}).check()


def test_finding__numbers__are_written_as_the_language_does() -> None:
    found = Finding("warning", "codes", "{n} of {base} ({share}), {codes}, {part}", n=1234, share=0.125,
                    values={"base": 5000, "codes": Codes(((12, 3), ("x", 20)), 2), "part": Share(0.5)})  # fmt: skip
    assert found.said() == "1,234 of 5,000 (12.5%), a text of 12 characters (3), x (20) and 2 more, 50.0%"
    assert found.said("es").replace("\N{NO-BREAK SPACE}", " ").startswith("1.234 of 5.000 (12,5 %)")


def test_finding__told_outside__hides_small_counts_their_shares_and_rare_codes() -> None:
    found = Finding("warning", "codes", "{n} ({share}), {codes}", n=4, share=0.5, values={"codes": Codes((("x", 20), ("y", 4)))})  # fmt: skip
    assert found.told() == "fewer than 10 (–), x (20) and 1 more"
    assert found.told(least=3) == "4 (50.0%), x (20), y (4)"
    assert (
        Finding("note", "codes", "{codes}", n=4, values={"codes": Codes((("y", 4),))}).told() == "1 rare one"
    )


def test_finding__values__do_not_change() -> None:
    values = {"base": 1}
    found = Finding("note", "codes", "{base}", values=values)
    values["base"] = 2
    assert found.said() == "1"


def test_table__findings__one_row_each_errors_first(quality: Quality) -> None:
    table = quality.table
    assert table.columns.tolist() == ["level", "topic", "table", "variable", "n", "share", "message"]
    assert len(table) == len(quality.findings)
    order = [list(LEVELS).index(level) for level in table["level"]]
    assert order == sorted(order)
    assert set(table.loc[table["level"] == "error", "variable"]) == {"record_id", "w"}
    assert (table["n"].dtype, table["share"].dtype) == ("int64", "float64")


def test_table__no_findings__has_its_columns(make) -> None:
    empty = Quality(make({"a": ["1"]}), ())
    assert empty.table.empty
    assert empty.measures.empty
    assert empty.missing.columns.tolist() == ["table", "variable", "reason", "n", "share"]
    assert "Nothing was found." in empty.html()
    assert "Nothing was found." in quality_section(empty)


def test_summary__lines__stand_under_their_level(quality: Quality) -> None:
    lines = quality.summary().splitlines()
    assert lines[0] == "t.people 1: errors: 2, warnings: 2, notes: 2"
    assert lines[1] == "Errors:"
    assert "  w: Rows without a weight: 3 of 100 (3.0%)" in lines
    assert lines[-3] == "Notes:"
    assert repr(quality) == "<Quality of t.people: errors: 2, warnings: 2, notes: 2>"


@pytest.mark.parametrize("lang", [*LANGUAGES, "ar"])
def test_html__each_language__is_a_whole_view(quality: Quality, lang: str) -> None:
    html = quality.html(lang)
    assert f'lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}"' in html
    for tag in ("div", "table", "details", "tr", "td", "span", "p"):
        assert html.count(f"<{tag} ") + html.count(f"<{tag}>") == html.count(f"</{tag}>"), tag


def test_html__findings_and_numbers__are_there(quality: Quality) -> None:
    shown = text_of(quality._repr_html_())
    assert "Errors: 2" in shown
    assert "Rows without a weight: 3 of 100 (3.0%)" in shown
    assert "Missing answers by kind" in shown
    assert "Effective number of rows (Kish)" in shown
    assert "Working view, not for release" in shown
    assert "Not checked" in shown


def test_html__many_findings_of_a_topic__are_counted(make) -> None:
    columns = {f"q{number}": [None, None, "1"] for number in range(40)}
    quality = make(columns).check()
    # Forty variables, rows more than half empty, rows without any answer: 42, of which twelve are shown.
    assert "30 more; all are in .table" in text_of(quality.html())
    assert len(quality.warnings) == 42


def test_html__names_with_markup__are_escaped(make) -> None:
    quality = make(
        {"<i>x</i>": ["a", "b", None]}, [Variable(name="<i>x</i>", type="code", labels={"a": "A"})]
    ).check()
    assert "<i>" not in quality.html()
    assert "<i>" not in quality_section(quality)


def test_section__for_a_report__has_no_small_count(quality: Quality) -> None:
    html = quality_section(quality)
    shown = text_of(html)
    assert html.startswith('<section class="vr-quality"><h2>')
    assert "Rows without a weight: fewer than 10 of 100 (–)" in shown
    assert "29 (29.0%). Codes: x (25) and 1 more" in shown
    assert "9z" not in shown


def test_section__of_a_dataset__checks_it(make) -> None:
    html = quality_section(make({"a": ["1"] * 20}), "es", level=3)
    assert "<h3>" in html


def test_value__of_a_measure__is_found_by_name(quality: Quality) -> None:
    assert quality.value("missing", "w") == 3
    assert quality.value("kish_deff") == pytest.approx(1)
    assert quality.value("icc") is None


def test_finding__p_values_and_lists__as_the_language_writes_them():
    values = {"p": Probability(0.0123), "codes": Codes((("7", 12), ("8", 11)))}
    found = Finding("note", "interviewers", "p {p}: {codes}", values=values)
    assert found.said("es") == "p = 0,012: 7 (12), 8 (11)"
    assert found.said("zh") == "p = 0.012: 7 (12)、8 (11)"
    assert Finding("note", "interviewers", "p {p}", values={"p": Probability(0.0)}).said("fr") == "p < 0,001"
