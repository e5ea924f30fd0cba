"""The first page of a brief: cover, lead sentence, key figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from volresearch.reports.brief.material import Item, Material
from volresearch.reports.brief.record import mode_words
from volresearch.reports.page import Cover
from volresearch.show.markup import esc
from volresearch.show.sentences import change_sentence, joinable, sentence
from volresearch.show.shapes import series_mark
from volresearch.text import direction, formats, language_name
from volresearch.text.formats import number

__all__ = ["cover", "draft_words", "key_figures", "pick_key_items"]

_MOST = 6


def cover(material: Material, *, version: str, made: str) -> Cover:
    """Return the cover: area, years, lead sentence, how many figures of how many sources."""
    first, last = material.years()
    title = material.title
    years = material.span(first, last)
    publishers = list(dict.fromkeys(source.publisher for source in material.sources))
    shown = ", ".join(publishers[:2])
    if len(publishers) > 2:
        shown = material.tr("{names} and {count} more", names=shown, count=len(publishers) - 2)
    day = formats.date(made, material.words)
    brief = material.tr("Brief {version}", version=version)
    count = len(material.items)
    facts = [
        (number(count, material.lang), material.tr("published figures")),
        (number(len(publishers), material.lang), material.tr("publishers")),
        (years, material.tr("years")),
    ]
    return Cover(
        title=title,
        heading=material.area,
        lang=material.lang,
        dir=direction(material.lang),
        kicker=material.tr("volresearch country brief"),
        subtitle=material.tr("Volunteering in published figures, {years}", years=years),
        lead=lead(material),
        draft=draft_words(material),
        meta=[day, brief, material.tr("Figures: {publishers}", publishers=shown)],
        facts=facts,
        footer=f"{brief}, {day}",
        description=lead(material),
        end=material.tr(
            "Figures are facts of their sources and are cited as such. Arithmetic marked as a check is ours."
        ),
    )


def draft_words(material: Material) -> str:
    """Return the strip above a page in a language that the interface does not speak."""
    if material.words == material.lang:
        return ""
    return material.tr(
        "Not translated yet into {language} ({tag}): words without a translation are shown in English.",
        language=language_name(material.lang),
        tag=material.lang,
    )


def lead(material: Material) -> str:
    """Return one or two sentences: changes that may be stated, else the first figures as they are."""
    picked = pick_key_items(material)
    said = [_change(picked[0], material) or sentence(material.part(picked[:1]), material.words)]
    later = [words for item in picked[1:4] if (words := _change(item, material))]
    if later:
        said.append(later[0])
    elif len(picked) > 1:
        said.append(sentence(material.part(picked[1:2]), material.words))
    return ("" if material.words.startswith("zh") else " ").join(said)


def _change(item: Item, material: Material) -> str:
    """Say how a series changed, where two of its values share a key and both are exact; else nothing."""
    same = [i for i in material.items if i.figure.series == item.figure.series and i.is_total]
    same = [i for i in same if i.figure.unit == item.figure.unit]
    if item.figure.variant.kind == "project_output" or len(joinable([i.row for i in same])) < 2:
        return ""
    return change_sentence(material.part(same), material.words)


def pick_key_items(material: Material) -> list[Item]:
    """Choose up to six figures: what a reader asks for first, one of each series, the latest of each."""
    series: dict[str, list[Item]] = {}
    for item in material.items:
        series.setdefault(item.figure.series, []).append(item)
    firsts = [_latest(items) for items in series.values()]
    measured = sorted(
        (i for i in firsts if i.rank < 18), key=lambda i: (_is_one_of_many(i, material), i.rank, i.order)
    )
    outputs = [i for i in firsts if i.figure.variant.kind == "project_output" and i.figure.unit not in _PLAIN]
    rest = sorted(
        (i for i in firsts if i not in measured and i not in outputs), key=lambda i: (i.rank, i.order)
    )
    measured, rest = _spread(measured), _spread(rest)
    # Where a programme reports what it did, half of the places are for that.
    share = _MOST - min(len(outputs), _MOST // 2) if _own(outputs, material) else _MOST
    chosen = measured[:share]
    chosen += (outputs if _own(outputs, material) else rest)[: _MOST - len(chosen)]
    chosen += [i for i in [*measured, *outputs, *rest] if i not in chosen][: _MOST - len(chosen)]
    return chosen


def _spread(items: Sequence[Item]) -> list[Item]:
    """Put back all but the largest of many like series: six kinds of one thing tell little."""
    seen: dict[object, list[Item]] = {}
    for item in items:
        variant = item.figure.variant
        plain = variant.indicator in {"", "context"}
        key = (variant.kind, variant.unit, variant.key) if plain else variant.indicator
        seen.setdefault(key, []).append(item)
    late: list[Item] = []
    for same in seen.values():
        if len(same) > 2:
            # The first of an indicator is its main series; of other like series the largest stands for all.
            first = same[:1] if same[0].figure.variant.indicator not in {"", "context"} else []
            best = max(same[len(first) :], key=lambda item: item.row.value or 0)
            late += [item for item in same if item is not best and item not in first]
    return [item for item in items if item not in late] + late


def _is_one_of_many(item: Item, material: Material) -> bool:
    """Whether it is the value of one group among several: a part, which does not stand for the whole."""
    same = [i for i in material.items if i.figure.series == item.figure.series]
    groups = {i.figure.subgroup for i in same if i.row.codes["period"] == item.row.codes["period"]}
    return not item.is_total and len(groups) > 1


#: Units of project outputs that say when or how long, not how much.
_PLAIN = frozenset({"calendar_year", "years_of_age", "months"})


def _own(outputs: Sequence[Item], material: Material) -> bool:
    """Whether the outputs are those of a programme (a plugin's), not the sample sizes of a survey."""
    return any(not item.figure.series.startswith("core.") for item in outputs)


def _latest(items: Iterable[Item]) -> Item:
    listed_items = list(items)
    whole = [item for item in listed_items if item.is_total] or listed_items
    return max(whole, key=lambda item: (item.row.codes["period"], -item.order))


def key_figures(material: Material) -> str:
    """Return the key figures as HTML: number, what it is, where it stands, how it was before."""
    cards = "".join(_card(item, material) for item in pick_key_items(material))
    return f'<h2 class="vr-sr">{esc(material.tr("Key figures"))}</h2><ul class="vr-keys">{cards}</ul>'


def _card(item: Item, material: Material) -> str:
    before, note = _before(item, material)
    items = [item, *([before] if before else [])]
    words = f"{_title(item, material)}{_dot(material)}{note}"
    return (
        f'<li><span class="vr-n">{_big(item, material)}</span>'
        f'<p>{words}{material.marks(items)}</p><span class="vr-vint">{series_mark(_mark(item, material))}'
        f"{esc(_vintage(item, material))}</span></li>"
    )


def _dot(material: Material) -> str:
    return "。" if material.words.startswith("zh") else "."


def _title(item: Item, material: Material) -> str:
    group = "" if item.is_total else f" ({material.say(item, 'subgroup')})"
    return f"{material.say(item, 'series')}{group}, {esc(item.row.words['period'].text)}"


def _big(item: Item, material: Material) -> str:
    """Set the digits large, and what stands around them (bound, million, unit) small."""
    words = material.value(item)
    digits = [i for i, char in enumerate(words) if char.isdigit()]
    if not digits:
        return esc(words)
    start, end = digits[0], digits[-1] + 1
    while start and words[start - 1] in "$€£¥R-−":
        start -= 1
    if words[end:].strip().startswith("%"):
        end = words.index("%", end) + 1
    before, number_words, after = words[:start].strip(), words[start:end], words[end:].strip()
    head = f'<small class="vr-before">{esc(before)}</small>' if before else ""
    tail = f" <small>{esc(after)}</small>" if after else ""
    return f"{head}{esc(number_words)}{tail}"


def _before(item: Item, material: Material) -> tuple[Item | None, str]:
    """Return the nearest earlier value that may be set beside it, or one that must not be subtracted."""
    same = [
        other
        for other in material.items
        if other.figure.series == item.figure.series
        and other.figure.subgroup == item.figure.subgroup
        and other.id != item.id
    ]
    kin = [other for other in same if other.figure.variant.id == item.figure.variant.id]
    kin = [other for other in kin if other.row.codes["period"] < item.row.codes["period"]]
    if kin and item.row.bound == "exact":
        best = max(kin, key=lambda other: other.row.codes["period"])
        said = {"period": best.row.words["period"].text, "value": material.value(best, unit=False)}
        return best, " " + esc(material.tr("In {period}: {value}, same key.", **said))
    foreign = [other for other in same if other.figure.variant.id != item.figure.variant.id]
    if foreign:
        best = foreign[-1]
        said = {"period": best.row.words["period"].text, "value": material.value(best, unit=False)}
        return best, " " + esc(
            material.tr("Measured differently, {period}: {value}; do not subtract.", **said)
        )
    return None, ""


def _mark(item: Item, material: Material) -> str:
    latest = max(
        (other for other in material.items if other.figure.series == item.figure.series),
        key=lambda other: (other.row.codes["period"], -other.order),
    )
    return "series-1" if item.figure.variant.id == latest.figure.variant.id else "other"


def _vintage(item: Item, material: Material) -> str:
    if item.figure.variant.kind == "project_output":
        return material.tr("project output, {publisher}", publisher=item.row.vintage.text)
    mode = mode_words(item.figure.variant.key.mode, material)
    stated = item.figure.variant.key.mode not in {"unknown", "not_applicable"}
    parts = [item.row.vintage.text, *([mode] if stated else [])]
    return ", ".join(dict.fromkeys(parts))
