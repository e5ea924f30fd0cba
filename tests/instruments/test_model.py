"""The questionnaire model, its YAML and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from volresearch.errors import VolResearchError
from volresearch.instruments import (
    Block,
    Choice,
    Formula,
    Instrument,
    Item,
    Scale,
    Score,
    Translation,
    read_instrument,
)
from volresearch.text import Text

YAML = """\
id: t.short
title: {en: Short form, es: Formulario breve}
languages: {en: {status: original}, es: {status: draft}}
scales:
  - name: yes_no
    choices:
      - {code: 1, label: {en: "Yes", es: "Sí"}}
      - {code: 2, label: {en: "No", es: "No"}}
      - {code: 8, label: {en: "Don't know", es: "No sabe"}, missing: dont_know}
items:
  - {name: age, type: integer, text: {en: Age?, es: ¿Edad?}, constraint: "age >= 0 and age < 120"}
  - {name: helped, type: one, scale: yes_no, ask_if: age >= 15}
  - name: activities
    kind: repeat
    at_most: 3
    ask_if: helped == '1'
    items:
      - {name: hours, type: decimal, constraint: hours <= 672}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "short.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_read__small_form__items_in_order_with_blocks_around(tmp_path: Path) -> None:
    form = read_instrument(written(tmp_path, YAML))
    assert form.names == ("age", "helped", "hours")
    assert [block.name for block in form.around("hours")] == ["activities"]
    assert form.item("helped").ask_if == Formula("age >= 15")
    assert [choice.code for choice in form.choices_of("helped")] == ["1", "2", "8"]
    assert form.drafts == ("es",)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("age >= 15", "agee >= 15", 12, 'There is no item "agee".'),
        ("scale: yes_no", "scale: yes_on", 12, 'There is no scale "yes_on".'),
        ("hours <= 672", "hoours <= 672", 18, 'There is no item "hoours".'),
        ("name: hours", "name: age", 11, 'The name "age" stands twice.'),
        ("at_most: 3", "at_mots: 3", 15, 'unknown key "at_mots"'),
        ("hours <= 672", "hours <= = 672", 18, "cannot be read"),
        ("code: 2", "code: 1", 5, 'The code "1" stands twice.'),
        ("type: decimal", "type: decimall", 18, 'did you mean "decimal"'),
    ],
)
def test_read__mistake__told_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    with pytest.raises(VolResearchError) as caught:
        read_instrument(written(tmp_path, YAML.replace(old, new)))
    told = [one for one in caught.value.faults if said in one.message]
    assert told, str(caught.value)
    assert told[0].where.line == line


def test_to_yaml__any_form__reads_back_equal(tmp_path: Path) -> None:
    form = Instrument(
        id="t.odd",
        title=Text({"en": "yes", "fr": "1e5"}),
        scales=(
            Scale(
                name="s",
                choices=(Choice(code="08", label=Text("null")), Choice(code="true", missing="refused")),
            ),
        ),
        items=(
            Block(
                name="g",
                kind="repeat",
                count=Formula("3"),
                items=(
                    Item(
                        name="q",
                        type="one",
                        scale="s",
                        required=Formula("q == '08'"),
                        extras={"a b": "-1\n x"},
                    ),
                ),
            ),
            Item(
                name="k", type="calculate", calculation=Formula.kept("once(random())", "xpath"), default="1.0"
            ),
        ),
        scores=(Score(name="sum", items=("q",), method="sum"),),
        settings={"version": "2026"},
        extras={"sheets": {"more": (("a", "1"), ("", "2"))}},
    )
    path = tmp_path / "odd.yaml"
    path.write_text(form.to_yaml(), encoding="utf-8")
    from volresearch.declare import read

    assert read(Instrument, path) == form
    assert form.verbatim == (("k", "calculation", "once(random())"),)


def test_save__file_there__refused(tmp_path: Path) -> None:
    form = Instrument(id="t.a", title=Text("A"))
    form.save(tmp_path / "a.yaml")
    with pytest.raises(VolResearchError, match="there already"):
        form.save(tmp_path / "a.yaml")


def test_translation__reviewed_by_nobody__refused() -> None:
    with pytest.raises(ValueError, match="reviewed_by"):
        Translation(status="reviewed")


def test_faults__score_of_words_and_unknown_items__told() -> None:
    form = Instrument(
        id="t.a",
        title=Text("A"),
        items=(Item(name="q", type="one", choices=(Choice(code="a"), Choice(code="b"))),),
        scores=(Score(name="s", items=("q", "p"), reverse=("r",), minimum_answered=3),),
    )
    said = [one.message for one in form.faults()]
    assert 'There is no item "p".' in said
    assert '"r" is reversed but not among the items.' in said
    assert "minimum_answered is not between 1 and 2." in said
    assert 'The answers of "q" are no numbers.' in said


def test_item__unknown_name__nearest_told() -> None:
    form = Instrument(id="t.a", title=Text("A"), items=(Item(name="hours", type="decimal"),))
    with pytest.raises(VolResearchError, match="no item") as caught:
        form.item("hour")
    assert caught.value.hint == 'Did you mean "hours"?'


def test_instrument__after_building__does_not_change() -> None:
    form = Instrument(id="t.a", title=Text("A"), settings={"a": "b"})
    with pytest.raises(TypeError):
        form.settings["a"] = "c"  # type: ignore[index]
