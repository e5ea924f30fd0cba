"""From a report id to finished pages: which areas, which languages, which jobs, and the index of what came out."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from volresearch.catalog import Catalog
from volresearch.errors import VolResearchError, near
from volresearch.reports.batch import choose_engine, run_batch
from volresearch.reports.declaration import ReportDeclaration, check_values, open_report
from volresearch.reports.jobs import Job, Limits, Outcome, seed_of
from volresearch.reports.keys import page_key
from volresearch.text import direction

__all__ = ["OpenedReport", "Rendered", "open_by_id", "plan_areas", "plan_one", "render"]

#: Packages whose version can change what a page looks like.
_SOFTWARE = ("altair", "babel", "great_tables", "jinja2", "nbconvert", "numpy", "pandas", "vl-convert-python")


@dataclass(frozen=True)
class OpenedReport:
    """A report with the catalog it came from."""

    declaration: ReportDeclaration
    folder: Path
    plugin: str
    catalog: Catalog

    @property
    def template(self) -> Path:
        """The template notebook."""
        return self.folder / self.declaration.template


@dataclass(frozen=True)
class Rendered:
    """What a batch made. ``index`` is the page that links the others, where there is one."""

    outcomes: tuple[Outcome, ...]
    index: Path | None = None
    pdfs: tuple[Path, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every page stands."""
        return all(outcome.ok for outcome in self.outcomes)


def open_by_id(catalog: Catalog, report: str) -> OpenedReport:
    """Open a report by id.

    Raises
    ------
    VolResearchError
        ``report.unknown`` with the nearest ids; a fault of the declaration with file, line and plugin.
    """
    record = catalog.record("reports", report)
    declaration = catalog.open(record, open_report)
    if declaration.id != report:
        message = f'The folder of "{report}" declares the id "{declaration.id}".'
        raise VolResearchError("declare.invalid", message, hint="Both must be the same.")
    assert record.path is not None
    return OpenedReport(declaration, record.path, catalog.plugin_of(record).name, catalog)


def plan_one(
    report: OpenedReport, values: Mapping[str, Any], out: Path, *, limits: Limits | None = None, seed: int = 0
) -> Job:
    """Return the job of one page, its parameters checked and its figures known to exist.

    Raises
    ------
    VolResearchError
        ``report.parameter``, ``facts.unknown_area``, ``report.no_figures``.
    """
    declaration = report.declaration
    values = _with_codes(report, values)
    checked = check_values(declaration, values, _areas(report))
    _figures_there(report, checked)
    name = " ".join([declaration.id, *(str(value) for value in checked.values())])
    stem = "_".join([declaration.id.partition(".")[2], *(_file_word(value) for value in checked.values())])
    given = declaration.limits
    return Job(
        name=name,
        template=str(report.template.resolve()),
        target=str((out / f"{stem[:120]}.html").resolve()),
        values=checked,
        page=_page(report, checked),
        limits=limits or Limits(float(given.seconds), given.memory_mb),
        seed=seed_of(seed, name),
        modules=(),
    )


def plan_areas(
    report: OpenedReport,
    areas: Sequence[str] | None,
    languages: Sequence[str],
    out: Path,
    *,
    values: Mapping[str, Any] | None = None,
    limits: Limits | None = None,
    seed: int = 0,
) -> list[Job]:
    """Return the jobs for many areas.

    Parameters
    ----------
    areas : sequence of str or None
        Codes or names; None for all: those with enough figures get a page each, the others share one.
    """
    declaration = report.declaration
    area = declaration.parameter("area")
    lang = declaration.parameter("language")
    common = dict(values or {})
    wanted = [{lang.name: tag} for tag in languages] if lang is not None and languages else [{}]
    if area is None:
        return [plan_one(report, {**common, **more}, out, limits=limits, seed=seed) for more in wanted]
    chosen, rest = (list(areas), []) if areas is not None else _all_areas(report)
    jobs = [
        plan_one(report, {**common, **more, area.name: code}, out, limits=limits, seed=seed)
        for more in wanted
        for code in chosen
    ]
    return jobs + _rest_jobs(report, rest, languages, out, limits, seed)


def render(
    jobs: Sequence[Job],
    out: Path,
    *,
    engine: str = "auto",
    workers: int | None = None,
    resume: bool = False,
    overwrite: bool = False,
    index: OpenedReport | None = None,
    started: Callable[[Job], None] = lambda job: None,
    ended: Callable[[Outcome], None] = lambda outcome: None,
) -> Rendered:
    """Run the jobs; with `index` also write ``index.html``, which links every page that stands."""
    outcomes = run_batch(
        jobs,
        out,
        engine=choose_engine(engine),
        workers=workers,
        resume=resume,
        overwrite=overwrite,
        started=started,
        ended=ended,
    )
    if index is None:
        return Rendered(outcomes)
    from volresearch.reports.index import write_index

    return Rendered(outcomes, write_index(index, jobs, outcomes, out, overwrite=overwrite))


def _with_codes(report: OpenedReport, values: Mapping[str, Any]) -> dict[str, Any]:
    """Turn names of areas into codes: people write Kenya as often as KEN."""
    area = report.declaration.parameter("area")
    out = dict(values)
    if area is not None and isinstance(out.get(area.name), str):
        out[area.name] = report.catalog.facts().area(out[area.name]).code
    return out


def _areas(report: OpenedReport) -> dict[str, Any]:
    return {area.code: area.name for area in report.catalog.facts().areas}


def _figures_there(report: OpenedReport, values: Mapping[str, Any]) -> None:
    area = report.declaration.parameter("area")
    if area is None:
        return
    counts = report.catalog.facts().areas_with_figures()
    code = values[area.name]
    if not counts.get(code):
        name = report.catalog.facts().areas[code].name
        raise VolResearchError(
            "report.no_figures",
            f"There are no figures on {name} ({code}), so there is nothing to report.",
            hint=f"{len(counts)} areas have figures; volresearch reports show {report.declaration.id} lists them.",
        )


def _all_areas(report: OpenedReport) -> tuple[list[str], list[str]]:
    counts = report.catalog.facts().areas_with_figures()
    least = report.declaration.for_each.minimum_figures if report.declaration.for_each else 1
    codes = sorted(counts)
    return [c for c in codes if counts[c] >= least], [c for c in codes if counts[c] < least]


def _rest_jobs(
    report: OpenedReport,
    rest: Sequence[str],
    languages: Sequence[str],
    out: Path,
    limits: Limits | None,
    seed: int,
) -> list[Job]:
    each = report.declaration.for_each
    if not rest or each is None or each.rest is None:
        return []
    other = open_by_id(report.catalog, each.rest)
    lang = other.declaration.parameter("language")
    listed = next(p.name for p in other.declaration.parameters if p.type == "text")
    jobs = []
    for tag in languages or ("en",):
        values = {listed: ",".join(rest)} | ({lang.name: tag} if lang is not None else {})
        job = plan_one(other, values, out, limits=limits, seed=seed)
        target = str((out / f"{other.declaration.id.partition('.')[2]}_{_file_word(tag)}.html").resolve())
        jobs.append(replace(job, name=f"{other.declaration.id} {len(rest)} areas {tag}", target=target))
    return jobs


def _page(report: OpenedReport, values: Mapping[str, Any]) -> dict[str, Any]:
    declaration = report.declaration
    lang_parameter = declaration.parameter("language")
    lang = str(values.get(lang_parameter.name)) if lang_parameter else "en"
    return {
        "title": declaration.title.get_in(lang),
        "lang": lang,
        "dir": direction(lang),
        "generator": f"volresearch {_version('volresearch')}",
        "command": command_of(report, values),
        "sections": list(declaration.sections),
        "key": page_key(report.folder, values, _data(report), _software(report)),
    }


def command_of(report: OpenedReport, values: Mapping[str, Any]) -> str:
    """Return the command that makes the page again."""
    words = ["volresearch reports render", report.declaration.id]
    for parameter in report.declaration.parameters:
        option = {"area": "--for", "language": "--lang"}.get(parameter.type, "--set")
        value = str(values[parameter.name])
        words.append(f"{option} {value}" if option != "--set" else f"--set {parameter.name}={value}")
    return " ".join(words)


def _data(report: OpenedReport) -> list[tuple[str, str, str]]:
    """Return id, version and sha256 of what the report reads: datasets by id, or all published figures."""
    out: list[tuple[str, str, str]] = []
    for name in report.declaration.data:
        if name == "facts":
            refs = report.catalog.facts().datasets
            out += [(ref.id, ref.version, ref.sha256) for ref in refs]
        else:
            dataset = report.catalog.dataset(name)
            out.append((dataset.id, dataset.version, dataset.sha256))
    return out


def _software(report: OpenedReport) -> list[str]:
    plugins = [f"{state.name} {state.version} {state.status}" for state in report.catalog.host.plugins]
    return [*plugins, *(f"{name} {_version(name)}" for name in _SOFTWARE)]


def _version(name: str) -> str:
    if name == "volresearch":
        from volresearch import __version__

        return __version__
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "absent"


def _file_word(value: Any) -> str:
    """Make a value fit for a file name on every system."""
    return re.sub(r"[^\w.-]+", "-", str(value)).strip("-.") or "x"


def check_languages(report: OpenedReport, languages: Iterable[str]) -> list[str]:
    """Return `languages` if the report has them, else raise ``report.parameter``."""
    listed = list(dict.fromkeys(languages))
    for tag in listed:
        if tag not in report.declaration.languages:
            message = f'The report "{report.declaration.id}" has no language "{tag}".'
            known = report.declaration.languages
            raise VolResearchError(
                "report.parameter", message, expected=", ".join(known), hint=near(tag, known)
            )
    return listed
