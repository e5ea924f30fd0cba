"""Tables: results, releases and plain lists as accessible HTML that needs nothing from anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from volresearch.errors import VolResearchError
from volresearch.show.grid import Column, grid
from volresearch.show.markup import esc, ident, said, source_items, source_marks, strips, wrap
from volresearch.show.plan import series_of_code
from volresearch.show.rows import SIGNS, Reading, Row, bound_words, read, value_words
from volresearch.show.sentences import measured
from volresearch.show.shapes import SERIES, series_mark
from volresearch.show.stylesheet import styles
from volresearch.text import direction, formats, tr

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.release import Release
    from volresearch.results import Result

__all__ = ["Table", "describe_domain", "mark_notes", "number_sources", "table"]


@dataclass(frozen=True)
class Table:
    """A table as HTML: ``html`` is the bare fragment for a page that has the style sheet."""

    html: str
    lang: str
    caption: str

    def _repr_html_(self) -> str:
        return f"<style>{styles()}</style>{self.html}"


def table(
    x: Result | Release | pd.DataFrame,
    lang: str = "en",
    caption: str | None = None,
    *,
    numbers: Mapping[str, int] | None = None,
    anchor: str | None = None,
    strip: bool = True,
    notes: bool = True,
) -> Table:
    """Show a result, a release or a list as a table.

    Parameters
    ----------
    x : Result, Release or pandas.DataFrame
        A bare result is drawn under the strip "Working view, not for release".
    lang : str
        Language of labels and numbers; where a label is missing in it, the nearest language stands in.
    caption : str, optional
        Stands above the table; without it, what all rows have in common.
    numbers : mapping of str to int, optional
        Source id -> number in the page's own list of sources. With it the table prints no list.
    anchor : str, optional
        Prefix of the ids in that list (``"s"`` for ``#s1``).
    strip : bool
        Whether the strips are drawn; turn off only where the surroundings carry them.
    notes : bool
        Whether the explanation of marks and assumptions stands below; likewise.

    Returns
    -------
    Table
        With ``html`` and the notebook's ``_repr_html_``.

    Raises
    ------
    VolResearchError
        ``show.kind`` where `x` is none of these.

    Examples
    --------
    >>> import pandas as pd
    >>> "<caption>" in table(pd.DataFrame({"id": ["core.facts"], "rows": [375]}), caption="Datasets").html
    True
    """
    import pandas as pd

    if isinstance(x, pd.DataFrame):
        return _list_table(x, lang, caption or "")
    reading = read(x, lang)
    words = caption if caption is not None else describe_domain(reading)
    own = numbers is None
    used = number_sources(reading) if numbers is None else numbers
    prefix = (
        anchor if anchor is not None else ("s" if not own else ident(words, len(reading.rows), lang) + "s")
    )
    inner = _result_grid(reading, words, used, prefix) + _foot(reading, used if own else {}, prefix, notes)
    return Table(_box(wrap(inner, strips(reading) if strip else ()), lang, words), lang, words)


def _box(inner: str, lang: str, label: str) -> str:
    return f'<div class="vr vr-tablebox" lang="{esc(lang)}" dir="{direction(lang)}">{inner}</div>'


def _scroll(inner: str, label: str, lang: str) -> str:
    name = esc(tr("{table}, may scroll sideways", lang, table=label or tr("Table", lang)))
    return f'<div class="vr-scroll" tabindex="0" role="region" aria-label="{name}">{inner}</div>'


def number_sources(reading: Reading) -> dict[str, int]:
    """Number the sources of the rows in the order in which they come."""
    known = {source.id for source in reading.facts.sources}
    ids = dict.fromkeys(row.source for row in reading.rows if row.source in known)
    return {key: number for number, key in enumerate(ids, 1)}


def describe_domain(reading: Reading) -> str:
    """Return what all rows have in common, in words: "Volunteer rate, South Africa, 2014"."""
    if not reading.rows:
        return tr("Figures", reading.lang)
    first, same = reading.rows[0], reading.constant()
    topic = {"series", "variable", "statistic", "term", "level"}
    whats = {measured(row, reading.lang) for row in reading.rows}
    words = list(whats) if len(whats) == 1 else [first.words[name].text for name in same if name in topic]
    words += [first.words[name].text for name in same if name not in topic and first.codes[name] != "total"]
    domain = reading.facts.domain
    return ", ".join([*dict.fromkeys(words), *([domain] if domain else [])]) or tr("Figures", reading.lang)


def _result_grid(reading: Reading, caption: str, numbers: Mapping[str, int], anchor: str) -> str:
    if not reading.rows:
        return f'<p class="vr-note">{esc(tr("No figure fits the selection.", reading.lang))}</p>'
    notes = _footnotes(reading)
    columns = _label_columns(reading) + _number_columns(reading, numbers, anchor, notes)
    heads = [column for column, _ in columns]
    body = [[cell(row) for _, cell in columns] for row in reading.rows]
    text = esc(caption)
    if not _has_source_column(reading, numbers, notes):
        text += source_marks((row.source for row in reading.rows), numbers, anchor, reading.lang)
    return _scroll(
        grid(
            heads,
            body,
            text,
            merge=len(_label_columns(reading)) > 1,
            isolate=direction(reading.lang) == "rtl",
        ),
        caption,
        reading.lang,
    )


Cell = Callable[[Row], str]


def _label_columns(reading: Reading) -> list[tuple[Column, Cell]]:
    lang = reading.lang
    dimensions = reading.varying() or reading.dimensions[:1]
    columns: list[tuple[Column, Cell]] = [
        (Column(reading.names[name].text), partial(_label_cell, name=name, lang=lang)) for name in dimensions
    ]
    if reading.colliding():
        columns.append((Column(tr("Vintage", lang)), lambda row: said(row.vintage, lang) or "–"))
    return columns


def _number_columns(
    reading: Reading, numbers: Mapping[str, int], anchor: str, notes: Mapping[str, str]
) -> list[tuple[Column, Cell]]:
    lang, rows = reading.lang, reading.rows
    head = tr("Value", lang) if reading.published else tr("Estimate", lang)
    units = {row.unit.text for row in rows}
    unit = rows[0].unit.text if len(units) == 1 else ""
    columns: list[tuple[Column, Cell]] = [
        (Column(f"{head}, {unit}" if unit else head, numeric=True), partial(_value_cell, lang=lang))
    ]
    if len(units) > 1:
        columns.append((Column(tr("Unit", lang)), lambda row: said(row.unit, lang) or "–"))
    if any(row.has_interval for row in rows):
        columns.append((Column(_interval_head(reading), numeric=True), partial(_interval_cell, lang=lang)))
    if any(row.n is not None for row in rows):
        columns.append((Column("n", numeric=True), partial(_count_cell, lang=lang)))
    if any(SIGNS.keys() & set(row.marks) for row in rows):
        columns.append((Column(tr("Mark", lang)), _mark_cell))
    if _has_source_column(reading, numbers, notes):
        columns.append(
            (
                Column(tr("Source", lang)),
                partial(_source_cell, numbers=numbers, anchor=anchor, notes=notes, lang=lang),
            )
        )
    return columns


def _has_source_column(reading: Reading, numbers: Mapping[str, int], notes: Mapping[str, str]) -> bool:
    return len({row.source for row in reading.rows if row.source in numbers}) > 1 or bool(notes)


def _interval_head(reading: Reading) -> str:
    if reading.facts.confidence is None:
        return tr("Interval", reading.lang)
    level = formats.percent(reading.facts.confidence * 100, reading.lang, decimals=None)
    return tr("{level} interval", reading.lang, level=level)


def _label_cell(row: Row, name: str, lang: str) -> str:
    word = said(row.words[name], lang)
    sex = series_of_code(name, row.codes[name])
    return word or "–" if sex is None else f"{series_mark(SERIES[sex])}{word}"


def _mark_cell(row: Row) -> str:
    shown = "".join(SIGNS.get(mark, "") for mark in row.marks)
    return f'<span class="vr-flag">{shown}</span>' if shown else "–"


def _source_cell(
    row: Row, numbers: Mapping[str, int], anchor: str, notes: Mapping[str, str], lang: str
) -> str:
    letter = notes.get(row.note, "")
    shown = source_marks([row.source], numbers, anchor, lang) + (f" <sup>{letter}</sup>" if letter else "")
    return shown or "–"


def _value_cell(row: Row, lang: str) -> str:
    if "c" in row.marks or row.value is None:
        return f'<span class="vr-hidden">{esc(value_words(row, lang))}</span>'
    number = f"{row.value:.0f}" if row.scale == "year" else esc(formats.number(row.value, lang, row.decimals))
    if row.bound == "exact":
        return number
    before, _, after = esc(bound_words(row.bound, "{}", lang)).partition("{}")
    return "".join(
        f'<span class="vr-bound">{part}</span>' if part and part != number else part
        for part in (before, number, after)
    )


def _interval_cell(row: Row, lang: str) -> str:
    if "c" in row.marks:
        return "[c]"
    if not row.has_interval:
        return formats.MISSING
    low, high = formats.number(row.low, lang, row.decimals), formats.number(row.high, lang, row.decimals)
    return f"<bdi>{esc(tr('{low} to {high}', lang, low=low, high=high))}</bdi>"


def _count_cell(row: Row, lang: str) -> str:
    return esc(formats.number(row.n, lang)) if row.n is not None else formats.MISSING


def _footnotes(reading: Reading) -> dict[str, str]:
    notes = dict.fromkeys(row.note for row in reading.rows if row.note)
    return {note: _letters(number) for number, note in enumerate(notes)}


def _letters(number: int) -> str:
    head, tail = divmod(number, 26)
    return (_letters(head - 1) if head else "") + chr(ord("a") + tail)


def mark_notes(reading: Reading) -> list[str]:
    """Return the sentences that explain the marks and assumptions of a reading, as plain text."""
    lang = reading.lang
    marks = {mark for row in reading.rows for mark in row.marks}
    notes = []
    if "c" in marks:
        notes.append(tr("[c] = confidential.", lang))
    if "x" in marks:
        notes.append(tr("[x] = not stated or not available.", lang))
    if "few" in marks:
        notes.append(tr("▲ few: fewer than 10 behind the value.", lang))
    if "wide" in marks:
        notes.append(tr("◆ wide: relative error over 25%. Give the interval, not the value alone.", lang))
    if "no_interval" in marks:
        notes.append(tr("□ the data give no bound on one side or both.", lang))
    if "one_psu" in marks:
        notes.append(tr("■ one sampling unit: the interval says nothing.", lang))
    told = "; ".join(row.note for row in reading.rows)
    policy = reading.facts.extra.get("flag_policy")
    # The marks that stand in this view are explained above; the whole policy need not be.
    rest = [note for note in reading.facts.notes if note not in told and not (policy and policy in note)]
    return [*notes, *reading.facts.assumptions, *rest]


def _foot(reading: Reading, numbers: Mapping[str, int], anchor: str, notes: bool) -> str:
    lines = [esc(note) for note in mark_notes(reading)] if notes else []
    lines += [f"<sup>{letter}</sup> {esc(note)}" for note, letter in _footnotes(reading).items()]
    text = "".join(f'<p dir="auto">{line}</p>' for line in lines)
    foot = f'<div class="vr-note">{text}</div>' if text else ""
    items = source_items(reading.facts.sources, numbers, anchor, reading.lang)
    return foot + (f'<ol class="vr-sources">{items}</ol>' if items else "")


def _list_table(frame: pd.DataFrame, lang: str, caption: str) -> Table:
    import pandas as pd

    if not len(frame.columns):
        raise VolResearchError("show.kind", "A table without columns cannot be shown.")
    numeric = [
        pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name])
        for name in frame.columns
    ]
    columns = [
        Column(str(name).replace("_", " ").capitalize(), number)
        for name, number in zip(frame.columns, numeric, strict=True)
    ]
    body: Sequence[Sequence[str]] = [
        [_list_cell(value, number, lang) for value, number in zip(row, numeric, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    ]
    inner = _scroll(grid(columns, body, esc(caption)), caption, lang)
    return Table(_box(inner, lang, caption), lang, caption)


def _list_cell(value: Any, numeric: bool, lang: str) -> str:
    if isinstance(value, bool):
        return esc(tr("yes", lang) if value else tr("no", lang))
    if isinstance(value, (list, tuple, set, frozenset)):
        return esc(", ".join(map(str, value))) or "–"
    if value is None or value != value or value == "":
        return "–"
    return esc(formats.number(value, lang) if numeric else value)
