"""Why a value may be missing: the same words in questionnaires, codebooks and datasets."""

from __future__ import annotations

from typing import Literal, get_args

__all__ = ["MISSING_REASONS", "MissingReason"]

MissingReason = Literal[
    "dont_know", "refused", "no_answer", "not_asked", "not_in_version", "not_applicable", "invalid"
]

#: Why a value is missing; missing is not one thing.
MISSING_REASONS: tuple[str, ...] = get_args(MissingReason)
