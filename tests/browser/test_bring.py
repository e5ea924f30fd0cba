"""The panel "Bring your file" where people use it: in JupyterLab, in a real browser, without a network."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

import volresearch as vr
from volresearch.testing.browser import TOKEN, Watch, run_all_cells, running

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)

PEOPLE = "sex;age;hours;phone_number\nf;31;4,5;+255 712 345 678\nm;NA;;+255 713 345 678\nf;44;10,25;+255 714 345 678\n"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_lab__file_brought_with_the_panel__is_a_dataset_and_shows_no_person(
    tmp_path: Path, watch: Callable[..., Watch], pictures: Path
) -> None:
    port, work = _free_port(), tmp_path / "work"
    work.mkdir()
    (work / "people.csv").write_text(PEOPLE, encoding="utf-8")
    with running(
        ["lab", str(work), "--no-browser", "--port", str(port)], tmp_path, f"http://127.0.0.1:{port}/api"
    ):
        seen = watch()
        page = seen.page
        page.goto(f"http://127.0.0.1:{port}/lab/tree/explore.ipynb?reset&token={TOKEN}")
        run_all_cells(page)
        page.get_by_role("tab", name="Bring your file").click()
        page.locator(".vr-bring-file select").select_option(label="people.csv")
        page.locator(".vr-bring-missing input").fill("NA")
        page.locator(".vr-bring-missing input").press("Enter")
        page.locator(".vr-bring-read").click()
        found = page.locator(".vr-bring-found")
        expect(found).to_contain_text("phone_number")
        expect(found).not_to_contain_text("712 345 678")
        expect(page.locator(".vr-bring-checked")).to_contain_text("Quality of the data")
        page.locator(".vr-bring-id input").fill("kenya.people")
        page.locator(".vr-bring-id input").press("Enter")
        page.locator(".vr-bring-design select").select_option(label="easy to reach: online, snowball, quota")
        page.locator(".vr-bring-import").click()
        expect(page.locator(".vr-bring-done")).to_contain_text("datasets/people/people.yaml")
        page.locator(".vr-bring-status").scroll_into_view_if_needed()
        page.screenshot(path=pictures / "bring.png")
        assert "712 345 678" not in page.content()
    assert seen.outside == []
    assert seen.errors == []
    data = vr.dataset(work / "datasets" / "people")
    assert (data.id, data.declaration.design.kind) == ("kenya.people", "nonprobability")
    assert data.values("hours").dropna().tolist() == [4.5, 10.25]
    assert data.missing("age").fillna("").tolist() == ["", "no_answer", ""]
    assert (work / "private" / "kenya.people").is_dir()
