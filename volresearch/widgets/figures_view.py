"""The view of figures: chart or card, verdict, table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from volresearch.show import figure, table
from volresearch.show.markup import esc
from volresearch.show.rows import read
from volresearch.show.tables import number_sources
from volresearch.text import tr
from volresearch.widgets.controls import box, html, row
from volresearch.widgets.scene import MANY, Scene
from volresearch.widgets.verdict import headline_html, reasons_html

if TYPE_CHECKING:
    from volresearch.release import Release
    from volresearch.results import Result

__all__ = ["FiguresView", "chart_and_table", "fault_html"]


class FiguresView:
    """Three columns that fold: the controls handed in, the chart with its verdict, the table."""

    def __init__(self, chooser: Any) -> None:
        self.headline, self.chart = html("verdict-line"), html("chart")
        self.reasons, self.numbers = html("why", "boxed"), html("numbers", "boxed")
        middle = box([self.headline, self.chart, self.reasons], "column", "middle", flex="1 1 450px")
        right = box([self.numbers], "column", "right", flex="1 1 340px")
        self.box = row([chooser, middle, right], "columns")
        # Two explorers on one page have lists of sources of their own.
        self._anchor = f"vr{self.box.model_id[:8]}s"

    def title(self, lang: str) -> str:
        """Return the words on the tab."""
        return tr("Figures", lang)

    def speak(self, lang: str) -> None:
        """Put the view's own words into `lang`; it has none beside what `show` draws."""

    def show(self, scene: Scene) -> None:
        """Draw a scene."""
        if scene.result is None or scene.charted is None:
            self.chart.value = fault_html(scene)
            self.headline.value = self.reasons.value = self.numbers.value = ""
            return
        chart, self.numbers.value = chart_and_table(scene, scene.charted, scene.result, self._anchor)
        self.chart.value = chart + _cut(scene)
        self.headline.value = headline_html(scene.comparison, scene.lang)
        self.reasons.value = reasons_html(scene.comparison, scene.lang)


def chart_and_table(
    scene: Scene, charted: Result | Release, every: Result | Release, anchor: str
) -> tuple[str, str]:
    """Return chart and table as HTML; both mark their sources by the one list below the table.

    The strip above the chart speaks for both.
    """
    numbers = number_sources(read(every, scene.lang))
    chart = figure(charted, lang=scene.lang, numbers=numbers, anchor=anchor).html
    return chart, table(every, lang=scene.lang, caption=scene.title, anchor=anchor, strip=False).html


def _cut(scene: Scene) -> str:
    if not scene.cut:
        return ""
    said = tr("The chart shows the {shown} areas with the largest latest value; the table shows all {all}.", scene.lang, shown=MANY, all=scene.areas)  # fmt: skip
    return f'<p class="vr-note vr-cut">{esc(said)}</p>'


def fault_html(scene: Scene) -> str:
    """Return why there is nothing to show."""
    said = str(scene.fault) if scene.fault else tr("No figure fits the selection.", scene.lang)
    return f'<p class="vr-wrong" role="alert">{esc(said)}</p>'
