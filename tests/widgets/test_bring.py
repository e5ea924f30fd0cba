"""The panel without a browser: set values, press buttons, read what it shows."""

from __future__ import annotations

import ast
import datetime
import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest

import volresearch as vr
from volresearch.errors import VolResearchError
from volresearch.text import LANGUAGES
from volresearch.widgets.bring import BringView
from volresearch.widgets.bring_calls import Asked, Import, code_of, missing_of
from volresearch.widgets.bring_files import DATA, FORMS, files_in, is_served, safe_name, save_uploads
from volresearch.widgets.explorer import Explorer

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
CSV = "sex,age,weight,phone_number\nf,31,1.5,+255 712 345 678\nm,NA,0.5,+255 713 345 678\nf,150,1.0,+255 714 345 678\n"


def text_of(html: str) -> str:
    bare = re.sub(r"<(style|svg)\b.*?</\1>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("SERVER_SOFTWARE", "VOILA_PREHEAT"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "study"
    (home / ".volresearch").mkdir(parents=True)
    (home / "people.csv").write_text(CSV, encoding="utf-8")
    return home


@pytest.fixture
def view(folder: Path) -> BringView:
    opened = BringView(folder)
    opened.speak("en")
    opened.list_files()
    return opened


def read(view: BringView, file: str = "people.csv", **controls: Any) -> BringView:
    view.file.value = file
    for name, value in controls.items():
        getattr(view, name).value = value
    view.read_button.click()
    return view


def test_view__in_the_explorer__is_the_last_tab_and_has_looked_at_nothing() -> None:
    explorer: Explorer = vr.explore("core.volunteer_rate", area="ZAF")
    assert explorer.tabs.get_title(4) == "Bring your file"
    assert len(explorer.bring_view.file.options) == 1
    explorer.tabs.selected_index = 4
    assert "can be brought" in text_of(explorer.bring_view.status.value)


def test_view__before_a_file_is_read__offers_no_import(view: BringView) -> None:
    assert view.import_button.disabled
    assert [place.layout.display for place in view._later] == ["none"] * 5
    assert view.bring() is None
    assert [code for _, code in view.file.options] == ["", "people.csv"]


def test_read__nothing_chosen__says_so(view: BringView) -> None:
    assert "Choose a file first." in read(view, "").status.value


def test_read__file__shows_variables_what_was_set_aside_and_quality(view: BringView) -> None:
    read(view, missing="NA=refused")
    shown = text_of(view.found.value)
    assert "Working view, not for release" in shown
    assert "1 refused" in shown
    assert "phone_number" in shown.split("Set aside because it identifies persons")[1]
    assert "712" not in view.found.value + view.checked.value
    assert "Ages below 0 or above 115: 1" in text_of(view.checked.value)
    assert "Nothing is written yet." in text_of(view.status.value)
    assert not view.import_button.disabled
    assert not (view._folder / "datasets").exists()


def test_read__path_typed__goes_before_the_list(view: BringView, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere.csv"
    other.write_text("n\n1\n2\n", encoding="utf-8")
    read(view, path=str(other))
    assert view.dataset is not None
    assert list(view.dataset.frame.columns) == ["n"]


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04broken"])
def test_read__what_is_no_data_file__is_told_without_a_traceback(view: BringView, content: bytes) -> None:
    (view._folder / "odd.csv").write_bytes(content)
    view.list_files()
    read(view, "odd.csv")
    assert 'role="alert"' in view.status.value
    assert "Traceback" not in view.status.value
    assert view.dataset is None
    assert view.import_button.disabled


def test_read__reason_that_is_none__is_told(view: BringView) -> None:
    assert "no kind of missing" in read(view, missing="NA=maybe").status.value


def test_read__another_file_fails__what_was_read_before_is_gone(view: BringView) -> None:
    read(view)
    read(view, path="absent.csv")
    assert (view.dataset, view.found.value, view.code.value) == (None, "", "")
    assert view.import_button.disabled


def test_read__reader_stumbles__is_a_line_and_no_traceback(
    view: BringView, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(*_: Any) -> None:
        raise KeyError("<b>odd</b>")

    monkeypatch.setattr("volresearch.widgets.bring.read_asked", stumbles)
    read(view)
    assert "could not be read to its end (KeyError)" in view.status.value
    assert "<b>" not in view.status.value


def test_import__declared__writes_a_dataset_that_opens_with_its_design(view: BringView) -> None:
    read(view, missing="NA=refused")
    view.card.id.value, view.card.name.value = "kenya.tracer", "Tracer of Kenya"
    view.card.design.value = "probability"
    view.card.columns["weights"].value = "weight"
    view.import_button.click()
    assert "datasets/tracer/tracer.yaml" in text_of(view.done.value)
    dataset = vr.dataset(view._folder / "datasets" / "tracer")
    assert (dataset.id, str(dataset.title)) == ("kenya.tracer", "Tracer of Kenya")
    assert dataset.design is not None
    assert dataset.design.weights == "weight"
    assert dataset.missing("age").tolist()[1] == "refused"
    assert (view._folder / "private" / "kenya.tracer").is_dir()


def test_import__twice__is_refused_unless_it_may_replace(view: BringView) -> None:
    read(view)
    view.import_button.click()
    view.import_button.click()
    assert "there already" in view.done.value
    assert 'role="alert"' in view.done.value
    view.card.overwrite.value = True
    view.import_button.click()
    assert "Written" in view.done.value


def test_import__id_that_is_none__is_told_and_writes_nothing(view: BringView) -> None:
    read(view)
    view.card.id.value = "../up"
    view.import_button.click()
    assert "no id of a dataset" in view.done.value
    assert not (view._folder / "datasets").exists()


def test_import__controls_changed_after_reading__imports_what_was_shown(view: BringView) -> None:
    (view._folder / "other.csv").write_text("n\n1\n", encoding="utf-8")
    view.list_files()
    read(view)
    view.file.value = "other.csv"
    view.import_button.click()
    assert "people" in text_of(view.done.value)
    assert (view._folder / "datasets" / "people" / "people.yaml").is_file()


def test_code__runs_to_the_same_dataset(view: BringView, monkeypatch: pytest.MonkeyPatch) -> None:
    read(view, missing="NA=refused")
    view.card.design.value = "nonprobability"
    monkeypatch.chdir(view._folder)
    scope: dict[str, Any] = {}
    exec(view.code.value, scope)
    assert scope["dataset"].missing("age").tolist()[1] == "refused"
    assert scope["dataset"].design.kind == "nonprobability"


def test_code__line_for_a_terminal__is_understood_by_the_command(
    view: BringView, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shlex

    from click.testing import CliRunner

    from volresearch.cli import cli

    read(view, missing="NA=refused, - =no_answer")
    view.card.name.value = "People's file"
    monkeypatch.chdir(view._folder)
    if os.name == "nt":
        pytest.skip("the line is quoted for the shell of Windows")
    line = view.code.value.splitlines()[-1].removeprefix("# ")
    words = shlex.split(line)
    assert words[:3] == ["volresearch", "datasets", "import"]
    done = CliRunner().invoke(cli, words[1:])
    assert done.exit_code == 0, done.output
    assert str(vr.dataset("datasets/people").title) == "People's file"


def test_code__form_and_columns_of_a_design__are_in_python_only() -> None:
    design = {"kind": "probability", "weights": "w"}
    code = code_of(
        Asked('a "b".csv', "form.xlsx", "S1", {"NA": "no_answer"}, "codes"), Import("k.x", design=design)
    )
    assert (
        'vr.read("a \\"b\\".csv", "form.xlsx", sheet="S1", missing={"NA": "no_answer"}, labels="codes")'
        in code
    )
    assert 'instrument=read_form("form.xlsx")' in code
    assert 'design={"kind": "probability", "weights": "w"}' in code
    assert "# volresearch" not in code
    compile(code, "code", "exec")


def test_upload__file__lies_in_private_for_its_owner_and_is_chosen(view: BringView) -> None:
    view.upload.value = ({"name": "../new.csv", "type": "", "size": 4, "content": memoryview(b"n\n1\n"), "last_modified": NOW},)  # fmt: skip
    kept = view._folder / "private" / "uploads" / "new.csv"
    assert kept.read_bytes() == b"n\n1\n"
    assert view.file.value == "private/uploads/new.csv"
    assert (
        view.upload.value == ()
    )  # nothing of it stays in the state of the widget, which a notebook may save
    if os.name != "nt":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    view.read_button.click()
    assert view.dataset is not None


def test_upload__same_name_again__keeps_both_and_the_same_content_once(folder: Path) -> None:
    first, second, third = (
        save_uploads([{"name": "a.csv", "content": one}], folder)[0].name for one in (b"1", b"2", b"1")
    )
    assert (first, second, third) == ("a.csv", "a-2.csv", "a.csv")


def test_upload__from_a_folder_of_the_workspace__goes_to_its_private(folder: Path) -> None:
    (folder / "peru").mkdir()
    (kept,) = save_uploads([{"name": "a.csv", "content": b"1"}], folder / "peru")
    assert kept.parent.resolve() == (folder / "private" / "uploads").resolve()
    assert files_in(folder / "peru", DATA) == ["../private/uploads/a.csv"]


@pytest.mark.parametrize(
    "name, safe",
    [("C:\\x\\a.csv", "a.csv"), ("/etc/passwd", "passwd"), (".hidden", "hidden"), ("nul", "_nul"), ("ñandú 1.csv", "ñandú 1.csv"),
     ("a:b?.csv", "a_b_.csv"), ("x" * 300 + ".csv", "x" * 100 + ".csv"), ("\x00\n.csv", "__.csv")],
)  # fmt: skip
def test_safe_name__names_of_strangers__fit_every_system(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_files__folders_that_are_not_the_users__are_left_out(folder: Path) -> None:
    for place in ("a/b", ".git", "private/x", "node_modules", "a/b/c/d"):
        (folder / place).mkdir(parents=True)
        (folder / place / "f.csv").write_text("n\n", encoding="utf-8")
    (folder / "form.xlsx").write_bytes(b"")
    assert files_in(folder, DATA) == ["form.xlsx", "people.csv", "a/b/f.csv"]
    assert files_in(folder, FORMS) == ["form.xlsx", "people.csv", "a/b/f.csv"]


@pytest.mark.parametrize("variable, value", [("SERVER_SOFTWARE", "voila/0.5.8"), ("VOILA_PREHEAT", "True")])
def test_served_page__visitors__see_no_file_and_read_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert is_served()
    view = BringView(folder)
    view.speak("en")
    view.list_files()
    assert [code for _, code in view.file.options] == [""]
    view.path.value = "people.csv"
    view.read_button.click()
    assert view.dataset is None
    assert "served to visitors" in view.status.value
    view.upload.value = (
        {"name": "a.csv", "type": "", "size": 1, "content": memoryview(b"1"), "last_modified": NOW},
    )
    assert not (folder / "private").exists()


def test_speak__another_language__keeps_what_was_read_and_typed(view: BringView) -> None:
    read(view, missing="NA")
    view.card.id.value = "kenya.x"
    for lang in LANGUAGES:
        view.speak(lang)
        assert f'lang="{lang}"' in view.checked.value
        assert view.card.id.value == "kenya.x"
        assert view.missing.value == "NA"
        assert view.dataset is not None


def test_card__kind_of_design__shows_the_columns_that_it_has(view: BringView) -> None:
    read(view)
    shown = {}
    for kind in ("", "nonprobability", "census", "probability"):
        view.card.design.value = kind
        shown[kind] = [name for name, one in view.card.columns.items() if one.layout.display != "none"]
    assert shown == {
        "": [], "nonprobability": ["weights"], "census": ["weights"], "probability": ["weights", "strata", "psu", "fpc"],
    }  # fmt: skip
    # A column that was picked for another kind is not declared.
    view.card.columns["strata"].value = "sex"
    view.card.design.value = "census"
    assert view.card.wanted.design == {"kind": "census"}


@pytest.mark.parametrize(
    "text, missing",
    [("", {}), ("NA", {"NA": "no_answer"}), (" 99=refused; -,x=not_asked", {"99": "refused", "-": "no_answer", "x": "not_asked"}), ("a=b=refused", {"a=b": "refused"})],
)  # fmt: skip
def test_missing_of__text__is_texts_with_reasons(text: str, missing: dict[str, str]) -> None:
    assert missing_of(text) == missing


def test_missing_of__unknown_reason__is_refused() -> None:
    with pytest.raises(VolResearchError, match="no kind of missing"):
        missing_of("NA=nope")


def test_code_of__name_of_a_file_with_line_ends__stays_inside_of_its_literal_and_comment():
    path = 'a"\nimport os\r.csv'
    code = code_of(Asked(path), Import("local.a"))
    tree = ast.parse(code)
    assert [one.names[0].name for one in tree.body if isinstance(one, ast.Import)] == ["volresearch"]
    assert path in {one.value for one in ast.walk(tree) if isinstance(one, ast.Constant)}
