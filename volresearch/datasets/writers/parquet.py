"""Parquet with its codebook: a dataset folder, which `open_dataset` opens as the same dataset."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from volresearch.datasets.codebook import Codebook, Variable
from volresearch.datasets.folders import commit, write_tables
from volresearch.declare.model import LANGUAGE_TAG
from volresearch.errors import VolResearchError
from volresearch.text import Text

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset

__all__ = ["write_parquet"]


def write_parquet(dataset: Dataset, folder: Path, *, marked: str = "") -> tuple[str, ...]:
    """Write the tables as Parquet and the YAML that declares them into a folder that is there.

    Parameters
    ----------
    dataset : Dataset
        In memory or lazy: the rows of a lazy one do not pass through memory.
    folder : Path
    marked : str
        What the declaration says under ``extra.personal_data``, such as that these are personal data.

    Returns
    -------
    tuple of str
        What the folder cannot say.

    Raises
    ------
    VolResearchError
        ``tool.missing`` without pyarrow; ``export.failed`` for what Parquet or the declaration has no place for.
    """
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise VolResearchError(
            "tool.missing", "Writing Parquet needs pyarrow.", hint='pip install "volresearch[files]"'
        ) from error
    losses: list[str] = []
    declared = dataset.declaration
    extra = {**declared.extra, "personal_data": marked} if marked else dict(declared.extra)
    try:
        declaration = declared.model_copy(
            update={
                "tables": write_tables(dataset, folder, lambda said: None),
                "codebook": Codebook(variables=tuple(_readable(one, losses) for one in dataset.codebook)),
                "title": _wording(dataset.title) or Text(dataset.id),
                "description": _wording(declared.description),
                "undeclared_codes": "keep",
                "extra": extra,
            }
        )
        commit(dataset, declaration, folder / f"{dataset.id.split('.')[1]}.yaml")
    except VolResearchError as error:
        if error.code != "import.failed":
            raise
        raise VolResearchError(
            "export.failed", error.message, where=error.where, expected=error.expected, hint=error.hint
        ) from error
    return tuple(losses)


def _readable(variable: Variable, losses: list[str]) -> Variable:
    """Return a variable whose texts the strict loader takes: no empty wordings, tags that are tags of languages."""
    bare = [code for code, text in variable.labels.items() if not _wording(text)]
    if bare:
        losses.append(
            f'Codes of "{variable.name}" without words are labelled by the code: {", ".join(bare)}.'
        )
    labels = {code: _wording(text) or Text(code or "empty") for code, text in variable.labels.items()}
    return variable.model_copy(
        update={
            "label": _wording(variable.label),
            "labels": labels,
            "question": _wording(variable.question) or None,
            "note": _wording(variable.note) or None,
        }
    )


def _wording(text: Mapping[str, str] | None) -> Text:
    out: dict[str, str] = {}
    for tag, wording in (text or {}).items():
        if wording.strip():
            out.setdefault(tag if LANGUAGE_TAG.match(tag) else "und", wording)
    return Text(out)
