"""Opens a dataset by its YAML: the files are what was declared, byte for byte, and so are the types."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.columns import names_of, rows_in
from volresearch.datasets.declaration import DatasetDeclaration
from volresearch.datasets.files import frame_from, read_verified, relation_from
from volresearch.datasets.folders import told_of
from volresearch.datasets.provenance import Step
from volresearch.datasets.typed import typed_tables
from volresearch.declare import read
from volresearch.errors import VolResearchError, Where, near, short_path

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset

__all__ = ["combined_sha256", "declared_in", "imported_in", "main_of", "open_dataset"]

ENGINES = ("pandas", "duckdb")


def open_dataset(path: str | Path, *, engine: str = "pandas") -> Dataset:
    """Open a dataset by the path of its YAML, or of its folder; every file is compared with its declared SHA-256 first.

    Parameters
    ----------
    path : path
        The YAML that declares it, or a folder with one.
    engine : str
        ``pandas``, or ``duckdb``: the rows of Parquet files stay on disk, and `Dataset.frame` is a lazy frame.

    Returns
    -------
    Dataset

    Raises
    ------
    VolResearchError
        ``declare.*`` for faults of the YAML, ``dataset.changed`` for a file that differs from its hash,
        ``dataset.codebook`` (when the frame is first used) for data that differ from the codebook.
    """
    from volresearch.datasets.dataset import Dataset

    path = declared_in(Path(path))
    if engine not in ENGINES:
        raise VolResearchError("read.option", f'There is no engine "{engine}".', hint=near(engine, ENGINES))
    declaration = read(DatasetDeclaration, path)
    line = Step(f"opened {declaration.id} {declaration.version}", "opened")
    tables = _lazy_tables if engine == "duckdb" else _tables
    steps, notes, aside = told_of(declaration, path)
    return Dataset(
        declaration,
        tables(declaration, path),
        sha256=combined_sha256(declaration),
        provenance=(*steps, line),
        notes=notes,
        set_aside=aside,
    )


def declared_in(path: Path) -> Path:
    """Return the YAML of a dataset folder, or the path itself where it is no folder."""
    if not path.is_dir():
        return path
    found = sorted(path.glob("*.yaml"))
    if len(found) != 1:
        names = ", ".join(one.name for one in found) or "none"
        raise VolResearchError(
            "declare.missing_file",
            "This folder does not hold one dataset.",
            where=Where(file=short_path(path)),
            expected="one .yaml file that declares it",
            got=names,
        )
    return found[0]


def imported_in(folder: Path, id: str) -> Path | None:
    """Return the YAML of the dataset `id` that was imported into `folder`, None where there is none."""
    name = id.partition(".")[2]
    if not re.fullmatch(r"\w+", name):
        return None
    found = (folder / name / f"{name}.yaml", folder / f"{name}.yaml")
    return next((path for path in found if path.is_file() and _says(path, id)), None)


def _says(path: Path, id: str) -> bool:
    """Whether a YAML declares this id: told by its first lines, since it may hold thousands of variables."""
    with path.open(encoding="utf-8", errors="replace") as stream:
        head = stream.read(4096)
    return re.search(rf"^id:\s*[\"']?{re.escape(id)}[\"']?\s*$", head, re.MULTILINE) is not None


def main_of(declaration: DatasetDeclaration) -> str:
    """Return the name of the main table."""
    return "facts" if "facts" in declaration.tables else next(iter(declaration.tables))


def combined_sha256(declaration: DatasetDeclaration) -> str:
    """Return the hash of the one file, or the hash over the names and hashes of all files."""
    hashes = {name: table.sha256 for name, table in declaration.tables.items()}
    if len(hashes) == 1:
        return next(iter(hashes.values()))
    lines = "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes))
    return hashlib.sha256(lines.encode()).hexdigest()


def _tables(declaration: DatasetDeclaration, path: Path) -> Any:
    contents = {name: read_verified(path.parent, table) for name, table in declaration.tables.items()}

    def tables() -> dict[str, Any]:
        read_in = {
            name: frame_from(content, declaration.tables[name], path.parent / declaration.tables[name].path)
            for name, content in contents.items()
        }
        _check_rows(read_in, declaration, path)
        return _typed(read_in, declaration, path)

    return tables


def _lazy_tables(declaration: DatasetDeclaration, path: Path) -> Any:
    relations = {name: relation_from(path.parent, table) for name, table in declaration.tables.items()}

    def tables() -> dict[str, Any]:
        _check_rows(relations, declaration, path)
        for name, relation in relations.items():
            owner = "" if name == main_of(declaration) else name
            lost = [one.name for one in declaration.codebook.of(owner) if one.name not in names_of(relation)]
            if lost and (owner or len(relations) == 1):
                raise VolResearchError(
                    "dataset.codebook",
                    f'The variable "{lost[0]}" is declared but stands in no table.',
                    where=Where(file=short_path(path), variable=lost[0]),
                )
        return relations

    return tables


def _check_rows(tables: dict[str, Any], declaration: DatasetDeclaration, path: Path) -> None:
    for name, table in tables.items():
        rows = declaration.tables[name].rows
        if rows is not None and rows != (found := rows_in(table)):
            raise VolResearchError(
                "dataset.codebook",
                f'The table "{name}" has another number of rows than declared.',
                where=Where(file=short_path(path), path=f"tables.{name}.rows"),
                expected=str(rows),
                got=str(found),
            )


def _typed(tables: dict[str, Any], declaration: DatasetDeclaration, path: Path) -> dict[str, Any]:
    if declaration.kind == "facts" and "value" in tables.get("facts", ()):
        import pandas as pd

        facts = tables["facts"]
        tables["facts"] = facts.assign(value=pd.to_numeric(facts["value"]))
    return typed_tables(
        tables,
        declaration.codebook,
        Where(file=short_path(path)),
        main=main_of(declaration),
        keep_codes=declaration.undeclared_codes == "keep",
    )
