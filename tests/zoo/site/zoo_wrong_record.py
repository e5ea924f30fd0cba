"""It returns a dictionary where a record belongs."""

from volresearch.plugins import PluginInfo, hookimpl


@hookimpl
def volresearch_plugin():
    return PluginInfo("zoo_wrong_record", api=(0, 1))


@hookimpl
def volresearch_datasets():
    return [{"id": "zoo_wrong_record.a"}]
