"""SPSS files: what is written comes back equal, and what cannot be held is told."""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from volresearch.datasets.codebook import MissingRange, Variable
from volresearch.datasets.writers.spss import write_spss
from volresearch.datasets.writers.statfile_limits import SPSS, STATA, cut, size_of, written_names
from volresearch.errors import VolResearchError
from volresearch.text import Text

pyreadstat = pytest.importorskip("pyreadstat")
pytest.importorskip("pyarrow")


def _beside(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


made, held = _beside("datasets_made"), _beside("statfiles_held")


def _dataset(columns, *variables, **more):
    frame = pd.DataFrame({name: _column(cells) for name, cells in columns.items()})
    return made.made({"people": frame}, list(variables), **more)


def _column(cells):
    if isinstance(cells, pd.Series):
        return cells
    numbers = all(cell is None or isinstance(cell, int | float) for cell in cells)
    return pd.Series(cells, dtype="float64" if numbers else "str")


def _meta(path):
    return pyreadstat.read_sav(str(path), user_missing=True)[1]


# --- the law ---------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(made.datasets())
def test_write_spss__any_dataset__comes_back_equal(dataset) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.sav"
        write_spss(dataset, path, lang="km", shorten=True)
        for table in dataset.tables:
            file = path if table == dataset.main else path.with_name("x_Children_1.sav")
            there = held.back(file)
            for variable in dataset.variables_of(table):
                held.hold(dataset, there, variable, table, "km", stata=False)


@pytest.mark.parametrize("lang", ["km", "ar", "zh", "en"])
def test_write_spss__labels__stand_in_the_language_asked_for(tmp_path: Path, lang: str) -> None:
    words = {"km": "ស្ត្រី", "ar": "امرأة", "zh": "女", "en": "Women"}
    data = _dataset(
        {"sex": ["1", "2"], "said": ["ខ្ញុំជាអ្នកស្ម័គ្រចិត្ត", "أنا متطوع 志愿者"]},
        Variable(name="sex", type="code", label=words, labels={"1": words, "2": {"en": "Men"}}),
        Variable(name="said"),
    )
    losses = write_spss(data, tmp_path / "a.sav", lang=lang)
    there = held.back(tmp_path / "a.sav")
    assert there.labels("sex", "und").tolist() == [words[lang], "Men"]
    assert str(there.codebook["sex"].label) == words[lang]
    assert there.frame["said"].tolist() == data.frame["said"].tolist()
    others = ", ".join(sorted(set(words) - {lang}))
    assert f"Labels are in one language ({lang}); {others} are not in the file." in losses
    assert any("1 labels have no words in" in loss for loss in losses) == (lang != "en")


# --- kinds of missing ------------------------------------------------------------------------------------------------


def test_write_spss__special_missing_values__get_free_negative_codes_that_are_declared_and_told(
    tmp_path: Path,
) -> None:
    data = _dataset(
        {"age": [31, None, None, None], "age__why": [None, ".d", "not_asked", None]},
        Variable(name="age", type="integer", labels={".d": "I do not know it"}, missing={".d": "dont_know"}),
    )
    losses = write_spss(data, tmp_path / "a.sav")
    assert "age: SPSS has numbers only for what is missing: .d is -901, not_asked is -902." in losses
    meta = _meta(tmp_path / "a.sav")
    assert meta.missing_ranges["age"] == [{"lo": -902.0, "hi": -902.0}, {"lo": -901.0, "hi": -901.0}]
    assert meta.variable_value_labels["age"][-902.0] == "[not_asked]"
    there = held.back(tmp_path / "a.sav")
    assert there.missing("age").fillna("").tolist() == ["", "dont_know", "not_asked", "no_answer"]
    assert str(there.codebook["age"].labels["-901"]) == "I do not know it"


def test_write_spss__value_that_is_taken__codes_go_further_down(tmp_path: Path) -> None:
    data = _dataset(
        {"money": [-901.5, -950, None], "money__why": [None, None, "refused"]},
        Variable(name="money", type="number"),
    )
    assert "money: SPSS has numbers only for what is missing: refused is -9001." in write_spss(
        data, tmp_path / "a.sav"
    )
    assert held.back(tmp_path / "a.sav").values("money").tolist()[:2] == [-901.5, -950]


def test_write_spss__label_whose_words_tell_no_reason__carries_it_in_brackets(tmp_path: Path) -> None:
    data = _dataset(
        {"sex": ["1", "9", "8"]},
        Variable(name="sex", type="code", labels={"1": "Frau", "9": "Keine Angabe", "8": "Refused"}, missing={"9": "refused", "8": "refused"}),
    )  # fmt: skip
    write_spss(data, tmp_path / "a.sav")
    assert _meta(tmp_path / "a.sav").variable_value_labels["sex"] == {
        1.0: "Frau",
        9.0: "Keine Angabe [refused]",
        8.0: "Refused",
    }
    there = held.back(tmp_path / "a.sav")
    assert str(there.codebook["sex"].labels["9"]) == "Keine Angabe"
    assert there.missing("sex").fillna("").tolist() == ["", "refused", "refused"]


def test_write_spss__more_than_three_codes__become_a_range(tmp_path: Path) -> None:
    missing = {
        "96": "not_asked",
        "97": "dont_know",
        "98": "refused",
        "99": "no_answer",
        ".a": "not_in_version",
    }
    data = _dataset(
        {"age": [31, 96, 97, 98, 99, None], "age__why": [None] * 5 + [".a"]},
        Variable(name="age", type="integer", missing=missing),
    )
    write_spss(data, tmp_path / "a.sav")
    assert _meta(tmp_path / "a.sav").missing_ranges["age"] == [
        {"lo": 96.0, "hi": 99.0},
        {"lo": -901.0, "hi": -901.0},
    ]
    there = held.back(tmp_path / "a.sav")
    assert there.missing("age").tolist()[1:] == [*list(missing.values())[:4], "not_in_version"]


def test_write_spss__range_at_the_top_and_several_letters__letters_come_next_to_it(tmp_path: Path) -> None:
    missing = {
        "97": "dont_know",
        "98": "refused",
        "99": "no_answer",
        ".a": "not_in_version",
        ".b": "not_asked",
    }
    data = _dataset(
        {"age": [31, 97, 98, 99, None, None], "age__why": [None] * 4 + [".a", ".b"]},
        Variable(name="age", type="integer", missing=missing),
    )
    losses = write_spss(data, tmp_path / "a.sav")
    assert _meta(tmp_path / "a.sav").missing_ranges["age"] == [{"lo": 97.0, "hi": 101.0}]
    assert not any("blank" in loss for loss in losses)
    assert held.back(tmp_path / "a.sav").missing("age").tolist()[1:] == list(missing.values())


def test_write_spss__codes_scattered_among_values__lose_the_code_not_the_reason(tmp_path: Path) -> None:
    missing = {
        str(code): reason for code, reason in zip((3, 6, 9, 12, 15), made.MISSING_REASONS, strict=False)
    }
    data = _dataset(
        {"x": [float(n) for n in range(1, 17)]}, Variable(name="x", type="integer", missing=missing)
    )
    losses = write_spss(data, tmp_path / "a.sav")
    assert any("declares three values" in loss and "12, 15" in loss for loss in losses)
    there = held.back(tmp_path / "a.sav")
    assert there.missing("x").fillna("").tolist() == data.missing("x").fillna("").tolist()
    assert there.values("x").dropna().tolist() == data.values("x").dropna().tolist()


def test_write_spss__declared_range__stays_one(tmp_path: Path) -> None:
    data = _dataset(
        {"x": [1.5, 97.0, 2.5, -1.0]},
        Variable(
            name="x", type="number", missing={"97": "refused", "-1": "dont_know"},
            missing_ranges=(MissingRange(low=90, high=None, reason="refused"),),
        ),
    )  # fmt: skip
    write_spss(data, tmp_path / "a.sav")
    there = held.back(tmp_path / "a.sav")
    assert there.codebook["x"].missing_ranges == (MissingRange(low=90, high=None, reason="refused"),)
    assert dict(there.codebook["x"].missing) == {"97": "refused", "-1": "dont_know"}


def test_write_spss__declared_range_with_valid_numbers_in_it__is_told(tmp_path: Path) -> None:
    data = _dataset(
        {"x": [1.5, 97.0, 95.0]},
        Variable(
            name="x",
            type="number",
            missing={"97": "refused"},
            missing_ranges=(MissingRange(low=90, high=99),),
        ),
    )
    assert any("its range is not" in loss for loss in write_spss(data, tmp_path / "a.sav"))
    assert held.back(tmp_path / "a.sav").missing("x").fillna("").tolist() == ["", "refused", ""]


def test_write_spss__what_the_file_said_in_place_of_a_number__stays_readable(tmp_path: Path) -> None:
    data = _dataset(
        {"age": [31, None], "age__why": [None, "about forty"]}, Variable(name="age", type="integer")
    )
    losses = write_spss(data, tmp_path / "a.sav")
    there = held.back(tmp_path / "a.sav")
    assert there.frame["age__why"].tolist()[1] == "about forty"
    assert there.missing("age").tolist()[1] == "invalid"
    assert any("age__why" in loss for loss in losses)


def test_write_spss__numbers_that_mean_something_to_spss__stand_beside(tmp_path: Path) -> None:
    data = _dataset({"x": [1.7976931348623157e308, float("-inf"), 1e308]}, Variable(name="x", type="number"))
    losses = write_spss(data, tmp_path / "a.sav")
    assert any("larger than SPSS holds" in loss for loss in losses)
    there = held.back(tmp_path / "a.sav")
    assert there.frame["x__why"].tolist()[:2] == ["1.7976931348623157e+308", "-inf"]
    assert there.values("x").dropna().tolist() == [1e308]


def test_write_spss__reasons_of_texts__stand_in_a_companion_column(tmp_path: Path) -> None:
    data = _dataset(
        {"said": ["x", None, None], "said__why": [None, "refused", None]},
        Variable(name="said", blank="not_asked"),
    )
    losses = write_spss(data, tmp_path / "a.sav")
    assert any("said__why" in loss for loss in losses)
    there = held.back(tmp_path / "a.sav")
    assert there.missing("said").fillna("").tolist() == ["", "refused", "not_asked"]
    assert there.codebook.names == ("said",)


# --- several answers, names, dates, tables ---------------------------------------------------------------------------


def test_write_spss__several_answers__are_joined_and_split_and_come_back(tmp_path: Path) -> None:
    data = _dataset(
        {"langs": ["a b", "", None, "b"], "langs__why": [None, None, "not_asked", None]},
        Variable(name="langs", type="multiple", label="Languages", labels={"a": "Khmer", "b": "Thai"}),
    )
    losses = write_spss(data, tmp_path / "a.sav")
    raw = pyreadstat.read_sav(str(tmp_path / "a.sav"))[0]
    assert raw["langs_a"].tolist()[:2] == [1, 0]
    assert raw["langs_a"].isna().tolist() == [False, False, True, False]
    there = held.back(tmp_path / "a.sav")
    assert there.codebook["langs"].type == "multiple"
    assert there.frame["langs"].fillna("-").tolist() == ["a b", "", "-", "b"]
    assert str(there.codebook["langs"].labels["b"]) == "Thai"
    assert there.missing("langs_b").tolist()[2] == "not_asked"
    assert str(there.codebook["langs_b"].label) == "Languages - Thai"
    assert any("columns of 0 and 1" in loss or "column of 0 and 1" in loss for loss in losses)


def test_write_spss__names_that_spss_refuses__are_changed_and_told(tmp_path: Path) -> None:
    long = "x" * 70
    data = _dataset(
        {"_id": ["1"], "Age": [1], "age": [2], "with": ["3"], long: [4], long + "b": [5], "年龄": [6]}
    )
    losses = write_spss(data, tmp_path / "a.sav")
    names = _meta(tmp_path / "a.sav").column_names
    assert names == ["v_id", "Age", "age_2", "with_v", "x" * 64, "x" * 62 + "_2", "年龄"]
    assert sum("is called" in loss for loss in losses) == 5


def test_write_spss__dates__are_dates(tmp_path: Path) -> None:
    data = _dataset(
        {"day": pd.Series(pd.to_datetime(["1899-12-31", None])), "when": pd.Series(pd.to_datetime(["2021-10-30 10:11:12.5", None])), "at": ["09:30", None]},
        Variable(name="day", type="date"), Variable(name="when", type="datetime", blank="refused"), Variable(name="at", type="time"),
    )  # fmt: skip
    write_spss(data, tmp_path / "a.sav")
    raw = pyreadstat.read_sav(str(tmp_path / "a.sav"))[0]
    assert str(raw["day"][0]) == "1899-12-31"
    there = held.back(tmp_path / "a.sav")
    assert [there.codebook[name].type for name in ("day", "when", "at")] == ["date", "datetime", "time"]
    assert there.frame["when"][0] == pd.Timestamp("2021-10-30 10:11:12.5")
    assert there.missing("when").tolist()[1] == "refused"


def test_write_spss__zsav__is_compressed_and_equal(tmp_path: Path) -> None:
    data = _dataset({"s": ["the same words"] * 500}, Variable(name="s"))
    write_spss(data, tmp_path / "a.zsav")
    assert (tmp_path / "a.zsav").read_bytes()[:4] == b"$FL3"
    assert held.back(tmp_path / "a.zsav").frame["s"].tolist() == ["the same words"] * 500


def test_write_spss__no_rows__variables_come_back(tmp_path: Path) -> None:
    data = _dataset(
        {"c": pd.Series([], dtype="str"), "n": pd.Series([], dtype="float64")},
        Variable(name="c", type="code", labels={"ខខខខខខខខខ": "x", "a": "y"}), Variable(name="n", type="number", label="N"),
    )  # fmt: skip
    write_spss(data, tmp_path / "a.sav")
    assert str(held.back(tmp_path / "a.sav").codebook["n"].label) == "N"


def test_trap_29__labels_of_texts_written__are_all_there(tmp_path: Path) -> None:
    labels = {"f": "Women", "a code of more than eight": "Long", "ឥតប្រើប្រាស់ឥតប្រើប្រាស់": "Unused"}
    data = _dataset({"c": ["f", "a code of more than eight"]}, Variable(name="c", type="code", labels=labels))
    write_spss(data, tmp_path / "a.sav")
    assert {
        code: str(text) for code, text in held.back(tmp_path / "a.sav").codebook["c"].labels.items()
    } == labels


# --- limits ----------------------------------------------------------------------------------------------------------


def test_trap_27__labels_beyond_the_limit__are_all_refused_at_once(tmp_path: Path) -> None:
    data = _dataset(
        {"x": ["1", "2"]},
        Variable(name="x", type="code", label="л" * 129, labels={"1": "é" * 61, "2": "e" * 120}),
    )
    with pytest.raises(VolResearchError) as caught:
        write_spss(data, tmp_path / "a.sav")
    assert [one.code for one in caught.value.faults] == ["write.limit", "write.limit"]
    assert "The label of 1 of x has 122 bytes, and SPSS holds 120." in str(caught.value)
    assert "258 bytes, and SPSS holds 256" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_trap_27__labels_beyond_the_limit__are_cut_at_a_letter_and_told_when_asked(tmp_path: Path) -> None:
    label = "ស្ត្រី" * 20
    data = _dataset(
        {"x": ["1", "9"]},
        Variable(name="x", type="code", labels={"1": label, "9": "k" * 200}, missing={"9": "refused"}),
    )
    losses = write_spss(data, tmp_path / "a.sav", shorten=True)
    written = _meta(tmp_path / "a.sav").variable_value_labels["x"]
    assert all(size_of(text, "bytes") <= 120 for text in written.values())
    assert written[1.0].endswith("ស្ត្រី…")
    assert label.startswith(written[1.0][:-1])
    assert written[9.0].endswith("… [refused]")
    assert held.back(tmp_path / "a.sav").missing("x").tolist()[1] == "refused"
    assert sum("was cut" in loss for loss in losses) == 2


def test_write_spss__title_that_is_too_long__is_cut_and_told(tmp_path: Path) -> None:
    data = _dataset({"x": [1]}, title=Text({"en": "A title " * 20}))
    assert any("title is cut" in loss for loss in write_spss(data, tmp_path / "a.sav"))


def test_write_spss__file_that_is_there__stays(tmp_path: Path) -> None:
    path = tmp_path / "a.sav"
    path.write_bytes(b"mine")
    with pytest.raises(VolResearchError) as caught:
        write_spss(_dataset({"x": [1]}), path)
    assert caught.value.code == "export.exists"
    assert path.read_bytes() == b"mine"
    write_spss(_dataset({"x": [1]}), path, overwrite=True)
    assert [one.name for one in tmp_path.iterdir()] == ["a.sav"]


def test_write_spss__what_goes_wrong_while_writing__leaves_nothing(tmp_path: Path, monkeypatch) -> None:
    def fail(*_, **__):
        raise pyreadstat.ReadstatError("no")

    monkeypatch.setattr(pyreadstat, "write_sav", fail)
    with pytest.raises(VolResearchError) as caught:
        write_spss(_dataset({"x": [1]}), tmp_path / "a.sav")
    assert caught.value.code == "write.limit"
    assert list(tmp_path.iterdir()) == []


def test_write_spss__units_and_questions__are_told(tmp_path: Path) -> None:
    data = _dataset({"x": [1]}, Variable(name="x", type="number", unit="hours", question=Text("How long?")))
    losses = write_spss(data, tmp_path / "a.sav")
    assert "The units of x are not in the file." in losses
    assert "The wordings of questions of x are not in the file." in losses


@pytest.mark.parametrize(
    ("text", "most", "unit", "shown"),
    [
        ("short", 10, "bytes", "short"),
        ("年龄年龄", 11, "bytes", "年龄…"),
        ("ab", 1, "letters", "…"),
        ("ស្ត្រីស្ត្រី", 7, "letters", "ស្ត្រី…"),
        ("e\u0301e\u0301", 4, "bytes", "…"),
    ],
)
def test_cut__at_a_letter__never_inside_one(text: str, most: int, unit: str, shown: str) -> None:
    assert cut(text, most, unit) == shown
    assert size_of(shown, unit) <= most


@pytest.mark.parametrize("limits", [SPSS, STATA])
def test_written_names__of_any_length__fit_and_differ(limits) -> None:
    names = (
        ["a" * n for n in range(1, 99)]
        + ["年" * n for n in range(1, 40)]
        + ["_x", "1x", "int", "NOT", "str8", "a.b"]
    )
    written = written_names(names, limits, beside=names)
    assert len(set(written.values())) == len(names)
    assert all(size_of(f"{name}__why", "bytes") <= limits.name for name in written.values())
