"""What a plugin hands over: small frozen records, an id and where the thing lies.

Only the standard library is imported here: `volresearch plugins list` loads this for every plugin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from volresearch.text import Text

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

    ``title`` and ``summary`` map language tags to wordings; ``languages`` are those the plugin promises to
    speak; an empty ``version`` means that of the installed distribution.

    >>> PluginInfo("kenya", title={"en": "Volunteering in Kenya"}).title
    Text({'en': 'Volunteering in Kenya'})
    """

    name: str
    title: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    api: tuple[int, int] = API
    maintainer: str = ""
    languages: tuple[str, ...] = ("en",)
    summary: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("title", "summary"):
            object.__setattr__(self, name, Text(getattr(self, name)))
        for name in ("api", "languages"):
            object.__setattr__(self, name, tuple(getattr(self, name)))


@dataclass(frozen=True)
class Record:
    """One named thing: its id (``plugin.name``) and its place.

    Exactly one of ``path`` (a file or folder) and ``target`` (``"module:function"``) is given.
    The host checks both; a record that is wrong marks its plugin as broken.
    """

    id: str
    path: Path | None = None
    target: str | None = None

    def __post_init__(self) -> None:
        if isinstance(self.path, str):
            object.__setattr__(self, "path", Path(self.path))

    def __str__(self) -> str:
        return f"{self.id} ({self.path or self.target})"


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
