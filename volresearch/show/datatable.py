"""The data of a figure as a compact table: times or groups side by side, in the units of the chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from volresearch.show.frame import scaling, value_at
from volresearch.show.grid import Column, grid
from volresearch.show.markup import esc, source_marks
from volresearch.show.plan import Mark, Panel, Plan
from volresearch.show.rows import Reading, Row
from volresearch.text import direction, tr

__all__ = ["compact_table"]

MOST_COLUMNS = 3
MOST_ROWS = 12
#: Longer words do not fit above a column.
MOST_LETTERS = 18


def compact_table(reading: Reading, made: Plan, numbers: Mapping[str, int], anchor: str) -> str:
    """Return the data of a figure as a narrow table, or "" where it does not fit into one."""
    rows = reading.rows
    if any(row.note or row.has_interval for row in rows) or not reading.published:
        return ""
    across = _across(reading)
    if not across:
        return ""
    down = [name for name in reading.varying() if name not in across]
    marks = {id(mark.row): (panel, mark) for panel in made.panels for mark in panel.marks}
    ordered = sorted(rows, key=lambda row: row.codes["period"]) if "period" in across else rows
    heads = list(dict.fromkeys(_head(row, across, reading) for row in ordered))
    names = list(dict.fromkeys(_name(row, down, marks, reading) for row in rows))
    cells = {(_name(row, down, marks, reading), _head(row, across, reading)): row for row in rows}
    fits = len(heads) <= MOST_COLUMNS and len(names) <= MOST_ROWS and len(cells) == len(rows) == len(marks)
    if not fits or any(len(word) > MOST_LETTERS for head in heads for word in head.split(", ")):
        return ""
    lang = reading.lang
    sources = {head: {row.source for row in rows if _head(row, across, reading) == head} for head in heads}
    common = len({row.source for row in rows}) == 1 or any(len(ids) > 1 for ids in sources.values())
    if common and len({row.source for row in rows}) > 1:
        return ""
    columns = [Column(reading.names[down[0]].text if len(down) == 1 else "")]
    columns += [
        Column(head, numeric=True, marks="" if common else source_marks(sources[head], numbers, anchor, lang))
        for head in heads
    ]
    body = [[esc(name), *(_cell(cells.get((name, head)), marks, lang) for head in heads)] for name in names]
    caption = esc(tr("Data of this figure", lang))
    caption += source_marks((row.source for row in rows), numbers, anchor, lang) if common else ""
    inner = grid(columns, body, caption, isolate=direction(lang) == "rtl")
    return f'<div class="vr vr-tablebox" lang="{esc(lang)}" dir="{direction(lang)}">{inner}</div>'


Marks = Mapping[int, tuple[Panel, Mark]]


def _across(reading: Reading) -> tuple[str, ...]:
    """Return the dimensions that stand side by side: time, else the smaller of two groupings."""
    varying = reading.varying()
    if "period" in varying and len(varying) > 1:
        return ("period",)
    if len(varying) != 2:
        return ()
    return (min(varying[::-1], key=lambda name: len({row.codes[name] for row in reading.rows})),)


def _head(row: Row, across: Sequence[str], reading: Reading) -> str:
    words = [row.words[name].text for name in across]
    twins = {
        other.vintage.text for other in reading.rows if all(other.codes[n] == row.codes[n] for n in across)
    }
    if reading.colliding() and len(twins) > 1:
        words.append(row.vintage.text)
    return ", ".join(words)


def _name(row: Row, down: Sequence[str], marks: Marks, reading: Reading) -> str:
    words = [row.words[name].text for name in down]
    if len({other.unit.text for other in reading.rows}) > 1 and id(row) in marks and row.scale != "percent":
        panel = marks[id(row)][0]
        _, magnitude = scaling(panel, reading.lang)
        # The chart beside says what is counted; a narrow table says how many zeros are left out.
        words.append(magnitude or panel.unit)
    return ", ".join(words)


def _cell(row: Row | None, marks: Marks, lang: str) -> str:
    if row is None:
        return "–"
    panel, mark = marks[id(row)]
    return esc(value_at(mark, scaling(panel, lang)[0], lang))
