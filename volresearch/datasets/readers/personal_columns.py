"""Columns sampled, counted, salted and taken out of a table, whether its rows are in memory or stay on disk."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from volresearch.datasets.columns import is_lazy, literal, names_of, quoted
from volresearch.datasets.private import salted_key

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SAMPLE", "Plan", "filled_cells", "normal", "sampled", "split"]

#: Filled cells of a column that are looked at, and the seed of their choice.
SAMPLE = 2_000
_SEED = 20_240_601
_ROWS, _FEW = 3 * SAMPLE, 50


#: How SurveyCTO, SurveyMonkey and Google Forms write moments.
_WAYS = (
    "%b %d, %Y %I:%M:%S %p", "%b %d, %Y %H:%M:%S", "%Y/%m/%d %I:%M:%S %p", "%Y/%m/%d %H:%M:%S",
    "%m/%d/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M",
)  # fmt: skip


@dataclass
class Plan:
    """What becomes of the columns of one table.

    Attributes
    ----------
    dropped : list of str
        Columns that are taken out.
    salted : dict of str to str
        Column -> name of the column with its keys, at its place.
    spared : dict of str to set of str
        Column -> declared codes of missing that are no values to salt.
    minutes : tuple of str or None
        Columns of start and end: ``interview_minutes`` is made of them.
    days : dict of str to str
        Column of times -> name of the column with its day, such as ``interview_date``.
    """

    dropped: list[str] = field(default_factory=list)
    salted: dict[str, str] = field(default_factory=dict)
    spared: dict[str, set[str]] = field(default_factory=dict)
    minutes: tuple[str, str, str] | None = None
    days: dict[str, str] = field(default_factory=dict)

    @property
    def taken(self) -> list[str]:
        """Columns whose cells go to ``private/``."""
        return [*self.dropped, *self.salted]

    def key_beside(self, column: str) -> str:
        """Return the name that the keys of a column have beside its cells."""
        name = self.salted[column]
        return f"{name}_key" if name in self.taken else name

    @property
    def made(self) -> list[str]:
        """Columns that are made of times."""
        return [*self.days.values(), *(self.minutes[2:] if self.minutes else ())]


def sampled(frame: Any, names: Sequence[str]) -> dict[str, list[str]]:
    """Return up to `SAMPLE` filled cells of each column as text: of a lazy frame its first rows, else chosen by a fixed seed."""
    if not names:
        return {}
    if is_lazy(frame):
        return _lazily_sampled(frame, names)
    rows = len(frame)
    chosen = frame
    if rows > _ROWS:
        chosen = frame.iloc[sorted(random.Random(_SEED).sample(range(rows), _ROWS))]  # noqa: S311 - no secret
    out = {}
    for name in names:
        cells = chosen[name].dropna()
        if rows > _ROWS and len(cells) < _FEW:
            cells = frame[name].dropna()
        out[name] = _texts(cells.head(SAMPLE))
    return out


def filled_cells(frame: Any, names: Sequence[str]) -> dict[str, int]:
    """Return how many cells of columns are filled."""
    if not names:
        return {}
    if is_lazy(frame):
        row = frame.aggregate(", ".join(f"count({quoted(name)})" for name in names)).fetchall()[0]
        return {name: int(number) for name, number in zip(names, row, strict=True)}
    return {name: int(frame[name].notna().sum()) for name in names}


def split(frame: Any, plan: Plan, salt: bytes, row: str) -> tuple[Any, Any]:
    """Return a table without what is taken out, and what was taken out with its keys and the number of its row.

    Parameters
    ----------
    frame : pandas.DataFrame or DuckDB relation
    plan : Plan
    salt : bytes
    row : str
        Name of the column of row numbers in the second table.
    """
    if is_lazy(frame):
        return _lazily_split(frame, plan, salt, row)
    import numpy as np
    import pandas as pd

    made = _from_times(frame, plan)
    keys = {name: _salted(frame[name], salt, plan.spared.get(name, set())) for name in plan.salted}
    kept: dict[str, Any] = {}
    for name in names_of(frame):
        if plan.made and name in _times(plan):
            kept |= made
            made = {}
        if name in plan.salted:
            kept[plan.salted[name]] = keys[name]
        elif name not in plan.dropped:
            kept[name] = frame[name]
    number = np.arange(1, len(frame) + 1)
    out = pd.DataFrame(kept, index=frame.index) if kept else pd.DataFrame({row: number}, index=frame.index)
    private = {row: number, **{plan.key_beside(name): key.array for name, key in keys.items()}}
    return out, pd.DataFrame({**private, **{name: frame[name].array for name in plan.taken}})


def normal(text: str) -> str:
    """Return an identifier as all columns of a file and all tools write it, so that its keys agree.

    >>> normal(" uuid:AB-1 ")
    'ab-1'
    """
    return text.strip().lower().removeprefix("uuid:")


def _texts(cells: pd.Series) -> list[str]:
    """Return cells as text; whole numbers without a decimal point, moments without seconds where they are zero."""
    if cells.dtype.kind == "M":
        return [one.isoformat().removesuffix(":00").removesuffix("T00:00") for one in cells.tolist()]
    if cells.dtype.kind == "f":
        return [
            str(int(one)) if one == one // 1 and abs(one) < 1e18 else repr(float(one))
            for one in cells.tolist()
        ]
    return [str(one) for one in cells.tolist()]


def _salted(column: pd.Series, salt: bytes, spared: set[str]) -> pd.Series:
    import pandas as pd

    places, different = pd.factorize(column)
    texts = _texts(pd.Series(different))
    keys = pd.array(
        [text if text in spared else salted_key(normal(text), salt) for text in texts], dtype="str"
    )
    return pd.Series(keys.take(places, allow_fill=True), index=column.index)


def _times(plan: Plan) -> set[str]:
    return {*(plan.minutes[:2] if plan.minutes else ()), *plan.days}


def _from_times(frame: pd.DataFrame, plan: Plan) -> dict[str, pd.Series]:
    """Return what stays of exact times: how long, and on which day."""
    out = {}
    for name, day in plan.days.items():
        out[day] = _moments(frame[name]).dt.normalize()
    if plan.minutes:
        start, end, name = plan.minutes
        out[name] = (_moments(frame[end]) - _moments(frame[start])).dt.total_seconds() / 60
    return out


def _moments(column: pd.Series) -> pd.Series:
    import pandas as pd

    if column.dtype.kind == "M":
        return column.dt.as_unit("us")  # type: ignore[no-any-return]
    found = pd.to_datetime(column, errors="coerce", utc=True, format="ISO8601").dt.tz_localize(None)
    if column.notna().any() and found.isna().all():
        found = _in_words(column.astype("str"))
    return found.dt.as_unit("us")


def _in_words(column: pd.Series) -> pd.Series:
    """Return moments as survey tools write them for people, where one way alone fits every cell; else none at all."""
    import pandas as pd

    # "GMT+7" stays out: the clock of the place where the answer was given tells its day.
    plain = column.str.strip().str.replace(r"\s*(?:GMT|UTC)(?:[+-]\d{1,2}(?::?\d{2})?)?\Z", "", regex=True)
    plain = plain.str.replace(r"\b([AaPp])\.?\s?[Mm]\b\.?", r"\1M", regex=True)
    read = (pd.to_datetime(plain, errors="coerce", format=format) for format in _WAYS)
    fits = [one for one in read if bool((one.notna() == plain.notna()).all())]
    same = fits and all(one.equals(fits[0]) for one in fits)
    return fits[0] if same else pd.Series(pd.NaT, index=column.index, dtype="datetime64[us]")


def _lazily_sampled(frame: Any, names: Sequence[str]) -> dict[str, list[str]]:
    first = frame.limit(SAMPLE).project(", ".join(quoted(name) for name in names)).df()
    out = {}
    for name in names:
        cells = first[name].dropna()
        if len(cells) < _FEW and len(first) == SAMPLE:
            word = quoted(name)
            cells = frame.filter(f"{word} IS NOT NULL").limit(SAMPLE).project(word).df()[name]
        out[name] = _texts(cells)
    return out


def _lazily_split(frame: Any, plan: Plan, salt: bytes, row: str) -> tuple[Any, Any]:
    keys = {name: _key_sql(quoted(name), salt, plan.spared.get(name, set())) for name in plan.salted}
    made = [f"{sql} AS {quoted(name)}" for name, sql in _made_sql(plan).items()]
    kept: list[str] = []
    for name in names_of(frame):
        if made and name in _times(plan):
            kept, made = [*kept, *made], []
        if name in plan.salted:
            kept.append(f"{keys[name]} AS {quoted(plan.salted[name])}")
        elif name not in plan.dropped:
            kept.append(quoted(name))
    number = f"row_number() OVER () AS {quoted(row)}"
    private = [f"{keys[name]} AS {quoted(plan.key_beside(name))}" for name in plan.salted]
    taken = [quoted(name) for name in plan.taken]
    return frame.project(", ".join(kept or [number])), frame.project(", ".join([number, *private, *taken]))


def _key_sql(word: str, salt: bytes, spared: set[str]) -> str:
    """Return `salted_key` of `normal` in SQL: HMAC is two rounds of SHA-256 with a padded salt."""
    block = salt.ljust(64, b"\0")
    inner, outer = (bytes(sign ^ pad for sign in block).hex() for pad in (0x36, 0x5C))
    text = f"regexp_replace(lower(trim(CAST({word} AS VARCHAR))), '^uuid:', '')"
    key = f"left(sha256(unhex('{outer}') || unhex(sha256(unhex('{inner}') || encode({text})))), 20)"
    codes = ", ".join(literal(code) for code in sorted(spared))
    same = f"WHEN CAST({word} AS VARCHAR) IN ({codes}) THEN CAST({word} AS VARCHAR) " if spared else ""
    return f"CASE WHEN {word} IS NULL THEN NULL {same}ELSE {key} END"


def _made_sql(plan: Plan) -> Mapping[str, str]:
    def moment(name: str) -> str:
        return f"TRY_CAST({quoted(name)} AS TIMESTAMP)"

    out = {}
    for name, day in plan.days.items():
        out[day] = f"date_trunc('day', {moment(name)})::TIMESTAMP"
    if plan.minutes:
        start, end, name = plan.minutes
        out[name] = f"date_diff('millisecond', {moment(start)}, {moment(end)}) / 60000.0"
    return out
