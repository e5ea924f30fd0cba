"""The `Dataset`: a frame with its codebook, design, measurement key and provenance. It never changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import Codebook, Variable
from volresearch.datasets.columns import brought, has_column, in_memory, is_lazy, names_of, rows_in
from volresearch.datasets.declaration import DatasetDeclaration, Design
from volresearch.datasets.measurement import MeasurementKey
from volresearch.datasets.opening import combined_sha256, open_dataset
from volresearch.datasets.provenance import SetAside, Step, as_step
from volresearch.datasets.typed import WHY, labels_of, reasons_of, values_of
from volresearch.datasets.verbs import ResearchVerbs
from volresearch.errors import VolResearchError, near
from volresearch.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.survey import Survey

__all__ = ["Dataset", "combined_sha256", "open_dataset"]

Tables = Mapping[str, Any]


class Dataset(ResearchVerbs):
    """Data with everything that is known about them. Every verb returns a new dataset.

    Parameters
    ----------
    declaration : DatasetDeclaration
        What the dataset's YAML says.
    tables : mapping of str to frame, or a function without arguments that returns one
        The linked tables; the first (or ``facts``) is the main one, `frame`. Frames are pandas, or DuckDB
        relations, whose rows are not in memory.
    sha256 : str
        Hash of the files behind it.
    provenance : tuple of Step or str
        Every step so far.
    codebook : Codebook, optional
        Where it is another one than the declaration's.
    notes : tuple of str
        What a reader has to say: what it found, passed over or read in its own way.
    set_aside : tuple of SetAside
        Columns that identify persons and were taken out.
    private_tables : mapping of str to pandas.DataFrame, optional
        What was taken out, by table, until it is written into ``private/``; no verb shows or writes it elsewhere.
    """

    def __init__(
        self,
        declaration: DatasetDeclaration,
        tables: Tables | Callable[[], Tables],
        *,
        sha256: str = "",
        provenance: tuple[Step | str, ...] = (),
        codebook: Codebook | None = None,
        notes: tuple[str, ...] = (),
        set_aside: tuple[SetAside, ...] = (),
        private_tables: Mapping[str, pd.DataFrame] | None = None,
    ) -> None:
        self._declaration = declaration
        self._tables = tables
        self._sha256 = sha256
        self._steps = tuple(as_step(step) for step in provenance)
        self._codebook = codebook or declaration.codebook
        self._notes = notes
        self._set_aside = set_aside
        self._private_tables = dict(private_tables or {})

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
        return tuple(step.text for step in self._steps)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The same with files, options and numbers, for programs; see `provenance_json`."""
        return self._steps

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader of the file found, passed over or read in its own way, a sentence each."""
        return self._notes

    @property
    def set_aside(self) -> tuple[SetAside, ...]:
        """Columns that identify persons and were taken out."""
        return self._set_aside

    @property
    def lazy(self) -> bool:
        """Whether the rows of the main table are not in memory."""
        return is_lazy(self._loaded()[self._main])

    @property
    def sha256(self) -> str:
        """Hash of the files behind it."""
        return self._sha256

    @property
    def tables(self) -> Mapping[str, Any]:
        """All tables by name; each a copy of its own (pandas copies on write)."""
        return MappingProxyType({name: _copied(table) for name, table in self._loaded().items()})

    @property
    def main(self) -> str:
        """Name of the main table."""
        return self._main

    @property
    def frame(self) -> Any:
        """The main table in the engine's own frame: codes as they were entered, missing codes included."""
        return _copied(self._loaded()[self._main])

    def to_pandas(self) -> pd.DataFrame:
        """Return the main table as plain pandas; of a lazy dataset, all its rows."""
        return in_memory(self.frame)

    def __len__(self) -> int:
        return rows_in(self._loaded()[self._main])

    def values(self, variable: str, table: str | None = None) -> pd.Series:
        """Return a variable with every declared missing code as NA.

        Parameters
        ----------
        variable : str
            A name of the codebook.
        table : str, optional
            The linked table, where the name stands in several.

        Raises
        ------
        VolResearchError
            ``dataset.variable``.
        """
        return values_of(*self._column(variable, table))

    def labels(self, variable: str, lang: str = "en", table: str | None = None) -> pd.Series:
        """Return a variable with labels in the place of codes; missing is NA.

        Parameters
        ----------
        variable, table
            As `values` takes them.
        lang : str
            Language of the labels; where one lacks it, another language that it has.

        Raises
        ------
        VolResearchError
            ``dataset.variable``.
        """
        return labels_of(*self._column(variable, table), lang)

    def missing(self, variable: str, table: str | None = None) -> pd.Series:
        """Return, row by row, why a variable is missing (one of the seven reasons); NA where it is not.

        Parameters
        ----------
        variable, table
            As `values` takes them.

        Raises
        ------
        VolResearchError
            ``dataset.variable``.
        """
        return reasons_of(*self._column(variable, table))

    def variables_of(self, table: str | None = None) -> tuple[Variable, ...]:
        """Return what describes the columns of a table, in their order; the main table if none is named."""
        name = table or self._main
        if name not in self._loaded():
            raise VolResearchError(
                "dataset.variable", f'There is no table "{name}".', hint=near(name, self._loaded())
            )
        owner = "" if name == self._main else name
        found = (self._codebook.get(column, owner) for column in names_of(self._loaded()[name]))
        return tuple(variable for variable in found if variable is not None)

    def describe(self, lang: str = "en") -> pd.DataFrame:
        """Return one row a variable: type, label, rows with a value, missing, distinct, smallest, largest."""
        from volresearch.datasets.describing import described

        return described(self, lang)

    def derive(
        self,
        frame: Any,
        step: Step | str,
        *,
        codebook: Codebook | None = None,
        declaration: DatasetDeclaration | None = None,
    ) -> Dataset:
        """Return a dataset with another main table and one more step of provenance."""
        return self.with_tables(
            {**self._loaded(), self._main: _copied(frame)}, step, codebook=codebook, declaration=declaration
        )

    def with_tables(
        self,
        tables: Tables | Callable[[], Tables],
        step: Step | str,
        *,
        codebook: Codebook | None = None,
        declaration: DatasetDeclaration | None = None,
    ) -> Dataset:
        """Return a dataset with other tables and one more step of provenance; all else stays."""
        return Dataset(
            declaration or self._declaration,
            tables,
            sha256=self._sha256,
            provenance=(*self._steps, as_step(step)),
            codebook=codebook or self._codebook,
            notes=self._notes,
            set_aside=self._set_aside,
            private_tables=self._private_tables,
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

    def _column(self, name: str, table: str | None) -> tuple[pd.DataFrame, Variable]:
        """Return a variable's column with its companion, in memory, and the variable."""
        loaded = self._loaded()
        if table is not None and table not in loaded:
            raise VolResearchError(
                "dataset.variable", f'There is no table "{table}".', hint=near(table, loaded)
            )
        for place in (table,) if table else (self._main, *loaded):
            frame = loaded[place]
            variable = self._codebook.get(name, "" if place == self._main else str(place))
            if variable is not None and has_column(frame, name):
                companion = [f"{name}{WHY}"] if has_column(frame, f"{name}{WHY}") else []
                return brought(frame, [name, *companion]), variable
        raise VolResearchError(
            "dataset.variable",
            f'The dataset "{self.id}" has no variable "{name}".',
            hint=near(name, self._names()),
        )

    def _names(self) -> tuple[str, ...]:
        return self._codebook.names or tuple(
            name for name in names_of(self._loaded()[self._main]) if not name.endswith(WHY)
        )

    def __repr__(self) -> str:
        mark = ", SYNTHETIC" if self.synthetic else ""
        return f"<Dataset {self.id} {self.version}: {self.kind}, unit {self.unit}, {len(self)} rows{mark}>"

    def _repr_html_(self) -> str:
        from volresearch.datasets.views import dataset_html

        return dataset_html(self)


def _copied(frame: Any) -> Any:
    return frame if is_lazy(frame) else frame.copy(deep=False)
