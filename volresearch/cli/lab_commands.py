"""``volresearch lab``, ``serve``, ``demo`` and ``notebooks``: the workspace and the pages on it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click

from volresearch.errors import VolResearchError, near, short_path
from volresearch.plugins import Host
from volresearch.widgets import servers, workspace

__all__ = ["demo", "lab", "notebooks", "serve"]

#: The notebook that opens first, and that `serve` shows.
EXPLORER = "core.explore"

_DIRECTORY = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_WORKSPACE = Path("volresearch-workspace")

_directory = click.argument("directory", type=_DIRECTORY, default=_WORKSPACE, metavar="[DIR]")


@click.command()
@_directory
@click.option(
    "--port", default=8888, show_default=True, help="Port to listen on; the next free one is taken."
)
@click.option("--browser/--no-browser", default=True, help="Open a browser, or only print the address.")
def lab(directory: Path, port: int, browser: bool) -> None:
    """Open JupyterLab on a workspace with the notebooks of every plugin.

    The notebooks are copied into DIR (volresearch-workspace, unless you name another). A notebook that you
    changed is never overwritten: it stays, and ours is laid beside it as NAME.new.ipynb.

    JupyterLab listens on this computer only and asks for the token in the address that it prints. It
    fetches nothing from the network: news and update checks are off in this session, and your own
    settings stay as they are. Stop it with Ctrl-C.
    """
    servers.require("jupyterlab", "volresearch lab")
    _fill(directory)
    _start_lab(directory, port, browser)


@click.command()
@click.argument("notebook", type=_FILE, required=False, metavar="[NOTEBOOK]")
@click.option(
    "--ip",
    default=servers.EVERYWHERE,
    show_default=True,
    help="Where to listen; 127.0.0.1 for this computer only.",
)
@click.option(
    "--port", default=8866, show_default=True, help="Port to listen on; the next free one is taken."
)
@click.option("--token", default="", help="Token that visitors need; a fresh one unless given.")
@click.option(
    "--visitors", default=1, show_default=True, help="Visitors to hold ready: near the size of the class."
)
@click.option(
    "--idle", default=30, show_default=True, help="Minutes after which an idle, closed page is ended."
)
@click.option("--browser/--no-browser", default=False, help="Also open the page in a browser here.")
def serve(
    notebook: Path | None, ip: str, port: int, token: str, visitors: int, idle: int, browser: bool
) -> None:
    """Serve the explorer as a page on the local network, so that a class needs browsers only.

    Prints the addresses with the token that opens them; without the token nobody sees the page. Code is
    hidden, nothing is fetched from elsewhere, and no file of this computer is served.

    Every visitor has a kernel of their own (about 200 MB). --visitors N starts N kernels ahead, so that the
    first N visitors do not wait; a kernel ends when its page is closed, or after --idle minutes. The
    connection is not encrypted: use it on a network that you trust.

    NOTEBOOK serves another notebook. One inside a folder named private/ is refused.
    """
    servers.require("voila", "volresearch serve")
    secret, free = token or servers.new_token(), servers.free_port(port, ip)
    with tempfile.TemporaryDirectory(prefix="volresearch-serve-") as folder:
        page = _page(notebook, Path(folder))
        arguments = servers.voila_arguments(
            page, ip=ip, port=free, browser=browser, visitors=visitors, idle=idle
        )
        click.echo("The page is at")
        for address in servers.page_addresses(ip, free, secret):
            click.echo(f"  {address}")
        click.echo("Stop it with Ctrl-C.")
        servers.run_voila(arguments, secret)


@click.command()
@_directory
@click.option(
    "--lab/--no-lab", "start_lab", default=None, help="Serve JupyterLab at the end, or not (also: LAB=0)."
)
@click.option(
    "--port", default=8888, show_default=True, help="Port of JupyterLab; the next free one is taken."
)
@click.option("--browser/--no-browser", default=False, help="Open a browser on JupyterLab.")
def demo(directory: Path, start_lab: bool | None, port: int, browser: bool) -> None:
    """Show what there is: briefs of every area, the explorer executed, then JupyterLab on the workspace.

    Everything lands in DIR (volresearch-workspace, unless you name another): notebooks, DIR/briefs with an
    index.html, DIR/executed with the explorer as it ran. With --no-lab, or LAB=0 in the environment, it
    ends before the server.
    """
    serving = os.environ.get("LAB", "1") != "0" if start_lab is None else start_lab
    if serving:
        servers.require("jupyterlab", "volresearch demo")
    _fill(directory)
    index = _render_briefs(directory / "briefs")
    click.echo(f"Briefs:            {index.resolve()}")
    executed = _execute(directory / "explore.ipynb", directory / "executed" / "explore.ipynb")
    click.echo(f"Explorer, as run:  {executed.resolve()}")
    click.echo(f"Workspace:         {directory.resolve()}")
    if serving:
        _start_lab(directory, port, browser)


@click.group()
def notebooks() -> None:
    """List the notebooks of every plugin, copy them, check them before they are shared."""


@notebooks.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_notebooks(as_json: bool) -> None:
    """List every notebook: id, plugin and file."""
    host = Host.load()
    rows = [
        {"id": record.id, "plugin": host.plugin_of(record).name, "path": str(record.path)}
        for record in host.records("notebooks")
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    width = max((len(row["id"]) for row in rows), default=0)
    for row in rows:
        click.echo(f"{row['id']:<{width}}  {short_path(row['path'])}")


@notebooks.command("copy")
@_directory
@click.option("--only", multiple=True, metavar="ID", help="Copy this notebook only; may be given again.")
def copy(directory: Path, only: tuple[str, ...]) -> None:
    """Copy notebooks into DIR; one that you changed stays, and ours is laid beside it."""
    _fill(directory, only)


@notebooks.command("check")
@click.argument("files", nargs=-1, type=_FILE, metavar="[FILE]...")
@click.option("--run", is_flag=True, help="Also run each from top to bottom, in a scratch folder.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(files: tuple[Path, ...], run: bool, as_json: bool) -> None:
    """Check notebooks (all that are known, unless FILEs are named): outputs stripped, parameters tagged.

    Exits with 1 where one has a fault.
    """
    chosen = files or tuple(source for _, source in _known(Host.load()).values())
    found = {str(path): _faults(path, run) for path in chosen}
    if as_json:
        click.echo(json.dumps(found, indent=1))
    for path, faults in found.items() if not as_json else ():
        click.echo(f"{short_path(path)}: {'; '.join(faults) or 'ok'}")
    if any(found.values()):
        raise SystemExit(1)


def _faults(path: Path, run: bool) -> list[str]:
    faults = workspace.notebook_faults(path)
    if run:
        with tempfile.TemporaryDirectory(prefix="volresearch-check-") as folder:
            try:
                _execute(path, Path(folder) / path.name)
            except VolResearchError as error:
                faults.append(error.message)
    return faults


def _known(host: Host) -> dict[str, tuple[str, Path]]:
    """Notebook id -> its name in a workspace and its source; core's stand on top, others by plugin."""
    known = {}
    for record in host.records("notebooks"):
        if record.path is not None:
            plugin = host.plugin_of(record).name
            name = record.path.name if plugin == "core" else f"{plugin}/{record.path.name}"
            known[record.id] = (name, record.path)
    return known


def _notebook(known: dict[str, tuple[str, Path]], notebook_id: str) -> tuple[str, Path]:
    if notebook_id not in known:
        raise VolResearchError(
            "notebook.unknown", f'There is no notebook "{notebook_id}".', hint=near(notebook_id, known)
        )
    return known[notebook_id]


def _fill(directory: Path, only: Iterable[str] = ()) -> None:
    known = _known(Host.load())
    chosen = [_notebook(known, notebook_id) for notebook_id in only] or list(known.values())
    for copied in workspace.copy_notebooks(directory, chosen):
        if copied.action != "unchanged":
            click.echo(f"  {copied}")


def _page(notebook: Path | None, folder: Path) -> Path:
    """The notebook to serve: the named one where it lies, else a copy of the explorer in a scratch folder."""
    if notebook is not None:
        if not notebook.is_file():
            raise VolResearchError("notebook.unknown", f"There is no notebook {short_path(notebook)}.")
        return notebook
    name, source = _notebook(_known(Host.load()), EXPLORER)
    workspace.copy_notebooks(folder, [(name, source)])
    return folder / name


def _start_lab(directory: Path, port: int, browser: bool) -> None:
    first = "explore.ipynb" if (directory / "explore.ipynb").is_file() else None
    free = servers.free_port(port)
    servers.run_lab(servers.lab_arguments(directory, port=free, browser=browser, open_first=first))


def _render_briefs(folder: Path) -> Path:
    from volresearch.reports import render_all

    return Path(render_all("core.country_brief", folder))


def _execute(source: Path, target: Path) -> Path:
    from volresearch.widgets.execution import execute

    return execute(source, target)
