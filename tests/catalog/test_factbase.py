from __future__ import annotations

from pathlib import Path

import pytest

from volresearch.catalog import Catalog
from volresearch.catalog.factbase import FactBase
from volresearch.datasets.facts import open_facts
from volresearch.errors import VolResearchError
from volresearch.plugins import FolderPlugin, Host
from volresearch.results import COLUMNS

TWO = [
    {},
    {
        "fact_id": "T2",
        "area": "CHN",
        "period": "2016-12",
        "subgroup": "women",
        "value": "3",
        "bound": "up_to",
    },
]


def base_of(path: Path) -> FactBase:
    return FactBase([open_facts(path)])


def test_select__everything__is_a_result_with_all_columns(write_facts, tmp_path: Path) -> None:
    result = base_of(write_facts(tmp_path, facts=TWO)).select()
    assert result.by == ("series", "area", "period", "subgroup")
    assert result.facts.unit == "published figure"
    assert [
        *result.by,
        *COLUMNS,
        "bound",
        "unit",
        "source_id",
        "evidence",
        "variant",
        "fact_id",
        "measure",
        "note",
    ] == [*result.table.columns]
    first = result.table.iloc[0]
    assert (first["estimate"], first["variable"], first["statistic"], first["subgroup"]) == (
        12.5,
        "t.rate",
        "rate",
        "total",
    )


def test_select__sources_datasets_and_key__travel_with_it(write_facts, tmp_path: Path) -> None:
    result = base_of(write_facts(tmp_path)).select()
    assert [(source.id, source.year, source.shortened) for source in result.facts.sources] == [
        ("s1", "2017", True)
    ]
    assert [(dataset.id, len(dataset.sha256)) for dataset in result.facts.datasets] == [("t.facts", 64)]
    assert result.facts.extra["keys"]["t.rate.a"].mode == "face_to_face"
    assert result.facts.extra["unit_scales"]["percent"] == "percent"


def test_select__labels__in_every_language_there_is(write_facts, tmp_path: Path) -> None:
    result = base_of(write_facts(tmp_path, facts=TWO)).select()
    table = result.labelled("es")
    assert table["area"].tolist() == ["Perú", "China"]
    assert table["series"].tolist() == ["Tasa de voluntariado"] * 2
    assert table["subgroup"].tolist()[1] == "Mujeres"
    assert result.labelled("en")["bound"].tolist() == ["exactly", "up to"]


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"series": "t.rate"}, ["T1", "T2"]),
        ({"area": "PER"}, ["T1"]),
        ({"area": ["per", "China"]}, ["T1", "T2"]),
        ({"area": "Perú"}, ["T1"]),
        ({"area": "CN"}, ["T2"]),
        ({"period": "2016"}, ["T1", "T2"]),
        ({"period": "2016-01"}, ["T1"]),
        ({"period": ["2016-12"]}, ["T1", "T2"]),
        ({"subgroup": "women"}, ["T2"]),
        ({"subgroup": "total"}, ["T1"]),
    ],
)
def test_select__by_condition__finds_the_figures(
    write_facts, tmp_path: Path, chosen: dict[str, str], found: list[str]
) -> None:
    result = base_of(write_facts(tmp_path, facts=TWO)).select(**chosen)
    assert result.table["fact_id"].tolist() == found


@pytest.mark.parametrize(
    ("chosen", "code", "hint"),
    [
        ({"series": "t.rat"}, "facts.unknown_series", '"t.rate"'),
        ({"area": "PRU"}, "facts.unknown_area", '"PER"'),
        ({"area": "Chinna"}, "facts.unknown_area", '"China"'),
        ({"subgroup": "woman"}, "facts.unknown_subgroup", '"women"'),
        ({"period": "last year"}, "facts.period", "2016/2019"),
        ({"area": "PER", "period": "1990"}, "facts.none", "Leave one condition out"),
    ],
)
def test_select__wrong_word__is_refused_with_a_hint(
    write_facts, tmp_path: Path, chosen: dict[str, str], code: str, hint: str
) -> None:
    with pytest.raises(VolResearchError) as caught:
        base_of(write_facts(tmp_path, facts=TWO)).select(**chosen)
    assert caught.value.code == code
    assert hint in str(caught.value)


def test_notes__check_that_does_not_add_up__stands_at_its_figures(write_facts, tmp_path: Path) -> None:
    check = {"check_id": "C1", "where": "Peru", "rule": "a + b = c", "verdict": "DOES NOT ADD UP", "comment": "1 more",
             "fact_ids": "T1", "marks_break": "false"}  # fmt: skip
    result = base_of(
        write_facts(tmp_path, facts=[{"note": "press"}, {"fact_id": "T2"}], checks=[check])
    ).select()
    assert result.table["note"].tolist() == ["press; Peru: a + b = c does not add up: 1 more", ""]
    assert result.facts.notes == ("Peru: a + b = c does not add up: 1 more",)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"area": "PRU"}, 'no area has the code "PRU"'),
        ({"unit": "percnt"}, 'no unit has the code "percnt"'),
        ({"subgroup": "womn"}, 'no subgroup has the code "womn"'),
        ({"source_id": "s9"}, 'no source_id has the code "s9"'),
        ({"variant": "t.rate.b"}, 'no series.csv has the variant "t.rate.b"'),
        ({"series": "t.other"}, 'belongs to the series "t.rate"'),
        ({"value": "1,193"}, 'the value "1,193" is no number'),
        ({"value": "nan"}, 'the value "nan" is no number'),
        ({"value": ""}, "is no number"),
        ({"period": "2016-17"}, 'The period "2016-17" cannot be read'),
        ({"bound": "more"}, '"more" is no bound'),
        ({"evidence": "K"}, '"K" is no mark of evidence'),
    ],
)
def test_rows__cell_breaks_the_format__file_line_and_figure_are_named(
    write_facts, tmp_path: Path, wrong: dict[str, str], said: str
) -> None:
    with pytest.raises(VolResearchError) as caught:
        base_of(write_facts(tmp_path, facts=[{}, {"fact_id": "T2", **wrong}]))
    assert said in str(caught.value)
    assert "files/facts_facts.csv:3  T2: " in str(caught.value)
    assert caught.value.code == "facts.invalid"


def test_rows__several_faults__all_are_told(write_facts, tmp_path: Path) -> None:
    facts = [{"fact_id": "T1", "area": "X1"}, {"fact_id": "T2", "unit": "X2", "value": "X3"}]
    with pytest.raises(VolResearchError) as caught:
        base_of(write_facts(tmp_path, facts=facts))
    assert len(caught.value.faults) == 3


def test_rows__id_twice__is_refused(write_facts, tmp_path: Path) -> None:
    with pytest.raises(VolResearchError, match="id twice"):
        base_of(write_facts(tmp_path, facts=[{}, {}]))


@pytest.mark.parametrize(
    ("row", "said"),
    [({"kind": "percentage"}, "is no kind of series"), ({"bound": "over"}, '"over" is no bound')],
)
def test_series__wrong_cell__is_refused(write_facts, tmp_path: Path, row: dict[str, str], said: str) -> None:
    with pytest.raises(VolResearchError, match=said):
        base_of(write_facts(tmp_path, series=[row]))


def test_series__variant_twice__is_refused(write_facts, tmp_path: Path) -> None:
    with pytest.raises(VolResearchError, match="is there already"):
        base_of(write_facts(tmp_path, series=[{}, {}]))


def test_open_facts__column_missing__is_named(write_facts, tmp_path: Path) -> None:
    with pytest.raises(VolResearchError, match="lacks the columns marks_break"):
        open_facts(write_facts(tmp_path, checks=[{"check_id": "C1", "where": "", "rule": "r", "verdict": "ok",
                                                  "comment": "", "fact_ids": ""}]))  # fmt: skip


def catalog_of(folder: Path, *names: str) -> Catalog:
    return Catalog(Host.of({name: FolderPlugin(name, root=folder / name) for name in names}))


def test_of__two_plugins__codes_of_one_serve_the_other(write_facts, tmp_path: Path) -> None:
    write_facts(tmp_path / "a" / "datasets", "a.facts")
    more = {name: [] for name in ("series_titles", "subgroups", "units", "areas", "sources", "checks")}
    write_facts(tmp_path / "b" / "datasets", "b.facts", facts=[{"fact_id": "B1", "variant": "b.rate.x"}],
                series=[{"variant": "b.rate.x"}], **more)  # fmt: skip
    base = catalog_of(tmp_path, "a", "b").facts()
    assert [figure.id for figure in base.figures] == ["T1", "B1"]
    assert base.problems == ()
    assert [ref.id for ref in base.select(area="PER").facts.datasets] == ["a.facts", "b.facts"]


def test_of__one_plugin_broken__it_is_named_and_the_others_go_on(write_facts, tmp_path: Path) -> None:
    write_facts(tmp_path / "a" / "datasets", "a.facts")
    write_facts(tmp_path / "b" / "datasets", "b.facts", facts=[{"fact_id": "B1", "area": "NOWHERE"}],
                series=[{"variant": "b.rate.x"}])  # fmt: skip
    base = catalog_of(tmp_path, "a", "b").facts()
    assert [figure.id for figure in base.figures] == ["T1"]
    assert "Plugin b" in str(base.problems[0])
    assert any("NOWHERE" in note for note in base.select().facts.notes)


def test_of__same_figure_id_in_two__the_second_is_named_with_the_first(write_facts, tmp_path: Path) -> None:
    write_facts(tmp_path / "a" / "datasets", "a.facts")
    write_facts(
        tmp_path / "b" / "datasets",
        "b.facts",
        facts=[{"variant": "b.rate.x"}],
        series=[{"variant": "b.rate.x"}],
    )
    base = catalog_of(tmp_path, "a", "b").facts()
    assert len(base.figures) == 1
    assert "T1 (also in a.facts)" in str(base.problems[0])


def test_of__other_kinds_of_dataset__are_left_alone(write_facts, write_dataset, tmp_path: Path) -> None:
    write_facts(tmp_path / "a" / "datasets", "a.facts")
    write_dataset(tmp_path / "a" / "datasets", "x\n1\n", id="a.people")
    base = catalog_of(tmp_path, "a").facts()
    assert (len(base.figures), base.problems) == (1, ())


def test_series__listed__largest_first(write_facts, tmp_path: Path) -> None:
    facts = [
        {"fact_id": "T1"},
        {"fact_id": "T2", "series": "t.b", "variant": "t.b.a"},
        {"fact_id": "T3", "series": "t.b", "variant": "t.b.a"},
    ]
    series = [{}, {"variant": "t.b.a", "series": "t.b"}]
    base = base_of(write_facts(tmp_path, facts=facts, series=series))
    assert base.series() == {"t.b": 2, "t.rate": 1}
    assert base.areas_with_figures() == {"PER": 3}


def test_compare__results_ids_and_figures__are_taken_alike(write_facts, tmp_path: Path) -> None:
    base = base_of(write_facts(tmp_path, facts=[{}, {"fact_id": "T2"}]))
    for things in ([base.select()], ["T1", "T2"], [["T1", base.figure("T2")]], [base.select(), "T2"]):
        assert base.compare(*things).verdict == "comparable"


def test_compare__unknown_figure__suggests_near_ones(write_facts, tmp_path: Path) -> None:
    with pytest.raises(VolResearchError) as caught:
        base_of(write_facts(tmp_path)).compare("T1", "T01")
    assert caught.value.code == "facts.unknown_figure"


def test_compare__result_of_persons__is_refused(write_facts, tmp_path: Path) -> None:
    import pandas as pd

    from volresearch.results import Result, ResultFacts

    result = Result(pd.DataFrame({"estimate": [1.0, 2.0]}), (), ResultFacts({"verb": "mean"}, "person"))
    with pytest.raises(VolResearchError) as caught:
        base_of(write_facts(tmp_path)).compare(result)
    assert caught.value.code == "facts.compare"


def test_of__dataset_made_by_a_function__is_left_alone() -> None:
    from volresearch.plugins import DatasetRecord, PluginInfo, hookimpl

    class Targeted:
        @hookimpl
        def volresearch_plugin(self) -> PluginInfo:
            return PluginInfo("t", version="1")

        @hookimpl
        def volresearch_datasets(self) -> list[DatasetRecord]:
            return [DatasetRecord("t.people", target="volresearch.errors:near")]

    assert Catalog(Host.of({"t": Targeted()})).facts().problems == ()
