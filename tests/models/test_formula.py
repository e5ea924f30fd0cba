from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from volresearch.errors import VolResearchError
from volresearch.models.formula import parse_formula

FRAME = pd.DataFrame(
    {
        "y": [1.0, 2, 3, 4],
        "sex": list("fmfm"),
        "skill": ["a", "b", "c", "a"],
        "age": [20, 30, 40, 50],
        "two words": [1, 2, 3, 4],
    }
)


def names(text: str) -> list[str]:
    return [column.name for column in parse_formula(text).matrix(FRAME).columns]


def test_formula__factor__is_coded_against_its_first_code() -> None:
    assert names("y ~ skill") == ["(Intercept)", "skill[b]", "skill[c]"]


def test_formula__interaction_with_its_margins__uses_contrasts() -> None:
    assert names("y ~ sex*skill")[-2:] == ["sex:skill[m:b]", "sex:skill[m:c]"]


def test_formula__interaction_without_margin__is_coded_in_full() -> None:
    assert names("y ~ sex:age") == ["(Intercept)", "sex:age[f]", "sex:age[m]"]


def test_formula__no_intercept__keeps_every_level() -> None:
    assert names("y ~ 0 + sex") == ["sex[f]", "sex[m]"]


def test_formula__given_levels__move_the_reference() -> None:
    matrix = parse_formula("y ~ skill").matrix(FRAME, {"skill": ["c", "a", "b"]})
    assert [column.level for column in matrix.columns] == ["", "a", "b"]


def test_formula__functions_and_offset__are_computed() -> None:
    formula = parse_formula("I(y - 1) ~ log(age) + offset(sqrt(age)) + `two words` + C(age)")
    assert np.allclose(formula.response(FRAME), [0, 1, 2, 3])
    assert np.allclose(formula.offset_of(FRAME), np.sqrt([20, 30, 40, 50]))
    assert np.allclose(parse_formula("y ~ log(age)").matrix(FRAME).values[:, 1], np.log([20, 30, 40, 50]))
    assert formula.variables == ("y", "age", "two words")


def test_formula__comparison__is_an_indicator() -> None:
    assert parse_formula("I(sex == 'f') ~ age").response(FRAME).tolist() == [1, 0, 1, 0]


@pytest.mark.parametrize(
    "text",
    [
        "y ~ __import__('os')",
        "y ~ age.real",
        "y ~ open('x')",
        "y ~ age[0]",
        "y ~ log(age, 2)",
        "y ~ exec('1')",
        "y",
        "~ age",
        "y ~ age +",
        "y ~ " + "age + " * 500 + "age",
    ],
)
def test_formula__what_is_not_a_formula__is_refused_and_never_run(text: str) -> None:
    with pytest.raises(VolResearchError) as refused:
        parse_formula(text)
    assert refused.value.code == "model.formula"


def test_formula__unknown_term__suggests_the_near_one() -> None:
    with pytest.raises(VolResearchError, match='"skill"'):
        parse_formula("y ~ skill").matrix(FRAME).of_term("skil")
