"""Forms of other tools, in and out, through one table; and what may go to the field.

A module of the table has ``read_with_notes(path) -> Imported``, where it reads, and
``write(instrument, path) -> tuple of str``, where it writes: the file is written to `path`, and what the format
cannot say is returned, one sentence each.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from volresearch.errors import VolResearchError, Where, near, short_path
from volresearch.instruments.exchange import Imported
from volresearch.instruments.model import Instrument
from volresearch.instruments.reading import read_instrument
from volresearch.instruments.selection import in_languages, marked_as_draft

__all__ = ["FORMATS", "Format", "export_form", "read_form", "read_form_with_notes", "supported"]


@dataclass(frozen=True)
class Format:
    """One kind of form: its module, whether that reads and writes, and how its files end."""

    module: str
    suffixes: tuple[str, ...]
    title: str
    reads: bool = True
    writes: bool = False


#: Name of a format -> what it is. Files of one suffix are tried in this order.
FORMATS: dict[str, Format] = {
    "xlsform": Format("volresearch.instruments.xlsform", (".xlsx", ".xls", ".xlsm"), "XLSForm", writes=True),
    "ddi": Format("volresearch.instruments.ddi", (".xml",), "DDI-Codebook 2.5", writes=True),
    "redcap": Format("volresearch.instruments.redcap", (".csv",), "REDCap data dictionary", writes=True),
    "limesurvey": Format(
        "volresearch.instruments.limesurvey", (".lss", ".tsv", ".txt"), "LimeSurvey structure"
    ),
    "kobo": Format("volresearch.instruments.kobo", (".json",), "KoboToolbox asset"),
    "json": Format("", (".json",), "JSON of this package", reads=False, writes=True),
    "yaml": Format("", (".yaml",), "YAML of this package", writes=True),
}


def read_form(path: str | Path, format: str | None = None) -> Instrument:
    """Read a form that another tool wrote.

    Parameters
    ----------
    path : path
        The file.
    format : str, optional
        A key of `FORMATS`; left out, the end of the file name says it.

    Raises
    ------
    VolResearchError
        ``instrument.format``, with sheet and row or line; ``declare.missing_file``.
    """
    return read_form_with_notes(path, format)[0]


def read_form_with_notes(path: str | Path, format: str | None = None) -> tuple[Instrument, tuple[str, ...]]:
    """Read a form as `read_form` does, with what the reader passed over or read in its own way, a sentence each."""
    path = Path(path)
    if not path.is_file():
        raise VolResearchError(
            "declare.missing_file", "There is no such file.", where=Where(file=short_path(path))
        )
    name = format or _by_suffix(path)
    if not _format(name).reads:
        raise VolResearchError("instrument.format", f'"{name}" is written, not read.')
    if name == "yaml":
        return read_instrument(path), ()
    read: Imported = _function(name, "read_with_notes")(path)
    return read.instrument, tuple(str(note) for note in read.notes)


def export_form(
    instrument: Instrument,
    to: str,
    path: str | Path,
    *,
    languages: tuple[str, ...] = (),
    allow_draft: bool = False,
) -> tuple[str, ...]:
    """Write an instrument as a form of another tool.

    Parameters
    ----------
    to : str
        A key of `FORMATS` that writes.
    path : path
        The file to write; one that is there is not overwritten.
    languages : tuple of str
        Languages to write; empty for all.
    allow_draft : bool
        Write languages that no native speaker reviewed; title, version and the first item then say "draft".

    Returns
    -------
    tuple of str
        What the format cannot say, one sentence each.

    Raises
    ------
    VolResearchError
        ``instrument.draft``, ``instrument.format``, ``export.exists``.
    """
    path = Path(path)
    if not _format(to).writes:
        raise VolResearchError("instrument.format", f'"{to}" is read, not written.', hint=_writing())
    chosen = in_languages(instrument, languages) if languages else instrument
    if chosen.drafts and not allow_draft:
        raise VolResearchError(
            "instrument.draft",
            f"Not reviewed by a native speaker: {', '.join(chosen.drafts)}.",
            expected="languages whose status is original or reviewed",
            hint="Choose others with --lang, have the translation reviewed, or say --allow-draft.",
        )
    if path.exists():
        raise VolResearchError(
            "export.exists",
            "The file is there already.",
            where=Where(file=short_path(path)),
            hint="Name another one.",
        )
    marked = marked_as_draft(chosen) if chosen.drafts else chosen
    if to in {"json", "yaml"}:
        text = (
            marked.to_yaml()
            if to == "yaml"
            else json.dumps(marked.as_data(), ensure_ascii=False, indent=2) + "\n"
        )
        path.write_text(text, encoding="utf-8", newline="\n")
        return ()
    return tuple(_function(to, "write")(marked, path))


def supported(name: str) -> bool:
    """Whether this version reads or writes a format."""
    from importlib.util import find_spec

    module = _format(name).module
    return not module or find_spec(module) is not None


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise VolResearchError("instrument.format", f'There is no format "{name}".', hint=near(name, FORMATS))
    return FORMATS[name]


def _writing() -> str:
    return f"Written: {', '.join(name for name, one in FORMATS.items() if one.writes)}."


def _by_suffix(path: Path) -> str:
    for name, one in FORMATS.items():
        if one.reads and path.suffix.lower() in one.suffixes:
            return name
    raise VolResearchError(
        "instrument.format",
        f'A file that ends in "{path.suffix}" is no form that is known here.',
        where=Where(file=short_path(path)),
        hint="Say which: --from " + ", ".join(name for name, one in FORMATS.items() if one.reads),
    )


def _function(name: str, verb: str) -> Any:
    try:
        module = import_module(FORMATS[name].module)
    except ModuleNotFoundError as error:
        if error.name != FORMATS[name].module:
            raise
        said = f"{FORMATS[name].title} is not supported by this version."
        raise VolResearchError("instrument.format", said) from None
    return getattr(module, verb)
