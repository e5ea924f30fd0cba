"""Strata, sampling units and population sizes."""

from __future__ import annotations

import pytest

from volresearch.datasets import Variable


def found(quality, topic="design"):
    return {one.said(): one.level for one in quality.findings if one.topic == topic}


@pytest.mark.parametrize("lazy", [False, True])
def test_design__lone_and_nested_units__are_found(make, lazy) -> None:
    columns = {"stratum": ["a", "a", "a", "b", "b", None], "village": ["1", "1", "2", "1", "1", "3"]}
    design = {"kind": "probability", "strata": "stratum", "psu": "village"}
    quality = make(columns, design=design, lazy=lazy).check()
    assert found(quality) == {
        "Rows without a value in the design column stratum: 1 of 6 (16.7%)": "error",
        "Sampling units that stand in several strata: 1 of 2. If codes repeat from stratum to stratum, declare nest: true.": "error",
        "Strata with one sampling unit only: 1 of 2. Their variance cannot be estimated.": "warning",
    }
    assert (
        quality.value("strata"),
        quality.value("sampling_units"),
        quality.value("fewest_units_in_stratum"),
    ) == (2, 2, 1)


def test_design__nested_units_declared_so__are_counted_by_stratum(make) -> None:
    columns = {"stratum": ["a", "a", "b", "b"], "village": ["1", "2", "1", "2"]}
    design = {"kind": "probability", "strata": "stratum", "psu": "village", "nest": True}
    quality = make(columns, design=design).check()
    assert found(quality) == {}
    assert quality.value("sampling_units") == 4


def test_design__strata_of_rows__count_rows_as_units(make) -> None:
    quality = make({"stratum": ["a", "a", "b"]}, design={"kind": "probability", "strata": "stratum"}).check()
    assert "Strata with one sampling unit only: 1 of 2. Their variance cannot be estimated." in found(quality)


def test_design__population_smaller_than_sample__is_an_error(make) -> None:
    columns = {
        "s": ["a", "a", "b", "b", "c"],
        "p": ["1", "2", "3", "4", "5"],
        "size": [1.0, 1.0, 9.0, 8.0, 5.0],
    }
    design = {"kind": "probability", "strata": "s", "psu": "p", "fpc": "size"}
    quality = make(columns, [Variable(name="size", type="number")], design=design).check()
    assert (
        found(quality)[
            "Strata with a population size (size) smaller than the number of units in the sample: 1"
        ]
        == "error"
    )
    assert found(quality)["Strata with more than one population size (size): 1"] == "error"


def test_design__sampling_fractions__are_no_population_sizes(make) -> None:
    columns = {"s": ["a", "a"], "p": ["1", "2"], "size": [0.5, 0.5]}
    design = {"kind": "probability", "strata": "s", "psu": "p", "fpc": "size"}
    assert found(make(columns, [Variable(name="size", type="number")], design=design).check()) == {}


def test_design__columns_that_are_not_there__are_errors(make) -> None:
    quality = make(
        {"a": ["1"]}, design={"kind": "probability", "strata": ("region", "a"), "psu": "village"}
    ).check()
    assert [one.variable for one in quality.errors] == ["region", "village"]


def test_design__two_columns_of_strata__name_a_stratum_together(make) -> None:
    columns = {"r": ["1", "1", "2", "2"], "u": ["x", "y", "x", "y"], "p": ["1", "2", "3", "4"]}
    quality = make(columns, design={"kind": "probability", "strata": ("r", "u"), "psu": "p"}).check()
    assert (quality.value("strata"), quality.value("lone_units")) == (4, 4)


def test_design__none_declared__is_noted(make) -> None:
    assert list(found(make({"a": ["1"]}).check()).values()) == ["note"]
