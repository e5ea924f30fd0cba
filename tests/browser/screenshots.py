"""Take the pictures of the documentation from the real thing: ``make screenshots``.

Starts JupyterLab on a fresh workspace, runs the explorer in Chromium and writes explorer.png into the folder
that is named (docs/_static).
"""

from __future__ import annotations

import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from volresearch.testing.browser import TOKEN, Watch, chromium, run_all_cells, running

#: How much of the explorer the picture shows, from its top, in pixels.
HEIGHT = 950
#: The largest a committed picture may be.
MOST_BYTES = 300_000


def main(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        words = ["lab", "work", "--no-browser", "--port", str(port)]
        with running(words, folder, f"http://127.0.0.1:{port}/api"), chromium() as browser:
            address = f"http://127.0.0.1:{port}/lab/tree/explore.ipynb?reset&token={TOKEN}"
            take_explorer(browser, address, target / "explorer.png")


def take_explorer(browser: Any, address: str, path: Path) -> None:
    page = Watch(browser, width=1280, height=1500).page
    page.goto(address)
    run_all_cells(page)
    page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    explorer = page.locator(".vr-explorer")
    explorer.locator(".vr-areas select").select_option(label=["Brazil", "South Africa"])
    explorer.locator(".vr-numbers").filter(has_not_text="World").wait_for()
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(1000)  # the layout settles after the last picture arrived
    place = explorer.bounding_box()
    page.screenshot(path=path, animations="disabled", clip={**place, "height": min(place["height"], HEIGHT)})
    size = path.stat().st_size
    print(f"{path}: {size:,} bytes")
    if size > MOST_BYTES:
        raise SystemExit(f"{path} is larger than {MOST_BYTES:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/_static"))
