from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from volresearch.errors import VolResearchError
from volresearch.models.combine import combine
from volresearch.results import Result
from volresearch.survey import Survey


def imputed(*values: float, by: str | None = None) -> Result:
    frame = pd.DataFrame(
        {"w": 1.0, "y": [1.0, 2.0, 3.0, 4.0, *values], "g": list("ababab")[: 4 + len(values)]}
    )
    return Survey(frame, weights="w").mean("y", by=by)


def test_combine__rubins_rules__by_hand() -> None:
    results = [imputed(2.0), imputed(4.0), imputed(6.0)]
    q = np.array([one.table["estimate"].iloc[0] for one in results])
    u = np.array([one.table["se"].iloc[0] ** 2 for one in results])
    total = u.mean() + (1 + 1 / 3) * q.var(ddof=1)
    row = combine(results).table.iloc[0]
    assert row["estimate"] == pytest.approx(q.mean())
    assert row["se"] == pytest.approx(np.sqrt(total))
    r = (1 + 1 / 3) * q.var(ddof=1) / u.mean()
    assert row["df"] == pytest.approx(2 * (1 + 1 / r) ** 2)
    assert 0 < row["missing_information"] < 1


def test_combine__no_spread_between__keeps_the_error_and_has_infinite_df() -> None:
    row = combine([imputed(2.0), imputed(2.0)]).table.iloc[0]
    assert row["se"] == pytest.approx(imputed(2.0).table["se"].iloc[0])
    assert np.isinf(row["df"])
    assert row["missing_information"] == 0


def test_combine__other_rows__are_refused() -> None:
    with pytest.raises(VolResearchError) as refused:
        combine([imputed(2.0, by="g"), imputed(2.0)])
    assert refused.value.code == "combine.mismatch"


def test_combine__one_result__is_refused() -> None:
    with pytest.raises(VolResearchError, match="two or more"):
        combine([imputed(2.0)])


def test_combine__record__says_how_many() -> None:
    made = combine([imputed(2.0), imputed(4.0)])
    assert "2 imputations" in made.facts.method
