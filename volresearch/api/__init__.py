"""The functions of ``import volresearch as vr``: ids become objects here, never inside a noun."""

from volresearch.api.data import compare_codebooks, crosswalk_template, dataset, read
from volresearch.api.declared import DECLARATIONS, diff, indicator, instrument, schema
from volresearch.api.figures import compare, facts
from volresearch.api.lists import (
    list_datasets,
    list_indicators,
    list_instruments,
    list_notebooks,
    list_plugins,
    list_reports,
)

__all__ = [
    "DECLARATIONS",
    "compare",
    "compare_codebooks",
    "crosswalk_template",
    "dataset",
    "diff",
    "facts",
    "indicator",
    "instrument",
    "list_datasets",
    "list_indicators",
    "list_instruments",
    "list_notebooks",
    "list_plugins",
    "list_reports",
    "read",
    "schema",
]
