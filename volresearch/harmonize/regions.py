"""Countries in any form (codes, names in six languages) to ISO 3166-1 alpha-3; what is not certain is never guessed.

``NA`` is Namibia: nothing here reads it as missing. Areas of boundary files that have no code (Northern Cyprus, Somaliland,
Kosovo) and states that were parted are reported, not put under a neighbour or successor.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from volresearch.datasets.areas import Areas
from volresearch.datasets.codebook import code_text
from volresearch.errors import VolResearchError, near
from volresearch.harmonize.crosswalk import Crosswalk, Rule
from volresearch.harmonize.memberships import spellings

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.datasets import Dataset

__all__ = ["AreaCodes", "area_codes", "area_crosswalk"]

#: Codes and short names that others use for a country, and that are no other country's.
_ALIASES = {
    "UK": "GBR", "EL": "GRC", "USA": "USA", "UAE": "ARE", "DR Congo": "COD", "DRC": "COD", "Ivory Coast": "CIV",
    "Burma": "MMR", "Swaziland": "SWZ", "Cape Verde": "CPV", "East Timor": "TLS", "Czech Republic": "CZE",
    "Hong Kong": "HKG", "Macao": "MAC", "Macau": "MAC", "Virgin Islands (British)": "VGB", "Virgin Islands (U.S.)": "VIR", "Macedonia": "MKD", "Holland": "NLD", "Great Britain": "GBR",
}  # fmt: skip
#: ISO 3166-3: the same country under a newer code.
_RENAMED = {
    "BUR": "MMR", "BU": "MMR", "ZAR": "COD", "ZR": "COD", "TMP": "TLS", "TP": "TLS", "BYS": "BLR", "Zaire": "COD", "HVO": "BFA",
    "HV": "BFA", "DHY": "BEN", "DY": "BEN", "RHO": "ZWE", "RH": "ZWE", "ROM": "ROU",
}  # fmt: skip
#: ISO 3166-3: parted or merged; no successor gets their figures.
_PARTED = {
    "SUN": "the Soviet Union", "SU": "the Soviet Union", "USSR": "the Soviet Union", "Soviet Union": "the Soviet Union",
    "CSK": "Czechoslovakia", "Czechoslovakia": "Czechoslovakia", "SCG": "Serbia and Montenegro",
    "Serbia and Montenegro": "Serbia and Montenegro", "ANT": "the Netherlands Antilles", "AN": "the Netherlands Antilles",
    "Netherlands Antilles": "the Netherlands Antilles", "DDR": "the German Democratic Republic",
    "YMD": "Democratic Yemen", "VDR": "the Democratic Republic of Viet-Nam",
}  # fmt: skip
#: Areas that boundary files draw and ISO 3166-1 has no code for.
_CODELESS = {
    "N. Cyprus": "Northern Cyprus", "Northern Cyprus": "Northern Cyprus", "Somaliland": "Somaliland", "Kosovo": "Kosovo",
    "XK": "Kosovo", "XKX": "Kosovo", "XKK": "Kosovo",
}  # fmt: skip
_NUMBER = re.compile(r"\d{1,3}(\.0+)?\Z", re.ASCII)
_SHOWN = 20


@dataclass(frozen=True)
class AreaCodes:
    """What every spelling was recognized as.

    Attributes
    ----------
    codes : mapping of str to str
        Spelling -> ISO 3166-1 alpha-3 (or the code of a former state, a subdivision), where it is certain.
    unknown : mapping of str to str
        Spelling -> why it has no code.
    counts : mapping of str to int
        Spelling -> how often it stands there.
    """

    codes: Mapping[str, str]
    unknown: Mapping[str, str]
    counts: Mapping[str, int]

    @property
    def table(self) -> pd.DataFrame:
        """One row a spelling: ``said, code, n, why``."""
        import pandas as pd

        rows = [
            [said, self.codes.get(said, ""), n, self.unknown.get(said, "")] for said, n in self.counts.items()
        ]
        return pd.DataFrame(rows, columns=["said", "code", "n", "why"])


def area_codes(values: Iterable[Any], *, unknown: str = "refuse", areas: Areas | None = None) -> AreaCodes:
    """Recognize countries: alpha-2, alpha-3, M49 numbers with or without leading zeros, names in six languages.

    Parameters
    ----------
    values : iterable
        A column; missing values (None, NaN) are passed over, the text ``NA`` is Namibia.
    unknown : str
        ``refuse`` lists every spelling that is not recognized with its count; ``report`` returns them in ``.unknown``.
    areas : Areas, optional
        The table of areas; that of the core and its plugins unless given.

    Raises
    ------
    VolResearchError
        ``harmonize.area``.

    Examples
    --------
    >>> dict(area_codes(["NA", "pe", "116", "4", "Côte d'Ivoire", "Perú"]).codes)
    {'NA': 'NAM', 'pe': 'PER', '116': 'KHM', '4': 'AFG', "Côte d'Ivoire": 'CIV', 'Perú': 'PER'}
    """
    if unknown not in {"refuse", "report"}:
        raise VolResearchError(
            "harmonize.area", f'There is no unknown="{unknown}".', hint=near(unknown, ["refuse", "report"])
        )
    table = areas or _areas()
    index = _index(table)
    counts: dict[str, int] = {}
    for value in values:
        if value is None or value != value or not (said := _said(value)):
            continue
        counts[said] = counts.get(said, 0) + 1
    codes: dict[str, str] = {}
    lost: dict[str, str] = {}
    for said in counts:
        code, why = _recognized(said, table, index)
        if code:
            codes[said] = code
        else:
            lost[said] = why
    if lost and unknown == "refuse":
        raise _refused(lost, counts)
    return AreaCodes(codes, lost, counts)


def area_crosswalk(
    dataset: Dataset, variable: str, into: str = "country", *, unknown: str = "refuse", table: str = ""
) -> Crosswalk:
    """Return a crosswalk from a variable that names countries to their ISO 3166-1 alpha-3 codes.

    Parameters
    ----------
    dataset : Dataset
    variable : str
        Its codes, or the labels of its codes, name countries.
    into : str
        Name of the new variable.
    unknown : str
        ``refuse``, or ``report``: what is not recognized becomes missing (``invalid``), with the reason in the note.
    table : str
        The linked table of the variable.

    Returns
    -------
    Crosswalk
        To be used as it is (`harmonize`), or written (`Crosswalk.to_csv`) and reviewed first.

    Examples
    --------
    >>> import volresearch as vr
    >>> people = vr.dataset("core.vol_work_synthetic")
    >>> area_crosswalk(people, "area", unknown="report").rules[0].target_code
    'missing:invalid'
    """
    from volresearch.harmonize.counting import counts_of

    found = dataset.codebook.find(variable, table)
    counts = counts_of(dataset.tables[table or dataset.main], found)
    codes = [code for code in {**dict.fromkeys(found.labels), **counts} if code not in found.missing]
    # A code such as 1 or 2 is a number of a list where it has a label, and the label names the country.
    said = {code: found.labels[code].get_in("en", code) if code in found.labels else code for code in codes}
    repeated = [said[code] for code in codes for _ in range(max(counts.get(code, 0), 1))]
    known = area_codes(repeated, unknown=unknown)
    names = _areas()
    rules = []
    for code in codes:
        spelled = _said(said[code])
        iso = known.codes.get(spelled, "")
        rules.append(
            Rule(
                source_dataset=dataset.id, source_table=table, source_variable=variable, source_code=code,
                target_variable=into, target_code=iso or "missing:invalid", source_label=said[code],
                target_label=names[iso].name if iso else Rule("", "", "", "").target_label,
                note=known.unknown.get(spelled, ""),
            )
        )  # fmt: skip
    return Crosswalk(tuple(rules), f"countries of {variable}")


def _said(value: Any) -> str:
    return (
        code_text(value)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else str(value).strip()
    )


def _recognized(said: str, areas: Areas, index: Mapping[str, str]) -> tuple[str, str]:
    """Return the code of a spelling, or why it has none."""
    if _NUMBER.match(said):
        code = index.get(f"{int(float(said)):03d}", "")
        return code, "" if code else "no country has this number in M49"
    folded = _folded(said)
    for table, why in (
        (_CODELESS, "{} has no code in ISO 3166-1"),
        (_PARTED, "{} is no country any more, and no successor gets its figures"),
    ):
        hit = {_folded(key): name for key, name in table.items()}.get(folded)
        if hit and said.upper() not in areas.by_code:
            return "", why.format(hit)
    code = index.get(folded) or index.get(_folded(_turned(said)), "")
    if code == _AMBIGUOUS:
        return "", "several areas are called so"
    if code and areas[code].kind == "group":
        return "", f"{areas[code].name.get_in('en')} is a group of countries"
    if code:
        return code, ""
    hint = near(said, [area.name.get_in("en") for area in areas if area.kind != "group"])
    return "", hint if hint.startswith("Did you mean") else "no area has this code or name"


_AMBIGUOUS = "?"


def _turned(said: str) -> str:
    """Return ``Korea, Republic of`` as ``Republic of Korea``."""
    first, comma, rest = said.partition(",")
    return f"{rest} {first}" if comma else said


def _index(areas: Areas) -> dict[str, str]:
    """Return every folded code and name -> code; what is the name of two areas belongs to neither."""
    out: dict[str, str] = {}
    for area in areas:
        if area.m49 and area.kind in {"country", "former"}:
            out[area.m49.zfill(3)] = area.code
    for area in areas:  # codes go before names: NA is Namibia whatever else is called so
        for code in (area.code, area.iso2):
            if code:
                out[_folded(code)] = area.code
    codes = set(out)
    for area in areas:
        for name in (*area.name.values(), *_cldr_names(area.iso2)):
            key = _folded(name)
            if key in codes:
                continue
            out[key] = area.code if out.get(key, area.code) == area.code else _AMBIGUOUS
    for code, name in spellings():
        key = _folded(name)
        if code in areas and key not in codes:
            out[key] = code if out.get(key, code) == code else _AMBIGUOUS
    for table in (_ALIASES, _RENAMED):
        for said, code in table.items():
            if code in areas:
                out.setdefault(_folded(said), code)
    return out


@cache
def _cldr_names(iso2: str) -> tuple[str, ...]:
    """Names that the reviewed ones go before: still what people write."""
    from babel import Locale

    from volresearch.text import LANGUAGES

    tags = [tag for tag in (*LANGUAGES, "ar", "km", "pt") if tag]
    return (
        tuple(str(Locale.parse(tag).territories.get(iso2, "")) for tag in dict.fromkeys(tags)) if iso2 else ()
    )


def _folded(words: str) -> str:
    """Return words without case, accents of Latin letters, punctuation and doubled spaces."""
    text = unicodedata.normalize("NFKD", words).casefold().replace("&", " and ")
    kept: list[str] = []
    for sign in text:
        # A mark above a Latin letter is an accent; in Khmer or Arabic it is part of the word.
        if unicodedata.combining(sign) and kept and "LATIN" in unicodedata.name(kept[-1], ""):
            continue
        kept.append(sign if unicodedata.category(sign)[0] in "LMN" else " ")
    return " ".join("".join(kept).split())


@cache
def _areas() -> Areas:
    from volresearch.catalog import default_catalog

    return default_catalog().facts().areas


def _refused(lost: Mapping[str, str], counts: Mapping[str, int]) -> VolResearchError:
    listed = [f'"{said}" ({counts[said]:,}): {why}' for said, why in list(lost.items())[:_SHOWN]]
    more = f"; and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
    return VolResearchError(
        "harmonize.area",
        f"{len(lost)} spellings are no country that is known here.",
        expected="ISO 3166-1 codes, M49 numbers, or names in English, Spanish, French, Chinese, Khmer or Arabic",
        got="; ".join(listed) + more,
        hint='Mend them, write a crosswalk, or say unknown="report".',
    )
