"""What ``volresearch plugins list`` prints; needs nothing but the plugin interface."""

from __future__ import annotations

from typing import Any

from volresearch.cli.output import clean, columns, counted, print_json
from volresearch.errors import VolResearchError, near
from volresearch.plugins import KINDS, Host, PluginState

__all__ = ["describe", "list_plugins"]


def list_plugins(
    *, hook: str | None = None, as_json: bool = False, strict: bool = False, verbose: bool = False
) -> int:
    """Print the plugins with their state and return the exit code.

    Parameters
    ----------
    hook : str, optional
        Only what they bring of one kind: ``"datasets"`` or ``"volresearch_datasets"``.
    as_json : bool
        For programs instead of people.
    strict : bool
        Return 1 if any plugin is broken.
    verbose : bool
        Show ids, and the traceback of what is broken.

    Raises
    ------
    VolResearchError
        ``cli.usage`` for an unknown kind.
    """
    kind = _kind(hook) if hook else None
    host = Host.load()
    states = [state for state in host.plugins if kind is None or state.records.get(kind)]
    if as_json:
        print_json([describe(state, kind, verbose) for state in states])
    elif kind:
        rows = [
            [state.name, item.id, item.path or item.target]
            for state in states
            for item in state.records[kind]
        ]
        print(columns(["plugin", "id", "place"], rows))
    else:
        _print_states(states, verbose)
    return int(strict and any(state.status == "broken" for state in host.plugins))


def describe(state: PluginState, kind: str | None = None, verbose: bool = False) -> dict[str, Any]:
    """Return what ``plugins list --json`` prints of one plugin."""
    info = state.info
    shown = {
        "name": state.name,
        "status": state.status,
        "version": state.version,
        "distribution": state.distribution,
        "title": dict(info.title) if info else {},
        "maintainer": info.maintainer if info else "",
        "languages": list(info.languages) if info else [],
        "api": list(info.api) if info else [],
        "records": {
            each: [record.id for record in records]
            for each, records in state.records.items()
            if records and kind in (None, each)
        },
        "cause": state.cause,
        "where": str(state.where),
        "hint": state.hint,
    }
    return {**shown, "trace": state.trace} if verbose else shown


def _kind(hook: str) -> str:
    kind = hook.removeprefix("volresearch_")
    if kind not in KINDS:
        raise VolResearchError("cli.usage", f'There is no kind "{hook}".', hint=near(kind, KINDS))
    return kind


def _print_states(states: list[PluginState], verbose: bool) -> None:
    rows = []
    for state in states:
        brings = counted({kind: len(records) for kind, records in state.records.items()})
        rows.append([state.name, state.status, state.version, state.distribution, brings])
    print(columns(["plugin", "state", "version", "distribution", "brings"], rows))
    for state in states:
        if verbose:
            for kind, records in state.records.items():
                for record in records:
                    print(f"  {kind:<12} {record.id}")
        if state.status == "broken":
            _print_broken(state, verbose)


def _print_broken(state: PluginState, verbose: bool) -> None:
    print(f"\n{clean(state)} is broken: {clean(state.cause)}")
    if str(state.where):
        print(f"  at:   {clean(state.where)}")
    if state.hint:
        print(f"  next: {clean(state.hint)}")
    if verbose and state.trace:
        print("".join(f"  | {clean(line)}\n" for line in state.trace.splitlines()), end="")
