"""SPSS, Stata and SAS: types, labels, every kind of missing, dates, encodings, damage; traps 24 to 30."""

from __future__ import annotations

import csv
import datetime
import gzip
import struct
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from volresearch.datasets.codebook import MissingRange, code_text
from volresearch.datasets.provenance import Source
from volresearch.datasets.readers import statfiles_columns
from volresearch.datasets.readers.found import Asked
from volresearch.datasets.readers.reading import dataset_of
from volresearch.datasets.readers.statfiles import read_statfile
from volresearch.datasets.readers.statfiles_dates import moment_of, moments, since_origin
from volresearch.datasets.readers.statfiles_missing import declared_missing
from volresearch.errors import VolResearchError

pyreadstat = pytest.importorskip("pyreadstat")
pytest.importorskip("pyarrow")

NAN = float("nan")


def _found(path: Path, **asked):
    return read_statfile(Asked(path=path, **asked), Source(path.name, "0" * 64, path.stat().st_size))


def _dataset(path: Path, **asked):
    given = Asked(path=path, **asked)
    return dataset_of(read_statfile(given, Source(path.name, "0" * 64, path.stat().st_size)), given)


def _sav(folder: Path, columns, name="a.sav", **options) -> Path:
    path = folder / name
    pyreadstat.write_sav(pd.DataFrame(columns), str(path), **options)
    return path


def _dta(folder: Path, columns, name="a.dta", **options) -> Path:
    path = folder / name
    pyreadstat.write_dta(pd.DataFrame(columns), str(path), **options)
    return path


def _labels(dataset, name):
    return {code: str(text) for code, text in dataset.codebook[name].labels.items()}


# --- traps -----------------------------------------------------------------------------------------------------------


def test_trap_24__declared_missing_values__stay_with_their_reason(tmp_path: Path) -> None:
    path = _sav(
        tmp_path, {"work": [1.0, 2.0, 9.0, 8.0]}, missing_ranges={"work": [9, 8]},
        variable_value_labels={"work": {1.0: "Yes", 2.0: "No", 8.0: "Don't know", 9.0: "Refused"}},
    )  # fmt: skip
    data = _dataset(path)
    assert data.frame["work"].tolist() == ["1", "2", "9", "8"]
    assert dict(data.codebook["work"].missing) == {"9": "refused", "8": "dont_know"}
    assert data.missing("work").tolist() == [NAN, NAN, "refused", "dont_know"] or data.missing(
        "work"
    ).tolist()[2:] == ["refused", "dont_know"]
    assert data.values("work").notna().tolist() == [True, True, False, False]
    assert _labels(data, "work") == {"1": "Yes", "2": "No", "8": "Don't know", "9": "Refused"}


def test_trap_24__ranges__are_kept_with_the_codes_found_in_them(tmp_path: Path) -> None:
    path = _sav(
        tmp_path, {"hours": [0.5, 97.0, 98.0, 120.0, -1.0], "low": [-5.0, 0.0, 3.5, 99.0, NAN]},
        missing_ranges={"hours": [{"lo": 97.0, "hi": 99.0}, -1.0], "low": [{"lo": float("-inf"), "hi": 0.0}]},
        variable_value_labels={"hours": {97.0: "Not applicable", 99.0: "Not applicable"}},
    )  # fmt: skip
    data = _dataset(path)
    hours = data.codebook["hours"]
    assert dict(hours.missing) == {
        "-1": "no_answer",
        "97": "not_applicable",
        "98": "no_answer",
        "99": "not_applicable",
    }
    assert hours.missing_ranges == (MissingRange(low=97, high=99, reason="no_answer"),)
    assert data.values("hours").tolist()[0] == 0.5
    assert data.values("hours").isna().tolist() == [False, True, True, False, True]
    assert data.codebook["low"].missing_ranges == (MissingRange(low=None, high=0, reason="no_answer"),)
    assert data.values("low").isna().tolist() == [True, True, False, False, True]
    assert data.frame["low"].tolist()[:2] == [-5.0, 0.0]


def test_trap_24__declared_missing_texts__stay_with_their_reason(tmp_path: Path) -> None:
    path = _sav(
        tmp_path, {"party": ["a", "b", "NA", "拒答"]}, missing_ranges={"party": ["NA", "拒答"]},
        variable_value_labels={"party": {"a": "Red", "b": "Blue", "拒答": "Refused"}},
    )  # fmt: skip
    data = _dataset(path)
    assert data.frame["party"].tolist() == ["a", "b", "NA", "拒答"]
    assert dict(data.codebook["party"].missing) == {"NA": "no_answer", "拒答": "refused"}


def test_trap_25__one_impossible_date__is_invalid_and_the_others_are_read(tmp_path: Path) -> None:
    path = _sav(tmp_path, {"born": [13797216000.0, 1e15, NAN]}, variable_format={"born": "DATE11"})
    with pytest.raises(OverflowError):
        pyreadstat.read_sav(str(path))
    found = _found(path)
    data = _dataset(path)
    assert data.codebook["born"].type == "date"
    assert data.frame["born"].tolist()[0] == pd.Timestamp("2020-01-01")
    assert data.frame["born"].isna().tolist() == [False, True, True]
    assert data.frame["born__why"].fillna("").tolist() == ["", "1000000000000000", ""]
    assert data.missing("born").fillna("").tolist() == ["", "invalid", "no_answer"]
    assert ["1000000000000000" in str(note) for note in found.notes] == [True]


def test_trap_26__letters_of_stata__are_reasons_not_values(tmp_path: Path) -> None:
    path = _dta(
        tmp_path, {"age": pd.Series([31.0, "d", "i", 40.0, NAN, "q"], dtype=object)},
        missing_user_values={"age": ["d", "i", "q"]},
        variable_value_labels={"age": {"d": "don't know", "q": "not available in this year"}},
    )  # fmt: skip
    data = _dataset(path)
    assert data.frame["age"].dtype == "float64"
    assert data.frame["age__why"].fillna("").tolist() == ["", ".d", ".i", "", "", ".q"]
    assert dict(data.codebook["age"].missing) == {
        ".d": "dont_know",
        ".i": "not_applicable",
        ".q": "not_in_version",
    }
    assert _labels(data, "age") == {".d": "don't know", ".q": "not available in this year"}
    assert data.missing("age").fillna("").tolist() == [
        "", "dont_know", "not_applicable", "", "no_answer", "not_in_version",
    ]  # fmt: skip
    assert data.values("age").mean() == 35.5


def test_trap_28__empty_texts__are_missing_and_padding_goes(tmp_path: Path) -> None:
    path = _sav(tmp_path, {"said": ["yes", "", "   ", " lead", "NA"]})
    data = _dataset(path)
    assert data.frame["said"].isna().tolist() == [False, True, True, False, False]
    assert data.frame["said"].tolist()[3:] == [" lead", "NA"]


def test_trap_29__labels_of_texts__are_read_short_and_long(tmp_path: Path) -> None:
    path = _sav(
        tmp_path, {"prov": ["KH-12", "KH-7", "a much longer code"]},
        variable_value_labels={"prov": {"KH-12": "ភ្នំពេញ", "a much longer code": "长"}},
    )  # fmt: skip
    data = _dataset(path)
    assert data.codebook["prov"].type == "code"
    assert _labels(data, "prov") == {"KH-12": "ភ្នំពេញ", "a much longer code": "长"}
    assert data.labels("prov", "und").tolist() == ["ភ្នំពេញ", "KH-7", "长"]


def test_trap_30__labels_that_are_wrong_in_the_file__are_kept_as_they_are(tmp_path: Path) -> None:
    # Nobody can tell from the file that a label is wrong; what counts is that none is mended, merged or dropped.
    path = _sav(
        tmp_path, {"vote": [1.0, 2.0, 3.0]}, column_labels={"vote": "Voted (1 = no, 2 = yes)"},
        variable_value_labels={"vote": {1.0: "yes", 2.0: "no", 3.0: "no", 7.0: "never used"}},
    )  # fmt: skip
    data = _dataset(path)
    assert _labels(data, "vote") == {"1": "yes", "2": "no", "3": "no", "7": "never used"}
    assert str(data.codebook["vote"].label) == "Voted (1 = no, 2 = yes)"
    assert data.frame["vote"].tolist() == ["1", "2", "3"]


# --- types -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "labels", "missing", "kind", "cells"),
    [
        ([1.0, 2.0, NAN], {1.0: "a", 2.0: "b"}, [], "code", ["1", "2", None]),
        ([0.0, 5.0, 10.0], {0.0: "not at all", 10.0: "fully"}, [], "integer", [0, 5, 10]),
        ([0.0, 5.0, 99.0], {99.0: "Refused"}, [99.0], "integer", [0, 5, 99]),
        ([0.5, 5.0, 99.0], {99.0: "Refused"}, [99.0], "number", [0.5, 5.0, 99.0]),
        ([1.0, 99.0], {1.0: "a", 99.0: "Refused"}, [99.0], "code", ["1", "99"]),
        ([1.5, 2.0], {1.5: "a", 2.0: "b"}, [], "number", [1.5, 2.0]),
        ([NAN, NAN], {1.0: "a"}, [], "code", [None, None]),
        ([3.0, 1.0], {}, [], "integer", [3, 1]),
        ([-1e300, 1.0], {1.0: "a"}, [], "number", [-1e300, 1.0]),
        ([1.0, 5e9], {1.0: "a", 5e9: "b"}, [], "code", ["1", "5000000000"]),
    ],
)
def test_types__numbers_with_labels__are_codes_where_all_that_is_found_is_labelled(
    tmp_path, values, labels, missing, kind, cells
):
    path = _sav(
        tmp_path, {"x": values}, variable_value_labels={"x": labels} if labels else None,
        missing_ranges={"x": missing} if missing else None,
    )  # fmt: skip
    data = _dataset(path)
    assert data.codebook["x"].type == kind
    assert [None if cell != cell or cell is None else cell for cell in data.frame["x"].tolist()] == cells


def test_types__whole_numbers_without_gaps__are_int64(tmp_path: Path) -> None:
    frame = _dataset(_sav(tmp_path, {"a": [1.0, 2.0], "b": [1.0, NAN]})).frame
    assert (str(frame["a"].dtype), str(frame["b"].dtype)) == ("int64", "float64")


def test_types__no_rows__variables_and_labels_are_read(tmp_path: Path) -> None:
    path = _sav(
        tmp_path,
        {"x": pd.Series([], dtype="float64"), "s": pd.Series([], dtype="str")},
        variable_value_labels={"x": {1.0: "a"}},
    )
    data = _dataset(path)
    assert len(data) == 0
    assert _labels(data, "x") == {"1": "a"}


def test_names__what_is_no_identifier__gets_one_and_keeps_its_source(tmp_path: Path) -> None:
    data = _dataset(_sav(tmp_path, {"q1.a": [1.0], "not_": [1.0], "年龄": [3.0]}))
    assert list(data.frame.columns) == ["q1_a", "not_", "年龄"]
    assert data.codebook["q1_a"].source == "q1.a"


def test_about__title_labels_and_weight__come_along(tmp_path: Path) -> None:
    path = _sav(
        tmp_path, {"long_name_here": [1.0], "s": ["x" * 20], "the_weight": [1.5]}, file_label="Youth survey",
        column_labels={"s": "What was said"}, note=["collected in May"],
    )  # fmt: skip
    content = bytearray(path.read_bytes())
    struct.pack_into(
        "<i", content, 76, 5
    )  # the fifth record of 8 bytes: a number, three for the text, a number
    path.write_bytes(content)
    found = _found(path)
    assert str(found.title) == "Youth survey"
    assert found.options["weight variable"] == "the_weight"
    assert str(found.main.variables["s"].label) == "What was said"
    assert [str(note) for note in found.notes if "collected in May" in str(note)]


def test_about__label_that_names_a_user__is_no_title(tmp_path: Path) -> None:
    path = _sav(tmp_path, {"a": [1.0]}, file_label="File created by user 'somebody' at noon")
    assert not _found(path).title


# --- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("format", "family", "kind"),
    [("DATE11", "spss", "date"), ("ADATE10", "spss", "date"), ("MOYR8", "spss", "date"), ("DATETIME23.2", "spss", "datetime"),
     ("TIME8", "spss", "time"), ("F8.2", "spss", ""), ("WKDAY9", "spss", ""), ("A10", "spss", ""), ("COMMA8.2", "spss", ""),
     ("%td", "stata", "date"), ("%d", "stata", "date"), ("%tdD_m_Y", "stata", "date"), ("%tc", "stata", "datetime"),
     ("%tcDD/NN/CCYY_HH:MM", "stata", "datetime"), ("%tcHH:MM:SS", "stata", "time"), ("%tm", "stata", "month"),
     ("%tq", "stata", "quarter"), ("%th", "stata", "half"), ("%tw", "stata", "week"), ("%ty", "stata", ""), ("%9.0g", "stata", ""),
     ("%-td", "stata", "date"), ("DATE9", "sas", "date"), ("YYMMDD10", "sas", "date"), ("DATETIME20", "sas", "datetime"),
     ("TIME8", "sas", "time"), ("BEST12", "sas", ""), ("E8601DA10", "sas", "date"), ("E8601DT19", "sas", "datetime"),
     ("DOLLAR8.2", "sas", ""), ("", "sas", "")],
)  # fmt: skip
def test_moment_of__display_format__tells_what_the_numbers_are(format: str, family: str, kind: str) -> None:
    assert moment_of(format, family) == kind


@pytest.mark.parametrize(
    ("format", "number", "day"),
    [("%tm", 720.0, "2020-01-01"), ("%tm", -1.0, "1959-12-01"), ("%tq", 241.0, "2020-04-01"), ("%th", 121.0, "2020-07-01"),
     ("%tw", 60 * 52 + 1.0, "2020-01-08"), ("%td", 21915.0, "2020-01-01")],
)  # fmt: skip
def test_dates__periods_of_stata__are_their_first_day_and_are_told(tmp_path, format, number, day) -> None:
    path = _dta(tmp_path, {"when": [number, NAN]}, variable_format={"when": format})
    found = _found(path)
    assert found.main.variables["when"].type == "date"
    assert found.main.frame["when"].tolist()[0] == pd.Timestamp(day)
    assert bool(found.notes) == (format != "%td")


def test_dates__of_all_formats__come_as_they_were_written(tmp_path: Path) -> None:
    days = [datetime.date(2021, 10, 30), datetime.date(1899, 2, 28)]
    times = [datetime.datetime(2021, 10, 30, 9, 5, 7), datetime.datetime(1970, 1, 1)]
    clock = [datetime.time(9, 5, 7), datetime.time(23, 59, 59)]
    frame = pd.DataFrame({"day": days, "moment": pd.to_datetime(times), "clock": clock})
    for write, name in (
        (pyreadstat.write_sav, "a.sav"),
        (pyreadstat.write_dta, "a.dta"),
        (pyreadstat.write_xport, "a.xpt"),
    ):
        write(frame, str(tmp_path / name))
        data = _dataset(tmp_path / name)
        assert [data.codebook[one].type for one in ("day", "moment", "clock")] == [
            "date",
            "datetime",
            "time",
        ], name
        assert data.frame["day"].tolist() == [pd.Timestamp(day) for day in days]
        assert data.frame["moment"].tolist() == [pd.Timestamp(one) for one in times]
        assert data.frame["clock"].tolist() == ["09:05:07", "23:59:59"]


def test_dates__declared_missing_number__is_a_reason_not_a_day_in_1582(tmp_path: Path) -> None:
    path = _sav(
        tmp_path, {"born": [13797216000.0, 99.0]}, variable_format={"born": "DATE11"}, missing_ranges={"born": [99.0]},
        variable_value_labels={"born": {99.0: "Refused"}},
    )  # fmt: skip
    data = _dataset(path)
    assert data.missing("born").fillna("").tolist() == ["", "refused"]
    assert data.frame["born__why"].fillna("").tolist() == ["", "99"]


def test_dates__with_a_time_of_day__keep_it(tmp_path: Path) -> None:
    path = _sav(tmp_path, {"day": [13797216000.0 + 3600]}, variable_format={"day": "DATE11"})
    found = _found(path)
    assert found.main.variables["day"].type == "datetime"
    assert found.main.frame["day"].tolist() == [pd.Timestamp("2020-01-01 01:00")]
    assert found.notes


def test_times__longer_than_a_day__are_text_and_told(tmp_path: Path) -> None:
    path = _sav(tmp_path, {"worked": [198120.5, -60.0]}, variable_format={"worked": "TIME10"})
    found = _found(path)
    assert found.main.variables["worked"].type == "text"
    assert found.main.frame["worked"].tolist() == ["55:02:00.5", "-00:01:00"]
    assert "durations" in str(found.notes[0])


@pytest.mark.parametrize("family", ["spss", "stata", "sas"])
@pytest.mark.parametrize("kind", ["date", "datetime"])
def test_since_origin__any_moment__is_the_reverse(family: str, kind: str) -> None:
    stamps = ["1583-01-01", "1960-01-01", "2000-02-29", "9999-12-31", None]
    if kind == "datetime":
        stamps = ["1583-01-01T00:00:01", "1959-12-31T23:59:59", "2021-10-30T10:11:12.13", None]
    column = pd.Series(pd.to_datetime(stamps, format="ISO8601")).astype("datetime64[us]")
    back = moments(since_origin(column, kind, family), kind, family)
    pd.testing.assert_series_equal(back.column, column)
    assert back.type == kind
    assert not back.lost.any()


# --- other formats, packed files, encodings --------------------------------------------------------------------------


def test_por__numbers_and_texts__are_read_with_labels_of_variables(tmp_path: Path) -> None:
    frame = pd.DataFrame({"AGE": [31.0, NAN, -4.5], "NAME": ["a", "", "c"]})
    pyreadstat.write_por(frame, str(tmp_path / "a.por"), column_labels={"AGE": "Age of person"})
    found = _found(tmp_path / "a.por")
    assert found.format == "por"
    assert found.main.frame["AGE"].tolist()[::2] == [31.0, -4.5]
    assert found.main.frame["NAME"].isna().tolist() == [False, True, False]


def test_por__declared_missing__is_asked_for(tmp_path: Path, monkeypatch) -> None:
    # pyreadstat writes no declared missing values into .por; that they are asked for is seen at its entry.
    from pyreadstat import _readstat_parser as parser

    pyreadstat.write_por(pd.DataFrame({"A": [1.0]}), str(tmp_path / "a.por"))
    asked, entry = [], parser.parser_entry_point
    monkeypatch.setattr(
        parser, "parser_entry_point", lambda *given, **said: (asked.append(said), entry(*given, **said))[1]
    )
    _found(tmp_path / "a.por")
    assert {said["user_missing"] for said in asked} == {True}


@pytest.mark.parametrize("version", [5, 8])
def test_xpt__both_versions__are_read(tmp_path: Path, version: int) -> None:
    frame = pd.DataFrame({"age": [31.0, NAN], "sex": ["f", ""]})
    pyreadstat.write_xport(
        frame, str(tmp_path / "a.xpt"), file_format_version=version, column_labels={"age": "Age"}
    )
    found = _found(tmp_path / "a.xpt")
    assert found.format == "xpt"
    assert str(found.main.variables["age"].label) == "Age"
    assert found.main.frame["sex"].isna().tolist() == [False, True]


@pytest.mark.parametrize("missing", [b".A", b"._", b".Z"])
def test_xpt__special_missing_values__are_letters(tmp_path: Path, missing: bytes) -> None:
    path = tmp_path / "a.xpt"
    pyreadstat.write_xport(pd.DataFrame({"age": [1.0, 3.0]}), str(path), file_format_version=5)
    content = bytearray(path.read_bytes())
    at = content.index(bytes.fromhex("4130000000000000"))  # 3 as a number of IBM
    content[at : at + 8] = missing[1:] + bytes(7)
    path.write_bytes(content)
    data = _dataset(path)
    assert data.frame["age"].tolist()[0] == 1.0
    assert data.frame["age__why"].tolist()[1] == missing.decode()
    assert data.missing("age").fillna("").tolist() == ["", "no_answer"]


def test_zsav_and_packed__like_the_plain_file(tmp_path: Path) -> None:
    plain = _sav(tmp_path, {"a": [1.0, 2.0], "s": ["x", "ជា"]})
    squeezed = _sav(tmp_path, {"a": [1.0, 2.0], "s": ["x", "ជា"]}, name="a.zsav", compress=True)
    packed = tmp_path / "b.sav.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    want = _found(plain).main.frame
    assert _found(squeezed).format == "zsav"
    for path in (squeezed, packed):
        pd.testing.assert_frame_equal(_found(path).main.frame, want)
    assert _found(packed).main.name == "b"
    assert _found(packed).options["packed"] == "gzip"


def test_encoding__texts_that_are_not_what_the_file_says__are_read_and_told(tmp_path: Path) -> None:
    path = _sav(tmp_path, {"s": ["caf#", "ni#o"]}, column_labels={"s": "A#o"})
    path.write_bytes(
        path.read_bytes().replace(b"caf#", b"caf\xe9").replace(b"ni#o", b"ni\xf1o").replace(b"A#o", b"A\xf1o")
    )
    found = _found(path)
    assert found.main.frame["s"].tolist() == ["café", "niño"]
    assert str(found.main.variables["s"].label) == "Año"
    assert found.options["encoding"].startswith("windows-1252")
    assert "windows-1252" in str(found.notes[0])


@pytest.mark.parametrize(
    ("encoding", "word"), [("gb18030", "志愿者"), ("windows-1256", "متطوع"), ("windows-1251", "дом")]
)
def test_encoding__old_stata__is_read_as_asked(tmp_path: Path, encoding: str, word: str) -> None:
    raw = word.encode(encoding)
    path = _dta(tmp_path, {"s": ["#" * len(raw), "b"]}, version=12)
    path.write_bytes(path.read_bytes().replace(b"#" * len(raw), raw))
    found = _found(path, encoding=encoding)
    assert found.main.frame["s"].tolist() == [word, "b"]
    assert found.options["encoding"] == f"{encoding} (as asked)"
    assert "windows-1252" in _found(path).options["encoding"]


def test_encoding__that_does_not_fit__is_told_and_passed_over(tmp_path: Path) -> None:
    path = _sav(tmp_path, {"s": ["ជា"]})
    found = _found(path, encoding="ascii")
    assert found.main.frame["s"].tolist() == ["ជា"]
    assert "ascii" in str(found.notes[0])


# --- damage ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.sav", "a.zsav", "a.dta", "a8.dta", "a.xpt"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.99])
def test_damage__cut_off__says_so(tmp_path: Path, name: str, share: float) -> None:
    frame = pd.DataFrame({"a": np.arange(300.0), "s": [f"text {n}" for n in range(300)]})
    path = tmp_path / name
    if name.endswith("sav"):
        pyreadstat.write_sav(frame, str(path), compress=name == "a.zsav")
    elif name.endswith("dta"):
        pyreadstat.write_dta(frame, str(path), version=8 if "8" in name else 14)
    else:
        pyreadstat.write_xport(frame, str(path))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(VolResearchError) as caught:
        _found(path)
    assert caught.value.code == "read.file"
    assert "cut off" in caught.value.message
    assert caught.value.where.file


@pytest.mark.parametrize(
    "head",
    [
        b"$FL2@(#)",
        b"$FL3@(#)",
        b"<stata_dta><header>",
        bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011"),
    ],
)
def test_damage__only_the_first_bytes__says_so(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(head + b"\0" * 500)
    with pytest.raises(VolResearchError) as caught:
        _found(path)
    assert caught.value.code == "read.file"


def test_damage__header_that_promises_too_much__is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    path = _dta(tmp_path, {"a": [1.0, 2.0]}, version=14)
    content = bytearray(path.read_bytes())
    struct.pack_into("<q", content, content.index(b"<N>") + 3, 2_000_000_000)  # number of rows
    path.write_bytes(content)
    with pytest.raises(VolResearchError) as caught:
        _found(path)
    assert caught.value.code == "read.file"
    assert "2,000,000,000" in caught.value.message


def test_damage__other_file__is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(VolResearchError) as caught:
        _found(path)
    assert caught.value.code == "read.format"


def test_tool__pyreadstat_is_not_there__says_what_to_install(tmp_path: Path, monkeypatch) -> None:
    path = _sav(tmp_path, {"a": [1.0]})
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(VolResearchError) as caught:
        _found(path)
    assert caught.value.code == "tool.missing"
    assert "volresearch[files]" in caught.value.faults[0].hint


# --- parts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "code"),
    [(1.0, "1"), (-0.0, "0"), (1.5, "1.5"), ("a", "a"), (1e22, "1e+22"), (float("inf"), "inf")],
)
def test_code_text__value_of_a_file__is_a_code(value, code: str) -> None:
    assert code_text(value) == code


def test_declared_missing__reason_in_brackets__comes_off_missing_codes_only() -> None:
    declared = declared_missing(
        {"1": "Yes [refused]", "9": "Keine Angabe [refused]"}, [{"lo": 9.0, "hi": 9.0}], (), ()
    )
    assert dict(declared.missing) == {"9": "refused"}
    assert dict(declared.labels) == {"1": "Yes [refused]", "9": "Keine Angabe"}


@pytest.mark.parametrize("spread", [10, 10_000_000])
def test_converted__codes_far_apart_or_near__are_the_same_texts(spread: int) -> None:
    values = [float(spread), 0.0, NAN, float(-spread)]
    about = statfiles_columns.About("x", labels={value: "l" for value in values if value == value})
    cells = statfiles_columns.converted(pd.Series(values), about).column
    assert cells.fillna("").tolist() == [str(spread), "0", "", str(-spread)]


# --- real files ------------------------------------------------------------------------------------------------------


def _real(shared: Path):
    folder = shared / "real"
    with (folder / "SOURCE.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["name"].endswith((".sav", ".zsav", ".dta", ".por", ".sas7bdat", ".xpt")):
                yield folder / row["cat"] / row["name"], row["shape"]


@pytest.mark.real
def test_real__every_statistical_file__reads_to_its_shape_with_its_labels(shared: Path) -> None:
    seen = 0
    for path, shape in _real(shared):
        table = _found(path).main
        assert f"{len(table.frame)}x{len(table.variables)}" == shape, path.name
        read = pyreadstat.read_dta if path.suffix == ".dta" else pyreadstat.read_sav
        _, meta = read(str(path), user_missing=True, disable_datetime_conversion=True)
        by_source = {one.source or one.name: one for one in table.variables.values()}
        assert list(by_source) == meta.column_names
        for name, label in meta.column_names_to_labels.items():
            assert str(by_source[name].label) == (label or "")
        for name, labels in meta.variable_value_labels.items():
            assert sorted(map(str, by_source[name].labels.values())) == sorted(
                label for label in labels.values() if label
            )
        for name, letters in meta.missing_user_values.items():
            assert {f".{one}" for one in letters} <= set(by_source[name].missing)
        for name in meta.missing_ranges:
            assert by_source[name].missing
        seen += 1
    assert seen >= 16


@pytest.mark.real
def test_real__panel_of_the_general_social_survey__answers_and_letters_are_counted(shared: Path) -> None:
    path = shared / "real" / "microdata" / "gss_panel_2016_2018_2020_volunteering.dta"
    raw, meta = pyreadstat.read_dta(str(path), user_missing=True)
    data = _dataset(path)
    answers = raw["partvol_1b"].value_counts()
    assert data.codebook["partvol_1b"].type == "code"
    assert data.values("partvol_1b").value_counts().to_dict() == {
        str(int(code)): n for code, n in answers.items()
    }
    assert data.values("partvol_1b").notna().sum() == answers.sum() == 1_165
    assert (data.missing("partvol_1b") == "no_answer").sum() == raw["partvol_1b"].isna().sum()
    assert meta.missing_user_values["wtssall_1b"] == ["i"]
    letters = (raw["wtssall_1b"] == "i").sum()
    assert (data.frame["wtssall_1b__why"] == ".i").sum() == letters > 0
    assert data.missing("wtssall_1b").value_counts().to_dict().get("not_applicable") == letters
    numbers = pd.to_numeric(raw["wtssall_1b"], errors="coerce")
    assert data.values("wtssall_1b").sum() == pytest.approx(numbers.sum())


@pytest.mark.real
def test_real__sets_of_multiple_responses__are_told(shared: Path) -> None:
    notes = [
        str(note) for note in _found(shared / "real" / "statfiles" / "pyreadstat_simple_alltypes.sav").notes
    ]
    assert any("My multiple response set" in note and "bool1, bool2, bool3" in note for note in notes)
