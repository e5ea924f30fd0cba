"""Template notebooks: reading them and putting parameter values in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from volresearch.errors import VolResearchError, Where, short_path

__all__ = ["INJECTED", "CellError", "code_cells", "fill", "read"]

#: Tag of the cell that the package adds; it never shows.
INJECTED = "injected-parameters"


class CellError(Exception):
    """A cell raised. ``number`` counts the template's own code cells from 1."""

    def __init__(self, number: int, error: str, details: str = "") -> None:
        self.number = number
        self.error = error
        self.details = details
        super().__init__(f"cell {number}: {error}")


def read(path: str | Path) -> NotebookNode:
    """Read a template notebook.

    Raises
    ------
    VolResearchError
        ``report.template`` if the file is no notebook or has no single cell tagged ``parameters``.
    """
    where = Where(file=short_path(path))
    try:
        notebook: NotebookNode = nbformat.read(str(path), as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, AttributeError, KeyError) as error:
        raise VolResearchError(
            "report.template", f"This is not a notebook: {_first_line(error)}", where=where
        ) from error
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise VolResearchError(
            "report.template",
            f"A template has one cell tagged parameters; this one has {len(tagged)}.",
            where=where,
            hint="In JupyterLab: select the cell, open the property inspector, add the tag.",
        )
    return notebook


def fill(notebook: NotebookNode, values: Mapping[str, Any]) -> NotebookNode:
    """Add a cell with `values` (plain JSON values) after the cell tagged ``parameters``.

    >>> import nbformat.v4 as v4
    >>> cell = v4.new_code_cell("area = 'KHM'", metadata={"tags": ["parameters"]})
    >>> [item.source for item in fill(v4.new_notebook(cells=[cell]), {"area": "PER"}).cells]
    ["area = 'KHM'", "area = 'PER'"]
    """
    source = "\n".join(f"{name} = {value!r}" for name, value in values.items())
    cell = nbformat.v4.new_code_cell(source, id="parameters-filled", metadata={"tags": [INJECTED]})
    place = next(i for i, c in enumerate(notebook.cells) if "parameters" in c.metadata.get("tags", []))
    notebook.cells.insert(place + 1, cell)
    return notebook


def code_cells(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    """Yield the code cells with their number in the template (the injected cell carries its neighbour's)."""
    number = 0
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if INJECTED not in cell.metadata.get("tags", []):
            number += 1
        yield number, cell


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
