"""From text to typed columns: by the codebook where it says what a column is, else by all its cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from volresearch.datasets.codebook import Variable
from volresearch.datasets.columns import is_lazy, names_of
from volresearch.datasets.provenance import Step
from volresearch.datasets.readers.found import Asked, Found, Link, Note, RawTable
from volresearch.datasets.readers.text_cells import TextCells
from volresearch.datasets.readers.text_convert import TypedColumn, by_content, by_variable
from volresearch.datasets.readers.text_names import identifiers_of, label_of
from volresearch.datasets.readers.typing_notes import gathered, marks_of, summary_of
from volresearch.datasets.typed import WHY
from volresearch.errors import short_path

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["absent_of", "start_of", "typed"]

#: Kind of a column of numpy that nothing describes -> type of its variable.
_TYPES = defaultdict(lambda: "text", i="integer", u="integer", f="number", M="datetime", b="code")
#: Cells from which two threads are worth their start.
_MANY = 1_000_000


def typed(found: Found, asked: Asked) -> Found:
    """Return what was found with every column in its type, and a variable for each that is no structure.

    Parameters
    ----------
    found : Found
        Tables of text, or tables that are typed already (of these only names and declared texts change).
    asked : Asked
        ``missing`` are texts that are no answers anywhere in the file.

    Returns
    -------
    Found
        Names are identifiers, ``source`` and label keep the words of the header. What a type cannot hold is
        missing, its text stands in the companion column ``<name>__why``; notes tell it, with count and rows.
    """
    names = {table.name: identifiers_of(names_of(table.frame), table.hidden) for table in found.tables}
    missing = {**found.blanks, **asked.missing}
    file = short_path(asked.path)
    tables, notes, steps, marks = [], list[Note](), list[Step](), dict[str, str]()
    for table in found.tables:
        new, told = _table(table, names[table.name], missing)
        tables.append(new.with_(link=_link(table.link, table.name, names)))
        notes += gathered(told, file, "" if table is found.main else table.name)
        if not table.typed:
            steps.append(Step(summary_of(new), "typed"))
            marks = marks or marks_of(new, told)
    options = {**found.options, **marks}
    return found.with_(tables=tuple(tables), options=options).noting(*notes).stepping(*steps)


def _table(
    table: RawTable, names: Mapping[str, str], missing: Mapping[str, str]
) -> tuple[RawTable, list[tuple[str, str, str]]]:
    """Return a table in its types, and (kind, column, sentence) of what there is to say."""
    if is_lazy(table.frame):
        from volresearch.datasets.readers.text_lazy import typed_lazily

        return typed_lazily(table, names, missing)
    frame = table.frame
    columns = [
        column
        for column in names_of(frame)
        if column not in table.hidden and not _is_companion(column, frame)
    ]
    jobs = (_Job(table, column, names[column], missing) for column in columns)
    done = dict(zip(columns, _run(jobs, frame.size), strict=True))
    out: dict[str, pd.Series] = {}
    for column in names_of(frame):
        if column in done:
            one = done[column]
            out[names[column]] = one.values
            if one.why is not None:
                out[f"{names[column]}{WHY}"] = one.why
        elif not _is_companion(column, frame):
            out[names[column]] = frame[column]
    variables = {names[column]: one.variable for column, one in done.items()}
    told = [(kind, names[column], said) for column, one in done.items() for kind, said in one.notes]
    hidden = frozenset(names[column] for column in table.hidden if column in names)
    return table.with_(
        frame=_assembled(out, frame), variables=variables, typed=True, hidden=hidden, guess=frozenset()
    ), told


def _assembled(columns: Mapping[str, pd.Series], frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(dict(columns), index=frame.index, copy=False)


def _run(jobs: Iterator[_Job], size: int) -> list[_Done]:
    if size < _MANY:
        return [job.run() for job in jobs]
    with ThreadPoolExecutor(2) as pool:  # pyarrow works without the interpreter's lock
        return list(pool.map(lambda job: job.run(), jobs))


def _is_companion(column: str, frame: pd.DataFrame) -> bool:
    return column.endswith(WHY) and column.removesuffix(WHY) in frame.columns


def _link(link: Link | None, table: str, names: Mapping[str, Mapping[str, str]]) -> Link | None:
    if link is None:
        return None
    above = names.get(link.parent, {})
    return Link(
        link.parent, above.get(link.key, link.key), names[table].get(link.parent_key, link.parent_key)
    )


def start_of(table: RawTable, column: str, name: str) -> tuple[Variable, bool]:
    """Return the variable of a column under its name, and whether its type is still to be told by the content."""
    known = table.variables.get(column)
    changed = {"name": name, "source": column} if name != column else {"name": name}
    if known is None:
        return Variable(name=name, label=label_of(column), source=changed.get("source", "")), True
    if known.source:
        changed.pop("source", None)
    if not known.label and name != column:
        return known.model_copy(update={**changed, "label": label_of(column)}), column in table.guess
    return known.model_copy(update=changed), column in table.guess


def absent_of(texts: Mapping[str, str], variable: Variable) -> Mapping[str, str]:
    """Return the declared texts that count in a column: one that is a code of the codebook there stays a code."""
    return {
        text: why
        for text, why in texts.items()
        if text not in variable.labels and text not in variable.missing
    }


class _Done:
    """A column that is done."""

    def __init__(self, typed: TypedColumn, why: pd.Series | None) -> None:
        self.values, self.variable, self.notes, self.why = typed.values, typed.variable, typed.notes, why


class _Job:
    """One column on its way from text to its type."""

    def __init__(self, table: RawTable, column: str, name: str, missing: Mapping[str, str]) -> None:
        self.table, self.column, self.name, self.missing = table, column, name, missing

    def run(self) -> _Done:
        """Type the column."""
        frame = self.table.frame
        column = frame[self.column]
        variable, guess = start_of(self.table, self.column, self.name)
        before = frame.get(f"{self.column}{WHY}")
        if self.table.typed and column.dtype != "str":
            variable = variable.model_copy(update={"type": _TYPES[column.dtype.kind]}) if guess else variable
            return _Done(TypedColumn(column, variable), before)
        column = column.astype("str")
        absent = absent_of(self.missing, variable)
        reasons = None
        cells = TextCells(column)
        if absent and cells.filled and (here := cells.among(absent)).any():
            reasons = column.where(here).map(absent)
            cells = TextCells(column.mask(here))
        if self.table.typed:
            done = TypedColumn(cells.column, variable)
        else:
            done = by_content(cells, variable) if guess else by_variable(cells, variable)
        return self._with_reasons(done, column, reasons, before)

    def _with_reasons(
        self, done: TypedColumn, column: pd.Series, reasons: pd.Series | None, before: pd.Series | None
    ) -> _Done:
        """Say why cells are missing: by the variable where all share one reason, else in the companion column."""
        if reasons is None and done.lost is None:
            return _Done(done, before)
        why = _blank(column) if before is None else before.astype("str")
        if reasons is not None:
            why = self._reasoned(done, column, reasons, why)
        if done.lost is not None:
            why = why.mask(done.lost & why.isna().to_numpy(), column)
        return _Done(done, why if why.notna().any() else None)

    def _reasoned(
        self, done: TypedColumn, column: pd.Series, reasons: pd.Series, why: pd.Series
    ) -> pd.Series:
        given = reasons.dropna().unique()
        unsaid = column.isna() & why.isna()
        if len(given) == 1 and not unsaid.any() and why.isna().all() and done.lost is None:
            done.variable = done.variable.model_copy(update={"blank": given[0]})
            return why
        return why.where(why.notna(), reasons.mask(reasons == done.variable.blank))


def _blank(column: pd.Series) -> pd.Series:
    import pandas as pd

    return pd.Series(pd.NA, index=column.index, dtype="str")
