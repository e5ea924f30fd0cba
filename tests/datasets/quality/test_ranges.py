"""What lies outside of what can be."""

from __future__ import annotations

import pytest

from volresearch.datasets import Variable
from volresearch.instruments import Instrument, Item
from volresearch.text import Text


def said(quality) -> dict[str, str]:
    return {one.variable: one.said() for one in quality.findings if one.topic == "range"}


@pytest.mark.parametrize("lazy", [False, True])
def test_ranges__ages__are_those_of_persons(make, lazy) -> None:
    age = Variable(name="age", type="number", unit="years", missing={"999": "refused"})
    quality = make({"age": [0.0, 115, 116, -1, 999, None]}, [age], lazy=lazy).check()
    assert said(quality) == {"age": "Ages below 0 or above 115: 2 (50.0%)"}


def test_ranges__age_of_the_survey__is_held(make) -> None:
    data = make(
        {"age": [14.0, 15, 65, 66]}, [Variable(name="age", type="number")], measurement={"age": "15-65"}
    )
    assert said(data.check()) == {"age": "Ages outside of 15-65, the age range of the survey: 2 (50.0%)"}


@pytest.mark.parametrize(
    "unit, most",
    [("hours in four weeks", 672), ("hours in 4 weeks", 672), ("hours per week", 168), ("hours per day", 24), ("hours a month", 744)],
)  # fmt: skip
def test_ranges__hours__fit_into_their_period(make, unit, most) -> None:
    data = make({"h": [0.0, most, most + 1, -1]}, [Variable(name="h", type="number", unit=unit)])
    assert said(data.check()) == {
        "h": f"More hours than the period has ({most}), or fewer than none: 2 (50.0%)"
    }


def test_ranges__numbers_with_labelled_ends__are_a_scale(make) -> None:
    scale = Variable(name="trust", type="number", labels={"0": "None", "10": "Full", "99": "No idea"}, missing={"99": "dont_know"})  # fmt: skip
    assert said(make({"trust": [0.0, 5, 10, 7, 6, 8, 11, 99]}, [scale]).check()) == {
        "trust": "Values outside of the codes 0 to 10: 1 (14.3%)"
    }


def test_ranges__labels_of_single_values__are_no_scale(make) -> None:
    income = Variable(name="income", type="number", labels={"0": "None", "1": "Under 2"})
    assert said(make({"income": [0.0, 1, 200, 300]}, [income]).check()) == {}


def test_ranges__whole_numbers_and_percentages__are_held(make) -> None:
    variables = [Variable(name="n", type="integer"), Variable(name="p", type="number", unit="percent")]
    assert said(make({"n": [1.0, 2.5], "p": [100.0, 101]}, variables).check()) == {
        "n": "Numbers with decimals where whole ones are declared: 1 (50.0%)",
        "p": "Percentages below 0 or above 100: 1 (50.0%)",
    }


def test_ranges__range_item_of_the_form__gives_its_ends(make) -> None:
    item = Item(name="mood", type="range", parameters={"start": "1", "end": "5", "step": "1"})
    form = Instrument(id="t.form", title=Text("Form"), items=(item,))
    quality = make({"mood": [1.0, 5, 6]}, [Variable(name="mood", type="number")]).check(instrument=form)
    assert said(quality) == {"mood": "Answers outside of 1 to 5, the range of the form: 1 (33.3%)"}
