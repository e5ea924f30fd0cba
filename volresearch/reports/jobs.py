"""What an engine is asked to do and what it answers: plain frozen data that cross process borders as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

__all__ = ["Engine", "Job", "Limits", "Outcome", "Status", "seed_of"]

Status = Literal["done", "skipped", "failed", "timeout", "killed", "stopped"]


@dataclass(frozen=True)
class Limits:
    """What one report may use: wall-clock seconds and megabytes of writable memory."""

    seconds: float = 180.0
    memory_mb: int = 2048


@dataclass(frozen=True)
class Job:
    """One page to make.

    ``values`` go into the cell tagged ``parameters``; ``page`` holds what the layout needs besides the
    notebook (title, language, direction, key, command); ``target`` is where the finished page will stand.
    """

    name: str
    template: str
    target: str
    values: Mapping[str, Any] = field(default_factory=dict)
    page: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    seed: int = 0
    modules: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return the job as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Job:
        """Rebuild a job from `to_json`."""
        data = json.loads(text)
        return cls(**{**data, "limits": Limits(**data["limits"]), "modules": tuple(data["modules"])})


@dataclass(frozen=True)
class Outcome:
    """How one job ended. ``cell`` counts code cells from 1; ``work`` is the folder with what was left."""

    name: str
    status: Status
    seconds: float = 0.0
    cell: int | None = None
    error: str = ""
    target: str = ""
    warnings: tuple[str, ...] = ()
    partial: str = ""

    @property
    def ok(self) -> bool:
        """Whether a finished page stands at the target."""
        return self.status in {"done", "skipped"}

    def message(self) -> str:
        """Return one line for people."""
        place = f"cell {self.cell}: " if self.cell is not None else ""
        return f"{self.name}: {self.status}" + (f": {place}{self.error}" if self.error else "")


class Engine(Protocol):
    """Makes pages in folders of their own; publishing them is the batch's business.

    ``run`` yields one outcome per job as they end. A page that was made stands as ``page.html`` in
    ``work / str(position of the job)``.
    """

    name: str

    def run(
        self, jobs: Sequence[Job], work: Path, workers: int, started: Callable[[Job], None]
    ) -> Iterator[tuple[int, Outcome]]:
        """Run `jobs`, `workers` at a time; yield (position, outcome)."""
        ...


def seed_of(seed: int, name: str) -> int:
    """Return the seed of one report: the same in every engine and order, different for every report.

    >>> seed_of(1, "core.country_brief ZAF en") == seed_of(1, "core.country_brief ZAF en")
    True
    >>> seed_of(1, "a") == seed_of(1, "b")
    False
    """
    return int.from_bytes(hashlib.sha256(f"{seed}:{name}".encode()).digest()[:4], "big")
