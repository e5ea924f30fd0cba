"""Harmonizes DuckDB relations: rows stay where they are, counts come by one aggregation for each source.

SQL is made of names (quoted), numbers and texts (escaped) only; nothing that a crosswalk says is run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from volresearch.datasets.codebook import MISSING_REASONS, Variable, number_of
from volresearch.datasets.columns import literal, names_of, quoted
from volresearch.datasets.typed import WHY
from volresearch.errors import VolResearchError
from volresearch.harmonize.binding import Case, Feed, Made
from volresearch.harmonize.cells import CARRY, UNCOVERED, Cell, Count, cell_of

__all__ = ["make_lazily"]

#: Different cells of a variable with several answers that are worked out one by one.
_CELLS = 2_000
_FLOATS = frozenset({"DOUBLE", "FLOAT"})


def make_lazily(relation: Any, made: Made, uncovered: str) -> tuple[Any, list[tuple[Feed, list[Count]]]]:
    """Return the relation with the columns of one target, and the counts of every source; see `make_in_memory`."""
    columns = names_of(relation)
    staged = relation
    for number, feed in enumerate(made.feeds):
        staged = _staged(staged, made, feed, number, uncovered)
    taken = _taken(made)
    staged = staged.project(f"*, {taken} AS {_temporary('used', 0)}")
    counts = [(feed, list(_counts(staged, feed, number))) for number, feed in enumerate(made.feeds)]
    picked = {
        part: "CASE "
        + " ".join(
            f"WHEN {_temporary('used', 0)} = {number} THEN {_temporary(part, number)}"
            for number in range(len(made.feeds))
        )
        + " END"
        for part in ("value", "why")
    }
    blank = literal(made.variable.blank)
    said = f"CASE WHEN {picked['value']} IS NULL AND {picked['why']} <> {blank} THEN {picked['why']} END"
    new = [f"{picked['value']} AS {quoted(made.name)}"]
    if staged.filter(f"({said}) IS NOT NULL").limit(1).fetchall():
        new.append(f"{said} AS {quoted(made.name + WHY)}")
    return staged.project(", ".join([*(quoted(name) for name in columns), *new])), counts


def _temporary(part: str, number: int) -> str:
    return quoted(f"__harmonize_{part}_{number}")


def _number(number: float) -> str:
    return f"CAST({literal(repr(float(number)))} AS DOUBLE)"


def _staged(relation: Any, made: Made, feed: Feed, number: int, uncovered: str) -> Any:
    """Add, for one source: its reason, key (the source code as text), case, value and reason of the result."""
    name = feed.source.name
    kind = str(relation.types[names_of(relation).index(name)])
    clean = (
        f"CASE WHEN NOT isnan({quoted(name)}) THEN {quoted(name)} END" if kind in _FLOATS else quoted(name)
    )
    key, reason, index = (_temporary(part, number) for part in ("key", "reason", "index"))
    out = relation.project(f"*, {clean} AS {_temporary('clean', number)}")
    clean = _temporary("clean", number)
    out = out.project(f"*, {_reason(out, feed.source, clean)} AS {reason}")
    out = out.project(f"*, {_key(out, feed.source, clean, reason, kind)} AS {key}")
    if feed.source.type == "multiple":
        return _several(out, made, feed, number, uncovered)
    out = out.project(f"*, {_index(feed, clean, key, reason)} AS {index}")
    value, why = _outcomes(made, feed, number, uncovered)
    return out.project(f"*, {value} AS {_temporary('value', number)}, {why} AS {_temporary('why', number)}")


def _reason(relation: Any, variable: Variable, clean: str) -> str:
    cases = []
    for code, reason in variable.missing.items():
        if variable.type in {"date", "datetime"} or (variable.numeric and number_of(code) is None):
            continue
        same = (
            f"{clean} = {_number(float(code))}"
            if variable.numeric
            else f"CAST({clean} AS VARCHAR) = {literal(code)}"
        )
        cases.append(f"WHEN {same} THEN {literal(reason)}")
    empty = literal(variable.blank)
    if f"{variable.name}{WHY}" in names_of(relation):
        why = quoted(f"{variable.name}{WHY}")
        words = dict.fromkeys(MISSING_REASONS) | dict(variable.missing)
        known = " ".join(
            f"WHEN {why} = {literal(word)} THEN {literal(reason or word)}" for word, reason in words.items()
        )
        empty = f"CASE WHEN {why} IS NULL THEN {empty} {known} ELSE 'invalid' END"
    return f"CASE WHEN {clean} IS NULL THEN {empty} {' '.join(cases)} END"


def _key(relation: Any, variable: Variable, clean: str, reason: str, kind: str) -> str:
    text = f"CAST({clean} AS VARCHAR)"
    if kind in _FLOATS or kind.startswith("DECIMAL"):
        text = f"CASE WHEN {clean} = floor({clean}) AND abs({clean}) < 1e15 THEN CAST(CAST({clean} AS BIGINT) AS VARCHAR) ELSE {text} END"
    empty = f"'missing:' || {reason}"
    if variable.missing and f"{variable.name}{WHY}" in names_of(relation):
        why = quoted(f"{variable.name}{WHY}")
        known = ", ".join(literal(code) for code in variable.missing)
        empty = f"CASE WHEN {why} IN ({known}) THEN {why} ELSE {empty} END"
    return f"CASE WHEN {clean} IS NULL THEN {empty} ELSE {text} END"


def _looked_up(key: str, table: Mapping[str, int]) -> str:
    """Return SQL for the number that a text stands for: long lists stay one expression, which CASE would not."""
    keys = ", ".join(literal(word) for word in table)
    numbers = ", ".join(str(number) for number in table.values())
    return f"CAST([{numbers}][list_position([{keys}], {key})] AS INTEGER)"


def _listed(items: Sequence[str], index: str, kind: str) -> str:
    """Return SQL for the item of a list that a case stands for, NULL for what is no case."""
    return f"CASE WHEN {index} >= 0 THEN CAST([{', '.join(items)}][{index} + 1] AS {kind}) END"


def _index(feed: Feed, clean: str, key: str, reason: str) -> str:
    codes = {case.match.code: number for number, case in enumerate(feed.cases) if case.match.kind == "code"}
    whens = [
        f"WHEN {_condition(case, feed.source, clean, reason)} THEN {number}"
        for number, case in enumerate(feed.cases)
        if case.match.kind != "code"
    ]
    other = f"CASE {' '.join(whens)} WHEN {reason} IS NOT NULL THEN {CARRY} ELSE {UNCOVERED} END"
    return f"COALESCE({_looked_up(key, codes)}, {other})" if codes else other


def _condition(case: Case, source: Variable, clean: str, reason: str) -> str:
    match = case.match
    if match.kind == "reason":
        return f"{reason} = {literal(match.code)}" if match.code else f"{reason} IS NOT NULL"
    if match.kind == "rest":
        return f"{reason} IS NULL"
    number = clean if source.numeric else f"TRY_CAST({clean} AS DOUBLE)"
    bounds = [f"{number} >= {_number(match.low)}"] if match.low is not None else []
    bounds += [f"{number} <= {_number(match.high)}"] if match.high is not None else []
    return " AND ".join([f"{reason} IS NULL", *bounds])


def _outcomes(made: Made, feed: Feed, number: int, uncovered: str) -> tuple[str, str]:
    """Return SQL for the value and for why there is none."""
    index, key, clean, reason = (_temporary(part, number) for part in ("index", "key", "clean", "reason"))
    numeric, dates = made.variable.numeric, made.variable.type in {"date", "datetime"}
    kind = "TIMESTAMP" if dates else "DOUBLE" if numeric else "VARCHAR"
    copied = clean if dates else f"TRY_CAST({clean} AS DOUBLE)" if numeric else key
    codes, lost = ["NULL"] * len(feed.cases), ["NULL"] * len(feed.cases)
    moved: dict[str, list[int]] = {}
    carried = [CARRY]
    for case_number, case in enumerate(feed.cases):
        outcome = case.outcome
        if outcome.kind == "missing" or (
            outcome.kind == "code" and numeric and number_of(outcome.code) is None
        ):
            lost[case_number] = literal(outcome.code)
        elif outcome.kind == "code":
            codes[case_number] = _number(float(outcome.code)) if numeric else literal(outcome.code)
        elif case.match.kind == "reason":
            carried.append(case_number)
        else:
            factor = outcome.conversion.factor if outcome.conversion else None
            by = f" * {_number(factor.numerator)} / {_number(factor.denominator)}" if factor else ""
            moved.setdefault(f"{copied}{by}", []).append(case_number)
    if uncovered == "keep" and not dates:
        moved.setdefault(copied, []).append(UNCOVERED)
    whens = [f"WHEN {index} IN ({', '.join(map(str, many))}) THEN {said}" for said, many in moved.items()]
    value = (
        f"CASE {' '.join(whens)} ELSE {_listed(codes, index, kind)} END"
        if whens
        else _listed(codes, index, kind)
    )
    why = (
        f"CASE WHEN {index} IN ({', '.join(map(str, carried))}) THEN {reason} "
        f"WHEN {index} = {UNCOVERED} THEN 'invalid' ELSE {_listed(lost, index, 'VARCHAR')} END"
    )
    return value if feed.cases else f"CAST(NULL AS {kind})", why if feed.cases else reason


def _taken(made: Made) -> str:
    """Return SQL for the number of the source that decides: the first with an answer, else the first."""
    missing = [_number(float(code)) if made.variable.numeric else literal(code) for code in made.missing
               if not made.variable.numeric or number_of(code) is not None]  # fmt: skip
    whens = []
    for number in range(len(made.feeds)):
        value = _temporary("value", number)
        no_answer = f" AND {value} NOT IN ({', '.join(sorted(missing))})" if missing else ""
        whens.append(f"WHEN {value} IS NOT NULL{no_answer} THEN {number}")
    return f"CASE {' '.join(whens)} ELSE 0 END"


def _several(relation: Any, made: Made, feed: Feed, number: int, uncovered: str) -> Any:
    """Different cells are few: each is worked out once, and the rows look theirs up."""
    clean, key, reason = (_temporary(part, number) for part in ("clean", "key", "reason"))
    found = relation.aggregate(f"{clean}, {key}, {reason}").limit(_CELLS + 1).fetchall()
    if len(found) > _CELLS:
        raise VolResearchError(
            "harmonize.crosswalk",
            f'"{feed.source.name}" has more than {_CELLS:,} different combinations of answers: too many to look up.',
            hint='Harmonize it in memory: vr.dataset(...) without engine="duckdb".',
        )
    cells = {
        f"{word}\n{why or ''}": cell_of(
            None if cell is None else str(cell), str(word), why, made, feed, uncovered
        )
        for cell, word, why in found
    }
    place = f"list_position([{', '.join(map(literal, cells))}], {key} || chr(10) || COALESCE({reason}, ''))"
    parts = {
        part: f"CAST([{', '.join(_literal(cell, part) for cell in cells.values()) or 'NULL'}][{place}] AS {kind})"
        for part, kind in (("index", "INTEGER"), ("value", "VARCHAR"), ("why", "VARCHAR"))
    }
    return relation.project(
        ", ".join(["*", *(f"{said} AS {_temporary(part, number)}" for part, said in parts.items())])
    )


def _literal(cell: Cell, part: str) -> str:
    value = getattr(cell, part)
    return "NULL" if value is None else str(value) if part == "index" else literal(value)


def _counts(relation: Any, feed: Feed, number: int) -> Iterator[Count]:
    index, key, used = _temporary("index", number), _temporary("key", number), _temporary("used", 0)
    word = key
    if not feed.coded and feed.cases:
        rules = [literal(case.rule.source_code) for case in feed.cases]
        word = f"COALESCE({_listed(rules, index, 'VARCHAR')}, {key})"
    asked = f"{index} AS i, {word} AS k, count(*) AS n, count(*) FILTER (WHERE {used} = {number}) AS u"
    for case_number, code, rows, decided in relation.aggregate(asked, f"{index}, {word}").fetchall():
        yield Count(int(case_number), str(code), int(rows), int(decided))
