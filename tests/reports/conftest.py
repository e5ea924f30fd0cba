"""Tiny reports, written by the tests that need them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest

from volresearch.reports.engine_fork import ForkEngine
from volresearch.reports.engine_nbclient import NbclientEngine
from volresearch.reports.jobs import Engine, Job, Limits, seed_of


@pytest.fixture
def template(tmp_path: Path) -> Callable[..., Path]:
    """Write a template of the given code cells (text starting with "#md " is markdown)."""

    def write(*cells: str, name: str = "template.ipynb") -> Path:
        parameters = nbformat.v4.new_code_cell("word = 'none'", metadata={"tags": ["parameters"]})
        listed = [parameters]
        for source in cells:
            if source.startswith("#md "):
                listed.append(nbformat.v4.new_markdown_cell(source.removeprefix("#md ")))
            else:
                listed.append(nbformat.v4.new_code_cell(source))
        for number, cell in enumerate(listed):
            cell.id = f"cell-{number}"
        path = tmp_path / "report" / name
        path.parent.mkdir(exist_ok=True)
        nbformat.write(nbformat.v4.new_notebook(cells=listed), path)
        return path

    return write


@pytest.fixture
def job(tmp_path: Path) -> Callable[..., Job]:
    """Make a job whose page goes into tmp_path/out."""

    def make(template: Path, name: str, limits: Limits | None = None, **values: Any) -> Job:
        page = {"title": name, "lang": "en", "key": "00ff"}
        target = str(tmp_path / "out" / f"{name}.html")
        return Job(
            name, str(template), target, values, page, limits or Limits(seconds=60), seed=seed_of(7, name)
        )

    return make


def engines() -> Sequence[Any]:
    linux = __import__("sys").platform.startswith("linux")
    fork = pytest.param(
        ForkEngine, id="fork", marks=pytest.mark.skipif(not linux, reason="forks on Linux only")
    )
    return [fork, pytest.param(NbclientEngine, id="nbclient")]


@pytest.fixture(params=engines())
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.param()
    return made
