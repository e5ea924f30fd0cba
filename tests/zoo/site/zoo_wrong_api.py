"""It is written for another interface."""

from volresearch.plugins import PluginInfo, hookimpl


@hookimpl
def volresearch_plugin():
    return PluginInfo("zoo_wrong_api", api=(9, 0))
