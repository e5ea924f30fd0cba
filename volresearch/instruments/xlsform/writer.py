"""From an instrument to an XLSForm."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from volresearch.errors import VolResearchError, Where, short_path
from volresearch.instruments.exchange import tool_missing
from volresearch.instruments.items import Choice
from volresearch.instruments.model import Instrument
from volresearch.instruments.xlsform.rows import Rows
from volresearch.instruments.xlsform.survey import ADDED
from volresearch.instruments.xlsform.workbook import MAX_CELL
from volresearch.text.escaping import CONTROL

__all__ = ["write", "written"]

Cells = dict[str, str]


def write(instrument: Instrument, path: str | Path) -> tuple[str, ...]:
    """Write an XLSForm (.xlsx).

    Parameters
    ----------
    instrument : Instrument
        All its languages are written.
    path : path
        The file; one that is there is not overwritten.

    Returns
    -------
    tuple of str
        What an XLSForm cannot say, one sentence each.

    Raises
    ------
    VolResearchError
        ``export.exists``, ``export.spreadsheet``: a text is longer than a cell; ``tool.missing``.
    """
    target = Path(path)
    if target.exists():
        where = Where(file=short_path(target))
        raise VolResearchError(
            "export.exists", "The file is there already.", where=where, hint="Name another one."
        )
    data, losses = written(instrument)
    target.write_bytes(data)
    return losses


def written(instrument: Instrument) -> tuple[bytes, tuple[str, ...]]:
    """Return the workbook as bytes and what it cannot say; see `write`."""
    writer = _Writer(instrument)
    sheets = writer.sheets()
    return _workbook(sheets), tuple(dict.fromkeys(writer.losses))


class _Writer:
    """Writes one instrument."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.rows = Rows(instrument)
        self.columns: Mapping[str, Iterable[str]] = instrument.extras.get("columns", {})

    @property
    def losses(self) -> list[str]:
        return self.rows.losses

    def sheets(self) -> dict[str, list[list[str]]]:
        survey = [cells for entry in self.instrument.items for cells in self.rows.of(entry)]
        own = [
            (item.name, choice)
            for item in self.instrument.all_items
            if item.choices
            for choice in item.choices
        ]
        named = [
            (scale.name, choice)
            for scale in self.instrument.scales
            if not scale.external
            for choice in scale.choices
        ]
        external = [
            (scale.name, choice)
            for scale in self.instrument.scales
            if scale.external
            for choice in scale.choices
        ]
        self._unsaid()
        out = {"survey": self._sheet("survey", survey, ["type", "name", *self.rows.labels("label")])}
        choices = [
            self._choice(name, choice) for name, choice in [*named, *own] if not choice.extras.get(ADDED)
        ]
        if choices or "choices" in self.columns:
            out["choices"] = self._sheet(
                "choices", choices, ["list_name", "name", *self.rows.labels("label")]
            )
        if external or "external_choices" in self.columns:
            cells = [self._choice(name, choice) for name, choice in external]
            out["external_choices"] = self._sheet("external_choices", cells, ["list_name", "name"])
        out["settings"] = self._settings()
        for name, rows in self.instrument.extras.get("sheets", {}).items():
            out[str(name)] = [[str(cell) for cell in row] for row in rows]
        return out

    def _sheet(self, role: str, rows: list[Cells], first: list[str]) -> list[list[str]]:
        further = [str(header) for header in self.columns.get(role, ())]
        used = [header for cells in rows for header in cells]
        known = [header for header in self.rows.order(used) if header not in further]
        headers = list(dict.fromkeys([*first, *known, *further]))
        return [headers, *([cells.get(header, "") for header in headers] for cells in rows)]

    def _choice(self, list_name: str, choice: Choice) -> Cells:
        cells = {"list_name": list_name, "name": choice.code, **self.rows.wordings("label", choice.label)}
        for key, text in choice.media.items():
            cells |= self.rows.wordings(key, text)
        if choice.missing:
            cells["vr_missing"] = choice.missing
        if choice.value is not None:
            cells["vr_value"] = repr(choice.value)
        return cells | dict(choice.extras)

    def _settings(self) -> list[list[str]]:
        form = self.instrument
        settings = dict(form.settings)
        default = form.default_language or next(
            (tag for tag, one in form.languages.items() if one.status == "original"), ""
        )
        if (
            default in form.languages
            and "default_language" not in settings
            and "form_id" not in form.settings
        ):
            settings["default_language"] = self.rows.language(default)
        settings.setdefault("form_id", form.id.replace(".", "_"))
        lists = [choice.code for scale in form.scales for choice in scale.choices]
        doubles = any(
            len({choice.code for choice in scale.choices}) < len(scale.choices) for scale in form.scales
        )
        if lists and doubles:
            settings.setdefault("allow_choice_duplicates", "yes")
        everything = {"form_title": form.title.get_in(default or "en"), "version": form.version, **settings}
        return [list(everything), list(everything.values())]

    def _unsaid(self) -> None:
        form = self.instrument
        for key in (
            "description",
            "purpose",
            "what_not_to_claim",
            "standard",
            "citation",
            "licence",
            "minutes",
        ):
            if getattr(form, key):
                self.losses.append(f'The form does not carry "{key}".')
        self.losses.extend(f'The score "{score.name}" is not computed by the form.' for score in form.scores)
        if len([tag for tag in form.title if tag != "und"]) > 1:
            self.losses.append("The title stands in the default language only.")


def _workbook(sheets: Mapping[str, list[list[str]]]) -> bytes:
    try:
        import openpyxl
    except ImportError:
        tool_missing("openpyxl")
    _check_lengths(sheets)
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name[:31])
        for row in rows:
            sheet.append([_cell(sheet, text) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _check_lengths(sheets: Mapping[str, list[list[str]]]) -> None:
    for name, rows in sheets.items():
        for number, row in enumerate(rows, start=1):
            longest = max(map(len, row), default=0)
            if longest > MAX_CELL:
                raise VolResearchError(
                    "export.spreadsheet",
                    f"A text has {longest:,} characters; a cell holds {MAX_CELL:,}.",
                    where=Where(sheet=name, row=number),
                )


def _cell(sheet: Any, text: str) -> Any:
    """Return a cell that is text to every spreadsheet program, also where it begins with = + - or @."""
    from openpyxl.cell import WriteOnlyCell

    if not text:
        return None
    cell = WriteOnlyCell(sheet, value="text")
    cell._value = CONTROL.sub("", text)  # setting .value would make a formula of what begins with =
    cell.data_type = "s"
    if text[0] in "=+-@\t\r":
        cell.style = "Normal"
        cell.quotePrefix = True
    return cell
