"""What a condition of a form may name in a row: the columns of its table, and of the tables above it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from volresearch.datasets.columns import names_of
from volresearch.datasets.readers.form_versions import version_column
from volresearch.datasets.readers.found import Found, RawTable
from volresearch.datasets.typed import WHY
from volresearch.errors import VolResearchError
from volresearch.expressions import Expression

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["Scope"]


class Scope:
    """The columns that a condition may name: those of a table, and of the tables above it."""

    def __init__(self, found: Found, table: RawTable) -> None:
        self.tables = {one.name: one for one in found.tables}
        self.table = table
        self.known: dict[str, np.ndarray | None] = {}

    def truth(self, expression: Expression) -> np.ndarray | None:
        """Return in which rows a condition is true; None where it cannot be tried."""
        text = str(expression)
        if text not in self.known:
            self.known[text] = self._truth(expression)
        return self.known[text]

    def _truth(self, expression: Expression) -> np.ndarray | None:
        import numpy as np
        import pandas as pd

        columns: dict[str, pd.Series] = {}
        missing: dict[str, Mapping[str, str]] = {}
        for name in expression.names:
            got = self.column(name)
            if got is None:
                return None
            columns[name], missing[name] = got
        rows = len(self.table.frame)
        try:
            if not columns:
                return np.full(rows, expression.evaluate({}) is True)
            frame = pd.DataFrame(columns, index=self.table.frame.index)
            return expression.on(frame, missing)["value"].fillna(False).astype(bool).to_numpy()  # type: ignore[no-any-return]
        except VolResearchError:  # it compares unlike things
            return None

    def marks(self, name: str, reason: str) -> bool:
        """Whether the file itself gives this reason to some cells of a column."""
        why = self.table.frame.get(f"{name}{WHY}")
        return why is not None and bool((why == reason).any())

    def column(self, name: str) -> tuple[pd.Series, Mapping[str, str]] | None:
        """Return a column by name, from this table or the nearest above it, row by row of this table."""
        place: RawTable | None = self.table
        at = None
        while place is not None:
            if name in place.variables and name in place.frame:
                column = place.frame[name]
                return (column if at is None else self._down(column, at)), place.variables[name].missing
            place, at = self._above(place, at)
        return None

    def version_column(self) -> pd.Series | None:
        """Return what says the version of the form in each row."""
        place: RawTable | None = self.table
        at = None
        while place is not None:
            headers = {
                name: (place.variables[name].source if name in place.variables else "") or name
                for name in names_of(place.frame)
            }
            name = version_column(headers)
            if name is not None:
                column: pd.Series = place.frame[name]
                return column if at is None else self._down(column, at)
            place, at = self._above(place, at)
        return None

    def _above(self, table: RawTable, at: Any) -> tuple[RawTable | None, Any]:
        """Return the table above, and for each row of this scope its row there (-1 for none)."""
        link = table.link
        if link is None or link.parent not in self.tables:
            return None, None
        parent = self.tables[link.parent]
        if link.key not in parent.frame or link.parent_key not in table.frame:
            return None, None
        import numpy as np
        import pandas as pd

        keys = parent.frame[link.key].astype("str")
        first = ~keys.duplicated()
        rows = pd.Series(np.arange(len(keys))[first], index=keys[first])
        own = table.frame[link.parent_key].astype("str").map(rows).fillna(-1).astype("int64").to_numpy()
        return parent, own if at is None else np.where(at >= 0, own[at], -1)

    def _down(self, column: pd.Series, at: Any) -> pd.Series:
        """Return a column of a table above in the rows of this one."""
        taken: pd.Series = column.reset_index(drop=True).reindex(at)  # -1 is in no index: NA
        taken.index = self.table.frame.index
        return taken
