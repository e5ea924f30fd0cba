"""Every number that R gave, against ours: one table of all cases, none left out silently."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import runners
from reference_cases import OWN, Case, load

_NAMED = os.environ.get("VOLRESEARCH_SHARED")
_SHARED = (Path(_NAMED) if _NAMED else Path(__file__).resolve().parents[3] / "shared") / "reference"
OWN_CASES = load(OWN)
SHARED_CASES = load(_SHARED) if (_SHARED / "reference.json").is_file() else []


@pytest.mark.parametrize("case", OWN_CASES, ids=[case.id for case in OWN_CASES])
def test_reference__own_data__equals_r(case: Case) -> None:
    run(case)


@pytest.mark.parametrize("case", SHARED_CASES, ids=[case.id for case in SHARED_CASES])
def test_reference__public_data__equals_r(case: Case) -> None:
    run(case)


def run(case: Case) -> None:
    runner = runners.RUNNERS.get(case.statistic)
    assert runner is not None, f"no runner for {case.statistic!r} ({case.id})"
    checks = runner(case)
    assert checks.rows, f"{case.id} compared nothing"


def test_reference__files__are_complete(shared: Path) -> None:
    assert len(OWN_CASES) == 177
    assert len(SHARED_CASES) == 703
