from __future__ import annotations

import pytest

from volresearch.datasets import Codebook, Variable
from volresearch.errors import VolResearchError
from volresearch.harmonize import Crosswalk, Rule, compare_codebooks
from volresearch.text import Text


def book(*variables):
    return Codebook(variables=variables)


def aspects(*books, **options):
    return [(one.variable, one.aspect, one.code) for one in compare_codebooks(books, **options).found]


SEX = Variable(
    name="sex", type="code", label="Sex", labels={"1": "Men", "2": "Women"}, missing={"9": "refused"}
)


def test_compare_codebooks__equal__finds_nothing():
    assert aspects(book(SEX), book(SEX)) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"label": "Gender"}, [("sex", "label", "")]),
        ({"labels": {"1": "Women", "2": "Women"}}, [("sex", "code", "1")]),
        ({"labels": {"1": "Men", "2": "Women", "3": "Other"}}, [("sex", "codes", "3")]),
        ({"type": "integer"}, [("sex", "type", "")]),
        ({"missing": {"8": "refused"}}, [("sex", "missing", "")]),
        ({"unit": "x"}, [("sex", "unit", "")]),
        ({"question": Text("Are you?")}, []),
    ],
)
def test_compare_codebooks__one_change__is_marked_as_what_it_is(change, expected):
    assert aspects(book(SEX), book(Variable(**{**dict(SEX), **change}))) == expected


def test_compare_codebooks__absent_variable__is_marked():
    found = compare_codebooks([book(SEX), book()])
    assert [(one.aspect, one.said) for one in found.found] == [("absent", ("sex", ""))]
    assert found.wide["codebook 2"].tolist() == ["–"]
    assert found.table["present"].tolist() == [True, False]


def test_compare_codebooks__other_languages__are_compared_in_one_they_share():
    one = Variable(name="sex", type="code", labels={"1": Text({"es": "Hombre", "en": "Man"})})
    two = Variable(name="sex", type="code", labels={"1": Text({"es": "Hombre", "fr": "Homme"})})
    three = Variable(name="sex", type="code", labels={"1": Text({"km": "ប្រុស"})})
    assert aspects(book(one), book(two)) == []
    assert aspects(book(one), book(three)) == [("sex", "language", "1")]


def test_compare_codebooks__with_a_crosswalk__matches_by_target():
    crosswalk = Crosswalk((Rule("sexo", "1", "sex", "m", "a"), Rule("q1", "1", "sex", "m", "b")))
    one = SEX.model_copy(update={"name": "sexo"})
    two = SEX.model_copy(update={"name": "q1", "label": Text("Gender")})

    class Named(Codebook):
        id: str

    books = [Named(variables=(variable,), id=name) for name, variable in (("a", one), ("b", two))]
    found = compare_codebooks(books, crosswalk=crosswalk)
    assert found.variables == ("sex",)
    assert found.differences["aspect"].tolist() == ["label"]
    assert found.table["name"].tolist() == ["sexo", "q1"]


def test_compare_codebooks__html__marks_with_a_legend_and_escapes():
    odd = SEX.model_copy(update={"label": Text("<b>Gender")})
    html = compare_codebooks([book(SEX), book(odd)])._repr_html_()
    assert "<b>" not in html
    assert "L another label" in html
    assert "&lt;b&gt;Gender" in html


def test_compare_codebooks__datasets__are_named_by_id(make_dataset):
    one = make_dataset({"a": ["1"]}, Variable(name="a"), id="local.peru")
    two = make_dataset({"a": ["1"]}, Variable(name="a"), id="local.peru")
    assert compare_codebooks([one, two]).sources == ("local.peru", "local.peru (2)")


def test_compare_codebooks__one__is_refused():
    with pytest.raises(VolResearchError) as told:
        compare_codebooks([book(SEX)])
    assert told.value.code == "harmonize.compare"
