"""Answers to questions that the form does not ask: routing that was not followed, or data that were mended."""

from __future__ import annotations

from collections.abc import Iterator

from volresearch.datasets.quality.conditions import Condition, broken, counted
from volresearch.datasets.quality.findings import Finding, Measure
from volresearch.datasets.quality.scope import Scope
from volresearch.text import mark

__all__ = ["check_routing"]

_NOT_ASKED = mark(
    "Answers where the form does not ask: {n} of {base} answers ({share}). Asked if: {constraint}"
)
_NOT_OTHER = mark("Words for another answer where no other answer was chosen: {n} of {base} ({share})")


def check_routing(scope: Scope) -> Iterator[Finding | Measure]:
    """Count answers where a condition of the form, or of a block around, is false."""
    yield from counted(scope, "routing", "answered_not_asked", _NOT_ASKED, _conditions(scope))
    yield from counted(scope, "routing", "other_not_chosen", _NOT_OTHER, _others(scope))


def _conditions(scope: Scope) -> Iterator[Condition]:
    for rows, item, around in scope.asked:
        conditions = (*(block.ask_if for block in around), item.ask_if)
        formulas = [one for one in conditions if one]
        if formulas and item.asks:
            shown = " and ".join(f"({one})" if len(formulas) > 1 else str(one) for one in formulas)
            yield Condition(rows, item.name, broken(item.name, formulas), shown)


def _others(scope: Scope) -> Iterator[Condition]:
    for rows, item, _ in scope.asked:
        words = f"{item.name}_other"
        if item.other_specify and words in rows.variables:
            code = item.other_specify.code.replace("\\", "\\\\").replace("'", "\\'")
            chosen = (
                f"selected({item.name}, '{code}')" if item.type in _SEVERAL else f"{item.name} == '{code}'"
            )
            yield Condition(rows, words, f"not is_missing({words}) and not ({chosen})", chosen)


_SEVERAL = frozenset({"several", "ranking", "roster"})
