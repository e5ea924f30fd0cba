"""Repeats become linked tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from volresearch.datasets.readers import read
from volresearch.datasets.readers.found import Link, Note, RawTable
from volresearch.datasets.readers.repeat_sheets import beside, linked
from volresearch.datasets.readers.repeats import flattened, unfolded
from volresearch.datasets.readers.shape_redcap import instruments_apart
from volresearch.errors import Where

WHERE = Where(file="export.csv")
Cells = Mapping[str, Sequence[str | None]]


def table(name: str, columns: Cells) -> RawTable:
    return RawTable(name, pd.DataFrame(dict(columns), dtype="str"))


def said(notes: Sequence[Note]) -> str:
    return "\n".join(str(note) for note in notes)


def check_links(tables: Sequence[RawTable]) -> None:
    """Every row of a linked table has its row above."""
    for one in tables:
        if one.link is not None:
            above = next(other for other in tables if other.name == one.link.parent)
            assert not above.frame[one.link.key].duplicated().any()
            assert set(one.frame[one.link.parent_key].dropna()) <= set(above.frame[one.link.key])


def test_wide__numbered_columns__rows_below_their_parent() -> None:
    given = table("home", {
        "town": ["Lima", "Cusco"], "kid[1]/name": ["Ana", None], "kid[1]/age": ["3", None],
        "kid[2]/name": ["Bo", "Che"], "kid[2]/age": [None, "5"],
    })  # fmt: skip
    (main, kid), notes = unfolded(given, (), WHERE)
    assert list(main.frame.columns) == ["town", "_index"]
    assert kid.name == "kid"
    assert kid.frame["kid/name"].tolist() == ["Ana", "Bo", "Che"]
    assert kid.frame["kid/age"].isna().tolist() == [False, True, False]
    assert kid.frame["_parent_index"].tolist() == ["1", "1", "2"]
    assert kid.link == Link("home", "_index", "_parent_index")
    assert kid.hidden == {"_index", "_parent_index"}
    assert "kid (3 rows, 1 empty places left out)" in said(notes)
    assert set(map(str, kid.frame.dtypes)) == {"str"}


def test_wide__repeats_in_repeats__each_below_the_other() -> None:
    given = table("survey", {
        "net[1]/person[1]/name": ["Ana", "Dia"], "net[1]/person[2]/name": ["Bo", "n/a"],
        "net[2]/person[1]/name": ["Che", "n/a"], "net[1]/colour": ["n/a", "red"],
    })  # fmt: skip
    (main, net, person), _ = unfolded(given, {"n/a"}, WHERE)
    assert len(main.frame) == 2
    assert net.frame["_parent_index"].tolist() == ["1", "1", "2"]
    assert person.frame["net/person/name"].tolist() == ["Ana", "Bo", "Che", "Dia"]
    assert person.frame["_parent_index"].tolist() == ["1", "1", "2", "3"]
    assert person.link is not None
    assert person.link.parent == "net"
    check_links((main, net, person))


def test_wide__an_outer_repeat_without_columns__a_table_of_links() -> None:
    given = table("survey", {"net[1]/person[1]/name": ["Ana"], "net[2]/person[1]/name": ["Bo"]})
    (_, net, person), _ = unfolded(given, (), WHERE)
    assert list(net.frame.columns) == ["_index", "_parent_index"]
    assert person.frame["_parent_index"].tolist() == ["1", "2"]


def test_wide__two_repeats_with_one_name__called_by_their_path() -> None:
    given = table("s", {"a/kid[1]/x": ["1"], "b/kid[1]/x": ["2"]})
    tables, _ = unfolded(given, (), WHERE)
    assert [one.name for one in tables] == ["s", "a_kid", "b_kid"]


def test_wide__nothing_numbered__the_table_itself() -> None:
    given = table("s", {"Q1[1]": ["1"], "a/b": ["2"]})
    assert unfolded(given, (), WHERE) == ((given,), ())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from([None, "x", "n/a"]), min_size=6, max_size=6), max_size=5))
def test_wide__any_cells__every_filled_one_is_kept(rows: list[list[str | None]]) -> None:
    names = ["a[1]/v", "a[2]/v", "a[1]/b[1]/w", "a[1]/b[2]/w", "a[2]/b[1]/w", "q"]
    given = RawTable("s", pd.DataFrame(rows, columns=names, dtype="str"))
    tables, _ = unfolded(given, {"n/a"}, WHERE)
    check_links(tables)
    cells = [cell for row in rows for cell in row[:5] if cell == "x"]
    kept = sum(int((one.frame.drop(columns=list(one.hidden)) == "x").sum().sum()) for one in tables[1:])
    assert kept == len(cells)


def test_flat__rows_that_repeat_their_parent__linked() -> None:
    given = table("s", {
        "town": ["Lima", "Lima", "Cusco", "Puno"], "kid/name": ["Ana", "Bo", "Che", None],
        "kid/age": ["3", "3", "4", None], "meta/instanceID": ["1", "1", "2", "3"],
    })  # fmt: skip
    (main, kid), notes = flattened(given, (), WHERE, "/")
    assert main.frame["town"].tolist() == ["Lima", "Cusco", "Puno"]
    assert kid.frame["kid/name"].tolist() == ["Ana", "Bo", "Che"]
    assert kid.frame["_parent_index"].tolist() == ["1", "1", "2"]
    assert "4 rows repeat 3 submissions" in said(notes)
    check_links((main, kid))


def test_flat__rows_of_a_parent_apart__below_the_first_of_them() -> None:
    given = table("s", {"kid/name": ["Ana", "Bo", "Che"], "_uuid": ["1", "2", "1"]})
    (main, kid), _ = flattened(given, (), WHERE, "/")
    assert len(main.frame) == 2
    assert kid.frame["_parent_index"].tolist() == ["1", "2", "1"]


def test_flat__two_versions_of_a_submission__stay_with_a_note() -> None:
    given = table("s", {"town": ["Lima", "Cusco"], "kid/name": ["Ana", "Bo"], "_uuid": ["1", "1"]})
    tables, notes = flattened(given, (), WHERE, "/")
    assert tables == (given,)
    assert "differ in town, kid/name; all were kept" in said(notes)


def test_flat__twice_the_same_row__stays() -> None:
    given = table("s", {"kid/name": ["Ana", "Ana"], "_uuid": ["1", "1"]})
    assert flattened(given, (), WHERE, "/") == ((given,), ())


def test_flat__rows_without_a_key__are_submissions_of_their_own() -> None:
    given = table("s", {"kid/name": ["Ana", "Bo", "Che", "Dia"], "_uuid": ["1", "1", None, None]})
    (main, kid), _ = flattened(given, (), WHERE, "/")
    assert len(main.frame) == 3
    assert kid.frame["_parent_index"].tolist() == ["1", "1", "2", "3"]


def sheets(**changes: Sequence[str | None]) -> tuple[RawTable, RawTable]:
    home = table(
        "home",
        {
            "town": ["Lima", "Cusco", "Puno"],
            "_id": ["71", "72", "73"],
            "_index": changes.get("index", ["1", "2", "3"]),
        },
    )
    kid = table("kid", {
        "name": ["Ana", "Bo", "Che"], "_index": ["1", "2", "3"], "_parent_table_name": ["home"] * 3,
        "_parent_index": changes.get("up", ["1", "3", "3"]), "_submission__id": changes.get("ids", ["71", "73", "73"]),
    })  # fmt: skip
    return home, kid


def test_trap_31__one_export__joined_by_row_numbers() -> None:
    (home, kid), notes = linked(sheets(), "a.xlsx")
    assert kid.link == Link("home", "_index", "_parent_index")
    assert kid.frame["_parent_index"].tolist() == ["1", "3", "3"]
    assert kid.hidden == {"_index", "_parent_index", "_parent_table_name"}
    assert home.hidden == {"_index"}
    assert not notes


def test_trap_31__stacked_exports_where_indices_restart__joined_by_the_submission() -> None:
    tables, notes = linked(
        sheets(index=["1", "2", "1"], up=["1", "1", "1"], ids=["71", "73", "73"]), "a.xlsx"
    )
    home, kid = tables
    assert home.frame["_index"].tolist() == ["1", "2", "3"]
    assert kid.frame["_parent_index"].tolist() == ["1", "3", "3"]
    assert "_submission__id" in said(notes)
    check_links(tables)


def test_trap_31__indices_of_another_export__the_submission_counts() -> None:
    tables, notes = linked(sheets(up=["1", "1", "2"], ids=["73", "71", "72"]), "a.xlsx")
    assert tables[1].frame["_parent_index"].tolist() == ["3", "1", "2"]
    assert "numbered anew" in said(notes)


def test_trap_31__restarting_indices_of_a_repeat_in_a_repeat__joined_within_the_submission() -> None:
    home, kid = sheets(index=["1", "2", "1"], up=["1", "1", "1"], ids=["71", "73", "73"])
    kid = kid.with_(frame=kid.frame.assign(_index=pd.array(["1", "1", "2"], dtype="str")))
    toy = table("toy", {
        "toy": ["ball", "car"], "_index": ["1", "2"], "_parent_table_name": ["kid", "kid"],
        "_parent_index": ["1", "2"], "_submission__id": ["73", "73"],
    })  # fmt: skip
    tables, _ = linked((home, kid, toy), "a.xlsx")
    assert tables[2].frame["_parent_index"].tolist() == ["2", "3"]
    assert tables[1].frame["_index"].tolist() == ["1", "2", "3"]
    check_links(tables)


def test_sheets__rows_without_a_parent__are_told() -> None:
    tables, notes = linked(sheets(up=["1", "9", "3"], ids=[None, None, None]), "a.xlsx")
    assert tables[1].link is not None
    assert "1 rows belong to no row" in said(notes)


def test_sheets__no_key_that_fits__stay_apart_with_a_note() -> None:
    home, kid = sheets(index=["1", "1", "1"], ids=[None, None, None])
    tables, notes = linked((home, kid), "a.xlsx")
    assert tables[1].link is None
    assert "could not be linked" in said(notes)


def test_sheets__a_name_that_excel_cut__is_the_parent() -> None:
    home, kid = sheets()
    long = "household_members_and_their_work_in_the_village"
    home = home.with_(name=long[:31])
    kid = kid.with_(frame=kid.frame.assign(_parent_table_name=pd.array([long] * 3, dtype="str")))
    tables, _ = linked((home, kid), "a.xlsx")
    assert tables[1].link is not None
    assert tables[1].link.parent == long[:31]


def test_odk__keys__become_row_numbers_and_stay() -> None:
    home = table("home", {"town": ["Lima", "Cusco"], "KEY": ["uuid:1", "uuid:2"]})
    kid = table(
        "home-kid",
        {"name": ["Ana", "Bo", "Che"], "PARENT_KEY": ["uuid:2", "uuid:1", "uuid:9"], "KEY": ["a", "b", "c"]},
    )
    tables, notes = linked((home, kid), "a.xlsx")
    assert tables[0].frame["_index"].tolist() == ["1", "2"]
    assert tables[1].frame["_parent_index"].tolist()[:2] == ["2", "1"]
    assert tables[1].frame["_parent_index"].isna().tolist() == [False, False, True]
    assert "KEY" in tables[1].frame.columns
    assert "KEY" not in tables[1].hidden
    assert "1 rows belong to no row" in said(notes)


def test_alone__a_repeat_in_a_file_of_its_own__says_where_its_parent_is(tmp_path: Path) -> None:
    _, kid = sheets()
    (tmp_path / "export_home.csv").write_text("x", encoding="utf-8")
    file = tmp_path / "export_kid.csv"
    file.write_text("x", encoding="utf-8")
    (note,) = beside(kid, file, WHERE)
    assert 'repeat of the table "home"' in note.message
    assert "export_home.csv" in note.message
    assert "_submission__id" in note.message
    assert beside(table("home", {"a": ["1"]}), file, WHERE) == ()


def redcap(**changes: Sequence[str | None]) -> RawTable:
    return table("study", {
        "record_id": ["1", "1", "1", "2", "3"], "redcap_repeat_instrument": [None, "bp", "bp", None, "bp"],
        "redcap_repeat_instance": [None, "1", "2", None, "1"], "age": ["31", None, None, "40", None],
        "enrol_complete": ["2", None, None, "2", None], "pressure": changes.get("pressure", [None, "110", "120", None, "90"]),
        "bp_note": [None] * 5, "bp_complete": [None, "2", "2", None, "2"],
    })  # fmt: skip


def test_redcap__repeated_forms__a_linked_table_each() -> None:
    (main, bp), notes = instruments_apart(redcap(), (), WHERE)
    assert list(main.frame.columns) == ["record_id", "age", "enrol_complete", "_index"]
    assert main.frame["record_id"].tolist() == ["1", "2"]
    assert list(bp.frame.columns) == [
        "record_id",
        "redcap_repeat_instance",
        "pressure",
        "bp_note",
        "bp_complete",
        "_index",
        "_parent_index",
    ]
    assert bp.frame["pressure"].tolist() == ["110", "120", "90"]
    assert bp.frame["_parent_index"].tolist()[:2] == ["1", "1"]
    assert bp.frame["_parent_index"].isna().tolist() == [False, False, True]
    assert "1 rows of repeated forms belong to a record that has no row" in said(notes)
    check_links((main, bp))


def test_redcap__a_column_that_the_main_table_fills_too__stays_in_both() -> None:
    (main, bp), _ = instruments_apart(redcap(pressure=["100", "110", "120", None, "90"]), (), WHERE)
    assert main.frame["pressure"].tolist()[0] == "100"
    assert bp.frame["pressure"].tolist() == ["110", "120", "90"]


def test_redcap__events__the_row_of_the_event_is_above() -> None:
    given = table("study", {
        "record_id": ["1", "1", "1", "1"], "redcap_event_name": ["a", "b", "b", "c"],
        "redcap_repeat_instrument": [None, None, "bp", "bp"], "redcap_repeat_instance": [None, None, "1", "1"],
        "x": [None, None, "5", "6"],
    })  # fmt: skip
    (_, bp), notes = instruments_apart(given, (), WHERE)
    assert bp.frame["_parent_index"].tolist() == ["2", "1"]
    assert bp.frame["redcap_event_name"].tolist() == ["b", "c"]
    assert len(notes) == 1


@pytest.mark.parametrize("blank", [None, "", "n/a"])
def test_redcap__nothing_repeated__the_table_itself(blank: str | None) -> None:
    given: Any = table("study", {"record_id": ["1"], "redcap_repeat_instrument": [blank]})
    assert instruments_apart(given, {"n/a"}, WHERE) == ((given,), ())


def test_read__number_without_a_repeat_beside_a_repeat__stays_a_column(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text(
        "age,[1]/age,kids[1]/age,_uuid,_submission_time\n30,1,5,a-1,2025-01-01T10:00:00\n", encoding="utf-8"
    )
    data = read(path)
    assert data.tables["kids"]["age"].tolist() == [5]
    assert data.frame["age"].tolist() == [30]
