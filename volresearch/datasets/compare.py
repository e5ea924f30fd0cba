"""Whether published figures may be set side by side. A refused comparison says why, in words.

Kind, unit, reference period, type of volunteering, mode or (within one survey) vintage differ: *not
comparable*. Age range, help to family or the survey programme differ: *caution*. Anything unknown: at best
*caution*. ``4 weeks`` against ``1 month`` is a caution, as the ILO manual allows either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import combinations
from typing import NamedTuple

from volresearch.datasets.facts import Check, Figure
from volresearch.datasets.measurement import UNKNOWN, MeasurementKey
from volresearch.errors import VolResearchError
from volresearch.text import Text, mark, ntr, tr

__all__ = ["VERDICTS", "Comparison", "Pair", "Reason", "judge", "key_reasons"]

#: From best to worst.
VERDICTS = ("comparable", "caution", "not_comparable")

_VERDICT_WORDS = {
    "comparable": mark("comparable"),
    "caution": mark("compare with caution"),
    "not_comparable": mark("not comparable"),
}
_KEY_WORDS = {
    "data": mark("kind of data"),
    "series": mark("what is measured"),
    "kind": mark("kind of number"),
    "unit": mark("unit"),
    "reference_period": mark("reference period"),
    "volunteering": mark("type of volunteering"),
    "mode": mark("mode of data collection"),
    "vintage": mark("release or weighting of the survey"),
    "survey": mark("survey programme"),
    "age": mark("age range"),
    "family_help": mark("help to family members"),
    "bound": mark("how exact the figure is"),
}
#: Fields of the key that part two figures for good, and those that ask for caution.
_STRICT = ("reference_period", "volunteering", "mode")
_SOFT = ("age", "family_help")
_NEAR = frozenset({"4 weeks", "1 month"})


@dataclass(frozen=True)
class Reason:
    """Why two figures are not plainly comparable: the key, its two values and the effect on the verdict."""

    key: str
    a: str
    b: str
    effect: str
    comment: str = ""
    labels: tuple[Text, Text] | None = field(default=None, compare=False, repr=False)

    def words(self, lang: str = "en") -> tuple[str, str]:
        """Return the two values in words."""
        if self.labels is None:
            return _said(self.a, lang), _said(self.b, lang)
        return self.labels[0].get_in(lang, self.a), self.labels[1].get_in(lang, self.b)

    def sentence(self, lang: str = "en") -> str:
        """Return the reason as one sentence."""
        if self.comment:
            return tr(
                "A published break lies between them: {comment}.", lang, comment=self.comment.rstrip(".")
            )
        key, (a, b) = tr(_KEY_WORDS[self.key], lang), self.words(lang)
        if self.a == self.b == UNKNOWN:
            return tr("Not stated for either: {key}.", lang, key=key)
        if UNKNOWN in (self.a, self.b):
            known = b if self.a == UNKNOWN else a
            return tr("Not stated for one of them: {key} (the other: {value}).", lang, key=key, value=known)
        return tr("They differ in {key}: {a} against {b}.", lang, key=key, a=a, b=b)


class Pair(NamedTuple):
    """Two figures (by id), the verdict on them and its reasons."""

    a: str
    b: str
    verdict: str
    reasons: tuple[Reason, ...]


#: A verdict with its reasons.
Judgement = tuple[str, tuple[Reason, ...]]


@dataclass(frozen=True)
class Comparison:
    """The verdict on a set of figures: the worst of its pairs, every pair judged."""

    verdict: str
    reasons: tuple[Reason, ...]
    pairs: tuple[Pair, ...]
    figures: tuple[Figure, ...] = ()

    def sentence(self, lang: str = "en") -> str:
        """Return the verdict and its gravest reasons as plain sentences."""
        return " ".join([self.headline(lang), *self.reason_sentences(lang)])

    def reason_sentences(self, lang: str = "en", most: int = 10) -> tuple[str, ...]:
        """Return the reasons as sentences, the gravest first, at most `most` of them."""
        said = tuple(reason.sentence(lang) for reason in self.reasons[:most])
        left = len(self.reasons) - len(said)
        more = ntr("There is one further reason.", "There are {n} further reasons.", left, lang)
        return (*said, more) if left else said

    def headline(self, lang: str = "en") -> str:
        """Return the verdict alone, as one sentence."""
        if self.verdict == "comparable":
            return tr("These {n} figures are comparable.", lang, n=len(self.figures))
        bad = sum(pair.verdict == self.verdict for pair in self.pairs)
        words = tr(_VERDICT_WORDS[self.verdict], lang)
        if len(self.pairs) == 1:
            return tr("These two figures: {verdict}.", lang, verdict=words)
        return tr(
            "{bad} of {all} pairs of figures: {verdict}.", lang, bad=bad, all=len(self.pairs), verdict=words
        )

    def __repr__(self) -> str:
        return f"<Comparison {self.verdict}: {self.sentence()}>"

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{escape(said)}</li>" for said in self.reason_sentences())
        reasons = f"<ul>{items}</ul>" if items else ""
        return f'<div class="volresearch-comparison"><p><strong>{escape(self.headline())}</strong></p>{reasons}</div>'


def judge(figures: Iterable[Figure], checks: Sequence[Check] = ()) -> Comparison:
    """Judge every pair of figures.

    Parameters
    ----------
    figures : iterable of Figure
        At least two.
    checks : sequence of Check
        Published sums and breaks; one that breaks a pair makes it not comparable.

    Returns
    -------
    Comparison

    Raises
    ------
    VolResearchError
        ``facts.compare`` for fewer than two figures.
    """
    many = tuple({figure.id: figure for figure in figures}.values())
    if len(many) < 2:
        raise VolResearchError(
            "facts.compare", f"A comparison needs at least two figures; here is {len(many)}."
        )
    known: dict[tuple[str, ...], Judgement] = {}
    pairs = {frozenset((a.id, b.id)): _pair(a, b, known) for a, b in combinations(many, 2)}
    marked = [
        _broken(pairs, frozenset(two), check)
        for check in checks
        if check.breaks
        for two in combinations(check.fact_ids, 2)
        if frozenset(two) in pairs
    ]
    judged = [*marked, *known.values()]
    verdict = _worst(effect for effect, _ in judged)
    return Comparison(verdict, _each_once(reasons for _, reasons in judged), tuple(pairs.values()), many)


def _worst(effects: Iterable[str]) -> str:
    return max(effects, key=VERDICTS.index, default="comparable")


def _each_once(groups: Iterable[tuple[Reason, ...]]) -> tuple[Reason, ...]:
    """Return every reason once, whichever way round its two values came, the gravest first."""
    found: dict[tuple[str, ...], Reason] = {}
    for group in groups:
        for reason in group:
            values = sorted((reason.a, reason.b))
            found.setdefault((reason.key, *values, reason.effect, reason.comment), reason)
    return tuple(sorted(found.values(), key=lambda reason: -VERDICTS.index(reason.effect)))


def _pair(a: Figure, b: Figure, known: dict[tuple[str, ...], Judgement]) -> Pair:
    # Thousands of pairs share few combinations of variants: each combination is judged once.
    same = (a.variant.id, a.unit, a.bound, b.variant.id, b.unit, b.bound)
    judged = known.get(same)
    if judged is None:
        reasons = tuple(_reasons(a, b))
        judged = known[same] = (_worst(reason.effect for reason in reasons), reasons)
    return Pair(a.id, b.id, *judged)


def _broken(pairs: dict[frozenset[str], Pair], two: frozenset[str], check: Check) -> Judgement:
    pair = pairs[two]
    reason = Reason("check", pair.a, pair.b, "not_comparable", check.comment or check.rule)
    pairs[two] = pair._replace(verdict="not_comparable", reasons=(reason, *pair.reasons))
    return "not_comparable", (reason,)


def _reasons(a: Figure, b: Figure) -> Iterator[Reason]:
    if a.synthetic != b.synthetic:
        first, second = ("synthetic" if one.synthetic else "observed" for one in (a, b))
        yield Reason("data", first, second, "not_comparable")
    yield from _concept(a, b)
    yield from _differ("kind", a.variant.kind, b.variant.kind, "not_comparable")
    if a.unit != b.unit:
        yield Reason("unit", a.unit, b.unit, "not_comparable", labels=(a.unit_label, b.unit_label))
    yield from key_reasons(a.variant.key, b.variant.key)
    if a.bound != b.bound and {a.bound, b.bound} & {"at_least", "up_to"}:
        yield Reason("bound", a.bound, b.bound, "caution")


def key_reasons(one: MeasurementKey, two: MeasurementKey) -> Iterator[Reason]:
    """Yield what keeps things measured in two ways from being plainly comparable; microdata are judged by it too."""
    for name in _STRICT:
        first, second = getattr(one, name), getattr(two, name)
        effect = "caution" if {first, second} == _NEAR else "not_comparable"
        yield from _differ(name, first, second, effect)
    if one.survey == two.survey != UNKNOWN:
        yield from _differ("vintage", one.vintage, two.vintage, "not_comparable")
    yield from _differ("survey", one.survey, two.survey, "caution")
    for name in _SOFT:
        yield from _differ(name, getattr(one, name), getattr(two, name), "caution")


def _concept(a: Figure, b: Figure) -> Iterator[Reason]:
    if a.series == b.series:
        return
    same = a.variant.concept == b.variant.concept
    effect = "caution" if same else "not_comparable"
    yield Reason("series", a.series, b.series, effect, labels=(a.series_title, b.series_title))


def _differ(key: str, a: str, b: str, effect: str) -> Iterator[Reason]:
    if UNKNOWN in (a, b):
        yield Reason(key, a, b, "caution")
    elif a != b:
        yield Reason(key, a, b, effect)


_VALUE_WORDS = {
    "synthetic": mark("invented (synthetic) data"),
    "observed": mark("observed data"),
    "any": mark("any volunteering"),
    "direct": mark("direct help only"),
    "organization": mark("through organizations only"),
    "included": mark("counted"),
    "excluded": mark("not counted"),
    "face_to_face": mark("face to face"),
    "online": mark("online"),
    "online_paper": mark("online or on paper"),
    "telephone": mark("by telephone"),
    "mixed": mark("mixed"),
    "administrative": mark("administrative records"),
    "not_applicable": mark("does not apply"),
    "rate": mark("a rate or share"),
    "stock": mark("a stock"),
    "flow": mark("a flow"),
    "amount": mark("an amount"),
    "project_output": mark("an output of a project"),
    "exact": mark("exact"),
    "at_least": mark("at least this much"),
    "up_to": mark("up to this much"),
    "about": mark("about this much"),
    "1 day": mark("1 day"),
    "1 week": mark("1 week"),
    "4 weeks": mark("4 weeks"),
    "1 month": mark("1 month"),
    "12 months": mark("12 months"),
    "1 year": mark("1 year"),
}


def _said(value: str, lang: str) -> str:
    return tr(_VALUE_WORDS[value], lang) if value in _VALUE_WORDS else value.replace("_", " ")
