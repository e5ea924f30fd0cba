"""The `Survey`: a frame with a declared design, and the verbs that turn it into results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from volresearch.results import DatasetRef, Result
from volresearch.survey import checks, contrasts, linear, quantiles
from volresearch.survey.conditions import condition
from volresearch.survey.design import Design, declare, read_design
from volresearch.survey.engine import Engine
from volresearch.survey.modelling import ModellingVerbs, WeightingVerbs
from volresearch.survey.record import Sample
from volresearch.survey.small import ExactVerbs
from volresearch.survey.totals import Rows

__all__ = ["Survey"]

Names = str | Sequence[str]
By = str | Sequence[str] | Sequence[Sequence[str]] | None


def by_sets(by: By) -> tuple[tuple[str, ...], ...]:
    """Return groupings: ``"sex"``, ``["country", "sex"]`` (one grouping) or ``[[], ["sex"]]`` (several).

    >>> by_sets([[], ["country", "sex"]])
    ((), ('country', 'sex'))
    """
    if by is None:
        return ((),)
    if isinstance(by, str):
        return ((by,),)
    if len(by) and all(not isinstance(one, str) for one in by):
        return tuple(tuple(one) for one in by)
    return (tuple(str(one) for one in by),)


def _names(given: Names) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


class Survey(ModellingVerbs, WeightingVerbs, ExactVerbs):
    """A sample with its declared design. Every verb returns a `Result`; nothing is changed in place.

    Parameters
    ----------
    frame : pandas, polars, DuckDB, PySpark or Dask frame, or path of a Parquet file
        One row for each unit that was sampled, outside the domain of interest too.
    weights : str, optional
        Column of sampling weights.
    strata, psu, fpc : str or sequence of str, optional
        Columns of strata (several identify one together), sampling units (one or two stages) and population sizes
        (one for each stage).
    nest : bool
        Codes of sampling units are unique within a stratum only.
    lone_psu : str
        ``refuse`` (default), ``remove``, ``certainty``, ``adjust`` or ``average``, as in R's survey package
        (where ``refuse`` is called ``fail``).
    lone_in_domains : bool
        Apply the rule also to strata with one unit in the domain.
    nonprobability, census : bool
        The other two designs; ``assume="srs"`` with the first where intervals are insisted upon.
    codebook : object, optional
        Labels and missing codes.
    dataset : Dataset or DatasetRef, optional
        Where the frame comes from: anything with ``id``, ``version`` and ``sha256``.
    unit : str
        What a row is: ``person``, ``organization`` or ``partnership``.

    Raises
    ------
    VolResearchError
        ``survey.no_design`` and the other ``survey.*`` codes, each with its remedy.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"w": [2, 2, 3, 3], "region": [1, 1, 2, 2], "hours": [1.0, 3.0, 2.0, 6.0]})
    >>> survey = Survey(frame, weights="w", strata="region")
    >>> survey.mean("hours").table[["estimate", "se", "df"]].round(4).values.tolist()
    [[3.2, 1.2649, 2.0]]
    """

    def __init__(
        self,
        frame: Any,
        *,
        weights: str | None = None,
        strata: Names | None = None,
        psu: Names | None = None,
        fpc: Names | None = None,
        nest: bool = False,
        lone_psu: str = "refuse",
        lone_in_domains: bool = False,
        nonprobability: bool = False,
        census: bool = False,
        assume: str | None = None,
        replicate_weights: Names | None = None,
        method: str | None = None,
        scale: float | None = None,
        rscales: float | Sequence[float] | None = None,
        combined: bool = True,
        mse: bool = False,
        codebook: Any = None,
        dataset: Any = None,
        unit: str = "person",
        synthetic: bool = False,
    ) -> None:
        engine = Engine(frame, codebook)
        if replicate_weights is not None:
            from volresearch.survey import replicates

            design: Any = replicates.read_replicate_design(
                engine, weights, replicate_weights, method, scale, rscales, combined=combined, mse=mse
            )
        else:
            names = {"weights": weights, "strata": strata, "psu": psu, "fpc": fpc, "nest": nest}
            rules = {"lone_psu": lone_psu, "lone_in_domains": lone_in_domains, "assume": assume}
            declaration = declare(**names, **rules, nonprobability=nonprobability, census=census)  # type: ignore[arg-type]
            design = read_design(engine, declaration)
        origin = None if dataset is None else DatasetRef(dataset.id, dataset.version, dataset.sha256)
        measurement = getattr(dataset, "measurement", None)
        self._sample = Sample(engine, design, origin, unit, synthetic, measurement)

    @classmethod
    def of(cls, sample: Sample) -> Survey:
        """Return the survey of a sample (for modules that make new designs of old ones)."""
        made = cls.__new__(cls)
        made._sample = sample
        return made

    @property
    def sample(self) -> Sample:
        """The engine and the design."""
        return self._sample

    @property
    def design(self) -> Design:
        """The design with its numbers of strata and units."""
        return self._sample.design

    @property
    def degrees_of_freedom(self) -> float:
        """Sampling units with a positive weight less their strata."""
        return self._sample.design.degrees_of_freedom

    def rows(self, columns: Names, where: str | None = None) -> Rows:
        """Bring rows of a domain into memory, with their weight and place in the design."""
        return self._sample.rows(_names(columns), condition(self._sample.engine, where))

    def mean(
        self,
        variable: Names,
        by: By = None,
        where: str | None = None,
        *,
        confidence: float = 0.95,
        df: str = "domain",
        deff: bool | str = False,
    ) -> Result:
        """Estimate means.

        Parameters
        ----------
        variable : str or sequence of str
            Numeric variables; each mean is over the rows in which it is present.
        by : str, sequence of str, or sequence of sequences, optional
            Grouping, or several groupings (``[]`` is the whole); they share one pass over the rows.
        where : str, optional
            The domain, in the expression language. The design keeps all of its sampling units.
        confidence : float
            Of the Student intervals.
        df : str
            ``domain``: sampling units that the domain reaches less their strata; ``design``: those of the whole.
        deff : bool or str
            ``True`` or ``"wor"``: design effect against simple random sampling without replacement; ``"wr"``: with.

        Returns
        -------
        Result
            One row for each grouping, variable and group; with the covariance between all of them.
        """
        return linear.mean(
            self._sample,
            _names(variable),
            by_sets(by),
            self._where(where),
            confidence=confidence,
            df=_df(df),
            deff=deff,
        )

    def total(
        self,
        variable: Names,
        by: By = None,
        where: str | None = None,
        *,
        confidence: float = 0.95,
        df: str = "domain",
        deff: bool | str = False,
    ) -> Result:
        """Estimate totals; parameters as in `mean`."""
        return linear.total(
            self._sample,
            _names(variable),
            by_sets(by),
            self._where(where),
            confidence=confidence,
            df=_df(df),
            deff=deff,
        )

    def ratio(
        self,
        numerator: str,
        denominator: str,
        by: By = None,
        where: str | None = None,
        *,
        confidence: float = 0.95,
        df: str = "domain",
    ) -> Result:
        """Estimate the ratio of two totals over rows in which both variables are present."""
        return linear.ratio(
            self._sample,
            numerator,
            denominator,
            by_sets(by),
            self._where(where),
            confidence=confidence,
            df=_df(df),
        )

    def proportion(
        self,
        variable: Names,
        by: By = None,
        where: str | None = None,
        *,
        interval: str = "logit",
        confidence: float = 0.95,
        df: str = "domain",
        deff: bool | str = False,
    ) -> Result:
        """Estimate the shares of a variable's values, one row for each value.

        ``interval`` is one of ``logit wilson beta likelihood asin mean xlogit``.
        """
        return linear.proportion(
            self._sample,
            _names(variable),
            by_sets(by),
            self._where(where),
            interval=interval,
            confidence=confidence,
            df=_df(df),
            deff=deff,
        )

    def count(
        self,
        variable: Names | None = None,
        by: By = None,
        where: str | None = None,
        *,
        confidence: float = 0.95,
        df: str = "domain",
    ) -> Result:
        """Estimate how many units the population has, by domain and (with `variable`) by its values."""
        if variable is None:
            return linear.count(
                self._sample, by_sets(by), self._where(where), confidence=confidence, df=_df(df)
            )
        return linear.proportion(
            self._sample,
            _names(variable),
            by_sets(by),
            self._where(where),
            interval="mean",
            confidence=confidence,
            df=_df(df),
            deff=False,
            counts=True,
        )

    def variance(
        self,
        variable: Names,
        by: By = None,
        where: str | None = None,
        *,
        confidence: float = 0.95,
        df: str = "domain",
    ) -> Result:
        """Estimate population variances, or the covariance matrix of several variables (divisor n - 1)."""
        return linear.variance(
            self._sample, _names(variable), by_sets(by), self._where(where), confidence=confidence, df=_df(df)
        )

    def quantile(
        self,
        variable: Names,
        q: float | Sequence[float] = (0.25, 0.5, 0.75),
        by: By = None,
        where: str | None = None,
        *,
        rule: str = "math",
        interval: str = "mean",
        confidence: float = 0.95,
        df: str = "domain",
    ) -> Result:
        """Estimate quantiles, with Woodruff intervals; `term` is the share asked for.

        Parameters
        ----------
        q : float or sequence of float
            Shares from 0 to 1.
        rule : str
            ``math`` (hf1, the smallest value that the share reaches), ``school`` (hf2), ``hf1`` .. ``hf9``,
            ``shahvaish``, ``shahvaish_scaled``; see `volresearch.survey.quantiles`.
        interval : str
            ``mean``, ``beta``, ``xlogit``, ``asin``, ``score``, ``nominal``, or ``replicates``.
        """
        shares = [float(q)] if isinstance(q, int | float) else list(q)
        return quantiles.quantile(
            self._sample,
            _names(variable),
            shares,
            by_sets(by),
            self._where(where),
            rule=rule,
            interval=interval,
            confidence=confidence,
            df=_df(df),
        )

    def contrast(
        self, result: Result, contrasts_of: Mapping[str, contrasts.Wanted], *, confidence: float = 0.95
    ) -> Result:
        """Compare estimates of one result: ``{"gap": {"f": 1, "m": -1}}`` or ``{"ratio": "f / m"}``.

        Parameters
        ----------
        result : Result
            An estimate of this survey; its rows carry their covariance.
        contrasts_of : mapping
            Name -> numbers for all rows, numbers by row name, or an expression of row names (delta method). A row's
            name is what tells it from the others, for instance its group's code (`contrasts.row_names`).
        """
        return contrasts.contrast(self._sample, result, contrasts_of, confidence=confidence)

    def standardized_mean(
        self,
        variable: str,
        over: Names,
        standard: Mapping[Any, float],
        by: Names | None = None,
        where: str | None = None,
        *,
        confidence: float = 0.95,
    ) -> Result:
        """Estimate directly standardized means: every group with the composition of one standard population.

        Parameters
        ----------
        over : str or sequence of str
            Variables whose composition is held, such as age groups.
        standard : mapping
            Code (or tuple of codes) -> share in the standard population; shares are scaled to 1.
        """
        return contrasts.standardized_mean(
            self._sample,
            variable,
            _names(over),
            standard,
            () if by is None else _names(by),
            self._where(where),
            confidence=confidence,
        )

    def _where(self, where: str | None) -> Any:
        return condition(self._sample.engine, where)

    def __repr__(self) -> str:
        design = self.design
        return (
            f"<Survey: {design.n} rows, {len(design.strata)} strata, "
            f"{int(design.units.sum())} sampling units, df {design.degrees_of_freedom:g}>"
        )


def _df(given: str) -> str:
    checks.option("df", given, ["domain", "design"])
    return given
