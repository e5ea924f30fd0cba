"""The codebook that a questionnaire gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from volresearch.errors import VolResearchError
from volresearch.instruments import Block, Choice, Formula, Instrument, Item, Named, OtherSpecify, Scale
from volresearch.text import Text

FORM = Instrument(
    id="t.a",
    title=Text({"en": "A", "es": "A"}),
    sides=(Named(name="host", label=Text({"en": "Host", "es": "Anfitrión"})), Named(name="sender")),
    scales=(
        Scale(
            name="how",
            choices=(
                Choice(code="1", label=Text({"en": "Foot", "es": "Pie"})),
                Choice(code="96", label=Text({"en": "Other", "es": "Otro"})),
                Choice(code="9", label=Text({"en": "Refused", "es": "No responde"}), missing="refused"),
            ),
        ),
    ),
    items=(
        Item(name="intro", type="note", text=Text({"en": "Hello"})),
        Item(name="age", type="integer", unit="years", text=Text({"en": "Age?", "es": "¿Edad?"})),
        Item(
            name="travel",
            type="several",
            scale="how",
            ask_if=Formula("age >= 15"),
            other_specify=OtherSpecify(code="96", text=Text({"en": "Which?"})),
        ),
        Item(name="adult", type="calculate", calculation=Formula("age >= 18")),
        Item(name="hosted", type="date", sides=("host",)),
        Block(
            name="trips",
            kind="repeat",
            ask_if=Formula("age >= 15"),
            items=(Item(name="hours", type="decimal", ask_if=Formula("age < 80")),),
        ),
    ),
)


def test_codebook__of_the_main_table__types_labels_missing_and_routing() -> None:
    book = FORM.codebook()
    assert book.names == ("age", "travel", "travel_other", "adult", "hosted")
    assert [variable.type for variable in book] == ["integer", "multiple", "text", "code", "date"]
    assert book["travel"].labels["1"].get_in("es") == "Pie"
    assert dict(book["travel"].missing) == {"9": "refused"}
    assert (book["age"].blank, book["travel"].blank, book["hosted"].blank) == (
        "no_answer",
        "not_asked",
        "not_asked",
    )
    assert book["age"].unit == "years"
    assert book["travel"].note is not None
    assert "age >= 15" in book["travel"].note.get_in("en")
    assert book["hosted"].note is not None
    assert "Host" in book["hosted"].note.get_in("en")


def test_codebook__of_a_repeat__its_own_items_with_all_conditions() -> None:
    book = FORM.codebook(repeat="trips")
    assert book.names == ("hours",)
    assert book["hours"].note is not None
    assert "(age >= 15) and (age < 80)" in book["hours"].note.get_in("en")


def test_codebook__of_a_side__only_what_it_is_asked() -> None:
    assert "hosted" not in FORM.codebook(side="sender")
    with pytest.raises(VolResearchError, match="no repeat"):
        FORM.codebook(repeat="trip")


def test_codebook__read_by_a_dataset__values_typed_and_labelled(tmp_path: Path) -> None:
    import hashlib

    from volresearch.datasets import open_dataset

    folder = tmp_path / "datasets"
    folder.mkdir()
    data = b"age,travel\n30,1 96\n12,\n"
    (folder / "a.csv").write_bytes(data)
    book = FORM.codebook()
    variables = "\n".join(
        f"    - {{name: {name}, type: {book[name].type}, blank: {book[name].blank}}}"
        for name in ("age", "travel")
    )
    (folder / "people.yaml").write_text(
        f"id: t.people\nkind: survey\nversion: '1'\ntitle: {{en: People}}\nunit: person\nlicence: x\ncitation: x\n"
        f"languages: [en]\nsynthetic: true\ntables:\n  main: {{path: a.csv, sha256: {hashlib.sha256(data).hexdigest()}, rows: 2}}\n"
        f"codebook:\n  variables:\n{variables}\n",
        encoding="utf-8",
    )
    assert open_dataset(folder / "people.yaml").to_pandas()["age"].tolist() == [30, 12]
