from __future__ import annotations

import pytest

from volresearch.datasets import Codebook, Variable
from volresearch.errors import VolResearchError
from volresearch.harmonize import crosswalk_template, harmonize, read_crosswalk
from volresearch.text import Text

TARGET = Codebook(
    variables=(
        Variable(name="sex", type="code", label=Text({"en": "Sex", "es": "Sexo"}), labels={"f": Text({"en": "Women", "es": "Mujeres"}), "m": Text({"en": "Men", "es": "Hombres"})}),
        Variable(name="age", type="integer", label=Text({"en": "Age"}), unit="years"),
        Variable(name="hours", type="number", label=Text({"en": "Hours"}), unit="hours in four weeks"),
    )
)  # fmt: skip
SEX = Variable(name="sex", type="code", label=Text({"es": "Sexo"}), labels={"1": Text({"es": "hombres"}), "2": Text({"es": "Mujeres"}), "9": Text({"es": "NS"})}, missing={"9": "refused"})  # fmt: skip


@pytest.fixture
def people(make_dataset):
    return make_dataset(
        {"sex": ["1", "2", "2", "9", "7"], "age": [20, 30, 40, 50, 60], "horas": [1.0, 2, 3, 4, 5]},
        SEX,
        Variable(name="age", type="integer", label=Text({"en": "Age"}), unit="years"),
        Variable(name="horas", type="number", label=Text({"en": "Hours"}), unit="hours per week"),
    )


def test_template__equal_name_and_label__is_filled_in_and_says_so(people):
    made = crosswalk_template(people, TARGET, lang="es").set_index(["source_variable", "source_code"])
    assert made.loc[("sex", "1"), ["target_variable", "target_code", "note"]].tolist() == [
        "sex",
        "m",
        "suggested: equal name and label",
    ]
    assert made.loc[("sex", "2"), "target_code"] == "f"
    assert made.loc[("age", "*"), "target_code"] == "copy"


def test_template__every_code_of_codebook_and_data__with_counts(people):
    made = crosswalk_template(people, TARGET, lang="es")
    sex = made[made["source_variable"] == "sex"].set_index("source_code")
    assert sex["n"].to_dict() == {"1": "1", "2": "2", "7": "1", "9": "1"}
    assert sex.loc["9", "note"] == "missing: refused; goes over by itself"
    assert sex.loc["7", "target_code"] == ""
    assert list(sex.index) == ["1", "2", "7", "9"]


def test_template__units_differ__suggests_nothing_active(people):
    row = crosswalk_template(people, TARGET).set_index("source_variable").loc["horas"]
    assert row["target_code"] == ""
    assert "units differ: hours per week and hours in four weeks" in row["note"]


def test_template__written_filled_in_and_read__harmonizes(people, tmp_path):
    path = tmp_path / "to_fill.csv"
    crosswalk_template(people, TARGET, path)
    text = path.read_text(encoding="utf-8-sig")
    assert harmonize_error(people, path).code == "harmonize.uncovered"
    path.write_text(
        text.replace("local.peru,,sex,7,sex,,", "local.peru,,sex,7,sex,missing:invalid,"),
        encoding="utf-8",
    )
    made = harmonize(people, read_crosswalk(path), target=TARGET, suffix="_h")
    assert made.values("sex_h").tolist()[:3] == ["m", "f", "f"]
    assert made.missing("sex_h").tolist()[3:] == ["refused", "invalid"]
    assert made.values("age_h").tolist() == [20, 30, 40, 50, 60]
    assert "horas" not in set(made.recodes["source_variable"])


def harmonize_error(people, path):
    with pytest.raises(VolResearchError) as told:
        harmonize(people, path, target=TARGET, suffix="_h")
    return told.value


def test_template__file_is_there__stays(people, tmp_path):
    path = tmp_path / "filled.csv"
    path.write_text("work of a week", encoding="utf-8")
    with pytest.raises(VolResearchError) as told:
        crosswalk_template(people, TARGET, path)
    assert told.value.code == "export.exists"
    assert path.read_text(encoding="utf-8") == "work of a week"


def test_template__labels_with_formulas__are_disarmed_in_the_file(make_dataset, tmp_path):
    odd = Variable(name="a", type="code", label="=cmd()", labels={"1": "@SUM(A1)"})
    crosswalk_template(make_dataset({"a": ["1"]}, odd), TARGET, tmp_path / "t.csv")
    text = (tmp_path / "t.csv").read_text(encoding="utf-8-sig")
    assert "'=cmd()" in text
    assert "'@SUM(A1)" in text


def test_template__lazy_dataset__counts_where_the_rows_are(make_dataset):
    columns = {"sex": ["1", "2", "2"]}
    memory, lazy = (crosswalk_template(make_dataset(columns, SEX, lazy=one), TARGET) for one in (False, True))
    assert memory.equals(lazy)


def test_template__target_by_id__is_opened(make_dataset):
    made = crosswalk_template(
        make_dataset(
            {"age": [1]},
            Variable(
                name="age",
                type="integer",
                unit="years",
                label=Text({"en": "How old is the person in full years?"}),
            ),
        ),
        "core.vol_work",
    )
    assert made["target_code"].tolist() == ["copy"]
    with pytest.raises(VolResearchError) as told:
        crosswalk_template(make_dataset({"age": [1]}), "core.vol_wrok")
    assert "core.vol_work" in told.value.hint


def test_template__target_that_has_no_variables__is_refused(people):
    with pytest.raises(VolResearchError) as caught:
        crosswalk_template(people, ["sex", "age"])  # type: ignore[arg-type]
    assert caught.value.code == "harmonize.crosswalk"
