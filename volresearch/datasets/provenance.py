"""Where a dataset comes from: the files that were read, and every step since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from volresearch.declare import frozen

__all__ = ["SetAside", "Source", "Step", "as_step"]


@dataclass(frozen=True)
class Source:
    """A file that was used: its name without folders, SHA-256 of its bytes, and their number."""

    name: str
    sha256: str
    size: int
    role: str = "data"


@dataclass(frozen=True)
class Step:
    """One step: a sentence for people, and the same for programs.

    Attributes
    ----------
    text : str
        One sentence without a final dot, in English: ``"read survey.csv as CSV, 12 rows and 8 columns"``.
    kind : str
        ``opened, read, typed, form, routed, set_aside, harmonized, declared, changed``, or another word.
    used : tuple of Source
        Files that this step read.
    details : mapping
        Options found, numbers of rows and columns: plain data (str, int, float, bool, list, dict).
    """

    text: str
    kind: str = "changed"
    used: tuple[Source, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "details", frozen(self.details))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class SetAside:
    """A column that identifies persons and was taken out of the data.

    Attributes
    ----------
    variable : str
        Name of the variable; `source` is its header in the file, `table` the linked table ("" for the main one).
    kind : str
        ``name, phone, email, address, position, device, user, time, audit, identifier, media, national_id, free_text``.
    found_by : str
        ``name``, ``content``, ``form`` (declared sensitive there) or ``type``.
    n : int
        Filled cells.
    """

    variable: str
    kind: str
    found_by: str
    source: str = ""
    table: str = ""
    n: int = 0


def as_step(given: Step | str) -> Step:
    """Return a step as such; a sentence becomes one."""
    return given if isinstance(given, Step) else Step(given)
