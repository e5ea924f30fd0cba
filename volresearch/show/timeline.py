"""Lines over time: true time scale, zero on the axis, and a line only within one measurement key."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from volresearch.errors import VolResearchError
from volresearch.show.frame import DASHES, SERIES_COLOURS, Frame, axis_words, point_style, scaling, value_at
from volresearch.show.measure import text_width, ticks_within
from volresearch.show.plan import OTHER, Mark, Panel
from volresearch.show.rows import Row
from volresearch.show.stylesheet import COLOURS, GRID
from volresearch.text import formats

__all__ = ["line_layers", "moment"]

#: More values than this on one line: only the first, last, least and greatest are written at their marks.
MOST_VALUES = 8


def moment(period: str) -> float:
    """Return the middle of a period as a year with decimals, so that distances on the axis are true.

    >>> round(moment("2016"), 2), round(moment("2016/2019"), 2)
    (2016.5, 2018.0)
    """
    first, last = formats.parse_period(period)
    middle = first + (last - first + datetime.timedelta(days=1)) / 2
    start = datetime.date(middle.year, 1, 1)
    days = (datetime.date(middle.year + 1, 1, 1) - start).days
    return middle.year + (middle - start).days / days


def line_layers(panel: Panel, lang: str, width: float) -> tuple[Frame, list[Any]]:
    """Lay out a panel of lines; see `spec.panel_spec`."""
    divisor, _ = scaling(panel, lang)
    placed = [mark for mark in panel.marks if mark.row.value is not None and _dated(mark.row)]
    frame = _frame(panel, lang, width, divisor)
    times = [moment(mark.row.codes["period"]) for mark in placed]
    span = (max(times) - min(times)) or 1.0
    edge = 34 + max(text_width(value_at(mark, divisor, lang), 12.5, bold=True) for mark in placed) / 2
    years = span / max(frame.width - 2 * min(edge, frame.width / 3), 20.0)
    pad = min(edge, frame.width / 3) * years
    scales = _Scales(frame, min(times) - pad, max(times) + pad, panel.top)
    records = [
        _record(mark, when, value_at(mark, divisor, lang)) for mark, when in zip(placed, times, strict=True)
    ]
    _set_beside(records, years)
    return frame, [
        *_axes(records, frame, scales),
        *_joined(records, scales),
        *_marks(records, scales),
        *_values(records, frame, scales),
    ]


def _dated(row: Row) -> bool:
    try:
        formats.parse_period(row.codes["period"])
    except VolResearchError:
        return False
    return True


def _frame(panel: Panel, lang: str, width: float, divisor: float) -> Frame:
    top = panel.top
    domain = tuple(ticks_within(top * 1.02, 3 if width < 300 else 5))
    height = 112.0 if width < 300 else 170.0
    words = axis_words(panel, divisor, lang)
    return Frame(lang, width - 6, height, 3, 3, 26, 24, domain, words)


class _Scales:
    """The two scales of a time panel, shared by all of its layers."""

    def __init__(self, frame: Frame, first: float, last: float, top: float) -> None:
        self.frame, self.first, self.last, self.top = frame, first, last, top or 1.0

    def layer(self, records: list[dict[str, Any]], **channels: Any) -> Any:
        import altair as alt

        across = alt.Scale(domain=[self.first, self.last], reverse=self.frame.rtl, nice=False, zero=False)
        up = alt.Scale(domain=[0, self.top], nice=False, zero=True)
        x = alt.X("time:Q", axis=None, scale=across)
        y = alt.Y("value:Q", axis=None, scale=up)
        return alt.Chart(alt.InlineData(values=records)).encode(x=x, y=y, **channels)

    def text(self, records: list[dict[str, Any]], **style: Any) -> Any:
        import altair as alt

        options: dict[str, Any] = {
            "fontSize": 12,
            "color": COLOURS["ink"],
            "baseline": "middle",
            "align": "center",
        }
        options.update(style)
        return self.layer(records, text=alt.Text("text:N")).mark_text(tooltip=None, **options)


def _record(mark: Mark, when: float, words: str) -> dict[str, Any]:
    tip = ": ".join(
        p for p in (", ".join(x for x in (mark.label, mark.row.words["period"].text) if x), words) if p
    )
    return {
        "time": when,
        "true": when,
        "value": mark.row.value,
        "text": words,
        "series": mark.series,
        "line": f"{mark.series} {mark.row.key}",
        "period": mark.row.codes["period"],
        "year": mark.row.words["period"].text,
        "tip": tip,
    }


def _set_beside(records: list[dict[str, Any]], years: float) -> None:
    """Move another vintage of the same time a few pixels on, so that both marks are seen."""
    for record in records:
        if record["series"] == OTHER and any(
            r["time"] == record["true"] for r in records if r["series"] != OTHER
        ):
            record["time"] += 20 * years


def _axes(records: list[dict[str, Any]], frame: Frame, scales: _Scales) -> list[Any]:
    import altair as alt

    lines = [{"time": scales.first, "end": scales.last, "value": tick} for tick in frame.ticks]
    words = [{"time": scales.first, "value": tick, "text": frame.words(tick)} for tick in frame.ticks]
    years = _years(records, frame, scales)
    end = alt.X2("end:Q")
    short = [{**year, "value": 0} for year in years]
    return [
        scales.layer(lines[1:], x2=end).mark_rule(color=GRID, strokeWidth=1),
        scales.layer(lines[:1], x2=end).mark_rule(color=COLOURS["rule-strong"], strokeWidth=1),
        scales.layer(short).mark_tick(
            color=COLOURS["rule-strong"], orient="vertical", size=5, thickness=1, yOffset=2
        ),
        scales.text(words, align=frame.start, fontSize=11, color=COLOURS["muted"], dy=-7),
        scales.text(years, dy=15),
    ]


def _years(records: list[dict[str, Any]], frame: Frame, scales: _Scales) -> list[dict[str, Any]]:
    """Return the periods to write below the axis, without those that would run into another."""
    points = {r["period"]: r for r in sorted(records, key=lambda r: (r["true"], r["series"]))}
    pixels = frame.width / (scales.last - scales.first)
    shown: list[dict[str, Any]] = []
    order = list(points.values())
    # The last one is kept before those in the middle.
    for record in [order[0], *([order[-1]] if len(order) > 1 else []), *order[1:-1]]:
        need = [(text_width(record["year"]) + text_width(other["text"])) / 2 + 8 for other in shown]
        far = [abs(record["true"] - other["time"]) * pixels for other in shown]
        if all(distance >= room for distance, room in zip(far, need, strict=True)):
            shown.append({"time": record["true"], "value": 0, "text": record["year"]})
    return shown


def _joined(records: list[dict[str, Any]], scales: _Scales) -> list[Any]:
    import altair as alt

    out = []
    for series in sorted({r["series"] for r in records} - {OTHER}):
        own = [r for r in records if r["series"] == series]
        out.append(
            scales.layer(own, detail=alt.Detail("line:N"), order=alt.Order("time:Q")).mark_line(
                color=SERIES_COLOURS[series % 4],
                strokeWidth=2.2,
                strokeDash=DASHES[series % 4],
                tooltip=None,
            )
        )
    return out


def _marks(records: list[dict[str, Any]], scales: _Scales) -> list[Any]:
    import altair as alt

    out = []
    for series in sorted({r["series"] for r in records}, reverse=True):
        style = point_style(series)
        own = [r for r in records if r["series"] == series]
        out.append(scales.layer(own, tooltip=alt.Tooltip("tip:N")).mark_point(**style))
    return out


def _values(records: list[dict[str, Any]], frame: Frame, scales: _Scales) -> list[Any]:
    """Write the values at their marks, each on the first side where it runs into nothing.

    A value for which no side is free is left to the table.
    """
    across, up = frame.width / (scales.last - scales.first), frame.height / scales.top
    points = {id(r): ((r["time"] - scales.first) * across, (scales.top - r["value"]) * up) for r in records}
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y in points.values()]
    out = []
    # Ends of lines first: they carry the message.
    order = sorted(
        records, key=lambda r: (r["series"] == OTHER, r["true"] not in _ends(r, records), -r["value"])
    )
    for record in order:
        if record["series"] != OTHER and not _written(record, records):
            continue
        other = record["series"] == OTHER
        size = 11.0 if other else 12.5
        style: dict[str, Any] = {"fontSize": size}
        style |= {"color": COLOURS["muted"]} if other else {"fontWeight": "bold"}
        wide = text_width(record["text"], size, bold=not other) + 2
        x, y = points[id(record)]
        for dx, dy in _sides(wide, other):
            box = (x + dx - wide / 2, y + dy - 7, x + dx + wide / 2, y + dy + 7)
            inside = box[0] >= 0 and box[2] <= frame.width and box[1] >= -24 and box[3] <= frame.height - 1
            if inside and not any(_overlap(box, one) for one in taken if one != (x - 6, y - 6, x + 6, y + 6)):
                taken.append(box)
                out.append(scales.text([record], dx=frame.dx(dx), dy=dy, **style))
                break
    return out


def _sides(wide: float, other: bool) -> tuple[tuple[float, float], ...]:
    beside = wide / 2 + 9
    above, below, after, before = (0.0, -15.0), (0.0, 16.0), (beside, 0.0), (-beside, 0.0)
    low = (beside, 9.0)
    return (low, below, after, above, before) if other else (above, below, after, before)


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _ends(record: dict[str, Any], records: Sequence[dict[str, Any]]) -> tuple[float, float]:
    line = [r["true"] for r in records if r["line"] == record["line"]]
    return min(line), max(line)


def _written(record: dict[str, Any], records: Sequence[dict[str, Any]]) -> bool:
    line = [r for r in records if r["line"] == record["line"]]
    if len(line) <= MOST_VALUES:
        return True
    values = [r["value"] for r in line]
    return record["true"] in _ends(record, records) or record["value"] in (min(values), max(values))
