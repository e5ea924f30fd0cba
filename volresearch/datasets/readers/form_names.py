"""Which column holds which answer: headers of a file matched to the items of a form.

A header is compared as a path, whatever parts it (``/``, ``.``, ``___``, ``[ ]``): whole, without some of the groups
before it, with more before it than the form knows, and at last as the words of a question in any language.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from volresearch.datasets.readers.form_slots import Slot, identifier
from volresearch.datasets.readers.form_versions import Place
from volresearch.text import Text

__all__ = ["Address", "Columns", "Matched", "folded", "home_of", "parted"]

#: Of four underscores REDCap means the last as the sign of a negative code: ``check____1`` is option -1.
_SEPARATOR = re.compile(r"[/.\[\]]+|___")
_LOOSE = re.compile(r"[^\w]+|___+")
_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d\u00a0", "''\"\" ")
_GEO = ("latitude", "longitude", "altitude", "precision")
_MEDIA = frozenset({"image", "audio", "video", "file"})
_SPECIFY = "Specify other."
_LOOSELY, _BY_LABEL = 1, 2

Parts = tuple[str, ...]


@dataclass(frozen=True)
class Address:
    """What a column holds of a place.

    ``part`` is ``answer``, ``option`` (one code of several), ``other`` (the words of "other"), ``rank``,
    ``comment``, ``latitude`` and its like, ``file`` or ``note``; ``code`` says of which option or rank.
    """

    place: Place
    part: str = "answer"
    code: str = ""


@dataclass
class Matched:
    """Columns that were recognized, and those that could be several things."""

    columns: dict[str, Address] = field(default_factory=dict)
    ambiguous: dict[str, tuple[str, ...]] = field(default_factory=dict)
    twice: dict[str, str] = field(default_factory=dict)
    by_label: list[str] = field(default_factory=list)


def parted(header: str) -> Parts:
    """Return a header in its parts.

    >>> parted("kids/kids_details[1]/age"), parted("check___1"), parted("Q1[SQ001]")
    (('kids', 'kids_details', '1', 'age'), ('check', '1'), ('Q1', 'SQ001'))
    """
    return tuple(part for part in _SEPARATOR.split(header.strip()) if part)


def folded(words: str) -> str:
    """Return words as labels are compared: without markup and curls of quotes, in one case, with single spaces.

    >>> folded("  <b>Don’t</b> know")
    "don't know"
    """
    plain = re.sub(r"<[^<>]*>|[*_#]{2,}", " ", words).translate(_QUOTES)
    return " ".join(plain.split()).casefold()


def _loose(header: str) -> Parts:
    return tuple(part for part in _LOOSE.split(header.casefold()) if part)


class Columns:
    """The places of a form, to be found by header."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.exact: dict[Parts, list[tuple[int, Address]]] = defaultdict(list)
        self.loose: dict[Parts, list[tuple[int, Address]]] = defaultdict(list)
        self.labels: dict[str, list[tuple[int, Address]]] = defaultdict(list)
        for place in places:
            for slot in place.slots.values():
                self._add(place, slot)

    def match(self, headers: Mapping[str, str], home: Parts) -> Matched:
        """Match the columns of a table, given their headers, to the places of the form.

        Parameters
        ----------
        headers : mapping of column to header
        home : tuple of str
            Path of the repeat that the table holds; empty for the main one.
        """
        ranked: dict[Address, list[tuple[tuple[int, ...], str]]] = defaultdict(list)
        out = Matched()
        unsure: dict[str, tuple[tuple[int, ...], list[Address]]] = {}
        for column, header in headers.items():
            rank, found = self._best(header, column, home)
            if not found and (first := _numbered(header, headers)):
                rank, found = self._best(first, first, home)
                found = found if rank and rank[0] == _BY_LABEL else []
            if len(found) == 1:
                ranked[found[0]].append((rank, column))
            elif found:
                unsure[column] = (rank, found)
        self._in_order(unsure, ranked, out)
        self._further_options(headers, ranked, out)
        for address, claims in ranked.items():
            claims.sort(key=lambda claim: claim[0])
            out.columns[claims[0][1]] = address
            out.by_label += [claims[0][1]] if claims[0][0][0] == _BY_LABEL else []
            out.twice.update({column: claims[0][1] for _, column in claims[1:]})
        return out

    def _in_order(
        self,
        unsure: dict[str, tuple[tuple[int, ...], list[Address]]],
        ranked: dict[Address, list[tuple[tuple[int, ...], str]]],
        out: Matched,
    ) -> None:
        """Settle headers that are the words of several questions by their order, where there are as many of both."""
        groups: dict[tuple[Address, ...], list[str]] = defaultdict(list)
        for column, (rank, found) in unsure.items():
            groups[tuple(found) if rank[0] == _BY_LABEL else ()].append(column)
        for addresses, columns in groups.items():
            if addresses and len(addresses) == len(columns):
                for address, column in zip(addresses, columns, strict=True):
                    ranked[address].append((unsure[column][0], column))
            else:
                for column in columns:
                    out.ambiguous[column] = tuple("/".join(one.place.slot.path) for one in unsure[column][1])

    def _further_options(
        self,
        headers: Mapping[str, str],
        ranked: dict[Address, list[tuple[tuple[int, ...], str]]],
        out: Matched,
    ) -> None:
        """Take columns of options that the form does not list, beside those of options that it does."""
        split = {address.place for address in ranked if address.part == "option"}
        taken = {column for claims in ranked.values() for _, column in claims} | set(out.ambiguous)
        for column, header in headers.items():
            *before, code = parted(header) if column not in taken else ("",)
            fits = self.exact.get(tuple(before), ()) if before else ()
            places = {one.place for _, one in fits if one.part == "answer" and _open(one.place, split)}
            if len(places) == 1:
                ranked[Address(places.pop(), "option", code)].append(((0,), column))

    def _best(self, header: str, column: str, home: Parts) -> tuple[tuple[int, ...], list[Address]]:
        """Return the addresses that fit a header best, and how well (lower is better)."""
        # LimeSurvey may put the words of the question behind its code: "Q1. How old are you?"
        for words in dict.fromkeys((header, column, header.split(". ")[0])):
            for tier, index, parts in ((0, self.exact, parted(words)), (_LOOSELY, self.loose, _loose(words))):
                found = self._ranked(index, parts, home, tier)
                if found[1]:
                    return found
            labelled = self.labels.get(folded(words), [])
            if labelled:
                return _lowest([((_BY_LABEL, 0, _away(one, home), lost), one) for lost, one in labelled])
        return (), []

    @staticmethod
    def _ranked(
        index: Mapping[Parts, list[tuple[int, Address]]], parts: Parts, home: Parts, tier: int
    ) -> tuple[tuple[int, ...], list[Address]]:
        for before in range(len(parts) if tier == 0 else min(1, len(parts))):
            fits = [
                ((tier, before, _away(one, home), lost), one)
                for lost, one in index.get(parts[before:], ())
                # Of another table than this only the whole path is believed.
                if not _away(one, home) or (lost == 0 and before == 0 and len(parts) > 1)
            ]
            if fits:
                return _lowest(fits)
        return (), []

    def _add(self, place: Place, slot: Slot) -> None:
        for path, part, code in _addresses(slot):
            address = Address(place, part, code)
            tail = 2 if part in {"option", "rank", "comment"} and len(path) > 1 else 1
            for lost in range(len(path) - tail + 1):
                for index, split in ((self.exact, parted), (self.loose, _loose)):
                    key = tuple(piece for name in path[lost:] for piece in split(name))
                    entry = (lost, address)
                    if key and entry not in index[key]:
                        index[key].append(entry)
        for lost, words, part, code in _worded(slot):
            named = (lost, Address(place, part, code))
            if named not in self.labels[words]:
                self.labels[words].append(named)


def home_of(name: str, headers: Collection[str], places: Collection[Place], main: bool) -> Parts:
    """Return the path of the repeat that a table holds, by its name, else by the whole paths of its headers."""
    repeats = list(
        dict.fromkeys(slot.repeat for place in places for slot in place.slots.values() if slot.repeat)
    )
    if not main:
        parts = parted(name)
        fits = [repeat for repeat in repeats if _whole(repeat)[-len(parts) :] == parts]
        fits = fits or [
            repeat for repeat in repeats if identifier("/".join(repeat)).endswith(identifier(name))
        ]
        if len(fits) == 1:
            return fits[0]
    known = [(repeat, _whole(repeat)) for repeat in repeats]
    votes: dict[Parts, int] = defaultdict(int)
    for header in headers:
        parts = parted(header)
        inside = [
            repeat for repeat, whole in known if len(parts) > len(whole) and parts[: len(whole)] == whole
        ]
        votes[max(inside, key=len, default=())] += 1
    inner = {repeat: n for repeat, n in votes.items() if repeat}
    # A flat file has answers of the main table beside those of a repeat.
    outer = {_whole(place.slot.path) for place in places if not place.repeat}
    if not inner or (main and any(parted(header) in outer for header in headers)):
        return ()
    return max(inner, key=lambda repeat: inner[repeat])


def _numbered(header: str, headers: Mapping[str, str]) -> str:
    """Return the words that stand in the header several times, of a later one that readers have given a number."""
    first, _, number = header.rpartition("_")
    return first if first and number.isdigit() and first in headers.values() else ""


def _open(place: Place, split: Collection[Place]) -> bool:
    """Whether a question may have more options than the form lists: it has columns for some, or lists none."""
    return place in split or (place.slot.many and not place.codes)


def _whole(path: Parts) -> Parts:
    return tuple(piece for name in path for piece in parted(name))


def _away(address: Address, home: Parts) -> int:
    return int(all(slot.repeat != home for slot in address.place.slots.values()))


def _lowest(fits: Sequence[tuple[tuple[int, ...], Address]]) -> tuple[tuple[int, ...], list[Address]]:
    best = min(rank for rank, _ in fits)
    found = list(dict.fromkeys(address for rank, address in fits if rank == best))
    # "x_other" may be an item of its own, beside the words of "other" that the form adds to "x".
    answers = [address for address in found if address.part == "answer"]
    return best, answers if len(answers) == 1 else found


def _addresses(slot: Slot) -> Iterator[tuple[Parts, str, str]]:
    """Yield every way in which a column of an item is called: path, part, code."""
    own, before = slot.path[-1], slot.path[:-1]
    if slot.variable is None:
        yield slot.path, "note", ""
        return
    yield slot.path, "answer", ""
    if slot.many:
        other = slot.item.other_specify.code if slot.item.other_specify else None
        for code in slot.codes:
            if code == other and "limesurvey_type" in slot.item.extras:
                continue  # this column holds the words of "other"
            for said in dict.fromkeys((code, re.sub(r"\W", "_", code.lower()))):
                yield (*slot.path, said), "option", code
    if slot.item.type == "ranking":
        for number in range(1, len(slot.codes) + 1):
            yield (*slot.path, str(number)), "rank", str(number)
    if slot.other is not None:
        yield (*before, f"{own}_other"), "other", ""
    if slot.item.type == "geopoint":
        for part in _GEO:
            yield (*before, f"_{own}_{part}"), part, ""
            yield (*slot.path, part.capitalize()), part, ""
            yield (*before, f"{own}-{part.capitalize()}"), part, ""
    if slot.item.type in _MEDIA:
        yield (*before, f"{own}_URL"), "file", ""
    if "limesurvey_type" in slot.item.extras:
        from volresearch.datasets.readers.limesurvey import addresses  # it names the parts of this module

        yield from addresses(slot)


def _worded(slot: Slot) -> Iterator[tuple[int, str, str, str]]:
    """Yield the headers of an item where an export has labels for names: groups lost, words, part, code."""
    part = "note" if slot.variable is None else "answer"
    for tag, question in slot.item.text.items():
        groups = [_said(block.text, tag) or block.name for block in slot.around]
        for lost in range(len(groups) + 1):
            for mark in ("/", "."):
                head = mark.join([*groups[lost:], question])
                yield lost, folded(head), part, ""
                if slot.other is not None:  # the hidden question that or_other adds, as forms call it
                    yield lost, folded(mark.join([*groups[lost:], _SPECIFY])), "other", ""
                if slot.item.type in _MEDIA:
                    yield lost, folded(f"{head}_URL"), "file", ""
                for end in _GEO if slot.item.type == "geopoint" else ():
                    yield lost, folded(mark.join([*groups[lost:], f"_{question}_{end}"])), end, ""
                for choice in slot.choices if slot.many else ():
                    label = _said(choice.label, tag) or choice.code
                    yield lost, folded(f"{head}{mark}{label}"), "option", choice.code
                    if lost == len(groups) and mark == "/":  # as REDCap says it
                        yield lost, folded(f"{head} (choice={label})"), "option", choice.code


def _said(text: Text, tag: str) -> str:
    return text.get(tag, "") or text.get("und", "")
