"""Headers as paths through the groups of a form, taken apart.

Tools write one question in many ways: ``household/members/age``, ``members[1]/age``, ``household.members.age``,
``household-members-age``. A name may hold a dot or a hyphen itself (``tel/tel.office``): which mark separates is told by
all headers of a table together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["indexed", "parts", "plain", "separator_of"]

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
    paths = tuple(plain(header[: one.end()] + "/")[:-1] for one in found)
    if not all(path and not path.endswith(("/", ".")) for path in paths):
        return (), ()  # a number that no repeat stands before
    return paths, tuple(int(one[1]) for one in found)
