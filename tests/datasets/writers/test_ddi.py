"""DDI-Codebook with its data: valid, in all languages, without counts, and equal when it is read back."""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from volresearch.datasets.codebook import MissingRange, Variable
from volresearch.datasets.readers import read
from volresearch.datasets.writers import write, written
from volresearch.errors import VolResearchError
from volresearch.text import Text

_spec = importlib.util.spec_from_file_location("datasets_made", Path(__file__).with_name("datasets_made.py"))
made = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made)
etree = pytest.importorskip("lxml.etree")

#: The order of the schema, as far as we write it.
ORDER = {
    "codeBook": ["docDscr", "stdyDscr", "fileDscr", "dataDscr"],
    "stdyDscr": ["citation", "stdyInfo", "method", "dataAccs", "notes"],
    "citation": ["titlStmt", "prodStmt", "verStmt", "biblCit"],
    "titlStmt": ["titl", "parTitl", "IDNo"],
    "stdyInfo": ["abstract", "sumDscr"],
    "sumDscr": ["anlyUnit", "universe", "dataKind"],
    "method": ["dataColl", "anlyInfo"],
    "dataColl": ["sampProc", "collMode", "weight"],
    "useStmt": ["restrctn", "conditions"],
    "fileDscr": ["fileTxt", "notes"],
    "fileTxt": ["fileName", "fileCont", "fileStrc", "dimensns", "fileType", "format"],
    "dimensns": ["caseQnty", "varQnty"],
    "var": ["labl", "qstn", "invalrng", "txt", "catgry", "varFormat", "notes"],
    "catgry": ["catValu", "labl"],
    "docDscr": ["citation"],
    "prodStmt": ["software"],
    "verStmt": ["version"],
    "dataAccs": ["useStmt"],
    "anlyInfo": ["respRate"],
    "qstn": ["qstnLit"],
    "invalrng": ["item", "range"],
    "fileStrc": ["recGrp"],
    "dataDscr": ["var"],
}


def _tag(element):
    return element.tag.rpartition("}")[2]


def _faults(path):
    """Return what breaks the order of the schema, doubled identifiers, and references to none."""
    root = etree.parse(path).getroot()
    ids = [one.get("ID") for one in root.iter() if one.get("ID")]
    out = [f"{one} twice" for one in set(ids) if ids.count(one) > 1]
    for element in root.iter():
        names = [_tag(one) for one in element]
        allowed = ORDER.get(_tag(element))
        if allowed is None and names:
            out.append(f"unknown parent {_tag(element)}")
        places = [allowed.index(one) if one in allowed else -1 for one in names] if allowed else []
        if -1 in places or places != sorted(places):
            out.append(f"order in {_tag(element)}: {names}")
        out += [
            f"{key} leads nowhere"
            for key in ("files", "keyvar")
            if element.get(key) and element.get(key) not in ids
        ]
    return out


def _people(**more):
    frame = pd.DataFrame(
        {
            "key": pd.Series(["a", "b"], dtype="str"),
            "sex": pd.Series(["-oth-", None], dtype="str"),
            "sex__why": pd.Series([None, "not_asked"], dtype="str"),
            "hours": [31.0, 99.0],
            "w": [1.5, 0.5],
        }
    )
    variables = [
        Variable(name="key"),
        Variable(name="sex", type="code", label=Text({"en": "Sex", "km": "ភេទ", "ar": "الجنس"}),
                 labels={"-oth-": Text({"en": "Other", "km": "ផ្សេង"})}, question=Text({"en": "What is your sex?"}), note=Text("A note")),
        Variable(name="hours", type="number", unit="hours", labels={"99": Text("No answer")}, missing={"99": "refused"},
                 missing_ranges=(MissingRange(low=97, high=99, reason="refused"),)),
        Variable(name="w", type="number"),
    ]  # fmt: skip
    return frame, variables, more


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(dataset=made.datasets())
def test_law__any_dataset_as_ddi__is_in_order_and_comes_back_equal(dataset, tmp_path):
    path = write(dataset, Path(tempfile.mkdtemp(dir=tmp_path)) / "people.xml", "ddi", purpose="a test")
    assert _faults(path) == []
    made.assert_same(dataset, read(path, personal="keep"))


@pytest.mark.real
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(dataset=made.datasets())
def test_law__any_dataset_as_ddi__is_valid_by_the_schema_of_the_alliance(dataset, tmp_path, shared):
    path = write(dataset, Path(tempfile.mkdtemp(dir=tmp_path)) / "people.xml", "ddi", purpose="a test")
    _schema(shared).assertValid(etree.parse(path))


def _schema(shared):
    return etree.XMLSchema(
        etree.parse(shared / "real" / "ddi" / "xsd-2.5" / "codebook.xsd", etree.XMLParser(no_network=True))
    )


@pytest.mark.real
def test_write__a_survey_with_all_it_may_declare__is_valid(tmp_path, shared):
    frame, variables, _ = _people()
    kids = pd.DataFrame({"key": pd.Series(["a"], dtype="str"), "age": [3]})
    variables += [Variable(name="key", table="kids"), Variable(name="age", type="integer", table="kids")]
    dataset = made.made(
        {"people": frame, "kids": kids},
        variables,
        description=Text({"en": "About", "es": "Sobre"}),
        citation="Cite it",
    )
    dataset = dataset.declared(
        design={"kind": "probability", "weights": "w", "strata": "sex", "population": {"en": "Adults"},
                "response": {"eligible": 10, "responded": 2, "definition": "RR1"}},
        measurement={"mode": "face_to_face"},
    )  # fmt: skip
    path = write(dataset, tmp_path / "people.xml", "ddi", purpose="a test")
    assert _faults(path) == []
    _schema(shared).assertValid(etree.parse(path))
    assert read(path).design == dataset.design


def test_write__a_variable__says_labels_missing_and_question_in_all_languages(tmp_path):
    frame, variables, _ = _people()
    path = write(
        made.made({"people": frame}, variables), tmp_path / "people.xml", "ddi", purpose="a test", lang="en"
    )
    root = etree.parse(path).getroot()
    vars = {one.get("name"): one for one in root.iter("{*}var")}
    labels = {
        one.get("{http://www.w3.org/XML/1998/namespace}lang"): one.text
        for one in vars["sex"].findall("{*}labl")
    }
    assert labels == {"en": "Sex", "km": "ភេទ", "ar": "الجنس"}
    answers = {
        one.findtext("{*}catValu"): (one.get("missing"), one.get("missType"))
        for one in vars["sex"].findall("{*}catgry")
    }
    assert answers == {"'-oth-": (None, None), "[not_asked]": ("Y", "not_asked")}
    assert vars["sex"].findtext("{*}qstn/{*}qstnLit") == "What is your sex?"
    invalid = vars["hours"].find("{*}invalrng")
    assert [dict(one.attrib) for one in invalid] == [
        {"VALUE": "99", "UNITS": "INT"},
        {"min": "97", "max": "99"},
    ]
    assert vars["hours"].get("measUnit") == "hours"
    assert root.findtext("{*}stdyDscr/{*}dataAccs/{*}useStmt/{*}restrctn") == "Personal data, not for release"
    assert root.findtext("{*}fileDscr/{*}fileTxt/{*}dimensns/{*}caseQnty") == "2"


def test_write__answers_of_persons__are_not_counted_in_the_codebook(tmp_path):
    frame, variables, _ = _people()
    path = write(made.made({"people": frame}, variables), tmp_path / "people.xml", "ddi", purpose="a test")
    tags = {_tag(one) for one in etree.parse(path).getroot().iter()}
    assert not tags & {"catStat", "sumStat", "valrng"}
    assert "31" not in path.read_text(encoding="utf-8")


def test_write__labels_that_another_program_changed__are_read_as_they_are_now(tmp_path):
    frame, variables, _ = _people()
    path = write(made.made({"people": frame}, variables), tmp_path / "people.xml", "ddi", purpose="a test")
    path.write_text(path.read_text(encoding="utf-8").replace(">Other<", ">Another<"), encoding="utf-8")
    back = read(path)
    assert back.codebook["sex"].labels["-oth-"].get_in("en") == "Another"
    assert back.missing("sex").tolist()[1] == "not_asked"


def test_write__control_signs__are_left_out_and_told(tmp_path):
    dataset = made.made(
        {"people": pd.DataFrame({"a": [1]})},
        [Variable(name="a", type="integer", label=Text({"en": "bad\x07sign"}))],
    )
    said = written(dataset, tmp_path / "people.xml", "ddi", purpose="a test")
    assert said.losses == ("Control signs are left out of 'bad\\x07sign'.",)
    assert read(said.path).codebook["a"].label.get_in("en") == "badsign"


def test_write__a_data_file_of_somebody_else__is_not_replaced(tmp_path):
    frame, variables, _ = _people()
    (tmp_path / "people.personal.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(VolResearchError) as error:
        write(
            made.made({"people": frame}, variables),
            tmp_path / "people.xml",
            "ddi",
            purpose="x",
            overwrite=True,
        )
    assert error.value.code == "export.exists"
    assert (tmp_path / "people.personal.csv").read_text(encoding="utf-8") == "mine"
    assert [one.name for one in tmp_path.iterdir()] == ["people.personal.csv"]
