"""Groups of countries with their dates: who belonged to the least developed countries on a given day, and who says so."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from volresearch.datasets.files import rows_from
from volresearch.datasets.periods import Period, parse_period
from volresearch.errors import VolResearchError, Where, near
from volresearch.text import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Members", "Membership", "groups", "members", "spellings"]


@dataclass(frozen=True)
class Membership:
    """One country in one group.

    Attributes
    ----------
    start, end : Period or None
        When it came in, and when it was no member any more; a period of a year says no more than the year. None: not
        known, or (``end``) still in it.
    as_of : Period or None
        For when the source lists it.
    """

    group: str
    area: str
    start: Period | None
    end: Period | None
    as_of: Period | None
    source_id: str
    note: str = ""

    def on(self, day: datetime.date) -> bool | None:
        """Whether it was a member on a day; None where what is known does not tell."""
        if self.end and day >= self.end.end:
            return False
        if self.start and day < self.start.start:
            return False
        if self.end and day >= self.end.start:
            return None
        if self.start and day >= self.start.end:
            return True
        listed = self.as_of is not None and day >= self.as_of.start
        return True if listed and (self.start is None or day >= self.start.end) else None


@dataclass(frozen=True)
class Members:
    """The members of a group on a day; iterates over their codes.

    Attributes
    ----------
    areas : tuple of str
        ISO 3166-1 alpha-3 codes, sorted.
    unknown : tuple of str
        Areas of which the sources do not tell whether they were members on that day.
    sources : tuple of str
        Title, publisher and year of what it rests on.
    notes : tuple of str
        What a reader has to know.
    """

    group: str
    name: Text
    on: str
    areas: tuple[str, ...]
    unknown: tuple[str, ...]
    sources: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[str]:
        return iter(self.areas)

    def __len__(self) -> int:
        return len(self.areas)

    def __contains__(self, area: object) -> bool:
        return area in self.areas

    def __repr__(self) -> str:
        more = f", not known of {len(self.unknown)}" if self.unknown else ""
        return f"<Members of {self.group} on {self.on}: {len(self)}{more}>"


def members(group: str, on: str | datetime.date | None = None, *, unknown: str = "refuse") -> Members:
    """Return which countries belonged to a group on a day.

    Parameters
    ----------
    group : str
        Code of a group (`groups`): ``G77, LDC, LLDC, SIDS``, ``M49_202`` and other regions of M49, ``WB_LOW,
        WB_LOWER_MIDDLE, WB_UPPER_MIDDLE, WB_HIGH``; or its name in any of its languages.
    on : str or date, optional
        A day, ``2024-01-01``. Left out: as the sources list it now.
    unknown : str
        Where the sources do not tell of a country: ``refuse`` says so, ``leave_out`` lists it in ``.unknown``.

    Returns
    -------
    Members

    Raises
    ------
    VolResearchError
        ``harmonize.area`` for an unknown group, a day that cannot be read, or countries of which nothing is known.

    Examples
    --------
    >>> "BTN" in members("LDC", on="2023-01-01"), "BTN" in members("LDC", on="2024-01-01")
    (True, False)
    """
    names, rows, sources = _tables()
    code = _code(group, names)
    own = [row for row in rows if row.group == code]
    day = _day(on)
    if day is None:
        ends = max((row.as_of.end for row in own if row.as_of), default=datetime.date.max)
        inside = [row for row in own if row.end is None or row.end.start > ends]
        lost: list[Membership] = []
    else:
        inside = [row for row in own if row.on(day)]
        lost = [row for row in own if row.on(day) is None]
    if lost and unknown == "refuse":
        raise _not_known(code, names[code], str(on), [row.area for row in lost])
    used = dict.fromkeys(name for row in own for name in row.source_id.split(" ; "))
    return Members(
        code,
        names[code],
        str(on or "now"),
        tuple(sorted({row.area for row in inside})),
        tuple(sorted({row.area for row in lost})),
        tuple(_cited(sources[name]) for name in used),
        tuple(_notes(own, day, [sources[name] for name in used])),
    )


def groups(lang: str = "en") -> pd.DataFrame:
    """Return the groups that are known: ``group, name, members`` (as listed now), ``as_of, sources``."""
    import pandas as pd

    names, rows, _ = _tables()
    out = []
    for code, name in names.items():
        own = [row for row in rows if row.group == code]
        as_of = sorted({row.as_of.text for row in own if row.as_of})
        sources = dict.fromkeys(one for row in own for one in row.source_id.split(" ; "))
        out.append([code, name.get_in(lang), len(members(code)), ", ".join(as_of), ", ".join(sources)])
    return pd.DataFrame(out, columns=["group", "name", "members", "as_of", "sources"])


def _not_known(code: str, name: Text, on: str, areas: list[str]) -> VolResearchError:
    return VolResearchError(
        "harmonize.area",
        f"Whether they belonged to {code} ({name.get_in('en')}) on {on} is not known of some countries.",
        got=", ".join(sorted(areas)[:20]) + (" and others" if len(areas) > 20 else ""),
        hint='Choose a later day, or list them apart with unknown="leave_out".',
    )


def _notes(
    own: list[Membership], day: datetime.date | None, sources: list[Mapping[str, str]]
) -> Iterator[str]:
    last = max((row.as_of.end for row in own if row.as_of), default=None)
    if last and day and day > last:
        yield f"The list is as of {last.isoformat()}: what changed since is not in it."
    yield from dict.fromkeys(source["note"] for source in sources if source["note"])


def _code(group: str, names: Mapping[str, Text]) -> str:
    if group.upper() in names:
        return group.upper()
    for code, name in names.items():
        if group.casefold() in {word.casefold() for word in name.values()}:
            return code
    known = [*names, *(name.get_in("en") for name in names.values())]
    raise VolResearchError("harmonize.area", f'There is no group "{group}".', hint=near(group, known))


def _day(on: str | datetime.date | None) -> datetime.date | None:
    if on is None or isinstance(on, datetime.date):
        return on
    try:
        return datetime.date.fromisoformat(on)
    except ValueError:
        raise VolResearchError(
            "harmonize.area", f'"{on}" is no day.', expected="a day such as 2024-01-01"
        ) from None


def _cited(source: Mapping[str, str]) -> str:
    return f"{source['title']}. {source['publisher']}, {source['year']}. {source['address']}"


@cache
def spellings() -> tuple[tuple[str, str], ...]:
    """Return other spellings of countries as area and spelling, such as those of the M49 standard."""
    return tuple((row["area"], row["spelling"]) for row in _rows(_folder() / "spellings.csv"))


def _folder() -> Path:
    from volresearch.catalog import default_catalog

    return (default_catalog().record("datasets", "core.facts").path or Path()).parent / "groups"


@cache
def _tables() -> tuple[dict[str, Text], tuple[Membership, ...], dict[str, Mapping[str, str]]]:
    folder = _folder()
    names = {row["group"]: _named(row) for row in _rows(folder / "groups.csv")}
    rows = tuple(_membership(row) for row in _rows(folder / "memberships.csv"))
    return names, rows, {row["source_id"]: row for row in _rows(folder / "sources.csv")}


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        return rows_from(path.read_bytes(), path)
    except OSError as error:
        said = f"A table of groups cannot be opened: {error.strerror or error}."
        raise VolResearchError("declare.missing_file", said, where=Where(file=path.name)) from error


def _named(row: Mapping[str, str]) -> Text:
    return Text({key.removeprefix("name_"): word for key, word in row.items() if key != "group" and word})


def _membership(row: Mapping[str, str]) -> Membership:
    start, end, as_of = (parse_period(row[key]) if row[key] else None for key in ("from", "to", "as_of"))
    return Membership(row["group"], row["area"], start, end, as_of, row["source_id"], row["note"])
