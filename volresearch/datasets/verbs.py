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
        """Return the quality report.

        Parameters
        ----------
        **options
            ``instrument, interviewer, minutes, disposition, id, eligible_share, lang``, as
            `volresearch.datasets.quality.check` takes them.

        Raises
        ------
        VolResearchError
            ``dataset.variable`` for a column that is not there, ``survey.option`` for an outcome that is none.
        """
        from volresearch.datasets.quality import check

        return check(self._itself(), **options)

    def harmonized(self, crosswalk: Crosswalk | str | Path, **options: Any) -> Dataset:
        """Return it with harmonized variables beside its own.

        Parameters
        ----------
        crosswalk : Crosswalk, id, or path of its CSV
        **options
            ``target, uncovered, suffix``, as `volresearch.harmonize.harmonize` takes them.

        Raises
        ------
        VolResearchError
            ``harmonize.crosswalk`` with every fault, ``harmonize.uncovered`` with the codes and their counts.
        """
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
        """Return the rows of a linked table with the columns of every table above it.

        Parameters
        ----------
        table : str
            A linked table: one that names its ``parent``.

        Raises
        ------
        VolResearchError
            ``dataset.variable`` for an unknown table, or one that is linked to nothing.
        """
        from volresearch.datasets.links import joined

        return joined(self._itself(), table)

    def provenance_json(self) -> dict[str, Any]:
        """Return the steps as W3C PROV-JSON; see `volresearch.datasets.prov`."""
        from volresearch.datasets.prov import prov_json

        return prov_json(self._itself())

    def to_spss(self, path: str | Path, **options: Any) -> Path:
        """Write an SPSS file of one language, a file for each table.

        Parameters
        ----------
        path : path
            ``.sav`` or ``.zsav``.
        **options
            ``lang, purpose, overwrite, shorten, workspace``, as `volresearch.datasets.writers.write` takes them.

        Returns
        -------
        Path
            What was written; outside of ``private/`` its name ends in ``.personal``.

        Raises
        ------
        VolResearchError
            ``write.purpose``, ``write.limit``, ``export.exists``, ``export.format``, ``export.failed``,
            ``tool.missing``.
        """
        from volresearch.datasets.writers import write

        return write(self._itself(), path, "spss", **options)

    def to_stata(self, path: str | Path, **options: Any) -> Path:
        """Write a Stata file of one language, a file for each table.

        Parameters
        ----------
        path : path
            ``.dta``.
        **options
            ``lang, purpose, overwrite, shorten, workspace``, as `volresearch.datasets.writers.write` takes them.

        Returns
        -------
        Path
            What was written; outside of ``private/`` its name ends in ``.personal``.

        Raises
        ------
        VolResearchError
            ``write.purpose``, ``write.limit``, ``export.exists``, ``export.format``, ``export.failed``,
            ``tool.missing``.
        """
        from volresearch.datasets.writers import write

        return write(self._itself(), path, "stata", **options)

    def to_csv(self, path: str | Path, **options: Any) -> Path:
        """Write CSV with its ``datapackage.json`` (Data Package v2).

        Parameters
        ----------
        path : path
            The folder.
        **options
            ``lang, purpose, overwrite, shorten, workspace``, as `volresearch.datasets.writers.write` takes them.

        Returns
        -------
        Path
            What was written; outside of ``private/`` its name ends in ``.personal``.

        Raises
        ------
        VolResearchError
            ``write.purpose``, ``write.limit``, ``export.exists``, ``export.format``, ``export.failed``,
            ``tool.missing``.
        """
        from volresearch.datasets.writers import write

        return write(self._itself(), path, "csv", **options)

    def to_parquet(self, path: str | Path, **options: Any) -> Path:
        """Write Parquet files with their codebook, as a dataset that `volresearch.dataset` opens.

        Parameters
        ----------
        path : path
            The folder.
        **options
            ``lang, purpose, overwrite, shorten, workspace``, as `volresearch.datasets.writers.write` takes them.

        Returns
        -------
        Path
            What was written; outside of ``private/`` its name ends in ``.personal``.

        Raises
        ------
        VolResearchError
            ``write.purpose``, ``write.limit``, ``export.exists``, ``export.format``, ``export.failed``,
            ``tool.missing``.
        """
        from volresearch.datasets.writers import write

        return write(self._itself(), path, "parquet", **options)

    def to_ddi(self, path: str | Path, **options: Any) -> Path:
        """Write a DDI-Codebook 2.5 with its data beside it.

        Parameters
        ----------
        path : path
            ``.xml``.
        **options
            ``lang, purpose, overwrite, shorten, workspace``, as `volresearch.datasets.writers.write` takes them.

        Returns
        -------
        Path
            What was written; outside of ``private/`` its name ends in ``.personal``.

        Raises
        ------
        VolResearchError
            ``write.purpose``, ``write.limit``, ``export.exists``, ``export.format``, ``export.failed``,
            ``tool.missing``.
        """
        from volresearch.datasets.writers import write

        return write(self._itself(), path, "ddi", **options)

    def _itself(self) -> Dataset:
        return self  # type: ignore[return-value]
