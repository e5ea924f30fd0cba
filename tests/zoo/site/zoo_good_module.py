"""A working plugin made of hooks."""

from pathlib import Path

from volresearch.plugins import DatasetRecord, PluginInfo, ReportRecord, hookimpl


@hookimpl
def volresearch_plugin():
    return PluginInfo("zoo_good_module", api=(0, 1))


@hookimpl
def volresearch_datasets():
    yield DatasetRecord(
        "zoo_good_module.notes", path=Path(__file__).parent / "zoo_good" / "datasets" / "notes.yaml"
    )


@hookimpl
def volresearch_reports():
    return [ReportRecord("zoo_good_module.brief", target="zoo_good_module:brief")]
