"""What a dataset's YAML declares."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import Discriminator, Field, field_validator, model_validator

from volresearch.datasets.codebook import Codebook
from volresearch.declare import Declared, FrozenMap, TextField
from volresearch.text import Text

__all__ = [
    "ID",
    "CensusDesign",
    "DatasetDeclaration",
    "Design",
    "MeasurementDeclaration",
    "NonprobabilityDesign",
    "ProbabilityDesign",
    "ReplicateWeights",
    "ResponseRate",
    "TableDeclaration",
    "column_names",
]

#: An id of a dataset: ``plugin.name``.
ID = re.compile(r"[a-z][a-z0-9_]*\.[A-Za-z0-9][A-Za-z0-9_]*\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")

Kind = Literal["survey", "facts", "register", "dyads"]
Unit = Literal["person", "organization", "partnership", "published figure"]


class TableDeclaration(Declared):
    """One file of the dataset: its path beside the YAML, its SHA-256 and its number of rows.

    A linked table (the repeats of a form) names the table above it in ``parent``: its column ``parent_key``
    holds values of the column ``key`` of that table.
    """

    path: str
    sha256: str
    rows: int | None = Field(default=None, ge=0)
    format: Literal["csv", "parquet"] | None = None
    parent: str = ""
    key: str = ""
    parent_key: str = ""

    @field_validator("path")
    @classmethod
    def _inside(cls, path: str) -> str:
        parts = PurePosixPath(path).parts
        if not path or path.startswith("/") or ".." in parts or ":" in path or "\\" in path:
            raise ValueError(f'"{path}" must be a path inside the folder of the declaration, written with /')
        if "private" in parts:
            raise ValueError("files of private/ are never declared: personal data stay there")
        return path

    @field_validator("sha256")
    @classmethod
    def _hexadecimal(cls, sha256: str) -> str:
        if not _SHA256.match(sha256):
            raise ValueError("expected a SHA-256: 64 of the signs 0-9 a-f")
        return sha256

    @property
    def kind(self) -> str:
        """``csv`` or ``parquet``."""
        return self.format or ("parquet" if self.path.endswith(".parquet") else "csv")


class ReplicateWeights(Declared):
    """Replicate weights: their columns and how deviations become a variance."""

    columns: tuple[str, ...] = ()
    prefix: str = ""
    method: str
    scale: float | None = Field(default=None, gt=0)
    rscales: tuple[float, ...] = ()
    mse: bool = True

    @model_validator(mode="after")
    def _named(self) -> ReplicateWeights:
        if bool(self.columns) == bool(self.prefix):
            raise ValueError("give either columns or a prefix of the replicate weights")
        return self


class ResponseRate(Declared):
    """Optional: how many were eligible and how many answered; printed in the data statement."""

    eligible: int | None = Field(default=None, ge=0)
    responded: int | None = Field(default=None, ge=0)
    rate: float | None = Field(default=None, ge=0, le=100)
    definition: str = ""


class _Design(Declared):
    population: TextField | None = None
    response: ResponseRate | None = None


class ProbabilityDesign(_Design):
    """A probability sample: weights, strata, primary sampling units, finite population sizes, replicates."""

    kind: Literal["probability"]
    weights: str | None = None
    strata: str | tuple[str, ...] | None = None
    psu: str | tuple[str, ...] | None = None
    fpc: str | tuple[str, ...] | None = None
    nest: bool = False
    replicate_weights: ReplicateWeights | None = None


class CensusDesign(_Design):
    """A census or a register: everybody is in it."""

    kind: Literal["census"]
    weights: str | None = None


class NonprobabilityDesign(_Design):
    """Respondents who were easy to reach: results describe respondents only."""

    kind: Literal["nonprobability"]
    how: Literal["convenience", "quota", "snowball", "online", "volunteers", "other"] = "convenience"
    weights: str | None = None


Design = Annotated[ProbabilityDesign | CensusDesign | NonprobabilityDesign, Discriminator("kind")]


class MeasurementDeclaration(Declared):
    """The measurement key of a dataset; see `MeasurementKey`. What is left out is ``unknown``."""

    age: str = "unknown"
    reference_period: str = "unknown"
    volunteering: str = "unknown"
    family_help: str = "unknown"
    mode: str = "unknown"
    vintage: str = "unknown"
    survey: str = "unknown"


class DatasetDeclaration(Declared):
    """A dataset as its YAML declares it.

    ``kind`` is the shape (survey microdata, published figures, register, dyads), ``unit`` what one row is
    about: disclosure rules go by the unit. ``undeclared_codes`` says whether a code that the codebook does not
    name is a fault, or is kept for `Dataset.check` to report, as imported files have it.
    """

    id: str
    kind: Kind
    version: str
    title: TextField
    description: TextField = Text()
    unit: Unit
    licence: str
    citation: str = ""
    languages: tuple[str, ...] = ("en",)
    synthetic: bool = False
    consent_to_be_named: bool = False
    undeclared_codes: Literal["refuse", "keep"] = "refuse"
    tables: Mapping[str, TableDeclaration] = Field(min_length=1)
    codebook: Codebook = Codebook()
    design: Design | None = None
    measurement: MeasurementDeclaration = MeasurementDeclaration()
    extra: Mapping[str, str] = FrozenMap()

    @field_validator("id")
    @classmethod
    def _namespaced(cls, value: str) -> str:
        if not ID.match(value):
            raise ValueError(f'"{value}" is no id: expected plugin.name in letters, digits and underscores')
        return value

    @model_validator(mode="after")
    def _unit_fits(self) -> DatasetDeclaration:
        if (self.kind == "facts") != (self.unit == "published figure"):
            raise ValueError('kind "facts" and unit "published figure" go together')
        return self


def column_names(given: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """Return one name of a column, several or none, as a design declares them, as a tuple.

    >>> column_names("region"), column_names(("village", "household")), column_names(None)
    (('region',), ('village', 'household'), ())
    """
    return () if given is None else (given,) if isinstance(given, str) else tuple(given)
