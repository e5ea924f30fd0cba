"""The declared sampling design, and what the data say of it: its strata, its sampling units, their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from volresearch.errors import VolResearchError, Where
from volresearch.survey import checks
from volresearch.survey.engine import Engine
from volresearch.survey.keys import KeyTable, key_frame
from volresearch.survey.variance import (
    LONE_PSU,
    Entries,
    Floats,
    Ints,
    Stage,
    added,
    covariance,
    entries_of_rows,
    variances,
)

__all__ = ["Declaration", "Design", "declare"]

Kind = Literal["probability", "nonprobability", "census"]


@dataclass(frozen=True)
class Declaration:
    """What the user said of the sample; nothing of it is guessed.

    Attributes
    ----------
    kind : str
        ``probability``, ``nonprobability`` (convenience, quota, snowball, online) or ``census``.
    weights : str or None
        Column of weights.
    strata, psu, fpc : tuple of str
        Columns: strata together identify a stratum; `psu` names one stage or two; `fpc` one per stage: the number
        of units in the stratum (or in the first-stage unit), or the sampling fraction where all are at most 1.
    nest : bool
        Codes of sampling units are unique within a stratum only.
    lone_psu : str
        A key of `volresearch.survey.variance.LONE_PSU`.
    lone_in_domains : bool
        Apply ``adjust`` and ``average`` also to strata with one unit in the domain.
    assume : str or None
        ``"srs"`` where the user insists on intervals from a nonprobability sample.
    """

    kind: Kind
    weights: str | None = None
    strata: tuple[str, ...] = ()
    psu: tuple[str, ...] = ()
    fpc: tuple[str, ...] = ()
    nest: bool = False
    lone_psu: str = "refuse"
    lone_in_domains: bool = False
    assume: str | None = None

    @property
    def infers(self) -> bool:
        """Whether intervals and tests are offered."""
        return self.kind == "probability" or self.assume == "srs"


def _names(given: str | Sequence[str] | None) -> tuple[str, ...]:
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else tuple(given)


def declare(
    *,
    weights: str | None = None,
    strata: str | Sequence[str] | None = None,
    psu: str | Sequence[str] | None = None,
    fpc: str | Sequence[str] | None = None,
    nest: bool = False,
    lone_psu: str = "refuse",
    lone_in_domains: bool = False,
    nonprobability: bool = False,
    census: bool = False,
    assume: str | None = None,
) -> Declaration:
    """Make a `Declaration` of what a user wrote, refusing contradictions.

    >>> declare(weights="w", strata="region", psu="village").kind
    'probability'
    >>> declare()
    Traceback (most recent call last):
    ...
    volresearch.errors.VolResearchError: No sampling design is declared.
      expected: one of three: a probability sample (weights=, strata=, psu=, fpc= or replicate_weights=), census=True, or nonprobability=True
      next:     Convenience, quota, snowball and online samples are nonprobability=True: counts and shares, no intervals.
    """
    made = Declaration(
        "nonprobability" if nonprobability else "census" if census else "probability",
        weights,
        _names(strata),
        _names(psu),
        _names(fpc),
        nest,
        lone_psu,
        lone_in_domains,
        assume,
    )
    checks.declaration(made, declared=bool(weights or made.strata or made.psu or made.fpc))
    return made


@dataclass(frozen=True)
class Design:
    """A declaration together with the numbers of strata and units found in the data.

    Attributes
    ----------
    declaration : Declaration
    strata : KeyTable
        The strata; one that holds everything where none is declared.
    psu : KeyTable or None
        The first-stage units; None where every row is one.
    units, positive : arrays of shape (strata,)
        First-stage units of the design, and those of them with a positive weight.
    first, second : Stage
        Ready for `volresearch.survey.variance`.
    unit_weight : array of shape (units,) or (strata,), or None
        Weight implied by the population sizes, where no weights are declared.
    n, sum_of_weights : totals over the data.
    """

    declaration: Declaration
    strata: KeyTable
    psu: KeyTable | None
    psu_stratum: Ints
    positive_psu: npt.NDArray[np.bool_]
    units: Floats
    first: Stage
    second: Stage | None
    unit_weight: Floats | None
    n: int
    n_positive: int
    sum_of_weights: float
    positive_strata: int = 0

    #: Set by designs (calibrated ones) whose variance needs single rows.
    row_level: bool = False
    #: Set by designs (replicate ones) whose variance needs the estimates under every replicate weight.
    replicated: bool = False

    @property
    def degrees_of_freedom(self) -> float:
        """Sampling units with a positive weight less their strata."""
        count = self.n_positive if self.psu is None else int(self.positive_psu.sum())
        return float(count - self.positive_strata)

    @cached_property
    def lone_strata(self) -> list[str]:
        """Names of strata with one sampling unit and a sampling fraction below 1."""
        alone = np.flatnonzero((self.units == 1) & (self.first.factor > 0))
        return [self.strata.name(int(i)) for i in alone]

    def refuse_lone_psu(self) -> None:
        """Raise where a lone sampling unit leaves the variance undefined and no rule was chosen."""
        if self.declaration.lone_psu == "refuse":
            checks.lone_psu(self.lone_strata, self._lone_second())

    def _lone_second(self) -> int:
        if self.second is None:
            return 0
        return int(((self.second.units == 1) & (self.second.factor > 0)).sum())

    def with_lone_psu(self, rule: str) -> Design:
        """Return the design with another rule for lone sampling units."""
        checks.option("lone_psu", rule, LONE_PSU)
        first = replace(self.first, lone_psu=rule)
        second = None if self.second is None else replace(self.second, lone_psu=rule)
        return replace(self, declaration=replace(self.declaration, lone_psu=rule), first=first, second=second)

    def variances(self, entries: Entries) -> Floats:
        """Return the variance of each estimate from its linearized totals, shape (width,)."""
        self.refuse_lone_psu()
        return variances(entries, self.first, self.second)

    def covariance(self, entries: Entries) -> Floats:
        """Return the covariance of the estimates from their linearized totals, shape (width, width)."""
        self.refuse_lone_psu()
        return covariance(entries, self.first, self.second)

    def covariance_of_scores(self, scores: Floats, rows: Any) -> Floats:
        """Return the covariance of sums of weighted scores of rows, shape (width, width).

        Parameters
        ----------
        scores : array of shape (rows, width)
            Weighted scores, for instance of an estimating equation; zero for rows outside the domain, or absent.
        rows : volresearch.survey.totals.Rows
            The rows the scores belong to, as `Survey.rows` returned them.
        """
        return self.covariance(entries_of_rows(scores, rows.stratum, rows.psu, rows.ssu, rows.row))

    def locate(self, frame: pd.DataFrame) -> tuple[Ints, Ints, Ints | None]:
        """Return positions of stratum, first-stage and second-stage unit for rows with the design's columns."""
        rule = self.declaration
        if self.psu is None:
            stratum = self.strata.find(frame)
            return stratum, np.arange(len(frame)), None
        psu = self.psu.find(frame)
        stratum = self.psu_stratum[psu]
        if self.second is None:
            return stratum, psu, None
        codes, _ = pd.factorize(frame[rule.psu[1]])
        return stratum, psu, psu * (int(codes.max(initial=0)) + 1) + codes

    def key_columns(self) -> tuple[str, ...]:
        """Names of the columns that `locate` needs."""
        rule = self.declaration
        if self.psu is None:
            return rule.strata
        first = (*rule.strata, rule.psu[0]) if rule.nest else (rule.psu[0],)
        return (*first, rule.psu[1]) if self.second is not None else first


def read_design(engine: Engine, declaration: Declaration) -> Design:
    """Read the numbers of strata and units from the data (one pass), checking all of them."""
    rule = declaration
    for role, names in (("strata", rule.strata), ("psu", rule.psu), ("fpc", rule.fpc)):
        engine.require(names, role)
    engine.require([rule.weights] if rule.weights else [], "weights")
    table = _design_table(engine, rule)
    checks.weights(rule.weights, table)
    checks.missing_codes(engine, rule, table)
    if rule.psu:
        checks.nested(rule, table)
    checks.constant_fpc(rule, table)
    return _assembled(rule, table)


def _design_table(engine: Engine, rule: Declaration) -> pd.DataFrame:
    """Group the frame by the design's own columns."""
    weight = engine.number(rule.weights) if rule.weights else nw.lit(1.0)
    there = engine.present(rule.weights) if rule.weights else nw.lit(True)
    keys = {name: engine.clean(name) for name in (*rule.strata, *rule.psu)}
    columns = {
        "_n": nw.lit(1.0),
        "_w": nw.when(there).then(weight).otherwise(0.0),
        "_positive": nw.when(there & (weight > 0)).then(1.0).otherwise(0.0),
        "_negative": nw.when(there & (weight < 0)).then(1.0).otherwise(0.0),
        "_none": nw.when(~there).then(1.0).otherwise(0.0),
    }
    if not rule.weights:
        columns = {
            "_n": nw.lit(1.0),
            "_w": nw.lit(1.0),
            "_positive": nw.lit(1.0),
            "_negative": nw.lit(0.0),
            "_none": nw.lit(0.0),
        }
    sums = [nw.col(name).sum() for name in columns]
    anchor = engine.columns[0]
    columns = {name: _anchored(value, anchor) for name, value in columns.items()}
    for i, name in enumerate(rule.fpc):
        columns[f"_fpc{i}"] = engine.number(name)
        sums += [nw.col(f"_fpc{i}").min().alias(f"_low{i}"), nw.col(f"_fpc{i}").max().alias(f"_high{i}")]
    return engine.aggregated(keys, columns, sums)


def _anchored(value: nw.Expr, anchor: str) -> nw.Expr:
    """Tie a literal to a column: a selection of literals alone has one row on some engines."""
    return nw.when(nw.col(anchor).is_null()).then(value).otherwise(value)


def _assembled(rule: Declaration, table: pd.DataFrame) -> Design:
    strata = KeyTable.of(table, rule.strata)
    stratum = strata.find(table)
    positive = table["_positive"].to_numpy(np.float64)
    psu, psu_stratum, second, first_of = None, np.zeros(0, np.int64), None, None
    if rule.psu:
        key = (*rule.strata, rule.psu[0]) if rule.nest else (rule.psu[0],)
        psu = KeyTable.of(table, key)
        first_of = psu.find(table)
        psu_stratum = np.zeros(len(psu), np.int64)
        psu_stratum[first_of] = stratum
        positive_psu = added(first_of, positive, len(psu)) > 0
        units = np.bincount(psu_stratum, minlength=len(strata)).astype(np.float64)
        positive_strata = len(np.unique(psu_stratum[positive_psu]))
    else:
        positive_psu = np.zeros(0, dtype=bool)
        units = added(stratum, table["_n"], len(strata))
        positive_strata = int((added(stratum, positive, len(strata)) > 0).sum())
    fraction, unit_weight = _fractions(rule, table, stratum, len(strata), units)
    first = Stage(units, 1 - fraction, rule.lone_psu, rule.lone_in_domains)
    if psu is not None and first_of is not None and len(rule.psu) == 2 and len(rule.fpc) == 2:
        ssu = np.bincount(first_of, minlength=len(psu)).astype(np.float64)
        inner, inner_weight = _fractions(
            replace(rule, fpc=rule.fpc[1:]), table, first_of, len(psu), ssu, at=1
        )
        second = Stage(ssu, (1 - inner) * fraction[psu_stratum], rule.lone_psu, rule.lone_in_domains)
        unit_weight = unit_weight[psu_stratum] * inner_weight
    elif psu is not None:
        unit_weight = unit_weight[psu_stratum]
    implied = bool(rule.fpc) and rule.weights is None
    return Design(
        rule,
        strata,
        psu,
        psu_stratum,
        positive_psu,
        units,
        first,
        second,
        unit_weight if implied else None,
        int(table["_n"].sum()),
        int(positive.sum()),
        float(table["_w"].sum())
        if not implied
        else float((table["_n"] * unit_weight[first_of if first_of is not None else stratum]).sum()),
        positive_strata,
    )


def _fractions(
    rule: Declaration, table: pd.DataFrame, group: Ints, groups: int, units: Floats, at: int = 0
) -> tuple[Floats, Floats]:
    """Return the sampling fraction and the implied weight of each stratum (or first-stage unit)."""
    if not rule.fpc:
        return np.zeros(groups), np.ones(groups)
    given = np.zeros(groups)
    given[group] = table[f"_low{at}"].to_numpy(np.float64)
    fraction = given if given.max(initial=0) <= 1 else units / given
    if (fraction > 1 + 1e-9).any():
        raise VolResearchError(
            "survey.fpc",
            f'{int((fraction > 1 + 1e-9).sum())} strata have more sampling units than the population size in "{rule.fpc[0]}".',
            where=Where(variable=rule.fpc[0]),
            expected="the number of units in the population, of the same stage as the sampling units",
        )
    return np.minimum(fraction, 1.0), 1 / fraction


def key_labels(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the key columns of a frame, for showing."""
    return key_frame(frame, names)
