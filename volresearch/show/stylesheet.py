"""The style sheet: design tokens and components, one text for reports and for the notebook."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

__all__ = ["COLOURS", "GRID", "GREY_BAR", "styles"]

#: Colours of the figures, which stay on white paper in every theme.
COLOURS: dict[str, str] = {
    "ink": "#16202C",
    "muted": "#4F5B68",
    "rule": "#CBD3DC",
    "rule-strong": "#7B8794",
    "paper": "#FFFFFF",
    "panel": "#F3F5F8",
    "series-1": "#1F5A96",
    "series-2": "#B4590B",
    "series-3": "#17A085",
    "series-4": "#4A1F5C",
    "other": "#4F5B68",
    "total": "#16202C",
    "hold": "#5B2A86",
    "hold-bg": "#F3EDF9",
}
GRID = "#DDE2E8"
#: Bars of another vintage.
GREY_BAR = "#7B8794"


@cache
def styles() -> str:
    """Return the style sheet (design tokens, then components) as CSS text; it loads nothing from anywhere.

    Everything is scoped to an element of class ``vr``; put it once into a page, inside ``<style>``.

    >>> "--vr-series-1" in styles() and "http" not in styles()
    True
    """
    folder = files("volresearch.show")
    return "\n".join(folder.joinpath(name).read_text("utf-8") for name in ("tokens.css", "components.css"))
