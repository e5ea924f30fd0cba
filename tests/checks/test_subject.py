from __future__ import annotations

from pathlib import Path

import pytest

from volresearch.checks.subject import inside, locate
from volresearch.errors import VolResearchError


def test_locate__folder__reads_name_and_package(kenya):
    subject = locate(kenya.folder)
    assert (subject.name, subject.target, subject.package) == (
        "kenya",
        "volresearch_kenya:plugin",
        kenya.package,
    )


def test_locate__src_layout__finds_the_package(kenya):
    (kenya.folder / "src").mkdir()
    kenya.package.rename(kenya.folder / "src" / "volresearch_kenya")
    assert locate(kenya.folder).package == kenya.folder / "src" / "volresearch_kenya"


def test_locate__core__is_in_the_checkout():
    subject = locate("core")
    assert subject.package.name == "core"
    assert subject.metadata["name"] == "volresearch"


def test_locate__folder_without_pyproject__says_what_to_give(tmp_path):
    with pytest.raises(VolResearchError, match=r"no pyproject\.toml"):
        locate(tmp_path)


def test_locate__two_entry_points__one_is_wanted(kenya):
    entry = 'kenya = "volresearch_kenya:plugin"'
    kenya.replace(kenya.folder / "pyproject.toml", entry, f'{entry}\nother = "x:y"')
    with pytest.raises(VolResearchError, match="one entry point"):
        locate(kenya.folder)


def test_locate__broken_toml__is_named(kenya):
    kenya.replace(kenya.folder / "pyproject.toml", "[project]", "[project")
    with pytest.raises(VolResearchError, match="not valid TOML"):
        locate(kenya.folder)


@pytest.mark.parametrize("module", ["..evil", "volresearch_kenya.../x", "no_such_package"])
def test_locate__package_not_in_the_folder__is_refused(kenya, module):
    kenya.replace(kenya.folder / "pyproject.toml", '"volresearch_kenya:plugin"', f'"{module}:plugin"')
    with pytest.raises(VolResearchError, match="is not there"):
        locate(kenya.folder)


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a/b", True), ("a", True), ("a/../b", False), ("/etc/passwd", False), ("a/b/../../..", False)],
)
def test_inside__paths_with_dots__are_followed(path, expected):
    assert inside(Path(path), Path("a")) is expected
