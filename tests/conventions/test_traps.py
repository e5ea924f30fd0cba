"""Each of the 35 traps of imported files has a test that names it."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
_TRAP = re.compile(r"^def test_trap_(\d\d)__\w+__\w+\(", re.MULTILINE)


def test_traps__all_thirty_five__have_a_test_of_their_own() -> None:
    named = {
        int(number)
        for path in TESTS.rglob("test_*.py")
        for number in _TRAP.findall(path.read_text(encoding="utf-8"))
    }
    assert sorted(set(range(1, 36)) - named) == []
