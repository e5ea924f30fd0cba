"""The page: an nbconvert exporter whose output is one self-contained file that works with the network closed.

Code cells are hidden; markdown and outputs are laid out under a cover. The page forbids itself every request
by its content security policy, so that nothing can slip in from a template.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

import nbformat.v4
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import markdown2html_mistune
from nbformat import NotebookNode
from traitlets import default

from volresearch.reports.layout import TEMPLATES, settings
from volresearch.reports.page import PAGE_MIME, SIZE_BUDGET
from volresearch.reports.seal import seal

__all__ = ["PageExporter", "page_of", "warm_up"]

_VEGA = re.compile(r"application/vnd\.vegalite\.v\d+\+json")
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
        return [str(TEMPLATES)]

    def from_notebook_node(self, nb: Any, resources: Any = None, **options: Any) -> Any:
        """Return the page and the resources; ``resources["warnings"]`` lists what a reader would miss."""
        given = dict(resources or {})
        page, warnings = _page_settings(nb, dict(given.get("page", {})))
        given["page"] = page
        body, out = super().from_notebook_node(nb, given, **options)
        body = seal(body)
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


def warm_up() -> None:
    """Compile the template once, in the process that later forks."""
    page_of(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("a *b*")]), {})


def _page_settings(nb: NotebookNode, page: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Gather what the template needs: settings of the job, of the cover that a cell displayed, and blocks."""
    for data in _outputs_of(nb, PAGE_MIME):
        page.update(data)
    blocks = _Blocks()
    filled, warnings = settings(page, list(blocks.of(nb)))
    return filled, [*blocks.warnings, *warnings]


def _outputs_of(nb: NotebookNode, mime: str) -> Iterator[Any]:
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            if mime in output.get("data", {}):
                yield output["data"][mime]


class _Blocks:
    """Turns cells into blocks of HTML, in order."""

    def __init__(self) -> None:
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
                self.warnings += output.text.strip().splitlines()[-1:]
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
