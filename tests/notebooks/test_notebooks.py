"""Every notebook of the project: fit to be shared, and runs from top to bottom."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nbformat
import pytest

from volresearch.errors import VolResearchError
from volresearch.widgets.execution import execute
from volresearch.widgets.workspace import notebook_faults

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted([*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "plugins").glob("*/*/notebooks/*.ipynb")])


@pytest.fixture(autouse=True)
def checkout_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels run elsewhere; a checkout that is not installed must be found from there."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])))


def test_notebooks__of_the_project__are_there() -> None:
    assert {path.name for path in NOTEBOOKS} >= {"explore.ipynb", "first_steps.ipynb"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook__as_committed__is_fit_to_be_shared(path: Path) -> None:
    assert notebook_faults(path) == []
    nbformat.validate(nbformat.read(path, as_version=4))


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook__in_an_empty_folder__runs_to_its_end(path: Path, tmp_path: Path) -> None:
    source = Path(shutil.copy(path, tmp_path / path.name))
    done = nbformat.read(execute(source, tmp_path / "executed" / path.name), as_version=4)
    assert all(cell.execution_count for cell in done.cells if cell.cell_type == "code" and cell.source)
    assert not any(output.output_type == "error" for cell in done.cells for output in cell.get("outputs", []))


def test_execute__cell_that_fails__names_the_error_and_keeps_what_ran(tmp_path: Path) -> None:
    cells = [nbformat.v4.new_code_cell("print('before')"), nbformat.v4.new_code_cell("1 / 0")]
    source = tmp_path / "bad.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), source)
    with pytest.raises(VolResearchError, match="ZeroDivisionError") as caught:
        execute(source, tmp_path / "out" / "bad.ipynb")
    assert caught.value.code == "report.failed"
    kept = nbformat.read(tmp_path / "out" / "bad.ipynb", as_version=4)
    assert kept.cells[0].outputs[0].text == "before\n"
