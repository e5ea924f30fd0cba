"""The command `volresearch instruments`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from volresearch.cli import cli
from volresearch.declare import loads
from volresearch.instruments import check_instrument

FORM = """\
id: t.short
version: "1"
title: {en: Short, es: Breve}
languages: {en: {status: original}, es: {status: draft}}
items:
  - {name: age, type: integer, text: {en: Age?, es: ¿Edad?}, constraint: age >= 15}
  - {name: hours, type: decimal, text: {en: Hours?}, ask_if: age < 65}
"""


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["--no-plugins", *words])


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "short.yaml"
    path.write_text(FORM, encoding="utf-8")
    return path


def test_list__json__core_instruments_with_languages_and_items() -> None:
    rows = {row["id"]: row for row in json.loads(run("instruments", "list", "--json").output)}
    assert rows["core.partner_health"]["items"] == 34
    assert rows["core.partner_health"]["languages"] == "en, es, fr, zh"


def test_show__in_french__questions_and_answers() -> None:
    shown = run("instruments", "show", "core.partner_health", "--lang", "fr")
    assert shown.exit_code == 0, shown.output
    assert "Il est clair quel partenaire fait quoi." in shown.output
    assert "dont_know" in shown.output


def test_check__sound_form__exit_code_zero(form: Path) -> None:
    done = run("instruments", "check", str(form))
    assert (done.exit_code, done.output) == (0, "0 errors, 0 warnings\n")


def test_check__unreachable_item__counter_example_and_exit_code_one(form: Path) -> None:
    form.write_text(FORM.replace("age < 65", "age < 12"), encoding="utf-8")
    done = run("instruments", "check", str(form))
    assert done.exit_code == 1
    assert "which is false for age = 15" in done.output
    assert "short.yaml:7" in done.output


def test_coverage__text_without_wording__counted_and_named(form: Path) -> None:
    rows = {
        row["language"]: row for row in json.loads(run("instruments", "coverage", str(form), "--json").output)
    }
    assert (rows["es"]["worded"], rows["es"]["of"], rows["es"]["status"]) == (2, 3, "draft")
    assert rows["es"]["missing"] == ["items.hours.text"]
    assert "es  items.hours.text" in run("instruments", "coverage", str(form), "--missing").output


def test_diff__two_versions__says_what_breaks(form: Path, tmp_path: Path) -> None:
    after = tmp_path / "after.yaml"
    after.write_text(FORM.replace("age < 65", "age < 75"), encoding="utf-8")
    done = run("instruments", "diff", str(form), str(after))
    assert "breaks" in done.output
    assert "1 changes, 1 of them break comparability" in done.output


def test_export__draft__refused_then_allowed_and_marked(form: Path, tmp_path: Path) -> None:
    out = tmp_path / "short.json"
    refused = run("instruments", "export", str(form), "--to", "json", "--out", str(out))
    assert refused.exit_code == 1
    assert "--allow-draft" in refused.output
    assert not out.exists()
    allowed = run("instruments", "export", str(form), "--to", "json", "--out", str(out), "--allow-draft")
    assert allowed.exit_code == 0, allowed.output
    assert "Draft, not for the field: es." in allowed.output
    assert json.loads(out.read_text(encoding="utf-8"))["version"] == "1-draft"


def test_export__original_language_only__needs_no_permission(form: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.yaml"
    done = run("instruments", "export", str(form), "--to", "yaml", "--lang", "en", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert check_instrument(loads(out.read_text(encoding="utf-8"))).tags == ("en",)


def test_import__yaml_of_a_form__written_beside_with_its_id(form: Path, tmp_path: Path) -> None:
    done = run("instruments", "import", str(form), "--id", "t.other", "--out", str(tmp_path / "other.yaml"))
    assert done.exit_code == 0, done.output
    assert "2 questions, languages: en, es" in done.output
    assert "id: t.other" in (tmp_path / "other.yaml").read_text(encoding="utf-8")


def test_import__sheet_rows_without_name__are_noted_and_written_into_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "survey"
    for row in (["type", "name", "label"], ["integer", "age", "Age"], ["text", "", "No name"]):
        book.active.append(row)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    book.save(tmp_path / "form.xlsx")
    monkeypatch.chdir(elsewhere)
    done = run("instruments", "import", str(tmp_path / "form.xlsx"), "--id", "t.form")
    assert done.exit_code == 0, done.output
    assert "note: " in done.output
    assert "row 3" in done.output
    assert (elsewhere / "form.yaml").is_file()


def test_import__no_such_file__told_without_traceback(tmp_path: Path) -> None:
    done = run("instruments", "import", str(tmp_path / "no.xlsx"))
    assert done.exit_code == 1
    assert "no such file" in done.output
