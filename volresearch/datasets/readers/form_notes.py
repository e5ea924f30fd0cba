"""What a person should know once a form was laid over data: what is missing, unknown, ambiguous, decoded."""

from __future__ import annotations

import re
from collections.abc import Sequence

from volresearch.datasets.readers.form_columns import Laid
from volresearch.datasets.readers.form_names import Matched
from volresearch.datasets.readers.form_versions import Place
from volresearch.datasets.readers.found import Asked, Note, some
from volresearch.errors import Where, short_path
from volresearch.instruments import Instrument

__all__ = ["about_form", "about_tables"]

_SHOWN = 12
#: Columns that every export of a tool has and no form asks.
_TOOLS = re.compile(
    r"_.*|.*/_[^/]*|meta[/.:-].*|formhub/.*|(start|end|today|deviceid|imei|username|simserial|subscriberid|phonenumber)"
    r"|redcap_.*|.*_complete|.*_timestamp|id|submitdate|lastpage|startlanguage|seed|startdate|datestamp|ipaddr|refurl"
    r"|token|.*_?version_*|key|parent_key|set-of-.*|submissiondate|instanceid|instancename|x_.*",
    re.IGNORECASE,
)


def about_form(places: Sequence[Place], forms: Sequence[Instrument], asked: Asked) -> list[Note]:
    """Return what is to be told of the form itself: lists that are elsewhere, codes that stand twice, versions."""
    where = Where(file=asked.form_sources[-1].name) if asked.form_sources else Where()
    outside = [
        place.name
        for place in places
        if not place.codes and (place.slot.item.choices_file or place.slot.item.appearance == "search")
    ]
    outside += [place.name for place in places if _external(place, forms)]
    twice = [f"{place.name} ({', '.join(_twice(place)[:3])})" for place in places if _twice(place)]
    changed = [f"{place.name} ({' -> '.join(place.types)})" for place in places if len(place.types) > 1]
    differ = [f"{place.name} ({', '.join(place.differ[:3])})" for place in places if place.differ]
    told = (
        (outside, "The choices stand in a file outside of the form, so that their codes have no labels"),
        (twice, "Codes stand twice in a list under different labels (a cascade); the first label stands"),
        (changed, "The type changed between versions of the form; the one that holds all values stands"),
        (differ, "Labels of codes differ between versions of the form; the newest stand"),
    )
    return [Note(f"{said}: {some(names, _SHOWN)}.", where) for names, said in told if names]


def about_tables(
    laid: Sequence[tuple[Laid, Matched]],
    places: Sequence[Place],
    asked: Asked,
    unsure: Sequence[str] = (),
    bare: Sequence[str] = (),
) -> list[Note]:
    """Return what is to be told of the columns: one note of a kind.

    `unsure` are questions whose boxes may not have been seen, `bare` forms that nobody may have opened.
    """
    where = Where(file=short_path(asked.path))
    answered = {place for one, _ in laid for place in one.places.values()}
    lacking = [
        "/".join([*place.repeat[-1:], place.name])
        for place in places
        if place.variable is not None and place not in answered and not _TOOLS.fullmatch(place.name)
    ]
    unknown = [column for one, matched in laid for column in _unknown(one, matched)]
    ambiguous = [
        f"{column} ({' or '.join(paths)})"
        for _, matched in laid
        for column, paths in matched.ambiguous.items()
    ]
    twice = [f"{column} (beside {other})" for _, matched in laid for column, other in matched.twice.items()]
    told: tuple[tuple[Sequence[str], str], ...] = (
        (lacking, "Items of the form that have no column in the file"),
        (unknown, "Columns that the form does not know; they stay"),
        (ambiguous, "Columns that could be several items of the form; they stay as they are"),
        (twice, "Columns that are one item of the form twice; the better fit stands, the other stays as it is"),
        (_said(laid, "labels"), "Cells held labels and were read as codes"),
        (_said(laid, "shared"), "Labels that two codes share stay as they are"),
        (_said(laid, "unknown"), "Cells that are no code of the list stay as they are"),
        (_said(laid, "commas"), "Numbers with a decimal comma, by the form, were read with a point"),
        (_said(laid, "notes"), "Empty columns of notes that ask nothing were left out"),
        (_said(laid, "lazy"), "Columns of options are not joined where rows stay on disk; they stay"),
        (unsure, "Boxes without a tick are missing, not \"nothing chosen\": the file does not say that they were seen"),
        (bare, "REDCap writes 0 into the boxes of forms that nobody opened; these rows hold nothing else of the form and count as nothing chosen"),
    )  # fmt: skip
    headed = [column for _, matched in laid for column in matched.by_label]
    if headed:
        told = (*told, (headed, "Headers are the words of questions and were matched by them"))
    return [Note(f"{said}: {some(names, _SHOWN)}.", where) for names, said in told if names]


def _said(laid: Sequence[tuple[Laid, Matched]], kind: str) -> list[str]:
    return list(dict.fromkeys(one for table, _ in laid for one in table.said.get(kind, ())))


def _unknown(one: Laid, matched: Matched) -> list[str]:
    table = one.table
    link = {table.link.parent_key} if table.link else set()
    known = {*one.places, *table.hidden, *link, *matched.ambiguous, *matched.twice}
    out = []
    for column in map(str, table.frame.columns):
        variable = table.variables.get(column)
        header = (variable.source if variable else "") or column
        if column not in known and not _TOOLS.fullmatch(header) and not _TOOLS.fullmatch(column):
            out.append(header)
    return out


def _external(place: Place, forms: Sequence[Instrument]) -> bool:
    item = place.slot.item
    scale = forms[max(place.slots)].scale(item.scale) if item.scale else None
    return scale is not None and scale.external and not scale.choices


def _twice(place: Place) -> list[str]:
    return list(dict.fromkeys(choice.code for choice in place.slot.also))
