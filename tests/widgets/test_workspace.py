"""Copies of notebooks in a user's folder: nothing that somebody wrote is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from volresearch.errors import VolResearchError
from volresearch.widgets.workspace import copy_notebooks, notebook_faults, refuse_private


def notebook(text: str, *, outputs: list[dict[str, object]] | None = None, tags: tuple[str, ...] = ()) -> str:
    cell = {
        "cell_type": "code",
        "source": [text],
        "metadata": {"tags": list(tags)},
        "outputs": outputs or [],
        "execution_count": 1 if outputs else None,
    }
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "package" / "explore.ipynb"
    path.parent.mkdir()
    path.write_text(notebook("first"))
    return path


def copy(folder: Path, source: Path) -> str:
    [copied] = copy_notebooks(folder, [(source.name, source)])
    return copied.action


def test_copy_notebooks__empty_folder__copies_and_remembers(tmp_path: Path, source: Path) -> None:
    assert copy(tmp_path / "work", source) == "copied"
    assert (tmp_path / "work" / "explore.ipynb").read_text() == source.read_text()
    assert copy(tmp_path / "work", source) == "unchanged"


def test_copy_notebooks__name_with_folder__makes_the_folder(tmp_path: Path, source: Path) -> None:
    copy_notebooks(tmp_path / "work", [("kenya/explore.ipynb", source)])
    assert (tmp_path / "work" / "kenya" / "explore.ipynb").is_file()


def test_copy_notebooks__new_version_of_untouched_copy__brings_it_up_to_date(
    tmp_path: Path, source: Path
) -> None:
    copy(tmp_path / "work", source)
    source.write_text(notebook("second"))
    assert copy(tmp_path / "work", source) == "updated"
    assert "second" in (tmp_path / "work" / "explore.ipynb").read_text()


def test_copy_notebooks__changed_by_user__keeps_both(tmp_path: Path, source: Path) -> None:
    work = tmp_path / "work"
    copy(work, source)
    (work / "explore.ipynb").write_text(notebook("my own words"))
    [copied] = copy_notebooks(work, [("explore.ipynb", source)])
    assert copied.action == "beside"
    assert "changed by you" in str(copied)
    assert "my own words" in (work / "explore.ipynb").read_text()
    assert (work / "explore.new.ipynb").read_text() == source.read_text()
    copy(work, source)
    assert sorted(path.name for path in work.glob("*.ipynb")) == ["explore.ipynb", "explore.new.ipynb"]


def test_copy_notebooks__copy_beside_changed_too__lays_a_second_one(tmp_path: Path, source: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "explore.ipynb").write_text(notebook("mine"))
    (work / "explore.new.ipynb").write_text(notebook("also mine"))
    assert copy(work, source) == "beside"
    assert (work / "explore.new-2.ipynb").read_text() == source.read_text()
    assert "also mine" in (work / "explore.new.ipynb").read_text()


def test_copy_notebooks__only_run_by_user__keeps_it_without_a_second_copy(
    tmp_path: Path, source: Path
) -> None:
    work = tmp_path / "work"
    copy(work, source)
    ran = notebook("first", outputs=[{"output_type": "stream", "name": "stdout", "text": "1"}])
    (work / "explore.ipynb").write_text(ran)
    assert copy(work, source) == "kept"
    assert [path.name for path in work.glob("*.ipynb")] == ["explore.ipynb"]


def test_copy_notebooks__run_and_then_a_new_version__keeps_both(tmp_path: Path, source: Path) -> None:
    work = tmp_path / "work"
    copy(work, source)
    ran = notebook("first", outputs=[{"output_type": "stream", "name": "stdout", "text": "1"}])
    (work / "explore.ipynb").write_text(ran)
    source.write_text(notebook("second"))
    assert copy(work, source) == "beside"
    assert (work / "explore.ipynb").read_text() == ran


def test_copy_notebooks__ledger_damaged__treats_files_as_the_users(tmp_path: Path, source: Path) -> None:
    work = tmp_path / "work"
    copy(work, source)
    (work / ".volresearch" / "notebooks.json").write_text("not json")
    source.write_text(notebook("second"))
    assert copy(work, source) == "beside"


def test_copy_notebooks__users_file_is_no_notebook__keeps_it(tmp_path: Path, source: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "explore.ipynb").write_bytes(b"\xff\x00 notes")
    assert copy(work, source) == "beside"
    assert (work / "explore.ipynb").read_bytes() == b"\xff\x00 notes"


def test_copy_notebooks__private_folder__refuses(tmp_path: Path, source: Path) -> None:
    with pytest.raises(VolResearchError, match="private") as caught:
        copy(tmp_path / "private" / "work", source)
    assert caught.value.code == "dataset.private"
    assert not (tmp_path / "private").exists()


def test_refuse_private__symbolic_way_in__refuses(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    door = tmp_path / "door"
    try:
        door.symlink_to(tmp_path / "private")
    except OSError:
        pytest.skip("this system makes no symbolic links")
    with pytest.raises(VolResearchError):
        refuse_private(door / "raw.ipynb")


def test_notebook_faults__outputs_and_no_tag__names_each(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(notebook("x", outputs=[{"output_type": "stream", "name": "stdout", "text": "1"}]))
    faults = " ".join(notebook_faults(path))
    assert "outputs" in faults
    assert "execution counts" in faults
    assert "parameters" in faults


def test_notebook_faults__clean__none(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(notebook("x", tags=("parameters",)))
    assert notebook_faults(path) == []


@pytest.mark.parametrize("text", ["", "[]", '{"cells": 3}', "{"])
def test_notebook_faults__no_notebook__names_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(text)
    with pytest.raises(VolResearchError, match="no notebook") as caught:
        notebook_faults(path)
    assert "a.ipynb" in str(caught.value)
