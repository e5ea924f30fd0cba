from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import volresearch as vr
from volresearch.expressions import parse
from volresearch.text.names import as_name, is_name

NAMES = ["hours_2", "អាយុ_១", "العمر", "उम्र", "வயது", "年龄", "años", "_id"]


@pytest.mark.parametrize("name", NAMES)
def test_name__any_script__is_kept_and_can_be_said_in_an_expression(name: str) -> None:
    assert is_name(name)
    assert as_name(name) == name
    condition = parse(f"{name}>=3")
    assert condition.names == (name,)
    assert str(parse(str(condition))) == str(condition)
    assert condition.on(pd.DataFrame({name: [2, 3]}))["value"].tolist() == [False, True]


@pytest.mark.parametrize("text", ["", "2nd", "a b", "a-b", "a.b", "អាយុ (ឆ្នាំ)", "\u0300"])
def test_text__that_is_no_name__is_told_and_made_one(text: str) -> None:
    assert not is_name(text)
    assert as_name(text) == "" or is_name(f"_{as_name(text)}")


def test_read__headers_in_khmer__keep_their_vowels(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("ភេទ,អាយុ (ឆ្នាំ)\nស្រី,31\n", encoding="utf-8")
    data = vr.read(path)
    assert list(data.frame.columns) == ["ភេទ", "អាយុ_ឆ្នាំ"]
    assert data.codebook["អាយុ_ឆ្នាំ"].source == "អាយុ (ឆ្នាំ)"
