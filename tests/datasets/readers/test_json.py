"""Submissions in JSON become linked tables of text."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from volresearch.datasets.provenance import Source
from volresearch.datasets.readers import json as reader
from volresearch.datasets.readers import json_tables
from volresearch.datasets.readers.found import Asked, Found
from volresearch.datasets.readers.json import read_json
from volresearch.errors import VolResearchError


def read(path: Path, content: Any = None, **options: Any) -> Found:
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return read_json(Asked(path, **options), Source(path.name, "0" * 64, path.stat().st_size))


def refused(path: Path, content: Any, code: str, **options: Any) -> VolResearchError:
    with pytest.raises(VolResearchError) as caught:
        read(path, content, **options)
    assert caught.value.code == code
    return caught.value


def said(found: Found) -> str:
    return "\n".join(str(note) for note in found.notes)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answers.json"


def test_values__of_every_kind__as_text(file: Path) -> None:
    given = {"a": "x", "b": 5, "c": 2.5, "d": True, "e": None, "f": "", "g": 12345678901234567890, "h": 3.0}
    frame = read(file, [given, {"a": "y"}]).main.frame
    assert frame.iloc[0].dropna().to_dict() == {
        "a": "x",
        "b": "5",
        "c": "2.5",
        "d": "true",
        "g": "12345678901234567890",
        "h": "3",
    }
    assert frame.iloc[1].dropna().to_dict() == {"a": "y"}
    assert set(map(str, frame.dtypes)) == {"str"}


@pytest.mark.parametrize("key", ["results", "value", "submissions", "subissions"])
def test_trap_22__submissions_under_any_key__are_found(file: Path, key: str) -> None:
    found = read(file, {key: [{"q": "1"}, {"q": "2"}], "count": 2})
    assert found.main.frame["q"].tolist() == ["1", "2"]
    assert key in found.options["layout"]


def test_trap_22__form_and_submissions_in_one_file__the_form_comes_along(file: Path) -> None:
    survey = [{"type": "select_one yn", "name": "q", "label": "Do you volunteer?"}]
    choices = [{"list_name": "yn", "name": "y", "label": "Yes"}]
    document = {
        "version": "v1",
        "content": {"survey": survey, "choices": choices},
        "subissions": [{"q": "y"}],
    }
    found = read(file, document)
    assert [form.version for form in found.forms] == ["v1"]
    assert found.main.frame["q"].tolist() == ["y"]
    several = read(file, [document, {**document, "version": "v2"}])
    assert [form.version for form in several.forms] == ["v1", "v2"]
    assert several.main.frame["q"].tolist() == ["y", "y"]


def test_form__that_cannot_be_read__is_told_and_the_data_stay(file: Path) -> None:
    found = read(
        file,
        {
            "survey": [{"type": "text", "name": "q"}, {"type": "begin_group", "name": "g"}],
            "results": [{"q": "y"}],
        },
    )
    assert found.main.frame["q"].tolist() == ["y"]
    document = {"content": {"survey": 5}, "results": [{"q": "y"}]}
    assert "passed over" in said(read(file, document))


def test_repeats__inside_each_other__linked_tables(file: Path) -> None:
    kids = [
        {
            "home/kid/name": "Ana",
            "home/kid/shot": [{"home/kid/shot/of": "polio"}, {"home/kid/shot/of": "tb"}],
        },
        {"home/kid/name": "Bo"},
        {},
    ]
    found = read(file, [{"home/town": "Lima", "home/kid": kids}, {"home/town": "Cusco"}])
    main, kid, shot = found.tables
    assert [table.name for table in found.tables] == ["answers", "kid", "shot"]
    assert main.frame["_index"].tolist() == ["1", "2"]
    assert kid.link is not None
    assert (kid.link.parent, kid.link.key, kid.link.parent_key) == ("answers", "_index", "_parent_index")
    assert kid.frame["home/kid/name"].tolist() == ["Ana", "Bo"]
    assert kid.frame["_parent_index"].tolist() == ["1", "1"]
    assert shot.link is not None
    assert shot.link.parent == "kid"
    assert shot.frame["_parent_index"].tolist() == ["1", "1"]
    assert kid.hidden == {"_index", "_parent_index"}
    assert "1 empty rows of repeats" in said(found)


def test_odata__groups_as_objects__become_paths(file: Path) -> None:
    row = {
        "__id": "uuid:1", "__system": {"submitterName": "Ana"}, "home": {"town": "Lima", "kid": [{"name": "Bo"}]},
        "place": {"type": "Point", "coordinates": [1, 2]}, "toy@odata.navigationLink": "Submissions('uuid:1')/toy",
    }  # fmt: skip
    found = read(file, {"value": [row], "@odata.nextLink": "https://..."})
    assert found.main.frame.drop(columns="_index").iloc[0].to_dict() == {
        "__id": "uuid:1", "__system/submitterName": "Ana", "home/town": "Lima",
        "place": '{"type": "Point", "coordinates": [1, 2]}',
    }  # fmt: skip
    assert found.tables[1].frame["home/kid/name"].tolist() == ["Bo"]
    assert "one page of several" in said(found)
    assert "toy" in said(found)


def test_what_the_server_adds__is_text_of_json(file: Path) -> None:
    row = {
        "_attachments": [{"filename": "a.jpg"}],
        "_geolocation": [1.5, 2.5],
        "_tags": [],
        "_validation_status": {},
        "q": "1",
    }
    found = read(file, [row])
    assert len(found.tables) == 1
    assert found.main.frame.iloc[0].to_dict() == {
        "_attachments": '[{"filename": "a.jpg"}]', "_geolocation": "[1.5, 2.5]", "_tags": "[]",
        "_validation_status": "{}", "q": "1",
    }  # fmt: skip


def test_lines__one_object_each__are_submissions(file: Path) -> None:
    assert read(file, b'{"q": 1}\n\n{"q": 2}\n').main.frame["q"].tolist() == ["1", "2"]
    assert refused(file, b'{"q": 1}\n{"q": \n', "read.file").where.line == 2


def test_one_submission__alone__is_a_row(file: Path) -> None:
    assert read(file, {"_uuid": "1", "q": "x"}).main.frame["q"].tolist() == ["x"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "read.file"),
        (b'[{"q": 1}', "read.file"),
        (b"[1, 2]", "read.format"),
        (b"[]", "read.file"),
        (b'{"results": []}', "read.file"),
        (b'"text"', "read.format"),
        (b'{"a": 1}', "read.format"),
        (b'[{"page": 1}, [{"value": 2}]]', "read.format"),
        (b'{"type": "FeatureCollection", "features": []}', "read.format"),
        (b'{"survey": [{"type": "text", "name": "q"}]}', "read.format"),
        (b"[" * 100_000, "read.limit"),
        (b'[{"a": ' * 100 + b"1" + b"}]" * 100, "read.limit"),
        ('[{"q": "año"}]'.encode("latin-1"), "read.encoding"),
    ],
)
def test_other_content__refused_with_its_code(file: Path, content: bytes, code: str) -> None:
    refused(file, content, code)


def test_form_alone__says_how_to_give_it(file: Path) -> None:
    assert "instrument=" in refused(file, {"survey": [{"type": "text", "name": "q"}]}, "read.format").hint


def test_encoding__named_or_marked__is_followed(file: Path) -> None:
    text = '[{"q": "año"}]'
    assert read(file, text.encode("latin-1"), encoding="latin-1").main.frame["q"].tolist() == ["año"]
    assert read(file, text.encode("utf-8-sig")).main.frame["q"].tolist() == ["año"]
    assert read(file, text.encode("utf-16")).main.frame["q"].tolist() == ["año"]
    refused(file, text.encode(), "read.encoding", encoding="nonsense")


def test_packed__gzip__is_unpacked(file: Path) -> None:
    assert read(file, gzip.compress(b'[{"q": "1"}]')).main.frame["q"].tolist() == ["1"]


@pytest.mark.parametrize(("name", "most"), [("MAX_COLUMNS", 3), ("MAX_CELLS", 10), ("MAX_TABLES", 2)])
def test_bounds__more_than_memory_holds__refused(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr(json_tables, name, most)
    rows = [{f"q{at % 4}": at, f"r{at % 4}": [{"x": 1}]} for at in range(12)]
    refused(file, rows, "read.limit")


def test_bounds__a_file_too_large__refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_BYTES", 10)
    refused(file, [{"q": "0123456789"}], "read.limit")


def test_keys__that_meet_structure__are_kept_beside_it(file: Path) -> None:
    found = read(file, [{"_index": "mine", "a/b": "1", "a": {"b": "2"}, "kid": [{"x": 1}]}])
    assert found.main.frame.iloc[0].to_dict() == {"_index_2": "mine", "a/b": "1", "a/b_2": "2", "_index": "1"}


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.text(max_size=4), values, max_size=4), min_size=1, max_size=4))
def test_any_objects__rows_are_kept(file: Path, rows: list[dict[str, Any]]) -> None:
    found = read(file, rows)
    assert len(found.main.frame) == len(rows)
    for table in found.tables[1:]:
        assert table.link is not None
        above = next(one for one in found.tables if one.name == table.link.parent)
        assert set(table.frame["_parent_index"]) <= set(above.frame["_index"])


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "rows", "forms"),
    [
        ("formpack_grouped_repeatable_v1", [6, 13], 1),
        ("formpack_grouped_translated_v1", [3], 1),
        ("formpack_or_other_v1", [3], 1),
        ("formpack_selectone_to_multiple_submissions", [9], 0),
    ],
)
def test_real__form_and_submissions__rows_of_every_table(
    shared: Path, name: str, rows: list[int], forms: int
) -> None:
    found = read(shared / f"real/exports/{name}.json")
    assert [len(table.frame) for table in found.tables] == rows
    assert len(found.forms) == forms


@pytest.mark.real
@pytest.mark.parametrize("name", ["v2_selectone", "v3_selectmultiple"])
def test_real__forms_alone__refused(shared: Path, name: str) -> None:
    with pytest.raises(VolResearchError) as caught:
        read(shared / f"real/exports/formpack_selectone_to_multiple_{name}.json")
    assert caught.value.code == "read.format"
