"""``volresearch datasets`` and ``indicators``: what there is, and what one of them holds."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import click

from volresearch.cli.output import as_json, clean, columns, print_json
from volresearch.plugins import Host

if TYPE_CHECKING:
    from volresearch.catalog import Catalog
    from volresearch.datasets import Dataset
    from volresearch.indicators import Indicator

__all__ = ["datasets", "indicators", "print_list"]

_lang = click.option("--lang", default="en", show_default=True, help="Language of titles and labels.")


@click.group()
def datasets() -> None:
    """List datasets, and show what one of them holds.

    A dataset is a table with its codebook, its sampling design and how it was measured. Its id begins with
    the plugin that brings it: core.facts, peru_soyvoluntario.facts.
    """


@datasets.command("list")
@_lang
@as_json
def list_datasets(lang: str, as_json: bool) -> None:
    """List all datasets: id, title, kind, unit, version, plugin.

    \b
    Examples:
      volresearch datasets list --lang es
      volresearch datasets list --json
    """
    print_list("datasets", lang, as_json)


@datasets.command("show")
@click.argument("identity", metavar="ID")
@_lang
@as_json
def show_dataset(identity: str, lang: str, as_json: bool) -> None:
    """Show one dataset: what it is, its files with their SHA-256, its variables.

    The files are compared with their declared SHA-256 on the way; a changed file is named.

    \b
    Example:
      volresearch datasets show core.facts
    """
    catalog = _catalog()
    dataset = catalog.dataset(identity)
    plugin = str(catalog.plugin_of(catalog.record("datasets", identity)))
    described = describe_dataset(dataset, plugin, lang)
    if as_json:
        print_json(described)
        return
    tables, variables = described.pop("tables"), described.pop("variables")
    _print_fields(described)
    click.echo(
        f"\n{columns(['table', 'rows', 'sha256', 'file'], [_table_row(*item) for item in tables.items()])}"
    )
    rows = [[row["variable"], row["type"], row["n"], row["missing"], row["label"]] for row in variables]
    click.echo(f"\n{columns(['variable', 'type', 'n', 'missing', 'label'], rows)}")


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
        _print_fields(described)


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


def describe_dataset(dataset: Dataset, plugin: str, lang: str) -> dict[str, Any]:
    """Return what ``datasets show`` tells, as plain data."""
    declared = dataset.declaration
    design = declared.design.kind if declared.design else "none declared"
    return {
        "id": dataset.id,
        "title": dataset.title.get_in(lang),
        "description": declared.description.get_in(lang),
        "kind": dataset.kind,
        "unit": dataset.unit,
        "synthetic": dataset.synthetic,
        "version": dataset.version,
        "plugin": plugin,
        "licence": declared.licence,
        "citation": declared.citation,
        "languages": list(declared.languages),
        "design": design if dataset.kind == "survey" else "",
        "tables": {
            name: {"rows": len(dataset.tables[name]), "sha256": table.sha256, "path": table.path}
            for name, table in declared.tables.items()
        },
        "variables": [
            {str(key): _plain(value) for key, value in row.items()}
            for row in dataset.describe(lang).to_dict("records")
        ],
    }


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


def _plain(value: Any) -> Any:
    """Return a number of numpy as a number, and NaN as None: JSON has neither."""
    value = value.item() if hasattr(value, "item") else value
    return None if value != value else value


def _print_fields(fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        if shown not in ("", None, False):
            label, rest = f"{name.replace('_', ' '):<16}", " " * 16
            click.echo(textwrap.fill(clean(shown), 110, initial_indent=label, subsequent_indent=rest))


def _table_row(name: str, table: dict[str, Any]) -> list[Any]:
    return [name, table["rows"], table["sha256"][:12], table["path"]]
