"""The words around a figure: what its title leaves out, and what it shows, for those who do not see it."""

from __future__ import annotations

from volresearch.errors import VolResearchError
from volresearch.show.plan import Panel
from volresearch.show.rows import Reading, value_words
from volresearch.show.sentences import listed, measured, when
from volresearch.text import formats, tr

__all__ = ["card_words", "panel_words", "subtitle_words"]

#: Values that the description of a picture reads out; the rest stands in the table.
MOST_READ = 24


def subtitle_words(reading: Reading, title: str) -> str:
    """Say what the title leaves out: area, group, when, unit, intervals, domain."""
    lang = reading.lang
    parts = []
    for name in ("series", "area", "subgroup"):
        rows = [row for row in reading.rows if row.codes.get(name) not in {None, "", "total"}]
        words = list(dict.fromkeys(row.words[name].text for row in rows))
        most = 3 if name == "series" else 1
        if 0 < len(words) <= most and not all(word in title for word in words):
            parts.append(listed(words, lang))
    time = _time_words(reading)
    periods = {row.words["period"].text for row in reading.rows if row.codes.get("period")}
    if time and time not in title and not all(words in title for words in periods):
        parts.append(time)
    units = list(dict.fromkeys(row.unit_label.text for row in reading.rows if row.unit_label.text))
    if len(units) == 1:
        parts.append(units[0])
    if any(row.has_interval for row in reading.rows) and reading.facts.confidence:
        level = formats.percent(reading.facts.confidence * 100, lang, decimals=None)
        parts.append(tr("with {level} intervals", lang, level=level))
    return ", ".join([*parts, *([reading.facts.domain] if reading.facts.domain else [])])


def _time_words(reading: Reading) -> str:
    """Return the time all rows span, in words."""
    periods = {row.codes["period"] for row in reading.rows if row.codes.get("period")}
    if len(periods) == 1:
        return next(row.words["period"].text for row in reading.rows if row.codes.get("period"))
    try:
        spans = [formats.parse_period(period) for period in periods]
    except VolResearchError:
        return ""
    if not spans:
        return ""
    first, last = min(start.year for start, _ in spans), max(end.year for _, end in spans)
    return formats.period(f"{first}/{last}" if first != last else str(first), reading.lang)


def panel_words(panel: Panel, reading: Reading) -> str:
    """Read the values of one panel out."""
    lang = reading.lang
    said = []
    for mark in panel.marks[:MOST_READ]:
        period = mark.row.words["period"].text if panel.kind == "lines" else ""
        names = [name for name in (mark.head, mark.label, period) if name]
        said.append(
            f"{', '.join(names)}: {value_words(mark.row, lang)}" if names else value_words(mark.row, lang)
        )
    if len(panel.marks) > MOST_READ:
        said.append(tr("and {count} more in the table", lang, count=len(panel.marks) - MOST_READ))
    head = f"{panel.title}: " if panel.title else ""
    return f"{head}{'; '.join(said)}." if said else ""


def card_words(reading: Reading, number: int) -> str:
    """Say what the value of one row is."""
    row = reading.rows[number]
    group = row.words["subgroup"].text if row.codes.get("subgroup") not in {None, "", "total"} else ""
    area = row.words["area"].text if row.codes.get("area") else ""
    words = [measured(row, reading.lang), area]
    adverb = when(row.codes.get("period", ""), reading.lang)
    return ", ".join(part for part in (*words, group, adverb) if part)
