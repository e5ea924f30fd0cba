"""Rows that say the same twice: identical answers, keys that stand twice, rows of linked tables without a parent."""

from __future__ import annotations

from collections.abc import Iterator

from volresearch.datasets.columns import quoted
from volresearch.datasets.quality.findings import Finding, Measure
from volresearch.datasets.quality.rows import Ask, Rows, total
from volresearch.datasets.quality.scope import Scope
from volresearch.text import mark

__all__ = ["check_duplicates"]

#: With fewer answers given two persons may well have given the same ones.
_ENOUGH = 15

_SAME = mark(
    "Rows with the same answers as an earlier row: {n} of {base} ({share}), in {long} of them {enough} answers or more"
)
_SAME_FEW = mark(
    "Rows with the same answers as an earlier row: {n} of {base} ({share}). None has {enough} answers: it may be chance."
)
_KEY_TWICE = mark("Keys that stand in several rows: {n}, in {rows} rows. A key names one row.")
_KEY_EMPTY = mark("Rows without a key: {n} of {base} ({share})")
_NO_KEY = mark("No column is known to name each row once. Name it with id=.")
_ORPHANS = mark("Rows without a row above them in the table {parent}: {n} of {base} ({share})")


def check_duplicates(scope: Scope) -> Iterator[Finding | Measure]:
    """Find identical rows, doubled or empty keys, rows of linked tables that belong to none."""
    yield from _identical(scope)
    if scope.key is None:
        if scope.dataset.kind == "survey":
            yield Finding("note", "duplicates", _NO_KEY)
    else:
        yield from _keys(scope.main, scope.key, "")
    for rows in scope.tables[1:]:
        link = scope.dataset.declaration.tables.get(rows.name)
        if link is not None and link.parent:
            yield from _orphans(rows, scope.rows(link.parent), link.parent_key, link.key)


def _identical(scope: Scope) -> Iterator[Finding | Measure]:
    rows, answers = scope.main, scope.answers(scope.main)
    if not answers or not rows.n:
        return
    # A hash of 128 bits stands for the row: groups of whole rows would be held in memory.
    names = [quoted(one.name) for one in answers]
    given = total([f"CAST({rows.value(one)} IS NOT NULL AS INTEGER)" for one in answers])
    by = f"hash({', '.join(names)}), hash(1, {', '.join(reversed(names))})"
    groups = rows.relation(rows.reads(*(one.name for one in answers))).aggregate(
        f"count(*) - 1 AS more, max({given}) AS given", by
    )
    counted = groups.aggregate(f"sum(more), sum(more) FILTER (WHERE given >= {_ENOUGH})").fetchall()[0]
    n, long = (int(one or 0) for one in counted)
    yield Measure("duplicates", "", "", "identical_rows", n, rows.n)
    if n:
        values = {"base": rows.n, "long": long, "enough": _ENOUGH}
        level, said = ("warning", _SAME) if long else ("note", _SAME_FEW)
        yield Finding(level, "duplicates", said, n=n, share=n / rows.n, values=values)  # type: ignore[arg-type]


def _keys(rows: Rows, key: str, table: str) -> Iterator[Finding | Measure]:
    column = rows.text(key)
    groups = rows.relation([key]).filter(f"{column} IS NOT NULL").aggregate("count(*) AS c", column)
    keys, doubled = groups.filter("c > 1").aggregate("count(*), coalesce(sum(c), 0)").fetchall()[0]
    empty = rows.ask({0: Ask(f"count(*) FILTER (WHERE {column} IS NULL OR {column} = '')", (key,))})[0]
    yield Measure("duplicates", table, key, "doubled_keys", int(keys), rows.n)
    yield Measure("duplicates", table, key, "empty_keys", int(empty), rows.n)
    if keys:
        share = int(doubled) / rows.n
        yield Finding("error", "duplicates", _KEY_TWICE, table, key, int(keys), share, {"rows": int(doubled)})
    if empty:
        yield Finding(
            "warning", "duplicates", _KEY_EMPTY, table, key, int(empty), empty / rows.n, {"base": rows.n}
        )


def _orphans(rows: Rows, above: Rows, parent_key: str, key: str) -> Iterator[Finding | Measure]:
    if parent_key not in rows or key not in above or not rows.n:
        return
    # The two tables may live in different places: only the distinct keys meet.
    have = {one for (one,) in above.relation([key]).project(above.text(key)).distinct().fetchall()}
    groups = (
        rows.relation([parent_key]).project(f"{rows.text(parent_key)} AS k").aggregate("k, count(*)", "k")
    )
    counted = groups.fetchall()
    n = sum(int(count) for value, count in counted if value is None or value not in have)
    yield Measure("duplicates", rows.name, parent_key, "rows_without_parent", n, rows.n)
    if n:
        values = {"parent": above.name, "base": rows.n}
        yield Finding("error", "duplicates", _ORPHANS, rows.name, parent_key, n, n / rows.n, values)
