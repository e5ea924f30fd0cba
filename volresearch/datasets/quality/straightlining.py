"""Straight-lining: the same answer down a whole block of items that share one scale."""

from __future__ import annotations

from collections.abc import Iterator

from volresearch.datasets.codebook import Variable
from volresearch.datasets.quality.findings import Finding, Measure
from volresearch.datasets.quality.rows import Ask, Rows
from volresearch.datasets.quality.scope import Scope
from volresearch.text import mark

__all__ = ["blocks_of", "check_straightlining"]

#: Items that make a block, answers that make a scale: four times the same of two answers says little.
_ITEMS, _ANSWERS = 4, 3
_MUCH = 0.1

_SAME = mark(
    "Same answer to all items of the block {variable} to {last} ({items} items): {n} of {base} who answered "
    "four or more ({share})"
)


def check_straightlining(scope: Scope) -> Iterator[Finding | Measure]:
    """Count, block by block, respondents whose answers do not vary."""
    for rows in scope.tables:
        for block in blocks_of(scope, rows):
            yield from _block(scope.owner(rows), rows, block)


def blocks_of(scope: Scope, rows: Rows) -> list[tuple[Variable, ...]]:
    """Return runs of four or more items that stand together and have the same answers, in words and codes."""
    blocks: list[list[Variable]] = []
    before: object = None
    for variable in scope.answers(rows):
        scale = _scale(scope, variable)
        if scale is not None and scale == before:
            blocks[-1].append(variable)
        elif scale is not None:
            blocks.append([variable])
        before = scale
    return [tuple(block) for block in blocks if len(block) >= _ITEMS]


def _scale(scope: Scope, variable: Variable) -> object:
    """Return what two items must share to be of one block; None where a variable is no item of a scale."""
    answers = tuple((code, text) for code, text in variable.labels.items() if code not in variable.missing)
    if variable.type not in {"code", "integer", "number"} or len(answers) < _ANSWERS:
        return None
    around = (
        scope.instrument.around(variable.name) if variable.name in scope.items and scope.instrument else ()
    )
    return answers, tuple(block.name for block in around)


def _block(table: str, rows: Rows, block: tuple[Variable, ...]) -> Iterator[Finding | Measure]:
    values = [rows.value(one) for one in block]
    answered = " + ".join(f"CAST({value} IS NOT NULL AS INTEGER)" for value in values)
    same = f"least({', '.join(values)}) = greatest({', '.join(values)})"
    columns = rows.reads(*(one.name for one in block))
    found = rows.ask(
        {
            "base": Ask(f"count(*) FILTER (WHERE {answered} >= {_ITEMS})", columns),
            "same": Ask(f"count(*) FILTER (WHERE {answered} >= {_ITEMS} AND {same})", columns),
        }
    )
    n, base = int(found["same"]), int(found["base"])
    first, last = block[0].name, block[-1].name
    share = n / base if base else 0.0
    yield Measure("straightlining", table, f"{first} … {last}", "straightlining", share, base)
    if n:
        level = "warning" if share > _MUCH else "note"
        values_said = {"last": last, "items": len(block), "base": base}
        yield Finding(level, "straightlining", _SAME, table, first, n, share, values_said)  # type: ignore[arg-type]
