"""It returns a record of another kind."""

from volresearch.plugins import PluginInfo, ReportRecord, hookimpl


@hookimpl
def volresearch_plugin():
    return PluginInfo("zoo_wrong_kind", api=(0, 1))


@hookimpl
def volresearch_datasets():
    return [ReportRecord("zoo_wrong_kind.a", target="a:b")]
