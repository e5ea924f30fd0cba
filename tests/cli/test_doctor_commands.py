from __future__ import annotations

import json
import platform

import pytest
from click.testing import CliRunner

from volresearch.cli import cli, doctor_commands


def run(*words):
    return CliRunner().invoke(cli, ["--no-plugins", "doctor", *words], prog_name="volresearch")


@pytest.fixture
def bare(monkeypatch):
    """A computer without any program, and with packages of which one is missing."""
    monkeypatch.setattr(doctor_commands.shutil, "which", lambda name: None)
    versions = doctor_commands._version
    monkeypatch.setattr(doctor_commands, "_version", lambda name: "" if name == "voila" else versions(name))


def test_doctor__json__has_every_part():
    found = json.loads(run("--json").output)
    assert found["python"]["version"] == platform.python_version()
    assert {item["name"]: item["state"] for item in found["plugins"]}["core"] == "ok"
    assert {"Latin", "Arabic", "Khmer", "Han"} <= {item["script"] for item in found["fonts"]}
    assert {item["name"] for item in found["programs"]} == {"Chromium", "pandoc"}
    assert all(item["version"] for item in found["packages"] if item["needed"])


def test_doctor__for_people__fits_the_json():
    done = run()
    assert done.exit_code == 0
    assert platform.python_version() in done.output
    assert "Chromium" in done.output


def test_doctor__programs_missing__says_what_that_disables(bare):
    output = run().output
    assert "none: reports as Word, ODT or LaTeX files" in output
    assert "none: pictures of pages and PDF files" in output


def test_doctor__optional_package_missing__says_what_that_disables_and_ends_well(bare):
    done = run()
    assert done.exit_code == 0
    (line,) = [line for line in done.output.splitlines() if line.startswith("voila")]
    assert "missing" in line
    assert line.endswith("volresearch serve")


def test_doctor__needed_package_missing__ends_with_one(monkeypatch):
    versions = doctor_commands._version
    monkeypatch.setattr(doctor_commands, "_version", lambda name: "" if name == "pandas" else versions(name))
    assert run().exit_code == 1
