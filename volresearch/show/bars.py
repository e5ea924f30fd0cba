"""Bars from zero, with row labels above them: long words in any script have room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from volresearch.show.frame import (
    Frame,
    axis_words,
    bar_colour,
    domain_of,
    grid_lines,
    layer,
    scaling,
    text,
    tooltip,
    value_at,
)
from volresearch.show.measure import text_width
from volresearch.show.plan import Panel
from volresearch.show.stylesheet import COLOURS
from volresearch.text import direction, formats, tr

__all__ = ["bar_layers"]


def bar_layers(panel: Panel, lang: str, width: float) -> tuple[Frame, list[Any]]:
    """Lay out a panel of bars; see `spec.panel_spec`."""
    import altair as alt

    divisor, _ = scaling(panel, lang)
    values = [value_at(mark, divisor, lang) for mark in panel.marks]
    many = len(panel.marks) > 14 and not any(mark.head for mark in panel.marks)
    aside = min(170.0, max(text_width(mark.label) for mark in panel.marks) + 8) if many else 0.0
    domain, says = domain_of(panel, 3 if width < 300 else 5), axis_words(panel, divisor, lang)
    inner = _inner_width(panel, values, width - aside - text_width(says(domain[-1]), 11) / 2, domain[-1])
    ys, heads, height = _bar_rows(panel, many)
    left, right = aside + 2.0, width - aside - inner - 2.0
    rtl = direction(lang) == "rtl"
    frame = Frame(
        lang,
        inner,
        height,
        right if rtl else left,
        left if rtl else right,
        4,
        22,
        domain,
        says,
    )
    bars: list[dict[str, Any]] = []
    missing: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    numbers: list[dict[str, Any]] = []
    for mark, y, words in zip(panel.marks, ys, values, strict=True):
        value = mark.row.value
        record = {
            "x": value or 0.0,
            "zero": 0.0,
            "y": y,
            "y2": y + 14,
            "colour": bar_colour(mark),
            "tip": tooltip(mark, words),
        }
        (bars if value is not None else missing).append(record)
        labels.append({"x": 0.0, "y": y + 7 if many else y - 9, "text": mark.label})
        absent = tr("{mark} not stated", lang, mark=words) if words == formats.MISSING else words
        numbers.append(
            {"x": value or 0.0, "y": y + 7, "text": words if value is not None else absent, "dx": 0}
        )
    colour = alt.Color("colour:N", scale=None)
    bar = layer(
        bars, frame, x2=alt.X2("zero:Q"), y2=alt.Y2("y2:Q"), color=colour, tooltip=alt.Tooltip("tip:N")
    ).mark_bar()
    gone = layer([{**m, "y": m["y"] + 7, "x2": domain[-1] * 0.2} for m in missing], frame, x2=alt.X2("x2:Q"))
    side = {"align": frame.end, "dx": frame.dx(-8)} if many else {}
    layers = [
        *grid_lines(frame, 0, height),
        bar,
        gone.mark_rule(color=COLOURS["other"], strokeDash=[3, 3], strokeWidth=2),
        text(labels, frame, **side),
        text(heads, frame, fontWeight="bold"),
        text(
            [n for n, m in zip(numbers, panel.marks, strict=True) if m.row.value is not None],
            frame,
            fontWeight="bold",
            fontSize=12.5,
            dx=frame.dx(6),
        ),
        text(
            [
                {**n, "x": domain[-1] * 0.2}
                for n, m in zip(numbers, panel.marks, strict=True)
                if m.row.value is None
            ],
            frame,
            color=COLOURS["muted"],
            dx=frame.dx(6),
        ),
    ]
    return frame, layers


def _inner_width(panel: Panel, values: Sequence[str], width: float, top: float) -> float:
    """Return the widest plot in which every value still fits behind its bar."""
    room = width - 18
    for mark, words in zip(panel.marks, values, strict=True):
        need = text_width(words, 12.5, bold=True) + 10
        share = max((mark.row.value or top * 0.2) / top, 1e-6)
        room = min(room, (width - need) / share)
    return max(40.0, room)


def _bar_rows(panel: Panel, many: bool) -> tuple[list[float], list[dict[str, Any]], float]:
    """Return the top of each bar, the heads of groups, and the height of all."""
    ys, heads, y, head = [], [], 2.0, ""
    for mark in panel.marks:
        if mark.head and mark.head != head:
            y += 4 if head else 0
            heads.append({"x": 0.0, "y": y + 8, "text": mark.head})
            head, y = mark.head, y + 18
        y += 4 if many else 18
        ys.append(y)
        y += 16 if many else 20
    return ys, heads, y + 2
