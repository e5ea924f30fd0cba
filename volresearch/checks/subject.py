"""What is checked: an installed plugin by its name, or a folder that nobody has to trust.

Nothing of the plugin is imported here. A folder is only read, and never followed outside itself.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from volresearch.errors import VolResearchError, Where, near, short_path
from volresearch.plugins import PluginInfo, Record
from volresearch.plugins.discovery import CORE, discover
from volresearch.plugins.walls import NAME

__all__ = ["Subject", "inside", "locate"]


@dataclass(frozen=True)
class Subject:
    """A plugin under check.

    ``package`` is the folder of its Python package, ``project`` that of its ``pyproject.toml`` where there
    is one, ``target`` its entry point (``module:attribute``), ``metadata`` the table ``[project]``.
    ``info`` and ``records`` are known after the probe.
    """

    name: str
    target: str
    package: Path
    project: Path | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    info: PluginInfo | None = None
    records: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The folder that nothing of the plugin may leave."""
        return self.project or self.package

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the plugin promises."""
        return self.info.languages if self.info else ()


def locate(name_or_folder: str | Path) -> Subject:
    """Find the plugin to be checked, without importing it.

    Parameters
    ----------
    name_or_folder : str or Path
        A folder with ``pyproject.toml``, or the name of an installed plugin.

    Raises
    ------
    VolResearchError
        ``plugin.unknown``, or ``plugin.broken`` where the folder does not declare one plugin.
    """
    for folder in (Path(name_or_folder), Path("plugins") / name_or_folder):
        if (folder / "pyproject.toml").is_file():
            return _from_folder(folder)
    if Path(name_or_folder).is_dir():
        raise VolResearchError(
            "plugin.broken",
            "This folder has no pyproject.toml.",
            where=Where(file=short_path(name_or_folder)),
            hint="Give the folder that a plugin's pyproject.toml lies in.",
        )
    if isinstance(name_or_folder, Path) or not NAME.fullmatch(name_or_folder):
        said = f"There is no folder {Path(name_or_folder).as_posix()} with a pyproject.toml."
        raise VolResearchError("plugin.unknown", said, hint="A plugin is checked by its name or its folder.")
    return _from_installed(name_or_folder)


def inside(path: Path, root: Path) -> bool:
    """Say whether `path` stays below `root` when every symbolic link and ``..`` is followed.

    >>> inside(Path("a/../../b"), Path("a"))
    False
    """
    return path.resolve().is_relative_to(root.resolve())


def _from_folder(folder: Path) -> Subject:
    where = Where(file=short_path(folder / "pyproject.toml"))
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8")).get("project", {})
        points = project.get("entry-points", {}).get("volresearch", {})
        ((name, target),) = points.items()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise VolResearchError("plugin.broken", f"It is not valid TOML: {failure}.", where=where) from failure
    except (AttributeError, ValueError):
        raise VolResearchError(
            "plugin.broken",
            "The project must declare one entry point of the group volresearch.",
            where=where,
            hint='[project.entry-points.volresearch] kenya = "volresearch_kenya:plugin"',
        ) from None
    module = str(target).partition(":")[0]
    package = _package(folder, module)
    if package is None:
        hint = "Put the package beside pyproject.toml, or under src/."
        raise VolResearchError(
            "plugin.broken", f'The package "{module}" is not there.', where=where, hint=hint
        )
    return Subject(str(name), str(target), package, folder, project)


def _package(folder: Path, module: str) -> Path | None:
    parts = module.split(".")
    for base in (folder, folder / "src"):
        package = base.joinpath(*parts)
        if (
            all(part.isidentifier() for part in parts)
            and (package / "__init__.py").is_file()
            and inside(package, folder)
        ):
            return package
    return None


def _from_installed(name: str) -> Subject:
    candidates = {item.name: item for item in reversed(discover())}
    if name == CORE:
        target, brought_by = "volresearch.core:plugin", "volresearch"
    elif name in candidates:
        target, brought_by = candidates[name].target, candidates[name].distribution
    else:
        hint = f"{near(name, [CORE, *candidates])} A folder is checked by its path."
        raise VolResearchError("plugin.unknown", f'There is no plugin "{name}".', hint=hint)
    module = target.partition(":")[0]
    spec = find_spec(module.partition(".")[0])
    places = list(spec.submodule_search_locations or []) if spec else []
    if not places:
        raise VolResearchError(
            "plugin.broken", f'The package "{module}" is not there.', hint="Install it again."
        )
    package = Path(places[0], *module.split(".")[1:])
    project = _checkout(Path(places[0]), brought_by)
    if project is not None:
        return Subject(name, target, package, project, _project_table(project))
    return Subject(name, target, package, None, _installed_metadata(brought_by))


def _checkout(package: Path, distribution_name: str) -> Path | None:
    """Return the folder of pyproject.toml for a plugin that is installed from its sources."""
    for folder in (package.parent, package.parent.parent):
        if _normal(_project_table(folder).get("name", "")) == _normal(distribution_name):
            return folder
    return None


def _normal(name: object) -> str:
    return re.sub(r"[-_.]+", "-", str(name)).lower()


def _project_table(folder: Path) -> dict[str, Any]:
    try:
        text = (folder / "pyproject.toml").read_text(encoding="utf-8")
        table: dict[str, Any] = tomllib.loads(text).get("project", {})
    except (OSError, ValueError):
        return {}
    return table


def _installed_metadata(name: str) -> dict[str, Any]:
    try:
        found: Distribution = distribution(name)
    except PackageNotFoundError:
        return {}
    core = found.metadata
    said = {key: core[key] for key in core}
    names = ("Maintainer", "Maintainer-email", "Author", "Author-email")
    people = next((said[key] for key in names if said.get(key)), "")
    return {
        "name": said.get("Name", ""),
        "version": said.get("Version", ""),
        "license": said.get("License-Expression") or said.get("License") or "",
        "maintainers": [{"name": people}] if people else [],
        "dependencies": [item for item in found.requires or [] if "extra ==" not in item],
        "requires-python": said.get("Requires-Python", ""),
        "readme": said.get("Description") or core.json.get("description", ""),
    }
