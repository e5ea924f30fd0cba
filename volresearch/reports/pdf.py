"""Pages as PDF, printed by a Chromium that is installed already; nothing is fetched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from volresearch.errors import VolResearchError

__all__ = ["find_browser", "print_pdf"]

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
_PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        "C:/Program Files/Google/Chrome/Application/chrome.exe",
        "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
        "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
        "C:/Program Files/Microsoft/Edge/Application/msedge.exe",
    ),
}


def find_browser() -> str | None:
    """Return a Chromium, Chrome or Edge of this computer; ``VOLRESEARCH_BROWSER`` names another."""
    named = os.environ.get("VOLRESEARCH_BROWSER")
    if named:
        return named if Path(named).is_file() else shutil.which(named)
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    return next((place for place in _PLACES.get(sys.platform, ()) if Path(place).is_file()), None)


def print_pdf(page: Path, target: Path | None = None, *, seconds: float = 120) -> Path:
    """Print `page` as A4 PDF beside it (or to `target`) and return the path; it appears complete or not at all.

    Raises
    ------
    VolResearchError
        ``tool.missing`` without a browser, ``report.failed`` if it could not print.
    """
    browser = find_browser()
    if browser is None:
        raise VolResearchError(
            "tool.missing",
            "No Chromium, Chrome or Edge was found, so no PDF can be made.",
            hint="Install one, name it in VOLRESEARCH_BROWSER, or open the page and print it.",
        )
    target = target or page.with_suffix(".pdf")
    with tempfile.TemporaryDirectory(prefix=".volresearch-pdf-", dir=target.parent) as work:
        made = Path(work).resolve() / "page.pdf"
        done = _run(browser, page.resolve(), made, Path(work) / "profile", seconds)
        if not made.is_file():
            last = (done.strip().splitlines() or ["it said nothing"])[-1]
            raise VolResearchError("report.failed", f"{page.name} could not be printed as PDF: {last}")
        made.replace(target)
    return target


def _run(browser: str, page: Path, made: Path, profile: Path, seconds: float) -> str:
    command = [
        browser,
        "--headless",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        f"--user-data-dir={profile.resolve()}",
        "--no-pdf-header-footer",
        f"--print-to-pdf={made}",
        page.as_uri(),
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Chromium refuses its sandbox to root; the page is ours, runs no script and may load nothing.
        command.insert(1, "--no-sandbox")
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)  # noqa: S603 - a browser of this computer
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return done.stderr
