"""The functions of ``import volresearch as vr``: ids become objects here, never inside a noun."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from volresearch.catalog import default_catalog
from volresearch.errors import VolResearchError, near

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.datasets import Comparison, Dataset, Figure, Period
    from volresearch.indicators import Indicator
    from volresearch.instruments import Changes, Instrument
    from volresearch.results import Result
    from volresearch.survey import Survey

__all__ = [
    "DECLARATIONS",
    "compare",
    "dataset",
    "diff",
    "facts",
    "indicator",
    "instrument",
    "list_datasets",
    "list_indicators",
    "list_instruments",
    "list_notebooks",
    "list_plugins",
    "list_reports",
    "schema",
]

#: Kind of declaration -> where its model is.
DECLARATIONS: dict[str, tuple[str, str]] = {
    "dataset": ("volresearch.datasets", "DatasetDeclaration"),
    "indicator": ("volresearch.indicators", "Indicator"),
    "instrument": ("volresearch.instruments", "Instrument"),
    "report": ("volresearch.reports.declaration", "ReportDeclaration"),
}


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


def dataset(id: str) -> Dataset:
    """Open a dataset by id; its files are compared with their declared SHA-256 first.

    Parameters
    ----------
    id : str
        ``plugin.name``; see `list_datasets`.

    Raises
    ------
    VolResearchError
        ``dataset.unknown`` with the nearest ids, ``dataset.changed``, ``declare.*``.

    Examples
    --------
    >>> import volresearch as vr
    >>> vr.dataset("core.facts").unit
    'published figure'
    """
    return default_catalog().dataset(id)


def facts(
    series: str | Iterable[str] | None = None,
    area: str | Iterable[str] | None = None,
    period: str | Period | Iterable[str | Period] | None = None,
    subgroup: str | Iterable[str] | None = None,
) -> Result:
    """Select published figures of the core and of all working plugins.

    Parameters
    ----------
    series : str or iterable of str, optional
        Ids of series, for instance ``core.volunteer_rate``.
    area : str or iterable of str, optional
        Codes (ISO 3166: ``PER``, ``GB-ENG``; groups: ``WORLD``) or names of areas.
    period : str, Period or iterable of these, optional
        Figures whose period shares a day with one of these: ``"2016"`` finds ``2016-12`` and ``2016/2019``.
    subgroup : str or iterable of str, optional
        Codes of subgroups; ``total`` for the whole.

    Returns
    -------
    Result
        One row a figure. By-columns ``series, area, period, subgroup``; ``estimate`` is the published value;
        further columns ``bound, unit, source_id, evidence, variant, fact_id, measure, note``. Sources are in
        ``.facts.sources``.

    Raises
    ------
    VolResearchError
        ``facts.unknown_series``, ``facts.unknown_area``, ``facts.unknown_subgroup``, ``facts.period``,
        ``facts.none``.

    Examples
    --------
    >>> import volresearch as vr
    >>> figures = vr.facts(area="WORLD", period="2022")
    >>> set(figures.table["area"])
    {'WORLD'}
    """
    return default_catalog().facts().select(series, area, period, subgroup)


def compare(*figures: Result | Figure | str | Iterable[Figure | str]) -> Comparison:
    """Judge whether published figures may be set side by side, and say why not.

    Parameters
    ----------
    *figures : Result, Figure, figure id, or iterables of these
        At least two figures in all, for instance one selection of `facts`.

    Returns
    -------
    Comparison
        ``verdict`` is ``comparable``, ``caution`` or ``not_comparable``; every pair is judged.

    Raises
    ------
    VolResearchError
        ``facts.compare`` for fewer than two figures, or for what is no published figure.

    Examples
    --------
    >>> import volresearch as vr
    >>> vr.compare("F0037", "F0041").verdict
    'not_comparable'
    """
    return default_catalog().facts().compare(*figures)


@overload
def indicator(id: str) -> Indicator: ...


@overload
def indicator(
    id: str,
    survey: Survey | Dataset,
    by: str | Sequence[str] | Sequence[Sequence[str]] | None = None,
    where: str | None = None,
    **options: Any,
) -> Result: ...


def indicator(
    id: str,
    survey: Survey | Dataset | None = None,
    by: str | Sequence[str] | Sequence[Sequence[str]] | None = None,
    where: str | None = None,
    **options: Any,
) -> Indicator | Result:
    """Open an indicator, or compute it from a survey.

    Parameters
    ----------
    id : str
        ``core.V01``, or ``V01`` for those of the core.
    survey : Survey or Dataset, optional
        With harmonized variables. Without it the indicator itself is returned: definition, formula, unit, standard, trap.
    by, where
        Groups and domain, as the verbs of `Survey` take them.
    **options
        ``confidence``, ``family_help="2013"|"2011"``, ``working_age=15`` and those of the indicator, for instance
        ``fte_basis=2080`` (V08), ``wages=`` (V09), ``gdp=`` (V10); see `volresearch.indicators.compute`.

    Returns
    -------
    Indicator or Result

    Raises
    ------
    VolResearchError
        ``indicator.unknown`` with the nearest ids; ``indicator.input`` with the variables that are missing.

    Examples
    --------
    >>> import volresearch as vr
    >>> survey = vr.dataset("core.vol_work_synthetic").survey()
    >>> vr.indicator("V01", survey, by="sex").table[["sex", "estimate", "unit"]].round(1).values.tolist()
    [['f', 33.4, 'percent'], ['m', 32.8, 'percent']]
    """
    from volresearch.indicators import compute, open_indicator

    opened = open_indicator(default_catalog(), id if "." in id else f"core.{id}")
    if survey is not None:
        return compute(opened, survey, by, where, **options)
    if by is not None or where is not None or options:
        given = ", ".join([*(["by"] if by else []), *(["where"] if where else []), *options])
        raise VolResearchError(
            "indicator.input",
            f"To compute {opened.id} a survey is needed; here are only {given}.",
            hint=f'vr.indicator("{id}", vr.dataset("...").survey(), ...)',
        )
    return opened


def instrument(id: str) -> Instrument:
    """Open a survey instrument by id: its items, routing, scales, scores and languages.

    Parameters
    ----------
    id : str
        ``plugin.name``; see `list_instruments`.

    Raises
    ------
    VolResearchError
        ``instrument.unknown`` with the nearest ids, ``declare.*``, ``instrument.invalid``.

    Examples
    --------
    >>> import volresearch as vr
    >>> vr.instrument("core.partner_health").unit
    'partner representative'
    """
    from volresearch.instruments import read_instrument

    catalog = default_catalog()
    return catalog.open(catalog.record("instruments", id), read_instrument)


def diff(before: Instrument | str | Path, after: Instrument | str | Path) -> Changes:
    """Say what changed between two versions of an instrument, and which changes break comparability.

    Parameters
    ----------
    before, after : Instrument, id or path
        A path is a YAML file, or a form that `volresearch instruments import` reads.

    Returns
    -------
    Changes
        One entry a change: wording, codes, routing, reference period ... with language, before, after and
        ``effect`` (``breaks``, ``caution``, ``none``).

    Examples
    --------
    >>> import volresearch as vr
    >>> len(vr.diff("core.partner_health", "core.partner_health"))
    0
    """
    from volresearch.instruments import compare_instruments

    return compare_instruments(_opened(before), _opened(after))


def _opened(given: Instrument | str | Path) -> Instrument:
    from volresearch.instruments import Instrument
    from volresearch.instruments.forms import read_form

    if isinstance(given, Instrument):
        return given
    if isinstance(given, Path) or Path(given).is_file():
        return read_form(given)
    return instrument(given)


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind of declaration, for editors that complete and check YAML.

    Parameters
    ----------
    kind : str
        A key of `DECLARATIONS`: ``dataset``, ``indicator``, ``instrument``, ``report``.

    Examples
    --------
    >>> import volresearch as vr
    >>> vr.schema("dataset")["title"]
    'DatasetDeclaration'
    """
    from volresearch.declare import json_schema

    if kind not in DECLARATIONS:
        raise VolResearchError(
            "cli.usage", f'"{kind}" is no kind of declaration.', hint=near(kind, DECLARATIONS)
        )
    module, name = DECLARATIONS[kind]
    return json_schema(getattr(import_module(module), name))
