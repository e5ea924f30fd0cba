from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import volresearch as vr

PACKAGE = Path(vr.__file__).parent


def test_names__public__equal_no_module_or_folder() -> None:
    modules = {path.stem for path in PACKAGE.glob("*.py")} | {
        path.name for path in PACKAGE.iterdir() if path.is_dir()
    }
    assert not modules & set(vr._HOMES)


def test_stub__names_and_modules__equal_those_resolved_at_run_time() -> None:
    tree = ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8"))
    stubbed = {
        alias.asname: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert stubbed == vr._HOMES


@pytest.mark.parametrize("name", sorted(vr._HOMES))
def test_names__each__resolves_to_its_module(name: str) -> None:
    assert getattr(vr, name) is getattr(importlib.import_module(vr._HOMES[name]), name)


@pytest.mark.parametrize("name", sorted(set(vr._HOMES) - {"VolResearchError"}))
def test_names__each__has_a_docstring(name: str) -> None:
    assert (getattr(vr, name).__doc__ or "").strip()


def test_dir__before_use__lists_every_name() -> None:
    assert set(vr._HOMES) <= set(dir(vr))


def test_names__unknown__is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="datset"):
        vr.datset  # noqa: B018


def test_import__fresh_interpreter__loads_nothing_heavy() -> None:
    heavy = "{'pandas', 'numpy', 'pydantic', 'yaml', 'altair', 'IPython'}"
    code = f"import sys, volresearch; dir(volresearch); print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
