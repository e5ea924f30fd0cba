"""Readers of data files: what the field exports becomes a dataset; see `read`."""

from volresearch.datasets.readers.reading import read

__all__ = ["read"]
