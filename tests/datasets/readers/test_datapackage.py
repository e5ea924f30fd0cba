"""Data packages of anybody: versions 1 and 2, dialects, missing values, keys; nothing outside of their folder."""

from __future__ import annotations

import gzip
import json

import pytest

from volresearch.datasets.readers import read
from volresearch.datasets.readers.datapackage import descriptor_beside
from volresearch.errors import VolResearchError
from volresearch.text import Text


def _package(folder, *resources, **more):
    """Write a descriptor; a resource's ``text`` is the content of its file."""
    listed = []
    for number, one in enumerate(resources):
        one = dict(one)
        text = one.pop("text", None)
        if text is not None:
            one.setdefault("path", f"t{number}.csv")
            (folder / one["path"]).parent.mkdir(parents=True, exist_ok=True)
            (folder / one["path"]).write_bytes(text if isinstance(text, bytes) else text.encode())
        listed.append({"name": f"t{number}", **one})
    path = folder / "datapackage.json"
    path.write_text(json.dumps({"name": "p", "resources": listed, **more}), encoding="utf-8")
    return path


def _schema(*fields, **more):
    return {"fields": [{"name": name, "type": type, **extra} for name, type, extra in fields], **more}


def _refused(code, path, **options):
    with pytest.raises(VolResearchError) as error:
        read(path, **options)
    assert error.value.code == code
    return error.value


def test_read__version_1__has_types_titles_and_missing_texts(tmp_path):
    schema = _schema(("age", "integer", {"title": "Age in years", "description": "At the interview"}), ("area", "string", {}),
                     missingValues=["", "-", "refused"])  # fmt: skip
    path = _package(
        tmp_path,
        {"text": "age,area\n31,NA\n-,\nrefused,x\n", "schema": schema},
        title="Youth",
        licenses=[{"name": "CC0-1.0"}],
    )
    data = read(path)
    assert data.frame["age"].tolist()[0] == 31
    assert data.missing("age").tolist()[1:] == ["no_answer", "refused"]
    assert data.frame["area"].tolist()[0] == "NA"
    assert data.codebook["age"].label == Text("Age in years")
    assert data.codebook["age"].note == Text("At the interview")
    assert data.title == Text("Youth")
    assert data.declaration.licence == "CC0-1.0"


def test_read__version_2__has_categories_and_labelled_missing_values(tmp_path):
    schema = _schema(
        ("sex", "string", {"categories": [{"value": "f", "label": "Women"}, "m"], "missingValues": [{"value": "8", "label": "Does not know"}]}),
        ("hours", "number", {"missingValues": [{"value": "-99", "label": "Refused"}, {"value": "", "label": "Not asked"}]}),
    )  # fmt: skip
    data = read(_package(tmp_path, {"text": "sex,hours\nf,2.5\n8,-99\nm,\n", "schema": schema}))
    assert data.codebook["sex"].labels == {"f": Text("Women"), "m": Text("m"), "8": Text("Does not know")}
    assert data.missing("sex").tolist()[1] == "dont_know"
    assert data.missing("hours").tolist()[1:] == ["refused", "not_asked"]
    assert data.frame["hours"].tolist()[:2] == [2.5, -99]


def test_read__a_dialect__is_followed(tmp_path):
    text = "# made by hand\nage;note\n1.234,5;'a;b'\n".encode("cp1252")
    resource = {
        "text": text, "encoding": "cp1252", "dialect": {"delimiter": ";", "quoteChar": "'", "commentChar": "#"},
        "schema": _schema(("age", "number", {"decimalChar": ",", "groupChar": "."}), ("note", "string", {})),
    }  # fmt: skip
    data = read(_package(tmp_path, resource))
    assert data.frame["age"].tolist() == [1234.5]
    assert data.frame["note"].tolist() == ["a;b"]


def test_read__truths_dates_lists_and_years__are_written_as_ours(tmp_path):
    schema = _schema(
        ("ok", "boolean", {"trueValues": ["ja"], "falseValues": ["nein"]}), ("day", "date", {"format": "%d.%m.%Y"}),
        ("how", "list", {"delimiter": ";"}), ("year", "year", {}),
    )  # fmt: skip
    data = read(
        _package(
            tmp_path,
            {"text": "ok,day,how,year\nja,30.10.2021,a;b c,2021\nnein,soon,,1999\n", "schema": schema},
        )
    )
    assert data.frame["ok"].tolist() == ["true", "false"]
    assert str(data.frame["day"].iloc[0].date()) == "2021-10-30"
    assert data.missing("day").tolist()[1] == "invalid"
    assert data.frame["how"].tolist()[0] == "a b_c"
    assert data.frame["year"].tolist() == [2021, 1999]


def test_read__a_gzipped_file__is_unpacked(tmp_path):
    path = _package(tmp_path, {"path": "t.csv.gz", "schema": _schema(("a", "integer", {}))})
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"a\n1\n2\n"))
    assert read(path).frame["a"].tolist() == [1, 2]


@pytest.mark.parametrize(
    "data", [[{"a": 1, "b": "x"}, {"a": None, "b": "y"}], [["a", "b"], [1, "x"], [None, "y"]]]
)
def test_read__rows_in_the_descriptor__are_a_table(tmp_path, data):
    frame = read(
        _package(tmp_path, {"data": data, "schema": _schema(("a", "integer", {}), ("b", "string", {}))})
    ).frame
    assert frame["a"].tolist()[0] == 1
    assert frame["a"].isna().tolist() == [False, True]
    assert frame["b"].tolist() == ["x", "y"]


def test_read__no_header__takes_the_names_of_the_schema(tmp_path):
    resource = {
        "text": "1,x\n2,y\n",
        "dialect": {"header": False},
        "schema": _schema(("a", "integer", {}), ("b", "string", {})),
    }
    assert read(_package(tmp_path, resource)).frame["a"].tolist() == [1, 2]


def test_read__foreign_keys__are_links_and_the_table_above_is_the_main_one(tmp_path):
    below = _schema(("p", "string", {}), ("age", "integer", {}),
                    foreignKeys=[{"fields": "p", "reference": {"resource": "homes", "fields": "id"}}])  # fmt: skip
    data = read(
        _package(
            tmp_path,
            {"name": "people", "text": "p,age\nx,3\n", "schema": below},
            {
                "name": "homes",
                "text": "id,rooms\nx,2\n",
                "schema": _schema(("id", "string", {}), ("rooms", "integer", {})),
            },
        )
    )
    assert data.main == "homes"
    assert data.joined("people")["rooms"].tolist() == [2]


def test_read__a_resource_by_name__is_the_main_table(tmp_path):
    path = _package(tmp_path, {"name": "a", "text": "x\n1\n"}, {"name": "b", "text": "y\n2\n"})
    assert read(path, sheet="b").main == "b"
    assert "a, b" in _refused("read.option", path, sheet="c").expected


def test_read__schema_and_file_that_differ__are_told_and_nothing_is_shifted(tmp_path):
    path = _package(
        tmp_path,
        {
            "text": "b,a,more\nx,1,2\n",
            "schema": _schema(("a", "integer", {}), ("b", "string", {}), ("c", "string", {})),
        },
    )
    data = read(path)
    assert data.frame["a"].tolist() == [1]
    assert data.frame["b"].tolist() == ["x"]
    assert any("does not have: c" in note for note in data.notes)
    assert any("does not describe: more" in note for note in data.notes)


def test_trap_21__a_row_with_a_cell_too_many__is_read_and_told(tmp_path):
    path = _package(
        tmp_path,
        {"text": "a,b\n5,x\n2,y,surplus\n", "schema": _schema(("a", "integer", {}), ("b", "string", {}))},
    )
    data = read(path)
    assert data.frame["a"].tolist() == [5, 2]
    assert "surplus" in str(data.frame.to_dict())
    assert any("not written as its descriptor says" in note for note in data.notes)


def test_read__another_encoding_than_declared__is_found_and_told(tmp_path):
    path = _package(tmp_path, {"text": "a\nniño\n".encode("cp1252"), "encoding": "utf-8"})
    data = read(path)
    assert data.frame["a"].tolist() == ["niño"]
    assert any("not written as its descriptor says" in note for note in data.notes)


def test_read__a_file_changed_since__is_told(tmp_path):
    path = _package(tmp_path, {"text": "a\n1\n", "hash": f"sha256:{'0' * 64}"})
    assert any("another sha256" in note for note in read(path).notes)


def test_read__resources_that_are_no_tables__are_passed_over_and_told(tmp_path):
    path = _package(tmp_path, {"text": "a\n1\n"}, {"path": "map.pdf"}, {"data": "words"}, {"name": "nothing"})
    data = read(path)
    assert list(data.tables) == ["t0"]
    assert sum("passed over" in note for note in data.notes) == 3


@pytest.mark.parametrize(
    "path",
    [
        "../out.csv",
        "/etc/passwd",
        "C:\\out.csv",
        "https://example.org/a.csv",
        "a/../../out.csv",
        "..\\out.csv",
    ],
)
def test_read__files_elsewhere__are_refused(tmp_path, path):
    (tmp_path / "out.csv").write_text("a\n1\n", encoding="utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    _refused("read.format", _package(inner, {"path": path}))
    _refused("read.format", _package(inner, {"path": "t.csv", "text": "a\n1\n", "schema": path}))


def test_read__a_file_that_is_not_there__is_told_by_name(tmp_path):
    assert "gone.csv" in str(_refused("read.file", _package(tmp_path, {"path": "gone.csv"})))


def test_read__no_table_at_all__is_told(tmp_path):
    _refused("read.format", _package(tmp_path, {"path": "map.pdf"}))


@pytest.mark.parametrize(
    "resource",
    [
        {"path": 5}, {"path": []}, {"path": [1]}, {"path": "t.csv", "schema": {"fields": "x"}}, {"path": "t.csv", "schema": {"fields": [1]}},
        {"path": "t.csv", "schema": {"fields": [{}]}}, {"path": "t.csv", "dialect": {"delimiter": 7, "quoteChar": []}},
        {"path": "t.csv", "schema": {"fields": [{"name": "a", "type": ["x"], "missingValues": {"a": 1}, "categories": 3, "format": 9}]}},
        {"path": "t.csv", "schema": {"fields": [{"name": "a", "type": "date", "format": "%"}], "foreignKeys": [3, {"fields": {}}]}},
        {"path": "t.csv", "encoding": "no-such"}, {"path": "t.csv", "encoding": "rot13"}, {"path": "t.csv", "volresearch": {"table": 3, "link": 5}},
    ],
)  # fmt: skip
def test_read__nonsense_in_a_descriptor__is_read_as_far_as_it_goes_or_told(tmp_path, resource):
    (tmp_path / "t.csv").write_text("a\n1\n", encoding="utf-8")
    path = _package(tmp_path, resource)
    if resource["path"] == "t.csv":
        assert read(path).frame["a"].astype("str").str.startswith("1").tolist() == [True]
    else:
        _refused("read.format", path)


def test_descriptor_beside__only_where_it_names_the_file(tmp_path):
    _package(tmp_path, {"text": "a\n1\n"})
    (tmp_path / "other.csv").write_text("a\n", encoding="utf-8")
    assert descriptor_beside(tmp_path / "t0.csv") == tmp_path / "datapackage.json"
    assert descriptor_beside(tmp_path / "other.csv") is None
    (tmp_path / "datapackage.json").write_text('{"resources": [3]}', encoding="utf-8")
    assert descriptor_beside(tmp_path / "t0.csv") is None


def test_read__what_ours_says_under_its_name_in_nonsense__is_told(tmp_path):
    field = {
        "name": "a",
        "type": "string",
        "volresearch": {"coding": {"kind": "number", "dtype": "object"}, "variable": {"type": "zzz"}},
    }
    path = _package(
        tmp_path,
        {"text": "a\n1\n", "schema": {"fields": [field]}},
        volresearch={"declaration": {"unit": "nobody"}},
    )
    data = read(path)
    assert data.unit == "person"
    assert sum("not as it was written" in note for note in data.notes) == 2
