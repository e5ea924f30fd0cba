from __future__ import annotations

from volresearch.release.record import command_of
from volresearch.results import DatasetRef, ResultFacts


def test_command__facts__repeats_the_call() -> None:
    question = {"verb": "facts", "series": ("t.rate",), "area": ("PER", "CHN")}
    said = command_of(ResultFacts(question, "published figure"))
    assert said == "vr.facts(series='t.rate', area=['PER', 'CHN'])"


def test_command__estimate__starts_at_the_dataset() -> None:
    facts = ResultFacts(
        {"verb": "mean", "variable": "hours", "where": ""}, "person", datasets=(DatasetRef("t.p", "1", "0"),)
    )
    assert command_of(facts) == "vr.dataset('t.p').survey().mean(variable='hours')"
