"""AAPOR outcome rates: every number below is worked out by hand from the formulas of the Standard Definitions."""

from __future__ import annotations

from fractions import Fraction

import pytest

from volresearch.datasets.quality import OUTCOMES, outcome_of, outcome_rates
from volresearch.errors import VolResearchError

# 300 + 50 interviews, 120 refusals, 80 non-contacts, 50 others: 600 eligible; 100 + 60 undecided; 200 not eligible.
CASES = {"I": 300, "P": 50, "R": 120, "NC": 80, "O": 50, "UH": 100, "UO": 60, "NE": 200}


def test_outcome_rates__cases_of_all_kinds__are_those_worked_out_by_hand() -> None:
    # e = 600 / 800 = 0.75; e (UH + UO) = 120.
    by_hand = {
        "RR1": Fraction(300, 760), "RR2": Fraction(350, 760), "RR3": Fraction(300, 720), "RR4": Fraction(350, 720),
        "RR5": Fraction(300, 600), "RR6": Fraction(350, 600),
        "COOP1": Fraction(300, 520), "COOP2": Fraction(350, 520), "COOP3": Fraction(300, 470), "COOP4": Fraction(350, 470),
        "REF1": Fraction(120, 760), "REF2": Fraction(120, 720), "REF3": Fraction(120, 600),
        "CON1": Fraction(520, 760), "CON2": Fraction(520, 720), "CON3": Fraction(520, 600),
        "e": Fraction(3, 4),
    }  # fmt: skip
    assert outcome_rates(CASES) == pytest.approx({name: float(value) for name, value in by_hand.items()})


def test_outcome_rates__eligible_share_given__takes_its_place() -> None:
    rates = outcome_rates(CASES, 0.5)
    assert rates["RR3"] == pytest.approx(300 / 680)
    assert rates["REF2"] == pytest.approx(120 / 680)
    assert rates["CON2"] == pytest.approx(520 / 680)
    assert rates["RR1"] == pytest.approx(300 / 760)


def test_outcome_rates__nothing_undecided__agree() -> None:
    rates = outcome_rates({"I": 40, "R": 10})
    assert rates["RR1"] == rates["RR3"] == rates["RR5"] == 0.8


def test_outcome_rates__nobody_reached__leaves_cooperation_out() -> None:
    rates = outcome_rates({"NC": 10})
    assert "COOP1" not in rates
    assert rates["CON1"] == 0


@pytest.mark.parametrize(
    "cases, share, said",
    [({"X": 1}, None, "no outcome"), ({"I": -1}, None, "negative"), ({"I": 1}, 1.5, "part of 1")],
)
def test_outcome_rates__what_cannot_be__is_refused(cases, share, said) -> None:
    with pytest.raises(VolResearchError, match=said) as caught:
        outcome_rates(cases, share)
    assert caught.value.code == "survey.option"


@pytest.mark.parametrize(
    "code, outcome",
    [("1.0", "I"), ("1.1", "I"), ("1.10", "I"), ("110", "I"), ("1.2", "P"), ("120", "P"), ("2.1", "R"), ("2.11", "R"), ("2.112", "R"), ("210", "R"),
     ("2.2", "NC"), ("2.25", "NC"), ("2.3", "O"), ("2.36", "O"), ("3.1", "UH"), ("317", "UH"), ("3.2", "UO"), ("3.9", "UO"), ("4.1", "NE"), ("4.90", "NE"),
     ("i", "I"), ("UH", "UH"), ("5", None), ("2", None), ("done", None), ("", None), ("-1", None)],
)  # fmt: skip
def test_outcome_of__codes__are_those_of_the_standard(code, outcome) -> None:
    assert outcome_of(code) == outcome


def test_outcomes__all__are_outcomes_of_themselves() -> None:
    assert [outcome_of(name) for name in OUTCOMES] == list(OUTCOMES)
