"""One of its hooks is not marked."""

from volresearch.plugins import PluginInfo, hookimpl


@hookimpl
def volresearch_plugin():
    return PluginInfo("zoo_unmarked_hook", api=(0, 1))


def volresearch_datasets():
    return []
