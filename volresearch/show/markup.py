"""Small pieces of safe HTML: everything that came from data is escaped."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from volresearch.text import direction, tr
from volresearch.text.escaping import esc, plain

if TYPE_CHECKING:
    from volresearch.results import SourceRef
    from volresearch.show.rows import Reading, Word

__all__ = ["esc", "ident", "plain", "said", "source_items", "source_marks", "strips", "wrap"]


def ident(*parts: object) -> str:
    """Return a short id made of the content, the same in every run.

    >>> ident("a", 1) == ident("a", 1)
    True
    """
    return "vr" + hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()[:10]


def said(word: Word, lang: str) -> str:
    """Return a label as HTML; one in another language than the page says so, for voices and for fonts."""
    if word.lang in {lang, "und", ""} or word.lang.split("-")[0] == lang.split("-")[0]:
        return esc(word.text)
    return f'<span lang="{esc(word.lang)}" dir="{direction(word.lang)}">{esc(word.text)}</span>'


def source_marks(ids: Iterable[str], numbers: Mapping[str, int], anchor: str, lang: str) -> str:
    """Return ``[1]`` marks that link to the list of sources; an id without a number is left out."""
    links = [
        f'<a href="#{esc(anchor)}{numbers[key]}" aria-label="{esc(tr("Source {number}", lang, number=numbers[key]))}">'
        f"[{numbers[key]}]</a>"
        for key in dict.fromkeys(ids)
        if key in numbers
    ]
    # The word joiner keeps the mark on the line of the word before it.
    return f"&#8288;<sup>{''.join(links)}</sup>" if links else ""


def source_items(sources: Iterable[SourceRef], numbers: Mapping[str, int], anchor: str, lang: str) -> str:
    """Return the ``<li>`` items of a list of sources; a shortened address is shown and is no link."""
    items = []
    for source in sorted((s for s in sources if s.id in numbers), key=lambda s: numbers[s.id]):
        number = numbers[source.id]
        said_by = f"{esc(source.publisher)}. " if source.publisher else ""
        year = f" {esc(source.year)}." if source.year else ""
        items.append(
            f'<li id="{esc(anchor)}{number}"><span>[{number}]</span><span dir="auto">{said_by}'
            f"<cite>{esc(source.title)}</cite>.{year} {_address(source, lang)}</span></li>"
        )
    return "".join(items)


def _address(source: SourceRef, lang: str) -> str:
    address = source.address.strip()
    if not address:
        return ""
    shown = esc(re.sub(r"^https?://", "", address))
    if source.shortened:
        return f'<span class="vr-address" dir="ltr">{shown}</span> ({esc(tr("address shortened", lang))})'
    full = address if re.match(r"https?://", address) else f"https://{address}"
    if re.fullmatch(r"https?://[\w.-]+(:\d+)?(/[^\s<>\"']*)?", full):
        return f'<a class="vr-address" dir="ltr" href="{esc(full)}" rel="noreferrer">{shown}</a>'
    return f'<span class="vr-address" dir="ltr">{shown}</span>'


def strips(reading: Reading) -> tuple[str, ...]:
    """Return the words of the strips that a view must carry: synthetic data, not for release."""
    words = []
    if reading.facts.synthetic:
        words.append(tr("Synthetic data: no real place, no real person", reading.lang))
    if not reading.released:
        words.append(tr("Working view, not for release", reading.lang))
    return tuple(words)


def wrap(inner: str, strip_words: Iterable[str]) -> str:
    """Put `inner` under a hatched strip where there is something to warn of."""
    words = "".join(f"<span>{esc(text)}</span>" for text in strip_words)
    if not words:
        return inner
    return (
        f'<div class="vr-held"><div class="vr-strip">{words}</div><div class="vr-inner">{inner}</div></div>'
    )
