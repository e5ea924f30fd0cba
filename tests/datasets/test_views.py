"""How a dataset looks, and what is told of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from volresearch.datasets import Codebook, Dataset, DatasetDeclaration, Variable
from volresearch.datasets.provenance import SetAside
from volresearch.datasets.views import dataset_html
from volresearch.text import LANGUAGES, Text

SEX = Variable(
    name="sex", type="code", label={"en": "Sex", "es": "Sexo"}, source="g1/sex",
    labels={"f": {"en": "Women", "es": "Mujeres"}, "m": {"en": "Men", "es": "Hombres"}, "9": "Refused"}, missing={"9": "refused"},
)  # fmt: skip
HOURS = Variable(name="hours", type="number", unit="hours", blank="not_asked")


def dataset(tables: dict[str, Any], variables: Sequence[Variable], **more: Any) -> Dataset:
    links = more.pop("links", {})
    declared = {
        "id": "t.people", "kind": "survey", "version": "1", "title": {"en": "People", "es": "Personas"}, "unit": "person",
        "licence": "CC0", "undeclared_codes": "keep", "languages": ("en", "es"), "synthetic": more.pop("synthetic", False),
        "tables": {name: {"path": f"{name}.csv", "sha256": "0" * 64, **links.get(name, {})} for name in tables},
    }  # fmt: skip
    codebook = Codebook(variables=tuple(variables))
    return Dataset(
        DatasetDeclaration.model_validate(declared), tables, sha256="0" * 64, codebook=codebook, **more
    )


def people(**more: Any) -> Dataset:
    frame = pd.DataFrame({"sex": ["f", "f", "m", "9", "7"], "hours": [2.0, None, 30.5, None, 4]})
    return dataset({"people": frame}, [SEX, HOURS], **more)


def rows_of(html: str) -> list[list[str]]:
    """The cells of every row of variables, without markup."""
    body = html.split("<tbody>")[1].split("</tbody>")[0]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, flags=re.S) for row in body.split("</tr>") if row]
    return [[re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", one)).strip() for one in row] for row in cells]


def test_html__variables__tell_label_codes_counts_and_kinds_of_missing() -> None:
    assert rows_of(dataset_html(people())) == [
        ["sex g1/sex", "Sex", "one code", "f Women (2) m Men (1)", "4", "1 refused"],
        ["hours", "", "number", "2 – 30.5 hours", "3", "2 not asked"],
    ]


def test_html__counts_of_persons__are_marked_as_a_working_view() -> None:
    assert "Working view, not for release" in dataset_html(people())


def test_html__synthetic__says_so() -> None:
    assert "Synthetic data" in dataset_html(people(synthetic=True))


def test_html__another_language__has_its_labels_and_marks_what_it_lacks() -> None:
    html = dataset_html(people(), "es")
    assert "Mujeres" in html
    assert "Personas" in html
    assert '<div class="volresearch-dataset" lang="es" dir="ltr"' in html
    assert '<span lang="en" dir="ltr">Women</span>' in dataset_html(people(), "fr")


def test_html__right_to_left__is_set_so_and_keeps_ranges_in_order() -> None:
    html = dataset_html(people(), "ar")
    assert 'lang="ar" dir="rtl"' in html
    assert '<bdi dir="ltr">2 – 30.5</bdi>' in html


def test_html__markup_in_names_labels_and_notes__is_escaped() -> None:
    bad = "<script>alert(1)</script>"
    variable = Variable(name="q", type="code", label=bad, labels={bad: bad}, source=bad)
    data = dataset(
        {"people": pd.DataFrame({"q": [bad]})}, [variable], notes=(bad,), provenance=(bad,),
        set_aside=(SetAside(bad, "name", "content", bad, bad, 3),),
    )  # fmt: skip
    assert "<script" not in dataset_html(data)
    assert dataset_html(data).count("&lt;script&gt;") >= 6


def test_html__set_aside_notes_and_provenance__are_listed_folded() -> None:
    data = people(
        notes=("line 3 has another number of cells",),
        provenance=("read people.csv", "set aside 1 column"),
        set_aside=(SetAside("phone", "phone", "content", n=42),),
    )
    html = dataset_html(data)
    assert "Set aside because it identifies persons: 1" in html
    assert "telephone number" in html
    assert "by its content" in html
    assert "Notes of the reader (1)" in html
    assert "<details style" in html.split("Where it comes from (2)")[0]
    assert "read people.csv" in html


def test_html__linked_tables__are_shown_with_their_link() -> None:
    child = pd.DataFrame({"above": ["1", "1"], "age": [3.0, 4]})
    data = dataset(
        {"people": pd.DataFrame({"id": ["1"]}), "child": child},
        [Variable(name="id"), Variable(name="age", type="number", table="child")],
        links={"child": {"parent": "people", "key": "id", "parent_key": "above"}},
    )
    html = dataset_html(data)
    assert "<code>above</code> → <code>people.id</code>" in html
    assert "<code>child.age</code>" in html


@pytest.mark.parametrize("columns", [201, 10_000])
def test_html__many_variables__shows_two_hundred_and_counts_the_rest(columns: int) -> None:
    frame = pd.DataFrame([["1"] * columns], columns=[f"q{number}" for number in range(columns)])
    html = dataset_html(dataset({"people": frame}, [Variable(name=name) for name in frame]))
    assert "<code>q199</code>" in html
    assert "<code>q200</code>" not in html
    assert f"The first 200 variables are shown, {columns - 200:,} more" in html


def test_html__lazy_frame__says_what_one_in_memory_says(tmp_path) -> None:
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    memory = people()
    memory.frame.to_parquet(tmp_path / "p.parquet")
    lazy = dataset({"people": duckdb.read_parquet(str(tmp_path / "p.parquet"))}, [SEX, HOURS])
    assert rows_of(dataset_html(lazy)) == rows_of(dataset_html(memory))
    assert "rows stay on disk" in dataset_html(lazy)
    assert lazy.describe().equals(memory.describe())


def test_html__without_codebook__lists_the_columns() -> None:
    html = dataset_html(
        dataset({"people": pd.DataFrame({"n": [1, 2], "flag": [True, False], "word": ["a", None]})}, [])
    )
    assert [row[3] for row in rows_of(html)] == ["1 – 2", "2 different values", "1 different value"]


def test_html__no_columns__says_so() -> None:
    assert "No variables." in dataset_html(dataset({"people": pd.DataFrame()}, []))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_html__each_language__is_made(lang: str) -> None:
    assert Text({"en": "People", "es": "Personas"}).get_in(lang) in dataset_html(people(), lang)


def test_describe__twins_in_two_tables__are_told_apart() -> None:
    child = pd.DataFrame({"above": ["1"], "age": [3.0]})
    data = dataset(
        {"people": pd.DataFrame({"id": ["1"], "age": [40.0]}), "child": child},
        [Variable(name="age", type="number"), Variable(name="age", type="number", table="child")],
    )
    assert data.describe()[["variable", "table", "largest"]].to_numpy().tolist() == [
        ["age", "", 40],
        ["age", "child", 3],
    ]
