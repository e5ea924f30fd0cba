"""Verbs of a survey that test, model or reweight; their work is done elsewhere, imported when asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from volresearch.results import Result

if TYPE_CHECKING:
    from volresearch.models.regression import Model
    from volresearch.survey.record import Sample
    from volresearch.survey.survey import Survey

__all__ = ["ModellingVerbs", "WeightingVerbs"]


class ModellingVerbs:
    """Tests and models. All of them take a domain as ``where=``, never a filtered frame."""

    _sample: Sample

    def crosstab(
        self,
        row: str,
        column: str,
        *,
        statistic: str = "F",
        where: str | None = None,
        confidence: float = 0.95,
    ) -> Result:
        """Estimate a two-way table of shares and test independence.

        Parameters
        ----------
        row, column : str
            Variables; rows in which one of them is missing are left out.
        statistic : str
            ``F`` (second-order Rao-Scott, the default), ``Chisq`` (first-order), ``Wald``, ``adjWald``, ``lincom``
            (exact mixture) or ``saddlepoint``. See Rao and Scott (1984), Thomas and Rao (1987).
        where : str, optional
            The domain.
        confidence : float
            Of the intervals of the shares.

        Returns
        -------
        Result
            One row for each cell, and a last one with the test in ``test, df, df2, p_value``.
        """
        from volresearch.models.crosstab import crosstab

        return crosstab(self._sample, row, column, statistic=statistic, where=where, confidence=confidence)

    def ttest(
        self,
        variable: str,
        by: str | None = None,
        *,
        null: float = 0.0,
        where: str | None = None,
        confidence: float = 0.95,
    ) -> Result:
        """Test whether a mean is `null`, or whether two groups have the same mean.

        ``variable`` may be arithmetic on variables, ``"I(after - before)"``. Degrees of freedom are those of the
        design less one, as in R's ``svyttest``.
        """
        from volresearch.models.differences import ttest

        return ttest(self._sample, variable, by, null=null, where=where, confidence=confidence)

    def ranktest(
        self,
        variable: str,
        by: str,
        *,
        test: str = "wilcoxon",
        where: str | None = None,
        confidence: float = 0.95,
    ) -> Result:
        """Compare the distribution of a variable between groups by estimated population ranks.

        ``test`` is ``wilcoxon``, ``vanderWaerden``, ``median`` or ``KruskalWallis`` (Lumley and Scott 2013).
        """
        from volresearch.models.differences import ranktest

        return ranktest(self._sample, variable, by, test=test, where=where, confidence=confidence)

    def regression(
        self,
        formula: str,
        *,
        family: str = "gaussian",
        link: str | None = None,
        where: str | None = None,
        confidence: float = 0.95,
        levels: dict[str, Sequence[Any]] | None = None,
    ) -> Model:
        """Fit a generalized linear model with design-based standard errors.

        Parameters
        ----------
        formula : str
            ``"hours ~ sex + age + sex:age"``, with ``log, log10, exp, sqrt, abs, I, C, offset`` and arithmetic.
        family : str
            ``gaussian, binomial, quasibinomial, poisson, quasipoisson`` or ``gamma``.
        link : str, optional
            ``identity, logit, probit, cloglog, log, inverse`` or ``sqrt``; the family's own where left out.
        where : str, optional
            The domain.
        levels : dict, optional
            Order of a factor's codes, the reference first.

        Returns
        -------
        Model
            One row for each coefficient (``test`` holds t); `Model.term_test` tests whole terms.

        Raises
        ------
        VolResearchError
            ``model.formula`` or ``model.fit`` (separation, aliased columns, too few sampling units), with the remedy.

        Notes
        -----
        Binder (1983). Degrees of freedom are those of the domain plus one, less the coefficients, as in ``svyglm``.
        """
        from volresearch.models.regression import regression

        return regression(
            self._sample, formula, family=family, link=link, where=where, confidence=confidence, levels=levels
        )

    def ordinal(
        self,
        formula: str,
        *,
        link: str = "logit",
        order: Sequence[Any] | None = None,
        where: str | None = None,
        confidence: float = 0.95,
        levels: dict[str, Sequence[Any]] | None = None,
    ) -> Model:
        """Fit a cumulative link model to an ordered outcome (proportional odds, or ``link="probit"``).

        ``order`` lists the outcome's codes from low to high; numbers have an order of their own. The thresholds
        stand after the coefficients (McCullagh 1980).
        """
        from volresearch.models.regression import ordinal

        return ordinal(
            self._sample, formula, link=link, order=order, where=where, confidence=confidence, levels=levels
        )

    def margins(
        self,
        model: Model,
        variable: str,
        *,
        at: Sequence[Any] | None = None,
        covariates: str = "sampled",
        confidence: float | None = None,
    ) -> Result:
        """Average a model's predictions with one variable set to each of its values; slopes for numeric variables.

        With ``covariates="sampled"`` (the default) the distribution of the other variables counts as estimated, with
        ``"fixed"`` as known. The result keeps its covariance, so that ``contrast`` works on it.
        """
        from volresearch.models.margins import margins

        return margins(model, variable, at=at, covariates=covariates, confidence=confidence)


class WeightingVerbs:
    """Adjusted and replicate weights. Every verb returns another survey; variances know all adjustments."""

    def poststratify(self, by: str | Sequence[str], counts: Mapping[Any, float]) -> Survey:
        """Adjust weights so that cells have known population counts.

        ``by`` names one variable, or several that make the cells together (keys are then tuples of codes).
        """
        from volresearch.survey.calibration import poststratify

        return poststratify(cast("Survey", self), by, counts)

    def rake(self, margins: Mapping[str, Mapping[Any, float]]) -> Survey:
        """Adjust weights so that several variables have known population counts, each by itself.

        >>> import pandas as pd
        >>> from volresearch.survey import Survey
        >>> frame = pd.DataFrame({"w": [1.0] * 4, "sex": list("ffmm"), "age": list("yoyo"), "y": [1.0, 2, 3, 4]})
        >>> raked = Survey(frame, weights="w").rake({"sex": {"f": 6, "m": 4}, "age": {"y": 5, "o": 5}})
        >>> round(float(raked.total("y").table["estimate"].iloc[0]), 6)
        23.0
        """
        from volresearch.survey.calibration import rake

        return rake(cast("Survey", self), margins)

    def calibrate(
        self,
        formula: str,
        totals: Mapping[str, Any],
        *,
        method: str = "linear",
        bounds: tuple[float, float] | None = None,
    ) -> Survey:
        """Adjust weights so that auxiliary variables have known population totals.

        Parameters
        ----------
        formula : str
            ``"~ region + age"``.
        totals : mapping
            Column of the model matrix -> total: ``{"(Intercept)": 6194, "region[North]": 755, "age": 310000}``; a
            factor may be given as ``{"region": {"North": 755, "South": 5439}}``.
        method : str
            ``linear`` (generalized regression), ``raking`` or ``logit`` (needs bounds).
        bounds : pair of float, optional
            Least and largest adjustment factor.
        """
        from volresearch.survey.calibration import calibrate

        return calibrate(cast("Survey", self), formula, totals, method, bounds)

    def trim(self, lower: float | None = None, upper: float | None = None, *, strict: bool = True) -> Survey:
        """Trim weights to a range; what is cut is shared out equally among the others."""
        from volresearch.survey.calibration import trim

        return trim(cast("Survey", self), lower, upper, strict=strict)

    def as_replicates(
        self, method: str, *, replicates: int = 500, rho: float = 0.3, seed: int | None = None
    ) -> Survey:
        """Return the survey with replicate weights in the place of strata and sampling units.

        ``method`` is ``JK1, JKn, BRR, Fay, bootstrap, subbootstrap`` (Rao-Wu) or ``SDR``; the bootstraps need a seed.
        """
        from volresearch.survey.make import as_replicates

        return as_replicates(cast("Survey", self), method, replicates=replicates, rho=rho, seed=seed)
