"""Stata files: what is written comes back equal, and what cannot be held is told."""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from volresearch.datasets.codebook import Variable
from volresearch.datasets.writers.spss import write_spss
from volresearch.datasets.writers.stata import write_stata
from volresearch.errors import VolResearchError

pyreadstat = pytest.importorskip("pyreadstat")
pytest.importorskip("pyarrow")


def _beside(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


made, held = _beside("datasets_made"), _beside("statfiles_held")


def _dataset(columns, *variables):
    frame = pd.DataFrame({name: _column(cells) for name, cells in columns.items()})
    return made.made({"people": frame}, list(variables))


def _column(cells):
    if isinstance(cells, pd.Series):
        return cells
    numbers = all(cell is None or isinstance(cell, int | float) for cell in cells)
    return pd.Series(cells, dtype="float64" if numbers else "str")


def _raw(path):
    return pyreadstat.read_dta(str(path), user_missing=True)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(made.datasets())
def test_write_stata__any_dataset__comes_back_equal(dataset) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.dta"
        write_stata(dataset, path, lang="km", shorten=True)
        for table in dataset.tables:
            file = path if table == dataset.main else path.with_name("x_Children_1.dta")
            there = held.back(file)
            for variable in dataset.variables_of(table):
                held.hold(dataset, there, variable, table, "km", stata=True)


def test_write_stata__declared_codes__become_letters_with_their_labels_and_are_told(tmp_path: Path) -> None:
    data = _dataset(
        {"age": [31, 99, 98, None], "age__why": [None, None, None, "not_asked"]},
        Variable(name="age", type="integer", labels={"98": "Weiß nicht", "99": "Refused"}, missing={"99": "refused", "98": "dont_know"}),
    )  # fmt: skip
    losses = write_stata(data, tmp_path / "a.dta")
    raw, meta = _raw(tmp_path / "a.dta")
    assert raw["age"].tolist()[0] == 31
    assert raw["age"].tolist()[1:] == ["r", "d", "a"]
    assert meta.variable_value_labels["age"] == {
        "r": "Refused",
        "d": "Weiß nicht",
        "a": "[not_asked]",
    }
    assert "age: missing values of Stata are letters: 99 is .r, 98 is .d, not_asked is .a." in losses
    there = held.back(tmp_path / "a.dta")
    assert there.missing("age").fillna("").tolist() == ["", "refused", "dont_know", "not_asked"]
    assert {code: str(text) for code, text in there.codebook["age"].labels.items()} == {
        ".r": "Refused",
        ".d": "Weiß nicht",
    }


def test_write_stata__letters_of_their_own__stay(tmp_path: Path) -> None:
    data = _dataset(
        {"x": [None, None, None], "x__why": [".d", ".k", "._"]},
        Variable(name="x", type="number", missing={".d": "refused", ".k": "dont_know", "._": "refused"}),
    )
    write_stata(data, tmp_path / "a.dta")
    assert _raw(tmp_path / "a.dta")[0]["x"].tolist() == ["d", "k", "r"]
    assert held.back(tmp_path / "a.dta").missing("x").tolist() == ["refused", "dont_know", "refused"]


@pytest.mark.parametrize("numbers", [[], [1.5, 2.0], [float(n) for n in range(300)]])
def test_write_stata__letters_only_in_the_first_rows__numbers_below_stay_numbers(
    tmp_path: Path, numbers
) -> None:
    rows = 150
    data = _dataset(
        {"x": [None] * rows + numbers, "x__why": ["refused"] * rows + [None] * len(numbers)},
        Variable(name="x", type="number"),
    )
    write_stata(data, tmp_path / "a.dta")
    there = held.back(tmp_path / "a.dta")
    assert there.values("x").dropna().tolist() == numbers
    assert there.missing("x").dropna().tolist() == ["refused"] * rows


def test_write_stata__more_codes_than_letters__share_by_reason_and_are_told(tmp_path: Path) -> None:
    codes = [str(100 + n) for n in range(40)]
    reasons = dict(zip(codes, made.MISSING_REASONS * 6, strict=False))
    data = _dataset(
        {"x": [float(code) for code in codes]}, Variable(name="x", type="integer", missing=reasons)
    )
    losses = write_stata(data, tmp_path / "a.dta")
    assert "x has 40 missing codes, and Stata 26 letters: some share that of their reason." in losses
    assert held.back(tmp_path / "a.dta").missing("x").tolist() == list(reasons.values())


def test_trap_26__stata_to_spss_to_stata__keeps_every_reason(tmp_path: Path) -> None:
    first = tmp_path / "first.dta"
    frame = pd.DataFrame(
        {"age": pd.Series([31.0, "a", "d", "i", "z", float("nan")], dtype=object), "sex": [1, 2, 1, 2, 1, 2]}
    )
    pyreadstat.write_dta(
        frame, str(first), missing_user_values={"age": ["a", "d", "i", "z"]},
        variable_value_labels={"age": {"a": "refused", "z": "sonstiges"}, "sex": {1: "w", 2: "m"}},
    )  # fmt: skip
    start = held.back(first)
    write_spss(start, tmp_path / "second.sav")
    middle = held.back(tmp_path / "second.sav")
    write_stata(middle, tmp_path / "third.dta")
    end = held.back(tmp_path / "third.dta")
    reasons = ["", "refused", "dont_know", "not_applicable", "no_answer", "no_answer"]
    for data in (start, middle, end):
        assert data.missing("age").fillna("").tolist() == reasons
        assert data.values("age").dropna().tolist() == [31.0]
        assert data.labels("sex", "und").tolist() == ["w", "m"] * 3
        assert {"refused", "sonstiges"} == {str(text) for text in data.codebook["age"].labels.values()}


def test_trap_29__codes_that_are_words__stay_and_get_a_labelled_twin(tmp_path: Path) -> None:
    data = _dataset(
        {"sex": ["f", "m", "dk", None], "sex__why": [None, None, None, "not_asked"]},
        Variable(name="sex", type="code", label="Sex", labels={"f": "ស្ត្រី", "m": "Men", "x": "Other", "dk": "DK"}, missing={"dk": "dont_know"}),
    )  # fmt: skip
    losses = write_stata(data, tmp_path / "a.dta")
    assert any("sex_labelled" in loss for loss in losses)
    there = held.back(tmp_path / "a.dta")
    assert there.values("sex").fillna("").tolist() == ["f", "m", "", ""]
    assert there.missing("sex").fillna("").tolist() == ["", "", "dont_know", "not_asked"]
    assert there.labels("sex_labelled", "und").fillna("").tolist() == ["ស្ត្រី", "Men", "", ""]
    assert there.missing("sex_labelled").fillna("").tolist() == ["", "", "dont_know", "not_asked"]
    assert str(there.codebook["sex_labelled"].labels["3"]) == "Other"


@pytest.mark.parametrize(
    ("kind", "cells", "labels"),
    [("code", ["1", "2"], {"1": "a"}), ("code", ["1", "2"], {"1": "a", "2": "b"}), ("integer", [1, 2], {"1": "a", "2": "b"}), ("integer", [1, 2], {"1": "a"}), ("number", [0.5, 2], {"2": "a"})],
)  # fmt: skip
def test_write_stata__numbers_with_labels__come_back_in_their_type(
    tmp_path: Path, kind: str, cells, labels
) -> None:
    write_stata(_dataset({"x": cells}, Variable(name="x", type=kind, labels=labels)), tmp_path / "a.dta")
    there = held.back(tmp_path / "a.dta")
    assert there.codebook["x"].type == kind
    assert there.frame["x"].tolist() == cells
    assert {code: str(text) for code, text in there.codebook["x"].labels.items()} == labels


def test_write_stata__labels_of_halves__are_told(tmp_path: Path) -> None:
    data = _dataset({"x": [0.5, 1]}, Variable(name="x", type="number", labels={"0.5": "half", "1": "one"}))
    assert any("0.5 have no label" in loss for loss in write_stata(data, tmp_path / "a.dta"))
    assert [str(text) for text in held.back(tmp_path / "a.dta").codebook["x"].labels.values()] == ["one"]


def test_write_stata__several_answers__zero_and_missing_differ(tmp_path: Path) -> None:
    data = _dataset(
        {"langs": ["a b", "", None]},
        Variable(name="langs", type="multiple", labels={"a": "Khmer", "b": "Thai"}, blank="not_asked"),
    )
    losses = write_stata(data, tmp_path / "a.dta")
    there = held.back(tmp_path / "a.dta")
    assert there.values("langs_a").fillna(-1).tolist() == [1, 0, -1]
    assert there.missing("langs_a").fillna("").tolist() == ["", "", "not_asked"]
    assert any("nothing was chosen" in loss for loss in losses)


def test_write_stata__dates__are_dates(tmp_path: Path) -> None:
    data = _dataset(
        {"day": pd.Series(pd.to_datetime(["1899-12-31", None])), "day__why": [None, "refused"], "when": pd.Series(pd.to_datetime(["2021-10-30 10:11:12.5", None]))},
        Variable(name="day", type="date"), Variable(name="when", type="datetime"),
    )  # fmt: skip
    write_stata(data, tmp_path / "a.dta")
    there = held.back(tmp_path / "a.dta")
    assert there.frame["day"].tolist()[0] == pd.Timestamp("1899-12-31")
    assert there.missing("day").tolist()[1] == "refused"
    assert there.frame["when"].tolist()[0] == pd.Timestamp("2021-10-30 10:11:12.5")


def test_write_stata__long_texts__are_whole(tmp_path: Path) -> None:
    text = "ជា" * 3_000
    write_stata(_dataset({"s": [text, "b"]}, Variable(name="s")), tmp_path / "a.dta")
    assert held.back(tmp_path / "a.dta").frame["s"].tolist() == [text, "b"]


def test_trap_27__label_of_a_variable_beyond_80_letters__is_refused_or_cut(tmp_path: Path) -> None:
    data = _dataset({"x": [1]}, Variable(name="x", type="integer", label="年" * 81))
    with pytest.raises(VolResearchError) as caught:
        write_stata(data, tmp_path / "a.dta")
    assert caught.value.code == "write.limit"
    assert list(tmp_path.iterdir()) == []
    assert any("was cut" in loss for loss in write_stata(data, tmp_path / "a.dta", shorten=True))
    assert str(held.back(tmp_path / "a.dta").codebook["x"].label) == "年" * 79 + "…"


def test_write_stata__names_that_stata_refuses__are_changed_and_told(tmp_path: Path) -> None:
    data = _dataset({"_id": [1], "int": [1], "x" * 40: [1], "Age": [1], "age": [1], "str5": [1]})
    losses = write_stata(data, tmp_path / "a.dta")
    assert _raw(tmp_path / "a.dta")[1].column_names == ["_id", "int_v", "x" * 32, "Age", "age", "str5_v"]
    assert sum("is called" in loss for loss in losses) == 3


def test_write_stata__file_that_is_there__stays(tmp_path: Path) -> None:
    (tmp_path / "a.dta").write_bytes(b"mine")
    with pytest.raises(VolResearchError) as caught:
        write_stata(_dataset({"x": [1]}), tmp_path / "a.dta")
    assert caught.value.code == "export.exists"


def test_write_stata__linked_tables__are_files_of_their_own_and_told(tmp_path: Path) -> None:
    frame = pd.DataFrame({"key": pd.Series(["a"], dtype="str")})
    data = made.made(
        {"people": frame, "children": frame}, [Variable(name="key"), Variable(name="key", table="children")]
    )
    losses = write_stata(data, tmp_path / "a.dta")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.dta", "a_children.dta"]
    assert 'The linked table "children" is a file of its own, a_children.dta.' in losses
