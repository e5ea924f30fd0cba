"""The view of estimates without a browser: set values, read what it shows."""

from __future__ import annotations

import re
from typing import Any

import pytest

import volresearch as vr
from volresearch.text import LANGUAGES
from volresearch.widgets.explorer import Explorer
from volresearch.widgets.surveys import Question, code_of


def text_of(html: str) -> str:
    bare = re.sub(r"<(style|svg)\b.*?</\1>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare))


@pytest.fixture
def explorer() -> Explorer:
    opened = vr.explore("core.volunteer_rate", area="ZAF")
    opened.tabs.selected_index = 3
    return opened


@pytest.fixture
def view(explorer: Explorer) -> Any:
    return explorer.estimates_view


def test_view__not_looked_at__has_opened_nothing() -> None:
    view = vr.explore("core.volunteer_rate", area="ZAF").estimates_view
    assert view.result is None
    assert view.dataset.options == ()


def test_view__opened__shows_a_working_view_of_synthetic_data(view: Any) -> None:
    assert view.question == Question("core.vol_work_synthetic", "core.V01", "area", "sex")
    shown = text_of(view.chart.value)
    assert "Working view, not for release" in shown
    assert "Synthetic data" in shown
    assert "<svg" in view.chart.value
    assert "Synthetic data" in text_of(view.about_data.value)
    assert "3,000 rows · 6 strata · 150 sampling units" in text_of(view.about_data.value)
    assert view.result.table["n"].sum() > 2_900


def test_controls__changed__change_the_estimates(view: Any) -> None:
    view.series.value = ""
    assert view.result.by == ("area",)
    wide = view.result.table["estimate"].tolist()
    view.family.value = "2011"
    assert all(new > old for new, old in zip(view.result.table["estimate"], wide, strict=True))
    assert "ILO manual of 2011" in text_of(view.reliability.value)
    view.confidence.value = "0.9"
    assert view.result.facts.confidence == 0.9
    assert "90% interval" in text_of(view.numbers.value)
    view.where.value = "residence == 'rural'"
    assert "residence" in view.result.facts.domain


def test_where__misspelt__says_what_is_near_and_recovers(view: Any) -> None:
    view.where.value = "agee > 20"
    assert 'Did you mean "age"' in text_of(view.chart.value).replace("&quot;", '"')
    assert view.numbers.value == ""
    view.where.value = "age > 20"
    assert "<svg" in view.chart.value


def test_reliability__few_and_wide__are_said_in_words_by_group(view: Any) -> None:
    view.indicator.value = "core.V05"
    shown = text_of(view.reliability.value)
    assert "of 6 values need care" in shown
    assert re.search(r"◆[^:]*Area C, Men[^:]*: relative error over 25%", shown)


def test_reliability__large_groups__nothing_is_marked(view: Any) -> None:
    assert "No value is marked" in text_of(view.reliability.value)


def test_compare__published_figure__gets_a_verdict_by_key(view: Any) -> None:
    assert "Choose a published figure" in text_of(view.verdict.value)
    view.against.value = next(id for _, id in view.against.options if id)
    shown = text_of(view.verdict.value)
    assert "Not comparable" in shown
    assert "synthetic" in shown
    assert "not drawn on this axis" in shown


def test_indicator__gap__has_no_rows_by_sex(view: Any) -> None:
    view.indicator.value = "core.V14"
    assert view.result.by == ("area",)
    assert "women minus men" in text_of(view.numbers.value)


def test_indicator__changed__offers_its_own_published_figures(view: Any) -> None:
    view.indicator.value = "core.V13"
    assert [id for _, id in view.against.options] == [""]


def test_code__run_alone__gives_the_same_table(view: Any) -> None:
    view.where.value = "age >= 20"
    scope: dict[str, Any] = {}
    exec(compile(view.code.value, "code", "exec"), scope)
    assert scope["result"].table.equals(view.result.table)


def test_code__quotes_in_a_condition__are_kept() -> None:
    made = code_of(Question("core.s", "core.V03", where='sex == "f"'), family=False)
    assert 'where="sex == \\"f\\""' in made
    assert "family_help" not in made


@pytest.mark.parametrize("lang", LANGUAGES)
def test_language__changed__keeps_what_is_asked(explorer: Explorer, lang: str) -> None:
    view = explorer.estimates_view
    view.indicator.value = "core.V03"
    before = view.question
    explorer.lang = lang
    assert view.question == before
    women = {"en": "Women", "es": "Mujeres", "fr": "Femmes", "zh": "女性"}[lang]
    assert women in text_of(view.numbers.value)


def test_result__of_persons__cannot_be_released_from_here(view: Any) -> None:
    with pytest.raises(vr.VolResearchError) as caught:
        view.result.release()
    assert caught.value.code == "release.rules_missing"
