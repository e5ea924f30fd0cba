"""Parquet with its codebook: a dataset folder, which `open_dataset` opens as the same dataset."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from volresearch.datasets.codebook import Variable
from volresearch.datasets.declaring import loadable, wording_of
from volresearch.datasets.folders import commit, write_tables
from volresearch.errors import VolResearchError

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
    losses = tuple(said for variable in dataset.codebook for said in _bare(variable))
    declared = dataset.declaration
    extra = {**declared.extra, "personal_data": marked} if marked else dict(declared.extra)
    try:
        declaration = loadable(dataset).model_copy(
            update={
                "tables": write_tables(dataset, folder, lambda said: None),
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
    return losses


def _bare(variable: Variable) -> Iterator[str]:
    """Say which codes have no words: a declaration has no place for that."""
    bare = [code for code, text in variable.labels.items() if not wording_of(text)]
    if bare:
        yield f'Codes of "{variable.name}" without words are labelled by the code: {", ".join(bare)}.'
