"""Results: one tidy table of numbers with the record of how they were made."""

from volresearch.results.facts import DatasetRef, Evidence, EvidenceRow, ResultFacts, SourceRef
from volresearch.results.result import COLUMNS, Result

__all__ = ["COLUMNS", "DatasetRef", "Evidence", "EvidenceRow", "Result", "ResultFacts", "SourceRef"]
