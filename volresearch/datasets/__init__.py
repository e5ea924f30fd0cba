"""Datasets: a frame with its codebook, declared design, measurement key and provenance."""

from volresearch.datasets.codebook import MISSING_REASONS, Codebook, MissingRange, Variable
from volresearch.datasets.compare import Comparison, Pair, Reason, judge
from volresearch.datasets.dataset import Dataset, open_dataset
from volresearch.datasets.declaration import DatasetDeclaration
from volresearch.datasets.facts import Figure, Variant
from volresearch.datasets.measurement import MeasurementKey
from volresearch.datasets.periods import Period, parse_period

__all__ = [
    "MISSING_REASONS",
    "Codebook",
    "Comparison",
    "Dataset",
    "DatasetDeclaration",
    "Figure",
    "MeasurementKey",
    "MissingRange",
    "Pair",
    "Period",
    "Reason",
    "Variable",
    "Variant",
    "judge",
    "open_dataset",
    "parse_period",
]
