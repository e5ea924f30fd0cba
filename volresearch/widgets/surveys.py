"""The surveys behind the view of estimates: which there are, what they can be asked, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from volresearch.text import formats
from volresearch.widgets.literals import quoted

if TYPE_CHECKING:
    from volresearch.datasets import Comparison, Dataset
    from volresearch.indicators import Indicator
    from volresearch.results import Result
    from volresearch.survey import Survey

__all__ = ["NONE", "CatalogSurveys", "Question", "code_of"]

#: What stands for "no variable" and "no figure" in a choice.
NONE = ""
#: A variable with more codes than this makes no rows that can be read.
MOST_CODES = 12
#: Indicators that need figures from outside (wages, gross domestic product): asked in code, not by controls.
_BY_CODE = frozenset({"V09", "V10"})

Options = list[tuple[str, str]]


@dataclass(frozen=True)
class Question:
    """What the controls ask: dataset, indicator, rows, series, domain, confidence, rule on help to relatives."""

    dataset: str
    indicator: str
    rows: str = NONE
    series: str = NONE
    where: str = ""
    confidence: float = 0.95
    family_help: str = "2013"

    @property
    def by(self) -> list[str]:
        """The by-columns, each once; a gap between women and men has no rows by sex."""
        gap = self.indicator == "core.V14"
        return list(
            dict.fromkeys(name for name in (self.rows, self.series) if name and not (gap and name == "sex"))
        )


class CatalogSurveys:
    """The survey datasets and computable indicators of every plugin, opened when they are asked for."""

    def __init__(self) -> None:
        from volresearch.catalog import default_catalog

        self._catalog = default_catalog()
        self._survey = cache(lambda id: self.dataset(id).survey())

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Ids of the survey datasets that open."""
        table = self._catalog.table("datasets")
        return tuple(table.loc[(table["kind"] == "survey") & (table["status"] == "ok"), "id"])

    def dataset(self, id: str) -> Dataset:
        """Return a dataset."""
        return self._catalog.dataset(id)

    def survey(self, id: str) -> Survey:
        """Return a dataset as a survey, opened once."""
        return self._survey(id)

    @cached_property
    def _indicators(self) -> tuple[Indicator, ...]:
        from volresearch.indicators import open_indicator
        from volresearch.indicators.recipes import RECIPES

        return tuple(
            open_indicator(self._catalog, f"core.{name}") for name in RECIPES if name not in _BY_CODE
        )

    def indicator(self, id: str) -> Indicator:
        """Return a computable indicator."""
        return next(one for one in self._indicators if one.id == id)

    def indicators(self, dataset: str, lang: str) -> Options:
        """Return the indicators whose variables the dataset has, as words and ids."""
        from volresearch.indicators.computing import lacking

        columns = self.survey(dataset).sample.engine.columns
        fit = [one for one in self._indicators if not lacking(one.id, columns)]
        return [(f"{one.id.removeprefix('core.')} {one.title.get_in(lang, one.id)}", one.id) for one in fit]

    def groups(self, dataset: str, lang: str) -> Options:
        """Return the variables that may make rows or series, as words and names."""
        from volresearch.indicators.variables import VARIABLES

        out: Options = []
        for variable in self.dataset(dataset).codebook:
            asked = variable.name in VARIABLES or variable.name.startswith("activity")
            few = variable.type == "code" and 1 < len(variable.labels) <= MOST_CODES
            if few and (not asked or variable.name == "sex"):
                out.append((variable.label.get_in(lang, variable.name), variable.name))
        return out

    def ask(self, question: Question) -> Result:
        """Compute."""
        from volresearch.indicators import compute
        from volresearch.indicators.recipes import RECIPES

        rule = RECIPES[question.indicator.removeprefix("core.")]
        options = {"family_help": question.family_help} if rule.family else {}
        return compute(
            self.indicator(question.indicator),
            self.survey(question.dataset),
            question.by or None,
            question.where.strip() or None,
            confidence=question.confidence,
            **options,
        )

    def published(self, indicator: str, lang: str) -> Options:
        """Return the published totals of an indicator, the latest first, as words and figure ids."""
        series = set(self.indicator(indicator).series)
        facts = self._catalog.facts()
        found = [one for one in facts.figures if one.series in series and one.subgroup == "total"]
        found.sort(key=lambda one: (one.period.start, one.id), reverse=True)
        areas = facts.select(series=sorted({one.series for one in found})).labels["area"] if found else {}
        return [
            (
                f"{areas[one.area].get_in(lang, one.area)} {formats.period(one.period.text, lang)}: "
                f"{formats.number(one.value, lang)} {one.unit_label.get_in(lang, one.unit)}",
                one.id,
            )
            for one in found
        ]

    def compare(self, result: Result, figure: str) -> Comparison:
        """Judge a result against a published figure."""
        return self._catalog.facts().compare(result, figure)


def code_of(question: Question, *, family: bool) -> str:
    """Return the calls that give the same without the explorer.

    >>> print(code_of(Question("core.s", "core.V01", "sex"), family=True).splitlines()[3])
    result = vr.indicator("core.V01", survey, by=["sex"], confidence=0.95, family_help="2013")
    """
    by = f", by=[{', '.join(quoted(name) for name in question.by)}]" if question.by else ""
    where = f", where={quoted(question.where.strip())}" if question.where.strip() else ""
    rule = f', family_help="{question.family_help}"' if family else ""
    return (
        f'import volresearch as vr\n\nsurvey = vr.dataset("{question.dataset}").survey()\n'
        f'result = vr.indicator("{question.indicator}", survey{by}{where}, confidence={question.confidence:g}{rule})\n'
        "vr.table(result)\nvr.figure(result)\n"
    )
