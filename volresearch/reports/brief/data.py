"""The data of a chart as a narrow table beside it: one row for what is measured, one column for each time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from volresearch.reports.brief.material import Item, Material
from volresearch.show.markup import esc, said
from volresearch.show.rows import bound_words
from volresearch.text import formats

__all__ = ["data_table", "note_letters", "notes_below"]

#: Beyond this the long table of `vr.table` is easier to read.
MOST_COLUMNS = 6

_Key = tuple[str, ...]
_Of = Callable[[Item], _Key]


def data_table(items: Sequence[Item], material: Material, caption: str) -> str | None:
    """Return the table as HTML, or None where the figures do not fit into rows and columns.

    Every value keeps its bound; a combination that no source gives is [x].
    """
    rows_of, columns_of = _layout(items)
    rows, columns = _keys(items, rows_of), _keys(items, columns_of)
    cells = {(rows_of(item), columns_of(item)): item for item in items}
    if len(cells) < len(items) or len(columns) > MOST_COLUMNS:
        return None
    return _Made(items, rows, columns, cells, material).html(caption)


def note_letters(items: Iterable[Item], material: Material) -> dict[str, str]:
    """Return the notes of figures with the letters that stand at their values."""
    notes = dict.fromkeys(note for item in items for note in material.notes(item))
    return {note: chr(ord("a") + n) if n < 26 else f"a{n}" for n, note in enumerate(notes)}


def notes_below(items: Iterable[Item], material: Material) -> str:
    """Return the notes as HTML; they are the sources' and checkers' own words, which are English."""
    lines = "".join(
        f'<p><sup>{letter}</sup> <span lang="en" dir="ltr">{esc(note)}</span></p>'
        for note, letter in note_letters(items, material).items()
    )
    return f'<div class="vr-note">{lines}</div>' if lines else ""


def _series(item: Item) -> _Key:
    return "series", item.figure.series


def _group(item: Item) -> _Key:
    return "group", item.figure.subgroup


def _what(item: Item) -> _Key:
    return "what", item.figure.series, item.figure.subgroup


def _when(item: Item) -> _Key:
    return "when", item.row.codes["period"], *_vintage(item)[1:]


def _period(item: Item) -> _Key:
    return "period", item.row.codes["period"]


def _vintage(item: Item) -> _Key:
    return "vintage", item.row.vintage.text


def _layout(items: Sequence[Item]) -> tuple[_Of, _Of]:
    """Choose what makes the rows and what the columns, so that the table stays narrow."""
    count = {of: len({of(item) for item in items}) for of in (_series, _group, _when, _vintage)}
    if count[_when] == 1 and count[_series] > 1 and count[_group] > 1:
        return _series, _group
    if count[_series] == count[_group] == 1:
        return (_period, _vintage) if 1 < count[_vintage] <= 3 and count[_when] > 3 else (_when, _series)
    rows = _group if count[_series] == 1 else _series if count[_group] == 1 else _what
    number = count[_series] * count[_group]
    return (_when, rows) if count[_when] > 3 and number <= 3 else (rows, _when)


def _keys(items: Iterable[Item], of: _Of) -> dict[_Key, list[Item]]:
    out: dict[_Key, list[Item]] = {}
    timed = of in {_when, _period, _vintage}
    ordered = sorted(items, key=lambda i: (i.row.codes["period"], i.order)) if timed else items
    for item in ordered:
        out.setdefault(of(item), []).append(item)
    return out


class _Made:
    """Writes rows and heads; words that are the same everywhere are said once."""

    def __init__(
        self,
        items: Sequence[Item],
        rows: dict[_Key, list[Item]],
        columns: dict[_Key, list[Item]],
        cells: dict[tuple[_Key, _Key], Item],
        material: Material,
    ) -> None:
        self.items, self.rows, self.columns, self.cells, self.material = items, rows, columns, cells, material
        self.notes = note_letters(items, material)
        self.one_vintage = len({_vintage(item) for item in items}) == 1
        self.one_series = len({_series(item) for item in items}) == 1
        # Values are scaled along what is measured; where rows are times, that is along the columns.
        timed = next(iter(rows))[0] in {"when", "period"}
        groups = columns if timed else rows
        self.scales = {
            key: self._scale(list(items) if timed and key[0] == "vintage" else group)
            for key, group in groups.items()
        }
        units = {(self.scales[key][1], group[0].row.unit.text) for key, group in groups.items()}
        self.one_unit = " ".join(part for part in next(iter(units)) if part) if len(units) == 1 else ""

    def html(self, caption: str) -> str:
        """Return the whole table."""
        unit = f", {self.one_unit}" if self.one_unit else ""
        heads = "".join(
            f'<th scope="col" class="r">{self._head(key, group[0])}</th>'
            for key, group in self.columns.items()
        )
        body = "".join(self._row(key, group) for key, group in self.rows.items())
        return (
            f'<table class="vr-t"><caption>{esc(caption)}{esc(unit)}{self.material.marks(self.items)}</caption>'
            f'<thead><tr><th scope="col">{self._corner()}</th>{heads}</tr></thead><tbody>{body}</tbody></table>'
        )

    def _corner(self) -> str:
        tr = self.material.tr
        first = next(iter(self.rows))
        if first[0] in {"when", "period"}:
            return esc(tr("Period"))
        return esc(tr("Group") if self.one_series else tr("Series"))

    def _row(self, key: _Key, group: list[Item]) -> str:
        cells = "".join(self._cell(key, column) for column in self.columns)
        kind = ' class="vr-when"' if key[0] in {"when", "period"} else ""
        return f'<tr><th scope="row"{kind}>{self._head(key, group[0])}</th>{cells}</tr>'

    def _head(self, key: _Key, item: Item) -> str:
        """Name a row or a column, with its unit where it is not the same for all."""
        if key[0] in {"when", "period"}:
            return self._time(item, with_vintage=key[0] == "when")
        if key[0] == "vintage":
            return said(item.row.vintage, self.material.words)
        words = []
        if key[0] == "series" or (key[0] == "what" and not self.one_series):
            words.append(self.material.say(item, "series"))
        if key[0] == "group" or (key[0] == "what" and not item.is_total):
            words.append(self.material.say(item, "subgroup"))
        if not self.one_unit and key in self.scales:
            unit = " ".join(part for part in (self.scales[key][1], item.row.unit.text) if part)
            words += [esc(unit)] if unit else []
        return ", ".join(words)

    def _time(self, item: Item, *, with_vintage: bool) -> str:
        when = esc(item.row.words["period"].text)
        if self.one_vintage or not with_vintage:
            return when
        vintage = said(item.row.vintage, self.material.words)
        return f"{when}<br><small>{vintage}</small>" if vintage else when

    def _scale(self, items: Sequence[Item]) -> tuple[float, str]:
        """Return the divisor and its word (million) that suit all values of a row."""
        values = [abs(item.row.value) for item in items if item.row.value]
        for divisor in (1e9, 1e6):
            if values and min(values) >= divisor:
                words = formats.compact_words(2 * divisor, self.material.lang, 0)
                digits = re.sub(r"[^\d]", "", words)
                word = re.sub(r"[\d\s.,\u00a0\u202f]+", " ", words).strip()
                if word and digits:
                    # Chinese counts in 万 and 亿: the divisor is what the word really stands for.
                    return 2 * divisor / float(digits), word
        return 1.0, ""

    def _cell(self, row: _Key, column: _Key) -> str:
        item = self.cells.get((row, column))
        if item is None or item.row.value is None:
            return '<td class="r">[x]</td>'
        lang = self.material.lang
        divisor = self.scales[row if row in self.scales else column][0]
        number = formats.number(_exact(item.row.value, divisor), lang)
        if item.row.scale == "year":
            number = f"{item.row.value:.0f}"
        if item.row.scale == "percent" and not self.one_unit:
            number = formats.percent(item.row.value, lang, None)
        words = bound_words(item.row.bound, number, self.material.words)
        letters = " ".join(self.notes[note] for note in self.material.notes(item))
        mark = f"<sup>{letters}</sup>" if letters else ""
        return f'<td class="r">{esc(words)}{mark}</td>'


def _exact(value: float, divisor: float) -> float:
    """Divide without the dust of binary fractions.

    >>> _exact(610_400_000.0, 1e6)
    610.4
    """
    return round(value / divisor, 9)
