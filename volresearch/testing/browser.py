"""Real servers and a real browser for tests of notebooks: each is ended whatever happens, in bounded time.

Needs playwright and a Chromium of the system; nothing is downloaded.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from volresearch.errors import VolResearchError

__all__ = ["TOKEN", "Watch", "chromium", "own_environment", "run_all_cells", "running"]

#: Token of the servers that tests start.
TOKEN = "a-token-of-the-test"  # noqa: S105
#: The longest that a server may take to answer, and a page to show what is waited for.
START_SECONDS = 90
PAGE_SECONDS = 60

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
_HERE = re.compile(r"(http|ws)://127\.0\.0\.1[:/]|data:|blob:|about:")
_READY = """() => {
  const panel = window.jupyterapp && window.jupyterapp.shell.currentWidget;
  const session = panel && panel.sessionContext;
  const kernel = session && session.isReady && session.session && session.session.kernel;
  return Boolean(kernel && kernel.status === 'idle' && kernel.connectionStatus === 'connected');
}"""


def own_environment(folder: Path) -> dict[str, str]:
    """Return an environment in which nothing of the user's Jupyter settings is read or written."""
    names = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR"]
    names += ["JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"]
    own = {name: str(folder / name.lower()) for name in names}
    config = folder / "jupyter_config_dir" / "jupyter_lab_config.json"
    config.parent.mkdir(parents=True, exist_ok=True)
    # Without it a page cannot be asked whether its kernel is connected; see `run_all_cells`.
    config.write_text('{"LabApp": {"expose_app_in_browser": true}}', encoding="utf-8")
    # The process runs in a folder of its own; a checkout that is not installed must still be found there.
    path = os.pathsep.join(dict.fromkeys(entry for entry in sys.path if entry))
    return {**os.environ, **own, "JUPYTER_TOKEN": TOKEN, "PYTHONPATH": path}


@contextmanager
def running(words: Sequence[str], folder: Path, address: str) -> Iterator[Path]:
    """Run a ``volresearch`` command that serves, from its first answer at `address` to the end of the block.

    Parameters
    ----------
    words : sequence of str
        The command without the program: ``["lab", "work", "--no-browser", "--port", "8899"]``.
    folder : Path
        Where it runs, and where its settings and log go.
    address : str
        Asked until it answers anything.

    Yields
    ------
    Path
        The log.
    """
    log = folder / f"{words[0]}.log"
    command = [sys.executable, "-c", "from volresearch.cli import main; main()", *words]
    with log.open("w") as out:
        process = subprocess.Popen(  # noqa: S603 - this very Python, with the words of a test
            command,
            env=own_environment(folder / "settings"),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_until(address, process, log)
            yield log
        finally:
            _end(process)


def _wait_until(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - an address on this computer
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise VolResearchError("tool.missing", f"No answer at {address}.", got=log.read_text()[-2000:])


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the session that the command leads. Kernels lead sessions of their own and go with their server."""
    for sign, seconds in ((signal.SIGTERM, 20), (signal.SIGKILL, 5)):
        try:
            os.killpg(process.pid, sign)
            process.wait(seconds)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
    process.wait(5)


@contextmanager
def chromium() -> Iterator[Any]:
    """Start the Chromium of this system without a window; a playwright browser.

    Raises
    ------
    VolResearchError
        ``tool.missing`` where there is none.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise VolResearchError("tool.missing", "There is no Chromium on this computer.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Watch:
    """A page with a record of what it asked for outside of this computer and what it complained about.

    Attributes
    ----------
    page : playwright page
    outside : list of str
        Addresses that are not on this computer.
    errors : list of str
        Errors on the console and uncaught ones.
    """

    def __init__(self, browser: Any, width: int = 1280, height: int = 1030, **more: Any) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height}, **more)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PAGE_SECONDS * 1000)
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", self._request)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _request(self, request: Any) -> None:
        if not _HERE.match(request.url):
            self.outside.append(request.url)

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location})")


def run_all_cells(page: Any) -> None:
    """Run the notebook that is open in JupyterLab from top to bottom, and wait for its end.

    The mark "idle" beside the kernel's name shows before the session is connected, and a run that is asked
    for then is lost. So the session itself is asked, and the command is awaited.
    """
    page.wait_for_function(_READY, timeout=PAGE_SECONDS * 1000)
    if not page.evaluate("async () => await window.jupyterapp.commands.execute('notebook:run-all-cells')"):
        raise VolResearchError("report.failed", "The notebook did not run to its end.")
