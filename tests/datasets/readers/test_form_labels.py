"""Codes or labels in the cells of choices."""

from __future__ import annotations

import pandas as pd
import pytest

from volresearch.datasets.readers.form_labels import coded, label_codes, speaks_labels
from volresearch.instruments import Choice
from volresearch.text import Text


def choice(code: str, **words: str) -> Choice:
    return Choice(code=code, label=Text(words))


YESNO = (choice("1", en="Yes", es="Sí"), choice("0", en="No", es="No"))


def column(*cells: str | None) -> pd.Series:
    return pd.Series(list(cells), dtype="str")


def listed(cells: pd.Series) -> list[str | None]:
    return [None if pd.isna(cell) else cell for cell in cells]


@pytest.mark.parametrize("cells", [("Yes", "No", None), ("Sí", "No", None), ("YES", " no ", None)])
def test_coded__labels_of_any_language__become_codes(cells: tuple[str | None, ...]) -> None:
    out, read = coded(column(*cells), YESNO, ())

    assert listed(out) == ["1", "0", None]
    assert read.labels


def test_coded__more_codes_than_labels__stays_with_codes_and_tells_the_rest() -> None:
    out, read = coded(column("1", "0", "1", "Yes", "7"), YESNO, ())

    assert listed(out) == ["1", "0", "1", "Yes", "7"]
    assert not read.labels
    assert read.unknown == {"Yes": 1, "7": 1}


def test_coded__more_labels_than_codes__codes_are_still_codes() -> None:
    out, read = coded(column("Yes", "No", "1"), YESNO, ())

    assert listed(out) == ["1", "0", "1"]
    assert read.unknown == {}


def test_coded__declared_blanks__stay_and_are_not_counted() -> None:
    out, read = coded(column("n/a", "n/a", "n/a", "Yes"), YESNO, {"n/a"})

    assert listed(out) == ["n/a", "n/a", "n/a", "1"]
    assert read.unknown == {}


def test_coded__namibia__is_a_code_and_no_missing() -> None:
    countries = (choice("NA", en="Namibia"), choice("NO", en="Norway"))

    assert listed(coded(column("NA", "NO"), countries, ())[0]) == ["NA", "NO"]
    assert listed(coded(column("Namibia", "Norway"), countries, ())[0]) == ["NA", "NO"]


def test_coded__no_list__stays() -> None:
    out, read = coded(column("v1", "1.0"), (), ())

    assert listed(out) == ["v1", "1.0"]
    assert read == type(read)()


def test_label_codes__label_of_two_codes__means_neither() -> None:
    meaning, shared = label_codes([choice("a", en="North"), choice("b", en="North"), choice("c", en="South")])

    assert meaning == {"south": "c"}
    assert shared == {"north"}


def test_speaks_labels__joined_labels_with_spaces__are_recognized() -> None:
    tools = (choice("saw", en="Hand saw"), choice("axe", en="Axe"))

    assert speaks_labels({"Hand saw Axe": 2, "Axe": 1}, tools, several=True)
    assert not speaks_labels({"saw axe": 2, "axe": 1}, tools, several=True)
