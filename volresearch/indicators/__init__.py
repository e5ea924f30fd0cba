"""Indicators: named measures with formula, standard and trap, and the recipes that compute them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from volresearch.indicators.model import Indicator, open_indicator, read_indicator

if TYPE_CHECKING:
    from volresearch.indicators.computing import compute

__all__ = ["Indicator", "compute", "open_indicator", "read_indicator"]


def __getattr__(name: str) -> Any:
    if name == "compute":  # loads the estimators: opening an indicator does not need them
        from volresearch.indicators.computing import compute

        return compute
    raise AttributeError(name)
