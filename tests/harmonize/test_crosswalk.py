from __future__ import annotations

import pytest

from volresearch.errors import VolResearchError
from volresearch.harmonize import Crosswalk, Rule, read_crosswalk
from volresearch.harmonize.sheets import guarded, unguarded
from volresearch.text import Text


def faults(path):
    with pytest.raises(VolResearchError) as told:
        read_crosswalk(path)
    return told.value.faults


def test_read_crosswalk__good_file__has_rules_sha_and_lines(write_crosswalk):
    crosswalk = read_crosswalk(write_crosswalk("sexo,1,sex,m", "sexo,2,sex,f"))
    assert [(rule.source_code, rule.target_code, rule.line) for rule in crosswalk.rules] == [
        ("1", "m", 2),
        ("2", "f", 3),
    ]
    assert len(crosswalk.sha256) == 64
    assert crosswalk.targets == ("sex",)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_read_crosswalk__semicolon_or_tab_and_bom__is_read(tmp_path, delimiter):
    path = tmp_path / "a.csv"
    rows = [
        ["source_variable", "source_code", "target_variable", "target_code", "note"],
        ["sexo", "1", "sex", "m", "a, b"],
    ]
    path.write_text("\n".join(delimiter.join(row) for row in rows), encoding="utf-8-sig")
    assert read_crosswalk(path).rules[0].note == "a, b"


def test_read_crosswalk__many_faults__all_are_told_with_lines(write_crosswalk):
    found = faults(
        write_crosswalk(
            "edad,18..24,age_group,young",
            "edad,24..30,age_group,middle",
            "edad,65..60,age_group,old",
            "sexo,1,sex,m",
            "sexo,1,sex,f",
            "sexo,missing:nope,sex,f",
            ",3,sex,f",
            "sexo,9,2bad,f",
        )
    )
    text = "\n".join(str(one) for one in found)
    for words in ("18..24 and 24..30", "ends before it begins", "stands twice", '"nope" is no kind of missing',
                  "names no source_variable", '"2bad" cannot be the name'):  # fmt: skip
        assert words in text
    lines = [one.where.line for one in found]
    assert lines == sorted(lines)
    assert set(lines) == {3, 4, 6, 7, 8, 9}


def test_read_crosswalk__unknown_and_missing_columns__are_told_with_near_names(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("source_variable,source_cod,target_variable,target_code\n", encoding="utf-8")
    found = faults(path)
    assert [one.message for one in found] == [
        'The crosswalk lacks the column "source_code".',
        'There is no column "source_cod" in a crosswalk.',
    ]
    assert "source_code" in found[1].hint


def test_read_crosswalk__not_utf8__names_the_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(
        "source_variable,source_code,target_variable,target_code\nsexo,1,sex,m\nniñez,1,a,b\n".encode(
            "cp1252"
        )
    )
    assert faults(path)[0].where.line == 3


def test_read_crosswalk__row_of_another_length__names_the_line(write_crosswalk):
    found = faults(write_crosswalk("sexo,1,sex,m", "sexo,2,sex"))
    assert found[0].where.line == 3
    assert "3 cells, the header 4" in found[0].message


def test_read_crosswalk__line_break_in_a_cell__later_lines_keep_their_numbers(write_crosswalk):
    path = write_crosswalk('sexo,1,sex,m,"two\nlines"', "sexo,1,sex,f,", columns="note")
    assert faults(path)[0].where.line == 4


def test_read_crosswalk__empty_file_or_header_only__is_told(tmp_path, write_crosswalk):
    (tmp_path / "b.csv").write_bytes(b"")
    assert "lacks the column" in faults(tmp_path / "b.csv")[0].message
    assert "no rows" in faults(write_crosswalk())[0].message


def test_read_crosswalk__several_sources_without_priority__is_refused(write_crosswalk):
    found = faults(write_crosswalk("a,1,sex,m", "b,1,sex,m"))
    assert "made of several variables" in found[0].message
    assert (
        read_crosswalk(write_crosswalk("a,1,sex,m,1", "b,1,sex,m,2", columns="priority", name="b.csv"))
        .rules[1]
        .priority
        == 2
    )


def test_read_crosswalk__one_priority_for_two_sources__is_refused(write_crosswalk):
    found = faults(write_crosswalk("a,1,sex,m,1", "b,1,sex,m,1", columns="priority"))
    assert "one priority" in found[0].message


def test_read_crosswalk__same_rule_for_two_datasets__is_no_double(write_crosswalk):
    path = write_crosswalk("sexo,1,sex,m,local.peru", "sexo,1,sex,f,local.kenya", columns="source_dataset")
    assert [rule.target_code for rule in read_crosswalk(path).rules_for("local.kenya")] == ["f"]


def test_read_crosswalk__rule_for_all_and_for_one_dataset__is_a_double(write_crosswalk):
    path = write_crosswalk("sexo,1,sex,m,", "sexo,1,sex,f,local.kenya", columns="source_dataset")
    assert "stands twice" in faults(path)[0].message


def test_read_crosswalk__unit_rule_with_a_wrong_factor__names_the_line(write_crosswalk):
    path = write_crosswalk("h,*,hours,=,hours_per_week -> hours_4_weeks * 5", columns="unit_rule")
    assert (faults(path)[0].code, faults(path)[0].where.line) == ("harmonize.unit", 2)


def test_read_crosswalk__rows_that_are_not_filled_in__do_nothing(write_crosswalk):
    crosswalk = read_crosswalk(write_crosswalk("sexo,1,sex,m", "sexo,2,sex,", "otro,1,,"))
    assert len(crosswalk.rules_for("local.peru")) == 1


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "@SUM(A1)", "-x", '=HYPERLINK("a")'])
def test_guarded__formulas__are_disarmed_and_come_back(cell):
    assert guarded(cell) == f"'{cell}"
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["-99", "=", "..17", "-5..-1", "a=b", "'quoted"])
def test_guarded__codes_and_ranges__stay(cell):
    assert guarded(cell) == cell
    assert unguarded(cell) == cell


def test_to_csv__written__reads_back_equal_and_is_never_overwritten(tmp_path):
    label = Text({"en": "Child", "es": "Niñez"})
    crosswalk = Crosswalk(
        (
            Rule("a", "x", "b", "1", note="=cmd()", target_label=label, line=2),
            Rule("a", "..17", "b", "=", reviewer="Ana", line=3),
            Rule("a", "-9", "c", "missing:refused", target_label=Text("none"), line=4),
        )
    )
    path = crosswalk.to_csv(tmp_path / "x.csv")
    with pytest.raises(VolResearchError) as told:
        crosswalk.to_csv(path)
    assert told.value.code == "export.exists"
    assert "'=cmd()" in path.read_text(encoding="utf-8-sig")
    assert read_crosswalk(path).rules == crosswalk.rules
