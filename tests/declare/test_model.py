from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Discriminator, ValidationError

from volresearch.declare import Code, Declared, FrozenMap, TextField, json_schema, read
from volresearch.errors import VolResearchError
from volresearch.text import Text


class Item(Declared):
    name: str
    labels: Mapping[Code, TextField] = FrozenMap()
    size: float | None = None


class Census(Declared):
    kind: Literal["census"]
    weights: str | None = None


class Sample(Declared):
    kind: Literal["sample"]
    strata: str | None = None


class Paper(Declared):
    title: TextField
    kind: Literal["survey", "facts"] = "survey"
    items: tuple[Item, ...] = ()
    codes: tuple[Code, ...] = ()
    design: Annotated[Census | Sample, Discriminator("kind")] | None = None


def write(folder: Path, text: str) -> Path:
    path = folder / "paper.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_read__good_file__gives_frozen_model(tmp_path: Path) -> None:
    paper = read(
        Paper,
        write(
            tmp_path,
            "title: {en: Hours, es: Horas}\nitems:\n  - {name: a, labels: {1: Yes, NO: No}}\ncodes: [1, 08]\n",
        ),
    )
    assert paper.title == Text({"en": "Hours", "es": "Horas"})
    assert paper.codes == ("1", "08")
    assert dict(paper.items[0].labels)["NO"] == Text("No")
    with pytest.raises(ValidationError):
        paper.kind = "facts"  # type: ignore[misc]
    with pytest.raises(TypeError):
        paper.items[0].labels["1"] = Text("Maybe")  # type: ignore[index]


def test_read__many_faults__tells_all_with_line_path_and_near_name(tmp_path: Path) -> None:
    text = "titel: x\nkind: fact\nitems:\n  - {name: a, lables: {}}\n  - {name: 5}\n  - {size: '3'}\n"
    with pytest.raises(VolResearchError) as caught:
        read(Paper, write(tmp_path, text))
    lines = str(caught.value).splitlines()
    assert any('paper.yaml:1 titel  unknown key "titel", did you mean "title"' in line for line in lines)
    assert any('the key "title" is missing' in line for line in lines)
    assert any(":2 kind" in line and 'did you mean "facts"?' in line for line in lines)
    assert any(":4 items[0].lables" in line and 'did you mean "labels"?' in line for line in lines)
    assert any(":5 items[1].name  expected text, found 5" in line for line in lines)
    assert any(":6 items[2].name" in line for line in lines)
    assert any(":6 items[2].size  expected a valid number, found '3'" in line for line in lines)
    assert {item.code for item in caught.value.faults} == {"declare.invalid"}


@pytest.mark.parametrize(
    ("design", "said"),
    [
        ("{kind: sampel}", 'design  kind "sampel" is not one of census, sample, did you mean "sample"?'),
        ("{weights: w}", 'design  the key "kind" is missing'),
        ("census", "design  expected a mapping such as {key: value}, found 'census'"),
        ("{kind: census, strata: a}", 'design.strata  unknown key "strata"'),
        ("{kind: sample, strat: a}", 'design.strat  unknown key "strat", did you mean "strata"?'),
        ("{kind: census, weights: [a]}", "design.weights  expected text, found ('a',)"),
    ],
)
def test_read__one_of_several_shapes__says_what_fits(tmp_path: Path, design: str, said: str) -> None:
    with pytest.raises(VolResearchError) as caught:
        read(Paper, write(tmp_path, f"title: x\ndesign: {design}\n"))
    assert f"paper.yaml:2 {said}" in str(caught.value)


def test_read__one_word_for_a_list__asks_for_a_list(tmp_path: Path) -> None:
    with pytest.raises(VolResearchError, match=r"expected a list such as \[a, b\], found 'es'"):
        read(Paper, write(tmp_path, "title: x\ncodes: es\n"))


@pytest.mark.parametrize("title", ["[a]", "''", "{}", "{english: x}", "{en: 5}", "{en: ''}", "5"])
def test_text_field__not_a_text__is_a_fault(tmp_path: Path, title: str) -> None:
    with pytest.raises(VolResearchError) as caught:
        read(Paper, write(tmp_path, f"title: {title}\n"))
    assert caught.value.where.path == "title"


def test_code__decimal__asks_for_quotes(tmp_path: Path) -> None:
    with pytest.raises(VolResearchError, match="in quotes"):
        read(Paper, write(tmp_path, "title: x\ncodes: [1.0]\n"))


def test_document__not_a_mapping__is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(VolResearchError):
        read(Paper, write(tmp_path, "- a\n"))


def test_frozen_map__copied_and_pickled__stays_equal_and_frozen() -> None:
    one = FrozenMap({"a": 1})
    for other in (copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert other == one
        assert hash(other) == hash(one)
        for change in (
            lambda m: m.update(b=2),
            lambda m: m.pop("a"),
            lambda m: m.clear(),
            lambda m: m.__ior__({}),
        ):
            with pytest.raises(TypeError):
                change(other)


def test_json_schema__of_a_model__accepts_what_the_model_accepts() -> None:
    import jsonschema

    schema = json_schema(Paper)
    good = {"title": {"en": "x"}, "items": [{"name": "a", "labels": {"1": "Yes"}}], "codes": [1, "08"]}
    jsonschema.validate(good, schema)
    for bad in ({"title": 5}, {"title": "x", "kidn": "facts"}, {"items": []}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(bad, schema)
