from __future__ import annotations

from volresearch.core import folders


def test_folders__checkout__top_level(tmp_path):
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    assert folders(tmp_path / "volresearch")["datasets"] == tmp_path / "datasets"


def test_folders__installed__inside_the_package(tmp_path):
    assert folders(tmp_path / "volresearch")["notebooks"] == tmp_path / "volresearch" / "core" / "notebooks"
