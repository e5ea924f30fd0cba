"""Cells of research files as text that comes back equal: why a value is missing, empty answers, spreadsheets.

A cell holds the value; where there is none, the declared code or the reason in brackets (``[not_asked]``), empty
where nothing is known but that it is blank; ``[]`` is an empty answer (nothing chosen). Text that a spreadsheet would
run as a formula gets an apostrophe in front, which `decoded` takes off again; numbers stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from volresearch.datasets.columns import is_lazy, literal, quoted
from volresearch.datasets.typed import WHY
from volresearch.declare import MISSING_REASONS
from volresearch.text.escaping import FORMULA_SIGNS

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.datasets.codebook import Variable

__all__ = [
    "EMPTY",
    "INVALID",
    "Coding",
    "armed",
    "coding_of",
    "decoded",
    "encoded",
    "number_text",
    "sql_encoded",
]

EMPTY = "[]"
INVALID = "[invalid]"
_WHOLE = 1e15  # larger floats are not written as whole numbers

#: What a spreadsheet runs, what it strips, and what would be taken for one of our own signs; plain numbers are safe.
_SIGNS = "".join(FORMULA_SIGNS).replace("-", r"\-")
_RISKY = rf"(?s)(?:[{_SIGNS}'].*|\[.*\])"
_PLAIN = r"[+-]?[0-9]+(?:\.[0-9]+)?"
_STORED = re.compile(
    r"u?int(8|16|32|64)|U?Int(8|16|32|64)|[fF]loat(32|64)|bool|boolean|datetime64\[(s|ms|us|ns)\]"
)


@dataclass(frozen=True)
class Coding:
    """How the cells of one column are written.

    Attributes
    ----------
    name : str
        Of the column.
    kind : str
        Table Schema type: ``string, integer, number, date, datetime, boolean``.
    dtype : str
        Of the column in memory.
    words : mapping of str to str
        Cells that say why there is no value, such as ``[.a]``, with the word of the companion column.
    companion : str
        Name of the column beside it that holds what the file said where a cell is ``[invalid]``; often empty.
    """

    name: str
    kind: str = "string"
    dtype: str = "str"
    words: Mapping[str, str] = field(default_factory=dict)
    companion: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        out: dict[str, Any] = {"kind": self.kind, "dtype": self.dtype}
        if self.words:
            out["words"] = dict(self.words)
        if self.companion:
            out["companion"] = self.companion
        return out

    @classmethod
    def from_dict(cls, name: str, given: Mapping[str, Any]) -> Coding:
        """Read it back; what is of another type than it should be counts as not said."""
        words = given.get("words")
        return cls(
            name=name,
            kind=str(given.get("kind", "string")),
            dtype=str(given.get("dtype", "str")),
            words={str(cell): str(word) for cell, word in words.items()}
            if isinstance(words, Mapping)
            else {},
            companion=str(given.get("companion", "")),
        )


def armed(text: str) -> str:
    """Return a text as it stands in a file: with an apostrophe where a spreadsheet would run or change it.

    >>> armed("=1+1"), armed("-oth-"), armed("-99"), armed("it's")
    ("'=1+1", "'-oth-", '-99', "it's")
    """
    if not text:
        return EMPTY
    return f"'{text}" if re.fullmatch(_RISKY, text) and not re.fullmatch(_PLAIN, text) else text


def coding_of(frame: Any, name: str, variable: Variable | None) -> Coding:
    """Return how a column will be written, by its type in memory and the words of its companion column."""
    kind, dtype = _lazy_kind(frame, name) if is_lazy(frame) else _kind(frame[name])
    day_only = variable is not None and variable.type == "date" and kind == "datetime"
    if day_only and _all_hold(frame, name, "date"):
        kind = "date"
    elif (
        kind == "number"
        and variable is not None
        and variable.type == "integer"
        and _all_hold(frame, name, "whole")
    ):
        kind = "integer"
    beside = f"{name}{WHY}"
    if beside not in [str(one) for one in frame.columns]:
        return Coding(name, kind, dtype)
    known = {*MISSING_REASONS, *(variable.missing if variable is not None else ())}
    words, odd = _words(frame, name, beside, known)
    return Coding(name, kind, dtype, {f"[{word}]": word for word in words}, beside if odd else "")


def encoded(frame: pd.DataFrame, coding: Coding) -> dict[str, pd.Series]:
    """Return the cells of a column as text, NA for empty; with its companion column where that says more."""
    values = frame[coding.name]
    cells = _texts(values, coding)
    beside = f"{coding.name}{WHY}"
    if beside not in frame.columns:
        return {coding.name: cells}
    words = frame[beside].astype("str")
    known = words.isin(list(coding.words.values()))
    empty = values.isna() & words.notna()
    cells = cells.mask(empty & known, "[" + words + "]").mask(empty & ~known, INVALID)
    out = {coding.name: cells}
    if coding.companion:
        out[coding.companion] = _armed_all(words.mask(empty & known))
    return out


def decoded(
    cells: pd.Series, coding: Coding, companion: pd.Series | None = None
) -> tuple[pd.Series, pd.Series | None]:
    """Return values and why-words of a column from its cells; the second is None where there is nothing to say."""
    words = cells.map({INVALID: "invalid", **coding.words})
    cells = cells.mask(words.notna())
    if coding.kind == "string":
        plain = cells.str.removeprefix("'")
        values = plain.mask(cells == EMPTY, "").astype("str")
        lost = cells.isna() & False
    else:
        values, lost = _valued(cells, coding)
        words = words.mask(lost, cells)
    why = words.astype("str")
    if companion is not None:
        said = companion.str.removeprefix("'").mask(companion == EMPTY, "")
        why = why.mask(said.notna(), said).astype("str")
    return values.rename(coding.name), why.rename(f"{coding.name}{WHY}") if why.notna().any() else None


def number_text(number: float) -> str:
    """Return a number as it stands in a file: ``31``, ``0.5``, ``INF``."""
    if number != number:
        return ""
    if number in {float("inf"), float("-inf")}:
        return "INF" if number > 0 else "-INF"
    return str(int(number)) if number % 1 == 0 and abs(number) < _WHOLE else repr(float(number))


def sql_encoded(coding: Coding, columns: list[str]) -> list[str]:
    """Return the same for a lazy frame: SQL expressions of the cell and of its companion column."""
    name = quoted(coding.name)
    cell = _sql_text(name, coding)
    beside = f"{coding.name}{WHY}"
    if beside not in columns:
        return [f"{cell} AS {name}"]
    why = f"CAST({quoted(beside)} AS VARCHAR)"
    listed = ", ".join(literal(word) for word in coding.words.values()) or "NULL"
    known = f"coalesce({why} IN ({listed}), false)"
    said = f"CASE WHEN {known} THEN '[' || {why} || ']' WHEN {why} IS NOT NULL THEN '{INVALID}' END"
    out = [f"CASE WHEN {name} IS NULL THEN {said} ELSE {cell} END AS {name}"]
    if coding.companion:
        raw = _sql_armed(why)
        out.append(
            f"CASE WHEN {name} IS NULL AND {known} THEN NULL ELSE {raw} END AS {quoted(coding.companion)}"
        )
    return out


def _kind(column: pd.Series) -> tuple[str, str]:
    dtype = str(column.dtype)
    kinds = {"i": "integer", "u": "integer", "f": "number", "b": "boolean", "M": "datetime"}
    kind = kinds.get(getattr(column.dtype, "kind", "O"), "string")
    if kind == "datetime" and "," in dtype:  # moments with a zone are written in UTC
        dtype = f"{dtype.partition(',')[0]}]"
    if kind == "string" or not _STORED.fullmatch(dtype):
        return (
            ("string", "str")
            if kind == "string"
            else (kind, {"datetime": "datetime64[us]"}.get(kind, "float64"))
        )
    return kind, dtype


def _lazy_kind(frame: Any, name: str) -> tuple[str, str]:
    type = str(dict(zip([str(one) for one in frame.columns], frame.types, strict=True))[name])
    if type.endswith("INT") or type in {"INTEGER", "HUGEINT"}:
        return "integer", "int64"
    if type in {"DOUBLE", "FLOAT"} or type.startswith("DECIMAL"):
        return "number", "float64"
    if type == "DATE" or type.startswith("TIMESTAMP"):
        return "datetime", "datetime64[us]"
    return ("boolean", "bool") if type == "BOOLEAN" else ("string", "str")


def _all_hold(frame: Any, name: str, what: str) -> bool:
    """Whether every moment is a day, or every number a whole one that is written as such."""
    if is_lazy(frame):
        one = quoted(name)
        days = f"bool_and({one} = date_trunc('day', {one}))"
        whole = f"bool_and({one} = trunc({one}) AND abs({one}) < {_WHOLE})"
        return bool(frame.aggregate(f"coalesce({days if what == 'date' else whole}, true)").fetchall()[0][0])
    values = frame[name].dropna()
    if what == "date":
        return bool((values == values.dt.normalize()).all())
    return bool(((values % 1 == 0) & (values.abs() < _WHOLE)).all())


def _words(frame: Any, name: str, beside: str, known: set[str]) -> tuple[list[str], bool]:
    """Return the known words of a companion column, and whether it says anything else, or beside a value."""
    if is_lazy(frame):
        why = f"CAST({quoted(beside)} AS VARCHAR)"
        rows = frame.filter(f"{quoted(beside)} IS NOT NULL").project(
            f"{why} AS word, {quoted(name)} IS NULL AS empty"
        )
        listed = ", ".join(literal(word) for word in known)
        found = rows.filter(f"empty AND word IN ({listed})").project("word").distinct().fetchall()
        odd = rows.filter(f"NOT empty OR word NOT IN ({listed})").limit(1).fetchall()
        return sorted(str(row[0]) for row in found), bool(odd)
    words = frame[beside].dropna().astype("str")
    inside = words[frame[name].isna().loc[words.index]] if len(words) else words
    found = sorted(set(inside.unique()) & known)
    return found, len(inside) < len(words) or bool(set(inside.unique()) - known)


def _texts(values: pd.Series, coding: Coding) -> pd.Series:
    import pandas as pd

    if coding.kind == "string":
        return _armed_all(values.astype("str"))
    out = pd.Series(pd.NA, index=values.index, dtype="str", name=coding.name)
    present = values[values.notna()]
    if values.dtype.kind in "iu":
        out[present.index] = present.astype("str")
    elif values.dtype.kind == "f":
        out[present.index] = present.astype("float64").map(number_text).astype("str")
    elif values.dtype.kind == "b":
        out[present.index] = present.map({True: "true", False: "false"}).astype("str")
    else:
        out[present.index] = _moments(present, coding.kind)
    return out


def _moments(values: Any, kind: str) -> Any:
    if getattr(values.dtype, "tz", None) is not None:
        values = values.dt.tz_convert("UTC").dt.tz_localize(None)
    if kind == "date":
        return values.dt.strftime("%Y-%m-%d").astype("str")
    return values.map(lambda moment: moment.isoformat()).astype("str")


def _armed_all(texts: pd.Series) -> pd.Series:
    risky = texts.str.fullmatch(_RISKY).fillna(False).astype(bool)
    if risky.any():
        risky &= ~texts.str.fullmatch(_PLAIN).fillna(False).astype(bool)
    out = texts.mask(risky, "'" + texts) if risky.any() else texts
    return out.mask((texts == "").fillna(False).astype(bool), EMPTY)


def _valued(cells: pd.Series, coding: Coding) -> tuple[pd.Series, pd.Series]:
    """Return cells as numbers, moments or truths, and where they could not be read as such."""
    import pandas as pd

    values: Any
    if coding.kind == "boolean":
        values = cells.map({"true": True, "false": False})
    elif coding.kind in {"integer", "number"}:
        values = _numbers(cells, coding)
    else:
        values = pd.to_datetime(cells, format="ISO8601", errors="coerce")
        if getattr(values.dtype, "tz", None) is not None:
            values = values.dt.tz_convert("UTC").dt.tz_localize(None)
    lost = values.isna() & cells.notna()
    wanted = coding.dtype if _STORED.fullmatch(coding.dtype) else "float64"
    if values.isna().any() and (wanted == "bool" or wanted.startswith(("int", "uint"))):
        wanted = "boolean" if wanted == "bool" else "float64"
    return _stored(values, wanted), lost


def _numbers(cells: pd.Series, coding: Coding) -> pd.Series:
    import pandas as pd

    if "int" in coding.dtype.lower() and cells.str.fullmatch(r"-?[0-9]{1,19}").fillna(True).all():
        try:
            return cells.astype("Int64")  # exact beyond 2**53
        except (ValueError, OverflowError):
            pass
    known = cells.replace({"INF": "inf", "-INF": "-inf"})
    try:
        return known.astype("float64")
    except ValueError:
        return pd.to_numeric(known, errors="coerce")


def _stored(values: Any, wanted: str) -> Any:
    try:
        return values.astype(wanted)
    except (ValueError, TypeError, OverflowError):
        return values


def _sql_text(name: str, coding: Coding) -> str:
    if coding.kind in {"integer", "number"}:
        whole = f"{name} = trunc({name}) AND abs({name}) < {_WHOLE}"
        number = f"CAST({name} AS DOUBLE)"
        infinite = f"CASE WHEN isnan({number}) THEN NULL WHEN isinf({number}) THEN CASE WHEN {name} > 0 THEN 'INF' ELSE '-INF' END"
        if coding.dtype == "int64":
            return f"CAST({name} AS VARCHAR)"
        return f"{infinite} WHEN {whole} THEN CAST(CAST({name} AS BIGINT) AS VARCHAR) ELSE CAST({number} AS VARCHAR) END"
    if coding.kind == "date":
        return f"strftime({name}, '%Y-%m-%d')"
    if coding.kind == "datetime":
        return f"replace(CAST(CAST({name} AS TIMESTAMP) AS VARCHAR), ' ', 'T')"
    text = f"CAST({name} AS VARCHAR)"
    return text if coding.kind == "boolean" else _sql_armed(text)


def _sql_armed(text: str) -> str:
    risky = (
        f"regexp_full_match({text}, {literal(_RISKY)}) AND NOT regexp_full_match({text}, {literal(_PLAIN)})"
    )
    return f"CASE WHEN {text} = '' THEN '{EMPTY}' WHEN {risky} THEN '''' || {text} ELSE {text} END"
