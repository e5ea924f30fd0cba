import pytest

from volresearch.errors import VolResearchError
from volresearch.show.plan import OTHER, plan
from volresearch.show.rows import read


def _made(result, kind=None):
    return plan(read(result), kind)


def test_plan__single_value__is_a_card(make_published):
    assert (
        _made(make_published([("core.value", "WORLD", "2019", "", 3.5e9, "ZAR", "up_to", "v", "press")])).kind
        == "card"
    )


def test_plan__estimates_with_intervals__are_dots(survey_result):
    made = _made(survey_result)
    assert made.kind == "dots"
    assert {mark.series for mark in made.panels[0].marks if mark.label == "Women"} == {0}
    assert {mark.series for mark in made.panels[0].marks if mark.label == "Men"} == {1}


def test_plan__area_called_f__is_no_sex(survey_result):
    marks = _made(survey_result).panels[0].marks
    assert [mark.series for mark in marks if mark.head == "Area F"] == [0, 1]


def test_plan__men_listed_first__are_still_series_two(make_published, south_africa_rows):
    rows = [
        ("core.volunteer_rate", "ZAF", "2010", sex, v, "percent", "exact", "r", "vas10")
        for sex, v in (("men", 2.6), ("women", 4.3))
    ]
    assert [mark.series for mark in _made(make_published(rows)).panels[0].marks] == [1, 0]


def test_plan__two_periods_of_one_key__are_a_line_and_other_vintages_stand_beside(
    make_published, south_africa_rows
):
    made = _made(make_published(south_africa_rows[:3]))
    assert made.kind == "lines"
    (panel,) = made.panels
    joined = {mark.row.key for mark in panel.marks if mark.series != OTHER}
    assert joined == {"core.volunteers_revised"}
    assert [mark.row.value for mark in panel.marks if mark.series == OTHER] == [1193000.0]


def test_plan__two_periods_of_two_keys__are_never_a_line(make_published):
    rows = [
        ("core.volunteer_rate", "ZAF", y, "", v, "percent", "exact", k, "vas10")
        for y, v, k in (("2010", 3.5, "a"), ("2014", 5.8, "b"))
    ]
    made = _made(make_published(rows))
    assert made.kind == "bars"
    assert len(made.panels) == 2
    assert made.several_keys
    with pytest.raises(VolResearchError) as error:
        _made(make_published(rows), "lines")
    assert error.value.code == "show.kind"


def test_plan__bounds__are_not_joined(make_published):
    rows = [
        ("core.volunteers", "ZAF", y, "", v, "persons", "at_least", "a", "vas10")
        for y, v in (("2010", 3.0), ("2014", 5.0))
    ]
    assert _made(make_published(rows)).kind == "bars"


def test_plan__two_units__become_two_panels(south_africa_result):
    assert [panel.unit for panel in _made(south_africa_result).panels] == ["persons", "hours", "hours"]


def test_plan__five_lines__become_small_multiples(make_published):
    rows = [
        ("core.volunteer_rate", area, year, "", value, "percent", "exact", "k", "vas10")
        for area in ("AAA", "BBB", "CCC", "DDD", "EEE")
        for year, value in (("2010", 1.0), ("2014", 2.0))
    ]
    made = _made(make_published(rows))
    assert [panel.kind for panel in made.panels] == ["lines"] * 5
    assert {mark.series for panel in made.panels for mark in panel.marks} == {0}


def test_plan__many_keys__are_cards_not_a_common_axis(make_published):
    rows = [
        ("core.volunteer_rate", f"A{n:02}", "2010", "", 1.0 + n, "percent", "exact", f"k{n}", "vas10")
        for n in range(9)
    ]
    assert _made(make_published(rows)).kind == "cards"


def test_plan__women_beside_an_unnamed_line__gets_legends_by_panel(make_published):
    rows = [
        ("core.hours_each", "ZAF", y, "total", v, "hours", "exact", "a", "vas14")
        for y, v in (("2010", 321.0), ("2014", 277.0))
    ]
    rows += [
        ("core.hours_each", "BRA", y, g, v, "hours", "exact", "b", "press")
        for y, g, v in (("2016", "women", 6.6), ("2016", "men", 6.9), ("2018", "men", 6.5))
    ]
    made = _made(make_published(rows))
    assert made.legend == ()
    assert any(("Women" in words) for panel in made.panels for _, words in panel.legend)


def test_plan__unknown_kind__suggests_a_near_one(survey_result):
    with pytest.raises(VolResearchError) as error:
        _made(survey_result, "dot")
    assert "dots" in error.value.hint
