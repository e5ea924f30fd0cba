"""Research files: a dataset as SPSS, Stata, CSV with a data package, Parquet or DDI; see `write`."""

from volresearch.datasets.writers.writing import FORMATS, Written, write, written

__all__ = ["FORMATS", "Written", "write", "written"]
