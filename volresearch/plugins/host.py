"""The host: loads every plugin behind its own wall and hands out their records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from volresearch.errors import VolResearchError, Where, near
from volresearch.plugins.discovery import CORE, Candidate, discover, selection
from volresearch.plugins.records import KINDS, PluginInfo, Record
from volresearch.plugins.walls import broken, examine, import_plugin

__all__ = ["Host", "PluginState"]

_CORE = Candidate(CORE, "volresearch.core:plugin", "volresearch", "")


@dataclass(frozen=True, eq=False)
class PluginState:
    """What became of one plugin.

    ``status`` is ``"ok"``, ``"broken"`` (see ``cause``, ``hint``, ``where``, and ``trace`` for its
    maintainer) or ``"off"`` (not selected, and therefore not imported).
    """

    name: str
    status: str
    distribution: str = ""
    version: str = ""
    info: PluginInfo | None = None
    records: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    cause: str = ""
    hint: str = ""
    where: Where = field(default_factory=Where)
    trace: str = ""

    def __str__(self) -> str:
        origin = f"{self.distribution} {self.version}".strip()
        return f"{self.name} ({origin})" if origin else self.name


class Host:
    """All plugins of one environment, with what they bring. An object: two hosts do not know each other.

    Parameters
    ----------
    states : iterable of PluginState
        Normally from `Host.load`.

    Examples
    --------
    >>> host = Host.load(select=[])
    >>> [(state.name, state.status) for state in host.plugins if state.status == "ok"]
    [('core', 'ok')]
    """

    def __init__(self, states: Iterable[PluginState]) -> None:
        self._plugins = tuple(states)
        self._owners = {
            record: state
            for state in self._plugins
            for records in state.records.values()
            for record in records
        }

    @classmethod
    def load(cls, select: Iterable[str] | None = None, *, path: list[str] | None = None) -> Host:
        """Load the built-in plugin and every selected one; what is broken is listed, never raised.

        Parameters
        ----------
        select : iterable of str, optional
            Names of plugins; an empty one loads the built-in plugin alone. None asks the environment
            variable ``VOLRESEARCH_PLUGINS`` (``a,b``, or ``none``), and loads all where it is not set.
            What is not selected is not imported.
        path : list of str, optional
            Folders to look for distributions in, instead of ``sys.path``.

        Returns
        -------
        Host
        """
        wanted = selection(select)
        candidates = (_builtin(), *discover(path))
        owners = {item.name: str(item) for item in reversed(candidates)}
        loaded: dict[str, Candidate] = {}
        states = [_open(item, wanted, loaded, owners) for item in candidates]
        states += [_absent(name, owners) for name in sorted((wanted or frozenset()) - set(owners))]
        return cls(states)

    @classmethod
    def of(cls, plugins: Mapping[str, object], *, core: bool = False) -> Host:
        """Make a host of plugin objects in hand, installed or not: for tests and checks.

        Parameters
        ----------
        plugins : mapping of str to object
            Name to plugin.
        core : bool
            Whether the built-in plugin comes first.

        Examples
        --------
        >>> from volresearch.plugins import FolderPlugin
        >>> Host.of({"kenya": FolderPlugin("kenya", root="no-such-folder")}).plugin("kenya").status
        'ok'
        """
        owners = dict.fromkeys((CORE, *plugins), "")
        states = [_open(_builtin(), None, {}, owners)] if core else []
        for name, plugin in plugins.items():
            candidate = Candidate(name, "", "", "")
            states.append(_walled(candidate, partial(_given, plugin), owners))
        return cls(states)

    @property
    def plugins(self) -> tuple[PluginState, ...]:
        """Every plugin found: the built-in one first, the others by name."""
        return self._plugins

    def records(self, kind: str) -> tuple[Record, ...]:
        """Return the records of one kind of all working plugins, the built-in ones first.

        Parameters
        ----------
        kind : str
            ``"datasets"``, ``"instruments"``, ``"crosswalks"``, ``"indicators"``, ``"notebooks"``,
            ``"reports"`` or ``"policies"``.
        """
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no kind of record: {', '.join(KINDS)}")
        return tuple(record for state in self._plugins for record in state.records.get(kind, ()))

    def plugin_of(self, record: Record) -> PluginState:
        """Return the plugin that brought `record`."""
        return self._owners[record]

    def plugin(self, name: str) -> PluginState:
        """Return the plugin called `name`; of twins, the one that works.

        Raises
        ------
        VolResearchError
            ``plugin.unknown``.
        """
        named = sorted(
            (state for state in self._plugins if state.name == name), key=lambda state: state.status != "ok"
        )
        if not named:
            hint = near(name, (state.name for state in self._plugins))
            raise VolResearchError("plugin.unknown", f'There is no plugin "{name}".', hint=hint)
        return named[0]

    def __repr__(self) -> str:
        counts = Counter(state.status for state in self._plugins)
        return f"<Host: {', '.join(f'{number} {status}' for status, number in counts.items())}>"


def _builtin() -> Candidate:
    import volresearch

    return replace(_CORE, version=volresearch.__version__)


def _open(
    candidate: Candidate,
    wanted: frozenset[str] | None,
    loaded: dict[str, Candidate],
    owners: Mapping[str, str],
) -> PluginState:
    name = candidate.name
    if wanted is not None and name not in wanted | {CORE}:
        return PluginState(name, "off", candidate.distribution, candidate.version)
    first = loaded.setdefault(name, candidate)
    if first is not candidate:
        return _failed(candidate, _twin(candidate, first))
    return _walled(candidate, import_plugin, owners)


def _given(plugin: object, _: Candidate) -> object:
    return plugin


def _walled(
    candidate: Candidate, load: Callable[[Candidate], object], owners: Mapping[str, str]
) -> PluginState:
    try:
        info, records = examine(candidate.name, load(candidate), owners)
    except VolResearchError as error:
        return _failed(candidate, error)
    except Exception as error:  # noqa: BLE001 - no oddity of a plugin object may reach the others
        fault = broken(f"It cannot be examined: {type(error).__name__}: {error}")
        fault.__cause__ = error
        return _failed(candidate, fault)
    info = replace(info, version=info.version or candidate.version)
    return PluginState(
        candidate.name, "ok", candidate.distribution, candidate.version or info.version, info, records
    )


def _failed(candidate: Candidate, error: VolResearchError) -> PluginState:
    import traceback  # here, because most starts have nothing broken to tell

    trace = "".join(traceback.format_exception(error.__cause__)) if error.__cause__ else ""
    return PluginState(
        candidate.name,
        "broken",
        candidate.distribution,
        candidate.version,
        cause=error.message,
        hint=error.hint,
        where=error.where,
        trace=trace,
    )


def _twin(candidate: Candidate, first: Candidate) -> VolResearchError:
    return broken(
        f'Two distributions bring a plugin "{candidate.name}": {first} and {candidate}. The first one counts.',
        f"Uninstall one of them: python -m pip uninstall {candidate.distribution}",
    )


def _absent(name: str, known: Iterable[str]) -> PluginState:
    return PluginState(name, "broken", cause="It is selected, but not installed.", hint=near(name, known))
