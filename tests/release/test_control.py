from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from volresearch.catalog.factbase import FactBase
from volresearch.datasets.facts import open_facts
from volresearch.errors import VolResearchError
from volresearch.release import Release, ReleaseRecord
from volresearch.results import Result, ResultFacts


def result_of(unit: str) -> Result:
    table = pd.DataFrame({"sex": ["f"], "variable": ["hours"], "estimate": [2.0]})
    return Result(table, ["sex"], ResultFacts({"verb": "mean", "variable": "hours"}, unit))


@pytest.mark.parametrize("unit", ["person", "organization", "partnership"])
def test_release__computed_from_units__is_refused_until_rules_exist(unit: str) -> None:
    with pytest.raises(VolResearchError, match=unit) as caught:
        result_of(unit).release()
    assert caught.value.code == "release.rules_missing"


def test_release__published_figures__carry_sources_and_verdict(write_facts, tmp_path: Path) -> None:
    facts = [{}, {"fact_id": "T2", "series": "t.b", "variant": "t.b.a"}]
    series = [{}, {"variant": "t.b.a", "series": "t.b", "kind": "stock"}]
    release = FactBase([open_facts(write_facts(tmp_path, facts=facts, series=series))]).select().release()
    assert release.record.rule == "published figures"
    assert (release.record.cells, release.record.hidden) == (2, 0)
    assert release.record.verdict == "not_comparable"
    assert release.facts.sources[0].title == "A report"
    assert release.comparison is not None
    assert release.comparison.reasons[0].key == "kind"


def test_release__single_figure__has_no_verdict(write_facts, tmp_path: Path) -> None:
    release = FactBase([open_facts(write_facts(tmp_path))]).select().release()
    assert (release.record.verdict, release.comparison) == ("", None)


def test_release__unknown_option__is_refused() -> None:
    with pytest.raises(VolResearchError, match="threshold"):
        result_of("published figure").release(threshold=3)


def test_release__made_by_hand__is_refused() -> None:
    record = ReleaseRecord("mine", 1, 0, "none", "now")
    with pytest.raises(VolResearchError) as caught:
        Release(result_of("person"), record)
    assert caught.value.code == "release.required"


def test_release__table__is_a_copy(write_facts, tmp_path: Path) -> None:
    release = FactBase([open_facts(write_facts(tmp_path))]).select().release()
    table = release.table
    table["estimate"] = 0
    assert release.table["estimate"].tolist() == [12.5]
