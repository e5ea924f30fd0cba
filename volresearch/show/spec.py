"""Vega-Lite specs of single panels, made with altair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from volresearch.show.bars import bar_layers
from volresearch.show.dots import dot_layers
from volresearch.show.frame import Frame, scaling
from volresearch.show.measure import families
from volresearch.show.plan import Panel
from volresearch.show.stylesheet import COLOURS
from volresearch.show.timeline import line_layers
from volresearch.text import script_of

__all__ = ["panel_spec", "scaling"]


def panel_spec(panel: Panel, lang: str, width: float) -> dict[str, Any]:
    """Return the Vega-Lite spec of one panel.

    Parameters
    ----------
    panel : Panel
        Of kind bars, dots or lines.
    width : float
        Whole width in pixels; the height follows from the content.
    """
    layout = {"bars": bar_layers, "dots": dot_layers, "lines": line_layers}[panel.kind]
    frame, layers = layout(panel, lang, width)
    return _chart(frame, layers)


def _chart(frame: Frame, layers: Sequence[Any]) -> dict[str, Any]:
    import altair as alt
    from altair.utils import schemapi

    chart = alt.layer(*layers).properties(
        width=frame.width,
        height=frame.height,
        padding={"left": frame.left, "right": frame.right, "top": frame.top, "bottom": frame.bottom},
        autosize=alt.AutoSizeParams(type="none"),
    )
    chart = chart.configure(font=families(script_of(frame.lang)), background=COLOURS["paper"])
    # altair checks against its schema unless a batch has switched that off.
    checked = bool(schemapi.DEBUG_MODE)
    spec: dict[str, Any] = chart.configure_view(stroke=None, clip=False).to_dict(validate=checked)
    # The schema's address is no part of the picture, and pages must name no address that could be fetched.
    spec.pop("$schema", None)
    return spec
