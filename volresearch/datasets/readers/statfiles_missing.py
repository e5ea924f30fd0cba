"""What a statistical file declares missing: values, ranges, letters; with why, by their labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from volresearch.datasets.codebook import MissingRange, code_text
from volresearch.datasets.readers.reasons import reason_of_label, without_reason

__all__ = ["DeclaredMissing", "declared_missing"]

_ENDLESS = 1e307  # SPSS writes LO and HI as the smallest and the largest number there is


@dataclass(frozen=True)
class DeclaredMissing:
    """What one variable declares missing.

    Attributes
    ----------
    missing : mapping of str to str
        Code -> reason.
    ranges : tuple of MissingRange
    labels : mapping of str to str
        All labels of the variable, those of missing codes without the reason that a writer put in brackets.
    """

    missing: Mapping[str, str]
    ranges: tuple[MissingRange, ...]
    labels: Mapping[str, str]

    def covers(self, code: str) -> bool:
        """Whether a code is declared missing."""
        return code in self.missing


def declared_missing(
    labels: Mapping[str, str], ranges: Sequence[Mapping[str, Any]], tags: Iterable[str], found: Iterable[str]
) -> DeclaredMissing:
    """Return what a variable declares missing.

    Parameters
    ----------
    labels : mapping of str to str
        Code -> label, letters as ``.a``.
    ranges : sequence of mappings
        ``{"lo": ..., "hi": ...}``, equal for one value; texts for text.
    tags : iterable of str
        Letters found in the column.
    found : iterable of str
        Codes found in the column: those within a range are missing.
    """
    single = [code_text(_stripped(one["lo"])) for one in ranges if one["lo"] == one["hi"]]
    spans = [(float(one["lo"]), float(one["hi"])) for one in ranges if one["lo"] != one["hi"]]
    inside = [code for code in dict.fromkeys([*labels, *found]) if _within(code, spans)]
    letters = [code for code in labels if code.startswith(".") and len(code) == 2 and not code[1].isdigit()]
    codes = dict.fromkeys([*single, *sorted(inside, key=float), *sorted({*letters, *tags})])
    missing = {code: reason_of_label(labels.get(code, ""), code) for code in codes}
    shown = {code: without_reason(label) if code in missing else label for code, label in labels.items()}
    return DeclaredMissing(
        missing=missing,
        ranges=tuple(_range(low, high, missing) for low, high in spans),
        labels={code: label for code, label in shown.items() if label.strip()},
    )


def _stripped(value: Any) -> Any:
    return value.rstrip() if isinstance(value, str) else value


def _within(code: str, spans: Iterable[tuple[float, float]]) -> bool:
    if not spans:
        return False
    try:
        number = float(code)
    except ValueError:
        return False
    return any(low <= number <= high for low, high in spans)


def _range(low: float, high: float, missing: Mapping[str, str]) -> MissingRange:
    reasons = {reason for code, reason in missing.items() if _within(code, [(low, high)])}
    return MissingRange(
        low=low if low > -_ENDLESS else None,
        high=high if high < _ENDLESS else None,
        reason=reasons.pop() if len(reasons) == 1 else "no_answer",  # type: ignore[arg-type]
    )
