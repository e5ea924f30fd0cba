"""Harmonizes tables that are in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import code_text, number_of
from volresearch.datasets.typed import WHY, reasons_of
from volresearch.harmonize.binding import Case, Feed, Made
from volresearch.harmonize.cells import CARRY, UNCOVERED, Count, cell_of

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["make_in_memory"]


@dataclass(frozen=True)
class _Fed:
    """What one source says of a target, row by row."""

    values: pd.Series
    why: pd.Series
    index: pd.Series
    keys: pd.Series
    answered: pd.Series


def make_in_memory(
    frame: pd.DataFrame, made: Made, uncovered: str
) -> tuple[dict[str, pd.Series], list[tuple[Feed, list[Count]]]]:
    """Return the new columns of one target, and the counts of every source.

    Parameters
    ----------
    frame : pandas.DataFrame
    made : Made
    uncovered : str
        ``refuse`` and ``missing`` leave a value without a rule missing, ``keep`` copies it.

    Returns
    -------
    columns : dict of str to pandas.Series
        The target, and its companion where it is needed.
    counts : list of (Feed, list of Count)
        For every source, every code and every kind of missing with its rows.
    """
    fed = [_fed(frame, made, feed, uncovered) for feed in made.feeds]
    values, why = fed[0].values, fed[0].why
    used = fed[0].index.map(lambda _: 0).astype("int64") if len(frame) else fed[0].index
    settled = fed[0].answered
    for number, one in enumerate(fed[1:], start=1):
        takes = ~settled & one.answered
        values, why = values.mask(takes, one.values), why.mask(takes, one.why)
        used = used.mask(takes, number)
        settled = settled | one.answered
    columns = {made.name: values.rename(made.name)}
    said = why[why.notna() & (why != made.variable.blank)]
    if len(said):
        columns[f"{made.name}{WHY}"] = why.where(values.isna()).rename(f"{made.name}{WHY}").astype("str")
    counts = [
        (feed, list(_counts(feed, one, used == number)))
        for number, (feed, one) in enumerate(zip(made.feeds, fed, strict=True))
    ]
    return columns, counts


def _fed(frame: pd.DataFrame, made: Made, feed: Feed, uncovered: str) -> _Fed:
    reasons = reasons_of(frame, feed.source)
    keys = _keys(frame, feed, reasons)
    if feed.source.type == "multiple":
        values, why, index = _several(frame[feed.source.name], made, feed, reasons, keys, uncovered)
    else:
        index = _index(frame, feed, reasons, keys)
        values, why = _outcomes(frame[feed.source.name], made, feed, reasons, index, uncovered, keys)
    answered = values.notna() & ~_is_missing_code(values, made)
    return _Fed(values, why, index, keys, answered)


def _is_missing_code(values: pd.Series, made: Made) -> pd.Series:
    if made.variable.numeric:
        return values.isin([number_of(code) for code in made.missing])
    return values.isin(list(made.missing))


def _keys(frame: pd.DataFrame, feed: Feed, reasons: pd.Series) -> pd.Series:
    """Return every row's source code as text; of an empty cell why it is empty."""
    values = frame[feed.source.name]
    texts = _texts(values)
    empty = values.isna()
    if not empty.any():
        return texts
    words = "missing:" + reasons
    why = frame.get(f"{feed.source.name}{WHY}")
    if why is not None:
        words = words.mask(why.isin(list(feed.source.missing)), why)
    return texts.mask(empty, words)


def _texts(values: pd.Series) -> pd.Series:
    if values.dtype.kind in "iuf":
        return values.map({one: code_text(one) for one in values.dropna().unique()}).astype("str")
    if values.dtype.kind == "M":
        return values.map(lambda one: one.isoformat(), na_action="ignore").astype("str")
    return values.astype("str")


def _index(frame: pd.DataFrame, feed: Feed, reasons: pd.Series, keys: pd.Series) -> pd.Series:
    """Return, row by row, which case of the feed acts: its number, `CARRY` or `UNCOVERED`."""
    import numpy as np
    import pandas as pd

    present = reasons.isna().to_numpy()
    out = np.where(present, UNCOVERED, CARRY)
    numbers = None
    # The last written wins, so what goes first is written last: codes, all in one step.
    for number, case in sorted(enumerate(feed.cases), key=lambda one: -one[1].rank):
        if case.match.kind == "range" and numbers is None:
            numbers = pd.to_numeric(frame[feed.source.name], errors="coerce").to_numpy(dtype="float64")
        if case.match.kind != "code":
            out[_hit(case, present, reasons, numbers)] = number
    codes = {case.match.code: number for number, case in enumerate(feed.cases) if case.match.kind == "code"}
    hit = keys.isin(list(codes)).to_numpy(dtype=bool)
    out[hit] = keys[hit].map(codes).to_numpy(dtype="int64")
    return pd.Series(out, index=frame.index)


def _hit(case: Case, present: np.ndarray, reasons: pd.Series, numbers: np.ndarray | None) -> Any:
    match = case.match
    if match.kind == "reason":
        return (reasons == match.code).fillna(False).to_numpy(dtype=bool) if match.code else ~present
    if match.kind == "rest" or numbers is None:
        return present
    inside = present & ~(numbers != numbers)
    inside &= numbers >= match.low if match.low is not None else True
    return inside & (numbers <= match.high if match.high is not None else True)


def _outcomes(
    source: pd.Series,
    made: Made,
    feed: Feed,
    reasons: pd.Series,
    index: pd.Series,
    uncovered: str,
    keys: pd.Series,
) -> tuple[pd.Series, pd.Series]:
    import pandas as pd

    numeric, dates = made.variable.numeric, made.variable.type in {"date", "datetime"}
    kind: Any = "float64" if numeric else "datetime64[us]" if dates else "str"
    values = pd.Series(
        pd.NaT if dates else pd.NA if not numeric else float("nan"), index=source.index, dtype=kind
    )
    why = pd.Series(pd.NA, index=source.index, dtype="str")
    why = why.mask(index == CARRY, reasons)
    copied = source if dates else pd.to_numeric(source, errors="coerce") if numeric else keys
    coded: dict[int, Any] = {}
    lost: dict[int, str] = {}
    for number, case in enumerate(feed.cases):
        outcome = case.outcome
        if outcome.kind == "code":
            as_number = number_of(outcome.code) if numeric else None
            if numeric and as_number is None:
                lost[number] = outcome.code
            else:
                coded[number] = as_number if numeric else outcome.code
        elif outcome.kind == "missing":
            lost[number] = outcome.code
        elif case.match.kind == "reason":
            why = why.mask(index == number, reasons)
        elif outcome.conversion:
            factor = outcome.conversion.factor
            other = copied.astype("float64") * factor.numerator / factor.denominator
            values = values.mask(index == number, other)
        else:
            values = values.mask(index == number, copied.astype(kind))
    if coded:
        values = values.mask(index.isin(list(coded)), index.map(coded).astype(kind))
    if lost:
        why = why.mask(index.isin(list(lost)), index.map(lost).astype("str"))
    rows = index == UNCOVERED
    if rows.any():
        if uncovered == "keep" and not dates:
            values = values.mask(rows, copied.astype(kind))
        why = why.mask(rows & values.isna(), "invalid")
    return values, why


def _several(
    source: pd.Series, made: Made, feed: Feed, reasons: pd.Series, keys: pd.Series, uncovered: str
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return what becomes of cells with several codes; each kind of cell is worked out once."""
    import pandas as pd

    cells = list(
        zip(
            *(part.astype("object").where(part.notna(), None) for part in (source, keys, reasons)),
            strict=True,
        )
    )
    done = {one: cell_of(one[0], str(one[1]), one[2], made, feed, uncovered) for one in dict.fromkeys(cells)}
    found = [done[one] for one in cells]
    values = pd.Series([one.value for one in found], index=source.index, dtype="str")
    why = pd.Series([one.why for one in found], index=source.index, dtype="str")
    return values, why, pd.Series([one.index for one in found], index=source.index, dtype="int64")


def _counts(feed: Feed, fed: _Fed, used: pd.Series) -> Iterator[Count]:
    """Count rows by case and source code; values of plain numbers and texts are counted by rule."""
    import pandas as pd

    keys = fed.keys
    if not feed.coded:
        rules = {number: case.rule.source_code for number, case in enumerate(feed.cases)}
        by_rule = fed.index.map(rules)
        keys = keys.mask(by_rule.notna(), by_rule)
    table = pd.DataFrame({"index": fed.index, "key": keys, "used": used.astype("int64")})
    grouped = table.groupby(["index", "key"], dropna=False)["used"].agg(["size", "sum"])
    for (number, key), row in grouped.iterrows():  # type: ignore[misc]
        yield Count(int(number), str(key), int(row["size"]), int(row["sum"]))  # type: ignore[has-type]
