"""Which encoding a text is in, and what is said of it."""

from __future__ import annotations

import pytest

from volresearch.datasets.readers import encoding as encodings
from volresearch.datasets.readers.encoding import decoded
from volresearch.errors import VolResearchError, Where

HERE = Where(file="a.csv")


def text_of(tmp_path, content: bytes, asked: str | None = None):
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    found = decoded(file, asked, tmp_path, HERE)
    return found.path.read_bytes()[found.start :].decode("utf-8"), found


def test_decoded__plain_utf_8__is_the_file_itself(tmp_path):
    text, found = text_of(tmp_path, "a\nñ\n".encode())
    assert text == "a\nñ\n"
    assert found.path.name == "a.csv"
    assert found.why == "UTF-8 (every byte fits)"
    assert found.notes == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_trap_23__a_byte_order_mark__tells_the_encoding_and_is_no_part_of_the_text(tmp_path, encoding):
    text, found = text_of(tmp_path, "edad\nñ\n".encode(encoding))
    assert text == "edad\nñ\n"
    assert "byte order mark" in found.why


WORDS = {
    "windows-1252": "Región,Años\nPerú,“sí” – 5 €\nÁncash,niño\n",
    "windows-1251": "Имя,Возраст\nВолонтёр,да\n",
    "windows-1256": "نعم,لا\nمتطوع,العمر\n",
    "gb18030": "姓名,志愿者\n北京市,是\n",
    "big5": "姓名,志願者\n臺北市,是\n",
}


@pytest.mark.parametrize("encoding", WORDS)
def test_trap_23__old_encodings__are_told_by_their_letters_and_noted_as_a_guess(tmp_path, encoding):
    text, found = text_of(tmp_path, WORDS[encoding].encode(encoding))
    assert text == WORDS[encoding]
    assert found.why.startswith(f"{encoding} (not UTF-8: byte 0x")
    assert "in line 1" in found.why
    assert len(found.notes) == 1
    assert "encoding=" in str(found.notes[0])


def test_decoded__the_first_wrong_byte__is_told_with_its_line(tmp_path, monkeypatch):
    monkeypatch.setattr(encodings, "_CHUNK", 7)
    _, found = text_of(tmp_path, b"a,b\n1,2\n3,4\nni\xf1o,5\n")
    assert "byte 0xF1 in line 4" in found.why


@pytest.mark.parametrize("piece", [1, 2, 3, 5])
def test_decoded__letters_cut_between_pieces__are_whole(tmp_path, monkeypatch, piece):
    monkeypatch.setattr(encodings, "_CHUNK", piece)
    text, found = text_of(tmp_path, "a,ភាសា,中\r\n1,é,😀\r\n".encode())
    assert text == "a,ភាសា,中\r\n1,é,😀\r\n"
    assert not found.lone_returns
    assert found.notes == ()


@pytest.mark.parametrize(
    ("content", "lone"), [(b"a\r\nb\r\n", False), (b"a\rb\r", True), (b"a\r\nb\r", True)]
)
@pytest.mark.parametrize("piece", [1, 2, 100])
def test_decoded__carriage_returns_alone__are_told(tmp_path, monkeypatch, content, lone, piece):
    monkeypatch.setattr(encodings, "_CHUNK", piece)
    assert text_of(tmp_path, content)[1].lone_returns is lone


def test_trap_23__lost_characters_in_the_data__become_a_note_with_count_and_line(tmp_path):
    text, found = text_of(tmp_path, "name\nok\nJos\ufffd, Mar\ufffda\n".encode())
    assert "\ufffd" in text
    assert "2 characters were lost" in str(found.notes[0])
    assert "line 3" in str(found.notes[0])


def test_decoded__a_wrong_encoding_that_is_asked_for__names_the_line(tmp_path):
    with pytest.raises(VolResearchError) as caught:
        text_of(tmp_path, b"a\nb\nni\xf1o\n", "utf-8")
    assert caught.value.code == "read.encoding"
    assert caught.value.where.line == 3


def test_decoded__a_multibyte_encoding_that_does_not_fit__names_the_line(tmp_path):
    with pytest.raises(VolResearchError) as caught:
        text_of(tmp_path, b"a\nb\n\xff\xff\xff\n", "gb18030")
    assert (caught.value.code, caught.value.where.line) == ("read.encoding", 3)


@pytest.mark.parametrize("name", ["klingon", "zip", "hex", "rot13", "unicode_escape", "idna", "", "utf-8\0"])
def test_decoded__what_is_no_encoding__is_refused(tmp_path, name):
    with pytest.raises(VolResearchError) as caught:
        text_of(tmp_path, b"a\n", name)
    assert caught.value.code == "read.encoding"


def test_decoded__an_encoding_as_asked__wins_over_the_guess(tmp_path):
    text, found = text_of(tmp_path, "a\nДа\n".encode("cp866"), "cp866")
    assert text == "a\nДа\n"
    assert found.why == "cp866 (as asked)"


def test_decoded__utf_8_read_as_something_else__is_noted(tmp_path):
    text, found = text_of(tmp_path, "a\nñ\n".encode(), "latin-1")
    assert text == "a\nÃ±\n"
    assert "UTF-8" in str(found.notes[0])


def test_decoded__utf_16_without_a_mark__is_told_by_its_zeros(tmp_path):
    text, found = text_of(tmp_path, "name,age\nAna,31\n".encode("utf-16-le"))
    assert text == "name,age\nAna,31\n"
    assert "utf-16-le" in found.why


def test_decoded__utf_8_with_a_few_foreign_bytes__is_mended_and_noted(tmp_path):
    good = "años, días, niñas, corazón, café\n" * 10
    text, found = text_of(tmp_path, good.encode() + b"it\x92s\n")
    assert text == good + "it’s\n"
    assert "1 bytes" in found.why
    assert "windows-1252" in str(found.notes[0])


def test_decoded__half_a_character_in_utf_16__is_an_error(tmp_path):
    with pytest.raises(VolResearchError) as caught:
        text_of(tmp_path, "a\nb\n".encode("utf-16")[:-1])
    assert caught.value.code == "read.encoding"
