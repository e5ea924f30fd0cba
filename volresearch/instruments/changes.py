"""What changed between two versions of an instrument, and which changes break comparability."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Literal

from volresearch.instruments.formula import Formula
from volresearch.instruments.items import Block, Choice, Item, Score
from volresearch.instruments.model import Instrument
from volresearch.text import Text, mark, tr

__all__ = ["Change", "Changes", "compare_instruments"]

Effect = Literal["breaks", "caution", "none"]

#: Kind of change -> what it is called, what it does, and why.
KINDS: dict[str, tuple[str, Effect, str]] = {
    "removed": (mark("item removed"), "breaks", mark("its series ends here")),
    "added": (mark("item added"), "none", mark("its series begins here")),
    "renamed": (mark("item renamed"), "none", mark("the same question: match the two names")),
    "type": (mark("type of answer"), "breaks", mark("answers of another type are not the same measure")),
    "wording": (mark("wording"), "caution", mark("other words may be understood otherwise")),
    "period": (mark("reference period"), "breaks", mark("another time is asked about")),
    "hint": (mark("hint or guidance"), "none", mark("the question itself is the same")),
    "codes": (mark("codes"), "breaks", mark("there are other answers to choose from")),
    "order of codes": (mark("order of answers"), "caution", mark("answers at the top are chosen more often")),
    "label": (mark("label of an answer"), "caution", mark("the same code may mean something else")),
    "missing": (mark("kind of missing"), "breaks", mark("answers move into or out of the base of a share")),
    "routing": (mark("routing"), "breaks", mark("other people are asked")),
    "sides": (mark("who is asked"), "breaks", mark("other people are asked")),
    "repeat": (mark("number of repeats"), "breaks", mark("more or fewer activities are counted")),
    "calculation": (mark("calculation"), "breaks", mark("the same answers give another value")),
    "unit": (mark("unit"), "breaks", mark("the numbers mean something else")),
    "constraint": (mark("constraint"), "caution", mark("other answers are accepted")),
    "required": (mark("required"), "caution", mark("more or fewer people leave it empty")),
    "order": (mark("order of items"), "caution", mark("earlier questions colour later ones")),
    "score": (mark("score"), "breaks", mark("the same answers give another value")),
    "translation": (mark("translation"), "none", mark("other languages are as they were")),
}

_EFFECTS: dict[str, str] = {"breaks": mark("breaks"), "caution": mark("caution"), "none": mark("none")}

_PERIOD = re.compile(
    r"(?:(?:\d+|[^\W\d_]+)\s+)?"
    r"\b(?:hours?|days?|weeks?|months?|years?|horas?|días?|semanas?|mes(?:es)?|años?|heures?|jours?|semaines?|mois|ans?|années?)\b"
    r"|[\d一二两三四五六七八九十]+\s*(?:个)?(?:小时|天|日|周|星期|月|年)",
    re.IGNORECASE,
)


#: Words before a unit of time that do not say how long it is.
_NEUTRAL = frozenset(
    [
        "the",
        "last",
        "past",
        "previous",
        "each",
        "every",
        "per",
        "a",
        "el",
        "la",
        "los",
        "las",
        "último",
        "última",
        "últimos",
        "últimas",
        "pasado",
        "pasada",
        "pasados",
        "pasadas",
        "dernier",
        "dernière",
        "derniers",
        "dernières",
    ]
)


@dataclass(frozen=True)
class Change:
    """One difference: where, of which kind, in which language, from what to what.

    ``effect`` is ``breaks`` (before and after are two series), ``caution`` or ``none``.
    """

    item: str
    kind: str
    before: str = ""
    after: str = ""
    lang: str = ""

    @property
    def effect(self) -> Effect:
        """What it does to comparability."""
        return KINDS[self.kind][1]

    def what(self, lang: str = "en") -> str:
        """Return what changed, in words."""
        return tr(KINDS[self.kind][0], lang)

    def why(self, lang: str = "en") -> str:
        """Return why it matters or not, in words."""
        return tr(KINDS[self.kind][2], lang)


@dataclass(frozen=True)
class Changes:
    """All differences between two instruments, in the order of the form."""

    before: str
    after: str
    changes: tuple[Change, ...]

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    @property
    def breaks(self) -> tuple[Change, ...]:
        """The changes after which an item is another series."""
        return tuple(one for one in self.changes if one.effect == "breaks")

    @property
    def comparable(self) -> bool:
        """Whether no change breaks comparability."""
        return not self.breaks

    def lines(self, lang: str = "en") -> list[str]:
        """Return one line a change."""
        out = []
        for one in self.changes:
            tag = f" ({one.lang})" if one.lang else ""
            moved = f": {one.before or '∅'} → {one.after or '∅'}" if one.before or one.after else ""
            effect = tr(_EFFECTS[one.effect], lang)
            out.append(f"{effect:<8} {one.item}  {one.what(lang)}{tag}{moved}  [{one.why(lang)}]")
        return out

    def html(self, lang: str = "en") -> str:
        """Return the changes as an HTML table."""
        if not self.changes:
            return f"<p>{escape(tr('No differences.', lang))}</p>"
        head = (
            tr("Effect", lang),
            tr("Item", lang),
            tr("Change", lang),
            tr("Before", lang),
            tr("After", lang),
            tr("Why", lang),
        )
        cells = (
            (
                tr(_EFFECTS[one.effect], lang),
                one.item,
                f"{one.what(lang)} {one.lang}",
                one.before,
                one.after,
                one.why(lang),
            )
            for one in self.changes
        )
        row = "".join(f'<th scope="col" style="text-align:start">{escape(word)}</th>' for word in head)
        body = "".join(f"<tr>{''.join(map(_cell, line))}</tr>" for line in cells)
        title = escape(tr("From {before} to {after}", lang, before=self.before, after=self.after))
        return f'<table class="volresearch-changes"><caption>{title}</caption><thead><tr>{row}</tr></thead><tbody>{body}</tbody></table>'

    def _repr_html_(self) -> str:
        return self.html()


def compare_instruments(before: Instrument, after: Instrument) -> Changes:
    """Return what changed from one instrument to another, and what that does to comparability.

    Parameters
    ----------
    before, after : Instrument
        Two versions, or two instruments that share names of items.

    Examples
    --------
    >>> old = Instrument(id="t.a", title=Text("A"), items=(Item(name="h", type="decimal", unit="hours"),))
    >>> new = Instrument(id="t.a", title=Text("A"), version="2", items=(Item(name="h", type="decimal", unit="days"),))
    >>> [(one.item, one.kind, one.effect) for one in compare_instruments(old, new)]
    [('h', 'unit', 'breaks')]
    """
    found = [
        *_languages(before, after),
        *_items(before, after),
        *_blocks(before, after),
        *_order(before, after),
        *_scores(before, after),
    ]
    names = [f"{one.id} {one.version}" for one in (before, after)]
    return Changes(names[0], names[1], tuple(found))


def _languages(a: Instrument, b: Instrument) -> Iterator[Change]:
    for tag in dict.fromkeys([*a.languages, *b.languages]):
        old, new = a.languages.get(tag), b.languages.get(tag)
        if (old.status if old else "") != (new.status if new else ""):
            yield Change(b.id, "translation", old.status if old else "", new.status if new else "", tag)


def _items(a: Instrument, b: Instrument) -> Iterator[Change]:
    old = {item.name: item for item in reversed(a.all_items)}
    new = {item.name: item for item in reversed(b.all_items)}
    gone = [name for name in a.names if name not in new]
    come = [name for name in b.names if name not in old]
    for name in a.names:
        if name in new:
            yield from _item(a, b, old[name], new[name])
            continue
        same = next((one for one in come if _same_question(a, b, old[name], new[one])), None)
        if same is None:
            yield Change(name, "removed", _shown(old[name].text) or name)
        else:
            come.remove(same)
            yield Change(same, "renamed", name, same)
            yield from _item(a, b, old[name], new[same], {name: same})
    assert not set(gone) & set(come)
    yield from (Change(name, "added", "", _shown(new[name].text) or name) for name in come)


def _same_question(a: Instrument, b: Instrument, old: Item, new: Item) -> bool:
    codes = [[choice.code for choice in form.choices_of(item)] for form, item in ((a, old), (b, new))]
    return bool(old.text) and (old.text, old.type, codes[0]) == (new.text, new.type, codes[1])


def _item(
    a: Instrument, b: Instrument, old: Item, new: Item, renamed: dict[str, str] | None = None
) -> Iterator[Change]:
    name = new.name
    plain: tuple[tuple[str, Callable[[Item], object]], ...] = (
        ("type", lambda item: item.type),
        ("unit", lambda item: item.unit),
        ("period", lambda item: item.reference_period),
        ("calculation", lambda item: _printed(item.calculation)),
        ("constraint", lambda item: _printed(item.constraint)),
        ("required", lambda item: item.required),
        ("sides", lambda item: " ".join(item.sides)),
    )
    for kind, get in plain:
        before, after = get(old), get(new)
        swapped = (renamed or {}).get(old.name)
        same = swapped is not None and re.sub(rf"\b{re.escape(old.name)}\b", swapped, _word(before)) == _word(
            after
        )
        if before != after and not same:
            yield Change(name, kind, _word(before), _word(after))
    yield from _routing(a, b, old, new)
    yield from _texts(name, old, new)
    yield from _codes(name, a.choices_of(old), b.choices_of(new))


def _word(value: object) -> str:
    return "" if value is None or value is False else "true" if value is True else str(value)


def _routing(a: Instrument, b: Instrument, old: Item, new: Item) -> Iterator[Change]:
    before, after = _conditions(a, old), _conditions(b, new)
    if set(before) != set(after):
        yield Change(new.name, "routing", " and ".join(before), " and ".join(after))


def _conditions(form: Instrument, item: Item) -> list[str]:
    """Return the conditions on the way to an item, printed alike however they were written."""
    way: tuple[Item | Block, ...] = (*form.around(item.name), item)
    formulas = [one.ask_if for one in way if one.ask_if] + (
        [item.choice_filter] if item.choice_filter else []
    )
    return [_printed(one) for one in formulas]


def _printed(formula: Formula | None) -> str:
    """Return a formula the same however it was written."""
    return str(formula.expression or formula.text) if formula else ""


def _texts(name: str, old: Item, new: Item) -> Iterator[Change]:
    for side in ("", *dict.fromkeys([*old.wording, *new.wording])):
        before, after = old.text_for(side or None), new.text_for(side or None)
        for lang, was, now in _differing(before, after):
            kind = "period" if _periods(was) != _periods(now) else "wording"
            yield Change(name, kind, was, now, f"{lang}, {side}" if side else lang)
    for key in ("hint", "guidance"):
        for lang, was, now in _differing(getattr(old, key), getattr(new, key), missing=True):
            yield Change(name, "hint", was, now, lang)


def _differing(before: Text, after: Text, missing: bool = False) -> Iterator[tuple[str, str, str]]:
    """Yield language, before, after where both have a wording and the two differ beyond white space."""
    for lang in dict.fromkeys([*before, *after]):
        was, now = before.get_in(lang) if lang in before else "", after.get_in(lang) if lang in after else ""
        if ((was and now) or missing) and " ".join(was.split()) != " ".join(now.split()):
            yield lang, was, now


def _periods(wording: str) -> list[str]:
    found = [match.lower().split() for match in _PERIOD.findall(wording)]
    return [" ".join(word for word in words if word not in _NEUTRAL) for words in found]


def _codes(name: str, before: tuple[Choice, ...], after: tuple[Choice, ...]) -> Iterator[Change]:
    old = {choice.code: choice for choice in before}
    new = {choice.code: choice for choice in after}
    if set(old) != set(new):
        yield Change(
            name, "codes", _listed(c for c in old if c not in new), _listed(c for c in new if c not in old)
        )
    shared = [code for code in old if code in new]
    if shared != [code for code in new if code in old]:
        yield Change(name, "order of codes", _listed(old), _listed(new))
    for code in shared:
        if old[code].missing != new[code].missing:
            yield Change(
                name, "missing", f"{code} {old[code].missing or ''}", f"{code} {new[code].missing or ''}"
            )
        for lang, was, now in _differing(old[code].label, new[code].label):
            yield Change(name, "label", f"{code} {was}", f"{code} {now}", lang)


def _listed(codes: Iterable[str]) -> str:
    return " ".join(codes)


def _blocks(a: Instrument, b: Instrument) -> Iterator[Change]:
    old = {block.name: block for block in a.blocks if block.kind == "repeat"}
    for block in b.blocks:
        if block.name in old:
            before, after = ((str(one.count or ""), one.at_most) for one in (old[block.name], block))
            if before != after:
                shown = [f"{count} ≤ {most}" if most else count for count, most in (before, after)]
                yield Change(block.name, "repeat", *shown)


def _order(a: Instrument, b: Instrument) -> Iterator[Change]:
    asked = {item.name for item in a.questions} & {item.name for item in b.questions}
    old, new = ([name for name in form.names if name in asked] for form in (a, b))
    if old != new:
        moved = next(name for name, other in zip(old, new, strict=True) if name != other)
        yield Change(moved, "order", " ".join(old[:12]), " ".join(new[:12]))


def _scores(a: Instrument, b: Instrument) -> Iterator[Change]:
    old, new = ({score.name: score for score in form.scores} for form in (a, b))
    for name in dict.fromkeys([*old, *new]):
        before, after = _recipe(old.get(name)), _recipe(new.get(name))
        if before != after:
            yield Change(name, "score", before, after)


def _recipe(score: Score | None) -> str:
    if score is None:
        return ""
    items = " ".join(f"-{name}" if name in score.reverse else name for name in score.items)
    least = f", at least {score.minimum_answered}" if score.minimum_answered else ""
    return f"{score.method}({items}){least}"


def _cell(words: str) -> str:
    return f'<td style="text-align:start">{escape(words)}</td>'


def _shown(text: Text) -> str:
    return text.get_in("en")
