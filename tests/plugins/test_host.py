from __future__ import annotations

import types

import pytest

from volresearch.errors import VolResearchError
from volresearch.plugins import DatasetRecord, Host, PluginInfo, hookimpl


def module(name, **hooks):
    """Make a plugin of functions, as a module is one."""
    made = types.ModuleType(name)
    given = {"volresearch_plugin": lambda: PluginInfo(name), **hooks}
    for hook, function in given.items():
        setattr(made, hook, hookimpl(function))
    return made


def test_load__always__built_in_plugin_first_and_ok():
    first = Host.load(select=[]).plugins[0]
    assert (first.name, first.status, first.cause) == ("core", "ok", "")


def test_load__selected_plugin_is_not_installed__is_listed_with_the_near_name(tmp_path):
    state = Host.load(select=["cor"], path=[str(tmp_path)]).plugin("cor")
    assert state.status == "broken"
    assert (state.cause, state.hint) == ("It is selected, but not installed.", 'Did you mean "core"?')


def test_load__twice__two_hosts_that_share_nothing():
    one, two = Host.load(select=[]), Host.of({"kenya": module("kenya")})
    assert [state.name for state in one.plugins if state.status == "ok"] == ["core"]
    assert [state.name for state in two.plugins] == ["kenya"]


def test_records__of_two_plugins__know_their_plugin():
    record = DatasetRecord("kenya.a", target="kenya:a")
    host = Host.of({"peru": module("peru"), "kenya": module("kenya", volresearch_datasets=lambda: [record])})
    assert host.records("datasets") == (record,)
    assert host.plugin_of(record).name == "kenya"
    assert host.records("reports") == ()


def test_records__unknown_kind__is_refused():
    with pytest.raises(ValueError, match="no kind of record"):
        Host.of({}).records("dataset")


def test_plugin__unknown_name__suggests_the_near_one():
    with pytest.raises(VolResearchError, match='Did you mean "kenya"') as caught:
        Host.of({"kenya": module("kenya")}).plugin("kenia")
    assert caught.value.code == "plugin.unknown"


def test_state__version_left_out__is_that_of_the_distribution():
    core = Host.load(select=[]).plugin("core")
    assert core.info.version == core.version != ""
