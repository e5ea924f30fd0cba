"""Several versions of one form: their items brought together, and which version a row was filled in with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import Variable, code_text
from volresearch.datasets.readers.form_slots import Slot, slots_of
from volresearch.datasets.readers.several import code_of
from volresearch.instruments import Choice, Instrument
from volresearch.text import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Place", "places_of", "version_column", "versions_in", "widest"]

#: Ends of headers of the column that says which version of the form a row was filled in with.
_HEADERS = ("__version__", "_version_", "versionid", "formhub/version", "version")


@dataclass(frozen=True, eq=False)
class Place:
    """One variable that the form gives, across its versions.

    Attributes
    ----------
    name : str
    slots : mapping of int to Slot
        The item in each version that has it, oldest first.
    variable, other : Variable
        With the labels of all versions (the newest wins) and a type that holds the values of all; None for a note.
    differ : tuple of str
        Codes whose label is not the same in all versions.
    """

    name: str
    slots: Mapping[int, Slot]
    variable: Variable | None
    other: Variable | None = None
    differ: tuple[str, ...] = ()

    @property
    def slot(self) -> Slot:
        """The item in the newest version that has it."""
        return self.slots[max(self.slots)]

    @property
    def repeat(self) -> tuple[str, ...]:
        """The path of the repeat that it stands in; empty for the main table."""
        return self.slot.repeat

    @property
    def types(self) -> tuple[str, ...]:
        """The types that it has in the versions, oldest first, each once."""
        found = (slot.variable.type for slot in self.slots.values() if slot.variable)
        return tuple(dict.fromkeys(found))

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The answers of its lists in all versions, oldest first; a code may stand twice with other labels."""
        return tuple(choice for slot in self.slots.values() for choice in (*slot.choices, *slot.also))

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its lists in all versions."""
        return tuple(dict.fromkeys(code for slot in self.slots.values() for code in slot.codes))


def places_of(forms: Sequence[Instrument]) -> tuple[Place, ...]:
    """Return the variables of a form, its versions brought together: the newest version gives their order.

    Items of one name in the repeat of one name are one variable, wherever their groups moved.
    """
    found: dict[tuple[str, str], dict[int, Slot]] = {}
    for number, form in reversed(list(enumerate(forms))):
        for slot in slots_of(form):
            key = (slot.repeat[-1] if slot.repeat else "", slot.name)
            found.setdefault(key, {})[number] = slot
    return tuple(_place(name, dict(sorted(slots.items()))) for (_, name), slots in found.items())


def widest(types: Iterable[str]) -> str:
    """Return the type that holds the values of all these types without loss.

    >>> widest(["text", "code", "multiple"]), widest(["integer", "number"]), widest(["text", "integer"])
    ('multiple', 'number', 'text')
    """
    given = set(types)
    if len(given) <= 1:
        return next(iter(given), "text")
    for wide, narrow in (("number", {"integer"}), ("datetime", {"date"}), ("code", {"text"}), ("multiple", {"code", "text"})):  # fmt: skip
        if wide in given and given <= {wide} | narrow:
            return wide
    return "text"


def version_column(headers: Mapping[str, str]) -> str | None:
    """Return the column that says the version of the form, given the headers of all columns.

    >>> version_column({"q1": "q1", "version": "__version__"})
    'version'
    """
    for wanted in _HEADERS:
        for column, header in headers.items():
            low = header.lower()
            if low == wanted or re.split(r"[/.]", low)[-1] == wanted:
                return column
    return None


def versions_in(column: pd.Series, forms: Sequence[Instrument]) -> pd.Series:
    """Return, row by row, the number of the form's version; -1 where it is none of those that are known.

    What a row says is compared with the version of each form, and with its setting ``version``.
    """
    import pandas as pd

    known: dict[str, int] = {}
    for number, form in enumerate(forms):
        for word in (form.version, form.settings.get("version", "")):
            if word:
                known[word] = number
    cells = column.map(_as_text, na_action="ignore")
    return (
        cells.map(known).fillna(-1).astype("int64").rename(None)
        if len(cells)
        else pd.Series([], dtype="int64")
    )


def _as_text(cell: Any) -> str:
    return code_text(cell) if isinstance(cell, float) else str(cell).strip()


def _place(name: str, slots: dict[int, Slot]) -> Place:
    variables = [slot.variable for slot in slots.values() if slot.variable]
    others = [slot.other for slot in slots.values() if slot.other]
    if not variables:
        return Place(name, slots, None)
    variable, differ = _merged(variables)
    return Place(name, slots, variable, _merged(others)[0] if others else None, differ)


def _merged(variables: list[Variable]) -> tuple[Variable, tuple[str, ...]]:
    """Return the variable of all versions, and the codes whose labels differ."""
    newest = variables[-1]
    if len(variables) == 1:
        return newest, ()
    kind = widest(variable.type for variable in variables)
    coded = code_of if kind == "multiple" else str
    labels: dict[str, Text] = {}
    missing: dict[str, str] = {}
    differ: dict[str, None] = {}
    for variable in variables:
        missing |= {coded(code): reason for code, reason in variable.missing.items()}
        for code, label in variable.labels.items():
            before = labels.get(coded(code), Text())
            if any(before.get(tag, words) != words for tag, words in label.items()):
                differ[coded(code)] = None
            labels[coded(code)] = Text({**before, **label})
    labelled = kind in {"code", "multiple"}
    merged = {
        **dict(newest), "type": kind, "labels": labels if labelled else {}, "missing": missing if labelled else {},
        "label": Text({tag: words for one in variables for tag, words in one.label.items()}),
    }  # fmt: skip
    return Variable.model_validate(merged), tuple(differ)
