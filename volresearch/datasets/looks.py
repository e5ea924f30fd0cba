"""Small inline styles of a dataset's views: they stand in a bare notebook, light or dark, and in the explorer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from volresearch.text import Text, direction, formats, mark, tr
from volresearch.text.escaping import esc

__all__ = ["REASONS", "badge", "esc", "folded", "framed", "grid", "muted", "reasons_said", "worded"]

_MUTED = "color:var(--vr-muted,var(--jp-ui-font-color2,#4F5B68))"
_RULE = "var(--vr-rule,var(--jp-border-color1,#CBD3DC))"
_CELL = f"padding:3px 10px 3px 0;border-bottom:1px solid {_RULE};vertical-align:top;text-align:start;background:none"
_NUMBER = (
    _CELL.replace("text-align:start", "text-align:end")
    + ";font-variant-numeric:tabular-nums;white-space:nowrap"
)
#: Colour and ground of a badge by its kind; a sign and a word say the same.
_KINDS = {
    "error": ("var(--vr-stop,#9B1C1C)", "var(--vr-stop-bg,#FCEAE8)", "■"),
    "warning": ("var(--vr-caution,#7A4B00)", "var(--vr-caution-bg,#FFF3D1)", "▲"),
    "note": ("var(--vr-ink,#16202C)", "var(--vr-panel,#F3F5F8)", "●"),
    "ok": ("var(--vr-ok,#14663C)", "var(--vr-ok-bg,#E8F4EC)", "✓"),
    "hold": ("var(--vr-hold,#5B2A86)", "var(--vr-hold-bg,#F3EDF9)", "◆"),
}

#: Kind of missing -> its words.
REASONS: dict[str, str] = {
    "dont_know": mark("don't know"),
    "refused": mark("refused"),
    "no_answer": mark("no answer"),
    "not_asked": mark("not asked"),
    "not_in_version": mark("not in this version"),
    "not_applicable": mark("not applicable"),
    "invalid": mark("not readable"),
}


def worded(text: Text, lang: str, default: str = "") -> str:
    """Return a text as HTML; one in another language than the page says so, for voices, fonts and direction."""
    tag, said = text.language_for(lang), esc(text.get_in(lang, default))
    if not text or tag in {lang, "und", lang.split("-")[0]}:
        return said
    return f'<span lang="{esc(tag)}" dir="{direction(tag)}">{said}</span>'


def muted(html: str) -> str:
    """Return a line of HTML in small grey."""
    return f'<p style="margin:2px 0 6px;font-size:12px;{_MUTED}">{html}</p>'


def badge(kind: str, words: str) -> str:
    """Return a word with its sign and colour; `kind` is a level of a finding, ``ok`` or ``hold``."""
    ink, ground, sign = _KINDS[kind]
    style = f"display:inline-block;margin:0 6px 2px 0;padding:1px 8px;border-radius:3px;font-weight:700;font-size:12px;white-space:nowrap;color:{ink};background:{ground}"
    return f'<span style="{style}"><span aria-hidden="true">{sign}</span> {esc(words)}</span>'


def grid(
    heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = (), caption: str = ""
) -> str:
    """Return a table of cells that are HTML already; `heads` is plain text, `numbers` says which columns are numbers."""
    right = set(numbers)
    style = [_NUMBER if place in right else _CELL for place in range(len(heads))]
    top = "".join(
        f'<th scope="col" style="{one};font-size:12px;font-weight:700;border-bottom-width:2px">{esc(head)}</th>'
        for one, head in zip(style, heads, strict=True)
    )
    body = "".join(f"<tr>{_cells(row, style)}</tr>" for row in rows)
    said = (
        f'<caption style="caption-side:top;text-align:start;font-weight:700;padding:6px 0 2px">{esc(caption)}</caption>'
        if caption
        else ""
    )
    return (
        '<div style="overflow-x:auto" tabindex="0" role="region" '
        f'aria-label="{esc(caption or heads[0])}"><table style="border-collapse:collapse;font-size:13px;margin:4px 0 8px">'
        f"{said}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cells(row: Sequence[str], style: Sequence[str]) -> str:
    return "".join(f'<td style="{one}">{cell}</td>' for one, cell in zip(style, row, strict=True))


def folded(words: str, html: str, *, opened: bool = False) -> str:
    """Return HTML that is folded under some words."""
    state = " open" if opened else ""
    return f'<details{state} style="margin:6px 0"><summary style="cursor:pointer;font-weight:700">{esc(words)}</summary>{html}</details>'


def framed(kind: str, lang: str, html: str) -> str:
    """Return a whole view with its language and direction."""
    return (
        f'<div class="volresearch-{kind}" lang="{esc(lang)}" dir="{direction(lang)}" '
        f'style="font:400 13px/1.5 var(--vr-font-text,system-ui,sans-serif);max-width:1100px;text-align:start">{html}</div>'
    )


def reasons_said(counts: dict[str, int], lang: str) -> list[str]:
    """Return each kind of missing with its number, in words."""
    return [f"{formats.number(n, lang)} {tr(REASONS[reason], lang)}" for reason, n in counts.items() if n]
