"""It calls itself something else."""

from volresearch.plugins import PluginInfo, hookimpl


@hookimpl
def volresearch_plugin():
    return PluginInfo("somebody_else", api=(0, 1))
