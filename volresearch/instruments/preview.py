"""A questionnaire as one HTML page part: to read in a notebook, in any of its languages."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from volresearch.instruments.items import Block, Item
from volresearch.instruments.model import Instrument
from volresearch.text import direction, language_name, mark, tr

__all__ = ["STATUS_WORDS", "TYPE_WORDS", "preview"]

#: Type of an item -> what a reader is told.
TYPE_WORDS: dict[str, str] = {
    "one": mark("one answer"), "several": mark("several answers"), "ranking": mark("put in order"),
    "integer": mark("whole number"), "decimal": mark("number"), "range": mark("number on a scale"),
    "text": mark("words"), "date": mark("date"), "time": mark("time of day"), "datetime": mark("date and time"),
    "consent": mark("consent"), "roster": mark("marks on a list"), "geopoint": mark("place on the map"),
    "geotrace": mark("line on the map"), "geoshape": mark("area on the map"), "image": mark("picture"),
    "audio": mark("sound recording"), "video": mark("film"), "file": mark("file"), "barcode": mark("barcode"),
    "note": mark("note"), "calculate": mark("calculated"), "hidden": mark("hidden"),
    "metadata": mark("recorded by the device"), "external": mark("other data"), "other": mark("other"),
}  # fmt: skip

#: Status of a translation -> what a reader is told.
STATUS_WORDS: dict[str, str] = {
    "original": mark("original"),
    "draft": mark("draft, not reviewed by a native speaker"),
    "reviewed": mark("reviewed"),
}


def preview(instrument: Instrument, lang: str = "en", side: str | None = None) -> str:
    """Return the questionnaire as HTML; see `Instrument.html`."""
    form = instrument.for_side(side) if side else instrument
    tag = form.title.language_for(lang) if lang not in form.tags else lang
    draft = f" <strong>[{escape(tr('Draft', tag))}]</strong>" if tag in form.drafts else ""
    way = direction(tag) if tag != "und" else "ltr"
    head = f"<h3>{escape(form.title.get_in(tag))}{draft}</h3><p>{escape(_facts(form, tag))}</p>"
    texts = (
        ("", form.description.get_in(tag)),
        (tr("Purpose", tag), form.purpose.get_in(tag)),
        (tr("Standard", tag), form.standard),
        (tr("What not to claim", tag), form.what_not_to_claim.get_in(tag)),
    )
    paragraphs = "".join(
        f"<p>{f'<strong>{escape(word)}.</strong> ' if word else ''}{escape(said)}</p>"
        for word, said in texts
        if said
    )
    return (
        f'<div class="volresearch-instrument" lang="{escape(tag)}" dir="{way}" style="text-align:start">'
        f"{head}{paragraphs}<ol>{''.join(_entries(form, form.items, tag))}</ol></div>"
    )


def _facts(form: Instrument, tag: str) -> str:
    languages = ", ".join(
        f"{language_name(each)} ({tr(STATUS_WORDS[form.languages[each].status], tag)})"
        if each in form.languages
        else language_name(each)
        for each in form.tags
    )
    parts = (form.id, tr("version {version}", tag, version=form.version), languages)
    return " · ".join(part for part in parts if part)


def _entries(form: Instrument, entries: tuple[Item | Block, ...], tag: str) -> Iterator[str]:
    above = ""
    for entry in entries:
        if isinstance(entry, Block):
            yield _block(form, entry, tag)
            above = ""
        elif entry.asks or entry.type in {"note", "calculate"}:
            yield _item(form, entry, tag, above)
            above = entry.scale if entry.asks else above


def _block(form: Instrument, block: Block, tag: str) -> str:
    title = block.text.get_in(tag) or block.name
    repeated = ""
    if block.kind == "repeat":
        most = (
            tr("repeated, at most {n} times", tag, n=block.at_most) if block.at_most else tr("repeated", tag)
        )
        repeated = f" <small>{escape(most)}</small>"
    inner = "".join(_entries(form, block.items, tag))
    return f"<li><strong>{escape(title)}</strong>{repeated}{_routing(block, tag)}<ol>{inner}</ol></li>"


def _item(form: Instrument, item: Item, tag: str, above: str) -> str:
    """Return one item; answers that stand at the item above are not written again."""
    text = item.text.get_in(tag) or item.name
    kind = tr(TYPE_WORDS[item.type], tag)
    required = f", {tr('required', tag)}" if item.required else ""
    hint = f"<br><em>{escape(item.hint.get_in(tag))}</em>" if item.hint else ""
    formula = f"<br><small><code>{escape(item.calculation.text)}</code></small>" if item.calculation else ""
    wording = "".join(
        f"<br><small>{escape(_side(form, side, tag))}: {escape(said.get_in(tag))}</small>"
        for side, said in item.wording.items()
    )
    listed = f"<br><small>{_answers(form, item, tag, above)}</small>" if form.choices_of(item) else ""
    return (
        f"<li>{escape(text)} <small>(<code>{escape(item.name)}</code>, {escape(kind + required)})</small>"
        f"{wording}{hint}{formula}{_routing(item, tag)}{listed}</li>"
    )


def _answers(form: Instrument, item: Item, tag: str, above: str) -> str:
    if item.scale and item.scale == above:
        return escape(tr("Answers as above", tag))
    return " · ".join(
        f"<code>{escape(choice.code)}</code> {escape(choice.label.get_in(tag))}"
        for choice in form.choices_of(item)
    )


def _side(form: Instrument, side: str, tag: str) -> str:
    return next((one.label.get_in(tag) for one in form.sides if one.name == side and one.label), side)


def _routing(entry: Item | Block, tag: str) -> str:
    if entry.ask_if is None:
        return ""
    condition = f'<code dir="ltr">{escape(entry.ask_if.text)}</code>'
    return f"<br><small>{escape(tr('Asked if', tag))} {condition}</small>"
