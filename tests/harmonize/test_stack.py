from __future__ import annotations

import pytest

from volresearch.datasets import Variable
from volresearch.errors import VolResearchError
from volresearch.harmonize import Crosswalk, Rule, harmonize, stacked

SEX = Variable(
    name="sex", type="code", label="Sex", labels={"m": "Men", "f": "Women"}, missing={"9": "refused"}
)
AGE = Variable(name="age", type="integer", missing={"99": "dont_know"}, unit="years")
KEY = {
    "age": "15+", "reference_period": "4 weeks", "volunteering": "any", "family_help": "excluded", "mode": "face_to_face",
    "vintage": "1", "survey": "x",
}  # fmt: skip


def measured(**changes):
    from volresearch.datasets.declaration import MeasurementDeclaration

    return MeasurementDeclaration(**{**KEY, **changes})


@pytest.fixture
def two(make_dataset):
    def make(first=None, second=None, **more):
        one = make_dataset({"sex": ["m", "9"], "age": [20, 99], "w": [1.0, 3.0]}, SEX, AGE, id="local.peru",
                           **{"measurement": measured(), **(first or {}), **more})  # fmt: skip
        other = make_dataset({"sex": ["f", None], "w": [2.0, 4.0], "s": ["a", "b"]}, SEX, id="local.kenya",
                             **{"measurement": measured(), **(second or {}), **more})  # fmt: skip
        return [one, other]

    return make


def refused(*given, **options):
    with pytest.raises(VolResearchError) as told:
        stacked(*given, **options)
    return told.value


def test_stacked__two__keeps_every_kind_of_missing(two):
    made = stacked(two(), ["sex", "age"])
    assert made.frame["dataset_id"].tolist() == ["local.peru"] * 2 + ["local.kenya"] * 2
    assert made.values("sex").tolist()[::2] == ["m", "f"]
    assert made.missing("sex").tolist()[1::2] == ["refused", "no_answer"]
    assert made.missing("age").tolist()[1:] == ["dont_know", "not_in_version", "not_in_version"]
    assert made.codebook["dataset_id"].labels["local.kenya"]


def test_stacked__a_variable_that_one_lacks__keeps_its_type(make_dataset):
    when = Variable(name="when", type="date")
    one = make_dataset(
        {"age": [20, 30], "when": ["2025-01-01", "2025-01-02"], "sex": ["m", "f"]},
        AGE,
        when,
        SEX,
        id="local.a",
    )
    other = make_dataset({"sex": ["f", "m"]}, SEX, id="local.b")
    made = stacked([one, other], ["sex", "age", "when"])
    assert made.frame["age"].dtype == "float64"
    assert made.frame["when"].dtype.kind == "M"
    assert made.values("age").sum() == 50
    assert made.missing("when").tolist()[2:] == ["not_in_version"] * 2


def test_stacked__reference_periods_differ__is_refused_in_words(two):
    many = two(second={"measurement": measured(reference_period="12 months")})
    error = refused(many, ["sex"])
    assert error.code == "harmonize.compare"
    assert "reference period: 4 weeks against 12 months" in error.got
    made = stacked(many, ["sex"], anyway="for the appendix on wording")
    assert any("for the appendix on wording" in note for note in made.notes)
    assert "for the appendix on wording" in made.provenance[0]
    assert made.measurement.reference_period == "unknown"


def test_stacked__age_ranges_differ__is_noted_never_silent(two):
    made = stacked(two(second={"measurement": measured(age="18+")}), ["sex"])
    assert any("age range: 15+ against 18+" in note for note in made.notes)


def test_stacked__nothing_known_of_the_measurement__is_noted(make_dataset):
    many = [make_dataset({"sex": ["m"]}, SEX, id=name) for name in ("local.a", "local.b")]
    assert any("Not stated for either: reference period" in note for note in stacked(many, ["sex"]).notes)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"labels": {"m": "Women", "f": "Men"}}, "a code means something else"),
        ({"type": "text", "labels": {}}, "another type"),
        ({"unit": "years"}, "another unit"),
    ],
)
def test_stacked__variables_that_are_not_one__are_refused(two, make_dataset, change, words):
    one = two()[0]
    other = make_dataset(
        {"sex": ["m"]}, Variable(**{**dict(SEX), **change}), id="local.b", measurement=measured()
    )
    assert words in refused([one, other], ["sex"]).message


def test_stacked__synthetic_and_observed__are_refused(two):
    assert "invented" in refused(two(first={"synthetic": True}), ["sex"]).got


def test_stacked__probability_designs__strata_and_units_are_told_apart(two):
    design = {"kind": "probability", "weights": "w"}
    one, other = two()
    one, other = one.declared(design=design), other.declared(design={**design, "strata": "s"})
    made = stacked([one, other], ["sex"])
    assert made.frame["weight"].tolist() == [1, 3, 2, 4]
    assert made.frame["stratum"].tolist() == ["local.peru"] * 2 + ["local.kenya:a", "local.kenya:b"]
    assert made.design.strata == "stratum"
    assert made.design.psu is None


def test_stacked__units_in_one_only__every_row_of_the_other_is_a_unit(two):
    one, other = two()
    one = one.declared(design={"kind": "probability", "weights": "w"})
    other = other.declared(design={"kind": "probability", "weights": "w", "psu": "s"})
    frame = stacked([one, other], ["sex"]).frame
    assert frame["psu"].tolist() == ["local.peru:row 0", "local.peru:row 1", "local.kenya:a", "local.kenya:b"]


def test_stacked__designs_of_two_kinds__there_is_none_and_a_note(two):
    one, other = two()
    made = stacked([one.declared(design={"kind": "census"}), other], ["sex"])
    assert made.design is None
    assert any("none declared" in note for note in made.notes)


def test_stacked__nonprobability_with_weights_in_one__weights_are_left_out_with_a_note(two):
    one, other = two()
    one = one.declared(design={"kind": "nonprobability", "how": "online", "weights": "w"})
    made = stacked([one, other.declared(design={"kind": "nonprobability", "how": "online"})], ["sex"])
    assert made.design.how == "online"
    assert "weight" not in made.frame
    assert any("Weights are left out" in note for note in made.notes)


def test_stacked__harmonized_without_names__takes_what_was_added(two):
    crosswalk = Crosswalk((Rule("sex", "m", "man", "yes"), Rule("sex", "f", "man", "no")))
    made = stacked([harmonize(one, crosswalk) for one in two()])
    assert made.values("man").tolist()[::2] == ["yes", "no"]
    assert made.recodes.groupby("dataset")["n"].sum().to_dict() == {"local.kenya": 2, "local.peru": 2}


def test_stacked__lazy_datasets__are_brought_by_column(make_dataset):
    many = [make_dataset({"sex": ["m", None]}, SEX, id=name, lazy=True) for name in ("local.a", "local.b")]
    assert stacked(many, ["sex"]).values("sex").tolist()[::2] == ["m", "m"]


def test_stacked__wrong_calls__are_told(two, make_dataset):
    one, other = two()
    assert "at least two" in refused([one], ["sex"]).message
    assert "one id" in refused([one, one], ["sex"]).message
    assert refused([one, other], ["sexx"]).code == "dataset.variable"
    assert "none was harmonized" in refused([one, other]).message
    organization = make_dataset({"sex": ["m"]}, SEX, id="local.o", unit="organization")
    assert "different kinds or units" in refused([one, organization], ["sex"]).message
