"""What readers of files hand on: tables with what the file itself says of them.

The road of `read`: a reader of a format makes a `Found`; the shape of the tool that exported it is recognized and its
tables are linked (`shapes`); a form is laid over it (`forms`); text becomes typed columns (`typing`); what identifies
persons is set aside (`personal`); a `Dataset` is made of the rest (`reading`). Each stage takes a `Found` and returns
one; none changes a frame in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from volresearch.datasets.codebook import Variable
from volresearch.datasets.provenance import SetAside, Source, Step
from volresearch.instruments.exchange import Note
from volresearch.text import Text

__all__ = ["Asked", "Found", "Link", "Note", "RawTable", "some"]


def some(names: Iterable[str], most: int = 5) -> str:
    """Return names as a note lists them: the first ones, and how many more there are.

    >>> some(["a", "b"]), some("abcd", 2)
    ('a, b', 'a, b and 2 more')
    """
    many = list(names)
    return ", ".join(many[:most]) + (f" and {len(many) - most} more" if len(many) > most else "")


@dataclass(frozen=True)
class Asked:
    """The options of one call of `read`, checked, with defaults filled in.

    Attributes
    ----------
    path : Path
        The file.
    forms : tuple of Instrument
        Versions of the form, oldest first; empty without a form.
    sheet, encoding : str or None
        As given.
    labels : str
        ``auto``, ``codes`` or ``labels``: what cells of choices hold.
    engine : str
        ``pandas`` or ``duckdb``.
    missing : mapping of str to str
        Texts that are declared to be no answer, anywhere in the file, with their reason.
    personal : str
        ``set_aside`` or ``keep``.
    codebook : Path or None
        The DDI codebook of fixed-width data.
    salt : bytes or None
        Salt of the study's keys; None makes keys that link within this one read only.
    form_sources, form_notes
        The files of the form, and what their readers have to say.
    """

    path: Path
    forms: tuple[Any, ...] = ()
    sheet: str | None = None
    encoding: str | None = None
    labels: str = "auto"
    engine: str = "pandas"
    missing: Mapping[str, str] = field(default_factory=dict)
    personal: str = "set_aside"
    salt: bytes | None = None
    codebook: Path | None = None
    form_sources: tuple[Source, ...] = ()
    form_notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Link:
    """How a table hangs below another: its column `parent_key` holds values of the parent's column `key`."""

    parent: str
    key: str
    parent_key: str


@dataclass(frozen=True)
class RawTable:
    """One table of a file.

    Attributes
    ----------
    name : str
        Of the sheet, of the repeat, or of the file.
    frame : pandas.DataFrame, or a DuckDB relation with ``engine="duckdb"``
        Column names are unique texts. Where `typed` is false every column is text (dtype ``str``), an empty cell is
        NA, nothing else is.
    variables : mapping of column to Variable
        What is known of a column. ``Variable.name`` is the column's name; ``source`` its header in the file
        where that differs. Columns that are not in it are typed by their content.
    typed : bool
        Whether the columns have the types of their variables already.
    link : Link or None
        The table above.
    hidden : frozenset of str
        Columns that hold structure (row numbers, names of parent tables, form versions): no variables, kept in the frame.
    guess : frozenset of str
        Columns whose variable says no type yet (only how they are called, labelled or written in the file): typed by
        their content, all else of the variable stays.
    """

    name: str
    frame: Any
    variables: Mapping[str, Variable] = field(default_factory=dict)
    typed: bool = False
    link: Link | None = None
    hidden: frozenset[str] = frozenset()
    guess: frozenset[str] = frozenset()

    def with_(self, **changes: Any) -> RawTable:
        """Return it with some fields changed."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Found:
    """What was found in a file; the first table is the main one.

    Attributes
    ----------
    format : str
        ``csv, xlsx, xls, parquet, sav, zsav, por, dta, sas7bdat, xpt, ddi, json, datapackage``.
    tool : str
        What exported it: ``kobo`` (Kobo, ODK, Ona), ``redcap``, ``limesurvey``, ``r`` or empty.
    tables : tuple of RawTable
    options : mapping of str to str
        What was found and why, for the provenance: ``{"encoding": "windows-1252 (no UTF-8: byte 0x92 in line 3)"}``.
    blanks : mapping of str to str
        Texts that this tool writes for an empty cell, with their reason: ``{"n/a": "no_answer"}``.
    notes, steps, sources, set_aside
        Collected on the way.
    private : mapping of table to frame
        Columns that were set aside, with the key that links them.
    forms : tuple of Instrument
        Versions of the form that stands in the file itself, oldest first.
    declared : mapping
        Keys of a dataset's declaration that the file itself states, checked by its reader: unit, design, version.
    """

    format: str
    tables: tuple[RawTable, ...]
    tool: str = ""
    title: Text = field(default_factory=Text)
    options: Mapping[str, str] = field(default_factory=dict)
    blanks: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    steps: tuple[Step, ...] = ()
    sources: tuple[Source, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    private: Mapping[str, Any] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    citation: str = ""
    licence: str = ""
    declared: Mapping[str, Any] = field(default_factory=dict)
    forms: tuple[Any, ...] = ()

    @property
    def main(self) -> RawTable:
        """The main table."""
        return self.tables[0]

    def with_(self, **changes: Any) -> Found:
        """Return it with some fields changed."""
        return replace(self, **changes)

    def noting(self, *notes: Note) -> Found:
        """Return it with more notes."""
        return replace(self, notes=(*self.notes, *notes))

    def stepping(self, *steps: Step) -> Found:
        """Return it with more steps of provenance."""
        return replace(self, steps=(*self.steps, *steps))
