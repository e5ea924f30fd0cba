"""Weights: compared with numpy."""

from __future__ import annotations

import numpy as np
import pytest

from volresearch.datasets import Variable


def checked(make, weights, **more):
    design = {"kind": "probability", "weights": "w"}
    return make({"w": weights}, [Variable(name="w", type="number", **more)], design=design).check()


def test_weights__random__measures_are_those_of_numpy(make) -> None:
    w = np.random.default_rng(3).lognormal(0, 0.8, 500)
    quality = checked(make, w)
    told = {one.measure: one.value for one in quality.numbers if one.topic == "weights"}
    assert told["sum"] == pytest.approx(w.sum())
    assert told["coefficient_of_variation"] == pytest.approx(w.std() / w.mean())
    assert told["kish_deff"] == pytest.approx(1 + (w.std() / w.mean()) ** 2)
    assert told["effective_n"] == pytest.approx(w.sum() ** 2 / (w**2).sum())
    assert told["largest_share"] == pytest.approx(w.max() / w.sum())
    assert (told["smallest"], told["largest"]) == (w.min(), w.max())


def test_weights__zero_negative_missing__are_told_apart(make) -> None:
    quality = checked(make, [1.0, 2.0, 0.0, -1.0, None, -9.0], missing={"-9": "no_answer"})
    found = {one.said(): one.level for one in quality.findings if one.topic == "weights"}
    assert found == {
        "Rows without a weight: 2 of 6 (33.3%)": "error",
        "Negative weights: 1 of 6 (16.7%)": "error",
        "Weights of zero: 1 of 6 (16.7%). These rows count nowhere.": "note",
        "Weights vary much: design effect 6 (Kish), 4 rows are worth 1 of equal weight": "warning",
    }


def test_weights__one_very_large__is_found(make) -> None:
    quality = checked(make, [1.0] * 99 + [50.0])
    assert "The largest weight is 33.6 times the mean and makes 33.6% of the sum" in [one.said() for one in quality.findings]  # fmt: skip


def test_weights__equal__cost_nothing(make) -> None:
    quality = checked(make, [2.5] * 10)
    assert quality.value("kish_deff") == pytest.approx(1)
    assert [one for one in quality.findings if one.topic == "weights"] == []


def test_weights__declared_and_not_there__is_an_error(make) -> None:
    quality = make({"a": ["1"]}, design={"kind": "census", "weights": "w"}).check()
    assert [one.variable for one in quality.errors] == ["w"]


def test_weights__all_zero__is_an_error_without_division(make) -> None:
    assert "The weights sum to nothing" in [one.said() for one in checked(make, [0.0, 0.0]).errors]
