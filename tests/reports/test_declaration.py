from __future__ import annotations

from pathlib import Path

import pytest

from volresearch.errors import VolResearchError
from volresearch.reports.declaration import check_values, open_report

YAML = """id: core.tiny
version: "1"
title: {en: Tiny}
description: {en: A tiny report.}
languages: [en, es]
parameters:
  - {name: area, type: area, label: {en: Area}}
  - {name: lang, type: language, label: {en: Language}, default: en}
  - {name: word, type: text, label: {en: Word}, default: none}
  - {name: share, type: number, label: {en: Share}, default: 5, minimum: 0, maximum: 100}
  - {name: size, type: choice, label: {en: Size}, default: small, choices: [small, large]}
"""
AREAS = {"PER": "Peru", "KEN": "Kenya"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "report.yaml").write_text(YAML, encoding="utf-8")
    (tmp_path / "template.ipynb").write_text("{}", encoding="utf-8")
    return tmp_path


def test_open_report__a_key_is_misspelt__names_file_line_and_near_key(folder: Path) -> None:
    text = YAML.replace("languages:", "langages:")
    (folder / "report.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(VolResearchError) as caught:
        open_report(folder)
    assert "report.yaml:5" in str(caught.value)
    assert "languages" in str(caught.value)


def test_open_report__the_template_lies_elsewhere__is_refused(folder: Path) -> None:
    (folder / "report.yaml").write_text(YAML + "template: ../other.ipynb\n", encoding="utf-8")
    (folder.parent / "other.ipynb").write_text("{}", encoding="utf-8")
    with pytest.raises(VolResearchError, match="not in the folder"):
        open_report(folder)


def test_open_report__a_choice_without_choices__is_refused(folder: Path) -> None:
    (folder / "report.yaml").write_text(YAML.replace(", choices: [small, large]", ""), encoding="utf-8")
    with pytest.raises(VolResearchError, match="choices"):
        open_report(folder)


def test_check_values__defaults_and_text_numbers__become_values(folder: Path) -> None:
    values = check_values(open_report(folder), {"area": "PER", "share": "7.5"}, AREAS)
    assert values == {"area": "PER", "lang": "en", "word": "none", "share": 7.5, "size": "small"}


def test_check_values__everything_is_wrong__tells_all_faults_at_once(folder: Path) -> None:
    wrong = {"area": "KEM", "lang": "eo", "share": "101", "size": "huge", "wrod": "x"}
    with pytest.raises(VolResearchError) as caught:
        check_values(open_report(folder), wrong, AREAS)
    said = str(caught.value)
    assert len(caught.value.faults) == 5
    assert 'Did you mean "KEN"?' in said
    assert 'Did you mean "word"?' in said
    assert "from 0 to 100" in said


@pytest.mark.parametrize("value", ["nan", "many", True, "1e999"])
def test_check_values__no_number__is_refused(folder: Path, value: object) -> None:
    with pytest.raises(VolResearchError) as caught:
        check_values(open_report(folder), {"area": "PER", "share": value}, AREAS)
    assert caught.value.code == "report.parameter"


def test_check_values__a_needed_parameter_is_missing__names_it(folder: Path) -> None:
    with pytest.raises(VolResearchError, match='needs the parameter "area"'):
        check_values(open_report(folder), {}, AREAS)
