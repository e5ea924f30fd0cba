"""What is declared: indicators, instruments, schemas."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from volresearch.catalog import default_catalog
from volresearch.errors import VolResearchError, near

if TYPE_CHECKING:
    from volresearch.datasets import Dataset
    from volresearch.indicators import Indicator
    from volresearch.instruments import Changes, Instrument
    from volresearch.results import Result
    from volresearch.survey import Survey

__all__ = ["DECLARATIONS", "diff", "indicator", "instrument", "schema"]

#: Kind of declaration -> where its model is.
DECLARATIONS: dict[str, tuple[str, str]] = {
    "dataset": ("volresearch.datasets", "DatasetDeclaration"),
    "indicator": ("volresearch.indicators", "Indicator"),
    "instrument": ("volresearch.instruments", "Instrument"),
    "report": ("volresearch.reports.declaration", "ReportDeclaration"),
}


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
