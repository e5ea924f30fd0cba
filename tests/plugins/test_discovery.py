from __future__ import annotations

import pytest

from volresearch.plugins.discovery import discover, selection


def install(folder, distribution, version, *lines, metadata=True):
    info = folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if metadata:
        text = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
        (info / "METADATA").write_text(text, encoding="utf-8")


def test_discover__other_groups__are_ignored(tmp_path):
    install(tmp_path, "tool", "1", "[console_scripts]", "kenya = tool:main")
    install(
        tmp_path,
        "kenya",
        "2",
        "[console_scripts]",
        "x = y:z",
        "[volresearch]",
        "kenya = kenya_package:plugin",
    )
    (found,) = discover([str(tmp_path)])
    assert (found.name, found.target, str(found)) == ("kenya", "kenya_package:plugin", "kenya 2")


@pytest.mark.parametrize("order", [("aaa", "bbb"), ("bbb", "aaa")])
def test_discover__twins_in_any_order_on_the_path__come_in_the_order_of_the_alphabet(tmp_path, order):
    for name in order:
        install(tmp_path / name, name, "1", "[volresearch]", f"kenya = {name}:plugin")
    found = discover([str(tmp_path / name) for name in order])
    assert [item.distribution for item in found] == ["aaa", "bbb"]


def test_discover__same_distribution_twice_on_the_path__the_first_counts(tmp_path):
    for version in ("1", "2"):
        install(tmp_path / version, "volresearch-kenya", version, "[volresearch]", "kenya = kenya:plugin")
    (found,) = discover([str(tmp_path / "2"), str(tmp_path / "1")])
    assert found.version == "2"


def test_discover__no_metadata__is_still_listed(tmp_path):
    install(tmp_path, "kenya", "1", "[volresearch]", "kenya = kenya:plugin", metadata=False)
    (found,) = discover([str(tmp_path)])
    assert found.name == "kenya"


def test_discover__garbled_entry_points__one_fault_and_the_others_are_there(tmp_path):
    install(tmp_path, "a-garbled", "1", "[volresearch]", "no equals sign")
    install(tmp_path, "kenya", "1", "[volresearch]", "kenya = kenya:plugin")
    garbled, kenya = discover([str(tmp_path)])
    assert "cannot be read" in garbled.fault
    assert kenya.fault == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", None),
        (" , ", None),
        ("none", frozenset()),
        ("core", frozenset()),
        ("a,b", {"a", "b"}),
        (" a , b ,", {"a", "b"}),
    ],
)
def test_selection__environment__is_read(monkeypatch, value, expected):
    monkeypatch.setenv("VOLRESEARCH_PLUGINS", value)
    assert selection(None) == expected


def test_selection__given__wins_over_the_environment(monkeypatch):
    monkeypatch.setenv("VOLRESEARCH_PLUGINS", "a,b")
    assert selection([]) == frozenset()
    assert selection("c") == {"c"}
