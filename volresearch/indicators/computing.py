"""From an indicator and a survey to a `Result`: options, variables, estimates, and the record of how it was done."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals as nw

from volresearch.errors import VolResearchError, near
from volresearch.indicators import measures
from volresearch.indicators.keys import figures_of, key_of
from volresearch.indicators.recipes import FAMILY_HELP, RECIPES, Asked, Plan, Recipe
from volresearch.indicators.variables import Columns, require
from volresearch.indicators.wages import Wages, wages_of
from volresearch.indicators.words import SCALES, STATISTICS, TERMS, UNITS
from volresearch.results import Result
from volresearch.survey import Survey
from volresearch.survey import checks as survey_checks
from volresearch.survey.codes import labels_of
from volresearch.survey.conditions import condition
from volresearch.survey.engine import Engine
from volresearch.survey.record import Asked as Question
from volresearch.survey.survey import by_sets
from volresearch.text import Text, in_all_languages

if TYPE_CHECKING:
    from volresearch.datasets import Dataset
    from volresearch.indicators.model import Indicator

__all__ = ["compute", "lacking"]

By = str | Sequence[str] | Sequence[Sequence[str]] | None
_COMMON: dict[str, Any] = {"family_help": "2013", "working_age": 15}


def compute(
    indicator: Indicator,
    survey: Survey | Dataset,
    by: By = None,
    where: str | None = None,
    *,
    confidence: float = 0.95,
    df: str = "domain",
    **options: Any,
) -> Result:
    """Compute an indicator from a survey with harmonized variables.

    Parameters
    ----------
    indicator : Indicator
        One of the core that says ``computable: true``.
    survey : Survey or Dataset
        With the variables of `volresearch.indicators.variables.VARIABLES` that the indicator needs.
    by, where, confidence, df
        As the verbs of `Survey` take them.
    **options
        ``family_help``: ``"2013"`` (19th ICLS: help to relatives in other households does not count) or ``"2011"`` (the
        ILO manual: it does). ``working_age``: persons from this age on, where the survey has ``age``; None: all.
        Others by indicator: ``statistic`` (V06: mean or median), ``annual_factor`` (V07 to V10), ``fte_basis`` (V08),
        ``wages, social_charges, currency`` (V09, V10), ``gdp`` (V10), ``type, women, men`` (V14).

    Returns
    -------
    Result
        With the measurement key in ``facts.extra["measurement"]``, by which `vr.compare` judges it.

    Raises
    ------
    VolResearchError
        ``indicator.input`` with every variable or option that is missing; the codes of surveys and expressions.
    """
    name = indicator.id.removeprefix("core.")
    recipe = RECIPES.get(name) if indicator.id.startswith("core.") else None
    if recipe is None:
        raise VolResearchError(
            "indicator.input",
            f"{indicator.id} is not computed from a survey.",
            expected=", ".join(RECIPES),
            hint="Its formula and standard are in vr.indicator() without a survey.",
        )
    if not isinstance(survey, Survey):
        survey = survey.survey()
    engine = survey.sample.engine
    asked = Asked(_options(name, recipe, options), lambda variable: _codes(engine, variable))
    survey_checks.confidence(confidence)
    require(engine.columns, recipe.needs(asked), name)
    columns = Columns(engine)
    plan = recipe.build(columns, asked)
    domain = _domain(where, asked["working_age"], columns)
    derived = Survey.of(replace(survey.sample, engine=_extended(engine, columns)))
    made = _estimated(derived, plan, indicator, by_sets(by), domain, confidence, df)
    return _told(made, plan, indicator, recipe, asked, engine, survey, by, where)


def lacking(id: str, columns: Sequence[str]) -> list[str]:
    """Return the variables that an indicator of the core needs, with its default options, and that are not there.

    >>> lacking("core.V03", ["age", "organization_12m"])
    ['organization_4w']
    """
    recipe = RECIPES[id.removeprefix("core.")]
    asked = Asked(_COMMON | dict(recipe.options), lambda _: ())
    return [name for name in recipe.needs(asked) if name not in columns]


def _options(name: str, recipe: Recipe, given: Mapping[str, Any]) -> dict[str, Any]:
    known = _COMMON | dict(recipe.options)
    for option in given:
        if option not in known:
            raise VolResearchError(
                "survey.option", f'{name} has no option "{option}".', hint=near(option, known)
            )
    out = known | dict(given)
    out["family_help"] = str(out["family_help"])
    survey_checks.option("family_help", out["family_help"], FAMILY_HELP)
    if "statistic" in out:
        survey_checks.option("statistic", out["statistic"], ["mean", "median"])
    if "type" in out:
        survey_checks.option("type", out["type"], ["any", "organization", "direct"])
    if "wages" in out:
        out["wages"] = wages_of(out["wages"], name)
    for option in ("annual_factor", "fte_basis", "gdp"):
        if option in out:
            _positive(name, option, out[option])
    return out


def _positive(name: str, option: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
        raise VolResearchError(
            "indicator.input",
            f"{name} needs {option}= as a positive number.",
            expected="the gross domestic product of the same year, in the currency of the wages"
            if option == "gdp"
            else "a positive number",
            got="nothing" if value is None else repr(value),
        )


def _codes(engine: Engine, variable: str) -> list[str]:
    """The codes of a variable: those that its codebook labels, else those that occur."""
    declared = labels_of(engine.codebook, variable)
    if declared:
        return [str(code) for code in declared]
    if variable.startswith("activity") or variable == "categories":
        return []
    found = engine.grouped({variable: engine.clean(variable)}, {"_rows": nw.lit(1.0)})[variable].dropna()
    return sorted(str(code) for code in found)


def _domain(where: str | None, working_age: Any, columns: Columns) -> str | None:
    given = where.strip() if where else ""
    if working_age is None or not columns.has("age"):
        return given or None
    old_enough = f"age >= {float(working_age):g}"
    return f"({given}) and {old_enough}" if given else old_enough


def _extended(engine: Engine, columns: Columns) -> Engine:
    frame = engine.frame.with_columns(**columns.made)
    return Engine(nw.to_native(frame), engine.codebook)


def _estimated(
    survey: Survey,
    plan: Plan,
    indicator: Indicator,
    by: tuple[tuple[str, ...], ...],
    domain: str | None,
    confidence: float,
    df: str,
) -> Result:
    if plan.median is not None:
        hours, volunteer, unit = plan.median
        inner = f"{volunteer} == 1" + (f" and {domain}" if domain else "")
        made = survey.quantile(hours, 0.5, by, inner, confidence=confidence, df=df)
        table = made.table.assign(variable=indicator.id, statistic="median", term="", unit=unit)
        facts = replace(made.facts, domain=domain or "")
        return Result(table, made.by, facts, labels=made.labels, covariance=None, evidence=made.evidence)
    where = condition(survey.sample.engine, domain)
    words = None if where is None else where.text

    def question(unknown: int, unplaced: tuple[tuple[str, int], ...]) -> Question:
        return Question("indicator", {}, confidence, words, unknown, unplaced)

    survey_checks.option("df", df, ["domain", "design"])
    return measures.estimate(
        survey.sample,
        plan.measures,
        by,
        where,
        variable=indicator.id,
        asked=question,
        confidence=confidence,
        df=df,
    )


def _told(
    made: Result,
    plan: Plan,
    indicator: Indicator,
    recipe: Recipe,
    asked: Asked,
    engine: Engine,
    survey: Survey,
    by: By,
    where: str | None,
) -> Result:
    """Add titles, labels, assumptions and the measurement key."""
    made = _nonempty(made) if plan.drop_empty else made
    options = {
        key: value.record() if isinstance(value, Wages) else value for key, value in asked.options.items()
    }
    if not recipe.family:
        options.pop("family_help")
    key = key_of(survey.sample.measurement, recipe, asked)
    facts = made.facts
    says = [*_family_words(recipe, asked), *recipe.says(asked), *_missing_words(made, survey)]
    facts = replace(
        facts,
        question={"verb": "indicator", "id": indicator.id, "by": by, "where": where, **options},
        assumptions=(*facts.assumptions, *says),
        extra={
            **facts.extra,
            "indicator": indicator.id,
            "options": options,
            "measurement": key,
            "unit_scales": SCALES,
            "measured": figures_of(made, indicator, recipe, key, synthetic=facts.synthetic, words=UNITS),
        },
    )
    return Result(
        made.table,
        made.by,
        facts,
        labels=_labels(made, plan, engine),
        titles={**made.titles, indicator.id: indicator.title},
        covariance=lambda: made.covariance,  # type: ignore[arg-type, return-value]
        evidence=made.evidence,
    )


def _labels(made: Result, plan: Plan, engine: Engine) -> dict[str, Mapping[str, Text]]:
    table = made.table
    out: dict[str, Mapping[str, Text]] = dict(made.labels)
    out["unit"] = {unit: in_all_languages(UNITS[unit]) for unit in table["unit"].unique() if unit in UNITS}
    out["unit_short"] = {
        unit: Text("%") for unit in table["unit"].unique() if SCALES.get(unit) == "percent"
    } | {"fte": in_all_languages(UNITS["fte"])}
    out["term"] = {term: in_all_languages(TERMS[term]) for term in table["term"].unique() if term in TERMS}
    out["statistic"] = {name: in_all_languages(STATISTICS[name]) for name in table["statistic"].unique()}
    levels = labels_of(engine.codebook, plan.labels_of) if plan.labels_of else {}
    if levels:
        out["level"] = levels
    return out


def _nonempty(made: Result) -> Result:
    """Leave out levels that nobody has anywhere."""
    table = made.table
    some = table.groupby("level")["n_cell"].transform("sum") > 0
    keep = some.to_numpy()
    if keep.all():
        return made

    def covariance() -> Any:
        whole = made.covariance
        return None if whole is None else whole[keep][:, keep]

    def evidence() -> Any:
        whole = made.evidence()
        rows = tuple(row for row, kept in zip(whole.rows, keep, strict=True) if kept)
        return replace(whole, rows=rows)

    kept = table[keep].reset_index(drop=True)
    return Result(
        kept,
        made.by,
        made.facts,
        labels=made.labels,
        titles=made.titles,
        covariance=covariance,
        evidence=evidence,
    )


def _family_words(recipe: Recipe, asked: Asked) -> list[str]:
    if not recipe.family:
        return []
    if FAMILY_HELP[asked["family_help"]] == "included":
        return ["Help to relatives in other households counts (ILO manual of 2011)."]
    return ["Help to relatives in other households does not count (19th ICLS, 2013)."]


def _missing_words(made: Result, survey: Survey) -> list[str]:
    """Say what happens to rows without an answer where a total is estimated."""
    if not (made.table["statistic"] == "total").any():
        return []
    asked_of = made.table["n"].max()
    if not made.by and asked_of < survey.design.n and not re.search(r"\S", made.facts.domain or ""):
        lost = int(survey.design.n - asked_of)
        return [f"{lost} rows without an answer are left out of the total, which is too low by their part."]
    return ["Rows without an answer are left out of the total, which is too low by their part."]
