"""Conditions in the expression language, as domains of a frame."""

from __future__ import annotations

from volresearch.survey.engine import Engine
from volresearch.survey.totals import Condition

__all__ = ["condition"]


def condition(engine: Engine, where: str | None) -> Condition | None:
    """Return the domain that `where` describes, or None for the whole."""
    if where is None:
        return None
    from volresearch import expressions

    true, unknown = expressions.parse(where).narwhals(engine)
    return Condition(where, true, unknown)
