"""The HTML of a figure: accessible, readable without scripts, and the same chart interactive on demand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from volresearch.show.markup import esc, said, source_items, source_marks, strips, wrap
from volresearch.show.rows import Row, value_words
from volresearch.show.sentences import measured, when
from volresearch.show.shapes import series_mark
from volresearch.show.svgs import accessible
from volresearch.show.tables import number_sources
from volresearch.text import direction, formats, tr

if TYPE_CHECKING:
    from volresearch.show.figures import Figure

__all__ = ["figure_html", "interactive_html", "vega_script"]

_SERIES = {0: "series-1", 1: "series-2", 2: "series-3", 3: "series-4", 9: "other"}


def figure_html(drawn: Figure, *, interactive: bool = False) -> str:
    """Return a figure as HTML; see `Figure.html`.

    With ``interactive`` each chart also carries its spec; the page then needs `vega_script` once. Print and
    readers without scripts keep the still picture.
    """
    lang, key = drawn.lang, drawn.id
    charted = drawn.kind not in {"card", "cards"}
    # A card is its own sentence: its title is for those who hear the page.
    heard = "" if charted or drawn.titled else " vr-sr"
    head = f'<h3 class="vr-figtitle{heard}" id="{key}">{esc(drawn.title)}</h3>'
    sub = (
        ""
        if heard or not drawn.subtitle
        else f'<p class="vr-figsub">{esc(drawn.subtitle)}{_marks(drawn)}</p>'
    )
    body = _charts(drawn, interactive) if charted else _cards(drawn)
    # A sentence that is not translated yet keeps its own direction.
    notes = "".join(f'<p dir="auto">{esc(note)}</p>' for note in drawn.notes)
    note = f'<div class="vr-keyline">{notes}</div>' if notes else ""
    inner = head + sub + body + note + _sources(drawn)
    return (
        f'<figure class="vr vr-fig vr-paper" lang="{esc(lang)}" dir="{direction(lang)}" aria-labelledby="{key}">'
        f"{wrap(inner, strips(drawn.reading))}</figure>"
    )


def _numbers(drawn: Figure) -> tuple[dict[str, int], str]:
    if drawn.numbers is not None:
        return dict(drawn.numbers), drawn.anchor
    return number_sources(drawn.reading), f"{drawn.id}s"


def _marks(drawn: Figure) -> str:
    numbers, anchor = _numbers(drawn)
    return source_marks((row.source for row in drawn.reading.rows), numbers, anchor, drawn.lang)


def _sources(drawn: Figure) -> str:
    if drawn.numbers is not None:
        return ""
    numbers, anchor = _numbers(drawn)
    items = source_items(drawn.reading.facts.sources, numbers, anchor, drawn.lang)
    return f'<ol class="vr-sources">{items}</ol>' if items else ""


def _charts(drawn: Figure, interactive: bool) -> str:
    panels = "".join(_panel(drawn, number, interactive) for number in range(len(drawn.plan.panels)))
    legend = _legend(drawn.legend)
    summary = esc(tr("Data of this figure", drawn.lang))
    data = f'<details class="vr-data"><summary>{summary}</summary>{drawn.data_table}</details>'
    beside = " vr-beside" if drawn.beside else ""
    return f'{legend}<div class="vr-figbody{beside}"><div class="vr-panels">{panels}</div>{data}</div>'


def _legend(pairs: Sequence[tuple[int, str]]) -> str:
    items = "".join(f"<li>{series_mark(_SERIES[series])}{esc(words)}</li>" for series, words in pairs)
    return f'<ul class="vr-legend">{items}</ul>' if items else ""


def _panel(drawn: Figure, number: int, interactive: bool) -> str:
    panel = drawn.plan.panels[number]
    unit = drawn.panel_unit(panel)
    title = f'<p class="vr-panelhead">{esc(panel.title)}</p>' if panel.title else ""
    words = f'<p class="vr-panelunit">{esc(unit)}</p>' if unit else ""
    key = f"{drawn.id}p{number}"
    still = accessible(drawn.panel_svgs[number], key, panel.title or drawn.title, drawn.panel_alt(number))
    chart = interactive_html(drawn.panel_specs[number], f"{key}v", still=still) if interactive else still
    if drawn.narrow_svgs:
        small = accessible(
            drawn.narrow_svgs[number], f"{key}n", panel.title or drawn.title, drawn.panel_alt(number)
        )
        chart = f'<div class="vr-wide">{chart}</div><div class="vr-narrow">{small}</div>'
    return f'<div class="vr-panel">{title}{words}{_legend(drawn.panel_legend(panel))}{chart}</div>'


def interactive_html(spec: dict[str, Any], key: str, *, still: str = "") -> str:
    """Return a chart that a page with `vega_script` brings to life, with its still picture for print.

    Parameters
    ----------
    spec : dict
        A Vega-Lite spec; it names no address.
    key : str
        The id of the chart, once on the page.
    still : str
        The same chart as SVG: shown in print, and wherever scripts do not run.
    """
    # "<" must not end the script element, whatever a label holds.
    text = json.dumps(spec, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    return (
        f'<div class="vr-live" id="{esc(key)}" aria-hidden="true"></div><div class="vr-still">{still}</div>'
        f'<script type="application/json" class="vr-spec" data-for="{esc(key)}">{text}</script>'
    )


_BOOT = """
document.querySelectorAll("script.vr-spec").forEach(function (node) {
  var place = document.getElementById(node.dataset.for);
  var options = {mode: "vega-lite", actions: false, renderer: "svg", tooltip: {theme: "light"}};
  window.vegaEmbed(place, JSON.parse(node.textContent), options).then(function () {
    document.documentElement.classList.add("vr-scripted");
    place.classList.add("vr-ready");
  });
});
"""


def vega_script() -> str:
    """Return the one ``<script>`` element that a page with interactive charts needs, to stand at its end."""
    from volresearch.show.renderer import vega_bundle

    bundle = vega_bundle().replace("</script", "<\\/script")
    return f"<script>{bundle}{_BOOT}</script>"


def _cards(drawn: Figure) -> str:
    cards = [_card(row, drawn) for row in drawn.reading.rows]
    if len(cards) == 1:
        return cards[0]
    return f'<ul class="vr-cards">{"".join(f"<li>{card}</li>" for card in cards)}</ul>'


def _card_text(row: Row, drawn: Figure) -> str:
    lang = drawn.lang
    what = row.words.get("series")
    words = [said(what, lang) if what else esc(measured(row, lang))]
    skipped = {"series", "variable", "statistic", "term", "level", "period"}
    words += [
        said(w, lang) for n, w in row.words.items() if n not in skipped and row.codes[n] not in {"", "total"}
    ]
    words.append(esc(when(row.codes.get("period", ""), lang)))
    text = ", ".join(part for part in words if part)
    if not row.has_interval:
        return text
    low, high = (formats.number(end, lang, row.decimals) for end in (row.low, row.high))
    level = formats.percent((drawn.reading.facts.confidence or 0.95) * 100, lang, decimals=None)
    n = formats.number(row.n, lang)
    inside = tr("{level} interval {low} to {high}; n = {n}", lang, level=level, low=low, high=high, n=n)
    return f"{text} <bdi>({esc(inside)})</bdi>"


def _card(row: Row, drawn: Figure) -> str:
    lang = drawn.lang
    number = value_words(row, lang, with_unit=row.scale in {"percent", "money"})
    unit = (
        ""
        if row.scale in {"percent", "money"} or row.value is None
        else f" <small>{said(row.unit, lang)}</small>"
    )
    numbers, anchor = _numbers(drawn)
    mark = source_marks([row.source], numbers, anchor, lang)
    text = _card_text(row, drawn)
    vintage = (
        f'<span class="vr-vintage">{series_mark("series-1")}{said(row.vintage, lang)}</span>'
        if row.vintage.text
        else ""
    )
    return f'<div class="vr-card"><span class="vr-n">{esc(number)}{unit}</span><p>{text}{mark}</p>{vintage}</div>'
