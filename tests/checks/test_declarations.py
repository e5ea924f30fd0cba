from __future__ import annotations

import json

import pytest

from volresearch.checks import check_plugin


def test_declarations__unknown_key__suggests_the_near_one(kenya):
    kenya.replace(kenya.declaration, "licence: BSD-3-Clause", "licence: BSD-3-Clause\nlicense: MIT")
    told = kenya.told("V3")
    assert "example_facts.yaml:" in told
    assert 'unknown key "license", did you mean "licence"?' in told


def test_declarations__several_faults__all_are_told(kenya):
    kenya.replace(kenya.declaration, "kind: facts", "kind: fact")
    kenya.replace(kenya.declaration, "unit: published figure", "unit: figure")
    told = kenya.told("V3")
    assert '"fact"' in told
    assert '"figure"' in told


def test_declarations__broken_yaml__file_and_line(kenya):
    kenya.replace(kenya.declaration, "kind: facts", "kind: [facts")
    assert "example_facts.yaml:" in kenya.told("V3")


def test_declarations__id_is_not_that_of_the_file__is_named(kenya):
    kenya.replace(kenya.declaration, "id: kenya.example_facts", "id: kenya.example_figures")
    told = kenya.told("V3")
    assert '"kenya.example_figures"' in told
    assert '"kenya.example_facts"' in told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",women,", ",womn,", 'Did you mean "women"'),
        (",percent,", ",precent,", 'Did you mean "percent'),
        ("kenya_example,2018", "KENYA,2018", "KENYA"),
        ("kenya_example_2018,D", "kenya_exampel_2018,D", 'Did you mean "kenya_example_2018"'),
        (".first,", ".frist,", 'Did you mean "kenya.example_rate.first"'),
        ("12.5,exact", "12.5,exactly", 'Did you mean "exact"'),
        ("12.5,", "twelve,", "twelve"),
        (",2018,2018,total", ",2018/13,2018,total", "2018/13"),
    ],
)
def test_references__code_that_nothing_defines__is_named_with_its_line(kenya, old, new, said):
    kenya.in_table("facts", old, new)
    told = kenya.told("V3")
    assert "facts.csv:2" in told or "facts.csv:3" in told
    assert said in told


def test_references__unknown_indicator__suggests_the_near_one(kenya):
    kenya.in_table("series", ",context,", ",contxt,")
    assert 'no indicator "contxt"' in kenya.told("V3")


def test_references__figure_id_of_the_core__both_datasets_are_named(kenya):
    kenya.in_table("facts", "kenya_001", "F0028")
    told = kenya.told("V3")
    assert "F0028" in told
    assert "core.facts" in told


def test_declarations__yml_or_misspelt_folder__is_a_warning(kenya):
    (kenya.package / "datasets" / "more.yml").write_text("id: kenya.more\n", encoding="utf-8")
    (kenya.package / "dataset").mkdir()
    (kenya.package / "dataset" / "a.yaml").write_text("id: kenya.a\n", encoding="utf-8")
    told = kenya.told("V3", level="warning")
    assert "more.yml" in told
    assert 'Did you mean "datasets"?' in told


def test_declarations__crosswalk_without_columns__is_named(kenya):
    (kenya.package / "crosswalks").mkdir()
    (kenya.package / "crosswalks" / "to_core.csv").write_text("from,to\na,b\n", encoding="utf-8")
    assert 'lacks the column "source_variable"' in kenya.told("V3")


def notebook(kenya, **cell):
    code = {
        "cell_type": "code",
        "source": "",
        "metadata": {"tags": ["parameters"]},
        "outputs": [],
        "execution_count": None,
    }
    (kenya.package / "notebooks").mkdir()
    path = kenya.package / "notebooks" / "first.ipynb"
    path.write_text(json.dumps({"cells": [code | cell], "nbformat": 4}), encoding="utf-8")


def test_declarations__clean_notebook__passes(kenya):
    notebook(kenya)
    assert check_plugin(kenya.folder, run=False).findings == ()


def test_declarations__notebook_with_outputs__is_refused(kenya):
    notebook(kenya, outputs=[{"output_type": "stream", "text": "a name"}])
    assert "carries outputs" in kenya.told("V3")


def test_declarations__notebook_without_parameters__is_a_warning(kenya):
    notebook(kenya, metadata={})
    assert "tag parameters" in kenya.told("V3", level="warning")


def test_declarations__notebook_is_no_notebook__is_named(kenya):
    (kenya.package / "notebooks").mkdir()
    (kenya.package / "notebooks" / "first.ipynb").write_text("[]", encoding="utf-8")
    assert "This is no notebook" in kenya.told("V3")


def test_declarations__record_outside_the_folder__is_refused(kenya, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.yaml").write_text("id: kenya.secret\n", encoding="utf-8")
    kenya.replace(
        kenya.package / "__init__.py",
        "    api=(0, 1),",
        f"    api=(0, 1),\n    folders={{'datasets': {str(outside)!r}}},",
    )
    assert '"kenya.secret" lies outside the folder' in kenya.told("V3", run=True)


def test_declarations__link_to_a_file_outside__is_not_read(kenya, tmp_path):
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: hunter2\n", encoding="utf-8")
    try:
        (kenya.package / "datasets" / "example_notes.yaml").symlink_to(secret)
    except OSError:
        pytest.skip("this system lets nobody make symbolic links")
    told = kenya.told("V3")
    assert "lies outside" in told
    assert "hunter2" not in told
    assert "password" not in told
