"""The one expression language: conditions on answers, the same for one answer set and for every frame.

    age >= 15 and (sex == 'f' or not selected(skills, 'first_aid')) and country in ['KEN', 'KHM']

Values are codes. A comparison with a missing value is unknown; ``and``, ``or`` and ``not`` follow three-valued logic.
Text and numbers are never compared. Nothing is ever handed to the interpreter: this is a tokenizer, a recursive
descent parser and an evaluator over frozen nodes, bounded in length and depth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from volresearch.expressions.evaluation import Answers, evaluated, type_fault
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

    def evaluate(
        self,
        answers: Mapping[str, Any],
        missing: Mapping[str, Mapping[str, str]] | None = None,
        today: date | None = None,
    ) -> Any:
        """Return the value for one answer set; None is unknown (or missing).

        Parameters
        ----------
        answers : mapping of str to value
            Answers by variable: numbers, texts, truth values, dates; the codes of a multiple choice as a list or
            with spaces between. ``<name>__why`` gives the reason of an answer that is missing.
        missing : mapping of variable to mapping of code to reason, optional
            Codes that are no answers, such as ``{"age": {"99": "refused"}}``; the code ``""`` gives the
            reason of an empty answer.
        today : date, optional
            The day that ``today()`` stands for.

        Raises
        ------
        VolResearchError
            ``expression.unknown_name`` and ``expression.type``.

        Examples
        --------
        >>> parse("reason(age) == 'refused'").evaluate({"age": 99}, missing={"age": {"99": "refused"}})
        True
        """
        return evaluated(self.node, Answers(answers, missing or {}, today))

    def on(
        self,
        frame: Any,
        missing: Mapping[str, Mapping[str, str]] | None = None,
        today: date | None = None,
        name: str = "value",
    ) -> Any:
        """Return a frame of one column, the value in every row; NULL is unknown.

        Parameters
        ----------
        frame : native frame
            Any that narwhals takes: pandas, polars (eager or lazy), DuckDB, PySpark, Dask. What is lazy stays lazy.
        missing, today
            As in `evaluate`.
        name : str
            Name of the column.

        Raises
        ------
        VolResearchError
            ``expression.unknown_name`` and ``expression.type``.
        """
        from volresearch.expressions.frames import (
            valued,
        )  # narwhals is heavy, and most callers have one answer set

        return valued(self.node, frame, missing or {}, today, name)


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
