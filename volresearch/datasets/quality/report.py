"""The quality report: findings in words, numbers as plain tables, a view for notebooks and for reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from volresearch.datasets.codebook import MISSING_REASONS
from volresearch.datasets.quality.findings import LEVELS, TOPICS, Finding, Measure
from volresearch.text import formats, tr

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.datasets.dataset import Dataset

__all__ = ["Quality"]


class Quality:
    """What a check of a dataset found.

    Attributes
    ----------
    dataset : Dataset
        What was checked.
    findings : tuple of Finding
        By level (errors first), then by topic.
    numbers : tuple of Measure
        Every number that was computed.
    """

    def __init__(
        self,
        dataset: Dataset,
        findings: tuple[Finding, ...],
        numbers: tuple[Measure, ...] = (),
        lang: str = "en",
    ) -> None:
        levels, topics = list(LEVELS), list(TOPICS)
        order = sorted(findings, key=lambda one: (levels.index(one.level), topics.index(one.topic)))
        self.dataset, self.findings, self.numbers, self._lang = dataset, tuple(order), numbers, lang

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings with which estimates would be wrong, or could not be made."""
        return self.of_level("error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Findings to look at before analysis."""
        return self.of_level("warning")

    def of_level(self, level: str) -> tuple[Finding, ...]:
        """Return the findings of one level."""
        return tuple(one for one in self.findings if one.level == level)

    @property
    def table(self) -> pd.DataFrame:
        """The findings, one a row: level, topic, table, variable, n, share, message (in the language of the check)."""
        import pandas as pd

        names = ["level", "topic", "table", "variable", "n", "share"]
        rows = [[*(getattr(one, name) for name in names), one.said(self._lang)] for one in self.findings]
        frame = pd.DataFrame(rows, columns=[*names, "message"])
        return frame.astype({"n": "int64", "share": "float64"})

    @property
    def measures(self) -> pd.DataFrame:
        """Every number that was computed, one a row: topic, table, variable, measure, value, n."""
        import pandas as pd

        names = ["topic", "table", "variable", "measure", "value", "n"]
        rows = [[getattr(one, name) for name in names] for one in self.numbers]
        return pd.DataFrame(rows, columns=names).astype({"value": "float64", "n": "int64"})

    @property
    def missing(self) -> pd.DataFrame:
        """Missing answers, one row a variable and kind: table, variable, reason, n, share (of all rows, 0 to 1)."""
        import pandas as pd

        rows = [
            [one.table, one.variable, one.measure, int(one.value), one.value / one.n if one.n else 0.0]
            for one in self.numbers
            if one.topic == "missing" and one.measure in MISSING_REASONS
        ]
        columns = ["table", "variable", "reason", "n", "share"]
        return pd.DataFrame(rows, columns=columns).astype({"n": "int64", "share": "float64"})

    def value(self, measure: str, variable: str = "", table: str = "") -> float | None:
        """Return one number by its name, None where it was not computed; of any variable unless one is named."""
        fit = (
            one for one in self.numbers
            if one.measure == measure and one.table == table and (not variable or one.variable == variable)
        )  # fmt: skip
        found = next(fit, None)
        return found.value if found else None

    def summary(self, lang: str | None = None) -> str:
        """Return the findings as plain text, a line each, under the name of their level."""
        lang = lang or self._lang
        lines = [f"{self.dataset.id} {self.dataset.version}: {self.counts(lang)}"]
        for level, words in LEVELS.items():
            found = self.of_level(level)
            lines += (
                [
                    formats.labelled(tr(words, lang), "", lang).rstrip(),
                    *(f"  {_placed(one)}{one.said(lang)}" for one in found),
                ]
                if found
                else []
            )
        return "\n".join(lines)

    def counts(self, lang: str = "en") -> str:
        """Return the numbers of findings by level, in words."""
        numbers = {level: len(self.of_level(level)) for level in LEVELS}
        return tr(
            "errors: {error}, warnings: {warning}, notes: {note}",
            lang,
            **{name: str(n) for name, n in numbers.items()},
        )

    def html(self, lang: str | None = None) -> str:
        """Return the report as HTML that stands by itself."""
        from volresearch.datasets.quality.page import quality_html

        return quality_html(self, lang or self._lang)

    def _repr_html_(self) -> str:
        return self.html()

    def __repr__(self) -> str:
        return f"<Quality of {self.dataset.id}: {self.counts()}>"


def _placed(finding: Finding) -> str:
    place = ".".join(part for part in (finding.table, finding.variable) if part)
    return f"{place}: " if place else ""
