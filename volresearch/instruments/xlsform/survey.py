"""The sheet ``survey``: rows become items, blocks and repeats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import ValidationError

from volresearch.errors import VolResearchError
from volresearch.expressions import Expression
from volresearch.expressions.xpath import from_xpath
from volresearch.expressions.xpath_writing import to_xpath
from volresearch.instruments.exchange import Note
from volresearch.instruments.formula import Formula
from volresearch.instruments.items import Block, Choice, Item, OtherSpecify, Scale
from volresearch.instruments.xlsform.table import Row, Table
from volresearch.instruments.xlsform.words import Languages, QuestionType, question_type, truth_of
from volresearch.text import Text

__all__ = ["ADDED", "Survey"]

Entry = TypeVar("Entry", Item, Block)

_MEDIA = ("image", "audio", "video", "big-image")
_KINDS = {
    **dict.fromkeys(["integer", "decimal", "range"], "number"),
    **dict.fromkeys(["date", "datetime"], "day"),
    **dict.fromkeys(["one", "several", "ranking", "text", "barcode", "time"], "text"),
}
#: Mark of an item whose form says ``or_other``, and of the choice that this adds by itself.
ADDED = "added_by_or_other"
#: Columns of ours that other tools pass over.
_OWN = (
    "vr_unit",
    "vr_reference_period",
    "vr_coded_to",
    "vr_measures",
    "vr_sensitive",
    "vr_sides",
    "vr_waves",
)
_MAX_DEPTH = 30


def _kinds_of(typed: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what each variable holds for `from_xpath`, from its name and type of item."""
    out: dict[str, str] = {}
    for name, kind in typed:
        if kind in _KINDS:
            out.setdefault(name, _KINDS[kind])
    return out


@dataclass
class _Open:
    """A block that is being read: its row and what stands in it so far."""

    row: Row | None
    type: QuestionType
    entries: list[Item | Block] = field(default_factory=list)


class Survey:
    """Reads the rows of the sheet ``survey``."""

    def __init__(self, table: Table, languages: Languages) -> None:
        self.table = table
        self.rows = [(row, question_type(row.cell("type"))) for row in table.rows(languages)]
        self.kinds = _kinds_of((_name(row), kind.type) for row, kind in self.rows)
        self.notes: list[Note] = []
        self.others: set[str] = set()

    def entries(self) -> tuple[Item | Block, ...]:
        """Return the items and blocks.

        Raises
        ------
        VolResearchError
            ``instrument.format``: groups that do not close, a calculation that calculates nothing.
        """
        stack = [_Open(None, QuestionType(""))]
        for row, kind in self.rows:
            if not row.cell("type"):
                self._passed_over(row)
            elif kind.opens:
                if len(stack) > _MAX_DEPTH:
                    raise self._fault(f"Groups stand more than {_MAX_DEPTH} deep.", row)
                stack.append(_Open(row, kind))
            elif kind.closes:
                self._close(stack, row, kind)
            else:
                stack[-1].entries.append(self._item(row, kind))
        if len(stack) > 1:
            opened = stack[-1]
            raise self._fault(f"This {opened.type.opens} is never ended.", opened.row)
        return tuple(stack[0].entries)

    def with_others(self, scales: list[Scale]) -> list[Scale]:
        """Return the scales with the answer "other" where ``or_other`` adds it."""
        out = []
        for scale in scales:
            lacks = scale.name in self.others and "other" not in {choice.code for choice in scale.choices}
            added = (Choice(code="other", label=Text("Other"), extras={ADDED: "yes"}),) if lacks else ()
            out.append(scale.model_copy(update={"choices": (*scale.choices, *added)}))
        return out

    def _passed_over(self, row: Row) -> None:
        if row.cell("name"):
            raise self._fault(f'The question "{row.cell("name")}" has no type.', row)
        self.notes.append(Note("A row without type is passed over.", self.table.where(row.number)))

    def _close(self, stack: list[_Open], row: Row, kind: QuestionType) -> None:
        opened = stack.pop()
        if opened.row is None or opened.type.opens != kind.closes:
            said = (
                "no group is open"
                if opened.row is None
                else f"a {opened.type.opens} is open since row {opened.row.number}"
            )
            raise self._fault(f"This ends a {kind.closes}, but {said}.", row)
        stack[-1].entries.append(self._block(opened, row))

    def _block(self, opened: _Open, closing: Row) -> Block:
        row = opened.row
        assert row is not None
        extras = dict(row.extras)
        for key in (
            "constraint",
            "required",
            "readonly",
            "default",
            "calculation",
            "parameters",
            "trigger",
            "choice_filter",
        ):
            if row.cell(key):
                extras[key] = row.cells[key]
        ended = {key: value for key, value in closing.cells.items() if key != "type"}
        ended |= {
            f"{key}::{tag}": text for key, many in closing.wordings.items() for tag, text in many.items()
        }
        sides, waves = extras.pop("vr_sides", ""), extras.pop("vr_waves", "")
        return self._made(
            Block, row,
            name=_name(row), text=row.text("label"), hint=row.text("hint"),
            kind=opened.type.opens, items=tuple(opened.entries), scale=opened.type.list_name,
            ask_if=self._formula(row, "relevant", None), count=self._formula(row, "repeat_count", None),
            appearance=row.cell("appearance"), media=_media(row), extras=extras,
            sides=tuple(sides.split()), waves=tuple(waves.split()),
            closing={**ended, **closing.extras},
        )  # fmt: skip

    def _item(self, row: Row, kind: QuestionType) -> Item:
        name = _name(row)
        if not row.cell("name"):
            self.notes.append(
                Note(f"A question without name is called {name}.", self.table.where(row.number))
            )
        if kind.type == "calculate" and not (row.cell("calculation") or row.cell("default")):
            raise self._fault(f'"{name}" calculates nothing: the column calculation is empty.', row)
        extras = dict(row.extras)
        parameters = _parameters(row.cell("parameters"), extras)
        if kind.type in {"metadata", "external"}:
            parameters = {"source": kind.source, **parameters}
        if kind.type == "other":
            extras["type"] = kind.source
            self.notes.append(
                Note(f'The type "{kind.source}" is unknown here and kept.', self.table.where(row.number))
            )
        if row.cell("repeat_count"):
            extras["repeat_count"] = row.cells["repeat_count"]
        own = {key: extras.pop(key) for key in _OWN if key in extras}
        if kind.or_other:
            self.others.add(kind.list_name)
            extras[ADDED] = "yes"
        file = kind.source == "file"
        return self._made(
            Item, row,
            name=name, type=kind.type, text=row.text("label"), hint=row.text("hint"), guidance=row.text("guidance_hint"),
            scale="" if file else kind.list_name, choices_file=kind.list_name if file else "",
            other_specify=OtherSpecify() if kind.or_other else None,
            ask_if=self._formula(row, "relevant", name), constraint=self._formula(row, "constraint", name),
            constraint_message=row.text("constraint_message"), required_message=row.text("required_message"),
            required=self._truth(row, "required", name), read_only=self._truth(row, "readonly", name),
            default=row.cells.get("default", ""), calculation=self._formula(row, "calculation", name),
            trigger=row.cell("trigger"), choice_filter=_kept(row.cells.get("choice_filter", "")),
            appearance=row.cell("appearance"), media=_media(row), parameters=parameters, extras=extras,
            unit=own.get("vr_unit", ""), reference_period=own.get("vr_reference_period", ""),
            coded_to=own.get("vr_coded_to", ""), measures=own.get("vr_measures", ""),
            sensitive=own.get("vr_sensitive") == "yes",
            sides=tuple(own.get("vr_sides", "").split()), waves=tuple(own.get("vr_waves", "").split()),
        )  # fmt: skip

    def _made(self, model: type[Entry], row: Row, **values: Any) -> Entry:
        try:
            return model(**values)
        except ValidationError as error:
            said = str(error.errors(include_url=False)[0]["msg"]).removeprefix("Value error, ")
            raise self._fault(f'"{values["name"]}": {said}.', row) from None

    def _formula(self, row: Row, key: str, own: str | None) -> Formula | None:
        text = row.cells.get(key, "")
        if not text.strip():
            return None
        read = from_xpath(text, own, self.kinds)
        if isinstance(read, Expression) and self._comes_back(read, own):
            return Formula.from_expression(read)
        return Formula.kept(text, "xpath")

    def _comes_back(self, read: Expression, own: str | None) -> bool:
        """Whether the translation survives being written: what does not is kept word for word."""
        try:
            return from_xpath(to_xpath(read.node, own), own, self.kinds) == read and str(read) != ""
        except ValueError:
            return False

    def _truth(self, row: Row, key: str, own: str) -> bool | Formula:
        truth = truth_of(row.cell(key))
        return truth if truth is not None else self._formula(row, key, own) or False

    def _fault(self, message: str, row: Row | None) -> VolResearchError:
        return VolResearchError(
            "instrument.format", message, where=self.table.where(row.number if row else None)
        )


def _name(row: Row) -> str:
    return row.cell("name") or f"unnamed_{row.number}"


def _kept(text: str) -> Formula | None:
    return Formula.kept(text, "xpath") if text.strip() else None


def _media(row: Row) -> dict[str, Text]:
    return {key: row.text(key) for key in _MEDIA if row.text(key)}


_PARAMETER = re.compile(r"([\w-]+)\s*=\s*([^\s,;=]+)(?:\s*[,;]\s*|\s+|$)")


def _parameters(text: str, extras: dict[str, str]) -> Mapping[str, str]:
    """Return ``start=0 end=10`` as a mapping; what is written otherwise is kept as a column."""
    if not text:
        return {}
    found = list(_PARAMETER.finditer(text))
    if "".join(one.group() for one in found) == text and "source" not in {one[1] for one in found}:
        return {one[1]: one[2] for one in found}
    extras["parameters"] = text
    return {}
