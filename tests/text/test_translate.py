from __future__ import annotations

import subprocess
import sys

from volresearch.text import mark, ntr, tr


def test_tr__english_or_unknown_language__returns_the_message():
    assert tr("Choose a series") == "Choose a series"
    assert tr("Choose a series", "xx") == tr("Choose a series", "not a tag") == "Choose a series"


def test_tr__values__stand_in_their_places():
    assert tr("{n} of {total}", "en", n=3, total=5) == "3 of 5"


def test_tr__no_values__leaves_braces_alone():
    assert tr("{name}") == "{name}"


def test_tr__empty_message__stays_empty():
    # gettext keeps the catalogue's header under the empty message.
    assert tr("", "es") == ""


def test_tr__region_of_a_language__uses_the_language():
    assert tr("about {period}", "es-PE") == tr("about {period}", "es")


def test_ntr__one_and_many__chooses_by_count():
    assert [ntr("{n} figure", "{n} figures", n) for n in (0, 1, 2)] == ["0 figures", "1 figure", "2 figures"]


def test_ntr__count_formatted_by_caller__wins():
    assert ntr("{n} figure", "{n} figures", 1200, "en", **{}) == "1200 figures"
    assert ntr("{shown} figure", "{shown} figures", 1200, "en", shown="1,200") == "1,200 figures"


def test_mark__any_message__comes_back():
    assert mark("rate") == "rate"


def test_text__imported_in_a_fresh_interpreter__loads_nothing_heavy():
    code = (
        "import sys; from volresearch.text import tr, direction; tr('x', 'es'); direction('ar');"
        "print([name for name in ('babel','pandas','numpy','pydantic','yaml') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
