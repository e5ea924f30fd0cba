"""Which figures a brief draws, and what is left for tables. Every figure of the area is shown once at least."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from volresearch.datasets.compare import VERDICTS, judge
from volresearch.release import Release
from volresearch.reports.brief.data import data_table, notes_below
from volresearch.reports.brief.head import pick_key_items
from volresearch.reports.brief.material import Item, Material
from volresearch.results import Result
from volresearch.show import figure, finding_title, table, verdict_badge
from volresearch.show.markup import esc
from volresearch.show.sentences import joinable
from volresearch.text import Text

__all__ = ["Part", "draw", "parts", "rest_tables"]

#: More figures than this tire the reader; what is left stands in tables.
MOST_FIGURES = 6
#: Values in one line or row of bars.
MOST_POINTS = 30
_SEX = ("women", "men")


@dataclass(frozen=True)
class Part:
    """Figures that belong into one chart."""

    items: tuple[Item, ...]
    release: Release
    title: str


def parts(material: Material) -> list[Part]:
    """Choose the charts: change over time, women and men, other groups, many series side by side."""
    sets = _sets(material)
    inside = {item.figure.series for items in sets for item in items}
    alike = [_bars(items, material) for items in sets]
    found = [*_trends(material), *_sexes(material), *alike, *_groups(material, inside)]
    # What a reader asks for first stands first; of one rank change comes before groups.
    found.sort(key=lambda part: part.items[0].rank)
    return found[:MOST_FIGURES]


def draw(part: Part, number: int, material: Material) -> str:
    """Return one chart with number, data table and, where figures of several keys stand in it, the verdict."""
    caption = material.tr("Data of figure {number}", number=number)
    data = data_table(part.items, material, caption)
    drawn = figure(
        part.release,
        lang=material.lang,
        title=part.title or None,
        numbers=material.numbers,
        anchor="s",
        data=data,
        notes=(),
    )
    below = notes_below(part.items, material)
    label = f'<p class="vr-no">{esc(material.tr("Figure {number}", number=number))}</p>'
    long = "" if drawn.beside else " vr-long"
    return f'<div class="vr-figure{long}">{label}{drawn.html}{below}{_verdict(part, material)}</div>'


def _verdict(part: Part, material: Material) -> str:
    """Say under a chart what may not be read from it: only figures of one series and group are judged."""
    checks = material.release.facts.extra.get("checks", ())
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in part.items:
        groups.setdefault((item.figure.series, item.figure.subgroup), []).append(item)
    verdicts = [judge((i.figure for i in items), checks) for items in groups.values() if len(items) > 1]
    if not verdicts:
        return ""
    worst = max(verdicts, key=lambda verdict: VERDICTS.index(verdict.verdict))
    if worst.verdict == "comparable":
        return ""
    why = [reason.sentence(material.words) for reason in worst.reasons if reason.effect == worst.verdict]
    badge = verdict_badge(worst, material.words)
    return f'<p class="vr-keyline">{badge} {esc(" ".join(why[:2]))}</p>'


def _series(material: Material) -> list[list[Item]]:
    """Group the figures by series and unit: a series given in percent and in numbers makes two charts."""
    out: dict[tuple[str, str], list[Item]] = {}
    for item in material.items:
        out.setdefault((item.figure.series, item.figure.unit), []).append(item)
    return sorted(out.values(), key=lambda items: (items[0].rank, items[0].order))


def _trends(material: Material) -> list[Part]:
    """Series with the whole at two or more periods; up to three of like years share a figure."""
    runs: list[list[Item]] = []
    for items in _series(material):
        whole = [item for item in items if item.is_total]
        if len({item.row.codes["period"] for item in whole}) > 1 and len(whole) <= MOST_POINTS:
            runs.append(whole)
    out = []
    while runs:
        first = runs.pop(0)
        years = {item.row.codes["period"] for item in first}
        like = [
            run
            for run in runs
            if {item.row.codes["period"] for item in run} == years and _joined(run) == _joined(first)
        ][:2]
        runs = [run for run in runs if run not in like]
        out.append(_part([first, *like], material))
    return out


def _order(item: Item) -> tuple[str, int, int]:
    """Order by time; women before men; else as the source has it."""
    sex = _SEX.index(item.figure.subgroup) if item.figure.subgroup in _SEX else 0
    return item.row.codes["period"], sex, item.order


def _joined(run: Sequence[Item]) -> bool:
    return len(joinable([item.row for item in run])) > 1


def _part(runs: Sequence[Sequence[Item]], material: Material, title: str | None = None) -> Part:
    items = tuple(item for run in runs for item in sorted(run, key=_order))
    said = title if title is not None else finding_title(material.part(runs[0]), material.words)
    return Part(items, material.part(items), said)


def _sexes(material: Material) -> list[Part]:
    """Series given for women and men, the latest period of each; up to three of one period share a figure."""
    pairs: list[list[Item]] = []
    for items in _series(material):
        both = [item for item in items if item.figure.subgroup in _SEX]
        latest = _latest_set(both)
        if {item.figure.subgroup for item in latest} == set(_SEX):
            pairs.append(latest)
    out = []
    while pairs:
        first = pairs.pop(0)
        like = [pair for pair in pairs if pair[0].row.codes["period"] == first[0].row.codes["period"]][:2]
        pairs = [pair for pair in pairs if pair not in like]
        out.append(_part([first, *like], material))
    return out


def _latest_set(items: Iterable[Item]) -> list[Item]:
    """Return the figures of the latest period that share one variant."""
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        groups.setdefault((item.row.codes["period"], item.figure.variant.id), []).append(item)
    full = {key: group for key, group in groups.items() if len(group) > 1}
    return full[max(full)] if full else []


def _groups(material: Material, done: set[str]) -> list[Part]:
    """Series given for other groups: ages, regions, kinds of help."""
    out = []
    for items in _series(material):
        if items[0].figure.series in done:
            continue
        groups = [item for item in items if not item.is_total and item.figure.subgroup not in _SEX]
        latest = _latest_set(groups)
        if len(latest) > 1 and len({item.figure.subgroup for item in latest}) == len(latest):
            out.append(_part([latest], material))
    return out


def _sets(material: Material) -> list[list[Item]]:
    """Find series of one key, unit and period: their bars stand in one chart, each series a group."""
    main = {item.figure.series for item in pick_key_items(material)[:1]}
    sets: dict[Any, list[Item]] = {}
    for item in material.items:
        variant = item.figure.variant
        if variant.kind == "rate" and item.figure.series not in main:
            key = (item.row.codes["period"], item.figure.unit, variant.indicator, variant.key)
            sets.setdefault(key, []).append(item)
    return [items for items in sets.values() if len({i.figure.series for i in items if i.is_total}) > 3]


def _bars(items: Sequence[Item], material: Material) -> Part:
    totals = sorted((item for item in items if item.is_total), key=lambda i: -(i.row.value or 0))
    whole = material.part(totals).result
    frame = whole.table.sort_values("estimate", ascending=False, kind="stable")
    frame["subgroup"] = frame["series"]
    frame["series"] = frame["variable"] = "group"
    name = Text({lang: material.tr("Shares side by side") for lang in (material.words,)})
    labels = whole.labels | {
        "subgroup": whole.labels["series"],
        "series": {"group": name},
        "variable": {"group": name},
    }
    keys = whole.facts.extra["keys"]
    first = items[0].figure.variant.id
    # One chart, one key: the variants differ in name only, which was checked when the set was made.
    frame["variant"] = first
    facts = replace(whole.facts, extra={**whole.facts.extra, "keys": {**keys}})
    made = Result(frame, whole.by, facts, labels=labels, titles=whole.titles).release()
    return Part(tuple(items), made, finding_title(made, material.words))


def rest_tables(material: Material, shown: Iterable[Part]) -> str:
    """Return tables of all figures that no chart shows, grouped by what they are."""
    drawn = {item.id for part in shown for item in part.items}
    left = [item for item in material.items if item.id not in drawn]
    outputs = [item for item in left if item.figure.variant.kind == "project_output"]
    groups = [item for item in left if item not in outputs and not item.is_total]
    single = [item for item in left if item not in outputs and item.is_total]
    named = (
        (material.tr("Outputs of projects and of field work"), outputs),
        (material.tr("More figures"), single),
        (material.tr("More figures by group"), groups),
    )
    out = ""
    for caption, items in named:
        if items:
            made = table(material.part(items), material.lang, caption, numbers=material.numbers, anchor="s")
            out += made.html
    return out
