from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from volresearch.cli.scaffold import write_plugin
from volresearch.testing import catalog_of

CHECKOUT = Path(__file__).parents[2]


def run_tests_of(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the tests of a plugin as its author does, without an installed volresearch."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_plugin_tests__fresh_plugin__pass_under_pytest(tmp_path):
    done = run_tests_of(write_plugin("kenya", ["en", "sw"], folder=tmp_path))
    assert done.returncode == 0, done.stdout
    assert "6 passed" in done.stdout


def test_plugin_tests__changed_file__fail_with_the_finding_and_no_traceback(tmp_path):
    folder = write_plugin("kenya", ["en"], folder=tmp_path)
    path = folder / "volresearch_kenya" / "datasets" / "files" / "facts.csv"
    path.write_bytes(path.read_bytes().replace(b"12.5", b"21.5"))
    done = run_tests_of(folder)
    assert done.returncode == 1
    assert "V4 error" in done.stdout
    assert "sha256" in done.stdout


def test_plugin_tests__strict__missing_language_fails(tmp_path):
    folder = write_plugin("kenya", ["en", "sw"], folder=tmp_path)
    test = folder / "tests" / "test_plugin.py"
    test.write_text(
        test.read_text(encoding="utf-8").replace("strict = False", "strict = True"), encoding="utf-8"
    )
    done = run_tests_of(folder)
    assert "no wording in sw" in done.stdout
    assert "1 failed" in done.stdout


def test_catalog_of__plugin_not_installed__knows_it_and_the_core_only(tmp_path):
    catalog = catalog_of(write_plugin("kenya", ["en"], folder=tmp_path))
    assert [state.name for state in catalog.host.plugins] == ["core", "kenya"]
    assert catalog.dataset("kenya.example_facts").synthetic


def test_catalog_of__twice__are_two_catalogs(tmp_path):
    folder = write_plugin("kenya", ["en"], folder=tmp_path)
    assert catalog_of(folder) is not catalog_of(folder)


def test_pytest__volresearch_installed__no_entry_point_of_pytest():
    text = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
    assert "pytest11" not in text
