from __future__ import annotations

import re
from typing import Any

import nbformat.v4 as v4

from volresearch.reports.exporter import page_of
from volresearch.reports.layout import assemble
from volresearch.reports.page import Cover, css_string
from volresearch.reports.seal import digest_holds

SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "data": {"values": [{"a": "</script><b>", "b": 1}]},
    "mark": "bar",
    "encoding": {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b", "type": "quantitative"}},
}


def notebook(*data: dict[str, Any], source: str = "secret_code = 1") -> Any:
    outputs = [v4.new_output("display_data", data=item) for item in data]
    return v4.new_notebook(cells=[v4.new_code_cell(source, outputs=outputs)])


def test_page_of__code_cells__are_hidden_and_outputs_shown() -> None:
    page, warnings = page_of(notebook({"text/html": "<p>shown</p>"}), {"title": "T"})
    assert "shown" in page
    assert "secret_code" not in page
    assert warnings == []


def test_page_of__cover_from_a_cell__sets_title_language_direction_and_the_one_h1() -> None:
    cover = Cover(title="عنوان <1>", heading="بيرو", lang="ar", dir="rtl", lead="Lead & more")
    made = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# Heading of the template"),
            v4.new_code_cell(outputs=[v4.new_output("display_data", data=cover._repr_mimebundle_())]),
        ]
    )
    page, _ = page_of(made, {"title": "other", "lang": "en"})
    assert '<html lang="ar" dir="rtl">' in page
    assert "<title>عنوان &lt;1&gt;</title>" in page
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page) == ["بيرو"]
    assert "Lead &amp; more" in page
    assert "@top-right{content:" in page


def test_page_of__any_page__forbids_itself_every_request() -> None:
    page, _ = page_of(notebook({"text/html": "<p>x</p>"}), {})
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy.group(1).startswith("default-src &#39;none&#39;")
    assert "script-src &#39;none&#39;" in policy.group(1)
    assert not re.search(r'(src|href)="(https?:)?//', page)


def test_page_of__two_interactive_charts__carry_the_script_once_and_specs_safely() -> None:
    data = {"application/vnd.vegalite.v6+json": SPEC, "image/svg+xml": "<svg></svg>"}
    page, _ = page_of(notebook(data, data), {})
    assert page.count('class="vr-spec"') == 2
    assert page.count("vegaEmbed=") + page.count("vegaEmbed =") <= 2
    assert "</script><b>" not in page
    assert "unsafe-eval" in page
    plain, _ = page_of(notebook({"text/html": "<p>x</p>"}), {})
    assert "vega" not in plain.lower()


def test_page_of__more_than_the_budget__warns() -> None:
    _, warnings = page_of(notebook({"text/html": "x" * 2_100_000}), {})
    assert any("2.1 MB" in warning for warning in warnings)


def test_page_of__picture_without_description__warns() -> None:
    page, warnings = page_of(notebook({"image/png": "AAAA"}), {})
    assert "data:image/png;base64,AAAA" in page
    assert warnings == ["a picture has no alternative text"]


def test_page_of__declared_section_is_missing__warns() -> None:
    made = notebook({"text/html": '<section data-section="one">x</section>'})
    _, warnings = page_of(made, {"sections": ["one", "two"]})
    assert warnings == ["declared sections are missing: two"]


def test_page_of__plain_text_and_prints__are_escaped() -> None:
    cell = v4.new_code_cell(
        outputs=[v4.new_output("stream", name="stdout", text="<script>alert(1)</script>")]
    )
    page, _ = page_of(v4.new_notebook(cells=[cell]), {})
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_digest_holds__page_changed_by_hand__no_longer() -> None:
    page = assemble(Cover(title="T", heading="H"), ["<p>body</p>"], {"key": "ab"})
    assert digest_holds(page)
    assert not digest_holds(page.replace("body", "my words"))
    assert not digest_holds("<html></html>")


def test_css_string__a_title_tries_to_leave_the_style__cannot() -> None:
    assert "</style" not in css_string('x</style><script>"\\')
    page = assemble(Cover(title="</style><script>alert(1)</script>", heading="H"), [], {})
    assert "<script>" not in page
