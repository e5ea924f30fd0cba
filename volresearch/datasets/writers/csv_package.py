"""CSV with its data package (Data Package v2, Table Schema v2): one CSV a table, all else in ``datapackage.json``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import Variable, number_of
from volresearch.datasets.columns import brought, is_lazy, names_of, quoted, rows_in
from volresearch.datasets.declaration import TableDeclaration
from volresearch.datasets.files import sha256_of
from volresearch.datasets.private import is_device
from volresearch.datasets.typed import WHY
from volresearch.datasets.writers.safe import Coding, armed, coding_of, encoded, number_text, sql_encoded
from volresearch.errors import VolResearchError
from volresearch.text import mark, tr

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset

__all__ = ["Plan", "plans_of", "plain", "stated", "write_csv", "write_package"]

_PROFILES = "https://datapackage.org/profiles/2.0"
#: The kinds of missing as words for people.
REASON_WORDS = {
    "dont_know": mark("Does not know"),
    "refused": mark("Refused"),
    "no_answer": mark("No answer"),
    "not_asked": mark("Not asked"),
    "not_in_version": mark("Not in this version of the form"),
    "not_applicable": mark("Does not apply"),
    "invalid": mark("Not valid"),
}


@dataclass(frozen=True)
class Plan:
    """One table on its way into a file: its frame, its variables, and how each column is written."""

    name: str
    stem: str
    frame: Any
    variables: Mapping[str, Variable]
    codings: tuple[Coding, ...]
    declared: TableDeclaration
    main: bool

    @property
    def columns(self) -> list[str]:
        """Names of the columns as they are written."""
        return [one for coding in self.codings for one in (coding.name, coding.companion) if one]


def write_package(dataset: Dataset, folder: Path, *, lang: str = "en", marked: str = "") -> tuple[str, ...]:
    """Write one CSV a table and ``datapackage.json`` into a folder that is there; return what they cannot say.

    Parameters
    ----------
    dataset : Dataset
    folder : Path
    lang : str
        Language of titles and labels; those of all languages stand under ``volresearch``.
    marked : str
        What the package says of itself first, such as that it holds personal data.
    """
    losses: list[str] = []
    plans = plans_of(dataset, losses)
    resources = []
    for plan in plans:
        path = folder / f"{plan.stem}.csv"
        end = write_csv(plan, path)
        resources.append(_resource(plan, plans, path, end, lang))
    package = _package(dataset, resources, lang, marked)
    text = json.dumps(package, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    return tuple(losses)


def plans_of(dataset: Dataset, losses: list[str]) -> list[Plan]:
    """Return the tables of a dataset, the main one first, with how each column is written."""
    tables = dataset.tables
    stems: dict[str, str] = {}
    plans = []
    for name in [dataset.main, *(name for name in tables if name != dataset.main)]:
        frame = tables[name] if is_lazy(tables[name]) else tables[name].reset_index(drop=True)
        variables = {one.name: one for one in dataset.variables_of(name)}
        columns = names_of(frame)
        own = [one for one in columns if not (one.endswith(WHY) and one.removesuffix(WHY) in columns)]
        codings = tuple(coding_of(frame, one, variables.get(one)) for one in own)
        declared = dataset.declaration.tables[name]
        plans.append(
            Plan(name, _stem(name, stems), frame, variables, codings, declared, name == dataset.main)
        )
        if not is_lazy(frame):
            losses += _zones(frame, own)
    return plans


def write_csv(plan: Plan, path: Path) -> str:
    """Write the cells of a table as UTF-8 CSV; the rows of a lazy table do not pass through memory.

    Returns
    -------
    str
        How lines end: with two signs where a cell holds the first of them alone, so that all programs see its quotes.
    """
    if is_lazy(plan.frame):
        names = names_of(plan.frame)
        parts = [part for coding in plan.codings for part in sql_encoded(coding, names)]
        plan.frame.project(", ".join(parts)).write_csv(
            str(path), sep=",", header=True, quotechar='"', escapechar='"'
        )
        return "\n"
    import pandas as pd

    cells: dict[str, Any] = {}
    for coding in plan.codings:
        cells |= encoded(plan.frame, coding)
    text = pd.DataFrame(cells, index=plan.frame.index)
    end = "\r\n" if any(cells[name].str.contains("\r", regex=False).any() for name in cells) else "\n"
    try:
        text.to_csv(path, index=False, encoding="utf-8", lineterminator=end)
    except UnicodeEncodeError as error:
        raise VolResearchError("export.failed", f"A cell holds what is no text: {error.reason}.") from None
    return end


def plain(model: Any) -> dict[str, Any]:
    """Return a declaration as JSON holds it, without what is left at its default."""
    return json.loads(model.model_dump_json(exclude_defaults=True))  # type: ignore[no-any-return]


def stated(dataset: Dataset) -> dict[str, Any]:
    """Return what a dataset declares besides tables and codebook, as JSON holds it."""
    return plain(
        dataset.declaration.model_copy(update={"tables": {}, "codebook": dataset.codebook.__class__()})
    )


def labelled_missing(variable: Variable | None, coding: Coding, lang: str) -> list[dict[str, str]]:
    """Return the cells that are no values with what they mean, for people."""
    reasons = dict(variable.missing) if variable else {}
    blank = variable.blank if variable else "no_answer"
    out = {"": tr(REASON_WORDS[blank], lang)}
    for code, reason in reasons.items():
        words = variable.labels[code].get_in(lang) if variable and code in variable.labels else ""
        said = words or tr(REASON_WORDS[reason], lang)
        cell = _cell(code, coding)
        if cell is not None:
            out.setdefault(cell, said)
        if f"[{code}]" in coding.words:
            out[f"[{code}]"] = said
    for cell, word in coding.words.items():
        out.setdefault(cell, tr(REASON_WORDS[word], lang) if word in REASON_WORDS else word)
    if coding.companion:
        out.setdefault("[invalid]", tr(REASON_WORDS["invalid"], lang))
    return [{"value": cell, "label": label} for cell, label in out.items()]


def _stem(name: str, taken: dict[str, str]) -> str:
    """Return a name of a table as file names and resources are written; no two are alike."""
    base = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:50] or "table"
    stem, number = base, 1
    while stem in taken or is_device(stem):
        number += 1
        stem = f"{base}_{number}"
    taken[stem] = name
    return stem


def _zones(frame: Any, names: Iterable[str]) -> list[str]:
    zoned = [name for name in names if getattr(frame[name].dtype, "tz", None) is not None]
    return [f'The moments of "{name}" are written in UTC.' for name in zoned]


def _package(dataset: Dataset, resources: list[dict[str, Any]], lang: str, marked: str) -> dict[str, Any]:
    from volresearch import __version__

    declared = dataset.declaration
    title = dataset.title.get_in(lang, dataset.id)
    description = "\n\n".join(one for one in (marked, declared.description.get_in(lang)) if one)
    slug = re.sub(r"[^A-Za-z0-9._-]+", "-", declared.licence).strip("-") or "not-stated"
    return {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": re.sub(r"[^a-z0-9._-]+", "_", dataset.id.lower()),
        "id": dataset.id,
        "title": f"{title} ({marked})" if marked else title,
        **({"description": description} if description else {}),
        "version": dataset.version,
        "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "licenses": [{"name": slug, "title": declared.licence}],
        "resources": resources,
        "volresearch": {
            "written_by": __version__,
            "marked": marked,
            "declaration": stated(dataset),
            "sha256": dataset.sha256,
            "provenance": list(dataset.provenance),
        },
    }


def _resource(plan: Plan, plans: list[Plan], path: Path, end: str, lang: str) -> dict[str, Any]:
    fields = [one for coding in plan.codings for one in _fields(plan, coding, lang)]
    schema: dict[str, Any] = {
        "$schema": f"{_PROFILES}/tableschema.json",
        "fields": fields,
        "missingValues": [""],
    }
    keys = [
        key
        for key in dict.fromkeys(one.declared.key for one in plans if one.declared.parent == plan.name)
        if key
    ]
    unique = [key for key in keys if _unique(plan.frame, key)]
    if unique:
        schema["primaryKey"] = unique[:1]
    above = next((one for one in plans if one.name == plan.declared.parent), None)
    if above is not None and _found_above(plan, above):
        resource = "" if above is plan else above.stem
        reference = {"resource": resource, "fields": [plan.declared.key]}
        schema["foreignKeys"] = [{"fields": [plan.declared.parent_key], "reference": reference}]
    link = {name: getattr(plan.declared, name) for name in ("parent", "key", "parent_key")} if above else {}
    return {
        "$schema": f"{_PROFILES}/dataresource.json",
        "name": plan.stem,
        "type": "table",
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
        "dialect": {
            "delimiter": ",",
            "quoteChar": '"',
            "doubleQuote": True,
            "lineTerminator": end,
            "header": True,
        },
        "schema": schema,
        "volresearch": {
            "table": plan.name,
            "main": plan.main,
            "rows": rows_in(plan.frame),
            **({"link": link} if link else {}),
        },
    }


def _fields(plan: Plan, coding: Coding, lang: str) -> list[dict[str, Any]]:
    variable = plan.variables.get(coding.name)
    field: dict[str, Any] = {"name": coding.name, "type": coding.kind}
    if variable is not None:
        field |= {"title": words} if (words := variable.label.get_in(lang)) else {}
        said = [text.get_in(lang) for text in (variable.question, variable.note) if text]
        field |= {"description": "\n\n".join(dict.fromkeys(said))} if said else {}
        field |= {"unit": variable.unit} if variable.unit else {}
        if categories := _categories(plan, coding, variable, lang):
            field["categories"] = categories
    field["missingValues"] = labelled_missing(variable, coding, lang)
    ours: dict[str, Any] = {"coding": coding.as_dict()}
    if variable is not None:
        ours["variable"] = {key: one for key, one in plain(variable).items() if key != "labels"}
        ours["labels"] = {code: dict(text) for code, text in variable.labels.items()}
    field["volresearch"] = ours
    if not coding.companion:
        return [field]
    title = tr("What the file said where {name} has no valid value", lang, name=coding.name)
    beside = {"name": coding.companion, "type": "string", "title": title}
    return [field, beside | {"volresearch": {"companion_of": coding.name}}]


def _categories(plan: Plan, coding: Coding, variable: Variable, lang: str) -> list[dict[str, Any]]:
    """Return the codes with labels as Table Schema has them; none where the column holds other values too."""
    codes = {code: text for code, text in variable.labels.items() if code not in variable.missing}
    if not codes or variable.type == "multiple" or coding.kind not in {"string", "integer"}:
        return []
    cells = {code: cell for code in codes if (cell := _cell(code, coding)) is not None}
    if len(set(cells.values())) < len(cells) or not _within(plan, coding, variable, set(cells.values())):
        return []
    return [
        {"value": int(cell) if coding.kind == "integer" else cell, "label": codes[code].get_in(lang) or code}
        for code, cell in cells.items()
    ]


def _within(plan: Plan, coding: Coding, variable: Variable, cells: set[str]) -> bool:
    """Whether a column holds nothing but these cells and what is declared missing."""
    allowed = cells | {one["value"] for one in labelled_missing(variable, coding, "en")}
    if is_lazy(plan.frame):
        name = quoted(coding.name)
        shown = plan.frame.project(sql_encoded(coding, names_of(plan.frame))[0])
        found = {
            row[0]
            for row in shown.filter(f"{name} IS NOT NULL").distinct().limit(len(allowed) + 1).fetchall()
        }
    else:
        found = set(encoded(plan.frame, coding)[coding.name].dropna().unique())
    return found <= allowed


def _cell(code: str, coding: Coding) -> str | None:
    """Return how a code stands in a column, None where the column cannot hold it."""
    if coding.kind == "string":
        return armed(code)
    number = number_of(code)
    if number is None or number != number or coding.kind not in {"integer", "number"}:
        return None
    if coding.kind == "integer" and number % 1:
        return None
    return number_text(number)


def _unique(frame: Any, key: str) -> bool:
    if key not in names_of(frame):
        return False
    if is_lazy(frame):
        rows = frame.aggregate(f"count(*), count({quoted(key)}), count(DISTINCT {quoted(key)})").fetchall()[0]
        return bool(rows[0] == rows[1] == rows[2])
    return bool(frame[key].notna().all() and frame[key].is_unique)


def _found_above(plan: Plan, above: Plan) -> bool:
    """Whether every row hangs below one of the table above, by the same kind of key: only then others may check it."""
    key, parent_key = plan.declared.key, plan.declared.parent_key
    if (
        key not in names_of(above.frame)
        or parent_key not in names_of(plan.frame)
        or not _unique(above.frame, key)
    ):
        return False
    kinds = (
        {coding.name: coding.kind for coding in above.codings},
        {one.name: one.kind for one in plan.codings},
    )
    if kinds[0][key] != kinds[1][parent_key]:
        return False
    below = brought(plan.frame, [parent_key])[parent_key]
    return bool(below.isin(brought(above.frame, [key])[key]).all())
