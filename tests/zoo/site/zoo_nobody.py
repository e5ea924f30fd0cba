"""It does not say who it is."""

from volresearch.plugins import hookimpl


@hookimpl
def volresearch_datasets():
    return []
