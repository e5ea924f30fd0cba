from __future__ import annotations

import csv
from pathlib import Path

import pytest

from volresearch.errors import VolResearchError
from volresearch.harmonize import groups, members

GROUPS = Path(__file__).resolve().parents[2] / "datasets" / "groups"


def rows(name):
    with (GROUPS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("area", "before", "after"),
    [
        ("BWA", "1994-11-30", "1994-12-31"), ("CPV", "2007-11-30", "2008-01-01"), ("MDV", "2010-12-31", "2011-01-01"),
        ("WSM", "2013-12-31", "2014-02-01"), ("GNQ", "2017-06-03", "2017-06-04"), ("VUT", "2020-12-03", "2020-12-04"),
        ("BTN", "2023-11-30", "2024-01-01"), ("STP", "2024-11-30", "2025-01-01"),
    ],
)  # fmt: skip
def test_members__countries_that_left_the_list__are_in_before_and_out_after(area, before, after):
    assert area in members("LDC", on=before, unknown="leave_out")
    assert area not in members("LDC", on=after, unknown="leave_out")


def test_members__day_within_the_month_of_a_change__is_not_guessed():
    with pytest.raises(VolResearchError) as told:
        members("LDC", on="2023-12-05")
    assert told.value.code == "harmonize.area"
    assert told.value.got == "BTN"
    assert members("LDC", on="2023-12-05", unknown="leave_out").unknown == ("BTN",)


def test_members__before_the_source_lists_them__is_not_known():
    with pytest.raises(VolResearchError, match="not known"):
        members("G77", on="1990-01-01")
    assert "PER" in members("G77", on="1990-01-01", unknown="leave_out")
    assert len(members("G77", on="1960-01-01", unknown="leave_out")) == 0


def test_members__now__as_listed_with_sources():
    now = members("LDC")
    assert len(now) == 44
    assert "KHM" in now
    assert any("Committee for Development Policy" in source for source in now.sources)


def test_members__after_the_list__says_so():
    assert any("what changed since is not in it" in note for note in members("G77", on="2030-01-01").notes)


def test_members__income_levels__end_with_the_fiscal_year():
    assert "KHM" in members("WB_LOWER_MIDDLE", on="2025-10-01")
    assert "KHM" not in members("WB_LOWER_MIDDLE", on="2026-08-01", unknown="leave_out")


def test_members__by_name_in_another_language__is_found():
    assert members("Pays les moins avancés").group == "LDC"


@pytest.mark.parametrize(("group", "on"), [("LDCs", None), ("LDC", "2024")])
def test_members__unknown_group_or_day__is_told(group, on):
    with pytest.raises(VolResearchError) as told:
        members(group, on=on)
    assert told.value.code == "harmonize.area"


def test_groups__all__have_names_and_members():
    table = groups("es").set_index("group")
    assert table.loc["M49_202", "name"] == "África Subsahariana"
    assert (table["members"] > 0).all()


def test_tables__every_row__names_a_known_area_group_and_source():
    with (GROUPS.parent / "files" / "areas.csv").open(encoding="utf-8", newline="") as file:
        areas = {row["area"] for row in csv.DictReader(file)}
    sources, names = (
        {row["source_id"] for row in rows("sources.csv")},
        {row["group"] for row in rows("groups.csv")},
    )
    seen = set()
    for row in rows("memberships.csv"):
        assert row["area"] in areas
        assert row["group"] in names
        assert set(row["source_id"].split(" ; ")) <= sources
        assert (row["group"], row["area"]) not in seen
        seen.add((row["group"], row["area"]))
    assert {row["area"] for row in rows("spellings.csv")} <= areas


def test_tables__regions_of_m49__part_the_world():
    world = ["M49_002", "M49_019", "M49_142", "M49_150", "M49_009"]
    every = [area for group in world for area in members(group)]
    assert len(every) == len(set(every)) == 248  # all of ISO 3166-1 but Antarctica


@pytest.mark.real
def test_build_memberships__from_the_files__gives_what_is_carried(shared):
    import importlib.util

    spec = importlib.util.spec_from_file_location("build_memberships", GROUPS.parent / "build_memberships.py")
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    folder = shared / "real" / "country"
    made = [*build.g77(), *build.ldc(), *build.m49(folder), *build.income(folder)]
    key = lambda row: (row["group"], row["area"])  # noqa: E731
    assert sorted(made, key=key) == rows("memberships.csv")
