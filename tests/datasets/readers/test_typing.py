"""From text to typed columns: by the codebook where it says what a column is, else by all its cells."""

from __future__ import annotations

import sys

import pandas as pd
import pytest

from volresearch.datasets.codebook import Variable
from volresearch.datasets.columns import brought, names_of
from volresearch.datasets.provenance import Source
from volresearch.datasets.readers.delimited import read_delimited
from volresearch.datasets.readers.found import Asked, Found, Link, RawTable
from volresearch.datasets.readers.text_names import identifier_of
from volresearch.datasets.readers.typing import typed
from volresearch.datasets.typed import reasons_of

ENGINES = ("pandas", "duckdb")
pytestmark = pytest.mark.parametrize("engine", ENGINES)


def typed_in(tmp_path, engine, text, *variables, missing=None, guess=(), blanks=None, hidden=()) -> Found:
    file = tmp_path / "a.csv"
    file.write_text(text, encoding="utf-8")
    asked = Asked(file, engine=engine, missing=missing or {})
    found = read_delimited(asked, Source("a.csv", "", 0))
    known = {variable.name: variable for variable in variables}
    table = found.main.with_(variables=known, guess=frozenset(guess), hidden=frozenset(hidden))
    return typed(found.with_(tables=(table,), blanks=blanks or {}), asked)


def column(tmp_path, engine, cells, *variables, **options):
    """Type one column `x` that stands beside a key; return its values as a list, its variable, its notes."""
    text = "key,x\n" + "".join(f'{at},"{cell}"\n' for at, cell in enumerate(cells, 1))
    found = typed_in(tmp_path, engine, text, *variables, **options)
    return values(found), found.main.variables["x"], "\n".join(map(str, found.notes))


def values(found, name="x"):
    cells = brought(found.main.frame, [name])[name]
    if cells.dtype.kind == "M":
        return [None if str(one) == "NaT" else str(one) for one in cells]
    return [
        None if one != one or one is None else one for one in cells.astype(object).where(cells.notna(), None)
    ]


def reasons(found, name="x"):
    names = [one for one in (name, f"{name}__why") if one in names_of(found.main.frame)]
    return [
        one if isinstance(one, str) else None
        for one in reasons_of(brought(found.main.frame, names), found.main.variables[name])
    ]


KINDS = {
    "integer": (["1", "-20", "0"], [1, -20, 0], "integer"),
    "integer_blank": (["1", "", "3"], [1.0, None, 3.0], "integer"),
    "number": (["1.5", "2", "-0.25"], [1.5, 2.0, -0.25], "number"),
    "number_stata": ([".5", "-.5", "7."], [0.5, -0.5, 7.0], "number"),
    "number_small": (["1e-05", "2.5E+03"], [1e-05, 2500.0], "number"),
    "padded": ([" 5", "7 "], [5, 7], "integer"),
    "leading_zeros": (["08", "12"], ["08", "12"], "text"),
    "leading_zeros_late": (["12", "08"], ["12", "08"], "text"),
    "zero_decimals": (["08.5", "1.5"], ["08.5", "1.5"], "text"),
    "phone": (["+51999123456", "+51999123457"], ["+51999123456", "+51999123457"], "text"),
    "hexadecimal": (["0x1F", "0x2A"], ["0x1F", "0x2A"], "text"),
    "exponent_codes": (["1E5", "2E7"], ["1E5", "2E7"], "text"),
    "not_a_number": (["nan", "inf"], ["nan", "inf"], "text"),
    "underscore": (["1_0", "2_0"], ["1_0", "2_0"], "text"),
    "comma": (["1,5", "2", "0,25"], [1.5, 2.0, 0.25], "number"),
    "comma_long": (["1234,5"], [1234.5], "number"),
    "truth": (["True", "False", ""], ["True", "False", None], "code"),
    "truth_r": (["TRUE", "FALSE"], ["TRUE", "FALSE"], "code"),
    "few_texts": (["yes", "no", "yes"], ["yes", "no", "yes"], "text"),
    "date": (["2018-07-16", "1899-01-01"], ["2018-07-16 00:00:00", "1899-01-01 00:00:00"], "date"),
    "datetime": (["2018-07-16 05:07", "2018-07-16T10:00:30"], ["2018-07-16 05:07:00", "2018-07-16 10:00:30"], "datetime"),
    "month_first": (["7/16/2018", "1/2/2018"], ["2018-07-16 00:00:00", "2018-01-02 00:00:00"], "date"),
    "day_first": (["16/7/2018", "1/2/2018 5:07"], ["2018-07-16 00:00:00", "2018-02-01 05:07:00"], "datetime"),
    "points": (["1.2.2018", "3.4.2018"], ["2018-02-01 00:00:00", "2018-04-03 00:00:00"], "date"),
    "both_orders": (["16/7/2018", "7/16/2018"], ["16/7/2018", "7/16/2018"], "text"),
    "no_such_day": (["2018-02-30", "2018-02-03"], ["2018-02-30", "2018-02-03"], "text"),
    "minutes": (["55:02", "12:30"], ["55:02", "12:30"], "text"),
    "clock": (["10:00", "12:30"], ["10:00", "12:30"], "text"),
    "two_digit_years": (["16/7/18"], ["16/7/18"], "text"),
    "blank_text": (["  ", "1"], ["  ", "1"], "text"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_typed__a_column_that_nothing_describes__is_told_by_all_its_cells(tmp_path, engine, kind):
    cells, expected, type = KINDS[kind]
    found, variable, _ = column(tmp_path, engine, cells)
    assert (found, variable.type) == (expected, type)
    assert [isinstance(one, str) for one in found] == [isinstance(one, str) for one in expected]


def test_typed__one_odd_cell_at_the_end__decides_for_the_whole_column(tmp_path, engine):
    found, variable, _ = column(tmp_path, engine, ["1"] * 3000 + ["1a"])
    assert variable.type == "text"
    assert found[0] == "1"


def test_typed__whole_numbers_too_large_to_be_exact__stay_text_with_a_note(tmp_path, engine):
    found, variable, notes = column(tmp_path, engine, ["12345678901234567", "1"])
    assert (found[0], variable.type) == ("12345678901234567", "text")
    assert "would not be exact" in notes
    assert column(tmp_path, engine, [str(2**53), "1"])[1].type == "integer"
    assert column(tmp_path, engine, ["9" * 30, "1"])[1].type == "text"


def test_trap_23__decimal_commas_and_points__stand_in_columns_of_one_file(tmp_path, engine):
    found = typed_in(tmp_path, engine, 'dot,comma\n1.54,"1,54"\n22,"22"\n')
    assert values(found, "dot") == [1.54, 22.0]
    assert values(found, "comma") == [1.54, 22.0]
    assert "decimal commas" in "\n".join(map(str, found.notes)).lower()
    assert found.options["decimal mark"] == "comma in comma; point in the others"


def test_trap_23__commas_that_may_part_thousands__stay_text_with_a_note(tmp_path, engine):
    found, variable, notes = column(tmp_path, engine, ["1,234", "12", "2,345,678"])
    assert (found, variable.type) == (["1,234", "12", "2,345,678"], "text")
    assert '"1,234" may part thousands' in notes


@pytest.mark.parametrize(
    "cells",
    [
        ["1.234,56", "987,10"],
        ["12,5 %", "7 %"],
        ["$1,234.50", "$20.00"],
        ["1 200", "12 000"],
        ["1.234.567", "5"],
    ],
)
def test_trap_23__marks_for_thousands_money_or_per_cent__stay_text_with_a_note(tmp_path, engine, cells):
    found, variable, notes = column(tmp_path, engine, cells)
    assert (found, variable.type) == (cells, "text")
    assert "write them plainly" in notes


@pytest.mark.parametrize("cells", [["007", "012"], ["1-2", "3-4"], ["a", "5 %"], ["10:30", "11:00"]])
def test_trap_23__codes_and_times__are_no_numbers_with_marks(tmp_path, engine, cells):
    _, _, notes = column(tmp_path, engine, cells)
    assert "write them plainly" not in notes


def test_trap_23__commas_and_points_in_one_column__stay_text_with_a_note(tmp_path, engine):
    _, variable, notes = column(tmp_path, engine, ["1,5", "1.5"])
    assert variable.type == "text"
    assert "stand in one column" in notes


def test_trap_23__dates_whose_order_does_not_tell__stay_text_with_a_note(tmp_path, engine):
    found, variable, notes = column(tmp_path, engine, ["3/4/2018", "5/6/2018"])
    assert (found, variable.type) == (["3/4/2018", "5/6/2018"], "text")
    assert '"3/4/2018" may begin with the day or the month' in notes


def test_trap_23__american_dates_beside_iso_with_zone__are_moments_in_utc(tmp_path, engine):
    cells = [
        "7/16/2018",
        "2018-07-16T23:30:00-05:00",
        "2018-07-16T10:00:00.5+0530",
        "2018-07-16 10:00:00Z",
        "2018-07-16",
    ]
    found, variable, notes = column(tmp_path, engine, cells)
    assert found == [
        "2018-07-16 00:00:00",
        "2018-07-17 04:30:00",
        "2018-07-16 04:30:00.500000",
        "2018-07-16 10:00:00",
        "2018-07-16 00:00:00",
    ]
    assert variable.type == "datetime"
    assert "converted to UTC; 2 cells without a zone" in notes
    assert "month, day, year" in notes


def test_trap_23__all_cells_with_a_zone__are_converted_to_utc(tmp_path, engine):
    found, _, notes = column(tmp_path, engine, ["2018-07-16T23:30:00+02:00", "2018-07-16T23:30:00+02:00"])
    assert found == ["2018-07-16 21:30:00"] * 2
    assert "converted to UTC." in notes


def test_trap_23__day_numbers_of_a_spreadsheet__are_dates_only_where_declared(tmp_path, engine):
    cells = ["43297", "2018-07-17", "43299.5"]
    found, variable, notes = column(tmp_path, engine, cells, Variable(name="x", type="datetime"))
    assert found == ["2018-07-16 00:00:00", "2018-07-17 00:00:00", "2018-07-18 12:00:00"]
    assert variable.type == "datetime"
    assert "2 day numbers of a spreadsheet" in notes
    assert column(tmp_path, engine, ["43297"])[1].type == "integer"


def test_trap_23__minutes_and_seconds__stay_text_where_a_time_is_declared(tmp_path, engine):
    found, variable, _ = column(tmp_path, engine, ["55:02", "01:10"], Variable(name="x", type="time"))
    assert (found, variable.type) == (["55:02", "01:10"], "time")


def test_trap_20__na_is_a_text__until_it_is_declared(tmp_path, engine):
    cells = ["NA", "3", "4", "NA", "5"]
    found, variable, notes = column(tmp_path, engine, cells)
    assert (found, variable.type) == (cells, "text")
    assert '"NA" in 2 cells, whose other cells are numbers: say missing=["NA"]' in notes
    found, variable, _ = column(tmp_path, engine, cells, missing={"NA": "not_asked"})
    assert (found, variable.type, variable.blank) == ([None, 3.0, 4.0, None, 5.0], "integer", "not_asked")


def test_trap_20__one_text_among_numbers_that_come_first__is_noted_too(tmp_path, engine):
    assert '"-" in 1 cell' in column(tmp_path, engine, ["3", "4", "-"])[2]
    assert "whose other cells" not in column(tmp_path, engine, ["3", "4", "-", "?"])[2]


def test_trap_20__namibia_and_nei__survive(tmp_path, engine):
    found, variable, notes = column(tmp_path, engine, ["NA", "NO", "PE", "Nei"])
    assert (found, variable.type, notes) == (["NA", "NO", "PE", "Nei"], "text", "")


def test_trap_20__a_code_of_the_codebook__is_no_missing_text_in_its_column(tmp_path, engine):
    country = Variable(name="x", type="code", labels={"NA": "Namibia", "PE": "Peru"})
    found = typed_in(tmp_path, engine, "y,x\nNA,NA\n3,PE\n", country, missing={"NA": "no_answer"})
    assert values(found) == ["NA", "PE"]
    assert values(found, "y") == [None, 3.0]


def test_typed__several_reasons_in_one_column__stand_in_the_companion(tmp_path, engine):
    found = typed_in(
        tmp_path,
        engine,
        "k,x\n1,5\n2,NA\n3,\n4,n/a\n",
        missing={"NA": "not_asked"},
        blanks={"n/a": "no_answer"},
    )
    assert values(found) == [5.0, None, None, None]
    assert reasons(found) == [None, "not_asked", "no_answer", "no_answer"]
    assert values(found, "x__why") == [None, "not_asked", None, None]


def test_typed__texts_of_one_reason_and_no_blank_cell__need_no_companion(tmp_path, engine):
    found = typed_in(tmp_path, engine, "k,x\n1,5\n2,n/a\n", blanks={"n/a": "not_applicable"})
    assert reasons(found) == [None, "not_applicable"]
    assert names_of(found.main.frame) == ["k", "x"]


def test_typed__an_existing_companion__is_kept(tmp_path, engine):
    found = typed_in(tmp_path, engine, "k,x,x__why\n1,,not_asked\n2,NA,\n3,5,\n", missing={"NA": "refused"})
    assert reasons(found) == ["not_asked", "refused", None]
    assert "x__why" not in found.main.variables


def test_typed__codes_written_in_another_way__become_those_of_the_codebook(tmp_path, engine):
    sex = Variable(name="x", type="code", labels={"1": "Woman", "2": "Man"})
    found, _, notes = column(tmp_path, engine, ["1.0", "2", " 1", "3.0", "x"], sex)
    assert found == ["1", "2", "1", "3.0", "x"]
    assert '"1.0" as "1"' in notes


def test_typed__several_codes_in_a_cell__are_normalized_one_by_one(tmp_path, engine):
    tasks = Variable(name="x", type="multiple", labels={"1": "School", "2": "Clinic"})
    assert column(tmp_path, engine, ["1.0 2", "2", ""], tasks)[0] == ["1 2", "2", None]


def test_typed__what_a_declared_number_cannot_hold__is_invalid_with_its_text_kept(tmp_path, engine):
    cells = [str(at) for at in range(100)] + ["about 5"]
    hours = Variable(name="x", type="number")
    text = "k,x\n" + "".join(f"{at},{cell}\n" for at, cell in enumerate(cells))
    found = typed_in(tmp_path, engine, text, hours)
    assert values(found)[-2:] == [99.0, None]
    assert values(found, "x__why")[-1] == "about 5"
    assert reasons(found)[-1] == "invalid"
    assert '1 cells are no numbers, such as "about 5" (rows 101)' in "\n".join(map(str, found.notes))


def test_typed__too_many_unfit_cells__leave_the_column_text_and_say_so(tmp_path, engine):
    found, variable, notes = column(
        tmp_path, engine, ["1", "2", "a", "b", "c", "d"], Variable(name="x", type="integer")
    )
    assert (found, variable.type) == (["1", "2", "a", "b", "c", "d"], "text")
    assert "4 of 6 filled cells are none" in notes


def test_typed__a_missing_code_that_is_no_number__goes_to_the_companion(tmp_path, engine):
    age = Variable(name="x", type="integer", missing={"DK": "dont_know", "99": "refused"})
    found = typed_in(tmp_path, engine, "k,x\n1,DK\n2,99\n3,31\n", age)
    assert values(found) == [None, 99.0, 31.0]
    assert values(found, "x__why") == ["DK", None, None]
    assert reasons(found) == ["dont_know", "refused", None]
    assert found.notes == ()


def test_typed__a_variable_without_a_type__is_told_by_its_content_and_keeps_all_else(tmp_path, engine):
    known = Variable(name="x", label="Age", missing={"DK": "dont_know"}, unit="years")
    found = typed_in(tmp_path, engine, "k,x\n1,DK\n2,31\n", known, guess={"x"})
    assert values(found) == [None, 31.0]
    assert reasons(found) == ["dont_know", None]
    variable = found.main.variables["x"]
    assert (variable.type, str(variable.label), variable.unit) == ("integer", "Age", "years")


def test_typed__fractions_in_a_declared_integer__widen_its_type_and_say_so(tmp_path, engine):
    found, variable, notes = column(tmp_path, engine, ["1", "2.5", "3.0"], Variable(name="x", type="integer"))
    assert (found, variable.type) == ([1.0, 2.5, 3.0], "number")
    assert "with decimals" in notes


@pytest.mark.parametrize(
    ("cells", "expected"),
    [(["1,5", "2", "007"], [1.5, 2.0, 7.0]), (["1,5", "1,234"], [1.5, 1.234]), (["1.0", "+2"], [1.0, 2.0])],
)
def test_typed__a_declared_number__is_read_with_either_mark(tmp_path, engine, cells, expected):
    assert column(tmp_path, engine, cells, Variable(name="x", type="number"))[0] == expected


def test_typed__a_declared_number_with_a_point_elsewhere__keeps_doubtful_commas_as_text(tmp_path, engine):
    hours = Variable(name="x", type="number")
    found = typed_in(tmp_path, engine, 'k,x\n1,1.5\n2,"1,234"\n3,"2,5"\n', hours)
    assert values(found) == [1.5, None, 2.5]
    assert values(found, "x__why") == [None, "1,234", None]


def test_typed__headers_of_words__become_names_with_the_words_as_label(tmp_path, engine):
    found = typed_in(tmp_path, engine, "How old are you?,2020,group/age,not,How old are you\n1,2,3,4,5\n")
    assert names_of(found.main.frame) == [
        "How_old_are_you",
        "_2020",
        "group_age",
        "not_",
        "How_old_are_you_2",
    ]
    variable = found.main.variables["How_old_are_you"]
    assert (variable.source, str(variable.label)) == ("How old are you?", "How old are you?")
    assert (found.main.variables["group_age"].source, str(found.main.variables["group_age"].label)) == (
        "group/age",
        "",
    )


def test_typed__hidden_columns__keep_names_and_text(tmp_path, engine):
    found = typed_in(tmp_path, engine, "row nr,x\n1,2\n", hidden={"row nr"})
    assert names_of(found.main.frame) == ["row nr", "x"]
    assert list(found.main.variables) == ["x"]
    assert values(found, "row nr") == ["1"]


def test_typed__links__follow_the_new_names(tmp_path, engine):
    file = tmp_path / "a.csv"
    file.write_text("id no,x\n1,2\n", encoding="utf-8")
    asked = Asked(file, engine=engine)
    found = read_delimited(asked, Source("a.csv", "", 0))
    below = RawTable("child", found.main.frame, link=Link("a", "id no", "id no"))
    linked = typed(found.with_(tables=(found.main, below)), asked).tables[1]
    assert linked.link == Link("a", "id_no", "id_no")


def test_typed__a_typed_table_that_nothing_describes__has_variables_by_its_columns(tmp_path, engine):
    found = typed_in(tmp_path, engine, "a b,c,d\n1,1.5,x\n2,2.5,NA\n")
    bare = found.main.with_(variables={})
    again = typed(
        Found("parquet", (bare,)), Asked(tmp_path / "a.csv", engine=engine, missing={"NA": "refused"})
    )
    assert {name: one.type for name, one in again.main.variables.items()} == {
        "a_b": "integer",
        "c": "number",
        "d": "text",
    }
    assert reasons(again, "d") == [None, "refused"]


def test_typed__columns_without_any_answer__are_told_once_for_all(tmp_path, engine):
    found = typed_in(tmp_path, engine, "a,b,c\n1,,\n2,,\n")
    told = [str(note) for note in found.notes if "without any answer" in str(note)]
    assert len(told) == 1
    assert "b, c" in told[0]


def test_typed__the_same_note_of_very_many_columns__is_gathered(tmp_path, engine):
    names = [f"c{at}" for at in range(100)]
    found = typed_in(
        tmp_path,
        engine,
        ",".join(names) + "\n" + ",".join(["1"] * 100) + "\n" + ",".join(["NA"] * 100) + "\n",
    )
    assert len(found.notes) == 21
    assert "c20, c21" in str(found.notes[-1])


def test_typed__without_pyarrow__gives_the_same(tmp_path, engine, monkeypatch):
    text = "a,b,c,d,e\n1,1.5,2018-07-16,True,x\n,2,2018-07-17,False,y\n3,08,2018-07-18,True,z\n"
    with_it = typed_in(tmp_path, engine, text)
    for name in ("pyarrow", "pyarrow.csv", "pyarrow.compute"):
        monkeypatch.setitem(sys.modules, name, None)
    with pd.option_context("mode.string_storage", "python"):
        without = typed_in(tmp_path, engine, text)
    assert without.main.variables == with_it.main.variables
    for name in names_of(with_it.main.frame):
        assert values(without, name) == values(with_it, name)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("q.opt", "q_opt"),
        ("_uuid", "_uuid"),
        ("x" * 200, "x" * 64),
        ("???", "column"),
        ("Сколько лет?", "Сколько_лет"),
        ("IN", "IN_"),
    ],
)
def test_identifier_of__headers_of_exports__are_names_of_expressions(engine, header, name):
    assert identifier_of(header) == name
