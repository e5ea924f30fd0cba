"""Response: from disposition codes, and from what is declared."""

from __future__ import annotations

import pytest

from volresearch.datasets import Variable
from volresearch.errors import VolResearchError


def said(quality) -> list[tuple[str, str]]:
    return [(one.level, one.said()) for one in quality.findings if one.topic == "response"]


def test_disposition__codes_of_aapor__give_the_rates(make) -> None:
    codes = ["1.1"] * 6 + ["1.2"] * 2 + ["2.11"] * 4 + ["2.2"] * 4 + ["2.3"] * 4 + ["3.1"] * 5 + ["4.7"] * 5
    quality = make({"result": codes}).check(disposition="result")
    # 20 eligible, 5 undecided, 5 not eligible: e = 20 / 25.
    assert quality.value("RR1") == pytest.approx(6 / 25)
    assert quality.value("RR3") == pytest.approx(6 / 24)
    assert quality.value("COOP1") == pytest.approx(6 / 16)
    assert quality.value("NC") == 4
    assert said(quality) == [
        ("note", "Response rate RR1 24.0%, RR3 25.0% with e = 0.8; cooperation COOP1 37.5%; refusal REF1 16.0% (AAPOR). Cases: 30")
    ]  # fmt: skip
    assert "Non-contact" in quality.html()


def test_disposition__own_codes_with_their_outcomes__are_mapped(make) -> None:
    data = make({"result": ["done", "done", "no", "moved", None]}, lazy=True)
    quality = data.check(disposition={"result": {"done": "I", "no": "R"}}, eligible_share=1.0)
    assert quality.value("RR1") == pytest.approx(2 / 3)
    assert ("warning", "Cases whose disposition is no outcome of AAPOR: 2 of 5 (40.0%). Codes: a text of 5 characters (1), – (1)") in said(quality)  # fmt: skip


def test_disposition__numbers_of_a_file__are_codes(make) -> None:
    quality = make({"result": [110.0, 110.0, 211.0, 220.0]}, [Variable(name="result", type="number")]).check(disposition="result")  # fmt: skip
    assert quality.value("RR1") == pytest.approx(0.5)


def test_disposition__mapped_to_what_is_no_outcome__is_refused(make) -> None:
    with pytest.raises(VolResearchError, match="no outcome") as caught:
        make({"result": ["a"]}).check(disposition={"result": {"a": "complete"}})
    assert caught.value.code == "survey.option"


def test_declared__rate_of_other_numbers__is_found(make) -> None:
    response = {"eligible": 200, "responded": 90, "rate": 60}
    quality = make({"a": ["1"] * 80}, design={"kind": "nonprobability", "response": response}).check()
    assert said(quality) == [
        ("warning", "The declared response rate 60.0% is not 90 of 200, which is 45.0%"),
        ("note", "Declared response rate: 60.0% (90 of 200)"),
        ("note", "The declaration counts 90 respondents, the data have 80 rows"),
    ]
    assert quality.value("declared_rate") == 0.6


def test_declared__more_answered_than_eligible__is_an_error(make) -> None:
    quality = make(
        {"a": ["1"] * 9}, design={"kind": "census", "response": {"eligible": 8, "responded": 9}}
    ).check()
    assert ("error", "More answered (9) than were eligible (8)") in said(quality)


def test_declared__nothing__asks_for_it(make) -> None:
    assert said(make({"a": ["1"]}).check())[0][0] == "note"
