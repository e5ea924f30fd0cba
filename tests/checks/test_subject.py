from __future__ import annotations

import sys
from pathlib import Path

import pytest

from volresearch.checks import check_plugin
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


@pytest.mark.parametrize("folder", ["./kenya", "no/such/folder", "Kenya"])
def test_locate__no_such_folder__says_so(tmp_path, monkeypatch, folder):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(VolResearchError, match="There is no folder"):
        locate(folder)


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


METADATA = """Metadata-Version: 2.4
Name: volresearch-kenya
Version: 0.1.0
License-Expression: BSD-3-Clause
Maintainer: The makers of kenya
Requires-Python: >=3.11
Requires-Dist: volresearch>=0.1
Requires-Dist: pytest<9; extra == "test"
"""


def install(kenya, site, monkeypatch, metadata):
    """Lay the package and its metadata as an installed wheel does, without its sources."""
    info = site / "volresearch_kenya-0.1.0.dist-info"
    info.mkdir(parents=True)
    readme = (kenya.folder / "README.md").read_text(encoding="utf-8")
    (info / "METADATA").write_text(f"{metadata}\n{readme}", encoding="utf-8")
    (info / "entry_points.txt").write_text(
        "[volresearch]\nkenya = volresearch_kenya:plugin\n", encoding="utf-8"
    )
    kenya.package.rename(site / "volresearch_kenya")
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])


def test_locate__installed_wheel__passes_by_its_metadata(kenya, tmp_path, monkeypatch):
    install(kenya, tmp_path / "site", monkeypatch, METADATA)
    verdict = check_plugin("kenya")
    assert verdict.subject.project is None
    assert [str(item) for item in verdict.findings] == []


def test_locate__installed_wheel_without_licence_and_with_a_pin__is_told(kenya, tmp_path, monkeypatch):
    metadata = METADATA.replace("License-Expression: BSD-3-Clause\n", "").replace(">=0.1", "==0.1")
    install(kenya, tmp_path / "site", monkeypatch, metadata)
    told = "\n".join(item.message for item in check_plugin("kenya").of_rule("V1"))
    assert "names no licence" in told
    assert '"volresearch==0.1" has an upper pin' in told


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a/b", True), ("a", True), ("a/../b", False), ("/etc/passwd", False), ("a/b/../../..", False)],
)
def test_inside__paths_with_dots__are_followed(path, expected):
    assert inside(Path(path), Path("a")) is expected
