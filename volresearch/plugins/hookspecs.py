"""The hooks of volresearch: what a plugin may add, one function for each kind of thing.

Hooks take no arguments and return records: an id and a place. Nothing is read or imported until somebody
opens the thing. There are no hooks around other people's work, so a result never depends on what else is
installed. `volresearch.plugins.FolderPlugin` implements all of them by listing file names; write a hook
by hand only when a folder is not enough.
"""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from volresearch.plugins.records import (
    CrosswalkRecord,
    DatasetRecord,
    IndicatorRecord,
    InstrumentRecord,
    NotebookRecord,
    PluginInfo,
    PolicyRecord,
    ReportRecord,
)

__all__ = [
    "PROJECT",
    "hookimpl",
    "hookspec",
    "volresearch_crosswalks",
    "volresearch_datasets",
    "volresearch_indicators",
    "volresearch_instruments",
    "volresearch_notebooks",
    "volresearch_plugin",
    "volresearch_policies",
    "volresearch_reports",
]

#: Name of the pluggy project, of the entry-point group and of the prefix of every hook.
PROJECT = "volresearch"

hookspec = pluggy.HookspecMarker(PROJECT)

#: Marks a function or method of a plugin as the implementation of a hook.
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def volresearch_plugin() -> PluginInfo:
    """Say who the plugin is. The only hook that every plugin must have.

    ``name`` equals the name of the entry point and begins every id of the plugin; ``api`` is the version
    of this interface that the plugin was written for; an empty ``version`` means that of the distribution.

    Returns
    -------
    PluginInfo

    Examples
    --------
    >>> from volresearch.plugins import PluginInfo, hookimpl
    >>> @hookimpl
    ... def volresearch_plugin():
    ...     return PluginInfo("kenya", title={"en": "Volunteering in Kenya"}, maintainer="A. N. Author", api=(0, 1))
    >>> volresearch_plugin().name
    'kenya'
    """
    raise NotImplementedError


@hookspec
def volresearch_datasets() -> Iterable[DatasetRecord]:
    """Add datasets: each record points at the YAML file that declares one.

    Returns
    -------
    iterable of DatasetRecord

    Examples
    --------
    >>> from pathlib import Path
    >>> from volresearch.plugins import DatasetRecord, hookimpl
    >>> @hookimpl
    ... def volresearch_datasets():
    ...     yield DatasetRecord("kenya.facts", path=Path("datasets/facts.yaml"))
    >>> [record.id for record in volresearch_datasets()]
    ['kenya.facts']
    """
    raise NotImplementedError


@hookspec
def volresearch_instruments() -> Iterable[InstrumentRecord]:
    """Add survey instruments: each record points at the YAML file that declares one.

    Returns
    -------
    iterable of InstrumentRecord

    Examples
    --------
    >>> from pathlib import Path
    >>> from volresearch.plugins import InstrumentRecord, hookimpl
    >>> @hookimpl
    ... def volresearch_instruments():
    ...     yield InstrumentRecord("kenya.tracer", path=Path("instruments/tracer.yaml"))
    >>> [record.id for record in volresearch_instruments()]
    ['kenya.tracer']
    """
    raise NotImplementedError


@hookspec
def volresearch_crosswalks() -> Iterable[CrosswalkRecord]:
    """Add crosswalks: each record points at a CSV that maps source codes to target codes.

    Returns
    -------
    iterable of CrosswalkRecord

    Examples
    --------
    >>> from pathlib import Path
    >>> from volresearch.plugins import CrosswalkRecord, hookimpl
    >>> @hookimpl
    ... def volresearch_crosswalks():
    ...     yield CrosswalkRecord("kenya.tracer_to_core", path=Path("crosswalks/tracer_to_core.csv"))
    >>> [record.id for record in volresearch_crosswalks()]
    ['kenya.tracer_to_core']
    """
    raise NotImplementedError


@hookspec
def volresearch_indicators() -> Iterable[IndicatorRecord]:
    """Add indicators: each record points at the YAML file that defines one.

    Returns
    -------
    iterable of IndicatorRecord

    Examples
    --------
    >>> from pathlib import Path
    >>> from volresearch.plugins import IndicatorRecord, hookimpl
    >>> @hookimpl
    ... def volresearch_indicators():
    ...     yield IndicatorRecord("kenya.youth_share", path=Path("indicators/youth_share.yaml"))
    >>> [record.id for record in volresearch_indicators()]
    ['kenya.youth_share']
    """
    raise NotImplementedError


@hookspec
def volresearch_notebooks() -> Iterable[NotebookRecord]:
    """Add notebooks: each record points at an ``.ipynb`` without outputs, its parameters cell tagged.

    Returns
    -------
    iterable of NotebookRecord

    Examples
    --------
    >>> from pathlib import Path
    >>> from volresearch.plugins import NotebookRecord, hookimpl
    >>> @hookimpl
    ... def volresearch_notebooks():
    ...     yield NotebookRecord("kenya.first_look", path=Path("notebooks/first_look.ipynb"))
    >>> [record.id for record in volresearch_notebooks()]
    ['kenya.first_look']
    """
    raise NotImplementedError


@hookspec
def volresearch_reports() -> Iterable[ReportRecord]:
    """Add reports: each record points at a folder with ``report.yaml`` and its template.

    Returns
    -------
    iterable of ReportRecord

    Examples
    --------
    >>> from pathlib import Path
    >>> from volresearch.plugins import ReportRecord, hookimpl
    >>> @hookimpl
    ... def volresearch_reports():
    ...     yield ReportRecord("kenya.county_brief", path=Path("reports/county_brief"))
    >>> [record.id for record in volresearch_reports()]
    ['kenya.county_brief']
    """
    raise NotImplementedError


@hookspec
def volresearch_policies() -> Iterable[PolicyRecord]:
    """Add disclosure policies: each record points at the YAML file that declares one.

    A policy acts only where a dataset, a report or a call names it, and it may only tighten.

    Returns
    -------
    iterable of PolicyRecord

    Examples
    --------
    >>> from pathlib import Path
    >>> from volresearch.plugins import PolicyRecord, hookimpl
    >>> @hookimpl
    ... def volresearch_policies():
    ...     yield PolicyRecord("kenya.strict", path=Path("policies/strict.yaml"))
    >>> [record.id for record in volresearch_policies()]
    ['kenya.strict']
    """
    raise NotImplementedError
