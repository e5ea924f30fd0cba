"""What a template's cells may display besides tables and figures: the cover, and sections of HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["PAGE_MIME", "SIZE_BUDGET", "Cover", "Section", "css_string", "font_stack"]

#: The cover travels through the notebook as data of this type; the exporter lays it out.
PAGE_MIME = "application/vnd.volresearch.page+json"

#: Larger pages are slow to open and to send; going over it is a warning.
SIZE_BUDGET = 2_000_000


@dataclass(frozen=True)
class Cover:
    """The head of a page and what its running heads say.

    ``title`` names the page in the browser and in running heads; ``heading`` is its one h1. ``facts`` are
    pairs (number, label) at the side of the cover. ``draft`` is a strip above it.
    """

    title: str
    heading: str
    lang: str = "en"
    dir: str = "ltr"
    kicker: str = "volresearch"
    subtitle: str = ""
    lead: str = ""
    flag: str = ""
    draft: str = ""
    meta: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    footer: str = ""
    end: str = ""
    description: str = ""
    heading_lang: str = ""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        data = {name: value for name, value in asdict(self).items() if value}
        data["meta"] = list(self.meta)
        data["facts"] = [list(pair) for pair in self.facts]
        return {PAGE_MIME: data, "text/plain": f"{self.heading}. {self.lead}"}


@dataclass(frozen=True)
class Section:
    """A finished piece of the page. ``html`` must be escaped by whoever wrote it."""

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"<Section of {len(self.html)} characters>"


def css_string(text: str) -> str:
    r"""Return `text` as a CSS string in double quotes, safe inside a style element.

    >>> css_string('say "A</style>"')
    '"say \\22 A\\3c /style\\3e \\22 "'
    """
    special = {'"', "\\", "<", ">", "&"}
    return '"' + "".join(f"\\{ord(c):x} " if c in special or ord(c) < 32 else c for c in text) + '"'


def font_stack(lang: str) -> str:
    """Return the fonts of margin boxes: they take no font from the page."""
    try:
        from volresearch.text.fonts import families
    except ImportError:
        names: tuple[str, ...] = ("Noto Sans",)
    else:
        names = families(lang)
    listed = [name for name in dict.fromkeys([*names, "Noto Sans", "Arial"]) if name != "sans-serif"]
    return ",".join(css_string(name) for name in listed) + ",sans-serif"
