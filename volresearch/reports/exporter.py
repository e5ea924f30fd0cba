"""The page: an nbconvert exporter whose output is one self-contained file that works with the network closed.

Code cells are hidden; markdown and outputs are laid out under a cover. The page forbids itself every request
by its content security policy, so that nothing can slip in from a template.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat.v4
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import markdown2html_mistune
from nbformat import NotebookNode
from traitlets import default

from volresearch.reports.page import PAGE_MIME, SIZE_BUDGET, Cover, Section, css_string, font_stack
from volresearch.text import tr

__all__ = ["PageExporter", "assemble", "digest_holds", "page_of", "warm_up"]

_FOLDER = Path(__file__).parent / "templates"
_VEGA = re.compile(r"application/vnd\.vegalite\.v\d+\+json")
_DIGEST = "0" * 64
_exporter: PageExporter | None = None


class PageExporter(TemplateExporter):
    """Lays an executed notebook out as one page; ``resources["page"]`` carries title, language and the like."""

    export_from_notebook = "volresearch report"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "volresearch"

    @default("template_file")
    def _template_file_default(self) -> str:
        return "index.html.j2"

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(_FOLDER)]

    def from_notebook_node(self, nb: Any, resources: Any = None, **options: Any) -> Any:
        """Return the page and the resources; ``resources["warnings"]`` lists what a reader would miss."""
        given = dict(resources or {})
        page, warnings = _page_settings(nb, dict(given.get("page", {})))
        given["page"] = page
        body, out = super().from_notebook_node(nb, given, **options)
        body = _seal(body)
        size = len(body.encode("utf-8"))
        if size > SIZE_BUDGET:
            warnings.append(
                f"the page has {size / 1e6:.1f} MB, more than the {SIZE_BUDGET / 1e6:.0f} MB budget"
            )
        out["warnings"] = warnings
        return body, out


def page_of(notebook: NotebookNode, page: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the page made of the executed `notebook`, and warnings."""
    global _exporter
    if _exporter is None:
        make: Any = PageExporter
        _exporter = make()
    assert _exporter is not None
    body, resources = _exporter.from_notebook_node(notebook, {"page": dict(page)})
    return body, list(resources["warnings"])


def assemble(cover: Cover, blocks: Sequence[str], page: Mapping[str, Any]) -> str:
    """Return a page made of a cover and finished blocks of HTML, without a notebook of its own."""
    outputs: list[Any] = [cover, *(Section(block) for block in blocks)]
    cells = []
    for thing in outputs:
        data = thing._repr_mimebundle_() if isinstance(thing, Cover) else {"text/html": thing.html}
        output = nbformat.v4.new_output("display_data", data=data)
        cells.append(nbformat.v4.new_code_cell(outputs=[output]))
    return page_of(nbformat.v4.new_notebook(cells=cells), page)[0]


def warm_up() -> None:
    """Compile the template once, in the process that later forks."""
    page_of(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("a *b*")]), {})


def digest_holds(page: str) -> bool:
    """Return whether `page` is one of ours and unchanged since it was made."""
    found = re.search(r'<meta name="volresearch-digest" content="([0-9a-f]{64})">', page[:8192])
    if found is None:
        return False
    blank = page[: found.start(1)] + _DIGEST + page[found.end(1) :]
    return hashlib.sha256(blank.encode("utf-8")).hexdigest() == found.group(1)


def _seal(body: str) -> str:
    digest = hashlib.sha256(body.encode("utf-8")).hexdigest()
    mark = '<meta name="volresearch-digest" content="'
    return body.replace(mark + _DIGEST, mark + digest, 1)


def _page_settings(nb: NotebookNode, page: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Gather what the template needs: settings of the job, of the cover that a cell displayed, and blocks."""
    for data in _outputs_of(nb, PAGE_MIME):
        page.update(data)
    lang = page.setdefault("lang", "en")
    page.setdefault("dir", "ltr")
    page.setdefault("title", "Report")
    page.setdefault("heading", page["title"])
    page.setdefault("kicker", "volresearch")
    page.setdefault("key", "")
    page.setdefault("generator", "volresearch")
    blocks = _Blocks(lang)
    page["blocks"] = list(blocks.of(nb))
    page["digest"] = _DIGEST
    page["words"] = {"skip": tr("Skip to the figures", lang)}
    interactive = any('class="vr-spec"' in block for block in page["blocks"])
    page["script"] = _chart_script() if interactive else ""
    page["policy"] = _policy(interactive)
    _check_sections(page, blocks.warnings)
    page["css"] = _styles()
    page["print_css"] = _print_css(page)
    return page, blocks.warnings


def _outputs_of(nb: NotebookNode, mime: str) -> Iterator[Any]:
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            if mime in output.get("data", {}):
                yield output["data"][mime]


class _Blocks:
    """Turns cells into blocks of HTML, in order."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.charts = 0
        self.warnings: list[str] = []

    def of(self, nb: NotebookNode) -> Iterator[str]:
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                # The page has one h1, on the cover: headings of the template move one step down.
                yield _lower_headings(markdown2html_mistune(cell.source))
            for output in cell.get("outputs", []):
                block = self._of_output(output)
                if block:
                    yield block

    def _of_output(self, output: NotebookNode) -> str:
        if output.output_type == "stream":
            if output.name == "stderr":
                self.warnings.append(output.text.strip().splitlines()[-1])
                return ""
            return f'<pre class="vr-output">{html.escape(output.text)}</pre>'
        if output.output_type not in {"display_data", "execute_result"}:
            return ""
        return self._of_data(output.data, output.get("metadata", {}))

    def _of_data(self, data: Mapping[str, Any], metadata: Mapping[str, Any]) -> str:
        if PAGE_MIME in data:
            return ""
        vega = next((mime for mime in data if _VEGA.fullmatch(mime)), None)
        still = self._still(data, metadata)
        if vega is None:
            return still
        from volresearch.show.html import interactive_html

        self.charts += 1
        return interactive_html(dict(data[vega]), f"vr-chart-{self.charts}", still=still)

    def _still(self, data: Mapping[str, Any], metadata: Mapping[str, Any]) -> str:
        if "text/html" in data:
            return str(data["text/html"])
        if "text/markdown" in data:
            return _lower_headings(markdown2html_mistune(str(data["text/markdown"])))
        if "image/svg+xml" in data:
            return f"<figure>{data['image/svg+xml']}</figure>"
        if "image/png" in data:
            return self._picture(str(data["image/png"]), metadata)
        return f'<pre class="vr-output">{html.escape(str(data.get("text/plain", "")))}</pre>'

    def _picture(self, encoded: str, metadata: Mapping[str, Any]) -> str:
        alt = str(metadata.get("alt") or metadata.get("image/png", {}).get("alt", ""))
        if not alt:
            self.warnings.append("a picture has no alternative text")
        source = "".join(encoded.split())
        return f'<figure><img src="data:image/png;base64,{source}" alt="{html.escape(alt)}"></figure>'


def _lower_headings(text: str) -> str:
    text = re.sub(r'<a class="anchor-link"[^>]*>.*?</a>', "", text)
    return re.sub(r"(</?)h([1-5])\b", lambda m: f"{m[1]}h{int(m[2]) + 1}", text)


def _policy(interactive: bool) -> str:
    # Vega compiles its expressions with Function(), hence unsafe-eval; pages without charts run no script.
    script = "script-src 'unsafe-inline' 'unsafe-eval'" if interactive else "script-src 'none'"
    return f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; {script}"


def _styles() -> str:
    from volresearch.show import styles

    return styles() + (_FOLDER / "volresearch" / "page.css").read_text(encoding="utf-8")


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


def _check_sections(page: Mapping[str, Any], warnings: list[str]) -> None:
    there = set(re.findall(r'data-section="([a-z0-9_]+)"', "".join(page["blocks"])))
    missing = [name for name in page.get("sections", ()) if name not in there]
    if missing:
        warnings.append(f"declared sections are missing: {', '.join(missing)}")
