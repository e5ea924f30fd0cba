"""``volresearch datasets``: what there is, files of the field brought in, checked, and taken to other programs."""

from __future__ import annotations

import contextlib
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from volresearch.cli.catalog_commands import print_fields, print_list
from volresearch.cli.output import as_json, clean, columns, print_json

if TYPE_CHECKING:
    from volresearch.datasets import Dataset

__all__ = ["datasets"]

_lang = click.option("--lang", default="en", show_default=True, help="Language of titles and labels.")
_workspace = click.option(
    "--workspace",
    type=click.Path(path_type=Path),
    help="The folder with private/; found from the working folder.",
)


@click.group()
def datasets() -> None:
    """List datasets, bring in files of the field, check them, take them to other programs.

    A dataset is a table with its codebook, its sampling design and how it was measured. Its id begins with
    the plugin or study that brings it: core.facts, kenya.tracer. Wherever ID stands, the path of a dataset's
    YAML or folder will do.
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
def show(identity: str, lang: str, as_json: bool) -> None:
    """Show one dataset: what it is, its files with their SHA-256, its variables.

    The files are compared with their declared SHA-256 on the way; a changed file is named.

    \b
    Examples:
      volresearch datasets show core.facts
      volresearch datasets show datasets/tracer
    """
    dataset, plugin = _opened(identity)
    described = describe_dataset(dataset, plugin, lang)
    if as_json:
        print_json(described)
        return
    tables, variables = described.pop("tables"), described.pop("variables")
    print_fields(described)
    rows = [[name, one["rows"], one["sha256"][:12], one["path"]] for name, one in tables.items()]
    click.echo(f"\n{columns(['table', 'rows', 'sha256', 'file'], rows)}")
    rows = [[row["variable"], row["type"], row["n"], row["missing"], row["label"]] for row in variables]
    click.echo(f"\n{columns(['variable', 'type', 'n', 'missing', 'label'], rows)}")


@datasets.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--instrument", "forms", multiple=True, metavar="FORM",
              help="The form: a file (XLSForm, REDCap, LimeSurvey, DDI, Kobo) or an id; versions oldest first.")  # fmt: skip
@click.option("--id", "identity", required=True, metavar="STUDY.NAME", help="Id of the dataset.")
@click.option("--out", type=click.Path(path_type=Path), help="The folder; datasets/NAME if left out.")
@click.option("--sheet", help="Sheet of a workbook that is the main table.")
@click.option("--encoding", help="Of a text file, where what its bytes tell is not right.")
@click.option("--labels", metavar="auto|codes|labels", help="What cells of choices hold; auto if left out.")
@click.option("--engine", metavar="pandas|duckdb", help="duckdb leaves the rows of CSV and Parquet on disk.")
@click.option("--missing", multiple=True, metavar="TEXT[=REASON]",
              help="A text that is no answer, such as NA=not_asked; no_answer without a reason.")  # fmt: skip
@click.option("--personal", metavar="set_aside|keep", help="What happens to what identifies persons.")
@click.option("--study", help="Whose salt makes the keys; the first part of the id if left out.")
@_workspace
@click.option("--title", help="Title of the dataset.")
@click.option(
    "--unit", metavar="person|organization|partnership", help="What one row is about; a person if left out."
)
@click.option("--design", metavar="nonprobability|census|probability", help="Kind of the sampling design.")
@click.option("--licence", help="Licence of the data.")
@click.option("--version", help="Version of the dataset; 1 if left out.")
@click.option("--overwrite", is_flag=True, help="Replace a dataset of this name.")
@_lang
@as_json
def bring(
    file: Path, forms: tuple[str, ...], identity: str, out: Path | None, missing: tuple[str, ...], lang: str,
    as_json: bool, **options: Any,
) -> None:  # fmt: skip
    """Bring in a file that the field exports: CSV, Excel, SPSS, Stata, SAS, Parquet, DDI, Kobo or ODK JSON.

    What identifies persons is set aside into private/, with a copy of the raw file; what was found, read in its
    own way or set aside is listed.

    \b
    Examples:
      volresearch datasets import export.xlsx --instrument form.xlsx --id kenya.tracer
      volresearch datasets import youth.sav --id cambodia.youth --design nonprobability
      volresearch datasets import wave2.csv --id kenya.tracer_2 --study kenya --missing NA --missing 99=refused
    """
    from volresearch.datasets.importing import import_dataset
    from volresearch.datasets.opening import open_dataset

    given = {name: value for name, value in options.items() if value not in (None, False)}
    given |= {"missing": _missing(missing)} if missing else {}
    folder = out or Path("datasets") / identity.partition(".")[2]
    with _progress() as tell:
        written = import_dataset(
            file, [_form(form) for form in forms] or None, id=identity, out=folder, progress=tell, **given
        )
        tell("counting what is missing")
        told = _told(open_dataset(written), written, lang)
    if as_json:
        print_json(told)
    else:
        _print_import(told)


@datasets.command("check")
@click.argument("identity", metavar="ID")
@click.option(
    "--instrument", "form", metavar="FORM", help="The form: its constraints and routing are checked too."
)
@_lang
@as_json
@click.pass_context
def check(ctx: click.Context, identity: str, form: str | None, lang: str, as_json: bool) -> None:
    """Check the quality of one dataset: duplicates, codes, ranges, missing, speeding, interviewers, weights.

    The exit code is 1 if there are errors.

    \b
    Examples:
      volresearch datasets check datasets/tracer
      volresearch datasets check kenya.tracer --lang es
    """
    dataset, _ = _opened(identity)
    with _progress() as tell:
        tell("checking")
        found = dataset.check(instrument=_read_form(form)) if form else dataset.check()
    rows = [
        {
            "level": one.level,
            "topic": one.topic,
            "table": one.table,
            "variable": one.variable,
            "n": one.n,
            "message": one.said(lang),
        }
        for one in found.findings
    ]
    errors = sum(row["level"] == "error" for row in rows)
    if as_json:
        print_json(rows)
    else:
        if rows:
            click.echo(columns(list(rows[0]), [list(row.values()) for row in rows]))
        warnings = sum(row["level"] == "warning" for row in rows)
        click.echo(f"{errors} errors, {warnings} warnings, {len(rows) - errors - warnings} notes")
    ctx.exit(int(errors > 0))


@datasets.command("export")
@click.argument("identity", metavar="ID")
@click.option("--to", "format", required=True, metavar="spss|stata|csv|parquet|ddi", help="What to write.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The file; of csv and parquet the folder."
)
@click.option(
    "--lang", default="en", show_default=True, help="Language of labels in formats of one language."
)
@click.option("--purpose", default="", help="What for, where it does not lie in private/.")
@click.option("--shorten", is_flag=True, help="Cut labels longer than the format allows; they are listed.")
@click.option("--overwrite", is_flag=True, help="Replace what was written before.")
@_workspace
def export(identity: str, format: str, out: Path, **options: Any) -> None:
    """Write a dataset as a research file, with labels and reasons of missing values; personal data, not for release.

    \b
    Examples:
      volresearch datasets export kenya.tracer --to spss --out private/tracer.sav --lang es
      volresearch datasets export datasets/tracer --to csv --out tracer --purpose "analysis by the study team"
    """
    from volresearch.datasets.writers import written

    dataset, _ = _opened(identity)
    with _progress() as tell:
        tell("writing")
        done = written(dataset, out, format, **options)
    for loss in done.losses:
        click.echo(f"not said in this format: {clean(loss)}")
    click.echo(f"Written: {done.path}")


def describe_dataset(dataset: Dataset, plugin: str, lang: str) -> dict[str, Any]:
    """Return what ``datasets show`` tells, as plain data."""
    declared = dataset.declaration
    design = declared.design.kind if declared.design else "none declared"
    tables = dataset.tables
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
        "notes": list(dataset.notes),
        "set_aside": [f"{one.variable} ({one.kind})" for one in dataset.set_aside],
        "tables": {
            name: {"rows": len(tables[name]), "sha256": table.sha256, "path": table.path}
            for name, table in declared.tables.items()
        },
        "variables": [
            {str(key): _plain(value) for key, value in row.items()}
            for row in dataset.describe(lang).to_dict("records")
        ],
    }


def _opened(identity: str) -> tuple[Dataset, str]:
    """Open a dataset by path or id, with a catalog of this call's own: ``--no-plugins`` holds for it."""
    from volresearch.catalog import Catalog
    from volresearch.datasets.opening import imported_in, open_dataset
    from volresearch.plugins import Host

    path = Path(identity)
    if path.is_dir() or path.suffix == ".yaml":
        return open_dataset(path), ""
    catalog = Catalog(Host.load())
    if not any(record.id == identity for record in catalog.records("datasets")):
        imported = imported_in(Path("datasets"), identity)
        if imported is not None:
            return open_dataset(imported), ""
    dataset = catalog.dataset(identity)
    return dataset, str(catalog.plugin_of(catalog.record("datasets", identity)))


def _form(given: str) -> Any:
    """Return a path of a form, or the instrument of this id."""
    from volresearch.catalog import Catalog
    from volresearch.instruments import read_instrument
    from volresearch.plugins import Host

    catalog = Catalog(Host.load())
    if Path(given).exists() or not any(record.id == given for record in catalog.records("instruments")):
        return Path(given)
    return catalog.open(catalog.record("instruments", given), read_instrument)


def _read_form(given: str) -> Any:
    from volresearch.instruments.forms import read_form

    form = _form(given)
    return read_form(form) if isinstance(form, Path) else form


def _missing(given: Sequence[str]) -> dict[str, str]:
    """Return text -> reason of ``TEXT[=REASON]``."""
    pairs = [one.rpartition("=") for one in given]
    return {text if mark else reason: reason if mark else "no_answer" for text, mark, reason in pairs}


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Show what is being done, and for how long, where somebody sits at a terminal."""
    if not sys.stderr.isatty():
        yield lambda words: None
        return
    from tqdm import tqdm

    with tqdm(bar_format="{desc} {elapsed}", leave=False, file=sys.stderr) as bar:

        def tell(words: str) -> None:
            bar.set_description_str(clean(words))
            bar.refresh()

        yield tell


def _told(dataset: Dataset, written: Path, lang: str) -> dict[str, Any]:
    """Return what ``datasets import`` tells, as plain data."""
    declared = dataset.declaration.tables
    return {
        "id": dataset.id,
        "written": written.as_posix(),
        "steps": list(dataset.provenance[:-1]),
        "tables": {
            name: {
                "rows": declared[name].rows,
                "columns": len(frame.columns),
                "variables": len(dataset.variables_of(name)),
                "below": declared[name].parent,
            }
            for name, frame in dataset.tables.items()
        },
        "missing": _missing_kinds(dataset),
        "set_aside": [vars(one) for one in dataset.set_aside],
        "notes": list(dataset.notes),
        "languages": list(dataset.declaration.languages),
        "title": dataset.title.get_in(lang),
    }


def _missing_kinds(dataset: Dataset) -> dict[str, int]:
    """Return how many values are missing for each reason, over all variables."""
    out: dict[str, int] = {}
    for table in dataset.tables:
        for variable in dataset.variables_of(table):
            counts = dataset.missing(variable.name, table).value_counts()
            for reason, number in counts.items():
                out[str(reason)] = out.get(str(reason), 0) + int(number)
    return dict(sorted(out.items(), key=lambda one: -one[1]))


def _print_import(told: dict[str, Any]) -> None:
    for step in told["steps"]:
        _print_wrapped("", step)
    rows = [[name, *one.values()] for name, one in told["tables"].items()]
    click.echo(f"\n{columns(['table', 'rows', 'columns', 'variables', 'below'], rows)}")
    if told["set_aside"]:
        head = ["set aside", "kind", "found by", "filled", "table"]
        rows = [
            [one["variable"], one["kind"], one["found_by"], one["n"], one["table"]]
            for one in told["set_aside"]
        ]
        click.echo(f"\n{columns(head, rows)}")
    if told["missing"]:
        click.echo(f"\n{columns(['why missing', 'values'], list(told['missing'].items()))}")
    click.echo("")
    for note in told["notes"]:
        _print_wrapped("note: ", note)
    click.echo(f"Written: {told['written']}")
    folder = Path(told["written"]).parent.as_posix()
    click.echo(f"Next: volresearch datasets check {folder}")
    click.echo(f'      vr.dataset("{folder}") in a notebook')


def _print_wrapped(label: str, words: str) -> None:
    click.echo(textwrap.fill(clean(words), 110, initial_indent=label, subsequent_indent="  "))


def _plain(value: Any) -> Any:
    """Return a number of numpy as a number, and NaN as None: JSON has neither."""
    value = value.item() if hasattr(value, "item") else value
    return None if value != value else value
