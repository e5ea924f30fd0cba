from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from volresearch.cli import cli

CSV = (
    "name,sex,age,_uuid\n"
    "Ana Ruiz,f,31,a8b8a5d0-1111-4222-8333-444455556660\n"
    "Luis Soto,m,99,a8b8a5d0-1111-4222-8333-444455556661\n"
    "Mei Chen,f,,a8b8a5d0-1111-4222-8333-444455556662\n"
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "export.csv").write_text(CSV, encoding="utf-8")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["--no-plugins", "datasets", *words], prog_name="volresearch")


def bring(*words: str) -> Result:
    return run("import", "export.csv", "--id", "kenya.youth", *words)


def test_import__plain_file__tells_what_was_found_set_aside_and_missing(here: Path) -> None:
    done = bring("--missing", "99=refused")
    assert done.exit_code == 0, done.output
    assert "3 rows" in done.output
    assert "name       name        name      3" in done.output
    assert "refused      1" in done.output
    assert "no_answer    1" in done.output
    assert "Written: datasets/youth/youth.yaml" in done.output
    assert "volresearch datasets check datasets/youth" in done.output
    assert "Ana" not in done.output
    assert (here / "private" / "kenya.youth").is_dir()


def test_import__json__is_for_programs() -> None:
    told = json.loads(bring("--missing", "99=refused", "--json").output)
    assert told["missing"] == {"refused": 1, "no_answer": 1}
    assert {one["variable"] for one in told["set_aside"]} == {"name", "_uuid"}
    assert told["tables"]["export"]["rows"] == 3
    assert told["written"] == "datasets/youth/youth.yaml"


def test_import__all_declared__is_shown_again() -> None:
    done = bring("--title", "Youth", "--unit", "organization", "--design", "nonprobability", "--licence", "CC0", "--version", "3", "--out", "out")  # fmt: skip
    assert done.exit_code == 0, done.output
    shown = json.loads(run("show", "out", "--json").output)
    assert [shown[key] for key in ("title", "unit", "design", "licence", "version")] == ["Youth", "organization", "nonprobability", "CC0", "3"]  # fmt: skip
    assert shown["set_aside"] == ["name (name)", "_uuid (identifier)"]


def test_import__form_of_the_catalog_or_a_file__both_are_taken(here: Path) -> None:
    form = here / "form.yaml"
    form.write_text(
        'id: t.form\ntitle: {en: Form}\nversion: "1"\nitems:\n- {name: sex, type: one, text: {en: Sex}, '
        "choices: [{code: f, label: {en: Woman}}, {code: m, label: {en: Man}}]}\n",
        encoding="utf-8",
    )
    done = bring("--instrument", "form.yaml")
    assert done.exit_code == 0, done.output
    variables = {
        row["variable"]: row
        for row in json.loads(run("show", "datasets/youth", "--json").output)["variables"]
    }
    assert variables["sex"]["label"] == "Sex"


def test_import__keep__leaves_names_in_and_says_so() -> None:
    done = bring("--personal", "keep")
    assert done.exit_code == 0, done.output
    assert "Personal data are kept" in done.output


def test_import__twice__needs_overwrite() -> None:
    assert bring().exit_code == 0
    again = bring()
    assert again.exit_code == 1
    assert "--overwrite" in again.output
    assert bring("--overwrite").exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("--labels", "words"), ("--engine", "spark"), ("--personal", "drop"), ("--unit", "persn"), ("--design", "snowball"),
        ("--missing", "NA=gone"), ("--study", "../x"), ("--workspace", "nowhere"), ("--encoding", "klingon-8"),
        ("--sheet", "answers"), ("--instrument", "no_form.xlsx"), ("--instrument", "core.nothing"), ("--title", " "),
    ],
)  # fmt: skip
def test_import__wrong_option__one_message_exit_one_and_no_dataset(
    here: Path, words: tuple[str, str]
) -> None:
    done = bring(*words)
    assert done.exit_code == 1, done.output
    assert done.output.startswith("Error: ")
    assert "Traceback" not in done.output
    assert not (here / "datasets").exists()


@pytest.mark.parametrize("identity", ["youth", "Kenya.youth", "kenya.", "kenya.a/b", "kenya.youth.2", ""])
def test_import__wrong_id__says_what_one_looks_like(here: Path, identity: str) -> None:
    done = run("import", "export.csv", "--id", identity)
    assert done.exit_code == 1
    assert "kenya.tracer_2026" in done.output
    assert sorted(path.name for path in here.iterdir()) == ["export.csv"]


@pytest.mark.parametrize("name,content", [("nothing.csv", None), ("empty.csv", b""), ("line.csv", b"\n")])
def test_import__no_data__is_told(here: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (here / name).write_bytes(content)
    done = run("import", name, "--id", "kenya.youth")
    assert done.exit_code == 1
    assert name in done.output
    assert not (here / "datasets").exists()


def test_import__out_is_a_file__is_told() -> None:
    done = bring("--out", "export.csv")
    assert done.exit_code == 1
    assert "cannot be written" in done.output


def test_show__imported_dataset__by_folder_yaml_and_id() -> None:
    bring()
    shown = [json.loads(run("show", name, "--json").output) for name in ("datasets/youth", "datasets/youth/youth.yaml", "kenya.youth")]  # fmt: skip
    assert shown[0] == shown[1] == shown[2]
    assert shown[0]["tables"]["export"]["rows"] == 3


@pytest.mark.parametrize("name", ["nowhere.yaml", "kenya.youth", "."])
def test_show__nothing_there__is_told(name: str) -> None:
    done = run("show", name)
    assert done.exit_code == 1
    assert done.output.startswith("Error: ")


@dataclass
class Finding:
    level: str
    topic: str = "codes"
    table: str = ""
    variable: str = "sex"
    n: int = 2

    def said(self, lang: str) -> str:
        return {"en": "Two codes are not declared.", "es": "Dos códigos no están declarados."}[lang]


@pytest.mark.parametrize("levels,code", [(("error", "note"), 1), (("warning",), 0), ((), 0)])
def test_check__findings__are_printed_and_errors_end_with_one(
    monkeypatch, levels: tuple[str, ...], code: int
) -> None:
    bring()

    class Quality:
        findings = tuple(Finding(level) for level in levels)

    monkeypatch.setattr("volresearch.datasets.Dataset.check", lambda self: Quality())
    done = run("check", "datasets/youth", "--lang", "es")
    assert done.exit_code == code
    assert ("Dos códigos" in done.output) == bool(levels)
    assert f"{levels.count('error')} errors" in done.output
    assert len(json.loads(run("check", "datasets/youth", "--json").output)) == len(levels)


def test_check__doubled_key_and_a_form_with_a_range__are_found(here: Path) -> None:
    (here / "export.csv").write_text(CSV.replace("556660\n", "556661\n"), encoding="utf-8")
    (here / "form.yaml").write_text(
        'id: t.form\ntitle: {en: Form}\nversion: "1"\nitems:\n- {name: age, type: integer, text: {en: Age}, constraint: "age < 98"}\n',
        encoding="utf-8",
    )
    bring()
    plain = json.loads(run("check", "datasets/youth", "--json").output)
    formed = json.loads(run("check", "datasets/youth", "--instrument", "form.yaml", "--json").output)
    assert "duplicates" in {row["topic"] for row in plain}
    assert ("range", "age") in {(row["topic"], row["variable"]) for row in formed}
    wrong = run("check", "datasets/youth", "--instrument", "nothing.xlsx")
    assert wrong.exit_code == 1
    assert wrong.output.startswith("Error: ")


def test_export__csv_with_a_purpose__is_written(here: Path) -> None:
    bring()
    done = run("export", "datasets/youth", "--to", "csv", "--out", "out", "--purpose", "a test")
    assert done.exit_code == 0, done.output
    assert "Written: " in done.output
    assert (here / "out.personal" / "datapackage.json").is_file()


def test_export__without_purpose__goes_into_private_only(here: Path) -> None:
    bring()
    refused = run("export", "datasets/youth", "--to", "csv", "--out", "out")
    assert refused.exit_code == 1
    assert not list(here.glob("out*"))
    assert run("export", "datasets/youth", "--to", "csv", "--out", "private/out").exit_code == 0


def test_export__unknown_format__suggests(here: Path) -> None:
    bring()
    done = run("export", "datasets/youth", "--to", "sps", "--out", "private/out")
    assert done.exit_code == 1
    assert "spss" in done.output


@pytest.mark.parametrize("command", ["list", "show", "import", "check", "export"])
def test_help__of_each_command__loads_nothing_heavy(command: str) -> None:
    code = (
        "import sys\nfrom volresearch.cli import main\n"
        f"try:\n    main(['datasets', {command!r}, '--help'])\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "print('HEAVY', *[n for n in ('pandas', 'numpy', 'pydantic', 'yaml', 'pyarrow', 'duckdb') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "HEAVY"
