"""Areas that figures are about: countries, former countries, subdivisions and named groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from volresearch.errors import VolResearchError, near
from volresearch.text import Text

__all__ = ["Area", "Areas", "wordings"]


@dataclass(frozen=True)
class Area:
    """One area: its code (ISO 3166-1 alpha-3, 3166-3, 3166-2, or the name of a group) and its names."""

    code: str
    kind: str
    name: Text
    iso2: str = ""
    m49: str = ""
    note: str = ""

    @classmethod
    def of(cls, row: Mapping[str, str]) -> Area:
        """Read one row of ``areas.csv``."""
        words = wordings(row, "name")
        return cls(
            row["area"], row["kind"], words, row.get("iso2", ""), row.get("m49", ""), row.get("note", "")
        )


@dataclass(frozen=True)
class Areas:
    """All known areas; found by code, by ISO alpha-2 code or by name in any language.

    >>> areas = Areas.of([Area("PER", "country", Text({"en": "Peru", "es": "Perú"}), "PE")])
    >>> areas.find("perú").code
    'PER'
    """

    by_code: Mapping[str, Area]
    _by_name: Mapping[str, str] = field(repr=False, default_factory=dict)

    @classmethod
    def of(cls, areas: Iterable[Area]) -> Areas:
        """Make them findable."""
        by_code: dict[str, Area] = {}
        by_name: dict[str, str] = {}
        for area in areas:
            by_code[area.code] = area
            for name in filter(None, (area.iso2, *area.name.values())):
                by_name.setdefault(name.casefold(), area.code)
        return cls(by_code, by_name)

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def __iter__(self) -> Iterator[Area]:
        return iter(self.by_code.values())

    def __getitem__(self, code: str) -> Area:
        return self.by_code[code]

    def find(self, said: str) -> Area:
        """Return the area that has this code or name.

        Raises
        ------
        VolResearchError
            ``facts.unknown_area`` with the nearest codes or names.
        """
        code = said if said in self.by_code else said.upper()
        code = code if code in self.by_code else self._by_name.get(said.casefold(), "")
        if not code:
            known = [*self.by_code, *(area.name.get_in("en") for area in self)]
            raise VolResearchError(
                "facts.unknown_area", f'No area has the code or name "{said}".', hint=_hint(said, known)
            )
        return self.by_code[code]


def wordings(row: Mapping[str, str], prefix: str) -> Text:
    """Return the cells ``<prefix>_<language>`` of a row as a `Text`."""
    start = f"{prefix}_"
    return Text(
        {key.removeprefix(start): cell for key, cell in row.items() if key.startswith(start) and cell}
    )


def _hint(said: str, known: list[str]) -> str:
    hint = near(said, known)
    if hint.startswith("Did you mean"):
        return hint
    return "Use a code of ISO 3166-1 (PER, CHN), a group such as WORLD, or the area's name."
