"""A form laid over the data: names, codes, labels, versions; routing is tried once the columns have their types."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from volresearch.datasets.columns import is_lazy, names_of
from volresearch.datasets.provenance import Source, Step
from volresearch.datasets.readers.form_columns import Laid, Options, lay_columns
from volresearch.datasets.readers.form_files import opened_forms
from volresearch.datasets.readers.form_names import Columns, Matched, home_of
from volresearch.datasets.readers.form_notes import about_form, about_tables
from volresearch.datasets.readers.form_sensitive import sensitive_names
from volresearch.datasets.readers.form_versions import Place, places_of, version_column, versions_in
from volresearch.datasets.readers.found import Asked, Found, Link, RawTable
from volresearch.datasets.readers.limesurvey import of_limesurvey, prepared
from volresearch.datasets.readers.redcap import of_redcap, status_variables, untouched, unvalidated
from volresearch.errors import VolResearchError, Where, short_path
from volresearch.instruments import Instrument

__all__ = ["forms_of", "lay_forms", "open_forms", "sensitive_names"]


def open_forms(given: Any) -> tuple[tuple[Any, ...], tuple[Source, ...]]:
    """Return the instruments of what `read` was given, oldest first, and the files they were read from.

    Raises
    ------
    VolResearchError
        ``read.form``, or what the reader of the form raises; see `form_files.opened_forms`.
    """
    found = opened_forms(given)
    return found.forms, found.sources


def forms_of(found: Found, asked: Asked) -> tuple[Instrument, ...]:
    """Return the versions of the form: those that were given, else those that stand in the file itself."""
    return asked.forms or found.forms


def lay_forms(found: Found, asked: Asked) -> Found:
    """Return what was found with the form laid over it.

    Columns are matched to items by path, by tail and by label, and take the item's name; cells of choices become codes;
    split and joined columns of one question become one; every variable has the labels of all languages. What the form
    does not know stays, and a note says so.

    Raises
    ------
    VolResearchError
        ``read.form``: no column of the file is an item of the form.
    """
    forms = forms_of(found, asked)
    if not forms:
        return _without_form(found)
    places = places_of(forms)
    index = Columns(places)
    reasons = {**found.blanks, **asked.missing}
    redcap = found.tool == "redcap" or any(of_redcap(form) for form in forms)
    guess = {place.name for place in places[1:] if unvalidated(place.slot.item)} if redcap else set()
    options = Options(reasons, asked.labels, short_path(asked.path), frozenset(guess))
    laid: list[tuple[Laid, Matched]] = []
    unsure: list[str] = []
    bare: list[str] = []
    for number, table in enumerate(found.tables):
        headers = _headers(table)
        matched = index.match(headers, home_of(table.name, list(headers.values()), places, number == 0))
        if not is_lazy(table.frame) and any(map(of_limesurvey, places)):
            table, matched, lost = prepared(table, matched, reasons)
            unsure += lost
        laid.append((lay_columns(table, matched, options, _versions(table, headers, forms)), matched))
    if not any(one.places for one, _ in laid):
        raise _strangers(found, asked, forms, places)
    tables = _linked([one for one, _ in laid])
    if redcap:
        blocks = [block.name for form in forms for block in form.blocks]
        tables = [_with_status(table, blocks) for table in tables]
        bare += [said for table in tables for said in untouched(table, _by_form(places))]
    notes = [*asked.form_notes, *(note for one, _ in laid for note in one.notes)]
    notes += about_form(places, forms, asked) + about_tables(laid, places, asked, unsure, bare)
    return _told(found, asked, forms, places, laid).with_(tables=tuple(tables)).noting(*notes)


def _versions(table: RawTable, headers: Mapping[str, str], forms: tuple[Instrument, ...]) -> Any:
    """Return the version of the form of each row, None where there is one version or no column says it."""
    column = version_column({**headers, **{name: name for name in table.hidden}}) if len(forms) > 1 else None
    if column is None or is_lazy(table.frame):
        return None
    return versions_in(table.frame[column], forms).to_numpy()


def _by_form(places: tuple[Place, ...]) -> dict[str, list[str]]:
    """Return the variables of each form of a dictionary, without the id of the record, which stands in all rows."""
    out: dict[str, list[str]] = defaultdict(list)
    for place in places[1:]:
        for block in place.slot.around:
            out[block.name].append(place.name)
    return out


def _without_form(found: Found) -> Found:
    if found.tool != "redcap":
        return found
    return found.with_(tables=tuple(_with_status(table, ()) for table in found.tables))


def _headers(table: RawTable) -> dict[str, str]:
    """Return the header in the file of every column that may hold an answer."""
    named = {name: one.source for name, one in table.variables.items() if one.source}
    return {name: named.get(name, name) for name in names_of(table.frame) if name not in table.hidden}


def _with_status(table: RawTable, forms: Iterable[str]) -> RawTable:
    """Return a table with the variables of what REDCap adds to every form."""
    own = {
        name: variable
        for name, variable in status_variables(table, tuple(forms)).items()
        if (name not in table.hidden and name not in table.variables) or name in table.guess
    }
    return table.with_(variables={**table.variables, **own}, guess=table.guess - set(own))


def _linked(laid: list[Laid]) -> list[RawTable]:
    """Return the tables with their links under the new names of columns."""
    renamed: Mapping[str, Mapping[str, str]] = {one.table.name: one.renamed for one in laid}
    out = []
    for one in laid:
        table, link = one.table, one.table.link
        if link is not None:
            key = renamed.get(link.parent, {}).get(link.key, link.key)
            table = table.with_(
                link=Link(link.parent, key, one.renamed.get(link.parent_key, link.parent_key))
            )
        hidden = frozenset(one.renamed.get(name, name) for name in table.hidden)
        out.append(replace(table, hidden=hidden))
    return out


def _strangers(
    found: Found, asked: Asked, forms: tuple[Instrument, ...], places: tuple[Place, ...]
) -> VolResearchError:
    """Return that a file and a form have nothing in common."""
    headers = [header for table in found.tables for header in _headers(table).values()]
    return VolResearchError(
        "read.form",
        f'No column of this file is an item of the form "{forms[-1].id}".',
        where=Where(file=short_path(asked.path)),
        expected=f"columns such as {', '.join(place.name for place in places[:5])}",
        got=", ".join(headers[:5]) or "no columns",
        hint="Give the form that these data were collected with, or read the file without one.",
    )


def _told(
    found: Found,
    asked: Asked,
    forms: tuple[Instrument, ...],
    places: tuple[Place, ...],
    laid: list[tuple[Laid, Matched]],
) -> Found:
    """Return what was found with the step of laying the form over it."""
    counts: dict[str, int] = defaultdict(int)
    for one, matched in laid:
        counts["recognized"] += len(matched.columns)
        counts["renamed"] += sum(old != new for old, new in one.renamed.items())
        counts["decoded"] += len(one.said["labels"])
    answered = {place for one, _ in laid for place in one.places.values()}
    asking = [place for place in places if place.variable is not None]
    newest = forms[-1]
    step = Step(
        f'laid the form "{newest.id}"{f" in {len(forms)} versions" if len(forms) > 1 else f", version {newest.version}"} '
        f"over the data: {len(answered)} of its {len(asking)} items have a column, "
        f"{counts['decoded']} columns of labels became codes",
        "form",
        used=asked.form_sources,
        details={
            "form": newest.id,
            "versions": [form.version for form in forms],
            "items": len(asking),
            **counts,
        },
    )
    languages = found.languages or newest.tags
    return found.with_(title=found.title or newest.title, languages=tuple(languages)).stepping(step)
