"""One of its hooks fails half-way."""

from volresearch.plugins import DatasetRecord, PluginInfo, hookimpl


@hookimpl
def volresearch_plugin():
    return PluginInfo("zoo_raising_generator", api=(0, 1))


@hookimpl
def volresearch_datasets():
    yield DatasetRecord("zoo_raising_generator.a", target="zoo_good:plugin")
    raise RuntimeError("half-way")
