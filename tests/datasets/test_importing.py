from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from volresearch.datasets import Dataset, open_dataset
from volresearch.datasets.folders import locked
from volresearch.datasets.importing import import_dataset
from volresearch.datasets.readers import read
from volresearch.errors import VolResearchError
from volresearch.instruments import Choice, Instrument, Item
from volresearch.text import Text

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no modes of files and no kill -9")
UUIDS = [f"a8b8a5d0-1111-4222-8333-44445555666{n}" for n in range(3)]
CSV = (
    "name,phone,country,code,answer,time,age,_uuid\n"
    f"Ana Ruiz,0712345678,NA,08,NO,1:30,31,{UUIDS[0]}\n"
    f"Luis Soto,0712345679,NO,010,yes,0:55,,{UUIDS[1]}\n"
    f"Mei Chen,0712345670,PE,1.0,Nei,23:59,99,{UUIDS[2]}\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def imported(file: Path, folder: str = "out", **options) -> Path:
    options = {"id": "kenya.youth", "workspace": file.parent, **options}
    return import_dataset(file, options.pop("instrument", None), out=file.parent / folder, **options)


def same(one: Dataset, other: Dataset) -> None:
    """Hold two datasets to the same values, types, labels, reasons row by row, links and words."""
    assert list(one.tables) == list(other.tables)
    for name in one.tables:
        pd.testing.assert_frame_equal(one.tables[name], other.tables[name])
        assert one.variables_of(name) == other.variables_of(name)
        for variable in one.variables_of(name):
            left, right = (each.missing(variable.name, name) for each in (one, other))
            pd.testing.assert_series_equal(left, right)
            left, right = (each.labels(variable.name, "es", name) for each in (one, other))
            pd.testing.assert_series_equal(left, right)
    links = [{name: (t.parent, t.key, t.parent_key) for name, t in each.declaration.tables.items()} for each in (one, other)]  # fmt: skip
    assert links[0] == links[1]
    assert one.notes == other.notes
    assert one.set_aside == other.set_aside
    assert one.codebook == other.codebook


def test_import_dataset__codes_that_look_like_something_else__survive(file: Path) -> None:
    frame = open_dataset(imported(file)).frame
    assert frame["country"].tolist() == ["NA", "NO", "PE"]
    assert frame["code"].tolist() == ["08", "010", "1.0"]
    assert frame["answer"].tolist() == ["NO", "yes", "Nei"]
    assert frame["time"].tolist() == ["1:30", "0:55", "23:59"]


def test_import_dataset__opened__is_what_was_read(file: Path) -> None:
    options = {"missing": {"99": "refused"}, "study": "kenya", "workspace": file.parent, "id": "kenya.youth"}
    before = read(file, **options)
    after = open_dataset(imported(file, missing={"99": "refused"}))
    same(before, after)
    assert after.missing("age").fillna("").tolist() == ["", "no_answer", "refused"]
    assert after.provenance[: len(before.provenance)] == before.provenance
    assert after.steps[0].used == before.steps[0].used


def test_import_dataset__codebook__reads_back_equal_with_awkward_words(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("sex,vote,n\n08,NO,1\n1:30,null,2\n1.0,~,3\n", encoding="utf-8")
    words = [
        "08",
        "1:30",
        "1.0",
        "NO",
        "null",
        "~",
        "true",
        "- a",
        "a: b",
        "#x",
        "{",
        "é\n2",
        "'",
        '"',
        "x" * 200,
        "=1",
        "0x1F",
    ]
    choices = tuple(
        Choice(code=word.replace("\n", ""), label=Text({"en": word, "zh-Hant": f"{word} 字"}))
        for word in words
    )
    form = Instrument(
        id="t.f", title=Text({"en": "F"}),
        items=(Item(name="sex", type="one", choices=choices, text=Text({"en": "Sex: which?", "ar": "الجنس"})),),
    )  # fmt: skip
    before = read(path, form, id="t.odd", study="t", workspace=tmp_path)
    written = import_dataset(path, form, id="t.odd", out=tmp_path / "out", workspace=tmp_path)
    after = open_dataset(written)
    assert dict(after.codebook["sex"].labels) == dict(before.codebook["sex"].labels)
    assert len(after.codebook["sex"].labels) == len(words)
    assert after.codebook["sex"].label == before.codebook["sex"].label
    assert after.frame["vote"].tolist() == ["NO", "null", "~"]


def test_import_dataset__linked_tables__stay_linked(tmp_path: Path) -> None:
    path = tmp_path / "kobo.json"
    answers = [
        {"_uuid": UUIDS[n], "_id": n, "hh": f"h{n}", "kids": [{"kids/age": 3 + n}, {"kids/age": 7}]}
        for n in range(2)
    ]
    path.write_text(json.dumps(answers), encoding="utf-8")
    before = read(path, id="kenya.kids", study="kenya", workspace=tmp_path)
    assert len(before.tables) == 2
    after = open_dataset(import_dataset(path, id="kenya.kids", out=tmp_path / "out", workspace=tmp_path))
    same(before, after)
    linked = next(name for name in after.tables if name != after.main)
    pd.testing.assert_frame_equal(after.joined(linked), before.joined(linked))


def test_import_dataset__files__are_named_by_content_and_hold_nobody(file: Path) -> None:
    written = imported(file)
    assert written.name == "youth.yaml"
    names = sorted(
        path.relative_to(written.parent).as_posix() for path in written.parent.rglob("*") if path.is_file()
    )
    assert len(names) == 3
    assert names[-1] == "youth.yaml"
    for path in written.parent.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        for personal in ("Ana Ruiz", "0712345678", UUIDS[0], str(file.parent)):
            assert personal.encode() not in content


def test_import_dataset__private__has_raw_file_what_was_set_aside_and_the_list(file: Path) -> None:
    imported(file)
    (folder,) = (file.parent / "private" / "kenya.youth").iterdir()
    assert (folder / "raw" / "export.csv").read_bytes() == file.read_bytes()
    aside = pd.read_parquet(folder / "export.parquet")
    assert aside["name"].tolist() == ["Ana Ruiz", "Luis Soto", "Mei Chen"]
    opened = open_dataset(file.parent / "out")
    assert aside["key"].tolist() == opened.frame["key"].tolist()
    listed = json.loads((folder / "set_aside.json").read_text(encoding="utf-8"))
    assert {one["variable"] for one in listed["set_aside"]} == {"name", "phone", "_uuid"}
    assert "Ana" not in json.dumps(listed)


def test_import_dataset__private__tables_of_like_names_are_kept_apart(tmp_path: Path) -> None:
    names = {"kid-s": "Ana Ruiz", "kid.s": "Luis Soto", "Kid_s": "Mei Chen"}
    answers = [
        {"_uuid": UUIDS[n], "_id": n} | {repeat: [{f"{repeat}/name": name}] for repeat, name in names.items()}
        for n in range(2)
    ]
    path = tmp_path / "kobo.json"
    path.write_text(json.dumps(answers), encoding="utf-8")
    import_dataset(path, id="kenya.kids", out=tmp_path / "out", workspace=tmp_path)
    (folder,) = (tmp_path / "private" / "kenya.kids").iterdir()
    tables = json.loads((folder / "set_aside.json").read_text(encoding="utf-8"))["tables"]
    assert len({file.lower() for file in tables.values()}) == 4
    for repeat, name in names.items():
        cells = pd.read_parquet(folder / tables[repeat]).to_numpy().ravel().tolist()
        assert cells.count(name) == 2


@posix
def test_import_dataset__private__is_closed_to_others(file: Path) -> None:
    imported(file)
    for path in [file.parent / "private", *(file.parent / "private").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_import_dataset__without_private__the_folder_still_opens(file: Path) -> None:
    import shutil

    written = imported(file)
    shutil.rmtree(file.parent / "private")
    assert len(open_dataset(written)) == 3


def test_import_dataset__waves_of_a_study__link(file: Path) -> None:
    first = open_dataset(imported(file)).frame["key"].tolist()
    second = open_dataset(imported(file, "out2", id="kenya.youth_2")).frame["key"].tolist()
    other = open_dataset(imported(file, "out3", id="peru.youth")).frame["key"].tolist()
    assert first == second
    assert not set(first) & set(other)


def test_import_dataset__declared__stands_in_the_yaml(file: Path) -> None:
    written = imported(
        file, title={"en": "Youth", "es": "Juventud"}, unit="organization", licence="CC BY 4.0", version="2.1",
        design={"kind": "nonprobability", "how": "snowball"},
    )  # fmt: skip
    opened = open_dataset(written)
    assert opened.title.get_in("es") == "Juventud"
    assert (opened.unit, opened.version, opened.declaration.licence) == ("organization", "2.1", "CC BY 4.0")
    assert opened.design is not None
    assert opened.design.kind == "nonprobability"
    assert opened.declaration.undeclared_codes == "keep"


def test_import_dataset__kept_personal_data__say_what_they_are(file: Path) -> None:
    opened = open_dataset(imported(file, personal="keep"))
    assert opened.frame["name"].tolist()[0] == "Ana Ruiz"
    assert "not for release" in opened.declaration.extra["personal_data"]


def test_import_dataset__twice__is_refused_then_replaced_without_a_trace(file: Path) -> None:
    written = imported(file)
    before = {path: path.read_bytes() for path in written.parent.rglob("*") if path.is_file()}
    with pytest.raises(VolResearchError) as caught:
        imported(file)
    assert caught.value.code == "export.exists"
    imported(file, overwrite=True)
    assert {path: path.read_bytes() for path in written.parent.rglob("*") if path.is_file()} == before


def test_import_dataset__replaced_by_other_data__old_files_are_gone(file: Path) -> None:
    written = imported(file)
    old = {path.name for path in (written.parent / "files").iterdir()}
    file.write_text(CSV.replace("31", "32"), encoding="utf-8")
    imported(file, overwrite=True)
    new = {path.name for path in (written.parent / "files").iterdir()}
    assert len(new) == 2
    assert not old & new
    assert open_dataset(written).frame["age"].tolist()[0] == 32


def test_import_dataset__a_second_dataset_in_the_folder__leaves_the_first_alone(file: Path) -> None:
    first = imported(file)
    file.write_text(CSV.replace("31", "32"), encoding="utf-8")
    second = imported(file, id="kenya.youth_2")
    assert open_dataset(first).frame["age"].tolist()[0] == 31
    assert open_dataset(second).frame["age"].tolist()[0] == 32


def test_import_dataset__files_of_others__are_never_removed(file: Path) -> None:
    written = imported(file)
    for name in ("notes.txt", "a-0123456789ab.parquet", "mine.part"):
        (written.parent / "files" / name).write_text("mine", encoding="utf-8")
    imported(file, overwrite=True)
    assert {path.name for path in (written.parent / "files").iterdir()} >= {
        "notes.txt",
        "a-0123456789ab.parquet",
        "mine.part",
    }


def test_import_dataset__lazily__is_the_same_dataset(tmp_path: Path) -> None:
    path = tmp_path / "big.parquet"
    pd.DataFrame({"name": ["Ana", "Luis"], "hours": [1.5, None], "_uuid": UUIDS[:2]}).to_parquet(path)
    memory = open_dataset(import_dataset(path, id="k.a", out=tmp_path / "a", workspace=tmp_path))
    lazy = open_dataset(
        import_dataset(path, id="k.a", out=tmp_path / "b", workspace=tmp_path, engine="duckdb")
    )
    pd.testing.assert_frame_equal(lazy.frame, memory.frame)
    assert lazy.set_aside == memory.set_aside
    assert open_dataset(tmp_path / "b", engine="duckdb").lazy


def test_open_dataset__provenance_file_was_changed__says_so_and_opens(file: Path) -> None:
    written = imported(file)
    (told,) = (written.parent / "files").glob("*.provenance.json")
    told.write_text("{}", encoding="utf-8")
    opened = open_dataset(written)
    assert len(opened) == 3
    assert "provenance" in opened.notes[0]


@pytest.mark.parametrize(
    "change,code",
    [
        ({"id": "youth"}, "declare.invalid"),
        ({"id": "../kenya.youth"}, "declare.invalid"),
        ({"unit": "persn"}, "declare.invalid"),
        ({"design": "snowball"}, "declare.invalid"),
        ({"design": {"kind": "probability", "weights": "nowhere"}}, "dataset.variable"),
        ({"title": "  "}, "declare.invalid"),
        ({"labels": "words"}, "read.option"),
        ({"engine": "spark"}, "read.option"),
        ({"personal": "drop"}, "read.option"),
        ({"missing": {"NA": "gone"}}, "read.option"),
        ({"shet": "a"}, "read.option"),
        ({"study": "a/b"}, "read.option"),
        ({"instrument": "no_such_form.xlsx"}, "read.form"),
    ],
)
def test_import_dataset__wrong_option__is_told_and_nothing_is_written(
    file: Path, change: dict, code: str
) -> None:
    with pytest.raises(VolResearchError) as caught:
        imported(file, **change)
    assert caught.value.code == code or (
        code == "read.form" and caught.value.code.startswith(("read.", "instrument.", "declare."))
    )
    assert not (file.parent / "out").exists()


def test_import_dataset__no_such_workspace__nothing_is_written(file: Path) -> None:
    with pytest.raises(VolResearchError) as caught:
        imported(file, workspace=file.parent / "nowhere")
    assert caught.value.code == "read.option"
    assert not (file.parent / "out").exists()


def test_import_dataset__folder_is_a_file__is_told(file: Path) -> None:
    (file.parent / "out").write_text("", encoding="utf-8")
    with pytest.raises(VolResearchError) as caught:
        imported(file)
    assert caught.value.code == "import.failed"


def test_import_dataset__another_import_runs__is_refused(file: Path) -> None:
    with locked(file.parent / "out"), pytest.raises(VolResearchError, match="Another import"):
        imported(file)
    assert imported(file).exists()


@pytest.mark.parametrize("operation", ["fsync", "replace"])
@pytest.mark.parametrize("nth", [1, 3, 5, 7])
def test_import_dataset__disk_fails__old_dataset_stands_and_nothing_is_left(
    file: Path, monkeypatch, operation: str, nth: int
) -> None:
    written = imported(file)
    before = {path: path.read_bytes() for path in written.parent.rglob("*") if path.is_file()}
    file.write_text(CSV.replace("31", "32"), encoding="utf-8")
    counted = {"n": 0}
    holder = os if operation == "fsync" else Path
    real = getattr(holder, operation)

    def failing(*args, **kwargs):
        counted["n"] += 1
        if counted["n"] == nth:
            raise OSError(28, "No space left on device")
        return real(*args, **kwargs)

    monkeypatch.setattr(holder, operation, failing)
    error = None
    try:
        imported(file, overwrite=True)
    except VolResearchError as caught:
        error = caught
    monkeypatch.undo()
    if counted["n"] >= nth:
        assert error is not None
        assert error.code in {"import.failed", "export.failed"}
        assert "No space left" in str(error)
    age = open_dataset(written).frame["age"].tolist()[0]
    if age == 31:
        assert {
            path: path.read_bytes() for path in written.parent.rglob("*") if path.is_file()
        }.items() >= before.items()
    assert not list(file.parent.rglob("*.part"))
    imported(file, overwrite=True)
    assert open_dataset(written).frame["age"].tolist()[0] == 32
    assert len(list((written.parent / "files").iterdir())) == 2


def test_import_dataset__new_folder_and_disk_fails__folder_is_gone(file: Path, monkeypatch) -> None:
    monkeypatch.setattr("volresearch.datasets.folders._flush", _full)
    with pytest.raises(VolResearchError) as caught:
        imported(file, "deep/out")
    assert caught.value.code == "import.failed"


def _full(folder: Path) -> None:
    raise OSError(28, "No space left on device", str(folder))


#: Imports, and is killed at the n-th operation on files; the counter is told when it was not.
KILLED = """
import os, signal, sys
from pathlib import Path

from volresearch.datasets.importing import import_dataset

nth, seen = int(sys.argv[3]), 0


def counting(real):
    def called(*args, **kwargs):
        global seen
        seen += 1
        if seen == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    return called


for holder, name in [(os, "fsync"), (os, "open"), (os, "link"), (Path, "replace"), (Path, "unlink"), (Path, "mkdir"), (Path, "rmdir"), (Path, "open")]:
    setattr(holder, name, counting(getattr(holder, name)))
import_dataset(sys.argv[1], id="kenya.youth", out=sys.argv[2], workspace=Path(sys.argv[1]).parent, overwrite=True)
print(seen)
"""


@posix
@pytest.mark.slow
def test_import_dataset__killed_at_any_operation__old_or_new_never_broken(file: Path, tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")

    def run(nth: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(script), str(file), str(tmp_path / "out"), str(nth)], capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    written = imported(file)
    seen = set()
    age, nth, ended = 31, 0, False
    while not ended:
        nth += 3
        new = 1000 + nth
        file.write_text(CSV.replace("31", str(new)), encoding="utf-8")
        done = run(nth)
        ended = done.returncode == 0
        found = open_dataset(written).frame["age"].tolist()[0]
        assert found in {age, new}, done.stderr
        if not ended:
            assert done.returncode == -9, done.stderr
            seen.add("new" if found == new else "old")
        age = found
    assert nth > 30
    assert seen == {"old", "new"}
    assert run(0).returncode == 0
    assert {path.name for path in written.parent.iterdir()} == {"files", "youth.yaml"}
    assert len(list((written.parent / "files").iterdir())) == 2


@posix
@pytest.mark.slow
def test_import_dataset__first_import_killed__no_dataset_or_a_whole_one(file: Path, tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    for number, nth in enumerate((12, 20, 28, 36)):
        out = tmp_path / f"out{number}"
        subprocess.run(
            [sys.executable, str(script), str(file), str(out), str(nth)], capture_output=True, timeout=120
        )
        if (out / "youth.yaml").exists():
            assert len(open_dataset(out)) == 3
        import_dataset(file, id="kenya.youth", out=out, workspace=tmp_path, overwrite=True)
        assert len(open_dataset(out)) == 3
        assert len(list((out / "files").iterdir())) == 2
