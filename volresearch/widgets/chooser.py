"""The left column: which series, areas, periods and subgroups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets

from volresearch.errors import VolResearchError, near
from volresearch.show.markup import esc
from volresearch.text import formats, ntr, tr
from volresearch.widgets.controls import Quiet, box, html, named, row, set_options
from volresearch.widgets.figures import TOTAL, Choices, Selection

__all__ = ["Chooser"]


class Chooser:
    """Controls that make a `Selection`; `changed` is called with it after every change of a user's."""

    def __init__(self, choices: Choices, lang: str, changed: Callable[[Selection], None]) -> None:
        self._choices, self._lang, self._changed, self._quiet = choices, lang, changed, Quiet()
        self.search = named(ipywidgets.Text(), "search")
        self.series = named(ipywidgets.Select(rows=8), "series")
        self.about = html("about", "note")
        self.areas = named(ipywidgets.SelectMultiple(rows=7), "areas")
        self.periods = named(ipywidgets.SelectMultiple(rows=5), "periods")
        self.subgroups = named(ipywidgets.SelectMultiple(rows=5), "subgroups")
        self.hint = html("hint", "note")
        self.to_release = named(ipywidgets.Button(), "to-release", "main")
        self.to_code = named(ipywidgets.Button(), "to-code")
        self.reset = named(ipywidgets.Button(), "reset")
        self._what, self._whom = html(), html()
        buttons = box([self.to_release, row([self.to_code, self.reset], "actions")], "buttons")
        parts = [self._what, self.search, self.series, self.about, self._whom]
        parts += [self.areas, self.periods, self.subgroups, self.hint, buttons]
        self.box = box(parts, "column", "chooser", flex="0 0 214px")
        self.search.observe(self._searched, "value")
        self.series.observe(self._series_changed, "value")
        self.areas.observe(self._areas_changed, "value")
        self.periods.observe(self._other_changed, "value")
        self.subgroups.observe(self._other_changed, "value")
        self.reset.on_click(self._reset)

    @property
    def selection(self) -> Selection:
        """What is chosen now."""
        return Selection(
            str(self.series.value or ""),
            tuple(self.areas.value),
            tuple(self.periods.value),
            tuple(self.subgroups.value),
        )

    def choose(self, wanted: Selection, *, totals: bool = False) -> None:
        """Choose by code; `totals` chooses everybody where the series has such figures.

        Raises
        ------
        VolResearchError
            ``facts.unknown_series``, ``facts.none`` where a code is not among the figures of the series.
        """
        known = [item.id for item in self._choices.series]
        series = wanted.series or (known[0] if known else "")
        if series not in known:
            raise VolResearchError(
                "facts.unknown_series", f'There is no series "{series}".', hint=near(series, known)
            )
        with self._quiet.hold():
            self.search.value = ""
            self._fill_series(series)
            self._fill(wanted.areas, wanted.periods, wanted.subgroups, totals=totals)
        for widget, codes in (
            (self.areas, wanted.areas),
            (self.periods, wanted.periods),
            (self.subgroups, wanted.subgroups),
        ):
            self._require(widget, codes, series)

    def speak(self, lang: str) -> None:
        """Put every word and label into `lang`; what is chosen stays chosen."""
        self._lang = lang
        self._what.value = f"<h4>{esc(tr('What', lang))}</h4>"
        self._whom.value = f"<h4>{esc(tr('Where, when, who', lang))}</h4>"
        self.search.description = tr("Search", lang)
        self.search.placeholder = tr("country, topic, year", lang)
        self.series.description = tr("Series, the largest first", lang)
        self.areas.description = tr("Areas", lang)
        self.periods.description = tr("Periods", lang)
        self.subgroups.description = tr("Groups", lang)
        self.to_release.description = tr("Send to Release", lang)
        self.to_code.description = tr("Copy code", lang)
        self.reset.description = tr("Reset", lang)
        self.hint.value = esc(tr("Nothing chosen means all. Hold Ctrl (or Cmd) to choose several.", lang))
        now = self.selection
        with self._quiet.hold():
            self._fill_series(now.series)
            self._fill(now.areas, now.periods, now.subgroups)

    def _fill_series(self, keep: str) -> None:
        found = self._choices.find(self.search.value) or ()
        options = [
            (f"{formats.number(item.count, self._lang)} · {item.title.get_in(self._lang, item.id)}", item.id)
            for item in found
        ]
        set_options(self.series, options, [keep])

    def _fill(
        self,
        areas: tuple[str, ...],
        periods: tuple[str, ...],
        subgroups: tuple[str, ...],
        *,
        totals: bool = False,
    ) -> None:
        series, lang = str(self.series.value or ""), self._lang
        set_options(self.areas, self._choices.areas(series, lang), areas)
        chosen = tuple(self.areas.value)
        set_options(self.periods, self._choices.periods(series, chosen, lang), periods)
        groups = self._choices.subgroups(series, chosen, lang)
        codes = [code for _, code in groups]
        everybody = (TOTAL,) if totals and TOTAL in codes and len(codes) > 1 else ()
        set_options(self.subgroups, groups, subgroups or everybody)
        for widget, most in ((self.areas, 7), (self.periods, 5), (self.subgroups, 5)):
            widget.rows = min(most, max(2, len(widget.options)))
        self._tell()

    def _tell(self) -> None:
        if not self.series.options:
            self.about.value = esc(tr("No series fits these words.", self._lang))
            return
        series = str(self.series.value)
        count = next(item.count for item in self._choices.series if item.id == series)
        said = ntr("{n} figure", "{n} figures", count, self._lang)
        self.about.value = (
            f"<b>{esc(self._choices.title(series, self._lang))}</b><br>{esc(said)} · {esc(series)}"
        )

    def _require(self, widget: Any, codes: tuple[str, ...], series: str) -> None:
        known = [code for _, code in widget.options]
        absent = [code for code in codes if code not in known]
        if absent:
            raise VolResearchError(
                "facts.none", f'No figure of "{series}" has "{absent[0]}".', hint=near(absent[0], known)
            )

    def _searched(self, _: Any) -> None:
        if self._quiet:
            return
        before = self.series.value
        with self._quiet.hold():
            self._fill_series(str(before or ""))
            self._tell()
        if self.series.value != before and self.series.options:
            self._series_changed(None)

    def _series_changed(self, _: Any) -> None:
        if self._quiet or not self.series.value:
            return
        with self._quiet.hold():
            self._fill(tuple(self.areas.value), (), (), totals=True)
        self._changed(self.selection)

    def _areas_changed(self, _: Any) -> None:
        if self._quiet:
            return
        now = self.selection
        with self._quiet.hold():
            self._fill(now.areas, now.periods, now.subgroups)
        self._changed(self.selection)

    def _other_changed(self, _: Any) -> None:
        if not self._quiet:
            self._changed(self.selection)

    def _reset(self, _: Any) -> None:
        self.choose(Selection(""), totals=True)
        self._changed(self.selection)
