from __future__ import annotations

import csv
import json

import pytest

from volresearch.datasets import Variable
from volresearch.errors import VolResearchError
from volresearch.harmonize import area_codes, area_crosswalk, harmonize
from volresearch.text import Text


def one(said):
    return area_codes([said]).codes[str(said)]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("PE", "PER"), ("per", "PER"), ("604", "PER"), ("Perú", "PER"), ("PEROU", "PER"), ("秘鲁", "PER"), ("بيرو", "PER"),
        ("កម្ពុជា", "KHM"), ("4", "AFG"), ("004", "AFG"), ("Viet Nam", "VNM"), ("Vietnam", "VNM"),
        ("Bolivia (Plurinational State of)", "BOL"), ("Bolivia", "BOL"), ("Cote d'Ivoire", "CIV"), ("Côte d’Ivoire", "CIV"),
        ("Korea, Republic of", "KOR"), ("Congo, Democratic Republic of the", "COD"), ("UK", "GBR"), ("ZAR", "COD"),
        ("GB-ENG", "GB-ENG"), ("YUG", "YUG"), ("Estados Unidos de América", "USA"), ("St. Lucia", "LCA"),
    ],
)  # fmt: skip
def test_area_codes__any_form__is_recognized(said, code):
    assert one(said) == code


def test_trap_20__na__is_namibia_and_nothing_else_is_eaten():
    found = area_codes(["NA", "na", None, float("nan"), "Namibia", "516"])
    assert set(found.codes.values()) == {"NAM"}
    assert found.counts == {"NA": 1, "na": 1, "Namibia": 1, "516": 1}


def test_trap_20__norwegian_nei__is_no_country():
    assert "Nei" in area_codes(["Nei"], unknown="report").unknown


def test_trap_35__padded_numbers_and_areas_without_code__are_reported_never_guessed():
    found = area_codes(["012", "12", 12, 12.0, "N. Cyprus", "Somaliland", "Kosovo", "XK"], unknown="report")
    assert found.codes == {"012": "DZA", "12": "DZA"}
    assert found.counts["12"] == 3
    assert set(found.unknown) == {"N. Cyprus", "Somaliland", "Kosovo", "XK"}
    assert found.unknown["N. Cyprus"] == "Northern Cyprus has no code in ISO 3166-1"


@pytest.mark.parametrize("said", ["Soviet Union", "CSK", "Netherlands Antilles", "SCG"])
def test_area_codes__parted_states__get_no_successor(said):
    assert "no successor" in area_codes([said], unknown="report").unknown[said]


def test_area_codes__groups__are_no_countries():
    assert "group of countries" in area_codes(["Africa"], unknown="report").unknown["Africa"]


def test_area_codes__unknown__all_are_listed_with_counts_and_near_names():
    with pytest.raises(VolResearchError) as told:
        area_codes(["Peruu", "Peruu", "Atlantis", "Peru"])
    assert told.value.code == "harmonize.area"
    assert told.value.message.startswith("2 spellings")
    assert '"Peruu" (2): Did you mean "Peru"' in told.value.got
    assert '"Atlantis" (1)' in told.value.got


def test_area_codes__number_without_a_country__is_reported():
    assert area_codes([999, "000"], unknown="report").codes == {}


def test_area_codes__two_areas_of_one_name__belongs_to_neither():
    from volresearch.datasets.areas import Area, Areas

    areas = Areas.of(
        [Area("AAA", "country", Text({"en": "Twin"})), Area("BBB", "country", Text({"en": "Twin"}))]
    )
    assert (
        area_codes(["Twin"], unknown="report", areas=areas).unknown["Twin"] == "several areas are called so"
    )


def test_area_crosswalk__labels_of_codes__become_iso_with_a_log(make_dataset):
    pais = Variable(
        name="pais", type="code", labels={"1": "Perú", "2": "Kosovo", "99": "NS"}, missing={"99": "dont_know"}
    )
    people = make_dataset({"pais": ["1", "1", "2", "99"]}, pais)
    with pytest.raises(VolResearchError, match="1 spellings"):
        area_crosswalk(people, "pais")
    made = harmonize(people, area_crosswalk(people, "pais", unknown="report"))
    assert made.values("country").tolist()[:2] == ["PER", "PER"]
    assert made.missing("country").tolist()[2:] == ["invalid", "dont_know"]
    assert made.labels("country", "fr").tolist()[0] == "Pérou"
    assert "Kosovo has no code" in made.recodes.set_index("source_code").loc["2", "note"]


def test_area_crosswalk__text_on_a_lazy_frame__is_done_in_place(make_dataset):
    people = make_dataset({"land": ["NA", "Peru"]}, Variable(name="land", type="text"), lazy=True)
    assert harmonize(people, area_crosswalk(people, "land")).values("country").tolist() == ["NAM", "PER"]


@pytest.mark.real
def test_area_codes__official_names_and_codes__none_is_wrong(shared):
    folder = shared / "real" / "country"
    for lang in ("en", "es", "fr", "cn", "ar"):
        with (folder / f"UNSD-M49-{lang}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))[1:]
        for column in (8, 9, 10, 11):
            found = area_codes([cells[column] for cells in rows], unknown="report").codes
            assert {cells[11]: found.get(cells[column].strip()) for cells in rows} == {
                cells[11]: cells[11] for cells in rows
            }


@pytest.mark.real
def test_trap_35__world_atlas__three_areas_have_no_code(shared):
    text = (shared / "real" / "country" / "world-atlas_countries-110m.json").read_text(encoding="utf-8")
    shapes = json.loads(text)["objects"]["countries"]["geometries"]
    found = area_codes([shape.get("id") or shape["properties"]["name"] for shape in shapes], unknown="report")
    assert set(found.unknown) == {"N. Cyprus", "Somaliland", "Kosovo"}
