from __future__ import annotations

import pytest

from volresearch.checks import check_plugin


@pytest.mark.parametrize("name", ["LICENSE", "README.md", "CITATION.cff", "CHANGELOG.md"])
def test_package__file_missing__is_named(kenya, name):
    (kenya.folder / name).unlink()
    assert f"There is no {name}." in kenya.told("V1")


@pytest.mark.parametrize("name", ["LICENSE", "README.md"])
def test_package__file_nearly_empty__is_named(kenya, name):
    (kenya.folder / name).write_text("TODO\n", encoding="utf-8")
    assert f"{name} is nearly empty" in kenya.told("V1")


def test_package__no_licence__is_named(kenya):
    kenya.replace(kenya.folder / "pyproject.toml", 'license = "BSD-3-Clause"\n', "")
    assert "names no licence" in kenya.told("V1")


def test_package__no_maintainer__is_named_in_both_places(kenya):
    kenya.replace(kenya.folder / "pyproject.toml", 'maintainers = [{ name = "The makers of kenya" }]\n', "")
    kenya.replace(kenya.package / "__init__.py", '    maintainer="The makers of kenya",\n', "")
    told = kenya.told("V1", run=True)
    assert "The project names no maintainer" in told
    assert "The plugin object names no maintainer" in told


@pytest.mark.parametrize(
    "requirement",
    [
        "pandas<4",
        "pandas>=2,<4",
        "pandas==3.0",
        "pandas~=3.0",
        "pandas===3",
        "pandas<=3 ; python_version > '3'",
    ],
)
def test_package__upper_pin__is_refused(kenya, requirement):
    kenya.replace(
        kenya.folder / "pyproject.toml", '["volresearch>=0.1"]', f'["volresearch>=0.1", "{requirement}"]'
    )
    assert f'"{requirement}" has an upper pin' in kenya.told("V1")


@pytest.mark.parametrize(
    "requirement",
    ["pandas>=2", "pandas", "pandas!=2.1", "pandas[excel]>=2", "pandas>=2; python_version < '3.13'"],
)
def test_package__lower_bound__is_fine(kenya, requirement):
    kenya.replace(
        kenya.folder / "pyproject.toml", '["volresearch>=0.1"]', f'["volresearch>=0.1", "{requirement}"]'
    )
    assert check_plugin(kenya.folder, run=False).of_rule("V1") == ()


def test_package__python_with_upper_pin__is_refused(kenya):
    kenya.replace(kenya.folder / "pyproject.toml", '">=3.11"', '">=3.11,<4"')
    assert "requires-python" in kenya.told("V1")


def test_package__address_instead_of_version__is_refused(kenya):
    kenya.replace(kenya.folder / "pyproject.toml", "volresearch>=0.1", "volresearch @ file:///tmp/x")
    assert "bound to an address" in kenya.told("V1")


def test_package__does_not_depend_on_volresearch__is_named(kenya):
    kenya.replace(kenya.folder / "pyproject.toml", '"volresearch>=0.1"', '"pandas"')
    assert "does not depend on" in kenya.told("V1")


def test_package__citation_is_broken_yaml__file_and_line(kenya):
    kenya.replace(kenya.folder / "CITATION.cff", "type: dataset", "type: [dataset")
    assert "CITATION.cff:" in kenya.told("V1")


def test_package__citation_without_authors__is_named(kenya):
    kenya.replace(kenya.folder / "CITATION.cff", "authors:", "people:")
    assert "lacks: authors" in kenya.told("V1")


def test_package__version_not_in_the_changelog__is_a_warning(kenya):
    kenya.replace(kenya.folder / "pyproject.toml", 'version = "0.1.0"', 'version = "0.2.0"')
    told = kenya.told("V1", level="warning")
    assert "changelog does not mention version 0.2.0" in told
    assert "CITATION.cff speaks of version 0.1.0" in told


def test_package__link_out_of_the_folder__is_refused(kenya, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("not yours", encoding="utf-8")
    try:
        (kenya.package / "datasets" / "notes.txt").symlink_to(secret)
    except OSError:
        pytest.skip("this system lets nobody make symbolic links")
    assert "symbolic link leads out" in kenya.told("V1")
