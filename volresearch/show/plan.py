"""Which figure fits a result: panels, marks and series, decided before anything is drawn.

Values of different measurement keys never share a line and, other vintages of the same rows aside, never
share an axis: they become panels of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from volresearch.errors import VolResearchError, near
from volresearch.show.rows import Reading, Row
from volresearch.show.sentences import joinable

__all__ = ["KINDS", "OTHER", "Mark", "Panel", "Plan", "plan", "series_of_code"]

KINDS = ("dots", "bars", "lines", "card", "cards")
#: The series of values that stand beside in grey: other vintages.
OTHER = 9
MOST_SERIES = 4
#: More panels than this make no chart; each value then stands for itself, as a card.
MOST_PANELS = 6

_SEX = {"women": 0, "woman": 0, "f": 0, "female": 0, "men": 1, "man": 1, "m": 1, "male": 1}
_SEX_DIMENSIONS = frozenset({"sex", "gender", "subgroup"})
_TOPICS = ("series", "variable", "statistic", "term")


@dataclass(frozen=True)
class Mark:
    """One value in a panel: its row, what stands at it, the head it stands under, and its series."""

    row: Row
    label: str
    head: str
    series: int


@dataclass(frozen=True)
class Panel:
    """One chart: marks that share an axis, a unit and a measurement key.

    ``top`` is the greatest value of all panels of the same topic, so that their axes are the same.
    """

    title: str
    unit: str
    kind: str
    marks: tuple[Mark, ...]
    top: float = 0.0
    legend: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Plan:
    """The whole figure before drawing.

    ``legend`` holds pairs of series and words; where a series means different things in different panels it is
    empty and each panel has its own.
    """

    kind: str
    panels: tuple[Panel, ...]
    legend: tuple[tuple[int, str], ...]
    several_keys: bool


def plan(reading: Reading, kind: str | None = None) -> Plan:
    """Decide on the figure for a reading.

    Raises
    ------
    VolResearchError
        ``show.kind`` for an unknown kind, or for lines where no two values may be joined.
    """
    if kind is not None and kind not in KINDS:
        raise VolResearchError("show.kind", f'There is no kind of figure "{kind}".', hint=near(kind, KINDS))
    drawn = [row for row in reading.rows if row.value is not None]
    if kind in {"card", "cards"} or (kind is None and len(drawn) <= 1):
        return _cards(reading)
    if not drawn:
        raise VolResearchError("show.kind", "There is no value to draw.", hint="Show it with vr.table.")
    panels: list[Panel] = []
    for rows in _split(reading.rows, _topic):
        top = max((end for row in rows for end in (row.value, row.high) if end is not None), default=0.0)
        panels += [_on_axis(panel, top) for panel in _panels(rows, reading, kind)]
    if kind is None and len(panels) > MOST_PANELS:
        return _cards(reading)
    panels = _named(panels, reading)
    own = _ambiguous(panels)
    if own:
        panels = [replace(panel, legend=_legend([panel])) for panel in panels]
    kinds = {panel.kind for panel in panels}
    several = any(
        len({row.key for row in part}) > 1
        for part in _split((m.row for p in panels if p.kind != "lines" for m in p.marks), _topic)
    )
    return Plan(
        kinds.pop() if len(kinds) == 1 else "mixed",
        tuple(panels),
        () if own else _legend(panels),
        several and reading.published,
    )


def _on_axis(panel: Panel, top: float) -> Panel:
    """Give a panel the axis of its topic, or its own where its values would vanish on that one."""
    ends = [end for mark in panel.marks for end in (mark.row.value, mark.row.high) if end is not None]
    own = max(ends, default=0.0)
    return replace(panel, top=top if panel.marks[0].row.scale == "percent" or own * 12 >= top else own)


def _cards(reading: Reading) -> Plan:
    marks = tuple(Mark(row, "", "", 0) for row in reading.rows)
    kind = "card" if len(marks) == 1 else "cards"
    return Plan(kind, (Panel("", "", kind, marks),), (), len({row.key for row in reading.rows}) > 1)


def _topic(row: Row) -> tuple[str, ...]:
    return (*(row.codes.get(name, "") for name in _TOPICS), row.unit.text)


def _split(rows: Iterable[Row], by: Callable[[Row], object]) -> list[list[Row]]:
    groups: dict[object, list[Row]] = {}
    for row in rows:
        groups.setdefault(by(row), []).append(row)
    return list(groups.values())


def _panels(rows: list[Row], reading: Reading, kind: str | None) -> list[Panel]:
    """Make the panels of one topic and unit: one for each measurement key, other vintages set beside."""
    run = joinable(rows)
    if kind == "lines" and not run:
        raise VolResearchError(
            "show.kind",
            "No line can be drawn: no two of these values share a measurement key, an area and a group.",
            hint="Use bars, or leave the kind to be chosen.",
        )
    if run and kind in {None, "lines"}:
        return _line_panels(rows, run, reading)
    several = len({row.key for row in rows}) > 1 and reading.published
    interval = any(row.has_interval for row in rows)
    chosen = kind if kind in {"dots", "bars"} else ("dots" if interval else "bars")
    assert chosen is not None
    parts = _split(rows, lambda row: row.key) if reading.published else [rows]
    newest = max(parts, key=lambda part: max(row.codes.get("period", "") for row in part))
    panels: list[Panel] = []
    for part in parts:
        other = several and part is not newest and _same(newest, part)
        panels += _row_panels(part, reading, chosen, OTHER if other else None, several)
    return panels


def _same(first: Sequence[Row], second: Sequence[Row]) -> bool:
    """Whether two keys measure the same areas: then the second is another vintage of the first."""
    return {row.codes.get("area") for row in second} <= {row.codes.get("area") for row in first}


def _line_panels(rows: list[Row], run: list[Row], reading: Reading) -> list[Panel]:
    key = run[0].key
    main = [row for row in rows if row.key == key]
    places = {_place(row) for row in main}
    beside = [row for row in rows if row.key != key and _place(row) in places]
    rest = [row for row in rows if row.key != key and _place(row) not in places]
    lines = _split(main, _place)
    varying = [
        name for name in reading.varying() if name != "period" and len({row.codes[name] for row in main}) > 1
    ]
    panels = []
    if len(lines) <= MOST_SERIES:
        alone = tuple(name for name in reading.varying() if name not in {"period", *varying, *_TOPICS})
        alone = tuple(name for name in alone if main[0].codes[name] not in {"", "total"})
        panels.append(_line_panel(lines, beside, varying, _title(main[0], reading, alone), reading))
    else:
        for line in lines:
            own = [row for row in beside if _place(row) == _place(line[0])]
            panels.append(_line_panel([line], own, [], _title(line[0], reading, tuple(varying)), reading))
    return panels + (_panels(rest, reading, None) if rest else [])


def _place(row: Row) -> tuple[str, ...]:
    return tuple(code for name, code in row.codes.items() if name != "period")


def _line_panel(
    lines: list[list[Row]], beside: list[Row], varying: list[str], title: str, reading: Reading
) -> Panel:
    numbers = _series_numbers([line[0] for line in lines], varying)
    marks = [
        Mark(row, ", ".join(row.words[name].text for name in varying), "", number)
        for line, number in zip(lines, numbers, strict=True)
        for row in line
    ]
    marks += [Mark(row, row.vintage.text, "", OTHER) for row in beside]
    return Panel(title, lines[0][0].unit.text, "lines", tuple(marks))


def _series_numbers(firsts: Sequence[Row], varying: Sequence[str]) -> list[int]:
    """Number the series; women are always the first, men the second."""
    for name in varying:
        known = [series_of_code(name, row.codes[name]) for row in firsts]
        if any(number is not None for number in known) and len(varying) == 1:
            free = iter(number for number in range(MOST_SERIES + len(known)) if number not in known)
            return [number if number is not None else next(free) for number in known]
    return list(range(len(firsts)))


def series_of_code(dimension: str, code: str) -> int | None:
    """Return 0 for women, 1 for men, None for anything else.

    >>> series_of_code("sex", "f"), series_of_code("subgroup", "men"), series_of_code("area", "F")
    (0, 1, None)
    """
    return _SEX.get(code.lower()) if dimension in _SEX_DIMENSIONS else None


def _title(row: Row, reading: Reading, more: tuple[str, ...]) -> str:
    names = [name for name in (*_TOPICS, *more) if name in reading.varying() or name in more]
    words = dict.fromkeys(row.words[name].text for name in names if row.codes.get(name))
    return ", ".join(words)


def _row_panels(
    rows: list[Row], reading: Reading, kind: str, series: int | None, several: bool
) -> list[Panel]:
    """Make bars or dots: one panel, or one for each code of a dimension with too many series."""
    varying = [n for n in reading.varying() if n not in _TOPICS and len({row.codes[n] for row in rows}) > 1]
    title = _title(rows[0], reading, ())
    if several:
        where = _where(rows, reading)
        title = ", ".join(part for part in (title, where) if part)
    unit = rows[0].unit.text
    inner = _inner(rows, varying)
    if inner is None or len(varying) < 2:
        marks = tuple(
            Mark(row, _label(row, varying, reading), "", _number(row, varying, series))
            for row in _sorted(rows, varying)
        )
        return [Panel(title, unit, kind, marks)]
    outer = [name for name in varying if name != inner]
    if len({row.codes[inner] for row in rows}) > MOST_SERIES:
        return [
            Panel(", ".join(p for p in (title, part[0].words[inner].text) if p), unit, kind,
                  tuple(Mark(row, _label(row, outer, reading), "", series or 0) for row in part))
            for part in _split(rows, lambda row: row.codes[inner])
        ]  # fmt: skip
    firsts = [part[0] for part in _split(rows, lambda row: row.codes[inner])]
    numbers = dict(zip((row.codes[inner] for row in firsts), _series_numbers(firsts, [inner]), strict=True))
    marks = tuple(
        Mark(
            row,
            row.words[inner].text,
            _label(row, outer, reading),
            numbers[row.codes[inner]] if series is None else series,
        )
        for part in _split(rows, lambda row: tuple(row.codes[name] for name in outer))
        for row in sorted(part, key=lambda row: numbers[row.codes[inner]])
    )
    return [Panel(title, unit, kind, marks)]


def _inner(rows: Sequence[Row], varying: Sequence[str]) -> str | None:
    """Return the dimension that makes the series: sex where there is one, else the one with fewest codes."""
    for name in varying:
        if any(series_of_code(name, row.codes[name]) is not None for row in rows):
            return name
    return min(varying, key=lambda name: len({row.codes[name] for row in rows}), default=None)


def _number(row: Row, varying: Sequence[str], series: int | None) -> int:
    if series is not None:
        return series
    sexes = [series_of_code(name, row.codes[name]) for name in varying]
    return next((number for number in sexes if number is not None), 0)


def _label(row: Row, names: Sequence[str], reading: Reading) -> str:
    words = [row.words[name].text for name in names if row.words[name].text]
    if words:
        return ", ".join(words)
    return next((row.words[n].text for n in ("area", "period") if n in row.words and row.words[n].text), "")


def _where(rows: Sequence[Row], reading: Reading) -> str:
    """Name a panel among panels of other keys by its area and period, or by its vintage."""
    words = []
    for name in reading.varying():
        codes = {row.codes[name] for row in rows}
        if name not in _TOPICS and len(codes) == 1 and codes & {"", "total"} == set():
            words.append(rows[0].words[name].text)
    if reading.colliding() or not words:
        words.append(rows[0].vintage.text)
    return ", ".join(word for word in words if word)


def _sorted(rows: Sequence[Row], varying: Sequence[str]) -> list[Row]:
    if list(varying) == ["area"]:
        return sorted(rows, key=lambda row: -(row.value if row.value is not None else -1.0))
    if list(varying) == ["period"]:
        return sorted(rows, key=lambda row: row.codes["period"])
    return list(rows)


def _legend(panels: Sequence[Panel]) -> tuple[tuple[int, str], ...]:
    """Pair series with words; a single series needs none."""
    words: dict[int, dict[str, None]] = {}
    for panel in panels:
        for mark in panel.marks:
            named = mark.label and (panel.kind == "lines" or (panel.kind == "dots" and mark.head))
            if named or (mark.series == OTHER and panel.kind == "lines"):
                words.setdefault(mark.series, {})[mark.label] = None
    if set(words) == {OTHER}:
        words[0] = dict.fromkeys(m.row.vintage.text for p in panels for m in p.marks if m.series == 0)
    return tuple((series, ", ".join(words[series])) for series in sorted(words))


def _ambiguous(panels: Sequence[Panel]) -> bool:
    """Whether one series would need two meanings in a common legend."""
    said: dict[int, set[str]] = {}
    for panel in panels:
        for mark in panel.marks:
            if panel.kind in {"lines", "dots"} and mark.series != OTHER:
                said.setdefault(mark.series, set()).add(
                    mark.label if panel.kind == "lines" or mark.head else ""
                )
    return any(len(words) > 1 for words in said.values())


def _named(panels: Sequence[Panel], reading: Reading) -> list[Panel]:
    """Name the panels that could not be told apart by their titles."""
    titles = [panel.title for panel in panels]
    out = []
    for panel in panels:
        if len(panels) > 1 and (not panel.title or titles.count(panel.title) > 1):
            where = _where([mark.row for mark in panel.marks], reading)
            panel = replace(panel, title=", ".join(part for part in (panel.title, where) if part))
        out.append(panel)
    return out
