"""DDI codebooks with their data: fixed-width and delimited, of any namespace, with hidden codes and doubled labels."""

from __future__ import annotations

import gzip

import pandas as pd
import pytest

from volresearch.datasets.readers import read
from volresearch.datasets.readers.ddi import read_fixed
from volresearch.errors import VolResearchError
from volresearch.text import Text

pytest.importorskip("lxml")

AGE = '<var ID="A" name="AGE" intrvl="contin" dcml="0"><location StartPos="1" width="2"/><labl>Age</labl><varFormat type="numeric"/></var>'
SEX = (
    '<var ID="S" name="SEX" intrvl="discrete"><location StartPos="3" width="1"/><labl>Sex</labl>'
    "<catgry><catValu>1</catValu><labl>Woman</labl></catgry><catgry><catValu>2</catValu><labl>Man</labl></catgry>"
    '<catgry missing="Y"><catValu>9</catValu><labl>Refused</labl></catgry></var>'
)


def _codebook(folder, vars, *, file="", study="", namespace="ddi:codebook:2_5", name="s.xml", attributes=""):
    path = folder / name
    path.write_text(
        f'<codeBook xmlns="{namespace}" {attributes}><stdyDscr><citation><titlStmt><titl>Youth</titl></titlStmt>'
        f"<biblCit>Cite</biblCit></citation>{study}</stdyDscr>{file}<dataDscr>{vars}</dataDscr></codeBook>",
        encoding="utf-8",
    )
    return path


def _file(name, **more):
    text = "".join(f"<{tag}>{words}</{tag}>" for tag, words in more.items())
    return f'<fileDscr ID="F1"><fileTxt><fileName>{name}</fileName>{text}</fileTxt></fileDscr>'


def _refused(code, path, **options):
    with pytest.raises(VolResearchError) as error:
        read(path, **options)
    assert error.value.code == code
    return error.value


@pytest.mark.parametrize("namespace", ["ddi:codebook:2_5", "http://www.icpsr.umich.edu/DDI", "urn:x", ""])
def test_read__fixed_width__has_types_labels_and_reasons_whatever_the_namespace(tmp_path, namespace):
    path = _codebook(tmp_path, AGE + SEX, file=_file("s.dat"), namespace=namespace)
    (tmp_path / "s.dat").write_bytes(b"311\r\n 52\r\n  9\r\n")
    data = read(path)
    assert data.frame["AGE"].tolist()[:2] == [31, 5]
    assert data.frame["SEX"].tolist() == ["1", "2", "9"]
    assert data.missing("SEX").tolist()[2] == "refused"
    assert data.missing("AGE").tolist()[2] == "no_answer"
    assert data.labels("SEX").tolist()[:2] == ["Woman", "Man"]
    assert data.codebook["AGE"].label == Text("Age")
    assert data.title == Text("Youth")
    assert data.provenance[0].startswith("read s.dat (")
    assert [(one.name, one.role) for one in data.steps[0].used] == [("s.dat", "data"), ("s.xml", "codebook")]


def test_read__implied_decimals__are_put_in_also_into_codes(tmp_path):
    var = (
        '<var name="W" intrvl="contin" dcml="2"><location StartPos="1" EndPos="6"/>'
        '<invalrng><item VALUE="999999"/></invalrng><varFormat type="numeric"/></var>'
    )
    (tmp_path / "s.dat").write_text("001234\n-00005\n999999\n", encoding="utf-8")
    data = read(_codebook(tmp_path, var))
    assert data.frame["W"].tolist() == [12.34, -0.05, 9999.99]
    assert data.missing("W").isna().tolist() == [True, True, False]


def test_read__decimals_that_are_written__are_not_put_in_twice(tmp_path):
    (tmp_path / "s.dat").write_text("12.50\n 7.25\n", encoding="utf-8")
    var = '<var name="W" intrvl="contin" dcml="2"><location StartPos="1" width="5"/><varFormat type="numeric"/></var>'
    assert read(_codebook(tmp_path, var)).frame["W"].tolist() == [12.5, 7.25]


def test_read__several_records_a_case__are_one_row(tmp_path):
    second = SEX.replace('StartPos="3"', 'StartPos="1" RecSegNo="2"')
    (tmp_path / "s.dat").write_text("31\n1\n40\n2\n", encoding="utf-8")
    data = read(_codebook(tmp_path, AGE + second))
    assert data.frame["AGE"].tolist() == [31, 40]
    assert data.frame["SEX"].tolist() == ["1", "2"]
    (tmp_path / "s.dat").write_text("31\n1\n40\n", encoding="utf-8")
    assert "no multiple of the 2" in str(_refused("read.file", tmp_path / "s.xml"))


def test_read__records_that_are_too_short__are_filled_and_told(tmp_path):
    (tmp_path / "s.dat").write_text("311\n40\n", encoding="utf-8")
    data = read(_codebook(tmp_path, AGE + SEX))
    assert data.frame["SEX"].isna().tolist() == [False, True]
    assert any("1 records are shorter" in note for note in data.notes)


def test_read__codes_in_the_coding_instructions__are_found(tmp_path):
    var = (
        '<var name="Q" intrvl="discrete"><location StartPos="1" width="2"/><codInstr>01 = Yes\n02 = No</codInstr>'
        '<varFormat type="numeric"/></var><var name="INC" intrvl="contin" dcml="0"><location StartPos="3" width="3"/>'
        "<codInstr>Codes999 = N.I.U.\n998 = Missing. (1962 only)\n500 = Five hundred and more</codInstr>"
        '<varFormat type="numeric"/></var>'
    )
    (tmp_path / "s.dat").write_text("01500\n02999\n01998\n", encoding="utf-8")
    data = read(_codebook(tmp_path, var))
    assert data.labels("Q").tolist() == ["Yes", "No", "Yes"]
    assert data.missing("INC").tolist()[1:] == ["not_asked", "no_answer"]
    assert data.frame["INC"].tolist() == [500, 999, 998]


def test_read__two_codes_with_one_label__keep_both(tmp_path):
    var = (
        '<var name="Q" intrvl="discrete"><location StartPos="1" width="1"/><catgry><catValu>1</catValu><labl>Other</labl></catgry>'
        "<catgry><catValu>2</catValu><labl>Other</labl></catgry></var>"
    )
    (tmp_path / "s.dat").write_text("1\n2\n", encoding="utf-8")
    data = read(_codebook(tmp_path, var))
    assert data.frame["Q"].tolist() == ["1", "2"]
    assert data.labels("Q").tolist() == ["Other", "Other"]


def test_trap_24__ranges_of_no_values__are_kept_with_the_codes_found_in_them(tmp_path):
    var = (
        '<var name="H" intrvl="contin" dcml="0"><location StartPos="1" width="3"/><invalrng><range min="97" max="99"/>'
        '<item VALUE="-1"/></invalrng><varFormat type="numeric"/></var>'
    )
    (tmp_path / "s.dat").write_text(" 12\n 98\n -1\n100\n", encoding="utf-8")
    data = read(_codebook(tmp_path, var))
    assert data.missing("H").isna().tolist() == [True, False, False, True]
    assert set(data.codebook["H"].missing) == {"-1", "98"}
    assert [(one.low, one.high) for one in data.codebook["H"].missing_ranges] == [(97, 99)]


@pytest.mark.parametrize("name", ["s.csv", "s.csv.gz", "s.tab", "named.csv"])
def test_read__delimited_data__is_found_beside(tmp_path, name):
    sign = "\t" if ".tab" in name else ","
    content = f"age{sign}SEX{sign}more\n31{sign}1{sign}x\n40{sign}9{sign}y\n".encode()
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    path = _codebook(tmp_path, AGE + SEX, file=_file("named.csv") if name == "named.csv" else "")
    data = read(path)
    assert data.frame["AGE"].tolist() == [31, 40]
    assert data.missing("SEX").tolist()[1] == "refused"
    assert data.frame["more"].tolist() == ["x", "y"]
    assert any("does not describe: more" in note for note in data.notes)


def test_read__zeros_in_front_of_codes__may_differ_between_data_and_codebook(tmp_path):
    var = '<var name="Q" intrvl="discrete"><catgry><catValu>01</catValu><labl>Yes</labl></catgry><catgry><catValu>2</catValu><labl>No</labl></catgry></var>'
    (tmp_path / "s.csv").write_text("Q,n\n1,a\n02,b\n7,c\n", encoding="utf-8")
    assert read(_codebook(tmp_path, var)).frame["Q"].tolist() == ["01", "2", "7"]


def test_read__numbers_of_which_some_are_labelled__stay_numbers(tmp_path):
    var = '<var name="H" intrvl="contin"><catgry><catValu>0</catValu><labl>None</labl></catgry><varFormat type="numeric"/></var>'
    (tmp_path / "s.csv").write_text("H,n\n0,a\n12,b\n", encoding="utf-8")
    data = read(_codebook(tmp_path, var))
    assert data.frame["H"].tolist() == [0, 12]
    assert data.codebook["H"].labels == {"0": Text("None")}


def test_read__data_without_a_header__are_taken_in_the_order_of_the_codebook(tmp_path):
    (tmp_path / "s.csv").write_text("31,1\n40,2\n50,9\n", encoding="utf-8")
    plain = [
        var.replace('<location StartPos="1" width="2"/>', "").replace(
            '<location StartPos="3" width="1"/>', ""
        )
        for var in (AGE, SEX)
    ]
    data = read(_codebook(tmp_path, "".join(plain)))
    assert data.frame["AGE"].tolist() == [31, 40, 50]
    assert any("no header" in note for note in data.notes)


def test_read__data_of_another_codebook__are_refused(tmp_path):
    (tmp_path / "s.csv").write_text("a,b,c\nx,y,z\n", encoding="utf-8")
    assert "AGE, SEX" in _refused("read.form", _codebook(tmp_path, AGE + SEX)).expected


def test_read__languages__are_all_kept(tmp_path):
    var = (
        '<var name="Q"><labl xml:lang="en">Sex</labl><labl xml:lang="es">Sexo</labl><qstn><qstnLit xml:lang="es">¿Sexo?</qstnLit></qstn>'
        '<catgry><catValu>f</catValu><labl xml:lang="en">Woman</labl><labl xml:lang="es">Mujer</labl></catgry></var>'
    )
    (tmp_path / "s.csv").write_text("Q,n\nf,1\n", encoding="utf-8")
    data = read(_codebook(tmp_path, var, attributes='xml:lang="en"'))
    assert data.codebook["Q"].label == Text({"en": "Sex", "es": "Sexo"})
    assert data.labels("Q", "es").tolist() == ["Mujer"]
    assert data.codebook["Q"].question == Text({"es": "¿Sexo?"})
    assert data.declaration.languages == ("en", "es")


def test_read__a_codebook_without_its_data__says_what_was_looked_for(tmp_path):
    error = _refused("read.file", _codebook(tmp_path, AGE, file=_file("named.dat")))
    assert "named.dat or named.dat.gz or s.dat" in error.expected
    assert "s.csv" in error.expected


@pytest.mark.parametrize(
    "name", ["../out.dat", "/etc/passwd", "C:\\study\\out.dat", "https://example.org/out.dat"]
)
def test_read__data_named_elsewhere__are_looked_for_beside_only(tmp_path, name):
    (tmp_path / "out.dat").write_text("311\n", encoding="utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    path = _codebook(inner, AGE + SEX, file=_file(name))
    _refused("read.file", path)
    (inner / "s.dat").write_text("402\n", encoding="utf-8")
    assert read(path).frame["AGE"].tolist() == [40]


def test_read__a_file_of_several_that_is_not_there__is_passed_over_and_told(tmp_path):
    files = '<fileDscr ID="F1"><fileTxt><fileName>a.csv</fileName></fileTxt></fileDscr><fileDscr ID="F2"><fileTxt><fileName>b.csv</fileName></fileTxt></fileDscr>'
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    data = read(
        _codebook(
            tmp_path,
            '<var name="x" files="F1"/><var name="y" files="F1"/><var name="z" files="F2"/>',
            file=files,
        )
    )
    assert list(data.tables) == ["a"]
    assert any('"b.csv" is not there: its 1 variables' in note for note in data.notes)


@pytest.mark.parametrize(
    "content",
    [
        b'<codeBook xmlns="ddi:codebook:2_5"><dataDscr>',
        b"<codeBook></codeBook>",
        b'<!DOCTYPE c [<!ENTITY a "b">]><codeBook>&a;</codeBook>',
    ],
)
def test_read__a_broken_codebook__is_told(tmp_path, content):
    (tmp_path / "s.xml").write_bytes(content)
    assert _refused("read.file", tmp_path / "s.xml").where.file


def test_read__places_far_outside_of_the_records__are_refused(tmp_path):
    (tmp_path / "s.dat").write_text("1\n" * 100, encoding="utf-8")
    var = '<var name="X"><location StartPos="9000000" width="2"/></var>'
    _refused("read.limit", _codebook(tmp_path, var))


def test_read__bytes_count_for_places(tmp_path):
    var = '<var name="N"><location StartPos="1" width="5"/></var><var name="X" intrvl="contin"><location StartPos="6" width="2"/><varFormat type="numeric"/></var>'
    path = _codebook(tmp_path, var)
    (tmp_path / "s.dat").write_bytes("niño 12\nana  34\n".encode("latin-1"))
    assert read(path).frame["N"].tolist() == ["niño", "ana"]
    assert read(path).frame["X"].tolist() == [12, 34]


def test_read_fixed__data_and_codebook_in_two_places__come_together(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "other.dat").write_text("311\n402\n", encoding="utf-8")
    path = _codebook(tmp_path / "b", AGE + SEX, file=_file("s.dat"))
    assert read_fixed(tmp_path / "a" / "other.dat", path).main.frame["AGE"].tolist() == ["31", "40"]


@pytest.mark.real
@pytest.mark.parametrize("name", ["ipums_cps_00006", "ipums_cps_00157"])
def test_real__ipums__reads_to_its_shape_with_reasons(shared, name):
    data = read(shared / "real" / "ddi" / f"{name}.xml")
    assert data.frame.shape == (7668, 8)
    # Income is the last column: 9...9 is "not in universe", 9...98 "missing"; told here by the bytes alone.
    lines = gzip.decompress((shared / "real" / "ddi" / f"{name}.dat.gz").read_bytes()).split()
    nines = b"9" * (8 if name.endswith("6") else 9)
    asked = {"not_asked": sum(one.endswith(nines) for one in lines)}
    asked["no_answer"] = sum(one.endswith(nines[:-1] + b"8") for one in lines)
    assert data.missing("INCTOT").value_counts().to_dict() == asked
    assert data.labels("STATEFIP").unique().tolist()[0] == "Wisconsin"


@pytest.mark.real
def test_real__ipums__fixed_width_is_its_csv_cell_by_cell(shared, tmp_path):
    folder = shared / "real" / "ddi"
    found = read(folder / "ipums_cps_00006.xml")
    csv = pd.read_csv(folder / "ipums_cps_00006.csv.gz")
    assert list(found.frame.columns) == list(csv.columns)
    for name in csv.columns:
        pd.testing.assert_series_equal(
            found.frame[name].astype("float64"), csv[name].astype("float64"), check_exact=True
        )
    for suffix in (".xml", ".csv.gz"):
        (tmp_path / f"cps{suffix}").write_bytes((folder / f"ipums_cps_00006{suffix}").read_bytes())
    by_csv = read(tmp_path / "cps.xml")
    assert by_csv.provenance[0].startswith("read cps.csv.gz")
    for name in csv.columns:
        pd.testing.assert_series_equal(by_csv.frame[name], found.frame[name], check_dtype=False)


@pytest.mark.real
def test_real__survey2ddi__reads_to_its_shape(shared):
    data = read(shared / "real" / "ddi" / "survey2ddi_101.xml", personal="keep")
    assert data.frame.shape == (2, 4)
    assert data.labels("consent").tolist() == ["Yes", "No"]


@pytest.mark.real
@pytest.mark.parametrize("name", ["dataverse_exportfull", "dataverse_samplestudyddifull"])
def test_real__codebooks_without_data__say_so(shared, name):
    _refused("read.file", shared / "real" / "ddi" / f"{name}.xml")
