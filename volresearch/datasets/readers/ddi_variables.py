"""Variables of a DDI codebook: labels in all languages, codes, what is no value and why, types."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from volresearch.datasets.codebook import MissingRange, Variable, code_text, number_of
from volresearch.datasets.readers.ddi_data import number_code
from volresearch.datasets.readers.reasons import reason_of_label
from volresearch.datasets.writers.ddi_elements import NOTE
from volresearch.datasets.writers.safe import EMPTY, Coding
from volresearch.declare import MISSING_REASONS, frozen
from volresearch.declare.model import LANGUAGE_TAG
from volresearch.instruments import Item
from volresearch.instruments.xml import child, children, content
from volresearch.text import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Described", "note_of", "own_variable", "variable_of", "wordings"]

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_TYPES = {
    "one": "code", "several": "multiple", "integer": "integer", "decimal": "number", "date": "date",
    "datetime": "datetime", "time": "time",
}  # fmt: skip
#: Codes among numbers that the coding instructions tell, such as ``999999999 = N.I.U.``
_INSTRUCTED = re.compile(r"(?:Codes)?\s*([+-]?[0-9][0-9,]*)\s*[=:]\s*(\S.{0,200})")
_OUTSIDE = re.compile(r"(?i)\bn\.?\s?i\.?\s?u\b|\bnot in (?:the )?universe\b")
_CODED = frozenset({"code", "multiple", "integer", "number"})


@dataclass(frozen=True)
class Described:
    """A variable, and what a person should know of how it was read."""

    variable: Variable
    cells: pd.Series
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Answer:
    code: str
    label: Text
    reason: str = ""


def wordings(parent: Any, name: str, lang: str, *, exact: bool = False) -> Text:
    """Return what the elements of this name say in each language; `exact` keeps every space."""
    out: dict[str, str] = {}
    for one in children(parent, name):
        words = "".join(one.itertext()) if exact else content(one)
        tag = one.get(_LANGUAGE) or lang
        if words:
            out.setdefault(tag if LANGUAGE_TAG.match(tag) else "und", words)
    return Text(out)


def note_of(element: Any, subject: str) -> dict[str, Any] | None:
    """Return what our writer left in a note; None where there is none, or it was changed."""
    for one in children(element, "notes"):
        if one.get("type") == NOTE and one.get("subject") == subject:
            try:
                said = json.loads("".join(one.itertext()))
            except (ValueError, RecursionError):
                return None
            return said if isinstance(said, dict) else None
    return None


def own_variable(var: Any, said: Mapping[str, Any], coding: Coding, lang: str) -> Variable | None:
    """Return a variable as our writer had it; None for a column without one, or where the note was changed."""
    given = said.get("variable")
    if not isinstance(given, dict):
        return None
    told = said.get("codes")
    codes: dict[str, Any] = told if isinstance(told, dict) else {}
    bare = set(map(str, said.get("bare") or ()))
    labels: dict[str, Text] = {}
    for category in children(var, "catgry"):
        cell = (
            "".join(child(category, "catValu").itertext()) if child(category, "catValu") is not None else ""
        )
        if cell in codes:
            code = str(codes[cell])
        elif cell in coding.words:
            continue
        else:
            code = "" if cell == EMPTY else cell
        if code not in bare:
            labels.setdefault(code, wordings(category, "labl", lang, exact=True))
    question = wordings(child(var, "qstn"), "qstnLit", lang, exact=True)
    note = wordings(var, "txt", lang, exact=True)
    try:
        return Variable.model_validate(
            {
                **frozen(given),
                "name": var.get("name"),
                "label": wordings(var, "labl", lang, exact=True),
                "labels": labels,
                "question": question or None,
                "note": note or None,
            }
        )
    except (ValidationError, TypeError, ValueError):
        return None


def variable_of(var: Any, item: Item, cells: pd.Series, name: str, lang: str, decimals: int) -> Described:
    """Return a variable as a codebook of anybody describes it, with its cells.

    Parameters
    ----------
    var : element
    item : Item
        The same as an item of a form: its type, and codes that stand in the coding instructions.
    cells : pandas.Series of str
        The column.
    name : str
        Of the variable.
    lang : str
        Language of texts that name none.
    decimals : int
        Implied ones, which codes have too.
    """
    notes: list[str] = []
    answers = list(_answers(var, item, lang))
    type = _type(var, item, answers, cells)
    answers += [one for one in _instructed(var, lang) if type in {"integer", "number"}]
    if type in {"integer", "number"}:
        answers = [_Answer(number_code(one.code, decimals), one.label, one.reason) for one in answers]
    answers = [_outside(one, notes) for one in answers]
    missing = {one.code: one.reason for one in answers if one.reason}
    ranges = []
    if type in {"integer", "number", "code"}:
        ranges = list(_invalid(var, cells, missing, decimals))
    labels = {one.code: one.label or Text(one.code) for one in reversed(answers)}
    numeric = type in {"integer", "number"}
    labels = {
        one.code: labels[one.code]
        for one in answers
        if type in _CODED and (not numeric or number_of(one.code) is not None or one.reason)
    }
    question = wordings(child(var, "qstn"), "qstnLit", lang)
    universe = content(child(var, "universe"))
    variable = Variable(
        name=name,
        type=type,  # type: ignore[arg-type]
        label=wordings(var, "labl", lang) or question,
        labels=labels,
        missing=missing,  # type: ignore[arg-type]
        missing_ranges=tuple(ranges),
        blank="not_asked" if _routed(var, universe) else "no_answer",
        unit=var.get("measUnit", "") if numeric else "",
        question=question or None,
        note=wordings(var, "txt", lang) or (Text({lang: universe}) if universe else None),
        source=var.get("name", "") if var.get("name", "") != name else "",
    )
    if type in {"code", "multiple"} and labels:
        cells = _as_listed(cells, labels)
    return Described(variable, cells, tuple(notes))


def _answers(var: Any, item: Item, lang: str) -> Iterator[_Answer]:
    """Yield the categories, or, where there are none, the codes of the coding instructions."""
    listed = False
    for category in children(var, "catgry"):
        code = content(child(category, "catValu"))
        label = wordings(category, "labl", lang)
        if not code:
            continue
        listed = True
        told = category.get("missType", "")
        missing = category.get("missing", "N").upper() == "Y" or told in MISSING_REASONS
        reason = told if told in MISSING_REASONS else reason_of_label(str(label), code)
        yield _Answer(code, label, reason if missing else "")
    if not listed:
        for choice in item.choices:
            yield _Answer(choice.code, choice.label)


def _instructed(var: Any, lang: str) -> Iterator[_Answer]:
    """Yield codes among numbers that the coding instructions say are no values."""
    if any(True for _ in children(var, "catgry")):
        return
    for instruction in children(var, "codInstr"):
        for line in "".join(instruction.itertext()).splitlines():
            found = _INSTRUCTED.match(line.strip()[:300])
            if found:
                code, label = found[1].replace(",", ""), found[2].strip()
                if _OUTSIDE.search(label) or reason_of_label(label) != "no_answer" or _says_missing(label):
                    yield _Answer(code, Text({lang: label}), _reason(label, code))


def _says_missing(label: str) -> bool:
    return (
        re.match(r"(?i)(?:missing|no (?:answer|response)|not (?:reported|stated)|blank)\b", label) is not None
    )


def _reason(label: str, code: str) -> str:
    return "not_asked" if _OUTSIDE.search(label) else reason_of_label(label, code)


def _outside(answer: _Answer, notes: list[str]) -> _Answer:
    """Count an answer that says "not in universe" as not asked."""
    if answer.reason and not _OUTSIDE.search(str(answer.label)):
        return answer
    if not _OUTSIDE.search(str(answer.label)):
        return answer
    notes.append(f'"{answer.code}" is "{answer.label}": it counts as not asked.')
    return _Answer(answer.code, answer.label, "not_asked")


def _type(var: Any, item: Item, answers: list[_Answer], cells: pd.Series) -> str:
    kind = _TYPES.get(item.type, "text")
    values = [one for one in answers if not one.reason]
    form = child(var, "varFormat")
    numeric = form is None or form.get("type", "numeric") == "numeric"
    if kind == "code" and var.get("intrvl") == "contin" and numeric and values:
        # Numbers of which some are labelled, such as 0 "none": only the data tell them from codes.
        found = set(cells.dropna().map(number_code).unique())
        if not found <= {number_code(one.code) for one in answers} and _are_numbers(cells):
            kind = "integer"
    if kind == "integer" and cells.str.contains(".", regex=False).any():
        kind = "number"
    return kind


def _are_numbers(cells: pd.Series) -> bool:
    return bool(
        cells.dropna().str.fullmatch(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*").all()
    )


def _invalid(var: Any, cells: pd.Series, missing: dict[str, str], decimals: int) -> Iterator[MissingRange]:
    """Add the single codes of ``invalrng`` to those that are missing, and those found in its ranges; yield the ranges."""
    found: set[float] | None = None
    for invalid in children(var, "invalrng"):
        for item in children(invalid, "item"):
            code = number_code(item.get("VALUE", "").strip(), decimals)
            if code:
                missing.setdefault(code, reason_of_label("", code))
        for one in children(invalid, "range"):
            low, high = _end(one, "min", decimals), _end(one, "max", decimals)
            if low is None and high is None:
                continue
            if found is None:
                numbers = (number_of(str(cell)) for cell in cells.dropna().unique())
                found = {number for number in numbers if number is not None}
            for number in sorted(found):
                if (low is None or number >= low) and (high is None or number <= high):
                    code = code_text(number)
                    missing.setdefault(code, "no_answer")
            yield MissingRange(low=low, high=high)


def _end(element: Any, name: str, decimals: int) -> float | None:
    given = element.get(name, element.get(f"{name}Exclusive", "")).strip()
    return number_of(number_code(given, decimals)) if given else None


def _routed(var: Any, universe: str) -> bool:
    asked = content(child(var, "qstn", "backward"))
    return bool(asked) or bool(universe and not re.match(r"(?i)(all|every)\b", universe))


def _as_listed(cells: pd.Series, labels: Mapping[str, Text]) -> pd.Series:
    """Write codes as the codebook lists them, where file and codebook differ in leading zeros only."""
    by_number: dict[str, list[str]] = {}
    for code in labels:
        by_number.setdefault(number_code(code), []).append(code)
    known = {}
    for cell in cells.dropna().unique():
        same = by_number.get(number_code(str(cell)), [])
        if cell not in labels and len(same) == 1:
            known[cell] = same[0]
    return cells.replace(known) if known else cells
