"""A release as sheets of plain cells: the figures with codes and words, and their sources."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from volresearch.results import COLUMNS
from volresearch.text import Text, tr

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.release.control import Release

__all__ = ["MISSING", "Cell", "Sheet", "figures_sheet", "sources_sheet"]

#: What stands where a number is missing or a source does not say.
MISSING = "[x]"

Cell = str | int | float


@dataclass(frozen=True)
class Sheet:
    """Rows of plain cells under named columns."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def figures_sheet(release: Release, lang: str) -> Sheet:
    """Return the released table: codes, their labels in `lang` beside them, numbers; no empty columns."""
    result = release.result
    table = result.table
    columns: dict[str, list[Cell]] = {}
    for name in (str(column) for column in table.columns):
        if name in COLUMNS and name != "estimate" and _empty(table[name]):
            continue
        if name == "variable" and "series" in result.by:  # the same once more
            continue
        columns[name] = [_cell(value) for value in table[name]]
        labels = result.labels.get(name)
        if labels:
            columns[f"{name}_label"] = [_label(value, labels, lang) for value in table[name]]
    rows = tuple(zip(*columns.values(), strict=True))
    return Sheet(tr("table", lang), tuple(columns), rows)


def sources_sheet(release: Release, lang: str) -> Sheet:
    """Return the sources, one row each; a shortened address says so."""
    columns = ("source_id", "title", "publisher", "year", "address", "licence")
    rows = []
    for source in release.facts.sources:
        address = source.address
        if source.shortened:
            address = f"{address} ({tr('address shortened', lang)})"
        rows.append(
            (source.id, source.title, source.publisher, source.year, address or MISSING, source.licence)
        )
    return Sheet(tr("sources", lang), columns, tuple(rows))


def _empty(column: pd.Series) -> bool:
    return bool((column.isna() | (column.astype("str") == "")).all())


def _cell(value: Any) -> Cell:
    if value is None or value != value or value == "unknown":
        return MISSING
    if isinstance(value, str):
        return value
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if value == int(value) else value
    return str(value)


def _label(value: Any, labels: Mapping[str, Text], lang: str) -> str:
    text = labels.get(str(value))
    return text.get_in(lang, str(value)) if text else str(_cell(value))
