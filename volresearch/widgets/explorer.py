"""The explorer of published figures as one ipywidgets box."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import ipywidgets

from volresearch.errors import VolResearchError, near
from volresearch.results import Result
from volresearch.show import styles
from volresearch.show.markup import esc
from volresearch.text import LANGUAGES, formats, language_name, ntr, tr
from volresearch.widgets.bring import BringView
from volresearch.widgets.chooser import Chooser
from volresearch.widgets.code_view import CodeView
from volresearch.widgets.controls import html, named, row
from volresearch.widgets.estimates import EstimatesView
from volresearch.widgets.figures import Choices, Figures, Selection, as_codes
from volresearch.widgets.figures_view import FiguresView
from volresearch.widgets.release_view import ReleaseView
from volresearch.widgets.scene import Scene, make_scene

__all__ = ["Explorer", "View"]


class View(Protocol):
    """One tab of an explorer. A further kind of view is a module with such a class."""

    box: ipywidgets.Widget

    def title(self, lang: str) -> str:
        """Return the words on the tab."""

    def speak(self, lang: str) -> None:
        """Put the view's own words into `lang`."""

    def show(self, scene: Scene) -> None:
        """Draw a scene."""


class Explorer(ipywidgets.VBox):  # type: ignore[misc]
    """Choose published figures, look at table and chart with the verdict, release them, take the code.

    All state is in the object: two explorers in one kernel, or two visitors of a page, do not meet.

    Parameters
    ----------
    figures : Figures
        What is explored.
    lang : str
        Language of words, labels and numbers at first.
    folder : str or Path
        Where released files go.

    Attributes
    ----------
    scene : Scene
        What is shown now.
    """

    def __init__(self, figures: Figures, *, lang: str = "en", folder: str | Path = "exports") -> None:
        if lang not in LANGUAGES:
            raise VolResearchError(
                "text.language", f'The explorer does not speak "{lang}".', hint=near(lang, LANGUAGES)
            )
        self._figures, self._stale = figures, set[int]()
        every = figures.select()
        self._choices, self._size = Choices(every), len(every)
        self.chooser = Chooser(self._choices, lang, self._selected)
        self.figures_view, self.code_view = FiguresView(self.chooser.box), CodeView()
        self.release_view = ReleaseView(Path(folder))
        self.estimates_view, self.bring_view = EstimatesView(), BringView()
        views = (self.figures_view, self.release_view, self.code_view, self.estimates_view, self.bring_view)
        self._views: tuple[View, ...] = views
        self._title, self._summary = html("title"), html("summary", "note")
        names = [(language_name(code), code) for code in LANGUAGES]
        self.language = named(ipywidgets.Dropdown(options=names, value=lang), "language")
        self.tabs = named(ipywidgets.Tab([view.box for view in self._views]), "tabs")
        style = html("style", value=f"<style>{_style()}</style>")
        head = row([self._title, self._summary, self.language], "head")
        super().__init__([style, head, self.tabs])
        named(self, "explorer").add_class("vr")
        self.language.observe(lambda _: self._spoken(), "value")
        self.tabs.observe(lambda _: self._draw(), "selected_index")
        self.chooser.to_release.on_click(lambda _: self._turn_to(self.release_view))
        self.chooser.to_code.on_click(lambda _: self._turn_to(self.code_view))
        self.scene = Scene(Selection(""), "", lang)
        self.choose()

    @property
    def lang(self) -> str:
        """Language of words, labels and numbers; may be set."""
        return str(self.language.value)

    @lang.setter
    def lang(self, lang: str) -> None:
        self.language.value = lang

    @property
    def result(self) -> Result | None:
        """The figures that are shown."""
        return self.scene.result

    @property
    def code(self) -> str:
        """The calls that give the same without the explorer."""
        self.code_view.show(self.scene)
        return str(self.code_view.text.value)

    def choose(
        self,
        series: str | None = None,
        *,
        area: str | Iterable[str] = (),
        period: str | Iterable[str] = (),
        subgroup: str | Iterable[str] | None = None,
    ) -> None:
        """Choose by code, as the controls do; see `volresearch.widgets.explore`."""
        areas = tuple(self._figures.area(said) for said in as_codes(area))
        wanted = Selection(series or "", areas, as_codes(period), as_codes(subgroup))
        self.chooser.choose(wanted, totals=subgroup is None)
        self._spoken()

    def export(self) -> list[Path]:
        """Write the formats that are ticked in the view of releases and return the files."""
        self.release_view.show(self.scene)
        return self.release_view.export()

    def _spoken(self) -> None:
        lang = self.lang
        for code in LANGUAGES:
            self.remove_class(f"vr-lang-{code}")
        self.add_class(f"vr-lang-{lang}")
        self._title.value = f'<h2 lang="{lang}">{esc(tr("Explorer", lang))}</h2>'
        count = ntr("{n} series", "{n} series", len(self._choices.series), lang)
        figures = tr("{count} published figures", lang, count=formats.number(self._size, lang))
        self._summary.value = esc(f"{figures} · {count}")
        self.language.description = tr("Language", lang)
        self.chooser.speak(lang)
        for number, view in enumerate(self._views):
            view.speak(lang)
            self.tabs.set_title(number, view.title(lang))
        self._selected(self.chooser.selection)

    def _selected(self, selection: Selection) -> None:
        title = self._choices.title(selection.series, self.lang) if selection.series else ""
        self.scene = make_scene(self._figures, selection, title, self.lang)
        self._stale = set(range(len(self._views)))
        self._draw()

    def _draw(self) -> None:
        """Draw the view that is looked at; the others wait until they are."""
        number = self.tabs.selected_index or 0
        if number in self._stale:
            self._stale.discard(number)
            self._views[number].show(self.scene)

    def _turn_to(self, view: Any) -> None:
        self.tabs.selected_index = self._views.index(view)


def _style() -> str:
    own = files("volresearch.widgets").joinpath("explorer.css").read_text("utf-8")
    return f"{styles()}\n{own}"
