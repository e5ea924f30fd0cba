"""Widgets with a class to find them by, a description that voices read, and words that can change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import ipywidgets

__all__ = ["Quiet", "box", "html", "named", "row", "set_options"]

W = TypeVar("W", bound=ipywidgets.Widget)


def named(widget: W, *classes: str) -> W:
    """Give a widget the classes ``vr-...`` by which style and tests find it."""
    for name in classes:
        widget.add_class(f"vr-{name}")
    return widget


def html(*classes: str, value: str = "", flex: str | None = None) -> ipywidgets.HTML:
    """Make a place for HTML."""
    return named(ipywidgets.HTML(value, layout=ipywidgets.Layout(flex=flex)), *classes)


def box(children: Iterable[ipywidgets.Widget], *classes: str, flex: str | None = None) -> ipywidgets.VBox:
    """Stack widgets."""
    layout = ipywidgets.Layout(flex=flex, min_width="0", overflow="visible")
    return named(ipywidgets.VBox(tuple(children), layout=layout), *classes)


def row(children: Iterable[ipywidgets.Widget], *classes: str, wrap: bool = True) -> ipywidgets.HBox:
    """Set widgets side by side; they fold below one another where it gets narrow."""
    layout = ipywidgets.Layout(flex_flow="row wrap" if wrap else "row", overflow="visible")
    return named(ipywidgets.HBox(tuple(children), layout=layout), *classes)


def set_options(widget: Any, options: Iterable[tuple[str, str]], keep: Iterable[str] = ()) -> None:
    """Set the options of a choice and choose those of `keep` that are still among them.

    Options are set only where they differ: a browser draws a list anew each time, and loses its place.
    """
    new = tuple(options)
    codes = [code for _, code in new]
    kept = tuple(code for code in keep if code in codes)
    if tuple(widget.options) != new:
        widget.options = new
    if isinstance(widget, ipywidgets.SelectMultiple):
        widget.value = kept
    elif codes:
        widget.value = kept[0] if kept else codes[0]


class Quiet:
    """A switch that keeps observers still while several widgets change together."""

    def __init__(self) -> None:
        self._depth = 0

    def __bool__(self) -> bool:
        return self._depth > 0

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold still until the end of the block."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
