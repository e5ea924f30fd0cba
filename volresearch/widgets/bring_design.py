"""The card of an import: id, title, unit, and the sampling design with its columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ipywidgets

from volresearch.text import tr
from volresearch.widgets.bring_calls import Import
from volresearch.widgets.controls import Quiet, html, named, set_options

if TYPE_CHECKING:
    from volresearch.datasets import Dataset

__all__ = ["DesignCard"]

_NONE = ""
_UNITS = ("person", "organization", "partnership")
_KINDS = ("nonprobability", "census", "probability")
#: Columns of a design, and the kinds that have them.
_COLUMNS = {"weights": _KINDS, "strata": ("probability",), "psu": ("probability",), "fpc": ("probability",)}


class DesignCard:
    """What an import declares.

    Parameters
    ----------
    changed : callable
        Called when something else is declared.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed, self._lang, self._quiet = changed, "en", Quiet()
        self._numbers: list[str] = []
        self._names: list[str] = []
        self.id = named(ipywidgets.Text(continuous_update=False), "bring-id")
        self.name = named(ipywidgets.Text(continuous_update=False), "bring-title")
        self.unit = named(ipywidgets.Dropdown(options=[(one, one) for one in _UNITS]), "bring-unit")
        self.design = named(ipywidgets.Dropdown(options=[("", _NONE)]), "bring-design")
        self.columns = {
            name: named(ipywidgets.Dropdown(options=[("", _NONE)]), f"bring-{name}") for name in _COLUMNS
        }
        self.overwrite = named(ipywidgets.Checkbox(value=False), "bring-overwrite")
        self.about = html("note")
        self.children = (
            self.id, self.name, self.unit, self.design, self.about, *self.columns.values(), self.overwrite,
        )  # fmt: skip
        controls = (self.id, self.name, self.unit, *self.columns.values(), self.overwrite)
        for control in controls:
            control.observe(lambda _: self._tell(), "value")
        self.design.observe(lambda _: self._turned(), "value")
        self._turned()

    @property
    def wanted(self) -> Import:
        """What the controls declare."""
        kind = str(self.design.value or _NONE)
        columns = {
            name: str(one.value) for name, one in self.columns.items() if one.value and kind in _COLUMNS[name]
        }
        design = {"kind": kind, **columns} if kind else {}
        return Import(str(self.id.value).strip(), str(self.name.value).strip(), str(self.unit.value), design, bool(self.overwrite.value))  # fmt: skip

    def speak(self, lang: str) -> None:
        """Put the words into `lang`; what was typed stays."""
        self._lang = lang
        self.id.description = tr("Id: study.name", lang)
        self.name.description = tr("Title", lang)
        self.unit.description = tr("One row is one", lang)
        self.design.description = tr("How the rows were chosen", lang)
        words = (
            tr("Weights", lang),
            tr("Strata", lang),
            tr("Sampling units", lang),
            tr("Population sizes", lang),
        )
        for (_, control), said in zip(self.columns.items(), words, strict=True):
            control.description = said
        self.overwrite.description = tr("Replace a dataset of this id", lang)
        with self._quiet.hold():
            self._fill()
        self._turned()

    def propose(self, id: str, dataset: Dataset) -> None:
        """Fill in what can be said of a dataset that was read; an id that was typed stays."""
        from volresearch.datasets.columns import names_of

        with self._quiet.hold():
            if not self.id.value or str(self.id.value).startswith("local."):
                self.id.value, self.name.value = id, dataset.title.get_in(self._lang, id)
            known = {one.name: one for one in dataset.variables_of()}
            self._names = [name for name in names_of(dataset.frame) if name in known]
            self._numbers = [name for name in self._names if known[name].numeric]
            self._fill()

    def _fill(self) -> None:
        lang = self._lang
        units = (tr("person", lang), tr("organization", lang), tr("partnership", lang))
        set_options(self.unit, list(zip(units, _UNITS, strict=True)), [str(self.unit.value)])
        kinds = (
            tr("easy to reach: online, snowball, quota", lang),
            tr("everybody: a census or register", lang),
            tr("a probability sample", lang),
        )
        options = [(tr("not declared yet", lang), _NONE), *zip(kinds, _KINDS, strict=True)]
        set_options(self.design, options, [str(self.design.value or _NONE)])
        for name, control in self.columns.items():
            names = self._numbers if name in {"weights", "fpc"} else self._names
            none = (tr("none", lang), _NONE)
            set_options(control, [none, *((one, one) for one in names)], [str(control.value or _NONE)])

    def _turned(self) -> None:
        """Show the columns that a design of this kind has."""
        kind, lang = str(self.design.value or _NONE), self._lang
        for name, control in self.columns.items():
            control.layout.display = None if kind in _COLUMNS[name] else "none"
        said = {
            _NONE: tr("Before a design is declared nothing can be estimated.", lang),
            "nonprobability": tr("Counts and shares describe respondents only.", lang),
            "census": tr("Nothing was drawn: there is no sampling error.", lang),
            "probability": tr("Name the columns that estimates and intervals need.", lang),
        }
        self.about.value = said[kind]
        self._tell()

    def _tell(self, _: Any = None) -> None:
        if not self._quiet:
            self._changed()
