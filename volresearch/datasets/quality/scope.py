"""What a check looks at: the tables of a dataset, and which columns play which part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from volresearch.datasets.codebook import Variable
from volresearch.datasets.declaration import ProbabilityDesign, column_names
from volresearch.datasets.quality.rows import Rows
from volresearch.datasets.typed import WHY
from volresearch.errors import VolResearchError, near

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset
    from volresearch.instruments import Block, Instrument, Item

__all__ = ["Scope"]

# By these names field tools and archives know the parts; only whole names count.
_KEYS = ("_uuid", "uuid", "instanceid", "_id", "record_id", "id", "key", "caseid", "case_id", "respondent_id",
         "respid", "response_id", "person_id", "person", "idno")  # fmt: skip
_INTERVIEWERS = ("interviewer", "interviewer_id", "enumerator", "enumerator_id", "enum_id", "surveyor", "surveyor_id",
                 "encuestador", "entrevistador", "enqueteur", "intnum", "intid")  # fmt: skip
_MINUTES = ("interview_minutes", "duration_minutes", "length_minutes", "interview_length", "duration_min")
_START, _END = ("start", "starttime", "start_time"), ("end", "endtime", "end_time")
_TECHNICAL = re.compile(
    r"_|(start|end|today|deviceid|subscriberid|simserial|phonenumber|username|audit|instance_?id|submission_?time|"
    r"submitdate|startdate|datestamp|lastpage|startlanguage|seed|token|ipaddr|refurl|x_(uuid|id|index))\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Scope:
    """A dataset with the parts of its columns; what the caller did not name is found by its usual name.

    Attributes
    ----------
    dataset : Dataset
    instrument : Instrument or None
    id, interviewer, minutes : str or None
        Names of columns, as the caller gave them.
    disposition : str, mapping of str to mapping of code to outcome, or None
    eligible_share : float or None
        The share of cases of unknown eligibility that is eligible.
    """

    dataset: Dataset
    instrument: Instrument | None = None
    id: str | None = None
    interviewer: str | None = None
    minutes: str | tuple[str, str] | None = None
    disposition: str | Mapping[str, Mapping[str, str]] | None = None
    eligible_share: float | None = None
    _tables: dict[str, Rows] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        given = [
            self.id,
            self.interviewer,
            *([self.minutes] if isinstance(self.minutes, str) else self.minutes or ()),
        ]
        given += [self.disposition] if isinstance(self.disposition, str) else list(self.disposition or ())
        for name in given:
            if name is not None and name not in self.main:
                raise VolResearchError(
                    "dataset.variable",
                    f'The main table of "{self.dataset.id}" has no column "{name}".',
                    hint=near(name, self.main.columns),
                )

    @property
    def main(self) -> Rows:
        """The main table."""
        return self.rows(self.dataset.main)

    @property
    def tables(self) -> tuple[Rows, ...]:
        """All tables, the main one first."""
        names = [self.dataset.main, *(name for name in self.dataset.tables if name != self.dataset.main)]
        return tuple(self.rows(name) for name in names)

    def rows(self, table: str) -> Rows:
        """Return one table."""
        if table not in self._tables:
            frame = self.dataset.tables[table]
            self._tables[table] = Rows(frame, self.dataset.variables_of(table), table)
        return self._tables[table]

    def owner(self, rows: Rows) -> str:
        """Return the table as findings name it: empty for the main one."""
        return "" if rows.name == self.dataset.main else rows.name

    @cached_property
    def key(self) -> str | None:
        """The column that names a row of the main table once."""
        linked = [
            one.key for one in self.dataset.declaration.tables.values() if one.parent == self.dataset.main
        ]
        named = self.id or next((name for name in linked if name in self.main), None)
        return named or next((name for name in self._all_named(_KEYS) if self._filled(name)), None)

    @cached_property
    def interviewers(self) -> str | None:
        """The column of interviewers."""
        return self.interviewer or self._named(_INTERVIEWERS)

    @cached_property
    def times(self) -> tuple[str, str] | None:
        """The columns in which an interview starts and ends."""
        if isinstance(self.minutes, tuple):
            return self.minutes
        start, end = self._named(_START), self._named(_END)
        return (start, end) if start and end and not self.minutes else None

    @cached_property
    def length(self) -> str | None:
        """The column of the length of an interview in minutes."""
        return (
            self.minutes if isinstance(self.minutes, str) else None if self.minutes else self._named(_MINUTES)
        )

    @cached_property
    def design_columns(self) -> tuple[str, ...]:
        """The columns that the declared design names and that are there."""
        design = self.dataset.design
        names = [design.weights] if design and design.weights else []
        if isinstance(design, ProbabilityDesign):
            names += [
                name for given in (design.strata, design.psu, design.fpc) for name in column_names(given)
            ]
            replicates = design.replicate_weights
            if replicates:
                names += [one for one in self.main.columns if one in replicates.columns or (replicates.prefix and one.startswith(replicates.prefix))]  # fmt: skip
        return tuple(name for name in dict.fromkeys(names) if name in self.main)

    @cached_property
    def items(self) -> dict[str, Item]:
        """The items of the form by name; none without a form."""
        return {item.name: item for item in self.instrument.all_items} if self.instrument else {}

    @property
    def asked(self) -> Iterator[tuple[Rows, Item, tuple[Block, ...]]]:
        """The items of the form whose variable stands in a table, with that table and the blocks around."""
        for entry, around in self.instrument.walk() if self.instrument else ():
            if entry.name in self.items and not hasattr(entry, "items"):
                rows = next((one for one in self.tables if entry.name in one.variables), None)
                if rows is not None:
                    yield rows, self.items[entry.name], around

    def answers(self, rows: Rows) -> list[Variable]:
        """Return the variables that hold answers: no keys, times, design columns, interviewers, no technical columns."""
        links = self.dataset.declaration.tables.get(rows.name)
        apart = {links.key, links.parent_key} if links else set()
        apart |= {one.key for one in self.dataset.declaration.tables.values() if one.parent == rows.name}
        if rows.name == self.dataset.main:
            parts = (self.key, self.interviewers, self.length, *(self.times or ()), *self.design_columns)
            given = [self.disposition] if isinstance(self.disposition, str) else list(self.disposition or ())
            apart |= {one for one in (*parts, *given) if one}
        return [
            one for name, one in rows.variables.items() if name not in apart and not _TECHNICAL.match(name) and one.type != "datetime"
        ]  # fmt: skip

    def _named(self, wanted: tuple[str, ...]) -> str | None:
        return next(self._all_named(wanted), None)

    def _all_named(self, wanted: tuple[str, ...]) -> Iterator[str]:
        """Yield the columns with one of some names, in the order of the names."""
        lower = {name.lower(): name for name in reversed(self.main.columns) if not name.endswith(WHY)}
        yield from (lower[name] for name in wanted if name in lower)

    def _filled(self, name: str) -> bool:
        """Whether anything stands in a column: tools export columns of keys that they did not fill."""
        return bool(self.main.together(f"count({self.main.raw(name)})", [name])[0])
