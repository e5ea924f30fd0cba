"""It points at a file that is not there."""

from pathlib import Path

from volresearch.plugins import DatasetRecord, PluginInfo, hookimpl


@hookimpl
def volresearch_plugin():
    return PluginInfo("zoo_missing_file", api=(0, 1))


@hookimpl
def volresearch_datasets():
    return [DatasetRecord("zoo_missing_file.a", path=Path(__file__).parent / "gone.yaml")]
