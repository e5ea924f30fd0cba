"""The codebook: what every variable means, its codes in every language, and why a value may be missing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Literal

from pydantic import model_validator

from volresearch.declare import MISSING_REASONS, Code, Declared, FrozenMap, MissingReason, TextField
from volresearch.errors import VolResearchError, near
from volresearch.text import Text

__all__ = [
    "MISSING_REASONS",
    "Codebook",
    "MissingRange",
    "MissingReason",
    "Variable",
    "code_text",
    "number_of",
]


def number_of(code: str) -> float | None:
    """Return a code as a number, None where it is a word."""
    try:
        return float(code)
    except ValueError:
        return None


def code_text(value: Any) -> str:
    """Return a value of a file as a code: whole numbers without a point.

    >>> code_text(1.0), code_text(-0.0), code_text(1.5), code_text("NA")
    ('1', '0', '1.5', 'NA')
    """
    if isinstance(value, str):
        return value
    number = float(value)
    if math.isfinite(number) and number == math.floor(number) and abs(number) < 2**63:
        return str(int(number))
    return repr(number)


class MissingRange(Declared):
    """Numbers that are no answers: from ``low`` to ``high``, both counted; None is without end on that side."""

    low: float | None = None
    high: float | None = None
    reason: MissingReason = "no_answer"


class Variable(Declared):
    """One variable of a dataset.

    ``labels`` maps a code to its label in every language, never a label to a code: two codes may share a
    label. ``missing`` maps a code to one of `MISSING_REASONS`; ``blank`` is the reason that an empty cell stands for.
    ``missing_ranges`` says which ranges a file declared; the codes found in them stand in ``missing`` too.
    ``table`` is the linked table that it stands in, empty for the main one (names are unique within a table);
    ``source`` is how the file calls it, where that is something else.

    Values: ``code`` text; ``multiple`` codes as text with spaces between, empty text where nothing was chosen;
    ``integer`` and ``number`` numbers; ``date`` and ``datetime`` moments without zone; ``time`` and ``text`` text.
    """

    name: str
    type: Literal["code", "multiple", "number", "integer", "text", "date", "datetime", "time"] = "text"
    label: TextField = Text()
    labels: Mapping[Code, TextField] = FrozenMap()
    missing: Mapping[Code, MissingReason] = FrozenMap()
    missing_ranges: tuple[MissingRange, ...] = ()
    blank: MissingReason = "no_answer"
    unit: str = ""
    question: TextField | None = None
    note: TextField | None = None
    table: str = ""
    source: str = ""

    @model_validator(mode="after")
    def _codes_agree(self) -> Variable:
        if self.labels and self.type not in {"code", "multiple", "integer", "number"}:
            raise ValueError(f"labels belong to type code, multiple, integer or number, not to {self.type}")
        words = [code for code in self.labels if self.numeric and number_of(code) is None]
        words = [code for code in words if code not in self.missing]
        if words:
            raise ValueError(f"codes of a variable of numbers are numbers, not {', '.join(words)}")
        return self

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers to calculate with."""
        return self.type in {"number", "integer"}


class Codebook(Declared):
    """The variables of a dataset, in their order; a mapping of name to `Variable`.

    Examples
    --------
    >>> codebook = Codebook(variables=(Variable(name="sex", type="code", labels={"f": "Women"}),))
    >>> codebook["sex"].labels["f"].get_in("en")
    'Women'
    """

    variables: tuple[Variable, ...] = ()

    @model_validator(mode="after")
    def _names_differ(self) -> Codebook:
        if len(self._places) < len(self.variables):
            names = [(variable.table, variable.name) for variable in self.variables]
            twice = sorted({name for table, name in names if names.count((table, name)) > 1})
            raise ValueError(f"variables declared twice: {', '.join(twice)}")
        return self

    @cached_property
    def _places(self) -> dict[tuple[str, str], Variable]:
        return {(variable.table, variable.name): variable for variable in self.variables}

    @cached_property
    def _by_name(self) -> dict[str, Variable]:
        """Variables by name: those of the main table before those of linked tables."""
        linked = {variable.name: variable for variable in reversed(self.variables) if variable.table}
        return linked | {variable.name: variable for variable in self.variables if not variable.table}

    def __getitem__(self, name: str) -> Variable:
        return self.find(name)

    def find(self, name: str, table: str | None = None) -> Variable:
        """Return a variable by name; of the main table, or of `table` where one is named.

        Raises
        ------
        VolResearchError
            ``dataset.variable`` with the nearest names.
        """
        found = self._by_name.get(name) if table is None else self.get(name, table)
        if found is None:
            place = f' of the table "{table}"' if table else ""
            raise VolResearchError(
                "dataset.variable",
                f'The codebook{place} has no variable "{name}".',
                hint=near(name, self.names),
            )
        return found

    def get(self, name: str, table: str = "") -> Variable | None:
        """Return what describes the column `name` of a table, None where nothing does.

        What names no table describes a column of this name in every table that has no variable of its own for it.
        """
        return self._places.get((table, name)) or self._places.get(("", name))

    def of(self, table: str = "") -> tuple[Variable, ...]:
        """Return the variables of one table, ``""`` for the main one."""
        return tuple(variable for variable in self.variables if variable.table == table)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __len__(self) -> int:
        return len(self.variables)

    def __iter__(self) -> Iterator[Variable]:  # type: ignore[override]
        return iter(self.variables)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the variables, in order."""
        return tuple(variable.name for variable in self.variables)
