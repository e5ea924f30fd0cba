"""How a dataset looks in a notebook: what it is, the list of its variables, what was set aside, where it comes from."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import Variable
from volresearch.datasets.columns import literal, rows_in
from volresearch.datasets.describing import Place, described, places, rows_of
from volresearch.datasets.looks import badge, esc, folded, framed, grid, muted, reasons_said, worded
from volresearch.datasets.provenance import SetAside
from volresearch.datasets.quality.missingness import reasons_in
from volresearch.datasets.quality.rows import Ask, Rows
from volresearch.text import formats, language_name, mark, ntr, tr

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset

__all__ = ["dataset_html", "set_aside_html"]

#: Codes of a variable, and variables of a dataset, that are shown; more are counted.
_CODES, _VARIABLES, _NOTES = 6, 200, 100

#: Kind of what was set aside -> its words.
_ASIDE: dict[str, str] = {
    "name": mark("name"),
    "phone": mark("telephone number"),
    "email": mark("e-mail address"),
    "address": mark("address"),
    "position": mark("position on the map"),
    "device": mark("device"),
    "user": mark("user of the form"),
    "time": mark("exact time"),
    "audit": mark("record of the form's use"),
    "identifier": mark("identifier"),
    "media": mark("image, sound or file"),
    "national_id": mark("number of an identity card"),
    "free_text": mark("free text"),
}
_FOUND: dict[str, str] = {
    "name": mark("by its name"),
    "content": mark("by its content"),
    "form": mark("declared in the form"),
    "type": mark("by its type"),
}


def dataset_html(dataset: Dataset, lang: str = "en") -> str:
    """Return a dataset as HTML: what it is, its variables with codes, counts and kinds of missing, its tables and notes.

    Of a lazy dataset every number is counted where the rows are; of many variables the first two hundred are counted.
    """
    every = tuple(places(dataset))
    parts = [
        f"<h3>{worded(dataset.title, lang, dataset.id)}</h3>",
        _marks(dataset, lang),
        muted(" · ".join(_about(dataset, len(every), lang))),
        _tables(dataset, lang),
        _variables(dataset, every[:_VARIABLES], lang),
        _rest(every, lang),
        set_aside_html(dataset, lang),
        _listed(tr("Notes of the reader", lang), dataset.notes, lang),
        _listed(tr("Where it comes from", lang), dataset.provenance, lang),
    ]
    return framed("dataset", lang, "".join(parts))


def set_aside_html(dataset: Dataset, lang: str = "en") -> str:
    """Return the list of what was set aside because it identifies persons; empty where nothing was."""
    if not dataset.set_aside:
        return ""
    rows = [_aside(one, lang) for one in dataset.set_aside[:_VARIABLES]]
    heads = (tr("Variable", lang), tr("What it is", lang), tr("Found", lang), tr("Filled cells", lang))
    n = formats.number(len(dataset.set_aside), lang)
    words = tr("Set aside because it identifies persons: {n}", lang, n=n)
    return folded(words, grid(heads, rows, (3,)), opened=len(rows) <= 12)


def _aside(one: SetAside, lang: str) -> list[str]:
    place = ".".join(part for part in (one.table, one.variable) if part)
    kind, found = tr(_ASIDE.get(one.kind, one.kind), lang), tr(_FOUND.get(one.found_by, one.found_by), lang)
    return [f"<code>{esc(place)}</code>", esc(kind), esc(found), formats.number(one.n, lang)]


def _marks(dataset: Dataset, lang: str) -> str:
    words = [tr("Working view, not for release", lang)] if dataset.kind != "facts" else []
    if dataset.synthetic:
        words.insert(0, tr("Synthetic data: invented, with a known truth.", lang))
    return f'<p style="margin:4px 0">{"".join(badge("hold", one) for one in words)}</p>' if words else ""


def _about(dataset: Dataset, variables: int, lang: str) -> list[str]:
    declared = dataset.declaration
    languages = formats.enumerated((language_name(tag) for tag in declared.languages), lang)
    n, shown = len(dataset), formats.number(variables, lang)
    parts = [
        esc(ntr("{count} row", "{count} rows", n, lang, count=formats.number(n, lang))),
        esc(ntr("{count} variable", "{count} variables", variables, lang, count=shown)),
        esc(tr("one row is one {unit}", lang, unit=dataset.unit)),
        esc(tr("languages: {languages}", lang, languages=languages)),
        esc(tr("licence: {licence}", lang, licence=declared.licence)),
    ]
    if dataset.lazy:
        parts.append(esc(tr("rows stay on disk", lang)))
    return [f"<code>{esc(dataset.id)}</code> {esc(dataset.version)}", *parts]


def _tables(dataset: Dataset, lang: str) -> str:
    tables = dataset.tables
    if len(tables) < 2:
        return ""
    rows = []
    for name, frame in tables.items():
        link = dataset.declaration.tables.get(name)
        below = link.parent if link else ""
        by = (
            f"<code>{esc(link.parent_key)}</code> → <code>{esc(below)}.{esc(link.key)}</code>"
            if link and below
            else ""
        )
        rows.append([f"<code>{esc(name)}</code>", formats.number(rows_in(frame), lang), by])
    heads = (tr("Table", lang), tr("Rows", lang), tr("Linked by", lang))
    return grid(heads, rows, (1,))


def _variables(dataset: Dataset, some: Sequence[Place], lang: str) -> str:
    if not some:
        return f"<p>{esc(tr('No variables.', lang))}</p>"
    counted: dict[tuple[str, str], dict[str, int]] = {}
    missing: dict[tuple[str, str], dict[str, int]] = {}
    for table in dict.fromkeys(table for _, table, _ in some):
        own = [place for place in some if place[1] == table]
        rows = rows_of(dataset, table, own)
        missing |= {(table, name): one for name, one in reasons_in(rows).items()}
        counted |= {(table, name): one for name, one in _codes(rows).items()}
    lines = [
        _line(place, row, counted.get((place[1], place[0]), {}), missing.get((place[1], place[0]), {}), lang)
        for place, row in zip(some, described(dataset, lang, some).to_dict("records"), strict=True)
    ]
    heads = (tr("Variable", lang), tr("Label", lang), tr("Type", lang), tr("Codes or range", lang), tr("Values", lang), tr("Missing", lang))  # fmt: skip
    return grid(heads, lines, (4,), caption=tr("Variables", lang))


def _codes(rows: Rows) -> dict[str, dict[str, int]]:
    """Return variable -> code -> rows, of the codes that are shown."""
    asks: dict[tuple[str, str], Ask] = {}
    for variable in rows.variables.values():
        for code in _answers(variable)[:_CODES]:
            holds = rows.holds(variable, [code])
            if variable.type == "multiple":
                holds = f"list_contains(string_split({rows.text(variable.name)}, ' '), {literal(code)})"
            asks[variable.name, code] = Ask(f"count(*) FILTER (WHERE {holds})", rows.reads(variable.name))
    out: dict[str, dict[str, int]] = {}
    for (name, code), n in rows.ask(asks).items():
        out.setdefault(name, {})[code] = int(n)
    return out


def _answers(variable: Variable) -> list[str]:
    return [code for code in variable.labels if code not in variable.missing]


def _line(
    place: Place, row: Mapping[Hashable, Any], counted: dict[str, int], missing: dict[str, int], lang: str
) -> list[str]:
    name, _, variable = place
    shown = ".".join(part for part in (str(row["table"]), name) if part)
    source = (
        f"<br>{_small(variable.source)}" if variable and variable.source and variable.source != name else ""
    )
    label = worded(variable.label, lang) if variable else ""
    said = reasons_said(missing, lang) if variable else [formats.number(int(row["missing"]), lang)]
    return [
        f"<code>{esc(shown)}</code>{source}",
        label,
        esc(tr(_TYPES.get(str(row["type"]), str(row["type"])), lang)),
        _content(variable, row, counted, lang),
        formats.number(int(row["n"]), lang),
        "<br>".join(_unbroken(one) for one in said) if row["missing"] else "–",
    ]


def _unbroken(text: str) -> str:
    return f'<span style="white-space:nowrap">{esc(text)}</span>'


def _small(text: str) -> str:
    return f'<span style="font-size:11.5px;opacity:.8" dir="auto">{esc(text)}</span>'


def _content(
    variable: Variable | None, row: Mapping[Hashable, Any], counted: dict[str, int], lang: str
) -> str:
    codes = _answers(variable) if variable else []
    if variable and codes:
        shown = [
            f"<bdi><code>{esc(code)}</code></bdi> <bdi>{worded(variable.labels[code], lang)}</bdi> ({formats.number(counted[code], lang)})"
            for code in codes[:_CODES]
        ]
        more = len(codes) - _CODES
        return "<br>".join(shown) + (f"<br>{esc(tr('and {n} more', lang, n=more))}" if more > 0 else "")
    if row["smallest"] is not None and row["smallest"] == row["smallest"]:
        low, high = (_end(float(row[end]), lang) for end in ("smallest", "largest"))
        return f'<bdi dir="ltr">{esc(f"{low} – {high}")}</bdi> <bdi>{esc(row["unit"])}</bdi>'.strip()
    n = int(row["distinct"])
    count = formats.number(n, lang)
    return esc(ntr("{count} different value", "{count} different values", n, lang, count=count))


def _end(value: float, lang: str) -> str:
    """Write the end of a range: whole numbers of four digits may be years, which take no thousands separator."""
    return str(int(value)) if value.is_integer() and 0 <= value < 10_000 else formats.number(value, lang)


def _rest(every: Sequence[Place], lang: str) -> str:
    if len(every) <= _VARIABLES:
        return ""
    said = tr("The first {shown} variables are shown, {n} more are in .codebook and .describe().", lang, shown=_VARIABLES, n=formats.number(len(every) - _VARIABLES, lang))  # fmt: skip
    return f"<p><strong>{esc(said)}</strong></p>"


def _listed(words: str, lines: Sequence[str], lang: str) -> str:
    if not lines:
        return ""
    items = "".join(
        f'<li dir="auto" style="overflow-wrap:anywhere">{esc(line)}</li>' for line in lines[:_NOTES]
    )
    if len(lines) > _NOTES:
        items += f"<li>{esc(tr('and {n} more', lang, n=len(lines) - _NOTES))}</li>"
    return folded(f"{words} ({formats.number(len(lines), lang)})", f'<ul style="margin:2px 0 6px;padding-inline-start:20px">{items}</ul>')  # fmt: skip


_TYPES: dict[str, str] = {
    "code": mark("one code"),
    "multiple": mark("several codes"),
    "integer": mark("whole number"),
    "number": mark("number"),
    "text": mark("text"),
    "date": mark("date"),
    "datetime": mark("date and time"),
    "time": mark("time"),
}
