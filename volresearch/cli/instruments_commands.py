"""``volresearch instruments``: what there is, what one asks, what changed, and forms in and out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from volresearch.cli.catalog_commands import print_list
from volresearch.cli.output import as_json, clean, columns, print_json

if TYPE_CHECKING:
    from volresearch.instruments import Block, Instrument, Item

__all__ = ["instruments"]

_FORMATS = ("xlsform", "ddi", "redcap", "json", "yaml")
_lang = click.option("--lang", default="en", show_default=True, help="Language of titles and questions.")


@click.group()
def instruments() -> None:
    """List survey instruments, check and compare them, bring forms in and take them to the field.

    An instrument is a questionnaire written once, in all its languages. Wherever ID stands, the path of a
    YAML file or of a form of another tool will do.
    """


@instruments.command("list")
@_lang
@as_json
def list_instruments(lang: str, as_json: bool) -> None:
    """List all instruments: id, title, languages, items, version, plugin."""
    print_list("instruments", lang, as_json)


@instruments.command("show")
@click.argument("identity", metavar="ID")
@_lang
@click.option("--side", help="Only what this side is asked.")
@as_json
def show(identity: str, lang: str, side: str | None, as_json: bool) -> None:
    """Show what one instrument asks, in one of its languages.

    \b
    Examples:
      volresearch instruments show core.partner_health --lang fr
      volresearch instruments show form.xlsx
    """
    form = _open(identity)
    form = form.for_side(side) if side else form
    if as_json:
        print_json(form.as_data())
        return
    for name, said in _head(form, lang):
        if said:
            click.echo(f"{name:<18}{clean(said)}")
    click.echo("")
    for line in _questions(form, form.items, lang, 0):
        click.echo(line)


@instruments.command("check")
@click.argument("identity", metavar="ID")
@as_json
@click.pass_context
def check(ctx: click.Context, identity: str, as_json: bool) -> None:
    """Check one instrument: names, scores, routing that reaches every item and ends.

    What is wrong is told with the answers that show it. The exit code is 1 if there are errors.

    \b
    Example:
      volresearch instruments check instruments/tracer.yaml
    """
    found = _findings(identity)
    errors = sum(level == "error" for level, _ in found)
    if as_json:
        print_json([{"level": level, "message": said} for level, said in found])
    else:
        for level, said in found:
            click.echo(f"{level}: {clean(said)}")
        click.echo(f"{errors} errors, {len(found) - errors} warnings")
    ctx.exit(int(errors > 0))


@instruments.command("coverage")
@click.argument("identity", metavar="ID")
@click.option("--missing", is_flag=True, help="Name every text that has no wording.")
@as_json
def coverage(identity: str, missing: bool, as_json: bool) -> None:
    """Say how far each language is: texts worded, of how many, and whether somebody reviewed them."""
    from volresearch.instruments.wording import missing_wordings

    form = _open(identity)
    total = len(list(form.texts()))
    rows: list[dict[str, Any]] = []
    for tag in form.tags:
        lacking = missing_wordings(form, tag)
        status = form.languages.get(tag)
        rows.append(
            {
                "language": tag,
                "worded": total - len(lacking),
                "of": total,
                "status": status.status if status else "",
                "reviewed_by": status.reviewed_by if status else "",
                "missing": list(lacking),
            }
        )
    if as_json:
        print_json(rows)
        return
    head = ["language", "worded", "of", "status", "reviewed_by"]
    click.echo(columns(head, [[row[name] for name in head] for row in rows]))
    if missing:
        for row in rows:
            for place in row["missing"]:
                click.echo(f"{row['language']}  {clean(place)}")


@instruments.command("diff")
@click.argument("before")
@click.argument("after")
@_lang
@as_json
def diff(before: str, after: str, lang: str, as_json: bool) -> None:
    """Say what changed between two instruments, and which changes break comparability.

    \b
    Example:
      volresearch instruments diff tracer_2024.yaml tracer_2026.yaml
    """
    from volresearch.instruments import compare_instruments

    changes = compare_instruments(_open(before), _open(after))
    if as_json:
        print_json(
            [
                {
                    "item": one.item, "kind": one.kind, "language": one.lang, "before": one.before,
                    "after": one.after, "effect": one.effect, "why": one.why(lang),
                }
                for one in changes
            ]
        )  # fmt: skip
        return
    for line in changes.lines(lang):
        click.echo(clean(line))
    click.echo(f"{len(changes)} changes, {len(changes.breaks)} of them break comparability")


@instruments.command("import")
@click.argument("form", type=click.Path(path_type=Path))
@click.option(
    "--from", "format", help="xlsform, ddi, redcap, limesurvey or kobo; else the file name says it."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where to write the YAML; the working folder if left out."
)
@click.option("--id", "identity", help="Id of the instrument: plugin.name.")
def bring(form: Path, format: str | None, out: Path | None, identity: str | None) -> None:
    """Bring in a form of another tool as YAML, and list what is kept word for word.

    \b
    Example:
      volresearch instruments import survey.xlsx --id kenya.tracer --out instruments/tracer.yaml
    """
    from volresearch.instruments.forms import read_form_with_notes
    from volresearch.instruments.selection import changed

    instrument, notes = read_form_with_notes(form, format)
    instrument = changed(instrument, id=identity) if identity else instrument
    written = instrument.save(out or Path(form.with_suffix(".yaml").name))
    click.echo(
        f"{len(instrument.questions)} questions, languages: {', '.join(instrument.tags) or 'none named'}"
    )
    for name, key, text in instrument.verbatim:
        click.echo(f"kept word for word: {clean(name)} {key}: {clean(text)}")
    for note in notes:
        click.echo(f"note: {clean(note)}")
    for fault in instrument.faults():
        click.echo(f"to mend: {clean(fault.where)}  {clean(fault.message)}")
    click.echo(f"Written: {written}")


@instruments.command("export")
@click.argument("identity", metavar="ID")
@click.option("--to", "format", required=True, type=click.Choice(_FORMATS), help="What to write.")
@click.option(
    "--lang", "languages", multiple=True, help="Write this language only; may be given several times."
)
@click.option("--side", help="Only what this side is asked, in its wording.")
@click.option("--wave", help="Only what is asked in this wave.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where to write; the working folder if left out."
)
@click.option(
    "--allow-draft", is_flag=True, help='Write unreviewed translations too; the form then says "draft".'
)
def export(
    identity: str,
    format: str,
    languages: tuple[str, ...],
    side: str | None,
    wave: str | None,
    out: Path | None,
    allow_draft: bool,
) -> None:
    """Write an instrument as a form for the field, a codebook for an archive, or JSON.

    A translation that no native speaker reviewed does not go out unless --allow-draft says so.

    \b
    Examples:
      volresearch instruments export core.vol_work --to xlsform --lang en
      volresearch instruments export core.vol_work --to ddi --allow-draft --out vol_work.xml
    """
    from volresearch.instruments.forms import FORMATS, export_form

    form = _open(identity)
    form = form.for_side(side) if side else form
    form = form.for_wave(wave) if wave else form
    stem = "_".join([form.id.replace(".", "_"), *([side] if side else []), *([wave] if wave else [])])
    path = out or Path(stem + FORMATS[format].suffixes[0])
    losses = export_form(form, format, path, languages=languages, allow_draft=allow_draft)
    for loss in losses:
        click.echo(f"not said in this format: {clean(loss)}")
    drafts = [tag for tag in form.drafts if not languages or tag in languages]
    if drafts:
        click.echo(f"Draft, not for the field: {', '.join(drafts)}.")
    click.echo(f"Written: {path}")


def _open(identity: str) -> Instrument:
    """Open an instrument by id or by path, with a catalog of this call's own: ``--no-plugins`` holds for it."""
    from volresearch.catalog import Catalog
    from volresearch.instruments import read_instrument
    from volresearch.instruments.forms import read_form
    from volresearch.plugins import Host

    if Path(identity).is_file() or Path(identity).suffix.lower() in {
        ".yaml",
        ".xlsx",
        ".xls",
        ".xml",
        ".lss",
        ".csv",
    }:
        return read_form(identity)
    catalog = Catalog(Host.load())
    return catalog.open(catalog.record("instruments", identity), read_instrument)


def _findings(identity: str) -> list[tuple[str, str]]:
    from volresearch.checks.instruments import judge
    from volresearch.declare import load, loads

    if Path(identity).suffix == ".yaml":
        document = load(identity)
        _open(identity)  # tells what does not parse
    else:
        form = _open(identity)
        document = loads(form.to_yaml(), identity)
    return [(one.level, one.told) for one in judge(document)]


def _head(form: Instrument, lang: str) -> list[tuple[str, str]]:
    languages = ", ".join(
        f"{tag} ({form.languages[tag].status})" if tag in form.languages else tag for tag in form.tags
    )
    return [
        ("id", form.id),
        ("title", form.title.get_in(lang)),
        ("version", form.version),
        ("languages", languages),
        ("unit", form.unit),
        ("sides", ", ".join(side.name for side in form.sides)),
        ("standard", form.standard),
        ("purpose", form.purpose.get_in(lang)),
        ("not to claim", form.what_not_to_claim.get_in(lang)),
        ("scores", ", ".join(score.name for score in form.scores)),
    ]


def _questions(form: Instrument, entries: tuple[Item | Block, ...], lang: str, depth: int) -> list[str]:
    from volresearch.instruments import Block

    out: list[str] = []
    for entry in entries:
        space = "  " * depth
        asked = f"  [if {entry.ask_if}]" if entry.ask_if else ""
        if isinstance(entry, Block):
            title = entry.text.get_in(lang) or entry.name
            out.append(
                f"{space}{clean(title)}{' (repeated)' if entry.kind == 'repeat' else ''}{clean(asked)}"
            )
            out += _questions(form, entry.items, lang, depth + 1)
            continue
        out.append(f"{space}{entry.name} ({entry.type})  {clean(entry.text.get_in(lang))}{clean(asked)}")
        out += [f"{space}    {_choice(choice, lang)}" for choice in form.choices_of(entry)[:25]]
    return out


def _choice(choice: Any, lang: str) -> str:
    reason = f"  [{choice.missing}]" if choice.missing else ""
    return f"{choice.code}  {clean(choice.label.get_in(lang))}{reason}"
