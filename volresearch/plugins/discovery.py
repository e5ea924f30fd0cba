"""Which plugins there are: names and distributions, before anything is imported."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, distributions

from volresearch.plugins.hookspecs import PROJECT

__all__ = ["CORE", "ENVIRONMENT", "NONE", "Candidate", "discover", "selection"]

#: Name of the built-in plugin; always loaded, first.
CORE = "core"

#: Environment variable that selects plugins: names with commas between, or ``none``.
ENVIRONMENT = "VOLRESEARCH_PLUGINS"

#: The word that selects no plugin but the built-in one.
NONE = "none"


@dataclass(frozen=True)
class Candidate:
    """A plugin that could be loaded: its entry point and the distribution that brings it."""

    name: str
    target: str
    distribution: str
    version: str
    fault: str = ""

    def load(self) -> object:
        """Import the module and return the plugin object; whatever goes wrong there is raised."""
        return EntryPoint(self.name, self.target, PROJECT).load()

    def __str__(self) -> str:
        return f"{self.distribution} {self.version}".strip()


def selection(select: Iterable[str] | None) -> frozenset[str] | None:
    """Return the names to load, or None for all of them.

    Parameters
    ----------
    select : iterable of str or None
        Names; None asks the environment variable ``VOLRESEARCH_PLUGINS``.

    Examples
    --------
    >>> sorted(selection(["kenya", " peru "]))
    ['kenya', 'peru']
    >>> selection(["none"])
    frozenset()
    """
    if select is None:
        select = os.environ.get(ENVIRONMENT, "").split(",")
        if not any(name.strip() for name in select):
            return None
    elif isinstance(select, str):
        select = select.split(",")
    return frozenset(name.strip() for name in select if name.strip()) - {NONE, CORE}


def discover(path: list[str] | None = None) -> tuple[Candidate, ...]:
    """Return every entry point of the group ``volresearch``, ordered by name and then by distribution.

    The order does not depend on how folders happen to be listed, so of two plugins with one name it is
    always the same one that is refused.

    Parameters
    ----------
    path : list of str, optional
        Folders to look in instead of ``sys.path``.
    """
    return tuple(
        sorted(_candidates(path), key=lambda item: (item.name, _normal(item.distribution), item.target))
    )


def _candidates(path: list[str] | None) -> Iterator[Candidate]:
    seen: set[str] = set()
    for distribution in distributions() if path is None else distributions(path=path):
        # Most distributions bring no plugin: reading one small file settles it, the metadata stay closed.
        if f"[{PROJECT}]" not in (distribution.read_text("entry_points.txt") or ""):
            continue
        name, version = _identity(distribution)
        if _normal(name) not in seen:  # a second copy further down the path is shadowed, as for import
            seen.add(_normal(name))
            yield from _points(distribution, name, version)


def _points(distribution: Distribution, name: str, version: str) -> Iterator[Candidate]:
    try:
        points = list(distribution.entry_points.select(group=PROJECT))
    except Exception as error:  # noqa: BLE001 - one garbled file must not hide every other plugin
        fault = f"Its entry points cannot be read ({error})."
        yield Candidate(_normal(name).replace("-", "_"), "", name, version, fault)
        return
    for point in points:
        yield Candidate(point.name, point.value, name, version)


def _identity(distribution: Distribution) -> tuple[str, str]:
    try:
        metadata = distribution.metadata
        return str(metadata["Name"] or "unnamed distribution"), str(metadata["Version"] or "")
    except Exception:  # noqa: BLE001 - a distribution without metadata is still listed
        return "unnamed distribution", ""


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
