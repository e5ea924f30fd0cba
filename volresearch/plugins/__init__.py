"""The plugin interface: records, hooks, the folder plugin and the host that loads plugins behind walls."""

from volresearch.plugins.folder import FolderPlugin
from volresearch.plugins.hookspecs import hookimpl
from volresearch.plugins.host import Host, PluginState
from volresearch.plugins.records import (
    API,
    KINDS,
    CrosswalkRecord,
    DatasetRecord,
    IndicatorRecord,
    InstrumentRecord,
    NotebookRecord,
    PluginInfo,
    PolicyRecord,
    Record,
    ReportRecord,
)

__all__ = [
    "API",
    "KINDS",
    "CrosswalkRecord",
    "DatasetRecord",
    "FolderPlugin",
    "Host",
    "IndicatorRecord",
    "InstrumentRecord",
    "NotebookRecord",
    "PluginInfo",
    "PluginState",
    "PolicyRecord",
    "Record",
    "ReportRecord",
    "hookimpl",
]
