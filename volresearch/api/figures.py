"""Published figures: selected and compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from volresearch.catalog import default_catalog

if TYPE_CHECKING:
    from volresearch.datasets import Comparison, Figure, Period
    from volresearch.results import Result

__all__ = ["compare", "facts"]


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
