"""Pages in a real Chromium with the network off: nothing asked for, nothing logged, nothing too wide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import volresearch as vr
from volresearch.reports.pdf import find_browser, print_pdf

pytestmark = pytest.mark.browser
AREAS = (("ZAF", "en"), ("BRA", "es"), ("NOR", "fr"), ("WORLD", "zh"), ("KEN", "km"), ("IND", "ar"))
#: 180 mm at 96 pixels an inch: what the margins leave of A4.
WIDTH = 180 / 25.4 * 96


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    out = tmp_path_factory.mktemp("pages")
    return {
        f"{area}-{lang}": vr.report("core.country_brief", area=area, lang=lang, out=out)
        for area, lang in AREAS
    }


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = find_browser()
    if path is None:
        pytest.skip("no Chromium, Chrome or Edge on this computer")
    with playwright.sync_playwright() as running:
        made = running.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


@pytest.mark.parametrize("name", [f"{area}-{lang}" for area, lang in AREAS])
def test_page__network_off__asks_for_nothing_and_logs_nothing(
    name: str, pages: dict[str, Path], browser: Any
) -> None:
    context = browser.new_context(offline=True)
    tab = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("requestfailed", lambda request: said.append(f"failed: {request.url}"))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(pages[name].as_uri())
    assert asked == [pages[name].as_uri()]
    assert said == []
    assert tab.locator("h1").count() == 1
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "vr-skip"
    context.close()


@pytest.mark.parametrize("name", [f"{area}-{lang}" for area, lang in AREAS])
def test_page__in_print_and_on_a_phone__nothing_is_wider_than_the_paper(
    name: str, pages: dict[str, Path], browser: Any
) -> None:
    tab = browser.new_page(viewport={"width": 794, "height": 1123})
    tab.emulate_media(media="print")
    tab.goto(pages[name].as_uri())
    assert tab.evaluate(WIDE, WIDTH + 1) == []
    tab.emulate_media(media="screen")
    tab.set_viewport_size({"width": 390, "height": 844})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.close()


#: Elements in the text that stick out; the cover may reach the edges.
WIDE = """(limit) => [...document.querySelectorAll('#content *')]
  .filter((e) => !e.closest('.vr-sr') && !e.closest('svg'))
  .filter((e) => { const box = e.getBoundingClientRect(); const whole = document.querySelector('#content').getBoundingClientRect();
    const pad = parseFloat(getComputedStyle(document.querySelector('#content')).paddingLeft);
    return box.width > limit || box.right > whole.right - pad + 1.5 || box.left < whole.left + pad - 1.5; })
  .filter((e) => e.getBoundingClientRect().width > 0)
  .map((e) => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().width)}`)"""


def test_print_pdf__a_brief__gives_whole_pages(pages: dict[str, Path], tmp_path: Path) -> None:
    if find_browser() is None:
        pytest.skip("no Chromium, Chrome or Edge on this computer")
    target = print_pdf(pages["ZAF-en"], tmp_path / "brief.pdf")
    assert target.read_bytes()[:5] == b"%PDF-"
    assert [path.name for path in tmp_path.iterdir()] == ["brief.pdf"]
