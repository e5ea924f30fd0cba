"""Which form is meant: an instrument, a file told by its bytes, or several versions of one form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from volresearch.datasets.files import sha256_of
from volresearch.datasets.provenance import Source
from volresearch.datasets.readers.found import Note
from volresearch.errors import VolResearchError, Where, short_path
from volresearch.instruments import Instrument
from volresearch.instruments.exchange import MAX_BYTES, Imported, too_large

__all__ = ["OpenForms", "opened_forms"]

_HEAD = 65_536
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_KINDS = (
    "an XLSForm (.xlsx, .xls), a REDCap dictionary, a LimeSurvey structure, the JSON of a Kobo form, DDI-Codebook, "
    "or the YAML of an instrument"
)


@dataclass(frozen=True)
class OpenForms:
    """Forms that were opened, oldest first, the files they come from, and what their readers have to say."""

    forms: tuple[Instrument, ...] = ()
    sources: tuple[Source, ...] = ()
    notes: tuple[Note, ...] = ()


def opened_forms(given: Any) -> OpenForms:
    """Open what `read` was given as `instrument`.

    Parameters
    ----------
    given : Instrument, path, sequence of these, or None
        Versions of one form stand oldest first. A Kobo JSON holds several versions by itself.

    Raises
    ------
    VolResearchError
        ``read.form`` for what is no form; ``instrument.*`` and ``declare.*`` of the form's own reader.
    """
    if given is None:
        return OpenForms()
    many = [given] if isinstance(given, Instrument | str | Path) else given
    if not isinstance(many, Sequence):
        raise VolResearchError("read.form", f"A {type(given).__name__} is no form.", expected=_KINDS)
    forms: list[Instrument] = []
    sources: list[Source] = []
    notes: list[Note] = []
    for one in many:
        if isinstance(one, Instrument):
            forms.append(one)
        elif isinstance(one, str | Path):
            read = _opened(Path(one))
            forms += [version.instrument for version in read]
            notes += [Note(f"form: {note.message}", note.where) for version in read for note in version.notes]
            sources.append(
                Source(Path(one).name, sha256_of(Path(one)), Path(one).stat().st_size, role="form")
            )
        else:
            raise VolResearchError("read.form", f"A {type(one).__name__} is no form.", expected=_KINDS)
    return OpenForms(tuple(forms), tuple(sources), tuple(notes))


def _opened(path: Path) -> tuple[Imported, ...]:
    """Read a file of a form; what it is is told by its bytes, not by its name."""
    where = Where(file=short_path(path))
    if not path.is_file():
        raise VolResearchError("read.form", "There is no such form.", where=where)
    size = path.stat().st_size
    if size == 0:
        raise VolResearchError("read.form", "The form is empty: 0 bytes.", where=where, expected=_KINDS)
    if size > MAX_BYTES:
        raise too_large(short_path(path), "the file", size)
    with path.open("rb") as stream:
        kind = kind_of(stream.read(_HEAD))
    try:
        return _read(kind, path)
    except VolResearchError as error:
        if error.hint or len(error.faults) > 1:
            raise
        remedy = "Mend the form, give another one, or read the data without it: leave out instrument."
        raise VolResearchError(
            error.code, error.message, where=error.where, expected=error.expected, got=error.got, hint=remedy
        ) from None


def kind_of(head: bytes) -> str:
    """Return which kind of form begins like this.

    >>> kind_of(b"PK\\x03\\x04..."), kind_of(b'"Variable / Field Name","Form Name"')
    ('xlsform', 'redcap')
    """
    if head.startswith((_ZIP, _OLE)):
        return "xlsform"
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = (head.decode("utf-16", "ignore") if wide else head.decode("utf-8-sig", "ignore")).lstrip()
    if text.startswith("<"):
        return "limesurvey" if "LimeSurveyDocType" in text else "ddi"
    if text.startswith(("{", "[")):
        return "kobo"
    first = text.splitlines()[0].lower() if text else ""
    if "variable / field name" in first or "field_name" in first:
        return "redcap"
    if "type/scale" in first and "\t" in first:
        return "limesurvey"
    return "yaml" if "\x00" not in text else ""


def _read(kind: str, path: Path) -> tuple[Imported, ...]:
    if kind == "kobo":
        return _from_json(path)
    if kind == "yaml":
        return (Imported(_from_yaml(path)),)
    if not kind:
        raise VolResearchError(
            "read.form", "This is no form.", where=Where(file=short_path(path)), expected=_KINDS
        )
    from volresearch.instruments import ddi, limesurvey, redcap, xlsform

    readers = {"xlsform": xlsform, "ddi": ddi, "limesurvey": limesurvey, "redcap": redcap}
    return (readers[kind].read_with_notes(path),)


def _from_json(path: Path) -> tuple[Imported, ...]:
    """Read a Kobo form with its versions, or an instrument of this package as JSON."""
    from volresearch.instruments.kobo import read_versions

    try:
        return read_versions(path)
    except VolResearchError as error:
        head = path.read_bytes()[:_HEAD]
        if b'"items"' not in head or b'"id"' not in head:
            raise error
    return (Imported(_from_yaml(path)),)  # JSON is YAML


def _from_yaml(path: Path) -> Instrument:
    from volresearch.instruments import read_instrument

    head = path.read_bytes()[:_HEAD].decode("utf-8-sig", "ignore")
    if not re.search(r"""^[{,\s]*["']?(items|title)["']?\s*:""", head, re.MULTILINE):
        raise VolResearchError(
            "read.form",
            "This is no form: a text without the headers or keys of one.",
            where=Where(file=short_path(path)),
            expected=_KINDS,
            hint="If these are the data, give them first: read(data, instrument=form).",
        )
    return read_instrument(path)
