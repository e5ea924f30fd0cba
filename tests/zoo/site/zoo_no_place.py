"""It gives a record without a place."""

from volresearch.plugins import DatasetRecord, PluginInfo, hookimpl


@hookimpl
def volresearch_plugin():
    return PluginInfo("zoo_no_place", api=(0, 1))


@hookimpl
def volresearch_datasets():
    return [DatasetRecord("zoo_no_place.a")]
