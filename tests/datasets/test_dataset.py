from __future__ import annotations

from pathlib import Path

import pytest

from volresearch.datasets import open_dataset
from volresearch.errors import VolResearchError

PEOPLE = "sex,age,done,score\nf,30,2016-12-01,1.5\nm,99,,-8\nf,,2017-01-02,refused\n9,41,2017-01-03,2\n"
CODEBOOK = """\
    - {name: sex, type: code, label: {en: Sex, es: Sexo}, labels: {f: {en: Women, es: Mujeres}, m: Men}, missing: {9: refused}}
    - {name: age, type: integer, missing: {99: dont_know}, blank: not_asked}
    - {name: done, type: date}
    - {name: score, type: number, unit: points, missing: {-8: not_applicable, refused: refused}}
"""


def people(write_dataset, folder: Path, more: str = ""):
    return open_dataset(write_dataset(folder, PEOPLE, codebook=CODEBOOK, more=more))


def test_open__csv_with_codebook__types_columns_and_keeps_codes(write_dataset, tmp_path: Path) -> None:
    frame = people(write_dataset, tmp_path).frame
    assert frame["sex"].tolist() == ["f", "m", "f", "9"]
    assert frame["age"].tolist()[:2] == [30, 99]
    assert frame["done"].dt.year.tolist()[0] == 2016
    assert frame["score"].tolist()[:2] == [1.5, -8]
    assert frame["score__why"].tolist()[2] == "refused"


def test_open__date_with_a_missing_code__keeps_the_reason(write_dataset, tmp_path: Path) -> None:
    codebook = "    - {name: day, type: date, missing: {REF: refused}}\n"
    data = open_dataset(write_dataset(tmp_path, "day\n2016-12-01\nREF\n", codebook=codebook))
    assert data.missing("day").fillna("").tolist() == ["", "refused"]
    assert data.values("day").isna().tolist() == [False, True]


def test_codebook__integer_with_word_as_code__is_refused(write_dataset, tmp_path: Path) -> None:
    with pytest.raises(VolResearchError, match="are numbers, not f"):
        open_dataset(
            write_dataset(tmp_path, "a\n1\n", codebook="    - {name: a, type: integer, labels: {f: Women}}\n")
        )


def test_labels__integer_codes__have_their_words(write_dataset, tmp_path: Path) -> None:
    codebook = "    - {name: a, type: integer, labels: {1: Yes, 2: No}, missing: {9: refused}}\n"
    data = open_dataset(write_dataset(tmp_path, "a\n1\n2\n9\n", codebook=codebook))
    assert data.labels("a").tolist()[:2] == ["Yes", "No"]


def test_values__missing_codes__are_na(write_dataset, tmp_path: Path) -> None:
    data = people(write_dataset, tmp_path)
    assert data.values("age").dropna().tolist() == [30, 41]
    assert data.values("score").dropna().tolist() == [1.5, 2]
    assert data.values("sex").dropna().tolist() == ["f", "m", "f"]


def test_missing__each_row__says_its_own_reason(write_dataset, tmp_path: Path) -> None:
    data = people(write_dataset, tmp_path)
    assert data.missing("age").fillna("").tolist() == ["", "dont_know", "not_asked", ""]
    assert data.missing("score").fillna("").tolist() == ["", "not_applicable", "refused", ""]
    assert data.missing("done").fillna("").tolist() == ["", "no_answer", "", ""]
    assert data.missing("sex").fillna("").tolist() == ["", "", "", "refused"]


def test_labels__language_there_or_not__nearest_wording(write_dataset, tmp_path: Path) -> None:
    data = people(write_dataset, tmp_path)
    assert data.labels("sex", "es").tolist()[:2] == ["Mujeres", "Men"]
    assert data.labels("sex", "fr").tolist()[0] == "Women"


def test_labels__several_codes_in_a_cell__each_has_its_word(write_dataset, tmp_path: Path) -> None:
    codebook = "    - {name: topics, type: multiple, labels: {a: Health, b: Sport}}\n"
    data = open_dataset(write_dataset(tmp_path, "topics\na b\nb\n", codebook=codebook))
    assert data.labels("topics").tolist() == ["Health; Sport", "Sport"]


def test_codes__like_numbers__stay_text(write_dataset, tmp_path: Path) -> None:
    data = open_dataset(write_dataset(tmp_path, "code,nation\n08,NA\n010,NO\n"))
    assert data.frame["code"].tolist() == ["08", "010"]
    assert data.frame["nation"].tolist() == ["NA", "NO"]


def test_frame__changed_by_the_user__leaves_the_dataset_alone(write_dataset, tmp_path: Path) -> None:
    data = people(write_dataset, tmp_path)
    frame, other, table = data.frame, data.to_pandas(), data.tables["people"]
    frame.loc[0, "sex"] = "x"
    other["new"] = 1
    table["sex"] = "y"
    assert data.frame["sex"].tolist()[0] == "f"
    assert "new" not in data.frame.columns
    with pytest.raises(TypeError):
        data.tables["other"] = data.frame  # type: ignore[index]
    with pytest.raises(AttributeError):
        data.kind = "facts"  # type: ignore[misc]


def test_open__file_changed__names_file_hashes_and_remedy(write_dataset, tmp_path: Path) -> None:
    path = write_dataset(tmp_path, PEOPLE)
    (tmp_path / "files" / "people.csv").write_text(PEOPLE.replace("30", "31"))
    with pytest.raises(VolResearchError) as caught:
        open_dataset(path)
    assert caught.value.code == "dataset.changed"
    said = str(caught.value)
    assert "files/people.csv" in said
    assert "expected: sha256 " in said
    assert "found:    sha256 " in said
    assert "Restore the file" in said


def test_open__file_missing__names_it(write_dataset, tmp_path: Path) -> None:
    path = write_dataset(tmp_path, PEOPLE)
    (tmp_path / "files" / "people.csv").unlink()
    with pytest.raises(VolResearchError) as caught:
        open_dataset(path)
    assert caught.value.code == "declare.missing_file"


@pytest.mark.parametrize(
    ("text", "variable", "said"),
    [
        ("sex\nf\nx\n", "{name: sex, type: code, labels: {f: Women}}", "does not name: 'x'"),
        ("age\n30\nthirty\n", "{name: age, type: number}", "not numbers"),
        ('age\n"30,5"\n', "{name: age, type: number}", "not numbers"),
        ("day\n01/02/2016\n", "{name: day, type: date}", "not dates"),
        ("sex\nf\n", "{name: gender}", "stands in no table"),
    ],
)
def test_frame__data_differ_from_codebook__variable_is_named(
    write_dataset, tmp_path: Path, text: str, variable: str, said: str
) -> None:
    data = open_dataset(write_dataset(tmp_path, text, codebook=f"    - {variable}\n"))
    with pytest.raises(VolResearchError, match=said) as caught:
        data.frame  # noqa: B018
    assert caught.value.code == "dataset.codebook"


@pytest.mark.parametrize("text", ["a,b\n1\n", "a,a\n1,2\n", ""])
def test_rows__csv_is_uneven__place_is_named(text: str, tmp_path: Path) -> None:
    from volresearch.datasets.files import rows_from

    with pytest.raises(VolResearchError) as caught:
        rows_from(text.encode(), tmp_path / "x.csv")
    assert "x.csv:" in str(caught.value)


def test_rows__declared_number_differs__is_refused(write_facts, tmp_path: Path) -> None:
    path = write_facts(tmp_path)
    path.write_text(path.read_text().replace("rows: 1}", "rows: 7}", 1))
    with pytest.raises(VolResearchError, match="another number of rows"):
        len(open_dataset(path))


@pytest.mark.parametrize("bad", ["/etc/passwd", "../secret.csv", "private/raw.csv", "C:/x.csv"])
def test_table_path__outside_or_private__is_refused(write_dataset, tmp_path: Path, bad: str) -> None:
    path = write_dataset(tmp_path, PEOPLE)
    path.write_text(path.read_text().replace("files/people.csv", bad))
    with pytest.raises(VolResearchError) as caught:
        open_dataset(path)
    assert caught.value.code == "declare.invalid"


def test_unit__does_not_fit_the_kind__is_refused(write_dataset, tmp_path: Path) -> None:
    path = write_dataset(tmp_path, PEOPLE)
    path.write_text(path.read_text().replace("unit: person", "unit: published figure"))
    with pytest.raises(VolResearchError, match="go together"):
        open_dataset(path)


def test_parquet__with_typed_columns__is_read(tmp_path: Path) -> None:
    import hashlib

    import pandas as pd

    pytest.importorskip("pyarrow")
    pd.DataFrame({"age": [30, 40]}).to_parquet(tmp_path / "x.parquet")
    digest = hashlib.sha256((tmp_path / "x.parquet").read_bytes()).hexdigest()
    (tmp_path / "x.yaml").write_text(
        f'id: t.x\nkind: survey\nversion: "1"\ntitle: X\nunit: person\nlicence: CC0\n'
        f"tables: {{x: {{path: x.parquet, sha256: {digest}, rows: 2}}}}\n"
    )
    assert open_dataset(tmp_path / "x.yaml").frame["age"].tolist() == [30, 40]


def test_parquet__codes_as_decimals__are_whole_codes(tmp_path: Path) -> None:
    import hashlib

    import pandas as pd

    pytest.importorskip("pyarrow")
    pd.DataFrame({"sex": [1.0, None, 2.0]}).to_parquet(tmp_path / "x.parquet")
    digest = hashlib.sha256((tmp_path / "x.parquet").read_bytes()).hexdigest()
    (tmp_path / "x.yaml").write_text(
        f'id: t.x\nkind: survey\nversion: "1"\ntitle: X\nunit: person\nlicence: CC0\n'
        f"tables: {{x: {{path: x.parquet, sha256: {digest}}}}}\n"
        "codebook: {variables: [{name: sex, type: code, labels: {1: Women, 2: Men}}]}\n"
    )
    assert open_dataset(tmp_path / "x.yaml").labels("sex").fillna("").tolist() == ["Women", "", "Men"]


def test_describe__codebook__one_row_a_variable(write_dataset, tmp_path: Path) -> None:
    table = people(write_dataset, tmp_path).describe("es").set_index("variable")
    assert table.loc["sex", "label"] == "Sexo"
    assert table.loc["age", ["n", "missing", "smallest", "largest"]].tolist() == [2, 2, 30, 41]


def test_repr_html__labels_with_markup__is_escaped_and_lists_variables(write_dataset, tmp_path: Path) -> None:
    codebook = "    - {name: sex, type: code, labels: {f: '<b>Women</b>'}}\n"
    html = open_dataset(write_dataset(tmp_path, "sex\nf\n", codebook=codebook))._repr_html_()
    assert "<code>sex</code>" in html
    assert "&lt;b&gt;Women" in html
    assert "<b>" not in html


def test_repr_html__synthetic__says_so(write_dataset, tmp_path: Path) -> None:
    data = people(write_dataset, tmp_path, more="synthetic: true\n")
    assert "Synthetic data" in data._repr_html_()
    assert "SYNTHETIC" in repr(data)


def test_derive__new_frame__adds_a_line_and_keeps_the_first(write_dataset, tmp_path: Path) -> None:
    data = people(write_dataset, tmp_path)
    new = data.derive(data.frame.head(2), "kept the first two rows")
    assert (len(new), len(data)) == (2, 4)
    assert new.provenance == ("opened t.people 1", "kept the first two rows")


def test_unknown_variable__near_name__is_suggested(write_dataset, tmp_path: Path) -> None:
    with pytest.raises(VolResearchError, match="no variable") as caught:
        people(write_dataset, tmp_path).values("agee")
    assert 'Did you mean "age"' in str(caught.value)


def test_measurement__left_out__is_unknown(write_dataset, tmp_path: Path) -> None:
    data = people(write_dataset, tmp_path, more="measurement: {age: 15+}\n")
    assert data.measurement.age == "15+"
    assert "mode" in data.measurement.unknown()
