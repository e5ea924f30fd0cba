"""From text to typed columns by the codebook, and why a value is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from volresearch.datasets.codebook import MISSING_REASONS, Codebook, Variable, number_of
from volresearch.errors import Fault, VolResearchError, Where, fault

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["WHY", "codes_in", "labels_of", "reason_of", "reasons_of", "typed_tables", "values_of"]

#: Ending of the companion column that holds a missing code which the column's type cannot hold.
WHY = "__why"


def typed_tables(
    tables: Mapping[str, pd.DataFrame],
    codebook: Codebook,
    where: Where,
    *,
    main: str = "",
    keep_codes: bool = False,
) -> dict[str, pd.DataFrame]:
    """Return the tables with every declared variable in its type.

    `main` is the name of the main table, whose variables name no table; with `keep_codes` a code that the
    codebook does not name is no fault.

    Raises
    ------
    VolResearchError
        ``dataset.codebook`` with every variable that is not there or holds what its type does not allow.
    """
    faults: list[Fault] = []
    everywhere = {name for table in tables.values() for name in table.columns}
    for variable in codebook:
        columns = tables.get(variable.table, ()) if variable.table else everywhere
        if variable.name not in columns:
            faults.append(_fault(variable, "is declared but stands in no table", where))
    out = {}
    for name, table in tables.items():
        known = [codebook.get(str(column), "" if name == main else name) for column in table.columns]
        variables = [variable for variable in known if variable is not None]
        out[name] = _typed(table, variables, where, faults, keep_codes)
    if faults:
        raise VolResearchError.of(faults)
    return out


def reason_of(word: str, variable: Variable) -> str:
    """Return what a word of a companion column stands for: a declared code, a reason by name, else ``invalid``."""
    return variable.missing.get(word) or (word if word in MISSING_REASONS else "invalid")


def reasons_of(frame: pd.DataFrame, variable: Variable) -> pd.Series:
    """Return, row by row, why the value is missing (one of the seven reasons); NA where there is a value."""
    import pandas as pd

    values = frame[variable.name]
    out = pd.Series(pd.NA, index=frame.index, dtype="str", name=variable.name)
    for code, reason in variable.missing.items():
        out[_equal(values, code, variable)] = reason
    empty = values.isna()
    why = frame.get(f"{variable.name}{WHY}")
    if why is not None:
        named = why.map(lambda word: reason_of(str(word), variable), na_action="ignore")
        out[empty & named.notna()] = named
    out[empty & out.isna()] = variable.blank
    return out


def values_of(frame: pd.DataFrame, variable: Variable) -> pd.Series:
    """Return the column with every declared missing code as NA."""
    values = frame[variable.name]
    return values.mask(reasons_of(frame, variable).notna())


def labels_of(frame: pd.DataFrame, variable: Variable, lang: str) -> pd.Series:
    """Return the column with labels in the place of codes; a code without label stays, missing is NA."""
    values = values_of(frame, variable)
    words = {code: text.get_in(lang, code) for code, text in variable.labels.items()}
    if variable.type == "multiple":
        return values.map(
            lambda cell: "; ".join(words.get(code, code) for code in cell.split()), na_action="ignore"
        )
    if variable.numeric:
        numbers = {number: word for code, word in words.items() if (number := number_of(code)) is not None}
        return values.map(lambda cell: numbers.get(float(cell), cell), na_action="ignore")
    return values.map(lambda cell: words.get(cell, cell), na_action="ignore")


def _typed(
    frame: pd.DataFrame, variables: list[Variable], where: Where, faults: list[Fault], keep_codes: bool
) -> pd.DataFrame:
    new: dict[str, pd.Series] = {}
    for variable in variables:
        column = frame[variable.name]
        if variable.numeric or variable.type in {"date", "datetime"}:
            new |= _converted(column, variable, where, faults)
        else:
            new[variable.name] = codes_in(column)
            if not keep_codes:
                _check_codes(new[variable.name], variable, where, faults)
    return frame.assign(**new)


def _converted(
    column: pd.Series, variable: Variable, where: Where, faults: list[Fault]
) -> dict[str, pd.Series]:
    """Return the column as numbers or dates, and the codes it cannot hold as its companion column."""
    import pandas as pd

    if variable.numeric:
        values, kind = pd.to_numeric(column, errors="coerce"), "numbers"
    else:
        values, kind = pd.to_datetime(column, errors="coerce", format="ISO8601"), "dates such as 2021-10-30"
    lost = values.isna() & column.notna()
    special = lost & column.isin(list(variable.missing))
    if (lost & ~special).any():
        faults.append(_fault(variable, f"holds {_some(column[lost & ~special])}, not {kind}", where))
    if variable.type == "integer" and not values.isna().any() and (values % 1 == 0).all():
        values = values.astype("int64")
    out = {variable.name: values}
    if special.any():
        out[f"{variable.name}{WHY}"] = column.where(special).astype("str")
    return out


def codes_in(column: pd.Series) -> pd.Series:
    """Return a column as the text of its codes: a file may hold 1.0 beside a missing value, the code is ``1``."""
    if column.dtype == "str":
        return column
    if column.dtype.kind == "f" and (column.dropna() % 1 == 0).all():
        column = column.astype("Int64")
    return column.astype("str")


def _check_codes(column: pd.Series, variable: Variable, where: Where, faults: list[Fault]) -> None:
    if not variable.labels:
        return
    cells = column.dropna()
    if variable.type == "multiple":
        cells = cells.str.split().explode().dropna()
    unknown = cells[~cells.isin([*variable.labels, *variable.missing])]
    if len(unknown):
        faults.append(
            _fault(variable, f"holds codes that the codebook does not name: {_some(unknown)}", where)
        )


def _equal(values: pd.Series, code: str, variable: Variable) -> pd.Series:
    wanted: object = code
    if variable.numeric or variable.type in {"date", "datetime"}:
        wanted = number_of(code) if variable.numeric else None
        if wanted is None:  # the type cannot hold this code: it stands in the companion column
            return values.isna() & False
    return (values == wanted).fillna(False).astype(bool)


def _some(cells: pd.Series) -> str:
    shown = [repr(str(cell)) for cell in cells.unique()[:5]]
    return ", ".join(shown) + (" and others" if cells.nunique() > 5 else "")


def _fault(variable: Variable, said: str, where: Where) -> Fault:
    place = Where(file=where.file, variable=variable.name)
    return fault("dataset.codebook", f'The variable "{variable.name}" {said}.', where=place)
