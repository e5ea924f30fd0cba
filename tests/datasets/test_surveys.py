from __future__ import annotations

from pathlib import Path

import pytest

from volresearch.datasets import open_dataset
from volresearch.errors import VolResearchError

ROWS = "w,region,hours\n2,1,1\n2,1,3\n3,2,2\n3,2,6\n"
CODEBOOK = """\
    - {name: w, type: number}
    - {name: region, type: code}
    - {name: hours, type: number}
"""


def test_survey__probability_design__estimates_by_it(write_dataset, tmp_path: Path) -> None:
    more = "design: {kind: probability, weights: w, strata: region}\n"
    data = open_dataset(write_dataset(tmp_path, ROWS, codebook=CODEBOOK, more=more))
    result = data.survey().mean("hours")
    assert result.table["estimate"].round(4).tolist() == [3.2]
    assert result.facts.unit == "person"
    assert result.facts.datasets[0].sha256 == data.sha256


def test_survey__declared_missing_code__is_left_out(write_dataset, tmp_path: Path) -> None:
    codebook = CODEBOOK.replace(
        "{name: hours, type: number}", "{name: hours, type: number, missing: {6: refused}}"
    )
    more = "design: {kind: probability, weights: w}\n"
    data = open_dataset(write_dataset(tmp_path, ROWS, codebook=codebook, more=more))
    table = data.survey().mean("hours").table
    assert table["estimate"].round(4).tolist() == [2.0]
    assert table["n"].tolist() == [3]


def test_survey__no_design__names_the_choices(write_dataset, tmp_path: Path) -> None:
    data = open_dataset(write_dataset(tmp_path, ROWS, codebook=CODEBOOK))
    with pytest.raises(VolResearchError, match="nonprobability") as caught:
        data.survey()
    assert caught.value.code == "survey.no_design"


def test_survey__nonprobability__is_passed_on(write_dataset, tmp_path: Path) -> None:
    more = "design: {kind: nonprobability, how: snowball}\n"
    data = open_dataset(write_dataset(tmp_path, ROWS, codebook=CODEBOOK, more=more))
    assert data.survey().count().table["estimate"].tolist() == [4]


def test_survey__published_figures__has_no_respondents(write_facts, tmp_path: Path) -> None:
    with pytest.raises(VolResearchError) as caught:
        open_dataset(write_facts(tmp_path)).survey()
    assert caught.value.code == "dataset.kind"


def test_release__of_persons__is_refused(write_dataset, tmp_path: Path) -> None:
    more = "design: {kind: probability, weights: w}\n"
    data = open_dataset(write_dataset(tmp_path, ROWS, codebook=CODEBOOK, more=more))
    with pytest.raises(VolResearchError) as caught:
        data.survey().mean("hours").release()
    assert caught.value.code == "release.rules_missing"
