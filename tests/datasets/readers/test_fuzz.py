"""Files that are broken, hostile or odd: a clear error each, nothing written, memory bounded."""

from __future__ import annotations

import gzip
import json
import random
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

import volresearch as vr
from volresearch.datasets.importing import import_dataset
from volresearch.errors import VolResearchError

pyreadstat = pytest.importorskip("pyreadstat")
pytest.importorskip("pyarrow")
xlsxwriter = pytest.importorskip("xlsxwriter")

FRAME = pd.DataFrame(
    {
        "sex": [1.0, 2.0, 1.0, 9.0] * 30,
        "hours": [1.5, 2.25, 0.0, 40.0] * 30,
        "said": ["a", "b ñ", "ខ្មែរ", "中"] * 30,
    }
)
DDI = (
    '<codeBook xmlns="ddi:codebook:2_5"><fileDscr><fileTxt><fileName>made.csv</fileName></fileTxt></fileDscr>'
    '<dataDscr><var name="sex"><labl>Sex</labl><catgry><catValu>1</catValu><labl>Women</labl></catgry></var>'
    '<var name="hours"><labl>Hours</labl></var></dataDscr></codeBook>'
)
KINDS = (
    "csv",
    "tsv16",
    "xlsx",
    "sav",
    "zsav",
    "dta",
    "xpt",
    "por",
    "parquet",
    "json",
    "csv.gz",
    "xml",
    "datapackage",
)


def made(folder: Path, kind: str) -> Path:
    """Write one sound file of each kind."""
    path = folder / ("datapackage.json" if kind == "datapackage" else f"made.{kind}")
    if kind in {"csv", "xml", "datapackage"}:
        FRAME.to_csv(folder / "made.csv", index=False)
    if kind == "tsv16":
        FRAME.to_csv(path, index=False, sep="\t", encoding="utf-16")
    elif kind == "xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("data")
            for number, row in enumerate([list(FRAME), *FRAME.to_numpy().tolist()]):
                sheet.write_row(number, 0, row)
    elif kind in {"sav", "zsav"}:
        pyreadstat.write_sav(
            FRAME, str(path), variable_value_labels={"sex": {1.0: "Women"}}, compress=kind == "zsav"
        )
    elif kind == "dta":
        pyreadstat.write_dta(FRAME, str(path), variable_value_labels={"sex": {1: "Women"}})
    elif kind == "xpt":
        pyreadstat.write_xport(FRAME[["sex", "hours"]], str(path))
    elif kind == "por":
        pyreadstat.write_por(FRAME[["sex", "hours"]], str(path))
    elif kind == "parquet":
        FRAME.to_parquet(path)
    elif kind == "json":
        path.write_text(FRAME.to_json(orient="records"), encoding="utf-8")
    elif kind == "csv.gz":
        path.write_bytes(gzip.compress(FRAME.to_csv(index=False).encode()))
    elif kind == "xml":
        path.write_text(DDI, encoding="utf-8")
    elif kind == "datapackage":
        resource = {
            "name": "made",
            "path": "made.csv",
            "schema": {"fields": [{"name": name} for name in FRAME]},
        }
        path.write_text(json.dumps({"resources": [resource]}), encoding="utf-8")
    return path


def told(path: Path) -> str:
    """Read a file: the code of the error, or ``read``."""
    try:
        data = vr.read(path)
    except VolResearchError as error:
        return error.code
    return "read" if len(data.describe()) == len(data.codebook) else "another number of variables"


@pytest.mark.parametrize("kind", KINDS)
def test_file__sound__is_read_whole(kind: str, tmp_path: Path) -> None:
    data = vr.read(made(tmp_path, kind))
    assert len(data) == 120
    hours = "HOURS" if kind == "por" else "hours"  # the portable format has capitals only
    assert data.values(hours).sum() == FRAME["hours"].sum()


@pytest.mark.parametrize("kind", KINDS)
def test_file__cut_anywhere__is_an_error_in_words_or_fewer_rows(kind: str, tmp_path: Path) -> None:
    path = made(tmp_path, kind)
    content = path.read_bytes()
    random.seed(7)
    for size in sorted({0, 1, 2, 8, 100, *(random.randrange(len(content)) for _ in range(25))}):
        path.write_bytes(content[:size])
        assert told(path) in {"read", "read.file", "read.format", "read.encoding", "read.limit"}, size


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind not in {"csv", "tsv16", "xml", "json", "datapackage"}]
)
def test_binary_file__bytes_changed__is_an_error_in_words_or_read(kind: str, tmp_path: Path) -> None:
    # In a process of its own: a library that dies takes nobody along, and the test says so.
    path = made(tmp_path, kind)
    script = (
        "import sys, random, volresearch as vr\nfrom pathlib import Path\n"
        "path = Path(sys.argv[1]); content = path.read_bytes(); random.seed(int(sys.argv[2]))\n"
        "for _ in range(30):\n"
        "    broken = bytearray(content)\n"
        "    for _ in range(random.randrange(1, 6)):\n"
        "        broken[random.randrange(len(broken))] = random.randrange(256)\n"
        "    path.write_bytes(broken)\n"
        "    try:\n        vr.read(path)\n"
        "    except vr.VolResearchError:\n        pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path), "3"], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize(
    ("kind", "ending"),
    [("xlsx", "csv"), ("csv", "xlsx"), ("sav", "dta"), ("parquet", "txt"), ("json", "csv")],
)
def test_ending__wrong__the_bytes_decide(kind: str, ending: str, tmp_path: Path) -> None:
    path = made(tmp_path, kind)
    wrong = path.rename(tmp_path / f"renamed.{ending}")
    assert len(vr.read(wrong)) == 120


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "read.file"),
        (b"\n", "read.file"),
        (b"\x00" * 5000, "read.format"),
        (b"%PDF-1.7\n" + b"x" * 300, "read.format"),
        (b"<html><body><table></table></body></html>", "read.format"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 300, "read.format"),
        (b"PK\x03\x04" + b"\x00" * 40, "read.f"),
        (b'{"a": ' * 100_000, "read.limit"),
        (b"<codeBook>", "read.f"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb">]><codeBook>&b;</codeBook>', "read.f"),
    ],
)
def test_file__is_no_data__says_what_it_is(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    with pytest.raises(VolResearchError) as caught:
        vr.read(path)
    assert caught.value.code.startswith(code)
    assert "broken.csv" in str(caught.value)


def test_header__alone__is_a_dataset_without_rows_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "header.csv"
    path.write_text("sex,age\n")
    data = vr.read(path)
    assert (len(data), list(data.frame.columns)) == (0, ["sex", "age"])
    assert any("no rows" in note.lower() or "header" in note.lower() for note in data.notes)


def test_columns__ten_thousand__are_read_and_shown(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    names = [f"q{number}" for number in range(10_000)]
    path.write_text("\n".join([",".join(names), *(",".join(["1"] * 10_000) for _ in range(3))]))
    data = vr.read(path)
    assert data.frame.shape == (3, 10_000)
    assert len(data._repr_html_()) < 2_000_000


def test_archive__of_one_gigabyte__is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(1024):
                part.write(b"0" * 1_048_576)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(VolResearchError) as caught:
        vr.read(path)
    assert caught.value.code == "read.limit"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kilobytes


def test_gzip__of_one_gigabyte__is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        for _ in range(1024):
            stream.write(b"a" * 1_048_576)
    with pytest.raises(VolResearchError) as caught:
        vr.read(path)
    assert caught.value.code == "read.limit"


def test_archive__with_a_path_that_leaves__is_refused(tmp_path: Path) -> None:
    path = tmp_path / "escape.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["a"])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../escaped.txt", "x")
    with pytest.raises(VolResearchError) as caught:
        vr.read(path)
    assert caught.value.code in {"read.format", "read.limit"}
    assert not (tmp_path.parent / "escaped.txt").exists()


@pytest.mark.parametrize("kind", ["sav", "xlsx", "parquet", "csv.gz"])
def test_import__of_a_broken_file__writes_nothing(kind: str, tmp_path: Path) -> None:
    path = made(tmp_path, kind)
    path.write_bytes(path.read_bytes()[:60])
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    with pytest.raises(VolResearchError):
        import_dataset(path, id="t.broken", out=workspace / "datasets" / "broken", workspace=workspace)
    left = [
        one
        for one in workspace.rglob("*")
        if one.is_file() and one.name not in {".gitignore", "README.txt", "salt"}
    ]
    assert left == []
