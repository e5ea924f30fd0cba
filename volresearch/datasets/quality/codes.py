"""Codes that stand in the data and not in the codebook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from volresearch.datasets.codebook import Variable
from volresearch.datasets.columns import literal
from volresearch.datasets.quality.findings import Codes, Finding, Measure
from volresearch.datasets.quality.rows import Ask, Rows
from volresearch.datasets.quality.scope import Scope
from volresearch.text import mark

__all__ = ["check_codes", "shown_code"]

#: Codes that are named; more are counted.
_NAMED = 5
#: A word that stands in fewer cells than this may be what one person said.
_RARE = 3
_CODE = re.compile(r"-?\d{1,6}(\.\d{1,2})?|\.?[A-Za-z]{1,2}|[A-Za-z]{0,3}\d{1,4}")
_WORD = re.compile(r"[\w.-]{1,24}")

_CODES = mark("Cells with codes that the codebook does not name: {n} ({share}). Codes: {codes}")
_SEVERAL = mark("Chosen codes that the codebook does not name: {n}. Codes: {codes}")


def check_codes(scope: Scope) -> Iterator[Finding | Measure]:
    """Find codes that no label and no kind of missing names, with their counts."""
    for rows in scope.tables:
        labelled = [one for one in rows.variables.values() if one.labels]
        single = [one for one in labelled if one.type == "code"]
        asks = {
            one.name: Ask(f"count(*) FILTER (WHERE {_unknown(rows, one)})", rows.reads(one.name))
            for one in single
        }
        unknown = rows.ask(asks)
        for variable in single:
            n = int(unknown[variable.name])
            yield Measure("codes", scope.owner(rows), variable.name, "undeclared", n, rows.n)
            if n:
                yield from _said(scope, rows, variable, _single(rows, variable), rows.n)
        for variable in labelled:
            if variable.type == "multiple":
                found = _multiple(rows, variable)
                n = found[0][2] if found else 0
                yield Measure("codes", scope.owner(rows), variable.name, "undeclared", n, rows.n)
                if found:
                    yield from _said(scope, rows, variable, found, rows.n)


def _unknown(rows: Rows, variable: Variable) -> str:
    known = ", ".join(literal(code) for code in [*variable.labels, *variable.missing])
    return f"{rows.text(variable.name)} NOT IN ({known})"


def _top(found: Any) -> list[tuple[str, int, int, int]]:
    """Return the most frequent unknown codes with their counts, all their cells, and the number of such codes."""
    counts = found.aggregate("code, count(*) AS n", "code").project(
        "code, n, sum(n) OVER (), count(*) OVER ()"
    )
    top = counts.order("n DESC, code").limit(_NAMED).fetchall()
    return [(str(code), int(n), int(cells), int(codes)) for code, n, cells, codes in top]


def _single(rows: Rows, variable: Variable) -> list[tuple[str, int, int, int]]:
    where = _unknown(rows, variable)
    return _top(rows.relation([variable.name]).filter(where).project(f"{rows.text(variable.name)} AS code"))


def _multiple(rows: Rows, variable: Variable) -> list[tuple[str, int, int, int]]:
    known = ", ".join(literal(code) for code in [*variable.labels, *variable.missing, ""])
    split = f"unnest(string_split_regex(trim({rows.value(variable)}), '\\s+')) AS code"
    return _top(rows.relation([variable.name]).project(split).filter(f"code NOT IN ({known})"))


def _said(
    scope: Scope, rows: Rows, variable: Variable, found: list[tuple[str, int, int, int]], base: int
) -> Iterator[Finding]:
    cells, codes = found[0][2], found[0][3]
    named = Codes(tuple((shown_code(code, n), n) for code, n, _, _ in found), more=codes - len(found))
    share = cells / base if variable.type == "code" else None
    said = _CODES if share is not None else _SEVERAL
    yield Finding("warning", "codes", said, scope.owner(rows), variable.name, cells, share, {"codes": named})


def shown_code(code: str, n: int) -> str | int:
    """Return a code as a report may show it; of what may be somebody's own words only the length.

    >>> shown_code("7", 1), shown_code("other", 12), shown_code("Rosa", 1)
    ('7', 'other', 4)
    """
    word = n >= _RARE and _WORD.fullmatch(code) and not code.isdigit()
    return code if word or _CODE.fullmatch(code) else len(code)
