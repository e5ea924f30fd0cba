"""From an XLSForm to an instrument."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from volresearch.errors import VolResearchError, Where, near
from volresearch.instruments.exchange import Imported, Note, file_bytes
from volresearch.instruments.items import Choice, Scale, Translation
from volresearch.instruments.model import Instrument
from volresearch.instruments.xlsform.survey import Survey
from volresearch.instruments.xlsform.table import Row, Table
from volresearch.instruments.xlsform.words import Languages
from volresearch.instruments.xlsform.workbook import Sheet, read_workbook
from volresearch.text import Text

__all__ = ["read", "read_sheets", "read_with_notes"]

_MAX_LANGUAGES = 200
_MEDIA = ("image", "audio", "video", "big-image")


def read(source: str | Path | bytes) -> Instrument:
    """Read an XLSForm; see `read_with_notes`."""
    return read_with_notes(source).instrument


def read_with_notes(source: str | Path | bytes) -> Imported:
    """Read an XLSForm, .xlsx or .xls, told apart by its bytes.

    Parameters
    ----------
    source : path or bytes
        The workbook.

    Returns
    -------
    Imported
        The instrument, and notes on what was passed over.

    Raises
    ------
    VolResearchError
        ``instrument.format`` with sheet and row; ``instrument.limit``; ``tool.missing``.

    References
    ----------
    XLSForm standard (xlsform.org), with the older spellings that forms in the field still have.
    """
    data, name = file_bytes(source)
    return read_sheets(read_workbook(data, name), name)


def read_sheets(sheets: tuple[Sheet, ...], name: str) -> Imported:
    """Read a form from its sheets, wherever they come from; see `read_with_notes`."""
    return _Reader(sheets, name).imported()


class _Reader:
    """Reads the sheets of one form."""

    def __init__(self, sheets: tuple[Sheet, ...], file: str) -> None:
        self.file = file
        self.notes: list[Note] = []
        self.rest = {sheet.name: sheet for sheet in sheets}
        survey = self.take("survey")
        if survey is None or not survey.rows:
            names = [sheet.name for sheet in sheets]
            raise VolResearchError(
                "instrument.format",
                "There is no sheet called survey." if survey is None else "The sheet survey is empty.",
                where=Where(file=file),
                expected="an XLSForm: sheets survey, choices, settings",
                got=", ".join(f'"{name}"' for name in names[:10]),
                hint=near("survey", names) if survey is None else "",
            )
        self.survey = Table(survey, "survey", file)
        self.choices = Table(self.take("choices"), "choices", file)
        self.external = Table(self.take("external_choices"), "choices", file)
        self.settings = self.take("settings")
        tables = (self.survey, self.choices, self.external)
        spoken = dict.fromkeys(name for table in tables for name in table.languages)
        if len(spoken) > _MAX_LANGUAGES:
            said = f"This form has more than {_MAX_LANGUAGES} languages."
            raise VolResearchError("instrument.limit", said, where=self.survey.where(1))
        self.languages = Languages(spoken)

    def take(self, role: str) -> Sheet | None:
        """Take the sheet of a role out of the sheets, whatever its case."""
        for name in self.rest:
            if name.strip().lower() == role:
                return self.rest.pop(name)
        return None

    def imported(self) -> Imported:
        settings = self.settings_read()
        scales = self.all_scales()
        if any(len({choice.code for choice in scale.choices}) < len(scale.choices) for scale in scales):
            settings.pop("allow_choice_duplicates", "")  # the writer says it where it is so
        survey = Survey(self.survey, self.languages)
        items = survey.entries()
        stem = re.sub(r"\.\w+$", "", Path(self.file).name)
        form_id = settings.setdefault("form_id", stem)
        title = settings.pop("form_title", "") or form_id
        version = settings.pop("version", "") or "1"
        instrument = Instrument(
            id=f"form.{_slug(form_id)}",
            version=version,
            title=Text(title),
            languages=self.translations(settings),
            default_language=self.languages.tags.get(settings.get("default_language", ""), ""),
            scales=tuple(survey.with_others(scales)),
            items=items,
            settings=settings,
            extras=self.extras(),
        )
        for table in (self.survey, self.choices, self.external):
            self.notes += table.notes
        notes = (*self.notes, *survey.notes)
        return Imported(instrument, notes)

    def translations(self, settings: Mapping[str, str]) -> dict[str, Translation]:
        first = settings.get("default_language", "") or next(iter(self.languages.tags), "")
        return {
            tag: Translation(status="original" if name == first else "draft", name=name)
            for name, tag in self.languages.tags.items()
        }

    def settings_read(self) -> dict[str, str]:
        if self.settings is None or len(self.settings.rows) < 2:
            return {}
        head = [cell.strip() for cell in self.settings.rows[0][1]]
        out: dict[str, str] = {}
        for key, cell in zip(head, self.settings.rows[1][1], strict=False):
            plain = {
                "form title": "form_title",
                "title": "form_title",
                "form id": "form_id",
                "id_string": "form_id",
            }
            low = key.lower()
            if key and cell.strip():
                known = plain.get(
                    low, low if low in {"form_title", "form_id", "version", "default_language"} else key
                )
                out.setdefault(known, cell.strip())
        for number, _ in self.settings.rows[2:]:
            where = Where(file=self.file, sheet=self.settings.name, row=number)
            self.notes.append(Note("Settings have one row; this one is passed over.", where))
        return out

    def extras(self) -> dict[str, Any]:
        columns = {
            role: table.unknown
            for role, table in (
                ("survey", self.survey),
                ("choices", self.choices),
                ("external_choices", self.external),
            )
            if table.unknown
        }
        sheets = {
            name: tuple(row for _, row in sheet.rows) for name, sheet in self.rest.items() if sheet.rows
        }
        return {key: value for key, value in (("columns", columns), ("sheets", sheets)) if value}

    def all_scales(self) -> list[Scale]:
        scales, external = self.scales(self.choices, False), self.scales(self.external, True)
        doubles = {scale.name for scale in scales} & {scale.name for scale in external}
        if doubles and self.external.sheet:
            said = f"Lists stand in choices too: {', '.join(sorted(doubles))}; this sheet is kept unread."
            self.notes.append(Note(said, self.external.where()))
            self.rest[self.external.sheet.name] = self.external.sheet
            self.external = Table(None, "choices", self.file)
            return scales
        return [*scales, *external]

    def scales(self, table: Table, external: bool) -> list[Scale]:
        lists: dict[str, list[Choice]] = {}
        for row in table.rows(self.languages):
            name = row.cell("list_name")
            if name:
                lists.setdefault(name, []).append(_choice(row))
            else:
                table.notes.append(Note("A row without list_name is passed over.", table.where(row.number)))
        return [
            Scale(name=name, choices=tuple(choices), external=external) for name, choices in lists.items()
        ]


def _choice(row: Row) -> Choice:
    extras = dict(row.extras)
    missing, value = extras.pop("vr_missing", None), extras.pop("vr_value", None)
    return Choice(
        code=row.cell("name"),
        label=row.text("label"),
        missing=missing,  # type: ignore[arg-type]
        value=float(value) if value else None,
        media={key: row.text(key) for key in _MEDIA if row.text(key)},
        extras=extras,
    )


def _slug(text: str) -> str:
    return re.sub(r"\W+", "_", text.lower()).strip("_")[:80] or "form"
