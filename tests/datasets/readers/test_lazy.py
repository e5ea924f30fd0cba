"""Lazy frames hold what frames in memory hold: names, types, cells, notes, reasons."""

from __future__ import annotations

import csv
import gzip
import random

import pandas as pd
import pytest

from volresearch.datasets.codebook import Variable
from volresearch.datasets.columns import is_lazy, names_of
from volresearch.datasets.provenance import Source
from volresearch.datasets.readers import text_lazy
from volresearch.datasets.readers.delimited import read_delimited
from volresearch.datasets.readers.found import Asked, Found
from volresearch.datasets.readers.typing import typed
from volresearch.errors import VolResearchError

HEADER = [
    "id", "age", "hours", "weight", "born", "start", "seen", "member", "village", "code", "phone", "tasks", "empty",
    "score", "Why did you join?", "when", "odd",
]  # fmt: skip
KNOWN = {
    "code": Variable(name="code", type="code", labels={"1": "Yes", "2": "No"}),
    "tasks": Variable(name="tasks", type="multiple", labels={"1": "School", "2": "Clinic"}),
    "score": Variable(name="score", type="integer", missing={"DK": "dont_know", "99": "refused"}),
    "when": Variable(name="when", type="date"),
    "odd": Variable(name="odd", type="number"),
}


def rows(count: int) -> list[list[str]]:
    dice = random.Random(7)
    out = []
    for number in range(1, count + 1):
        day, month = dice.randint(1, 28), dice.randint(1, 12)
        zone = dice.choice(["Z", "+02:00", "-0530"])
        out.append([
            str(number), dice.choice(["", str(dice.randint(15, 90))]), f"{dice.uniform(0, 60):.2f}",
            f"{dice.randint(0, 9)},{dice.randint(0, 99)}", f"19{dice.randint(40, 99)}-{month:02}-{day:02}",
            f"{month}/{day}/2018", f"2018-{month:02}-{day:02}T{day % 24:02}:15:00{zone}",
            dice.choice(["True", "False"]), dice.choice(["Puno", "Cusco, centro", 'el "alto"', "línea\ndos", "NA", ""]),
            dice.choice(["1", "2", "1.0", "7", ""]), f"0{dice.randint(10**7, 10**8)}", dice.choice(["1 2", "2.0", ""]),
            "", dice.choice(["DK", "99", "5", "", "n/a"]), dice.choice(["help", "learn", "n/a"]),
            dice.choice([f"2018-{month:02}-{day:02}", "43297"]),
            dice.choice(["1.5", "2", "0,25"] * 30 + ["1,234", "about 5"]),
        ])  # fmt: skip
    return out


def both(tmp_path, content: bytes, name: str = "a.csv", known=None, missing=None) -> tuple[Found, Found]:
    file = tmp_path / name
    file.write_bytes(content)
    out = []
    for engine in ("pandas", "duckdb"):
        asked = Asked(file, engine=engine, missing=missing or {})
        found = read_delimited(asked, Source(name, "", 0))
        table = found.main.with_(
            variables={one: known[one] for one in known or {} if one in found.main.frame.columns}
        )
        out.append(typed(found.with_(tables=(table,)), asked))
    return out[0], out[1]


def assert_same(memory: Found, lazy: Found) -> None:
    assert is_lazy(lazy.main.frame)
    assert names_of(lazy.main.frame) == names_of(memory.main.frame)
    brought = lazy.main.frame.df()
    for name in names_of(memory.main.frame):
        left, right = memory.main.frame[name], brought[name]
        if right.dtype == object:  # DuckDB gives a column without any value so
            right = right.astype("str")
        assert str(left.dtype) == str(right.dtype), name
        pd.testing.assert_series_equal(left, right)
    assert lazy.main.variables == memory.main.variables
    assert lazy.main.hidden == memory.main.hidden
    assert [str(note) for note in lazy.notes] == [str(note) for note in memory.notes]
    assert dict(lazy.options) == dict(memory.options)
    assert lazy.steps == memory.steps


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    file = tmp_path_factory.mktemp("lazy") / "large.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows(20_000)])
    return file.read_bytes()


def test_lazy__twenty_thousand_rows_of_every_kind__are_the_same_as_in_memory(tmp_path, large):
    memory, lazy = both(tmp_path, large, known=KNOWN, missing={"n/a": "no_answer", "NA": "not_asked"})
    assert_same(memory, lazy)
    types = {name: variable.type for name, variable in memory.main.variables.items()}
    assert types == {
        "id": "integer", "age": "integer", "hours": "number", "weight": "number", "born": "date", "start": "date",
        "seen": "datetime", "member": "code", "village": "text", "code": "code", "phone": "text", "tasks": "multiple",
        "empty": "text", "score": "integer", "Why_did_you_join": "text", "when": "date", "odd": "number",
    }  # fmt: skip
    assert {"score__why", "odd__why", "village__why"} <= set(names_of(memory.main.frame))


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2,\n3,4,\n",
        b"a,b\n1,2\n3\n5,6,7\n",
        "año;x\n1;ñ\n".encode("cp1252"),
        "año;x\n1;ñ\n".encode("utf-16"),
        b'"","a"\n"1","x"\n"2","NA"\n',
        b"a,b\r1,2\r3,4\r",
        b'a,b\n "x" ,1\n"y", 2\n',
        b"a\n1\n\n3\n",
        b"a,b\n",
        b"sep=;\na;b\n1;2\n",
    ],
)
def test_lazy__odd_files__are_the_same_as_in_memory(tmp_path, content):
    assert_same(*both(tmp_path, content, missing={"NA": "no_answer"}))


def test_lazy__a_gzipped_file__is_the_same_as_in_memory(tmp_path):
    assert_same(*both(tmp_path, gzip.compress(b"a,b\n1,x\n2,y\n"), "a.csv.gz"))


def test_lazy__a_typed_relation__composes(tmp_path):
    _, lazy = both(tmp_path, b"a,b\n1,x\n2,y\n3,z\n")
    frame = lazy.main.frame.filter("a > 1").project("b, a * 2 AS double").order("double DESC")
    assert frame.fetchall() == [("z", 6), ("y", 4)]


def test_lazy__a_relation_over_a_copy__lives_as_long_as_what_is_made_of_it(tmp_path):
    _, lazy = both(tmp_path, "a;b\n1;ñ\n".encode("cp1252"))
    derived = lazy.main.frame.project("b")
    del lazy
    assert derived.fetchall() == [("ñ",)]


def test_lazy__no_rows_are_brought_to_type_them(tmp_path, large, monkeypatch):
    asked: list[int] = []
    answer = text_lazy.Facts._answer

    def counted(self):
        asked.append(len(self.asked))
        answer(self)

    monkeypatch.setattr(text_lazy.Facts, "_answer", counted)
    _, lazy = both(tmp_path, large)
    assert is_lazy(lazy.main.frame)
    assert sum(count > 0 for count in asked) < 12  # goes over the file, whatever the number of columns


def test_lazy__a_cut_quote__is_an_error_at_once(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(b'id,a,b\n1,2,3\n3,"cut')
    with pytest.raises(VolResearchError) as caught:
        read_delimited(Asked(file, engine="duckdb"), Source("a.csv", "", 0))
    assert caught.value.code == "read.file"


@pytest.mark.real
def test_lazy__outside_files__are_the_same_as_in_memory(shared, tmp_path):
    files = [*(shared / "real").rglob("*.csv"), *(shared / "real").rglob("*.csv.gz")]
    for file in files:
        if file.name != "SOURCE.csv":
            assert_same(*both(tmp_path, file.read_bytes(), file.name, missing={"NA": "not_asked"}))
    assert len(files) > 40
