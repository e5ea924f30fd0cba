"""It gives an id of another plugin."""

from pathlib import Path

from volresearch.plugins import DatasetRecord, PluginInfo, hookimpl


@hookimpl
def volresearch_plugin():
    return PluginInfo("zoo_foreign_id", api=(0, 1))


@hookimpl
def volresearch_datasets():
    return [
        DatasetRecord("zoo_good.notes", path=Path(__file__).parent / "zoo_good" / "datasets" / "notes.yaml")
    ]
