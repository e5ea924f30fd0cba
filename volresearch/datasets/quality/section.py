"""The quality of a dataset as a section of a report: what was found in sentences, what is missing in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volresearch.datasets.looks import badge, esc
from volresearch.datasets.quality.findings import TOPICS
from volresearch.datasets.quality.page import LEVEL_WORDS, checked_line
from volresearch.datasets.quality.report import Quality
from volresearch.text import tr

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset

__all__ = ["quality_section"]

#: Findings of a report; more are counted.
_MOST = 40


def quality_section(dataset: Dataset | Quality, lang: str = "en", *, level: int = 2) -> str:
    """Return what a check found as a fragment of HTML for a report on the dataset.

    Parameters
    ----------
    dataset : Dataset or Quality
        A dataset is checked with what it declares; a `Quality` is told as it is.
    lang : str
    level : int
        Level of the heading.

    Returns
    -------
    str
        A ``<section>``: errors, warnings and notes in sentences, then which checks were made. Counts of microdata
        by kind of missing, and codes with their counts, are left to `Quality.html`, a working view: here stands no
        number of fewer than ten rows.

    Examples
    --------
    >>> import volresearch as vr
    >>> "<h2>" in quality_section(vr.dataset("core.vol_work_synthetic"))
    True
    """
    from volresearch.datasets.quality.checking import check

    quality = dataset if isinstance(dataset, Quality) else check(dataset, lang=lang)
    lines = [
        f"<li>{badge(one.level, tr(LEVEL_WORDS[one.level], lang))}<strong>{esc(tr(TOPICS[one.topic], lang))}</strong>"
        f"{_place(one.table, one.variable)}: {esc(one.told(lang, least=10))}</li>"
        for one in quality.findings[:_MOST]
    ]
    if len(quality.findings) > _MOST:
        lines.append(f"<li>{esc(tr('and {n} more', lang, n=len(quality.findings) - _MOST))}</li>")
    listed = f'<ul style="list-style:none;padding:0">{"".join(lines)}</ul>' if lines else ""
    empty = "" if lines else f"<p>{esc(tr('Nothing was found.', lang))}</p>"
    head = f"<h{level}>{esc(tr('Quality of the data', lang))}</h{level}>"
    return f'<section class="vr-quality">{head}{listed}{empty}{checked_line(quality, lang)}</section>'


def _place(table: str, variable: str) -> str:
    place = ".".join(part for part in (table, variable) if part)
    return f" <code>{esc(place)}</code>" if place else ""
