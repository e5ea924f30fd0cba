"""SVG as text: one script to a run, no inner roles, and whole pictures with title, notes and sources."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, field

from volresearch.show.markup import esc
from volresearch.show.measure import families, isolated, lines_of, script_runs
from volresearch.show.stylesheet import COLOURS
from volresearch.text import direction, script_of

__all__ = ["Picture", "PicturePanel", "accessible", "clean", "compose"]

SVG = "http://www.w3.org/2000/svg"
_Q = f"{{{SVG}}}"
_MARKS = {
    0: '<circle cx="6" cy="6" r="4.6" fill="#1F5A96"/>',
    1: '<path d="M6 1L11 6L6 11L1 6Z" fill="#fff" stroke="#B4590B" stroke-width="2"/>',
    2: '<path d="M2 2H10V10H2Z" fill="#17A085"/>',
    3: '<path d="M6 1.6L11 10.6H1Z" fill="#fff" stroke="#4A1F5C" stroke-width="1.8"/>',
    9: '<path d="M6 1L11 6L6 11L1 6Z" fill="#fff" stroke="#4F5B68" stroke-width="2"/>',
}


def clean(svg: str, lang: str) -> str:
    """Return a drawn chart without inner roles and labels, each run of text in one script and its font."""
    ET.register_namespace("", SVG)
    root = ET.fromstring(svg)  # noqa: S314 - drawn by our own renderer
    for element in root.iter():
        for name in [
            n for n in element.attrib if n == "role" or n.startswith("aria-") or n.endswith("}href")
        ]:
            del element.attrib[name]
        if element.tag == f"{_Q}text" and element.text:
            _set_runs(element, lang)
    root.attrib.pop("class", None)
    return ET.tostring(root, encoding="unicode")


def _set_runs(element: ET.Element, lang: str) -> None:
    runs = list(script_runs(element.text or "", script_of(lang)))
    if len(runs) == 1:
        element.set("font-family", families(runs[0][0]))
        return
    element.text = None
    for script, run in runs:
        part = ET.SubElement(element, f"{_Q}tspan", {"font-family": families(script)})
        part.text = run


def size_of(svg: str) -> tuple[float, float]:
    """Return width and height of a drawn chart in pixels."""
    found = re.search(r'<svg[^>]*?\swidth="([\d.]+)"[^>]*?\sheight="([\d.]+)"', svg)
    assert found is not None
    return float(found[1]), float(found[2])


def accessible(svg: str, key: str, title: str, alt: str) -> str:
    """Return a cleaned chart as one image with a name and a description."""
    inner = svg[svg.index(">") + 1 :]
    width, height = size_of(svg)
    return (
        f'<svg xmlns="{SVG}" role="img" aria-labelledby="{key}t {key}d" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" direction="ltr"><title id="{key}t">{esc(title)}</title>'
        f'<desc id="{key}d">{esc(alt)}</desc>{inner}'
    )


@dataclass(frozen=True)
class PicturePanel:
    """A drawn chart with the words that stand above it."""

    title: str
    unit: str
    svg: str
    legend: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True)
class Picture:
    """A figure that stands alone: everything a reader needs travels inside the file."""

    lang: str
    title: str
    subtitle: str
    panels: Sequence[PicturePanel]
    legend: Sequence[tuple[int, str]] = ()
    facts: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    sources: Sequence[str] = ()
    strips: Sequence[str] = ()
    alt: str = ""
    extra: dict[str, str] = field(default_factory=dict)


class _Page:
    """A column of text and charts that grows downwards."""

    def __init__(self, width: float, lang: str) -> None:
        self.width, self.lang, self.y = width, lang, 12.0
        self.rtl = direction(lang) == "rtl"
        self.parts: list[str] = []
        self.leading = 1.75 if script_of(lang) in {"Khmr", "Mymr", "Arab", "Deva"} else 1.4

    def text(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = "ink",
        indent: float = 0,
        top: float = 0,
    ) -> None:
        """Write a paragraph, broken into lines."""
        self.y += top
        for line in lines_of(text, self.width - 24 - indent, size, bold=bold):
            self.y += size * self.leading
            self.parts.append(
                self.line(line, 12 + indent, self.y - size * (self.leading - 1) * 0.5, size, bold, colour)
            )

    def line(
        self, text: str, x: float, y: float, size: float, bold: bool = False, colour: str = "ink"
    ) -> str:
        """Return one line of text that begins at `x` from the start edge."""
        runs = list(script_runs(isolated(text, self.lang), script_of(self.lang)))
        inner = "".join(f'<tspan font-family="{families(script)}">{esc(run)}</tspan>' for script, run in runs)
        at = self.width - x if self.rtl else x
        flow = ' text-anchor="end"' if self.rtl else ""
        weight = ' font-weight="700"' if bold else ""
        return f'<text x="{at:g}" y="{y:g}" font-size="{size:g}" fill="{COLOURS[colour]}"{weight}{flow}>{inner}</text>'

    def place(self, markup: str, x: float, y: float, width: float) -> None:
        """Put a chart at `x` from the start edge."""
        at = self.width - x - width if self.rtl else x
        self.parts.append(f'<g transform="translate({at:g},{y:g})">{markup}</g>')


def compose(picture: Picture) -> str:
    """Return the whole picture as one SVG with title, description and metadata."""
    sizes = [size_of(panel.svg) for panel in picture.panels]
    row = sum(w + 12 for w, _ in sizes[:3]) + 12
    width = max([560.0, min(row, 740.0), *(w + 24 for w, _ in sizes)])
    page = _Page(width, picture.lang)
    if picture.strips:
        _strip(page, picture.strips)
    page.text(picture.title, 17, bold=True)
    page.text(picture.subtitle, 13, colour="muted", top=2)
    _legend(page, picture.legend)
    page.y += 8
    _panels(page, picture.panels, sizes)
    for value, words in picture.facts:
        page.text(value, 26 if len(picture.facts) == 1 else 16, bold=True, colour="series-1", top=6)
        page.text(words, 13)
    if picture.notes:
        page.y += 6
    for note in picture.notes:
        page.text(note, 11, colour="muted")
    if picture.sources:
        page.y += 6
    for source in picture.sources:
        page.text(source, 11, colour="ink")
    return _document(page, picture)


def _document(page: _Page, picture: Picture) -> str:
    height = page.y + 14
    facts = "".join(f"<{name}>{esc(text)}</{name}>" for name, text in picture.extra.items())
    sources = "".join(f"<source>{esc(text)}</source>" for text in picture.sources)
    return (
        f'<svg xmlns="{SVG}" role="img" lang="{esc(picture.lang)}" viewBox="0 0 {page.width:g} {height:g}" '
        f'width="{page.width:g}" height="{height:g}"><title>{esc(picture.title)}</title><desc>{esc(picture.alt)}</desc>'
        f"<metadata>{facts}{sources}</metadata>"
        f'<rect width="100%" height="100%" fill="{COLOURS["paper"]}"/>{"".join(page.parts)}</svg>'
    )


def _strip(page: _Page, words: Sequence[str]) -> None:
    pattern = (
        '<defs><pattern id="vr-hatch" width="14" height="14" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="14" height="14" fill="#fff"/><rect width="9" height="14" fill="{COLOURS["hold-bg"]}"/></pattern></defs>'
    )
    text = " · ".join(words)
    page.parts.append(f'{pattern}<rect width="{page.width:g}" height="28" fill="url(#vr-hatch)"/>')
    page.parts.append(f'<rect y="27" width="{page.width:g}" height="1" fill="{COLOURS["hold"]}"/>')
    from volresearch.show.measure import text_width

    box = text_width(text, 13, bold=True) + 14
    at = page.width - 12 - box if page.rtl else 12
    page.parts.append(f'<rect x="{at:g}" y="5" width="{box:g}" height="18" fill="#fff"/>')
    page.parts.append(page.line(text, 19, 18.5, 13, True, "hold"))
    page.y = 36.0


def _legend(page: _Page, legend: Sequence[tuple[int, str]]) -> None:
    for series, words in legend:
        page.y += 20
        _entry(page, series, words, 12, page.y)


def _entry(page: _Page, series: int, words: str, x: float, y: float) -> None:
    mark = f'<svg width="12" height="12" viewBox="0 0 12 12">{_MARKS[series]}</svg>'
    page.place(mark, x, y - 10, 12)
    page.parts.append(page.line(words, x + 18, y, 12))


def _panels(page: _Page, panels: Sequence[PicturePanel], sizes: Sequence[tuple[float, float]]) -> None:
    x, row_height = 12.0, 0.0
    for panel, (width, height) in zip(panels, sizes, strict=True):
        heads = [*((t, True, "ink", 12.5) for t in lines_of(panel.title, width, 12.5, bold=True)),
                 *((t, False, "muted", 11) for t in lines_of(panel.unit, width, 11))]  # fmt: skip
        if x > 12 and x + width > page.width - 8:
            x, page.y, row_height = 12.0, page.y + row_height + 12, 0.0
        y = page.y
        for text, bold, colour, size in heads:
            y += 12.5 * page.leading
            page.parts.append(page.line(text, x, y - 3, size, bold, colour))
        for series, words in panel.legend:
            y += 18
            _entry(page, series, words, x, y - 3)
        inner = panel.svg[panel.svg.index(">") + 1 : panel.svg.rindex("</svg>")]
        page.place(inner, x, y + 2, width)
        row_height = max(row_height, y + 2 + height - page.y)
        x += width + 12
    page.y += row_height
