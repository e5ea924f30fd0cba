"""Columns of a lazy frame become typed by SQL: the same patterns and decisions as in memory, no row is brought.

Each column asks what it must know; what all of them ask is counted in one go over the file, until nobody asks more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from volresearch.datasets.codebook import Variable
from volresearch.datasets.columns import literal, names_of, quoted
from volresearch.datasets.readers.found import RawTable
from volresearch.datasets.readers.text_lazy_types import LazyColumn, lazily_by_content, lazily_by_variable
from volresearch.datasets.typed import WHY

__all__ = ["typed_lazily"]

#: Facts that are counted in one go over the file.
_AT_ONCE = 2_000


def typed_lazily(
    table: RawTable, names: Mapping[str, str], missing: Mapping[str, str]
) -> tuple[RawTable, list[tuple[str, str, str]]]:
    """Return a lazy table in its types, and (kind, column, sentence) of what there is to say."""
    from volresearch.datasets.readers.typing import absent_of, start_of

    frame = table.frame
    columns = names_of(frame)
    companions = {one for one in columns if one.endswith(WHY) and one.removesuffix(WHY) in columns}
    types = dict(zip(columns, map(str, frame.types), strict=True))
    facts = Facts(frame)
    jobs: dict[str, Job] = {}
    for column in columns:
        if column in table.hidden or column in companions:
            continue
        variable, guess = start_of(table, column, names[column])
        before = f"{column}{WHY}" if f"{column}{WHY}" in companions else None
        if guess and table.typed:
            variable = variable.model_copy(update={"type": _type_of(types[column])})
        texts = absent_of(missing, variable) if types[column] == "VARCHAR" else {}
        jobs[column] = Job(column, variable, guess, table.typed, texts, before, facts)
    done = facts.worked_out({column: job.run for column, job in jobs.items()})
    out = []
    for column in columns:
        if column in done:
            one = done[column]
            out.append(f"{one.sql} AS {quoted(names[column])}")
            out += [f"{one.why} AS {quoted(names[column] + WHY)}"] if one.why else []
        elif column not in companions:
            out.append(f"{quoted(column)} AS {quoted(names[column])}")
    told = [(kind, names[column], said) for column, one in done.items() for kind, said in one.notes]
    new = table.with_(
        frame=frame.project(", ".join(out)) if out else frame,
        variables={names[column]: one.variable for column, one in done.items()},
        typed=True,
        hidden=frozenset(names[column] for column in table.hidden if column in names),
        guess=frozenset(),
    )
    return new, told


def _type_of(kind: str) -> str:
    """Return the type of a variable that nothing describes, by the type of its column."""
    if kind.endswith("INT") or kind in {"INTEGER", "UINTEGER"}:
        return "integer"
    if kind in {"FLOAT", "DOUBLE"} or kind.startswith("DECIMAL"):
        return "number"
    return "datetime" if kind.startswith(("TIMESTAMP", "DATE")) else "code" if kind == "BOOLEAN" else "text"


class Needed(Exception):  # noqa: N818 - no error: a question that is answered in the next go over the file
    """A fact that is not known yet."""


@dataclass
class Facts:
    """What is known of a relation: aggregates by their SQL, answered in as few goes over the file as can be."""

    relation: Any
    known: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def of(self, *questions: str) -> Any:
        """Return the answer to the first question; the others will be asked soon, and are answered along."""
        if questions[0] not in self.known:
            self.asked += [one for one in questions if one not in self.known]
            raise Needed
        return self.known[questions[0]]

    def rows(self, condition: str, column: str, limit: int) -> list[tuple[int, str]]:
        """Return the first rows, from 1, that fulfil a condition, with their cell."""
        numbered = self.relation.project("*, row_number() OVER () AS __row")
        found = numbered.filter(condition).project(f"__row, {column}").limit(limit).fetchall()
        return [(int(row), str(cell)) for row, cell in found]

    def worked_out(self, work: Mapping[str, Callable[[], LazyColumn]]) -> dict[str, LazyColumn]:
        """Do all the work, answering what it asks in between."""
        done: dict[str, LazyColumn] = {}
        while len(done) < len(work):
            for name, run in work.items():
                if name in done:
                    continue
                try:
                    done[name] = run()
                except Needed:
                    continue
            self._answer()
        return {name: done[name] for name in work}

    def _answer(self) -> None:
        questions = list(dict.fromkeys(self.asked))
        self.asked = []
        for start in range(0, len(questions), _AT_ONCE):
            some = questions[start : start + _AT_ONCE]
            answers = self.relation.aggregate(", ".join(some)).fetchall()[0]
            self.known.update(zip(some, answers, strict=True))


@dataclass
class Job:
    """One column on its way from text to its type."""

    column: str
    variable: Variable
    guess: bool
    done: bool
    missing: Mapping[str, str]
    before: str | None
    facts: Facts

    def run(self) -> LazyColumn:
        """Type the column; raises `Needed` while facts are missing."""
        raw = quoted(self.column)
        absent = self._absent(raw)
        cell = f"CASE WHEN {raw} IN ({_listed(absent)}) THEN NULL ELSE {raw} END" if absent else raw
        if self.done:
            one = LazyColumn(cell, self.variable)
        elif self.guess:
            one = lazily_by_content(cell, self.variable, self.facts)
        else:
            one = lazily_by_variable(cell, self.variable, self.facts)
        return self._with_reasons(one, raw, absent)

    def _absent(self, raw: str) -> dict[str, str]:
        """Return the declared texts that stand in the column."""
        if not self.missing:
            return {}
        counts = {text: f"count(*) FILTER ({raw} = {literal(text)})" for text in self.missing}
        self.facts.of(*counts.values())
        return {text: self.missing[text] for text, count in counts.items() if self.facts.of(count)}

    def _with_reasons(self, one: LazyColumn, raw: str, absent: Mapping[str, str]) -> LazyColumn:
        """Say why cells are missing: by the variable where all share one reason, else in the companion column."""
        before = quoted(self.before) if self.before else ""
        given = set(absent.values())
        alone = len(given) == 1 and not one.lost and not before
        if alone and not self.facts.of(f"count(*) - count({raw})"):
            one.variable = one.variable.model_copy(update={"blank": next(iter(given))})
            return one
        cases = [
            f"WHEN {raw} = {literal(text)} THEN '{why}'"
            for text, why in absent.items()
            if why != one.variable.blank
        ]
        cases += [f"WHEN {one.lost} THEN {raw}"] if one.lost else []
        said = f"CASE {' '.join(cases)} END" if cases else ""
        one.why = f"coalesce({before}, {said})" if before and said else before or said or None
        return one


def _listed(texts: Mapping[str, str]) -> str:
    return ", ".join(literal(text) for text in texts)
