"""The command line. This module starts in no time: click and the commands are imported when they are used."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["COMMANDS", "LazyGroup", "cli", "environment", "main"]

#: Command -> module, attribute, short help. The help stands here so that ``--help`` imports no command.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "demo": ("volresearch.cli.lab_commands", "demo", "Render the briefs, run the explorer, open the lab."),
    "lab": ("volresearch.cli.lab_commands", "lab", "Copy the notebooks into a folder and open JupyterLab there."),
    "serve": ("volresearch.cli.lab_commands", "serve", "Serve the explorer as a web page on the local network."),
    "datasets": ("volresearch.cli.datasets_commands", "datasets", "List, show, import, check and export datasets."),
    "instruments": ("volresearch.cli.instruments_commands", "instruments", "List, check, compare, import and export questionnaires."),
    "indicators": ("volresearch.cli.catalog_commands", "indicators", "List indicators and show how one is defined."),
    "notebooks": ("volresearch.cli.lab_commands", "notebooks", "List notebooks and copy them out."),
    "reports": ("volresearch.cli.reports_commands", "reports", "List reports and render them for many areas."),
    "plugins": ("volresearch.cli.plugins_commands", "plugins", "List, check and begin plugins."),
    "schema": ("volresearch.cli.schema_commands", "schema", "Print the JSON Schema of a declaration for editors."),
    "doctor": ("volresearch.cli.doctor_commands", "doctor", "Say what is installed, what is missing, what that disables."),
}  # fmt: skip


#: Words that `plugins list` is understood with before click is there.
_FLAGS = {"--json", "--strict", "--verbose", "-v", "--no-plugins"}


def __getattr__(name: str) -> Any:
    if name not in ("LazyGroup", "cli"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from volresearch.cli import group

    return getattr(group, name)


@contextlib.contextmanager
def environment(name: str, value: str) -> Iterator[None]:
    """Set an environment variable for one command: programs that it starts see the same plugins."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line; the console script ``volresearch``.

    Parameters
    ----------
    args : sequence of str, optional
        Words of the command; None takes those of the program.
    """
    words = list(sys.argv[1:] if args is None else args)
    for stream in (sys.stdout, sys.stderr):
        # A Windows console or pipe may not know a script; a replaced letter is better than a crash.
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    plain = [word for word in words if word not in _FLAGS]
    if plain == ["plugins", "list"]:
        _list_plugins(set(words))
    from volresearch.cli.group import cli

    cli.main(args=words, prog_name="volresearch")


def _list_plugins(words: set[str]) -> None:
    """Run `plugins list` without click: it is asked when something is wrong, and half the wait was click's."""
    from volresearch.cli.listing import list_plugins

    only = environment("VOLRESEARCH_PLUGINS", "none") if "--no-plugins" in words else contextlib.nullcontext()
    try:
        with only:
            verbose = bool(words & {"--verbose", "-v"})
            code = list_plugins(as_json="--json" in words, strict="--strict" in words, verbose=verbose)
            sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit("Aborted!")
    except BrokenPipeError:
        # What is left in the buffer would fail again, loudly, when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)
