"""A sheet with its headers understood: rows as keys, wordings and further columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from volresearch.errors import VolResearchError, Where
from volresearch.instruments.exchange import Note
from volresearch.instruments.xlsform.words import TEXTS, Header, Languages, read_header
from volresearch.instruments.xlsform.workbook import Sheet
from volresearch.text import Text

__all__ = ["Row", "Table"]


@dataclass(frozen=True)
class Row:
    """One row: cells by key, wordings by key and language, further columns by header."""

    number: int
    cells: Mapping[str, str]
    wordings: Mapping[str, Mapping[str, str]]
    extras: Mapping[str, str]

    def text(self, key: str) -> Text:
        """Return a multilingual text; empty where there is none."""
        return Text(self.wordings.get(key, {}))

    def cell(self, key: str) -> str:
        """Return a cell without the space around it."""
        return self.cells.get(key, "").strip()


class Table:
    """A sheet of a form.

    Parameters
    ----------
    sheet : Sheet
        Its first row is the header.
    role : str
        ``survey`` or ``choices``: what its headers mean.
    file : str
        Name of the file, for errors.
    """

    def __init__(self, sheet: Sheet | None, role: str, file: str) -> None:
        self.sheet, self.file = sheet, file
        self.notes: list[Note] = []
        first = sheet.rows[0][1] if sheet and sheet.rows else ()
        self.headers = [read_header(cell, role) if cell.strip() else None for cell in first]

    def where(self, row: int | None = None) -> Where:
        """Return a place in this sheet."""
        return Where(file=self.file, sheet=self.sheet.name if self.sheet else None, row=row)

    @property
    def languages(self) -> tuple[str, ...]:
        """Names of languages, in the order of the columns."""
        return tuple(dict.fromkeys(header.language for header in self.headers if header and header.language))

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headers of further columns."""
        further = (header.written for header in self.headers if header and not header.key)
        return tuple(dict.fromkeys(written for written in further if not written.startswith("vr_")))

    def rows(self, languages: Languages) -> Iterator[Row]:
        """Yield the rows below the header.

        Raises
        ------
        VolResearchError
            ``instrument.format``: two columns with one meaning that say different things.
        """
        for number, cells in self.sheet.rows[1:] if self.sheet else ():
            yield self._row(number, cells, languages)

    def _row(self, number: int, cells: tuple[str, ...], languages: Languages) -> Row:
        seen: dict[tuple[str, str], str] = {}
        wordings: dict[str, dict[str, str]] = {}
        plain: dict[str, str] = {}
        extras: dict[str, str] = {}
        for at, cell in enumerate(cells):
            header = self.headers[at] if at < len(self.headers) else None
            if not cell.strip():
                continue
            if header is None:
                self.notes.append(
                    Note(f'"{cell[:40]}" stands in a column without header.', self.where(number))
                )
                continue
            self._once(header, cell, seen, number)
            if not header.key:
                extras[header.written] = cell
            elif header.key in TEXTS:
                wordings.setdefault(header.key, {})[languages.tag(header.language)] = cell
            else:
                plain[header.key] = cell
        return Row(number, plain, wordings, extras)

    def _once(self, header: Header, cell: str, seen: dict[tuple[str, str], str], number: int) -> None:
        meaning = (header.key or header.written, header.language)
        if seen.setdefault(meaning, cell) != cell:
            raise VolResearchError(
                "instrument.format",
                f'Two columns mean "{header.key or header.written}" and differ.',
                where=self.where(number),
                got=f"{seen[meaning][:60]!r} and {cell[:60]!r}",
                hint="Rename or remove one of them.",
            )
