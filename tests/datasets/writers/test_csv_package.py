"""CSV with its data package: what is written comes back equal, and says of itself what it is."""

from __future__ import annotations

import csv
import importlib.util
import json
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from volresearch.datasets.codebook import Variable
from volresearch.datasets.readers import read
from volresearch.datasets.typed import reasons_of
from volresearch.datasets.writers import write
from volresearch.text import Text

_spec = importlib.util.spec_from_file_location("datasets_made", Path(__file__).with_name("datasets_made.py"))
made = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made)


def _written(dataset, folder, **options):
    return write(dataset, folder / "people", "csv", purpose="a test", **options)


def _descriptor(folder):
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def _field(folder, name, resource=0):
    fields = _descriptor(folder)["resources"][resource]["schema"]["fields"]
    return next(one for one in fields if one["name"] == name)


def _cells(folder, name, file="people.csv"):
    with (folder / file).open(encoding="utf-8", newline="") as stream:
        return [row[name] for row in csv.DictReader(stream)]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(dataset=made.datasets())
def test_law__any_dataset_as_csv__comes_back_equal(dataset, tmp_path):
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    made.assert_same(dataset, read(_written(dataset, folder), personal="keep"))


def test_write__text_that_a_spreadsheet_would_run__is_disarmed_and_comes_back(tmp_path):
    texts = ["=1+1", "@SUM(A1)", "+cmd", "-1+2", "\t=1", "plain", "-5", "'=x"]
    dataset = made.made(
        {"people": pd.DataFrame({"said": pd.Series(texts, dtype="str")})}, [Variable(name="said")]
    )
    folder = _written(dataset, tmp_path)
    assert _cells(folder, "said") == ["'=1+1", "'@SUM(A1)", "'+cmd", "'-1+2", "'\t=1", "plain", "-5", "''=x"]
    assert read(folder, personal="keep").frame["said"].tolist() == texts


def test_write__reasons_of_missing__stand_in_brackets_and_are_declared(tmp_path):
    frame = pd.DataFrame(
        {
            "hours": [2.5, None, None, None, 99.0],
            "hours__why": pd.Series([None, ".a", "not_asked", "a lot", None], dtype="str"),
        }
    )
    hours = Variable(name="hours", type="number", labels={".a": Text({"en": "Would not say", "es": "No dice"})},
                     missing={".a": "refused", "99": "dont_know"})  # fmt: skip
    dataset = made.made({"people": frame}, [hours])
    folder = _written(dataset, tmp_path, lang="es")
    assert _cells(folder, "hours") == ["2.5", "[.a]", "[not_asked]", "[invalid]", "99"]
    assert _cells(folder, "hours__why") == ["", "", "", "a lot", ""]
    declared = {one["value"]: one["label"] for one in _field(folder, "hours")["missingValues"]}
    assert declared["[.a]"] == "No dice"
    assert set(declared) == {"", "99", "[.a]", "[not_asked]", "[invalid]"}
    back = read(folder)
    assert back.missing("hours").tolist()[1:] == ["refused", "not_asked", "invalid", "dont_know"]
    assert reasons_of(back.frame, hours).tolist()[1:] == ["refused", "not_asked", "invalid", "dont_know"]


def test_write__nothing_chosen__is_not_missing(tmp_path):
    frame = pd.DataFrame({"how": pd.Series(["", "a b", None], dtype="str")})
    dataset = made.made(
        {"people": frame}, [Variable(name="how", type="multiple", labels={"a": Text("A"), "b": Text("B")})]
    )
    folder = _written(dataset, tmp_path)
    assert _cells(folder, "how") == ["[]", "a b", ""]
    assert read(folder).frame["how"].isna().tolist() == [False, False, True]


def test_write__codes__are_categories_where_the_column_holds_no_others(tmp_path):
    frame = pd.DataFrame(
        {"sex": pd.Series(["f", "8"], dtype="str"), "odd": pd.Series(["f", "zzz"], dtype="str")}
    )
    labels = {"f": Text({"en": "Women", "km": "ស្ត្រី"}), "8": Text({"en": "Refused"})}
    variables = [
        Variable(name=name, type="code", labels=labels, missing={"8": "refused"}) for name in ("sex", "odd")
    ]
    folder = _written(made.made({"people": frame}, variables), tmp_path)
    assert _field(folder, "sex")["categories"] == [{"value": "f", "label": "Women"}]
    assert _field(folder, "sex")["volresearch"]["labels"]["f"] == {"en": "Women", "km": "ស្ត្រី"}
    assert "categories" not in _field(folder, "odd")


def test_write__linked_tables__have_keys_that_others_can_check(tmp_path):
    people = pd.DataFrame({"key": pd.Series(["a", "b"], dtype="str")})
    children = pd.DataFrame({"key": pd.Series(["a", "a"], dtype="str"), "age": [3, 5]})
    variables = [
        Variable(name="key"),
        Variable(name="key", table="kids"),
        Variable(name="age", type="integer", table="kids"),
    ]
    folder = _written(made.made({"people": people, "kids": children}, variables), tmp_path)
    above, below = _descriptor(folder)["resources"]
    assert above["schema"]["primaryKey"] == ["key"]
    assert below["schema"]["foreignKeys"] == [
        {"fields": ["key"], "reference": {"resource": "people", "fields": ["key"]}}
    ]
    assert read(folder).declaration.tables["kids"].parent == "people"


def test_write__rows_that_hang_below_nothing__declare_no_key_and_stay_linked(tmp_path):
    people = pd.DataFrame({"key": pd.Series(["a", "a"], dtype="str")})
    kids = pd.DataFrame({"key": pd.Series(["lost"], dtype="str")})
    folder = _written(
        made.made(
            {"people": people, "kids": kids}, [Variable(name="key"), Variable(name="key", table="kids")]
        ),
        tmp_path,
    )
    above, below = _descriptor(folder)["resources"]
    assert "primaryKey" not in above["schema"]
    assert "foreignKeys" not in below["schema"]
    assert read(folder).declaration.tables["kids"].parent_key == "key"


def test_write__a_lazy_dataset__gives_the_same_cells_as_one_in_memory(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    frame = pd.DataFrame(
        {
            "said": pd.Series(["=1", "", None, "[x]", "a\rb", 'q"r', "'s", "-5", "\uff1d1"], dtype="str"),
            "n": [1.0, 2.5, None, 1e300, float("inf"), -0.25, 0.1, 97.0, 3.0],
            "n__why": pd.Series([None, None, "refused", "beside", None, None, None, None, None], dtype="str"),
            "whole": [1.0, None, 3.0, None, 5.0, 6.0, 7.0, 8.0, 9.0],
            "day": pd.to_datetime(["2021-10-30", None, *["2020-01-01"] * 7]).astype("datetime64[us]"),
            "at": pd.to_datetime(
                ["2021-10-30T12:00:00.5", None, *["2020-01-01T01:02:03"] * 7], format="ISO8601"
            ).astype("datetime64[us]"),
        }
    )
    variables = [Variable(name="said"), Variable(name="n", type="number", missing={"97": "refused"}), Variable(name="whole", type="integer"),
                 Variable(name="day", type="date"), Variable(name="at", type="datetime")]  # fmt: skip
    frame.to_parquet(tmp_path / "people.parquet")
    relation = duckdb.connect(":memory:").read_parquet(str(tmp_path / "people.parquet"))
    eager, lazy = (made.made({"people": one}, variables) for one in (frame, relation))
    one = write(eager, tmp_path / "one", "csv", purpose="a test")
    other = write(lazy, tmp_path / "other", "csv", purpose="a test")
    for name in frame.columns.drop("at"):  # moments may have more zeros
        assert _cells(other, name) == _cells(one, name), name
    made.assert_same(eager, read(other, personal="keep"))
    assert [_field(other, name)["type"] for name in ("n", "whole", "day", "at")] == [
        "number",
        "integer",
        "date",
        "datetime",
    ]


def test_write__personal_data__say_so_in_the_language(tmp_path):
    dataset = made.made({"people": pd.DataFrame({"a": [1]})}, [Variable(name="a", type="integer")])
    descriptor = _descriptor(_written(dataset, tmp_path))
    assert descriptor["title"] == "T (Personal data, not for release)"
    assert descriptor["volresearch"]["marked"] == "Personal data, not for release"
    assert descriptor["$schema"].endswith("/2.0/datapackage.json")
