"""The view of estimates: an indicator of a survey by groups, with intervals, reliability and comparability in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from volresearch.errors import VolResearchError
from volresearch.show import figure, table
from volresearch.show.markup import esc
from volresearch.show.rows import SIGNS, Row, read
from volresearch.show.verdicts import verdict_table
from volresearch.text import formats, ntr, tr
from volresearch.widgets.controls import Quiet, box, html, named, row, set_options
from volresearch.widgets.scene import Scene
from volresearch.widgets.surveys import NONE, CatalogSurveys, Question, code_of

if TYPE_CHECKING:
    from volresearch.datasets import Dataset
    from volresearch.results import Result

__all__ = ["EstimatesView"]

_RULES = ("2013", "2011")
_CONFIDENCE = ("0.9", "0.95", "0.99")
#: Groups named in a sentence on reliability; more are counted.
_NAMED = 6


class EstimatesView:
    """Three columns that fold: what is asked; chart and comparison; table, reliability and code.

    Nothing is opened or computed before the view is first looked at. What it shows is a working view: there is no
    way from here to a file.
    """

    def __init__(self, surveys: CatalogSurveys | None = None) -> None:
        self._surveys, self._lang, self._quiet = surveys, "en", Quiet()
        self._drawn: tuple[Question, str] | None = None
        self.result: Result | None = None
        self.dataset = named(ipywidgets.Dropdown(), "est-dataset")
        self.indicator = named(ipywidgets.Dropdown(), "est-indicator")
        self.rows, self.series = (named(ipywidgets.Dropdown(), f"est-{name}") for name in ("rows", "by"))
        self.where = named(ipywidgets.Text(continuous_update=False), "est-where")
        self.confidence = named(ipywidgets.Dropdown(), "est-confidence")
        self.family = named(ipywidgets.Dropdown(), "est-family")
        self.against = named(ipywidgets.Dropdown(), "est-against")
        self.code = named(ipywidgets.Textarea(rows=7), "est-code", "code")
        self.about_data, self.about = html("est-data", "note"), html("est-about", "note")
        self.chart, self.verdict = html("est-chart"), html("est-verdict")
        self.numbers, self.reliability = html("est-numbers", "boxed"), html("est-reliability", "boxed")
        self._heads = [html() for _ in range(4)]
        what, whom, how, compared = self._heads
        asked = [
            what,
            self.dataset,
            self.about_data,
            self.indicator,
            self.about,
            whom,
            self.rows,
            self.series,
        ]
        left = box([*asked, self.where, how, self.confidence, self.family], "column", flex="0 0 214px")
        comparison = box([compared, self.against, self.verdict], "boxed")
        middle = box([self.chart, comparison], "column", "middle", flex="1 1 450px")
        right = box(
            [self.numbers, self.reliability, box([self.code], "boxed")], "column", "right", flex="1 1 340px"
        )
        self.box = row([left, middle, right], "columns", "estimates")
        self.dataset.observe(self._dataset_changed, "value")
        for control in (self.indicator, self.rows, self.series, self.where, self.confidence, self.family):
            control.observe(self._changed, "value")
        self.against.observe(lambda _: self._judge(), "value")

    def title(self, lang: str) -> str:
        """Return the words on the tab."""
        return tr("Estimates", lang)

    def speak(self, lang: str) -> None:
        """Put the view's own words into `lang`; what is chosen stays chosen."""
        self._lang = lang
        heads = (tr("What", lang), tr("For whom", lang), tr("How", lang), tr("Comparability", lang))
        for place, words in zip(self._heads, heads, strict=True):
            place.value = f"<h4>{esc(words)}</h4>"
        self.dataset.description = tr("Survey", lang)
        self.indicator.description = tr("Indicator", lang)
        self.rows.description = tr("Rows", lang)
        self.series.description = tr("Second grouping", lang)
        self.where.description = tr("Only where", lang)
        self.where.placeholder = tr("for instance age >= 25", lang)
        self.confidence.description = tr("Interval", lang)
        self.family.description = tr("Help to relatives in other households", lang)
        self.against.description = tr("Compare with a published figure", lang)
        self.code.description = tr("Code", lang)
        if self._surveys is not None and self.dataset.options:
            with self._quiet.hold():
                self._fill(self.question)

    @property
    def question(self) -> Question:
        """What the controls ask."""
        return Question(
            str(self.dataset.value or ""),
            str(self.indicator.value or ""),
            str(self.rows.value or NONE),
            str(self.series.value or NONE),
            str(self.where.value),
            float(self.confidence.value or 0.95),
            str(self.family.value or "2013"),
        )

    def show(self, scene: Scene) -> None:
        """Draw the view; the scene of published figures tells the language only."""
        if self._surveys is None or not self.dataset.options:
            self._surveys = self._surveys or CatalogSurveys()
            with self._quiet.hold():
                self._fill(Question("", "", rows="area", series="sex"))
        self._draw()

    def _fill(self, keep: Question) -> None:
        """Fill the choices, keeping what is still among them."""
        surveys, lang = self._surveys, self._lang
        assert surveys is not None
        names = [(surveys.dataset(id).title.get_in(lang, id), id) for id in surveys.ids]
        set_options(self.dataset, names, [keep.dataset])
        if not names:
            return
        chosen = str(self.dataset.value)
        set_options(self.indicator, surveys.indicators(chosen, lang), [keep.indicator])
        groups = [(tr("none", lang), NONE), *surveys.groups(chosen, lang)]
        set_options(self.rows, groups, [keep.rows])
        set_options(self.series, groups, [keep.series])
        levels = [(formats.percent(float(one) * 100, lang, decimals=None), one) for one in _CONFIDENCE]
        set_options(self.confidence, levels, [f"{keep.confidence:g}"])
        rules = (tr("does not count (19th ICLS, 2013)", lang), tr("counts (ILO manual, 2011)", lang))
        set_options(self.family, list(zip(rules, _RULES, strict=True)), [keep.family_help])
        self._fill_against()

    def _fill_against(self) -> None:
        if not self.indicator.value or self._surveys is None:
            return
        figures = self._surveys.published(str(self.indicator.value), self._lang)
        kept = [str(self.against.value or NONE)]
        set_options(self.against, [(tr("none", self._lang), NONE), *figures], kept)

    def _dataset_changed(self, _: Any) -> None:
        if self._quiet:
            return
        with self._quiet.hold():
            self._fill(self.question)
        self._draw()

    def _changed(self, change: Any) -> None:
        if self._quiet:
            return
        if change["owner"] is self.indicator:
            with self._quiet.hold():
                self._fill_against()
        self._draw()

    def _draw(self) -> None:
        asked, lang = self.question, self._lang
        if (asked, lang) == self._drawn or self._surveys is None:
            return
        self._drawn = (asked, lang)
        if not asked.dataset or not asked.indicator:
            self._fault(tr("No survey has the variables of an indicator.", lang))
            return
        dataset = self._surveys.dataset(asked.dataset)
        indicator = self._surveys.indicator(asked.indicator)
        self.about_data.value = _about(dataset, self._surveys.survey(asked.dataset).design, lang)
        self.about.value = esc(indicator.definition.get_in(lang))
        try:
            self.result = self._surveys.ask(asked)
            chart = figure(self.result, lang=lang).html
        except VolResearchError as fault:
            self.result = None
            self._fault(str(fault))
            return
        title = indicator.title.get_in(lang, indicator.id)
        self.chart.value = chart
        self.numbers.value = table(self.result, lang=lang, caption=title, strip=False, notes=False).html
        self.reliability.value = _reliability(self.result, lang) + _method(self.result, lang)
        self.code.value = code_of(asked, family="family_help" in self.result.facts.question)
        self._judge()

    def _fault(self, said: str) -> None:
        self.chart.value = f'<p class="vr-wrong" role="alert">{esc(said)}</p>'
        self.numbers.value = self.reliability.value = self.verdict.value = self.code.value = ""

    def _judge(self) -> None:
        if self._quiet or self._surveys is None:
            return
        lang, id = self._lang, str(self.against.value or NONE)
        if not id or self.result is None:
            said = tr("Choose a published figure to see whether this result may stand beside it.", lang)
            self.verdict.value = f'<p class="vr-note">{esc(said)}</p>'
            return
        comparison = self._surveys.compare(self.result, id)
        heads = (tr("This result", lang), tr("Published figure", lang))
        said = tr("The published figure is not drawn on this axis. It may stand in the text, with its definition and source.", lang)  # fmt: skip
        shown = verdict_table(comparison, lang, heads=heads).html
        self.verdict.value = f'{shown}<p class="vr-note">{esc(said)}</p>'


def _about(dataset: Dataset, design: Any, lang: str) -> str:
    """Say how large the survey is, how it was drawn, and whether it is invented."""
    persons = ntr("{count} row", "{count} rows", design.n, lang, count=formats.number(design.n, lang))
    strata = ntr("{n} stratum", "{n} strata", len(design.strata), lang)
    units = int(design.units.sum())
    drawn = ntr(
        "{count} sampling unit", "{count} sampling units", units, lang, count=formats.number(units, lang)
    )
    mark = (
        f'<br><span class="vr-verdict vr-synthetic">{esc(tr("Synthetic data", lang))}</span>'
        if dataset.synthetic
        else ""
    )
    return f"{esc(' · '.join((persons, strata, drawn)))}{mark}"


def _reliability(result: Result, lang: str) -> str:
    """Say in words which values need care and why."""
    reading = read(result, lang)
    varying = reading.varying()
    marked = [one for one in reading.rows if set(one.marks) & set(SIGNS)]
    head = f"<h3>{esc(tr('Reliability', lang))} "
    if not marked:
        said = tr("No value is marked: each has ten or more behind it and a relative error up to 25%.", lang)
        return f"{head}</h3><p>{esc(said)}</p>"
    count = ntr(
        "{n} of {all} values needs care",
        "{n} of {all} values need care",
        len(marked),
        lang,
        all=len(reading.rows),
    )
    lines = []
    words = {
        "few": tr("fewer than 10 behind the value. Do not publish it.", lang),
        "wide": tr("relative error over 25%. Give the interval, not the value alone.", lang),
        "no_interval": tr("the data give no bound on one side or both.", lang),
        "one_psu": tr("one sampling unit: the interval says nothing.", lang),
    }
    for kind, why in words.items():
        own = [one for one in marked if kind in one.marks]
        if own:
            names = [_name(one, varying) for one in own[:_NAMED]]
            if len(own) > _NAMED:
                names.append(tr("and {n} more", lang, n=len(own) - _NAMED))
            lines.append(
                f'<p><span class="vr-flag">{SIGNS.get(kind, "")}</span> {esc("; ".join(names))}: {esc(why)}</p>'
            )
    badge = f'<span class="vr-verdict vr-v-caution">{esc(count)}</span>'
    return f"{head}{badge}</h3>{''.join(lines)}"


def _name(one: Row, varying: tuple[str, ...]) -> str:
    return (
        ", ".join(one.words[name].text for name in varying if one.words[name].text)
        or next(iter(one.words.values())).text
    )


def _method(result: Result, lang: str) -> str:
    """The method and what is assumed, as the table's notes would say it."""
    facts = result.facts
    lines = [
        facts.method,
        *([tr("Domain: {domain}", lang, domain=facts.domain)] if facts.domain else []),
        *facts.assumptions,
    ]
    lines += [note for note in facts.notes if not note.startswith("Flags:")]
    return "".join(f'<p class="vr-note" dir="auto">{esc(line)}</p>' for line in lines if line)
