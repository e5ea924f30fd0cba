from __future__ import annotations

import shutil

import pytest

from volresearch.text import fonts


def test_families__language_of_each_script__asks_for_its_font_first():
    first = {lang: fonts.families(lang)[0] for lang in ("en", "ar", "km", "zh", "zh-Hant", "my", "hi", "am")}
    assert first == {
        "en": "Noto Sans",
        "ar": "Noto Naskh Arabic",
        "km": "Noto Sans Khmer",
        "zh": "Noto Sans CJK SC",
        "zh-Hant": "Noto Sans CJK SC",
        "my": "Noto Sans Myanmar",
        "hi": "Noto Sans Devanagari",
        "am": "Noto Sans Ethiopic",
    }


def test_status__this_computer__answers_for_every_script():
    rows = fonts.status()
    assert [row.script for row in rows] == ["Latn", "Arab", "Khmr", "Hans", "Mymr", "Deva", "Ethi"]
    assert all(row.available == bool(row.found) for row in rows)


@pytest.mark.skipif(shutil.which("fc-list") is None, reason="fontconfig is not installed")
def test_fontconfig__installed__lists_families_with_languages():
    listed = fonts._fontconfig()
    assert listed is not None
    assert all(family and "," not in family for family, _ in listed)


def test_font_files__no_fontconfig__are_known_by_their_names(tmp_path):
    for name in ("LeelawUI.ttf", "segoeui.ttf", "msyh.ttc", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    names = fonts._font_files((tmp_path, tmp_path / "absent"))
    found = {script.code: fonts._by_file(names, script) for script in fonts._SCRIPTS}
    assert found["Khmr"] == ("LeelawUI.ttf",)
    assert found["Hans"] == ("msyh.ttc",)
    assert found["Latn"] == ("segoeui.ttf",)
    assert found["Ethi"] == ()
