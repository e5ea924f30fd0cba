"""The marks that stand beside words so that colour never speaks alone: small inline SVG pictures."""

from __future__ import annotations

from volresearch.errors import VolResearchError

__all__ = ["SERIES", "series_mark", "verdict_mark"]

#: Shapes of the series in their order; `other` are other vintages, `total` is all together.
SERIES: tuple[str, ...] = ("series-1", "series-2", "series-3", "series-4", "other", "total")

_SERIES = {
    "series-1": '<circle cx="6" cy="6" r="4.6" fill="var(--vr-series-1,#1F5A96)"/>',
    "series-2": '<path d="M6 1L11 6L6 11L1 6Z" fill="var(--vr-paper,#fff)" stroke="var(--vr-series-2,#B4590B)" stroke-width="2"/>',
    "series-3": '<path d="M2 2H10V10H2Z" fill="var(--vr-series-3,#17A085)"/>',
    "series-4": '<path d="M6 1.6L11 10.6H1Z" fill="var(--vr-paper,#fff)" stroke="var(--vr-series-4,#4A1F5C)" stroke-width="1.8"/>',
    "other": '<path d="M6 1L11 6L6 11L1 6Z" fill="var(--vr-paper,#fff)" stroke="var(--vr-series-other,#4F5B68)" stroke-width="2"/>',
    "total": '<path d="M6 1V11M1 6H11" fill="none" stroke="var(--vr-series-total,#16202C)" stroke-width="2.4"/>',
}

_VERDICTS = {
    "comparable": '<circle cx="8" cy="8" r="7" fill="none" stroke="currentColor" stroke-width="1.8"/>'
    '<path d="M4.6 8.3l2.4 2.4 4.4-5" fill="none" stroke="currentColor" stroke-width="1.9"/>',
    "caution": '<path d="M8 1.6L15 14.2H1Z" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linejoin="round"/>'
    '<path d="M8 6v4.2M8 11.4v1.5" stroke="currentColor" stroke-width="1.8"/>',
    "not_comparable": '<path d="M1.8 1.8H14.2V14.2H1.8Z" fill="none" stroke="currentColor" stroke-width="1.8"/>'
    '<path d="M5 5l6 6M11 5l-6 6" stroke="currentColor" stroke-width="1.8"/>',
}


def series_mark(name: str, size: int = 12) -> str:
    """Return the mark of a series (one of `SERIES`) as inline SVG, hidden from screen readers: a word follows.

    >>> series_mark("series-1").startswith("<svg")
    True
    """
    if name not in _SERIES:
        raise VolResearchError("show.kind", f'There is no series mark "{name}".', expected=", ".join(_SERIES))
    return (
        f'<svg class="vr-mark" width="{size}" height="{size}" viewBox="0 0 12 12" aria-hidden="true">'
        f"{_SERIES[name]}</svg>"
    )


def verdict_mark(verdict: str, size: int = 15) -> str:
    """Return the mark of a verdict: circle with tick, triangle, or crossed square, as inline SVG.

    >>> "circle" in verdict_mark("comparable")
    True
    """
    if verdict not in _VERDICTS:
        raise VolResearchError(
            "show.kind", f'There is no verdict "{verdict}".', expected=", ".join(_VERDICTS)
        )
    return f'<svg width="{size}" height="{size}" viewBox="0 0 16 16" aria-hidden="true">{_VERDICTS[verdict]}</svg>'
