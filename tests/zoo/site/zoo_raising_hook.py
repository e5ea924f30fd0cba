"""One of its hooks fails."""

from volresearch.plugins import PluginInfo, hookimpl


@hookimpl
def volresearch_plugin():
    return PluginInfo("zoo_raising_hook", api=(0, 1))


@hookimpl
def volresearch_datasets():
    raise RuntimeError("the disk is full")
