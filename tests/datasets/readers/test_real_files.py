"""Every data file of the outside material reads to the shape that its list says, or the difference has its reason here."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import volresearch as vr
from volresearch.errors import VolResearchError

pytestmark = pytest.mark.real
FOLDERS = ("exports", "statfiles", "redcap", "limesurvey", "ddi", "microdata")

#: What reads to another shape (rows, columns without companions, linked tables), and why.
RESHAPED = {
    "bulk_import_good.csv": ((9, 25), {}, "six columns of options are one variable"),
    "double_repeat_export.csv": ((1, 5), {"bed_net": 2, "member": 3}, "two levels of repeats are linked tables"),
    "kobo_children.sav": ((3, 12), {}, "two joined answers with three columns of options each"),
    "kobo_children.csv": ((3, 12), {}, "two joined answers with three columns of options each"),
    "nested_repeats.csv": ((2, 15), {"kids_details": 5, "kids_immunization": 11}, "repeats are linked, four options are one"),
    "transportation.csv": ((4, 14), {}, "ten columns of options are one; the 24th cell of each row is empty"),
    "transportation_export.xlsx": ((4, 20), {}, "the list counts the header as a row; ten columns of options, one beside its words"),
    "tutorial_w_repeats.csv": ((1, 18), {"children": 2}, "the repeat is a linked table"),
    "tutorial_w_repeats_flattened.csv": ((1, 15), {"children": 2}, "two rows of one submission: the repeat is a linked table"),
    "checkboxes-1_data.csv": ((4, 6), {}, "four and five boxes are two variables"),
    "longitudinal_data.csv": ((18, 105), {}, "five questions with five boxes each"),
    "repeating-instruments_data.csv": ((2, 10), {"bp": 4}, "rows of a repeated form are a linked table"),
    "russian_data.csv": ((3, 358), {}, "thirteen questions with boxes; the first column numbers the rows"),
}  # fmt: skip
#: What is no data, and what is said of it.
REFUSED = {
    "dataverse_exportfull.xml": "read.file",
    "dataverse_samplestudyddifull.xml": "read.file",
    "formpack_selectone_to_multiple_v2_selectone.json": "read.format",
    "formpack_selectone_to_multiple_v3_selectmultiple.json": "read.format",
    "citric_limesurvey_survey_432535.lss": "read.format",
    "citric_survey.lss": "read.format",
    "ipums_cps_00006.dat.gz": "read.format",
    "ipums_cps_00157.dat.gz": "read.format",
}
#: Rows and columns of files whose shape is not in the list: counted in the file itself by other means.
JSON_ROWS = {
    "formpack_grouped_repeatable_v1.json": 6,
    "formpack_grouped_translated_v1.json": 3,
    "formpack_or_other_v1.json": 3,
    "formpack_selectone_to_multiple_submissions.json": 9,
}


def rows_of(shared: Path) -> list[dict[str, str]]:
    with (shared / "real" / "SOURCE.csv").open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["cat"] in FOLDERS]


def shape(data: vr.Dataset) -> tuple[int, int]:
    return len(data), sum(not str(name).endswith("__why") for name in data.frame.columns)


def test_files__each__reads_to_its_shape_or_says_why_not(shared: Path) -> None:
    wrong, seen = {}, 0
    for row in rows_of(shared):
        name, path = row["name"], shared / "real" / row["cat"] / row["name"]
        try:
            data = vr.read(path, personal="keep")
        except VolResearchError as error:
            if REFUSED.get(name) != error.code:
                wrong[name] = str(error)
            continue
        seen += 1
        linked = {table: len(frame) for table, frame in data.tables.items() if table != data.main}
        if name in RESHAPED:
            expected, tables, _ = RESHAPED[name]
            if (shape(data), linked) != (expected, tables):
                wrong[name] = f"{shape(data)} {linked}, not {expected} {tables}"
        elif name in JSON_ROWS:
            if len(data) != JSON_ROWS[name]:
                wrong[name] = f"{len(data)} rows"
        elif row["shape"] and "x".join(map(str, shape(data))) != row["shape"]:
            wrong[name] = f"{shape(data)}, not {row['shape']}"
        elif name in REFUSED:
            wrong[name] = "was read"
    assert wrong == {}
    assert seen > 45


def test_files__each__leaves_no_person_in_the_frame(shared: Path) -> None:
    """What the files hold of persons, found by looking at them: none of it is left by default."""
    persons = {
        "exports/kobo_childrens_survey.csv": ["020123456"],
        "exports/tutorial_w_repeats.csv": [
            "Bob",
            "-1.2625621",
            "b31c6ac2-b8ca-4180-914f-c844fa10ed3b",
            "15:54:01",
        ],
        "exports/nested_repeats.csv": ["Hansel", "Gretel"],
        "exports/double_repeat_export.csv": ["Andrew", "Carl", "4e274a99-f7a9-467c-bb44-9f9a8ceee9a7"],
        "exports/bulk_import_good.csv": ["Name_1", "bob", "enketo.org", "83.3595"],
        "redcap/survey_data.csv": ["aaa@bbb.com", "15:52:43"],
        "redcap/longitudinal_data.csv": ["@"],
    }
    for name, words in persons.items():
        data = vr.read(shared / "real" / name)
        left = "\n".join(frame.to_csv() for frame in data.tables.values())
        told = "\n".join([*data.notes, *data.provenance, data._repr_html_()])
        assert [word for word in words if word in left] == [], name
        assert [word for word in words if word in told] == [], name
        assert data.set_aside, name


def test_gss__special_missing_values__stand_beside_the_column_as_the_file_has_them(shared: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    path = shared / "real" / "microdata" / "gss_panel_2016_2018_2020_volunteering.dta"
    data = vr.read(path, personal="keep")
    raw, _ = pyreadstat.read_dta(str(path), user_missing=True)
    found = {}
    for name in raw:
        letters = raw[name].map(lambda value: value if isinstance(value, str) and len(value) == 1 else None)
        if raw[name].dtype == object and letters.notna().any():
            found[name] = {f".{letter}": n for letter, n in letters.value_counts().items()}
    assert found
    assert {name: data.frame[f"{name}__why"].value_counts().to_dict() for name in found} == found
    assert data.values("partvol_1b").notna().sum() == 1165
    assert data.labels("partvol_1b").value_counts()["never"] == 489


def test_cowles__read_and_declared__gives_a_result(shared: Path) -> None:
    data = vr.read(shared / "real" / "microdata" / "Cowles.csv").declared(design={"kind": "nonprobability"})
    result = data.survey().proportion("volunteer", by="sex")
    women = result.table.query("sex == 'female' and level == 'yes'")
    assert women["n_cell"].tolist() == [(data.frame.query("sex == 'female'")["volunteer"] == "yes").sum()]


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])
def test_wvs__lazy_or_not__gives_the_same_means(shared: Path, engine: str) -> None:
    data = vr.read(shared / "real" / "microdata" / "WVS_poverty_4countries.csv", engine=engine)
    table = data.declared(design={"kind": "nonprobability"}).survey().mean("age", by="country").table
    with (shared / "real" / "microdata" / "WVS_poverty_4countries.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in table.to_dict("records"):
        ages = [float(one["age"]) for one in rows if one["country"] == row["country"]]
        assert row["estimate"] == pytest.approx(sum(ages) / len(ages))
