"""The routing of a questionnaire as a drawing: one row a question, an arrow from each answer to what it opens."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from volresearch.instruments.items import Block, Item
from volresearch.instruments.model import Instrument
from volresearch.text import direction, ntr, tr

__all__ = ["routing_svg"]

_ROW, _LEFT, _WIDTH, _INDENT = 46, 120, 800, 22
_LANES, _LANE = 9, 11


@dataclass
class _Row:
    """One line of the drawing."""

    name: str
    text: str
    depth: int
    kind: str
    condition: str = ""
    sources: tuple[str, ...] = ()
    y: int = field(default=0)


def routing_svg(instrument: Instrument, lang: str = "en") -> str:
    """Return the routing as an SVG that stands alone: blocks, questions, conditions, and arrows.

    Blocks without any routing are one row. An arrow runs from the question that a condition names down to
    what is asked because of it; the condition stands on the row.

    Examples
    --------
    >>> from volresearch.text import Text
    >>> form = Instrument(id="t.a", title=Text("A"), items=(Item(name="age", type="integer"),))
    >>> routing_svg(form).startswith("<svg")
    True
    """
    tag = lang if lang in instrument.tags else instrument.title.language_for(lang)
    rows = list(_rows(instrument, instrument.items, tag, 0, _steering(instrument)))
    for number, row in enumerate(rows):
        row.y = 12 + number * _ROW
    names = {row.name for row in rows}
    left = _LEFT if any(names & set(row.sources) for row in rows) else 8
    height = 24 + len(rows) * _ROW
    title = tr("Routing of {title}", tag, title=instrument.title.get_in(tag))
    drawn = "".join([*_arrows(rows, tag, left), *(_drawn(row, tag, left) for row in rows)])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" lang="{escape(tag)}" '
        f'aria-label="{escape(title)}" style="max-width:100%;height:auto;font-family:var(--vr-font-text,sans-serif)">'
        f"<title>{escape(title)}</title><desc>{escape(_said(rows, tag))}</desc>"
        f'<defs><marker id="vr-arrow-{tag}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0 8 4 0 8z" fill="var(--vr-link,#1F5A96)"/></marker></defs>{drawn}</svg>'
    )


def _steering(instrument: Instrument) -> set[str]:
    """Return the names that take part in routing, calculations followed."""
    named = {
        name
        for entry, _ in instrument.walk()
        for formula in (entry.ask_if, getattr(entry, "count", None))
        if formula is not None
        for name in formula.names
    }
    items = {item.name: item for item in instrument.all_items}
    waiting = list(named)
    while waiting:
        item = items.get(waiting.pop())
        fresh = set(item.calculation.names) - named if item and item.calculation else set()
        named |= fresh
        waiting += fresh
    return named


def _rows(
    form: Instrument, entries: tuple[Item | Block, ...], tag: str, depth: int, steering: set[str]
) -> Iterator[_Row]:
    for entry in entries:
        condition = entry.ask_if.text if entry.ask_if else ""
        sources = entry.ask_if.names if entry.ask_if else ()
        text = entry.text.get_in(tag) or entry.name
        if isinstance(entry, Item):
            if entry.type == "note":
                continue
            if entry.calculation and entry.name in steering:
                sources = (*sources, *entry.calculation.names)
            yield _Row(entry.name, text, depth, entry.type, condition, sources)
            continue
        if entry.count:
            sources = (*sources, *entry.count.names)
        kind = "repeat" if entry.kind == "repeat" else "block"
        if _plain(entry, steering):
            n = len([item for item in entry.items if isinstance(item, Item) and item.asks])
            text = f"{text} · {ntr('{n} question', '{n} questions', n, tag)}"
            yield _Row(entry.name, text, depth, kind, condition, sources)
            continue
        yield _Row(entry.name, text, depth, kind, condition, sources)
        yield from _rows(form, entry.items, tag, depth + 1, steering)


def _plain(block: Block, steering: set[str]) -> bool:
    return all(
        isinstance(entry, Item) and entry.ask_if is None and entry.name not in steering
        for entry in block.items
    )


def _arrows(rows: list[_Row], tag: str, margin: int) -> Iterator[str]:
    places = {row.name: row for row in rows}
    lane = 0
    for row in rows:
        for source in (places[name] for name in dict.fromkeys(row.sources) if name in places):
            if source is row:
                continue
            x = margin - 16 - (lane % _LANES) * _LANE
            lane += 1
            start, end = source.y + 20, row.y + 14
            left, right = margin + source.depth * _INDENT, margin + row.depth * _INDENT
            turn = 6 if end > start else -6
            yield (
                f'<path d="M{left} {start}H{x + 6}Q{x} {start} {x} {start + turn}V{end - turn}Q{x} {end} {x + 6} {end}H{right - 1}" '
                f'fill="none" stroke="var(--vr-link,#1F5A96)" stroke-opacity=".75" stroke-width="1.2" marker-end="url(#vr-arrow-{tag})"/>'
            )


def _drawn(row: _Row, tag: str, margin: int) -> str:
    x = margin + row.depth * _INDENT
    width = _WIDTH - x - 8
    dash = ' stroke-dasharray="5 3"' if row.kind in {"calculate", "repeat"} else ""
    fill = "var(--vr-panel,#F3F5F8)" if row.kind in {"block", "repeat"} else "var(--vr-paper,#FFFFFF)"
    weight = ' font-weight="600"' if row.kind in {"block", "repeat"} else ""
    kind = {"repeat": tr("repeated", tag), "calculate": tr("calculated", tag)}.get(row.kind, "")
    label = row.text + (f" ({kind})" if kind else "")
    under = row.name + (f"   ← {row.condition}" if row.condition else "")
    rtl = direction(tag) == "rtl"
    at = _WIDTH - 16 if rtl else x + 8
    way = ' direction="rtl"' if rtl else ""
    return (
        f'<g><title>{escape(row.text)}</title><rect x="{x}" y="{row.y}" width="{width}" height="{_ROW - 8}" rx="3" fill="{fill}" '
        f'stroke="var(--vr-rule-strong,#7B8794)"{dash}/>'
        f'<text x="{at}" y="{row.y + 16}" font-size="13"{weight}{way} fill="var(--vr-ink,#16202C)">{escape(_cut(label, width // 7))}</text>'
        f'<text x="{x + 8}" y="{row.y + 31}" font-size="11" fill="var(--vr-muted,#4F5B68)" '
        f'font-family="var(--vr-font-mono,monospace)">{escape(_cut(under, width // 7))}</text></g>'
    )


def _cut(text: str, most: int) -> str:
    taken = 0
    for at, sign in enumerate(text):
        taken += 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if taken > most:
            return text[: at - 1].rstrip() + "…"
    return text


def _said(rows: list[_Row], tag: str) -> str:
    routed = [f"{row.name}: {row.condition}" for row in rows if row.condition]
    if not routed:
        return tr("Every question is asked of everybody.", tag)
    return tr("Asked if", tag) + " " + "; ".join(routed)
