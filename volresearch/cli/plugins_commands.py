"""``volresearch plugins``: list, check and begin plugins."""

from __future__ import annotations

from pathlib import Path

import click

from volresearch.cli.listing import list_plugins as print_plugins
from volresearch.cli.output import as_json, clean, print_json
from volresearch.plugins import KINDS

__all__ = ["plugins"]


@click.group()
def plugins() -> None:
    """List plugins, check one, or begin a new one.

    A plugin adds a country or a programme: datasets, instruments, crosswalks, indicators, notebooks,
    reports. One that cannot be loaded is listed as broken, with its cause; all the others go on working.
    """


@plugins.command("list")
@click.option("--hook", metavar="KIND", help=f"Only what they bring of one kind: {', '.join(KINDS)}.")
@as_json
@click.option("--strict", is_flag=True, help="End with exit code 1 if any plugin is broken.")
@click.option("--verbose", "-v", is_flag=True, help="Show ids, and the traceback of what is broken.")
def list_plugins(hook: str | None, as_json: bool, strict: bool, verbose: bool) -> None:
    """List plugins with their state: ok, broken (with the cause) or off (not selected).

    Nothing that a plugin brings is opened, so this works, and is quick, whatever is installed.

    \b
    Examples:
      volresearch plugins list
      volresearch plugins list --hook reports
      volresearch --no-plugins plugins list
    """
    code = print_plugins(hook=hook, as_json=as_json, strict=strict, verbose=verbose)
    if code:
        raise click.exceptions.Exit(code)


@plugins.command("check")
@click.argument("plugin", metavar="NAME|FOLDER")
@click.option("--strict", is_flag=True, help="Warnings count as errors: a missing translation, for instance.")
@click.option("--no-import", is_flag=True, help="Only read files; run none of the plugin's code.")
@as_json
def check(plugin: str, strict: bool, no_import: bool, as_json: bool) -> None:
    """Check an installed plugin by its name, or one in a folder that holds its pyproject.toml.

    \b
    V1  package data: licence, README, citation, changelog, maintainer, dependencies
    V2  manners: importing it loads nothing heavy, writes nothing, opens no socket, prints nothing
    V3  declarations: strict YAML, ids, references
    V4  data: sha256, rows, codebook, synthetic data marked, nothing private
    V5  text: every promised language (warnings), placeholders agree (errors)
    V6  instruments: routing reaches every item and ends, scores, forms that go out

    The code of the plugin runs in an interpreter of its own, which notes and refuses bad manners. That is
    no prison: of a plugin that you do not trust, read the files first, with --no-import.

    \b
    Examples:
      volresearch plugins check peru_soyvoluntario
      volresearch plugins check ./kenya --strict
    """
    from volresearch.checks import check_plugin

    verdict = check_plugin(plugin, run=not no_import)
    if as_json:
        print_json(verdict.as_data(strict))
    else:
        click.echo("\n".join(clean(line) for line in verdict.lines(strict)))
    if not verdict.passed(strict):
        raise click.exceptions.Exit(1)


@plugins.command("new")
@click.argument("name")
@click.option(
    "--lang", default="en", show_default=True, help="Languages that it promises, with commas between."
)
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where its folder is made; the folder you are in, unless you say.",
)
@click.option("--title", default="", help="Title in English.")
@click.option("--maintainer", default="", help='Whom to write to: "A. N. Author <author@example.org>".')
def new(name: str, lang: str, folder: Path, title: str, maintainer: str) -> None:
    """Write a new plugin, complete with an example dataset, licence, citation and tests.

    It passes `volresearch plugins check` at once. The example figures are invented, say so everywhere, and
    wait to be replaced. What is missing in your languages is listed as warnings.

    \b
    Example:
      volresearch plugins new kenya --lang en,sw --title "Volunteering in Kenya"
    """
    from volresearch.cli.scaffold import write_plugin

    target = write_plugin(name, lang.split(","), folder=folder, title=title, maintainer=maintainer)
    for path in sorted(item for item in target.rglob("*") if item.is_file()):
        click.echo(f"  {path.relative_to(folder).as_posix()}")
    shown = target.as_posix()
    click.echo(
        f"\nNext:\n  volresearch plugins check {shown}\n  python -m pip install -e {shown}\n  volresearch plugins list"
    )
