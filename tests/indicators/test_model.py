from __future__ import annotations

from pathlib import Path

import pytest

from volresearch.catalog import Catalog
from volresearch.errors import VolResearchError
from volresearch.indicators import open_indicator
from volresearch.plugins import FolderPlugin, Host

YAML = """\
id: t.V01
title: {en: Volunteer rate, es: Tasa de voluntariado}
definition: {en: Persons who <volunteered> per 100}
formula: 100*sum(w*vol)/sum(w)
unit: percent
level: person
disaggregation: [sex, age]
trap: {en: Not a stock}
series: [t.rate]
"""


def catalog_with(folder: Path, text: str) -> Catalog:
    (folder / "indicators").mkdir()
    (folder / "indicators" / "V01.yaml").write_text(text, encoding="utf-8")
    return Catalog(Host.of({"t": FolderPlugin("t", root=folder)}))


def test_open__declared__has_its_parts(tmp_path: Path) -> None:
    indicator = open_indicator(catalog_with(tmp_path, YAML), "t.V01")
    assert indicator.title.get_in("es") == "Tasa de voluntariado"
    assert indicator.disaggregation == ("sex", "age")
    assert indicator.computable is False


def test_repr_html__markup_in_the_text__is_escaped(tmp_path: Path) -> None:
    html = open_indicator(catalog_with(tmp_path, YAML), "t.V01")._repr_html_()
    assert "&lt;volunteered&gt;" in html
    assert "Not a stock" in html


def test_open__misspelt_key__is_named_with_line(tmp_path: Path) -> None:
    catalog = catalog_with(tmp_path, YAML.replace("formula:", "formulae:"))
    with pytest.raises(VolResearchError) as caught:
        open_indicator(catalog, "t.V01")
    assert "V01.yaml:4" in str(caught.value)
    assert 'did you mean "formula"' in str(caught.value)


def test_open__unknown__suggests_near_ones(tmp_path: Path) -> None:
    with pytest.raises(VolResearchError) as caught:
        open_indicator(catalog_with(tmp_path, YAML), "t.V1")
    assert caught.value.code == "indicator.unknown"
    assert '"t.V01"' in str(caught.value)
