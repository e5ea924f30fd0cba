"""The drawing area of a panel and the layers every chart is made of.

Everything is laid out in pixels and real scales: labels hold one text each, numbers are written by the locale
before they reach the chart, and nothing depends on a renderer's own layout.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from volresearch.show.measure import isolated, ticks
from volresearch.show.plan import OTHER, Mark, Panel
from volresearch.show.rows import value_words
from volresearch.show.stylesheet import COLOURS, GREY_BAR, GRID
from volresearch.text import direction, formats

__all__ = [
    "DASHES",
    "SERIES_COLOURS",
    "Frame",
    "axis_words",
    "bar_colour",
    "domain_of",
    "grid_lines",
    "layer",
    "point_style",
    "scaling",
    "text",
    "tooltip",
    "value_at",
]

SERIES_COLOURS = (COLOURS["series-1"], COLOURS["series-2"], COLOURS["series-3"], COLOURS["series-4"])
SHAPES = ("circle", "diamond", "square", "triangle-up")
DASHES: tuple[list[int], ...] = ([1, 0], [5, 3], [2, 2], [8, 3])
HOLLOW = (False, True, False, True)


@dataclass(frozen=True)
class Frame:
    """The drawing area of a panel: its size, its margins, its value axis and its direction."""

    lang: str
    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    ticks: tuple[float, ...]
    words: Callable[[float], str]

    @property
    def rtl(self) -> bool:
        """Whether the panel runs from right to left."""
        return direction(self.lang) == "rtl"

    @property
    def start(self) -> str:
        """The alignment of text that begins at the start edge."""
        return "right" if self.rtl else "left"

    @property
    def end(self) -> str:
        """The alignment of text that ends at the end edge."""
        return "left" if self.rtl else "right"

    def dx(self, pixels: float) -> float:
        """Return a shift away from the start edge, in the direction of reading."""
        return -pixels if self.rtl else pixels


def scaling(panel: Panel, lang: str) -> tuple[float, str]:
    """Return the divisor of a panel's values and the word for it: (1e6, "million") for large counts.

    The word stands in the unit above the plot, so that the values at the marks stay short.
    """
    top = max((abs(mark.row.value) for mark in panel.marks if mark.row.value is not None), default=0.0)
    low = min((abs(mark.row.value) for mark in panel.marks if mark.row.value), default=0.0)
    if panel.marks[0].row.scale == "percent":
        return 1.0, ""
    steps = ((1e8, "亿"), (1e4, "万")) if lang.split("-")[0] == "zh" else ((1e9, ""), (1e6, ""))
    for factor, word in steps:
        # All or none: "0.004 million" is harder to read than the number in full.
        if top >= max(factor, 1e6) and low >= factor / 100:
            return factor, word or _magnitude(factor, lang)
    return 1.0, ""


def _magnitude(factor: float, lang: str) -> str:
    return formats.compact_words(2 * factor, lang).lstrip("0123456789.,").strip(" \u00a0\u202f")


def layer(records: list[dict[str, Any]], frame: Frame, **channels: Any) -> Any:
    """Return a chart of `records` on the frame's scales: x in values from zero, y in pixels from the top."""
    import altair as alt

    top = frame.ticks[-1]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, top], reverse=frame.rtl, nice=False, zero=True))
    y = alt.Y(
        "y:Q", axis=None, scale=alt.Scale(domain=[0, frame.height], reverse=True, nice=False, zero=True)
    )
    return alt.Chart(alt.InlineData(values=records)).encode(x=x, y=y, **channels)


def text(records: list[dict[str, Any]], frame: Frame, **style: Any) -> Any:
    """Return a layer of texts, by default at the start edge."""
    import altair as alt

    options: dict[str, Any] = {
        "fontSize": 12,
        "color": COLOURS["ink"],
        "baseline": "middle",
        "align": frame.start,
    }
    options.update(style)
    records = [{**record, "text": isolated(record["text"], frame.lang)} for record in records]
    return layer(records, frame, text=alt.Text("text:N")).mark_text(tooltip=None, **options)


def grid_lines(frame: Frame, y0: float, y1: float) -> list[Any]:
    """Return hairlines at the ticks, the axis at zero, and the words of the ticks below."""
    import altair as alt

    lines = [{"x": value, "y": y0, "y2": y1} for value in frame.ticks]
    words = [{"x": value, "y": y1 + 14, "text": frame.words(value)} for value in frame.ticks]
    y2 = alt.Y2("y2:Q")
    first = {"align": frame.start, "fontSize": 11, "color": COLOURS["muted"]}
    return [
        layer(lines[1:], frame, y2=y2).mark_rule(color=GRID, strokeWidth=1),
        layer(lines[:1], frame, y2=y2).mark_rule(color=COLOURS["rule-strong"], strokeWidth=1),
        text(words[:1], frame, **first),
        text(words[1:], frame, **{**first, "align": "center"}),
    ]


def value_at(mark: Mark, divisor: float, lang: str) -> str:
    """Return the words written at a mark."""
    row = mark.row
    if row.value is None:
        return value_words(row, lang, with_unit=False)
    if row.scale == "percent":
        return value_words(row, lang)
    decimals = row.decimals if divisor == 1.0 else None
    short = replace(row, value=_divided(row.value, divisor), decimals=decimals, scale="other")
    return value_words(short, lang, with_unit=False)


def _divided(value: float, divisor: float) -> float:
    # Through text, so that 1.193 million does not become 1.1929999.
    return float(f"{value / divisor:.12g}")


def axis_words(panel: Panel, divisor: float, lang: str) -> Callable[[float], str]:
    """Return the function that writes the values of the ticks."""
    percent = panel.marks[0].row.scale == "percent"

    def words(value: float) -> str:
        shown = _divided(value, divisor)
        return formats.percent(shown, lang, decimals=None) if percent else formats.number(shown, lang)

    return words


def domain_of(panel: Panel, most: int) -> tuple[float, ...]:
    """Return the ticks of a panel; the last one ends its axis."""
    top = panel.top
    values = ticks(top, most)
    if panel.marks[0].row.scale == "percent" and top <= 100 < values[-1]:
        return (0.0, 25.0, 50.0, 75.0, 100.0) if most >= 5 else (0.0, 50.0, 100.0)
    return tuple(values)


def bar_colour(mark: Mark) -> str:
    """Return the colour of a bar; other vintages are grey."""
    return GREY_BAR if mark.series == OTHER else SERIES_COLOURS[mark.series % 4]


def tooltip(mark: Mark, words: str) -> str:
    """Return what a pointer shows at a mark: nothing that is not written on the page too."""
    return ": ".join(part for part in (", ".join(p for p in (mark.head, mark.label) if p), words) if part)


def point_style(series: int) -> dict[str, Any]:
    """Return shape, fill and stroke of the marks of a series; other vintages are hollow grey diamonds."""
    other = series == OTHER
    colour = COLOURS["other"] if other else SERIES_COLOURS[series % 4]
    hollow = other or HOLLOW[series % 4]
    return {
        "shape": "diamond" if other else SHAPES[series % 4],
        "fill": COLOURS["paper"] if hollow else colour,
        "stroke": colour,
        "strokeWidth": 2 if hollow else 1,
        "size": 70,
        "opacity": 1,
    }
