import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from volresearch.errors import VolResearchError
from volresearch.show import table
from volresearch.text import Text


class Page(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def test_table__bare_result__carries_the_strip(south_africa_result):
    html = table(south_africa_result).html
    assert "Working view, not for release" in html
    assert 'class="vr-strip"' in html


def test_table__release__carries_no_strip(south_africa_result):
    assert "vr-strip" not in table(south_africa_result.release()).html


def test_table__synthetic_survey__says_so(survey_result):
    assert "Synthetic data" in table(survey_result).html


def test_table__any__has_caption_first_and_scope_on_every_head(south_africa_result):
    page = Page(table(south_africa_result, caption="Volunteers").html)
    names = [name for name, _ in page.tags]
    assert names[names.index("table") + 1] == "caption"
    assert "Volunteers" in page.words
    assert page.all("th")
    assert all(attrs.get("scope") in {"col", "row", "rowgroup"} for attrs in page.all("th"))


def test_table__numbers__are_right_aligned_and_exact(make_published):
    rows = [
        ("core.volunteers", "ZAF", y, "", v, "persons", "exact", "v", "vas14")
        for y, v in (("2010", 1193000.0), ("2014", 5.8))
    ]
    html = table(make_published(rows), "es").html
    assert re.search(r'<td class="vr-r">1\.193\.000</td>', html)
    assert re.search(r'<td class="vr-r">5,8</td>', html)


@pytest.mark.parametrize(
    ("bound", "words"), [("at_least", "at least"), ("up_to", "up to"), ("about", "about")]
)
def test_table__bounded_value__says_its_bound(make_published, bound, words):
    html = table(
        make_published([("core.value", "WORLD", "2016/2019", "", 3.5e9, "ZAR", bound, "v", "press")])
    ).html
    assert words in html
    assert "3,500,000,000" in html


def test_table__missing_and_confidential__show_their_marks(survey_result):
    frame = survey_result.table
    frame.loc[0, "estimate"] = float("nan")
    frame.loc[1, "flag"] = "c"
    from volresearch.results import Result

    html = table(Result(frame, ["area", "sex"], survey_result.facts, labels=survey_result.labels)).html
    assert ">[x]<" in html
    assert html.count("[c]") >= 3  # value, interval, explanation
    assert "33.6" not in html
    assert "21.0" not in html


def test_table__few_and_wide_estimates__are_marked_and_explained(survey_result):
    html = table(survey_result).html
    assert "▲◆" in html
    assert "fewer than 10" in html
    assert "relative error over 25%" in html


def test_table__estimates__have_interval_of_their_confidence_and_one_decimal(survey_result):
    page = Page(table(survey_result).html)
    assert "95% interval" in page.words
    assert "28.4 to 44.9" in page.words
    assert "36.3" in page.words


def test_table__hostile_labels__are_escaped(make_published):
    result = make_published([("core.volunteers", "ZAF", "2014", "", 1.0, "persons", "exact", "v", "vas14")])
    from volresearch.results import Result

    attack = '</td><script>alert(1)</script><img src=x onerror="x">\x00'
    labels = {
        **result.labels,
        "area": {"ZAF": Text({"en": attack})},
        "unit": {"persons": Text({"en": attack})},
    }
    labels.pop("unit_short")
    titles = {"area": Text({"en": attack})}
    html = table(
        Result(result.table, result.by, result.facts, labels=labels, titles=titles), caption=attack
    ).html
    page = Page(html)
    assert not page.all("script")
    assert not page.all("img")
    assert "\x00" not in html


def test_table__source_with_hostile_address__is_no_link(make_published):
    from dataclasses import replace

    from volresearch.results import Result, SourceRef

    result = make_published([("core.volunteers", "ZAF", "2014", "", 1.0, "persons", "exact", "v", "bad")])
    bad = SourceRef("bad", "T", "P", "2020", 'javascript:alert(1)//"><b>', "")
    html = table(
        Result(result.table, result.by, replace(result.facts, sources=(bad,)), labels=result.labels)
    ).html
    assert not [a for a in Page(html).all("a") if "javascript" in a["href"]]
    assert not Page(html).all("b")


def test_table__shortened_address__is_shown_with_its_mark_and_no_link(make_published):
    html = table(
        make_published([("core.volunteers", "BRA", "2022", "", 1.0, "persons", "exact", "v", "press")])
    ).html
    assert "address shortened" in html
    assert not [a for a in Page(html).all("a") if "valor" in a["href"]]


def test_table__any__loads_nothing(south_africa_result):
    page = Page(table(south_africa_result)._repr_html_())
    assert not [a for _, a in page.tags if a.get("src") or a.get("xlink:href")]
    assert not page.all("link")
    assert not page.all("script")


def test_table__two_vintages_of_one_period__are_told_apart(south_africa_result):
    assert "Vintage" in Page(table(south_africa_result).html).words


def test_table__numbers_of_the_page_given__links_there_and_prints_no_list(south_africa_result):
    html = table(south_africa_result, numbers={"vas10": 7, "vas14": 9}, anchor="s").html
    assert 'href="#s7"' in html
    assert "vr-sources" not in html


def test_table__arabic__runs_from_right_to_left(south_africa_result):
    page = Page(table(south_africa_result, "ar").html)
    assert {"lang": "ar", "dir": "rtl"}.items() <= page.tags[0][1].items()
    assert "جنوب أفريقيا" in table(south_africa_result.release(), "ar").html or "المتطوعون" in page.words


def test_table__label_in_another_language__says_which(make_published):
    rows = [
        ("core.help", "ZAF", "2014", g, 1.0, "percent", "exact", "v", "vas14") for g in ("direct", "both")
    ]
    assert '<span lang="en" dir="ltr">Direct only</span>' in table(make_published(rows), "zh").html


def test_table__list_of_records__shows_words_for_every_cell():
    frame = pd.DataFrame(
        {"id": ["<a>", "b"], "rows": [1375, None], "synthetic": [True, False], "title": ["x", ""]}
    )
    page = Page(table(frame, caption="Datasets").html)
    assert {"<a>", "1,375", "yes", "no"} <= set(page.words)
    assert not [word for word in page.words if word == ""]
    assert page.words.count("–") == 2


def test_table__something_else__is_refused():
    with pytest.raises(VolResearchError) as error:
        table([1, 2])  # type: ignore[arg-type]
    assert error.value.code == "show.kind"


def test_table__same_input_twice__gives_the_same_html(south_africa_result):
    assert table(south_africa_result).html == table(south_africa_result).html


def test_table__calendar_year__has_no_thousands(make_published):
    row = ("core.first_year", "ZAF", "2016", "", 2016.0, "calendar_year", "exact", "project_x", "vas10")
    words = Page(table(make_published([row])).html).words
    assert "2016" in " ".join(words)
    assert "2,016" not in " ".join(words)
