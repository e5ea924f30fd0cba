"""REDCap data dictionaries (CSV) in and out.

A dictionary has one language. Branching logic and calculations keep REDCap's language; what the house language says is
written as REDCap logic where that has the words.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from volresearch.errors import VolResearchError, Where, short_path
from volresearch.expressions.nodes import (
    Arithmetic,
    Call,
    Compare,
    Literal,
    Logic,
    Member,
    Name,
    Negative,
    Node,
    Not,
)
from volresearch.instruments.exchange import Imported, Note, file_bytes
from volresearch.instruments.formula import Formula
from volresearch.instruments.items import Block, Choice, Item
from volresearch.instruments.model import Instrument
from volresearch.text import Text

__all__ = ["read", "read_with_notes", "write"]

#: Headers of a dictionary, in their order.
COLUMNS = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note", "Text Validation Type OR Show Slider Number",
    "Text Validation Min", "Text Validation Max", "Identifier?", "Branching Logic (Show field only if...)",
    "Required Field?", "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?",
    "Field Annotation",
)  # fmt: skip
(
    NAME,
    FORM,
    SECTION,
    TYPE,
    LABEL,
    CHOICES,
    NOTE,
    VALIDATION,
    LOW,
    HIGH,
    IDENTIFIER,
    BRANCHING,
    REQUIRED,
    *REST,
) = COLUMNS
#: Headers of dictionaries that the API returns -> ours.
_API = dict(
    zip(
        (
            "field_name", "form_name", "section_header", "field_type", "field_label", "select_choices_or_calculations",
            "field_note", "text_validation_type_or_show_slider_number", "text_validation_min", "text_validation_max",
            "identifier", "branching_logic", "required_field", "custom_alignment", "question_number", "matrix_group_name",
            "matrix_ranking", "field_annotation",
        ),
        COLUMNS,
        strict=True,
    )
)  # fmt: skip
_TYPES = {"radio": "one", "dropdown": "one", "yesno": "one", "truefalse": "one", "checkbox": "several", "calc": "calculate",
          "file": "file", "slider": "range", "descriptive": "note", "notes": "text", "text": "text"}  # fmt: skip
_VALIDATED = (
    ("date_", "date"),
    ("datetime_", "datetime"),
    ("time", "time"),
    ("integer", "integer"),
    ("number", "decimal"),
)
_FIXED = {"yesno": (("1", "Yes"), ("0", "No")), "truefalse": (("1", "True"), ("0", "False"))}
_WRITTEN = {"one": "radio", "several": "checkbox", "roster": "checkbox", "ranking": "checkbox", "consent": "yesno",
            "calculate": "calc", "note": "descriptive", "range": "slider", "file": "file", "image": "file", "audio": "file",
            "video": "file"}  # fmt: skip
_VALIDATIONS = {
    "date": "date_ymd",
    "datetime": "datetime_ymd",
    "time": "time",
    "integer": "integer",
    "decimal": "number",
}
_MAX_ROWS = 20_000
_KEPT = "redcap_type"


def read(source: str | Path | bytes) -> Instrument:
    """Read a data dictionary; see `read_with_notes`."""
    return read_with_notes(source).instrument


def read_with_notes(source: str | Path | bytes) -> Imported:
    """Read a data dictionary.

    Parameters
    ----------
    source : path or bytes
        CSV with the headers of the dictionary download or of the API, in UTF-8 (with or without a byte order mark)
        or windows-1252.

    Raises
    ------
    VolResearchError
        ``instrument.format`` with the row; ``instrument.limit``.
    """
    data, name = file_bytes(source)
    rows = list(_rows(data, name))
    notes: list[Note] = []
    blocks: dict[str, list[Item]] = {}
    for number, row in rows:
        if not row.get(NAME, "").strip():
            raise _fault("A field has no name.", name, number)
        blocks.setdefault(row.get(FORM, "").strip() or "form", []).append(_item(row, name, number, notes))
    title = Path(name).stem
    instrument = Instrument(
        id=f"form.{re.sub(r'[^a-z0-9]+', '_', title.lower()).strip('_') or 'redcap'}",
        title=Text(title),
        items=tuple(Block(name=form, text=Text(form), items=tuple(items)) for form, items in blocks.items()),
    )
    return Imported(instrument, tuple(notes))


def _fault(message: str, file: str, row: int) -> VolResearchError:
    return VolResearchError("instrument.format", message, where=Where(file=file, row=row))


def _rows(data: bytes, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        head = [_API.get(cell.strip(), cell.strip()) for cell in next(reader, [])]
        if NAME not in head or TYPE not in head:
            raise VolResearchError(
                "instrument.format",
                "This is no REDCap data dictionary.",
                where=Where(file=name, row=1),
                expected=f'columns "{NAME}", "{TYPE}" and their like',
            )
        for number, cells in enumerate(reader, start=2):
            if number > _MAX_ROWS:
                raise VolResearchError(
                    "instrument.limit", f"There are more than {_MAX_ROWS:,} rows.", where=Where(file=name)
                )
            if any(cell.strip() for cell in cells):
                yield number, dict(zip(head, cells, strict=False))
    except csv.Error as error:
        raise VolResearchError(
            "instrument.format", f"The CSV cannot be read: {error}.", where=Where(file=name)
        ) from None


def _item(row: dict[str, str], file: str, number: int, notes: list[Note]) -> Item:
    written, name = row.get(TYPE, "").strip().lower(), row[NAME].strip()
    validation = row.get(VALIDATION, "").strip()
    kind = _TYPES.get(written, "other")
    if written == "text":
        kind = next((kind for start, kind in _VALIDATED if validation.lower().startswith(start)), "text")
    extras = {key: value for key, value in row.items() if key in {SECTION, *REST} and value.strip()}
    extras |= {key: row[key] for key in (LOW, HIGH) if row.get(key, "").strip()}
    if written not in {"radio", "checkbox", "text", "calc", "descriptive", "file"}:
        extras[_KEPT] = written
    if validation and validation != _VALIDATIONS.get(kind):
        extras[VALIDATION] = validation
    listed = row.get(CHOICES, "").strip()
    if kind == "other":
        notes.append(Note(f'The type "{written}" is unknown here and kept.', Where(file=file, row=number)))
    if kind in {"range", "other"} and listed:
        extras[CHOICES] = listed
    if kind == "calculate" and not listed:
        raise _fault(f'"{name}" calculates nothing.', file, number)
    branching = row.get(BRANCHING, "").strip()
    return Item(
        name=name,
        type=kind,  # type: ignore[arg-type]
        text=Text(row.get(LABEL, "").strip()),
        hint=Text(row.get(NOTE, "").strip()),
        choices=_choices(written, listed) if kind in {"one", "several"} else (),
        calculation=Formula.kept(listed, "redcap") if kind == "calculate" else None,
        ask_if=Formula.kept(branching, "redcap") if branching else None,
        required=row.get(REQUIRED, "").strip().lower() in {"y", "yes", "1"},
        sensitive=row.get(IDENTIFIER, "").strip().lower() in {"y", "yes", "1"},
        extras=extras or ({_KEPT: written} if kind in {"one", "several"} and not listed else {}),
    )


def _choices(written: str, listed: str) -> tuple[Choice, ...]:
    """Read ``0, No | 1, Yes``: a label may hold commas, so the first one parts code and label.

    A part without a comma, after one that has it, is no answer of its own: the label before it holds the bar.

    >>> [(choice.code, str(choice.label)) for choice in _choices("radio", "1, Yes, often|2, No|never")]
    [('1', 'Yes, often'), ('2', 'No|never')]
    """
    if not listed:
        return tuple(Choice(code=code, label=Text(label)) for code, label in _FIXED.get(written, ()))
    parts: list[str] = []
    for bar, part in re.findall(r"(^|\||\n)([^|\n]*)", listed):
        if part.strip() and "," not in part and parts and "," in parts[-1]:
            parts[-1] += f"{'|' if bar == '|' else ' '}{part.strip()}"
        elif part.strip():
            parts.append(part)
    pairs = [part.partition(",") for part in parts]
    return tuple(Choice(code=code.strip(), label=Text(label.strip())) for code, _, label in pairs)


def write(instrument: Instrument, path: str | Path) -> tuple[str, ...]:
    """Write a data dictionary, in the default language of the instrument.

    Returns
    -------
    tuple of str
        What a dictionary cannot say, one sentence each.

    Raises
    ------
    VolResearchError
        ``export.exists``.
    """
    target = Path(path)
    if target.exists():
        where = Where(file=short_path(target))
        raise VolResearchError(
            "export.exists", "The file is there already.", where=where, hint="Name another one."
        )
    writer = _Writer(instrument)
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n", extrasaction="ignore")
    table.writeheader()
    table.writerows(writer.rows())
    target.write_bytes(out.getvalue().encode())
    return tuple(dict.fromkeys(writer.losses))


class _Writer:
    """Writes one instrument."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.losses: list[str] = []
        self.several = {
            item.name for item in instrument.all_items if item.type in {"several", "roster", "ranking"}
        }
        first = next((tag for tag, one in instrument.languages.items() if one.status == "original"), "en")
        self.lang = instrument.default_language or first

    def rows(self) -> Iterator[dict[str, str]]:
        others = [tag for tag in self.instrument.tags if tag != self.lang]
        if others and self.lang in self.instrument.tags:
            self.losses.append(f"A dictionary has one language: {', '.join(others)} left out.")
        self.losses.extend(f'The score "{score.name}" is left out.' for score in self.instrument.scores)
        for entry, inside in self.instrument.walk():
            form = _name(inside[0].name if inside else "form")
            if isinstance(entry, Block):
                if entry.kind != "group":
                    said = "make its form a repeating instrument" if not inside else "it is asked once"
                    self.losses.append(f'"{entry.name}" does not repeat by itself: {said}.')
                continue
            yield from self.item(entry, form, inside)

    def item(self, item: Item, form: str, inside: tuple[Block, ...]) -> Iterator[dict[str, str]]:
        kind = item.extras.get(_KEPT) or _WRITTEN.get(item.type, "text")
        choices = self.instrument.choices_of(item)
        if item.wording:
            self.losses.append(f'The wording of "{item.name}" for each side is left out.')
        if item.constraint:
            self.losses.append(f'The constraint of "{item.name}" is left out.')
        conditions = [block.ask_if for block in inside if block.ask_if] + [item.ask_if]
        row = {
            NAME: _name(item.name), FORM: form, TYPE: kind, LABEL: self.said(item.text), NOTE: self.said(item.hint),
            CHOICES: self.listed(item, choices, kind), VALIDATION: _VALIDATIONS.get(item.type, ""),
            IDENTIFIER: "y" if item.sensitive or (item.identifying and kind != "file") else "", REQUIRED: "y" if item.required is True else "",
            BRANCHING: self.together(item.name, [one for one in conditions if one]),
        }  # fmt: skip
        if row[NAME] != item.name:
            self.losses.append(
                f'"{item.name}" is called "{row[NAME]}": REDCap takes small letters, digits and _.'
            )
        yield {
            key: _guarded(value)
            for key, value in (row | {key: one for key, one in item.extras.items() if key in COLUMNS}).items()
        }
        if item.other_specify:
            asked = (
                f"[{row[NAME]}({item.other_specify.code})] = '1'"
                if item.name in self.several
                else f"[{row[NAME]}] = '{item.other_specify.code}'"
            )
            label = self.said(item.other_specify.text) or "Please specify"
            yield {NAME: f"{row[NAME]}_other", FORM: form, TYPE: "text", LABEL: label, BRANCHING: asked}

    def said(self, text: Text) -> str:
        return text.get_in(self.lang)

    def listed(self, item: Item, choices: tuple[Choice, ...], kind: str) -> str:
        if item.calculation and item.type == "calculate":
            return self.logic(item.name, item.calculation)
        if kind in _FIXED or not choices:
            return ""
        return " | ".join(f"{choice.code}, {self.said(choice.label).replace('|', '/')}" for choice in choices)

    def together(self, name: str, formulas: list[Formula]) -> str:
        parts = [part for part in (self.logic(name, formula) for formula in formulas) if part]
        return parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts)

    def logic(self, name: str, formula: Formula) -> str:
        if formula.language == "redcap":
            return formula.text
        try:
            if formula.expression is None:
                raise ValueError(formula.language)
            return _logic(formula.expression.node, self.several)
        except ValueError as lacks:
            self.losses.append(f'A condition or calculation of "{name}" is left out: REDCap has no {lacks}.')
            return ""


def _name(name: str) -> str:
    return re.sub(r"[^a-z0-9_]", "_", name.lower())


def _guarded(text: str) -> str:
    """Keep a spreadsheet program from running a cell: REDCap trims the space."""
    return f" {text}" if text[:1] in {"=", "+", "@"} else text


_SIGNS = {"==": "=", "!=": "<>"}


def _logic(node: Node, several: set[str]) -> str:
    """Return an expression as REDCap logic; ValueError names what that lacks."""
    match node:
        case Literal(value):
            return "'" + str(value).replace("'", "") + "'" if isinstance(value, str) else str(value)
        case Name(name):
            return f"[{_name(name)}]"
        case Negative(part):
            return f"-({_logic(part, several)})"
        case Arithmetic(sign, left, right) | Compare(sign, left, right):
            return f"({_logic(left, several)} {_SIGNS.get(sign, sign)} {_logic(right, several)})"
        case Member(item, options, negated):
            text = " or ".join(f"{_logic(item, several)} = {_logic(option, several)}" for option in options)
            return f"not({text})" if negated else f"({text})"
        case Logic(word, parts):
            return "(" + f" {word} ".join(_logic(part, several) for part in parts) + ")"
        case Not(part):
            return f"not({_logic(part, several)})"
        case Call("is_missing", (Name(name),)) if name not in several:
            return f"[{_name(name)}] = ''"
        case Call("selected", (Name(name), Literal(code))):
            return f"[{_name(name)}({code})] = '1'" if name in several else f"[{_name(name)}] = '{code}'"
        case Call("if" | "round" | "abs" | "sqrt", arguments):
            return f"{node.function}({', '.join(_logic(argument, several) for argument in arguments)})"
        case Call(function, _):
            raise ValueError(f"{function}()")
