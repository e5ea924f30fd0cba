"""More declared of a dataset that has none of it in its file: design, unit, measurement key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from volresearch.datasets.declaration import DatasetDeclaration
from volresearch.datasets.provenance import Step
from volresearch.declare import frozen
from volresearch.errors import VolResearchError, Where, near

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset

__all__ = ["declared"]

_FIXED = {"tables", "codebook", "undeclared_codes"}


def declared(dataset: Dataset, changes: Mapping[str, Any]) -> Dataset:
    """Return a dataset with changed keys of its declaration; see `Dataset.declared`."""
    known = [name for name in DatasetDeclaration.model_fields if name not in _FIXED]
    for name in changes:
        if name not in known:
            raise VolResearchError(
                "declare.invalid", f'"{name}" cannot be declared here.', hint=near(name, known)
            )
    given = {name: getattr(dataset.declaration, name) for name in DatasetDeclaration.model_fields}
    try:
        declaration = DatasetDeclaration(**{**given, **{name: frozen(one) for name, one in changes.items()}})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise VolResearchError(
            "declare.invalid", f"This cannot be declared: {first['msg']}.", where=Where(path=place)
        ) from None
    _refuse_unknown_columns(dataset, declaration)
    step = Step(
        f"declared {', '.join(changes)}",
        "declared",
        details={name: str(one) for name, one in changes.items()},
    )
    return dataset.with_tables(dataset.tables, step, declaration=declaration)


def _refuse_unknown_columns(dataset: Dataset, declaration: DatasetDeclaration) -> None:
    """A design that names a column which is not there is a mistake to tell now, not at the first estimate."""
    design = declaration.design
    columns = [str(name) for name in dataset.frame.columns]
    for role in ("weights", "strata", "psu", "fpc"):
        value = getattr(design, role, None)
        for name in (value,) if isinstance(value, str) else value or ():
            if name not in columns:
                raise VolResearchError(
                    "dataset.variable",
                    f'There is no column "{name}" for {role}.',
                    where=Where(path=f"design.{role}"),
                    hint=near(name, columns),
                )
