"""The committed figures: complete, resolved, translated, true to their sources, and refused where they must be."""

from __future__ import annotations

import csv
import re
import runpy
from collections import Counter
from pathlib import Path

import pytest

from volresearch.catalog.factbase import FactBase
from volresearch.datasets.declaration import DatasetDeclaration
from volresearch.datasets.facts import BOUNDS, KINDS, open_facts
from volresearch.datasets.periods import parse_period
from volresearch.declare import read

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "es", "fr", "zh")
IN_CORE = {"core", "core_unv", "norway_example", "brazil", "south_africa", "kenya", "india"}
COUNTS = {
    "core.facts": 262,
    "core.jhu_fte": 43,
    "core.eurostat_2015": 56,
    "china_bri.facts": 42,
    "peru_soyvoluntario.facts": 14,
    "eu_share.facts": 9,
    "uk_local.facts": 32,
    "cambodia_youth.facts": 16,
}
#: Words of the outside table -> code of units.csv; percent has several bases.
UNITS = {
    "organizations/cities": "members",
    "countries/regions": "countries_and_regions",
    "FTE": "fte",
    "per 10,000": "per_10000",
    "minutes": "minutes_per_day",
    "focus groups": "focus_groups",
}
SUBGROUPS = {
    "": "total",
    "16+": "total",
    "adults 16+": "total",
    "origin": "total",
    "host": "total",
    "national system": "total",
    "national": "total",
    "Blue Book of Philanthropy": "total",
    "Communist Youth League scheme": "total",
    "UNV volunteer infrastructure evaluation": "total",
    "organization-based": "organization_based",
    "direct only": "direct_only",
    "organization-based only": "organization_based_only",
    "both": "both_types",
    "religious": "religious_organization",
    "charities/NPO/NGO/CBO": "charity_organization",
    "age 50+": "age_50_plus",
    "67+": "age_67_plus",
    "occupied": "employed",
    "not occupied": "not_employed",
    "no schooling/incomplete primary": "no_schooling_or_incomplete_primary",
    "higher education": "higher_education",
    "North": "brazil_north",
    "South": "brazil_south",
    "brown (parda)": "brown",
    "Sub-Saharan Africa": "unv_sub_saharan_africa",
    "Latin America and Caribbean": "unv_latin_america_caribbean",
    "Asia and the Pacific": "unv_asia_pacific",
    "Arab States": "unv_arab_states",
    "Europe and CIS": "unv_europe_cis",
}
#: Figures whose subgroup stands in the measure and not in the subgroup column of the outside table.
SUBGROUP_IN_MEASURE = {
    "F0030": "direct", "F0031": "organization_based", "F0032": "women", "F0072": "national_assignment",
    "F0073": "international_assignment", "F0093": "age_60_plus", "F0095": "unv_africa", "F0096": "unv_africa",
    "F0130": "total", "F0171": "organization_based", "F0172": "direct", "F0185": "direct", "F0194": "direct",
}  # fmt: skip
#: Every figure that its source bounds or rounds in words; all others are exact.
BOUNDED = {
    "F0014": "up_to", "F0017": "at_least", "F0029": "at_least", "F0040": "at_least", "F0061": "about",
    "F0099": "about", "F0100": "about", "F0115": "at_least", "F0116": "at_least", "F0223": "at_least",
    "F0226": "at_least", "F0227": "at_least", "F0234": "about", "F0246": "about", "F0249": "at_least",
}  # fmt: skip


def declarations() -> list[Path]:
    return sorted([*ROOT.glob("datasets/*.yaml"), *ROOT.glob("plugins/*/volresearch_*/datasets/facts.yaml")])


@pytest.fixture(scope="module")
def files():
    kept = [path for path in declarations() if read(DatasetDeclaration, path).kind == "facts"]
    return {opened.declaration.id: opened for opened in map(open_facts, kept)}


@pytest.fixture(scope="module")
def base(files):
    core_first = sorted(files.values(), key=lambda one: one.declaration.id != "core.facts")
    return FactBase(core_first)


def every(files, table):
    return [(name, row) for name, one in files.items() for row in one.table(table)]


# ---------------------------------------------------------------- the figures themselves


def test_figures__all_datasets__have_the_agreed_counts(files):
    assert {name: len(one.table("facts")) for name, one in files.items()} == COUNTS


def test_figures__all_datasets__carry_every_id_once(files):
    ids = Counter(row["fact_id"] for _, row in every(files, "facts"))
    expected = [f"F{n:04d}" for n in range(1, 376)]
    expected += [f"J{n:03d}" for n in range(1, 44)] + [f"E{n:03d}" for n in range(1, 57)]
    assert ids == Counter(expected)


def test_figures__against_the_outside_table__are_true_to_it(files, shared):
    outside = read_csv(shared / "domain/data/facts_long.csv")
    ours = {row["fact_id"]: (name, row) for name, row in every(files, "facts")}
    for row in outside:
        name, mine = ours[row["fact_id"]]
        home = "core.facts" if row["plugin"] in IN_CORE else f"{row['plugin']}.facts"
        assert name == home
        assert float(mine["value"]) == float(row["value"])
        same = [mine[key] for key in ("measure", "note", "source_id", "evidence", "period_text")]
        assert same == [row[key] for key in ("measure", "note", "source_id", "evidence", "period")]
        if row["iso3"]:
            assert mine["area"] == ("GB-ENG" if row["area"] == "England" else row["iso3"])


def test_figures__against_the_outside_table__keep_subgroup_and_unit(files, shared):
    ours = {row["fact_id"]: row for _, row in every(files, "facts")}
    for row in read_csv(shared / "domain/data/facts_long.csv"):
        mine = ours[row["fact_id"]]
        said = re.sub(r"^(?:age )?(\d+)-(\d+)$", r"age_\1_\2", row["subgroup"])
        subgroup = SUBGROUP_IN_MEASURE.get(row["fact_id"]) or SUBGROUPS.get(said, said.lower())
        assert mine["subgroup"] == subgroup, row
        assert same_unit(mine["unit"], row), row


def same_unit(code: str, row: dict[str, str]) -> bool:
    said = row["unit"]
    if said == "percent":
        return code.startswith("percent")
    if said == "hours":
        return code in {"hours", "hours_per_year", "hours_per_week", "hours_per_person"}
    if said in {"year", "years"}:
        return code == {"year": "calendar_year", "years": "years_of_age"}[said]
    return code == UNITS.get(said, said)


def test_figures__johns_hopkins_and_eurostat__are_true_to_their_tables(files, shared):
    def pairs(rows, key):
        return [(row["iso3"], float(row[key])) for row in rows]

    def ours(name):
        return [(row["area"], float(row["value"])) for row in files[name].table("facts")]

    jhu = read_csv(shared / "domain/data/jhu_cnp_fte_volunteers_43_countries.csv")
    eurostat = read_csv(shared / "domain/data/eurostat_volunteering_2015.csv")
    assert ours("core.jhu_fte") == pairs(jhu, "fte_org_volunteers_pct_eap")
    assert ours("core.eurostat_2015") == pairs(eurostat, "percent")
    flagged = {row["fact_id"] for row in files["core.eurostat_2015"].table("facts") if row["note"]}
    assert flagged == {f"E{n:03d}" for n, row in enumerate(eurostat, 1) if row["flag"] == "u"}


def test_figures__johns_hopkins__mean_is_the_published_one(files):
    values = [float(row["value"]) for row in files["core.jhu_fte"].table("facts")]
    assert round(sum(values) / len(values), 1) == 2.2


@pytest.mark.parametrize(
    ("fact", "value", "bound", "unit"),
    [
        ("F0001", 83, "exact", "organizations"),
        ("F0002", 52, "exact", "countries_and_regions"),
        ("F0003", 20, "exact", "visits"),
        ("F0004", 420, "exact", "persons"),
        ("F0005", 33, "exact", "persons"),
        ("F0006", 126, "exact", "organizations"),
        ("F0007", 60, "exact", "persons"),
        ("F0010", 100, "exact", "persons"),
        ("F0011", 10, "exact", "persons"),
        ("F0014", 3.5e9, "up_to", "USD"),
        ("F0017", 200, "at_least", "organizations"),
        ("F0020", 2, "exact", "visits"),
        ("F0022", 3, "exact", "partnerships"),
    ],
)
def test_figures__of_the_first_programmes__keep_value_and_bound(base, fact, value, bound, unit):
    figure = base.figure(fact)
    assert (figure.value, figure.bound, figure.unit) == (value, bound, unit)


def test_bounds__every_figure__is_bounded_where_the_source_says_so(files):
    ours = {row["fact_id"]: row["bound"] for _, row in every(files, "facts") if row["bound"] != "exact"}
    assert ours == BOUNDED


def test_bounds__words_in_measure_or_note__are_never_exact(files):
    bounding = re.compile(
        r"\((more than|over|up to)\)|^\"?(more than|over|about|nearly|almost)", re.IGNORECASE
    )
    exact = [
        row["fact_id"]
        for _, row in every(files, "facts")
        if row["bound"] == "exact" and (bounding.search(row["measure"]) or bounding.match(row["note"]))
    ]
    assert exact == []


# ---------------------------------------------------------------- series, keys, codes


def test_series__every_figure__is_covered_by_the_text_of_its_variant(files):
    variants = {row["variant"]: row for _, row in every(files, "series")}
    for _, row in every(files, "facts"):
        variant = variants[row["variant"]]
        assert row["measure"] in variant["measure"].split(" | ")
        assert (row["series"], row["unit"], row["bound"]) == tuple(
            variant[key] for key in ("series", "unit", "bound")
        )


def test_series__every_variant__is_used_and_covers_no_other_measure(files):
    used: dict[str, set[str]] = {}
    for _, row in every(files, "facts"):
        used.setdefault(row["variant"], set()).add(row["measure"])
    for _, row in every(files, "series"):
        assert set(row["measure"].split(" | ")) == used[row["variant"]]


def test_series__every_variant__speaks_the_agreed_words(files):
    allowed = {
        "kind": set(KINDS),
        "bound": set(BOUNDS),
        "family_help": {"included", "excluded", "unknown", "not_applicable"},
        "mode": {"face_to_face", "online_paper", "administrative", "unknown", "not_applicable"},
        "volunteering": {
            "any", "direct", "organization", "registered", "un_volunteer", "online_volunteer",
            "volunteer_and_trainee_work", "unknown", "not_applicable",
        },
    }  # fmt: skip
    for name, row in every(files, "series"):
        assert row["variant"].startswith(f"{name.split('.')[0]}.")
        assert row["note"].endswith(".")
        for column, words in allowed.items():
            assert row[column] in words, row


def test_series__registered_volunteers__are_stocks_and_nothing_else_is_a_registered_rate(files):
    for _, row in every(files, "series"):
        if row["series"] in {"core.registered_volunteers", "core.registration_ratio"}:
            assert (row["kind"], row["volunteering"]) == ("stock", "registered")
        if row["kind"] == "rate" and row["unit"] == "percent":
            assert row["volunteering"] != "registered"


def test_codes__all_datasets__open_together_without_a_fault(base):
    assert len(base.figures) == sum(COUNTS.values())
    assert base.problems == ()


def test_codes__subgroups_units_and_sources__are_all_used(files):
    for table, code, column in (("subgroups", "subgroup", "subgroup"), ("units", "unit", "unit")):
        defined = {row[code] for _, row in every(files, table)}
        used = {row[column] for _, row in every(files, "facts")}
        assert defined == used
    sources = [row["source_id"] for _, row in every(files, "sources")]
    assert len(sources) == len(set(sources))
    unused = set(sources) - {row["source_id"] for _, row in every(files, "facts")}
    assert unused == {"unv26"}  # announces the edition of 2026; its figures come through the ILO


def test_periods__every_figure__is_read_and_near_its_source_text(files):
    for _, row in every(files, "facts"):
        period = parse_period(row["period"])
        assert str(period.start.year) in row["period_text"]


# ---------------------------------------------------------------- words


def test_titles__series__are_complete_in_four_languages_and_distinct(files):
    titles = {row["series"]: row for _, row in every(files, "series_titles")}
    assert set(titles) == {row["series"] for _, row in every(files, "facts")}
    for lang in LANGUAGES:
        words = [row[f"title_{lang}"] for row in titles.values()]
        assert all(word == word.strip() and word for word in words)
        assert len(set(words)) == len(words)


def test_titles__variants__tell_the_measurements_of_one_series_apart_in_four_languages(files):
    for lang in LANGUAGES:
        words = Counter((row["series"], row[f"label_{lang}"].strip()) for _, row in every(files, "series"))
        assert "" not in {word for _, word in words}
        assert [word for word, times in words.items() if times > 1] == []


def test_titles__variants__reach_the_labels_of_a_result(base):
    labels = base.select(series="core.volunteer_rate", area="ZAF").labels["variant"]
    assert labels["core.volunteer_rate.zaf_2010_first"]["en"].endswith("first release (2011)")


@pytest.mark.parametrize(("table", "columns"), [("subgroups", ("label",)), ("units", ("label", "short"))])
def test_titles__subgroups_and_units__are_complete_in_four_languages(files, table, columns):
    for _, row in every(files, table):
        for column in columns:
            assert all(row[f"{column}_{lang}"].strip() for lang in LANGUAGES), row


def test_titles__areas__are_complete_and_distinct_in_six_languages(files):
    areas = files["core.facts"].table("areas")
    for lang in (*LANGUAGES, "km", "ar"):
        names = Counter(row[f"name_{lang}"] for row in areas)
        assert "" not in names
        assert [name for name, times in names.items() if times > 1] == []


def test_areas__countries__are_iso_3166_1(files, shared):
    ours = {
        (row["area"], row["iso2"]) for row in files["core.facts"].table("areas") if row["kind"] == "country"
    }
    iso = read_csv(shared / "real/country/iso3166_all.csv")
    assert ours == {(row["alpha-3"], row["alpha-2"]) for row in iso}


def test_areas__m49_numbers__agree_with_the_united_nations_list(files, shared):
    ours = {row["area"]: row["m49"] for row in files["core.facts"].table("areas") if row["kind"] == "country"}
    listed = read_csv(shared / "real/country/UNSD-M49-en.csv")
    assert {row["ISO-alpha3 Code"]: row["M49 Code"].zfill(3) for row in listed}.items() <= ours.items()


def test_areas__everything_that_is_no_country__says_which_grouping(files):
    others = [row for row in files["core.facts"].table("areas") if row["kind"] != "country"]
    assert Counter(row["kind"] for row in others) == {"group": 10, "former": 1, "subdivision": 1}
    assert all(row["note"].endswith(".") for row in others)


@pytest.mark.parametrize(
    "readme", sorted(ROOT.glob("plugins/*/README.md")), ids=lambda path: path.parent.name
)
def test_readme__facts_that_a_plugin_tells__are_its_own(files, readme):
    told = set(re.findall(r"\bF\d{4}\b", readme.read_text("utf-8")))
    own = {row["fact_id"] for row in files[f"{readme.parent.name}.facts"].table("facts")}
    assert told
    assert told <= own


# ---------------------------------------------------------------- sources and checks


def test_sources__address__is_marked_where_it_is_shortened(files):
    for _, row in every(files, "sources"):
        whole = all(
            re.fullmatch(r"[\w-]+(\.[\w-]+)+(/[^\s]*)?", part) and "..." not in part
            for part in row["address"].split(" ; ")
        )
        assert row["shortened"] == ("false" if whole else "true"), row


def test_checks__all_datasets__carry_every_check_with_figures_that_exist(files, base):
    checks = [row for _, row in every(files, "checks")]
    assert sorted(row["check_id"] for row in checks) == [f"C{n:02d}" for n in range(1, 33)]
    for row in checks:
        assert row["fact_ids"]
        assert all(base.figure(fact) for fact in row["fact_ids"].split())


def test_checks__breaks__are_those_of_vintage_mode_and_concept(files):
    breaks = {row["check_id"] for _, row in every(files, "checks") if row["marks_break"] == "true"}
    assert breaks == {"C09", "C15", "C17", "C24", "C32"}


def test_checks__against_the_outside_table__keep_sums_and_verdicts(files, shared):
    ours = {row["check_id"]: row for _, row in every(files, "checks")}
    for row in read_csv(shared / "domain/data/checks.csv"):
        mine = ours[row["check_id"]]
        assert (mine["where"], mine["rule"], mine["verdict"]) == (row["where"], row["rule"], row["verdict"])
        for column in ("left", "right", "difference"):
            assert float(mine[column]) == pytest.approx(float(row[column]), abs=1e-3)


def test_checks__a_sum_that_does_not_add_up__is_a_note_at_its_figures(base):
    result = base.select(series="core.unv_volunteers", period="2023")
    notes = result.table.set_index("fact_id")["note"]
    assert "25 more than the total" in notes["F0082"]
    assert "25 more than the total" in notes["F0089"]


# ---------------------------------------------------------------- what may stand side by side


@pytest.mark.parametrize(
    ("a", "b", "key"),
    [
        ("F0037", "F0041", "vintage"),  # World, 2022 and 2026 editions
        ("F0038", "F0045", "vintage"),  # the same for the direct rate, where no check is written down
        ("F0124", "F0152", "vintage"),  # South Africa 2010, first release and revision
        ("F0132", "F0153", "vintage"),
        ("F0132", "F0146", "vintage"),  # South Africa 2010 first release against 2014
        ("F0135", "F0154", "vintage"),
        ("F0156", "F0196", "vintage"),  # Brazil 2016, before and after the weights of 2023
        ("F0193", "F0207", "vintage"),
        ("F0289", "F0295", "mode"),  # England 2013-14, face to face and online
        ("F0292", "F0296", "mode"),  # the same value of 27 percent in both modes
        ("F0228", "F0037", "kind"),  # registered volunteers against volunteers of a month
        ("F0228", "F0250", "kind"),  # registered volunteers against a rate
        ("F0214", "F0237", "kind"),  # registration ratio against a rate
        ("F0246", "F0237", "kind"),
        ("F0237", "J031", "unit"),  # a head count against full-time equivalents
        ("F0132", "F0156", "reference_period"),  # four weeks against one week
        ("F0042", "F0250", "reference_period"),  # a month against a year
        ("F0039", "F0299", "reference_period"),  # a reference period of a month against "once a month"
        ("E001", "E029", "volunteering"),  # formal against informal
        ("F0109", "F0115", "reference_period"),  # one year against the years since 1981
        ("F0160", "F0149", "unit"),  # hours a week against hours a year
        ("F0326", "F0316", "series"),  # one type of organization against all
        ("F0252", "F0250", "series"),  # composition against a rate
    ],
)
def test_compare__figures_that_mislead_side_by_side__are_refused_with_the_reason(base, a, b, key):
    comparison = base.compare(a, b)
    assert comparison.verdict == "not_comparable"
    assert key in {reason.key for reason in comparison.reasons if reason.effect == "not_comparable"}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("F0146", "F0153"),  # South Africa 2014 and 2010, one release
        ("F0145", "F0152"),
        ("F0132", "F0042"),  # four weeks against a month
        ("F0156", "F0173"),  # Brazil 2016 and 2017 in the earlier releases
        ("F0195", "F0197"),  # Brazil 2019 and 2022 in the release of 2023
        ("F0295", "F0300"),  # England online 2013-14 and 2019-20
        ("E001", "E002"),
        ("F0316", "E001"),
    ],
)
def test_compare__figures_of_like_measurement__are_not_refused(base, a, b):
    assert base.compare(a, b).verdict in {"comparable", "caution"}


def test_compare__check_of_a_break__gives_its_comment(base):
    assert "new tools" in base.compare("F0037", "F0041").sentence()


# ---------------------------------------------------------------- tools of the maintainers


def test_refresh__committed_declarations__are_fresh():
    refresh = runpy.run_path(str(ROOT / "datasets/refresh.py"))
    assert [path for path in declarations() if refresh["refreshed"](path) != path.read_text("utf-8")] == []


def test_build_areas__script__makes_every_row_of_the_file_but_names_of_a_newer_cldr(files):
    build = runpy.run_path(str(ROOT / "datasets/build_areas.py"))
    made = build["countries"]() + build["others"]()
    ours = files["core.facts"].table("areas")
    fixed = ("area", "kind", "iso2", "m49", "note")
    assert [[row[key] for key in fixed] for row in made] == [[row[key] for key in fixed] for row in ours]
    reviewed = build["reviewed"]()
    names = {row["area"]: row for row in ours}
    for code, row in reviewed.items():
        assert all(names[code][key] == word for key, word in row.items() if key != "iso3" and word)


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
