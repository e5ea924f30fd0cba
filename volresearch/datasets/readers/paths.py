"""Headers as paths through the groups of a form: taken apart, and matched with the paths of a form's questions.

Tools write one question in many ways: ``household/members/age``, ``members/age``, ``age``, ``household.members.age``,
``household-members-age``. A name may hold a dot or a hyphen itself (``tel/tel.office``), so that no cut of the header
alone is right: a header is compared with the tails of a path, whatever stands between the steps.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

__all__ = [
    "TAIL",
    "WHOLE",
    "Matched",
    "indexed",
    "match",
    "matched",
    "parts",
    "plain",
    "separator_of",
    "tails",
]

#: How well a header fits a path, see `match`.
WHOLE, TAIL, LONGER = 3, 2, 1

_BETWEEN = re.compile(r"___|[/.\-:]")
_NUMBER = re.compile(r"\[(\d+)\](?=[/.\-])")
_SLASH = re.compile(r"(?<=[^\s/])/(?=[^\s/])")


def separator_of(headers: Iterable[str]) -> str:
    """Return what stands between the steps of the headers of one table: ``/``, ``.``, ``-``, or nothing.

    A slash in any header decides it: dots and hyphens are parts of names then.

    >>> separator_of(["tel/tel.office", "age"]), separator_of(["profile.age", "start"]), separator_of(["age"])
    ('/', '.', '')
    """
    names = list(headers)
    if any(_SLASH.search(name) for name in names):
        return "/"
    # ODK Central puts hyphens between groups; "meta-instanceID" stands in every one of its files.
    if any(name in {"meta-instanceID", "meta-instanceName"} for name in names):
        return "-"
    return "." if any(re.search(r"\w\.\w", name) for name in names) else ""


def parts(header: str, separator: str | None = None) -> tuple[str, ...]:
    """Return the steps of a header, without the numbers of repeats.

    Parameters
    ----------
    header : str
    separator : str, optional
        What stands between steps in this table (see `separator_of`); told by the header alone unless given.

    >>> parts("kids/kids_details[1]/immunization[2]/info")
    ('kids', 'kids_details', 'immunization', 'info')
    >>> parts("tel/tel.office")
    ('tel', 'tel.office')
    """
    between = separator_of([header]) if separator is None else separator
    bare = plain(header)
    steps = bare.split(between) if between else [bare]
    return tuple(steps) if all(steps) else (bare,)


def plain(header: str) -> str:
    """Return a header without the numbers of repeats.

    >>> plain("bed_net[1]/member[2]/name")
    'bed_net/member/name'
    """
    return _NUMBER.sub("", header)


def indexed(header: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the paths of the repeats that a header stands in, outer first, and its number in each of them.

    >>> indexed("kids/kid[1]/shot[2]/name")
    (('kids/kid', 'kids/kid/shot'), (1, 2))
    >>> indexed("kids/name")
    ((), ())
    """
    found = list(_NUMBER.finditer(header))
    return tuple(plain(header[: one.end()] + "/")[:-1] for one in found), tuple(int(one[1]) for one in found)


def tails(header: str, separator: str | None = None) -> tuple[str, ...]:
    """Return a header and what is left of it when groups are stripped, longest first.

    >>> tails("household/members[1]/age")
    ('household/members/age', 'members/age', 'age')
    """
    between = separator_of([header]) if separator is None else separator
    steps = parts(header, between)
    return tuple(between.join(steps[at:]) for at in range(len(steps)))


def match(header: str, path: str) -> int:
    """Return how well a header fits the path of a question (steps with ``/`` between them).

    Returns
    -------
    int
        `WHOLE` (3): the whole path, whatever stands between the steps. `TAIL` (2): groups were stripped, all or
        some. `LONGER` (1): the header has more in front than the path. 0: another question.

    >>> match("household.members.age", "household/members/age"), match("age", "household/members/age")
    (3, 2)
    >>> match("data/age", "age"), match("name", "first-name")
    (1, 0)
    """
    wanted = _key(plain(header))
    steps = path.split("/")
    if wanted == _key(path):
        return WHOLE
    if any(wanted == _key("/".join(steps[at:])) for at in range(1, len(steps))):
        return TAIL
    whole = _key(path)
    return LONGER if len(wanted) > len(whole) and wanted[-len(whole) :] == whole else 0


@dataclass(frozen=True)
class Matched:
    """Which header is which question.

    Attributes
    ----------
    pairs : dict of str to str
        Header to path.
    ambiguous : dict of str to tuple of str
        A header that fits several paths equally well, with these: it stands in `pairs` only where another header
        took the others.
    twice : dict of str to tuple of str
        A path that several headers fit equally well, with these; the first of them stands in `pairs`.
    """

    pairs: dict[str, str] = field(default_factory=dict)
    ambiguous: dict[str, tuple[str, ...]] = field(default_factory=dict)
    twice: dict[str, tuple[str, ...]] = field(default_factory=dict)


def matched(headers: Sequence[str], paths: Sequence[str]) -> Matched:
    """Match the headers of one table with the paths of its questions: whole paths first, then tails.

    A header is given to one path, a path to one header. What fits several is told, never chosen by chance.

    >>> found = matched(["hh/age", "age"], ["hh/age", "child/age"])
    >>> found.pairs, found.ambiguous
    ({'hh/age': 'hh/age', 'age': 'child/age'}, {})
    >>> matched(["age"], ["hh/age", "child/age"]).ambiguous
    {'age': ('hh/age', 'child/age')}
    """
    out = Matched()
    places = _places(paths)
    fits = {header: _fits(header, places) for header in headers}
    taken: set[str] = set()
    for rank in (WHOLE, TAIL, LONGER):
        offers = {
            header: [path for path in fits[header].get(rank, ()) if path not in taken]
            for header in headers
            if header not in out.pairs
        }
        wanted = Counter(path for some in offers.values() if len(some) == 1 for path in some)
        for header, some in offers.items():
            if len(some) > 1 and not any(fits[header].get(better) for better in range(rank + 1, WHOLE + 1)):
                out.ambiguous[header] = tuple(some)
            if len(some) == 1 and some[0] not in taken:
                out.pairs[header] = some[0]
                out.ambiguous.pop(header, None)
                taken.add(some[0])
                if wanted[some[0]] > 1:
                    out.twice[some[0]] = tuple(one for one, other in offers.items() if other == some)
    return out


def _places(paths: Iterable[str]) -> dict[tuple[str, ...], dict[str, int]]:
    """Return every tail of every path, taken apart, with the paths that end so and how well."""
    out: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for path in dict.fromkeys(paths):
        steps = path.split("/")
        for at in range(len(steps)):
            out[_key("/".join(steps[at:]))].setdefault(path, WHOLE if at == 0 else TAIL)
    return out


def _fits(header: str, places: dict[tuple[str, ...], dict[str, int]]) -> dict[int, list[str]]:
    key = _key(plain(header))
    out: dict[int, list[str]] = defaultdict(list)
    for path, rank in places.get(key, {}).items():
        out[rank].append(path)
    for at in range(1, len(key)):
        for path, rank in places.get(key[at:], {}).items():
            if rank == WHOLE and path not in out[LONGER]:
                out[LONGER].append(path)
        if out[LONGER]:
            break
    return out


def _key(path: str) -> tuple[str, ...]:
    return tuple(_BETWEEN.split(path))
