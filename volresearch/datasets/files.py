"""Reading data files: what is read is what was declared, byte for byte."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.errors import VolResearchError, Where, short_path

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.datasets.declaration import TableDeclaration

__all__ = ["frame_from", "read_verified", "relation_from", "rows_from", "sha256_of"]


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, read piece by piece."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_verified(folder: Path, table: TableDeclaration) -> bytes:
    """Return the bytes of a declared file after comparing their SHA-256 with the declared one.

    Raises
    ------
    VolResearchError
        ``declare.missing_file`` or ``dataset.changed``.
    """
    path = folder / table.path
    try:
        content = path.read_bytes()
    except OSError as error:
        raise VolResearchError(
            "declare.missing_file",
            f"A declared data file cannot be opened: {error.strerror or error}.",
            where=Where(file=short_path(path)),
        ) from error
    _compare(hashlib.sha256(content).hexdigest(), table, path)
    return content


def _compare(found: str, table: TableDeclaration, path: Path) -> None:
    if found != table.sha256:
        raise VolResearchError(
            "dataset.changed",
            "This data file differs from what its declaration says.",
            where=Where(file=short_path(path)),
            expected=f"sha256 {table.sha256}",
            got=f"sha256 {found}",
            hint="Restore the file (reinstall the plugin), or, if the change is yours and right, "
            "write the found sha256 and a new version into the declaration.",
        )


def relation_from(folder: Path, table: TableDeclaration) -> Any:
    """Return a declared Parquet file as a DuckDB relation after comparing its SHA-256; its rows stay on disk.

    Raises
    ------
    VolResearchError
        ``declare.missing_file``, ``dataset.changed``, ``read.format`` for what is no Parquet.
    """
    import duckdb

    path = folder / table.path
    if table.kind != "parquet":
        raise VolResearchError(
            "read.format",
            "Only Parquet files stay on disk.",
            where=Where(file=short_path(path)),
            hint='Open it with engine="pandas".',
        )
    try:
        found = sha256_of(path)
    except OSError as error:
        raise VolResearchError(
            "declare.missing_file",
            f"A declared data file cannot be opened: {error.strerror or error}.",
            where=Where(file=short_path(path)),
        ) from error
    _compare(found, table, path)
    return duckdb.connect(":memory:").read_parquet(str(path))


def rows_from(content: bytes, path: Path) -> list[dict[str, str]]:
    """Read CSV bytes as rows of text; the header gives the keys.

    Raises
    ------
    VolResearchError
        ``dataset.codebook`` for text that is not UTF-8, a doubled column or a row of another length.
    """
    where = short_path(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise VolResearchError(
            "dataset.codebook", "The file is not UTF-8 text.", where=Where(file=where, line=line)
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if len(set(header)) != len(header) or not header:
            raise VolResearchError(
                "dataset.codebook",
                "The header has no columns or names one twice.",
                where=Where(file=where, line=1),
            )
        rows = []
        for cells in reader:
            if len(cells) != len(header):
                said = f"This row has {len(cells)} cells, the header {len(header)}."
                raise VolResearchError(
                    "dataset.codebook", said, where=Where(file=where, line=reader.line_num)
                )
            rows.append(dict(zip(header, cells, strict=True)))
    except csv.Error as error:
        said = f"The CSV cannot be read: {error}."
        raise VolResearchError(
            "dataset.codebook", said, where=Where(file=where, line=reader.line_num)
        ) from error
    return rows


def frame_from(content: bytes, table: TableDeclaration, path: Path) -> pd.DataFrame:
    """Read CSV (all columns as text, empty cells as NA) or Parquet bytes into a frame."""
    import pandas as pd

    if table.kind == "parquet":
        try:
            return pd.read_parquet(io.BytesIO(content))
        except ImportError as error:
            raise VolResearchError(
                "tool.missing",
                "Reading Parquet needs pyarrow.",
                where=Where(file=short_path(path)),
                hint='Install it: pip install "volresearch[files]"',
            ) from error
    try:
        # A row with too many cells would otherwise make its first cells an index, silently.
        frame = pd.read_csv(
            io.BytesIO(content), dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8-sig",
            index_col=False, on_bad_lines="error",
        )  # fmt: skip
    except (ValueError, UnicodeDecodeError) as error:
        raise VolResearchError(
            "dataset.codebook", f"The CSV cannot be read: {error}.", where=Where(file=short_path(path))
        ) from error
    return frame
