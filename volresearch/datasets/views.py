"""How a dataset looks in a notebook: who made it, and the list of its variables."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from volresearch.text import tr

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset

__all__ = ["dataset_html"]

_SHOWN = 6


def dataset_html(dataset: Dataset, lang: str = "en") -> str:
    """Return a dataset as an HTML variable list: name, label, type, codes with labels, missing values."""
    described = dataset.describe(lang).to_dict("records")
    rows = "".join(_row(dataset, row, lang) for row in described)
    words = (tr("Variable", lang), tr("Label", lang), tr("Type", lang), tr("Codes or range", lang))
    head = "".join(f'<th scope="col" style="text-align:left">{escape(word)}</th>' for word in words)
    head += f'<th scope="col" style="text-align:right">{escape(tr("Missing", lang))}</th>'
    return (
        f'<div class="volresearch-dataset"><h3>{escape(dataset.title.get_in(lang, dataset.id))}</h3>'
        f"{_synthetic(dataset, lang)}<p>{escape(_about(dataset, lang))}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _about(dataset: Dataset, lang: str) -> str:
    declared = dataset.declaration
    parts = [
        f"{dataset.id} {dataset.version}",
        tr("{rows} rows", lang, rows=len(dataset)),
        tr("one row is one {unit}", lang, unit=dataset.unit),
        tr("licence: {licence}", lang, licence=declared.licence),
    ]
    return " · ".join(parts)


def _synthetic(dataset: Dataset, lang: str) -> str:
    if not dataset.synthetic:
        return ""
    return f"<p><strong>{escape(tr('Synthetic data: invented, with a known truth.', lang))}</strong></p>"


def _row(dataset: Dataset, row: Mapping[Hashable, Any], lang: str) -> str:
    name = str(row["variable"])
    cells = [f"<code>{escape(name)}</code>", escape(str(row["label"])), escape(str(row["type"]))]
    cells.append(_content(dataset, name, row, lang))
    left = "".join(f'<td style="text-align:left">{cell}</td>' for cell in cells)
    return f'<tr>{left}<td style="text-align:right">{row["missing"]}</td></tr>'


def _content(dataset: Dataset, name: str, row: Mapping[Hashable, Any], lang: str) -> str:
    labels = dataset.codebook[name].labels if name in dataset.codebook else {}
    if labels:
        shown = [f"<code>{escape(code)}</code> {escape(text.get_in(lang))}" for code, text in labels.items()]
        more = tr("and {n} more", lang, n=len(shown) - _SHOWN) if len(shown) > _SHOWN else ""
        return "; ".join(shown[:_SHOWN]) + (f" {escape(more)}" if more else "")
    if row["smallest"] is not None and row["smallest"] == row["smallest"]:
        return escape(f"{row['smallest']:g} – {row['largest']:g} {row['unit']}".strip())
    return escape(tr("{n} different values", lang, n=row["distinct"]))
