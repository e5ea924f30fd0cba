"""One of its hooks takes an argument."""

from volresearch.plugins import PluginInfo, hookimpl


@hookimpl
def volresearch_plugin():
    return PluginInfo("zoo_takes_arguments", api=(0, 1))


@hookimpl
def volresearch_datasets(config):
    return []
