"""A plugin that is a folder: it lists the files beside it and parses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from volresearch.errors import VolResearchError, near
from volresearch.plugins.hookspecs import hookimpl
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

__all__ = ["LAYOUT", "FolderPlugin"]

R = TypeVar("R", bound=Record)

#: Kind of record -> what is listed in the folder of that name.
LAYOUT: dict[str, str] = {
    "datasets": "*.yaml",
    "instruments": "*.yaml",
    "crosswalks": "*.csv",
    "indicators": "*.yaml",
    "notebooks": "*.ipynb",
    "reports": "*/report.yaml",
    "policies": "*.yaml",
}


class FolderPlugin:
    """A whole plugin in one line: every file in its folders is one record.

    ``datasets/tracer.yaml`` of the plugin ``kenya`` becomes the dataset ``kenya.tracer``. Names that begin
    with a dot or an underscore are left out.

    Parameters
    ----------
    name : str
        Name of the plugin, equal to the name of its entry point: lower-case letters, digits, underscores.
    root : str or Path
        Folder that holds ``datasets/``, ``instruments/`` and so on; in a package, ``__path__[0]``.
    title, summary : mapping
        Language tag to wording.
    api : tuple of two ints
        Version of the plugin interface that the plugin was written for.
    version : str, optional
        Left out: the version of the installed distribution.
    maintainer : str
        Whom to write to; named in every message about a fault of the plugin.
    languages : tuple of str
        Languages that the plugin promises to speak.
    folders : mapping, optional
        Kind to folder, for those that lie elsewhere than under `root`.

    Raises
    ------
    VolResearchError
        ``plugin.name`` for a kind in `folders` that does not exist.

    Examples
    --------
    >>> plugin = FolderPlugin("kenya", root="no-such-folder", title={"en": "Volunteering in Kenya"})
    >>> list(plugin.volresearch_datasets())
    []
    """

    def __init__(
        self,
        name: str,
        *,
        root: str | Path,
        title: Mapping[str, str] | None = None,
        api: tuple[int, int] = API,
        version: str | None = None,
        maintainer: str = "",
        languages: Iterable[str] = ("en",),
        summary: Mapping[str, str] | None = None,
        folders: Mapping[str, str | Path] | None = None,
    ) -> None:
        for kind in folders or {}:
            if kind not in KINDS:
                raise VolResearchError(
                    "plugin.name", f'"{kind}" is no kind of record.', hint=near(kind, KINDS)
                )
        self.root = Path(root)
        self.folders = {kind: Path((folders or {}).get(kind, self.root / kind)) for kind in KINDS}
        self.info = PluginInfo(
            name=name,
            title=title or {},
            version=version or "",
            api=api,
            maintainer=maintainer,
            languages=tuple(languages),
            summary=summary or {},
        )

    def __repr__(self) -> str:
        return f"<FolderPlugin {self.info.name}: {self.root}>"

    def _list(self, kind: str, record: type[R]) -> Iterator[R]:
        for path in sorted(self.folders[kind].glob(LAYOUT[kind])):
            thing = path.parent if kind == "reports" else path
            if not thing.name.startswith((".", "_")):
                stem = thing.name if kind == "reports" else thing.stem
                yield record(f"{self.info.name}.{stem}", path=thing)

    @hookimpl
    def volresearch_plugin(self) -> PluginInfo:
        """Say who the plugin is."""
        return self.info

    @hookimpl
    def volresearch_datasets(self) -> Iterable[DatasetRecord]:
        """List ``datasets/*.yaml``."""
        return self._list("datasets", DatasetRecord)

    @hookimpl
    def volresearch_instruments(self) -> Iterable[InstrumentRecord]:
        """List ``instruments/*.yaml``."""
        return self._list("instruments", InstrumentRecord)

    @hookimpl
    def volresearch_crosswalks(self) -> Iterable[CrosswalkRecord]:
        """List ``crosswalks/*.csv``."""
        return self._list("crosswalks", CrosswalkRecord)

    @hookimpl
    def volresearch_indicators(self) -> Iterable[IndicatorRecord]:
        """List ``indicators/*.yaml``."""
        return self._list("indicators", IndicatorRecord)

    @hookimpl
    def volresearch_notebooks(self) -> Iterable[NotebookRecord]:
        """List ``notebooks/*.ipynb``."""
        return self._list("notebooks", NotebookRecord)

    @hookimpl
    def volresearch_reports(self) -> Iterable[ReportRecord]:
        """List the folders ``reports/*`` that hold a ``report.yaml``."""
        return self._list("reports", ReportRecord)

    @hookimpl
    def volresearch_policies(self) -> Iterable[PolicyRecord]:
        """List ``policies/*.yaml``."""
        return self._list("policies", PolicyRecord)
