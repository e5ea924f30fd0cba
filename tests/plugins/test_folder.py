from __future__ import annotations

import pytest

from volresearch.errors import VolResearchError
from volresearch.plugins import FolderPlugin, Host


def write(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{ not: [parsed", encoding="utf-8")


def ids(plugin, kind):
    state = Host.of({plugin.info.name: plugin}).plugin(plugin.info.name)
    assert state.status == "ok", state.cause
    return [record.id for record in state.records[kind]]


def test_folder_plugin__every_kind_of_file__is_one_record_each(tmp_path):
    write(
        tmp_path,
        "datasets/b.yaml",
        "datasets/a.yaml",
        "datasets/files/a.csv",
        "instruments/tracer.yaml",
        "crosswalks/tracer_to_core.csv",
        "indicators/V01.yaml",
        "notebooks/first-look.ipynb",
        "reports/brief/report.yaml",
        "reports/no_report/notes.txt",
        "policies/strict.yaml",
    )
    plugin = FolderPlugin("kenya", root=tmp_path)
    assert ids(plugin, "datasets") == ["kenya.a", "kenya.b"]
    assert ids(plugin, "instruments") == ["kenya.tracer"]
    assert ids(plugin, "crosswalks") == ["kenya.tracer_to_core"]
    assert ids(plugin, "indicators") == ["kenya.V01"]
    assert ids(plugin, "notebooks") == ["kenya.first-look"]
    assert ids(plugin, "reports") == ["kenya.brief"]
    assert ids(plugin, "policies") == ["kenya.strict"]


def test_folder_plugin__report__is_its_folder(tmp_path):
    write(tmp_path, "reports/brief/report.yaml")
    (record,) = FolderPlugin("kenya", root=tmp_path).volresearch_reports()
    assert record.path == tmp_path / "reports" / "brief"


def test_folder_plugin__hidden_and_underscored_files__are_left_out(tmp_path):
    write(tmp_path, "datasets/.a.yaml", "datasets/_draft.yaml", "datasets/a.yml", "reports/_old/report.yaml")
    plugin = FolderPlugin("kenya", root=tmp_path)
    assert ids(plugin, "datasets") == ids(plugin, "reports") == []


def test_folder_plugin__folder_elsewhere__is_listed_there(tmp_path):
    write(tmp_path, "elsewhere/facts.yaml", "datasets/other.yaml")
    plugin = FolderPlugin("kenya", root=tmp_path, folders={"datasets": tmp_path / "elsewhere"})
    assert ids(plugin, "datasets") == ["kenya.facts"]


def test_folder_plugin__unknown_kind_of_folder__suggests_the_near_one(tmp_path):
    with pytest.raises(VolResearchError, match='Did you mean "datasets"'):
        FolderPlugin("kenya", root=tmp_path, folders={"dataset": tmp_path})


def test_folder_plugin__file_name_unfit_for_an_id__breaks_the_plugin_and_says_which(tmp_path):
    write(tmp_path, "datasets/my file.yaml")
    state = Host.of({"kenya": FolderPlugin("kenya", root=tmp_path)}).plugin("kenya")
    assert state.status == "broken"
    assert '"kenya.my file"' in state.cause
