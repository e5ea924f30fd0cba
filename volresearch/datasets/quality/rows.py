"""The rows of a table, asked in SQL where they are: a frame in memory and a lazy one alike; only answers are brought."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from volresearch.datasets.codebook import MISSING_REASONS, Variable, number_of
from volresearch.datasets.columns import is_lazy, literal, names_of, quoted
from volresearch.datasets.typed import WHY

__all__ = ["Ask", "Rows", "numbers", "total"]

#: Columns that one query reads: the plan of a query grows faster than its columns.
_AT_ONCE = 60
#: Terms of one sum.
_TERMS = 200
_NO_CONNECTION: Any = None
_FLOATS = frozenset({"DOUBLE", "FLOAT"})
_NUMBERS = re.compile(r"(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL.*|BOOLEAN)\Z")


@dataclass(frozen=True)
class Ask:
    """One aggregate and the columns that it reads."""

    sql: str
    columns: tuple[str, ...]


class Rows:
    """The rows of one table and what the codebook says of its columns.

    Parameters
    ----------
    frame : pandas.DataFrame or DuckDB relation
    variables : iterable of Variable
        What describes the columns.
    name : str
        Name of the table.
    """

    def __init__(self, frame: Any, variables: Iterable[Variable], name: str = "") -> None:
        self.name, self._frame = name, frame
        self.columns = names_of(frame)
        known = set(self.columns)
        self.variables = {one.name: one for one in variables if one.name in known}
        self._known, self._connection, self._kinds = known, _NO_CONNECTION, dict[str, str]()
        self.n = int(self.together("count(*)", self.columns[:1])[0]) if self.columns else 0

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def relation(self, columns: Sequence[str]) -> Any:
        """Return a relation with some columns; of a lazy frame the frame itself, which reads what is named only."""
        if is_lazy(self._frame):
            return self._frame
        import duckdb

        if self._connection is _NO_CONNECTION:
            self._connection = duckdb.connect()
        part = self._frame[list(dict.fromkeys(columns))]
        # Columns of mixed Python objects have no SQL type.
        mixed = {
            name: part[name].astype("str") for name, kind in part.dtypes.items() if str(kind) == "object"
        }
        return self._connection.from_df(part.assign(**mixed) if mixed else part)

    def ask(self, wanted: Mapping[Any, Ask]) -> dict[Any, Any]:
        """Return the answer to every aggregate, by its key; one scan for some sixty columns."""
        out: dict[Any, Any] = {}
        batch: dict[Any, Ask] = {}
        columns: dict[str, None] = {}
        for key, one in wanted.items():
            if batch and len(columns.keys() | one.columns) > _AT_ONCE:
                out |= self._asked(batch, list(columns))
                batch, columns = {}, {}
            batch[key] = one
            columns |= dict.fromkeys(one.columns)
        return out | (self._asked(batch, list(columns)) if batch else {})

    def together(self, sql: str, columns: Sequence[str]) -> tuple[Any, ...]:
        """Return the answers to several aggregates that read all of `columns` at once."""
        return tuple(self.relation(columns).aggregate(sql).fetchall()[0])

    def kind(self, name: str) -> str:
        """Return the SQL type of a column."""
        if not self._kinds:
            self._kinds = self._all_kinds()
        return self._kinds[name]

    def calculable(self, name: str) -> bool:
        """Whether a column holds numbers to calculate with."""
        variable = self.variables.get(name)
        kind = self.kind(name)
        return (
            variable.numeric
            if variable
            else kind in _FLOATS or (bool(_NUMBERS.match(kind)) and kind != "BOOLEAN")
        )

    def raw(self, name: str) -> str:
        """Return the SQL of a column as it stands there; NaN is NULL."""
        column = quoted(name)
        return f"nullif({column}, 'NaN'::{self.kind(name)})" if self.kind(name) in _FLOATS else column

    def text(self, name: str) -> str:
        """Return the SQL of a column as text: the code 1 is ``1``, also where a file holds it as 1.0."""
        raw, kind = self.raw(name), self.kind(name)
        if kind == "VARCHAR":
            return raw
        if kind in _FLOATS:
            whole = f"{raw} = trunc({raw}) AND abs({raw}) < 1e15"
            return f"CASE WHEN {whole} THEN CAST(CAST({raw} AS BIGINT) AS VARCHAR) ELSE CAST({raw} AS VARCHAR) END"
        return f"CAST({raw} AS VARCHAR)"

    def content(self, variable: Variable) -> str:
        """Return the SQL of a variable in its own type, declared missing codes included."""
        if variable.numeric:
            return self._number(variable.name)
        return self.raw(variable.name) if variable.type in {"date", "datetime"} else self.text(variable.name)

    def holds(self, variable: Variable, codes: Iterable[str]) -> str:
        """Return the SQL of whether one of some codes stands there; ``false`` where the type can hold none."""
        if variable.type in {"date", "datetime"}:
            return "false"
        known = [number_of(code) for code in codes] if variable.numeric else []
        words = numbers(known) if variable.numeric else ", ".join(literal(code) for code in codes)
        return f"coalesce({self.content(variable)} IN ({words}), false)" if words else "false"

    def value(self, variable: Variable) -> str:
        """Return the SQL of a variable with every missing value as NULL."""
        missing = self.holds(variable, variable.missing)
        content = self.content(variable)
        return content if missing == "false" else f"CASE WHEN {missing} THEN NULL ELSE {content} END"

    def measured(self, name: str) -> str:
        """Return the SQL of a column as a number, missing codes as NULL; of a column without variable as well."""
        variable = self.variables.get(name)
        if variable is None:
            return self._number(name)
        return self.value(variable) if variable.numeric else f"TRY_CAST({self.value(variable)} AS DOUBLE)"

    def present(self, name: str) -> str:
        """Return the SQL of a column as text, missing codes as NULL; of a column without variable as well."""
        variable = self.variables.get(name)
        missing = self.holds(variable, variable.missing) if variable else "false"
        return (
            self.text(name)
            if missing == "false"
            else f"CASE WHEN {missing} THEN NULL ELSE {self.text(name)} END"
        )

    def missing(self, variable: Variable) -> dict[str, str]:
        """Return reason -> SQL of whether a value is missing for it; only reasons that can be."""
        by_reason: dict[str, list[str]] = {}
        for code, reason in variable.missing.items():
            by_reason.setdefault(reason, []).append(code)
        out: dict[str, str] = {reason: self.holds(variable, codes) for reason, codes in by_reason.items()}
        empty = f"{self.content(variable)} IS NULL"
        why = f"{variable.name}{WHY}"
        said: dict[str, str] = {variable.blank: empty}
        if why in self:
            said = self._named(variable, self.text(why), empty, by_reason)
        for name, condition in said.items():
            held = out.get(name, "false")
            out[name] = condition if held == "false" else f"({held} OR ({condition}))"
        return {reason: condition for reason, condition in out.items() if condition != "false"}

    def typed(self, names: Sequence[str]) -> Any:
        """Return a relation of some variables in their own types, with their companions; nothing is brought."""
        said = [f"{self.content(self.variables[name])} AS {quoted(name)}" for name in names]
        said += [quoted(one) for one in self.reads(*names) if one not in names]
        return self.relation(self.reads(*names)).project(", ".join(said))

    def reads(self, *names: str) -> tuple[str, ...]:
        """Return columns with their companions, as `Ask` names them."""
        return tuple(one for name in names for one in (name, f"{name}{WHY}") if one in self)

    def _named(
        self, variable: Variable, why: str, empty: str, codes: Mapping[str, list[str]]
    ) -> dict[str, str]:
        declared: list[str] = [code for many in codes.values() for code in many]
        out: dict[str, str] = {}
        every = [*declared]
        for reason in MISSING_REASONS:
            words = [*codes.get(reason, ()), *([] if reason in declared else [reason])]
            every += words
            listed = ", ".join(literal(word) for word in words)
            blank = f" OR {why} IS NULL" if reason == variable.blank else ""
            out[reason] = f"{empty} AND (coalesce({why} IN ({listed}), false){blank})"
        known = ", ".join(literal(word) for word in dict.fromkeys(every))
        other = f"({empty} AND {why} IS NOT NULL AND {why} NOT IN ({known}))"
        out["invalid"] = f"(({out['invalid']}) OR {other})"
        return out

    def _number(self, name: str) -> str:
        kind = self.kind(name)
        if kind in _FLOATS:
            return self.raw(name)
        if _NUMBERS.match(kind):
            return f"CAST({quoted(name)} AS DOUBLE)"
        return f"nullif(TRY_CAST(CAST({quoted(name)} AS VARCHAR) AS DOUBLE), 'NaN'::DOUBLE)"

    def _asked(self, batch: Mapping[Any, Ask], columns: list[str]) -> dict[Any, Any]:
        listed = ", ".join(one.sql for one in batch.values())
        answers = self.relation(columns or self.columns[:1]).aggregate(listed).fetchall()[0]
        return dict(zip(batch, answers, strict=True))

    def _all_kinds(self) -> dict[str, str]:
        out: dict[str, str] = {}
        for start in range(0, len(self.columns), _AT_ONCE * 10):
            part = self.relation(self.columns[start : start + _AT_ONCE * 10])
            out |= {str(name): str(kind) for name, kind in zip(part.columns, part.types, strict=True)}
        return out


def numbers(many: Iterable[float | None]) -> str:
    """Return numbers as SQL lists them; what is no number or endless is left out.

    >>> numbers([1.0, None, float("inf"), -8.5])
    '1.0, -8.5'
    """
    return ", ".join(repr(float(one)) for one in many if one is not None and math.isfinite(one))


def total(terms: Sequence[str]) -> str:
    """Return the SQL of a sum of many whole numbers, in sums of sums: a plan of one long chain runs out of stack.

    >>> total(["a", "b"])
    'list_sum([a, b])'
    """
    if len(terms) <= _TERMS:
        return f"list_sum([{', '.join(terms)}])" if terms else "0"
    parts = [total(terms[start : start + _TERMS]) for start in range(0, len(terms), _TERMS)]
    return total(parts)
