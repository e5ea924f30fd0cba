"""A table of ready-made cells as accessible HTML, set by great_tables."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass

from volresearch.show.markup import plain

__all__ = ["Column", "grid"]


@dataclass(frozen=True)
class Column:
    """A column: its head as plain text, whether it holds numbers, and marks (markup) after its head."""

    head: str
    numeric: bool = False
    marks: str = ""


def grid(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    caption: str = "",
    *,
    merge: bool = False,
    isolate: bool = False,
) -> str:
    """Return a ``<table>`` as HTML.

    Parameters
    ----------
    columns : sequence of Column
        The first one heads the rows.
    rows : sequence of sequences of str
        Cells as well-formed markup, escaped already.
    caption : str
        The caption as markup; great_tables has none, so it is put in here.
    merge : bool
        Whether equal neighbours in the first column become one head that spans its rows.
    isolate : bool
        Whether column heads keep the direction of their own words (on pages from right to left).
    """
    import pandas as pd
    from great_tables import GT

    names = [f"c{number}" for number in range(len(columns))]
    # Heads and the stub are put in afterwards: great_tables reads notations of its own in them.
    frame = pd.DataFrame([["", *row[1:]] for row in rows], columns=names, dtype=object)
    made = GT(frame, rowname_col=names[0], id="vr").tab_stubhead("-")
    if len(names) > 1:
        # Cells are markup already: hand them through as they are.
        made = made.fmt(lambda cell: cell, columns=names[1:])
    text = made.as_raw_html()
    start, end = text.index("<table"), text.index("</table>") + len("</table>")
    element = ET.fromstring(text[start:end].replace("&nbsp;", "&#160;"))  # noqa: S314 - our own markup
    _tidy(element, columns, caption)
    if isolate:
        _isolate_heads(element)
    _row_heads(element, [row[0] for row in rows], merge)
    return ET.tostring(element, encoding="unicode", method="html")


def _tidy(element: ET.Element, columns: Sequence[Column], caption: str) -> None:
    """Leave only what carries meaning: our class, scopes, spans; add the caption and number alignment."""
    for cell in element.iter():
        for name in ("id", "headers", "style", "data-quarto-disable-processing", "data-quarto-bootstrap"):
            cell.attrib.pop(name, None)
        if cell.attrib.get("class", "").startswith("gt_"):
            del cell.attrib["class"]
        for name in ("rowspan", "colspan"):
            if cell.attrib.get(name) == "1":
                del cell.attrib[name]
        if cell.tag in {"table", "thead", "tbody", "tr"}:
            cell.text = cell.tail = None
    element.set("class", "vr-table")
    for cell, column in zip(element.iter("th"), columns, strict=False):
        cell[:], cell.text = [], plain(column.head) or " "
        if column.marks:
            marks = ET.fromstring(f"<span>{column.marks}</span>")  # noqa: S314 - our own markup
            cell.append(marks)
    for row in element.iter("tr"):
        for cell, column in zip(row, columns, strict=True):
            cell.tail = None
            if column.numeric:
                cell.set("class", "vr-r")
    if caption:
        element.insert(0, ET.fromstring(f"<caption>{caption}</caption>"))  # noqa: S314 - our own markup


def _isolate_heads(element: ET.Element) -> None:
    for head in element.findall("thead/tr/th"):
        isolated = ET.Element("bdi")
        isolated.text, head.text = head.text, None
        head.insert(0, isolated)


def _row_heads(element: ET.Element, markup: Sequence[str], merge: bool) -> None:
    body = element.find("tbody")
    assert body is not None
    first: ET.Element | None = None
    before: str | None = None
    for row, head in zip(body, markup, strict=True):
        cell = row[0]
        if merge and first is not None and head == before:
            first.set("rowspan", str(int(first.get("rowspan", "1")) + 1))
            first.set("scope", "rowgroup")
            row.remove(cell)
            continue
        new = ET.fromstring(f"<th>{head}</th>")  # noqa: S314 - our own markup
        cell.text = new.text
        cell[:] = list(new)
        cell.set("scope", "row")
        first, before = cell, head
