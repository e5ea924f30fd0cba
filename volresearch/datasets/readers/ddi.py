"""Reads DDI-Codebook with its data: fixed-width or delimited files beside it; what our writer wrote comes back equal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import Variable
from volresearch.datasets.files import sha256_of
from volresearch.datasets.provenance import Source
from volresearch.datasets.readers.ddi_data import (
    Dialect,
    Place,
    delimited_text,
    encoding_known,
    encoding_of,
    fixed_text,
    has_header,
    inside,
    places_of,
)
from volresearch.datasets.readers.ddi_variables import note_of, own_variable, variable_of, wordings
from volresearch.datasets.readers.delimited import read_delimited
from volresearch.datasets.readers.form_slots import identifier
from volresearch.datasets.readers.found import Asked, Found, Link, Note, RawTable, some
from volresearch.datasets.readers.package_fields import stated_by
from volresearch.datasets.readers.packed import bare_name, plain_file
from volresearch.datasets.readers.text_headers import unique
from volresearch.datasets.typed import WHY
from volresearch.datasets.writers.safe import Coding, decoded
from volresearch.declare.model import LANGUAGE_TAG
from volresearch.errors import VolResearchError, Where, short_path
from volresearch.instruments import Item
from volresearch.instruments.ddi import read_with_notes
from volresearch.instruments.exchange import MAX_BYTES
from volresearch.instruments.xml import child, children, content, parsed, tag
from volresearch.text import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_ddi", "read_fixed"]

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
#: Endings of data files beside a codebook that names none.
_ENDINGS = (".csv", ".csv.gz", ".dat", ".dat.gz", ".txt", ".txt.gz", ".tab", ".tab.gz", ".tsv")


def read_ddi(asked: Asked, source: Source) -> Found:
    """Read the data that a codebook describes.

    Parameters
    ----------
    asked : Asked
        ``path`` is the XML; its data lie in the same folder, under the name it gives, or its own with another ending.
    source : Source
        The XML, as the provenance names it.

    Returns
    -------
    Found
        A table for each data file that is there; typed where our own writer wrote it, as text else.

    Raises
    ------
    VolResearchError
        ``read.file`` for what is no codebook, or has no data beside it; ``read.form`` where data and codebook do not
        belong together; ``read.limit``, ``tool.missing``.
    """
    return _Codebook(asked, source, asked.path).found()


def read_fixed(path: Path, codebook: Path, asked: Asked | None = None) -> Found:
    """Read a data file, fixed-width above all, by a codebook that lies anywhere.

    Parameters
    ----------
    path : Path
        The data.
    codebook : Path
        The XML.
    asked : Asked, optional
        Options of reading.
    """
    source = Source(codebook.name, sha256_of(codebook), codebook.stat().st_size, "codebook")
    return _Codebook(asked or Asked(path), source, codebook, path).found()


@dataclass(frozen=True)
class _File:
    """A data file as its codebook describes it."""

    id: str
    name: str
    charset: str
    segments: int
    said: dict[str, Any]


@dataclass
class _Codebook:
    asked: Asked
    source: Source
    path: Path
    data: Path | None = None
    notes: list[Note] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.where = Where(file=short_path(self.path))
        with plain_file(self.path, limit=MAX_BYTES) as plain:
            if plain.stat().st_size > MAX_BYTES:
                raise VolResearchError("read.limit", "This codebook is too large.", where=self.where)
            content_bytes = plain.read_bytes()
        try:
            self.root = parsed(content_bytes, short_path(self.path))
            imported = read_with_notes(content_bytes)
        except VolResearchError as error:
            codes = {"instrument.format": "read.file", "instrument.limit": "read.limit"}
            raise VolResearchError(
                codes.get(error.code, error.code), error.message, where=self.where, hint=error.hint,
                expected=error.expected, got=error.got,
            ) from error  # fmt: skip
        said = self.root.get(_LANGUAGE, "")
        self.lang = said if LANGUAGE_TAG.match(said) else "und"
        vars = [one for one in self.root.iter() if isinstance(one.tag, str) and tag(one) == "var"]
        self.vars: list[tuple[Any, Item]] = list(zip(vars, imported.instrument.items, strict=True))  # type: ignore[arg-type]
        self.ours = note_of(child(self.root, "stdyDscr"), "declaration")

    def found(self) -> Found:
        if not self.vars:
            raise VolResearchError("read.file", "The codebook describes no variables.", where=self.where)
        files = list(self.files()) or [_File("", "", "", 1, {})]
        tables: list[RawTable] = []
        looked: list[str] = []
        for number, file in enumerate(files):
            path = (
                self.data if self.data is not None and number == 0 else self.located(file, len(files), looked)
            )
            vars = [one for one in self.vars if self.stands_in(one[0], file, files)]
            if path is None or not vars:
                self.pass_over(file, vars)
                continue
            tables.append(self.table(path, file, vars))
        if not tables:
            raise VolResearchError(
                "read.file",
                "The data of this codebook are not beside it.",
                where=self.where,
                expected=" or ".join(dict.fromkeys(looked)),
                hint="Put the data file into the folder of the codebook, under one of these names.",
            )
        study = child(self.root, "stdyDscr", "citation")
        stated, linked = self.stated(), self.linked(tables, files)
        return Found(
            format="ddi",
            tables=tuple(sorted(linked, key=lambda one: one.link is not None)),
            title=self.title(study),
            options={"codebook": self.path.name},
            notes=tuple(self.notes),
            sources=(*self.sources, replace(self.source, role="codebook")),
            languages=self.languages(tables),
            citation=content(child(study, "biblCit")),
            licence=content(child(self.root, "stdyDscr", "dataAccs", "useStmt", "conditions"))[:300],
            declared=stated,
        )

    def stated(self) -> dict[str, Any]:
        stated = stated_by(self.ours) if self.ours else {}
        if self.ours and not stated:
            self.note("What our own note declares is not as it was written: it was left out.")
        return stated

    def note(self, said: str, variable: str = "") -> None:
        self.notes.append(Note(said, Where(file=self.where.file, variable=variable or None)))

    def title(self, study: Any) -> Text:
        exact = self.ours is not None
        statement = child(study, "titlStmt")
        titles = wordings(statement, "titl", self.lang, exact=exact)
        return (
            Text({**wordings(statement, "parTitl", self.lang, exact=exact), **titles}) if titles else Text()
        )

    def languages(self, tables: list[RawTable]) -> tuple[str, ...]:
        if self.ours and isinstance(self.ours.get("languages"), list):
            return tuple(str(one) for one in self.ours["languages"])
        variables = [one for table in tables for one in table.variables.values()]
        texts = [text for one in variables for text in (one.label, *one.labels.values())]
        return tuple(dict.fromkeys(lang for text in texts for lang in text if lang != "und"))

    def files(self) -> Iterator[_File]:
        for one in children(self.root, "fileDscr"):
            text = child(one, "fileTxt")
            kind, dimensions = child(text, "fileType"), child(text, "dimensns")
            told = content(child(dimensions, "recPrCas"))
            yield _File(
                id=one.get("ID", ""),
                name=content(child(text, "fileName")) or one.get("URI", ""),
                charset=kind.get("charset", "") if kind is not None else "",
                segments=int(told) if told.isdecimal() and 0 < int(told) < 1000 else 1,
                said=note_of(one, "file") or {},
            )

    def stands_in(self, var: Any, file: _File, files: list[_File]) -> bool:
        named = (var.get("files") or "").split()
        location = child(var, "location")
        if not named and location is not None and location.get("fileid"):
            named = [location.get("fileid")]
        known = {one.id for one in files if one.id}
        return file.id in named if set(named) & known else file is files[0]

    def pass_over(self, file: _File, vars: list[Any]) -> None:
        if vars:
            self.note(
                f'The data file "{file.name}" is not there: its {len(vars)} variables were passed over.'
            )

    def located(self, file: _File, many: int, looked: list[str]) -> Path | None:
        """Return the data file beside the codebook; every name that was looked for is listed."""
        folder = self.path.parent
        names = []
        if file.name:
            plain = file.name.replace("\\", "/")
            try:
                names = [inside(folder, file.name, self.where).relative_to(folder).as_posix()]
            except (VolResearchError, ValueError):
                self.note(f'The data file "{file.name[:120]}" was looked for beside the codebook.')
                names = [plain.rpartition("/")[2]]
            names += [f"{name}.gz" for name in names if not name.endswith(".gz")]
        if many == 1:
            stem = bare_name(self.path)
            given = "." + file.name.removesuffix(".gz").rpartition(".")[2].lower()
            endings = sorted(_ENDINGS, key=lambda one: not one.startswith(given))
            names += [f"{stem}{ending}" for ending in endings]
        looked += names
        paths = (folder / name for name in names if name)
        return next((one for one in paths if one.is_file() and one.name != self.path.name), None)

    def table(self, path: Path, file: _File, vars: list[tuple[Any, Item]]) -> RawTable:
        size = path.stat().st_size
        self.sources.append(Source(path.name, sha256_of(path), size))
        name = str(file.said.get("table") or bare_name(path))
        if self.ours is not None and (own := self.own_table(path, name, vars)) is not None:
            return own
        places = list(places_of(var for var, _ in vars))
        delimited = path.name.lower().removesuffix(".gz").endswith((".csv", ".tsv", ".tab"))
        if places and not delimited and not has_header(path, [var.get("name", "") for var, _ in vars]):
            cells = self.fixed(path, file, places)
            vars = [one for one in vars if one[0].get("name") in cells.columns]
            decimals = {place.name: place.decimals for place in places}
        else:
            cells, vars = self.delimited(path, vars)
            decimals = {}
        return self.described(name, cells, vars, decimals)

    def own_table(self, path: Path, name: str, vars: list[tuple[Any, Item]]) -> RawTable | None:
        """Return a table as our writer had it; None where file or codebook were changed since."""
        raw = delimited_text(path, Dialect())
        header = [str(one) for one in raw.iloc[0]] if raw is not None else []
        said = [note_of(var, "variable") for var, _ in vars]
        if raw is None or header != [var.get("name") for var, _ in vars] or None in said:
            self.note("Data and codebook were changed since they were written: read as those of anybody.")
            return None
        cells = raw.iloc[1:].reset_index(drop=True).set_axis(header, axis=1)
        columns: dict[str, pd.Series] = {}
        variables: dict[str, Variable] = {}
        for (var, _), told in zip(vars, said, strict=True):
            if told is None or "companion_of" in told:
                continue
            column = var.get("name")
            given = told.get("coding")
            coding = Coding.from_dict(column, given if isinstance(given, dict) else {})
            beside = cells[coding.companion] if coding.companion in cells.columns else None
            columns[column], why = decoded(cells[column], coding, beside)
            if why is not None:
                columns[f"{column}{WHY}"] = why
            variable = own_variable(var, told, coding, self.lang)
            if variable is not None:
                variables[column] = variable
            elif "variable" in told:
                self.note("What our own note says of it is not as it was written: it was left out.", column)
        import pandas as pd

        hidden = frozenset(one for one in columns if one not in variables and not one.endswith(WHY))
        frame = pd.DataFrame(columns, index=cells.index)
        return RawTable(name, frame, variables, typed=True, hidden=hidden)

    def fixed(self, path: Path, file: _File, places: list[Place]) -> pd.DataFrame:
        charset = self.asked.encoding or file.charset
        if not charset or not encoding_known(charset):
            charset = encoding_of(path)
        segments = max(file.segments, *(place.segment for place in places))
        return fixed_text(path, places, charset, self.notes, segments=segments)

    def delimited(
        self, path: Path, vars: list[tuple[Any, Item]]
    ) -> tuple[pd.DataFrame, list[tuple[Any, Item]]]:
        """Read a delimited file; its columns are called as the codebook calls them."""
        source = self.sources[-1]
        found = read_delimited(replace(self.asked, path=path, engine="pandas"), source)
        self.notes.extend(found.notes)
        cells: pd.DataFrame = found.main.frame
        names = {var.get("name", "").lower(): var.get("name", "") for var, _ in vars}
        header = {str(one): names.get(str(one).lower(), str(one)) for one in cells.columns}
        known = [one for one in vars if one[0].get("name") in header.values()]
        if not known:
            return self.nameless(cells, vars, path)
        lost = [str(var.get("name")) for var, _ in vars if var.get("name") not in header.values()]
        if lost:
            self.note(f"Variables of the codebook that the data do not have: {some(lost)}.")
        extra = [one for one in header.values() if one not in names.values()]
        if extra:
            self.note(f"Columns that the codebook does not describe: {some(extra)}.")
        return cells.rename(columns=header), known

    def nameless(
        self, cells: pd.DataFrame, vars: list[tuple[Any, Item]], path: Path
    ) -> tuple[pd.DataFrame, list[tuple[Any, Item]]]:
        """Return data without a header, whose columns are the variables in their order."""
        import pandas as pd

        if len(cells.columns) != len(vars):
            raise VolResearchError(
                "read.form",
                "Codebook and data do not belong together: no column is called as a variable.",
                where=Where(file=short_path(path)),
                expected=some(str(var.get("name", "")) for var, _ in vars),
                got=some(map(str, cells.columns)),
            )
        self.note("The data have no header: columns are the variables of the codebook, in their order.")
        names = [var.get("name", "") for var, _ in vars]
        first = pd.DataFrame([[str(one) for one in cells.columns]], columns=names, dtype="str")
        return pd.concat([first, cells.set_axis(names, axis=1)], ignore_index=True), vars

    def described(
        self, name: str, cells: pd.DataFrame, vars: list[tuple[Any, Item]], decimals: dict[str, int]
    ) -> RawTable:
        """Return a table of anybody with what its codebook says."""
        import pandas as pd

        names, _ = unique([identifier(str(one)) for one in cells.columns])
        by_name = {var.get("name"): (var, item) for var, item in vars}
        columns, variables = {}, {}
        for called, header in zip(names, cells.columns, strict=True):
            columns[called] = cells[header]
            if header not in by_name:
                continue
            var, item = by_name[header]
            read = variable_of(var, item, cells[header], called, self.lang, decimals.get(header, 0))
            columns[called], variables[called] = read.cells, read.variable
            for said in read.notes:
                self.note(said, called)
        guess = (one for one in variables if not _typed(by_name[variables[one].source or one][0]))
        return RawTable(name, pd.DataFrame(columns, index=cells.index), variables, guess=frozenset(guess))

    def linked(self, tables: list[RawTable], files: list[_File]) -> list[RawTable]:
        """Return the tables with the links that our writer noted."""
        links = {str(one.said.get("table")): one.said.get("link") for one in files if one.said}
        frames = {one.name: one.frame for one in tables}
        out = []
        for table in tables:
            told = links.get(table.name)
            link = (
                Link(*(str(told.get(key)) for key in ("parent", "key", "parent_key")))
                if isinstance(told, dict)
                else None
            )
            fits = (
                link is not None
                and link.parent in frames
                and link.key in frames[link.parent]
                and link.parent_key in table.frame
            )
            out.append(table.with_(link=link) if fits else table)
        return out


def _typed(var: Any) -> bool:
    """Whether a codebook says anything of a variable's type; where it does not, the content does."""
    domain = (child(var, "qstn") is not None) and child(var, "qstn").get("responseDomainType")
    return bool(
        domain or var.get("intrvl") or child(var, "varFormat") is not None or child(var, "catgry") is not None
    )
