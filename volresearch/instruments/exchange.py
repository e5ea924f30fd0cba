"""What readers of foreign forms share: bounds, and the notes they take."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from volresearch.errors import VolResearchError, Where, short_path

if TYPE_CHECKING:
    from volresearch.instruments.model import Instrument

__all__ = ["MAX_BYTES", "Imported", "Note", "file_bytes", "tool_missing", "too_large"]

#: No form that people wrote is larger.
MAX_BYTES = 50_000_000


@dataclass(frozen=True)
class Note:
    """Something in a file that a person should know: what was found, passed over or read in its own way, and where."""

    message: str
    where: Where = field(default_factory=Where)

    def __str__(self) -> str:
        place = str(self.where)
        return f"{place}: {self.message}" if place else self.message


@dataclass(frozen=True)
class Imported:
    """An instrument read from a foreign form, and what the reader has to say about it.

    Formulas that stay in the foreign language are listed by ``instrument.verbatim``.
    """

    instrument: Instrument
    notes: tuple[Note, ...] = ()


def file_bytes(source: str | Path | bytes) -> tuple[bytes, str]:
    """Return the content of a form and its name, refusing what no form is.

    Raises
    ------
    VolResearchError
        ``instrument.format``, ``instrument.limit``.
    """
    if isinstance(source, bytes):
        data, name = source, "form"
    else:
        path = Path(source)
        name = short_path(path)
        if not path.is_file():
            raise VolResearchError("instrument.format", "There is no such file.", where=Where(file=name))
        if path.stat().st_size > MAX_BYTES:
            raise too_large(name, "the file", path.stat().st_size)
        data = path.read_bytes()
    if len(data) > MAX_BYTES:
        raise too_large(name, "the file", len(data))
    return data, name


def too_large(name: str, what: str, size: int) -> VolResearchError:
    """Return the error of a form that is larger than any that people wrote."""
    return VolResearchError(
        "instrument.limit",
        f"This form is too large: {what} has {size:,} bytes.",
        where=Where(file=name),
        expected=f"at most {MAX_BYTES:,} bytes",
    )


def tool_missing(package: str) -> NoReturn:
    """Raise that a package of the extra ``files`` is not installed."""
    raise VolResearchError(
        "tool.missing",
        f'The package "{package}" is not installed.',
        hint='pip install "volresearch[files]"',
    )
