"""Why a cell is empty, by the form: not asked, not in the version that was filled in, or asked and not answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from volresearch.datasets.columns import is_lazy, names_of
from volresearch.datasets.provenance import Step
from volresearch.datasets.readers.form_names import Parts, home_of, parted
from volresearch.datasets.readers.form_scope import Scope
from volresearch.datasets.readers.form_slots import Slot
from volresearch.datasets.readers.form_versions import Place, places_of, versions_in
from volresearch.datasets.readers.forms import forms_of
from volresearch.datasets.readers.found import Asked, Found, Note, RawTable, some
from volresearch.datasets.readers.redcap import from_logic, of_redcap
from volresearch.datasets.typed import WHY
from volresearch.errors import VolResearchError, Where, short_path
from volresearch.expressions import Expression, parse
from volresearch.instruments import Instrument

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["routed"]

_SHOWN = 12
#: Reasons of an empty cell that the form may tell more exactly.
_VAGUE = frozenset({"no_answer", "not_asked"})
_ENDS = ("latitude", "longitude", "altitude", "precision", "file", "count", "comment")


def routed(found: Found, asked: Asked) -> Found:
    """Return what was found with the reason of every empty cell that the form explains.

    For each item with a condition, its own or of a block around it, the condition is tried on the rows, those of a
    repeat with the rows above them. Where it is false or unknown an empty cell is ``not_asked``; where it is true,
    ``no_answer``; where the version that was filled in has no such item, ``not_in_version``. Answers that stand where
    nothing was asked are kept and counted. Who is asked (sides) and when (waves) is not known from a file.

    Parameters
    ----------
    found : Found
        With its columns in their types.
    asked : Asked
    """
    forms = forms_of(found, asked)
    if not forms or any(is_lazy(table.frame) for table in found.tables):
        return found
    work = _Work(found, forms)
    tables = tuple(work.table(table, number == 0) for number, table in enumerate(found.tables))
    counts = {reason: number for reason, number in work.counts.items() if number}
    if not work.tried and not work.notes and not counts:
        return found
    told = ", ".join(f"{number:,} {reason}" for reason, number in sorted(counts.items())) or "none"
    tried = f"tried the conditions of {len(work.tried)} items; " if work.tried else ""
    step = Step(
        f"{tried}empty cells by reason: {told}",
        "routed",
        details={
            "items": len(work.tried),
            "reasons": counts,
            "answers_not_asked_for": sum(work.against.values()),
        },
    )
    return found.with_(tables=tables).stepping(step).noting(*work.told(Where(file=short_path(asked.path))))


@dataclass(frozen=True)
class _Condition:
    """When an item is asked: an expression, or why none can be tried."""

    expression: Expression | None
    verbatim: bool = False


@dataclass
class _Work:
    """One pass over the tables of a file."""

    found: Found
    forms: Sequence[Instrument]
    places: tuple[Place, ...] = ()
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    against: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    unshown: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    tried: set[str] = field(default_factory=set)
    verbatim: dict[str, None] = field(default_factory=dict)
    untried: dict[str, None] = field(default_factory=dict)
    strangers: int = 0

    def __post_init__(self) -> None:
        self.places = places_of(self.forms)
        self.kinds = {place.name: place.variable.type for place in self.places if place.variable}
        names = [name for table in self.found.tables for name in table.variables]
        self.statuses = (
            {name for name in names if name.endswith("_complete")}
            if self.found.tool == "redcap" or any(map(of_redcap, self.forms))
            else set()
        )
        self.by_repeat: dict[Parts, list[Place]] = defaultdict(list)
        for place in self.places:
            self.by_repeat[place.repeat].append(place)

    @property
    def notes(self) -> bool:
        return bool(self.verbatim or self.untried or self.against or self.unshown or self.strangers)

    def table(self, table: RawTable, main: bool) -> RawTable:
        """Return a table with reasons."""
        headers = [
            (table.variables[name].source if name in table.variables else "") or name
            for name in names_of(table.frame)
        ]
        home = home_of(table.name, headers, self.places, main)
        scope = Scope(self.found, table)
        versions = self.versions(scope)
        out = table
        done: set[str] = set()
        # Items of another table may stand here where a file is flat: under their whole path.
        for place in [*self.by_repeat[home], *(one for one in self.places if one.repeat != home)]:
            for name in _columns_of(place, out):
                if name not in done and (place.repeat == home or _by_path(place, out.variables[name].source)):
                    done.add(name)
                    out = self.reasons(out, place, name, scope, versions)
        return out

    def versions(self, scope: Scope) -> np.ndarray | None:
        """Return the version of each row; None where there is one version, or no column says it."""
        if len(self.forms) < 2:
            return None
        column = scope.version_column()
        if column is None:
            return None
        numbers = versions_in(column, self.forms).to_numpy()
        self.strangers += int((numbers < 0).sum())
        return numbers

    def reasons(
        self, table: RawTable, place: Place, name: str, scope: Scope, versions: np.ndarray | None
    ) -> RawTable:
        """Return a table with the reasons of one column."""
        import numpy as np

        frame, variable = table.frame, table.variables[name]
        given = frame.get(f"{name}{WHY}")
        open_ = frame[name].isna().to_numpy()
        if variable.blank not in _VAGUE:  # the caller or the file declared it
            open_ = np.full(len(frame), False)
        elif given is not None:
            # What was written for empty and is no more than "no answer" may be told more exactly by the form.
            open_ = open_ & (given.isna() | (given == "no_answer").fillna(False)).to_numpy()
        why = np.full(len(frame), "", dtype=object)
        held = frame[name].notna().to_numpy() & ~_missing_codes(frame[name], variable.missing)
        unticked = (
            held & (frame[name] == "").fillna(False).to_numpy()
            if variable.type == "multiple"
            else ~held & False
        )
        newest = max(place.slots)
        for number, slot in place.slots.items():
            # Rows of a version that is not known are judged by the newest.
            rows = np.full(len(frame), True) if versions is None else (versions == number)
            if versions is None and number != newest:
                continue
            if versions is not None and number == newest:
                rows |= versions < 0
            asked = self.asked(place, slot, name, scope)
            if isinstance(asked, str):
                why[rows & open_] = asked
                continue
            # Tools write "no" into every box of a question that they did not show.
            unshown = rows & unticked & ~asked
            open_ = open_ | unshown
            why[rows & open_] = np.where(asked, "no_answer", "not_asked")[rows & open_]
            self._count(self.unshown, name, unshown)
            self._count(self.against, name, rows & held & ~unticked & ~asked)
        if versions is not None:
            absent = open_ & (versions >= 0) & ~np.isin(versions, list(place.slots))
            why[absent] = "not_in_version"
        return self.written(table, name, open_, why)

    def asked(self, place: Place, slot: Slot, name: str, scope: Scope) -> np.ndarray | str:
        """Return in which rows an item was asked; where no condition is tried, the reason of every empty cell.

        An empty text stands for the reason that the variable gives already.
        """
        condition = self.condition(place, slot, name)
        if condition is None:
            return ""
        asked = None if condition.expression is None else scope.truth(condition.expression)
        if asked is None:
            (self.verbatim if condition.verbatim else self.untried)[place.name] = None
            # A file that marks what was not asked says by an empty cell that it was.
            return "no_answer" if scope.marks(name, "not_asked") else "not_asked"
        self.tried.add(place.name)
        return asked

    @staticmethod
    def _count(into: dict[str, int], name: str, rows: np.ndarray) -> None:
        if rows.any():
            into[name] += int(rows.sum())

    def condition(self, place: Place, slot: Slot, name: str) -> _Condition | None:
        """Return when an item is asked; None for always."""
        formulas = [block.ask_if for block in slot.around if block.ask_if]
        formulas += [slot.item.ask_if] if slot.item.ask_if else []
        # REDCap leaves the status of a form empty in the rows of an event or instance that the form is not part of.
        around = slot.around if place is not self.places[0] else ()  # the id of the record stands in all rows
        statuses = [f"{block.name}_complete" for block in around if f"{block.name}_complete" in self.statuses]
        parts = [f"not is_missing({status})" for status in statuses]
        for formula in formulas:
            expression = formula.expression
            if formula.language == "redcap":
                expression = from_logic(formula.text, self.kinds)
            if expression is None:
                return _Condition(None, verbatim=True)
            parts.append(f"({expression})")
        specify = slot.item.other_specify
        if specify is not None and place.other is not None and name == place.other.name:
            code = specify.code.replace("'", "")
            parts.append(f"selected({place.name}, '{code}')" if slot.many else f"{place.name} == '{code}'")
        if not parts:
            return None
        try:
            return _Condition(parse(" and ".join(parts)))
        except VolResearchError:
            return _Condition(None)

    def written(self, table: RawTable, name: str, open_: np.ndarray, why: np.ndarray) -> RawTable:
        """Write the reasons of a column: as what an empty cell stands for where one explains all, else row by row."""
        import pandas as pd

        variable = table.variables[name]
        if table.frame[name].notna().to_numpy()[open_].any():
            table = table.with_(frame=table.frame.assign(**{name: table.frame[name].mask(open_)}))
        said = (
            pd.Series(why[open_]).replace("", variable.blank) if open_.any() else pd.Series([], dtype="str")
        )
        kinds = said.value_counts()
        for reason, number in kinds.items():
            self.counts[str(reason)] += int(number)
        companion = f"{name}{WHY}"
        before = table.frame.get(companion)
        if len(kinds) <= 1:
            blank = str(kinds.index[0]) if len(kinds) else variable.blank
            variables = {**table.variables, name: variable.model_copy(update={"blank": blank})}
            frame = table.frame if before is None else table.frame.assign(**{companion: before.mask(open_)})
            return table.with_(frame=frame, variables=variables)
        column = pd.Series(pd.NA, index=table.frame.index, dtype="str") if before is None else before.copy()
        column[open_] = said.to_numpy()
        frame = table.frame.assign(**{companion: column})
        if before is None:  # beside its column
            names = [one for one in names_of(frame) if one != companion]
            names.insert(names.index(name) + 1, companion)
            frame = frame[names]
        return table.with_(frame=frame)

    def told(self, where: Where) -> list[Note]:
        against = [f"{name} ({number})" for name, number in self.against.items()]
        unshown = [f"{name} ({number})" for name, number in self.unshown.items()]
        told = (
            (unshown, "Nothing chosen where nothing was asked is no answer and counts as not asked"),
            (list(self.verbatim), "Their conditions are kept word for word and are not tried here, so that an empty cell counts as not asked"),
            (list(self.untried), "Their conditions name what is not in the file or is of another type, so that an empty cell counts as not asked"),
            (against, "Answers where the form asks nothing are kept"),
            ([f"{self.strangers:,} rows"] if self.strangers else [], "The version of the form is none of those given; they are read as the newest"),
        )  # fmt: skip
        return [Note(f"{said}: {some(names, _SHOWN)}.", where) for names, said in told if names]


def _columns_of(place: Place, table: RawTable) -> list[str]:
    """Return the columns of a table that hold what an item gave."""
    names = [place.name, *([place.other.name] if place.other else [])]
    names += [f"{place.name}_{end}" for end in _ENDS]
    return [name for name in dict.fromkeys(names) if name in table.variables and name in table.frame]


def _by_path(place: Place, source: str) -> bool:
    wanted = parted(source)
    return any(
        wanted[: len(inside)] == inside
        for slot in place.slots.values()
        if (inside := tuple(piece for name in slot.path[:-1] for piece in parted(name)))
    )


def _missing_codes(column: pd.Series, missing: Mapping[str, str]) -> np.ndarray:
    import numpy as np

    if not missing:
        return np.full(len(column), False)
    return column.astype("str").isin(list(missing)).fillna(False).to_numpy()
