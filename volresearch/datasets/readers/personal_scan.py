"""Every column of a table looked at: does it identify persons, by its form, its header, its content, its question?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from volresearch.datasets.codebook import Variable
from volresearch.datasets.columns import names_of
from volresearch.datasets.readers.forms import sensitive_names
from volresearch.datasets.readers.found import Asked, Found, RawTable
from volresearch.datasets.readers.personal_columns import normal, sampled
from volresearch.datasets.readers.personal_patterns import (
    Cells,
    are_countries,
    are_full_names,
    believed,
    is_long_text,
    is_number_of_somebody,
    kind_of_content,
    look_like_degrees,
    looks_like_names,
    mentions,
)
from volresearch.datasets.readers.personal_words import folded, is_of_persons, kind_of_header, kind_of_label
from volresearch.datasets.readers.tools import Tool, metadata_of
from volresearch.datasets.typed import WHY

__all__ = ["Finding", "Scanned", "scanned"]

_FORM_UUIDS = frozenset({"formhub uuid", "xform uuid", "form uuid", "form uid", "meta form uid"})
#: Kinds of columns that tools add -> what they tell of persons.
_OF_TOOLS = {
    "device": "device", "address": "device", "user": "user", "phone": "phone", "email": "email", "audit": "audit",
    "position": "position", "file": "media", "key": "token", "token": "token",
}  # fmt: skip
#: A shorter text that identifies somebody cannot be told from a word of a note.
_QUOTED = 4
_SIBLINGS = frozenset(
    {"altitude", "precision", "accuracy", "alt", "acc", "altitud", "exactitud", "latitude", "longitude"}
)
_ENDS_OF_POINTS = frozenset({"latitude", "longitude", "lat", "lon", "lng", "long"})


#: Different texts from which a column that looks like names is worth a word.
_SEVERAL = 5


@dataclass(frozen=True)
class Finding:
    """A column that identifies persons, and what becomes of it.

    ``aside``: taken out; ``salt``: keys in its place; ``key``: the key of the row or of one above; ``labels``: only its
    labels name somebody.
    """

    column: str
    kind: str
    found_by: str
    action: str = "aside"


@dataclass
class Scanned:
    """What was found in a table.

    Attributes
    ----------
    findings : list of Finding
    cells : dict of str to tuple of str
        Sampled cells of columns that become keys, as keys are made of them.
    distinct : set of str
        Columns that become keys in which no two cells of the sample are the same.
    folded : dict of str to str
        Column -> its name in plain words.
    long_texts : list of str
        Columns of answers in words.
    mentions : dict of str to int
        Columns with phone numbers or e-mail addresses amid words.
    told : set of str
        Texts of these columns, which no note and no step may quote.
    labels_of_people : list of str
        Coded columns whose labels name interviewers.
    coordinates : list of str
        Columns side by side that may be latitude and longitude, though nothing says so.
    """

    findings: list[Finding] = field(default_factory=list)
    cells: dict[str, tuple[str, ...]] = field(default_factory=dict)
    distinct: set[str] = field(default_factory=set)
    folded: dict[str, str] = field(default_factory=dict)
    long_texts: list[str] = field(default_factory=list)
    mentions: dict[str, int] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    labels_of_people: list[str] = field(default_factory=list)
    coordinates: list[str] = field(default_factory=list)


def scanned(table: RawTable, found: Found, asked: Asked) -> Scanned:
    """Look at every column of a table.

    Parameters
    ----------
    table : RawTable
        Typed.
    found : Found
    asked : Asked
        Its forms say what is sensitive.
    """
    by_form = sensitive_names(asked.forms or found.forms)
    names = [name for name in names_of(table.frame) if not name.endswith(WHY)]
    samples = sampled(table.frame, names)
    out = Scanned(folded={name: folded(name) for name in names})
    exact: list[str] = []
    for name in names:
        variable = table.variables.get(name)
        cells = Cells.of(samples[name], coded=_is_coded(variable))
        one = _look(name, variable, cells, by_form, found.tool)
        if one is not None:
            _remember(out, one, cells, variable, samples[name])
        elif not cells.numbers:
            _look_at_text(out, name, cells)
        elif look_like_degrees(cells):
            exact.append(name)
    _add_siblings(out, names)
    # What the type of a column could not hold stands in its companion, and notes may have quoted it.
    beside = [f"{one.column}{WHY}" for one in out.findings if f"{one.column}{WHY}" in names_of(table.frame)]
    out.told |= {
        text for cells in sampled(table.frame, beside).values() for text in cells if len(text) >= _QUOTED
    }
    told = {*exact} - {one.column for one in out.findings}
    for first, second in pairwise(names):
        if {first, second} <= told:
            out.coordinates += [first, second]
    return out


def _look(
    name: str, variable: Variable | None, cells: Cells, by_form: Mapping[str, str], tool: str
) -> Finding | None:
    """Return what a column is, by its form, tool, header, content, and question, in this order."""
    added = _by_tool(name, variable, cells, tool)
    if name in by_form:
        kind, by = by_form[name], "form"
    elif added is not None:
        kind, by = added, "name"
    else:
        kind, by = _by_header(name, variable, cells)
        if not kind:
            kind, by = kind_of_content(cells), "content"
        if not kind and variable is not None and (cells.texts or cells.coded):
            kind, by = _by_question(variable, cells), "name"
    if kind in {"", "key"} and folded(name) in _FORM_UUIDS:
        return None
    return _acting(name, kind, by, cells) if kind else None


def _acting(name: str, kind: str, by: str, cells: Cells) -> Finding | None:
    if kind == "key":
        return Finding(name, "identifier", by, "key")
    if kind == "user" and is_number_of_somebody(cells):
        return Finding(name, "user", by, "labels") if cells.coded else None
    if kind == "user":
        return Finding(name, "user", by, "salt")
    if kind == "token":
        return Finding(name, "identifier", by, "salt")
    return Finding(name, {"birth": "identifier", "maybe_name": "name"}.get(kind, kind), by)


def _by_tool(name: str, variable: Variable | None, cells: Cells, tool: str) -> str | None:
    """Return what a column is that the tool added to every form, empty where it is nobody's; None for a question."""
    source = variable.source if variable is not None else ""
    said = Tool(tool, kobo=tool in {"kobo", "r"})
    found = (metadata_of(source, said) if source else None) or metadata_of(name, said)
    if found is None or cells.coded:
        return None
    if found.kind == "time":
        return "time" if believed("time", cells) else ""
    if found.kind == "key" and kind_of_content(cells) == "key":
        return "key"
    if folded(name).endswith("instance name"):
        return "name"
    return _OF_TOOLS.get(found.kind, "")


def _by_header(name: str, variable: Variable | None, cells: Cells) -> tuple[str, str]:
    header = (
        variable.source if variable is not None and folded(variable.source).endswith(folded(name)) else name
    )
    kind = _header(header or name)
    if not kind and cells.coded and variable is not None and _of_leaders(header or name, variable):
        return "user", "name"
    if (
        not kind
        and folded(name) == "token"
        and not cells.coded
        and any(len(text) >= 5 for text in cells.texts)
    ):
        return "token", "name"
    if kind == "user":
        return (kind, "name") if cells.coded or not cells.answers_yes_no else ("", "")
    if not kind and (whom := _persons(header or name)) and _names_them(whom, cells):
        return whom, "name"
    if not kind or not believed(kind, cells) or (kind == "maybe_name" and not looks_like_names(cells)):
        return "", ""
    if kind in {"name", "maybe_name", "address"} and (
        kind_of_content(cells) == "key" or are_countries(cells)
    ):
        return "", ""
    return kind, "name"


def _by_question(variable: Variable, cells: Cells) -> str:
    """Return what a question asks for, in any of its languages, where the answers bear it out."""
    for text in (variable.label, variable.question):
        for wording in (text or {}).values():
            kind = _label(wording)
            if cells.coded and (kind == "user" or _of_leaders(wording, variable)):
                return "user"
            if kind and believed(kind, cells) and (kind != "name" or looks_like_names(cells)):
                return kind
    return ""


def _names_them(whom: str, cells: Cells) -> bool:
    """Whether the cells below a header that only says "supervisor" or "respondent" are names of persons."""
    if cells.coded or not cells.texts or not are_full_names(cells) or are_countries(cells):
        return False
    return whom == "user" or looks_like_names(cells)


def _of_leaders(wording: str, variable: Variable) -> bool:
    """Whether a question is about who works for the study, and its codes have names of persons as labels."""
    said = [label for text in variable.labels.values() for label in text.values()]
    return _persons(wording) == "user" and are_full_names(Cells.of(said))


# Waves and repeats ask the same again and again.
_persons = cache(is_of_persons)
_header = cache(kind_of_header)
_label = cache(kind_of_label)


def _remember(out: Scanned, one: Finding, cells: Cells, variable: Variable | None, sample: list[str]) -> None:
    if one.action == "labels":
        words = [
            wording for label in (variable.labels.values() if variable else ()) for wording in label.values()
        ]
        if any(not any(sign.isdigit() for sign in wording) for wording in words):
            out.labels_of_people.append(one.column)
        return
    out.findings.append(one)
    out.told |= {text for text in cells.texts if len(text) >= _QUOTED}
    if one.action == "key":
        out.cells[one.column] = tuple(normal(text) for text in sample)
        if len(set(out.cells[one.column])) == len(sample):
            out.distinct.add(one.column)


def _look_at_text(out: Scanned, name: str, cells: Cells) -> None:
    if cells.coded:
        return
    if is_long_text(cells) or (
        len(cells.texts) >= _SEVERAL and looks_like_names(cells) and are_full_names(cells)
    ):
        out.long_texts.append(name)
    number = mentions(cells)
    if number:
        out.mentions[name] = number


def _add_siblings(out: Scanned, names: list[str]) -> None:
    """Altitude and precision of a point go with it."""
    found = {one.column for one in out.findings}
    stems = set()
    for one in out.findings:
        if one.kind == "position":
            words = out.folded[one.column].split()
            stems.add(" ".join(words[:-1] if words[-1] in _ENDS_OF_POINTS else words))
    for name in names:
        words = out.folded[name].split()
        if name not in found and words and words[-1] in _SIBLINGS and " ".join(words[:-1]) in stems:
            out.findings.append(Finding(name, "position", "name"))


def _is_coded(variable: Variable | None) -> bool:
    return variable is not None and (bool(variable.labels) or variable.type == "multiple")
