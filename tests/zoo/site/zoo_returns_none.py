"""One of its hooks forgets to return."""

from volresearch.plugins import PluginInfo, hookimpl


@hookimpl
def volresearch_plugin():
    return PluginInfo("zoo_returns_none", api=(0, 1))


@hookimpl
def volresearch_datasets():
    []  # noqa: B018 - the return is forgotten on purpose
