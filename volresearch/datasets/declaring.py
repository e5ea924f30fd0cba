"""More declared of a dataset that has none of it in its file: design, unit, key; and declarations that can be written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from volresearch.datasets.codebook import Codebook, Variable
from volresearch.datasets.declaration import DatasetDeclaration
from volresearch.datasets.provenance import Step
from volresearch.declare import frozen
from volresearch.declare.model import LANGUAGE_TAG
from volresearch.errors import VolResearchError, Where, near
from volresearch.text import Text

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset

__all__ = ["declared", "loadable", "wording_of"]

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


def loadable(dataset: Dataset) -> DatasetDeclaration:
    """Return the declaration of a dataset, with its codebook, whose texts the strict loader takes: no empty wordings, tags that are tags of languages.

    A code without words is labelled by the code, a dataset without a title by its id.
    """
    return dataset.declaration.model_copy(
        update={
            "codebook": Codebook(variables=tuple(map(_loadable, dataset.codebook))),
            "title": wording_of(dataset.title) or Text(dataset.id),
            "description": wording_of(dataset.declaration.description),
        }
    )


def wording_of(text: Mapping[str, str] | None) -> Text:
    """Return the wordings of a text that say anything; those under what is no tag of a language have none.

    >>> dict(wording_of({"en": "Hours", "es": " ", "Deutsch (alt)": "Stunden"}))
    {'en': 'Hours', 'und': 'Stunden'}
    """
    out: dict[str, str] = {}
    for tag, wording in (text or {}).items():
        if wording.strip():
            out.setdefault(tag if LANGUAGE_TAG.match(tag) else "und", wording)
    return Text(out)


def _loadable(variable: Variable) -> Variable:
    labels = {code: wording_of(text) or Text(code or "empty") for code, text in variable.labels.items()}
    return variable.model_copy(
        update={
            "label": wording_of(variable.label),
            "labels": labels,
            "question": wording_of(variable.question) or None,
            "note": wording_of(variable.note) or None,
        }
    )


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
