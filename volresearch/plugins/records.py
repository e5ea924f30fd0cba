"""What a plugin hands over: small frozen records, an id and where the thing lies. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = [
    "API",
    "KINDS",
    "CrosswalkRecord",
    "DatasetRecord",
    "IndicatorRecord",
    "InstrumentRecord",
    "NotebookRecord",
    "PluginInfo",
    "PolicyRecord",
    "Record",
    "ReportRecord",
]

#: Version of the plugin interface: (major, minor). Within a major only additions are made.
API: tuple[int, int] = (0, 1)


@dataclass(frozen=True)
class PluginInfo:
    """Who a plugin is.

    ``title`` maps language tags to wordings; ``languages`` are those the plugin promises to speak.
    """

    name: str
    title: Mapping[str, str] = field(default_factory=dict)
    version: str = "0"
    api: tuple[int, int] = API
    maintainer: str = ""
    languages: tuple[str, ...] = ("en",)
    summary: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """One named thing: its id (``plugin.name``) and its place.

    Exactly one of ``path`` (a file or folder) and ``target`` (``"module:function"``) is given.
    """

    id: str
    path: Path | None = None
    target: str | None = None


@dataclass(frozen=True)
class DatasetRecord(Record):
    """A dataset: the YAML that declares it."""


@dataclass(frozen=True)
class InstrumentRecord(Record):
    """A survey instrument: the YAML that declares it."""


@dataclass(frozen=True)
class CrosswalkRecord(Record):
    """A crosswalk: a CSV file."""


@dataclass(frozen=True)
class IndicatorRecord(Record):
    """An indicator: the YAML that declares it."""


@dataclass(frozen=True)
class NotebookRecord(Record):
    """A notebook without outputs."""


@dataclass(frozen=True)
class ReportRecord(Record):
    """A report: the folder that holds ``report.yaml`` and its template."""


@dataclass(frozen=True)
class PolicyRecord(Record):
    """A disclosure policy: the YAML that declares it; it may only tighten."""


#: Kind of record -> its class; the kind is also the hook's name after ``volresearch_``.
KINDS: dict[str, type[Record]] = {
    "datasets": DatasetRecord,
    "instruments": InstrumentRecord,
    "crosswalks": CrosswalkRecord,
    "indicators": IndicatorRecord,
    "notebooks": NotebookRecord,
    "reports": ReportRecord,
    "policies": PolicyRecord,
}
