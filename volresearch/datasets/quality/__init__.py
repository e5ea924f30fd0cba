"""The quality report of a dataset: duplicates, ranges, codes, missing answers, interviewers, weights, design, response."""

from volresearch.datasets.quality.checking import check
from volresearch.datasets.quality.findings import LEVELS, TOPICS, Codes, Finding, Measure, Share
from volresearch.datasets.quality.outcomes import OUTCOMES, outcome_of, outcome_rates
from volresearch.datasets.quality.report import Quality
from volresearch.datasets.quality.section import quality_section

__all__ = [
    "LEVELS",
    "OUTCOMES",
    "TOPICS",
    "Codes",
    "Finding",
    "Measure",
    "Quality",
    "Share",
    "check",
    "outcome_of",
    "outcome_rates",
    "quality_section",
]
