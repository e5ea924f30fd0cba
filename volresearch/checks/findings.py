"""What a check finds: errors that must be mended, warnings that should be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from volresearch.errors import Fault, VolResearchError, Where, short_path

__all__ = ["RULES", "Finding", "error", "from_error", "place", "warning"]

#: Rule -> what it looks at, in the order in which reports show them.
RULES: dict[str, str] = {
    "V1": "package data: licence, README, citation, changelog, maintainer, dependencies",
    "V2": "manners: what happens when the plugin is imported",
    "V3": "declarations: strict YAML, ids, references",
    "V4": "data: sha256, rows, codebook, synthetic data marked, nothing private",
    "V5": "text: every promised language, placeholders agree",
    "V6": "instruments: routing reaches every item and ends, scores, forms that go out",
}


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    ``rule`` is a key of `RULES`; ``level`` is ``"error"`` or ``"warning"``.
    """

    rule: str
    level: str
    message: str
    where: Where = field(default_factory=Where)
    hint: str = ""

    @property
    def told(self) -> str:
        """Place, message and next step in one line."""
        return "  ".join(part for part in (str(self.where), self.message, self.hint) if part)

    def __str__(self) -> str:
        return f"{self.rule} {self.level}: {self.told}"


def error(rule: str, message: str, where: Where | None = None, hint: str = "") -> Finding:
    """Make a finding that must be mended."""
    return Finding(rule, "error", message, where or Where(), hint)


def warning(rule: str, message: str, where: Where | None = None, hint: str = "") -> Finding:
    """Make a finding that should be mended; an error under ``--strict``."""
    return Finding(rule, "warning", message, where or Where(), hint)


def from_error(rule: str, raised: VolResearchError) -> list[Finding]:
    """Turn every fault of an error into a finding."""
    return [error(rule, _told(item), item.where, item.hint) for item in raised.faults]


def place(path: object, line: int | None = None) -> Where:
    """Return a file as a `Where`, shortened for people."""
    return Where(file=short_path(str(path)), line=line)


def _told(item: Fault) -> str:
    more: Iterable[str] = (
        f"expected {item.expected}" if item.expected else "",
        f"found {item.got}" if item.got else "",
    )
    return "; ".join([item.message, *(part for part in more if part)])
