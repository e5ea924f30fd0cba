from __future__ import annotations

import pytest

from volresearch.datasets import Codebook, Variable
from volresearch.errors import VolResearchError
from volresearch.harmonize import Crosswalk, Rule, harmonize, recode_log

SEXO = Variable(
    name="sexo", type="code", labels={"1": "Hombre", "2": "Mujer", "9": "NS"}, missing={"9": "dont_know"}
)
EDAD = Variable(name="edad", type="integer", missing={"99": "refused"}, blank="not_asked")
SEX = Variable(name="sex", type="code", label="Sex", labels={"m": "Men", "f": "Women"})
BOTH = pytest.mark.parametrize("lazy", [False, True], ids=["memory", "lazy"])


def rules(*cells):
    return Crosswalk(tuple(Rule(*row) if isinstance(row, tuple) else row for row in cells))


def told(dataset, crosswalk, **options):
    with pytest.raises(VolResearchError) as error:
        harmonize(dataset, crosswalk, **options)
    return error.value


@BOTH
def test_harmonize__codes__adds_a_column_and_overwrites_nothing(make_dataset, lazy):
    people = make_dataset({"sexo": ["1", "2", "9", None]}, SEXO, lazy=lazy)
    made = harmonize(
        people, rules(("sexo", "1", "sex", "m"), ("sexo", "2", "sex", "f")), target=Codebook(variables=(SEX,))
    )
    assert made.to_pandas()["sexo"].tolist()[:3] == ["1", "2", "9"]
    assert made.values("sex").tolist()[:2] == ["m", "f"]
    assert made.missing("sex").tolist()[2:] == ["dont_know", "no_answer"]
    assert made.labels("sex").tolist()[:2] == ["Men", "Women"]
    assert "sex" not in people.codebook


@BOTH
def test_harmonize__ranges_rest_and_copy__by_rank_not_by_order(make_dataset, lazy):
    people = make_dataset({"edad": [17.0, 18, 24, 25, 64, 65, 99, None]}, EDAD, lazy=lazy)
    made = harmonize(
        people,
        rules(
            ("edad", "*", "group", "adult"), ("edad", "..17", "group", "child"), ("edad", "65..", "group", "old"),
            ("edad", "24", "group", "exactly_24"), ("edad", "*", "age", "="),
        ),
    )  # fmt: skip
    assert made.values("group").tolist()[:6] == ["child", "adult", "exactly_24", "adult", "adult", "old"]
    assert made.missing("group").tolist()[6:] == ["refused", "not_asked"]
    assert made.values("age").tolist()[:6] == [17, 18, 24, 25, 64, 65]
    assert made.missing("age").tolist()[6:] == ["refused", "not_asked"]
    assert made.codebook["age"].type == "integer"


@BOTH
def test_harmonize__kinds_of_missing__go_where_rules_say(make_dataset, lazy):
    people = make_dataset(
        {"edad": [99.0, None, 30], "edad__why": [None, "not_in_version", None]}, EDAD, lazy=lazy
    )
    made = harmonize(
        people,
        rules(
            ("edad", "*", "a", "yes"), ("edad", "missing:refused", "a", "no"), ("edad", "missing", "a", "missing:invalid"),
            ("edad", "*", "b", "1"), ("edad", "99", "b", "missing:not_applicable"),
        ),
    )  # fmt: skip
    assert made.missing("a").tolist()[1] == "invalid"
    assert made.values("a").tolist()[0] == "no"
    assert made.missing("b").tolist()[:2] == ["not_applicable", "not_in_version"]


@BOTH
def test_harmonize__uncovered_codes__are_refused_with_counts(make_dataset, lazy):
    people = make_dataset({"sexo": ["1", "3", "3", "4"]}, SEXO, lazy=lazy)
    error = told(people, rules(("sexo", "1", "sex", "m")))
    assert error.code == "harmonize.uncovered"
    assert "does not cover 2 codes" in error.message
    assert error.got == "3: 2, 4: 1"


@BOTH
def test_harmonize__uncovered_missing_or_keep__does_and_logs_it(make_dataset, lazy):
    people = make_dataset({"sexo": ["1", "3", None]}, SEXO, lazy=lazy)
    lost = harmonize(people, rules(("sexo", "1", "sex", "m")), uncovered="missing")
    kept = harmonize(people, rules(("sexo", "1", "sex", "m")), uncovered="keep")
    assert lost.missing("sex").tolist()[1] == "invalid"
    assert kept.values("sex").tolist()[:2] == ["m", "3"]
    row = recode_log(lost).set_index("source_code").loc["3"]
    assert (row["target_code"], row["note"], row["n"]) == ("missing:invalid", "no rule covers it", 1)
    assert "1 answers without a rule: missing" in lost.provenance[-1]


@BOTH
def test_harmonize__unit_rule__multiplies_and_names_the_unit(make_dataset, lazy):
    hours = Variable(name="h", type="number", unit="hours per week")
    people = make_dataset({"h": [2.5, None]}, hours, lazy=lazy)
    rule = Rule("h", "*", "hours", "=", unit_rule="hours_per_week -> hours_4_weeks * 4")
    made = harmonize(people, rules(rule))
    assert made.values("hours").tolist()[0] == 10.0
    assert made.codebook["hours"].unit == "hours in four weeks"


def test_harmonize__unit_rule_to_a_target_in_another_unit__is_refused(make_dataset):
    people = make_dataset({"h": [2.5]}, Variable(name="h", type="number"))
    rule = Rule("h", "*", "hours", "=", unit_rule="hours_per_week -> hours_per_month * 13/3")
    target = Codebook(variables=(Variable(name="hours", type="number", unit="hours in four weeks"),))
    assert "is in hours in four weeks" in told(people, rules(rule), target=target).message


@BOTH
def test_harmonize__several_answers__each_choice_is_mapped_and_counted(make_dataset, lazy):
    acts = Variable(
        name="acts", type="multiple", labels={"a": "A", "b": "B", "c": "C"}, missing={"-9": "refused"}
    )
    people = make_dataset({"acts": ["a b", "c", "", "-9", None, "b c"]}, acts, lazy=lazy)
    made = harmonize(
        people, rules(("acts", "a", "kinds", "x"), ("acts", "b", "kinds", "x y"), ("acts", "c", "kinds", "z"))
    )
    assert made.values("kinds").tolist()[:3] == ["x y", "z", ""]
    assert made.values("kinds").tolist()[5] == "x y z"
    assert made.missing("kinds").tolist()[3:5] == ["refused", "no_answer"]
    log = recode_log(made)
    choices = log[log["counted"] == "choices"].set_index("source_code")["n"].to_dict()
    assert choices == {"a": 1, "b": 2, "c": 2}
    assert log[log["counted"] == "rows"].set_index("source_code")["n"].to_dict() == {
        "": 1,
        "-9": 1,
        "missing:no_answer": 1,
    }


@BOTH
def test_harmonize__one_of_several_answers_to_yes_or_no__who_chose_it(make_dataset, lazy):
    acts = Variable(name="acts", type="multiple", labels={"a": "A", "b": "B"})
    people = make_dataset({"acts": ["a b", "b", "", None]}, acts, lazy=lazy)
    made = harmonize(
        people,
        rules(
            Rule("acts", "a", "did_a", "yes", target_type="code"),
            Rule("acts", "*", "did_a", "no", target_type="code"),
        ),
    )
    assert made.values("did_a").tolist()[:3] == ["yes", "no", "no"]
    assert made.missing("did_a").tolist()[3] == "no_answer"


@BOTH
def test_harmonize__several_sources_by_priority__first_answer_decides(make_dataset, lazy):
    one, two = (
        Variable(name=name, type="code", labels={"1": "Yes", "2": "No"}, missing={"8": "dont_know"})
        for name in "ab"
    )
    people = make_dataset({"a": ["1", "8", None, "8"], "b": ["2", "2", "1", None]}, one, two, lazy=lazy)
    made = harmonize(
        people,
        rules(
            Rule("b", "1", "help", "yes", priority=2), Rule("b", "2", "help", "no", priority=2),
            Rule("a", "1", "help", "yes", priority=1), Rule("a", "2", "help", "no", priority=1),
        ),
    )  # fmt: skip
    assert made.values("help").tolist()[:3] == ["yes", "no", "yes"]
    assert made.missing("help").tolist()[3] == "dont_know"
    log = recode_log(made)
    assert log["n_used"].sum() == 4
    assert log.groupby("source_variable")["n"].sum().to_dict() == {"a": 4, "b": 4}


def test_harmonize__faults_of_every_kind__all_at_once_with_lines(make_dataset, write_crosswalk):
    people = make_dataset(
        {"sexo": ["1", "2"], "sex": ["x", "y"]},
        SEXO,
        Variable(name="sex"),
        EDAD.model_copy(update={"name": "anos"}),
    )
    path = write_crosswalk("sexo,1,sex,m", "sexxo,2,gender,f", "sexo,18..24,range,f", "sexo,*,made,=")
    error = told(
        people,
        path,
        target=Codebook(
            variables=(
                SEX,
                SEX.model_copy(update={"name": "gender"}),
                SEX.model_copy(update={"name": "range"}),
            )
        ),
    )
    text = str(error)
    for words in (
        'sex" already',
        'no variable "sexxo"',
        'Did you mean "sexo"',
        'The target has no variable "made"',
    ):
        assert words in text
    assert {one.where.line for one in error.faults} == {2, 3, 5}


def test_harmonize__code_in_neither_codebook_nor_data__is_a_slip(make_dataset):
    people = make_dataset({"sexo": ["1", "2"]}, SEXO)
    error = told(
        people, rules(("sexo", "1", "sex", "m"), ("sexo", "2", "sex", "f"), ("sexo", "7", "sex", "f"))
    )
    assert 'has no code "7"' in error.message
    assert "0 of 2" in error.message


def test_harmonize__target_code_that_the_target_lacks__is_told_with_near_codes(make_dataset):
    people = make_dataset({"sexo": ["1"]}, SEXO)
    error = told(people, rules(("sexo", "*", "sex", "ff")), target=Codebook(variables=(SEX,)))
    assert 'has no code "ff"' in error.message


def test_harmonize__names_in_a_circle__is_told(make_dataset):
    people = make_dataset({"a": ["1"], "b": ["1"]}, Variable(name="a"), Variable(name="b"))
    error = told(people, rules(("a", "*", "b", "="), ("b", "*", "c", "=")))
    assert "circle" in str(error)


@BOTH
def test_harmonize__suffix__keeps_names_apart(make_dataset, lazy):
    sex = SEXO.model_copy(update={"name": "sex"})
    people = make_dataset({"sex": ["1", "2"]}, sex, lazy=lazy)
    made = harmonize(
        people,
        rules(("sex", "1", "sex", "m"), ("sex", "2", "sex", "f")),
        suffix="_h",
        target=Codebook(variables=(SEX,)),
    )
    assert made.values("sex_h").tolist() == ["m", "f"]
    assert made.values("sex").tolist() == ["1", "2"]


@BOTH
def test_harmonize__copy_into_a_list_of_codes__refuses_other_values(make_dataset, lazy):
    people = make_dataset({"sexo": ["1", "2", "5"]}, SEXO, lazy=lazy)
    target = Codebook(variables=(Variable(name="sex", type="code", labels={"1": "M", "2": "F"}),))
    error = told(people, rules(("sexo", "*", "sex", "=")), target=target)
    assert error.got == "5: 1"
    made = harmonize(
        people, rules(("sexo", "*", "sex", "="), ("sexo", "5", "sex", "missing:invalid")), target=target
    )
    assert made.values("sex").tolist()[:2] == ["1", "2"]


def test_harmonize__linked_table__is_harmonized_in_its_place(make_dataset):
    import pandas as pd

    children = pd.DataFrame({"sexo": ["2", "1"], "parent": ["1", "1"]}, dtype="str")
    people = make_dataset(
        {"sexo": ["1"]}, SEXO, SEXO.model_copy(update={"table": "children"}), linked={"children": children}
    )
    crosswalk = rules(
        Rule("sexo", "1", "sex", "m", source_table="children"),
        Rule("sexo", "2", "sex", "f", source_table="children"),
    )
    made = harmonize(people, crosswalk)
    assert made.tables["children"]["sex"].tolist() == ["f", "m"]
    assert "sex" not in made.frame
    assert made.codebook.find("sex", "children").labels["m"]
    assert recode_log(made)["source_table"].tolist() == ["children", "children"]


def test_harmonize__no_row_about_the_dataset__names_those_there_are(make_dataset):
    people = make_dataset({"sexo": ["1"]}, SEXO)
    error = told(people, rules(Rule("sexo", "1", "sex", "m", source_dataset="local.kenya")))
    assert "local.kenya" in error.got


def test_harmonize__step__names_file_hash_and_target(make_dataset, write_crosswalk):
    path = write_crosswalk("sexo,1,sex,m", "sexo,2,sex,f")
    made = make_dataset({"sexo": ["1"]}, SEXO).harmonized(path)
    step = made.steps[-1]
    assert (step.kind, step.used[0].name, step.used[0].role) == ("harmonized", "to_core.csv", "crosswalk")
    assert step.details["sha256"] == step.used[0].sha256
    assert made.recodes.equals(recode_log(made))


def test_harmonize__unknown_id__names_the_kind(make_dataset):
    people = make_dataset({"sexo": ["1"]}, SEXO)
    assert told(people, "core.nothing").code == "crosswalk.unknown"
    assert told(people, "nothing").code == "crosswalk.unknown"


def test_harmonize__unknown_option__is_told(make_dataset):
    assert (
        "keep"
        in told(make_dataset({"sexo": ["1"]}, SEXO), rules(("sexo", "1", "s", "m")), uncovered="kepe").hint
    )


@BOTH
def test_harmonize__sql_in_names_and_codes__is_text(make_dataset, lazy):
    name = "x"
    odd = Variable(name=name, type="code", labels={"'; DROP TABLE a; --": "odd", "1": "one"})
    people = make_dataset({name: ["'; DROP TABLE a; --", "1"]}, odd, lazy=lazy)
    made = harmonize(people, rules((name, "'; DROP TABLE a; --", "y", "it's"), (name, "1", "y", "b")))
    assert made.values("y").tolist() == ["it's", "b"]


@BOTH
def test_harmonize__dates__are_copied(make_dataset, lazy):
    import pandas as pd

    when = Variable(name="fecha", type="date")
    people = make_dataset({"fecha": pd.to_datetime(["2024-01-31", None])}, when, lazy=lazy)
    made = harmonize(people, rules(("fecha", "*", "day", "=")))
    assert str(made.values("day").tolist()[0])[:10] == "2024-01-31"
    assert made.missing("day").tolist()[1] == "no_answer"


def test_harmonize__no_rows__makes_empty_columns(make_dataset):
    people = make_dataset({"sexo": []}, SEXO)
    made = harmonize(people, rules(("sexo", "1", "sex", "m"), ("sexo", "2", "sex", "f")))
    assert len(made) == 0
    assert "sex" in made.frame


@BOTH
def test_harmonize__several_answers_without_rows__makes_empty_columns(make_dataset, lazy):
    acts = Variable(name="acts", type="multiple", labels={"a": "A"})
    made = harmonize(make_dataset({"acts": []}, acts, lazy=lazy), rules(("acts", "a", "kinds", "x")))
    assert made.values("kinds").tolist() == []


@BOTH
def test_harmonize__missing_code_written_as_a_decimal__is_the_same_code(make_dataset, lazy):
    age = Variable(name="edad", type="number", missing={"99.0": "refused"})
    people = make_dataset({"edad": [99.0, 20.0]}, age, lazy=lazy)
    made = harmonize(people, rules(("edad", "99.0", "age", "0"), ("edad", "*", "age", "=")))
    assert made.values("age").tolist() == [0.0, 20.0]


@BOTH
def test_harmonize__endless_number__goes_over_as_it_is(make_dataset, lazy):
    people = make_dataset({"h": [float("inf"), 2.0]}, Variable(name="h", type="number"), lazy=lazy)
    made = harmonize(people, rules(("h", "2", "hours", "3"), ("h", "*", "hours", "=")))
    assert made.values("hours").tolist() == [float("inf"), 3.0]


def test_harmonize__codes_that_parquet_holds_as_numbers__are_matched_as_text(tmp_path, make_dataset):
    import duckdb
    import pandas as pd

    from volresearch.datasets import Dataset

    pd.DataFrame({"sexo": [1.0, 2.0, None], "n": [1, 2, 3]}).to_parquet(tmp_path / "a.parquet")
    people = make_dataset({"sexo": ["1"]}, SEXO)
    relation = duckdb.connect(":memory:").read_parquet(str(tmp_path / "a.parquet"))
    lazy = Dataset(people.declaration, {"rows": relation}, codebook=people.codebook)
    made = harmonize(lazy, rules(("sexo", "1", "sex", "m"), ("sexo", "2", "sex", "f")))
    assert made.values("sex").tolist()[:2] == ["m", "f"]
    assert made.missing("sex").tolist()[2] == "no_answer"


def test_harmonize__many_codes_on_a_lazy_frame__stays_one_short_expression(make_dataset):
    codes = [str(code) for code in range(1000, 1300)]
    isco = Variable(name="isco", type="code", labels={code: code for code in codes})
    people = make_dataset({"isco": codes}, isco, lazy=True)
    made = harmonize(people, rules(*((("isco", code, "major", code[0])) for code in codes)))
    assert set(made.values("major")) == {"1"}
    assert made.recodes["n"].sum() == 300


def test_harmonize__id_of_a_plugin__is_opened_through_the_catalog(make_dataset, write_crosswalk, monkeypatch):
    import volresearch.catalog
    from volresearch.catalog import Catalog
    from volresearch.plugins import FolderPlugin, Host

    folder = write_crosswalk("sexo,1,sex,m", "sexo,2,sex,f").parent
    (folder / "crosswalks").mkdir()
    (folder / "to_core.csv").rename(folder / "crosswalks" / "to_core.csv")
    plugin = FolderPlugin("kenya", root=folder, title={"en": "Kenya"}, api=(0, 1))
    monkeypatch.setattr(volresearch.catalog, "default_catalog", lambda: Catalog(Host.of({"kenya": plugin})))
    made = make_dataset({"sexo": ["1"]}, SEXO).harmonized("kenya.to_core")
    assert made.values("sex").tolist() == ["m"]
