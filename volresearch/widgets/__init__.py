"""Explorers for notebooks and pages, the workspace they live in and the servers that show them.

Importing this package loads nothing heavy; `explore` loads the widgets when it is called.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from volresearch.widgets.explorer import Explorer
    from volresearch.widgets.figures import Figures

__all__ = ["explore"]


def explore(
    series: str | None = None,
    *,
    area: str | Iterable[str] = (),
    period: str | Iterable[str] = (),
    subgroup: str | Iterable[str] | None = None,
    lang: str = "en",
    folder: str | Path = "exports",
    figures: Figures | None = None,
) -> Explorer:
    """Explore published figures: choose, look, compare, release, take the code along.

    Parameters
    ----------
    series : str, optional
        Id of the series that opens first, for instance ``"core.volunteer_rate"``; the one with most
        figures unless given.
    area, period, subgroup : str or iterable of str, optional
        What is chosen at first, areas by code or name; nothing chosen means everything. Without `subgroup` the totals are
        chosen where the series has some.
    lang : str
        Language of words, labels and numbers: ``en``, ``es``, ``fr`` or ``zh``. It can be changed on the page.
    folder : str or Path
        Where released files go; a file that is there is never overwritten.
    figures : Figures, optional
        The figures to explore, unless those of every plugin.

    Returns
    -------
    Explorer
        An ipywidgets box; show it by making it the last line of a cell.

    Raises
    ------
    VolResearchError
        ``facts.unknown_series``, ``facts.unknown_area`` with near names; ``facts.none`` where a period or
        subgroup is not among the figures of the series; ``text.language``.
    """
    from volresearch.widgets.explorer import Explorer
    from volresearch.widgets.figures import CatalogFigures

    explorer = Explorer(figures or CatalogFigures(), lang=lang, folder=folder)
    explorer.choose(series, area=area, period=period, subgroup=subgroup)
    return explorer
