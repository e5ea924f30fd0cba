"""How numbers are shown: tables, figures, plain sentences, verdicts and the style sheet.

Names are resolved on first use, so that importing this package loads neither altair nor pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from volresearch.show.figures import Figure, figure
    from volresearch.show.html import figure_html, interactive_html, vega_script
    from volresearch.show.renderer import Renderer, use
    from volresearch.show.sentences import change_sentence, finding_title, sentence
    from volresearch.show.stylesheet import styles
    from volresearch.show.tables import Table, table
    from volresearch.show.verdicts import key_table, verdict_badge, verdict_table

__all__ = [
    "Figure",
    "Renderer",
    "Table",
    "change_sentence",
    "figure",
    "figure_html",
    "finding_title",
    "interactive_html",
    "key_table",
    "sentence",
    "styles",
    "table",
    "use",
    "vega_script",
    "verdict_badge",
    "verdict_table",
]

_HOMES = {
    "Figure": "figures",
    "figure": "figures",
    "figure_html": "html",
    "interactive_html": "html",
    "vega_script": "html",
    "Renderer": "renderer",
    "use": "renderer",
    "Table": "tables",
    "table": "tables",
    "styles": "stylesheet",
    "sentence": "sentences",
    "change_sentence": "sentences",
    "finding_title": "sentences",
    "verdict_badge": "verdicts",
    "verdict_table": "verdicts",
    "key_table": "verdicts",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
