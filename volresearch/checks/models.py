"""Which model reads which kind of declaration."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from volresearch.declare import Declared

__all__ = ["DECLARED", "model_of"]

#: Kind of record -> module and name of the model of its YAML. Other kinds are read strictly, without a model.
DECLARED: dict[str, str] = {
    "datasets": "volresearch.datasets:DatasetDeclaration",
    "indicators": "volresearch.indicators:Indicator",
    "reports": "volresearch.reports.declaration:ReportDeclaration",
}


def model_of(kind: str) -> type[Declared] | None:
    """Return the model of a kind of declaration, or None where there is none.

    >>> model_of("datasets").__name__
    'DatasetDeclaration'
    """
    if kind not in DECLARED:
        return None
    module, _, name = DECLARED[kind].partition(":")
    model: type[Declared] = getattr(importlib.import_module(module), name)
    return model
