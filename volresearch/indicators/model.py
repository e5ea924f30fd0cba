"""Indicators: named, documented measures, each with its formula, standard and trap."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from volresearch.declare import Declared, TextField, read
from volresearch.text import Text, tr

if TYPE_CHECKING:
    from volresearch.catalog import Catalog

__all__ = ["Indicator", "open_indicator", "read_indicator"]


class Indicator(Declared):
    """An indicator as its YAML declares it.

    ``trap`` is the mistake that is easily made with it; ``computable`` says whether the package computes it
    from microdata; ``series`` are the series of published figures that instance it.
    """

    id: str
    title: TextField
    definition: TextField
    formula: str = ""
    unit: str
    level: str
    disaggregation: tuple[str, ...] = ()
    source_standard: str = ""
    example_data: str = ""
    trap: TextField = Text()
    computable: bool = False
    series: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        return self.html()

    def html(self, lang: str = "en") -> str:
        """Return the indicator as an HTML card."""
        rows = (
            (tr("Definition", lang), self.definition.get_in(lang)),
            (tr("Formula", lang), self.formula),
            (tr("Unit", lang), self.unit),
            (tr("Level", lang), self.level),
            (tr("Break down by", lang), ", ".join(self.disaggregation)),
            (tr("Standard", lang), self.source_standard),
            (tr("Beware", lang), self.trap.get_in(lang)),
            (tr("Published series", lang), ", ".join(self.series)),
        )
        cells = "".join(
            f'<tr><th scope="row" style="text-align:left">{escape(word)}</th>'
            f'<td style="text-align:left">{escape(said)}</td></tr>'
            for word, said in rows
            if said
        )
        title = f"{escape(self.id)} · {escape(self.title.get_in(lang))}"
        return (
            f'<div class="volresearch-indicator"><h3>{title}</h3><table><tbody>{cells}</tbody></table></div>'
        )


def read_indicator(path: Path) -> Indicator:
    """Read an indicator from its YAML."""
    return read(Indicator, path)


def open_indicator(catalog: Catalog, id: str) -> Indicator:
    """Open an indicator by id.

    Raises
    ------
    VolResearchError
        ``indicator.unknown`` with the nearest ids.
    """
    return catalog.open(catalog.record("indicators", id), read_indicator)
