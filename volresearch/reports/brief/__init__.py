"""The country brief: what `core.country_brief` shows, section by section. Sections take a Release only."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime

from volresearch.release import Release
from volresearch.reports.brief import figures, head, record, verdicts
from volresearch.reports.brief.figures import Part
from volresearch.reports.brief.material import Material
from volresearch.reports.page import Cover, Section
from volresearch.show.markup import esc

__all__ = ["CountryBrief", "main_series", "today"]


class CountryBrief:
    """A brief on one area.

    Parameters
    ----------
    release : Release
        Published figures of the area.
    lang : str
        Language of the page.
    others : Release, optional
        Figures of other areas, used only to say whether a comparison may be made.
    report, version : str
        Id and version of the report, for the citation.
    plugins : sequence of (name, version)
        Plugins that were loaded.

    Raises
    ------
    VolResearchError
        ``release.required`` for a bare Result.

    Examples
    --------
    >>> import volresearch as vr
    >>> brief = CountryBrief(vr.facts(area="KEN").release())
    >>> brief.cover().heading
    'Kenya'
    """

    def __init__(
        self,
        release: Release,
        lang: str = "en",
        *,
        others: Release | None = None,
        report: str = "core.country_brief",
        version: str = "0.1",
        plugins: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._material = Material(release, lang, others)
        self._report = report
        self._version = version
        self._plugins = tuple(plugins)
        self._made = today()
        self._parts: list[Part] | None = None

    def cover(self) -> Cover:
        """The cover."""
        return head.cover(self._material, version=self._version, made=self._made)

    def key_figures(self) -> Section:
        """Up to six key figures."""
        return self._section("key_figures", "", head.key_figures(self._material))

    def figures(self) -> Section:
        """Charts with their data, then tables of what no chart shows."""
        material = self._material
        drawn = "".join(figures.draw(part, n, material) for n, part in enumerate(self._chosen(), start=1))
        if not drawn:
            words = material.tr("No two of these figures belong into one chart; they stand in tables.")
            drawn = f'<p class="vr-small">{esc(words)}</p>'
        return self._section("figures", "", drawn)

    def tables(self) -> Section:
        """Tables of the figures that no chart shows."""
        inner = figures.rest_tables(self._material, self._chosen())
        title = self._material.tr("Further figures") if inner else ""
        return self._section("tables", title, inner)

    def comparisons(self) -> Section:
        """What may be compared."""
        inner = verdicts.comparisons(self._material)
        return self._section("comparisons", self._material.tr("What may be compared"), inner)

    def asked(self) -> Section:
        """Who was asked, and how."""
        return self._section(
            "asked", self._material.tr("Who was asked, and how"), record.asked(self._material)
        )

    def made(self) -> Section:
        """How the figures were made, with the sums that were tried."""
        return self._section(
            "made", self._material.tr("How the figures were made"), record.made(self._material)
        )

    def record(self) -> Section:
        """Release record and citation."""
        tr = self._material.tr
        cited = record.citation(
            self._material, report=self._report, version=self._version, made_on=self._made
        )
        inner = (
            f'<div class="vr-two"><div><h2>{esc(tr("Release record"))}</h2>{record.record(self._material)}</div>'
            f"<div><h2>{esc(tr('Cite and repeat'))}</h2>{cited}</div></div>"
        )
        return self._section("record", "", inner)

    def sources(self) -> Section:
        """Numbered sources."""
        return self._section("sources", self._material.tr("Sources"), record.sources(self._material))

    def software(self) -> Section:
        """Datasets, plugins and software."""
        inner = record.software(self._material, self._plugins)
        return self._section("software", self._material.tr("Data and software"), inner)

    def _chosen(self) -> list[Part]:
        if self._parts is None:
            self._parts = figures.parts(self._material)
        return self._parts

    def _section(self, name: str, title: str, inner: str) -> Section:
        heading = f"<h2>{esc(title)}</h2>" if title else ""
        return Section(self._material.section(heading + inner, name) if inner else "")


def main_series(release: Release) -> list[str]:
    """Return the series by which an area is set beside others: its main rate, in a list of one, or none."""
    item = verdicts.main_rate(Material(release))
    return [item.figure.series] if item is not None else []


def today() -> str:
    """Return the day of making; ``SOURCE_DATE_EPOCH`` sets it for pages that must come out the same."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    return now.date().isoformat()
