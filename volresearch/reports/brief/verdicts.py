"""What may be compared: rows of verdicts, computed pair by pair and told once for all figures alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from volresearch.datasets.compare import VERDICTS, Reason, judge
from volresearch.datasets.measurement import UNKNOWN
from volresearch.reports.brief.material import Item, Material, items_of
from volresearch.show import verdict_badge
from volresearch.show.markup import esc
from volresearch.show.sentences import listed
from volresearch.show.verdicts import key_words

__all__ = ["comparisons", "main_rate"]

#: More rows than this are summed up in words.
MOST_ROWS = 9


@dataclass
class _Row:
    """Pairs that share verdict, reasons and the two sides."""

    verdict: str
    reasons: tuple[Reason, ...]
    sides: tuple[str, ...]
    series: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)


def comparisons(material: Material) -> str:
    """Return the section as HTML: verdict, what with what, why, and what follows from it."""
    rows = _merged([*_within(material), *_across_series(material), *_across_areas(material)])
    rows.sort(key=lambda row: (VERDICTS.index(row.verdict), -len(row.items)))
    if not rows:
        text = material.tr("There are no two figures of one kind here; nothing is compared.")
        return f'<p class="vr-small">{esc(text)}</p>'
    shown = _shown(rows)
    body = "".join(_html(row, material) for row in shown)
    left = len(rows) - len(shown)
    more = ""
    if left:
        words = material.tr("{count} further pairs of series are not listed; none of them is comparable without caution.", count=left)  # fmt: skip
        more = f'<p class="vr-note">{esc(words)}</p>'
    return f'<div class="vr-comp">{body}</div>{more}'


def _shown(rows: Sequence[_Row]) -> list[_Row]:
    """Keep every comparable row; fill up with the refusals first, because they guard against mistakes."""
    good = [row for row in rows if row.verdict == "comparable"]
    caution = [row for row in rows if row.verdict == "caution"]
    stopped = [row for row in rows if row.verdict == "not_comparable"]
    left = max(0, MOST_ROWS - len(good))
    stopped = stopped[: max(left - min(len(caution), left // 2), 0)]
    return [*good, *caution[: left - len(stopped)], *stopped]


def _cells(items: Iterable[Item]) -> dict[str, list[Item]]:
    """Group the figures of the whole (or of all groups, where no whole is given) by variant, by period."""
    every = sorted(items, key=lambda item: (item.row.codes["period"], item.order))
    whole = [item for item in every if item.is_total] or every
    out: dict[str, list[Item]] = {}
    for item in whole:
        out.setdefault(item.figure.variant.id, []).append(item)
    return out


def _by_series(material: Material) -> dict[str, list[Item]]:
    out: dict[str, list[Item]] = {}
    for item in sorted(material.items, key=lambda item: (item.rank, item.order)):
        if item.figure.variant.kind != "project_output":
            out.setdefault(item.figure.series, []).append(item)
    return out


def _within(material: Material) -> Iterator[_Row]:
    """Compare within each series: one variant over time, and variants with each other."""
    for items in _by_series(material).values():
        cells = _cells(items)
        for run in cells.values():
            if len({item.row.codes["period"] for item in run}) > 1:
                yield _row(run, (_side(run, material),), material)
        for first, second in combinations(cells.values(), 2):
            yield _row(
                [*first, *second], (_side(first, material), _side(second, material)), material, across=True
            )


def _across_series(material: Material) -> Iterator[_Row]:
    """Set the first series beside the next one of another kind: a stock is no rate."""
    firsts: dict[str, Item] = {}
    for items in _by_series(material).values():
        item = next((one for one in items if one.is_total), items[0])
        if item.figure.variant.indicator != "context":
            firsts.setdefault(item.figure.variant.kind, item)
    for first, second in list(combinations(firsts.values(), 2))[:1]:
        yield _row([first, second], (_name(first, material), _name(second, material)), material, titled=False)


def main_rate(material: Material) -> Item | None:
    """Return the latest figure of the rate that a reader asks for first."""
    rates = [item for item in material.items if item.is_total and item.figure.variant.kind == "rate"]
    return max(rates, key=lambda item: (-item.rank, item.row.codes["period"]), default=None)


def _across_areas(material: Material) -> Iterator[_Row]:
    """Set the area's main rate beside the latest of other areas."""
    main = main_rate(material)
    if material.others is None or main is None:
        return
    latest: dict[str, Item] = {}
    for item in items_of(material.others, material.lang):
        same = item.figure.series == main.figure.series and item.is_total
        if same and item.figure.area != main.figure.area:
            latest[item.figure.area] = item
    for other in list(latest.values())[:3]:
        material.cite(material.others, [other.row.source])
        yield _row([main, other], (_placed(main, material), _placed(other, material)), material, titled=False)


def _row(
    items: Sequence[Item],
    sides: tuple[str, ...],
    material: Material,
    *,
    titled: bool = True,
    across: bool = False,
) -> _Row:
    comparison = judge((item.figure for item in items), material.release.facts.extra.get("checks", ()))
    pairs = comparison.pairs
    if across:
        # Only pairs across the two variants count here; those inside one have a row of their own.
        variant = {item.id: item.figure.variant.id for item in items}
        pairs = tuple(pair for pair in pairs if variant[pair.a] != variant[pair.b])
    verdict = max((pair.verdict for pair in pairs), key=VERDICTS.index)
    reasons = tuple(dict.fromkeys(r for pair in pairs for r in pair.reasons if r.effect != "comparable"))
    ordered = sorted(reasons, key=lambda reason: -VERDICTS.index(reason.effect))
    row = _Row(verdict, tuple(ordered), sides, items=list(items))
    if titled:
        row.series[items[0].figure.series] = items[0].row.words["series"].text
    return row


def _merged(rows: Iterable[_Row]) -> list[_Row]:
    out: dict[object, _Row] = {}
    for row in rows:
        stated = tuple(r for r in row.reasons if r.effect == row.verdict)
        key = (row.verdict, tuple((r.key, r.a, r.b) for r in stated if not r.comment), row.sides)
        if key in out:
            out[key].series |= row.series
            out[key].items += row.items
            out[key].reasons = tuple(dict.fromkeys([*out[key].reasons, *row.reasons]))
        else:
            out[key] = row
    return list(out.values())


def _html(row: _Row, material: Material) -> str:
    lang = material.words
    names = list(row.series.values())
    subject = listed(names[:3], lang) if names else ""
    if len(names) > 3:
        subject = material.tr("{series} and {count} more", series=", ".join(names[:3]), count=len(names) - 3)
    sides = (
        material.tr("{a} with {b}", a=row.sides[0], b=row.sides[1]) if len(row.sides) == 2 else row.sides[0]
    )
    head = material.tr("{subject}: {sides}.", subject=subject, sides=sides) if subject else f"{sides}."
    why = " ".join(_sentences(row, material))
    return (
        f"<div><div>{verdict_badge(row.verdict, lang)}</div><div>"
        f"<p><b>{esc(head)}</b> {esc(why)}{material.marks(row.items)}</p>"
        f'<p class="vr-do">{esc(_advice(row.verdict, material))}</p></div></div>'
    )


def _sentences(row: _Row, material: Material) -> list[str]:
    """Say the reasons that made the verdict; what is not stated on either side is said in one sentence."""
    stated = [reason for reason in row.reasons if reason.effect == row.verdict]
    blank = [reason for reason in stated if reason.a == reason.b == UNKNOWN]
    told = [reason for reason in stated if reason not in blank]
    told.sort(key=lambda reason: not reason.comment)
    said = [_sentence(reason, material) for reason in told[:3]]
    if blank and len(said) < 3:
        keys = "; ".join(dict.fromkeys(key_words(reason.key, material.words) for reason in blank))
        said.append(material.tr("Not stated on either side: {keys}.", keys=keys))
    return said


def _sentence(reason: Reason, material: Material) -> str:
    if reason.key == "survey" and UNKNOWN not in (reason.a, reason.b):
        # The names of programmes are codes here; the sides of the row say which they are.
        return material.tr("They come from different survey programmes.")
    return reason.sentence(material.words)


def _advice(verdict: str, material: Material) -> str:
    if verdict == "comparable":
        return material.tr("One measurement key: differences may be stated.")
    if verdict == "caution":
        return material.tr("Read side by side. Do not subtract, do not join with a line.")
    return material.tr("Never on one axis. Name the definition beside each figure.")


def _side(items: Sequence[Item], material: Material) -> str:
    periods = list(dict.fromkeys(item.row.words["period"].text for item in items))
    when = listed(periods, material.words) if len(periods) <= 3 else material.tr("{start} to {end}", start=periods[0], end=periods[-1])  # fmt: skip
    stated = items[0].row.vintage.text
    return f"{when} ({stated})" if stated and stated not in when else when


def _name(item: Item, material: Material) -> str:
    words = item.row.words
    return f"{words['series'].text}, {words['period'].text} ({material.value(item)})"


def _placed(item: Item, material: Material) -> str:
    words = item.row.words
    return f"{words['area'].text} {words['period'].text} ({material.value(item)})"
