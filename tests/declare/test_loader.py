from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volresearch.declare import load, loads
from volresearch.declare import loader as loader_module
from volresearch.errors import VolResearchError


@pytest.mark.parametrize(
    "word",
    ["NO", "no", "yes", "on", "Off", "True", "FALSE", "Null", "~", "08", "010", "0x1F", "0o17", "1:30", "1_000",
     "2016-12-01", "2016-12-01T10:00:00Z", ".5", "5.", "+1", "1.", ".inf", ".nan", "<<", "=", "1e999", "0b1"],
)  # fmt: skip
def test_scalar__word_that_yaml_would_type__stays_text(word: str) -> None:
    assert loads(f"a: {word}").data == {"a": word}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("0", 0),
        ("-7", -7),
        ("1.50", 1.5),
        ("2e3", 2000.0),
    ],
)
def test_scalar__json_word__is_typed(word: str, value: object) -> None:
    got = loads(f"a: {word}").data["a"]
    assert got == value
    assert type(got) is type(value)


def test_scalar__quoted_number__stays_text() -> None:
    assert loads("a: \"1\"\nb: '2'\nc: |\n  3\n").data == {"a": "1", "b": "2", "c": "3\n"}


def test_keys__look_like_numbers__are_text() -> None:
    assert loads("labels: {1: Women, 08: Men, true: Other}").data == {
        "labels": {"1": "Women", "08": "Men", "true": "Other"}
    }


def test_sequences__read__as_tuples() -> None:
    assert loads("a: [1, [x]]").data == {"a": (1, ("x",))}


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn")), max_size=40))
def test_text__quoted_as_json__comes_back_unchanged(text: str) -> None:
    assert loads(f"a: {json.dumps(text, ensure_ascii=False)}").data["a"] == text


@given(st.from_regex(r"[A-Za-z0-9_:.\-]{1,12}", fullmatch=True))
def test_plain_word__read__is_the_same_text_or_json(word: str) -> None:
    try:
        got = loads(f"a: {word}").data
    except VolResearchError:
        return
    if not isinstance(got, dict) or not isinstance(got["a"], str | int | float | bool | type(None)):
        return
    if not isinstance(got["a"], str):
        assert json.loads(word) == got["a"]
    else:
        assert got["a"] == word


def test_duplicate_keys__several__all_named_with_lines() -> None:
    with pytest.raises(VolResearchError) as caught:
        loads("a: 1\nb: 2\na: 3\nb: 4\n", "x.yaml")
    assert [item.code for item in caught.value.faults] == ["declare.duplicate_key"] * 2
    assert [item.where.line for item in caught.value.faults] == [3, 4]
    assert "first on line 1" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x [1]\nb: *x\n", "anchor"),
        ("a: !!python/object:os.system [1]\n", "tag"),
        ("a: !!str 1\n", "tag"),
        ("a: 1\n---\nb: 2\n", "second document"),
        ("", "empty"),
        ("a: [1\n", "not valid YAML"),
        ("a:\n\t- 1\n", "spaces, not tabs"),
        ("? [a, b]\n: 1\n", "key must be"),
        ("a: b: c\n", "not valid YAML"),
    ],
)
def test_loads__what_is_not_allowed__says_what_and_where(text: str, said: str) -> None:
    with pytest.raises(VolResearchError) as caught:
        loads(text, "x.yaml")
    assert said in str(caught.value)
    assert str(caught.value).startswith("x.yaml:")


def test_loads__billion_laughs__is_refused_without_expansion() -> None:
    levels = "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 40))
    with pytest.raises(VolResearchError) as caught:
        loads(f"a0: &a0 x\n{levels}")
    assert caught.value.code == "declare.syntax"


def test_loads__very_deep__is_refused() -> None:
    with pytest.raises(VolResearchError, match="deeper than"):
        loads("a: " + "[" * 5000)


def test_load__too_large__is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader_module, "SIZE_LIMIT", 10)
    (tmp_path / "a.yaml").write_text("key: a long value")
    with pytest.raises(VolResearchError, match="larger than"):
        load(tmp_path / "a.yaml")


def test_load__no_such_file__names_it(tmp_path: Path) -> None:
    with pytest.raises(VolResearchError) as caught:
        load(tmp_path / "none.yaml")
    assert caught.value.code == "declare.missing_file"


def test_load__not_utf8__names_the_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes("a: 1\nb: Educación\n".encode("latin-1"))
    with pytest.raises(VolResearchError) as caught:
        load(tmp_path / "a.yaml")
    assert caught.value.where.line == 2


def test_load__byte_order_mark__is_ignored(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert load(tmp_path / "a.yaml").data == {"a": 1}


def test_line__every_key_and_item__is_kept() -> None:
    loaded = loads("a: 1\nb:\n  - x\n  - {c: 2,\n     d: 3}\n")
    assert loaded.line(("a",)) == 1
    assert loaded.line(("b", 1)) == 4
    assert loaded.line(("b", 1, "d")) == 5
    assert loaded.line(("b", 1, "missing")) == 4
    assert str(loaded.where(("b", 1, "d"))) == "<text>:5 b[1].d"


@given(
    st.one_of(
        st.text(max_size=60),
        st.text(alphabet="{}[]:,-?&*!|>'\"%@ #\\n\\tab1", max_size=40),
        st.binary(max_size=40),
    )
)
def test_loads__anything_at_all__reads_or_says_why(content: str | bytes) -> None:
    with suppress(VolResearchError):
        assert loads(content).lines
