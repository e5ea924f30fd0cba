"""Fields of a Table Schema (versions 1 and 2): what they declare of a column, and its cells as our types write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from volresearch.datasets.codebook import Variable, number_of
from volresearch.datasets.declaration import DatasetDeclaration, TableDeclaration
from volresearch.datasets.readers.reasons import reason_of_label
from volresearch.datasets.readers.several import code_of
from volresearch.declare import frozen
from volresearch.text import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Column", "column_of", "stated_by"]

_TYPES = {
    "string": "text", "number": "number", "integer": "integer", "year": "integer", "boolean": "code", "date": "date",
    "datetime": "datetime", "time": "time", "list": "multiple",
}  # fmt: skip
_TRUE, _FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")
_MAX_ENUM = 1_000
_STATED = (
    "kind", "version", "unit", "description", "design", "measurement", "synthetic", "consent_to_be_named", "extra"
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column: its name, cells as text, what is known of it, and whether its type is still to be told by its content."""

    name: str
    cells: pd.Series
    variable: Variable
    guess: bool = False
    notes: tuple[str, ...] = ()


def stated_by(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of a dataset's declaration that a research file of ours states; none where they do not fit.

    >>> stated_by({"unit": "organization", "version": "2"})["unit"], stated_by({"unit": "nobody"})
    ('organization', {})
    """
    stated = {name: frozen(given[name]) for name in _STATED if name in given}
    base: dict[str, Any] = {
        "id": "t.t", "kind": "survey", "version": "1", "title": Text("-"), "unit": "person", "licence": "-",
        "tables": {"facts": TableDeclaration(path="-", sha256="0" * 64)},
    }  # fmt: skip
    try:
        checked = DatasetDeclaration(**{**base, **stated})
    except (ValidationError, TypeError, ValueError):
        return {}
    return {name: getattr(checked, name) for name in stated}


def column_of(
    cells: pd.Series, field: Mapping[str, Any], schema: Mapping[str, Any], name: str, header: str
) -> Column:
    """Return a column with what its field declares.

    Parameters
    ----------
    cells : pandas.Series of str
        As they stand in the file.
    field : mapping
        Of the schema; only its name where nothing describes the column.
    schema : mapping
        Whose ``missingValues`` count where the field has none.
    name : str
        Of the variable.
    header : str
        In the file.
    """
    notes: list[str] = []
    kind = str(field.get("type") or "any")
    missing = _missing(field.get("missingValues", schema.get("missingValues", [""])))
    cells = _as_written(cells, kind, field, set(missing), notes)
    labels = _labels(field, kind)
    type = _TYPES.get(kind, "text")
    if labels and type == "text":
        type = "code"
    declared = {code: reason for code, (reason, _) in missing.items() if code}
    if type in {"code", "multiple", "integer", "number"}:
        words = {code: Text(label) for code, (_, label) in missing.items() if code and label}
        labels |= {code: word for code, word in words.items() if code not in labels}
    if type in {"integer", "number"}:
        labels = {
            code: word for code, word in labels.items() if number_of(code) is not None or code in declared
        }
    said = str(field.get("description") or "").strip()
    variable = Variable(
        name=name,
        type=type,  # type: ignore[arg-type]
        label=_text(field.get("title")) or (Text(header) if header != name else Text()),
        labels=labels if type in {"code", "multiple", "integer", "number"} else {},
        missing=declared,  # type: ignore[arg-type]
        blank=missing[""][0] if "" in missing else "no_answer",  # type: ignore[arg-type]
        unit=str(field.get("unit") or "") if type in {"integer", "number"} else "",
        note=Text(said) if said else None,
        source=header if header != name else "",
    )
    return Column(name, cells.rename(name), variable, kind == "any", tuple(notes))


def _missing(given: Any) -> dict[str, tuple[str, str]]:
    """Return the texts that are no values, each with its reason and its label."""
    out = {}
    for one in given if isinstance(given, list) else [""]:
        value = str(one.get("value", "")) if isinstance(one, dict) else str(one)
        label = str(one.get("label") or "") if isinstance(one, dict) else ""
        out[value] = (reason_of_label(label or value, value) if label or value else "no_answer", label)
    return out


def _labels(field: Mapping[str, Any], kind: str) -> dict[str, Text]:
    if kind == "boolean":
        return {"true": Text("true"), "false": Text("false")}
    constraints = field.get("constraints")
    listed = field.get("categories") or (constraints.get("enum") if isinstance(constraints, dict) else None)
    if (
        not isinstance(listed, list)
        or len(listed) > _MAX_ENUM
        or kind not in {"string", "integer", "number", "any"}
    ):
        return {}
    out = {}
    for one in listed:
        code = one.get("value") if isinstance(one, dict) else one
        label = str(one.get("label") or "") if isinstance(one, dict) else ""
        if code is not None and str(code) != "":
            out[str(code)] = Text(label) or Text(str(code))
    return out


def _text(given: Any) -> Text:
    return Text(given) if isinstance(given, str) and given.strip() else Text()


def _as_written(
    cells: pd.Series, kind: str, field: Mapping[str, Any], kept: set[str], notes: list[str]
) -> pd.Series:
    """Return the cells as our types write them; what is declared missing stays."""
    special = cells.isin(list(kept))
    if kind in {"number", "integer"}:
        new = _numbers(cells, field)
    elif kind == "boolean":
        new = _truths(cells, field)
    elif kind in {"date", "datetime", "time"}:
        new = _moments(cells, kind, str(field.get("format") or "default"), notes)
    elif kind == "list":
        new = _lists(cells, str(field.get("delimiter") or ","), notes)
    else:
        return cells
    return new.where(~special, cells).astype("str")


def _numbers(cells: pd.Series, field: Mapping[str, Any]) -> pd.Series:
    out = cells.str.strip()
    group, point = str(field.get("groupChar") or ""), str(field.get("decimalChar") or ".")
    if group:
        out = out.str.replace(group, "", regex=False)
    if point != ".":
        out = out.str.replace(point, ".", regex=False)
    if field.get("bareNumber") is False:
        out = out.str.replace(r"^[^0-9+\-.]+|[^0-9.]+$", "", regex=True)
    return out


def _truths(cells: pd.Series, field: Mapping[str, Any]) -> pd.Series:
    yes, no = field.get("trueValues"), field.get("falseValues")
    known = dict.fromkeys((str(one) for one in (no if isinstance(no, list) else _FALSE)), "false")
    known |= dict.fromkeys((str(one) for one in (yes if isinstance(yes, list) else _TRUE)), "true")
    return cells.map(lambda cell: known.get(cell, cell), na_action="ignore")


def _moments(cells: pd.Series, kind: str, pattern: str, notes: list[str]) -> pd.Series:
    """Write moments of a declared pattern as ISO 8601; ``default`` is, and ``any`` is told by the content."""
    import pandas as pd

    pattern = pattern.removeprefix("fmt:")
    if pattern in {"default", "any"}:
        return cells
    try:
        read = pd.to_datetime(cells, format=pattern, errors="coerce")
    except (ValueError, TypeError, re.error):
        notes.append(f'The pattern "{pattern[:40]}" of its moments is not understood.')
        return cells
    if getattr(read.dtype, "tz", None) is not None:
        read = read.dt.tz_convert("UTC").dt.tz_localize(None)
    written = {"date": "%Y-%m-%d", "datetime": "%Y-%m-%dT%H:%M:%S", "time": "%H:%M:%S"}[kind]
    return read.dt.strftime(written).astype("str").where(read.notna(), cells)


def _lists(cells: pd.Series, delimiter: str, notes: list[str]) -> pd.Series:
    if delimiter != " " and cells.str.contains(" ", regex=False).any():
        notes.append('Spaces within the codes of its lists are written "_".')

    def joined(cell: str) -> str:
        return " ".join(code_of(part) for part in cell.split(delimiter) if part.strip())

    return cells.map(joined, na_action="ignore")
