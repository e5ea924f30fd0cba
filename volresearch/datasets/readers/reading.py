"""`read`: from a file to a dataset, through the stages of `found`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from volresearch.datasets.codebook import Codebook
from volresearch.datasets.columns import names_of, rows_in
from volresearch.datasets.dataset import Dataset
from volresearch.datasets.declaration import DatasetDeclaration, TableDeclaration
from volresearch.datasets.files import sha256_of
from volresearch.datasets.private import salt_of
from volresearch.datasets.provenance import Source, Step
from volresearch.datasets.readers.detect import detect
from volresearch.datasets.readers.fixed import codebook_given, is_fixed_width
from volresearch.datasets.readers.form_files import opened_forms
from volresearch.datasets.readers.forms import lay_forms
from volresearch.datasets.readers.found import Asked, Found, Note
from volresearch.datasets.readers.personal import set_aside
from volresearch.datasets.readers.routing import routed
from volresearch.datasets.readers.shapes import shaped
from volresearch.datasets.readers.typing import typed
from volresearch.declare import MISSING_REASONS
from volresearch.errors import VolResearchError, Where, near, short_path
from volresearch.text import Text

if TYPE_CHECKING:
    from volresearch.instruments import Instrument

__all__ = ["FORMATS", "read"]

#: Format -> module and function: takes ``(Asked, Source)``, returns a `Found`.
FORMATS: dict[str, str] = {
    "csv": "delimited:read_delimited",
    "xlsx": "excel:read_excel",
    "xls": "excel:read_excel",
    "parquet": "parquet:read_parquet",
    "sav": "statfiles:read_statfile",
    "zsav": "statfiles:read_statfile",
    "por": "statfiles:read_statfile",
    "dta": "statfiles:read_statfile",
    "sas7bdat": "statfiles:read_statfile",
    "xpt": "statfiles:read_statfile",
    "ddi": "ddi:read_ddi",
    "json": "json:read_json",
    "datapackage": "datapackage:read_datapackage",
    "fixed": "fixed:read_fixed_width",
}
_CHOICES = {
    "labels": ("auto", "codes", "labels"),
    "engine": ("pandas", "duckdb"),
    "personal": ("set_aside", "keep"),
}
_LAZY = frozenset({"csv", "parquet"})
#: Formats whose readers need no hash while they read.
_ONE_FILE = frozenset({"csv", "parquet", "sav", "zsav", "por", "dta", "sas7bdat", "xpt"})
_SHEETS = frozenset({"xlsx", "xls", "datapackage"})
_ENCODED = frozenset(FORMATS) - {"xlsx", "xls", "parquet"}


def read(
    path: str | Path,
    instrument: Instrument | str | Path | Sequence[Instrument | str | Path] | None = None,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    labels: str = "auto",
    engine: str = "pandas",
    missing: Iterable[str] | Mapping[str, str] = (),
    personal: str = "set_aside",
    study: str | None = None,
    workspace: str | Path | None = None,
    id: str | None = None,
) -> Dataset:
    """Read a data file: what `vr.read` does once ids of the catalog are instruments.

    Parameters, the dataset that is returned and the errors are those of `volresearch.api.read`; `instrument` is an
    Instrument, a path, or a sequence of these.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> file = Path(tempfile.mkdtemp()) / "people.csv"
    >>> _ = file.write_text("sex;age\\nf;31\\nm;\\n")
    >>> people = read(file)
    >>> people.frame["age"].tolist()[0], people.missing("age").tolist()[1]
    (31.0, 'no_answer')
    """
    options = {"labels": labels, "engine": engine, "personal": personal}
    for name, value in options.items():
        if value not in _CHOICES[name]:
            raise VolResearchError(
                "read.option", f'"{value}" is no choice of {name}.', hint=near(value, _CHOICES[name])
            )
    file = _existing(Path(path))
    format = _format_of(file)
    codebook = codebook_given(instrument) if format == "fixed" else None
    opened = opened_forms(None if codebook else instrument)
    asked = Asked(
        path=file,
        codebook=codebook,
        forms=opened.forms,
        form_sources=opened.sources,
        form_notes=opened.notes,
        sheet=sheet,
        encoding=encoding,
        missing=_reasons(missing),
        salt=salt_of(study, Path(workspace) if workspace else None) if study else None,
        **options,
    )
    return dataset_of(_through(asked, format), asked, id)


def _format_of(path: Path) -> str:
    """Return a key of `FORMATS`; text without header and delimiter is ``fixed``."""
    format = detect(path)
    return "fixed" if format == "csv" and is_fixed_width(path) else format


def _through(asked: Asked, format: str) -> Found:
    """Take a file through all stages."""
    if asked.engine == "duckdb" and format not in _LAZY:
        raise VolResearchError(
            "read.option",
            f'engine="duckdb" reads CSV and Parquet, and this is {format}.',
            where=Where(file=short_path(asked.path)),
            hint='Read it with engine="pandas", or import it first: volresearch datasets import.',
        )
    for option, value, formats in (("sheet", asked.sheet, _SHEETS), ("encoding", asked.encoding, _ENCODED)):
        if value is not None and format not in formats:
            raise VolResearchError(
                "read.option",
                f"{option}={value!r} says nothing of this file: it is {format}.",
                where=Where(file=short_path(asked.path)),
                hint=f"Leave {option} out.",
            )
    found = shaped(_read_and_hashed(asked, format), asked)
    found = lay_forms(found, asked)
    found = routed(typed(found, asked), asked)
    return set_aside(found, asked)


def _read_and_hashed(asked: Asked, format: str) -> Found:
    """Read the tables; formats of one file are hashed at the same time, since hashing waits for no other work."""
    module, _, function = FORMATS[format].partition(":")
    reader = getattr(import_module(f"volresearch.datasets.readers.{module}"), function)
    with ThreadPoolExecutor(1) as pool:
        hashed = pool.submit(sha256_of, asked.path)
        beside = format in _ONE_FILE
        source = Source(asked.path.name, "" if beside else hashed.result(), asked.path.stat().st_size)
        found: Found = reader(asked, source)
        if not beside:
            return found
        known = replace(source, sha256=hashed.result())
        return found.with_(sources=tuple(known if one == source else one for one in found.sources))


def dataset_of(found: Found, asked: Asked, id: str | None = None) -> Dataset:
    """Make a dataset of what was found."""
    tables = {table.name: table.frame for table in found.tables}
    variables = []
    for number, table in enumerate(found.tables):
        owner = "" if number == 0 else table.name
        names = [name for name in names_of(table.frame) if name in table.variables]
        variables += [table.variables[name].model_copy(update={"table": owner}) for name in names]
    data = found.sources[0]
    codebook = Codebook(variables=tuple(variables))
    declaration = DatasetDeclaration(
        id=id or f"local.{_slug(asked.path.name)}",
        kind="survey",
        version="1",
        title=found.title or Text(asked.path.stem),
        unit="person",
        licence=found.licence or "not stated",
        citation=found.citation,
        languages=found.languages or ("en",),
        undeclared_codes="keep",
        tables={
            table.name: TableDeclaration(
                path=_plain(data.name),
                sha256=data.sha256,
                rows=rows_in(table.frame),
                format="csv",
                parent=table.link.parent if table.link else "",
                key=table.link.key if table.link else "",
                parent_key=table.link.parent_key if table.link else "",
            )
            for table in found.tables
        },
        codebook=codebook,
    )
    declaration = _as_stated(declaration, found)
    return Dataset(
        declaration,
        tables,
        sha256=data.sha256,
        provenance=(_first_step(found), *found.steps),
        codebook=codebook,
        notes=tuple(str(_without_folders(note)) for note in found.notes),
        set_aside=found.set_aside,
        private_tables=found.private,
    )


def _without_folders(note: Note) -> Note:
    """Return a note without the folders of its file: notes travel with the data, and folders name people and places."""
    file = note.where.file
    return Note(note.message, replace(note.where, file=Path(file).name)) if file else note


def _as_stated(declaration: DatasetDeclaration, found: Found) -> DatasetDeclaration:
    """Return the declaration with what the file itself declares, as research files of ours do."""
    if not found.declared:
        return declaration
    given = {name: getattr(declaration, name) for name in DatasetDeclaration.model_fields}
    return DatasetDeclaration(**{**given, **found.declared})


def _first_step(found: Found) -> Step:
    data = found.sources[0]
    main = found.main
    rows, columns = rows_in(main.frame), len(names_of(main.frame))
    told = "; ".join(f"{name}: {value}" for name, value in found.options.items())
    return Step(
        f"read {data.name} ({data.size:,} bytes, sha256 {data.sha256[:12]}) as {found.format}"
        f"{f' of {found.tool}' if found.tool else ''}: {rows:,} rows, {columns} columns, "
        f"{len(found.tables)} tables{f'; {told}' if told else ''}",
        "read",
        used=found.sources,
        details={"format": found.format, "tool": found.tool, "rows": rows, "columns": columns, "tables": len(found.tables), "options": dict(found.options)},
    )  # fmt: skip


def _existing(path: Path) -> Path:
    if path.is_dir() and (path / "datapackage.json").is_file():
        return path / "datapackage.json"
    if not path.is_file():
        said = "This is a folder." if path.is_dir() else "There is no such file."
        raise VolResearchError("read.file", said, where=Where(file=short_path(path)))
    return path


def _reasons(missing: Iterable[str] | Mapping[str, str]) -> dict[str, str]:
    given = {missing: "no_answer"} if isinstance(missing, str) else missing
    out = dict(given) if isinstance(given, Mapping) else dict.fromkeys(given, "no_answer")
    for text, reason in out.items():
        if reason not in MISSING_REASONS:
            raise VolResearchError(
                "read.option",
                f'"{reason}" (of "{text}") is no kind of missing.',
                hint=near(reason, MISSING_REASONS),
            )
    return out


def _slug(name: str) -> str:
    stem = name.split(".")[0]
    return re.sub(r"[^A-Za-z0-9]+", "_", stem).strip("_")[:60] or "file"


def _plain(name: str) -> str:
    return re.sub(r"[:\\/]", "_", name)
