"""The data packages that we write, held against frictionless: valid, and missing is read as missing.

`make test-judges` installs frictionless in an environment of its own and names its Python in VOLRESEARCH_FRICTIONLESS.
"""

from __future__ import annotations

import json
import os
import subprocess

import pandas as pd
import pytest

import volresearch as vr
from volresearch.datasets import Dataset
from volresearch.datasets.codebook import Codebook, Variable
from volresearch.datasets.declaration import DatasetDeclaration, TableDeclaration
from volresearch.text import Text

JUDGE = """
import json, sys
from frictionless import Package, validate
report = validate(sys.argv[1])
said = [f"{error.type}: {error.message}" for error in [*report.errors, *(e for task in report.tasks for e in task.errors)]]
rows = {one.name: [{name: None if cell is None else str(cell) for name, cell in row.to_dict().items()} for row in one.read_rows()]
        for one in Package(sys.argv[1]).resources} if report.valid else {}
print(json.dumps({"valid": report.valid, "said": said, "rows": rows}))
"""


@pytest.fixture
def judged():
    """What frictionless says of the package in a folder."""
    python = os.environ.get("VOLRESEARCH_FRICTIONLESS")
    if not python:
        pytest.skip("frictionless is not installed here: make test-judges")

    def judge(folder):
        words = [python, "-c", JUDGE, "datapackage.json"]
        told = subprocess.run(words, cwd=folder, capture_output=True, text=True, encoding="utf-8")
        assert told.returncode == 0, told.stderr[-2000:]
        return json.loads(told.stdout)

    return judge


def _people() -> Dataset:
    """Every type, every way to be missing, cells that a spreadsheet would run, a linked table."""
    words = Text({"en": "A label", "km": "ស្លាក"})
    frame = pd.DataFrame(
        {
            "key": ["a", "b", "c", "d"],
            "hours": [2.5, None, None, 99.0],
            "hours__why": [None, ".a", "a lot", None],
            "sex": ["f", "-oth-", None, "8"],
            "sex__why": [None, None, "not_asked", None],
            "how": ["", "a b", None, "a"],
            "n": [1, 2, 3, 97],
            "day": pd.to_datetime(["2021-10-30", None, "2020-01-01", "1890-02-02"]),
            "at": pd.to_datetime(
                ["2021-10-30T10:00:00.25", None, "2020-01-01", "2020-02-02"], format="ISO8601"
            ),
            "t": ["09:30", "10:00:00", None, "soon"],
            "said": ["=1+1", "a\rb", 'ភាសា\n"x"', "NA"],
        }
    ).astype(dict.fromkeys(("key", "hours__why", "sex", "sex__why", "how", "t", "said"), "str"))
    kids = pd.DataFrame({"key": pd.Series(["a", "a"], dtype="str"), "age": [3, 5]})
    variables = (
        Variable(name="key"),
        Variable(
            name="hours", type="number", labels={".a": words}, missing={".a": "refused", "99": "dont_know"}
        ),
        Variable(
            name="sex",
            type="code",
            labels=dict.fromkeys(("f", "-oth-", "8"), words),
            missing={"8": "refused"},
        ),
        Variable(name="how", type="multiple", labels={"a": words, "b": words}),
        Variable(
            name="n",
            type="integer",
            labels=dict.fromkeys(("1", "2", "3", "97"), words),
            missing={"97": "refused"},
        ),
        Variable(name="day", type="date"),
        Variable(name="at", type="datetime"),
        Variable(name="t", type="time"),
        Variable(name="said"),
        Variable(name="key", table="Kids 1"),
        Variable(name="age", type="integer", table="Kids 1"),
    )
    link = {"parent": "people", "key": "key", "parent_key": "key"}
    declaration = DatasetDeclaration(
        id="t.people", kind="survey", version="1.0.0", title=Text("People"), unit="person", licence="CC-BY 4.0",
        tables={name: TableDeclaration(path="x.csv", sha256="0" * 64, **(link if name != "people" else {})) for name in ("people", "Kids 1")},
        codebook=Codebook(variables=variables),
    )  # fmt: skip
    return Dataset(declaration, {"people": frame, "Kids 1": kids})


def test_package__of_every_kind_of_cell__is_valid_and_missing_is_missing(judged, tmp_path):
    said = judged(_people().to_csv(tmp_path / "people", purpose="a judge"))
    assert said["said"] == []
    rows = said["rows"]["people"]
    assert [row["hours"] for row in rows] == ["2.5", None, None, None]
    assert [row["sex"] for row in rows] == ["f", "'-oth-", None, None]
    assert [row["n"] for row in rows] == ["1", "2", "3", None]
    assert [row["how"] for row in rows] == ["[]", "a b", None, "a"]
    assert [row["said"] for row in rows] == ["'=1+1", "a\rb", 'ភាសា\n"x"', "NA"]
    assert [row["day"] for row in rows] == ["2021-10-30", None, "2020-01-01", "1890-02-02"]


@pytest.mark.parametrize(("old", "new"), [("\r\nb,", "\r\nb,x"), ("a,3", "zz,3"), ("a,3", "a,x")])
def test_package__changed_afterwards__is_no_longer_valid(judged, tmp_path, old, new):
    folder = _people().to_csv(tmp_path / "people", purpose="a judge")
    changed = 0
    for path in folder.glob("*.csv"):
        text = path.read_bytes().decode()
        changed += text.count(old)
        path.write_bytes(text.replace(old, new, 1).encode())
    assert changed
    assert not judged(folder)["valid"]


@pytest.mark.parametrize("id", ["core.facts", "core.vol_work_synthetic", "core.jhu_fte"])
def test_packages__of_the_core__are_valid(judged, tmp_path, id):
    dataset = vr.dataset(id)
    said = judged(dataset.to_csv(tmp_path / "out", purpose="a judge"))
    assert said["said"] == []
    assert sum(map(len, said["rows"].values())) == sum(map(len, dataset.tables.values()))
