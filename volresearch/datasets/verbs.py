"""What a `Dataset` does beyond showing itself: checks, harmonization, research files; each loads its stage when called."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.datasets.dataset import Dataset
    from volresearch.datasets.quality import Quality
    from volresearch.harmonize import Crosswalk

__all__ = ["ResearchVerbs"]


class ResearchVerbs:
    """The verbs of a dataset that live in other rooms."""

    def check(self, **options: Any) -> Quality:
        """Return the quality report; see `volresearch.datasets.quality.check`."""
        from volresearch.datasets.quality import check

        return check(self._itself(), **options)

    def harmonized(self, crosswalk: Crosswalk | str | Path, **options: Any) -> Dataset:
        """Return it with harmonized variables beside its own; see `volresearch.harmonize.harmonize`."""
        from volresearch.harmonize import harmonize

        return harmonize(self._itself(), crosswalk, **options)

    @property
    def recodes(self) -> pd.DataFrame:
        """What harmonizing did with every code, with counts; see `volresearch.harmonize.recode_log`."""
        from volresearch.harmonize import recode_log

        return recode_log(self._itself())

    def declared(self, **changes: Any) -> Dataset:
        """Return it with more declared: design, unit, measurement, title, licence.

        Parameters
        ----------
        **changes
            Keys of the dataset's declaration, as its YAML says them:
            ``design={"kind": "nonprobability", "how": "snowball"}``, ``unit="organization"``.

        Raises
        ------
        VolResearchError
            ``declare.invalid`` with every fault.
        """
        from volresearch.datasets.declaring import declared

        return declared(self._itself(), changes)

    def joined(self, table: str) -> pd.DataFrame:
        """Return the rows of a linked table with the columns of every table above it; see `volresearch.datasets.links`."""
        from volresearch.datasets.links import joined

        return joined(self._itself(), table)

    def provenance_json(self) -> dict[str, Any]:
        """Return the steps as W3C PROV-JSON; see `volresearch.datasets.prov`."""
        from volresearch.datasets.prov import prov_json

        return prov_json(self._itself())

    def to_spss(self, path: str | Path, **options: Any) -> Path:
        """Write an SPSS file (.sav, .zsav) of one language; see `volresearch.datasets.writers`."""
        from volresearch.datasets.writers import write

        return write(self._itself(), path, "spss", **options)

    def to_stata(self, path: str | Path, **options: Any) -> Path:
        """Write a Stata file (.dta) of one language; see `volresearch.datasets.writers`."""
        from volresearch.datasets.writers import write

        return write(self._itself(), path, "stata", **options)

    def to_csv(self, path: str | Path, **options: Any) -> Path:
        """Write CSV with its ``datapackage.json`` (Data Package v2) into a folder; see `volresearch.datasets.writers`."""
        from volresearch.datasets.writers import write

        return write(self._itself(), path, "csv", **options)

    def to_parquet(self, path: str | Path, **options: Any) -> Path:
        """Write Parquet files with their codebook into a folder, as a dataset that opens; see `volresearch.datasets.writers`."""
        from volresearch.datasets.writers import write

        return write(self._itself(), path, "parquet", **options)

    def to_ddi(self, path: str | Path, **options: Any) -> Path:
        """Write a DDI-Codebook 2.5 with its data beside it; see `volresearch.datasets.writers`."""
        from volresearch.datasets.writers import write

        return write(self._itself(), path, "ddi", **options)

    def _itself(self) -> Dataset:
        return self  # type: ignore[return-value]
