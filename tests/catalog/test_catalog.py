from __future__ import annotations

from pathlib import Path

import pytest

from volresearch.catalog import Catalog
from volresearch.errors import VolResearchError
from volresearch.plugins import DatasetRecord, FolderPlugin, Host, PluginInfo, hookimpl


def catalog_of(**folders: Path) -> Catalog:
    plugins = {
        name: FolderPlugin(name, root=root, maintainer="maria@example.org") for name, root in folders.items()
    }
    return Catalog(Host.of(plugins))


def test_dataset__by_id__is_opened(write_dataset, tmp_path: Path) -> None:
    write_dataset(tmp_path / "datasets", "a\n1\n", id="t.people")
    assert catalog_of(t=tmp_path).dataset("t.people").id == "t.people"


def test_dataset__unknown_id__suggests_near_ones(write_dataset, tmp_path: Path) -> None:
    write_dataset(tmp_path / "datasets", "a\n1\n", id="t.people")
    with pytest.raises(VolResearchError) as caught:
        catalog_of(t=tmp_path).dataset("t.peple")
    assert caught.value.code == "dataset.unknown"
    assert 'Did you mean "t.people"?' in str(caught.value)


@pytest.mark.parametrize(
    "kind", ["datasets", "instruments", "crosswalks", "indicators", "notebooks", "reports", "policies"]
)
def test_record__unknown_of_every_kind__has_its_code(kind: str) -> None:
    with pytest.raises(VolResearchError) as caught:
        Catalog(Host.of({})).record(kind, "t.none")
    assert caught.value.code == f"{kind.removesuffix('s').replace('policie', 'policy')}.unknown"


def test_dataset__broken_yaml__names_plugin_file_line_and_maintainer(write_dataset, tmp_path: Path) -> None:
    path = write_dataset(tmp_path / "datasets", "a\n1\n", id="t.people")
    path.write_text(path.read_text() + "kinde: survey\n")
    with pytest.raises(VolResearchError) as caught:
        catalog_of(t=tmp_path).dataset("t.people")
    said = str(caught.value)
    assert "datasets/people.yaml:" in said
    assert 'did you mean "kind"' in said
    assert "Plugin t" in said
    assert "maria@example.org" in said


class Targeted:
    """A plugin whose dataset is a function that is not there."""

    @hookimpl
    def volresearch_plugin(self) -> PluginInfo:
        return PluginInfo("t", version="1")

    @hookimpl
    def volresearch_datasets(self) -> list[DatasetRecord]:
        return [DatasetRecord("t.people", target="volresearch.errors:no_such_function")]


def test_open__function_that_fails__names_the_plugin() -> None:
    with pytest.raises(VolResearchError) as caught:
        Catalog(Host.of({"t": Targeted()})).dataset("t.people")
    assert caught.value.code == "plugin.broken"
    assert "Plugin t" in str(caught.value)


def test_table__one_broken_among_good__is_listed_with_its_fault(write_dataset, tmp_path: Path) -> None:
    write_dataset(tmp_path / "datasets", "a\n1\n", id="t.good")
    (tmp_path / "datasets" / "bad.yaml").write_text("id: [\n")
    table = catalog_of(t=tmp_path).table("datasets").set_index("id")
    assert table.loc["t.good", "status"] == "ok"
    assert "bad.yaml:" in table.loc["t.bad", "status"]


def test_table__in_a_language__has_its_titles(write_dataset, tmp_path: Path) -> None:
    path = write_dataset(tmp_path / "datasets", "a\n1\n", id="t.people")
    path.write_text(path.read_text().replace("{en: People}", "{en: People, es: Personas}"))
    assert catalog_of(t=tmp_path).table("datasets", "es")["title"].tolist() == ["Personas"]


def test_table__nothing_there__has_its_columns() -> None:
    assert Catalog(Host.of({})).table("policies").columns.tolist() == ["id", "title", "plugin", "status"]


def test_record__two_with_one_id__both_plugins_are_named(write_dataset, tmp_path: Path) -> None:
    write_dataset(tmp_path / "a" / "datasets", "a\n1\n", id="t.people")

    class Both(Host):
        def records(self, kind: str):  # type: ignore[no-untyped-def]
            return (*super().records(kind), *self.extra) if kind == "datasets" else super().records(kind)

        def plugin_of(self, record):  # type: ignore[no-untyped-def]
            return self.plugins[1] if record in self.extra else super().plugin_of(record)

    host = Both(
        Host.of({"t": FolderPlugin("t", root=tmp_path / "a"), "u": FolderPlugin("u", root=tmp_path)}).plugins
    )
    host.extra = (DatasetRecord("t.people", path=tmp_path),)  # type: ignore[attr-defined]
    with pytest.raises(VolResearchError) as caught:
        Catalog(host).record("datasets", "t.people")
    assert caught.value.code == "record.duplicate"
    assert ": t and u." in str(caught.value)


def test_table__notebook__has_its_first_heading_as_title(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "a.ipynb").write_text(
        '{"cells": [{"cell_type": "markdown", "source": ["text\\n", "# First steps\\n"]}]}'
    )
    (tmp_path / "notebooks" / "b.ipynb").write_text("{")
    table = catalog_of(t=tmp_path).table("notebooks").set_index("id")
    assert table.loc["t.a", "title"] == "First steps"
    assert "JSONDecodeError" in table.loc["t.b", "status"]
