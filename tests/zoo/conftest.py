"""The zoo: a folder of installed plugins, most of them broken, each in its own way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SITE = Path(__file__).parent / "site"
CHECKOUT = Path(__file__).parents[2]


def volresearch(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a fresh interpreter that has the whole zoo installed."""
    path = os.pathsep.join([str(SITE), str(CHECKOUT)])
    return subprocess.run(
        [sys.executable, "-m", "volresearch", *words],
        env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


@pytest.fixture(scope="session")
def site() -> Path:
    return SITE


@pytest.fixture(scope="session")
def listed() -> dict[tuple[str, str], dict[str, object]]:
    """What ``plugins list --json`` says with all of the zoo present: (name, distribution) -> entry."""
    entries = json.loads(volresearch("plugins", "list", "--json").stdout)
    return {(entry["name"], entry["distribution"]): entry for entry in entries}


@pytest.fixture(scope="session")
def run_volresearch():
    return volresearch
