from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from volresearch.plugins import KINDS, DatasetRecord, PluginInfo


def test_record__path_as_text__becomes_path():
    assert DatasetRecord("kenya.facts", path="datasets/facts.yaml").path == Path("datasets/facts.yaml")


def test_record__changed__refuses():
    with pytest.raises(dataclasses.FrozenInstanceError):
        DatasetRecord("kenya.facts").id = "peru.facts"


def test_plugin_info__given_lists_and_dict__holds_nothing_that_can_change():
    title = {"en": "Kenya"}
    info = PluginInfo("kenya", title=title, api=[0, 1], languages=["en", "sw"])
    title["en"] = "changed"
    assert info.title["en"] == "Kenya"
    assert (info.api, info.languages) == ((0, 1), ("en", "sw"))
    hash(info)


def test_kinds__every_record_class__is_its_own():
    assert len(set(KINDS.values())) == len(KINDS) == 7
