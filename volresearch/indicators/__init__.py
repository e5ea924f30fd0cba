"""Indicators: named measures with formula, standard and trap."""

from volresearch.indicators.model import Indicator, open_indicator, read_indicator

__all__ = ["Indicator", "open_indicator", "read_indicator"]
