"""What the tests of conventions read: every file of the checkout, found without git."""

from __future__ import annotations

import ast
import os
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_SKIP = {
    ".git", ".venv", "__pycache__", "output", "build", "dist", "_build", "jupyter_execute", ".ipynb_checkpoints",
    ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache", "private",
}  # fmt: skip


@cache
def files_of(folder: Path) -> tuple[Path, ...]:
    """Every file under `folder` that a checkout holds."""
    out: list[Path] = []
    for here, folders, names in os.walk(folder):
        folders[:] = [
            name
            for name in folders
            if name not in _SKIP and not name.endswith(".egg-info") and ".venv" not in name
        ]
        out.extend(Path(here) / name for name in names if name not in _SKIP)
    return tuple(sorted(out))


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def modules() -> tuple[Path, ...]:
    """Every Python file of the package."""
    return tuple(path for path in files_of(ROOT / "volresearch") if path.suffix == ".py")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def sources() -> dict[str, ast.Module]:
    """Path inside the checkout -> syntax tree, of every module of the package."""
    return {path.relative_to(ROOT).as_posix(): tree_of(path) for path in modules()}


@pytest.fixture(scope="session")
def everything() -> tuple[Path, ...]:
    """Every file of the checkout."""
    return files_of(ROOT)
