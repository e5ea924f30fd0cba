"""The one expression language: conditions on answers, the same for one answer set and for every frame.

    age >= 15 and (sex == 'f' or not selected(skills, 'first_aid')) and country in ['KEN', 'KHM']

Values are codes. A comparison with a missing value is unknown; ``and``, ``or`` and ``not`` follow three-valued logic.
Text and numbers are never compared. Nothing is ever handed to the interpreter: this is a tokenizer, a recursive
descent parser and an evaluator over frozen nodes, bounded in length and depth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from volresearch.expressions.evaluation import evaluated, type_fault
from volresearch.expressions.nodes import (
    FUNCTIONS,
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
    names_in,
)
from volresearch.expressions.parser import parse_node
from volresearch.expressions.printing import printed

__all__ = [
    "FUNCTIONS",
    "Arithmetic",
    "Call",
    "Compare",
    "Expression",
    "Literal",
    "Logic",
    "Member",
    "Name",
    "Negative",
    "Node",
    "Not",
    "parse",
    "type_fault",
]


@dataclass(frozen=True)
class Expression:
    """A parsed expression.

    Examples
    --------
    >>> condition = parse("age >= 15 and sex in ['f', 'm']")
    >>> condition.evaluate({"age": 20, "sex": "f"}), condition.evaluate({"age": None, "sex": "f"})
    (True, None)
    >>> str(condition)
    "age >= 15 and sex in ['f', 'm']"
    """

    node: Node

    def __str__(self) -> str:
        return printed(self.node)

    @property
    def names(self) -> tuple[str, ...]:
        """Variables that it names, each once."""
        return tuple(dict.fromkeys(names_in(self.node)))

    def evaluate(self, answers: Mapping[str, Any]) -> Any:
        """Return the value for one answer set; None is unknown (or missing).

        Raises
        ------
        VolResearchError
            ``expression.unknown_name`` and ``expression.type``.
        """
        return evaluated(self.node, answers)


def parse(text: str) -> Expression:
    """Read an expression.

    Parameters
    ----------
    text : str
        Bounded in length and depth (`volresearch.expressions.parser`).

    Raises
    ------
    VolResearchError
        ``expression.syntax`` with the place, ``expression.limit``, ``expression.unknown_name`` (a function).
    """
    return Expression(parse_node(text))
