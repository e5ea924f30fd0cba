"""Columns of options recognized without a form: a question with several answers whose options have a column each."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from volresearch.datasets.codebook import Variable
from volresearch.datasets.readers.found import Note, RawTable, some
from volresearch.datasets.readers.several import CHOSEN, NOT_CHOSEN, code_of, decoded, split_codes
from volresearch.datasets.readers.tools import Tool
from volresearch.errors import Where
from volresearch.text import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Question", "joined_questions", "questions_in"]

#: Option headers longer than this are sentences of their own.
_LONGEST = 120
_MAX_CODES = 300
_BRACKETS = re.compile(
    r"(?P<stem>[^\[\]]+)\[(?P<option>[^\[\]]+)\](?:\.\s.*?(?:\[(?P<words>[^\[\]]*)\])?)?\Z", re.DOTALL
)
_UNDERSCORES = re.compile(r"(?P<stem>.+?)___(?P<option>.+)\Z")
_OTHERS = frozenset({"other", "otro", "otra", "autre", "outro"})
_LOGICAL = frozenset({"true", "false"})
_ONES = frozenset({"1", "0", "1.0", "0.0"})


@dataclass
class Question:
    """A question with several answers: option to column in their order, its joined column, words of options."""

    stem: str
    mark: str
    options: dict[str, str] = field(default_factory=dict)
    joined: str | None = None
    words: dict[str, str] = field(default_factory=dict)
    other: str | None = None


def questions_in(table: RawTable, tool: Tool, blanks: Collection[str]) -> list[Question]:
    """Return the questions with several answers of a table whose options have a column each.

    Believed where a joined column holds their codes, or where the tool writes them so: all columns with one stem hold
    only words of yes and no, and every row fills all of them or none. A group of questions with yes and no is none.

    Parameters
    ----------
    table : RawTable
        In memory.
    tool : Tool
    blanks : collection of str
        Texts that stand for an empty cell.
    """
    columns = [str(name) for name in table.frame.columns if name not in table.hidden]
    known = set(columns)
    marks = "/" if tool.kobo and any("/" in column for column in columns) else "/."
    found: dict[tuple[str, str], Question] = {}
    for column in columns:
        for stem, option, mark, words in _cuts(column, tool, marks):
            question = found.setdefault((stem, mark), Question(stem, mark))
            if mark == "[" and option.lower().endswith("comment"):
                continue  # words beside an option, a column of their own
            if mark == "[" and option.lower() in _OTHERS:
                question.other = column
            elif option not in question.options:
                question.options[option] = column
                question.words |= {option: words} if words else {}
    out: list[Question] = []
    taken: set[str] = set()
    for question in found.values():
        question.joined = question.stem if question.stem in known else None
        if not taken & set(question.options.values()) and _believed(question, table.frame, tool, blanks):
            out.append(question)
            taken |= set(question.options.values())
    return out


def _cuts(column: str, tool: Tool, marks: str) -> list[tuple[str, str, str, str]]:
    """Return how a header may be cut into stem and option: with the mark between them, and the words of the option."""
    out = []
    bracket = _BRACKETS.match(column)
    if bracket:
        out.append((bracket["stem"], bracket["option"], "[", bracket["words"] or ""))
    under = _UNDERSCORES.match(column)
    if under:
        option = under["option"]
        if tool.name == "redcap" and re.fullmatch(r"_\d+", option):
            option = f"-{option[1:]}"  # a negative code
        out.append((under["stem"], option, "___", ""))
    for mark in marks:
        stem, _, option = column.rpartition(mark)
        if stem and option and len(option) <= _LONGEST:
            out.append((stem, option, mark, ""))
    return out


def _believed(question: Question, frame: pd.DataFrame, tool: Tool, blanks: Collection[str]) -> bool:
    if not question.options or (
        question.joined is None and len(question.options) < 2 and tool.name != "redcap"
    ):
        return False
    texts = {option: _texts(frame[column], blanks) for option, column in question.options.items()}
    if _of_r(question, frame, tool):
        texts = {option: found - {"NA"} for option, found in texts.items()}
    texts = _without_other(question, texts)
    if not texts:
        return False
    words = {text.casefold() for found in texts.values() for text in found}
    own = {option for option, found in texts.items() if found <= {option}}
    if not words <= CHOSEN | NOT_CHOSEN and not all(
        option in own or {text.casefold() for text in found} <= CHOSEN | NOT_CHOSEN
        for option, found in texts.items()
    ):
        return False
    if question.joined is not None:
        return _agrees(question, frame, blanks)
    if not words or not _written_so(question.mark, words, tool, len(texts)):
        return False
    return words <= CHOSEN or words <= _LOGICAL or _whole_rows(question, frame, blanks)


def _written_so(mark: str, words: Collection[str], tool: Tool, count: int) -> bool:
    """Whether the tool writes columns of options so: other columns of yes and no are questions of their own."""
    found = set(words)
    if tool.name == "redcap":
        return mark == "___" and found <= _ONES | {"checked", "unchecked"}
    if count < 2:
        return False
    if tool.name == "limesurvey":
        return mark == "[" and (found <= {"y"} or found <= {"yes", "no"} or found <= _ONES)
    if mark == "[":
        return found <= CHOSEN
    if mark == "___":
        return found <= _LOGICAL or found <= _ONES
    if mark == ".":
        return found <= _LOGICAL or (tool.kobo and found <= _ONES)
    return found <= _LOGICAL or (tool.kobo and found <= _ONES)


def _without_other(question: Question, texts: dict[str, set[str]]) -> dict[str, set[str]]:
    """Take the words of "other" out of the options, where a column of this name holds no yes and no."""
    for option in list(texts):
        if option.lower() in _OTHERS and not {one.casefold() for one in texts[option]} <= CHOSEN | NOT_CHOSEN:
            if len(texts) == 1:
                return {}
            question.other = question.options.pop(option)
            del texts[option]
    return texts


def _texts(column: pd.Series, blanks: Collection[str]) -> set[str]:
    """Return the different texts of a column; of one that holds many, the first of them."""
    found = {str(value).strip() for value in column.dropna().unique()[:_MAX_CODES]}
    return found - set(blanks) - {""}


def _agrees(question: Question, frame: pd.DataFrame, blanks: Collection[str]) -> bool:
    """Whether the column called like the stem holds the codes of the options."""
    cells = _texts(frame[question.joined], blanks)
    if not cells:
        return any(_texts(frame[column], blanks) for column in question.options.values())
    known = set(question.options)
    fits = sum(1 for cell in cells if known & set(split_codes(cell, known)))
    return 2 * fits >= len(cells)


def _whole_rows(question: Question, frame: pd.DataFrame, blanks: Collection[str]) -> bool:
    """Whether every row fills all columns of the options, or none."""
    columns = frame[list(question.options.values())]
    counts = (columns.notna() & ~columns.isin([*blanks, ""])).sum(axis=1)
    return bool(((counts == 0) | (counts == columns.shape[1])).all())


def joined_questions(
    table: RawTable, tool: Tool, blanks: Collection[str], where: Where
) -> tuple[RawTable, tuple[Note, ...]]:
    """Return a table with one ``multiple`` column for each question whose options have columns.

    Parameters
    ----------
    table : RawTable
        In memory.
    tool : Tool
    blanks : collection of str
        Texts that stand for an empty cell.
    where : Where
        The file, for notes.
    """
    questions = questions_in(table, tool, blanks)
    if not questions:
        return table, ()
    notes: list[Note] = []
    columns: dict[str, pd.Series] = {}
    variables = dict(table.variables)
    starts = {next(iter(one.options.values())): one for one in questions if one.joined is None}
    inside = {column for one in questions for column in one.options.values()}
    joined = {one.joined: one for one in questions if one.joined is not None}
    for name in map(str, table.frame.columns):
        question = joined.get(name) or starts.get(name)
        if question is not None:
            values, variable, further = _made(question, table, tool, blanks, where)
            columns[question.stem], variables[question.stem] = values, variable
            notes += further
        elif name not in inside:
            columns[name] = table.frame[name]
    import pandas as pd

    told = [f"{one.stem} ({len(one.options)})" for one in questions]
    notes.insert(0, Note(f"Columns of options were joined into one each: {some(told)}.", where))
    done = table.with_(
        frame=pd.DataFrame(columns, index=table.frame.index),
        variables={name: one for name, one in variables.items() if name in columns},
        guess=(table.guess & set(columns)) - {one.stem for one in questions},
    )
    return done, tuple(notes)


def _made(
    question: Question, table: RawTable, tool: Tool, blanks: Collection[str], where: Where
) -> tuple[pd.Series, Variable, tuple[Note, ...]]:
    frame = table.frame
    codes = _codes(question, frame, blanks)
    of_r = _of_r(question, frame, tool)
    empty = {*blanks, *(("NA",) if of_r else ())}
    values, notes = decoded(
        frame, question.stem, question.options, question.joined, codes, blanks=empty, where=where
    )
    if of_r:
        values = values.mask(values == "NA")
        told = "NA in columns of options is what R writes for an empty cell, and was read so."
        notes = (*notes, Note(told, Where(file=where.file, sheet=where.sheet, variable=question.stem)))
    if question.other is not None and question.joined is None:
        values, codes = _with_other(values, frame[question.other], codes, blanks)
    labels = {code_of(code): Text(question.words.get(code, code)) for code in codes}
    known = table.variables.get(question.joined or "")
    variable = Variable(
        name=question.stem,
        type="multiple",
        labels=labels,
        label=known.label if known else Text(),
        source=(known.source if known else "") or question.stem,
    )
    return values, variable, notes


def _codes(question: Question, frame: pd.DataFrame, blanks: Collection[str]) -> list[str]:
    """Return the codes of a question: its options, and what else the joined column holds."""
    codes = list(question.options)
    if question.joined is None:
        return codes
    for cell in sorted(_texts(frame[question.joined], blanks)):
        codes += [code for code in split_codes(cell, codes) if code not in codes]
    return codes[:_MAX_CODES] if len(codes) > _MAX_CODES > len(question.options) else codes


def _of_r(question: Question, frame: pd.DataFrame, tool: Tool) -> bool:
    """Whether R wrote the columns of the options: TRUE and FALSE, or 1 and 0, and NA for neither."""
    found = set[str]()
    for column in question.options.values():
        found |= _texts(frame[column], ())
    plain = found - {"NA"}
    return plain != found and (plain <= {"TRUE", "FALSE"} or (tool.r and plain <= _ONES))


def _with_other(
    values: pd.Series, other: pd.Series, codes: list[str], blanks: Collection[str]
) -> tuple[pd.Series, list[str]]:
    """Count the words of "other" as the choice of it: the tool has no column for that."""
    said = other.notna() & ~other.isin(list(blanks))
    if not said.any():
        return values, codes
    plain = values.mask(values.isin(list(blanks))).fillna("")
    return values.mask(said, (plain + " other").str.strip()), [*codes, "other"]
