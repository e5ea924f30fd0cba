"""The whole check: the same in memory and lazy, nothing brought, nobody named."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import volresearch as vr
from volresearch.datasets import Codebook, Dataset, Variable
from volresearch.datasets.quality import TOPICS, check
from volresearch.errors import VolResearchError
from volresearch.instruments import Choice, Formula, Instrument, Item
from volresearch.text import Text

SCALE = {"1": "Never", "2": "Seldom", "3": "Often", "8": "Don't know"}


def people() -> tuple[dict[str, Any], list[Variable]]:
    """A file with something wrong of every kind."""
    rng = np.random.default_rng(7)
    n = 300
    who = rng.integers(0, 6, n)
    columns: dict[str, Any] = {
        "record_id": [f"k{number}" for number in range(n)],
        "interviewer": [f"Rosa Quispe {number}" for number in who],
        "sex": rng.choice(["f", "m", "Maria Lopez"], n, p=[0.5, 0.49, 0.01]),
        "age": rng.integers(10, 130, n).astype(float),
        "trust": np.round(who + rng.normal(0, 1, n), 1),
        "hours": np.where(rng.random(n) < 0.1, -9, rng.integers(0, 40, n)).astype(float),
        "interview_minutes": np.r_[[-3, 1500, 2], rng.normal(30, 5, n - 3)],
        "w": np.r_[[0.0, np.nan, 50.0], rng.uniform(0.5, 2, n - 3)],
        "stratum": ["a"] * 200 + ["b"] * 99 + ["c"],
        "village": [f"p{number}" for number in rng.integers(0, 12, n)],
        "remark": ["call 0712345678"] + [None] * (n - 1),
        **{f"q{number}": rng.choice(["1", "2", "3", "8"], n) for number in range(1, 6)},
    }
    columns["record_id"][5] = "k4"
    for number in range(1, 6):
        columns[f"q{number}"][:50] = "2"
    variables = [
        Variable(name="sex", type="code", labels={"f": "Women", "m": "Men"}),
        Variable(name="age", type="number", unit="years"),
        Variable(name="trust", type="number"),
        Variable(name="hours", type="number", missing={"-9": "refused"}, unit="hours in four weeks"),
        Variable(name="interview_minutes", type="number"),
        Variable(name="w", type="number"),
        *(
            Variable(name=f"q{number}", type="code", labels=SCALE, missing={"8": "dont_know"})
            for number in range(1, 6)
        ),
    ]
    return columns, variables


DESIGN = {"kind": "probability", "weights": "w", "strata": "stratum", "psu": "village"}


def test_check__lazy_frame__says_what_it_says_of_one_in_memory(make) -> None:
    columns, variables = people()
    memory = make(columns, variables, design=DESIGN).check()
    lazy = make(columns, variables, design=DESIGN, lazy=True).check()
    assert [one.said() for one in lazy.findings] == [one.said() for one in memory.findings]
    assert lazy.measures.round(9).equals(memory.measures.round(9))
    found = {one.topic for one in memory.findings}
    assert found == set(TOPICS) - {"routing"}


def test_check__people_in_the_data__names_nobody_anywhere(make) -> None:
    columns, variables = people()
    quality = make(columns, variables, design=DESIGN).check()
    told = quality.html("en") + quality.summary() + quality.table.to_string() + quality.measures.to_string()
    for word in ("Maria", "Rosa", "Quispe", "0712345678", "k4"):
        assert word not in told


def test_check__two_million_lazy_rows__brings_none_of_them(make) -> None:
    duckdb = pytest.importorskip("duckdb")
    relation = duckdb.sql(
        "SELECT i AS id, CAST(i % 5 AS VARCHAR) AS sex, i % 97 AS age, i % 300 AS interviewer FROM range(2000000) t(i)"
    )
    small = make({"id": [1]}, [Variable(name="sex", type="code", labels={"0": "a", "1": "b"}), Variable(name="age", type="integer")])  # fmt: skip
    data = Dataset(small.declaration, {"main": relation}, codebook=small.codebook)
    tracemalloc.start()
    quality = data.check()
    described = data.describe().set_index("variable")
    html = data._repr_html_()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert quality.value("undeclared", "sex") == 1_200_000
    assert described.loc["age", ["n", "distinct", "largest"]].tolist() == [2_000_000, 97, 96]
    assert "2,000,000 rows" in html
    assert peak < 20_000_000


def test_check__empty_table__finds_no_fault_of_numbers(make) -> None:
    quality = make({"sex": pd.Series([], dtype="str"), "n": pd.Series([], dtype="float64")}, [Variable(name="n", type="number")]).check()  # fmt: skip
    assert quality.errors == ()
    assert "0 rows" in quality.html()


def test_check__column_that_is_not_there__is_refused_with_the_nearest(make) -> None:
    with pytest.raises(VolResearchError, match="no column") as caught:
        make({"enumerator": ["a"]}).check(interviewer="enumerater")
    assert caught.value.code == "dataset.variable"
    assert "enumerator" in str(caught.value)


def test_check__column_called_like_a_word_of_the_query__is_read_as_itself(make) -> None:
    columns = {
        "s": ["a", "a", "b", "b"],
        "u": ["1", "1", "2", "3"],
        "code": ["x", "y", "x", "x"],
        "c": ["1"] * 4,
    }
    variables = [Variable(name="code", type="code", labels={"x": "X"})]
    quality = make(columns, variables, design={"kind": "probability", "strata": "s", "psu": "u"}).check()
    assert (
        quality.value("strata", "s"),
        quality.value("lone_units", "s"),
        quality.value("sampling_units"),
    ) == (2, 1, 3)
    assert quality.value("undeclared", "code") == 1


def test_check__name_and_code_with_quotes__are_escaped(make) -> None:
    variable = Variable(name='a "b"', type="code", labels={"it's": "X"}, missing={"don't": "refused"})
    quality = make({'a "b"': ["it's", "don't", "z"]}, [variable]).check()
    assert quality.missing.to_dict("records") == [
        {"table": "", "variable": 'a "b"', "reason": "refused", "n": 1, "share": 1 / 3}
    ]
    assert quality.value("undeclared") == 1
    assert "<code>a &quot;b&quot;</code>" in quality.html()


def test_check__form_given__constraints_and_routing_are_checked(make) -> None:
    items = (
        Item(name="age", type="integer", constraint=Formula("age >= 15 and age <= 99")),
        Item(name="helped", type="one", choices=(Choice(code="y"), Choice(code="n"), Choice(code="other"))),
        Item(name="hours", type="decimal", ask_if=Formula("helped == 'y'"), constraint=Formula.kept("once(.)", "xpath")),
    )  # fmt: skip
    form = Instrument(id="t.form", title=Text("Form"), items=items)
    columns = {"age": [14.0, 15, None, 120], "helped": ["y", "n", None, "n"], "hours": [3.0, 2.0, 1.0, None]}
    quality = check(make(columns, list(form.codebook())), instrument=form)
    assert quality.value("not_allowed", "age") == 2
    # Row 2 answered though "n"; in row 3 it is not known whether the question was due.
    assert quality.value("answered_not_asked", "hours") == 1
    said = {one.variable: one.said() for one in quality.findings if one.topic in {"range", "routing"}}
    assert said["age"] == "Answers that the form does not allow (age >= 15 and age <= 99): 2 (66.7%)"
    assert (
        said["hours"]
        == "Answers where the form does not ask: 1 of 3 answers (33.3%). Asked if: helped == 'y'"
    )
    assert "hours" in said[""]


def test_check__synthetic_survey__has_no_error() -> None:
    quality = vr.dataset("core.vol_work_synthetic").check()
    assert quality.errors == quality.warnings == ()
    assert quality.table["topic"].tolist() == ["duplicates"]


def test_check__three_thousand_columns__ends() -> None:
    frame = pd.DataFrame(np.full((3, 3_000), "1"), columns=[f"q{number}" for number in range(3_000)])
    codebook = Codebook(variables=tuple(Variable(name=name) for name in frame))
    declaration = vr.dataset("core.vol_work_synthetic").declaration.model_copy(
        update={"codebook": codebook, "design": None}
    )
    quality = Dataset(declaration, {next(iter(declaration.tables)): frame}, codebook=codebook).check()
    assert quality.value("identical_rows") == 2
    assert quality.value("rows_half_missing") == 0


def test_modules__of_checks__are_loaded_by_no_import_of_the_package(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = "import sys, volresearch; print([name for name in sys.modules if 'quality' in name or name == 'duckdb'])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert out.stdout.strip() == "[]"
