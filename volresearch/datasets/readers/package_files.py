"""The files of a data package: descriptors, and cells as text; nothing outside of the package's folder is opened."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.files import sha256_of
from volresearch.datasets.provenance import Source
from volresearch.datasets.readers.ddi_data import Dialect, delimited_text, encoding_known, inside
from volresearch.datasets.readers.delimited import read_delimited
from volresearch.datasets.readers.found import Asked, Note
from volresearch.datasets.readers.text_headers import unique
from volresearch.errors import VolResearchError, Where, short_path

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MAX_DESCRIPTOR", "PackageFiles", "mapping"]

MAX_DESCRIPTOR = 50 << 20
_MAX_PARTS = 1_000
_TEXTS = frozenset({"csv", "tsv", "txt", "tab", ""})


@dataclass
class PackageFiles:
    """Reads the files of one package; collects what was read and what there is to say."""

    asked: Asked
    source: Source
    notes: list[Note] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder of the descriptor."""
        return self.asked.path.parent

    @property
    def where(self) -> Where:
        """The descriptor."""
        return Where(file=short_path(self.asked.path))

    def json_of(self, path: Path) -> Any:
        """Return what a JSON file holds."""
        try:
            if path.stat().st_size > MAX_DESCRIPTOR:
                raise VolResearchError(
                    "read.limit", "This descriptor is too large.", where=Where(file=short_path(path))
                )
            return json.loads(path.read_text(encoding="utf-8-sig"))
        except (ValueError, RecursionError, OSError) as error:
            raise VolResearchError(
                "read.file", f"This is no JSON: {error}.", where=Where(file=short_path(path))
            ) from None

    def note(self, said: str, where: Where | None = None) -> None:
        """Take a note."""
        self.notes.append(Note(said, where or self.where))

    def cells(self, resource: dict[str, Any], name: str, place: Where) -> pd.DataFrame | None:
        """Return the cells of a resource as text, with the names of its header; None for what is no table."""
        path, data = resource.get("path"), resource.get("data")
        if path is None and data is not None:
            return self.inline(data, name, place)
        parts = [path] if isinstance(path, str) else path
        if (
            not isinstance(parts, list)
            or not parts
            or not all(isinstance(one, str) and one for one in parts)
            or len(parts) > _MAX_PARTS
        ):
            self.note(f'The resource "{name}" names no file: it was passed over.', place)
            return None
        files = [inside(self.folder, one, place) for one in parts]
        kind = str(resource.get("format") or files[0].name.removesuffix(".gz").rpartition(".")[2]).lower()
        if kind not in _TEXTS and not str(resource.get("mediatype", "")).startswith("text/csv"):
            self.note(f'The resource "{name}" is {kind}, no CSV: it was passed over.', place)
            return None
        dialect = self.dialect(resource, kind, place)
        frames = [self.file(one, dialect, resource, place) for one in files]
        return _stacked(frames, self, name, place)

    def file(self, path: Path, dialect: Dialect, resource: dict[str, Any], place: Where) -> pd.DataFrame:
        """Return the cells of one file."""
        if not path.is_file():
            raise VolResearchError(
                "read.file",
                f'The data file "{path.name}" is not there.',
                where=place,
                hint="Put it beside its descriptor, where it is named.",
            )
        source = Source(path.name, sha256_of(path), path.stat().st_size)
        self.sources.append(source)
        told = str(resource.get("hash") or "")
        if (
            told.startswith("sha256:")
            and told[7:].lower() != source.sha256
            and isinstance(resource.get("path"), str)
        ):
            self.note(
                f"{path.name} was changed after its descriptor was written: it has another sha256.", place
            )
        raw = delimited_text(path, dialect)
        if raw is None:
            return self.as_found(path, source, place)
        if not dialect.header:
            return raw.set_axis([f"column_{number + 1}" for number in range(raw.shape[1])], axis=1)
        header, _ = unique([str(cell) if cell == cell else "" for cell in raw.iloc[0].fillna("")])
        return raw.iloc[1:].reset_index(drop=True).set_axis(header, axis=1)

    def as_found(self, path: Path, source: Source, place: Where) -> pd.DataFrame:
        """Read a file that is not written as declared the way any text file is read."""
        self.note(
            f"{path.name} is not written as its descriptor says; it was read by what was found in it.", place
        )
        found = read_delimited(replace(self.asked, path=path, engine="pandas"), source)
        self.notes.extend(found.notes)
        frame: pd.DataFrame = found.main.frame
        return frame

    def dialect(self, resource: dict[str, Any], kind: str, place: Where) -> Dialect:
        """Return how the files of a resource are written."""
        said = self.referenced(resource.get("dialect"), place)
        said = {**said, **mapping(said.get("csv"))}
        encoding = self.asked.encoding or str(resource.get("encoding") or "utf-8")
        if not encoding_known(encoding):
            self.note(f'There is no encoding "{encoding[:40]}"; UTF-8 was taken.', place)
            encoding = "utf-8"
        delimiter = said.get("delimiter")
        return Dialect(
            delimiter=delimiter
            if isinstance(delimiter, str) and delimiter
            else "\t"
            if kind in {"tsv", "tab"}
            else ",",
            quote=str(said.get("quoteChar", '"') or "")[:1],
            double=said.get("doubleQuote") is not False,
            escape=str(said.get("escapeChar") or "")[:1],
            encoding=encoding,
            header=said.get("header") is not False,
            comment=str(said.get("commentChar") or ""),
            skip_space=said.get("skipInitialSpace") is True,
        )

    def inline(self, data: Any, name: str, place: Where) -> pd.DataFrame | None:
        """Return rows that stand in the descriptor itself: mappings, or lists of which the first is the header."""
        import pandas as pd

        if not self.sources:
            self.sources.append(self.source)
        rows: list[Any] = data if isinstance(data, list) else []
        if rows and all(isinstance(row, dict) for row in rows):
            header = list(dict.fromkeys(str(key) for row in rows for key in row))
            cells = [[_plain(row.get(key)) for key in header] for row in rows]
        elif (
            rows
            and all(isinstance(row, list) for row in rows)
            and all(len(row) == len(rows[0]) for row in rows)
        ):
            header = [_plain(cell) or "" for cell in rows[0]]
            cells = [[_plain(cell) for cell in row] for row in rows[1:]]
        else:
            self.note(f'The resource "{name}" holds data that are no table: it was passed over.', place)
            return None
        return pd.DataFrame(cells, columns=unique(header)[0], dtype="str")

    def referenced(self, given: Any, place: Where) -> dict[str, Any]:
        """Return a schema or a dialect that stands in the descriptor, or in a file that it names."""
        if isinstance(given, str):
            path = inside(self.folder, given, place)
            if not path.is_file():
                raise VolResearchError("read.file", f'The file "{path.name}" is not there.', where=place)
            given = self.json_of(path)
        return mapping(given)


def _stacked(frames: list[pd.DataFrame], package: PackageFiles, name: str, place: Where) -> pd.DataFrame:
    """Put the parts of a resource below each other."""
    first = frames[0]
    if len(frames) == 1:
        return first
    import pandas as pd

    if any(list(frame.columns) != list(first.columns) for frame in frames):
        raise VolResearchError(
            "read.format", f'The parts of the resource "{name}" have different columns.', where=place
        )
    package.note(f'The resource "{name}" stands in {len(frames)} files, put below each other.', place)
    return pd.concat(frames, ignore_index=True)


def mapping(given: Any) -> dict[str, Any]:
    """Return a JSON object, an empty one in the place of anything else."""
    return given if isinstance(given, dict) else {}


def _plain(cell: Any) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)
