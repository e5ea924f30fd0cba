from __future__ import annotations

import pytest

import volresearch as vr
from volresearch.api import DECLARATIONS


def test_lists__each__is_a_small_table() -> None:
    assert {"core.facts", "core.jhu_fte", "core.eurostat_2015"} <= set(vr.list_datasets()["id"])
    for listing in (vr.list_instruments, vr.list_indicators, vr.list_reports, vr.list_notebooks):
        assert listing().columns.tolist()[:2] == ["id", "title"]
    assert vr.list_plugins().iloc[0].tolist()[0] == "core"


def test_lists__core_material__opens() -> None:
    assert set(vr.list_datasets()["status"]) == {"ok"}
    assert set(vr.list_indicators()["status"]) <= {"ok"}


def test_dataset__unknown__suggests() -> None:
    with pytest.raises(vr.VolResearchError) as caught:
        vr.dataset("core.fact")
    assert 'Did you mean "core.facts"' in str(caught.value)


@pytest.mark.parametrize("figures", [("F0037", "F0041"), ("F0124", "F0152")])
def test_compare__known_breaks__are_not_comparable(figures: tuple[str, str]) -> None:
    comparison = vr.compare(*figures)
    assert comparison.verdict == "not_comparable"
    assert any(reason.comment for reason in comparison.reasons)


def test_facts__every_figure__has_source_title_and_year() -> None:
    result = vr.facts()
    sources = {source.id: source for source in result.facts.sources}
    assert set(result.table["source_id"]) == set(sources)
    assert all(source.title and source.year for source in sources.values())


def test_release__of_facts__is_offered() -> None:
    assert vr.facts(area="WORLD").release().record.rule == "published figures"


@pytest.mark.parametrize("kind", sorted(DECLARATIONS))
def test_schema__each_kind__is_a_json_schema(kind: str) -> None:
    import jsonschema

    schema = vr.schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False


def test_schema__unknown_kind__suggests() -> None:
    with pytest.raises(vr.VolResearchError, match="datset") as caught:
        vr.schema("datset")
    assert '"dataset"' in str(caught.value)
