"""One page for the areas that have too few figures for a brief of their own."""

from __future__ import annotations

from collections.abc import Sequence

from volresearch.release import Release
from volresearch.reports.brief import record, today
from volresearch.reports.brief.head import draft_words
from volresearch.reports.brief.material import Item, Material
from volresearch.reports.page import Cover, Section
from volresearch.show import table
from volresearch.show.markup import esc
from volresearch.text import direction, formats

__all__ = ["OtherAreas"]


class OtherAreas:
    """A page of small tables, one for each area.

    Parameters
    ----------
    release : Release
        Published figures of the areas.
    lang : str
        Language of the page.
    report, version : str
        Id and version of the report.
    plugins : sequence of (name, version)
        Plugins that were loaded.
    """

    def __init__(
        self,
        release: Release,
        lang: str = "en",
        *,
        report: str = "core.other_areas",
        version: str = "0.1",
        plugins: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._material = Material(release, lang)
        self._report = report
        self._version = version
        self._plugins = tuple(plugins)

    def cover(self) -> Cover:
        """The cover."""
        material = self._material
        title = material.tr("Other areas: volunteering in figures")
        day = formats.date(today(), material.words)
        edition = material.tr("Edition {version}", version=self._version)
        first, last = material.years()
        return Cover(
            title=title,
            heading=material.tr("Other areas"),
            lang=material.lang,
            dir=direction(material.lang),
            kicker=material.tr("volresearch country brief"),
            subtitle=material.tr(
                "Volunteering in published figures, {years}", years=material.span(first, last)
            ),
            lead=material.tr("These areas have too few published figures for a brief of their own."),
            draft=draft_words(material),
            meta=[day, edition],
            facts=[
                (formats.number(len(self._areas()), material.lang), material.tr("areas")),
                (formats.number(len(material.items), material.lang), material.tr("published figures")),
            ],
            footer=f"{edition}, {day}",
        )

    def figures(self) -> Section:
        """One table for each area."""
        material = self._material
        parts = []
        for name, items in sorted(self._areas().items()):
            caption = material.tr("Published figures on {area}", area=name)
            shown = table(material.part(items), material.lang, caption, numbers=material.numbers, anchor="s")
            parts.append(f"<h2>{esc(name)}</h2>{shown.html}")
        return Section(material.section("".join(parts), "figures"))

    def record(self) -> Section:
        """Release record."""
        title = esc(self._material.tr("Release record"))
        return Section(self._material.section(f"<h2>{title}</h2>{record.record(self._material)}", "record"))

    def sources(self) -> Section:
        """Numbered sources."""
        title = esc(self._material.tr("Sources"))
        return Section(self._material.section(f"<h2>{title}</h2>{record.sources(self._material)}", "sources"))

    def software(self) -> Section:
        """Datasets, plugins and software."""
        title = esc(self._material.tr("Data and software"))
        inner = record.software(self._material, self._plugins)
        return Section(self._material.section(f"<h2>{title}</h2>{inner}", "software"))

    def _areas(self) -> dict[str, list[Item]]:
        out: dict[str, list[Item]] = {}
        for item in self._material.items:
            out.setdefault(item.row.words["area"].text, []).append(item)
        return out
