"""Conditions of the expression language on the frame of a survey."""

from __future__ import annotations

from volresearch.expressions import parse, type_fault
from volresearch.expressions.frames import truth
from volresearch.survey.codes import missing_reasons
from volresearch.survey.engine import Engine
from volresearch.survey.totals import Condition

__all__ = ["condition"]


def condition(engine: Engine, where: str | None) -> Condition | None:
    """Return the domain that `where` describes, or None for the whole.

    Raises
    ------
    VolResearchError
        ``expression.syntax``, ``expression.unknown_name`` or ``expression.type``.
    """
    if where is None or not where.strip():
        return None
    expression = parse(where)
    if not expression.names:
        raise type_fault("The condition names no variable", "a condition on the rows, such as age >= 15")
    missing = {name: missing_reasons(engine.codebook, name) for name in expression.names}
    found = truth(expression.node, engine.frame, missing)
    return Condition(str(expression), found.true, ~(found.true | found.false))
