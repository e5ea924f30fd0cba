"""``volresearch reports``: list reports, show what one needs, render pages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from volresearch.cli.output import as_json, columns, print_json
from volresearch.errors import VolResearchError

__all__ = ["reports"]


@click.group()
def reports() -> None:
    """List reports, show what one needs, render pages for many areas.

    A report is a template notebook with parameters; a page is one self-contained HTML file that works
    offline and prints on A4.
    """


@reports.command("list")
@as_json
def list_reports(as_json: bool) -> None:
    """List the reports of the core and of all working plugins."""
    from volresearch.catalog import default_catalog

    table = default_catalog().table("reports")
    rows = [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
    if as_json:
        print_json(rows)
    elif not rows:
        click.echo("There are no reports.")
    else:
        names = list(rows[0])
        click.echo(columns(names, [[row[name] for name in names] for row in rows]))


@reports.command("show")
@click.argument("report")
@as_json
def show(report: str, as_json: bool) -> None:
    """Show what a report is about: parameters, languages, limits, areas it can be made for."""
    from volresearch.catalog import default_catalog
    from volresearch.reports.render import open_by_id

    opened = open_by_id(default_catalog(), report)
    declaration = opened.declaration
    counts = opened.catalog.facts().areas_with_figures() if declaration.parameter("area") else {}
    if as_json:
        print_json({**declaration.model_dump(mode="json"), "areas": counts, "folder": str(opened.folder)})
        return
    click.echo(f"{declaration.id} {declaration.version}: {declaration.title}")
    click.echo(f"{declaration.description}\n")
    rows = [
        [p.name, p.type, "needed" if p.default is None else p.default, p.label]
        for p in declaration.parameters
    ]
    click.echo(columns(["parameter", "type", "default", "label"], rows))
    click.echo(f"\nlanguages: {', '.join(declaration.languages)}")
    click.echo(
        f"limits:    {declaration.limits.seconds:g} seconds, {declaration.limits.memory_mb} MB for each page"
    )
    click.echo(f"folder:    {opened.folder}")
    if counts:
        listed = ", ".join(f"{code} ({count})" for code, count in sorted(counts.items()))
        click.echo(f"\nareas with figures: {listed}")


@reports.command("render")
@click.argument("report")
@click.option(
    "--for",
    "areas",
    metavar="AREAS",
    help="Areas by code or name, with commas between (PER,CHN), or all. All: one page for each area with enough figures, one page for the others, and an index.",
)
@click.option("--lang", "languages", default="", metavar="TAGS", help="Languages, with commas between.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("reports"), show_default=True, help="Folder for the pages.")  # fmt: skip
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Another parameter; may be repeated.")  # fmt: skip
@click.option("--engine", type=click.Choice(["auto", "fork", "nbclient"]), default="auto", show_default=True, help="How notebooks run: fork is fast (Linux), nbclient starts a kernel for each page (everywhere).")  # fmt: skip
@click.option("--workers", type=click.IntRange(1), default=None, help="Pages made at the same time.")
@click.option("--resume", is_flag=True, help="Leave pages alone that were made from the same template, parameters, data and versions.")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace files that were not made here, or were changed since.")  # fmt: skip
@click.option("--seconds", type=click.FloatRange(min=0.1), default=None, help="Time limit for each page, in place of the report's own.")  # fmt: skip
@click.option("--memory", type=click.IntRange(64), default=None, metavar="MB", help="Memory limit for each page (Linux).")  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of random numbers; each page gets its own from it.")  # fmt: skip
@click.option("--pdf", is_flag=True, help="Also print each page as PDF, with Chromium, Chrome or Edge.")
def render_pages(report: str, areas: str | None, languages: str, out: Path, settings: tuple[str, ...], **more: Any) -> None:  # fmt: skip
    """Render pages of a report into a folder.

    A page that fails is told with its cell and error, and no other page suffers; a page appears whole or not
    at all. Ctrl-C stops the batch; with --resume it goes on where it was. The exit code is 1 if any page
    failed, 130 after Ctrl-C.

    \b
    Examples:
      volresearch reports render core.country_brief --for all --out briefs
      volresearch reports render core.country_brief --for PER,CHN --lang es --pdf
    """
    from volresearch.reports.hygiene import lighten_imports

    lighten_imports()
    from volresearch.catalog import default_catalog
    from volresearch.reports.jobs import Limits
    from volresearch.reports.render import check_languages, open_by_id, plan_areas

    opened = open_by_id(default_catalog(), report)
    wanted = _areas(opened, areas)
    tags = check_languages(opened, _listed(languages))
    given = opened.declaration.limits
    limits = Limits(float(more["seconds"] or given.seconds), more["memory"] or given.memory_mb)
    jobs = plan_areas(opened, wanted, tags, out, values=_settings(settings), limits=limits, seed=more["seed"])
    _run(opened, jobs, out, more, index=wanted is None or len(jobs) > 1)


def _areas(opened: Any, said: str | None) -> list[str] | None:
    """Return the areas asked for; None for all."""
    if opened.declaration.parameter("area") is None:
        if said:
            message = f'The report "{opened.declaration.id}" is not about one area; leave --for out.'
            raise VolResearchError("report.parameter", message)
        return []
    if not said:
        message = "Say for which areas: --for PER,CHN, or --for all."
        raise VolResearchError("cli.usage", message)
    return None if said.strip().lower() == "all" else _listed(said)


def _listed(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _settings(pairs: tuple[str, ...]) -> dict[str, str]:
    out = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise VolResearchError("cli.usage", f'"--set {pair}" lacks a value.', expected="--set NAME=VALUE")
        out[name.strip()] = value
    return out


def _run(opened: Any, jobs: list[Any], out: Path, options: dict[str, Any], *, index: bool) -> None:
    from tqdm import tqdm

    from volresearch.reports.batch import summary_lines
    from volresearch.reports.render import render

    if options["pdf"]:
        _browser_there()
    with tqdm(total=len(jobs), unit="page", file=sys.stderr, disable=None) as bar:

        def ended(outcome: Any) -> None:
            bar.update()
            if not outcome.ok:
                tqdm.write(outcome.message(), file=sys.stderr)

        made = render(
            jobs,
            out,
            engine=options["engine"],
            workers=options["workers"],
            resume=options["resume"],
            overwrite=options["overwrite"],
            index=opened if index else None,
            started=lambda job: bar.set_postfix_str(job.name.split(" ", 1)[-1]),
            ended=ended,
        )
    click.echo("\n".join(summary_lines(made.outcomes)))
    if made.index is not None:
        click.echo(f"index: {made.index}")
    if options["pdf"]:
        _print_all(made.outcomes)
    if any(outcome.status == "stopped" for outcome in made.outcomes):
        raise click.exceptions.Exit(130)
    if not made.ok:
        raise click.exceptions.Exit(1)


def _browser_there() -> None:
    from volresearch.reports.pdf import find_browser

    if find_browser() is None:
        raise VolResearchError(
            "tool.missing",
            "No Chromium, Chrome or Edge was found, so no PDF can be made.",
            hint="Install one, name it in VOLRESEARCH_BROWSER, or leave --pdf out and print the pages.",
        )


def _print_all(outcomes: Any) -> None:
    from volresearch.reports.pdf import print_pdf

    for outcome in outcomes:
        if outcome.ok:
            click.echo(f"pdf: {print_pdf(Path(outcome.target))}")
