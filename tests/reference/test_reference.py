"""Every number that R gave, against ours: one table of all cases, none left out silently."""

from __future__ import annotations

import os
from pathlib import Path

import not_yet
import pytest
import runners
from reference_cases import OWN, Case, load

_NAMED = os.environ.get("VOLRESEARCH_SHARED")
_SHARED = (Path(_NAMED) if _NAMED else Path(__file__).resolve().parents[3] / "shared") / "reference"
OWN_CASES = load(OWN)
SHARED_CASES = load(_SHARED) if (_SHARED / "reference.json").is_file() else []


def is_waiting(case: Case) -> bool:
    """Whether the case is on the list of what is still to come."""
    replicates = not_yet.REPLICATES and "replicate_weights_file" in case.design
    return case.statistic in not_yet.STATISTICS or replicates


@pytest.mark.parametrize("case", OWN_CASES, ids=[case.id for case in OWN_CASES])
def test_reference__own_data__equals_r(case: Case) -> None:
    run(case)


@pytest.mark.parametrize("case", SHARED_CASES, ids=[case.id for case in SHARED_CASES])
def test_reference__public_data__equals_r(case: Case) -> None:
    run(case)


def run(case: Case) -> None:
    if is_waiting(case):
        pytest.skip("no estimator yet")
    runner = runners.RUNNERS.get(case.statistic)
    assert runner is not None, f"no runner for {case.statistic!r} ({case.id})"
    checks = runner(case)
    assert checks.rows, f"{case.id} compared nothing"


def test_reference__files__are_complete(shared: Path) -> None:
    assert len(OWN_CASES) == 177
    assert len(SHARED_CASES) == 703


def test_reference__waiting_list__names_known_statistics_only() -> None:
    known = {case.statistic for case in [*OWN_CASES, *SHARED_CASES]}
    assert not SHARED_CASES or known >= not_yet.STATISTICS
