from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from volresearch.datasets import private
from volresearch.datasets.private import (
    in_private,
    private_folder,
    refuse_outside,
    refuse_private,
    salt_of,
    salted_key,
    workspace_of,
    write_private,
)
from volresearch.errors import VolResearchError

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no modes of files")


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_workspace_of__folder_inside__is_the_nearest_with_a_ledger(tmp_path: Path) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    assert workspace_of(inside) == inside
    (tmp_path / ".volresearch").mkdir()
    assert workspace_of(inside).resolve() == tmp_path.resolve()


def test_workspace_of__nothing_given__starts_in_the_working_folder(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert workspace_of().resolve() == tmp_path.resolve()


@posix
def test_private_folder__new__is_its_owners_only(tmp_path: Path) -> None:
    folder = private_folder(tmp_path, "kenya.tracer", "raw")
    assert folder == tmp_path / "private" / "kenya.tracer" / "raw"
    assert [_mode(one) for one in (folder, folder.parent, tmp_path / "private")] == [0o700] * 3
    assert {_mode(one) for one in (tmp_path / "private").iterdir() if one.is_file()} == {0o600}


@posix
def test_private_folder__open_to_others__is_closed(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir(mode=0o755)
    private_folder(tmp_path)
    assert _mode(tmp_path / "private") == 0o700


def test_private_folder__new__tells_git_and_people_what_it_is(tmp_path: Path) -> None:
    folder = private_folder(tmp_path)
    assert (folder / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert "salt" in (folder / "README.txt").read_text(encoding="utf-8")


def test_private_folder__a_file_stands_there__is_told(tmp_path: Path) -> None:
    (tmp_path / "private").write_text("", encoding="utf-8")
    with pytest.raises(VolResearchError) as caught:
        private_folder(tmp_path)
    assert caught.value.code == "export.failed"


def test_private_folder__workspace_is_not_there__makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(VolResearchError) as caught:
        private_folder(tmp_path / "tpyo")
    assert caught.value.code == "read.option"
    assert list(tmp_path.iterdir()) == []


def test_salt_of__second_call__is_the_same_and_of_another_study_is_not(tmp_path: Path) -> None:
    first = salt_of("kenya", tmp_path)
    assert len(first) == 32
    assert salt_of("Kenya", tmp_path) == first
    assert salt_of("peru", tmp_path) != first
    assert {path.name for path in (tmp_path / "private" / "studies" / "kenya").iterdir()} == {"salt"}


@posix
def test_salt_of__file__is_its_owners_only(tmp_path: Path) -> None:
    salt_of("kenya", tmp_path)
    assert _mode(tmp_path / "private" / "studies" / "kenya" / "salt") == 0o600


def test_salt_of__many_processes_at_once__agree(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from volresearch.datasets.private import salt_of; "
        "sys.stdin.read(1); print(salt_of('kenya', Path(sys.argv[1])).hex())"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for one in started:
        assert one.stdin is not None
        one.stdin.write("x")
        one.stdin.close()
    said = {one.stdout.read().strip() for one in started if one.stdout is not None}
    assert [one.wait() for one in started] == [0] * 4
    assert len(said) == 1
    assert len(said.pop()) == 64


def test_salt_of__drive_without_links__still_makes_one(tmp_path: Path, monkeypatch) -> None:
    def refuse(*args: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(private.os, "link", refuse)
    assert salt_of("kenya", tmp_path) == salt_of("kenya", tmp_path)


def test_salt_of__changed_by_hand__is_refused_not_replaced(tmp_path: Path) -> None:
    salt_of("kenya", tmp_path)
    path = tmp_path / "private" / "studies" / "kenya" / "salt"
    path.write_text("abc", encoding="utf-8")
    with pytest.raises(VolResearchError, match="damaged"):
        salt_of("kenya", tmp_path)
    assert path.read_text(encoding="utf-8") == "abc"


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "a/b", "a\\b", "con", "COM1", ".", "a:b", "a b", "é", "x" * 65]
)
def test_salt_of__name_that_is_no_folder__is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(VolResearchError) as caught:
        salt_of(name, tmp_path)
    assert caught.value.code == "read.option"
    assert list(tmp_path.iterdir()) == []


def test_salted_key__any_text__is_twenty_signs() -> None:
    assert len(salted_key("姓名", b"s")) == 20
    assert salted_key("a", b"s") != salted_key("b", b"s")


@posix
def test_write_private__file__is_its_owners_only_and_nothing_is_left(tmp_path: Path) -> None:
    write_private(tmp_path / "raw.csv", b"a")
    write_private(tmp_path / "raw.csv", b"b")
    assert (tmp_path / "raw.csv").read_bytes() == b"b"
    assert _mode(tmp_path / "raw.csv") == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["raw.csv"]


def test_in_private__place_by_place__is_told(tmp_path: Path) -> None:
    assert in_private(tmp_path / "private" / "a.csv")
    assert in_private(tmp_path / "Private" / "deep" / "a.csv")
    assert not in_private(tmp_path / "privately" / "a.csv")
    assert not in_private("/private/var/folders/x/a.csv")  # where macOS keeps temporary files


def test_in_private__link_into_it__is_seen(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    try:
        (tmp_path / "door").symlink_to(tmp_path / "private")
    except OSError:
        pytest.skip("no links on this system")
    assert in_private(tmp_path / "door" / "a.csv")


def test_refuse__places__by_what_is_written(tmp_path: Path) -> None:
    refuse_private(tmp_path / "a.csv")
    refuse_outside(tmp_path / "private" / "a.sav")
    refuse_outside(tmp_path / "a.sav", "analysis by the study team")
    with pytest.raises(VolResearchError) as caught:
        refuse_private(tmp_path / "private" / "a.csv")
    assert caught.value.code == "dataset.private"
    with pytest.raises(VolResearchError) as caught:
        refuse_outside(tmp_path / "a.sav", "  ")
    assert caught.value.code == "write.purpose"
