"""Packed files are unpacked within bounds; archives are checked before anything is unpacked."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile

import pytest

from volresearch.datasets.readers import packed
from volresearch.datasets.readers.packed import check_archive, head_of, kept_file, plain_file
from volresearch.errors import VolResearchError


def test_plain_file__a_plain_file__is_the_file_itself(tmp_path):
    file = tmp_path / "a.csv"
    file.write_bytes(b"a,b\n")
    with plain_file(file) as plain:
        assert plain == file


def test_plain_file__a_gzipped_file__is_a_copy_that_is_gone_afterwards(tmp_path):
    file = tmp_path / "a.csv.gz"
    file.write_bytes(gzip.compress(b"a,b\n"))
    with plain_file(file) as plain:
        assert plain.read_bytes() == b"a,b\n"
        assert plain.name == "a.csv"
        folder = plain.parent
    assert not folder.exists()


def test_plain_file__more_than_the_limit__is_refused_and_leaves_nothing(tmp_path, monkeypatch):
    file = tmp_path / "a.gz"
    file.write_bytes(gzip.compress(bytes(3 << 20)))
    monkeypatch.setattr(packed.tempfile, "tempdir", str(tmp_path))
    with pytest.raises(VolResearchError) as caught, plain_file(file, limit=1 << 20):
        pass
    assert caught.value.code == "read.limit"
    assert [one.name for one in tmp_path.iterdir()] == ["a.gz"]


def test_plain_file__a_bomb__is_refused_by_its_ratio(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "_SMALL", 2 << 20)
    file = tmp_path / "a.gz"
    file.write_bytes(gzip.compress(bytes(8 << 20)))
    with pytest.raises(VolResearchError) as caught, plain_file(file):
        pass
    assert caught.value.code == "read.limit"


def test_plain_file__a_gzip_that_is_cut_off__says_so(tmp_path):
    file = tmp_path / "a.gz"
    file.write_bytes(gzip.compress(bytes(range(256)) * 500)[:-20])
    with pytest.raises(VolResearchError) as caught, plain_file(file):
        pass
    assert caught.value.code == "read.file"
    with pytest.raises(VolResearchError):
        head_of(file, 1 << 20)


def test_kept_file__a_gzipped_file__stays_until_the_end(tmp_path):
    file = tmp_path / "a.csv.gz"
    file.write_bytes(gzip.compress(b"a,b\n"))
    assert kept_file(file).read_bytes() == b"a,b\n"


def write_zip(path, *members, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def test_check_archive__a_plain_archive__gives_its_names(tmp_path):
    file = write_zip(tmp_path / "a.zip", ("xl/workbook.xml", b"x"), ("b", b"y"))
    assert check_archive(file) == ("xl/workbook.xml", "b")


@pytest.mark.parametrize("name", ["../a", "/etc/a", "a/../../b", "C:/a", "..\\a", "a\\..\\..\\b"])
def test_check_archive__a_name_that_leaves_the_folder__is_refused(tmp_path, name):
    file = write_zip(tmp_path / "a.zip", (name, b"x"))
    with pytest.raises(VolResearchError) as caught:
        check_archive(file)
    assert caught.value.code == "read.format"


def test_check_archive__too_many_members__is_refused(tmp_path):
    file = write_zip(tmp_path / "a.zip", *((str(number), b"") for number in range(30)))
    with pytest.raises(VolResearchError) as caught:
        check_archive(file, members=20)
    assert caught.value.code == "read.limit"


def test_check_archive__a_bomb_of_a_gigabyte__is_refused_by_its_directory_alone(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 1000)
    content = bytearray(out.getvalue())
    place = content.index(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 1 << 30)
    file = tmp_path / "a.xlsx"
    file.write_bytes(content)
    with pytest.raises(VolResearchError) as caught:
        check_archive(file)
    assert caught.value.code == "read.limit"
    assert file.stat().st_size < 1000
