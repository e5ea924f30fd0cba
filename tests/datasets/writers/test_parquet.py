"""Parquet research files: a dataset folder that opens as the same dataset."""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from volresearch.datasets import open_dataset
from volresearch.datasets.codebook import Variable
from volresearch.datasets.writers import write, written
from volresearch.text import Text

_spec = importlib.util.spec_from_file_location("datasets_made", Path(__file__).with_name("datasets_made.py"))
made = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(dataset=made.datasets())
def test_law__any_dataset_as_parquet__comes_back_equal(dataset, tmp_path):
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    said = written(dataset, folder / "people", "parquet", purpose="a test")
    made.assert_same(
        dataset, open_dataset(said.path), labels_too=not said.losses, types_too=False
    )  # whole numbers open as such


def test_write__a_lazy_dataset__opens_as_the_one_in_memory(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    frame = pd.DataFrame({"a": [1.0, None], "a__why": pd.Series([None, "refused"], dtype="str")})
    frame.to_parquet(tmp_path / "a.parquet")
    lazy = duckdb.connect(":memory:").read_parquet(str(tmp_path / "a.parquet"))
    dataset = made.made({"people": lazy}, [Variable(name="a", type="number")])
    back = open_dataset(write(dataset, tmp_path / "people", "parquet", purpose="a test"))
    assert back.missing("a").tolist()[1] == "refused"
    assert back.frame["a"].tolist()[0] == 1.0


def test_write__a_code_without_words__is_labelled_by_itself_and_told(tmp_path):
    dataset = made.made(
        {"people": pd.DataFrame({"sex": pd.Series(["f"], dtype="str")})},
        [Variable(name="sex", type="code", labels={"f": Text()})],
    )
    said = written(dataset, tmp_path / "people", "parquet", purpose="a test")
    assert said.losses == ('Codes of "sex" without words are labelled by the code: f.',)
    assert open_dataset(said.path).codebook["sex"].labels["f"] == Text("f")


def test_write__personal_data__say_so_in_the_declaration(tmp_path):
    dataset = made.made({"people": pd.DataFrame({"a": [1]})}, [Variable(name="a", type="integer")])
    folder = write(dataset, tmp_path / "people", "parquet", purpose="a test", lang="en")
    assert folder.name == "people.personal"
    assert open_dataset(folder).declaration.extra["personal_data"] == "Personal data, not for release"
