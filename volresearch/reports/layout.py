"""What surrounds the blocks of a page: cover, style sheet, running heads, content security policy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from volresearch.reports.page import PAGE_MIME, Cover, css_string, font_stack
from volresearch.reports.seal import BLANK, seal
from volresearch.text import tr

__all__ = ["TEMPLATES", "assemble", "settings"]

TEMPLATES = Path(__file__).parent / "templates"


def settings(page: Mapping[str, Any], blocks: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Return everything that the template of the page needs, and warnings.

    ``page`` holds what the job and the cover say; blocks are finished HTML.
    """
    out = dict(page)
    lang = out.setdefault("lang", "en")
    out.setdefault("dir", "ltr")
    out.setdefault("title", "Report")
    out.setdefault("heading", out["title"])
    out.setdefault("kicker", "volresearch")
    out.setdefault("key", "")
    out.setdefault("generator", "volresearch")
    interactive = any('class="vr-spec"' in block for block in blocks)
    out |= {
        "blocks": list(blocks),
        "digest": BLANK,
        "words": {"skip": tr("Skip to the figures", lang)},
        "script": _chart_script() if interactive else "",
        "policy": _policy(interactive),
        "css": _styles(),
        "print_css": _print_css(out),
    }
    return out, _missing_sections(out)


def assemble(cover: Cover, blocks: Sequence[str], page: Mapping[str, Any]) -> str:
    """Return a page made of a cover and finished blocks of HTML, without a notebook."""
    filled, _ = settings({**page, **cover._repr_mimebundle_()[PAGE_MIME]}, blocks)
    text: str = _template().render(resources={"page": filled})
    return seal(text)


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader

    # The template escapes every value itself, as nbconvert's environment does not.
    environment = Environment(loader=FileSystemLoader(TEMPLATES / "volresearch"), autoescape=False)  # noqa: S701
    return environment.get_template("index.html.j2")


def _policy(interactive: bool) -> str:
    # Vega compiles its expressions with Function(), hence unsafe-eval; pages without charts run no script.
    script = "script-src 'unsafe-inline' 'unsafe-eval'" if interactive else "script-src 'none'"
    return f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; {script}"


def _styles() -> str:
    from volresearch.show import styles

    return styles() + (TEMPLATES / "volresearch" / "page.css").read_text(encoding="utf-8")


def _print_css(page: Mapping[str, Any]) -> str:
    """Running heads and page numbers, as margin boxes; the cover of the first page reaches three edges."""
    lang = str(page["lang"])
    fonts = font_stack(lang)
    start, end = ("right", "left") if page["dir"] == "rtl" else ("left", "right")
    of = tr("Page {page} of {pages}", lang, page="\0", pages="\1")
    number = css_string(of).replace("\\0 ", '" counter(page) "').replace("\\1 ", '" counter(pages) "')
    head = f"font:700 8pt {fonts};color:#16202C"
    soft = f"font:8pt {fonts};color:#4F5B68"
    line = "border-bottom:.5pt solid #7B8794;padding-bottom:2mm;vertical-align:bottom;margin-bottom:4mm"
    title, kicker = css_string(str(page["title"])), css_string(str(page["kicker"]))
    foot = css_string(str(page.get("footer", "")))
    none = "".join(f"@top-{box}{{content:none;border:0}}" for box in ("left", "center", "right"))
    return (
        f"@page{{size:A4;margin:19mm 0 14mm;"
        f"@top-{start}{{content:{title};{head};{line};padding-{start}:15mm;text-align:{start}}}"
        f'@top-center{{content:"";{line}}}'
        f"@top-{end}{{content:{kicker};{soft};{line};padding-{end}:15mm;text-align:{end}}}"
        f"@bottom-{start}{{content:{foot};{soft};padding-{start}:15mm;text-align:{start}}}"
        f"@bottom-{end}{{content:{number};font:8pt {fonts};color:#16202C;padding-{end}:15mm;text-align:{end}}}}}"
        f"@page:first{{margin-top:0;{none}}}"
    )


def _chart_script() -> str:
    """The JavaScript of interactive charts: on the page once, however many charts there are."""
    from volresearch.show.html import vega_script

    text = vega_script()
    found = re.fullmatch(r"\s*<script[^>]*>(.*)</script>\s*", text, flags=re.DOTALL)
    return found.group(1) if found else text


def _missing_sections(page: Mapping[str, Any]) -> list[str]:
    there = set(re.findall(r'data-section="([a-z0-9_]+)"', "".join(page["blocks"])))
    missing = [name for name in page.get("sections", ()) if name not in there]
    return [f"declared sections are missing: {', '.join(missing)}"] if missing else []
