"""One of its hooks is misspelt."""

from volresearch.plugins import PluginInfo, hookimpl


@hookimpl
def volresearch_plugin():
    return PluginInfo("zoo_misspelt_hook", api=(0, 1))


@hookimpl
def volresearch_datsets():
    return []
