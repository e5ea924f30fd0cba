"""Build groups/: which country belonged to which group, from when to when, and who says so.

For maintainers: ``python datasets/build_memberships.py FOLDER`` with a folder that holds ``country-codes.csv`` (M49
regions, LLDC, SIDS), ``UNSD-M49-<language>.csv`` (names of regions) and ``bblocks_concordance.csv`` (income levels). Facts are taken from them, row by row, with their
source; the files are not copied. What they do not have stands below: least developed countries with the years in which they
came in and left, and the Group of 77.

Columns: ``from`` and ``to`` are a day, a month or a year (``to``: when it was no member any more); an empty ``from`` is not
known, and ``as_of`` says for which day or year the source lists it.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = ("group", "area", "from", "to", "as_of", "source_id", "note")

LDC = """
AFG:1971-11-18 AGO:1994 BDI:1971-11-18 BEN:1971-11-18 BFA:1971-11-18 BGD:1975 BTN:1971-11-18:2023-12 BWA:1971-11-18:1994-12
CAF:1975 COD:1991 COM:1977 CPV:1977:2007-12 DJI:1982 ERI:1994 ETH:1971-11-18 GIN:1971-11-18 GMB:1975 GNB:1981
GNQ:1982:2017-06-04 HTI:1971-11-18 KHM:1991 KIR:1986 LAO:1971-11-18 LBR:1990 LSO:1971-11-18 MDG:1991
MDV:1971-11-18:2011-01-01 MLI:1971-11-18 MMR:1987 MOZ:1988 MRT:1986 MWI:1971-11-18 NER:1971-11-18 NPL:1971-11-18
RWA:1971-11-18 SDN:1971-11-18 SEN:2000 SLB:1991 SLE:1982 SOM:1971-11-18 SSD:2012 STP:1982:2024-12 TCD:1971-11-18 TGO:1982
TLS:2003 TUV:1986 TZA:1971-11-18 UGA:1971-11-18 VUT:1985:2020-12-04 WSM:1971-11-18:2014-01 YEM:1971-11-18 ZMB:1991
"""
G77_FOUNDERS = """
AFG DZA ARG BGD BEN BOL BRA BFA BDI KHM CMR CAF TCD CHL COL COG COD CRI DOM ECU EGY SLV ETH GAB GHA GTM GIN HTI HND IND IDN
IRN IRQ JAM JOR KEN KWT LAO LBN LBR LBY MDG MYS MLI MRT MAR MMR NPL NIC NER NGA PAK PAN PRY PER PHL RWA SAU SEN SLE SOM LKA
SDN SYR TZA THA TGO TTO TUN UGA URY VEN VNM YEM
"""
G77_LATER = """
AGO ATG AZE BHS BHR BRB BLZ BTN BWA BRN CPV CHN COM CUB CIV PRK DJI DMA GNQ ERI SWZ FJI GMB GRD GNB GUY KIR LSO MWI MDV MHL
MUS FSM MNG MOZ NAM NRU OMN PNG QAT KNA LCA VCT WSM STP SYC SGP SLB ZAF SSD PSE SUR TJK TLS TON TKM ARE VUT ZMB ZWE
"""
#: Founders that are counted as such under another state of the time, by the note of the row.
BANGLADESH = "counted among the founders by the article; independent since 1971"
INCOME = {
    "Low income": "WB_LOW",
    "Lower middle income": "WB_LOWER_MIDDLE",
    "Upper middle income": "WB_UPPER_MIDDLE",
    "High income": "WB_HIGH",
}
#: Names of groups other than M49 regions; the project's own words.
NAMES = {
    "G77": ("Group of 77", "Grupo de los 77", "Groupe des 77", "77国集团", "مجموعة ال 77"),
    "LDC": ("Least developed countries", "Países menos adelantados", "Pays les moins avancés", "最不发达国家", "أقل البلدان نموا"),
    "LLDC": ("Landlocked developing countries", "Países en desarrollo sin litoral", "Pays en développement sans littoral",
             "内陆发展中国家", "البلدان النامية غير الساحلية"),
    "SIDS": ("Small island developing States", "Pequeños Estados insulares en desarrollo",
             "Petits États insulaires en développement", "小岛屿发展中国家", "الدول الجزرية الصغيرة النامية"),
    "WB_LOW": ("Low income (World Bank)", "Ingreso bajo (Banco Mundial)", "Revenu faible (Banque mondiale)",
               "低收入（世界银行）", "دخل منخفض (البنك الدولي)"),
    "WB_LOWER_MIDDLE": ("Lower middle income (World Bank)", "Ingreso mediano bajo (Banco Mundial)",
                        "Revenu intermédiaire, tranche inférieure (Banque mondiale)", "中等偏下收入（世界银行）",
                        "شريحة دنيا من الدخل المتوسط (البنك الدولي)"),
    "WB_UPPER_MIDDLE": ("Upper middle income (World Bank)", "Ingreso mediano alto (Banco Mundial)",
                        "Revenu intermédiaire, tranche supérieure (Banque mondiale)", "中等偏上收入（世界银行）",
                        "شريحة عليا من الدخل المتوسط (البنك الدولي)"),
    "WB_HIGH": ("High income (World Bank)", "Ingreso alto (Banco Mundial)", "Revenu élevé (Banque mondiale)",
                "高收入（世界银行）", "دخل مرتفع (البنك الدولي)"),
}  # fmt: skip
#: Language -> the ending of the file of M49 names.
LANGUAGES = {"en": "en", "es": "es", "fr": "fr", "zh": "cn", "ar": "ar"}
M49 = ("Region Code", "Sub-region Code", "Intermediate Region Code")


def row(group: str, area: str, source: str, **more: str) -> dict[str, str]:
    """Return one row; what is not said is empty."""
    return {**dict.fromkeys(COLUMNS, ""), "group": group, "area": area, "source_id": source, **more}


def ldc() -> Iterator[dict[str, str]]:
    """Yield least developed countries, those that left too."""
    for item in LDC.split():
        area, start, *end = item.split(":")
        sources = "un_ldc" if not end else "un_ldc ; unctad_ldc"
        yield row("LDC", area, sources, **{"from": start, "to": end[0] if end else "", "as_of": "2024-12"})


def g77() -> Iterator[dict[str, str]]:
    """Yield the Group of 77 as of 2024."""
    for area in G77_FOUNDERS.split():
        note = BANGLADESH if area == "BGD" else "founder"
        start = "" if area == "BGD" else "1964-06-15"
        yield row("G77", area, "g77_list ; g77_article", **{"from": start, "as_of": "2024", "note": note})
    for area in G77_LATER.split():
        yield row("G77", area, "g77_list", as_of="2024")
    yield row(
        "G77",
        "MEX",
        "g77_article",
        as_of="2024",
        note="a founder that had left; not in the list, in the article",
    )


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def m49(folder: Path) -> Iterator[dict[str, str]]:
    """Yield M49 regions, landlocked developing countries and small island developing States."""
    lists = {
        "LLDC": "Land Locked Developing Countries (LLDC)",
        "SIDS": "Small Island Developing States (SIDS)",
    }
    for item in read(folder / "country-codes.csv"):
        area = item["ISO3166-1-Alpha-3"]
        for column in M49:
            if item[column].strip():
                yield row(f"M49_{int(item[column]):03d}", area, "un_m49", as_of="2024")
        for group, column in lists.items():
            if item[column].strip():
                yield row(group, area, "un_m49", as_of="2024")


def income(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the income levels of the World Bank's fiscal year 2026."""
    year = {"from": "2025-07-01", "to": "2026-07-01", "as_of": "2025-07-01"}
    for item in read(folder / "bblocks_concordance.csv"):
        group = INCOME.get(item["income_level"])
        if group and item["iso3_code"] != "XKX":  # not an ISO 3166-1 code
            yield row(
                group, item["iso3_code"], "wb_income", **year, note="fiscal year 2026, by income of 2024"
            )


def names(folder: Path) -> list[dict[str, str]]:
    """Return one row a group with its name in five languages."""
    out: dict[str, dict[str, str]] = {
        group: {"group": group, **{f"name_{lang}": word for lang, word in zip(LANGUAGES, words, strict=True)}}
        for group, words in NAMES.items()
    }
    for lang, ending in LANGUAGES.items():
        with (folder / f"UNSD-M49-{ending}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))[1:]
        for cells in rows:
            for code, name in (cells[2:4], cells[4:6], cells[6:8]):  # region, sub-region, intermediate region
                if code.strip():
                    group = f"M49_{int(code):03d}"
                    out.setdefault(group, {"group": group})[f"name_{lang}"] = name.strip()
    return [out[group] for group in sorted(out)]


def spellings(folder: Path) -> list[dict[str, str]]:
    """Return the names of countries in M49 that are written in another way than in files/areas.csv."""
    known: dict[str, set[str]] = {}
    for area in read(HERE / "files" / "areas.csv"):
        known[area["area"]] = {cell.casefold() for key, cell in area.items() if key.startswith("name_")}
    out = []
    for lang, ending in LANGUAGES.items():
        with (folder / f"UNSD-M49-{ending}.csv").open(encoding="utf-8-sig", newline="") as file:
            for cells in list(csv.reader(file))[1:]:
                name, area = cells[8].strip(), cells[11].strip()
                if area in known and name.casefold() not in known[area]:
                    out.append({"area": area, "lang": lang, "spelling": name, "source_id": "un_m49"})
    return sorted(out, key=lambda one: (one["area"], one["lang"]))


def write(name: str, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    """Write one table of groups/."""
    with (HERE / "groups" / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{name}: {len(rows)} rows")


def main(arguments: list[str]) -> int:
    """Write groups/memberships.csv groups.csv and spellings.csv."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    folder = Path(arguments[0])
    rows = [*g77(), *ldc(), *m49(folder), *income(folder)]
    rows.sort(key=lambda one: (one["group"], one["area"]))
    write("memberships.csv", COLUMNS, rows)
    write("groups.csv", ("group", *(f"name_{lang}" for lang in LANGUAGES)), names(folder))
    write("spellings.csv", ("area", "lang", "spelling", "source_id"), spellings(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
