"""The walls between a plugin and everything else: each turns one kind of fault into one clear cause.

A plugin is examined alone, in a pluggy manager of its own. pluggy's loader stops at the first plugin that
fails to import, a raising hook loses the results of all the others, and a misspelt hook is accepted in
silence; none of that can happen across the walls here.
"""

from __future__ import annotations

import contextlib
import inspect
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pluggy

from volresearch.errors import VolResearchError, Where, near, short_path
from volresearch.plugins import hookspecs
from volresearch.plugins.discovery import NONE, Candidate
from volresearch.plugins.hookspecs import PROJECT
from volresearch.plugins.records import API, KINDS, PluginInfo, Record

__all__ = ["HOOKS", "NAME", "broken", "examine", "import_plugin", "kind_of"]

#: Hook name -> kind of record that it returns.
HOOKS: dict[str, str] = {f"{PROJECT}_{kind}": kind for kind in KINDS}

#: What a plugin's name looks like; it begins every id and is the name of a folder.
NAME = re.compile(r"[a-z][a-z0-9_]*")

_LOCAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_TARGET = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


def broken(message: str, hint: str = "", where: Where | None = None) -> VolResearchError:
    """Make the error that marks one plugin as broken."""
    return VolResearchError("plugin.broken", message, hint=hint, where=where)


def import_plugin(candidate: Candidate) -> object:
    """Import a plugin and return its object.

    What the plugin prints while it is imported goes to standard error, so that ``--json`` stays JSON.

    Raises
    ------
    VolResearchError
        ``plugin.broken``, whatever the plugin raises, the end of the program included.
    """
    if candidate.fault:
        raise broken(candidate.fault)
    if not NAME.fullmatch(candidate.name) or candidate.name == NONE:
        raise broken(
            f'"{candidate.name}" is no name for a plugin.', "Use lower-case letters, digits and underscores."
        )
    try:
        with contextlib.redirect_stdout(sys.stderr):
            return candidate.load()
    except KeyboardInterrupt:
        raise
    except ModuleNotFoundError as error:
        raise _module_missing(candidate, error) from error
    except SystemExit as error:
        raise broken(
            f"It ends the program when it is imported (SystemExit: {error.code}).", where=_place(error)
        ) from error
    except BaseException as error:
        raise broken(f"It cannot be imported: {_words(error)}", where=_place(error)) from error


def examine(
    name: str, plugin: object, owners: Mapping[str, str] | None = None
) -> tuple[PluginInfo, dict[str, tuple[Record, ...]]]:
    """Ask an imported plugin who it is and what it brings.

    Parameters
    ----------
    name : str
        Name of the entry point.
    plugin : object
        Module or object with hook implementations.
    owners : mapping, optional
        Names of all plugins to their distributions, to name the owner of a foreign id.

    Returns
    -------
    tuple of PluginInfo and dict
        The dict maps each kind to its records.

    Raises
    ------
    VolResearchError
        ``plugin.broken`` with the cause.
    """
    with contextlib.redirect_stdout(sys.stderr):
        manager = _register(name, plugin)
        info = _info(name, manager, plugin)
        _check_hooks(manager, plugin)
        records = {kind: _records(manager, hook, kind) for hook, kind in HOOKS.items()}
    for kind, many in records.items():
        _check_ids(name, kind, many, owners or {})
        for record in many:
            _check_place(record)
    return info, records


def kind_of(record: Record) -> str:
    """Return the kind of a record.

    >>> from volresearch.plugins import DatasetRecord
    >>> kind_of(DatasetRecord("kenya.facts"))
    'datasets'
    """
    return next(kind for kind, cls in KINDS.items() if isinstance(record, cls))


def _register(name: str, plugin: object) -> pluggy.PluginManager:
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(plugin, name)
    except pluggy.PluginValidationError as error:
        definition = re.search(r"hookimpl definition: (.*)", str(error))
        shown = f": {definition[1]}" if definition else ""
        raise broken(f"One of its hooks takes arguments{shown}.", "Hooks take none.") from error
    except Exception as error:
        raise broken(f"It cannot be registered: {_words(error)}", where=_place(error)) from error
    return manager


def _info(name: str, manager: pluggy.PluginManager, plugin: object) -> PluginInfo:
    if not manager.hook.volresearch_plugin.get_hookimpls():
        _check_hooks(manager, plugin)
        raise broken('It does not say who it is: the hook "volresearch_plugin" is missing.')
    answers = _call(manager, "volresearch_plugin")
    if len(answers) != 1 or not isinstance(answers[0], PluginInfo):
        got = type(answers[0]).__name__ if answers else "nothing"
        raise broken(f'Its hook "volresearch_plugin" returned {got}, not a PluginInfo.')
    info: PluginInfo = answers[0]
    _check_api(info)
    if info.name != name:
        raise broken(
            f'It calls itself "{info.name}", but its entry point is named "{name}".', "Give both one name."
        )
    return info


def _check_api(info: PluginInfo) -> None:
    if len(info.api) != 2 or not all(isinstance(part, int) for part in info.api):
        raise broken(f"Its interface version is {info.api!r}, not two numbers such as (0, 1).")
    wanted, offered = (".".join(map(str, version)) for version in (info.api, API))
    if info.api[0] != API[0] or info.api[1] > API[1]:
        newer = "Upgrade volresearch." if info.api > API else "Ask its maintainer for a newer version."
        raise broken(
            f"It is written for version {wanted} of the plugin interface; this is version {offered}.", newer
        )


def _check_hooks(manager: pluggy.PluginManager, plugin: object) -> None:
    known = [*HOOKS, "volresearch_plugin"]
    for caller in manager.get_hookcallers(plugin) or ():
        strict = [impl for impl in caller.get_hookimpls() if not impl.optionalhook]
        if strict and not caller.has_spec():
            raise broken(f'There is no hook "{caller.name}".', near(caller.name, known, limit=1))
    for name in dir(plugin):
        thing = getattr(plugin, name, None)
        marked = hasattr(thing, f"{PROJECT}_impl") or hasattr(thing, f"{PROJECT}_spec")
        if name.startswith(f"{PROJECT}_") and inspect.isroutine(thing) and not marked:
            raise broken(f'"{name}" looks like a hook but is not marked as one.', "Put @hookimpl above it.")


def _call(manager: pluggy.PluginManager, hook: str) -> list[object]:
    try:
        answers: list[object] = getattr(manager.hook, hook)()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise broken(f'Its hook "{hook}" failed: {_words(error)}', where=_place(error)) from error
    return answers


def _records(manager: pluggy.PluginManager, hook: str, kind: str) -> tuple[Record, ...]:
    if not getattr(manager.hook, hook).get_hookimpls():
        return ()
    answers = _call(manager, hook)
    if not answers:
        raise broken(
            f'Its hook "{hook}" returned None.', "Return a list; an empty one where there is nothing."
        )
    (answer,) = answers
    wanted = KINDS[kind]
    if not isinstance(answer, Iterable) or isinstance(answer, (str, bytes, Mapping)):
        raise broken(f'Its hook "{hook}" returned {type(answer).__name__}, not a list of {wanted.__name__}.')
    try:
        many = tuple(answer)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise broken(f'Its hook "{hook}" failed: {_words(error)}', where=_place(error)) from error
    for item in many:
        if not isinstance(item, wanted):
            raise broken(f'Its hook "{hook}" gave {type(item).__name__}, not {wanted.__name__}.')
    return many


def _check_ids(name: str, kind: str, records: Iterable[Record], owners: Mapping[str, str]) -> None:
    seen: dict[str, Record] = {}
    for record in records:
        if not isinstance(record.id, str):
            raise broken(f"One of its {kind} has the id {record.id!r}, which is no text.")
        space, _, local = record.id.partition(".")
        if space != name:
            owner = f', which belongs to the plugin "{space}" ({owners[space]})' if space in owners else ""
            raise broken(
                f'It gives the foreign id "{record.id}"{owner}.', f'Ids of "{name}" begin with "{name}.".'
            )
        if not _LOCAL.fullmatch(local):
            raise broken(
                f'"{record.id}" is no id.', "After the point: letters, digits, underscores and hyphens."
            )
        if record.id in seen:
            first = seen[record.id]
            raise broken(
                f'Two of its {kind} have the id "{record.id}": {_shown(first)} and {_shown(record)}.',
                "Rename one.",
            )
        seen[record.id] = record


def _check_place(record: Record) -> None:
    if (record.path is None) == (record.target is None):
        raise broken(f'"{record.id}" needs a path or a target, and only one of them.')
    if record.target is not None and not (
        isinstance(record.target, str) and _TARGET.fullmatch(record.target)
    ):
        raise broken(f'The target of "{record.id}" is "{record.target}", not "module:function".')
    if record.path is None:
        return
    if not isinstance(record.path, Path):
        raise broken(f'The path of "{record.id}" is {type(record.path).__name__}, not a Path.')
    there = record.path.is_dir() if kind_of(record) == "reports" else record.path.is_file()
    if not there:
        raise broken(f'The file of "{record.id}" is missing: {short_path(record.path)}.')


def _shown(record: Record) -> str:
    return short_path(record.path) if record.path is not None else str(record.target)


def _module_missing(candidate: Candidate, error: ModuleNotFoundError) -> VolResearchError:
    own = candidate.target.partition(":")[0]
    if error.name and (own == error.name or own.startswith(f"{error.name}.")):
        return broken(f'Its module "{error.name}" is not there.', "Install it again, or uninstall it.")
    if (error.name or "").partition(".")[0] == PROJECT:
        return broken(f'It uses "{error.name}", which this volresearch does not have.', where=_place(error))
    hint = f"Install it again, with what it needs: python -m pip install {candidate.distribution}"
    return broken(
        f'It needs the module "{error.name or error}", which is not installed.', hint, _place(error)
    )


def _words(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _place(error: BaseException) -> Where:
    """Return file and line where the plugin failed: the innermost frame that is not import machinery."""
    import traceback  # here, because most starts have nothing broken to tell

    if isinstance(error, SyntaxError) and error.filename:
        return Where(file=short_path(error.filename), line=error.lineno)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if "importlib" not in frame.filename and path.parent != Path(__file__).parent:
            return Where(file=short_path(path), line=frame.lineno)
    return Where()
