"""The `Dataset`: a frame with its codebook, design, measurement key and provenance. It never changes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import Codebook
from volresearch.datasets.declaration import DatasetDeclaration, Design
from volresearch.datasets.files import frame_from, read_verified
from volresearch.datasets.measurement import MeasurementKey
from volresearch.datasets.typed import WHY, labels_of, reasons_of, typed_tables, values_of
from volresearch.declare import read
from volresearch.errors import VolResearchError, Where, near, short_path
from volresearch.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.survey import Survey

__all__ = ["Dataset", "open_dataset"]

Tables = Mapping[str, "pd.DataFrame"]


class Dataset:
    """Data with everything that is known about them. Every verb returns a new dataset.

    Parameters
    ----------
    declaration : DatasetDeclaration
        What the dataset's YAML says.
    tables : mapping of str to pandas.DataFrame, or a function without arguments that returns one
        The linked tables; the first (or ``facts``) is the main one, `frame`.
    sha256 : str
        Hash of the files behind it.
    provenance : tuple of str
        One line for every step so far.
    """

    def __init__(
        self,
        declaration: DatasetDeclaration,
        tables: Tables | Callable[[], Tables],
        *,
        sha256: str = "",
        provenance: tuple[str, ...] = (),
        codebook: Codebook | None = None,
    ) -> None:
        self._declaration = declaration
        self._tables = tables
        self._sha256 = sha256
        self._provenance = provenance
        self._codebook = codebook or declaration.codebook

    @property
    def declaration(self) -> DatasetDeclaration:
        """What the dataset's YAML says, frozen."""
        return self._declaration

    @property
    def id(self) -> str:
        """Its id, ``plugin.name``."""
        return self._declaration.id

    @property
    def kind(self) -> str:
        """``survey``, ``facts``, ``register`` or ``dyads``."""
        return self._declaration.kind

    @property
    def title(self) -> Text:
        """Its title in every language."""
        return self._declaration.title

    @property
    def unit(self) -> str:
        """What one row is about; disclosure rules go by it."""
        return self._declaration.unit

    @property
    def version(self) -> str:
        """Its version."""
        return self._declaration.version

    @property
    def synthetic(self) -> bool:
        """Whether the data are invented, with a known truth."""
        return self._declaration.synthetic

    @property
    def codebook(self) -> Codebook:
        """Its variables."""
        return self._codebook

    @property
    def design(self) -> Design | None:
        """The declared sampling design, or None."""
        return self._declaration.design

    @property
    def measurement(self) -> MeasurementKey:
        """How it was measured."""
        return MeasurementKey(**self._declaration.measurement.model_dump())

    @property
    def provenance(self) -> tuple[str, ...]:
        """One line for every step from the file to here."""
        return self._provenance

    @property
    def sha256(self) -> str:
        """Hash of the files behind it."""
        return self._sha256

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """All tables by name; each a copy of its own (pandas copies on write)."""
        loaded = self._loaded()
        return MappingProxyType({name: table.copy(deep=False) for name, table in loaded.items()})

    @property
    def frame(self) -> pd.DataFrame:
        """The main table: codes as they were entered, missing codes included."""
        return self._loaded()[self._main].copy(deep=False)

    def to_pandas(self) -> pd.DataFrame:
        """Return the main table as plain pandas."""
        return self.frame

    def __len__(self) -> int:
        return len(self.frame)

    def values(self, variable: str) -> pd.Series:
        """Return a variable with every declared missing code as NA.

        Parameters
        ----------
        variable : str
            A name of the codebook.

        Raises
        ------
        VolResearchError
            ``dataset.variable``.
        """
        return values_of(self._table_of(variable), self._codebook[variable])

    def labels(self, variable: str, lang: str = "en") -> pd.Series:
        """Return a variable with labels in `lang` in the place of codes; missing is NA."""
        return labels_of(self._table_of(variable), self._codebook[variable], lang)

    def missing(self, variable: str) -> pd.Series:
        """Return, row by row, why a variable is missing (one of the seven reasons); NA where it is not."""
        return reasons_of(self._table_of(variable), self._codebook[variable])

    def describe(self, lang: str = "en") -> pd.DataFrame:
        """Return one row a variable: type, label, rows with a value, missing, distinct, smallest, largest."""
        import pandas as pd

        return pd.DataFrame([self._described(name, lang) for name in self._names()])

    def derive(self, frame: pd.DataFrame, step: str, *, codebook: Codebook | None = None) -> Dataset:
        """Return a dataset with another main table and one more line of provenance."""
        return Dataset(
            self._declaration,
            {**self._loaded(), self._main: frame.copy(deep=False)},
            sha256=self._sha256,
            provenance=(*self._provenance, step),
            codebook=codebook or self._codebook,
        )

    def survey(self) -> Survey:
        """Return the dataset as a `Survey`, by its declared design.

        Raises
        ------
        VolResearchError
            ``dataset.kind`` for published figures, ``survey.no_design`` where no design is declared.
        """
        from volresearch.datasets.surveys import survey_of

        return survey_of(self)

    @property
    def _main(self) -> str:
        names = self._declaration.tables
        return "facts" if "facts" in names else next(iter(names))

    def _loaded(self) -> Tables:
        if callable(self._tables):
            self._tables = self._tables()
        return self._tables

    def _table_of(self, variable: str) -> pd.DataFrame:
        for table in (self.frame, *self._loaded().values()):
            if variable in table.columns:
                return table
        raise VolResearchError(
            "dataset.variable",
            f'The dataset "{self.id}" has no variable "{variable}".',
            hint=near(variable, self._names()),
        )

    def _names(self) -> tuple[str, ...]:
        return self._codebook.names or tuple(
            str(name) for name in self.frame.columns if not str(name).endswith(WHY)
        )

    def _described(self, name: str, lang: str) -> dict[str, Any]:
        known = name in self._codebook
        variable = self._codebook[name] if known else None
        column = self.values(name) if known else self.frame[name]
        present = column.dropna()
        numeric = present.dtype.kind in "iuf"
        return {
            "variable": name,
            "type": variable.type if variable else "number" if numeric else "text",
            "label": variable.label.get_in(lang) if variable else "",
            "unit": variable.unit if variable else "",
            "n": len(present),
            "missing": len(column) - len(present),
            "distinct": present.nunique(),
            "smallest": present.min() if numeric and len(present) else None,
            "largest": present.max() if numeric and len(present) else None,
        }

    def __repr__(self) -> str:
        mark = ", SYNTHETIC" if self.synthetic else ""
        return f"<Dataset {self.id} {self.version}: {self.kind}, unit {self.unit}, {len(self)} rows{mark}>"

    def _repr_html_(self) -> str:
        from volresearch.datasets.views import dataset_html

        return dataset_html(self)


def open_dataset(path: str | Path) -> Dataset:
    """Open a dataset by the path of its YAML; every file is compared with its declared SHA-256 first.

    Parameters
    ----------
    path : path
        The YAML that declares it.

    Returns
    -------
    Dataset

    Raises
    ------
    VolResearchError
        ``declare.*`` for faults of the YAML, ``dataset.changed`` for a file that differs from its hash,
        ``dataset.codebook`` (when the frame is first used) for data that differ from the codebook.
    """
    path = Path(path)
    declaration = read(DatasetDeclaration, path)
    contents = {name: read_verified(path.parent, table) for name, table in declaration.tables.items()}

    def tables() -> Tables:
        read_in = {
            name: frame_from(content, declaration.tables[name], path.parent / declaration.tables[name].path)
            for name, content in contents.items()
        }
        _check_rows(read_in, declaration, path)
        return _typed(read_in, declaration, path)

    line = f"opened {declaration.id} {declaration.version}"
    return Dataset(declaration, tables, sha256=combined_sha256(declaration), provenance=(line,))


def combined_sha256(declaration: DatasetDeclaration) -> str:
    """Return the hash of the one file, or the hash over the names and hashes of all files."""
    hashes = {name: table.sha256 for name, table in declaration.tables.items()}
    if len(hashes) == 1:
        return next(iter(hashes.values()))
    lines = "".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes))
    return hashlib.sha256(lines.encode()).hexdigest()


def _check_rows(tables: Tables, declaration: DatasetDeclaration, path: Path) -> None:
    for name, table in tables.items():
        rows = declaration.tables[name].rows
        if rows is not None and rows != len(table):
            raise VolResearchError(
                "dataset.codebook",
                f'The table "{name}" has another number of rows than declared.',
                where=Where(file=short_path(path), path=f"tables.{name}.rows"),
                expected=str(rows),
                got=str(len(table)),
            )


def _typed(tables: dict[str, pd.DataFrame], declaration: DatasetDeclaration, path: Path) -> Tables:
    if declaration.kind == "facts" and "value" in tables.get("facts", ()):
        import pandas as pd

        facts = tables["facts"]
        tables["facts"] = facts.assign(value=pd.to_numeric(facts["value"]))
    return typed_tables(tables, declaration.codebook, Where(file=short_path(path)))
