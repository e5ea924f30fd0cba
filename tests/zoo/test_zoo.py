"""All broken plugins at once: each is named with its cause, and every good one works."""

from __future__ import annotations

import json
import os

import pytest

BROKEN = {
    "zoo_bad_import": ["needs the module", "a_package_that_is_not_there", "not installed"],
    "zoo_no_module": ["module", "zoo_no_module", "is not there"],
    "zoo_no_attribute": ["cannot be imported", "plugin"],
    "zoo_newer_core": ["volresearch.teleport", "this volresearch does not have"],
    "zoo_exit": ["ends the program", "SystemExit: 3"],
    "zoo_raises_at_import": ["cannot be imported", "ValueError: no data today"],
    "zoo_base_exception": ["cannot be imported", "Odd: beyond Exception"],
    "zoo_wrong_api": ["version 9.0 of the plugin interface", "this is version 0.1"],
    "zoo_misspelt_hook": ['no hook "volresearch_datsets"', 'Did you mean "volresearch_datasets"?'],
    "zoo_unmarked_hook": ["volresearch_datasets", "not marked"],
    "zoo_takes_arguments": ["takes arguments", "volresearch_datasets(config)"],
    "zoo_wrong_record": ["volresearch_datasets", "dict, not DatasetRecord"],
    "zoo_wrong_kind": ["ReportRecord, not DatasetRecord"],
    "zoo_foreign_id": ['foreign id "zoo_good.notes"', 'plugin "zoo_good" (zoo-good 2.5)'],
    "zoo_double_id": ['"zoo_double_id.a"', "zoo_double_id:first", "zoo_double_id:second"],
    "zoo_missing_file": ['"zoo_missing_file.a" is missing', "gone.yaml"],
    "zoo_no_place": ["zoo_no_place.a", "path or a target"],
    "zoo_raising_hook": ["volresearch_datasets", "RuntimeError: the disk is full"],
    "zoo_raising_generator": ["volresearch_datasets", "RuntimeError: half-way"],
    "zoo_returns_none": ["volresearch_datasets", "None"],
    "zoo_wrong_name": ["somebody_else", "zoo_wrong_name"],
    "zoo_nobody": ["volresearch_plugin", "missing"],
    "zoo_not_a_plugin_info": ["str, not a PluginInfo"],
}
GOOD = {
    "zoo_good": {"datasets": ["zoo_good.notes"]},
    "zoo_good_module": {"datasets": ["zoo_good_module.notes"], "reports": ["zoo_good_module.brief"]},
    "zoo_noisy": {},
}


@pytest.mark.parametrize("name", BROKEN)
def test_plugins_list__whole_zoo_present__names_cause_distribution_and_version(listed, name):
    entry = listed[name, name.replace("_", "-")]
    told = f"{entry['cause']} {entry['hint']}"
    assert entry["status"] == "broken"
    assert entry["version"] == "1.0"
    assert [part for part in BROKEN[name] if part not in told] == []
    assert entry["records"] == {}


@pytest.mark.parametrize("name", GOOD)
def test_plugins_list__whole_zoo_present__good_plugins_work(listed, name):
    entry = listed[name, name.replace("_", "-")]
    assert (entry["status"], entry["cause"]) == ("ok", "")
    assert entry["records"] == GOOD[name]


def test_plugins_list__whole_zoo_present__no_animal_is_missing(listed, site):
    installed = {folder.name.split("-")[0].replace("_", "-") for folder in site.glob("*.dist-info")}
    assert installed - {distribution for _, distribution in listed} == set()
    assert listed["Zoo-Bad.Name", "zoo-bad-name"]["status"] == "broken"


def test_plugins_list__two_distributions_bring_one_name__second_in_the_alphabet_is_refused(listed):
    assert listed["zoo_twin", "zoo-alpha"]["status"] == "ok"
    assert listed["zoo_twin", "zoo-alpha"]["title"] == {"en": "Twin alpha"}
    refused = listed["zoo_twin", "zoo-beta"]
    assert refused["status"] == "broken"
    assert "zoo-alpha 1.0 and zoo-beta 1.0" in refused["cause"]


def test_plugins_list__a_plugin_calls_itself_core__the_built_in_one_stays(listed):
    assert listed["core", "volresearch"]["status"] == "ok"
    assert "zoo-impostor 1.0" in listed["core", "zoo-impostor"]["cause"]


def test_plugins_list__import_fails__says_file_and_line(listed):
    assert listed["zoo_raises_at_import", "zoo-raises-at-import"]["where"].endswith(
        "zoo_raises_at_import.py:3"
    )
    assert listed["zoo_raising_hook", "zoo-raising-hook"]["where"].endswith("zoo_raising_hook.py:13")


def test_plugins_list__strict__ends_with_one_and_still_lists(run_volresearch):
    done = run_volresearch("plugins", "list", "--strict")
    assert done.returncode == 1
    assert "zoo_good " in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_plugins_list__verbose__shows_the_traceback_of_the_plugin(run_volresearch):
    done = run_volresearch("plugins", "list", "--verbose")
    assert done.returncode == 0
    assert 'raise ValueError("no data today")' in done.stdout


def test_plugins_list__plugin_prints_at_import__json_stays_json(run_volresearch):
    done = run_volresearch("plugins", "list", "--json")
    assert "welcome" in done.stderr
    assert "welcome" not in done.stdout


def test_plugins_list__no_plugins__imports_none_of_them(run_volresearch):
    done = run_volresearch("--no-plugins", "plugins", "list", "--json")
    states = {entry["name"]: entry["status"] for entry in json.loads(done.stdout) if entry["name"] != "core"}
    assert set(states.values()) == {"off"}
    assert "welcome" not in done.stderr


def test_plugins_list__environment_selects_two__only_these_are_imported(run_volresearch):
    done = run_volresearch("plugins", "list", "--json", VOLRESEARCH_PLUGINS="zoo_good, zoo_exit")
    states = {entry["name"]: entry["status"] for entry in json.loads(done.stdout)}
    assert [name for name, status in states.items() if status != "off" and name != "core"] == [
        "zoo_exit",
        "zoo_good",
    ]
    assert "welcome" not in done.stderr


def test_plugins_list__garbled_entry_points__are_one_broken_plugin_more(run_volresearch, tmp_path, site):
    # Not in the zoo's own folder: it stops other libraries that look for entry points, pydantic for one.
    info = tmp_path / "zoo_garbled-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: zoo-garbled\nVersion: 1.0\n", encoding="utf-8"
    )
    (info / "entry_points.txt").write_text("[volresearch]\nno equals sign\n", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), str(site), str(site.parents[2])])
    done = run_volresearch("plugins", "list", "--json", PYTHONPATH=path)
    states = {entry["name"]: entry for entry in json.loads(done.stdout)}
    assert "entry points cannot be read" in states["zoo_garbled"]["cause"]
    assert states["zoo_good"]["status"] == "ok"


def test_help__whole_zoo_present__imports_no_plugin(run_volresearch):
    done = run_volresearch("--help")
    assert done.returncode == 0
    assert "welcome" not in done.stderr


def test_datasets_list__whole_zoo_present__core_opens_and_broken_ones_are_named(run_volresearch):
    done = run_volresearch("datasets", "list", "--json")
    states = {entry["id"]: entry["status"] for entry in json.loads(done.stdout)}
    assert states["core.facts"] == "ok"
    assert {"zoo_good.notes", "zoo_good_module.notes"} <= set(states)
    assert "zoo_raising_hook" in done.stderr


def test_datasets_show__fault_on_opening__names_plugin_file_line_and_maintainer(run_volresearch):
    done = run_volresearch("datasets", "show", "zoo_good.notes")
    assert done.returncode == 1
    assert "notes.yaml:1" in done.stderr
    assert "zoo_good (zoo-good 2.5)" in done.stderr
    assert "The keeper <keeper@example.org>" in done.stderr
    assert "Traceback" not in done.stderr


def test_facts__whole_zoo_present__figures_of_the_core_are_there(run_volresearch):
    done = run_volresearch("datasets", "show", "core.facts", "--json")
    assert json.loads(done.stdout)["tables"]["facts"]["rows"] > 200
