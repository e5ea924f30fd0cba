"""SVG to PNG: by vl_convert, or by a browser where a script needs shaping that vl_convert does not do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

from volresearch.show.renderer import render_png
from volresearch.show.svgs import SVG, size_of

__all__ = ["browser", "picture_png", "simplified"]

# Khmer, Burmese and the Indian scripts reorder their signs; vl_convert sets them on top of one another.
_REORDERING = re.compile("[\u0900-\u0dff\u1000-\u109f\u1780-\u17ff]")
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)


@cache
def browser() -> str | None:
    """Return the path of a browser that can draw without a window, or None."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    return next((place for place in _PLACES if Path(place).exists()), None)


def picture_png(svg: str, scale: float = 2.0) -> bytes:
    """Return a picture as PNG.

    Text in Khmer, Burmese or an Indian script is drawn by a browser where there is one; without one its signs
    may stand too close.
    """
    if not _REORDERING.search(svg):
        return render_png(svg, scale)
    found = browser()
    drawn = _by_browser(found, svg, scale) if found else None
    return drawn if drawn is not None else render_png(simplified(svg), scale)


def _by_browser(program: str, svg: str, scale: float) -> bytes | None:
    width, height = (round(side + 0.499) for side in size_of(svg))
    with tempfile.TemporaryDirectory() as folder:
        page, out = Path(folder, "picture.html"), Path(folder, "picture.png")
        page.write_text(f'<!doctype html><meta charset="utf-8"><style>body{{margin:0}}</style>{svg}', "utf-8")
        flags = [
            "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--disable-dev-shm-usage",
            f"--user-data-dir={Path(folder, 'profile')}", f"--window-size={width},{height}",
            f"--force-device-scale-factor={scale:g}", f"--screenshot={out}",
        ]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            flags.append("--no-sandbox")
        try:
            command = [program, *flags, page.as_uri()]
            subprocess.run(command, capture_output=True, timeout=60, check=True)  # noqa: S603
            return out.read_bytes()
        except (OSError, subprocess.SubprocessError):
            return None


def simplified(svg: str) -> str:
    """Return a picture whose mixed lines are one run each: vl_convert stops at some that are split.

    One font is named, and the renderer looks for the missing signs itself.
    """
    ET.register_namespace("", SVG)
    root = ET.fromstring(svg)  # noqa: S314 - our own picture
    for text in root.iter(f"{{{SVG}}}text"):
        parts = list(text)
        if not parts:
            continue
        words = "".join(text.itertext())
        for part in parts:
            text.remove(part)
        text.text = words
        text.set("font-family", "Noto Sans" if len(parts) > 1 else parts[0].get("font-family", "Noto Sans"))
    return ET.tostring(root, encoding="unicode")
