from __future__ import annotations

import json

from click.testing import CliRunner

from volresearch.cli import cli


def run(*words):
    return CliRunner().invoke(cli, ["--no-plugins", *words], prog_name="volresearch")


def test_datasets_list__json__has_ids_titles_and_state():
    entries = {entry["id"]: entry for entry in json.loads(run("datasets", "list", "--json").output)}
    assert entries["core.facts"]["plugin"] == "core"
    assert entries["core.facts"]["status"] == "ok"


def test_datasets_list__other_language__shows_that_title():
    spanish = json.loads(run("datasets", "list", "--json", "--lang", "es").output)
    assert "Cifras" in next(entry["title"] for entry in spanish if entry["id"] == "core.facts")


def test_datasets_show__json__has_hashes_rows_and_variables():
    shown = json.loads(run("datasets", "show", "core.facts", "--json").output)
    facts = shown["tables"]["facts"]
    assert len(facts["sha256"]) == 64
    value = next(row for row in shown["variables"] if row["variable"] == "value")
    assert value["n"] == facts["rows"]
    assert shown["unit"] == "published figure"


def test_datasets_show__for_people__names_plugin_and_licence():
    output = run("datasets", "show", "core.facts").output
    assert "plugin          core (volresearch" in output
    assert "licence" in output


def test_datasets_show__unknown__suggests_the_near_one():
    done = run("datasets", "show", "core.fcts")
    assert done.exit_code == 1
    assert '"core.facts"' in done.output


def test_indicators_show__unknown__ends_with_one():
    done = run("indicators", "show", "core.nothing_like_it")
    assert done.exit_code == 1
    assert 'There is no indicator "core.nothing_like_it"' in done.output


def test_indicators__listed__can_all_be_shown():
    entries = json.loads(run("indicators", "list", "--json").output)
    for entry in entries[:3]:
        shown = json.loads(run("indicators", "show", entry["id"], "--json").output)
        assert shown["title"] == entry["title"]
