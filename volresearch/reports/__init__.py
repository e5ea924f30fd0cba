"""Reports: a folder with ``report.yaml`` and a template notebook becomes one self-contained page per call.

Read in this order: `declaration` (what a report declares), `notebooks` (templates and parameters), `jobs` (what
engines are asked), `zygote` and `inprocess` (the fast engine), `exporter` (the page), `batch` (many pages),
`render` (from ids to jobs).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from volresearch.reports.page import Cover, Section

__all__ = ["Cover", "Section", "render_all", "report"]


def report(
    id: str,
    area: str | None = None,
    lang: str = "en",
    out: str | Path = ".",
    *,
    engine: str = "auto",
    overwrite: bool = False,
    **values: Any,
) -> Path:
    """Make one page of a report and return its path.

    Parameters
    ----------
    id : str
        Id of the report; see ``vr.list_reports()``.
    area : str, optional
        Code or name of the area, for reports on one.
    lang : str
        Language of the page.
    out : path
        Folder for the page; it is made if need be.
    engine : {"auto", "fork", "nbclient"}
        How the notebook is run; ``auto`` takes what this system does best.
    overwrite : bool
        Replace a file that is not ours or was changed since; our own unchanged pages are always replaced.
    **values
        Other parameters of the report.

    Raises
    ------
    VolResearchError
        ``report.unknown``, ``report.parameter``, ``report.no_figures``, ``export.exists``, and
        ``report.failed`` naming the cell and its error.

    Examples
    --------
    >>> import volresearch as vr
    >>> vr.report("core.country_brief", area="KEN", lang="en", out=tmp).name    # doctest: +SKIP
    'country_brief_KEN_en.html'
    """
    from volresearch.catalog import default_catalog
    from volresearch.errors import VolResearchError
    from volresearch.reports.render import open_by_id, plan_one, render

    opened = open_by_id(default_catalog(), id)
    given = dict(values)
    for kind, value in (("area", area), ("language", lang)):
        parameter = opened.declaration.parameter(kind)
        if parameter is not None and value is not None:
            given.setdefault(parameter.name, value)
    folder = Path(out)
    job = plan_one(opened, given, folder)
    (outcome,) = render([job], folder, engine=engine, overwrite=overwrite).outcomes
    if not outcome.ok:
        hint = f"As far as it ran: {outcome.partial}" if outcome.partial else ""
        raise VolResearchError("report.failed", outcome.message(), hint=hint)
    return Path(outcome.target)


def render_all(id: str, out: str | Path, *, lang: str = "en", engine: str = "auto") -> Path:
    """Make the pages of all areas and the index; return the path of the index.

    Raises
    ------
    VolResearchError
        ``report.failed`` with the summary if any page could not be made.
    """
    from volresearch.catalog import default_catalog
    from volresearch.errors import VolResearchError
    from volresearch.reports.batch import summary_lines
    from volresearch.reports.render import open_by_id, plan_areas, render

    opened = open_by_id(default_catalog(), id)
    folder = Path(out)
    jobs = plan_areas(opened, None, [lang], folder)
    made = render(jobs, folder, engine=engine, resume=True, index=opened)
    if not made.ok:
        failed = [outcome for outcome in made.outcomes if not outcome.ok]
        raise VolResearchError("report.failed", "\n".join(summary_lines(failed)))
    assert made.index is not None
    return made.index


def __getattr__(name: str) -> Any:
    if name in {"Cover", "Section"}:
        from volresearch.reports import page

        return getattr(page, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
