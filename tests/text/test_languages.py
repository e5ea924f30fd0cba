from __future__ import annotations

import pytest

from volresearch.errors import VolResearchError
from volresearch.text import check_tag, direction, language_name, script_of


@pytest.mark.parametrize("tag", ["en", "sw", "zh-Hans", "pt-BR", "es-419", "az-Arab-IR", "ckb"])
def test_check_tag__language_tag__comes_back(tag):
    assert check_tag(tag) == tag


@pytest.mark.parametrize("tag", ["", "EN", "english", "en_GB", "en-", "e", "zh-hans", 7])
def test_check_tag__something_else__is_refused(tag):
    with pytest.raises(VolResearchError) as caught:
        check_tag(tag)
    assert caught.value.code == "text.language"


@pytest.mark.parametrize(
    ("lang", "expected"), [("he", "rtl"), ("ur-PK", "rtl"), ("ku-Latn", "ltr"), ("en", "ltr")]
)
def test_direction__language_or_script__decides(lang, expected):
    assert direction(lang) == expected


def test_script_of__script_in_the_tag__wins_over_the_language():
    assert script_of("zh-Hant") == "Hant"
    assert script_of("zh") == "Hans"


def test_language_name__unknown_tag__is_shown_as_it_is():
    assert language_name("xx") == "xx"
    assert language_name("km", "en") == "Khmer"
