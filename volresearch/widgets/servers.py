"""JupyterLab and Voilà with our settings, in this process, leaving the user's own settings alone."""

from __future__ import annotations

import os
import secrets
import socket
import warnings
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from volresearch.errors import VolResearchError
from volresearch.widgets.workspace import refuse_private

__all__ = [
    "EVERYWHERE",
    "free_port",
    "lab_arguments",
    "page_addresses",
    "require",
    "run_lab",
    "run_voila",
    "voila_arguments",
]

#: Our launcher cards, settings and page template; see the folders inside.
JUPYTER = Path(__file__).parent / "jupyter"

#: Every network interface of this computer.
EVERYWHERE = "0.0.0.0"  # noqa: S104


def require(package: str, wanted_by: str) -> None:
    """Raise ``tool.missing`` with the command that installs `package`, unless it is there."""
    if find_spec(package) is None:
        raise VolResearchError(
            "tool.missing",
            f"{wanted_by} needs {package}, which is not installed.",
            hint='Run: python -m pip install "volresearch[lab]"',
        )


def free_port(preferred: int, ip: str = "127.0.0.1", tries: int = 50) -> int:
    """Return `preferred` or the next port above it that nobody listens on; 0 asks the system for one."""
    for port in [preferred] if preferred == 0 else range(preferred, preferred + tries):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            try:
                probe.bind((ip, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise VolResearchError(
        "cli.usage",
        f"No port from {preferred} to {preferred + tries - 1} is free.",
        hint="Name another one with --port, or --port 0 for any.",
    )


def page_addresses(ip: str, port: int, token: str) -> list[str]:
    """Return the addresses at which a page on this computer is reached, the local network first."""
    hosts = [*_network_addresses(), "127.0.0.1"] if ip == EVERYWHERE else [ip]
    return [f"http://{host}:{port}/?token={token}" for host in dict.fromkeys(hosts)]


def _network_addresses() -> Iterable[str]:
    """The address of the interface that leads outwards; a datagram socket that is connected sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return [str(probe.getsockname()[0])]
        except OSError:
            return []


def lab_arguments(folder: Path, *, port: int, browser: bool, open_first: str | None) -> list[str]:
    """Return the arguments of JupyterLab for a workspace.

    JupyterLab refuses to run as root unless told; here it listens on this computer only and wants a
    token, and containers run as root, so it is told.
    """
    refuse_private(folder)
    page = f"/lab/tree/{open_first}" if open_first else "/lab"
    return [
        f"--ServerApp.root_dir={folder.resolve()}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        f"--ServerApp.open_browser={browser}",
        "--ServerApp.allow_root=True",
        "--ServerApp.log_level=WARN",
        "--LabApp.log_level=WARN",
        f"--LabApp.default_url={page}",
        "--LabApp.extension_manager=readonly",
        f"--LabApp.extra_labextensions_path={JUPYTER / 'labextensions'}",
    ]


def run_lab(arguments: list[str]) -> None:
    """Run JupyterLab until it is stopped. News and update checks are off; the user's settings stay."""
    require("jupyterlab", "volresearch lab")
    _prepend("JUPYTER_CONFIG_PATH", JUPYTER / "config")
    from jupyterlab.labapp import LabApp

    LabApp.launch_instance(arguments)


def voila_arguments(
    notebook: Path, *, ip: str, port: int, browser: bool, visitors: int, idle: int
) -> list[str]:
    """Return the arguments of Voilà for one notebook.

    Parameters
    ----------
    notebook : Path
        The notebook; one in a ``private/`` folder is refused.
    ip, port : str, int
        Where to listen.
    browser : bool
        Whether to open a browser here.
    visitors : int
        How many visitors to hold ready: each gets a kernel that has already run the notebook. Zero means
        that every visitor waits for an own start.
    idle : int
        Minutes after which the kernel of a visitor who does nothing is ended; zero means never.
    """
    refuse_private(notebook)
    return [
        str(notebook.resolve()),
        f"--Voila.ip={ip}",
        f"--Voila.port={port}",
        "--Voila.port_retries=0",
        "--Voila.auto_token=True",
        f"--Voila.open_browser={browser}",
        "--Voila.log_level=ERROR",
        # A page that is closed ends its kernel by a request without a form: Voilà sets no form cookie, so the
        # check would refuse it. The request still needs the token's cookie and a kernel id that is a secret.
        "--Voila.tornado_settings=disable_check_xsrf=True",
        "--VoilaConfiguration.template=volresearch",
        "--VoilaConfiguration.allow_template_override=NO",
        "--VoilaConfiguration.strip_sources=True",
        # No file of the folder is served, whatever its name; the page is all that leaves.
        "--VoilaConfiguration.file_allowlist",
        "(?!)",
        f"--VoilaConfiguration.preheat_kernel={visitors > 0}",
        f"--VoilaConfiguration.default_pool_size={max(visitors, 1)}",
        f"--MappingKernelManager.cull_idle_timeout={idle * 60}",
        "--MappingKernelManager.cull_interval=60",
    ]


def new_token() -> str:
    """Return a fresh secret for the address of a page."""
    return secrets.token_urlsafe(18)


def run_voila(arguments: list[str], token: str) -> None:
    """Run Voilà until it is stopped; without `token` nobody sees the page.

    The token goes through the environment: the arguments of a process are seen by every user of a computer.
    """
    require("voila", "volresearch serve")
    os.environ["JUPYTER_TOKEN"] = token
    _prepend("JUPYTER_PATH", JUPYTER / "share")
    # traitlets warns of every list with one item, in whatever form it is given.
    warnings.filterwarnings("ignore", category=DeprecationWarning, module="traitlets")
    from voila.app import Voila

    app: Any = Voila
    app.launch_instance(arguments)


def _prepend(variable: str, folder: Path) -> None:
    present = os.environ.get(variable)
    os.environ[variable] = f"{folder}{os.pathsep}{present}" if present else str(folder)
