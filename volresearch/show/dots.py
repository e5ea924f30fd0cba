"""Dots with intervals, for estimates; the values stand in a column of their own."""

from __future__ import annotations

from typing import Any

from volresearch.show.frame import (
    DASHES,
    SERIES_COLOURS,
    Frame,
    axis_words,
    domain_of,
    grid_lines,
    layer,
    point_style,
    scaling,
    text,
    tooltip,
    value_at,
)
from volresearch.show.measure import text_width
from volresearch.show.plan import OTHER, Panel
from volresearch.show.rows import SIGNS
from volresearch.show.stylesheet import COLOURS, GRID
from volresearch.text import direction

__all__ = ["dot_layers"]


def dot_layers(panel: Panel, lang: str, width: float) -> tuple[Frame, list[Any]]:
    """Lay out a panel of dots; see `spec.panel_spec`."""
    divisor, _ = scaling(panel, lang)
    values = [value_at(mark, divisor, lang) for mark in panel.marks]
    names = [mark.head or mark.label for mark in panel.marks]
    widest = max(text_width(name, bold=True) for name in names)
    above = widest > width * 0.3
    aside = 0.0 if above else widest + 14
    column = max(text_width(words, 12.5, bold=True) for words in values) + 30
    domain = domain_of(panel, 3 if width < 300 else 5)
    inner = max(60.0, width - aside - column - 10)
    ys, heads, splits, height = _dot_rows(panel, above)
    left, right = aside + 4, width - aside - inner - 4
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
        axis_words(panel, divisor, lang),
    )
    records = [
        {"x": m.row.value, "low": m.row.low, "high": m.row.high, "y": y, "series": m.series, "text": w, "tip": tooltip(m, w),
         "marks": "".join(SIGNS.get(k, "") for k in m.row.marks)}
        for m, y, w in zip(panel.marks, ys, values, strict=True)
    ]  # fmt: skip
    edge = frame.ticks[-1]
    across = [{"x": 0.0, "x2": edge, "y": y} for y in splits]
    side = {} if above else {"align": frame.end, "dx": frame.dx(-10)}
    end = frame.dx(column - 22)
    at_end = [{**record, "x": edge} for record in records]
    layers = [
        *grid_lines(frame, 0, height),
        _rules(across, frame, color=GRID, strokeWidth=1),
        *_intervals(records, frame),
        *_points(records, frame),
        text(heads, frame, fontWeight="bold" if any(m.head for m in panel.marks) else "normal", **side),
        text(at_end, frame, fontWeight="bold", fontSize=12.5, align=frame.end, dx=end),
        _flags(at_end, frame, end),
    ]
    return frame, layers


def _rules(records: list[dict[str, Any]], frame: Frame, **style: Any) -> Any:
    import altair as alt

    return layer(records, frame, x2=alt.X2("x2:Q")).mark_rule(**style)


def _flags(records: list[dict[str, Any]], frame: Frame, end: float) -> Any:
    marked = [{**record, "text": record["marks"]} for record in records if record["marks"]]
    return text(marked, frame, color=COLOURS["muted"], fontSize=11, dx=end + frame.dx(5))


def _intervals(records: list[dict[str, Any]], frame: Frame) -> list[Any]:
    out = []
    for series in sorted({record["series"] for record in records}):
        own = [
            {**record, "x": record["low"], "x2": record["high"]}
            for record in records
            if record["series"] == series and record["low"] is not None and record["x"] is not None
        ]
        colour = COLOURS["other"] if series == OTHER else SERIES_COLOURS[series % 4]
        out.append(
            _rules(
                own,
                frame,
                color=colour,
                strokeWidth=2.4,
                strokeDash=DASHES[series % 4] if series != OTHER else [1, 0],
            )
        )
    return out


def _points(records: list[dict[str, Any]], frame: Frame) -> list[Any]:
    """Return the marks of each series in its own shape."""
    import altair as alt

    out = []
    for series in sorted({record["series"] for record in records}):
        own = [record for record in records if record["series"] == series and record["x"] is not None]
        out.append(layer(own, frame, tooltip=alt.Tooltip("tip:N")).mark_point(**point_style(series)))
    return out


def _dot_rows(panel: Panel, above: bool) -> tuple[list[float], list[dict[str, Any]], list[float], float]:
    """Return the height of each dot, the row labels, the hairlines between groups, and the whole height."""
    ys, heads, splits, y = [], [], [], 0.0
    groups: dict[str, list[int]] = {}
    for number, mark in enumerate(panel.marks):
        groups.setdefault(mark.head or f"{number}\x1f{mark.label}", []).append(number)
    for name, numbers in groups.items():
        if y:
            splits.append(y)
        y += 22 if above else 6
        start = y
        for _ in numbers:
            ys.append(y + 9)
            y += 18
        middle = start - 10 if above else (start + y) / 2
        heads.append({"x": 0.0, "y": middle, "text": name.rpartition("\x1f")[2]})
        y += 6
    return ys, heads, splits, y
