from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

import volresearch as vr
from volresearch.catalog import default_catalog
from volresearch.cli.reports_commands import reports
from volresearch.errors import VolResearchError
from volresearch.reports.brief import CountryBrief, main_series
from volresearch.reports.brief.head import pick_key_items
from volresearch.reports.brief.material import Material
from volresearch.reports.seal import digest_holds

FOLDER = Path(vr.__file__).parent / "core" / "reports"
SECTIONS = ("key_figures", "figures", "comparisons", "asked", "made", "record", "sources", "software")


def brief_of(area: str, lang: str = "en") -> CountryBrief:
    release = vr.facts(area=area).release()
    others = vr.facts(series=main_series(release), subgroup="total").release()
    return CountryBrief(release, lang, others=others, plugins=[("core", "0.1.0")])


def text_of(markup: str) -> str:
    import html

    return html.unescape(re.sub(r"<[^>]+>", " ", markup))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("brief")
    path = vr.report("core.country_brief", area="South Africa", out=out)
    assert path.name == "country_brief_ZAF_en.html"
    return path.read_text(encoding="utf-8")


def test_country_brief__one_area__has_all_sections_and_is_whole(page: str) -> None:
    assert digest_holds(page)
    assert [name for name in SECTIONS if f'data-section="{name}"' not in page] == []
    assert len(re.findall(r"<h1", page)) == 1
    assert '<html lang="en" dir="ltr">' in page


def test_country_brief__every_figure_of_the_area__is_in_the_page_with_its_source(page: str) -> None:
    table = vr.facts(area="ZAF").table
    listed = text_of(page[page.index('data-section="sources"') :])
    for source in vr.facts(area="ZAF").facts.sources:
        assert source.title in listed
        assert source.year in listed
        assert source.address in listed
    taken = " ".join(re.findall(r'class="vr-ids">(.*?)</span>', page))
    assert set(table["fact_id"]) == expanded(taken)


def expanded(text: str) -> set[str]:
    out: set[str] = set()
    for first, last in re.findall(r"\b([A-Z]\d+)(?:–([A-Z]\d+))?", text):
        width = len(first) - 1
        numbers = range(int(first[1:]), int((last or first)[1:]) + 1)
        out |= {f"{first[0]}{number:0{width}d}" for number in numbers}
    return out


def test_country_brief__two_vintages_of_one_year__are_not_comparable(page: str) -> None:
    rows = page[page.index('data-section="comparisons"') : page.index('data-section="asked"')]
    assert "vr-v-not_comparable" in rows
    assert "first release (2011)" in rows


def test_country_brief__links_and_marks__lead_somewhere(page: str) -> None:
    wanted = set(re.findall(r'href="#([^"]+)"', page))
    there = set(re.findall(r'id="([^"]+)"', page))
    assert wanted <= there
    assert len(re.findall(r'id="([^"]+)"', page)) == len(there)


def test_country_brief__a_shortened_address__is_marked_and_no_link() -> None:
    html = brief_of("BRA").sources().html
    source = next(s for s in vr.facts(area="BRA").facts.sources if s.shortened)
    item = next(part for part in html.split("<li ") if source.title in text_of(part))
    assert "shortened" in item
    assert f'href="https://{source.address}"' not in item


def test_country_brief__sums_that_do_not_add_up__are_told() -> None:
    assert "does not add up" in text_of(brief_of("BRA").made().html)


@pytest.mark.parametrize("lang", ["en", "es", "fr", "zh", "km", "ar"])
@pytest.mark.parametrize("area", ["ZAF", "NOR", "WORLD"])
def test_country_brief__areas_and_languages__all_sections_have_words(area: str, lang: str) -> None:
    brief = brief_of(area, lang)
    cover = brief.cover()
    assert cover.heading
    assert cover.lead
    assert cover.dir == ("rtl" if lang == "ar" else "ltr")
    assert bool(cover.draft) == (lang in {"km", "ar"})
    for name in ("key_figures", "tables", "comparisons", "asked", "made", "record", "sources", "software"):
        assert getattr(brief, name)().html


def test_country_brief__a_bare_result__is_refused() -> None:
    with pytest.raises(VolResearchError) as caught:
        CountryBrief(vr.facts(area="KEN"))  # type: ignore[arg-type]
    assert caught.value.code == "release.required"


def test_pick_key_items__area_with_totals_and_groups__takes_wholes_first() -> None:
    items = pick_key_items(Material(vr.facts(area="ZAF").release()))
    assert items[0].figure.series == "core.volunteers"
    assert items[0].row.codes["period"] == "2014"
    assert len({item.figure.series for item in items}) == len(items) == 6


def test_key_figures__bound_of_a_figure__stands_beside_it() -> None:
    html = brief_of("WORLD").tables().html + brief_of("WORLD").figures().html
    assert "at least" in text_of(html)


@pytest.mark.parametrize("name", ["country_brief", "other_areas"])
def test_templates__as_kept__carry_no_outputs(name: str) -> None:
    notebook = nbformat.read(FOLDER / name / "template.ipynb", 4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(reports, list(words))
    error = result.exception if isinstance(result.exception, VolResearchError) else ""
    return result.exit_code, f"{result.output}{error}"


def test_reports_list__json__names_the_core_reports() -> None:
    code, said = run("list", "--json")
    assert code == 0
    assert {"core.country_brief", "core.other_areas"} <= {row["id"] for row in json.loads(said)}


def test_reports_show__brief__lists_parameters_and_areas() -> None:
    code, said = run("show", "core.country_brief")
    assert code == 0
    assert "ZAF (" in said
    assert "language" in said


def test_reports_render__area_without_figures__says_so_and_fails(tmp_path: Path) -> None:
    code, said = run("render", "core.country_brief", "--for", "TUV", "--out", str(tmp_path))
    assert code != 0
    assert "no figures on Tuvalu" in said
    assert list(tmp_path.iterdir()) == []


def test_reports_render__unknown_area_and_report__suggest_near_ones(tmp_path: Path) -> None:
    code, said = run("render", "core.country_brief", "--for", "Keniya", "--out", str(tmp_path))
    assert code != 0
    assert "Kenya" in said
    code, said = run("render", "core.country_breif", "--for", "KEN", "--out", str(tmp_path))
    assert code != 0
    assert "core.country_brief" in said


def test_reports_render__all__pages_for_many_figures_one_for_the_rest_and_an_index(tmp_path: Path) -> None:
    words = ("render", "core.country_brief", "--for", "all", "--out", str(tmp_path))
    code, said = run(*words)
    assert code == 0, said
    counts = default_catalog().facts().areas_with_figures()
    expected = {f"country_brief_{area}_en.html" for area, count in counts.items() if count >= 5}
    assert {path.name for path in tmp_path.iterdir()} == expected | {"index.html", "other_areas_en.html"}
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{name}"' in index for name in expected)
    rest = text_of((tmp_path / "other_areas_en.html").read_text(encoding="utf-8"))
    for area in (area for area, count in counts.items() if count < 5):
        assert default_catalog().facts().areas[area].name.get_in("en") in rest
    code, said = run(*words, "--resume")
    assert code == 0
    assert "skipped" in said
    assert " done" not in said.splitlines()[-2]


def test_reports_render__both_engines__make_the_same_brief(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    pages = []
    for engine in ("auto", "nbclient"):
        path = vr.report("core.country_brief", area="KEN", out=tmp_path / engine, engine=engine)
        text = path.read_text(encoding="utf-8")
        text = re.sub(r'volresearch-digest" content="[0-9a-f]+"', "", text)
        pages.append(re.sub(r"\d\d:\d\d UTC", "", text))
    assert pages[0] == pages[1]
