"""What a result says of itself: what was asked, of which data, by which method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from volresearch.declare import frozen

__all__ = ["DatasetRef", "Evidence", "EvidenceRow", "ResultFacts", "SourceRef"]


@dataclass(frozen=True)
class DatasetRef:
    """The exact data behind a result."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True)
class SourceRef:
    """A published source.

    ``shortened`` is true where only the start of the address is known: it is shown with that mark and is
    no link.
    """

    id: str
    title: str
    publisher: str
    year: str
    address: str
    licence: str
    shortened: bool = False


@dataclass(frozen=True)
class ResultFacts:
    """The frozen record that travels with every result.

    Attributes
    ----------
    question : mapping
        What was asked, as the call that repeats it would say it (``{"verb": "mean", "variable": ...}``).
    unit : str
        The unit of the rows behind the numbers: ``person``, ``organization``, ``partnership`` or
        ``published figure``. Disclosure rules go by it.
    method, confidence, domain, assumptions
        How it was computed; ``assumptions`` are sentences that every output repeats.
    """

    question: Mapping[str, Any]
    unit: str
    method: str = ""
    confidence: float | None = None
    domain: str = ""
    assumptions: tuple[str, ...] = ()
    datasets: tuple[DatasetRef, ...] = ()
    sources: tuple[SourceRef, ...] = ()
    software: tuple[str, ...] = ()
    synthetic: bool = False
    notes: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("question", "extra"):
            object.__setattr__(self, name, frozen(getattr(self, name)))


@dataclass(frozen=True)
class EvidenceRow:
    """What disclosure rules need of one row of a result.

    ``largest`` are the two largest single contributions to a sum, else empty.
    """

    n: int | None
    n_cell: int | None
    psu: int | None
    largest: tuple[float, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """The evidence of all rows, in the order of the table, and the unit they count."""

    unit: str
    rows: tuple[EvidenceRow, ...]
