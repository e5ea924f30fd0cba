"""The catalogues of interface words: complete, with the same placeholders, compiled as they stand."""

from __future__ import annotations

import ast
import gettext
import io
import re
import string

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from volresearch.text.translate import DOMAIN, LOCALE_DIR

TRANSLATED = ("es", "fr", "zh")
_KEYWORDS = {"tr": (1,), "ntr": (1, 2), "mark": (1,)}


@pytest.fixture(scope="module")
def messages(root):
    method = [("**.py", "volresearch.text.extraction:extract")]
    found = extract_from_dir(str(root / "volresearch"), method_map=method, keywords=_KEYWORDS)
    return {message for _, _, message, _, _ in found}


def _catalogue(lang):
    with (LOCALE_DIR / lang / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=lang)


def _languages():
    return sorted(path.parent.parent.name for path in LOCALE_DIR.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("lang", TRANSLATED)
def test_catalogue__each_language__has_every_message(lang, messages):
    catalogue = _catalogue(lang)
    lacking = []
    for message in messages:
        entry = catalogue.get(message)
        strings = (
            [] if entry is None else [entry.string] if isinstance(entry.string, str) else list(entry.string)
        )
        if entry is None or entry.fuzzy or not strings or not all(strings):
            lacking.append(message)
    assert lacking == []


@pytest.mark.parametrize("lang", _languages())
def test_catalogue__each_language__keeps_the_placeholders(lang):
    wrong = []
    for entry in _catalogue(lang):
        if not entry.id or not entry.string:
            continue
        ids = [entry.id] if isinstance(entry.id, str) else list(entry.id)
        strings = [entry.string] if isinstance(entry.string, str) else list(entry.string)
        allowed = set().union(*map(_names, ids))
        for number, words in enumerate(strings):
            needed = set() if len(ids) > 1 and number == 0 else _names(ids[-1])
            if words and not (needed <= _names(words) <= allowed):
                wrong.append((ids[0], words))
    assert wrong == []


@pytest.mark.parametrize("lang", _languages())
def test_catalogue__each_language__is_compiled_as_it_stands(lang):
    compiled = io.BytesIO()
    write_mo(compiled, _catalogue(lang))
    stored = LOCALE_DIR / lang / "LC_MESSAGES" / f"{DOMAIN}.mo"
    fresh, kept = (
        gettext.GNUTranslations(io.BytesIO(data)) for data in (compiled.getvalue(), stored.read_bytes())
    )
    assert kept._catalog == fresh._catalog


def test_messages__in_the_sources__are_literals(sources):
    made = []
    for path, tree in sources.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in _KEYWORDS:
                made += [
                    f"{path}:{node.lineno}"
                    for word in node.args[:1]
                    if isinstance(word, ast.JoinedStr | ast.BinOp)
                ]
    assert made == []


def test_messages__all__are_single_spaced_words(messages):
    texts = [text for message in messages for text in ([message] if isinstance(message, str) else message)]
    assert [text for text in texts if re.search(r"  |^\s|\s$|\n", text)] == []
