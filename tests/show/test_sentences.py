import pytest

from volresearch.errors import VolResearchError
from volresearch.show import change_sentence, finding_title, sentence


def test_sentence__published_figure__says_who_when_and_unit(make_published):
    result = make_published(
        [("core.volunteers", "ZAF", "2014", "", 2200000.0, "persons", "exact", "v", "vas14")]
    )
    assert (
        sentence(result).replace("\u00a0", " ")
        == "Volunteers in South Africa came to 2.2 million persons in 2014."
    )


@pytest.mark.parametrize(
    ("bound", "words"), [("at_least", "at least 83"), ("up_to", "up to 83"), ("about", "about 83")]
)
def test_sentence__bounded__says_its_bound(make_published, bound, words):
    result = make_published(
        [("core.volunteers", "WORLD", "2016/2019", "", 83.0, "persons", bound, "v", "press")]
    )
    said = sentence(result)
    assert words in said
    assert "in the world" in said
    assert "from 2016 to 2019" in said


def test_sentence__missing__says_not_stated(make_published):
    said = sentence(
        make_published([("core.volunteers", "ZAF", "2014", "", None, "persons", "exact", "v", "vas14")])
    )
    assert "[x] not stated" in said


def test_sentence__estimate__gives_interval_n_and_assumption(make_survey):
    from volresearch.results import Result

    whole = make_survey(assumptions=("Treated as a simple random sample.",))
    one = Result(whole.table.head(1), ["area", "sex"], whole.facts, labels=whole.labels)
    said = sentence(one)
    assert "36.3%" in said
    assert "95% interval 28.4 to 44.9; n = 110" in said
    assert said.endswith("Treated as a simple random sample.")


def test_sentence__many_rows__is_refused_with_the_next_step(survey_result):
    with pytest.raises(VolResearchError) as error:
        sentence(survey_result)
    assert error.value.code == "result.sentence"
    assert "vr.table" in error.value.hint


def test_change_sentence__one_key__states_the_change(make_published, south_africa_rows):
    said = change_sentence(make_published(south_africa_rows[:3])).replace("\u00a0", " ")
    assert said == "Volunteers in South Africa rose from 1.3 to 2.2 million between 2010 and 2014 (revised)."


def test_change_sentence__two_keys__states_none(make_published):
    rows = [
        ("core.volunteer_rate", "ZAF", y, "", v, "percent", "exact", k, "vas10")
        for y, v, k in (("2010", 3.5, "a"), ("2014", 5.8, "b"))
    ]
    assert change_sentence(make_published(rows)) == ""


def test_finding_title__two_keys__is_neutral(make_published):
    rows = [
        ("core.volunteer_rate", "ZAF", y, "", v, "percent", "exact", k, "vas10")
        for y, v, k in (("2010", 3.5, "a"), ("2014", 5.8, "b"))
    ]
    title = finding_title(make_published(rows))
    assert title == "Volunteer rate, South Africa, 2010 and 2014"


def test_finding_title__fall__says_fell(make_published):
    rows = [
        ("core.hours_each", "ZAF", y, "", v, "hours", "exact", "k", "vas14")
        for y, v in (("2010", 321.0), ("2014", 277.0))
    ]
    assert (
        finding_title(make_published(rows))
        == "Hours per volunteer fell from 321 to 277 between 2010 and 2014"
    )


def test_finding_title__groups_of_a_sample__speaks_of_intervals_only(survey_result):
    assert (
        finding_title(survey_result)
        == "Volunteer rate: the intervals of Women and Men lie apart in Area D only"
    )


def test_finding_title__ranking__leaves_the_total_out(make_published):
    rows = [
        ("core.volunteer_rate", "ZAF", "2010", g, v, "percent", "exact", "k", "vas10")
        for g, v in (("total", 9.0), ("women", 4.3), ("men", 2.6), ("both", 3.0))
    ]
    assert finding_title(make_published(rows)) == "Volunteer rate ranged from 2.6% (Men) to 4.3% (Women)"


@pytest.mark.parametrize("lang", ["en", "es", "fr", "zh", "km", "ar"])
def test_sentence__every_language__names_the_series_in_it(make_published, lang):
    result = make_published(
        [("core.volunteers", "ZAF", "2014", "", 2200000.0, "persons", "exact", "v", "vas14")]
    )
    assert result.labels["series"]["core.volunteers"].get_in(lang) in sentence(result, lang)
