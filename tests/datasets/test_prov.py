from __future__ import annotations

import json
from pathlib import Path

import pytest

from volresearch.datasets import Dataset, DatasetDeclaration
from volresearch.datasets.declaration import TableDeclaration
from volresearch.datasets.prov import prov_json
from volresearch.datasets.provenance import Source, Step
from volresearch.text import Text

DATA = Source("survey.csv", "a" * 64, 120)
FORM = Source("form.xlsx", "b" * 64, 4_000, role="form")


def made(*steps: Step | str) -> Dataset:
    import pandas as pd

    declaration = DatasetDeclaration(
        id="t.people", kind="survey", version="2", title=Text("People"), unit="person", licence="CC0",
        tables={"people": TableDeclaration(path="people.csv", sha256="a" * 64)},
    )  # fmt: skip
    return Dataset(
        declaration, {"people": pd.DataFrame({"name": ["Ana Ruiz"]})}, sha256="a" * 64, provenance=steps
    )


@pytest.fixture
def document() -> dict:
    return prov_json(
        made(
            Step(
                "read survey.csv as csv",
                "read",
                used=(DATA,),
                details={"rows": 3, "options": {"encoding": "UTF-8"}},
            ),
            Step("laid the form over it", "form", used=(FORM, DATA)),
            "recoded sex",
        )
    )


def _references(document: dict) -> list[tuple[str, str]]:
    kinds = {
        "prov:activity": "activity", "prov:entity": "entity", "prov:agent": "agent",
        "prov:generatedEntity": "entity", "prov:usedEntity": "entity",
    }  # fmt: skip
    relations = [name for name in document if name not in {"prefix", "entity", "activity", "agent"}]
    return [
        (kinds[role], named)
        for relation in relations
        for members in document[relation].values()
        for role, named in members.items()
    ]


def test_prov_json__three_steps__every_reference_resolves(document: dict) -> None:
    references = _references(document)
    assert len(references) > 20
    assert [one for one in references if one[1] not in document[one[0]]] == []


def test_prov_json__all_names__have_a_declared_prefix(document: dict) -> None:
    for kind in ("entity", "activity", "agent"):
        assert {name.split(":")[0] for name in document[kind]} <= set(document["prefix"])


def test_prov_json__each_step__made_one_state_from_the_one_before(document: dict) -> None:
    made_by = {one["prov:entity"]: one["prov:activity"] for one in document["wasGeneratedBy"].values()}
    assert made_by == {f"data:state-{n}": f"data:step-{n}" for n in (1, 2, 3)}
    derived = {
        (one["prov:generatedEntity"], one["prov:usedEntity"]) for one in document["wasDerivedFrom"].values()
    }
    assert ("data:state-3", "data:state-2") in derived
    assert ("data:state-1", f"vr:file-{'a' * 64}") in derived


def test_prov_json__a_file_used_twice__is_one_entity_with_hash_and_size(document: dict) -> None:
    files = {name: one for name, one in document["entity"].items() if one["prov:type"] == "vr:file"}
    assert len(files) == 2
    assert files[f"vr:file-{'a' * 64}"]["vr:size"] == 120
    assert {one["vr:role"] for one in files.values()} == {"data", "form"}


def test_prov_json__software__is_the_agent_of_every_step(document: dict) -> None:
    from volresearch import __version__

    (agent,) = document["agent"].values()
    assert agent["vr:version"] == __version__
    assert len(document["wasAssociatedWith"]) == 3


def test_prov_json__last_state__is_the_dataset_by_id_version_and_hash(document: dict) -> None:
    last = document["entity"]["data:state-3"]
    assert (last["vr:id"], last["vr:version"], last["vr:sha256"]) == ("t.people", "2", "a" * 64)


def test_prov_json__same_dataset__gives_the_same_text(document: dict) -> None:
    again = prov_json(made(Step("read", "read", used=(DATA,), details={"b": 1, "a": (1, 2)})))
    twice = prov_json(made(Step("read", "read", used=(DATA,), details={"a": [1, 2], "b": 1})))
    assert json.dumps(again) == json.dumps(twice)


def test_prov_json__details__are_plain_json(document: dict) -> None:
    assert json.loads(document["activity"]["data:step-1"]["vr:details"]) == {
        "rows": 3,
        "options": {"encoding": "UTF-8"},
    }


def test_prov_json__values_and_folders__stand_nowhere_in_it(document: dict) -> None:
    text = json.dumps(document, ensure_ascii=False)
    assert "Ana Ruiz" not in text
    assert str(Path.cwd()) not in text
    assert str(Path.home()) not in text


def test_prov_json__no_step__still_names_the_dataset() -> None:
    document = prov_json(made())
    assert [one["vr:id"] for one in document["entity"].values()] == ["t.people"]
