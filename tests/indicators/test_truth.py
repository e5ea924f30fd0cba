"""The synthetic survey against its truth: the parameters of the invented population it was drawn from."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import volresearch as vr
from volresearch.text import LANGUAGES

DATASET = "core.vol_work_synthetic"
TRUTH = {
    name.removeprefix("truth."): float(value)
    for name, value in vr.dataset(DATASET).declaration.extra.items()
    if name.startswith("truth.") and name != "truth.population"
}


@cache
def _table(id: str, rule: str, by: str):
    options = {"family_help": rule} if rule else {}
    return vr.indicator(id, vr.dataset(DATASET), by=by or None, **options).table


def estimate_of(name: str):
    """Return the row of a computed indicator that a parameter such as V11.2013.5 belongs to."""
    id, *rest = name.split(".")
    rule = rest.pop(0) if rest and rest[0] in {"2011", "2013"} else ""
    by, _, code = rest[0].partition("_") if rest and rest[0].startswith(("area_", "sex_")) else ("", "", "")
    table = _table(id, rule, by)
    if by:
        table = table[table[by] == code]
    elif rest:
        table = table[(table["level"] == rest[0]) | (table["term"] == rest[0])]
    assert len(table) == 1, name
    return table.iloc[0]


@pytest.mark.parametrize("name", TRUTH)
def test_estimate__each_parameter__lies_near_the_truth_for_its_error(name):
    row = estimate_of(name)
    assert abs(row["estimate"] - TRUTH[name]) < 4 * row["se"]


def test_intervals__all_parameters__hold_the_truth_as_often_as_they_should():
    rows = {name: estimate_of(name) for name in TRUTH}
    missed = [name for name, row in rows.items() if not row["ci_low"] <= TRUTH[name] <= row["ci_high"]]
    assert len(TRUTH) > 50
    assert len(missed) <= 0.1 * len(TRUTH), missed
    z = [(row["estimate"] - TRUTH[name]) / row["se"] for name, row in rows.items()]
    assert abs(np.mean(z)) < 0.5
    assert 0.5 < np.std(z) < 1.5


def test_dataset__synthetic__says_so_everywhere():
    dataset = vr.dataset(DATASET)
    assert dataset.synthetic
    assert all(word in dataset.title.get_in(lang).casefold() for lang, word in zip(LANGUAGES, ("synthetic", "sintética", "synthétique", "合成"), strict=True))  # fmt: skip
    assert all(f"Area {code}" == text["en"] for code, text in dataset.codebook["area"].labels.items())
    result = vr.indicator("V01", dataset)
    assert result.facts.synthetic
    assert "Synthetic" in vr.table(result).html
    assert "Synthetic" in vr.figure(vr.indicator("V01", dataset, by="area")).svg


def test_dataset__codebook__has_words_in_four_languages():
    for variable in vr.dataset(DATASET).codebook:
        for text in (variable.label, *variable.labels.values()):
            assert set(text) == set(LANGUAGES), variable.name


def test_dataset__missing_answers__are_of_several_kinds():
    dataset = vr.dataset(DATASET)
    assert {"dont_know", "refused"} <= set(dataset.missing("organization_4w").dropna())
    assert {"dont_know", "not_asked"} == set(dataset.missing("hours_direct").dropna())


def test_dataset__generator__makes_the_committed_file(tmp_path, monkeypatch):
    import runpy
    from pathlib import Path

    folder = Path(__file__).resolve().parents[2] / "datasets"
    made = runpy.run_path(str(folder / "make_vol_work_synthetic.py"))
    random = np.random.default_rng(made["SEED"])
    people = made["population"](random)
    for step in ("volunteering", "activities", "opinions"):
        made[step](people, random)
    assert {name: float(f"{value:.6g}") for name, value in made["truth"](people).items()} | {} == TRUTH | {
        "population": float(len(people))
    }
    frame = made["answers"](made["sample"](people, random), random)
    committed = (folder / "files/vol_work_synthetic.csv").read_bytes()
    assert frame.to_csv(index=False, lineterminator="\n").encode() == committed


def test_key__computed__says_rule_period_and_age():
    key = vr.indicator("V01", vr.dataset(DATASET), family_help="2011").facts.extra["measurement"]
    assert (key.age, key.reference_period, key.volunteering, key.family_help) == (
        "15+",
        "4 weeks",
        "any",
        "included",
    )
    key = vr.indicator("V03", vr.dataset(DATASET)).facts.extra["measurement"]
    assert (key.volunteering, key.family_help) == ("organization", "not_applicable")


def test_compare__with_a_published_rate__is_refused_because_the_data_are_invented():
    published = vr.facts("core.volunteer_rate", area="ZAF", period="2010")
    comparison = vr.compare(vr.indicator("V01", vr.dataset(DATASET)), published)
    assert comparison.verdict == "not_comparable"
    assert "invented (synthetic) data against observed data" in comparison.sentence()


def test_compare__two_family_rules__ask_for_caution():
    survey = vr.dataset(DATASET).survey()
    one, two = (vr.indicator("V01", survey, family_help=rule) for rule in ("2011", "2013"))
    comparison = vr.compare(one, two)
    assert comparison.verdict == "caution"
    assert {reason.key for reason in comparison.reasons} == {"family_help"}
