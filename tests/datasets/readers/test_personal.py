from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from volresearch.datasets.codebook import Variable
from volresearch.datasets.private import salt_of
from volresearch.datasets.readers import read
from volresearch.datasets.readers.found import Asked, Found, Link, Note, RawTable
from volresearch.datasets.readers.personal import set_aside
from volresearch.datasets.readers.personal_patterns import Cells, kind_of_content
from volresearch.datasets.readers.personal_words import kind_of_header, kind_of_label
from volresearch.text import Text

UUIDS = [f"a8b8a5d0-1111-4222-8333-44445555666{n}" for n in range(3)]
NAMES = ["Ana Ruiz", "Luis Soto", "Mei Chen"]


def table(
    columns: Mapping[str, list[Any]],
    *,
    called: str = "people",
    link: Link | None = None,
    **variables: Variable,
) -> RawTable:
    frame = pd.DataFrame(columns)
    for column in frame.columns:
        if frame[column].dtype == object:
            frame[column] = frame[column].astype("str")
    known = {str(column): variables.get(str(column), Variable(name=str(column))) for column in frame.columns}
    return RawTable(called, frame, known, typed=True, link=link)


def done(
    columns: Mapping[str, list[Any]],
    *more: RawTable,
    asked: Mapping[str, Any] | None = None,
    **variables: Variable,
) -> Found:
    return set_aside(
        Found("csv", (table(columns, **variables), *more)), Asked(Path("x.csv"), **(asked or {}))
    )


def kinds(columns: Mapping[str, list[Any]], **variables: Variable) -> dict[str, tuple[str, str]]:
    return {one.variable: (one.kind, one.found_by) for one in done(columns, **variables).set_aside}


# What headers say, in the languages of the field.
@pytest.mark.parametrize(
    "header,kind",
    [
        ("name", "name"), ("Q1. Full name", "name"), ("first_name", "name"), ("LastName", "name"),
        ("respondent_name", "name"), ("children/name", "name"), ("nombre", "name"), ("Apellidos", "name"),
        ("nombre_del_encuestado", "name"), ("nom", "name"), ("Prénom", "name"), ("nom de l'enfant", "name"),
        ("姓名", "name"), ("受访者姓名", "name"), ("phone", "phone"), ("Teléfono móvil", "phone"), ("téléphone", "phone"),
        ("手机号码", "phone"), ("whatsapp", "phone"), ("tel1", "phone"), ("email", "email"), ("correo_electronico", "email"),
        ("Courriel", "email"), ("电子邮件", "email"), ("RecipientEmail", "email"), ("home_address", "address"),
        ("Dirección", "address"), ("adresse postale", "address"), ("地址", "address"), ("gps", "position"),
        ("_location_latitude", "position"), ("longitud", "position"), ("纬度", "position"), ("deviceid", "device"),
        ("IPAddress", "device"), ("imei", "device"), ("username", "user"), ("_submitted_by", "user"),
        ("enumerator_name", "user"), ("nombre del encuestador", "user"), ("enquêteur", "user"), ("访员姓名", "user"),
        ("national_id", "national_id"), ("DNI", "national_id"), ("cédula", "national_id"), ("passport_number", "national_id"),
        ("身份证号", "national_id"), ("bank_account", "identifier"), ("date_of_birth", "birth"), ("fecha_nacimiento", "birth"),
        ("date de naissance", "birth"), ("出生日期", "birth"), ("start", "time"), ("_submission_time", "time"),
        ("meta/audit", "audit"),
    ],
)  # fmt: skip
def test_kind_of_header__four_languages__says_what_it_is(header: str, kind: str) -> None:
    assert kind_of_header(header) == kind


@pytest.mark.parametrize(
    "header",
    [
        "organization_name", "name of organization", "country name", "nombre_comunidad", "nom du village", "组织名称",
        "学校名字", "filename", "Q_name_brand", "organization/name", "interviewer_gender", "year_of_birth", "today",
        "how_long", "hours", "website", "ethnicity", "sex", "tema", "company", "participation", "mailing",
    ],
)  # fmt: skip
def test_kind_of_header__false_friend__says_nothing(header: str) -> None:
    assert kind_of_header(header) == ""


@pytest.mark.parametrize(
    "question,kind",
    [
        ("What is your name?", "name"), ("Name of the respondent", "name"), ("¿Cuál es su nombre?", "name"),
        ("Quel est votre nom ?", "name"), ("您的姓名", "name"), ("您的手机号码是多少？", "phone"),
        ("Please enter your e-mail address", "email"), ("What is the name of your organization?", ""),
        ("Name of the village where the respondent lives", ""), ("Nombre de la comunidad", ""),
        ("How do you address problems in your group?", ""), ("Name three things you like", ""),
        ("How old were you when you first volunteered?", ""),
    ],
)  # fmt: skip
def test_kind_of_label__questions__are_understood(question: str, kind: str) -> None:
    assert kind_of_label(question) == kind


# What cells show.
@pytest.mark.parametrize(
    "cell,kind",
    [
        ("ana@example.org", "email"), ("+254 712 345 678", "phone"), ("0712345678", "phone"), ("(01) 4567-8901", "phone"),
        ("-1.26 36.79 0 20", "position"), ("-1.28333,36.81667", "position"), ("[-1.28333, 36.81667]", "position"),
        ("41.89.12.200", "device"), ("490154203237518", "device"), ("collect:xyz123", "device"),
        ("enketo.org:Abc", "device"), ("11010519491231002X", "national_id"), ("123.456.789-09", "national_id"),
        ("IMG_2031.jpg", "media"), ("https://host.org/media?media_file=u/attachments/a.jpg", "media"),
        ("https://host.org/form?token=8f7a", "identifier"), ("DE89 3704 0044 0532 0130 00", "identifier"),
        ("2024-05-01T10:00:03.000+03:00", "time"), ("audit.csv", "audit"), (UUIDS[0], "key"), (f"uuid:{UUIDS[0]}", "key"),
    ],
)  # fmt: skip
def test_kind_of_content__one_cell__is_recognized(cell: str, kind: str) -> None:
    assert kind_of_content(Cells.of([cell])) == kind


@pytest.mark.parametrize(
    "cell",
    [
        "2018-07-16", "16.07.2018", "7/16/2018", "12345678", "1 234 567", "1.234.567", "1990", "1.2.3.4", "08:30:00",
        "https://example.org/about", "2024-05-01T10:00:00", "0.5", "490154203237519", "110105194912310021", "Nei",
        "a.b.c", "12-34", "NO", "3.14159", "yes",
    ],
)  # fmt: skip
def test_kind_of_content__false_friend__is_left_alone(cell: str) -> None:
    assert kind_of_content(Cells.of([cell])) == ""


def test_kind_of_content__few_addresses_among_other_answers__are_enough() -> None:
    assert kind_of_content(Cells.of([*(f"word {n}" for n in range(15)), "ana@example.org"])) == "email"


# The stage.
def test_set_aside__each_kind__is_listed_with_how_it_was_found_and_how_many() -> None:
    found = done(
        {
            "name": NAMES,
            "contact": ["ana@example.org", None, "0712345678"],
            "hours": [1.0, 2.0, None],
        }
    )
    assert [(one.variable, one.kind, one.found_by, one.n) for one in found.set_aside] == [
        ("name", "name", "name", 3),
        ("contact", "email", "content", 2),
    ]
    assert list(found.main.frame.columns) == ["hours"]
    assert set(found.main.variables) == {"hours"}


def test_set_aside__what_was_taken__is_kept_apart_with_its_row() -> None:
    found = done({"name": NAMES, "hours": [1.0, 2.0, 3.0]})
    private = found.private["people"]
    assert private["row"].tolist() == [1, 2, 3]
    assert private["name"].tolist() == NAMES


def test_set_aside__yes_no_question_on_phones__stays() -> None:
    assert (
        kinds({"phone": ["yes", "no", "yes"], "has_email": ["0", "1", "1"], "mobile": [1.0, 2.0, 3.0]}) == {}
    )


def test_set_aside__choices_of_a_question__stay() -> None:
    coded = Variable(name="name", type="code", labels={"ana": "Ana", "luis": "Luis"})
    assert kinds({"name": ["ana", "luis", "ana"]}, name=coded) == {}


def test_set_aside__unknown_kind_of_name__goes_by_its_content() -> None:
    assert kinds({"name_en": NAMES}) == {"name_en": ("name", "name")}
    assert kinds({"name_en": ["Wave", "Wave", "Wave", "Wave"]}) == {}


def test_set_aside__question_in_any_language__tells() -> None:
    asked = Variable(name="q1", label=Text({"en": "Q1", "es": "¿Cuál es su nombre?"}))
    other = Variable(name="q1", label=Text({"es": "¿Cuál es el nombre de su organización?"}))
    assert kinds({"q1": NAMES}, q1=asked) == {"q1": ("name", "name")}
    assert kinds({"q1": ["Red Cross", "Caritas", "Techo"]}, q1=other) == {}


def test_set_aside__age_at_first_name__is_a_number_and_stays() -> None:
    assert kinds({"age_at_first_name": [21.0, 30.0, 41.0]}) == {}


def test_set_aside__national_id_in_digits__goes_by_its_header_only() -> None:
    numbers = [45612378.0, 45612379.0, 45612370.0]
    assert kinds({"dni": numbers}) == {"dni": ("national_id", "name")}
    assert kinds({"record_id": numbers}) == {}


def test_set_aside__coordinates__go_with_altitude_and_precision() -> None:
    columns = {"_gps_latitude": [-1.2833], "_gps_longitude": [36.8166], "_gps_altitude": [1700.0], "_gps_precision": [5.0], "decimal_precision": [2.0]}  # fmt: skip
    assert set(kinds(columns)) == set(columns) - {"decimal_precision"}


def test_set_aside__length_called_longitud__stays() -> None:
    assert kinds({"longitud": [12.0, 340.0, 25.0]}) == {}


def test_set_aside__exact_times__leave_minutes_and_day() -> None:
    found = done(
        {
            "start": pd.to_datetime(["2024-05-01T10:00:03", "2024-05-02T23:50:00"]).tolist(),
            "end": pd.to_datetime(["2024-05-01T10:30:33", "2024-05-03T00:20:00"]).tolist(),
            "_submission_time": pd.to_datetime(["2024-05-01T12:00:01", "2024-05-03T12:00:01"]).tolist(),
        }
    )
    frame = found.main.frame
    assert frame["interview_minutes"].tolist() == [30.5, 30.0]
    assert frame["interview_date"].tolist() == [pd.Timestamp("2024-05-01"), pd.Timestamp("2024-05-02")]
    assert list(frame.columns) == ["interview_date", "interview_minutes"]
    assert found.main.variables["interview_minutes"].unit == "minutes"
    assert found.main.variables["interview_date"].type == "date"
    assert {one.kind for one in found.set_aside} == {"time"}
    assert any(
        "what stays of them: interview_date, interview_minutes" in note.message for note in found.notes
    )


def test_set_aside__times_as_text__are_parsed_where_they_can_be() -> None:
    found = done(
        {
            "start": ["2024-05-01T10:00:03.000+03:00", "broken", "2024-05-01T10:00:03.000+03:00"],
            "end": ["2024-05-01T10:30:03.000+03:00", "2024-05-01T10:30:03.000+03:00", None],
        }
    )
    minutes = found.main.frame["interview_minutes"]
    assert minutes.iloc[0] == 30.0
    assert minutes.isna().tolist() == [False, True, True]


def test_set_aside__day_without_time_and_answer_with_a_time__stay() -> None:
    days = pd.to_datetime(["2024-05-01", "2024-05-02"]).tolist()
    answers = pd.to_datetime(["2024-05-01T10:00", "2024-05-02T11:30"]).tolist()
    assert kinds({"start": days, "today": days, "when_did_it_begin": answers}) == {}


def test_set_aside__date_of_birth__goes_and_year_stays() -> None:
    born = pd.to_datetime(["1990-05-01", "1984-11-30"]).tolist()
    found = kinds(
        {"dob": born, "year_of_birth": [1990.0, 1984.0], "fecha_nacimiento": ["01/05/1990", "30/11/1984"]}
    )
    assert found == {"dob": ("identifier", "name"), "fecha_nacimiento": ("identifier", "name")}


def test_set_aside__interviewer_by_name__becomes_a_key_in_its_place() -> None:
    found = done({"enumerator": ["Rosa", "Rosa", "Juan"], "hours": [1.0, 2.0, 3.0]})
    keys = found.main.frame["enumerator"].tolist()
    assert keys[0] == keys[1] != keys[2]
    assert len(keys[0]) == 20
    assert found.main.variables["enumerator"].type == "code"
    assert found.private["people"]["enumerator"].tolist() == ["Rosa", "Rosa", "Juan"]
    assert found.private["people"]["enumerator_key"].tolist() == keys


def test_set_aside__interviewer_by_number__stays() -> None:
    assert kinds({"interviewer_id": ["12", "07", "12"], "enumerator": ["E01", "E02", "E01"]}) == {}


def test_set_aside__interviewer_as_a_choice__loses_labels_that_name_people() -> None:
    coded = Variable(name="enumerator", type="code", labels={"1": "Rosa Díaz", "2": "Juan Paz"})
    found = done({"enumerator": ["1", "2", "1"]}, enumerator=coded)
    assert found.main.frame["enumerator"].tolist() == ["1", "2", "1"]
    assert found.main.variables["enumerator"].labels == {}
    assert any("enumerator" in note.message for note in found.notes)


def test_set_aside__declared_missing_code_of_an_interviewer__is_not_salted() -> None:
    known = Variable(name="enumerator", type="code", missing={"-99": "no_answer"})
    found = done({"enumerator": ["Rosa", "-99", None]}, enumerator=known)
    assert found.main.frame["enumerator"].tolist()[1] == "-99"
    assert found.main.frame["enumerator"].isna().tolist() == [False, False, True]
    assert found.main.variables["enumerator"].missing == {"-99": "no_answer"}


def test_set_aside__uuid__becomes_the_key_also_in_linked_tables() -> None:
    children = table(
        {"_submission__uuid": [UUIDS[1], UUIDS[0]], "age": [3.0, 4.0]},
        called="children", link=Link("people", "_uuid", "_submission__uuid"),
    )  # fmt: skip
    found = done(
        {"_uuid": UUIDS, "instanceID": [f"uuid:{one}" for one in UUIDS], "hours": [1.0, 2.0, 3.0]}, children
    )
    main, below = found.tables
    assert list(main.frame.columns) == ["key", "hours"]
    assert below.frame["key"].tolist() == [main.frame["key"][1], main.frame["key"][0]]
    assert below.link == Link("people", "key", "key")
    assert main.variables["key"].source == "_uuid"
    assert not any(one in json.dumps(main.frame.to_dict("list")) for one in UUIDS)


def test_set_aside__keys_of_nested_repeats__stay_linked() -> None:
    main = {"KEY": [f"uuid:{one}" for one in UUIDS]}
    kids = table(
        {"PARENT_KEY": [f"uuid:{UUIDS[0]}"], "KEY": [f"uuid:{UUIDS[0]}/kid[1]"]}, called="kids", link=Link("people", "KEY", "PARENT_KEY")
    )  # fmt: skip
    toys = table({"PARENT_KEY": [f"uuid:{UUIDS[0]}/kid[1]"], "toy": ["car"]}, called="toys", link=Link("kids", "KEY", "PARENT_KEY"))  # fmt: skip
    found = done(main, kids, toys)
    above, middle, below = found.tables
    assert middle.link is not None
    assert below.link is not None
    assert middle.frame[middle.link.parent_key][0] == above.frame[middle.link.key][0]
    assert below.frame[below.link.parent_key][0] == middle.frame[below.link.key][0]


def test_set_aside__form_uuid_and_running_numbers__stay() -> None:
    assert (
        kinds({"formhub_uuid": ["4f1b2c3d4e5f60718293a4b5c6d7e8f9"], "_id": [101.0], "_index": [1.0]}) == {}
    )


def test_set_aside__a_question_called_key__keeps_its_name() -> None:
    found = done({"key": ["a", "b", "c"], "_uuid": UUIDS})
    assert list(found.main.frame.columns) == ["key", "key_2"]
    assert found.main.frame["key"].tolist() == ["a", "b", "c"]


def test_set_aside__without_study__says_that_keys_do_not_link() -> None:
    first, second = (done({"_uuid": UUIDS}) for _ in range(2))
    assert first.main.frame["key"].tolist() != second.main.frame["key"].tolist()
    assert any("study" in note.message for note in first.notes)


def test_set_aside__salt_of_the_study__links_waves_and_not_studies(tmp_path: Path) -> None:
    kenya = {"asked": {"salt": salt_of("kenya", tmp_path)}}
    peru = {"asked": {"salt": salt_of("peru", tmp_path)}}
    first, second, other = (
        done({"_uuid": UUIDS}, **salt).main.frame["key"].tolist() for salt in (kenya, kenya, peru)
    )
    assert first == second
    assert not set(first) & set(other)


def test_set_aside__keep__leaves_everything_in_and_says_what_there_is() -> None:
    found = done({"name": NAMES, "_uuid": UUIDS}, asked={"personal": "keep"})
    assert list(found.main.frame.columns) == ["name", "_uuid"]
    assert (found.set_aside, found.private) == ((), {})
    assert any("name (name)" in note.message for note in found.notes)


def test_set_aside__nothing_personal__says_that_it_looked() -> None:
    found = done({"hours": [1.0, 2.0]})
    assert found.steps[-1].kind == "set_aside"
    assert "found nothing" in found.steps[-1].text


def test_set_aside__answers_in_words__stay_and_are_named() -> None:
    story = [
        "I have helped my neighbours for many years",
        "Llame al +51 987 654 321 por favor, gracias a todos",
        "nothing more to say about it now",
    ]
    found = done({"story": story})
    assert list(found.main.frame.columns) == ["story"]
    assert any("story" in note.message and "Answers in words" in note.message for note in found.notes)
    assert any("phone number" in note.message for note in found.notes)


def test_set_aside__companion_of_a_reason__goes_with_its_column() -> None:
    found = done(
        {
            "phone": ["0712345678", None],
            "phone__why": [None, ".a"],
            "age": [None, 3.0],
            "age__why": [".a", None],
        }
    )
    assert list(found.main.frame.columns) == ["age", "age__why"]
    assert "phone__why" in found.private["people"]


def test_set_aside__notes_and_steps_of_earlier_stages__quote_nobody() -> None:
    before = Found("csv", (table({"name": NAMES}),), notes=(Note('"Ana Ruiz" is no number.'),))
    after = set_aside(before, Asked(Path("x.csv")))
    assert not any("Ana Ruiz" in str(note) for note in after.notes)
    assert not any(
        "Ana Ruiz" in json.dumps(dict(step.details), default=str) + step.text for step in after.steps
    )


def test_set_aside__every_column_is_personal__rows_still_count() -> None:
    found = done({"name": NAMES})
    assert found.main.frame["row"].tolist() == [1, 2, 3]
    assert found.main.variables == {}


def test_set_aside__step__names_columns_and_sample_but_no_value() -> None:
    step = done({"name": NAMES}).steps[-1]
    assert "2,000" in step.text
    assert step.details["columns"][0]["variable"] == "name"
    assert "Ana" not in json.dumps(dict(step.details), default=str)


def test_set_aside__input__is_not_changed() -> None:
    given = table({"name": NAMES, "_uuid": UUIDS})
    before = given.frame.copy()
    set_aside(Found("csv", (given,)), Asked(Path("x.csv")))
    pd.testing.assert_frame_equal(given.frame, before)


def test_set_aside__rare_answers_in_a_long_table__are_still_seen() -> None:
    rows = 20_000
    contact: list[str | None] = [None] * rows
    contact[17] = "ana@example.org"
    assert kinds({"contact": contact}) == {"contact": ("email", "content")}


def test_set_aside__lazy_frame__gives_what_memory_gives(tmp_path: Path) -> None:
    import duckdb

    columns = {
        "start": pd.to_datetime(["2024-05-01T10:00:03", "2024-05-02T23:50:00", None]).tolist(),
        "end": pd.to_datetime(["2024-05-01T10:30:33", "2024-05-03T00:20:00", None]).tolist(),
        "name": NAMES, "enumerator": ["Rosa", "-99", None], "_uuid": UUIDS, "hours": [1.0, None, 3.0],
    }  # fmt: skip
    known = Variable(name="enumerator", type="code", missing={"-99": "no_answer"})
    given = table(columns, enumerator=known)
    given.frame.to_parquet(tmp_path / "a.parquet")
    relation = duckdb.connect().read_parquet(str(tmp_path / "a.parquet"))
    salt = b"s" * 32
    memory = set_aside(Found("parquet", (given,)), Asked(Path("x"), salt=salt))
    lazy = set_aside(
        Found("parquet", (given.with_(frame=relation),)), Asked(Path("x"), engine="duckdb", salt=salt)
    )
    assert type(lazy.main.frame).__name__ == "DuckDBPyRelation"
    pd.testing.assert_frame_equal(lazy.main.frame.df(), memory.main.frame, check_dtype=False)
    assert lazy.set_aside == memory.set_aside
    assert lazy.main.variables == memory.main.variables
    private = lazy.private["people"].df()
    assert private["name"].tolist() == NAMES
    assert list(private.columns) == list(memory.private["people"].columns)


def test_trap_34__metadata_of_a_phone__is_set_aside_when_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "start,end,deviceid,username,phonenumber,subscriberid,hours,_geolocation,meta/audit,meta/instanceID\n"
        "2024-05-01T10:00:03.000+03:00,2024-05-01T10:20:03.000+03:00,collect:a1,rosa,+254712345678,63902,4,-1.2833 36.8166 0 0,audit.csv,"
        f"uuid:{UUIDS[0]}\n"
        "2024-05-01T11:00:04.000+03:00,2024-05-01T11:20:04.000+03:00,collect:a2,juan,+254712345679,63903,6,-1.2834 36.8167 0 0,audit.csv,"
        f"uuid:{UUIDS[1]}\n",
        encoding="utf-8",
    )
    people = read(path)
    text = people.frame.to_csv()
    for personal in ("collect", "rosa", "+2547", "63902", "36.8", "audit", UUIDS[0], "10:00:03"):
        assert personal not in text
    assert {one.kind for one in people.set_aside} >= {
        "time",
        "device",
        "user",
        "phone",
        "position",
        "audit",
        "identifier",
    }
    assert people.frame["interview_minutes"].tolist() == [20.0, 20.0]
    assert "hours" in people.frame.columns


def test_trap_34__asked_for__stays_in(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("deviceid,hours\ncollect:a1,4\ncollect:a2,5\n", encoding="utf-8")
    assert read(path, personal="keep").frame["deviceid"].tolist() == ["collect:a1", "collect:a2"]


def test_read__form_declares_a_sensitive_question__form_is_named(tmp_path: Path) -> None:
    from volresearch.instruments import Instrument, Item

    path = tmp_path / "export.csv"
    path.write_text("p1,hours\nalpha,4\nbeta,5\n", encoding="utf-8")
    items = (
        Item(name="p1", type="text", text=Text("Alias"), sensitive=True),
        Item(name="hours", type="integer", text=Text("Hours")),
    )
    people = read(path, Instrument(id="t.form", title=Text("Form"), items=items))
    assert [(one.variable, one.found_by) for one in people.set_aside] == [("p1", "form")]
    assert "p1" not in people.frame.columns


@pytest.mark.real
@pytest.mark.parametrize(
    "name", ["kobo_childrens_survey.csv", "tutorial_w_repeats.csv", "transportation.csv"]
)
def test_read__real_export__leaves_no_identifier_of_an_answer(shared: Path, name: str) -> None:
    people = read(shared / "real" / "exports" / name)
    for frame in people.tables.values():
        cells = {str(cell) for column in frame.columns for cell in frame[column].dropna().unique()[:500]}
        left = {
            cell
            for cell in cells
            if kind_of_content(Cells.of([cell])) in {"key", "email", "position", "device", "time"}
        }
        assert left == set()


def test_set_aside__names_of_countries_under_a_bare_name__stay() -> None:
    assert (
        kinds({"name": ["Kenya", "Peru", "Camboya"], "official_name_en": ["Republic of Kenya", "Perú", "x"]})
        == {}
    )


def test_set_aside__moment_found_by_its_content__leaves_its_day() -> None:
    moments = pd.to_datetime(["2024-05-01T10:00:03", "2024-05-02T23:50:07"]).tolist()
    found = done(
        {"visit": moments, "hours": [1.0, 2.0]},
        visit=Variable(name="visit", type="datetime", label=Text({"en": "Visit"})),
    )
    assert list(found.main.frame.columns) == ["visit_date", "hours"]
    assert found.main.variables["visit_date"].label.get_in("en") == "Visit"
    assert found.main.frame["visit_date"].tolist() == [pd.Timestamp("2024-05-01"), pd.Timestamp("2024-05-02")]


def test_set_aside__household_serial_number__is_no_device() -> None:
    known = Variable(name="SERIAL", type="number", label=Text({"en": "Household serial number"}))
    assert kinds({"SERIAL": [101234.0, 101235.0]}, SERIAL=known) == {}


def test_set_aside__columns_that_kobo_adds__are_known_by_its_names() -> None:
    columns = {
        "_submission__submitted_by": ["rosa", "juan"], "SubmitterName": ["Rosa D", "Juan P"], "instanceName": ["Ana-1", "Luis-2"],
        "_attachments": ["[{'download_url': 'x'}]", None], "updatedAt": ["2024-05-01T10:00:00", "2024-05-01T10:00:00"],
        "_validation_status": ["ok", "ok"], "formhub/uuid": [UUIDS[0], UUIDS[0]], "_id": ["101", "102"],
    }  # fmt: skip
    found = set_aside(Found("csv", (table(columns),), tool="kobo"), Asked(Path("x.csv")))
    assert {one.variable: one.kind for one in found.set_aside} == {
        "_submission__submitted_by": "user", "SubmitterName": "user", "instanceName": "name", "_attachments": "media",
        "updatedAt": "time",
    }  # fmt: skip
    assert {"_validation_status", "formhub/uuid", "_id"} <= set(found.main.frame.columns)


def test_set_aside__access_code_of_limesurvey__becomes_a_key_in_its_place() -> None:
    found = set_aside(
        Found(
            "csv",
            (table({"token": ["Ab3dE", "Zz9xQ"], "ipaddr": ["41.89.12.200", "41.89.12.201"]}),),
            tool="limesurvey",
        ),
        Asked(Path("x.csv"), salt=b"s"),
    )
    assert list(found.main.frame.columns) == ["token"]
    assert found.main.frame["token"].str.len().tolist() == [20, 20]


# Headers that only say of whom, and content without a header that helps.


@pytest.mark.parametrize(
    "header,cells,kind",
    [
        ("supervisor", ["Ana Ruiz", "Luis Soto", "Ana Ruiz", "Ana Ruiz"], "user"),
        ("interviewed_by", ["Ana Ruiz", "Luis de la Cruz"], "user"),
        ("respondent", ["Ana Ruiz", "Luis Soto", "Mei Chen"], "name"),
        ("受访者", ["张敏", "李芳芳", "王伟"], "name"),
        ("n_documento", ["40123456", "41234567"], "national_id"),
        ("f_nac", ["1990-02-03", "1981-12-30"], "identifier"),
        ("q1", ["https://example.org/form_data/" + uuid for uuid in UUIDS], "identifier"),
        ("q1", ["@ana_ruiz", "@luis.soto"], "identifier"),
        ("q1", ["12°3'12\"S 77°2'31\"W", "12°4'1\"S 77°1'54\"W"], "position"),
        ("q1", ['{"type":"Point","coordinates":[-77.06208,-12.03901]}'], "position"),
        ("q1", ["https://maps.example.org/?q=-12.09737,-77.08626"], "position"),
        ("q1", ["6MC53PVH+W6", "6MC53PVH+VJ"], "position"),
    ],
)  # fmt: skip
def test_set_aside__person_behind_a_plain_header__found_by_content(
    header: str, cells: list[str], kind: str
) -> None:
    assert kinds({header: cells})[header][0] == kind


@pytest.mark.parametrize(
    "header,cells",
    [
        ("supervisor", ["always", "never", "sometimes"]),
        ("respondent", ["Household Head", "Household Head", "Spouse", "Spouse"]),
        ("supervisor", ["Very Satisfied", "Not Satisfied"]),
        ("mother", ["alive", "dead"]),
        ("q1", ["2+3", "A+B"]),
        ("ឈ្មោះខេត្ត", ["កំពត", "តាកែវ"]),
        ("members", ["123456", "234567"]),
    ],
)
def test_set_aside__plain_answers_below_such_headers__stay(header: str, cells: list[str]) -> None:
    assert kinds({header: cells}) == {}


def test_set_aside__what_only_looks_like_persons__stays_and_is_told() -> None:
    found = done(
        {
            "q1": ["Ana Ruiz", "Luis Soto", "Mei Chen", "Dara Kim", "John Otieno"],
            "q5": [-11.162299, -11.067813, -11.656151, -11.300001, -11.411117],
            "q6": [-76.435553, -76.074933, -76.542231, -76.111119, -76.222223],
            "word": ["my number is 0812345678", "near -12.04637, -77.04279", "no", "no", "no"],
        }
    )
    assert set(found.main.frame) == {"q1", "q5", "q6", "word"}
    said = "\n".join(str(note) for note in found.notes)
    assert "may name persons; read them before they are shared: q1" in said
    assert "side by side: q5, q6" in said
    assert "2 of the sampled answers in word" in said


def test_read__file_in_a_folder_named_after_a_person__notes_name_the_file_only(tmp_path: Path) -> None:
    (tmp_path / "Ana Ruiz").mkdir()
    path = tmp_path / "Ana Ruiz" / "wave.csv"
    path.write_text("hours,hours\n1,2\n", encoding="utf-8")
    notes = read(path).notes
    assert any(note.startswith("wave.csv") for note in notes)
    assert "Ana Ruiz" not in "".join(notes)


@pytest.mark.parametrize(
    "start,end,minutes",
    [
        (["Jan 1, 2025 9:00:00 AM", "Dec 2, 2025 11:55:00 AM"], ["Jan 1, 2025 9:30:01 AM", "Dec 2, 2025 12:05:00 PM"], [30 + 1 / 60, 10.0]),
        (["2025/01/13 9:00:00 am GMT+7"], ["2025/01/13 9:12:30 a.m. GMT+7"], [12.5]),
        (["01/13/2025 10:00:00 AM", "01/02/2025 10:00:00 AM"], ["01/13/2025 10:05:30 AM", "01/02/2025 10:10:00 AM"], [5.5, 10.0]),
    ],
)  # fmt: skip
def test_set_aside__times_as_tools_write_them_for_people__leave_minutes_and_day(
    start: list[str], end: list[str], minutes: list[float]
) -> None:
    frame = done({"start": start, "end": end}).main.frame
    assert frame["interview_minutes"].tolist() == pytest.approx(minutes)
    assert frame["interview_date"].notna().all()


def test_set_aside__day_and_month_not_told_apart__no_day_is_made_up() -> None:
    frame = done({"start": ["01/02/2025 10:00:00 AM"], "end": ["01/02/2025 10:05:30 AM"]}).main.frame
    assert frame["interview_date"].isna().all()


@pytest.mark.parametrize(
    "name,label",
    [("intnr", "Interviewer number"), ("enc", "Encuestador/a"), ("v1", "Supervisor"), ("team_leader", "")],
)
def test_set_aside__codes_with_names_of_staff_as_labels__labels_go_and_codes_stay(
    name: str, label: str
) -> None:
    variable = Variable(
        name=name, type="code", label=Text(label), labels={"1": Text("Ana Ruiz"), "2": Text("Luis Soto")}
    )
    found = done({name: ["1", "2", "1"]}, **{name: variable})
    assert found.main.frame[name].tolist() == ["1", "2", "1"]
    assert not found.main.variables[name].labels


def test_set_aside__choices_about_a_supervisor__keep_their_labels() -> None:
    variable = Variable(
        name="supervisor",
        type="code",
        label=Text("Supervisor"),
        labels={"1": Text("Often there"), "2": Text("never")},
    )
    assert done({"supervisor": ["1", "2"]}, supervisor=variable).main.variables["supervisor"].labels


def test_read__a_broken_date_of_birth__is_quoted_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("hours,birth\n1,1990-01-01\n2,1990-13-45\n", encoding="utf-8")
    (tmp_path / "f.csv").write_text(
        '"Variable / Field Name","Form Name","Field Type","Field Label","Text Validation Type OR Show Slider Number"\n'
        "hours,f,text,Hours,integer\nbirth,f,text,Date of birth,date_ymd\n",
        encoding="utf-8",
    )
    data = read(path, tmp_path / "f.csv")
    assert "birth" not in data.frame
    assert "1990" not in " ".join([*data.notes, *data.provenance])
