"""The codebook: what every variable means, its codes in every language, and why a value may be missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import model_validator

from volresearch.declare import MISSING_REASONS, Code, Declared, FrozenMap, MissingReason, TextField
from volresearch.errors import VolResearchError, near
from volresearch.text import Text

__all__ = ["MISSING_REASONS", "Codebook", "MissingReason", "Variable"]


def number_of(code: str) -> float | None:
    """Return a code as a number, None where it is a word."""
    try:
        return float(code)
    except ValueError:
        return None


class Variable(Declared):
    """One variable of a dataset.

    ``labels`` maps a code to its label in every language, never a label to a code: two codes may share a
    label. ``missing`` maps a code to one of `MISSING_REASONS`; ``blank`` is the reason that an empty cell stands for.
    """

    name: str
    type: Literal["code", "multiple", "number", "integer", "text", "date"] = "text"
    label: TextField = Text()
    labels: Mapping[Code, TextField] = FrozenMap()
    missing: Mapping[Code, MissingReason] = FrozenMap()
    blank: MissingReason = "no_answer"
    unit: str = ""
    question: TextField | None = None
    note: TextField | None = None

    @model_validator(mode="after")
    def _codes_agree(self) -> Variable:
        if self.labels and self.type not in {"code", "multiple", "integer"}:
            raise ValueError(f"labels belong to type code, multiple or integer, not to {self.type}")
        words = [code for code in self.labels if self.type == "integer" and number_of(code) is None]
        if words:
            raise ValueError(f"codes of an integer variable are numbers, not {', '.join(words)}")
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
        names = [variable.name for variable in self.variables]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"variables declared twice: {', '.join(twice)}")
        return self

    def __getitem__(self, name: str) -> Variable:
        for variable in self.variables:
            if variable.name == name:
                return variable
        raise VolResearchError(
            "dataset.variable", f'The codebook has no variable "{name}".', hint=near(name, self.names)
        )

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __len__(self) -> int:
        return len(self.variables)

    def __iter__(self) -> Iterator[Variable]:  # type: ignore[override]
        return iter(self.variables)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the variables, in order."""
        return tuple(variable.name for variable in self.variables)

    def with_variables(self, *variables: Variable) -> Codebook:
        """Return a codebook that has `variables` too; one of the same name is replaced."""
        new = {variable.name: variable for variable in variables}
        kept = [new.pop(variable.name, variable) for variable in self.variables]
        return Codebook(variables=(*kept, *new.values()))
