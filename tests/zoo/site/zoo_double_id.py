"""It gives one id twice."""

from volresearch.plugins import DatasetRecord, PluginInfo, hookimpl


@hookimpl
def volresearch_plugin():
    return PluginInfo("zoo_double_id", api=(0, 1))


@hookimpl
def volresearch_datasets():
    first = DatasetRecord("zoo_double_id.a", target="zoo_double_id:first")
    second = DatasetRecord("zoo_double_id.a", target="zoo_double_id:second")
    return [first, second]
