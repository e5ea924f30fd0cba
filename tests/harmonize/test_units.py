from __future__ import annotations

import pytest

from volresearch.errors import VolResearchError
from volresearch.harmonize import conversion
from volresearch.harmonize.units import known_units


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        ("hours_per_week -> hours_4_weeks * 4", 5.0, 20.0),
        ("hours_per_month -> hours_4_weeks * 12/13", 26.0, 24.0),
        ("hours_per_year -> hours_4_weeks * 1/13", 130.0, 10.0),
        ("minutes_per_day -> hours_4_weeks * 7/15", 30.0, 14.0),
        ("hours_4_weeks -> hours_per_week * 0.25", 8.0, 2.0),
        ("days_per_month -> days_4_weeks * 12/13", 13.0, 12.0),
        ("minutes -> hours * 1/60", 90.0, 1.5),
        ("months -> years * 1/12", 18.0, 1.5),
    ],
)
def test_conversion__known_units__multiplies_by_the_stated_factor(rule, value, expected):
    assert conversion(rule)(value) == pytest.approx(expected, rel=1e-15)


def test_conversion__every_pair_of_one_quantity__goes_there_and_back():
    hours = [unit for unit in known_units() if unit.startswith("hours_")]
    for one in hours:
        for two in hours:
            there, back = _free(one, two), _free(two, one)
            assert there.factor * back.factor == 1


def _free(one, two):
    with pytest.raises(VolResearchError) as told:
        conversion(f"{one} -> {two} * 999")
    factor = told.value.expected.split("* ")[1].split(" ")[0]
    return conversion(f"{one} -> {two} * {factor}")


@pytest.mark.parametrize("factor", ["5", "3.99", "x", "4/0"])
def test_conversion__wrong_factor__tells_the_right_one(factor):
    with pytest.raises(VolResearchError) as told:
        conversion(f"hours_per_week -> hours_4_weeks * {factor}")
    assert told.value.code == "harmonize.unit"
    assert "hours_4_weeks * 4 (" in told.value.expected


def test_conversion__no_factor__is_refused_and_told():
    with pytest.raises(VolResearchError, match="states no factor"):
        conversion("hours_per_week -> hours_4_weeks")


def test_conversion__unknown_unit__lists_known_ones():
    with pytest.raises(VolResearchError) as told:
        conversion("hours_per_wek -> hours_4_weeks * 4")
    assert "hours_per_week" in told.value.expected
    assert 'Did you mean "hours_per_week"' in told.value.hint


@pytest.mark.parametrize("unit", ["USD", "soles", "euros_per_month"])
def test_conversion__money__is_refused_with_the_reason(unit):
    with pytest.raises(VolResearchError, match="money"):
        conversion(f"{unit} -> hours * 4")


def test_conversion__days_to_hours__measure_different_things():
    with pytest.raises(VolResearchError, match="different things"):
        conversion("days_per_month -> hours_4_weeks * 8")
