"""``volresearch indicators``: what there is, and how one is defined; how commands list records of any kind."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import click

from volresearch.cli.output import as_json, clean, columns, print_json
from volresearch.plugins import Host

if TYPE_CHECKING:
    from volresearch.catalog import Catalog
    from volresearch.indicators import Indicator

__all__ = ["indicators", "print_fields", "print_list"]

_lang = click.option("--lang", default="en", show_default=True, help="Language of titles and labels.")


@click.group()
def indicators() -> None:
    """List indicators, and show how one is defined.

    An indicator is a named measure: definition, formula, unit, breakdown, the standard it follows, and the
    mistake that is easily made with it.
    """


@indicators.command("list")
@_lang
@as_json
def list_indicators(lang: str, as_json: bool) -> None:
    """List all indicators: id, title, unit, level, plugin."""
    print_list("indicators", lang, as_json)


@indicators.command("show")
@click.argument("identity", metavar="ID")
@_lang
@as_json
def show_indicator(identity: str, lang: str, as_json: bool) -> None:
    """Show one indicator: definition, formula, unit, standard and trap.

    \b
    Example:
      volresearch indicators show core.V01
    """
    from volresearch.indicators import open_indicator

    described = describe_indicator(open_indicator(_catalog(), identity), lang)
    if as_json:
        print_json(described)
    else:
        print_fields(described)


def print_list(kind: str, lang: str, as_json: bool) -> None:
    """Print the records of one kind; what cannot be opened says why in its state.

    Parameters
    ----------
    kind : str
        A kind of record, for instance ``"datasets"``.
    lang : str
        Language of the titles.
    as_json : bool
        For programs instead of people.
    """
    catalog = _catalog()
    table = catalog.table(kind, lang)
    rows = [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
    if as_json:
        print_json(rows)
    elif not rows:
        click.echo(f"There are no {kind}.")
    else:
        click.echo(columns(list(rows[0]), [list(row.values()) for row in rows]))
    broken = [state.name for state in catalog.host.plugins if state.status == "broken"]
    if broken:
        said = f"Broken plugins are left out: {', '.join(broken)}. See: volresearch plugins list"
        click.echo(clean(said), err=True)


def describe_indicator(indicator: Indicator, lang: str) -> dict[str, Any]:
    """Return what ``indicators show`` tells, as plain data."""
    from volresearch.text import Text

    fields = {name: getattr(indicator, name) for name in type(indicator).model_fields}
    return {
        name: value.get_in(lang)
        if isinstance(value, Text)
        else list(value)
        if isinstance(value, tuple)
        else value
        for name, value in fields.items()
    }


def _catalog() -> Catalog:
    """Return a catalog of this call's own: ``--no-plugins`` holds for it."""
    from volresearch.catalog import Catalog

    return Catalog(Host.load())


def print_fields(fields: dict[str, Any]) -> None:
    """Print names and values below each other, without what is empty."""
    for name, value in fields.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        if shown not in ("", None, False):
            label, rest = f"{name.replace('_', ' '):<16}", " " * 16
            click.echo(textwrap.fill(clean(shown), 110, initial_indent=label, subsequent_indent=rest))
