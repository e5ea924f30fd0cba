"""What there is: one small table a kind of record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volresearch.catalog import default_catalog

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "list_datasets",
    "list_indicators",
    "list_instruments",
    "list_notebooks",
    "list_plugins",
    "list_reports",
]


def list_datasets(lang: str = "en") -> pd.DataFrame:
    """Return the datasets of the core and of all working plugins, one row each.

    Parameters
    ----------
    lang : str
        Language of the titles; the nearest there is where one is missing.

    Returns
    -------
    pandas.DataFrame
        Columns ``id, title, kind, unit, version, plugin, status``; what cannot be opened says why in ``status``.

    Examples
    --------
    >>> import volresearch as vr
    >>> "core.facts" in set(vr.list_datasets()["id"])
    True
    """
    return default_catalog().table("datasets", lang)


def list_instruments(lang: str = "en") -> pd.DataFrame:
    """Return the survey instruments, one row each: ``id, title, languages, items, version, plugin, status``."""
    return default_catalog().table("instruments", lang)


def list_indicators(lang: str = "en") -> pd.DataFrame:
    """Return the indicators, one row each: ``id, title, unit, level, plugin, status``."""
    return default_catalog().table("indicators", lang)


def list_notebooks(lang: str = "en") -> pd.DataFrame:
    """Return the notebooks, one row each: ``id, title, plugin, status``."""
    return default_catalog().table("notebooks", lang)


def list_reports(lang: str = "en") -> pd.DataFrame:
    """Return the reports, one row each: ``id, title, plugin, status``."""
    return default_catalog().table("reports", lang)


def list_plugins(lang: str = "en") -> pd.DataFrame:
    """Return the plugins, one row each: ``name, title, version, status, cause``; broken ones say why."""
    from volresearch.catalog.listing import plugins_table

    return plugins_table(default_catalog().host, lang)
