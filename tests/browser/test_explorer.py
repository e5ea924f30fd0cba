"""The explorer where people use it: in JupyterLab and as a page, in a real browser, without a network."""

from __future__ import annotations

import re
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from volresearch.testing.browser import TOKEN, Watch, run_all_cells, running
from volresearch.text import tr

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def choose_and_read(page: Any) -> None:
    """Change series, area and language with the controls, and read the table that follows."""
    expect(page.locator(".vr-numbers .vr-tablebox")).to_be_visible()
    page.locator(".vr-search input").fill("volunteer rate short")
    expect(page.locator(".vr-series option")).to_have_count(1)
    expect(page.locator(".vr-numbers caption")).to_contain_text("Volunteer rate (short reference period)")
    page.locator(".vr-areas select").select_option(label="South Africa")
    table = page.locator(".vr-numbers .vr-tablebox")
    expect(table).to_contain_text("2014")
    expect(table).to_contain_text("5.8")
    expect(table).not_to_contain_text("Brazil")
    expect(page.locator(".vr-verdict-line .vr-verdict")).to_be_visible()
    expect(page.locator(".vr-chart svg").first).to_be_visible()
    page.locator(".vr-language select").select_option(label="español")
    expect(table).to_contain_text("5,8")
    expect(page.locator(".vr-areas label")).to_have_text(tr("Areas", "es"))
    page.locator(".vr-language select").select_option(label="English")
    expect(table).to_contain_text("5.8")


def export_and_read(page: Any) -> str:
    """Write files through the view of releases and return what the page says of them."""
    page.locator(".vr-to-release").click()
    expect(page.locator(".vr-preview .vr-sheet > .vr-tablebox")).to_be_visible()
    expect(page.locator(".vr-preview .vr-strip")).to_have_count(0)
    page.locator(".vr-export").click()
    expect(page.locator(".vr-exported li")).to_have_count(4)
    return str(page.locator(".vr-exported").inner_text())


def test_lab__explorer_run_and_changed__shows_the_new_table(
    tmp_path: Path, watch: Callable[..., Watch], pictures: Path
) -> None:
    port, work = free_port(), tmp_path / "work"
    words = ["lab", str(work), "--no-browser", "--port", str(port)]
    with running(words, tmp_path, f"http://127.0.0.1:{port}/api"):
        seen = watch()
        page = seen.page
        page.goto(f"http://127.0.0.1:{port}/lab/tree/explore.ipynb?reset&token={TOKEN}")
        run_all_cells(page)
        choose_and_read(page)
        page.screenshot(path=pictures / "lab.png")
        said = export_and_read(page)
        page.screenshot(path=pictures / "lab_release.png")
        assert not page.get_by_text("Jupyter news").is_visible()
    assert seen.outside == []
    assert seen.errors == []
    written = sorted(path.name for path in (work / "exports").iterdir())
    assert {Path(name).suffix for name in written} == {".csv", ".json", ".svg"}
    assert all(name in said for name in written)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The explorer served as a page: its address without the token."""
    port, folder = free_port(), tmp_path_factory.mktemp("serve")
    address = f"http://127.0.0.1:{port}/"
    words = ["serve", "--ip", "127.0.0.1", "--port", str(port), "--token", TOKEN]
    with running(words, folder, address) as log:
        assert f"{address}?token={TOKEN}" in log.read_text()
        yield address


def test_serve__visitor_with_token__sees_the_explorer_without_code(
    home: str, watch: Callable[..., Watch], pictures: Path
) -> None:
    seen = watch()
    page = seen.page
    page.goto(f"{home}?token={TOKEN}")
    choose_and_read(page)
    expect(page.locator(".jp-InputArea-editor")).to_have_count(0)
    assert "import volresearch" not in page.content()
    page.screenshot(path=pictures / "serve.png", full_page=True)
    said = export_and_read(page)
    with page.expect_download() as download:
        page.locator(".vr-download").first.click()
    assert download.value.suggested_filename in said
    assert seen.outside == []
    assert seen.errors == []


def test_serve__visitor_without_token__sees_a_login_and_no_file(home: str) -> None:
    with urllib.request.urlopen(home, timeout=10) as answer:
        assert "/login" in answer.url
        assert b"vr-explorer" not in answer.read()
    for path in ("voila/files/explore.ipynb", f"api/kernels/{'0' * 8}-0000-0000-0000-{'0' * 12}"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(home + path, timeout=10)
        assert refused.value.code in {401, 403, 404}


def test_serve__keyboard_alone__reaches_and_changes_a_control(home: str, watch: Callable[..., Watch]) -> None:
    page = watch(width=1000).page
    page.goto(f"{home}?token={TOKEN}")
    caption = page.locator(".vr-numbers caption")
    expect(caption).to_be_visible()
    before = caption.inner_text()
    page.locator(".vr-search input").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.vr-series') !== null")
    page.keyboard.press("ArrowDown")
    expect(caption).not_to_have_text(before)
    for control in page.locator(".vr-chooser select, .vr-chooser input").all():
        assert re.search(r"\w", named(control)), control


def named(control: Any) -> str:
    """The accessible name that the label gives."""
    return str(control.evaluate("node => [...node.labels].map(label => label.textContent).join(' ')"))
