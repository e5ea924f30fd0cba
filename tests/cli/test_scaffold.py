from __future__ import annotations

import sys
import tomllib

import pytest

from volresearch.checks import check_plugin
from volresearch.cli.scaffold import TEMPLATE, write_plugin
from volresearch.errors import VolResearchError


@pytest.mark.parametrize("languages", [["en"], ["en", "sw"], ["km"], ["ar", "pt-BR", "zh-Hans"]])
def test_write_plugin__any_languages__passes_every_check(tmp_path, languages):
    verdict = check_plugin(write_plugin("kenya", languages, folder=tmp_path))
    assert [str(item) for item in verdict.errors] == []
    assert verdict.subject.info.languages[0] == "en"


def test_write_plugin__nothing_left_of_the_template(tmp_path):
    folder = write_plugin("kenya", ["en", "sw"], folder=tmp_path)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == len(list(TEMPLATE.rglob("*.tmpl")))
    assert [path.name for path in files if path.suffix == ".tmpl"] == []
    assert [path.name for path in files if "${" in path.read_text(encoding="utf-8")] == []
    assert [path.name for path in files if b"\r" in path.read_bytes()] == []


def test_write_plugin__invented_figures__say_so_in_every_place(tmp_path):
    folder = write_plugin("kenya", ["en"], folder=tmp_path) / "volresearch_kenya" / "datasets"
    assert "synthetic: true" in (folder / "example_facts.yaml").read_text(encoding="utf-8")
    for name in ("areas", "series_titles", "sources"):
        rows = (folder / "files" / f"{name}.csv").read_text(encoding="utf-8").splitlines()[1:]
        assert all("invented" in row or "synthetic" in row for row in rows)


@pytest.mark.parametrize("title", ["Volunteering: #1 & {more} $5", "O'Neill's [town]", "在肯尼亚的志愿服务"])
def test_write_plugin__title_with_signs__arrives_as_it_is(tmp_path, title):
    verdict = check_plugin(write_plugin("kenya", ["en"], folder=tmp_path, title=title))
    assert [str(item) for item in verdict.errors] == []
    assert verdict.subject.info.title["en"] == title


def test_write_plugin__maintainer__stands_where_people_look(tmp_path):
    folder = write_plugin("kenya", ["en"], folder=tmp_path, maintainer="A. N. Author <author@example.org>")
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["maintainers"] == [{"name": "A. N. Author <author@example.org>"}]
    assert "A. N. Author" in (folder / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["Kenya", "1kenya", "ke-nya", "ke nya", "", "../kenya", "core", "none", "kenyá"]
)
def test_write_plugin__unfit_name__is_refused_before_anything_is_written(tmp_path, name):
    with pytest.raises(VolResearchError) as caught:
        write_plugin(name, ["en"], folder=tmp_path)
    assert caught.value.code == "plugin.name"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("title", ['a "quoted" title', "two\nlines", "back\\slash"])
def test_write_plugin__title_that_could_break_a_file__is_refused(tmp_path, title):
    with pytest.raises(VolResearchError, match="one line each"):
        write_plugin("kenya", ["en"], folder=tmp_path, title=title)


def test_write_plugin__language_tag_unfit__is_refused(tmp_path):
    with pytest.raises(VolResearchError) as caught:
        write_plugin("kenya", ["Swahili"], folder=tmp_path)
    assert caught.value.code == "text.language"


def test_write_plugin__name_of_an_installed_plugin__is_refused(tmp_path, monkeypatch):
    info = tmp_path / "site" / "volresearch_kenya-2.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: volresearch-kenya\nVersion: 2.0\n", encoding="utf-8"
    )
    (info / "entry_points.txt").write_text("[volresearch]\nkenya = a:plugin\n", encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
    with pytest.raises(VolResearchError, match=r"volresearch-kenya 2\.0"):
        write_plugin("kenya", ["en"], folder=tmp_path)
