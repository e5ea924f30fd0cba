import json
import re
import xml.etree.ElementTree as ET

import pytest

from volresearch.errors import VolResearchError
from volresearch.show import figure, figure_html, vega_script
from volresearch.show.png import read_text

SVG = "{http://www.w3.org/2000/svg}"


def _layers(spec):
    for layer in spec.get("layer", []):
        mark = layer["mark"]
        yield (mark if isinstance(mark, str) else mark["type"]), layer, spec


def _values(layer, spec):
    data = layer.get("data", {})
    return data.get("values") or spec["datasets"][data["name"]]


def _texts(svg):
    return ["".join(node.itertext()).strip("\u2067\u2069") for node in ET.fromstring(svg).iter(f"{SVG}text")]


def test_figure__bars__start_at_zero(sex_result):
    (spec,) = figure(sex_result).panel_specs
    bars = [(layer, whole) for kind, layer, whole in _layers(spec) if kind == "bar"]
    assert bars
    for layer, whole in bars:
        assert layer["encoding"]["x"]["scale"]["domain"][0] == 0
        assert {value["zero"] for value in _values(layer, whole)} == {0}
        assert layer["encoding"]["x2"]["field"] == "zero"


def test_figure__lines__join_one_key_only(make_published, south_africa_rows):
    (spec,) = figure(make_published(south_africa_rows[:3])).panel_specs
    lines = [_values(layer, whole) for kind, layer, whole in _layers(spec) if kind == "line"]
    assert [[value["value"] for value in line] for line in lines] == [[1300000.0, 2200000.0]]
    (spec,) = figure(make_published(south_africa_rows[:3])).panel_specs
    assert spec["layer"][0]["encoding"]["y"]["scale"]["domain"][0] == 0


def test_figure__time_axis__is_true_to_scale(make_published):
    rows = [
        ("core.volunteers", "ZAF", y, "", v, "persons", "exact", "k", "vas10")
        for y, v in (("2001", 1.0), ("2003", 2.0), ("2013", 3.0))
    ]
    (spec,) = figure(make_published(rows)).panel_specs
    (line,) = [_values(layer, whole) for kind, layer, whole in _layers(spec) if kind == "line"]
    times = [value["time"] for value in line]
    assert (times[2] - times[1]) / (times[1] - times[0]) == pytest.approx(5, rel=0.01)


def test_figure__values__are_written_at_the_marks(sex_result, survey_result):
    assert {"4.3%", "2.6%", "Women", "Men"} <= set(_texts(figure(sex_result).svg))
    assert {"36.3%", "8.7%", "▲◆"} <= set(_texts(figure(survey_result).svg))


def test_figure__spanish__writes_numbers_as_spanish_does(sex_result):
    texts = [text.replace("\u00a0", " ") for text in _texts(figure(sex_result, "es").svg)]
    assert "4,3 %" in texts


def test_figure__arabic__bars_grow_from_the_right_with_western_digits(sex_result):
    (spec,) = figure(sex_result, "ar").panel_specs
    (bar,) = [layer for kind, layer, _ in _layers(spec) if kind == "bar"]
    assert bar["encoding"]["x"]["scale"]["reverse"] is True
    assert any("4.3" in text for text in _texts(figure(sex_result, "ar").svg))


def test_figure__series__differ_by_more_than_colour(survey_result):
    (spec,) = figure(survey_result).panel_specs
    points = [layer["mark"] for kind, layer, _ in _layers(spec) if kind == "point"]
    assert len({mark["shape"] for mark in points}) == 2
    assert len({mark["fill"] == mark["stroke"] for mark in points}) == 2


def test_figure__each_text__is_one_script_to_a_run(survey_result):
    svg = figure(survey_result, "km").svg
    for node in ET.fromstring(svg).iter(f"{SVG}tspan"):
        text = node.text or ""
        khmer = any("\u1780" <= c <= "\u17ff" for c in text)
        latin = any("a" <= c.lower() <= "z" for c in text)
        assert not (khmer and latin)
        assert ("Khmer" in node.get("font-family").split(",")[0]) == khmer


def test_figure__always__has_alt_text_and_its_data(south_africa_result):
    drawn = figure(south_africa_result)
    assert "1.3 million" in drawn.alt
    assert "<caption>" in drawn.data_table
    for svg in re.findall(r"<svg[^>]*role=\"img\".*?</svg>", drawn.html, flags=re.S):
        root = ET.fromstring(svg)
        assert root.find(f"{SVG}title") is not None
        assert root.find(f"{SVG}desc").text


def test_figure__working_view__is_marked_in_the_picture_and_on_the_page(south_africa_result):
    drawn = figure(south_africa_result)
    assert any("not for release" in text for text in _texts(drawn.svg))
    assert "vr-strip" in drawn.html


def test_figure__published_without_intervals__says_so(sex_result):
    assert any("no sampling intervals" in note for note in figure(sex_result).notes)


def test_figure__sources__stand_in_the_file(south_africa_result):
    drawn = figure(south_africa_result.release())
    root = ET.fromstring(drawn.svg)
    assert "Volunteer Activities Survey 2010" in "".join(root.find(f"{SVG}metadata").itertext())
    assert any("statssa.gov.za" in text for text in _texts(drawn.svg))


@pytest.mark.parametrize("name", ["a.svg", "a.png"])
def test_save__bare_result__is_refused(south_africa_result, tmp_path, name):
    with pytest.raises(VolResearchError) as error:
        figure(south_africa_result).save(tmp_path / name)
    assert error.value.code == "release.required"
    assert not list(tmp_path.iterdir())


def test_save__release__writes_picture_with_sources(south_africa_result, tmp_path):
    drawn = figure(south_africa_result.release())
    assert drawn.save(tmp_path / "a.svg").read_text("utf-8").startswith("<svg")
    png = drawn.save(tmp_path / "a.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert "Statistics South Africa" in read_text(png)["Source"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.png", "a.svg"]


def test_save__file_there_or_other_ending__is_refused(south_africa_result, tmp_path):
    drawn = figure(south_africa_result.release())
    (tmp_path / "a.svg").write_text("mine")
    for name, code in (("a.svg", "export.exists"), ("a.pdf", "export.format")):
        with pytest.raises(VolResearchError) as error:
            drawn.save(tmp_path / name)
        assert error.value.code == code
    assert (tmp_path / "a.svg").read_text() == "mine"


def test_figure__card__shows_value_with_its_bound_and_no_chart(make_published):
    drawn = figure(
        make_published([("core.value", "WORLD", "2016/2019", "", 3.5e9, "ZAR", "up_to", "v", "press")])
    )
    assert drawn.kind == "card"
    assert drawn.spec == {}
    assert "up to R 3.5 billion" in drawn.html.replace("\u00a0", " ")


def test_figure__mimebundle__is_still_and_names_no_address_to_load(sex_result):
    bundle = figure(sex_result)._repr_mimebundle_()
    assert {"text/html", "image/svg+xml"} <= set(bundle)
    for text in bundle.values():
        assert "<script" not in text
        loads = re.findall(r'(?:src|xlink:href|url)\s*[=(]\s*"?(?:https?:)?//', text)
        assert not loads


def test_figure_html__interactive__holds_specs_that_end_no_script(make_published):
    from volresearch.results import Result
    from volresearch.text import Text

    rows = [
        ("core.volunteers", a, "2014", "", v, "persons", "exact", "k", "vas14")
        for a, v in (("ZAF", 1.0), ("BRA", 2.0))
    ]
    result = make_published(rows)
    labels = {**result.labels, "area": {"ZAF": Text({"en": "</script><script>alert(1)</script>"})}}
    html = figure_html(figure(Result(result.table, result.by, result.facts, labels=labels)), interactive=True)
    specs = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', html, flags=re.S)
    assert len(specs) == 1
    assert "</script><script>alert(1)" in json.dumps(json.loads(specs[0]))
    assert "$schema" not in specs[0]
    assert html.count("<script") == 1
    assert "vr-still" in html


def test_vega_script__once_for_the_page__loads_nothing():
    script = vega_script()
    assert script.count("<script>") == 1
    assert "vegaEmbed" in script
    assert "cdn" not in script.lower()


def test_figure__hostile_label__stays_text_in_the_picture(make_published):
    from volresearch.results import Result
    from volresearch.text import Text

    rows = [
        ("core.volunteers", a, "2014", "", v, "persons", "exact", "k", "vas14")
        for a, v in (("ZAF", 1.0), ("BRA", 2.0))
    ]
    result = make_published(rows)
    labels = {**result.labels, "area": {"ZAF": Text({"en": '"><script>x</script>\x00'})}}
    root = ET.fromstring(figure(Result(result.table, result.by, result.facts, labels=labels)).svg)
    assert not list(root.iter(f"{SVG}script"))
    assert '"><script>x</script>' in _texts(ET.tostring(root, encoding="unicode"))


def test_figure__same_input_twice__gives_the_same_picture(sex_result):
    assert figure(sex_result).svg == figure(sex_result).svg
    assert figure(sex_result).html == figure(sex_result).html


def test_save__khmer__is_drawn_with_and_without_a_browser(make_published, tmp_path, monkeypatch):
    from volresearch.show import pictures

    rows = [
        ("core.volunteers", area, "2014", "", value, "persons", "exact", "k", "vas14")
        for area, value in (("ZAF", 1.0), ("BRA", 2.0))
    ]
    drawn = figure(make_published(rows).release(), "km")
    assert drawn.save(tmp_path / "browser.png").read_bytes().startswith(b"\x89PNG")
    monkeypatch.setattr(pictures, "browser", lambda: None)
    assert drawn.save(tmp_path / "own.png").read_bytes().startswith(b"\x89PNG")
