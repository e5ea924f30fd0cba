"""A condition or calculation of a questionnaire: its text, and its parsed form where the language has one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from pydantic_core import PydanticCustomError, core_schema

from volresearch.errors import VolResearchError
from volresearch.expressions import Expression, parse

__all__ = ["Formula", "FormulaField"]


@dataclass(frozen=True)
class Formula:
    """An expression of the house language, or a foreign one that is kept word for word.

    Parameters
    ----------
    text : str
        What it says, in the house language, or in `language`.
    language : str
        Empty for the house language; else the language that `text` is kept in, such as ``"xpath"``,
        ``"redcap"`` or ``"limesurvey"``. Such a formula is *verbatim*: it goes back out unchanged, is listed
        by `Instrument.verbatim`, and nothing here evaluates it.

    Notes
    -----
    A constraint names the item's own answer by the item's name: what XLSForm writes as ``. < 672`` is
    ``hours < 672`` on the item ``hours``.

    Examples
    --------
    >>> Formula.of("age >= 15").names
    ('age',)
    >>> Formula.kept("once(random())", "xpath").expression is None
    True
    """

    text: str
    language: str = ""

    @classmethod
    def of(cls, text: str) -> Formula:
        """Read a formula of the house language.

        Raises
        ------
        VolResearchError
            ``expression.*``: it cannot be read.
        """
        _parsed(text)
        return cls(text)

    @classmethod
    def from_expression(cls, expression: Expression) -> Formula:
        """Make a formula of a parsed expression, for instance one that was translated from XPath."""
        return cls.of(str(expression))

    @classmethod
    def kept(cls, text: str, language: str) -> Formula:
        """Keep a foreign formula word for word."""
        return cls(text, language)

    @property
    def verbatim(self) -> bool:
        """Whether it is kept in a foreign language."""
        return bool(self.language)

    @property
    def expression(self) -> Expression | None:
        """The parsed expression; None where the formula is verbatim."""
        return None if self.verbatim else _parsed(self.text)

    @property
    def names(self) -> tuple[str, ...]:
        """Variables that it names; none where the formula is verbatim."""
        expression = self.expression
        return expression.names if expression else ()

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=8192)
def _parsed(text: str) -> Expression:
    return parse(text)


class _FormulaSchema:
    """Lets pydantic read a `Formula` from text, or from ``{verbatim: ..., language: xpath}``."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _as_formula, serialization=core_schema.plain_serializer_function_ser_schema(_as_data)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        kept = {
            "type": "object",
            "properties": {"verbatim": {"type": "string"}, "language": {"type": "string"}},
            "required": ["verbatim"],
            "additionalProperties": False,
        }
        return {"anyOf": [{"type": "string", "minLength": 1}, kept]}


def _as_formula(value: Any) -> Formula:
    if isinstance(value, Formula):
        return value
    if isinstance(value, bool):
        return Formula("true" if value else "false")
    if isinstance(value, int | float):
        return Formula(repr(value))
    if isinstance(value, Mapping) and {"verbatim"} <= set(value) <= {"verbatim", "language"}:
        return Formula.kept(str(value["verbatim"]), str(value.get("language") or "xpath"))
    if not isinstance(value, str) or not value.strip():
        said = "expected an expression such as age >= 15, or {{verbatim: ..., language: xpath}}"
        raise PydanticCustomError("formula", said)
    try:
        return Formula.of(value.strip())
    except VolResearchError as error:
        raise PydanticCustomError("formula", "{said}", {"said": " ".join(str(error).split())}) from None


def _as_data(value: Formula) -> str | dict[str, str]:
    return {"verbatim": value.text, "language": value.language} if value.verbatim else value.text


#: A condition or calculation: text of the house language, or a foreign one kept word for word.
FormulaField = Annotated[Formula, _FormulaSchema]
