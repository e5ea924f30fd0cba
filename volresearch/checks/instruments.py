"""V6: instruments hold together: routing, scores, translations, and what is lost on the way to the field."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from volresearch.checks.declarations import loaded
from volresearch.checks.findings import Finding, error, from_error, warning
from volresearch.checks.subject import Subject
from volresearch.errors import Fault, VolResearchError, short_path

if TYPE_CHECKING:
    from volresearch.declare import Loaded
    from volresearch.instruments import Instrument

__all__ = ["check_instruments", "judge"]


def check_instruments(subject: Subject) -> Iterator[Finding]:
    """Yield what is wrong with the instruments of a plugin, with the answers that show it.

    Parameters
    ----------
    subject : Subject
        With its records.
    """
    for record in subject.records.get("instruments", ()):
        document = loaded(subject, record)
        if document is not None:
            yield from judge(document)


def judge(document: Loaded) -> Iterator[Finding]:
    """Yield the findings on one loaded declaration of an instrument; one that does not parse is V3's."""
    from volresearch.declare import check
    from volresearch.instruments import Instrument, check_instrument
    from volresearch.instruments.reading import placed
    from volresearch.instruments.routing import check_routing

    try:
        instrument = check(Instrument, document)
    except VolResearchError:
        return
    try:
        check_instrument(document)
    except VolResearchError as raised:
        yield from from_error("V6", raised)
        return
    routing = check_routing(instrument)
    for fault in routing.faults:
        yield _finding(placed(fault, document))
    for name in routing.undecided:
        where = placed(_about(name), document).where
        yield warning("V6", f'Whether any answers lead to "{name}" could not be decided.', where)
    for name, key, text in instrument.verbatim:
        where = placed(_about(name), document).where
        yield warning("V6", f"The {key} is kept as it is and evaluated by nothing here: {text}", where)
    yield from _field_form(instrument, document)


def _finding(fault: Fault) -> Finding:
    return error("V6", fault.message, fault.where, fault.hint)


def _about(name: str) -> Fault:
    from volresearch.errors import Where

    return Fault("instrument.routing", "", Where(path=f"items.{name}"))


def _field_form(instrument: Instrument, document: Loaded) -> Iterator[Finding]:
    """Write an XLSForm and read it again: what is lost was told when it was written, or it is a fault."""
    from volresearch.instruments import compare_instruments
    from volresearch.instruments.forms import export_form, read_form, supported

    if not supported("xlsform"):
        return
    where = document.where(("items",))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        try:
            losses = export_form(instrument, "xlsform", path, allow_draft=True)
            back = read_form(path)
        except VolResearchError as raised:
            said = str(raised).replace(short_path(path), "form.xlsx").splitlines()[0]
            yield error(
                "V6", f"The XLSForm of this instrument cannot be written and read again: {said}", where
            )
            return
    for change in compare_instruments(instrument, back):
        if change.effect != "none" and not any(f'"{change.item}"' in loss for loss in losses):
            said = f'"{change.item}" comes back from the XLSForm with another {change.what()}, and the export does not say so'
            place = replace(where, path=f"items.{change.item}")
            yield error(
                "V6", f"{said}: {change.before or 'nothing'} became {change.after or 'nothing'}.", place
            )
