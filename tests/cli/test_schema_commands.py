from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from volresearch.api import DECLARATIONS
from volresearch.cli import cli
from volresearch.declare import load

DATASETS = sorted((Path(__file__).parents[2] / "datasets").glob("*.yaml"))


def run(*words):
    return CliRunner().invoke(cli, ["schema", *words], prog_name="volresearch")


@pytest.mark.parametrize("kind", DECLARATIONS)
def test_schema__each_kind__is_a_valid_schema(kind):
    schema = json.loads(run(kind).output)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("path", DATASETS, ids=lambda path: path.stem)
def test_schema__dataset__accepts_the_datasets_of_the_core(path):
    schema = json.loads(run("dataset").output)
    data = json.loads(json.dumps(load(path).data))
    jsonschema.validate(data, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**data, "license": "MIT"}, schema)


def test_schema__no_kind__all_of_them_by_name():
    assert set(json.loads(run().output)) == set(DECLARATIONS)


def test_schema__unknown_kind__suggests_the_near_one():
    done = run("datast")
    assert done.exit_code == 1
    assert 'Did you mean "dataset"?' in done.output
