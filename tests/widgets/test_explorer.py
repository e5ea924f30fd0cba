"""The explorer without a browser: set values, read what it shows."""

from __future__ import annotations

import csv
import io
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

import volresearch as vr
from volresearch.catalog import default_catalog
from volresearch.errors import VolResearchError
from volresearch.text import LANGUAGES
from volresearch.widgets.explorer import Explorer
from volresearch.widgets.exports import file_stem
from volresearch.widgets.figures import CatalogFigures, Choices, Selection, largest_areas

RATE = "core.volunteer_rate"
MANY_AREAS = "core.organization_based_fte_share"


@pytest.fixture
def explorer(tmp_path: Path) -> Explorer:
    return vr.explore(RATE, area=["BRA", "ZAF"], folder=tmp_path / "exports")


def one_figure() -> str:
    """A series that has a single figure."""
    return next(name for name, count in default_catalog().facts().series().items() if count == 1)


def text_of(html: str) -> str:
    bare = re.sub(r"<(style|svg)\b.*?</\1>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare))


def every_widget(box: Any) -> list[Any]:
    found = [box]
    for child in getattr(box, "children", ()):
        found += every_widget(child)
    return found


def test_explore__nothing_named__opens_the_largest_series_with_everybody() -> None:
    explorer = vr.explore()
    counts = [item.count for item in Choices(CatalogFigures().select()).series]
    assert counts == sorted(counts, reverse=True)
    first = next(iter(default_catalog().facts().series()))
    assert explorer.scene.selection.series == first
    assert explorer.result is not None
    assert set(explorer.result.table["subgroup"]) == {"total"}


def test_explore__areas_named__table_holds_these_only(explorer: Explorer) -> None:
    assert explorer.result is not None
    assert set(explorer.result.table["area"]) == {"BRA", "ZAF"}
    shown = text_of(explorer.figures_view.numbers.value)
    assert "South Africa" in shown
    assert "Brazil" in shown


def test_explore__area_by_name__finds_its_code() -> None:
    assert vr.explore(RATE, area="Sudáfrica").scene.selection.areas == ("ZAF",)


@pytest.mark.parametrize(
    ("arguments", "code", "hint"),
    [
        ({"series": "core.volunter_rate"}, "facts.unknown_series", RATE),
        ({"series": RATE, "area": "South Afrika"}, "facts.unknown_area", "South Africa"),
        ({"series": RATE, "area": "PER"}, "facts.none", "ZAF"),
        ({"series": RATE, "period": "1850"}, "facts.none", "20"),
        ({"series": RATE, "lang": "de"}, "text.language", "es"),
    ],
)
def test_explore__wrong_word__says_what_is_near(arguments: dict[str, str], code: str, hint: str) -> None:
    with pytest.raises(VolResearchError) as caught:
        vr.explore(**arguments)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert hint in caught.value.hint


def test_search__words_of_title_in_another_language__finds_the_series(explorer: Explorer) -> None:
    explorer.chooser.search.value = "tasa voluntariado corto"
    assert [code for _, code in explorer.chooser.series.options] == [RATE]


def test_search__name_of_an_area_without_accents__finds_its_series(explorer: Explorer) -> None:
    explorer.chooser.search.value = "sudafrica"
    found = {code for _, code in explorer.chooser.series.options}
    facts = default_catalog().facts()
    assert found == {figure.series for figure in facts.figures if figure.area == "ZAF"}


def test_search__nothing_fits__says_so_and_keeps_the_view(explorer: Explorer) -> None:
    before = explorer.figures_view.numbers.value
    explorer.chooser.search.value = "zzz no such thing"
    assert explorer.chooser.series.options == ()
    assert "No series" in explorer.chooser.about.value
    assert explorer.figures_view.numbers.value == before
    explorer.chooser.search.value = ""
    assert explorer.chooser.series.options


def test_series__changed__keeps_areas_that_have_figures(explorer: Explorer) -> None:
    explorer.chooser.series.value = "core.volunteers"
    assert set(explorer.chooser.areas.value) <= {"BRA", "ZAF"}
    assert "ZAF" in explorer.chooser.areas.value
    assert explorer.scene.selection.series == "core.volunteers"


def test_areas__changed_by_control__changes_table_and_periods(explorer: Explorer) -> None:
    explorer.chooser.areas.value = ("ZAF",)
    shown = text_of(explorer.figures_view.numbers.value)
    assert "5.8" in shown
    assert "Brazil" not in shown
    assert {code for _, code in explorer.chooser.periods.options} == set(
        vr.facts(RATE, area="ZAF").table["period"]
    )


def test_one_figure__instead_of_a_chart__shows_a_card() -> None:
    explorer = vr.explore(one_figure())
    assert explorer.scene.one
    assert "vr-card" in explorer.figures_view.chart.value
    assert explorer.figures_view.headline.value == ""
    assert "nothing to compare" in explorer.figures_view.reasons.value


def test_several_figures__chart__is_an_inline_picture(explorer: Explorer) -> None:
    chart = explorer.figures_view.chart.value
    assert "<svg" in chart
    assert "vr-paper" in chart
    assert "vr-card" not in chart


def test_verdict__two_vintages_of_one_survey__refuses_in_words() -> None:
    explorer = vr.explore("core.volunteers", area="ZAF", period="2010")
    shown = text_of(explorer.figures_view.headline.value + explorer.figures_view.reasons.value)
    assert explorer.scene.comparison is not None
    assert explorer.scene.comparison.verdict == "not_comparable"
    assert "Not comparable" in shown
    assert "Vintage" in shown
    assert "joins nothing" in shown


def test_verdict__figures_of_one_key__has_no_refusal() -> None:
    explorer = vr.explore("core.annual_direct_volunteer_rate", area=["FRA", "DEU"])
    assert explorer.scene.comparison is not None
    assert explorer.scene.comparison.verdict != "not_comparable"
    assert "Not comparable" not in explorer.figures_view.headline.value


def test_many_areas__chart__shows_the_largest_with_a_note() -> None:
    explorer = vr.explore(MANY_AREAS)
    assert explorer.result is not None
    assert explorer.scene.charted is not None
    assert len(explorer.result) == 43
    assert explorer.scene.charted.table["area"].nunique() == 20
    kept = explorer.scene.charted.table["estimate"].min()
    assert (explorer.result.table["estimate"] > kept).sum() < 20
    assert "20 areas" in text_of(explorer.figures_view.chart.value)
    assert "43" in text_of(explorer.figures_view.chart.value)


def test_largest_areas__several_periods__go_by_the_latest() -> None:
    table = vr.facts(RATE, subgroup="total")
    latest = table.table.sort_values("period").groupby("area").tail(1)
    assert largest_areas(table, 1) == (latest.loc[latest["estimate"].idxmax(), "area"],)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_language__changed__keeps_the_selection(explorer: Explorer, lang: str) -> None:
    before = explorer.scene.selection
    explorer.lang = lang
    assert explorer.scene.selection == before
    assert f'lang="{lang}"' in explorer.figures_view.numbers.value
    assert f"vr-lang-{lang}" in explorer._dom_classes
    names = {code: name for name, code in explorer.chooser.areas.options}
    assert (
        names["ZAF"] == {"en": "South Africa", "es": "Sudáfrica", "fr": "Afrique du Sud", "zh": "南非"}[lang]
    )


def test_language__spanish__writes_numbers_the_spanish_way(explorer: Explorer) -> None:
    explorer.chooser.areas.value = ("ZAF",)
    explorer.lang = "es"
    assert "5,8" in text_of(explorer.figures_view.numbers.value)


def test_controls__every_one__has_a_description_and_a_class(explorer: Explorer) -> None:
    for lang in LANGUAGES:
        explorer.lang = lang
        for widget in every_widget(explorer):
            if isinstance(widget, ipywidgets.HTML | ipywidgets.Box):
                continue
            assert widget.description.strip(), widget
            assert any(name.startswith("vr-") for name in widget._dom_classes), widget


def test_two_explorers__one_changed__do_not_meet(explorer: Explorer) -> None:
    other = vr.explore(RATE, area="ZAF")
    before = explorer.figures_view.numbers.value
    other.chooser.series.value = "core.volunteers"
    other.lang = "fr"
    assert explorer.figures_view.numbers.value == before
    assert explorer.lang == "en"


def test_reset__after_changes__goes_back_to_the_start(explorer: Explorer) -> None:
    explorer.chooser.search.value = "volunteers"
    explorer.chooser.reset.click()
    assert explorer.chooser.search.value == ""
    assert explorer.scene.selection == vr.explore().scene.selection


def test_code__run_alone__gives_the_same_figures(
    explorer: Explorer, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    scope: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()) as said:
        exec(compile(explorer.code, "code", "exec"), scope)
    assert explorer.result is not None
    assert scope["result"].table.equals(explorer.result.table)
    assert "pairs of figures" in said.getvalue()
    assert {path.suffix for path in tmp_path.iterdir()} == {".csv", ".json", ".xlsx", ".svg"}


def test_code__of_many_areas__charts_what_the_explorer_charts() -> None:
    explorer = vr.explore(MANY_AREAS)
    scope: dict[str, Any] = {"vr": vr}
    line = next(line for line in explorer.code.splitlines() if line.startswith("charted"))
    exec(line, scope)
    assert explorer.scene.charted is not None
    assert scope["charted"].table.equals(explorer.scene.charted.table)


def test_copy_code__button__turns_to_the_code(explorer: Explorer) -> None:
    explorer.chooser.to_code.click()
    assert explorer.tabs.selected_index == 2
    assert 'area=["BRA", "ZAF"]' in explorer.code_view.text.value


def test_export__every_format__writes_sources_and_names_files(explorer: Explorer, tmp_path: Path) -> None:
    explorer.chooser.to_release.click()
    assert explorer.tabs.selected_index == 1
    assert "not for release" not in explorer.release_view.preview.value
    for choice in explorer.release_view.formats.values():
        choice.value = True
    explorer.release_view.button.click()
    files = {"".join(path.suffixes): path for path in (tmp_path / "exports").iterdir()}
    assert set(files) == {".csv", ".sources.csv", ".record.json", ".xlsx", ".svg", ".png"}
    shown = explorer.release_view.files.value
    assert all(path.name in shown for path in files.values())
    assert explorer.result is not None
    source = explorer.result.facts.sources[0]
    assert source.title in files[".sources.csv"].read_text(encoding="utf-8-sig")
    assert files[".png"].read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (drawn := files[".svg"].read_text(encoding="utf-8"))
    assert source.title in drawn


def test_export__again__overwrites_nothing(explorer: Explorer, tmp_path: Path) -> None:
    first = explorer.export()
    content = [path.read_bytes() for path in first]
    second = explorer.export()
    assert not set(first) & set(second)
    assert [path.read_bytes() for path in first] == content
    assert set((tmp_path / "exports").iterdir()) == {*first, *second}


def test_export__csv__holds_every_row(explorer: Explorer) -> None:
    path = explorer.export()[0]
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert explorer.result is not None
    values = {f"{value:g}" for value in explorer.result.table["estimate"]}
    cells = {cell for line in csv.reader(lines) for cell in line}
    assert values <= {cell.removesuffix(".0") for cell in cells}


def test_export__folder_cannot_be_made__says_so_on_the_page(tmp_path: Path) -> None:
    (tmp_path / "exports").write_text("a file is in the way")
    explorer = vr.explore(RATE, area="ZAF", folder=tmp_path / "exports")
    assert explorer.export() == []
    assert "vr-wrong" in explorer.release_view.files.value


def test_export__no_format_ticked__button_is_off(explorer: Explorer) -> None:
    explorer.chooser.to_release.click()
    for choice in explorer.release_view.formats.values():
        choice.value = False
    assert explorer.release_view.button.disabled


@pytest.mark.parametrize(
    ("selection", "stem"),
    [
        (Selection("a.rate"), "rate"),
        (Selection("a.rate", ("GB-ENG",), ("2017-07/2018-10",)), "rate_GB-ENG_2017-07_2018-10"),
        (Selection("a.rate", tuple("ABCDE")), "rate_5_areas"),
        (Selection("a.rate", (), ("2000~",)), "rate_2000"),
    ],
)
def test_file_stem__any_selection__is_a_name_for_every_system(selection: Selection, stem: str) -> None:
    assert file_stem(selection) == stem


def test_page__every_part__loads_nothing_from_elsewhere(explorer: Explorer) -> None:
    for widget in every_widget(explorer):
        if isinstance(widget, ipywidgets.HTML):
            assert not re.search(r"""(src|@import|url\()\s*=?\s*["']?https?:""", widget.value)
            assert "<script" not in widget.value
