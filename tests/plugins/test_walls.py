from __future__ import annotations

import types

import pytest

from volresearch.plugins import API, DatasetRecord, FolderPlugin, Host, PluginInfo, hookimpl


def module(name, **hooks):
    """Make a plugin of functions, as a module is one."""
    made = types.ModuleType(name)
    given = {"volresearch_plugin": lambda: PluginInfo(name), **hooks}
    for hook, function in given.items():
        setattr(made, hook, hookimpl(function))
    return made


def state_of(plugin, name="kenya"):
    return Host.of({name: plugin}).plugin(name)


def cause_of(plugin, name="kenya"):
    state = state_of(plugin, name)
    assert state.status == "broken"
    assert state.info is None
    assert dict(state.records) == {}
    return state.cause


@pytest.mark.parametrize("api", [(API[0] + 1, 0), (API[0], API[1] + 1)])
def test_api__newer_than_this__says_upgrade(api):
    state = state_of(FolderPlugin("kenya", root="none", api=api))
    assert "plugin interface" in state.cause
    assert state.hint == "Upgrade volresearch."


@pytest.mark.parametrize("api", ["0.1", (0,), ("0", "1"), (0, 1, 2)])
def test_api__not_two_numbers__is_named(api):
    assert "two numbers" in cause_of(FolderPlugin("kenya", root="none", api=api))


def test_api__newer_with_a_hook_unknown_here__the_version_is_the_cause():
    made = module(
        "kenya", volresearch_plugin=lambda: PluginInfo("kenya", api=(9, 0)), volresearch_maps=lambda: []
    )
    assert "version 9.0" in cause_of(made)


def test_hooks__two_are_misspelt__the_plugin_is_broken():
    made = module("kenya", volresearch_datset=lambda: [], volresearch_report=lambda: [])
    assert "There is no hook" in cause_of(made)


def test_hooks__unknown_but_marked_optional__is_allowed():
    made = module("kenya")
    made.volresearch_maps = hookimpl(optionalhook=True)(lambda: [])
    assert state_of(made).status == "ok"


@pytest.mark.parametrize("answer", ["kenya.a", {"id": "kenya.a"}, 7, DatasetRecord("kenya.a")])
def test_hook__answer_is_no_list__is_named(answer):
    assert "not a list of DatasetRecord" in cause_of(module("kenya", volresearch_datasets=lambda: answer))


@pytest.mark.parametrize("identity", ["kenya", "kenya.", "kenya.a.b", "kenya.a b", "kenya.../etc", "kenya.é"])
def test_hook__id_of_a_wrong_form__is_named(identity):
    made = module("kenya", volresearch_datasets=lambda: [DatasetRecord(identity, target="a:b")])
    assert identity in cause_of(made)


@pytest.mark.parametrize("identity", [None, 7, ["kenya.a"]])
def test_hook__id_is_no_text__is_named(identity):
    made = module("kenya", volresearch_datasets=lambda: [DatasetRecord(identity, target="a:b")])
    assert "no text" in cause_of(made)


@pytest.mark.parametrize("target", ["module", "module:", ":f", "a b:c", "os;os:system", 7])
def test_hook__target_of_a_wrong_form__is_named(target):
    made = module("kenya", volresearch_datasets=lambda: [DatasetRecord("kenya.a", target=target)])
    assert "module:function" in cause_of(made)


def test_hook__path_is_a_folder_where_a_file_belongs__is_missing(tmp_path):
    made = module("kenya", volresearch_datasets=lambda: [DatasetRecord("kenya.a", path=tmp_path)])
    assert "is missing" in cause_of(made)


def test_plugin_object__raises_when_looked_at__is_walled_off():
    class Odd:
        @property
        def volresearch_datasets(self):
            raise RuntimeError("do not look")

    assert "do not look" in cause_of(Odd())


def test_keyboard_interrupt__inside_a_hook__is_not_swallowed():
    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Host.of({"kenya": module("kenya", volresearch_datasets=interrupt)})


def test_broken__says_file_and_line_of_the_plugin():
    def fail():
        raise RuntimeError("no disk")

    state = state_of(module("kenya", volresearch_datasets=fail))
    assert state.where.file.endswith("test_walls.py")
    assert "no disk" in state.trace
