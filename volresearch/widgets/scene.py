"""What one selection shows: worked out once, drawn by every view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from volresearch.errors import VolResearchError
from volresearch.widgets.figures import Figures, Selection, largest_areas

if TYPE_CHECKING:
    from volresearch.datasets import Comparison
    from volresearch.results import Result

__all__ = ["MANY", "Scene", "make_scene"]

#: A chart of more areas than this shows the largest only; the table always shows all.
MANY = 20


@dataclass(frozen=True)
class Scene:
    """A selection with its figures, the verdict on them and the part that is drawn.

    ``charted`` is ``result`` cut to the `MANY` largest areas. ``comparison`` is None where there is one
    figure only; ``fault`` says why there is nothing to show.
    """

    selection: Selection
    title: str
    lang: str
    result: Result | None = None
    charted: Result | None = None
    comparison: Comparison | None = None
    areas: int = 0
    fault: VolResearchError | None = None

    @property
    def cut(self) -> bool:
        """Whether the chart leaves areas out."""
        return self.areas > MANY

    @property
    def one(self) -> bool:
        """Whether there is a single figure: a card shows it, a chart would not."""
        return self.result is not None and len(self.result) == 1


def make_scene(figures: Figures, selection: Selection, title: str, lang: str) -> Scene:
    """Work out what `selection` shows; a user's mistake becomes the scene's fault."""
    try:
        result = figures.select(selection)
    except VolResearchError as fault:
        return Scene(selection, title, lang, fault=fault)
    areas = int(result.table["area"].nunique())
    charted = result
    if areas > MANY:
        part = Selection(
            selection.series, largest_areas(result, MANY), selection.periods, selection.subgroups
        )
        charted = figures.select(part)
    comparison = figures.compare(result) if len(result) > 1 else None
    return Scene(selection, title, lang, result, charted, comparison, areas)
