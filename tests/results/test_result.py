from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from volresearch.errors import VolResearchError
from volresearch.results import COLUMNS, Evidence, EvidenceRow, Result, ResultFacts
from volresearch.text import Text

FACTS = ResultFacts({"verb": "mean", "variable": "hours"}, "person")
TABLE = pd.DataFrame({"estimate": [1.0, 2.0], "sex": ["f", "m"], "extra": ["a", "b"]})


def result(**more) -> Result:  # type: ignore[no-untyped-def]
    return Result(TABLE, ["sex"], FACTS, **more)


def test_table__whatever_came__has_all_columns_in_order() -> None:
    assert result().table.columns.tolist() == ["sex", *COLUMNS, "extra"]


def test_table__changed_by_the_user__leaves_the_result_alone() -> None:
    one = result()
    table = one.table
    table.loc[0, "estimate"] = 9.0
    assert one.table["estimate"].tolist() == [1.0, 2.0]


def test_result__attributes__cannot_be_set() -> None:
    for name in ("table", "by", "facts", "labels", "titles", "covariance"):
        with pytest.raises(AttributeError):
            setattr(result(), name, None)


def test_facts__fields__cannot_be_set() -> None:
    with pytest.raises(AttributeError):
        result().facts.unit = "published figure"  # type: ignore[misc]
    with pytest.raises(TypeError):
        result().facts.question["verb"] = "total"  # type: ignore[index]


def test_facts__lists_in_the_question__become_tuples() -> None:
    assert ResultFacts({"by": ["sex", ["age"]]}, "person").question["by"] == ("sex", ("age",))


def test_labelled__codes_with_and_without_label__keep_what_has_none() -> None:
    one = result(labels={"sex": {"f": Text({"en": "Women", "es": "Mujeres"})}})
    assert one.labelled("es")["sex"].tolist() == ["Mujeres", "m"]
    assert one.labelled("fr")["sex"].tolist() == ["Women", "m"]
    assert one.table["sex"].tolist() == ["f", "m"]


def test_by__column_is_not_there__is_refused() -> None:
    with pytest.raises(VolResearchError) as caught:
        Result(TABLE, ["age"], FACTS)
    assert caught.value.code == "result.columns"


def test_covariance__handed_out__is_a_copy() -> None:
    one = result(covariance=np.eye(2))
    got = one.covariance
    assert got is not None
    got[0, 0] = 5
    assert one.covariance is not None
    assert one.covariance[0, 0] == 1


def test_covariance__of_another_shape__is_refused() -> None:
    with pytest.raises(VolResearchError, match="covariance"):
        result(covariance=np.eye(3)).covariance  # noqa: B018


def test_covariance__function__is_called_when_asked_for_and_once() -> None:
    calls = []

    def compute():  # type: ignore[no-untyped-def]
        calls.append(1)
        return np.eye(2)

    one = result(covariance=compute)
    assert calls == []
    assert np.array_equal(one.covariance, one.covariance)
    assert len(calls) == 1


def test_evidence__asked_twice__is_computed_once() -> None:
    calls = []

    def compute() -> Evidence:
        calls.append(1)
        return Evidence("person", (EvidenceRow(5, 2, 1), EvidenceRow(6, 3, 1)))

    one = result(evidence=compute)
    assert calls == []
    assert one.evidence() is one.evidence()
    assert len(calls) == 1


def test_evidence__none_kept__is_refused() -> None:
    with pytest.raises(VolResearchError) as caught:
        result().evidence()
    assert caught.value.code == "release.rules_missing"


def test_repr__many_columns__shows_those_that_say_something() -> None:
    said = repr(result())
    assert "mean: 2 rows, unit person" in said
    assert "estimate" in said
    assert "p_value" not in said
    assert "..." not in said
