"""What identifies persons is found and set aside.

Decided here: names of organizations, countries, places and things stay, whatever the dataset is about. Codes of
interviewers stay, names and accounts of interviewers become keys in the same column, so that interviewer effects can
be checked. Numbers of rows and answers stay; universally unique identifiers become keys. Long answers in words stay
and are named, because no machine can tell whom they name.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from volresearch.datasets.codebook import Variable
from volresearch.datasets.columns import names_of
from volresearch.datasets.provenance import SetAside, Step
from volresearch.datasets.readers.found import Asked, Found, Link, Note, RawTable
from volresearch.datasets.readers.personal_columns import SAMPLE, Plan, filled_cells, split
from volresearch.datasets.readers.personal_scan import Finding, Scanned, scanned
from volresearch.datasets.readers.personal_words import folded
from volresearch.datasets.typed import WHY
from volresearch.text import in_all_languages, mark

__all__ = ["set_aside"]

_KEY = mark("Key of the answer: the same in every table and wave of the study")
_INTERVIEWER = mark("Key of the interviewer")
_MINUTES = mark("Minutes from the start to the end of the interview")
_DAY = mark("Day of the interview")
#: Columns whose cells are the key of an answer, the best first; folded.
_KEYS = (
    "uuid",
    "instanceid",
    "meta instanceid",
    "key",
    "id",
    "submission uuid",
    "response id",
    "responseid",
    "respondent id",
)
_STARTS = (
    "start",
    "starttime",
    "start time",
    "startdate",
    "start date",
    "survey start",
    "time start",
    "begin",
)
_ENDS = (
    "end",
    "endtime",
    "end time",
    "enddate",
    "end date",
    "submitdate",
    "datestamp",
    "survey end",
    "time end",
    "finish",
)
_SENT = re.compile("subm|recorded|stamp|completed")


@dataclass(frozen=True)
class _Done:
    """A table without what was set aside."""

    table: RawTable
    private: Any
    renamed: Mapping[str, str]
    aside: tuple[SetAside, ...]
    plan: Plan


def set_aside(found: Found, asked: Asked) -> Found:
    """Return what was found without what identifies persons.

    Parameters
    ----------
    found : Found
        With typed tables.
    asked : Asked
        ``personal="keep"`` leaves everything in and says so; ``salt`` makes the keys.

    Returns
    -------
    Found
        Columns that identify persons stand in ``private`` with the number of their row and its keys, and are listed
        in ``set_aside``; the step says how they were found.
    """
    looked = {table.name: scanned(table, found, asked) for table in found.tables}
    notes = _notes_on_text(looked)
    if asked.personal == "keep":
        return found.noting(*_kept(looked), *notes)
    found = _unquoted(found, {text for one in looked.values() for text in one.told})
    salt = asked.salt or secrets.token_bytes(32)
    done = [_without(table, looked[table.name], found, salt) for table in found.tables]
    renamed = {one.table.name: one.renamed for one in done}
    tables = tuple(one.table.with_(link=_relinked(one.table, renamed)) for one in done)
    aside = tuple(item for one in done for item in one.aside)
    step = _step(aside, asked) if aside else _idle_step(asked)
    taken = {one.table.name: one.private for one in done if one.aside}
    told = [*(_notes(done, aside, asked) if aside else ()), *notes]
    found = found.with_(
        tables=tables, set_aside=(*found.set_aside, *aside), private={**found.private, **taken}
    )
    return found.noting(*told).stepping(step)


def _without(table: RawTable, looked: Scanned, found: Found, salt: bytes) -> _Done:
    """Take out of a table what was found in it."""
    if not (looked.findings or looked.labels_of_people):
        return _Done(table, None, {}, (), Plan())
    main = table.name == found.main.name
    plan = _planned(table, looked, main, found)
    row = _free("row", [*names_of(table.frame), *plan.salted.values()])
    counts = filled_cells(table.frame, plan.taken)
    frame, private = split(table.frame, plan, salt, row)
    by_column = {one.column: one for one in looked.findings}
    aside = tuple(
        SetAside(
            variable=name,
            kind=by_column[name].kind,
            found_by=by_column[name].found_by,
            source=_source(table, name),
            table="" if main else table.name,
            n=counts[name],
        )
        for name in plan.taken
        if name in by_column
    )
    variables = _variables(table, plan, looked)
    hidden = table.hidden - set(plan.taken)
    if not names_of(frame) or names_of(frame) == [row]:
        hidden |= {row}
    out = table.with_(frame=frame, variables=variables, hidden=frozenset(hidden))
    return _Done(out, private, plan.salted, aside, plan)


def _planned(table: RawTable, looked: Scanned, main: bool, found: Found) -> Plan:
    """Decide what becomes of each column that was found."""
    plan = Plan()
    columns = names_of(table.frame)
    linking = _linking(table, found)
    keys = [one.column for one in looked.findings if one.action == "key"]
    first = _first_key(keys, looked) if main else ""
    for one in looked.findings:
        same = bool(first) and one.column != first and looked.cells.get(one.column) == looked.cells[first]
        if (one.action == "aside" or same) and one.column not in linking:
            plan.dropped.append(one.column)
            continue
        new = _key_name(one, table, first) if one.action == "key" else one.column
        taken = [name for name in columns if name != one.column]
        plan.salted[one.column] = _free(new, [*taken, *plan.salted.values()])
        known = table.variables.get(one.column)
        plan.spared[one.column] = set(known.missing) if known else set()
    plan.dropped += [
        f"{name}{WHY}" for name in plan.taken if f"{name}{WHY}" in columns and plan.salted.get(name) != name
    ]
    _plan_times(plan, looked, columns)
    return plan


def _plan_times(plan: Plan, looked: Scanned, columns: Sequence[str]) -> None:
    """Keep of exact times how long an interview took and its day: speeding can be checked, nobody be recognized."""
    times = {
        looked.folded[one.column]: one.column
        for one in looked.findings
        if one.kind == "time" and one.found_by != "content" and one.column in plan.dropped
    }
    start = next((times[word] for word in _STARTS if word in times), None)
    end = next((times[word] for word in _ENDS if word in times and times[word] != start), None)
    if start and end:
        plan.minutes = (start, end, _free("interview_minutes", columns))
    day = start or end or next((name for word, name in times.items() if _SENT.search(word)), None)
    if day:
        plan.days[day] = _free("interview_date", columns)
    for one in looked.findings:
        if one.kind == "time" and one.found_by == "content" and one.column in plan.dropped:
            plan.days[one.column] = _free(f"{one.column}_date", columns)


def _first_key(keys: Sequence[str], looked: Scanned) -> str:
    """Return the column whose keys stand for the answers: by name, else the first in which no two are the same."""
    by_name = {looked.folded[name]: name for name in reversed(keys)}
    named = next((by_name[word] for word in _KEYS if word in by_name), "")
    return named or next((name for name in keys if name in looked.distinct), "")


def _key_name(one: Finding, table: RawTable, first: str) -> str:
    """Return how the keys of a column are called: ``key`` for those of the answers, in every table."""
    words = folded(one.column)
    if one.column == first:
        return "key"
    if table.link is None:
        return one.column
    if "submission" in words:
        return "key"
    if words == "parent key" or table.link.parent_key == one.column:
        return "parent_key"
    return "row_key" if words == "key" else one.column


def _linking(table: RawTable, found: Found) -> set[str]:
    """Return the columns by which tables hang together: they are never taken out."""
    below = {other.link.key for other in found.tables if other.link and other.link.parent == table.name}
    return below | ({table.link.parent_key} if table.link else set())


def _unquoted(found: Found, texts: set[str]) -> Found:
    """Return what was found with every cell that is set aside cut out of notes and steps: earlier stages quote cells."""

    def cut(value: Any) -> Any:
        if isinstance(value, str):
            for text in (text for text in texts if text in value):
                value = value.replace(text, "…")
            return value
        if isinstance(value, Mapping):
            return {cut(key): cut(one) for key, one in value.items()}
        return [cut(one) for one in value] if isinstance(value, list | tuple) else value

    return found.with_(
        notes=tuple(Note(cut(note.message), note.where) for note in found.notes),
        steps=tuple(Step(cut(step.text), step.kind, step.used, cut(step.details)) for step in found.steps),
    )


def _relinked(table: RawTable, renamed: Mapping[str, Mapping[str, str]]) -> Link | None:
    link = table.link
    if link is None:
        return None
    return Link(
        link.parent,
        renamed.get(link.parent, {}).get(link.key, link.key),
        renamed[table.name].get(link.parent_key, link.parent_key),
    )


def _variables(table: RawTable, plan: Plan, looked: Scanned) -> dict[str, Variable]:
    """Return what describes the columns that stay."""
    out: dict[str, Variable] = {}
    kinds = {one.column: one.kind for one in looked.findings}
    for name, variable in table.variables.items():
        if name in looked.labels_of_people:
            variable = variable.model_copy(update={"labels": {}})
        if name not in plan.taken:
            out[name] = variable
    for name, new in plan.salted.items():
        known = table.variables.get(name)
        label = (
            known.label
            if known is not None and kinds[name] == "user"
            else in_all_languages(_INTERVIEWER if kinds[name] == "user" else _KEY)
        )
        out[new] = Variable(
            name=new,
            type="code" if kinds[name] == "user" else "text",
            label=label or in_all_languages(_INTERVIEWER),
            missing=known.missing if known else {},
            blank=known.blank if known else "no_answer",
            source=_source(table, name) if new != name else known.source if known else "",
        )
    if plan.minutes:
        name = plan.minutes[2]
        out[name] = Variable(name=name, type="number", label=in_all_languages(_MINUTES), unit="minutes")
    for name, day in plan.days.items():
        known = table.variables.get(name) if day != "interview_date" else None
        out[day] = Variable(
            name=day,
            type="date",
            label=known.label if known else in_all_languages(_DAY),
            source=_source(table, name) if known else "",
        )
    return out


def _source(table: RawTable, name: str) -> str:
    known = table.variables.get(name)
    return known.source if known is not None and known.source else name


def _free(name: str, taken: Sequence[str]) -> str:
    out, number = name, 1
    while out in taken:
        number += 1
        out = f"{name}_{number}"
    return out


def _how(asked: Asked) -> str:
    by = "form, names of columns, questions" if asked.forms else "names of columns, labels"
    part = "the first" if asked.engine == "duckdb" else "up to"
    return f"by {by}, and the content of {part} {SAMPLE:,} filled cells a column"


def _idle_step(asked: Asked) -> Step:
    return Step(f"looked for what identifies persons ({_how(asked)}) and found nothing", "set_aside")


def _step(aside: Sequence[SetAside], asked: Asked) -> Step:
    kinds = sorted({one.kind for one in aside})
    return Step(
        f"set aside {len(aside)} columns that identify persons ({', '.join(kinds)}), found {_how(asked)}",
        "set_aside",
        details={
            "sample": SAMPLE,
            "salt": "of the study" if asked.salt else "of this read",
            "columns": [
                {
                    "variable": one.variable,
                    "table": one.table,
                    "kind": one.kind,
                    "found_by": one.found_by,
                    "n": one.n,
                }
                for one in aside
            ],
        },
    )


def _notes(done: Sequence[_Done], aside: Sequence[SetAside], asked: Asked) -> list[Note]:
    listed = ", ".join(f"{one.variable} ({one.kind})" for one in aside)
    notes = [
        Note(f'Set aside, because it identifies persons: {listed}. personal="keep" leaves everything in.')
    ]
    made = [name for one in done for name in one.plan.made]
    if made:
        notes.append(
            Note(
                f"Exact times were set aside; what stays of them: {', '.join(made)}. "
                "Times with an offset count in UTC, and so does the day."
            )
        )
    if asked.salt is None and any(one.plan.salted for one in done):
        notes.append(
            Note("Keys link within this read only; name the study (study=...) and they link its waves.")
        )
    return notes


def _notes_on_text(looked: Mapping[str, Scanned]) -> list[Note]:
    notes = []
    long = [name for one in looked.values() for name in one.long_texts]
    if long:
        notes.append(
            Note(f"Answers in words may name persons; read them before they are shared: {', '.join(long)}.")
        )
    for one in looked.values():
        for name, number in one.mentions.items():
            notes.append(
                Note(
                    f"{number} of the sampled answers in {name} hold a phone number, an e-mail address or a position."
                )
            )
    exact = [name for one in looked.values() for name in one.coordinates]
    if exact:
        notes.append(
            Note(
                f"Numbers as exact as positions stand side by side: {', '.join(dict.fromkeys(exact))}. Where they "
                "are latitude and longitude, name the columns so and read the file again."
            )
        )
    people = [name for one in looked.values() for name in one.labels_of_people]
    if people:
        notes.append(
            Note(f"Labels that name interviewers were left out, their codes stay: {', '.join(people)}.")
        )
    return notes


def _kept(looked: Mapping[str, Scanned]) -> list[Note]:
    listed = [f"{one.column} ({one.kind})" for scan in looked.values() for one in scan.findings]
    return [Note(f"Personal data are kept, as asked: {', '.join(listed)}.")] if listed else []
