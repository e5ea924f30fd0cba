"""The page that links all pages of a batch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from volresearch.errors import VolResearchError
from volresearch.reports.jobs import Job, Outcome
from volresearch.reports.layout import assemble
from volresearch.reports.page import Cover
from volresearch.reports.seal import key_in
from volresearch.show.markup import esc
from volresearch.text import direction, formats, tr

if TYPE_CHECKING:
    from volresearch.reports.render import OpenedReport

__all__ = ["write_index"]


def write_index(
    report: OpenedReport, jobs: Sequence[Job], outcomes: Sequence[Outcome], out: Path, *, overwrite: bool
) -> Path:
    """Write ``index.html`` into `out` and return its path; what failed is named there too.

    Raises
    ------
    VolResearchError
        ``export.exists`` if an ``index.html`` is there that is not ours.
    """
    target = out / "index.html"
    if target.exists() and not overwrite and key_in(target) is None:
        message = "index.html is there already and was not made by this report, or was changed since."
        raise VolResearchError("export.exists", message, hint="Choose another folder, or say overwrite.")
    lang = str(jobs[0].page.get("lang", "en")) if jobs else "en"
    title = report.declaration.title.get_in(lang)
    made = [(job, outcome) for job, outcome in zip(jobs, outcomes, strict=True) if outcome.ok]
    failed = [outcome for outcome in outcomes if not outcome.ok]
    counts = report.catalog.facts().areas_with_figures()
    total = sum(counts.values())
    cover = Cover(
        title=tr("{title}: all pages", lang, title=title),
        heading=title,
        lang=lang,
        dir=direction(lang),
        subtitle=report.declaration.description.get_in(lang),
        facts=[
            (formats.number(len(made), lang), tr("pages", lang)),
            (formats.number(len(counts), lang), tr("areas with figures", lang)),
            (formats.number(total, lang), tr("published figures", lang)),
        ],
        kicker="volresearch",
    )
    blocks = [_links(report, made, lang)]
    if failed:
        items = "".join(f"<li>{esc(outcome.message().splitlines()[0])}</li>" for outcome in failed)
        blocks.append(f"<h2>{esc(tr('Pages that could not be made', lang))}</h2><ul>{items}</ul>")
    page = {"key": "0" * 64, "generator": jobs[0].page["generator"] if jobs else "volresearch"}
    waiting = out / f".index-{os.getpid()}.part"
    waiting.write_text(assemble(cover, blocks, page), encoding="utf-8", newline="\n")
    waiting.replace(target)
    return target


def _links(report: OpenedReport, made: Sequence[tuple[Job, Outcome]], lang: str) -> str:
    area = report.declaration.parameter("area")
    several = len({str(job.page.get("lang")) for job, _ in made}) > 1
    facts = report.catalog.facts()
    counts = facts.areas_with_figures()
    items = []
    for job, _ in made:
        own = str(job.page.get("lang", lang))
        code = job.values.get(area.name) if area is not None else None
        name = facts.areas[code].name.get_in(own) if code else str(job.page.get("title", job.name))
        tag = f" ({own})" if several else ""
        note = tr("{count} figures", lang, count=counts[code]) if code else ""
        link = f'<a href="{esc(Path(job.target).name)}" lang="{esc(own)}">{esc(name)}</a>'
        items.append(
            (name, f'<li><span>{link}{esc(tag)}</span><span class="vr-count">{esc(note)}</span></li>')
        )
    listed = "".join(item for _, item in sorted(items))
    return f'<h2>{esc(tr("Pages", lang))}</h2><ul class="vr-index">{listed}</ul>'
