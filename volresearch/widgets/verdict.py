"""The verdict on a selection in words: the badge with its headline, the reasons by key, what follows from it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from volresearch.show.markup import esc
from volresearch.show.verdicts import effect_words, key_value_words, key_words, verdict_badge
from volresearch.text import ntr, tr

if TYPE_CHECKING:
    from volresearch.datasets import Comparison, Figure, Reason

__all__ = ["headline_html", "reasons_html"]

_WORST = ("not_comparable", "caution", "comparable")
#: Values of one key that are written out; more are counted.
_SHOWN = 6


def headline_html(comparison: Comparison | None, lang: str) -> str:
    """Return the verdict in one line, to stand above a chart; empty where there is one figure only."""
    if comparison is None:
        return ""
    said = f"<span>{esc(comparison.headline(lang))}</span>"
    return f'<p class="vr-headline" role="status">{verdict_badge(comparison, lang)} {said}</p>'


def reasons_html(comparison: Comparison | None, lang: str) -> str:
    """Return why the verdict is so: one row for each part of the key, and what may be done with the figures.

    Parameters
    ----------
    comparison : Comparison or None
        None where there is one figure only.
    lang : str
        Language of the words.
    """
    head = f"<h3>{esc(tr('Comparability', lang))}</h3>"
    if comparison is None:
        said = tr("One figure: there is nothing to compare it with here. Choose more areas or periods.", lang)
        return f'{head}<p class="vr-note">{esc(said)}</p>'
    return f"{head}{_reasons(comparison, lang)}{_breaks(comparison, lang)}{_advice(comparison, lang)}"


def _reasons(comparison: Comparison, lang: str) -> str:
    by_key: dict[str, Reason] = {}
    for reason in comparison.reasons:
        if not reason.comment:
            by_key.setdefault(reason.key, reason)  # the worst of a key comes first
    if not by_key:
        return ""
    ordered = sorted(by_key.values(), key=lambda reason: _WORST.index(reason.effect))
    rows = "".join(
        f'<tr><th scope="row">{esc(key_words(reason.key, lang))}</th>'
        f"<td>{_values(comparison.figures, reason.key, lang)}</td>"
        f'<td><span class="vr-effect vr-effect-{esc(reason.effect)}">{esc(effect_words(reason, lang))}</span></td></tr>'
        for reason in ordered
    )
    heads = (tr("Key", lang), tr("What the sources say (figures)", lang), tr("Effect", lang))
    head = "".join(f'<th scope="col">{esc(word)}</th>' for word in heads)
    caption = f'<caption class="vr-sr">{esc(tr("Why this verdict", lang))}</caption>'
    return f'<table class="vr-table vr-reasons">{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _values(figures: tuple[Figure, ...], key: str, lang: str) -> str:
    counts = Counter(_value(figure, key) for figure in figures).most_common()
    shown = [f"{esc(key_value_words(value, lang))} ({number})" for value, number in counts[:_SHOWN]]
    rest = len(counts) - _SHOWN
    if rest > 0:
        shown.append(esc(ntr("{n} other", "{n} others", rest, lang)))
    return " · ".join(shown)


def _value(figure: Figure, key: str) -> str:
    own = {"series": figure.series, "unit": figure.unit, "bound": figure.bound, "kind": figure.variant.kind}
    return own[key] if key in own else str(getattr(figure.variant.key, key, ""))


def _breaks(comparison: Comparison, lang: str) -> str:
    said = [reason.sentence(lang) for reason in comparison.reasons if reason.comment]
    return "".join(f'<p class="vr-break">{esc(sentence)}</p>' for sentence in dict.fromkeys(said))


def _advice(comparison: Comparison, lang: str) -> str:
    words = {
        "comparable": tr("The figures may be set side by side.", lang),
        "caution": tr("Set them side by side with the reasons beside them; a difference may come from how it was asked.", lang),
        "not_comparable": tr("The chart sets them side by side and joins nothing. Choose figures of one key to compare.", lang),
    }  # fmt: skip
    return f'<p class="vr-note">{esc(words[comparison.verdict])}</p>'
