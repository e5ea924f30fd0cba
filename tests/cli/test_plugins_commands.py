from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from volresearch.cli import cli


def run(*words):
    return CliRunner().invoke(cli, ["--no-plugins", *words], prog_name="volresearch")


@pytest.fixture
def kenya(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("plugins", "new", "kenya", "--lang", "en,sw", "--title", "Volunteering in Kenya")
    assert done.exit_code == 0, done.output
    return tmp_path / "kenya"


def test_list__hook__shows_ids_of_that_kind():
    done = run("plugins", "list", "--hook", "datasets")
    assert done.exit_code == 0
    assert "core.facts" in done.output


@pytest.mark.parametrize("hook", ["datasets", "volresearch_datasets"])
def test_list__hook_as_json__has_only_that_kind(hook):
    entries = json.loads(run("plugins", "list", "--hook", hook, "--json").output)
    core = next(entry for entry in entries if entry["name"] == "core")
    assert list(core["records"]) == ["datasets"]


def test_list__unknown_hook__suggests_the_near_one():
    done = run("plugins", "list", "--hook", "dataset")
    assert done.exit_code == 1
    assert 'Did you mean "datasets"?' in done.output


def test_list__verbose__shows_ids():
    assert "datasets     core.facts" in run("plugins", "list", "--verbose").output


def test_new__written_plugin__passes_check_by_its_name(kenya):
    done = run("plugins", "check", "kenya")
    assert done.exit_code == 0, done.output
    assert "passes: 0 errors" in done.output
    assert "no wording in sw" in done.output


def test_new__written_plugin__does_not_pass_strictly(kenya):
    done = run("plugins", "check", "kenya", "--strict")
    assert done.exit_code == 1
    assert "does not pass" in done.output


def test_new__prints__files_and_next_steps(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    output = run("plugins", "new", "kenya").output
    assert "kenya/volresearch_kenya/datasets/example_facts.yaml" in output
    assert "volresearch plugins check kenya" in output


def test_new__twice__refuses_to_overwrite(kenya):
    before = (kenya / "README.md").read_bytes()
    done = run("plugins", "new", "kenya")
    assert done.exit_code == 1
    assert "is there already" in done.output
    assert (kenya / "README.md").read_bytes() == before


def test_check__json__is_json(kenya):
    data = json.loads(run("plugins", "check", "kenya", "--json").output)
    assert (data["plugin"], data["passes"]) == ("kenya", True)
    assert {item["rule"] for item in data["findings"]} == {"V5"}


def test_check__no_import__runs_none_of_its_code(kenya):
    path = kenya / "volresearch_kenya" / "__init__.py"
    path.write_text("raise SystemExit(1)\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert run("plugins", "check", "kenya", "--no-import").exit_code == 0
    assert run("plugins", "check", "kenya").exit_code == 1


def test_check__nothing_there__says_so():
    done = run("plugins", "check", "no_such_plugin")
    assert done.exit_code == 1
    assert 'There is no plugin "no_such_plugin"' in done.output
