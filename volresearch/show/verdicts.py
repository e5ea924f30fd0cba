"""Verdicts on comparisons: a badge with mark and word, the reasons, and who was asked, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from volresearch.show.grid import Column, grid
from volresearch.show.markup import esc
from volresearch.show.shapes import verdict_mark
from volresearch.show.tables import Table
from volresearch.text import direction, tr

__all__ = [
    "Comparable",
    "effect_words",
    "key_table",
    "key_words",
    "verdict_badge",
    "verdict_table",
    "verdict_words",
]

_UNKNOWN = frozenset({"", "unknown", "none", "nan"})


class _Reason(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def a(self) -> str: ...
    @property
    def b(self) -> str: ...
    @property
    def effect(self) -> str: ...


class Comparable(Protocol):
    """What a comparison must offer to be shown."""

    @property
    def verdict(self) -> str:
        """``comparable``, ``caution`` or ``not_comparable``."""

    @property
    def reasons(self) -> Sequence[Any]:
        """One for each part of the measurement key, with ``key, a, b, effect``."""


def verdict_words(verdict: str, lang: str = "en") -> str:
    """Return the word of a verdict.

    >>> verdict_words("caution")
    'With caution'
    """
    return {
        "comparable": tr("Comparable", lang),
        "caution": tr("With caution", lang),
        "not_comparable": tr("Not comparable", lang),
    }.get(verdict, verdict)


def verdict_badge(comparison: Comparable | str, lang: str = "en") -> str:
    """Return the badge of a verdict as HTML: mark, colour and word say the same.

    Parameters
    ----------
    comparison : comparison or str
        Anything with ``verdict``, or the verdict itself.
    """
    verdict = comparison if isinstance(comparison, str) else comparison.verdict
    return (
        f'<span class="vr-verdict vr-v-{esc(verdict)}" lang="{esc(lang)}">'
        f"{verdict_mark(verdict)}{esc(verdict_words(verdict, lang))}</span>"
    )


def key_words(key: str, lang: str = "en") -> str:
    """Return the words for one part of the measurement key.

    >>> key_words("reference_period")
    'Reference period'
    """
    known = {
        "data": tr("Data", lang),
        "kind": tr("Kind of figure", lang),
        "unit": tr("Unit", lang),
        "survey": tr("Survey", lang),
        "age": tr("Who (age)", lang),
        "reference_period": tr("Reference period", lang),
        "volunteering": tr("Kind of help", lang),
        "family_help": tr("Help to family", lang),
        "mode": tr("How asked (mode)", lang),
        "vintage": tr("Vintage", lang),
        "bound": tr("Bound", lang),
        "check": tr("Known break", lang),
        "series": tr("Series", lang),
        "area": tr("Area", lang),
    }
    return known.get(key) or key.replace("_", " ").capitalize()


def key_value_words(value: object, lang: str) -> str:
    """Return a value of a measurement key in words: `[x]` where it is not stated."""
    text = "" if value is None else str(value).strip()
    if text.lower() in _UNKNOWN:
        return tr("[x] not stated", lang)
    if text == "not_applicable":
        return tr("does not apply", lang)
    return text.replace("_", " ")


def effect_words(reason: _Reason, lang: str = "en") -> str:
    """Return what a reason does: same, unknown, differs."""
    if reason.effect == "comparable":
        return tr("same", lang)
    if {str(reason.a).lower(), str(reason.b).lower()} & _UNKNOWN:
        return tr("unknown", lang)
    if reason.effect == "caution":
        return tr("differs: caution", lang)
    return tr("differs", lang)


def verdict_table(
    comparison: Comparable,
    lang: str = "en",
    *,
    heads: tuple[str, str] | None = None,
    caption: str | None = None,
) -> Table:
    """Explain a verdict: each part of the key that speaks against the comparison, on both sides.

    Parameters
    ----------
    comparison : comparison
        With ``verdict`` and ``reasons``.
    heads : tuple of two str, optional
        Names of the two sides.
    caption : str, optional
        Without it, the verdict in words.

    Returns
    -------
    Table
    """
    first, second = heads or (tr("First figure", lang), tr("Second figure", lang))
    columns = [Column(tr("Key", lang)), Column(first), Column(second), Column(tr("Effect", lang))]
    rows = [
        [
            esc(key_words(reason.key, lang)),
            esc(key_value_words(reason.a, lang)),
            esc(key_value_words(reason.b, lang)),
            f'<span class="vr-effect vr-effect-{esc(reason.effect)}">{esc(effect_words(reason, lang))}</span>',
        ]
        for reason in comparison.reasons
    ]
    words = caption if caption is not None else tr("Why this verdict", lang)
    badge = verdict_badge(comparison, lang)
    if not rows:
        return Table(_box(f"<p>{badge}</p>", lang), lang, words)
    return Table(_box(f"<p>{badge}</p>{grid(columns, rows, esc(words))}", lang), lang, words)


#: Parts of the measurement key in the order in which people ask for them.
KEY_FIELDS: tuple[str, ...] = (
    "survey",
    "age",
    "reference_period",
    "volunteering",
    "family_help",
    "mode",
    "vintage",
)


def key_table(
    keys: Mapping[str, Mapping[str, object]], lang: str = "en", caption: str | None = None
) -> Table:
    """Show who was asked, and how: one column for each series, one row for each part of the key.

    Parameters
    ----------
    keys : mapping of str to mapping
        Head of the column -> the fields of its measurement key. What the source does not state is shown as
        [x], never filled in.
    """
    words = caption if caption is not None else tr(
        "Measurement key of each series. [x] = not stated by the source; it is not filled in by guess.", lang
    )  # fmt: skip
    columns = [Column(tr("Key", lang)), *(Column(head) for head in keys)]
    rows = [
        [esc(key_words(field, lang)), *(esc(_key_cell(key.get(field), lang)) for key in keys.values())]
        for field in KEY_FIELDS
    ]
    return Table(_box(grid(columns, rows, esc(words)), lang), lang, words)


def _key_cell(value: object, lang: str) -> str:
    text = key_value_words(value, lang)
    return "[x]" if text == tr("[x] not stated", lang) else text


def _box(inner: str, lang: str) -> str:
    return f'<div class="vr vr-tablebox" lang="{esc(lang)}" dir="{direction(lang)}">{inner}</div>'
