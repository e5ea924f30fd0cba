"""The plugin of the author's guide is a real one: it installs, it is found, it passes its own tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "harbour_synthetic"


def _run(*words: object, path: list[Path], cwd: Path) -> str:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    environment.pop("VOLRESEARCH_PLUGINS", None)
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_example_plugin__its_own_tests__pass(tmp_path):
    words = ["-m", "pytest", "-p", "no:cacheprovider", "--rootdir", EXAMPLE, EXAMPLE / "tests"]
    assert "6 passed" in _run(*words, path=[EXAMPLE, ROOT], cwd=tmp_path)


def test_example_plugin__installed__is_found_by_its_entry_point(tmp_path):
    site = tmp_path / "site"
    quiet = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-index", "--no-build-isolation"]
    _run("-m", "pip", "install", *quiet, "--target", site, EXAMPLE, path=[], cwd=tmp_path)
    listed = json.loads(
        _run("-m", "volresearch", "plugins", "list", "--json", path=[site, ROOT], cwd=tmp_path)
    )
    (row,) = [row for row in listed if row["name"] == "harbour_synthetic"]
    assert row["status"] == "ok"
    assert row["records"] == {
        "datasets": ["harbour_synthetic.facts"],
        "indicators": ["harbour_synthetic.harbour_days"],
    }


def test_guide__files_it_shows__are_the_example(tmp_path):
    guide = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
    shown = [line.partition("} ")[2] for line in guide.splitlines() if line.startswith("```{literalinclude}")]
    assert len(shown) >= 5
    assert [name for name in shown if not (ROOT / "docs" / name).is_file()] == []
