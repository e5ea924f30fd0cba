"""The quality report as HTML: findings by topic, then the numbers behind them in small tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from volresearch.datasets.codebook import MISSING_REASONS
from volresearch.datasets.looks import REASONS, badge, esc, folded, framed, grid, muted, worded
from volresearch.datasets.quality.findings import LEVELS, TOPICS, Finding
from volresearch.datasets.quality.outcomes import OUTCOMES
from volresearch.datasets.quality.report import Quality
from volresearch.text import formats, mark, ntr, tr

__all__ = ["LEVEL_WORDS", "checked_line", "missing_table", "numbers_html", "quality_html"]

#: Findings of one level of a topic, and variables of a table, that are shown; more are counted.
_FINDINGS, _VARIABLES = 12, 25

#: Level -> its word beside a finding.
LEVEL_WORDS = {"error": mark("Error"), "warning": mark("Warning"), "note": mark("Note")}

_WEIGHTS = {
    "sum": mark("Sum"),
    "mean": mark("Mean"),
    "smallest": mark("Smallest"),
    "largest": mark("Largest"),
    "coefficient_of_variation": mark("Coefficient of variation"),
    "kish_deff": mark("Design effect of weighting (Kish)"),
    "effective_n": mark("Effective number of rows (Kish)"),
    "largest_share": mark("Share of the largest in the sum"),
}
_SPEED = {
    "median_minutes": mark("Median, minutes"),
    "below_third_of_median": mark("Shorter than a third of the median"),
    "negative": mark("End before they start"),
    "over_24_hours": mark("Longer than 24 hours"),
}
_DESIGN = {
    "strata": mark("Strata"),
    "sampling_units": mark("Sampling units"),
    "lone_units": mark("Strata with one sampling unit"),
    "fewest_units_in_stratum": mark("Fewest sampling units in a stratum"),
    "units_in_several_strata": mark("Sampling units in several strata"),
}
_LOADS = {
    "interviewers": mark("Interviewers"),
    "fewest_interviews": mark("Fewest interviews of one"),
    "median_interviews": mark("Median interviews of one"),
    "most_interviews": mark("Most interviews of one"),
}


def quality_html(quality: Quality, lang: str = "en") -> str:
    """Return a quality report as HTML that stands by itself."""
    dataset = quality.dataset
    title = formats.labelled(
        esc(tr("Quality of the data", lang)), worded(dataset.title, lang, dataset.id), lang
    )
    head = f"<h3>{title}</h3>"
    n = len(dataset)
    rows = ntr("{count} row", "{count} rows", n, lang, count=formats.number(n, lang))
    about = muted(f"<code>{esc(dataset.id)}</code> {esc(dataset.version)} · {esc(rows)} · {esc(tr('Working view, not for release', lang))}")  # fmt: skip
    parts = [head, about, _counts(quality, lang), _findings(quality, lang), checked_line(quality, lang)]
    return framed("quality", lang, "".join([*parts, numbers_html(quality, lang)]))


def _counts(quality: Quality, lang: str) -> str:
    found = [(level, len(quality.of_level(level))) for level in LEVELS]
    badges = [
        badge(level, formats.labelled(tr(LEVELS[level], lang), formats.number(n, lang), lang))
        for level, n in found
        if n
    ]
    return f'<p style="margin:6px 0">{"".join(badges) or badge("ok", tr("Nothing was found.", lang))}</p>'


def _findings(quality: Quality, lang: str) -> str:
    by_topic: dict[str, list[Finding]] = {topic: [] for topic in TOPICS}
    for one in quality.findings:
        by_topic[one.topic].append(one)
    rows = []
    for topic, found in by_topic.items():
        for number, row in enumerate(_rows(found, lang)):
            rows.append([f"<strong>{esc(tr(TOPICS[topic], lang))}</strong>" if number == 0 else "", *row])
    heads = (tr("Topic", lang), tr("Level", lang), tr("Variable", lang), tr("What was found", lang))
    return grid(heads, rows) if rows else ""


def _rows(found: Iterable[Finding], lang: str) -> Iterator[list[str]]:
    """Yield the cells of the findings of one topic; of many that say the same of other variables, a line that counts."""
    for level, same in groupby(found, key=lambda one: one.level):
        many = list(same)
        for one in many[:_FINDINGS]:
            place = ".".join(part for part in (one.table, one.variable) if part)
            variable = f"<code>{esc(place)}</code>" if place else ""
            yield [badge(level, tr(LEVEL_WORDS[level], lang)), variable, esc(one.said(lang))]
        if len(many) > _FINDINGS:
            rest = formats.number(len(many) - _FINDINGS, lang)
            yield [
                badge(level, tr(LEVEL_WORDS[level], lang)),
                "",
                esc(tr("{n} more; all are in .table", lang, n=rest)),
            ]


def checked_line(quality: Quality, lang: str) -> str:
    """Say which topics were checked without a finding, and which could not be checked."""
    told = {one.topic for one in quality.findings}
    measured = {one.topic for one in quality.numbers}
    clean = [tr(words, lang) for topic, words in TOPICS.items() if topic in measured - told]
    absent = [tr(words, lang) for topic, words in TOPICS.items() if topic not in measured | told]
    lines = []
    if clean:
        lines.append(tr("Checked, nothing found: {topics}.", lang, topics=formats.enumerated(clean, lang)))
    if absent:
        lines.append(tr("Not checked, because the data or the call do not name what it takes: {topics}.", lang, topics=formats.enumerated(absent, lang)))  # fmt: skip
    return "".join(muted(esc(line)) for line in lines)


def numbers_html(quality: Quality, lang: str) -> str:
    """Return the numbers behind the findings, folded by topic."""
    parts = [
        (tr("Missing answers by kind", lang), missing_table(quality, lang)),
        (tr("Outcome rates (AAPOR)", lang), _response(quality, lang)),
        (tr(TOPICS["weights"], lang), _named(quality, "weights", _WEIGHTS, lang)),
        (tr(TOPICS["design"], lang), _named(quality, "design", _DESIGN, lang)),
        (tr(TOPICS["speed"], lang), _named(quality, "speed", _SPEED, lang)),
        (
            tr(TOPICS["interviewers"], lang),
            _named(quality, "interviewers", _LOADS, lang) + _effects(quality, lang),
        ),
        (tr(TOPICS["straightlining"], lang), _blocks(quality, lang)),
    ]
    return "".join(
        folded(words, html, opened=number == 0) for number, (words, html) in enumerate(parts) if html
    )


def missing_table(quality: Quality, lang: str, most: int = _VARIABLES) -> str:
    """Return variables by kinds of missing, those with the most unanswered first; empty where nothing is missing."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    rates: dict[tuple[str, str], float] = {}
    for one in quality.numbers:
        if one.topic == "missing" and one.variable:
            if one.measure in REASONS:
                counts.setdefault((one.table, one.variable), {})[one.measure] = int(one.value)
            elif one.measure == "item_nonresponse":
                rates[one.table, one.variable] = one.value
    if not counts:
        return ""
    reasons = [reason for reason in MISSING_REASONS if any(reason in one for one in counts.values())]
    # Stable: variables with the same rate stay in the order of the codebook.
    order = sorted(counts, key=lambda place: -rates.get(place, 0.0))
    rows = [
        [
            f"<code>{esc('.'.join(part for part in place if part))}</code>",
            *(
                formats.number(counts[place][reason], lang) if reason in counts[place] else "–"
                for reason in reasons
            ),
            _bar(rates.get(place, 0.0), lang),
        ]
        for place in order[:most]
    ]
    heads = [tr("Variable", lang), *(tr(REASONS[reason], lang) for reason in reasons), tr("Not answered though asked", lang)]  # fmt: skip
    more = (
        muted(esc(tr("and {n} more", lang, n=formats.number(len(order) - most, lang))))
        if len(order) > most
        else ""
    )
    return grid(heads, rows, range(1, len(heads))) + more


def _bar(share: float, lang: str) -> str:
    """Return a share with a small bar: a place, not only a number."""
    width = round(60 * min(max(share, 0.0), 1.0))
    bar = f'<span aria-hidden="true" style="display:inline-block;height:9px;width:{width}px;background:var(--vr-series-1,#1F5A96)"></span>'
    frame = (
        f'<span style="display:inline-block;width:60px;margin-inline-start:8px;text-align:start">{bar}</span>'
    )
    return f"{formats.percent(share * 100, lang)}{frame}"


def _response(quality: Quality, lang: str) -> str:
    found = [one for one in quality.numbers if one.topic == "response"]
    cases = [[esc(tr(OUTCOMES[one.measure], lang)), one.measure, formats.number(int(one.value), lang)] for one in found if one.measure in OUTCOMES]  # fmt: skip
    rates = [[esc(one.measure), formats.percent(one.value * 100, lang)] for one in found if one.measure not in OUTCOMES and one.measure != "declared_rate"]  # fmt: skip
    if not cases:
        return ""
    counted = grid((tr("Outcome", lang), tr("Code", lang), tr("Cases", lang)), cases, (2,))
    return counted + grid((tr("Rate", lang), tr("Value", lang)), rates, (1,))


def _named(quality: Quality, topic: str, words: dict[str, str], lang: str) -> str:
    rows = [
        [
            esc(tr(words[one.measure], lang)),
            f"<code>{esc(one.variable)}</code>",
            _number(one.measure, one.value, lang),
        ]
        for one in quality.numbers
        if one.topic == topic and one.measure in words
    ]
    return grid((tr("Measure", lang), tr("Variable", lang), tr("Value", lang)), rows, (2,)) if rows else ""


def _number(measure: str, value: float, lang: str) -> str:
    if measure == "largest_share":
        return formats.percent(value * 100, lang)
    return formats.number(
        round(value) if value == round(value) else round(value, 3 if abs(value) < 10 else 1), lang
    )


def _effects(quality: Quality, lang: str) -> str:
    found = [one for one in quality.numbers if one.measure == "icc"]
    p = {one.variable: one.value for one in quality.numbers if one.measure == "icc_p"}
    found.sort(key=lambda one: -one.value)
    rows = [
        [f"<code>{esc(one.variable)}</code>", formats.number(one.n, lang), formats.number(round(one.value, 3), lang, 3), formats.number(round(p[one.variable], 3), lang, 3)]
        for one in found[:_VARIABLES]
    ]  # fmt: skip
    heads = (tr("Variable", lang), tr("Answers", lang), tr("Intraclass correlation", lang), "p")
    return grid(heads, rows, (1, 2, 3)) if rows else ""


def _blocks(quality: Quality, lang: str) -> str:
    rows = [
        [f"<code>{esc(one.variable)}</code>", formats.number(one.n, lang), _bar(one.value, lang)]
        for one in quality.numbers
        if one.topic == "straightlining"
    ]
    heads = (tr("Block of items", lang), tr("Respondents", lang), tr("Same answer to all", lang))
    return grid(heads, rows, (1, 2)) if rows else ""
