"""What starting costs: fresh interpreters, and which modules they hold afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from volresearch.cli import COMMANDS

HEAVY = ("pandas", "numpy", "pydantic", "yaml", "altair", "IPython")
CHECKOUT = Path(__file__).parents[2]

ENTRIES = {
    "import volresearch": "import volresearch",
    "volresearch --help": "from volresearch.cli import main; main(['--help'])",
    "volresearch --version": "from volresearch.cli import main; main(['--version'])",
    "volresearch plugins list": "from volresearch.cli import main; main(['plugins', 'list'])",
    "volresearch plugins list --json": "from volresearch.cli import main; main(['plugins', 'list', '--json'])",
    "volresearch plugins --help": "from volresearch.cli import main; main(['plugins', '--help'])",
    "import volresearch.plugins": "import volresearch.plugins",
    "import volresearch.errors": "import volresearch.errors",
    "import volresearch.core": "import volresearch.core",
}


def loaded_after(code: str) -> set[str]:
    """Run `code` in a fresh interpreter; return the heavy modules it loaded."""
    script = (
        "import sys\n"
        "try:\n"
        f"    {code}\n"
        "except SystemExit as end:\n"
        "    assert not end.code, end.code\n"
        f"print('HEAVY', *[name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize("entry", ENTRIES)
def test_start__fresh_interpreter__loads_nothing_heavy(entry):
    heavy = loaded_after(ENTRIES[entry])
    assert heavy == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_start__help_of_each_command__loads_nothing_heavy(command):
    heavy = loaded_after(f"from volresearch.cli import main; main([{command!r}, '--help'])")
    assert heavy == set()


def test_start__a_heavy_import__would_be_seen():
    heavy = loaded_after("import yaml")
    assert heavy == {"yaml"}


def test_every_command__help__is_worth_reading():
    assert all(row[2].endswith(".") and len(row[2]) > 15 for row in COMMANDS.values())
