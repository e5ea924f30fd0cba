"""The project's papers agree with each other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import volresearch

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = sorted(path.parent for path in (ROOT / "plugins").glob("*/pyproject.toml"))
PROJECTS = [
    ROOT,
    *PLUGINS,
    *sorted(path.parent for path in (ROOT / "docs" / "examples").glob("*/pyproject.toml")),
]


def _project(folder: Path) -> dict:
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _requirements(folder: Path) -> list[str]:
    project = _project(folder)
    optional = project.get("optional-dependencies", {}).values()
    return [*project.get("dependencies", []), *(line for group in optional for line in group)]


def test_version__in_pyproject_citation_changelog_and_package__is_one():
    version = _project(ROOT)["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert volresearch.__version__ == version == citation["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_requirements__of_every_project__have_no_upper_pin(folder):
    assert [line for line in _requirements(folder) if re.search(r"<|==|~=", line)] == []


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_papers__of_every_project__are_there(folder):
    for name in ("README.md", "LICENSE", "CITATION.cff", "CHANGELOG.md"):
        assert (folder / name).read_text(encoding="utf-8").strip(), name
    assert _project(folder)["license"] == "BSD-3-Clause"
    assert yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))["cff-version"] == "1.2.0"


def test_constraints__all_lines__are_name_and_version():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9A-Za-z.]*", line)] == []
    names = {re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in pins}
    wanted = {
        re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", line)[0]).lower() for line in _requirements(ROOT)
    }
    assert sorted(wanted - names - {"volresearch"}) == []


def test_plugin_requirements__of_the_checkout__list_every_plugin():
    lines = (ROOT / "plugins" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == [
        f"./plugins/{folder.name}" for folder in PLUGINS
    ]
