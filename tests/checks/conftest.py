"""A plugin that passes every check, made anew for each test, to be broken in one place."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from volresearch.checks import check_plugin
from volresearch.cli.scaffold import write_plugin


class Plugin:
    """A written plugin and short ways to change it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = folder / "volresearch_kenya"
        self.declaration = self.package / "datasets" / "example_facts.yaml"
        self.files = self.package / "datasets" / "files"

    def replace(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path.name}"
        path.write_bytes(text.replace(old, new).encode())

    def in_table(self, name: str, old: str, new: str) -> None:
        """Change a data file and declare its new hash: an honest change."""
        path = self.files / f"{name}.csv"
        before = hashlib.sha256(path.read_bytes()).hexdigest()
        self.replace(path, old, new)
        self.replace(self.declaration, before, hashlib.sha256(path.read_bytes()).hexdigest())

    def code(self, *lines: str) -> None:
        """Put lines at the top of the package's ``__init__``."""
        path = self.package / "__init__.py"
        path.write_text("\n".join(lines) + "\n" + path.read_text(encoding="utf-8"), encoding="utf-8")

    def told(self, rule: str, *, run: bool = False, level: str = "error") -> str:
        """Return everything that one rule says, and see that it says anything."""
        found = [
            str(item) for item in check_plugin(self.folder, run=run).of_rule(rule) if item.level == level
        ]
        assert found, f"{rule} found no {level}"
        return "\n".join(found)


@pytest.fixture
def kenya(tmp_path) -> Plugin:
    return Plugin(write_plugin("kenya", ["en"], folder=tmp_path, title="Volunteering in Kenya"))
