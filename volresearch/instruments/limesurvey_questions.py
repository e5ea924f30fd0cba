"""What LimeSurvey's types of questions are as items."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from volresearch.errors import Where
from volresearch.instruments.exchange import Imported, Note
from volresearch.instruments.formula import Formula
from volresearch.instruments.items import Block, Choice, Item, OtherSpecify, Scale, Translation
from volresearch.instruments.model import Instrument
from volresearch.text import Text

__all__ = ["Answer", "Group", "Question", "built"]


@dataclass
class Answer:
    """A code with its wordings; `scale` tells the two scales of an array apart."""

    code: str
    text: dict[str, str]
    scale: str = "0"


@dataclass
class Question:
    """A question as LimeSurvey keeps it; `rows` are its subquestions."""

    code: str
    type: str
    group: str = ""
    parent: str = ""
    scale: str = "0"
    mandatory: str = ""
    other: str = ""
    relevance: str = ""
    validation: str = ""
    default: str = ""
    text: dict[str, str] = field(default_factory=dict)
    help: dict[str, str] = field(default_factory=dict)
    rows: list[Answer] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    known: dict[tuple[str, str, str], Answer] = field(default_factory=dict)

    def add(self, kind: str, code: str, scale: str, words: Mapping[str, str]) -> None:
        """Add a row (``SQ``) or an answer (``A``), or another language of one."""
        one = self.known.get((kind, code, scale))
        if one is None:
            one = self.known[kind, code, scale] = Answer(code, {}, scale)
            (self.rows if kind == "SQ" else self.answers).append(one)
        one.text.update(words)


@dataclass
class Group:
    """A page of questions."""

    name: str
    relevance: str = ""
    title: dict[str, str] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    known: dict[str, Question] = field(default_factory=dict)


_SIMPLE = {"S": "text", "T": "text", "U": "text", "N": "decimal", "D": "datetime", "L": "one", "!": "one", "O": "one",
           "M": "several", "P": "several", "R": "ranking", "X": "note", "*": "calculate", "|": "file", "I": "metadata"}  # fmt: skip
_FIXED = {
    "Y": (("Y", "Yes"), ("N", "No")),
    "G": (("F", "Female"), ("M", "Male")),
    "5": tuple((str(number), str(number)) for number in range(1, 6)),
    "A": tuple((str(number), str(number)) for number in range(1, 6)),
    "B": tuple((str(number), str(number)) for number in range(1, 11)),
    "C": (("Y", "Yes"), ("U", "Uncertain"), ("N", "No")),
    "E": (("I", "Increase"), ("S", "Same"), ("D", "Decrease")),
}
#: Arrays: one item for each row, of this type.
_ARRAYS = {
    "F": "one",
    "H": "one",
    "A": "one",
    "B": "one",
    "C": "one",
    "E": "one",
    "1": "one",
    "K": "decimal",
    "Q": "text",
}
#: Arrays of rows and columns: one item for each cell.
_GRIDS = {":": "decimal", ";": "text"}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def built(groups: list[Group], titles: Mapping[str, str], first: str, sid: str, file: str) -> Imported:
    """Return the instrument of these groups, with notes."""
    builder = _Builder(file)
    blocks = tuple(
        Block(
            name=group.name,
            text=builder.text(group.title),
            ask_if=_condition(group.relevance),
            items=tuple(items),
        )
        for group in groups
        if (items := [item for question in group.questions for item in builder.items(question)])
    )
    title = builder.text(dict(titles)) or Text(Path(file).stem)
    used = dict.fromkeys([*([first] if first in builder.languages else []), *builder.languages])
    instrument = Instrument(
        id=f"form.{re.sub(r'[^a-z0-9]+', '_', sid.lower()).strip('_') or 'limesurvey'}",
        title=title,
        languages={lang: Translation(status="original" if lang == first else "draft") for lang in used},
        default_language=first if first in used else "",
        scales=tuple(builder.scales),
        items=blocks,
        settings={"sid": sid},
    )
    if builder.formatted:
        builder.notes.append(Note("Formatting (HTML) of the texts is left out.", Where(file=file)))
    return Imported(instrument, tuple(builder.notes))


def _condition(text: str) -> Formula | None:
    return Formula.kept(text, "limesurvey") if text.strip() not in {"", "1"} else None


class _Builder:
    """Builds items, gathering scales, languages and notes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.scales: list[Scale] = []
        self.languages: dict[str, None] = {}
        self.notes: list[Note] = []
        self.formatted = False
        self.used: set[str] = set()

    def text(self, words: Mapping[str, str]) -> Text:
        """Return wordings without HTML."""
        out = {}
        for lang, said in words.items():
            plain = " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", said)).split())
            self.formatted = self.formatted or "<" in said
            if plain:
                known = lang if _LANGUAGE.fullmatch(lang) else "und"
                if known != "und":
                    self.languages[known] = None
                out[known] = plain
        return Text(out)

    def choices(self, answers: list[Answer]) -> tuple[Choice, ...]:
        return tuple(Choice(code=one.code, label=self.text(one.text)) for one in answers)

    def common(self, question: Question) -> dict[str, Any]:
        """Return what every item of a question has."""
        said = question.attributes.get("em_validation_q") or question.validation
        extras = {"limesurvey_type": question.type}
        if question.attributes.get("hidden") == "1":
            extras["hidden"] = "1"
        return {
            "hint": self.text(question.help),
            "ask_if": _condition(question.relevance),
            "constraint": _condition(said),
            "required": question.mandatory in {"Y", "S"},
            "default": question.default,
            "extras": extras,
        }

    def items(self, question: Question) -> Iterator[Item]:
        """Yield the items that a question is."""
        if question.type in _ARRAYS and question.rows:
            yield from self.array(question)
        elif question.type in _GRIDS:
            yield from self.grid(question)
        else:
            yield self.simple(question)

    def simple(self, question: Question) -> Item:
        kind = "one" if question.type in _FIXED else _SIMPLE.get(question.type, "other")
        values = self.common(question)
        if kind == "other":
            values["extras"]["type"] = question.type
            self.notes.append(
                Note(
                    f'The type "{question.type}" of "{question.code}" is unknown here and kept.',
                    Where(file=self.file),
                )
            )
        if kind == "calculate":
            values["calculation"] = Formula.kept(next(iter(question.text.values()), "") or "{}", "limesurvey")
        if kind == "metadata":
            values["parameters"] = {"source": "language"}
        choices: tuple[Choice, ...] = ()
        if kind in {"one", "several", "ranking"}:
            choices = self.choices(question.rows if kind == "several" else question.answers)
            choices = choices or tuple(
                Choice(code=code, label=Text({"en": label})) for code, label in _FIXED.get(question.type, ())
            )
            if question.other == "Y":
                code = "-oth-" if kind == "one" else "other"
                choices = (*choices, Choice(code=code, label=Text({"en": "Other"})))
                values["other_specify"] = OtherSpecify(code=code)
        return Item(name=question.code, type=kind, text=self.text(question.text), choices=choices, **values)  # type: ignore[arg-type]

    def array(self, question: Question) -> Iterator[Item]:
        """Yield an item for each row (and scale) of an array; they share its answers."""
        kind = _ARRAYS[question.type]
        scales = dict.fromkeys(answer.scale for answer in question.answers) or {"0": None}
        for scale in scales:
            listed = self.choices([answer for answer in question.answers if answer.scale == scale])
            listed = listed or tuple(
                Choice(code=code, label=Text({"en": label})) for code, label in _FIXED.get(question.type, ())
            )
            name = question.code if len(scales) == 1 else f"{question.code}_{scale}"
            if name in self.used:
                name = f"{name}_again_{len(self.scales)}"
            self.used.add(name)
            if kind == "one":
                self.scales.append(Scale(name=name, choices=listed))
            for row in question.rows:
                many = len(scales) > 1
                column = f"{question.code}[{row.code}]" + (
                    f"[{int(scale) + 1}]" if many and scale.isdigit() else ""
                )
                yield self.part(
                    question,
                    row,
                    f"{question.code}_{row.code}" + (f"_{scale}" if many else ""),
                    column,
                    kind,
                    name,
                )

    def grid(self, question: Question) -> Iterator[Item]:
        """Yield an item for each cell of an array of numbers or texts."""
        down = [row for row in question.rows if row.scale == "0"]
        across = [row for row in question.rows if row.scale != "0"]
        for row in down:
            for cell in across:
                both = {lang: f"{row.text.get(lang, '')} - {words}" for lang, words in cell.text.items()}
                part = Answer(f"{row.code}_{cell.code}", both)
                yield self.part(
                    question,
                    part,
                    f"{question.code}_{part.code}",
                    f"{question.code}[{part.code}]",
                    _GRIDS[question.type],
                    "",
                )

    def part(self, question: Question, row: Answer, name: str, column: str, kind: str, scale: str) -> Item:
        values = self.common(question)
        values["extras"] |= {"column": column, "row": row.code}
        head, said = self.text(question.text), self.text(row.text)
        tags = dict.fromkeys([*head, *said])
        together = {
            lang: " - ".join(one for one in (head.get(lang, ""), said.get(lang, "")) if one) for lang in tags
        }
        return Item(name=name, type=kind, text=Text(together), scale=scale if kind == "one" else "", **values)  # type: ignore[arg-type]
