"""Disclosure control: turns a `Result` into a `Release`, or says why it may not leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.errors import VolResearchError

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.datasets.compare import Comparison
    from volresearch.results import Result, ResultFacts

__all__ = ["PUBLISHED", "Release", "ReleaseRecord", "release_result"]

#: The unit of datasets whose rows are figures that somebody has published.
PUBLISHED = "published figure"


@dataclass(frozen=True)
class ReleaseRecord:
    """What disclosure control did: the rule, the cells it touched, the reason and the time (UTC).

    ``verdict`` says whether published figures may be set side by side: ``comparable``, ``caution``,
    ``not_comparable``, or empty for a single figure.
    """

    rule: str
    cells: int
    hidden: int
    reason: str
    time: str
    verdict: str = ""


_KEY = object()


class Release:
    """A result that passed disclosure control, with its record. Made by ``result.release()`` only."""

    def __init__(
        self,
        result: Result,
        record: ReleaseRecord,
        comparison: Comparison | None = None,
        *,
        _key: object = None,
    ) -> None:
        if _key is not _KEY:
            raise VolResearchError(
                "release.required",
                "A Release is made by disclosure control, not by hand.",
                hint="Call result.release().",
            )
        self._result = result
        self._record = record
        self._comparison = comparison

    @property
    def record(self) -> ReleaseRecord:
        """What disclosure control did."""
        return self._record

    @property
    def result(self) -> Result:
        """The released result, as protected."""
        return self._result

    @property
    def comparison(self) -> Comparison | None:
        """The verdict on published figures with its reasons; None for a single one."""
        return self._comparison

    @property
    def table(self) -> pd.DataFrame:
        """A copy of the released table."""
        return self._result.table

    @property
    def facts(self) -> ResultFacts:
        """What was asked, of which data, how."""
        return self._result.facts

    def to_csv(self, path: str | Path, *, lang: str = "en", overwrite: bool = False) -> Path:
        """Write the released table with its sources as UTF-8 CSV and return the path."""
        from volresearch.release.export import write_csv

        return write_csv(self, Path(path), lang=lang, overwrite=overwrite)

    def to_excel(self, path: str | Path, *, lang: str = "en", overwrite: bool = False) -> Path:
        """Write the released table, its sources and its record as one workbook and return the path."""
        from volresearch.release.export import write_excel

        return write_excel(self, Path(path), lang=lang, overwrite=overwrite)

    def _repr_html_(self) -> str:
        from volresearch.show.tables import table

        return table(self)._repr_html_()

    def __repr__(self) -> str:
        return f"<Release {self._record.rule}> of {self._result!r}"


def release_result(result: Result, **options: Any) -> Release:
    """Pass `result` through the rules of its unit; see `Result.release`."""
    if options:
        raise VolResearchError(
            "release.rules_missing",
            f"Unknown release options: {', '.join(sorted(options))}.",
            hint="Published figures need none.",
        )
    if result.facts.unit != PUBLISHED:
        raise VolResearchError(
            "release.rules_missing",
            f"This result was computed from units of kind '{result.facts.unit}', and no disclosure rule covers them yet.",
            expected="published figures",
            hint="Look at it on screen with vr.table or vr.figure; they mark it as not for release.",
        )
    comparison = _comparison(result)
    record = ReleaseRecord(
        rule="published figures",
        cells=len(result),
        hidden=0,
        reason="every row was published before; sources travel with it",
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        verdict=comparison.verdict if comparison else "",
    )
    return Release(result, record, comparison, _key=_KEY)


def _comparison(result: Result) -> Comparison | None:
    from volresearch.datasets.compare import judge

    figures = result.facts.extra.get("figures", {})
    if len(figures) < 2:
        return None
    return judge(figures.values(), result.facts.extra.get("checks", ()))
