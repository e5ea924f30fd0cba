"""Figures: a result drawn so that the picture says no more than the numbers do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.errors import VolResearchError
from volresearch.release import Release
from volresearch.show.captions import card_words, panel_words, subtitle_words
from volresearch.show.datatable import compact_table
from volresearch.show.html import figure_html
from volresearch.show.markup import ident, strips
from volresearch.show.pictures import picture_png
from volresearch.show.plan import OTHER, Panel, Plan, plan
from volresearch.show.renderer import render_svg
from volresearch.show.rows import Reading, read, value_words
from volresearch.show.sentences import finding_title
from volresearch.show.spec import panel_spec, scaling
from volresearch.show.stylesheet import styles
from volresearch.show.svgs import Picture, PicturePanel, clean, compose
from volresearch.show.tables import mark_notes, number_sources, table
from volresearch.text import tr

if TYPE_CHECKING:
    from volresearch.results import Result

__all__ = ["Figure", "figure"]

#: Width of a chart on a phone, in pixels.
NARROW = 340.0


class Figure:
    """A figure of a result or release: chart or card, its description, its data and its notes.

    Attributes
    ----------
    title, subtitle : str
        The finding in a sentence; measure, unit, who and when.
    kind : str
        ``dots``, ``bars``, ``lines``, ``card``, ``cards`` or ``mixed``.
    titled : bool
        Whether the caller gave the title.
    """

    def __init__(
        self,
        x: Result | Release,
        reading: Reading,
        made: Plan,
        title: str,
        subtitle: str,
        numbers: Mapping[str, int] | None,
        anchor: str,
        titled: bool,
        data: str | None = None,
        notes: Sequence[str] | None = None,
    ) -> None:
        self._x = x
        self._reading = reading
        self._plan = made
        self._numbers = numbers
        self._anchor = anchor
        self.title = title
        self.subtitle = subtitle
        self.lang = reading.lang
        self.kind = made.kind
        self.titled = titled
        self._data = data
        self._own_notes = notes

    def __repr__(self) -> str:
        return f"<Figure {self.kind}: {self.title}>"

    @property
    def plan(self) -> Plan:
        """Panels, marks and series, as decided."""
        return self._plan

    @property
    def reading(self) -> Reading:
        """The numbers with their words."""
        return self._reading

    @property
    def id(self) -> str:
        """An id made of the content, the same in every run."""
        rows = [(tuple(row.codes.values()), row.value, row.key) for row in self._reading.rows]
        return ident(self.title, self.subtitle, self.kind, self.lang, rows)

    @cached_property
    def panel_specs(self) -> tuple[dict[str, Any], ...]:
        """The Vega-Lite spec of each panel; none for cards."""
        if self.kind in {"card", "cards"}:
            return ()
        width = self._panel_width()
        return tuple(panel_spec(panel, self.lang, width) for panel in self._plan.panels)

    @cached_property
    def narrow_svgs(self) -> tuple[str, ...]:
        """Each panel drawn for a phone, so that its words are not shrunk; none where the panels fit anyway."""
        if self.kind in {"card", "cards"} or self._panel_width() <= NARROW:
            return ()
        specs = [panel_spec(panel, self.lang, NARROW) for panel in self._plan.panels]
        return tuple(clean(render_svg(spec), self.lang) for spec in specs)

    def _panel_width(self) -> float:
        # The text column is 712 px wide; the frame of a working view takes 26 of it, a table beside 274.
        room = 712.0 - (26 if strips(self._reading) else 0) - (274 if self.beside else 0)
        count = min(len(self._plan.panels), 3)
        return min(640.0, (room - 12 * (count - 1)) // count)

    @property
    def beside(self) -> bool:
        """Whether the data table is narrow enough to stand beside the chart."""
        columns = self.data_table.count('scope="col"')
        return columns <= 3 or (columns == 4 and "vr-scroll" not in self.data_table)

    @property
    def spec(self) -> dict[str, Any]:
        """The Vega-Lite spec of the whole figure: one panel, or all of them side by side. Empty for cards."""
        specs = self.panel_specs
        if len(specs) < 2:
            return specs[0] if specs else {}
        whole = {key: specs[0][key] for key in ("config",) if key in specs[0]}
        panels = []
        for panel, part in zip(self._plan.panels, specs, strict=True):
            own = {k: v for k, v in part.items() if k not in {"config", "autosize", "padding"}}
            panels.append({"title": {"text": panel.title, "subtitle": self.panel_unit(panel)}, **own})
        return {**whole, "concat": panels, "columns": 3}

    def panel_unit(self, panel: Panel) -> str:
        """Return what stands above a panel: the unit with its million or billion."""
        _, word = scaling(panel, self.lang)
        return tr("{magnitude} {unit}", self.lang, magnitude=word, unit=panel.unit) if word else panel.unit

    @cached_property
    def panel_svgs(self) -> tuple[str, ...]:
        """Each panel drawn as SVG."""
        return tuple(clean(render_svg(spec), self.lang) for spec in self.panel_specs)

    @property
    def legend(self) -> tuple[tuple[int, str], ...]:
        """Pairs of series and words; series 9 is values of other measurement keys, never joined."""
        return self._said(self._plan.legend)

    def panel_legend(self, panel: Panel) -> tuple[tuple[int, str], ...]:
        """The legend of a panel, where the panels have no common one."""
        return self._said(panel.legend)

    def _said(self, legend: tuple[tuple[int, str], ...]) -> tuple[tuple[int, str], ...]:
        beside = [
            tr("{words} (measured in another way, not joined)", self.lang, words=w)
            for s, w in legend
            if s == OTHER
        ]
        return (*(pair for pair in legend if pair[0] != OTHER), *((OTHER, words) for words in beside))

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences that stand below the chart."""
        if self._own_notes is not None:
            return tuple(self._own_notes)
        lang, notes = self.lang, []
        charted = self.kind not in {"card", "cards"}
        if self._plan.several_keys:
            words = tr(
                "The values were measured in different ways: read each for itself, do not compare them.", lang
            )
            notes.append(words)
        if charted and self._reading.published and not any(r.has_interval for r in self._reading.rows):
            notes.append(tr("The sources give no sampling intervals, so none are drawn.", lang))
        return (*notes, *mark_notes(self._reading))

    @property
    def alt(self) -> str:
        """The description of the picture in words, for those who do not see it."""
        parts = [panel_words(panel, self._reading) for panel in self._plan.panels]
        return " ".join([f"{self.title}.", *(part for part in parts if part)])

    @cached_property
    def data_table(self) -> str:
        """The data as an HTML table."""
        if self._data is not None:
            return self._data
        numbers = self._numbers if self._numbers is not None else number_sources(self._reading)
        anchor = self._anchor if self._numbers is not None else f"{self.id}s"
        compact = compact_table(self._reading, self._plan, numbers, anchor)
        caption = tr("Data of this figure", self.lang)
        return compact or table(
            self._x, self.lang, caption, numbers=numbers, anchor=anchor, strip=False, notes=False
        ).html  # fmt: skip

    @property
    def source_lines(self) -> tuple[str, ...]:
        """The sources of the values as plain text, numbered."""
        numbers = number_sources(self._reading)
        lines = []
        for source in self._reading.facts.sources:
            if source.id not in numbers:
                continue
            address = (
                f"{source.address} ({tr('address shortened', self.lang)})"
                if source.shortened
                else source.address
            )
            text = " ".join(
                part
                for part in (f"{source.publisher}.", f"{source.title}.", f"{source.year}.", address)
                if part != "."
            )
            lines.append((numbers[source.id], f"[{numbers[source.id]}] {text}"))
        return tuple(line for _, line in sorted(lines))

    @property
    def svg(self) -> str:
        """The whole picture as one SVG: title, panels, notes, sources, and the mark of a working view."""
        facts: tuple[tuple[str, str], ...] = ()
        if self.kind in {"card", "cards"}:
            facts = tuple(
                (value_words(row, self.lang), card_words(self._reading, number))
                for number, row in enumerate(self._reading.rows)
            )
        panels = [
            PicturePanel(panel.title, self.panel_unit(panel), svg, self.panel_legend(panel))
            for panel, svg in zip(self._plan.panels, self.panel_svgs, strict=False)
        ]
        return compose(
            Picture(
                self.lang, self.title, self.subtitle, panels, self.legend, facts, self.notes, self.source_lines,
                strips(self._reading), self.alt, self._record(),
            )
        )  # fmt: skip

    def _record(self) -> dict[str, str]:
        facts = self._reading.facts
        out = {
            f"dataset{number}": f"{d.id} {d.version} sha256 {d.sha256}"
            for number, d in enumerate(facts.datasets, 1)
        }
        if isinstance(self._x, Release):
            out["release"] = f"{self._x.record.rule}, {self._x.record.time}"
        return out

    @property
    def html(self) -> str:
        """The figure as an accessible ``<figure>`` for a page that has the style sheet."""
        return figure_html(self)

    @property
    def numbers(self) -> Mapping[str, int] | None:
        """Source id -> number in the page's list, where the page has one."""
        return self._numbers

    @property
    def source_object(self) -> Result | Release:
        """What was drawn."""
        return self._x

    def panel_alt(self, number: int) -> str:
        """Return the description of one panel in words."""
        return panel_words(self._plan.panels[number], self._reading)

    @property
    def anchor(self) -> str:
        """Prefix of the ids in the page's list of sources."""
        return self._anchor

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {
            "text/html": f"<style>{styles()}</style>{self.html}",
            "image/svg+xml": self.svg,
            "text/plain": self.alt,
        }

    def save(self, path: str | Path, *, overwrite: bool = False, scale: float = 2.0) -> Path:
        """Write the picture with its sources inside and return the path.

        Parameters
        ----------
        path : str or Path
            Ends in ``.svg`` or ``.png``.
        overwrite : bool
            Whether a file that is there may be replaced.
        scale : float
            Pixels of a PNG for each pixel of the layout.

        Raises
        ------
        VolResearchError
            ``release.required`` for a bare result, ``export.format`` for another ending, ``export.exists``.
        """
        path = Path(path)
        if not isinstance(self._x, Release):
            raise VolResearchError(
                "release.required",
                "This figure shows a working view; only a Release may leave.",
                hint="Draw it from result.release().",
            )
        if path.suffix.lower() not in {".svg", ".png"}:
            raise VolResearchError(
                "export.format", f'A figure cannot be saved as "{path.suffix}".', expected=".svg or .png"
            )
        if path.exists() and not overwrite:
            raise VolResearchError(
                "export.exists", f"{path} is there already.", hint="Pass overwrite=True to replace it."
            )
        svg = self.svg
        data = svg.encode() if path.suffix.lower() == ".svg" else _png(svg, scale, self)
        waiting = path.with_name(path.name + ".part")
        waiting.write_bytes(data)
        waiting.replace(path)
        return path


def figure(
    x: Result | Release,
    lang: str = "en",
    kind: str | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    *,
    numbers: Mapping[str, int] | None = None,
    anchor: str | None = None,
    data: str | None = None,
    notes: Sequence[str] | None = None,
) -> Figure:
    """Draw a result or a release.

    Estimates with intervals become dots, counts and shares bars from zero, several periods of one
    measurement key a line; a single value becomes a card. Values of other keys are never joined.

    Parameters
    ----------
    x : Result or Release
        A bare result is drawn under the strip "Working view, not for release" and cannot be saved.
    lang : str
        Language of labels, numbers and direction.
    kind : {"dots", "bars", "lines", "card", "cards"}, optional
        Without it, what fits the values.
    title, subtitle : str, optional
        Without a title, what the numbers themselves allow to be said.
    numbers, anchor : optional
        As for `table`: the numbering of the page's own list of sources.
    data, notes : optional
        A page's own data table, as HTML, and its own sentences below the chart, in place of the usual ones.

    Returns
    -------
    Figure

    Raises
    ------
    VolResearchError
        ``show.kind`` where nothing can be drawn in this way.
    """
    reading = read(x, lang)
    if not reading.rows:
        raise VolResearchError("show.kind", "There is no value to draw.", hint="Show it with vr.table.")
    made = plan(reading, kind)
    words = finding_title(x, lang) if title is None else title
    below = subtitle_words(reading, words) if subtitle is None else subtitle
    return Figure(
        x,
        reading,
        made,
        words,
        below,
        numbers,
        anchor if anchor is not None else "s",
        title is not None,
        data,
        notes,
    )


def _png(svg: str, scale: float, drawn: Figure) -> bytes:
    """Return the picture as PNG with its description and sources in text chunks."""
    from volresearch.show.png import with_text

    sources = "\n".join(drawn.source_lines)
    return with_text(
        picture_png(svg, scale), {"Title": drawn.title, "Description": drawn.alt, "Source": sources}
    )
