"""Computed indicators on eight persons, every number worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import volresearch as vr
from volresearch.errors import VolResearchError
from volresearch.indicators.recipes import RECIPES

#: Persons 1 to 6 answered, 7 is under age, 8 does not know about organizations.
PERSONS = pd.DataFrame(
    {
        "w": [2.0, 1, 3, 2, 1, 4, 1, 1],
        "sex": ["f", "m", "f", "m", "f", "m", "f", "m"],
        "age": [30, 40, 50, 20, 60, 35, 14, 33],
        "organization_4w": ["yes", "no", "yes", "no", "no", "no", "yes", "-8"],
        "direct_4w": ["no", "yes", "yes", "no", "no", "no", "no", "no"],
        "family_4w": ["no", "no", "yes", "yes", "no", "no", "no", "no"],
        "organization_12m": ["yes", "no", "yes", "no", "yes", "no", "yes", "-8"],
        "direct_12m": ["no", "yes", "yes", "no", "no", "no", "no", "no"],
        "family_12m": ["no", "no", "yes", "yes", "no", "no", "no", "no"],
        "hours_organization": [4.0, -1, 2, -1, -1, -1, 9, -1],
        "hours_direct": [-1.0, 6, 2, -1, -1, -1, -1, -1],
        "hours_family": [-1.0, -1, 5, 8, -1, -1, -1, -1],
        "activity1_type": ["organization", "direct", "organization", "family", "-1", "-1", "organization", "-1"],
        "activity1_hours": [4.0, 6, 2, 8, -1, -1, 9, -1],
        "activity1_isco": ["2", "5", "2", "5", "-1", "-1", "1", "-1"],
        "activity1_isic": ["P", "Q", "P", "Q", "-1", "-1", "S", "-1"],
        "activity2_type": ["-1", "-1", "direct", "-1", "-1", "-1", "-1", "-1"],
        "activity2_hours": [-1.0, -1, 2, -1, -1, -1, -1, -1],
        "activity2_isco": ["-1", "-1", "9", "-1", "-1", "-1", "-1", "-1"],
        "activity2_isic": ["-1", "-1", "Q", "-1", "-1", "-1", "-1", "-1"],
        "activity3_type": ["-1", "-1", "family", "-1", "-1", "-1", "-1", "-1"],
        "activity3_hours": [-1.0, -1, 5, -1, -1, -1, -1, -1],
        "activity3_isco": ["-1", "-1", "5", "-1", "-1", "-1", "-1", "-1"],
        "activity3_isic": ["-1", "-1", "Q", "-1", "-1", "-1", "-1", "-1"],
        "categories": ["service", "mutual_aid", "service mutual_aid", "mutual_aid", "-1", "-1", "leisure", "-1"],
        "reason_not_volunteering": ["-1", "-1", "-1", "-1", "health", "no_time", "-1", "-1"],
        "diary_minutes": [60.0, 0, 30, 0, 0, 0, 500, -8],
    }
)  # fmt: skip
MISSING = {
    name: {"missing": {"-8": "dont_know", "-1": "not_asked"}} for name in PERSONS.columns if name != "w"
}
WAGES = {"median wage": 10, "minimum wage": 5, "by occupation": {"2": 20, "5": 8}}


def survey_of(frame: Any = PERSONS) -> vr.Survey:
    return vr.Survey(frame, weights="w", codebook=MISSING)


def estimates(id: str, *, by: Any = None, where: str | None = None, **options: Any) -> list[float]:
    table = vr.indicator(id, survey_of(), by=by, where=where, **options).table
    return table["estimate"].tolist()


@pytest.mark.parametrize(
    ("id", "rule", "expected"),
    [
        # Volunteers by the strict rule: persons 1, 2, 3 (weight 6 of 13); by the wide rule person 4 too (8 of 13).
        ("V01", "2013", [100 * 6 / 13]),
        ("V01", "2011", [100 * 8 / 13]),
        ("V02", "2013", [6]),
        ("V02", "2011", [8]),
        ("V04", "2013", [100 * 4 / 14]),
        ("V04", "2011", [100 * 6 / 14]),
        ("V05", "2013", [100 * 3 / 6]),
        ("V05", "2011", [100 * 3 / 8]),
        # Hours times weight: 2*4 + 1*6 + 3*(2+2) = 26; with relatives 2*4 + 1*6 + 3*9 + 2*8 = 57.
        ("V06", "2013", [26 / 6]),
        ("V06", "2011", [57 / 8]),
        ("V07", "2013", [26 * 13]),
        ("V07", "2011", [57 * 13]),
        ("V08", "2013", [26 * 13 / 2080]),
        ("V08", "2011", [57 * 13 / 2080]),
        # Hours by occupation 2, 5, 9: 14, 6, 6 of 26; with relatives 14, 6+15+16, 6 of 57.
        ("V11", "2013", [100 * 14 / 26, 100 * 6 / 26, 100 * 6 / 26]),
        ("V11", "2011", [100 * 14 / 57, 100 * 37 / 57, 100 * 6 / 57]),
        ("V12", "2013", [100 * 14 / 26, 100 * 12 / 26]),
        ("V13", "2013", [100 * 4 / 6, 100 * 5 / 6, 0, 0, 0]),
        ("V13", "2011", [100 * 6 / 8, 100 * 5 / 8, 0, 0, 0]),
        # Women: 5 of 6; men: 1 of 7, with relatives 3 of 7.
        ("V14", "2013", [100 * (5 / 6 - 1 / 7), (5 / 6) / (1 / 7)]),
        ("V14", "2011", [100 * (5 / 6 - 3 / 7), (5 / 6) / (3 / 7)]),
        ("V15", "2013", [100 * 7 / 13]),
        ("V15", "2011", [100 * 9 / 13]),
    ],
)  # fmt: skip
def test_indicator__both_rules_on_family_help__gives_the_hand_made_number(id, rule, expected):
    assert estimates(id, family_help=rule) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("V03", [100 * 5 / 13]),
        ("V16", [100 * 1 / 5, 100 * 4 / 5]),
        ("V17", [100 * 5 / 13, 210 / 5, 210 / 13]),
    ],
)
def test_indicator__without_a_family_rule__gives_the_hand_made_number(id, expected):
    assert estimates(id) == pytest.approx(expected)


def test_v09__three_wages__stand_side_by_side():
    result = vr.indicator("V09", survey_of(), wages=WAGES, social_charges=False, currency="KES")
    # Person 3 has an activity of occupation 9, for which there is no wage: left out of the last assumption.
    assert result.table["term"].tolist() == list(WAGES)
    assert result.table["estimate"].tolist() == pytest.approx([3380, 1690, 13 * (2 * 4 * 20 + 6 * 8)])
    assert set(result.table["unit"]) == {"KES"}
    said = " ".join(result.facts.assumptions)
    assert "do not include social charges" in said
    assert "minimum wage: 5 KES an hour" in said
    assert "left out of that assumption" in said


def test_v09__other_wage__values_hours_without_a_wage_of_their_own():
    wages = WAGES | {"by occupation": {"2": 20, "5": 8, "other": 4}}
    assert estimates("V09", wages=wages)[2] == pytest.approx(13 * (2 * 4 * 20 + 6 * 8 + 3 * (2 * 20 + 2 * 4)))


def test_v09__wages_as_a_table_by_sex__values_each_persons_hours():
    table = pd.DataFrame(
        {"assumption": ["a", "b", "c", "c"], "sex": [None, None, "f", "m"], "wage": [10.0, 5, 3, 7]}
    )
    # Women gave 2*4 + 3*4 hours, men 6.
    assert estimates("V09", wages=table) == pytest.approx([3380, 1690, 13 * (20 * 3 + 6 * 7)])


def test_v10__gdp__is_said_to_be_equivalent_and_not_a_part():
    result = vr.indicator("V10", survey_of(), wages=WAGES, gdp=100_000)
    assert result.table["estimate"].iloc[0] == pytest.approx(3.38)
    assert "does not contain it" in " ".join(result.facts.assumptions)


def test_v08__another_basis__is_used_and_recorded():
    result = vr.indicator("V08", survey_of(), fte_basis=1_600, annual_factor=12)
    assert result.table["estimate"].tolist() == pytest.approx([26 * 12 / 1600])
    assert "1,600 hours a year" in " ".join(result.facts.assumptions)
    assert result.facts.question["annual_factor"] == 12


def test_v06__median__is_of_volunteers_only():
    result = vr.indicator("V06", survey_of(), statistic="median")
    # Volunteers' hours 4 (weight 2), 6 (1), 4 (3): half of the weight is reached at 4.
    assert result.table[["statistic", "estimate"]].values.tolist() == [["median", 4.0]]


def test_v14__type__asks_for_one_kind_of_volunteering():
    result = vr.indicator("V14", survey_of(), type="organization")
    assert result.table["estimate"].iloc[0] == pytest.approx(100 * (5 / 6 - 0))
    assert result.facts.extra["measurement"].volunteering == "organization"


def test_rate__interval_and_error__are_those_of_a_proportion():
    answered = "age != 33"
    frame = PERSONS.assign(helped=["y", "y", "y", "n", "n", "n", "y", None])
    share = vr.Survey(frame, weights="w", codebook=MISSING).proportion(
        "helped", where=f"{answered} and age >= 15"
    )
    expected = share.table.query("level == 'y'")
    table = vr.indicator("V01", survey_of(), where=answered).table
    for name in ("estimate", "se", "ci_low", "ci_high"):
        assert table[name].tolist() == pytest.approx((100 * expected[name]).tolist(), rel=1e-12)
    for name in ("df", "n", "n_cell"):
        assert table[name].tolist() == expected[name].tolist()


def test_v14__no_man_volunteers__ratio_is_not_stated():
    row = vr.indicator("V14", survey_of(), type="organization").table.iloc[1]
    assert row[["estimate", "se", "ci_low", "ci_high"]].isna().all()


def test_gap__standard_error__is_that_of_the_linearized_difference():
    table = vr.indicator("V14", survey_of()).table
    # z = w * (x - r) / W within women and, with the other sign, within men; rows outside are zero.
    z = [
        2 * (1 - 5 / 6) / 6,
        -1 * (1 - 1 / 7) / 7,
        3 * (1 - 5 / 6) / 6,
        2 * (1 / 7) / 7,
        -5 / 6 / 6,
        4 * (1 / 7) / 7,
        0,
        0,
    ]
    expected = np.sqrt(8 / 7 * np.sum((np.array(z) - np.mean(z)) ** 2))
    assert table["se"].iloc[0] == pytest.approx(100 * expected)
    relative = table["se"].iloc[1] / table["estimate"].iloc[1]
    half = np.log(table["ci_high"].iloc[1] / table["estimate"].iloc[1])
    assert half == pytest.approx(np.log(table["estimate"].iloc[1] / table["ci_low"].iloc[1]))
    assert half / relative == pytest.approx(
        (table["ci_high"].iloc[0] - table["estimate"].iloc[0]) / table["se"].iloc[0]
    )


def test_by__groups__keep_the_covariance_of_all_rows():
    result = vr.indicator("V01", survey_of(), by="sex")
    assert result.table["estimate"].tolist() == pytest.approx([100 * 5 / 6, 100 / 7])
    assert result.covariance is not None
    assert np.sqrt(np.diag(result.covariance)).tolist() == pytest.approx(result.table["se"].tolist())


def test_where__and_working_age__both_hold():
    assert estimates("V01", where="sex == 'f'") == pytest.approx([100 * 5 / 6])
    assert estimates("V01", where="sex == 'f'", working_age=None) == pytest.approx([100 * 6 / 7])
    assert estimates("V01", working_age=36) == pytest.approx([100 * 4 / 5])


def test_engines__polars__gives_the_same_numbers():
    polars = pytest.importorskip("polars")
    frame = polars.from_pandas(PERSONS)
    for id in ("V01", "V05", "V07", "V11", "V13", "V14", "V16"):
        mine, theirs = vr.indicator(id, survey_of()).table, vr.indicator(id, survey_of(frame)).table
        for name in ("estimate", "se"):
            assert theirs[name].tolist() == pytest.approx(mine[name].tolist(), rel=1e-12, nan_ok=True), id


@pytest.mark.parametrize("id", [id for id in RECIPES if id not in {"V09", "V10"}])
def test_missing_variables__any_indicator__are_named_with_their_meaning(id):
    bare = vr.Survey(pd.DataFrame({"w": [1.0, 1.0], "age": [20, 30]}), weights="w")
    with pytest.raises(VolResearchError) as caught:
        vr.indicator(id, bare)
    assert caught.value.code == "indicator.input"
    assert caught.value.message.startswith(f"{id} needs variables")
    assert caught.value.expected.count(": ") >= 1


@pytest.mark.parametrize(
    ("id", "options", "code", "said"),
    [
        ("V01", {"family_help": "2020"}, "survey.option", "2011 | 2013"),
        ("V01", {"familly_help": "2011"}, "survey.option", 'Did you mean "family_help"'),
        ("V08", {"fte_basis": 0}, "indicator.input", "positive number"),
        ("V09", {}, "indicator.input", "none are given"),
        ("V09", {"wages": {"median": 10, "minimum": 5}}, "indicator.input", "at least 3"),
        ("V09", {"wages": WAGES | {"minimum wage": -1}}, "indicator.input", "positive"),
        ("V10", {"wages": WAGES}, "indicator.input", "gross domestic product"),
        ("V18", {}, "indicator.input", "V01, V02"),
        ("V01", {"confidence": 95}, "survey.option", "0.95"),
    ],
)
def test_options__wrong__are_refused_with_what_is_right(id, options, code, said):
    with pytest.raises(VolResearchError) as caught:
        vr.indicator(id, survey_of(), **options)
    assert caught.value.code == code
    assert said in str(caught.value)


def test_no_survey__returns_the_indicator_itself():
    assert vr.indicator("V01").id == vr.indicator("core.V01").id == "core.V01"
    with pytest.raises(VolResearchError, match="a survey is needed"):
        vr.indicator("V01", by="sex")


def test_totals__rows_without_an_answer__are_spoken_of():
    said = " ".join(vr.indicator("V02", survey_of()).facts.assumptions)
    assert "left out of the total" in said


def test_nobody_volunteers__share_of_zero__has_no_interval_and_says_so():
    frame = PERSONS.assign(organization_4w="no", direct_4w="no")
    table = vr.indicator("V01", survey_of(frame)).table
    assert table["estimate"].tolist() == [0.0]
    assert "no_interval" in table["flag"].iloc[0]


def test_evidence__totals__holds_the_two_largest_contributions():
    rows = vr.indicator("V07", survey_of()).evidence().rows
    assert rows[0].largest == (6.0, 4.0)
    assert rows[0].n_cell == 3


def test_nonprobability__shares_without_intervals__say_that_they_describe_respondents():
    result = vr.indicator("V01", vr.Survey(PERSONS, weights="w", nonprobability=True, codebook=MISSING))
    assert result.table["estimate"].tolist() == pytest.approx([100 * 6 / 13])
    assert result.table["ci_low"].isna().all()
    assert any("respondents only" in said for said in result.facts.assumptions)
