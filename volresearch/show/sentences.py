"""Plain sentences: one figure, estimate or change each, with who, when, vintage and bound.

Every template is one message, so that a translation may put the words in its own order. In English the
verbs ("came to", "stood at", "rose") go with singular and plural subjects alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from volresearch.errors import VolResearchError
from volresearch.show.rows import Reading, Row, read, value_words
from volresearch.text import formats, tr

if TYPE_CHECKING:
    from volresearch.release import Release
    from volresearch.results import Result

__all__ = [
    "change_sentence",
    "change_words",
    "finding_title",
    "joinable",
    "listed",
    "measured",
    "sentence",
    "when",
]

#: A result of more rows is a table, not a sentence.
MOST_ROWS = 6

# English names that take an article after "in".
_WITH_ARTICLE = (
    "World", "Netherlands", "United ", "Philippines", "Czech Republic", "Russian Federation", "Gambia", "Bahamas",
    "Maldives", "Republic of ", "Democratic Republic", "Dominican Republic", "Central African", "Arab States",
    "European Union", "Americas", "Marshall Islands", "Solomon Islands", "Comoros", "Sudan and",
)  # fmt: skip


def sentence(x: Result | Release, lang: str = "en") -> str:
    """Put a result of a few rows into plain sentences, one for each number.

    Parameters
    ----------
    x : Result or Release
        At most six rows.
    lang : str
        Language of the words and numbers.

    Returns
    -------
    str
        For instance "Volunteers in South Africa came to 2.2 million persons in 2014." A value that is not
        stated is said to be so. Assumptions of the method follow.

    Raises
    ------
    VolResearchError
        ``result.sentence`` for more rows or none.
    """
    reading = read(x, lang)
    if not 0 < len(reading.rows) <= MOST_ROWS:
        raise VolResearchError(
            "result.sentence",
            f"A result of {len(reading.rows)} rows cannot be put into a sentence.",
            expected=f"1 to {MOST_ROWS} rows",
            hint="Select fewer rows, or show it with vr.table.",
        )
    say = _figure_sentence if reading.published else _estimate_sentence
    said = [say(row, reading) for row in reading.rows]
    return _joined([*said, *reading.facts.assumptions], lang)


def _joined(sentences: Iterable[str], lang: str) -> str:
    return ("" if lang.split("-")[0] == "zh" else " ").join(sentences)


def when(period: str, lang: str) -> str:
    """Return a period as an adverbial: "in 2014", "from 2016 to 2019", "on 30 October 2021".

    >>> when("2014", "en"), when("2016/2019", "en"), when("2021-10-30", "en"), when("2000~", "en")
    ('in 2014', 'from 2016 to 2019', 'on 30 October 2021', 'in about 2000')
    """
    if not period:
        return ""
    try:
        first, slash, last = period.removesuffix("~").partition("/")
        if slash:
            start, end = formats.period(first, lang), formats.period(last, lang)
            return tr("from {start} to {end}", lang, start=start, end=end)
        words = formats.period(period, lang)
    except VolResearchError:
        return tr("in {period}", lang, period=period)
    return tr("on {date}", lang, date=words) if len(first) == 10 else tr("in {period}", lang, period=words)


def _place(row: Row, lang: str) -> str:
    word = row.words.get("area")
    if word is None or not row.codes["area"]:
        return ""
    if word.lang == "en" and lang.split("-")[0] == "en" and word.text.startswith(_WITH_ARTICLE):
        return "the world" if word.text == "World" else f"the {word.text}"
    return word.text


def _subject(row: Row, lang: str, *, area: bool = True, vintage: bool = False) -> str:
    series = row.words["series"].text if "series" in row.words else next(iter(row.words.values())).text
    group = row.words["subgroup"].text if row.codes.get("subgroup", "") not in {"", "total"} else ""
    details = ", ".join(part for part in (group, row.vintage.text if vintage else "") if part)
    subject = tr("{subject} ({details})", lang, subject=series, details=details) if details else series
    place = _place(row, lang) if area else ""
    return tr("{subject} in {area}", lang, subject=subject, area=place) if place else subject


def _figure_sentence(row: Row, reading: Reading) -> str:
    lang = reading.lang
    subject = _subject(row, lang, vintage=reading.colliding())
    adverb = when(row.codes.get("period", ""), lang)
    if row.value is None:
        missing = tr("confidential", lang) if "c" in row.marks else tr("not stated", lang)
        mark = "[c]" if "c" in row.marks else "[x]"
        return tr(
            "{subject} {when}: {mark} {reason}.",
            lang,
            subject=subject,
            when=adverb,
            mark=mark,
            reason=missing,
        )
    value = value_words(row, lang)
    if row.scale == "percent":
        return tr("{subject} stood at {value} {when}.", lang, subject=subject, value=value, when=adverb)
    return tr("{subject} came to {value} {when}.", lang, subject=subject, value=value, when=adverb)


def measured(row: Row, lang: str) -> str:
    """Return what a row measures: the series, or statistic, variable and level of an estimate.

    Shares of an indicator (level 1) bear its name alone.
    """
    if "series" in row.words:
        return row.words["series"].text
    if "variable" not in row.words:
        return next(iter(row.words.values())).text
    variable, statistic = row.words["variable"].text, row.codes.get("statistic", "")
    term = row.words["term"].text if row.codes.get("term") else ""
    if row.codes["variable"].startswith("core."):  # the title of an indicator says what it is
        said = tr("{subject}: {level}", lang, subject=variable, level=term) if term else variable
    else:
        said = _statistic_of(statistic, variable, term, lang)
    if row.codes.get("level") and row.codes["level"] not in {"1", "1.0", "true", "True"}:
        return tr("{subject}: {level}", lang, subject=said, level=row.words["level"].text)
    return said


def _statistic_of(statistic: str, variable: str, term: str, lang: str) -> str:
    if statistic == "mean":
        return tr("Mean of {variable}", lang, variable=variable)
    if statistic == "total":
        return tr("Total of {variable}", lang, variable=variable)
    if statistic == "count":
        return tr("Number by {variable}", lang, variable=variable)
    if statistic == "ratio":
        return tr("Ratio of {variable}", lang, variable=variable)
    if statistic == "variance":
        return tr("Variance of {variable}", lang, variable=variable)
    if statistic == "quantile" and term == "0.5":
        return tr("Median of {variable}", lang, variable=variable)
    if statistic == "quantile":
        return tr("Quantile {share} of {variable}", lang, share=term, variable=variable)
    return variable


def _estimate_subject(row: Row, lang: str) -> str:
    skipped = {"variable", "statistic", "term", "level"}
    groups = [word.text for name, word in row.words.items() if name not in skipped and row.codes[name]]
    subject = measured(row, lang)
    if not groups:
        return subject
    return tr("{subject} ({details})", lang, subject=subject, details=", ".join(groups))


def _estimate_sentence(row: Row, reading: Reading) -> str:
    lang = reading.lang
    subject = _estimate_subject(row, lang)
    if row.value is None:
        mark, reason = (
            ("[c]", tr("confidential", lang)) if "c" in row.marks else ("[x]", tr("not available", lang))
        )
        return tr("{subject}: {mark} {reason}.", lang, subject=subject, mark=mark, reason=reason)
    value = value_words(row, lang)
    n = formats.number(row.n, lang) if row.n is not None else "[x]"
    if not row.has_interval:
        return tr("{subject} stood at {value} (n = {n}).", lang, subject=subject, value=value, n=n)
    low, high = (formats.number(end, lang, row.decimals) for end in (row.low, row.high))
    level = formats.percent((reading.facts.confidence or 0.95) * 100, lang, decimals=None)
    return tr(
        "{subject} stood at {value} ({level} interval {low} to {high}; n = {n}).",
        lang, subject=subject, value=value, level=level, low=low, high=high, n=n,
    )  # fmt: skip


def joinable(rows: Sequence[Row]) -> list[Row]:
    """Return the values that may be joined over time: one key, one area, one group, two periods or more.

    Of several such runs the longest is taken, then the one that ends latest. Bounds are no values: a figure
    that is "at least" or "up to" something is not joined.
    """
    runs: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        if row.value is not None and row.bound == "exact" and _begin(row):
            others = tuple(code for name, code in row.codes.items() if name != "period")
            runs.setdefault((row.key, *others), []).append(row)
    long = [run for run in runs.values() if len({row.codes["period"] for row in run}) > 1]
    if not long:
        return []
    best = max(long, key=lambda run: (len(run), max(map(_begin, run))))
    return sorted(best, key=_begin)


def _begin(row: Row) -> str:
    try:
        return str(formats.parse_period(row.codes.get("period", ""))[0])
    except VolResearchError:
        return ""


def _pair_words(first: Row, last: Row, lang: str) -> tuple[str, str]:
    # "from 1.3 to 2.2 million": the word for million is said once.
    a, b = value_words(first, lang, with_unit=False), value_words(last, lang, with_unit=False)
    head, _, tail = a.partition(" ")
    if tail and b.endswith(f" {tail}"):
        a = head
    return a, b


def change_words(first: Row, last: Row, lang: str, *, area: bool, vintage: str = "") -> str:
    """Return a change in words without a full stop: "Volunteers rose from 1.3 to 2.2 million ..."."""
    subject = _subject(last, lang, area=area)
    a, b = _pair_words(first, last, lang)
    start, end = (row.words["period"].text for row in (first, last))
    said = {"subject": subject, "a": a, "b": b, "start": start, "end": end}
    assert first.value is not None
    assert last.value is not None
    if last.value > first.value:
        words = tr("{subject} rose from {a} to {b} between {start} and {end}", lang, **said)
    elif last.value < first.value:
        words = tr("{subject} fell from {a} to {b} between {start} and {end}", lang, **said)
    else:
        words = tr("{subject} stayed at {b} between {start} and {end}", lang, **said)
    return tr("{words} ({vintage})", lang, words=words, vintage=vintage) if vintage else words


def change_sentence(x: Result | Release, lang: str = "en") -> str:
    """Say how a series changed between its first and its last period, where that may be said.

    Parameters
    ----------
    x : Result or Release
        Published figures of one series, area and group; values of other keys are left aside.

    Returns
    -------
    str
        One sentence, or "" where no two values share a measurement key: no change is ever stated across
        values that are not comparable.
    """
    reading = read(x, lang)
    run = joinable(reading.rows)
    if len(run) < 2:
        return ""
    vintage = run[0].vintage.text if reading.colliding() else ""
    return change_words(run[0], run[-1], lang, area=True, vintage=vintage) + (
        "。" if lang.startswith("zh") else "."
    )


def listed(words: Sequence[str], lang: str) -> str:
    """Join words as a list of the language: "a, b and c".

    >>> listed(["a", "b", "c"], "en")
    'a, b and c'
    """
    from babel import UnknownLocaleError
    from babel.lists import format_list

    try:
        return str(format_list(list(words), locale="en_GB" if lang == "en" else lang.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return ", ".join(words)


def finding_title(x: Result | Release, lang: str = "en") -> str:
    """Return a chart title that says what the numbers show, and no more than that.

    A change is stated only within one measurement key; a difference between two groups of a sample only by
    whether their intervals overlap. Where neither can be said the title just names what is shown.
    """
    reading = read(x, lang)
    shown = [row for row in reading.rows if row.value is not None]
    varying = set(reading.varying())
    if len({row.codes.get("series", row.codes.get("variable", "")) for row in shown}) != 1:
        return _neutral(reading)
    run = joinable(shown)
    if run and varying <= {"period"}:
        vintage = run[0].vintage.text if reading.colliding() else ""
        return change_words(run[0], run[-1], lang, area=False, vintage=vintage)
    if len({row.key for row in shown}) > 1 or any(row.bound != "exact" for row in shown):
        return _neutral(reading)
    if len(shown) == 2 and len(varying) == 1:
        return _two(shown, next(iter(varying)), reading)
    if len(varying) == 2 and all(row.has_interval for row in shown):
        return _overlaps(shown, reading) or _neutral(reading)
    if len(varying) == 1 and "period" not in varying and len(shown) > 2:
        return _range(shown, next(iter(varying)), reading)
    return _neutral(reading)


def _two(rows: Sequence[Row], name: str, reading: Reading) -> str:
    lang = reading.lang
    parts = [
        tr("{value} for {group}", lang, value=value_words(r, lang), group=r.words[name].text) for r in rows
    ]
    whole = measured(rows[0], lang) if name not in {"level", "term"} else rows[0].words["variable"].text
    return tr("{subject}: {values}", lang, subject=whole, values=listed(parts, lang))


def _range(rows: Sequence[Row], name: str, reading: Reading) -> str:
    lang = reading.lang
    # The whole is no member of the range of its parts.
    rows = [row for row in rows if row.codes[name] not in {"", "total"}] or rows
    if len({row.value for row in rows}) == 1:
        return tr(
            "{subject}: {value} in every row",
            lang,
            subject=measured(rows[0], lang),
            value=value_words(rows[0], lang),
        )
    low, high = (pick(rows, key=lambda row: row.value or 0.0) for pick in (min, max))
    return tr(
        "{subject} ranged from {low} ({least}) to {high} ({most})",
        lang, subject=measured(low, lang), low=value_words(low, lang, with_unit=False), least=low.words[name].text,
        high=value_words(high, lang), most=high.words[name].text,
    )  # fmt: skip


def _overlaps(rows: Sequence[Row], reading: Reading) -> str:
    """Say in how many rows the intervals of two groups lie apart, for two dimensions of which one has two codes."""
    lang = reading.lang
    if set(reading.varying()) & {"variable", "statistic", "term", "level"}:
        return ""
    pair = [d for d in reading.varying() if len({row.codes[d] for row in rows}) == 2]
    if not pair:
        return ""
    group = pair[-1]
    (other,) = [d for d in reading.varying() if d != group]
    sets: dict[str, list[Row]] = {}
    for row in rows:
        sets.setdefault(row.codes[other], []).append(row)
    names = {
        "subject": measured(rows[0], lang),
        "groups": listed(list(dict.fromkeys(r.words[group].text for r in rows)), lang),
    }
    apart = [two[0].words[other].text for two in sets.values() if len(two) == 2 and _apart(*two)]
    if not apart:
        return tr("{subject}: the intervals of {groups} overlap in every row", lang, **names)
    if len(apart) == len(sets):
        return tr("{subject}: the intervals of {groups} lie apart in every row", lang, **names)
    if len(apart) <= 3:
        where = listed(apart, lang)
        return tr(
            "{subject}: the intervals of {groups} lie apart in {where} only", lang, where=where, **names
        )
    return tr(
        "{subject}: the intervals of {groups} lie apart in {count} of {all} rows",
        lang, count=len(apart), all=len(sets), **names,
    )  # fmt: skip


def _apart(a: Row, b: Row) -> bool:
    assert a.low is not None
    assert a.high is not None
    assert b.low is not None
    assert b.high is not None
    return a.low > b.high or b.low > a.high


def _neutral(reading: Reading) -> str:
    """Name what is shown: series, then area and period where there are few."""
    whats = list(dict.fromkeys(measured(row, reading.lang) for row in reading.rows))
    parts = [listed(whats, reading.lang)] if "variable" in reading.dimensions and len(whats) <= 3 else []
    for name in ("series", "area", "period"):
        rows = [row for row in reading.rows if row.codes.get(name) not in {None, "", "total"}]
        rows = sorted(rows, key=lambda row: row.codes["period"]) if name == "period" else rows
        words = list(dict.fromkeys(row.words[name].text for row in rows))
        if 0 < len(words) <= 3:
            parts.append(listed(words, reading.lang))
    return ", ".join(parts) or tr("Figures", reading.lang)
