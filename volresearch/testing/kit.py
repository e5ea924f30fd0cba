"""The conformance tests that a plugin inherits, and a catalog of its own for each test."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import ClassVar

import pytest

from volresearch.catalog import Catalog
from volresearch.checks import Verdict, check_plugin
from volresearch.checks.declarations import data_catalog
from volresearch.checks.manners import known, probe
from volresearch.checks.subject import locate

__all__ = ["PluginTests", "catalog_of"]


class PluginTests:
    """One test for each rule of ``volresearch plugins check``.

    Attributes
    ----------
    folder : Path or str
        The folder with ``pyproject.toml``, or the name of an installed plugin.
    strict : bool
        True makes warnings errors, a missing translation for instance.

    Examples
    --------
    >>> class TestConformance(PluginTests):
    ...     folder = "core"
    >>> TestConformance().test_manners__importing__disturbs_nobody()
    """

    folder: ClassVar[Path | str] = ""
    strict: ClassVar[bool] = False

    def test_package_data__all__are_complete(self) -> None:
        """V1: licence, README, citation, changelog, maintainer, dependencies."""
        self._holds("V1")

    def test_manners__importing__disturbs_nobody(self) -> None:
        """V2: importing loads nothing heavy, writes nothing, opens no socket, prints nothing."""
        self._holds("V2")

    def test_declarations__all__are_correct(self) -> None:
        """V3: strict YAML, ids, references."""
        self._holds("V3")

    def test_data__all__are_as_declared(self) -> None:
        """V4: sha256, rows, codebook, synthetic data marked, nothing private."""
        self._holds("V4")

    def test_wording__all__is_complete(self) -> None:
        """V5: every promised language, placeholders agree."""
        self._holds("V5")

    def _holds(self, rule: str) -> None:
        found = _verdict(str(self.folder)).of_rule(rule)
        wrong = [item for item in found if self.strict or item.level == "error"]
        if wrong:
            pytest.fail("\n".join(map(str, wrong)), pytrace=False)


def catalog_of(folder: Path | str) -> Catalog:
    """Return a fresh catalog of the core and one plugin, which need not be installed.

    Parameters
    ----------
    folder : Path or str
        The folder with ``pyproject.toml``, or the name of an installed plugin.

    Returns
    -------
    Catalog
        It knows no other plugin, so tests do not depend on what else is installed.

    Examples
    --------
    >>> catalog_of("core").dataset("core.facts").unit
    'published figure'
    """
    subject = locate(folder)
    return data_catalog(known(subject, probe(subject)))


@cache
def _verdict(folder: str) -> Verdict:
    return check_plugin(folder)
